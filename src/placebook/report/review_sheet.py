"""The reviewer's sheet of a place: what its page says and rests on, with space for a verdict on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from placebook.catalogue.load import Catalogue
from placebook.catalogue.reviews import ReviewRecord
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.paths import Project
from placebook.report.matrix import Entry, PlaceLedger
from placebook.report.page_findings import VERDICT_WORDS
from placebook.report.pinned import Pinned
from placebook.report.reviewed import changed, digest, measure_title

STALE = 3 * 365
"""Days after which a source was taken long ago."""


@dataclass(frozen=True)
class Statement:
    """One thing that the page says."""

    id: str
    words: str
    rests_on: str
    """Its test and verdict, or its rules with their figures."""
    figures: str
    """What its figures are known again by."""
    new: bool
    """Whether the page was reviewed without it, or beside other figures."""


@dataclass(frozen=True)
class Sheet:
    """What a reviewer reads."""

    slug: str
    name: str
    findings: tuple[Statement, ...]
    claims: tuple[Statement, ...]
    notes: Mapping[str, tuple[str, ...]]
    """Heading to lines: texts to check, markers, old sources, how the place is drawn, what changed since the last review."""


def sheet(project: Project, catalogue: Catalogue, slug: str, today: date) -> Sheet:
    """The sheet of a place as it was built last. Raises InputError where it was not built."""
    ledger = PlaceLedger.read(project.ledgers / f"{slug}.json")
    record = catalogue.reviews.get(slug)
    findings = tuple(_statement(ledger, entry, _rules(entry), record) for entry in ledger.findings)
    claims = [_statement(ledger, entry, _test(catalogue, entry), record) for entry in ledger.claims() if entry.get("sentence")]
    claims.sort(key=lambda each: not each.new)
    return Sheet(slug, ledger.name, findings, tuple(claims), dict(_notes(project, catalogue, ledger, record, today)))


def rows(statements: Iterable[Statement]) -> list[tuple[str, list[Statement]]]:
    """Sentences in their order, each with the statements that it makes: of one place against several areas, say."""
    by_words: dict[str, list[Statement]] = {}
    for each in statements:
        by_words.setdefault(each.words, []).append(each)
    return list(by_words.items())


def heading(claims: Sequence[Statement]) -> str:
    """How many statements there are, in how many sentences, and how many of them come first as new."""
    new = sum(each.new for each in claims)
    said = f"All {write.plural(len(claims), 'statement')}, in {write.plural(len(rows(claims)), 'sentence')}"
    return said + (f"; first the {new:,} that the last review did not see, or beside other figures" if new else "")


def _statement(ledger: PlaceLedger, entry: Entry, rests_on: str, record: ReviewRecord | None) -> Statement:
    figures = digest((id_, ledger.value(id_)["value"]) for id_ in entry["readings"])
    words = entry["sentence"] if entry["kind"] == "claim" else f"{entry['headline']}. {entry['sentence']}"
    return Statement(entry["id"], words, rests_on, figures, record is not None and _is_new(record, entry["id"], figures))


def _is_new(record: ReviewRecord, id_: str, figures: str) -> bool:
    """A record that knows no statements (of an earlier version) tells of those alone that have a verdict."""
    seen = {each.id: each.figures for each in record.verdicts} | dict(record.statements)
    return seen[id_] != figures if id_ in seen else bool(record.statements)


def _rules(entry: Entry) -> str:
    rules = (f"{rule}: {', '.join(f'{k} {_shown(v)}' for k, v in each.items())}" for rule, each in entry["rules"].items())
    return f"score {entry['score']:.2f}; {'; '.join(rules)}"


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _test(catalogue: Catalogue, entry: Entry) -> str:
    """The measure, which a sentence further down a page need not name, the test and its verdict."""
    p = f", p {entry['p']:.2g}" if entry.get("p") is not None else ""
    title = measure_title(catalogue, entry["indicator"])
    return f"{title}: {entry['test']}{p}: {VERDICT_WORDS.get(entry['verdict'], entry['verdict'])}"


def _notes(
    project: Project, catalogue: Catalogue, ledger: PlaceLedger, record: ReviewRecord | None, today: date
) -> Iterator[tuple[str, tuple[str, ...]]]:
    slug, place = ledger.slug, catalogue.places[ledger.slug]
    values = [entry for entry in ledger.entries if entry["kind"] == "value"]
    moved = Pinned(project, catalogue).moved("place", slug)
    marked = {(e["indicator"], marker) for e in values if e["role"] == "place" for marker in e["markers"]}
    used = {entry["source"] for entry in values if entry.get("source")}
    found = changed(record, project, catalogue, slug) if record else None
    town = f"{write.plural(len(catalogue.lsoas_of(place)), 'LSOA')}. {getattr(place, 'chosen', '') or ''}".strip()
    headings: dict[str, Iterable[str]] = {
        "Check this text": (f"{field}: {each}" for field, every in moved.items() for each in every),
        "Markers": (
            f"{measure_title(catalogue, name)}: {write.MARKER_WORDS.get(marker, marker)}" for name, marker in sorted(marked)
        ),
        "Sources that may be newer": (
            f"{source.title}: taken on {source.retrieved}, next release {source.next_release}"
            for name, source in catalogue.sources.items()
            if name in used and (_due(source.next_release, today) or (today - source.retrieved).days > STALE)
        ),
        "How the place is drawn": [town] if place.kind == "town" else [],
        "New since the last review": (f"{title}: then {then}, now {now}" for title, then, now in found.figures)
        if found
        else (),
    }
    for title, lines in headings.items():
        if told := tuple(lines):
            yield title, told


def _due(expected: object, today: date) -> bool:
    return isinstance(expected, date) and expected <= today


HOW = "Tick one box for each key finding. For another statement write only what is wrong."


def page(made: Sheet) -> str:
    """The sheet as a page of HTML that stands for itself and prints well."""
    notes = (
        markup("<h2>{}</h2><ul>{}</ul>", title, join(markup("<li>{}</li>", line) for line in lines))
        for title, lines in made.notes.items()
    )
    parts = (
        markup("<h1>Review of {}</h1><p>{}</p>", made.name, HOW),
        _table("Key findings", made.findings),
        *notes,
        _table(heading(made.claims), made.claims),
    )
    return str(
        markup(
            '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Review of {}</title><style>'
            "body{{font:15px/1.45 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}"
            "table{{border-collapse:collapse;width:100%}}small{{color:#595959}}thead{{display:table-header-group}}"
            "th,td{{border:1px solid #767676;padding:.35rem;text-align:left;vertical-align:top}}"
            "tr{{break-inside:avoid}}td.v{{white-space:nowrap}}th:last-child{{width:30%}}"
            "</style></head><body>{}</body></html>\n",
            made.name,
            join(parts),
        )
    )


def _table(title: str, statements: Sequence[Statement]) -> Html:
    made = join(
        markup(
            '<tr><td>{}{}{}</td><td class="v">☐ accept<br>☐ reject</td><td></td></tr>',
            markup("<b>New. </b>") if any(each.new for each in every) else "",
            words,
            join(markup("<br><small>{}</small><br><small>{}</small>", each.rests_on, each.id) for each in every),
        )
        for words, every in rows(statements)
    )
    return markup(
        "<h2>{}</h2><table><thead><tr><th>Statement</th><th>Verdict</th><th>Remark</th></tr></thead><tbody>{}</tbody></table>",
        title,
        made,
    )
