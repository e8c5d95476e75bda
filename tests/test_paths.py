"""What is national lies in the package, what is local in the project, which overrides it file by file."""

import shutil

import pytest

from placebook import paths
from placebook.build.checked import open_checked
from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.incremental.fingerprints import Inputs

LOCAL = ("_config.yml", "_toc.yml", "params", "data/counties")


@pytest.fixture
def installed(tiny_project, tmp_path_factory, monkeypatch):
    """A package that carries everything national, as a wheel does, and a project that is only what is local."""
    national = tmp_path_factory.mktemp("package") / "national"
    tiny_project.write("notebooks/place.ipynb", "{}")
    tiny_project.write("book/methods.md", "# Methods\n")
    for name in ("data", "notebooks", "book"):
        shutil.copytree(tiny_project.root / name, national / name)
        shutil.rmtree(tiny_project.root / name)
    shutil.copytree(national / "data" / "counties", tiny_project.counties)
    shutil.rmtree(national / "data" / "counties")
    monkeypatch.setattr(paths, "NATIONAL", national)
    return tiny_project


def test_a_project_of_params_and_counties_finds_everything_else_in_the_package(installed):
    catalogue, store = open_checked(installed)
    assert sorted(catalogue.sources) == ["homes", "jobs"] and sorted(catalogue.places) == ["broxbourne", "letchworth"]
    assert store.periods("jobs") and catalogue.areas["E07000095"].name == "Broxbourne"
    assert installed.template("place") == paths.NATIONAL / "notebooks" / "place.ipynb"
    assert [*installed.tree("book")] == ["book/methods.md"]


def test_what_the_project_holds_stands_in_place_of_what_has_the_same_name(installed):
    national = (paths.NATIONAL / "data/indicators/30-people.yml").read_text(encoding="utf-8")
    installed.write("data/indicators/30-people.yml", national.replace("title: Employment rate", "title: Work"))
    installed.write("notebooks/place.ipynb", "{ }")
    catalogue = Catalogue.open(installed)
    assert catalogue.indicators["work"].title == "Work" and catalogue.indicators["flats"].title == "Flats"
    assert installed.template("place") == installed.root / "notebooks" / "place.ipynb"
    assert installed.template("county") == installed.root / "notebooks" / "county.ipynb", "of neither: it is missed here"


def test_a_mistake_is_named_as_the_file_is_called_wherever_it_lies(installed):
    path = paths.NATIONAL / "data" / "sources" / "jobs.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("publisher:", "publihser:"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Catalogue.open(installed)
    assert {fault.file for fault in caught.value.faults} == {"data/sources/jobs.yml"}


@pytest.mark.parametrize("name", ["data/tables/jobs.csv", "data/indicators/30-people.yml", "notebooks/place.ipynb"])
def test_a_newer_package_makes_again_what_depends_on_it(installed, name):
    before = Inputs(installed).book(["html"])
    path = paths.NATIONAL / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert Inputs(installed).book(["html"]) != before


def test_a_damaged_table_of_the_package_is_brought_back_by_its_installer(installed):
    (paths.NATIONAL / "data/tables/jobs.csv").write_text("x", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_checked(installed)
    assert caught.value.faults[0].remedy.startswith("it is the package's: install placebook again")


def test_a_checkout_is_a_project_that_holds_everything(tiny_project):
    assert not paths.NATIONAL.exists()
    assert tiny_project.file("data/tables/jobs.csv") == tiny_project.tables / "jobs.csv"
    assert tiny_project.file("data/tables/none.csv") == tiny_project.tables / "none.csv"
