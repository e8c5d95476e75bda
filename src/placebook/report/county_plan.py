"""What a county's file says of its plan, sectors and documents, beside what the book can measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from placebook.catalogue.models import Indicator, Theme
from placebook.catalogue.places import Document, KeySector, PlanTarget
from placebook.findings import formats as write
from placebook.markup import Html, markup
from placebook.report.matrix import OWN, Box, Grid, PlaceLedger, amount


def nearest(indicator: Indicator) -> str:
    """What the book can measure, in words."""
    return f"Nearest measure of the book: {indicator.title} ({indicator.unit_words}). {indicator.definition}"


def measured(target: PlanTarget, indicator: Indicator, ledgers: Sequence[PlaceLedger]) -> Grid | None:
    """The nearest measure by period and place, newest period first; None where no ledger holds it.

    A figure that stands for an area around has one column, that of the area's own page where the book has it.
    """
    ledgers = _one_an_area(indicator, ledgers)
    series = [{str(entry["period"]): entry for entry in ledger.series(indicator.id)} for ledger in ledgers]
    periods = sorted({period for held in series for period in held}, reverse=True)
    rows = []
    for period in periods:
        cells = []
        for ledger, held in zip(ledgers, series, strict=True):
            if (entry := held.get(period)) is None:
                cells.append(Box(write.NOT_PUBLISHED))
                continue
            wider = "" if entry["badge"] in OWN else str(entry["area_name"])
            cells.append(Box(amount(entry, indicator), ledger.entry(entry["id"]), ledger.evidence(entry), None, wider))
        rows.append((Box(write.period(period, indicator.period_style)), *cells))
    columns = ("Period", *(ledger.name for ledger in ledgers))
    title = f"{target.what}: {indicator.title}, {indicator.unit_words}"
    return Grid(title, columns, tuple(rows)) if rows else None


def _one_an_area(indicator: Indicator, ledgers: Sequence[PlaceLedger]) -> list[PlaceLedger]:
    told: dict[str, PlaceLedger] = {}
    held = [ledger for ledger in ledgers if ledger.series(indicator.id)]
    for ledger in sorted(held, key=lambda ledger: ledger.series(indicator.id)[-1]["badge"] not in OWN):
        told.setdefault(str(ledger.series(indicator.id)[-1]["area"]), ledger)
    return [ledger for ledger in held if ledger in told.values()]


def sector(key_sector: KeySector) -> tuple[Box, ...]:
    """One row of the key sectors."""
    return (
        Box(key_sector.name),
        Box(", ".join(key_sector.sic) or "none given", numeric=False),
        Box(key_sector.definition or "none given", numeric=False),
        Box(write.joined(list(key_sector.employers_named_then)) or "none named", numeric=False),
    )


def document(cited: Document, themes: Mapping[str, Theme]) -> Html:
    """A bibliographic entry: who published what when, and where it was to be had."""
    when = ""
    if cited.year:
        month = f"{write.MONTHS[cited.month - 1]} " if cited.month else ""
        when = f" ({month}{cited.year})"
    by = f"{cited.by}: " if cited.by else ""
    named = [themes[name].title for name in cited.cited_in if name in themes]
    beside = f" Belongs, by its title, beside: {write.joined(named)}." if named else ""
    return markup(
        '{}<a href="{}">{}</a>{}.{} <span class="pb-address">{}</span>', by, cited.url, cited.title, when, beside, cited.url
    )
