"""The documentation: it builds without a warning, its commands do what the pages say, and the reference is whole."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from benchmarks.checkouts import copy
from placebook.paths import Project
from tools.wheel import NATIONAL

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(shell|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GAP = "…"
"""In an answer: whatever stands there."""


# ------------------------------------------------------------ the pages


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The pages of ``make docs``, elsewhere; a warning is an error there."""
    recipe = re.search(r"^docs: .*\n\t\$\(BIN\)/(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    output = tmp_path_factory.mktemp("docs")
    words = recipe[1].replace("_build/docs", str(output)).split()
    command = [str(Path(sys.executable).with_name(words[0])), *words[1:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr
    pages = {
        path: BeautifulSoup(path.read_bytes(), "html.parser")
        for path in Path(output, "_build", "html").rglob("*.html")
        if "_static" not in path.parts
    }
    return Path(output, "_build", "html"), pages


def test_every_page_is_built_and_can_be_reached_from_the_first(built):
    folder, pages = built
    written = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    assert {path.relative_to(folder).with_suffix("").as_posix() for path in pages} - {"genindex", "search"} == written
    links = {link["href"].partition("#")[0] for link in pages[folder / "index.html"].select("nav a[href]")}
    assert {f"{name}.html" for name in written if name != "index"} <= links


def test_every_link_within_the_documentation_leads_somewhere(built):
    folder, pages = built
    ids = {path: {tag["id"] for tag in page.select("[id]")} for path, page in pages.items()}
    followed = 0
    for path, page in pages.items():
        for link in page.select("article a[href]"):
            name, _, place = link["href"].partition("#")
            if name.startswith(("https:", "http:")):
                continue
            target = (path.parent / name).resolve() if name else path
            assert target.exists(), f"{path.relative_to(folder)}: {link['href']}"
            assert not place or target not in ids or place in ids[target], f"{path.relative_to(folder)}: {link['href']}"
            followed += 1
    assert followed > 250


def test_no_page_loads_anything_from_another_server(built):
    for path, page in built[1].items():
        loaded = [tag.get("src") or tag.get("href") for tag in page.select("script[src], link[rel=stylesheet], img, iframe")]
        assert not [address for address in loaded if address and "//" in address], path


def test_pages_say_what_their_readers_look_for(built):
    """Words that a reader would look for, on the page that should have them; they are looked for in what is shown."""
    folder, pages = built
    shown = {
        path.relative_to(folder).as_posix(): " ".join(page.article.get_text(" ").split())
        for path, page in pages.items()
        if page.article
    }
    for page, words in {
        "how-findings-are-chosen.html": "R1 Candidates.",
        "findings.html": "Sentences of a county’s chapter",
        "host-it.html": "baseurl",
        "several-machines.html": "dask scheduler",
        "reference/params.html": "GSS code of the district, as in force today.",
        "reference/measures.html": "small_area_index",
        "reference/commands.html": "placebook new measure",
        "reference/adapters.html": "wide-table",
        "other-programs.html": "reviewed_by",
    }.items():
        assert words in shown[page], page
    assert "What those who write a page choose" not in shown["how-findings-are-chosen.html"], "the include ends in time"


# ------------------------------------------------------------ the commands, as written


def run_page(name, folder, before="", **environment):
    """Run the shell commands of a page in one shell, one fence after the other; each answer that the page shows is compared.

    ``before`` ends it at the first fence that begins so.
    """
    text = (DOCS / name).read_text(encoding="utf-8")
    fences = FENCE.findall(text.partition(f"```shell\n{before}")[0] if before else text)
    assert fences[0][0] == "shell"
    mark = "-- the next fence --"
    script = f"echo '{mark}'\n".join(text for kind, text in fences if kind == "shell")
    place = {"COLUMNS": "200", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-e"],
        input=script,
        cwd=folder,
        env=os.environ | place | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answers = iter(done.stdout.split(f"{mark}\n"))
    answer = ""
    for kind, text in fences:
        if kind == "shell":
            answer = next(answers)
        else:
            pieces = [re.escape(piece) for piece in re.sub(rf"\s*{GAP}\s*", GAP, text.strip()).split(GAP)]
            assert re.fullmatch(r"[\s\S]*".join(pieces), answer.strip()), f"{name} shows\n{text}\nand it is\n{answer}"


@pytest.fixture
def checkout(tmp_path):
    """A copy of the project, with this environment: what somebody has after ``make book``, but for the book."""
    project = copy(Project.at(ROOT), tmp_path / "book")
    (project.root / ".venv" / "bin").mkdir(parents=True)
    (project.root / ".venv" / "bin" / "activate").write_text("# the environment of the tests is on the path\n")
    return project


def test_the_tutorial_adds_a_place_and_checks_it(checkout):
    """All of it but the build and what comes after."""
    run_page("add-a-place.md", checkout.root, before="placebook build")
    assert "{{ no-car }}" in (checkout.params / "hitchin.yml").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_tutorial_runs_as_written(checkout):
    run_page("add-a-place.md", checkout.root)
    page = BeautifulSoup((checkout.html / "book" / "places" / "hitchin.html").read_bytes(), "html.parser").get_text(" ")
    assert "Hitchin is a market town in North Hertfordshire." in " ".join(page.split())
    assert "{{" not in page
    assert (checkout.params / "pins" / "hitchin.yml").exists()


def test_the_worked_measure_is_added(checkout):
    """Source, table and measure are written and checked; the share is that of the CSV."""
    run_page("add-a-measure.md", checkout.root)
    with Path(DOCS, "examples", "three-cars.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lsoas = pd.read_parquet(ROOT / "data" / "small-areas" / "areas.parquet").query("level == 'lsoa' and vintage == '2021'")
    broxbourne = set(lsoas.loc[lsoas["district"] == "E07000095", "code"])
    mine = [row for row in rows if row["lsoa"] in broxbourne]
    share = 100 * sum(int(row["three_or_more"]) for row in mine) / sum(int(row["households"]) for row in mine)
    assert f"Broxbourne: {share:.1f}%" in (DOCS / "add-a-measure.md").read_text(encoding="utf-8")


def test_the_worked_csv_holds_published_figures():
    """Nothing in it is made up: each is the Census's, as the book's own table holds it."""
    table = pd.read_parquet(ROOT / "data" / "small-areas" / "census-2021-cars.parquet")
    wanted = table[table["district"].isin(["E07000095", "E07000099", "E07000240"])]
    held = wanted.pivot_table(index="area", columns="category", values="value", aggfunc="sum", observed=True)
    with Path(DOCS, "examples", "three-cars.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["lsoa"]: (int(row["three_or_more"]), int(row["households"])) for row in csv.DictReader(stream)}
    columns = ("3 or more cars or vans in household", "")
    assert rows == {area: tuple(int(row[name]) for name in columns) for area, row in held.iterrows()}


def test_a_book_of_ones_own_is_begun(tmp_path):
    """By a package that carries the national files, as one does that was installed from a wheel."""
    package = tmp_path / "installed" / "placebook"
    package.mkdir(parents=True)
    for path in Path(ROOT, "src", "placebook").iterdir():
        (package / path.name).symlink_to(path)
    for path in (path for pattern in NATIONAL for path in ROOT.glob(pattern) if path.is_file()):
        target = package / "national" / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(path)
    desk = tmp_path / "desk"
    desk.mkdir()
    run_page("own-book.md", desk, PYTHONPATH=str(package.parent))
    assert sorted(path.name for path in desk.iterdir()) == ["cambridgeshire", "cp", "two-towns"]


# ------------------------------------------------------------ README


def test_the_readme_is_short_and_leads_on():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 120
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", text)
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).exists()] == []
