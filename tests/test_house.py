"""The house: imports point one way, the template stays thin, lock and manifests are in step."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from placebook.paths import Project

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "placebook"

ARROWS = {
    "every import points down": ({"report/page.py": "from placebook.evidence import store"}, ""),
    "an import points up": ({"evidence/store.py": "import placebook.report"}, "Wings point one way BROKEN"),
    "a circle of two, one for a type alone": (
        {
            "evidence/reading.py": "import placebook.evidence.store",
            "evidence/store.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import placebook.evidence.reading",
        },
        "No circle in a wing or among wings BROKEN",
    ),
    "refresh reads what a page reads": ({"refresh/tidy.py": "import placebook.findings"}, "for a page BROKEN"),
    "a page reads what a publisher wrote": ({"evidence/store.py": "import placebook.refresh"}, "own files BROKEN"),
}


@pytest.mark.parametrize("files, broken", ARROWS.values(), ids=ARROWS)
def test_import_linter_notices_a_wrong_arrow_and_a_circle(tmp_path, files, broken):
    """The rules of this repository's own pyproject.toml, on a package of the same wings with hardly anything in them."""
    config = shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path in PACKAGE.iterdir():
        target = tmp_path / "placebook" / path.name
        if path.is_dir() and (path / "__init__.py").exists():
            target.mkdir(parents=True)
            for room in ("__init__.py", "store.py", "reading.py"):
                (target / room).touch()
        elif path.suffix == ".py":
            target.parent.mkdir(exist_ok=True)
            target.touch()
    for path, text in files.items():
        (tmp_path / "placebook" / path).write_text(text, encoding="utf-8")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", config]
    run = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
    assert [line for line in run.stdout.splitlines() if line.endswith(" BROKEN")] == (
        [next(line for line in run.stdout.splitlines() if line.endswith(broken))] if broken else []
    )
    assert run.returncode == (1 if broken else 0), run.stdout + run.stderr


def test_rooms_have_names_of_their_own():
    names = {path.stem for path in PACKAGE.rglob("*.py")} - {"__init__", "__main__"}
    assert names
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not {p.stem for p in PACKAGE.glob("*.py")} & set(sys.stdlib_module_names)


def test_rooms_stay_small():
    long = {
        str(path.relative_to(ROOT)): count
        for path in PACKAGE.rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 420
    }
    assert long == {}


def template() -> dict:
    return json.loads((ROOT / "notebooks" / "place.ipynb").read_text(encoding="utf-8"))


def test_the_template_is_thin_and_without_outputs():
    cells = template()["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] for cell in cells if cell["cell_type"] == "code")
    assert code[0] == "place = None"
    assert code[1] == "from placebook.report.page import Page\n\npage = Page.open(place)"
    assert all(re.fullmatch(r"page\.(show_\w+|close)\([^()\n]*\)", line) for line in code[2:])
    assert sum("import" in line for line in code) == 1


def test_the_template_takes_one_parameter():
    tagged = [c for c in template()["cells"] if "parameters" in c["metadata"].get("tags", [])]
    assert ["".join(cell["source"]) for cell in tagged] == ["place = None"]


def test_every_theme_has_its_line_in_the_template():
    themes = {path.stem.split("-", 1)[1] for path in (ROOT / "data" / "indicators").glob("*.yml")}
    shown = set(re.findall(r'show_theme\(\\"([a-z-]+)\\"\)', json.dumps(template())))
    assert themes and shown == themes


# ------------------------------------------------------------ environment


def manifest() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {normal(n): v for n, v in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.M)}


def test_everything_that_the_manifest_asks_for_is_in_the_lock():
    project = manifest()
    asked = [*project["dependencies"], *(r for e in project["optional-dependencies"].values() for r in e)]
    names = {normal(re.match(r"[A-Za-z0-9._-]+", requirement)[0]) for requirement in asked}
    assert len(names) > 20
    assert names - set(locked()) == set()


def test_every_locked_package_has_hashes_and_no_host():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    packages = [block for block in blocks if re.match(r"[A-Za-z0-9._-]+==", block)]
    assert len(packages) > 100
    assert [block.split("==")[0] for block in packages if "--hash=sha256:" not in block] == []
    assert "://" not in text and "--index" not in text and "file:" not in text


def test_the_conda_environment_installs_the_same_lock():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    flat = [entry for entry in conda["dependencies"] if isinstance(entry, str)]
    (by_pip,) = [entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict)]
    lowest = manifest()["requires-python"].removeprefix(">=")
    assert any(entry.startswith(f"python>={lowest}") for entry in flat)
    assert "pango" in flat
    assert by_pip == ["--require-hashes", "-r requirements.lock"]


@pytest.mark.parametrize("name", ["jupyter-book", "pydata-sphinx-theme", "sphinx-book-theme"])
def test_the_compiler_stays_on_the_versions_that_read_our_files(name):
    limits = {"jupyter-book": (2,), "pydata-sphinx-theme": (0, 17), "sphinx-book-theme": (1, 3)}
    version = tuple(int(part) for part in re.findall(r"\d+", locked()[name])[:2])
    assert version < limits[name]


def test_only_written_things_and_frozen_data_are_committed():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"_build/", "book/places/", "book/generated/", ".venv/"} <= set(ignored)


def test_a_template_without_its_parameter_makes_no_place_s_page():
    """Papermill only warns of a parameter that a template has not: a misspelt one must not make another place's page."""
    from placebook.errors import InputError
    from placebook.report.county import Chapter
    from placebook.report.page import Page

    with pytest.raises(
        InputError, match="no place is named: give the parameter place, one of broxbourne, letchworth, st-albans"
    ):
        Page.open(None, Project.at(ROOT))
    with pytest.raises(InputError, match="no county is named: data/counties/ holds hertfordshire"):
        Chapter.open(None, Project.at(ROOT))
