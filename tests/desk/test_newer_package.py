"""What a newer package changes of a book is told once; its pages on method are laid for the project's to include."""

import shutil

import pytest

from placebook import paths
from placebook.desk import newer_package
from placebook.site.settings import lay_pages

SOURCE = "title: Jobs\nretrieved: {}\n"


@pytest.fixture
def carried(tmp_path_factory, monkeypatch):
    """A package of few files; writes one of them."""
    national = tmp_path_factory.mktemp("package") / "national"

    def write(name, text):
        path = national / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    for name, text in {
        "data/sources/jobs.yml": SOURCE.format("2026-01-31"),
        "data/tables/jobs.csv": "1\n",
        "data/indicators/30-people.yml": "id: people\n",
        "notebooks/place.ipynb": "{}",
        "book/methods.md": "# Methods\n",
        "book/_static/placebook.css": "p{}",
    }.items():
        write(name, text)
    monkeypatch.setattr(paths, "NATIONAL", national)
    return write


def built(project):
    lay_pages(project)
    newer_package.keep(project)


def test_the_packages_pages_are_laid_and_those_of_another_go(carried, tiny_project):
    lay_pages(tiny_project)
    assert [path.name for path in tiny_project.national_pages.iterdir()] == ["methods.md"], "pages, and no style"
    before = (tiny_project.national_pages / "methods.md").stat().st_mtime_ns
    carried("book/glossary.md", "# Glossary\n").with_name("methods.md").rename(paths.NATIONAL / "book" / "rules.md")
    lay_pages(tiny_project)
    assert sorted(path.name for path in tiny_project.national_pages.iterdir()) == ["glossary.md", "rules.md"]
    assert (tiny_project.national_pages / "rules.md").stat().st_mtime_ns >= before


def test_the_first_build_and_one_with_the_same_package_have_no_news(carried, tiny_project):
    assert newer_package.news(tiny_project) == []
    built(tiny_project)
    assert newer_package.news(tiny_project) == []


def test_a_newer_package_says_what_it_changes(carried, tiny_project, monkeypatch):
    shutil.rmtree(tiny_project.root / "data")
    tiny_project.write("book/methods.md", "```{include} national/methods.md\n```\nOur own words.\n")
    built(tiny_project)
    monkeypatch.setattr(newer_package, "__version__", "9.0")
    carried("data/sources/jobs.yml", SOURCE.format("2026-06-30"))
    carried("data/sources/homes.yml", SOURCE.format("2026-06-30"))
    carried("data/tables/jobs.csv", "2\n")
    carried("book/methods.md", "# Other\n")
    first, *rest = newer_package.news(tiny_project)
    assert first.endswith("this is 9.0. None of your files is changed.")
    assert rest == [
        "Newer figures: jobs (taken 2026-06-30, was 2026-01-31).",
        "New sources: homes.",
        "1 table is other than before.",
        "Other pages and style: methods.md.",
    ]
    built(tiny_project)
    assert newer_package.news(tiny_project) == []


def test_what_the_project_holds_in_its_place_is_named(carried, tiny_project):
    built(tiny_project)
    tiny_project.write("notebooks/place.ipynb", "{ }")
    tiny_project.write("book/methods.md", "# Our methods\n")
    carried("notebooks/place.ipynb", '{"newer": 1}')
    carried("book/methods.md", "# Other\n")
    assert newer_package.news(tiny_project)[1:] == [
        "Other templates: place.ipynb.",
        "Other pages and style: methods.md.",
        "You hold your own book/methods.md and notebooks/place.ipynb, which stays; look at what the package changed there.",
    ]


def test_of_many_their_number_is_told(carried, tiny_project):
    built(tiny_project)
    for number in range(newer_package.NAMED + 3):
        carried(f"data/relations/r{number:02}.yml", "x")
    (told,) = newer_package.news(tiny_project)[1:]
    assert told == f"Other relations: {', '.join(f'r{n:02}.yml' for n in range(newer_package.NAMED))} and 3 more."


def test_what_is_gone_is_told(carried, tiny_project):
    built(tiny_project)
    (paths.NATIONAL / "data/sources/jobs.yml").unlink()
    assert newer_package.news(tiny_project)[1:] == [
        "Sources that it has no more: jobs.",
    ]


@pytest.mark.parametrize("held", ["", "{", "[]", '{"version": 1}', '{"version": "1", "files": [1], "sources": {}}'])
def test_a_record_that_cannot_be_read_is_none(carried, tiny_project, held):
    tiny_project.write("_build/package.json", held)
    assert newer_package.news(tiny_project) == []


def test_a_checkout_keeps_no_record_and_lays_no_page(tiny_project):
    built(tiny_project)
    assert not newer_package.record(tiny_project).exists() and not tiny_project.national_pages.exists()
    assert newer_package.news(tiny_project) == []
