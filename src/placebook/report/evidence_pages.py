"""How each number is known: one page for each theme of a place, a row for each ledger entry.

Plain HTML that needs no script: a reader who follows a number from the place's page arrives at its row, and finds the
measure, its source, licence, table and checksum in the same section.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from placebook.catalogue.licences import LICENCES
from placebook.catalogue.models import Indicator, Source
from placebook.figures.tables import Table
from placebook.figures.tables import html as table_html
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.markup import Html, join, markup
from placebook.report.data_catalogue import MEASURE_WORDS

Entry = Mapping[str, Any]
LISTED = 6
"""As many codes of one input are written out; the ledger lists them all."""
DERIVATIONS = {
    "published": "as published",
    "sum": "added up",
    "share": "share of two counts",
    "percentage": "share as published, times 100",
    "mean": "mean of several readings",
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
    rows: Mapping[str, str] = field(default_factory=dict)
    """The measures that have a row on the place's page, and where another page shows it: there, else ""."""


def page(explained: Explained) -> Html:
    """The whole page."""
    title = f"How we know: {explained.title}, {explained.place}"
    back = f"../{explained.slug}.html"
    sections = [_measure(indicator, explained) for indicator in explained.indicators]
    return markup(
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{}</title>\n"
        '<link rel="stylesheet" href="../../../_static/placebook.css">\n'
        '<script src="../../../_static/placebook.js" defer></script>\n</head>\n<body class="pb-plain">\n'
        '<header><p><a class="pb-back" href="{}">Back to {}</a></p></header>\n<main>\n'
        "<h1>{}</h1>\n"
        "<p>Every number of this theme on the place’s page has a row here: its area, period, limits and markers, how it "
        "was made, and the row of the frozen table that it came from. "
        '{} <a href="../../methods.html">Methods</a>. '
        '<a href="../../challenge.html">Challenge a figure</a>.</p>\n'
        "{}\n{}\n{}\n{}\n</main>\n"
        '<footer><p><a class="pb-back" href="{}">Back to {}</a></p></footer>\n</body>\n</html>\n',
        title,
        back,
        explained.place,
        title,
        _markers(explained.entries),
        _figures(explained),
        _claims(explained),
        join(sections, "\n"),
        _sources(explained),
        back,
        explained.place,
    )


def _markers(entries: Sequence[Entry]) -> str:
    used = [m for m in write.MARKER_WORDS if any(m in entry.get("markers", ()) for entry in entries)]
    if not used:
        return "No figure of this theme carries a marker."
    return "Markers: " + "; ".join(f"[{marker}] {write.MARKER_WORDS[marker]}" for marker in used) + "."


def _figures(explained: Explained) -> Html:
    titles = {indicator.id: indicator.title for indicator in explained.indicators}
    items = []
    for kind, caption, measures in explained.figures:
        links = join((markup('<a href="#m-{}">{}</a>', id_, titles[id_]) for id_ in measures if id_ in titles), ", ")
        items.append(markup('<li id="f-{}">{}: drawn from {}.</li>', kind, caption, links))
    return markup('<section><h2 id="figures">Figures</h2><ul>{}</ul></section>', join(items)) if items else Html()


def _claims(explained: Explained) -> Html:
    if explained.claims is None or not explained.claims.rows:
        return Html()
    return markup('<section><h2 id="claims">Tests behind the sentences</h2>{}</section>', table_html(explained.claims))


# ------------------------------------------------------------------ one measure


def _measure(indicator: Indicator, explained: Explained) -> Html:
    entries = [entry for entry in explained.entries if entry["indicator"] == indicator.id]
    if not entries:
        return Html()
    source = explained.sources[indicator.source]
    facts = [
        ("Definition", " ".join(indicator.definition.split())),
        ("Unit", indicator.unit_words),
        ("Certainty", MEASURE_WORDS[indicator.uncertainty]),
        ("Source", join((_source(explained.sources[name]) for name in indicator.sources), " Divided by: ")),
        ("Licence", _licence(source)),
        ("Taken on", _day(source.retrieved)),
        ("Tables", join((_tables(explained.sources[name]) for name in indicator.sources), "<br>")),
    ]
    if indicator.caveats:
        facts.append(("Caveats", " ".join(" ".join(caveat.split()) for caveat in indicator.caveats)))
    about = join(markup("<dt>{}</dt><dd>{}</dd>", label, text) for label, text in facts)
    rows = join(_row(entry, indicator) for entry in entries)
    head = join(markup('<th scope="col">{}</th>', name) for name in COLUMNS)
    caption = f"{indicator.title}: every number shown"
    return markup(
        '<section class="pb-measure"><h2 id="m-{}">{}</h2>{}'
        '<dl class="pb-facts">{}</dl>'
        '<div class="pb-scroll" role="region" tabindex="0" aria-label="{}">'
        '<table class="pb-table pb-ledger"><caption>{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div></section>",
        indicator.id,
        indicator.title,
        _back(indicator, explained),
        about,
        caption,
        caption,
        head,
        rows,
    )


def row_id(slug: str, indicator: str) -> str:
    """The id of a measure's row on the page of a place."""
    return f"{slug}-row-{indicator}"


def _back(indicator: Indicator, explained: Explained) -> Html:
    """The way to the row that the measure has on the place's page."""
    if indicator.id not in explained.rows:
        return Html()
    return markup(
        '<p><a class="pb-back" href="{}">Back to this measure {}</a></p>',
        explained.rows[indicator.id] or f"../{explained.slug}.html#{row_id(explained.slug, indicator.id)}",
        "in the chapter that tells it" if explained.rows[indicator.id] else f"on the page of {explained.place}",
    )


def _row(entry: Entry, indicator: Indicator) -> Html:
    anchor = entry["at"].partition("#")[2]
    makers = {"value": _value, "band": _band, "count": _count}
    first, *rest = makers[entry["kind"]](entry, indicator)
    cells = join(markup("<td>{}</td>", cell) for cell in rest)
    return markup('<tr id="{}"><th scope="row">{}</th>{}</tr>', anchor, first, cells)


def _value(entry: Entry, indicator: Indicator) -> Iterator[str]:
    # A ratio to a comparator is written with one decimal wherever it stands.
    ratio = entry["category"].startswith("ratio to ")
    amount = write.quantity(entry["value"], entry["unit"], 1 if ratio else indicator.decimals, tuple(entry["markers"]))
    if entry["value"] is not None and not ratio:  # a sentence may need one decimal more
        exact = write.rounded(entry["value"], indicator.decimals + 1)
        if exact != write.rounded(entry["value"], indicator.decimals):
            amount += f" ({write.number(entry['value'], indicator.decimals + 1)})"
    if "corrections" in entry:
        amount += " (corrected)"
    yield f"{entry['area_name']} ({entry['area']})"
    badge = wording.SHORT_BADGE[entry["badge"]]
    role = "several readings together" if entry["role"] == "pooled" else wording.ROLE_WORDS.get(entry["role"], "")
    level = wording.level_words(entry["level"], entry["area"]) if entry["badge"] == "wider" else ""
    yield ", ".join(part for part in (badge, level or role) if part)
    yield write.period(entry["period"], indicator.period_style)
    group = [entry["category"], entry.get("partner_name", "")]
    yield " ".join(part for part in group if part) or "all"
    yield amount
    limits = entry["lower"] is not None and entry["upper"] is not None
    yield write.interval(entry["lower"], entry["upper"], entry["unit"], indicator.decimals) if limits else "not published"
    yield markup("{}{}", DERIVATIONS[entry["derivation"]], _corrections(entry))
    yield _inputs(entry)


def _corrections(entry: Entry) -> Html:
    """Each row that was corrected: what its publisher gives, what is right, and where that can be read."""
    return join(
        markup(
            '<br><b>Corrected</b> ({}): the publisher gives {}, this book {}. {} <a href="{}">Evidence</a>',
            ", ".join(filter(None, (each["area"], each.get("category"), each.get("partner"), each["period"]))),
            f"{each['published']:.12g}",
            f"{each['value']:.12g}",
            each["because"],
            each["evidence"],
        )
        for each in entry.get("corrections", ())
    )


def _band(entry: Entry, indicator: Indicator) -> Iterator[str]:
    five = ("minimum", "lower_quartile", "median", "upper_quartile", "maximum")
    numbers = [write.quantity(entry[name], entry["unit"], indicator.decimals) for name in five]
    yield f"{entry['districts']} English districts"
    yield "the book’s own calculation"
    yield write.period(entry["period"], indicator.period_style)
    yield "least, lower quartile, median, upper quartile, most"
    yield " · ".join(numbers)
    yield "not published"
    yield entry["derivation"]
    yield _inputs(entry)


def _count(entry: Entry, indicator: Indicator) -> Iterator[str]:
    yield f"{entry['of']} small areas"
    yield "each counted"
    yield "newest edition held"
    yield f"decile {entry['decile']}, {entry['measure'].replace('_', ' ')}"
    yield f"{entry['count']}"
    yield "not published"
    yield entry["derivation"]
    yield _list(entry["areas"]) or "none"


def _inputs(entry: Entry) -> Html:
    parts = []
    for given in entry["inputs"]:
        key = given["key"]
        fields = [
            _list(key[name] if isinstance(key[name], list) else [key[name]])
            for name in ("area", "period", "measure", "category", "partner")
        ]
        table = given["table"].rpartition("/")[2]
        part = f"{given['part']}: " if given.get("part") else ""
        parts.append(markup("{}: <code>{}</code>", part + table, ",".join(fields)))
    return join(parts, "<br>")


def _list(codes: Sequence[str]) -> str:
    if len(codes) <= LISTED:
        return "|".join(codes)
    return f"{codes[0]}|…|{codes[-1]} ({len(codes)})"


# ------------------------------------------------------------------ sources


def _source(source: Source) -> Html:
    return markup('{}, <a href="{}">{}</a>. {}', source.publisher, source.landing_page, source.title, source.attribution)


def _licence(source: Source) -> Html:
    licence, address = LICENCES[source.licence]
    return markup('<a href="{}">{}</a>', address, licence)


def _tables(source: Source) -> Html:
    tables = (markup("{}, SHA-256 <code>{}</code>", table.path.rpartition("/")[2], table.sha256) for table in source.tables)
    return join(tables, "<br>")


def _day(day: Any) -> str:
    return f"{day.day} {write.MONTHS[day.month - 1]} {day.year}"


def _sources(explained: Explained) -> Html:
    used = dict.fromkeys(
        source
        for indicator in explained.indicators
        for source in indicator.sources
        if any(entry["indicator"] == indicator.id for entry in explained.entries)
    )
    items = []
    for id_ in used:
        source = explained.sources[id_]
        caveats = " ".join(" ".join(caveat.split()) for caveat in source.remarks)
        released = f"Released {_day(source.released)}. " if source.released else ""
        items.append(
            markup(
                '<li id="s-{}">{} {}. {}Taken on {}. {}</li>',
                id_,
                _source(source),
                _licence(source),
                released,
                _day(source.retrieved),
                caveats,
            )
        )
    return markup('<section><h2 id="sources">Sources</h2><ul>{}</ul></section>', join(items))
