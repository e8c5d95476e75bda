"""The record of good practice names what is there, and nothing else is called met."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
LEVELS = yaml.safe_load((ROOT / "docs" / "quality" / "rap.yml").read_text(encoding="utf-8"))


def there(name):
    """Whether a file, a folder, or a test in a file is there."""
    path, _, test = name.partition("::")
    if not (ROOT / path).exists():
        return False
    return not test or re.search(rf"^def {test}\(", (ROOT / path).read_text(encoding="utf-8"), re.M) is not None


def test_every_criterion_is_shown_by_files_and_tests_that_are_there_or_says_why_it_is_not_met():
    assert {level: len(criteria) for level, criteria in LEVELS.items()} == {"Baseline": 5, "Silver": 9, "Gold": 4}
    for criteria in LEVELS.values():
        for each in criteria:
            assert each.get("shown_by") if each["met"] else each.get("why"), each["criterion"]
            assert [name for name in each.get("shown_by", ()) if not there(name)] == []


def test_a_test_that_is_gone_is_noticed():
    assert there("tests/test_quality.py::there") and not there("tests/test_quality.py::nowhere") and not there("nowhere.py")


def test_the_page_is_what_the_record_says():
    done = subprocess.run([sys.executable, "tools/quality.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
