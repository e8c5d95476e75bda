"""The data catalogue: every source and every indicator of the book, from what is written about them."""

from __future__ import annotations

from typing import Any

from placebook.catalogue.licences import LICENCES
from placebook.catalogue.models import Indicator, Source
from placebook.figures.tables import Cell, Table, html
from placebook.markup import Html, join, markup

MEASURE_WORDS = {
    "limits": "sample estimate with 95% limits",
    "full_count": "count, not a sample",
    "estimate_without_limits": "estimate, no limits published",
    "modelled": "from a model",
}


def page(catalogue: Any) -> Html:
    """The catalogue as a Markdown page."""
    by_source: dict[str, list[Indicator]] = {}
    for indicator in catalogue.indicators.values():
        for source in indicator.sources:
            by_source.setdefault(source, []).append(indicator)
    used = [source for source in catalogue.sources if source in by_source]
    unused = [source for source in catalogue.sources if source not in by_source]
    parts = [
        markup(
            "# Data catalogue\n\n{} measures from {} sources are shown on the pages of this book; {} further sources are "
            "held. Every table lies in `data/tables` with its SHA-256 in the source's file.\n\n## Measures",
            len(catalogue.indicators),
            len(used),
            len(unused),
        )
    ]
    parts += [html(_measures(theme)) for theme in catalogue.themes.values()]
    parts.append(markup("## Sources shown on the pages"))
    parts += [_source(name, catalogue.sources[name], by_source[name]) for name in used]
    parts.append(markup("## Further sources held"))
    parts += [_source(name, catalogue.sources[name], []) for name in unused]
    return markup("{}\n", join(parts, "\n\n"))


def _measures(theme: Any) -> Table:
    rows = tuple(
        (
            Cell(indicator.title),
            Cell(indicator.definition, "", False),
            Cell(indicator.unit_words, "", False),
            Cell(MEASURE_WORDS[indicator.uncertainty], "", False),
            Cell(", ".join(indicator.levels), "", False),
        )
        for indicator in theme.indicators
    )
    columns = ("Measure", "Definition", "Unit", "Certainty", "Published for")
    return Table(theme.title, columns, rows)


def _source(name: str, source: Source, indicators: list[Indicator]) -> Html:
    licence, address = LICENCES[source.licence]
    facts = [
        ("Publisher", source.publisher),
        ("Page", markup('<a href="{}">{}</a>', source.landing_page, source.landing_page)),
        ("Asked for by", " ".join(source.query.split())),
        ("Covers", source.period.replace("/", " to ")),
        ("Released", str(source.released or "not stated")),
        ("Taken on", str(source.retrieved)),
        ("Next release", str(source.next_release)),
        ("Boundaries", source.geography.vintage),
        ("Licence", markup('<a href="{}">{}</a>. {}', address, licence, source.attribution)),
        (
            "Tables",
            join(
                (
                    markup(
                        "<code>{}</code>, {} rows, SHA-256 <code>{}…</code>", table.path, f"{table.rows:,}", table.sha256[:16]
                    )
                    for table in source.tables
                ),
                "; ",
            ),
        ),
    ]
    if source.read_from:
        where = source.read_from
        facts.insert(3, ("Read from", f"{where.repository}: {where.path} @ {where.commit}"))
    if source.remarks:
        facts.append(("Caveats", " ".join(" ".join(c.split()) for c in source.remarks)))
    if indicators:
        facts.append(("Measures", "; ".join(i.title for i in indicators)))
    rows = join(markup("<dt>{}</dt><dd>{}</dd>", label, text) for label, text in facts)
    return markup('### {} ({})\n\n<dl class="pb-facts">{}</dl>', source.title, name, rows)
