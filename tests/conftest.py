"""What the tests share: what this machine can, one built book for a session, a tiny checkout."""

from __future__ import annotations

import csv
import fcntl
import hashlib
import importlib
import io
import multiprocessing
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import settings

from placebook.paths import Project
from placebook.refresh import datapackage

# How long an example takes says how busy the machine is: timings belong to benchmarks/.
settings.register_profile("placebook", deadline=None)
settings.load_profile("placebook")

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


# ------------------------------------------------------------ what this machine can


@cache
def find_browser() -> str:
    """A Chromium on the path, else the one that Playwright keeps, or ""."""
    if found := next((found for name in BROWSERS if (found := shutil.which(name))), ""):
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else ""


@cache
def pango_problem() -> str:
    """Why WeasyPrint cannot lay out a page here, or ""."""
    try:
        importlib.import_module("weasyprint")
    except ImportError as error:
        return f"weasyprint cannot be imported ({error})"
    except OSError as error:
        return f"the Pango library is missing ({str(error).splitlines()[0][:80]})"
    return ""


def fork_problem() -> str:
    """Why pages cannot be forked from a process that has loaded the libraries, or ""."""
    return "" if "forkserver" in multiprocessing.get_all_start_methods() else "this system has no fork server"


PROBLEMS: dict[str, Callable[[], str]] = {
    "browser": lambda: (
        ""
        if find_browser()
        else f"none of {', '.join(BROWSERS)} is on the path, and Playwright has none of its own (playwright install chromium)"
    ),
    "pango": pango_problem,
    "forks": fork_problem,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden readings again, to be reviewed")


def pytest_configure(config: pytest.Config) -> None:
    unknown = required() - set(PROBLEMS)
    if unknown:
        raise pytest.UsageError(f"PLACEBOOK_REQUIRE names {', '.join(sorted(unknown))}; known: {', '.join(PROBLEMS)}")


def required() -> set[str]:
    return {name for name in os.environ.get("PLACEBOOK_REQUIRE", "").split(",") if name}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before anything is built for it: a test that this machine cannot run says so, or fails."""
    for name, why in PROBLEMS.items():
        if item.get_closest_marker(name) and (problem := why()):
            if name in required():
                pytest.fail(f"PLACEBOOK_REQUIRE asks for {name}: {problem}", pytrace=False)
            pytest.skip(f"{name} tests because {problem}")


@pytest.fixture(scope="session")
def browser_path() -> str:
    return find_browser()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Every reason for which a test was passed over, once; also where the tests ran on several workers."""
    reasons = {report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"NOT RUN: {reason}")


# ------------------------------------------------------------ one built book


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def formats() -> list[str]:
    """Every form of the book that this machine can make."""
    from placebook.build.order import FORMATS

    return [name for name in FORMATS if name != "pdf" or not pango_problem()]


@pytest.fixture(scope="session")
def built_book(formats: list[str], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The real book, built once for all tests of a session: the first worker builds it, the others wait."""
    project = Project.at(ROOT)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _build(project, formats)
        return project
    shared = tmp_path_factory.getbasetemp().parent
    with Path(shared / "book.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "book.built").exists():
            _build(project, formats)
            (shared / "book.built").touch()
    return project


def _build(project: Project, formats: list[str]) -> None:
    from placebook.build.build import build
    from placebook.build.order import Order

    outcomes = build(project, Order(formats=formats, workers=os.cpu_count() or 1))
    failed = [f"{outcome.place}: {outcome.problem}" for outcome in outcomes if outcome.failed]
    assert not failed, "\n".join(failed)


@pytest.fixture(scope="session")
def single_page(built_book: Project) -> Path:
    return built_book.html / "downloads" / "book.html"


# ------------------------------------------------------------ a tiny checkout

AREAS = """\
code,name,known_as,level,vintage,msoa,district,county,region,country,same_as
E92000001,England,,country,April 2025,,,,,,
E12000006,East of England,,region,April 2025,,,,,E92000001,
TLH,East of England,,itl1,ITL 2025,,,,,E92000001,E12000006
E10000015,Hertfordshire,,county,April 2025,,,,E12000006,E92000001,
E07000095,Broxbourne,,district,April 2025,,,E10000015,E12000006,E92000001,
E07000099,North Hertfordshire,,district,April 2025,,,E10000015,E12000006,E92000001,
E06000032,Luton,,district,April 2025,,,,E12000006,E92000001,
"""
SMALL_AREAS = """\
district,code,name,known_as,level,vintage,msoa,ward,ward_name,built_up_area,built_up_area_name
E07000095,E01000004,Broxbourne 001A,,lsoa,2021,,,,,
E07000099,E01000001,North Hertfordshire 001A,,lsoa,2021,E02004911,E05000001,Grange,,
E07000099,E01000002,North Hertfordshire 001B,,lsoa,2021,E02004911,E05000001,Grange,,
E07000099,E01000003,North Hertfordshire 004A,,lsoa,2021,E02004914,E05000002,East,,
E07000099,E01000009,North Hertfordshire 009Z,,lsoa,2011,,,,,
E07000099,E02004911,North Hertfordshire 001,Grange,msoa,2021,,,,,
E07000099,E02004914,North Hertfordshire 004,East,msoa,2021,,,,,
"""
SUPERSEDED = """\
code,name,level,since,successors,kind
E07000097,East Hertfordshire,district,2013,E07000099,recode
"""
NEIGHBOURS = """\
area,model,rank,neighbour,neighbour_name
E07000099,global,1,W06000015,Cardiff
E07000099,global,2,E07000095,Broxbourne
"""
HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"
# Made up for these tests; they exist nowhere else.
TABLES = {
    "jobs": HEAD
    + """\
E07000095,2022-01-01/P1Y,rate,,,70,60,80,
E07000095,2023-01-01/P1Y,rate,,,76.1,64.9,87.3,
E07000099,2022-01-01/P1Y,rate,,,75,70,80,
E07000099,2023-01-01/P1Y,rate,,,,,,u
E92000001,2023-01-01/P1Y,rate,,,76,75.6,76.4,
TLH,2023-01-01/P1Y,rate,,,77,,,
""",
    "homes": HEAD
    + """\
E01000001,2021-03-21,homes,flat,,10,,,
E01000001,2021-03-21,homes,house,,30,,,
E01000002,2021-03-21,homes,flat,,5,,,
E01000002,2021-03-21,homes,house,,15,,,
E01000003,2021-03-21,homes,flat,,1,,,
E01000003,2021-03-21,homes,house,,99,,,
E01000004,2021-03-21,homes,flat,,2,,,
E01000004,2021-03-21,homes,house,,38,,,
""",
}
MEASURES = {
    "jobs": "  rate: {label: Rate, unit: per cent, minimum: 0, maximum: 100}",
    "homes": "  homes: {label: Homes, unit: homes, minimum: 0, maximum: 1000}",
}
LEVELS = {"jobs": "[district, itl1, country]", "homes": "[lsoa]"}
SOURCE = """\
title: Made-up {name}
publisher: Nobody
landing_page: https://example.org/{name}
query: made up for a test
licence: OGL-UK-3.0
attribution: Made up for a test
geography: {{levels: {levels}, vintage: April 2025}}
period: 2021-01-01/2023-12-31
retrieved: 2025-06-30
measures:
{measures}
refresh: {{adapter: els, files: [x.csv]}}
tables:
  - path: data/tables/{name}.csv
    rows: {rows}
    sha256: {sha256}
"""
PEOPLE = """\
title: People
question: Who works?
indicators:
  - id: work
    title: Employment rate
    phrase: the employment rate
    question: How many work?
    definition: People in work.
    unit: percent
    unit_words: '% of people'
    decimals: 1
    polarity: higher_is_better
    measure: share
    uncertainty: limits
    source: jobs
    reads: {kind: published, measure: rate}
    levels: [district, itl1, country]
    comparators: [parent, region, country, peer]
    headline: 1
"""
PLACES = """\
title: Places
question: Who lives how?
indicators:
  - id: flats
    title: Flats
    phrase: the share of flats
    question: How many flats?
    definition: Homes that are flats.
    unit: percent
    unit_words: '% of homes'
    decimals: 1
    polarity: neither
    measure: share
    uncertainty: full_count
    counts: stock
    source: homes
    reads:
      kind: share
      numerator: {measure: homes, categories: [flat]}
      denominator: {measure: homes, categories: [flat, house]}
    levels: [lsoa]
    comparators: [parent, county]
"""
TOWN = """\
name: Letchworth
kind: town
parent: E07000099
lsoas: [E01000001, E01000002]
chosen: Two small areas for a test.
"""


class TinyProject(Project):
    """A complete little checkout that a test may spoil."""

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def write_small_areas(self, text: str) -> None:
        """The registry of small areas, from the text of a CSV."""
        rows = list(csv.DictReader(io.StringIO(text)))
        columns = {name: pa.array([row[name] for row in rows]).dictionary_encode() for name in rows[0]}
        path = self.root / "data" / "small-areas" / "areas.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(columns), path)

    def table(self, name: str, text: str, levels: str = "", measures: str = "") -> None:
        """Write a table and its source, with the right hash and number of rows."""
        self.write(f"data/tables/{name}.csv", text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        rows = len(text.splitlines()) - 1
        levels, measures = levels or LEVELS[name], measures or MEASURES[name]
        self.write(
            f"data/sources/{name}.yml",
            SOURCE.format(name=name, levels=levels, measures=measures, rows=rows, sha256=digest),
        )
        datapackage.write(self)


@pytest.fixture
def tiny_project(tmp_path: Path) -> TinyProject:
    """Two districts, a unitary authority, four small areas, two measures; all figures made up."""
    project = TinyProject(tmp_path)
    project.write("_config.yml", "title: Tiny\n")
    project.write("_toc.yml", "root: x\n")
    project.write("data/geography/areas.csv", AREAS)
    project.write("data/geography/superseded.csv", SUPERSEDED)
    project.write("data/geography/neighbours.csv", NEIGHBOURS)
    project.write_small_areas(SMALL_AREAS)
    for name, text in TABLES.items():
        project.table(name, text)
    project.write("data/indicators/30-people.yml", PEOPLE)
    project.write("data/indicators/60-places.yml", PLACES)
    project.write(
        "data/counties/hertfordshire.yml",
        "name: Hertfordshire\ncode: E10000015\ndistricts: [E07000095, E07000099]\n",
    )
    project.write("params/broxbourne.yml", "name: Broxbourne\nkind: district\ncode: E07000095\n")
    project.write("params/letchworth.yml", TOWN)
    return project
