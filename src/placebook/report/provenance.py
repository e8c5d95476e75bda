"""How each number is known: one page for each theme of a place, a row for each ledger entry.

Plain HTML that needs no script: whoever follows a number from the place's page arrives at its row, and finds the
measure, its source, licence, table and checksum in the same section.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from placebook.catalogue.models import LICENCES, Indicator, Source
from placebook.figures.tables import Table
from placebook.figures.tables import html as table_html
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.report.data_catalogue import MEASURE_WORDS

Entry = Mapping[str, Any]
LISTED = 6
"""As many codes of one input are written out; the ledger lists them all."""
DERIVATIONS = {
    "published": "as published",
    "sum": "added up",
    "share": "share of two counts",
    "quotient": "quotient",
    "difference": "difference",
}
COLUMNS = ("Area", "Geography", "Period", "Group", "Value", "95% interval", "How it was made", "Table and row")


@dataclass(frozen=True)
class Explained:
    """What one evidence page explains."""

    place: str
    slug: str
    theme: str
    title: str
    entries: Sequence[Entry]
    """Values, bands and counts of the theme."""
    indicators: Sequence[Indicator]
    sources: Mapping[str, Source]
    claims: Table | None
    """The tests behind the theme's sentences, each row with the anchor of its claim."""
    figures: Sequence[tuple[str, str, Sequence[str]]]
    """Kind, caption's first words and the measures of each figure."""


def page(found: Explained) -> str:
    """The whole page."""
    title = f"How we know: {found.title}, {found.place}"
    back = f"../{found.slug}.html"
    sections = [_measure(indicator, found) for indicator in found.indicators]
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        '<link rel="stylesheet" href="../../../_static/placebook.css">\n'
        '<script src="../../../_static/placebook.js" defer></script>\n</head>\n<body class="pb-plain">\n'
        f'<header><p><a href="{back}">Back to {escape(found.place)}</a></p></header>\n<main>\n'
        f"<h1>{escape(title)}</h1>\n"
        "<p>Every number of this theme on the place’s page has a row here: its area, period, limits and markers, how it "
        "was made, and the row of the frozen table that it came from. "
        f'{_markers(found.entries)} <a href="../../methods.html">Methods</a>. '
        '<a href="../../challenge.html">Challenge a figure</a>.</p>\n'
        f"{_figures(found)}\n{_claims(found)}\n" + "\n".join(sections) + "\n"
        f"{_sources(found)}\n</main>\n"
        f'<footer><p><a href="{back}">Back to {escape(found.place)}</a></p></footer>\n</body>\n</html>\n'
    )


def _markers(entries: Sequence[Entry]) -> str:
    used = [m for m in write.MARKER_WORDS if any(m in entry.get("markers", ()) for entry in entries)]
    if not used:
        return "No figure of this theme carries a marker."
    return "Markers: " + "; ".join(f"[{marker}] {escape(write.MARKER_WORDS[marker])}" for marker in used) + "."


def _figures(found: Explained) -> str:
    titles = {indicator.id: indicator.title for indicator in found.indicators}
    items = []
    for kind, caption, measures in found.figures:
        links = ", ".join(
            f'<a href="#m-{escape(id_, True)}">{escape(titles[id_])}</a>' for id_ in measures if id_ in titles
        )
        items.append(f'<li id="f-{escape(kind, True)}">{escape(caption)}: drawn from {links}.</li>')
    return f'<section><h2 id="figures">Figures</h2><ul>{"".join(items)}</ul></section>' if items else ""


def _claims(found: Explained) -> str:
    if found.claims is None or not found.claims.rows:
        return ""
    return f'<section><h2 id="claims">Tests behind the sentences</h2>{table_html(found.claims)}</section>'


# ------------------------------------------------------------------ one measure


def _measure(indicator: Indicator, found: Explained) -> str:
    entries = [entry for entry in found.entries if entry["indicator"] == indicator.id]
    if not entries:
        return ""
    source = found.sources[indicator.source]
    facts = [
        ("Definition", escape(" ".join(indicator.definition.split()))),
        ("Unit", escape(indicator.unit_words)),
        ("Certainty", escape(MEASURE_WORDS[indicator.uncertainty])),
        ("Source", _source(source)),
        ("Licence", _licence(source)),
        ("Taken on", _day(source.retrieved)),
        ("Tables", _tables(source)),
    ]
    if indicator.caveats:
        facts.append(("Caveats", escape(" ".join(" ".join(caveat.split()) for caveat in indicator.caveats))))
    about = "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in facts)
    rows = "".join(_row(entry, indicator) for entry in entries)
    head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    caption = escape(f"{indicator.title}: every number shown")
    return (
        f'<section class="pb-measure"><h2 id="m-{escape(indicator.id, True)}">{escape(indicator.title)}</h2>'
        f'<dl class="pb-facts">{about}</dl>'
        f'<div class="pb-scroll" role="region" tabindex="0" aria-label="{caption}">'
        f'<table class="pb-table pb-ledger"><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _row(entry: Entry, indicator: Indicator) -> str:
    anchor = entry["at"].partition("#")[2]
    makers = {"value": _value, "band": _band, "count": _count}
    first, *rest = makers[entry["kind"]](entry, indicator)
    cells = "".join(f"<td>{cell}</td>" for cell in rest)
    return f'<tr id="{anchor}"><th scope="row">{first}</th>{cells}</tr>'


def _value(entry: Entry, indicator: Indicator) -> Iterator[str]:
    # A ratio to a comparator is written with one decimal wherever it stands.
    ratio = entry["derivation"] == "quotient" and len(entry["inputs"]) == 2
    amount = write.quantity(
        entry["value"], entry["unit"], 1 if ratio else indicator.decimals, tuple(entry["markers"])
    )
    yield f"{escape(entry['area_name'])} ({escape(entry['area'])})"
    badge = wording.SHORT_BADGE[entry["badge"]]
    role = wording.ROLE_WORDS.get(entry["role"], "")
    level = wording.LEVEL_WORDS.get(entry["level"], entry["level"]) if entry["badge"] == "wider" else ""
    yield escape(", ".join(part for part in (badge, level or role) if part))
    yield escape(write.period(entry["period"], indicator.period_style))
    group = [entry["category"], entry.get("partner_name", "")]
    yield escape(" ".join(part for part in group if part)) or "all"
    yield escape(amount)
    limits = entry["lower"] is not None and entry["upper"] is not None
    yield escape(
        write.interval(entry["lower"], entry["upper"], entry["unit"], indicator.decimals) if limits else "not published"
    )
    yield escape(DERIVATIONS[entry["derivation"]])
    yield _inputs(entry)


def _band(entry: Entry, indicator: Indicator) -> Iterator[str]:
    five = ("minimum", "lower_quartile", "median", "upper_quartile", "maximum")
    numbers = [write.quantity(entry[name], entry["unit"], indicator.decimals) for name in five]
    yield f"{entry['districts']} English districts"
    yield "the book’s own calculation"
    yield escape(write.period(entry["period"], indicator.period_style))
    yield "least, lower quartile, median, upper quartile, most"
    yield escape(" · ".join(numbers))
    yield "not published"
    yield escape(entry["derivation"])
    yield _inputs(entry)


def _count(entry: Entry, indicator: Indicator) -> Iterator[str]:
    yield f"{entry['of']} small areas"
    yield "each counted"
    yield "newest edition held"
    yield f"decile {entry['decile']}, {escape(entry['measure'].replace('_', ' '))}"
    yield f"{entry['count']}"
    yield "not published"
    yield escape(entry["derivation"])
    yield escape(_list(entry["areas"]) or "none")


def _inputs(entry: Entry) -> str:
    parts = []
    for given in entry["inputs"]:
        key = given["key"]
        fields = [
            _list(key[name] if isinstance(key[name], list) else [key[name]])
            for name in ("area", "period", "measure", "category", "partner")
        ]
        table = given["table"].rpartition("/")[2]
        part = f"{given['part']}: " if given.get("part") else ""
        parts.append(f"{escape(part + table)}: <code>{escape(','.join(fields))}</code>")
    return "<br>".join(parts)


def _list(codes: Sequence[str]) -> str:
    if len(codes) <= LISTED:
        return "|".join(codes)
    return f"{codes[0]}|…|{codes[-1]} ({len(codes)})"


# ------------------------------------------------------------------ sources


def _source(source: Source) -> str:
    return (
        f'{escape(source.publisher)}, <a href="{escape(source.landing_page, True)}">{escape(source.title)}</a>. '
        f"{escape(source.attribution)}"
    )


def _licence(source: Source) -> str:
    licence, address = LICENCES[source.licence]
    return f'<a href="{address}">{licence}</a>'


def _tables(source: Source) -> str:
    return "<br>".join(
        f"{table.path.rpartition('/')[2]}, SHA-256 <code>{table.sha256}</code>" for table in source.tables
    )


def _day(day: Any) -> str:
    return f"{day.day} {write.MONTHS[day.month - 1]} {day.year}"


def _sources(found: Explained) -> str:
    used = dict.fromkeys(
        indicator.source
        for indicator in found.indicators
        if any(entry["indicator"] == indicator.id for entry in found.entries)
    )
    items = []
    for id_ in used:
        source = found.sources[id_]
        caveats = escape(" ".join(" ".join(caveat.split()) for caveat in source.caveats))
        released = f"Released {_day(source.released)}. " if source.released else ""
        items.append(
            f'<li id="s-{escape(id_, True)}">{_source(source)} {_licence(source)}. {released}Taken on '
            f"{_day(source.retrieved)}. {caveats}</li>"
        )
    return f'<section><h2 id="sources">Sources</h2><ul>{"".join(items)}</ul></section>'
