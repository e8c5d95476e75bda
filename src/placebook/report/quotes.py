"""What words may quote of a measure: the parts of its row; and which quotes find nothing for their place."""

from __future__ import annotations

from collections.abc import Iterator

from placebook.catalogue.load import Catalogue
from placebook.catalogue.narrative import every_text
from placebook.catalogue.quotes import Quote, quotes, unknown
from placebook.errors import Fault
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import formats as write
from placebook.findings import verdicts
from placebook.findings.all_claims import all_claims
from placebook.report.ledger import Quoted
from placebook.report.scorecard import ROLES, TOWN_ROLES
from placebook.report.scorecard_rows import Row, amount, one_number, when

COMPARATORS = {"england": "country", "county": "county", "region": "region"}
NAMED = 12
"""Measures that a message names."""


def of_row(row: Row) -> dict[str, Quoted]:
    """What a row says, by the part that words quote it by, "" for the place's own figure; what it does not say is left out.

    Of a figure of a wider area words could not be told from the place's own: of such a row only those beside it are there.
    """
    if row.own.value is None:
        return {}
    title, period, own = row.reading.indicator.title, when(row), row.own.id
    area = row.own.area_name
    found = {}
    if not row.reading.wider:
        found = {
            "": Quoted(amount(row, row.own), title, area, period, (own,)),
            "period": Quoted(period, title, area, period, (own,)),
        }
    shown = TOWN_ROLES if row.reading.subject.level == "town" else ROLES
    for part, role in COMPARATORS.items():
        if role not in shown:
            continue
        beside = [value for _, value in row.beside(role) if value is not None and value.value is not None]
        if len(beside) == 1:  # of two counties neither is the place's
            found[part] = Quoted(amount(row, beside[0]), title, beside[0].area_name, period, (beside[0].id,))
    for part, kinds, text in (
        ("change", ("change", "trend"), verdicts.change(row.reading, row.claims)),
        ("rank", ("rank",), verdicts.rank(row.claims)),
    ):
        if text and not row.reading.wider:
            found[part] = Quoted(text, title, area, period, (*(claim.id for claim in row.claims if claim.kind in kinds), own))
    return found


def quote_faults(catalogue: Catalogue, store: Store) -> Iterator[Fault]:
    """Quotes of known measures that have nothing to say of their place, with what there is."""
    for words in every_text(catalogue):
        for line, quote in dict.fromkeys(quotes(words.text)):
            if unknown(catalogue, words.kind, words.slug, quote)[0]:
                continue
            evidence = Evidence(catalogue, store, quote.place or words.slug)
            problem, remedy = _lack(evidence, quote)
            if problem:
                yield words.fault(catalogue, line, problem, remedy)


def _lack(evidence: Evidence, quote: Quote) -> tuple[str, str]:
    reading, name = evidence.read(quote.indicator), evidence.place.name
    if not isinstance(reading, Reading):
        return f"{quote}: {name} has no figure of it: {write.LACKS[reading.lack]}", _others(evidence, quote)
    if not one_number([reading]):
        return f"{quote}: it is no measure of one number and has no row to quote", _others(evidence, quote)
    parts = of_row(Row.of(reading, all_claims(reading)))
    if not parts:
        return f"{quote}: {name} has no figure of its own", _others(evidence, quote)
    if quote.part not in parts:
        if reading.wider and parts:
            name = f"it is published for {reading.subject.name} alone, and {name}"
        there = write.joined([str(quote._replace(part=part)) for part in parts])
        return f"{quote}: {name} has none of it", f"there is {there}"
    return "", ""


def _others(evidence: Evidence, quote: Quote) -> str:
    """Measures of the same theme that the place has a figure of."""
    theme = evidence.catalogue.section_of(quote.indicator)
    names = [r.indicator.id for r in one_number(evidence.theme(theme)) if not r.wider and r.now[0].value is not None]
    return f"there are {', '.join(names[:NAMED])}{' …' if len(names) > NAMED else ''}" if names else "quote another measure"
