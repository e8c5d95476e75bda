"""Words are pinned to what they quote and stand beside; what moves is told beside them, then and now, and nothing else is."""

import json

import nbformat
import pytest
from drawn import england, other, reading, year
from nbformat.v4 import new_code_cell, new_notebook, new_output

from placebook.catalogue.check_places import pin_faults
from placebook.catalogue.load import Catalogue
from placebook.desk import pins_file
from placebook.errors import InputError
from placebook.evidence.store import Store
from placebook.execute.outcome import PLACE, Page
from placebook.findings.all_claims import all_claims
from placebook.incremental.fingerprints import Inputs
from placebook.incremental.pages import Pages
from placebook.report import check_text, front_page, words
from placebook.report.display import slot
from placebook.report.ledger import Ledger
from placebook.report.pinned import Pinned
from placebook.report.quotes import of_row
from placebook.report.scorecard import Row

HEAD = "name: Broxbourne\nkind: district\ncode: E07000095\n"
OWN = {"indicator": "work", "area": "E07000095", "name": "Broxbourne"}
FINDING = "finding--level--work"


def show(project, number, lower=None, upper=None, beside=(70, 69.5, 70.5), finding="Fewer people work", when=2023):
    """Build Broxbourne's page by hand: one measure, what is said of it, and a key finding; "" for none."""
    own = year(number, when, lower, upper, **OWN)
    found = reading(own, beside=[england(other(*beside, period=own.period))])
    claims = all_claims(found)
    ledger = Ledger(
        {"slug": "broxbourne", "name": "Broxbourne", "kind": "district", "district": "E07000095"}, {"work": "people"}
    )
    ledger.add(own)
    row = Row.of(found, claims)
    for each in (row.own, *row.others.values()):
        ledger.add(each)
    for claim in claims:
        ledger.add_claim(claim, [own.id], "A sentence.")
    ledger.quotes["work"] = of_row(row)
    if finding:
        told = {"kind": "finding", "id": FINDING, "order": 1, "indicator": "work", "indicators": ["work"], "headline": finding}
        ledger.entries[FINDING] = told
    ledger.write(project.ledgers / "broxbourne.json", {})


def write(project, text="", **fields):
    """The params of Broxbourne: a story, and other fields as YAML."""
    story = f"narrative: {{story: {json.dumps(text)}}}\n" if text else ""
    more = "".join(f"{name}: {json.dumps(given)}\n" for name, given in fields.items())
    project.write("params/broxbourne.yml", HEAD + story + more)


def pin(project):
    return list(pins_file.write(Pinned(project, Catalogue.open(project)), "place", "broxbourne"))


def moved(project, kind="place", slug="broxbourne"):
    found = Pinned(project, Catalogue.open(project)).moved(kind, slug)
    return {text: [str(each) for each in every] for text, every in found.items()}


def hints(project):
    return [f"{fault.file}:{fault.line} {fault.field}: {fault.problem}" for fault in check_text.hints(at_hand(project))]


def at_hand(project):
    return Pinned(project, Catalogue.open(project))


# ------------------------------------------------------------ what moves


def test_a_figure_inside_its_limits_of_then_has_not_moved_and_one_outside_has(tiny_project):
    write(tiny_project, "Of all {{ work }} work.")
    show(tiny_project, 76.1, 74, 78.2, beside=(75, 60, 90))
    assert pin(tiny_project) == ["narrative.story: 1 figure, 1 verdict", "Written: params/pins/broxbourne.yml"]
    for inside in (74, 78.2):
        show(tiny_project, inside, inside - 2, inside + 2, beside=(75, 60, 90))
        assert moved(tiny_project) == {}
    show(tiny_project, 78.3, 76, 80, beside=(75, 60, 90), when=2024)
    assert moved(tiny_project) == {
        "narrative.story": [
            "Employment rate: then 76.1% (2023), now 78.3% (2024): outside its limits of then, 74.0% to 78.2%",
        ]
    }


def test_without_limits_a_figure_has_moved_by_more_than_its_rounding(tiny_project):
    write(tiny_project, "Of all {{ work }} work.")
    show(tiny_project, 76.1, beside=(75,))
    pin(tiny_project)
    for near in (76.1 - 0.1, 76.1 + 0.1):
        show(tiny_project, near, beside=(75,))
        assert moved(tiny_project) == {}
    show(tiny_project, 76.3, beside=(75,))
    (told,) = moved(tiny_project)["narrative.story"]
    assert told == "Employment rate: then 76.1% (2023), now 76.3%: by more than its rounding, 0.1; no limits are published"


def test_a_verdict_that_flips_is_told_with_then_and_now(tiny_project):
    write(tiny_project, "They work: {{ work }}.")
    show(tiny_project, 80, 70, 90, beside=(60, 59.5, 60.5))
    pin(tiny_project)
    show(tiny_project, 80, 70, 90, beside=(79, 70, 88))
    assert moved(tiny_project) == {
        "narrative.story": ["Employment rate, against England: then higher, now no clear difference"]
    }


def test_englands_figure_is_pinned_where_it_is_quoted(tiny_project):
    write(tiny_project, "England has {{ work.england }}.")
    show(tiny_project, 80, 70, 90, beside=(60, 59.5, 60.5))
    pin(tiny_project)
    show(tiny_project, 80, 70, 90, beside=(62, 61.5, 62.5))
    (told,) = moved(tiny_project)["narrative.story"]
    assert told == "Employment rate, England: then 60.0% (2023), now 62.0%: outside its limits of then, 59.5% to 60.5%"


def test_a_summary_stands_beside_the_key_findings_and_a_story_beside_what_it_quotes(tiny_project):
    write(tiny_project, narrative={"summary": "A town.", "story": "No figure."})
    show(tiny_project, 76.1, 74, 78.2)
    assert pin(tiny_project)[0] == "narrative.summary: 1 figure, 1 verdict, 1 finding"
    show(tiny_project, 76.1, 74, 78.2, finding="")
    assert moved(tiny_project) == {
        "narrative.summary": ["A key finding: then “Fewer people work”, now the page does not tell it"]
    }


def test_a_measure_that_the_book_or_the_page_has_no_more_is_told(tiny_project):
    write(tiny_project, narrative={"summary": "A town."})
    show(tiny_project, 76.1, 74, 78.2)
    pin(tiny_project)
    ledger = tiny_project.ledgers / "broxbourne.json"
    record = json.loads(ledger.read_text(encoding="utf-8"))
    kept = [entry for entry in record["entries"] if entry["kind"] == "finding"]
    ledger.write_text(json.dumps(record | {"quotes": {}, "entries": kept}), encoding="utf-8")
    assert moved(tiny_project)["narrative.summary"] == ["Employment rate: then 76.1% (2023), now the page has no figure of it"]
    tiny_project.replace("data/indicators/30-people.yml", "id: work", "id: jobs-done")
    assert moved(tiny_project)["narrative.summary"] == ["work: then 76.1% (2023), now the book has no such measure"]


def test_words_that_changed_are_told_as_old_and_raise_no_alarm(tiny_project):
    write(tiny_project, "Of all {{ work }} work.")
    show(tiny_project, 76.1, 74, 78.2)
    pin(tiny_project)
    assert hints(tiny_project) == []
    show(tiny_project, 90, 89, 91)
    assert "check this text: Employment rate: then 76.1%" in hints(tiny_project)[0]
    write(tiny_project, "Of all people {{ work }} work.")
    assert moved(tiny_project) == {}
    assert hints(tiny_project) == [
        "params/broxbourne.yml:4 narrative.story: its words changed since they were pinned, or are new: nothing watches their "
        "figures"
    ]
    pin(tiny_project)
    assert hints(tiny_project) == []


def test_words_without_a_figure_are_not_asked_for(tiny_project):
    write(tiny_project, "Of all {{ work }} work.")
    show(tiny_project, 76.1, 74, 78.2)
    pin(tiny_project)
    event = {"date": "2019", "who": "Us", "what": "A talk."}
    write(tiny_project, narrative={"story": "Of all {{ work }} work.", "events": [event]})
    assert hints(tiny_project) == []


# ------------------------------------------------------------ where it is said


def test_the_note_stands_beside_the_words_at_the_head_on_the_front_page_and_in_the_terminal(tiny_project):
    write(tiny_project, narrative={"summary": "A town."}, explain={FINDING: "The works closed."})
    show(tiny_project, 76.1, 74, 78.2, beside=(75, 60, 90))
    pin(tiny_project)
    show(tiny_project, 90, 89, 91, beside=(90, 80, 99))
    pinned = at_hand(tiny_project)
    place = pinned.catalogue.places["broxbourne"]
    made = words.place_words(place, slug="broxbourne", moved=pinned.moved("place", "broxbourne"))
    item = "<li>Employment rate: then 76.1% (2023), now 90.0%: outside its limits of then, 74.0% to 78.2%</li>"
    for at, block in ((1, "summary"), (2, FINDING)):
        assert f'id="broxbourne-check-{at}"' in made[block] and item in made[block]
        assert made[block].index("Check this text.") < made[block].rindex("<p>")
    line = '<a href="#broxbourne-check-1">the summary</a> and <a href="#broxbourne-check-2">what is said to a finding</a>'
    assert line in made["review"] and "Check this text:" in made["review"]
    front = check_text.front(pinned)
    assert '<a href="places/broxbourne.html#broxbourne-check-1">Broxbourne, the summary</a>' in front and item in front
    shown = front_page.page(tiny_project, pinned.catalogue, {}, pinned.catalogue.edition_date, (), front)
    assert shown.startswith(str(front)) and "\n\n## " in shown
    assert all("check this text: Employment rate: then 76.1%" in hint for hint in hints(tiny_project))


def test_nothing_is_executed_for_a_pin_and_the_page_is_baked_again(tiny_project):
    write(tiny_project, narrative={"summary": "A town."})
    show(tiny_project, 76.1, 74, 78.2)
    output = new_output("display_data", {"text/markdown": f"# Town\n\n<div>{slot(FINDING)}</div>"})
    output.metadata = {"placebook": {"kind": "markdown"}}
    summary = new_output("display_data", {"text/markdown": "x"}, metadata={"placebook": {"kind": "words", "name": "summary"}})
    path = tiny_project.executed(PLACE, "broxbourne")
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=[new_code_cell("page", outputs=[output, summary])]), path)

    def baked():
        catalogue = Catalogue.open(tiny_project)
        place = catalogue.places["broxbourne"].model_dump_json(exclude=words.PLACE_FIELDS)
        store = Store.open(tiny_project, catalogue.sources, catalogue.areas)
        why = Pages(tiny_project, catalogue, store, lambda: True).bake(Page(PLACE, "broxbourne"))
        text = tiny_project.page(PLACE, "broxbourne").read_text(encoding="utf-8")
        return why, "Check this text" in text, Inputs(tiny_project).place(place)["params"]

    first = baked()
    pin(tiny_project)
    assert first[:2] == ("not built yet", False) and baked() == ("", False, first[2])
    show(tiny_project, 90, 89, 91)
    assert baked() == ("changed: words", True, first[2])
    assert pin(tiny_project)[0].startswith("narrative.summary: taken as read: Employment rate: then 76.1%")
    assert baked() == ("changed: words", False, first[2])


def test_a_countys_story_is_pinned_to_what_it_quotes_of_its_places(tiny_project):
    show(tiny_project, 76.1, 74, 78.2)
    tiny_project.write(
        "data/counties/hertfordshire.yml",
        "name: Hertfordshire\ncode: E10000015\ndistricts: [E07000095, E07000099]\n"
        "story: 'In Broxbourne {{ broxbourne:work }}.'\n",
    )
    list(pins_file.write(at_hand(tiny_project), "county", "hertfordshire"))
    assert moved(tiny_project, "county", "hertfordshire") == {}
    show(tiny_project, 90, 89, 91)
    (told, *_) = moved(tiny_project, "county", "hertfordshire")["story"]
    assert told.startswith("Employment rate, Broxbourne: then 76.1% (2023), now 90.0%")
    county = Catalogue.open(tiny_project).counties["hertfordshire"]
    made = words.county_words(county, slug="hertfordshire", moved=at_hand(tiny_project).moved("county", "hertfordshire"))
    assert made["story"].startswith('<div class="pb-check" role="note" id="hertfordshire-check-1">')
    assert "counties/hertfordshire.html#hertfordshire-check-1" in check_text.front(at_hand(tiny_project))


# ------------------------------------------------------------ the file


def test_the_file_is_the_same_for_the_same_page_and_is_read_back_as_it_was_written(tiny_project):
    write(tiny_project, "Of all {{ work }} work, {{ work.england }} there.")
    show(tiny_project, 76.1, 74, 78.2)
    pin(tiny_project)
    path = tiny_project.pins / "broxbourne.yml"
    first, written = path.read_bytes(), path.stat().st_mtime_ns
    pin(tiny_project)
    assert path.read_bytes() == first and path.stat().st_mtime_ns == written
    pinned = at_hand(tiny_project)
    assert pinned.catalogue.pins["broxbourne"] == pinned.pins("place", "broxbourne")
    assert sorted(each.name for each in tiny_project.pins.iterdir()) == ["broxbourne.yml"]


@pytest.mark.parametrize(
    ("old", "new", "problem", "remedy"),
    [
        ("  words: ", "  wrods: ", "unknown key 'wrods'", "did you mean 'words'?"),
        ("value: 76.1", "value: high", "'high' is not a number", "write digits, with a point for decimals"),
        ("value: 76.1", "value: .inf", "'.inf' is not a number", "write digits, with a point for decimals"),
        ("rounding: 0.1", "rounding: 0.0", None, None),
        ("part: england", "part: wales", "'wales' is not known here", "use one of 'own', 'england', 'county' or 'region'"),
    ],
)
def test_a_file_of_pins_is_read_strictly(tiny_project, old, new, problem, remedy):
    write(tiny_project, "Of all {{ work }} work, {{ work.england }} there.")
    show(tiny_project, 76.1, 74, 78.2)
    pin(tiny_project)
    tiny_project.replace("params/pins/broxbourne.yml", old, new)
    with pytest.raises(InputError) as raised:
        Catalogue.open(tiny_project)
    fault = next(f for f in raised.value.faults if problem is None or f.problem == problem)
    assert fault.file == "params/pins/broxbourne.yml" and fault.line > 1
    assert remedy is None or fault.remedy == remedy


def test_pins_of_a_place_that_is_gone_and_of_a_text_twice_are_refused(tiny_project):
    write(tiny_project, "Of all {{ work }} work.")
    show(tiny_project, 76.1, 74, 78.2)
    pin(tiny_project)
    path = tiny_project.pins / "broxbourne.yml"
    text = path.read_text(encoding="utf-8")
    path.with_name("broxborne.yml").write_text(text, encoding="utf-8")
    path.write_text(text + text.partition("texts:\n")[2], encoding="utf-8")
    gone, twice = pin_faults(Catalogue.open(tiny_project))
    assert (gone.file, gone.problem) == (
        "params/pins/broxborne.yml",
        "there is no place or county 'broxborne' whose words these are",
    )
    assert "did you mean 'broxbourne'?" in gone.remedy
    assert twice.problem == "narrative.story is pinned twice"


def test_nothing_is_pinned_where_nothing_can_be(tiny_project):
    show(tiny_project, 76.1, 74, 78.2)
    with pytest.raises(InputError, match="nothing was pinned: no words in params/broxbourne.yml quote a figure"):
        pin(tiny_project)
    write(tiny_project, "Its change: {{ work.change }}.")
    with pytest.raises(InputError, match=r"quotes \{\{ work.change \}\}, which the page of broxbourne as it was built last"):
        pin(tiny_project)
    (tiny_project.ledgers / "broxbourne.json").unlink()
    with pytest.raises(InputError, match="there is no ledger of broxbourne: run placebook build broxbourne"):
        pin(tiny_project)


def test_an_untested_gap_is_pinned_with_its_direction(tiny_project):
    write(tiny_project, "They work: {{ work }}.")
    show(tiny_project, 80, beside=(70,))
    pin(tiny_project)
    (verdict,) = Catalogue.open(tiny_project).pins["broxbourne"].texts[0].verdicts
    assert (verdict.of, verdict.verdict) == ("england", "higher, not tested")
