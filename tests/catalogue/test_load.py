"""What a file name, a link or a number can do wrong: said, never raised and never passed over."""

import pytest

from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue, read_sources
from placebook.catalogue.yaml_reader import Document, parse
from placebook.errors import InputError

BROX, PEOPLE, HOMES = "params/broxbourne.yml", "data/indicators/30-people.yml", "data/indicators/60-places.yml"


def refusal(project) -> str:
    with pytest.raises(InputError) as caught:
        Catalogue.open(project)
    return str(caught.value)


def test_two_files_of_one_theme_do_not_hide_each_other(tiny_project):
    text = (tiny_project.root / PEOPLE).read_text(encoding="utf-8")
    tiny_project.write("data/indicators/40-people.yml", text.replace("id: work", "id: other"))
    assert "40-people.yml: is the theme 'people', and so is data/indicators/30-people.yml" in refusal(tiny_project)


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "-1e999", "1" + "0" * 400 + ".5"])
def test_a_number_too_large_is_said_with_its_line(number):
    (fault,) = parse(f"a: 1\nb: {number}".encode(), Document("x.yml")).faults
    assert (fault.line, fault.field, fault.problem) == (2, "b", "is a number too large to be read")


@pytest.mark.parametrize("target", ["nowhere.yml", "evil.yml"])
def test_a_link_that_leads_nowhere_or_to_itself_is_refused_by_its_own_name(tiny_project, target):
    (tiny_project.root / "params" / "evil.yml").symlink_to(target)
    assert "params/evil.yml: is a link that leads nowhere" in refusal(tiny_project)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("x.YML", "call it x.yml"),
        ("x.yaml", "call it x.yml"),
        ("Ély.yml", "call it ely.yml"),
        ("St Albans.yml", "call it st-albans.yml"),
        ("CON.yml", "call it con-place.yml"),
    ],
)
def test_a_file_name_is_told_what_it_should_be(tiny_project, name, remedy):
    tiny_project.write(f"params/{name}", "name: X\nkind: district\ncode: E06000032\n")
    told = refusal(tiny_project)
    assert f"params/{name}: " in told and remedy in told


def test_a_range_that_runs_backwards_is_not_read_as_the_total(tiny_project):
    tiny_project.replace(HOMES, "[flat]", '["90..65"]')
    assert "90..65 runs backwards\n    → write 65..90" in refusal(tiny_project)


def test_a_least_above_the_most_is_refused(tiny_project):
    tiny_project.replace("data/sources/jobs.yml", "minimum: 0", "minimum: 200")
    assert "minimum 200 is larger than maximum 100" in refusal(tiny_project)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (PEOPLE, "decimals: 1", "decimals: one", "'one' is not a whole number"),
        (PEOPLE, "[district, itl1, country]", "district", "is not a list"),
        (BROX, "code:", "narrative: hello\ncode:", "is not a group of `key: value` lines"),
        (BROX, "code:", "review: {by: A, on: 2025-13-40}\ncode:", "'2025-13-40' is not a date"),
        (BROX, "code:", "review: {by: '', on: 2025-03-31}\ncode:", "is empty"),
        (BROX, "code:", "peers: 11\ncode:", "11 is too large"),
        (BROX, "code:", "peers: -1\ncode:", "-1 is too small"),
        (BROX, "name: Broxbourne", "name:", "is empty"),
        (BROX, "name: Broxbourne", "name: <b>", "is not a name as people write it"),
        (BROX, "name: Broxbourne", f"name: {'x' * 81}", "is longer than 80 characters"),
        (BROX, "E07000095", "x" * 500, f"'{'x' * 75} … is not what is expected"),
        (PEOPLE, "question: How many work?", f"question: {'x' * 301}", "is longer than 300 characters"),
        ("data/sources/jobs.yml", "minimum: 0", "minimum: none", "'none' is not a number"),
    ],
)
def test_one_mistake_is_one_message_in_an_analysts_words(tiny_project, file, old, new, said):
    tiny_project.replace(file, old, new)
    with pytest.raises(InputError) as caught:
        Catalogue.open(tiny_project)
    (fault,) = caught.value.faults
    assert fault.problem == said and fault.remedy


def test_a_table_has_one_source_and_a_period_real_days(tiny_project):
    text = (tiny_project.root / "data/sources/jobs.yml").read_text(encoding="utf-8")
    tiny_project.write("data/sources/jobs2.yml", text.replace("2021-01-01/", "2021-13-01/"))
    told = [str(fault) for fault in check(Catalogue.open(tiny_project), None)]
    assert any("jobs2.yml:14: tables[0]: data/tables/jobs.csv is a table of 'jobs' too" in line for line in told)
    assert any("2021-13-01/2023-12-31 holds a day that no calendar has" in line for line in told)


def test_what_lies_beside_the_files_without_being_one(tiny_project):
    tiny_project.write("params/README.md", "How to add a place.\n")
    tiny_project.write("params/.hidden", "x")
    assert set(Catalogue.open(tiny_project).places) == {"broxbourne", "letchworth"}
    tiny_project.write("params/notes.txt", "x")
    assert refusal(tiny_project) == "params/notes.txt: is not a .yml file\n    → move it elsewhere"


def test_a_theme_whose_name_gives_no_order(tiny_project):
    (tiny_project.root / PEOPLE).rename(tiny_project.root / "data/indicators/people.yml")
    assert "data/indicators/people.yml: has a name that gives no order\n    → call it like 30-people.yml" in refusal(
        tiny_project
    )


def test_sources_are_read_without_areas_and_refused_as_strictly(tiny_project):
    (tiny_project.root / "data/geography/areas.csv").unlink()
    assert set(read_sources(tiny_project)) == {"homes", "jobs"}
    tiny_project.replace("data/sources/jobs.yml", "licence: OGL-UK-3.0", "licence: OGL")
    with pytest.raises(InputError, match=r"jobs\.yml:5: licence: 'OGL' is not known here\n.*'OGL-UK-3\.0'"):
        read_sources(tiny_project)


def test_an_indicator_knows_its_home(tiny_project):
    catalogue = Catalogue.open(tiny_project)
    assert catalogue.home("flats") == ("theme", "places", ("indicators", 0)) and catalogue.section_of("flats") == "places"
    with pytest.raises(KeyError, match="nothing"):
        catalogue.home("nothing")


OWN = """\
section: places
id: empty-shops
title: Empty shops
phrase: the share of empty shops
question: How many shops are empty?
definition: Shops without a tenant.
unit: percent
unit_words: '% of shops'
decimals: 1
polarity: lower_is_better
measure: share
uncertainty: limits
source: jobs
reads: {kind: published, measure: rate}
levels: [district]
"""


def test_a_measure_of_ones_own_stands_at_the_end_of_its_section(tiny_project):
    tiny_project.write("data/measures/empty-shops.yml", OWN)
    catalogue = Catalogue.open(tiny_project)
    assert [indicator.id for indicator in catalogue.themes["places"].indicators] == ["flats", "empty-shops"]
    assert catalogue.home("empty-shops") == ("measure", "empty-shops", ()) and catalogue.section_of("empty-shops") == "places"


@pytest.mark.parametrize(
    ("name", "was", "now", "said"),
    [
        ("empty-shops", "section: places", "section: place", "there is no section 'place'\n    → write one of people, places"),
        ("shops", "", "", "data/measures/shops.yml:2: id: is 'empty-shops' in a file of another name"),
        ("work", "id: empty-shops", "id: work", "data/measures/work.yml:2: id: the id 'work' is taken in the theme 'people'"),
        ("empty-shops", "unit: percent", "unit: perc", "data/measures/empty-shops.yml:7: unit: 'perc' is not known here"),
    ],
)
def test_what_is_wrong_with_ones_own_measure_is_said_at_its_line(tiny_project, name, was, now, said):
    tiny_project.write(f"data/measures/{name}.yml", OWN.replace(was, now))
    assert said in refusal(tiny_project)


def test_for_one_page_only_its_own_params_are_read(tiny_project):
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: nonsense\n")
    assert list(Catalogue.open(tiny_project, "letchworth").places) == ["letchworth"]
    with pytest.raises(InputError, match="there is no place 'camden': params/ holds broxbourne, letchworth, luton"):
        Catalogue.open(tiny_project, "camden")
    with pytest.raises(InputError, match="there is no place '../data/x'"):
        Catalogue.open(tiny_project, "../data/x")
    with pytest.raises(InputError, match="params/luton.yml"):
        Catalogue.open(tiny_project, "luton")


def test_a_place_lies_in_the_county_that_it_names_or_that_lists_its_district(tiny_project):
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    catalogue = Catalogue.open(tiny_project)
    assert [catalogue.county_of(slug) for slug in ("broxbourne", "letchworth", "luton")] == [
        "hertfordshire",
        "hertfordshire",
        "",
    ]
    assert catalogue.members("hertfordshire") == ["broxbourne", "letchworth"] and catalogue.members("kent") == []


def test_an_unknown_key_of_a_relation_is_told_as_in_every_other_file(tiny_project):
    tiny_project.write("data/relations/a.yml", "kind: pair\nfirst: work\nsecond: flats\nsektion: people\n")
    with pytest.raises(InputError) as raised:
        Catalogue.open(tiny_project)
    unknown = next(fault for fault in raised.value.faults if fault.field == "sektion")
    assert (unknown.file, unknown.line) == ("data/relations/a.yml", 4)
    assert (unknown.problem, unknown.remedy) == ("unknown key 'sektion'", "did you mean 'section'?")
