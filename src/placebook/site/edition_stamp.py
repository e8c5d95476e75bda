"""Which edition a site is: when it was built, from what data, by what. Its one file that two builds do not share."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from placebook import __version__
from placebook.paths import Project, write_atomically

STAMP = "edition.json"


def write(project: Project, site: Path, data: str) -> None:
    """Put the stamp into a site; ``data`` is the fingerprint of all tables."""
    stamp = {
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(project),
        "data": data,
        "placebook": __version__,
    }
    write_atomically(site / STAMP, json.dumps(stamp, indent=2) + "\n")


def renew(project: Project) -> bool:
    """Name today's commit on a site that a build from nothing would give again, byte for byte; whether it named another."""
    try:
        held = json.loads((project.html / STAMP).read_text(encoding="utf-8"))
        if held["commit"] != commit(project):
            write(project, project.html, held["data"])
            return True
    except (OSError, ValueError, KeyError, TypeError):
        pass  # the site stands; without its stamp it says less of itself
    return False


def commit(project: Project) -> str:
    """The commit that is checked out; "unknown" where there is none."""
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=project.root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"
