"""What an analyst leaves out of a page is nowhere on it but in its list, with the reason; it compares with what is chosen."""

import json

import pytest

from placebook.build.checked import open_checked
from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.evidence.comparators import comparators
from placebook.evidence.reading import Absent, Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings.key_findings import KeyFindings
from placebook.report import chosen_for_page, page_foot, page_head
from placebook.report.ledger import Ledger

HEAD = "name: Broxbourne\nkind: district\ncode: E07000095\n"
WHY = "Nobody here believes it."


def write(project, slug="broxbourne", head=HEAD, **fields):
    more = "".join(f"{name}: {json.dumps(given)}\n" for name, given in fields.items())
    project.write(f"params/{slug}.yml", head + more)


def evidence(project, slug="broxbourne"):
    catalogue = Catalogue.open(project)
    return Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), slug)


def faults(project):
    with pytest.raises(InputError) as raised:
        open_checked(project)
    return [(f"{fault.file}:{fault.line} {fault.field}", fault.problem, fault.remedy) for fault in raised.value.faults]


# ------------------------------------------------------------ left out


def test_a_measure_that_is_left_out_is_read_for_no_figure_and_no_finding(tiny_project):
    assert isinstance(evidence(tiny_project).read("work"), Reading)
    write(tiny_project, leave_out={"work": WHY})
    found = evidence(tiny_project)
    absent = found.read("work")
    assert isinstance(absent, Absent) and (absent.lack, absent.reason) == ("left_out", WHY)
    assert found.asked["work"] == (), "no table is asked for it"
    assert "work" not in KeyFindings(found).readings and found.theme("people") == ()
    assert found.left_out == {"work": WHY}


def test_a_section_that_is_left_out_takes_its_measures_with_it_and_a_measures_own_reason_goes_before(tiny_project):
    write(tiny_project, leave_out={"people": "Told elsewhere."})
    assert evidence(tiny_project).left_out == {"work": "Told elsewhere."}
    write(tiny_project, leave_out={"people": "Told elsewhere.", "work": WHY})
    assert evidence(tiny_project).left_out == {"work": WHY}


def test_the_page_says_once_what_is_left_out_and_why(tiny_project):
    write(tiny_project, leave_out={"work": "Not <b>believed</b>.", "places": "Told elsewhere."})
    found = evidence(tiny_project)
    foot = "\n".join(page_foot.sources(found))
    assert "### Left out of this page" in foot
    assert foot.count("Not &lt;b&gt;believed&lt;/b&gt;.") == 1 and foot.count("Told elsewhere.") == 1
    assert "<li>Employment rate: " in foot and "<li>The section “Places” (1 measure): Told elsewhere.</li>" in foot
    write(tiny_project)
    assert "Left out" not in "\n".join(page_foot.sources(evidence(tiny_project)))


def test_words_that_quote_what_is_left_out_are_told_so(tiny_project):
    write(tiny_project, leave_out={"work": WHY}, narrative={"summary": "Of all {{ work }} work."})
    ((where, problem, _),) = faults(tiny_project)
    assert where == "params/broxbourne.yml:5 narrative.summary, line 1"
    assert problem == "{{ work }}: Broxbourne has no figure of it: left out of its page"


def test_what_is_unknown_is_refused_with_candidates_and_so_is_a_page_without_a_measure(tiny_project):
    write(tiny_project, leave_out={"worc": WHY, "houses": WHY})
    assert faults(tiny_project) == [
        (
            "params/broxbourne.yml:4 leave_out.houses",
            "there is no measure and no section 'houses'",
            "the sections are people, places; a measure by its id",
        ),
        ("params/broxbourne.yml:4 leave_out.worc", "there is no measure and no section 'worc'", "did you mean 'work'?"),
    ]
    write(tiny_project, leave_out={"people": WHY, "flats": WHY})
    ((where, problem, remedy),) = faults(tiny_project)
    assert (where, problem) == ("params/broxbourne.yml:4 leave_out", "leaves out every measure of the book")
    assert remedy == "a page shows some: remove a line"


@pytest.mark.parametrize("given", [["work"], "work", {"work": None}, {"work": ""}, {"work": "  "}])
def test_nothing_is_left_out_without_a_reason(tiny_project, given):
    write(tiny_project, leave_out=given)
    ((where, problem, remedy),) = faults(tiny_project)
    assert where.startswith("params/broxbourne.yml:4 leave_out")
    assert (problem, remedy) in [
        ("gives no reasons", "write each on a line of its own, with its reason: `employment-rate: why`"),
        ("is empty", "write it, or remove the key"),
    ]


# ------------------------------------------------------------ compared with


def roles(found, indicator="work"):
    reading = found.read(indicator)
    return [(each.role, each.code) for each in comparators(found, reading.indicator, reading.subject, reading.period)]


def test_a_page_compares_with_what_is_chosen_and_says_why(tiny_project):
    write(tiny_project, compare_with={"country": "The strategy is national."})
    found = evidence(tiny_project)
    assert roles(found) == [("country", "E92000001")]
    foot = "\n".join(page_foot.sources(found))
    assert "### What this page compares with" in foot and "<li>England: The strategy is national.</li>" in foot


def test_districts_that_are_named_stand_in_the_place_of_statistical_neighbours(tiny_project):
    letchworth = (tiny_project.params / "letchworth.yml").read_text(encoding="utf-8")
    assert [n.code for n in evidence(tiny_project, "letchworth").neighbours] == ["E07000095"]
    write(tiny_project, "letchworth", letchworth, compare_with={"E06000032": "As near to London."})
    found = evidence(tiny_project, "letchworth")
    assert [(n.rank, n.code, n.name) for n in found.peers] == [(1, "E06000032", "Luton")] and found.neighbours == ()
    assert ("peer", "E06000032") in roles(found, "flats") and ("country", "E92000001") in roles(found, "flats")
    assert page_head.peers_introduction(found) == (
        "Chosen by those who wrote this page, in place of ONS’s statistical neighbours. Luton: As near to London."
    )
    assert chosen_for_page.peers(found).count("As near to London") == 1
    assert "As near to London" not in "\n".join(page_foot.sources(found)), "it is said where they stand"
    table = page_head.peers_table([found.read("work")], page_head.peers(found), Ledger({"slug": "letchworth"}), "Letchworth")
    assert table.columns[-1] == "Luton" and table.caption.endswith("and the districts chosen")


@pytest.mark.parametrize(
    ("given", "where", "problem", "remedy"),
    [
        (
            {"compare_with": {"contry": WHY}},
            "compare_with.contry",
            "there is no comparator and no English district 'contry'",
            "did you mean 'country' or 'county'?",
        ),
        (
            {"compare_with": {"Luton": WHY}},
            "compare_with.Luton",
            "there is no comparator and no English district 'Luton'",
            "Did you mean E06000032 (Luton)?",
        ),
        (
            {"compare_with": {"E10000015": WHY}},
            "compare_with.E10000015",
            "E10000015 is a county, not a district",
            "peers are districts; use a code such as E07000095",
        ),
        (
            {"compare_with": {"E07000095": WHY}},
            "compare_with.E07000095",
            "Broxbourne is the place itself, or what it lies in",
            "name another district",
        ),
        (
            {"compare_with": {"E06000032": WHY}, "peers": 3},
            "peers",
            "counts statistical neighbours, and compare_with names others in their place",
            "remove the line",
        ),
        (
            {"compare_with": {"county": WHY}, "comparators": ["county"]},
            "comparators",
            "stands beside compare_with, which says the same with reasons",
            "remove the line",
        ),
        (
            {"compare_with": {"E06000032": WHY, "peer": WHY}},
            "compare_with.peer",
            "asks for statistical neighbours, and districts are named in their place",
            "remove this line, or those of districts",
        ),
        (
            {"compare_with": ["county"]},
            "compare_with",
            "gives no reasons",
            "write each on a line of its own, with its reason: `county: why`",
        ),
    ],
)
def test_what_cannot_be_compared_with_is_refused(tiny_project, given, where, problem, remedy):
    write(tiny_project, **given)
    found = [fault for fault in faults(tiny_project) if fault[0].endswith(f" {where}")]
    assert [each[1:] for each in found] == [(problem, remedy)]


def test_a_county_is_set_beside_no_peers(tiny_project):
    head = "name: The county\nkind: county\ncode: E10000015\n"
    write(tiny_project, "shire", head, compare_with={"E06000032": WHY})
    ((where, problem, _),) = faults(tiny_project)
    assert (where, problem) == ("params/shire.yml:4 compare_with.E06000032", "a county has no peers")
