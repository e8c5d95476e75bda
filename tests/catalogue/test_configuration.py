"""What `_config.yml` names must be there; an address of nobody is warned of, and refused for readers."""

import pytest

from placebook.build import checked
from placebook.catalogue.configuration import faults, public_faults, warnings
from placebook.errors import InputError
from placebook.paths import Project

LOGO = "logo: {}\n"
OUTSIDE = "copy the picture into book/_static and name it there"
ABSENT = "name a picture in book/, such as book/_static/logo.svg, or remove the line"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: x\n", None),
        ("logo:\n", None),
        ("logo: book/_static/logo.svg\n", None),
        ("logo: book/gone.svg\n", ("1: logo: book/gone.svg is not there", ABSENT)),
        ("logo: https://example.com/logo.svg\n", ("1: logo: https://example.com/logo.svg is not there", ABSENT)),
        ('logo: "a\\0b"\n', ("1: logo: a\\x00b is not there", ABSENT)),
        ("logo: other.svg\n", ("1: logo: other.svg is no file in book/", OUTSIDE)),
        ("logo: book/../other.svg\n", ("1: logo: book/../other.svg is no file in book/", OUTSIDE)),
        ("logo: book/link.svg\n", ("1: logo: book/link.svg is no file in book/", OUTSIDE)),
        ("logo: book\n", ("1: logo: book is no file in book/", OUTSIDE)),
        (
            "sphinx:\n  config:\n    html_logo: book/gone.svg\n",
            ("3: sphinx.config.html_logo: book/gone.svg is not there", ABSENT),
        ),
        ("a: &x 1\nb: *x\n", ("1: defines the anchor &x", "remove it; anchors are not read")),
    ],
)
def test_a_picture_that_is_not_there_or_not_the_books(tiny_project, text, expected):
    tiny_project.write("book/_static/logo.svg", "<svg/>")
    tiny_project.write("other.svg", "<svg/>")
    (tiny_project.root / "book/link.svg").symlink_to("../other.svg")
    tiny_project.write("_config.yml", text)
    told = [str(fault) for fault in faults(tiny_project)]
    assert told[:1] == ([f"_config.yml:{expected[0]}\n    → {expected[1]}"] if expected else [])


def test_it_is_told_with_all_else_that_is_wrong(tiny_project):
    tiny_project.write("_config.yml", "logo: book/gone.svg\n")
    tiny_project.replace("params/broxbourne.yml", "E07000095", "E07000999")
    with pytest.raises(InputError) as caught:
        checked.open_checked(tiny_project)
    assert {fault.file for fault in caught.value.faults} == {"_config.yml", "params/broxbourne.yml"}


def test_the_address_of_nobody(tiny_project):
    tiny_project.write("_config.yml", "title: x\nfooter: >-\n  <a href='mailto:evidence@example.org'>Challenge it</a>\n")
    told = (
        "_config.yml:2: footer: still names example.org, where nobody answers who challenges a figure\n"
        "    → put your own address there"
    )
    assert [str(fault) for fault in warnings(tiny_project)] == [str(fault) for fault in public_faults(tiny_project)] == [told]
    assert faults(tiny_project) == []
    tiny_project.write("_config.yml", "footer: <a href='mailto:evidence@council.gov.uk'>Challenge it</a>\n")
    assert warnings(tiny_project) == public_faults(tiny_project) == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mailto:figures@kent.gov.uk", []),
        ("https://kent.gov.uk/figures", []),
        ("javascript:alert(1)", ["_config.yml:2: challenge: leads nowhere\n    → links begin with https:// or mailto:"]),
        ("figures@kent.gov.uk", ["_config.yml:2: challenge: leads nowhere\n    → links begin with https:// or mailto:"]),
        (
            "https://kent",
            ["_config.yml:2: challenge: has a host that is no name of one\n    → write it in full, such as www.ons.gov.uk"],
        ),
    ],
)
def test_where_a_figure_is_challenged_is_a_page_or_a_mailbox(tiny_project, address, told):
    tiny_project.write("_config.yml", f"title: x\nchallenge: {address}\n")
    assert [str(fault) for fault in faults(tiny_project)] == told


def test_the_book_itself_has_to_be_given_an_address():
    project = Project.find(__file__)
    assert faults(project) == []
    assert [fault.field for fault in warnings(project)] == ["challenge"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_text("{"), "is no description of a data package"),
        (lambda path: path.write_bytes(b"\xff"), "is no description of a data package"),
        (lambda path: path.write_text("[" * 9_000), "is no description of a data package"),
        (lambda path: path.write_text('{"resources": [{}]}'), "is no description of a data package"),
        (
            lambda path: path.write_text('{"resources": []}'),
            "does not describe the table data/tables/homes.csv as its source does",
        ),
        (
            lambda path: path.write_text(path.read_text().replace("jobs.csv", "pay.csv")),
            "does not describe the table data/tables/jobs.csv as its source does",
        ),
    ],
)
def test_the_data_package_is_there_and_describes_the_tables(tiny_project, spoil, said):
    checked.open_checked(tiny_project)
    spoil(tiny_project.datapackage)
    with pytest.raises(InputError) as caught:
        checked.open_checked(tiny_project)
    remedy = "restore it: git checkout -- data/datapackage.json, or run placebook refresh"
    assert str(caught.value) == f"data/datapackage.json: {said}\n    → {remedy}"
