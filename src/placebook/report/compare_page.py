"""The page that sets two places of the book side by side: tables of all of them, of which a small script shows two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Indicator
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.report import matrix
from placebook.report.comparison import Compared, compared, headline_measures, table
from placebook.report.matrix import FROM_FRONT, Box, Grid, PlaceLedger, comparable

MANY = 30
"""Of more places the page holds the headline measures alone."""
ABOUT = (
    "Figures of one row are of one source and one period; a figure of another period says so and is not compared. What is "
    "added up over small areas, or stands for a wider area, says so too; a span of years may be several readings taken "
    "together. What is published for none of the places themselves stays on their pages. Nothing is tested between two "
    "places: a small difference of two estimates may be chance."
)


def page(catalogue: Catalogue, ledgers: Mapping[str, PlaceLedger]) -> Html:
    """The generated part of the page: every measure by section, then headline measures of all places."""
    places = list(ledgers.values())
    found = _compared(headline_measures(catalogue.indicators.values(), places), places)
    parts = [markup("<p>{}</p>", ABOUT if len(places) > 1 else ONE)]
    if 1 < len(places) <= MANY:
        sections = (
            _section(theme.title, _compared(list(comparable(theme.indicators)), places)) for theme in catalogue.themes.values()
        )
        parts.append(markup('## Every measure, section by section\n\n<div class="pb-two">{}</div>', join(sections)))
    if found:
        parts.append(markup("## Headline measures of all places\n\n{}", matrix.html(by_place(found))))
    return markup("{}\n", join(parts, "\n\n"))


ONE = "This book has one place: there is nothing to set it beside but England."


def _compared(indicators: Sequence[Indicator], places: Sequence[PlaceLedger]) -> list[Compared]:
    """Of measures that are published for a place itself, or added up for it: those of regions tell no two places apart."""
    return [each for indicator in indicators if (each := compared(indicator, places)) and each.own]


def by_place(found: Sequence[Compared]) -> Grid:
    """Places by measures: a row for each place, however many there are, and one for England."""
    heads = ("Place", *(f"{each.short}, {each.years}" for each in found))
    columns = [_sortable(each) for each in found]
    names = [*(Box(ledger.name, href=f"{FROM_FRONT}/{ledger.slug}.html") for ledger in found[0].ledgers), Box("England")]
    rows = tuple((name, *cells) for name, *cells in zip(names, *columns, strict=True))
    return Grid("Headline measures by place", heads, rows, sortable=True)


def _sortable(each: Compared) -> list[Box]:
    """The figures of a measure from place to place, England's last, each sorted by its size."""
    (boxes,) = table([each], "", seen_from=FROM_FRONT).rows
    entries = [*each.figures, each.england[1] if each.england else None]
    return [replace(box, sort=entry["value"] if entry else None) for box, entry in zip(boxes[1:], entries, strict=True)]


def _section(title: str, found: Sequence[Compared]) -> Html:
    if not found:
        return Html()
    grid = table(found, title, seen_from=FROM_FRONT)
    return markup(
        '<details class="pb-closed"><summary>{}: {}</summary>{}</details>',
        title,
        write.plural(len(found), "measure"),
        matrix.html(grid),
    )
