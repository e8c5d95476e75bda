"""The data catalogue: every source and every indicator of the book, from what is written about them."""

from __future__ import annotations

from html import escape
from typing import Any

from placebook.catalogue.models import LICENCES, Indicator, Source
from placebook.figures.tables import Cell, Table, html

MEASURE_WORDS = {
    "limits": "sample estimate with 95% limits",
    "full_count": "count, not a sample",
    "estimate_without_limits": "estimate, no limits published",
    "modelled": "from a model",
}


def page(catalogue: Any) -> str:
    """The catalogue as a Markdown page."""
    by_source: dict[str, list[Indicator]] = {}
    for indicator in catalogue.indicators.values():
        by_source.setdefault(indicator.source, []).append(indicator)
    used = [source for source in catalogue.sources if source in by_source]
    held = [source for source in catalogue.sources if source not in by_source]
    parts = [
        "# Data catalogue",
        f"{len(catalogue.indicators)} measures from {len(used)} sources are shown on the pages of this "
        f"book; {len(held)} further sources are held. Every table lies in `data/tables` with its "
        f"SHA-256 in the source's file.",
        "## Measures",
    ]
    for theme in catalogue.themes.values():
        parts.append(html(_measures(theme)))
    parts.append("## Sources shown on the pages")
    parts += [_source(name, catalogue.sources[name], by_source[name]) for name in used]
    parts.append("## Further sources held")
    parts += [_source(name, catalogue.sources[name], []) for name in held]
    return "\n\n".join(parts) + "\n"


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


def _source(name: str, source: Source, indicators: list[Indicator]) -> str:
    licence, address = LICENCES[source.licence]
    facts = [
        ("Publisher", escape(source.publisher)),
        ("Page", f'<a href="{escape(source.landing_page, True)}">{escape(source.landing_page)}</a>'),
        ("Asked for by", escape(" ".join(source.query.split()))),
        ("Covers", escape(source.period.replace("/", " to "))),
        ("Released", escape(str(source.released or "not stated"))),
        ("Taken on", escape(str(source.retrieved))),
        ("Next release", escape(str(source.next_release))),
        ("Boundaries", escape(source.geography.vintage)),
        ("Licence", f'<a href="{address}">{licence}</a>. {escape(source.attribution)}'),
        ("Tables", "; ".join(
            f"<code>{table.path}</code>, {table.rows:,} rows, SHA-256 <code>{table.sha256[:16]}…</code>"
            for table in source.tables
        )),
    ]  # fmt: skip
    if source.read_from:
        where = source.read_from
        facts.insert(3, ("Read from", escape(f"{where.repository}: {where.path} @ {where.commit}")))
    if source.caveats:
        facts.append(("Caveats", escape(" ".join(" ".join(c.split()) for c in source.caveats))))
    if indicators:
        facts.append(("Measures", escape("; ".join(i.title for i in indicators))))
    rows = "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in facts)
    title = source.title.replace("<", "").replace("`", "")
    return f"### {title} ({name})\n\n<dl class=\"pb-facts\">{rows}</dl>"
