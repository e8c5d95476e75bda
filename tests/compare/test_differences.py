"""Two editions side by side: what is newer, revised, told otherwise; drawn ledgers, differences as arithmetic."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.compare import report
from placebook.compare.differences import compare, size
from placebook.compare.editions import Edition, Held
from placebook.compare.word_changes import words


def value(number, period="2023-01-01/P1Y", lower=None, upper=None, **more):
    return {
        "indicator": "work",
        "category": "",
        "partner": "",
        "area": "E07000001",
        "area_name": "Ayton",
        "role": "place",
        "badge": "direct",
        "period": period,
        "value": number,
        "lower": lower,
        "upper": upper,
        "unit": "percent",
        "markers": [],
    } | more


def held(*values, claims=(), findings=(), name="Ayton"):
    keyed = {f"{v['indicator']}--{v['area']}--{v['period']}": v for v in values}
    return Held(name, keyed, dict(claims), dict(findings))


def claim(verdict, sentence="It is so."):
    return ("c1", {"claim": "level", "indicator": "work", "verdict": verdict, "sentence": sentence})


def finding(order, headline="More work", sentence="So it is."):
    return ("f1", {"order": order, "type": "level", "indicator": "work", "headline": headline, "sentence": sentence})


def place(old, new):
    (found,) = compare(Edition("a", {"ayton": old}), Edition("b", {"ayton": new})).places
    return found


def test_a_newer_period_is_no_revision():
    found = place(held(value(70)), held(value(70), value(72, "2024-01-01/P1Y")))
    assert [(figure.kind, figure.old["value"], figure.new["value"]) for figure in found.figures] == [("new period", 70, 72)]
    assert found.revised == ()


def test_a_revision_is_measured_by_half_the_interval_of_then():
    found = place(held(value(70, lower=66, upper=74)), held(value(73, lower=69, upper=77)))
    (figure,) = found.figures
    assert figure.kind == "revised" and figure.size == pytest.approx(3 / 4)
    assert len(found.revised) == 1
    assert size(value(70), value(73)) is None


def test_revisions_of_earlier_periods_and_other_areas_are_counted_the_largest_first():
    england = {"area": "E92000001", "area_name": "England", "role": "country"}
    old = held(value(70), value(60, "2022-01-01/P1Y"), value(50, **england))
    new = held(value(70), value(66, "2022-01-01/P1Y"), value(51, **england))
    found = place(old, new)
    assert found.figures == () and [pair[1]["value"] for pair in found.revised] == [66, 51]


def test_what_differs_for_a_place_is_counted_and_what_does_not_is_not_named():
    old = held(
        value(70), value(60, "2022-01-01/P1Y"), value(1, indicator="gone"), claims=[claim("higher")], findings=[finding(1)]
    )
    new = held(
        *(value(72, "2024-01-01/P1Y"), value(71), value(61, "2022-01-01/P1Y"), value(2, indicator="new", badge="wider")),
        claims=[claim("lower")],
    )
    counted = "1 newer figure, 2 revised figures, 1 new measure, 1 measure gone, 1 statement and 1 key finding"
    assert report.counts(place(old, new)) == counted
    another = ("c2", claim("higher")[1])
    assert report.counts(place(held(claims=[claim("higher"), another]), held())) == "1 statement", "two claims in one sentence"
    words_alone = place(held(value(70), claims=[claim("higher")]), held(value(70), claims=[claim("higher", "So it is.")]))
    assert report.counts(words_alone) == "1 sentence in other words"
    assert report.counts(place(held(value(70)), held(value(70, badge="wider")))) == "1 measure for another area"
    assert report.counts(place(held(value(70)), held(value(70)))) == ""


def test_measures_come_and_go_and_badges_change():
    found = place(held(value(70), value(1, indicator="old")), held(value(70, badge="wider"), value(2, indicator="new")))
    assert {(figure.indicator, figure.kind) for figure in found.figures} == {("old", "gone"), ("new", "new measure")}
    assert found.badges == (("work", "direct", "wider"),)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ([claim("higher")], [claim("no_clear_difference")], "flipped"),
        ([claim("higher")], [claim("higher", "It is so now.")], "words"),
        ([claim("higher")], [], "lost"),
        ([], [claim("higher")], "gained"),
    ],
)
def test_claims_flip_come_go_and_are_said_otherwise(old, new, kind):
    (change,) = place(held(value(1), claims=old), held(value(1), claims=new)).claims
    assert change.kind == kind


@pytest.mark.parametrize(("old", "new", "kind"), [([finding(1)], [finding(2)], "moved"), ([finding(1)], [], "lost")])
def test_key_findings_move_and_leave(old, new, kind):
    (change,) = place(held(value(1), findings=old), held(value(1), findings=new)).findings
    assert change.kind == kind


def test_the_same_edition_twice_differs_in_nothing():
    edition = Edition("a", {"ayton": held(value(70), claims=[claim("higher")], findings=[finding(1)])}, {"s": {"title": "S"}})
    found = compare(edition, edition)
    assert found.same and "hold the same figures" in report.summary(found) and report.sections(found, {}) == []


def test_places_and_sources_that_come_and_go_or_are_other_ones():
    source = {"title": "S", "period": "2023", "released": None, "retrieved": "2025-01-01", "tables": {"t": "1"}}
    old = Edition("a", {"x": held(name="X")}, {"s": source, "gone": source})
    new = Edition("b", {"y": held(name="Y")}, {"s": {**source, "retrieved": "2026-01-01", "tables": {"t": "2"}}})
    found = compare(old, new)
    assert (found.gained, found.lost) == (("Y",), ("X",)) and [source.id for source in found.sources] == ["gone", "s"]
    (whole,) = report.sections(found, {})
    lines = [" ".join(words for _, words in line) for part in whole.parts for line in part.lines]
    assert lines == ["Y", "X", "S: gone", "S: retrieved 1 January 2025 → 1 January 2026 and other figures"]


def test_what_is_told_names_both_figures_and_the_size_of_the_revision():
    old = held(value(70, lower=66, upper=74), claims=[claim("higher", "Work is higher here.")], findings=[finding(1)])
    new = held(value(73, lower=69, upper=77), claims=[claim("similar", "Work is not higher here.")])
    found = compare(Edition("2026-06", {"ayton": old}), Edition("now", {"ayton": new}))
    text = "\n".join(report.text(found, {}))
    assert "work, 2023: [-70.00%-] {+73.00%+} (0.8 times half the interval then)" in text
    assert "Work is {+not+} higher here." in text and "Out: [-More work-]" in text
    made = report.record(found)["places"][0]
    assert made["figures"][0]["half_widths"] == made["revised"][0]["half_widths"] == pytest.approx(3 / 4)


def lines(found, title):
    """Heading to its lines, of one section."""
    (section,) = (each for each in report.sections(found, {}) if each.title == title)
    return {part.title: [" ".join(words for _, words in line) for line in part.lines] for part in section.parts}


def test_a_figure_of_a_wider_area_is_told_and_counted_once_however_many_pages_set_it_beside_their_place():
    england = {"area": "E92000001", "area_name": "England", "role": "country"}
    towns = {"ayton": {}, "beton": {"area": "E07000002", "area_name": "Beton"}}

    def edition(name, own, country):
        return Edition(name, {slug: held(value(own, **area), value(country, **england)) for slug, area in towns.items()})

    found = compare(edition("a", 70, 50), edition("b", 70, 51))
    assert report.summary(found).startswith("From a to b: 1 revised figure, on 2 of 2 pages.")
    assert [section.title for section in report.sections(found, {})] == ["The whole book"]
    (part,) = lines(found, "The whole book").items()
    assert part == (
        "Other areas, beside places: 1 revision, the largest first",
        ["work, England, 2023: 50.00% 51.00% (1.0 percentage points more)"],
    )
    both = compare(edition("a", 70, 50), edition("b", 72, 51))
    assert report.summary(both).startswith("From a to b: 3 revised figures, on 2 of 2 pages.")


def test_a_revision_is_told_in_points_of_a_percentage_else_as_a_share_and_not_at_all_of_nothing():
    pounds = {"unit": "pounds", "indicator": "pay"}
    old = held(value(3.3), value(50, **pounds), value(0, unit="count", indicator="none"))
    new = held(value(3.9), value(49, **pounds), value(4, unit="count", indicator="none"))
    told = lines(compare(Edition("a", {"ayton": old}), Edition("b", {"ayton": new})), "Ayton")["Revised figures"]
    assert told == [
        "none, 2023: 0.00 4.00",
        "pay, 2023: £50.00 £49.00 (2.0% less)",
        "work, 2023: 3.30% 3.90% (0.6 percentage points more)",
    ]


def test_a_figure_whose_interval_alone_is_another_one_says_so():
    old, new = held(value(70, lower=66, upper=74)), held(value(70, lower=65, upper=75))
    told = lines(compare(Edition("a", {"ayton": old}), Edition("b", {"ayton": new})), "Ayton")["Revised figures"]
    assert told == ["work, 2023: 70.00% as before (its interval or markers differ)"]


def test_a_sentence_that_several_statements_share_is_told_once_and_what_is_cut_is_counted():
    def claims(end):
        shared = [(f"c{at}", {**claim("higher", f"It is {end}.")[1], "claim": str(at)}) for at in range(3)]
        own = [(f"d{at}", {**claim("higher", f"It, {at}, is {end}.")[1], "claim": str(at)}) for at in range(report.SHOWN)]
        return held(value(1), claims=[*shared, *own])

    found = compare(Edition("a", {"ayton": claims("so")}), Edition("b", {"ayton": claims("not")}))
    ((title, told),) = lines(found, "Ayton").items()
    assert title == f"Other words: {report.SHOWN + 1} sentences"
    assert told[0] == "work: It is so. not." and told[-1] == "… and 1 more" and len(told) == report.SHOWN + 1
    assert report.summary(found) == "From a to b: 1 of 1 page differs. No verdict and no key finding has changed."


def test_a_sentence_whose_verdict_flipped_is_not_told_once_more_as_other_words():
    old = {"c1": claim("lower", "It is low.")[1], "c2": claim("same", "It is low.")[1]}
    new = {"c1": claim("higher", "It is high.")[1], "c2": claim("same", "It is high.")[1]}
    found = compare(Edition("a", {"ayton": held(claims=old)}), Edition("b", {"ayton": held(claims=new)}))
    assert lines(found, "Ayton") == {"Other verdicts": ["work: It is low. high."]}


def test_nothing_of_a_sentence_is_markup_in_a_pull_request():
    old, new = [claim("higher", "A <b>x</b> [y](z) *a* was.")], [claim("similar", "A <b>x</b> [y](z) *a* is.")]
    found = compare(Edition("a", {"ayton": held(claims=old)}), Edition("b", {"ayton": held(claims=new)}))
    assert r"A \<b\>x\</b\> \[y\](z) \*a\* ~~was.~~ **is.**" in report.markdown(found, {})


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_what_is_the_same_with_what_is_gone_is_the_old_sentence_and_with_what_is_new_the_new(old, new):
    runs = list(words(" ".join(old), " ".join(new)))
    assert " ".join(run for kind, run in runs if kind != "new").split() == old
    assert " ".join(run for kind, run in runs if kind != "gone").split() == new


def test_a_ledger_keeps_its_key_findings_alone():
    entries = [
        {"kind": "finding", "id": "f", "order": None},
        {"kind": "finding", "id": "g", "order": 1},
        {"kind": "band", "id": "b"},
    ]
    made = Held.of(json.loads(json.dumps({"place": {"name": "Ayton"}, "entries": entries})))
    assert set(made.findings) == {"g"} and made.values == {}
