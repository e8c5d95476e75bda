"""``placebook init`` writes a whole project of what is a book's own, or nothing; all else comes from the package."""

import shlex

import pytest

from placebook import paths
from placebook.catalogue.configuration import faults
from placebook.catalogue.load import Catalogue
from placebook.desk import own_book
from placebook.desk.book_words import COLOUR, DARK, LIGHT, Words, colours, contrast
from placebook.errors import InputError
from placebook.paths import Project
from placebook.site.settings import settings

PAGES = {"accessibility", "challenge", "compare", "glossary", "index", "methods"}


def begun(folder, county="", districts=(), name="", **words):
    return own_book.init(folder, county, list(districts), name, Words(**words))


def texts(folder):
    """Path to content of all that was written."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def cambridgeshire(carried_once, tmp_path_factory):
    folder = tmp_path_factory.mktemp("books") / "cambridgeshire"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "NATIONAL", carried_once)
        said = begun(folder, "Cambridgeshire")
    return folder, said


def test_a_county_is_a_place_for_each_district_and_a_chapter(cambridgeshire, carried):
    folder, said = cambridgeshire
    slugs = ["cambridge", "east-cambridgeshire", "fenland", "huntingdonshire", "south-cambridgeshire"]
    catalogue = Catalogue.open(Project.at(folder))
    assert sorted(catalogue.places) == slugs
    assert catalogue.members("cambridgeshire") == slugs
    assert catalogue.counties["cambridgeshire"].code == "E10000003"
    assert said[0] == f"Cambridgeshire, place by place: a book of 5 places in {folder}"
    assert [line.split()[0] for line in said[1:6]] == [f"params/{slug}.yml" for slug in slugs]
    assert f"Next: cd {folder} && placebook build" in said


def test_it_holds_what_is_its_own_and_nothing_national(cambridgeshire):
    written = set(texts(cambridgeshire[0]))
    own = {name for name in written if not name.startswith(("params/", "schemas/"))}
    assert own == {
        ".gitignore",
        "README.md",
        "_config.yml",
        "_toc.yml",
        "book/_static/colours.css",
        "book/_static/logo.svg",
        *(f"book/{page}.md" for page in PAGES),
        "data/README.md",
        "data/counties/cambridgeshire.yml",
    }


def test_nothing_in_it_names_another_county(cambridgeshire):
    for name, text in texts(cambridgeshire[0]).items():
        assert "hertfordshire" not in text.lower() and "broxbourne" not in text.lower(), name


def test_its_pages_on_method_include_the_packages(cambridgeshire):
    for page in own_book.PAGES:
        assert (paths.NATIONAL.parents[2] / "book" / f"{page}.md").is_file()
        assert texts(cambridgeshire[0])[f"book/{page}.md"] == f"```{{include}} national/{page}.md\n```\n"


def test_its_settings_are_its_own_over_those_of_every_book(cambridgeshire):
    project = Project.at(cambridgeshire[0])
    whole = settings(project)
    assert whole["title"] == "Cambridgeshire, place by place" and whole["logo"] == "book/_static/logo.svg"
    assert whole["sphinx"]["extra_extensions"] == ["placebook.site.guard", "placebook.site.theme"]
    assert 'href="mailto:evidence@example.org"' in whole["sphinx"]["config"]["html_theme_options"]["extra_footer"]
    assert "challenge" not in whole, "Jupyter Book knows no such key"
    assert faults(project) == []


def test_what_is_said_on_the_command_line_stands_in_the_book(carried, tmp_path):
    logo = tmp_path / "arms.png"
    logo.write_bytes(b"\x89PNG\r\n\x1a\nrest")
    words = {"title": "Rutland's figures", "author": "The council", "address": "figures@rutland.gov.uk", "colour": "#7A1F5C"}
    said = begun(tmp_path / "book", "rutland", **words, logo_file=logo)
    project = Project.at(tmp_path / "book")
    whole = settings(project)
    assert (whole["title"], whole["author"], whole["logo"]) == ("Rutland's figures", "The council", "book/_static/logo.png")
    assert 'href="mailto:figures@rutland.gov.uk"' in whole["sphinx"]["config"]["html_theme_options"]["extra_footer"]
    assert "--pb-accent: #7a1f5c" in (project.root / "book/_static/colours.css").read_text()
    assert (project.root / "book/_static/logo.png").read_bytes() == logo.read_bytes()
    assert not any("address" in line for line in said[3:]), "nothing is left to ask for"


def test_one_authority_alone_has_no_chapter(carried, tmp_path):
    begun(tmp_path / "book", "Rutland")
    assert sorted(Catalogue.open(Project.at(tmp_path / "book")).places) == ["rutland"]
    assert not (tmp_path / "book/data/counties").exists()
    assert (tmp_path / "book/_config.yml").read_text().startswith('title: "Rutland in figures"\n')


def test_districts_of_several_authorities_are_a_set_with_a_name(carried, tmp_path):
    begun(tmp_path / "beds", districts=["Bedford, Central Bedfordshire", "E06000032"], name="Bedfordshire")
    catalogue = Catalogue.open(Project.at(tmp_path / "beds"))
    assert catalogue.members("bedfordshire") == ["bedford", "central-bedfordshire", "luton"]
    assert catalogue.counties["bedfordshire"].code is None


def test_a_county_with_a_neighbour_is_no_county_any_more(carried, tmp_path):
    begun(tmp_path / "cp", "Cambridgeshire", ["Peterborough", "Fenland"], "Cambridgeshire and Peterborough")
    county = Catalogue.open(Project.at(tmp_path / "cp")).counties["cambridgeshire-and-peterborough"]
    assert len(county.districts) == 5 + 1 and county.code is None


def test_a_chapter_that_bears_a_places_name_has_another_file(carried, tmp_path):
    begun(tmp_path / "book", districts=["Cambridge, Fenland"], name="Cambridge")
    assert sorted(Catalogue.open(Project.at(tmp_path / "book")).counties) == ["cambridge-county"]


def test_an_empty_folder_stays_the_one_that_somebody_stands_in(carried, tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    before = folder.stat().st_ino
    begun(paths.Path(), "Rutland")
    assert folder.stat().st_ino == before and paths.Path().samefile(folder)
    assert sorted(Catalogue.open(Project.find()).places) == ["rutland"]
    assert not list(folder.glob(".placebook-*"))


@pytest.mark.parametrize("there", [True, False])
def test_it_is_whole_or_not_at_all(carried, tmp_path, monkeypatch, there):
    folder = tmp_path / "book"
    if there:
        folder.mkdir()

    def fail(project, _texts):
        assert (project.root / "_config.yml").exists(), "it is nearly done"
        raise OSError("the disk is full")

    monkeypatch.setattr("placebook.desk.own_book.schemas.write", fail)
    with pytest.raises(OSError, match="the disk is full"):
        begun(folder, "Rutland")
    assert folder.exists() == there and not [path for path in tmp_path.rglob("*") if path != folder]


def test_a_fault_of_the_draft_leaves_nothing(carried, tmp_path, monkeypatch):
    monkeypatch.setattr("placebook.desk.own_book._chapter", lambda extent: "name: X\ndistricts: [E07999999]\n")
    with pytest.raises(InputError, match="there is no district E07999999"):
        begun(tmp_path / "book", "Cambridgeshire")
    assert not list(tmp_path.iterdir())


def test_a_checkout_without_tables_of_its_own_says_so(tmp_path):
    with pytest.raises(InputError, match="runs from a checkout and carries no tables"):
        begun(tmp_path / "book", "Rutland")


def test_the_command_says_what_it_wrote(carried, placebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = placebook(Project(tmp_path), *shlex.split("init rutland --county Rutland --title 'Rutland in [2026]'"))
    assert done.returncode == 2 and "--title: 'Rutland in [2026]' holds '['" in done.stderr
    done = placebook(Project(tmp_path), *shlex.split("init rutland --county Rutland"))
    assert done.returncode == 0 and "Next: cd rutland && placebook build" in done.stdout
    assert "put your own address into _config.yml" in done.stdout


# ------------------------------------------------------------ colours and logo


def test_contrast_is_that_of_the_guidelines():
    assert contrast(LIGHT, (0, 0, 0)) == (1 + 0.05) / (0 + 0.05)
    assert contrast((0, 0, 0), LIGHT) == contrast(LIGHT, (0, 0, 0)), "whichever comes first"
    assert round(contrast(LIGHT, (118, 118, 118)), 2) == 4.54, "#767676, the lightest grey that the guidelines let pass"


@pytest.mark.parametrize("colour", [COLOUR, "#000000", "#7a1f5c", "#ff0000"])
def test_a_colour_can_be_read_by_night_too(colour):
    night = colours(colour).split('[data-theme="dark"] { --pb-accent: #')[1][:6]
    assert contrast(tuple(int(night[at : at + 2], 16) for at in (0, 2, 4)), DARK) >= 4.5


def test_the_logo_is_the_shape_of_the_districts_with_their_holes(cambridgeshire):
    """South Cambridgeshire lies around Cambridge: two outlines, and one of each other district."""
    logo = texts(cambridgeshire[0])["book/_static/logo.svg"]
    assert logo.count("<path") == 5 and logo.count("M") == 5 + 1 and f'fill="{COLOUR}"' in logo
