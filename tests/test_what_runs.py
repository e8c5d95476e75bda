"""A test that cannot run here says so in the last lines, and fails where it is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(tmp_path: Path, *more: str, **environment: str) -> tuple[int, str]:
    """The browser tests on a machine without a browser; nothing is built for them."""
    ours = ("PATH", "PLACEBOOK_REQUIRE", "PYTEST_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/book/test_accessible.py", *more],
        cwd=ROOT,
        env=kept | {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_what_cannot_run_is_said_once(tmp_path, workers):
    status, told = run(tmp_path, *workers)
    assert status == 0 and " passed" not in told and " skipped" in told
    lines = [line for line in told.splitlines() if line.startswith("NOT RUN")]
    assert lines == [
        "NOT RUN: browser tests because none of chromium, chromium-browser, google-chrome, "
        "google-chrome-stable is on the path, and Playwright has none of its own (playwright install chromium)"
    ]


def test_what_is_asked_for_and_cannot_run_fails(tmp_path):
    status, told = run(tmp_path, PLACEBOOK_REQUIRE="browser")
    assert status == 1 and "PLACEBOOK_REQUIRE asks for browser: none of chromium" in told
    assert "NOT RUN" not in told and " skipped" not in told


def test_an_unknown_need_is_refused(tmp_path):
    status, told = run(tmp_path, PLACEBOOK_REQUIRE="browser,pangoo")
    assert status == 4 and "PLACEBOOK_REQUIRE names pangoo; known: browser, pango, forks" in told
