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
    """The nearest measure by period and place, newest period first; None where no ledger holds it."""
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


def sector(found: KeySector) -> tuple[Box, ...]:
    """One row of the key sectors."""
    return (
        Box(found.name),
        Box(", ".join(found.sic) or "none given", numeric=False),
        Box(found.definition or "none given", numeric=False),
        Box(write.joined(list(found.employers_named_then)) or "none named", numeric=False),
    )


def document(found: Document, themes: Mapping[str, Theme]) -> Html:
    """A bibliographic entry: who published what when, and where it was to be had."""
    when = ""
    if found.year:
        month = f"{write.MONTHS[found.month - 1]} " if found.month else ""
        when = f" ({month}{found.year})"
    by = f"{found.by}: " if found.by else ""
    named = [themes[name].title for name in found.cited_in if name in themes]
    beside = f" Belongs, by its title, beside: {write.joined(named)}." if named else ""
    return markup(
        '{}<a href="{}">{}</a>{}.{} <span class="pb-address">{}</span>', by, found.url, found.title, when, beside, found.url
    )
