"""Every claim of every place once more, by another route, and held against the ledger and the page.

The files beside this one read the tables, make the claims and say which numbers a sentence may hold, without
importing anything of the package. ``python tests/book/test_claims_again.py ROOT`` prints what a built book was
checked for.
"""

from __future__ import annotations

import collections
import copy
import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup

sys.path.insert(0, str(Path(__file__).parent))

import again
import again_claims
import again_formulas as formulas
import again_words

ROOT = Path(__file__).parents[2]
PLACES = sorted(path.stem for path in (ROOT / "params").glob("*.yml"))
Entry = dict[str, Any]


# ------------------------------------------------------------ agreement


def alike(mine: float | None, theirs: float | None, least: float = 1e-9) -> bool:
    """The same number to eight significant digits; p values too small for a double are alike."""
    if mine is None or theirs is None or not math.isfinite(mine):
        return theirs is None and (mine is None or not math.isfinite(mine))
    return math.isclose(mine, theirs, rel_tol=1e-8, abs_tol=least)


def from_rows(book: again.Book, entry: Entry) -> float | None:
    """A ledger value again from the rows that it names."""
    sums: dict[str, float] = collections.defaultdict(float)
    reads = next(indicator["reads"] for indicator in book.indicators if indicator["id"] == entry["indicator"])
    whole = reads.get("denominator", {}).get("source", entry["source"])
    for part in entry["inputs"]:
        source = whole if part.get("part") == "denominator" else entry["source"]
        paths = [table["path"] for table in book.sources[source]["tables"]]
        if not set(part["table"].split(";")) <= set(paths):
            raise AssertionError(f"{entry['id']} names {part['table']}, which is no table of {source}")
        rows, key = by_key(book, source), part["key"]
        lists = {k: v if isinstance(v, list) else [v] for k, v in key.items()}
        for area in lists["area"]:
            for category in lists["category"]:
                for partner in lists["partner"]:
                    text = rows[area, key["period"], key["measure"], category, partner]
                    sums[part.get("part", "")] += float(text) if text else math.nan
    how, per = entry["derivation"], entry.get("per", 1)
    if how in ("published", "sum"):
        found = sums[""]
    elif how == "percentage":
        found = per * sums[""]
    elif how == "mean":
        found = sums[""] / len(entry["inputs"])
    elif how == "difference":
        found = sums["minuend"] - sums["subtrahend"]
    elif how in ("share", "quotient"):
        found = per * sums["numerator"] / sums["denominator"]
        if "base_numerator" in sums:
            found = found * sums["base_denominator"] / sums["base_numerator"]
    else:
        raise AssertionError(f"no second route for the derivation {how}: add it here")
    return None if math.isnan(found) else found


def by_key(book: again.Book, source: str, kept: dict[Any, Any] = {}) -> dict[tuple[str, ...], str]:  # noqa: B006
    if (book.root, source) not in kept:
        frame = book.frame(source)
        columns = (frame[c] for c in ("area", "period", "measure", "category", "partner"))
        kept[book.root, source] = dict(zip(zip(*columns, strict=True), frame["value"], strict=True))
    return kept[book.root, source]


def value_faults(book: again.Book, claim: again_claims.Claim, used: list[Entry]) -> list[str]:
    """The figures behind a claim: as I find them newest in the tables, and as the ledger's own rows give them."""
    faults = [
        f"{claim.id}: {entry['id']} is {entry['value']}, its rows give {found}"
        for entry in used
        if not alike(found := from_rows(book, entry), entry["value"], 1e-12)
    ]
    if claim.kind == "composition":
        mine = {(p.area, p.period, p.label): p for p in claim.values}
        theirs = {(e["area"], e["period"], e["category"]): e for e in used}
        if mine.keys() != theirs.keys():
            return [*faults, f"{claim.id}: other figures than {sorted(mine.keys() ^ theirs.keys())[:4]}"]
        pairs = [(mine[key], theirs[key]) for key in mine]
    else:
        if len(claim.values) != len(used):
            return [*faults, f"{claim.id}: {len(used)} figures, not {len(claim.values)}"]
        pairs = list(zip(claim.values, used, strict=True))
    for point, entry in pairs:
        where = (point.area, point.period) == (entry["area"], entry["period"])
        numbers = ((point.value, entry["value"]), (point.lower, entry["lower"]), (point.upper, entry["upper"]))
        if not where or not all(alike(a, b, 1e-12) for a, b in numbers):
            faults.append(f"{claim.id}: {entry['id']} is {entry['value']} of {entry['period']}, found is {point}")
    return faults


def rank_faults(claim: again_claims.Claim, entry: Entry) -> list[str]:
    """Exact ranks agree; a simulated set lies between those of a slightly lower and higher critical value."""
    mine, theirs = claim.rank, entry["rank"]
    if "wide" not in claim.more:
        return [] if mine == theirs else [f"{claim.id}: rank {theirs}, found is {mine}"]
    assert mine is not None
    fixed = all(mine[key] == theirs[key] for key in ("rank", "of", "tied", "from_highest"))
    (best, worst), (first, last) = claim.more["narrow"], claim.more["wide"]
    inside = first <= theirs["best"] <= best and worst <= theirs["worst"] <= last
    unnamed = formulas.spans_half(theirs["best"], theirs["worst"], theirs["of"])
    right = entry["verdict"] == ("not_rankable" if unnamed else "rank_set")
    found = f"{claim.id}: rank {theirs} and {entry['verdict']}; found is {mine}, {claim.more}"
    return [] if fixed and inside and right else [found]


def claim_faults(book: again.Book, claim: again_claims.Claim, entry: Entry, used: list[Entry]) -> list[str]:
    """One claim against its ledger entry, number by number."""
    faults = value_faults(book, claim, used)
    if not alike(claim.alike, entry["alike"]):
        faults.append(f"{claim.id}: {entry['alike']} of districts moved alike, found is {claim.alike}")
    for key in ("difference", "lower", "upper", "statistic", "p"):
        if not alike(claim.numbers.get(key), entry[key], 1e-12 if key == "p" else 1e-9):
            faults.append(f"{claim.id}: {key} {entry[key]}, found is {claim.numbers.get(key)}")
    if "wide" not in claim.more and claim.verdict != entry["verdict"]:
        faults.append(f"{claim.id}: verdict {entry['verdict']}, found is {claim.verdict}")
    subject = (claim.kind, claim.subject.code, claim.subject.name, claim.subject.level, claim.subject.badge)
    theirs = entry["subject"]
    if subject != (entry["claim"], theirs["code"], theirs["name"], theirs["level"], theirs["badge"]):
        faults.append(f"{claim.id}: about {theirs}, found is {subject}")
    against = claim.beside and (claim.beside.role, claim.beside.code, claim.beside.name)
    if against != (entry["comparator"] and tuple(entry["comparator"][k] for k in ("role", "code", "name"))):
        faults.append(f"{claim.id}: against {entry['comparator']}, found is {against}")
    ratios = entry["ratios"] or ()
    if len(ratios) != len(claim.ratios or ()) or not all(map(alike, claim.ratios or (), ratios)):
        faults.append(f"{claim.id}: ratios {ratios}, found is {claim.ratios}")
    printed = re.findall(r"p ([\d.e-]+)", entry["correction"] or "")
    if printed != [f"{p:.2g}" for p in claim.correction or ()]:
        faults.append(f"{claim.id}: correction {entry['correction']}, found is {claim.correction}")
    if claim.detail != "held-back" and (reason := again_words.reason(claim)) != (entry["reason"] or ""):
        faults.append(f"{claim.id}: reason {entry['reason']}, found is {reason}")
    return faults + rank_faults(claim, entry)


def disagreements(book: again.Book, mine: list[again_claims.Claim], ledger: Entry, page: BeautifulSoup) -> list[str]:
    """Everything in which ledger or page differ from the claims worked out anew; none is agreement."""
    found = {claim.id: claim for claim in mine}
    entries = {entry["id"]: entry for entry in ledger["entries"]}
    claimed = {id_: entry for id_, entry in entries.items() if entry["kind"] == "claim"}
    faults = [f"{id_}: in the ledger, not found anew" for id_ in claimed.keys() - found.keys()]
    faults += [f"{id_}: found anew, not in the ledger" for id_ in found.keys() - claimed.keys()]
    if len(mine) != len(found):
        faults.append("two claims share an id")
    both = [id_ for id_ in found if id_ in claimed]
    for id_ in both:
        used = [entries[reading] for reading in claimed[id_]["readings"]]
        faults += claim_faults(book, found[id_], claimed[id_], used)
    for kind in again_claims.LANES:  # at most five, in this order
        orders = [[c.id for c in mine if c.kind == kind], [i for i, e in claimed.items() if e["claim"] == kind]]
        if orders[0] != orders[1] or len(orders[1]) > 5:
            faults.append(f"{kind}: {orders[1]}, found is {orders[0]}")
    return faults + page_faults(book, found, claimed, page)


def page_faults(book: again.Book, found: Any, claimed: dict[str, Entry], page: Any) -> list[str]:
    """Sentences and rows of tests: the ledger's words, every number accounted for."""
    faults, said = [], set()
    for span in page.select(".pb-said"):
        ids, text = span["data-claim"].split(), span.get_text()
        said |= set(ids)
        if unknown := [id_ for id_ in ids if id_ not in claimed or id_ not in found]:
            faults.append(f"the page says what the ledger does not hold: {unknown}: {text}")
            continue
        faults += [f"{i}: the page says {text!r}" for i in ids if claimed[i]["sentence"] != text]
        faults += again_words.Sentence(book, [found[i] for i in ids], claimed[ids[0]]).faults(text)
    faults += [f"{id_}: no sentence on the page" for id_ in claimed.keys() - said]
    rows = {row["id"]: [cell.get_text() for cell in row.find_all(["th", "td"])] for row in page.select("tr[id]")}
    for id_ in found.keys() & claimed.keys():
        anchor = claimed[id_]["at"].partition("#")[2]
        if anchor not in rows:
            faults.append(f"{id_}: no row of tests where its sentence leads to")
        else:
            faults += again_words.row_faults(found[id_], claimed[id_]["rank"], rows[anchor])
    return faults


# ------------------------------------------------------------ the built book


def told_once(html: Path) -> str:
    """What the chapters of counties tell for all their places."""
    chapters = [BeautifulSoup(path.read_bytes(), "lxml") for path in sorted((html / "book" / "counties").glob("*.html"))]
    return "\n".join(str(part) for chapter in chapters for part in chapter.select("details.pb-part"))


class Built:
    """One place of a built book with its claims worked out anew."""

    def __init__(self, book: again.Book, ledgers: Path, html: Path, slug: str):
        self.book, self.slug = book, slug
        self.ledger = json.loads((ledgers / f"{slug}.json").read_text(encoding="utf-8"))
        # Sentences stand on the place's page, the tests behind them on its evidence pages; what is published for no area as
        # small as a district stands in its county's chapter.
        paths = [html / "book" / "places" / f"{slug}.html", *sorted((html / "book" / "places" / slug).glob("*.html"))]
        whole = "\n".join([*(path.read_text(encoding="utf-8") for path in paths), told_once(html)])
        self.html = re.sub(r'<a class="pb-n"[^>]*>([^<]*)</a>', r"\1", whole)  # the words alone
        self.page = BeautifulSoup(self.html, "lxml")
        self.mine = again_claims.claims_of(again.Place(book, slug))

    def faults(self, ledger: Entry | None = None, html: str = "") -> list[str]:
        page = BeautifulSoup(html, "lxml") if html else self.page
        return disagreements(self.book, self.mine, ledger or self.ledger, page)


@pytest.fixture(scope="module")
def places(built_book):
    """Each place's claims, worked out anew when first asked for."""
    whole, known = again.Book(built_book.root), {}

    def of(slug: str) -> Built:
        if slug not in known:
            known[slug] = Built(whole, built_book.ledgers, built_book.html, slug)
        return known[slug]

    return of


@pytest.fixture
def built(places):
    """The place whose ledger and page are spoilt."""
    return places(PLACES[0])


@pytest.mark.parametrize("slug", PLACES)
def test_every_claim_agrees_by_another_route(places, slug):
    built = places(slug)
    kinds = {claim.kind for claim in built.mine}
    assert len(built.mine) > 100
    assert {"level", "change", "trend", "rank", "composition", "none"} <= kinds
    assert built.faults() == []


def entry_of(ledger: Entry, **wanted: Any) -> Entry:
    return next(e for e in ledger["entries"] if all(e.get(key) == value for key, value in wanted.items()))


@pytest.mark.parametrize(
    "key, new",
    [
        ("difference", lambda old: old + 0.01),
        ("verdict", lambda old: "lower" if old == "higher" else "higher"),
        ("sentence", lambda old: old.replace("an in ", "an at ")),
        ("comparator", lambda old: None),
    ],
)
def test_a_spoilt_ledger_is_noticed(built, key, new):
    spoilt = copy.deepcopy(built.ledger)
    entry = next(e for e in spoilt["entries"] if e.get("claim") == "level" and e["verdict"] in ("higher", "lower"))
    entry[key] = new(entry[key])
    assert [f for f in built.faults(spoilt) if f.startswith(entry["id"])]


def test_a_spoilt_figure_rank_or_p_is_noticed(built):
    spoilt = copy.deepcopy(built.ledger)
    ranked = next(e for e in spoilt["entries"] if e.get("claim") == "rank" and e["verdict"].startswith("ranked"))
    ranked["rank"]["rank"] += 1
    trend = entry_of(spoilt, claim="trend")
    trend["p"] *= 1.001
    value = entry_of(spoilt, id=trend["readings"][0])
    value["value"] += 0.001
    faults = "\n".join(built.faults(spoilt))
    assert f"{ranked['id']}: rank" in faults and f"{trend['id']}: p" in faults
    assert f"{value['id']} is {value['value']}, its rows give" in faults


def test_an_older_period_or_a_claim_left_out_is_noticed(built):
    spoilt = copy.deepcopy(built.ledger)
    changed = next(e for e in spoilt["entries"] if e.get("claim") == "change" and not e["ratios"])
    level = next(e for e in spoilt["entries"] if e.get("claim") == "level" and e["indicator"] == changed["indicator"])
    level["readings"][0] = changed["readings"][1]
    gone = entry_of(spoilt, claim="rank")
    spoilt["entries"].remove(gone)
    faults = "\n".join(built.faults(spoilt))
    assert f"{gone['id']}: found anew, not in the ledger" in faults
    assert f"{level['id']}: {changed['readings'][1]} is" in faults


def test_a_page_that_says_another_number_is_noticed(built):
    entry = next(e for e in built.ledger["entries"] if e.get("claim") == "change" and e["verdict"] in ("rose", "fell"))
    number = re.search(r"by (?:less than )?£?([\d,.]*\d)", entry["sentence"])[1]
    wrong = entry["sentence"].replace(f"{number}", f"9{number}")
    assert wrong != entry["sentence"] and entry["sentence"] in built.html
    faults = "\n".join(built.faults(html=built.html.replace(entry["sentence"], wrong)))
    assert f"{entry['id']}: the page says" in faults
    assert f"{entry['id']}: unaccounted number 9{number}" in faults
    spoilt = json.loads(json.dumps(built.ledger, ensure_ascii=False).replace(entry["sentence"], wrong))
    faults = "\n".join(built.faults(spoilt, built.html.replace(entry["sentence"], wrong)))
    assert f"{entry['id']}: unaccounted number 9{number}" in faults, "though ledger and page agree"


def test_two_comparators_that_change_places_are_noticed(built):
    both = [e for e in built.ledger["entries"] if e.get("claim") == "level" and e["verdict"] == "gap_only"]
    first = next(e for e in both if sum(o["sentence"] == e["sentence"] for o in both) > 1)
    other = next(o for o in both if o["sentence"] == first["sentence"] and o["id"] != first["id"])
    (a, b), text = (e["comparator"]["name"] for e in (first, other)), first["sentence"]
    wrong = text.replace(f"{a} (", "~ (").replace(f"{b} (", f"{a} (").replace("~ (", f"{b} (")
    faults = built.faults(html=built.html.replace(text, wrong))
    assert [f for f in faults if "does not say" in f and text[:30] in f]


# ------------------------------------------------------------ the check's own formulas


def test_the_package_has_no_part_in_this():
    files = [Path(__file__), *Path(__file__).parent.glob("again*.py")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert len(texts) == 5
    assert [name for name, text in texts.items() if re.search(r"^\s*(?:import|from) placebook", text, re.M)] == []


def test_what_the_second_route_does_not_know_fails_loudly(tiny_project):
    tiny_project.replace("data/indicators/30-people.yml", "headline: 1", "adjusted_for: age")
    with pytest.raises(AssertionError, match="work declares .'adjusted_for'.: add what it does"):
        again.Book(tiny_project.root)
    tiny_project.replace("data/indicators/60-places.yml", "kind: share", "kind: harmonic_mean")
    tiny_project.replace("data/indicators/30-people.yml", "adjusted_for: age", "headline: 1")
    with pytest.raises(AssertionError, match="no second route for what flats reads"):
        again.Book(tiny_project.root)


def test_claims_of_a_tiny_book_by_hand(tiny_project):
    found = {c.id: c for c in again_claims.claims_of(again.Place(again.Book(tiny_project.root), "broxbourne"))}
    assert {id_: claim.verdict for id_, claim in found.items() if claim.indicator["id"] == "work"} == {
        "claim--work--level--tlh": "gap_only",
        "claim--work--level--e92000001": "no_clear_difference",
        "claim--work--change": "no_clear_change",
    }
    change = found["claim--work--change"].numbers
    assert change["difference"] == pytest.approx(76.1 - 70)
    assert change["lower"] == pytest.approx(76.1 - 70 - math.hypot(76.1 - 64.9, 80 - 70))
    own, county = found["claim--flats--level--e10000015"].values
    assert own.value == 100 * 2 / (2 + 38)
    assert county.value == 100 * (10 + 5 + 1 + 2) / (40 + 20 + 100 + 40)


def test_formulas_by_hand():
    one = again.Point("A", "district", "2023-01-01/P1Y", 10.0, 8.0, 13.0)
    other = again.Point("B", "district", "2023-01-01/P1Y", 4.0, 3.0, 8.0)
    found = formulas.apart(one, other)
    assert found["lower"] == pytest.approx(6 - math.sqrt(2**2 + 4**2))
    assert found["upper"] == pytest.approx(6 + math.sqrt(3**2 + 1**2))
    assert formulas.false_discovery([0.01, 0.04, 0.03])[1][0] == pytest.approx(0.04)
    assert formulas.false_discovery([0.01, 0.04, 0.03])[0][1] == pytest.approx(0.03 * (1 + 1 / 2 + 1 / 3))
    assert formulas.confidence_set(np.array([9.0, 5.0, 1.0]), np.full(3, 0.01), 1) == (2, 2)
    assert formulas.confidence_set(np.array([9.0, 5.0, 1.0]), np.full(3, 99.0), 1) == (1, 3)
    assert again_words.digits(-2.675, 2) == "−2.68" and again_words.ordinal(112) == "112th"


if __name__ == "__main__":
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT)
    whole = again.Book(root)
    for place in PLACES:
        checked = Built(whole, root / "_build" / "ledgers", root / "_build" / "html", place)
        counts = collections.Counter(claim.kind for claim in checked.mine)
        wrong = checked.faults()
        print(place, len(checked.mine), dict(counts), f"{len(wrong)} disagreements", *wrong, sep="\n  ")
