"""Each mistake gets a message that an analyst can act on: file, line, what is wrong, what to do."""

import re

import pytest

from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.evidence.store import Store


def messages(project) -> str:
    """Everything that ``placebook check`` would say."""
    try:
        catalogue = Catalogue.open(project)
        store = Store.open(project, catalogue.sources, catalogue.areas)
    except InputError as error:
        return str(error)
    return "\n".join(str(fault) for fault in sorted(check(catalogue, store)))


def test_the_tiny_project_is_well(tiny_project):
    assert messages(tiny_project) == ""


BROX, LETCH = "params/broxbourne.yml", "params/letchworth.yml"
SPOILED = [
    # file, old, new, file and line, what is wrong, remedy
    (BROX, "code:", "codee:", f"{BROX}:3: codee", "unknown key 'codee'", "did you mean 'code'?"),
    (BROX, "name: Broxbourne\n", "", f"{BROX}:1: name", "the key 'name' is missing", "add `name: …`"),
    (BROX, "kind: district\n", "", f"{BROX}:1: kind", "the key 'kind' is missing", "write `kind: district` or `kind: group`"),
    (BROX, "kind: district", "kind: villag", f"{BROX}:2: kind", "'villag' is no kind of place", "write `kind: district` or"),
    (BROX, "kind: district", "kind: distict", f"{BROX}:2: kind", "no kind of place", "did you mean 'district'? write `kind"),
    (
        BROX,
        "kind: district",
        "kind: [town]",
        f"{BROX}:2: kind",
        "no kind of place",
        "did you mean 'town'? write `kind: district`",
    ),
    (BROX, "kind: district", "knid: district", f"{BROX}:2: knid", "unknown key 'knid'", "did you mean 'kind'? Write `kind: d"),
    (BROX, "E07000095", "E0700009", f"{BROX}:3: code", "is not what is expected", "such as E07000095"),
    (
        BROX,
        "E07000095",
        "E07000195",
        f"{BROX}:3: code",
        "there is no district E07000195",
        "Did you mean E07000095 (Broxbourne)?",
    ),
    (
        BROX,
        "E07000095",
        "E07000097",
        f"{BROX}:3: code",
        "E07000097 is a superseded code",
        "use E07000099 (North Hertfordshire)",
    ),
    (BROX, "name: Broxbourne", "name: 12", f"{BROX}:1: name", "12 is not text", "put it in quotes"),
    (BROX, "name: Broxbourne", "name: '<b>x</b>'", f"{BROX}:1: name", "use letters, digits, spaces", ""),
    (BROX, "name: Broxbourne", 'name: "a\\u200bb"', f"{BROX}:1: name", "control character U+200B", ""),
    (
        BROX,
        "name: Broxbourne",
        "name: Letchworth",
        "params/letchworth.yml:1: name",
        "has the name of params/broxbourne.yml",
        "a name of its own",
    ),
    (BROX, "code: E07000095", "code: E07000095\ncomparators: [county, county]", f"{BROX}:4: comparators", "more than once", ""),
    (
        BROX,
        "code: E07000095",
        "code: E07000095\nsummery: Words.",
        f"{BROX}:4: summery",
        "unknown key 'summery'",
        "did you mean 'summary'? It stands under `narrative:`",
    ),
    (
        BROX,
        "code: E07000095",
        "code: E07000095\nnarrative: {sumary: Words.}",
        f"{BROX}:4: narrative.sumary",
        "unknown key 'sumary'",
        "did you mean 'summary'?",
    ),
    (
        BROX,
        "code: E07000095",
        "code: E07000095\nnarrative: {lsoas: []}",
        f"{BROX}:4: narrative.lsoas",
        "unknown key 'lsoas'",
        "remove it",
    ),
    (
        BROX,
        "code: E07000095",
        "code: E07000095\ncomparators: [contry]",
        f"{BROX}:4: comparators[0]",
        "'contry' is not known here",
        "did you mean 'country'?",
    ),
    (
        BROX,
        "code: E07000095",
        "code: E07000095\ncounty: hertfordshir",
        f"{BROX}:4: county",
        "there is no county file",
        "did you mean 'hertfordshire'?",
    ),
    (LETCH, "E01000001, E01000002", "E01000001, E01000001", f"{LETCH}:4: lsoas", "lists E01000001 more than once", ""),
    (LETCH, "E01000001, E01000002", "", f"{LETCH}:4: lsoas", "is empty", "list at least 1"),
    (
        LETCH,
        "E01000002",
        "E01000004",
        f"{LETCH}:4: lsoas[1]",
        "E01000004 (Broxbourne 001A) lies in Broxbourne, not in North Hertfordshire",
        "correct the parent",
    ),
    (LETCH, "E01000002", "E01000005", f"{LETCH}:4: lsoas[1]", "there is no LSOA E01000005", "Did you mean"),
    (LETCH, "E01000002", "E01000009", f"{LETCH}:4: lsoas[1]", "is an LSOA of 2011, not of 2021", "changes.parquet"),
    (
        LETCH,
        "parent: E07000099",
        "parent: E07000095",
        f"{LETCH}:4: lsoas[0]",
        "lies in North Hertfordshire, not in Broxbourne",
        "",
    ),
    (LETCH, "chosen: Two", "chosen: &a Two", f"{LETCH}:5:", "defines the anchor &a", "remove it"),
    (
        LETCH,
        "name: Letchworth",
        "name: Letchworth\nname: Other",
        f"{LETCH}:2: name",
        "repeats the key 'name' of line 1",
        "delete one",
    ),
    (
        "data/indicators/30-people.yml",
        "source: jobs",
        "source: job",
        "30-people.yml:15: work.source",
        "there is no source 'job'",
        "did you mean 'jobs'?",
    ),
    (
        "data/indicators/30-people.yml",
        "measure: rate}",
        "measure: rat}",
        "30-people.yml:16: work.reads",
        "has no measure 'rat'",
        "did you mean 'rate'?",
    ),
    (
        "data/indicators/30-people.yml",
        "levels: [district, itl1, country]",
        "levels: [district, county]",
        "30-people.yml:17: work.levels",
        "the table holds no county",
        "remove it",
    ),
    (
        "data/indicators/30-people.yml",
        "comparators: [parent, region, country, peer]",
        "comparators: [parent, region, peer]",
        "work.comparators",
        "holds the comparator 'country', which is not listed",
        "list it",
    ),
    (
        "data/indicators/30-people.yml",
        "comparators: [parent, region, country, peer]",
        "comparators: [parent, county, region, country]",
        "work.comparators",
        "nothing for the comparator 'county'",
        "remove it",
    ),
    (
        "data/indicators/30-people.yml",
        "headline: 1",
        "headline: 1\n    from_period: 1999-01-01/P1Y",
        "work.from_period",
        "the table has no period 1999-01-01/P1Y",
        "2023-01-01/P1Y",
    ),
    (
        "data/indicators/30-people.yml",
        "unit: percent",
        "unit: pounds",
        "work.price_basis",
        "is missing for an amount of money",
        "current or real",
    ),
    (
        "data/indicators/30-people.yml",
        "id: work",
        "id: flats",
        "60-places.yml:4: indicators[0].id",
        "the id 'flats' is taken",
        "an id of its own",
    ),
    (
        "data/indicators/60-places.yml",
        "measure: share\n",
        "measure: median\n",
        "flats.reads.kind",
        "a median is never added up",
        "`published`",
    ),
    (
        "data/indicators/60-places.yml",
        "[flat, house]",
        "[flat, hous]",
        "flats.reads",
        "holds no category 'hous' of 'homes'",
        "did you mean 'house'?",
    ),
    (
        "data/indicators/60-places.yml",
        "uncertainty: full_count",
        "uncertainty: limits",
        "flats.uncertainty",
        "has no published limits once it is added up",
        "full_count",
    ),
    (
        "data/sources/jobs.yml",
        "maximum: 100",
        "maximum: 1000",
        "work.unit",
        "is per cent, but its source lets it pass 100",
        "maximum: 100",
    ),
    (
        "data/sources/jobs.yml",
        "2021-01-01/2023-12-31",
        "2024-01-01/2023-12-31",
        "data/sources/jobs.yml:8: period",
        "ends before it begins",
        "",
    ),
    (
        "data/sources/jobs.yml",
        "retrieved: 2025-06-30",
        "retrieved: 2999-01-01",
        "data/sources/jobs.yml:9: retrieved",
        "lies in the future",
        "",
    ),
    (
        "data/sources/jobs.yml",
        "retrieved: 2025-06-30",
        "retrieved: 2025-06-30\nreleased: 2025-07-30",
        "data/sources/jobs.yml:10: released",
        "later than the day it was taken",
        "",
    ),
    (
        "data/sources/jobs.yml",
        "levels: [district, itl1, country]",
        "levels: [district]",
        "geography.levels",
        "does not list country, itl1",
        "every level",
    ),
    (
        "data/sources/jobs.yml",
        "landing_page: https:",
        "landing_page: http:",
        "data/sources/jobs.yml:3: landing_page",
        "is not what is expected",
        "begins with https://",
    ),
    (
        "data/counties/hertfordshire.yml",
        "E07000099",
        "E06000032",
        "data/counties/hertfordshire.yml:3: districts[1]",
        "Luton does not lie in Hertfordshire",
        "delete it",
    ),
    (
        "data/counties/hertfordshire.yml",
        "code: E10000015",
        "code: E10000099",
        "hertfordshire.yml:2: code",
        "there is no area E10000099",
        "E10000015 (Hertfordshire)",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "where", "said", "remedy"), SPOILED)
def test_a_mistake_is_named_with_its_line_and_its_remedy(tiny_project, file, old, new, where, said, remedy):
    tiny_project.replace(file, old, new)
    told = messages(tiny_project)
    assert where in told and said in told and remedy in told, told
    assert "pydantic" not in told and "Traceback" not in told


def test_all_mistakes_of_all_files_are_told_at_once(tiny_project):
    tiny_project.replace(BROX, "code:", "codee:")
    tiny_project.replace(LETCH, "kind: town", "kind: tow")
    tiny_project.replace("data/sources/jobs.yml", "publisher:", "publishr:")
    told = messages(tiny_project)
    assert {f for f in (BROX, LETCH, "data/sources/jobs.yml") if f in told} == {
        BROX,
        LETCH,
        "data/sources/jobs.yml",
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("St Albans.yml", "call it st-albans.yml"),
        ("st_albans.yml", "call it st-albans.yml"),
        ("luton.yaml", "call it luton.yml"),
        ("con.yml", "call it con-place.yml"),
        ("Ünder.yml", "no slug"),
    ],
)
def test_a_file_name_that_is_no_slug(tiny_project, name, said):
    tiny_project.write(f"params/{name}", "name: Luton\nkind: district\ncode: E06000032\n")
    assert said in messages(tiny_project)


def test_a_link_out_of_the_project_and_a_folder(tiny_project, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.yml"
    outside.write_text("name: Luton\nkind: district\ncode: E06000032\n")
    (tiny_project.params / "luton.yml").symlink_to(outside)
    (tiny_project.params / "more").mkdir()
    told = messages(tiny_project)
    assert "params/luton.yml: is a link to a file outside the project" in told
    assert "params/more: is a folder" in told


def test_an_empty_params_folder(tiny_project):
    for path in tiny_project.params.iterdir():
        path.unlink()
    assert "holds no place" in messages(tiny_project)


def test_more_than_eight_headlines_and_doubled_numbers(tiny_project):
    text = (tiny_project.root / "data/indicators/30-people.yml").read_text()
    head, entry = text.split("indicators:\n")
    entries = [entry.replace("id: work", f"id: work-{n}").replace("headline: 1", f"headline: {n}") for n in range(1, 10)]
    tiny_project.write("data/indicators/30-people.yml", head + "indicators:\n" + "".join(entries))
    assert "makes 9 headline figures" in messages(tiny_project)
    tiny_project.replace("data/indicators/30-people.yml", "headline: 9", "headline: 8")
    assert "is the headline number of 'work-8' too" in messages(tiny_project)


def test_faults_are_sorted_by_file_and_line(tiny_project):
    tiny_project.write(BROX, "nam: x\nkin: y\n")
    tiny_project.write(LETCH, "bad: 1\n")
    files = re.findall(r"^(params/\S+\.yml)", messages(tiny_project), re.M)
    assert files == sorted(files) and len(files) >= 2
