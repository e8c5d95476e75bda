"""Figures that analysts' words quote, ``{{ employment-rate.england }}``: how they are written, and whether there are such.

A quote is no substitution of the compiler's: it is read here and filled in where words are put into a page
(``report.filled_quotes``), and nothing of its braces reaches the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from placebook.catalogue.load import Catalogue
from placebook.catalogue.remedies import meant

SIGN = "{{"
QUOTE = re.compile(
    r"(?<!\{)\{\{[ \t]{0,9}(?:([A-Za-z0-9_-]{1,80})[ \t]{0,9}:[ \t]{0,9})?"
    r"([A-Za-z0-9_-]{1,80})(?:\.([A-Za-z0-9_-]{1,80}))?[ \t]{0,9}\}\}(?!\})"
)
PARTS = ("england", "county", "region", "period", "change", "rank")
"""What may be quoted of a measure beside the place's own figure, as its row in the scorecard says it."""
HOW = "write {{ measure }} or {{ measure.part }}, such as {{ employment-rate.england }}"


class Quote(NamedTuple):
    """What is quoted: of a place ("" of the page's own), a measure's figure or another part of its row."""

    place: str
    indicator: str
    part: str

    @classmethod
    def of(cls, match: re.Match[str]) -> Quote:
        """The quote that was written; ids may be written with underscores."""
        place, indicator, part = match.groups(default="")
        return cls(place, indicator.replace("_", "-"), part)

    def __str__(self) -> str:
        place, part = f"{self.place}:" if self.place else "", f".{self.part}" if self.part else ""
        return f"{{{{ {place}{self.indicator}{part} }}}}"


def quotes(text: str) -> Iterator[tuple[int, Quote]]:
    """Each quote of a text, with its line from 1."""
    for number, line in enumerate(text.splitlines(), 1):
        for match in QUOTE.finditer(line):
            yield number, Quote.of(match)


def unknown(catalogue: Catalogue, kind: str, slug: str, quote: Quote) -> tuple[str, str]:
    """What is wrong with a quote in the words of a place or a county (``kind``), and the remedy; "" where nothing is."""
    if kind == "place" and quote.place not in ("", slug):
        return f"{quote} quotes another place", f"a place’s words quote its own figures: write {quote._replace(place='')}"
    if kind == "county" and (wrong := _of_county(catalogue, slug, quote)):
        return wrong
    if quote.indicator not in catalogue.indicators:
        return f"{quote}: there is no indicator {quote.indicator!r}", meant(quote.indicator, catalogue.indicators)
    if quote.part and quote.part not in PARTS:
        return f"{quote}: a measure has no part {quote.part!r}", meant(quote.part, PARTS)
    return "", ""


def _of_county(catalogue: Catalogue, slug: str, quote: Quote) -> tuple[str, str] | None:
    members = catalogue.members(slug)
    if not quote.place:
        first = quote._replace(place=members[0]) if members else "its place before a colon"
        return f"{quote} names no place", f"a county’s story names it: write {first}"
    if quote.place not in members:
        return f"{quote}: the county has no place {quote.place!r} in this book", meant(quote.place, members)
    return None
