"""Numbers typed into analysts' words that are figures of the page: a quote in their place could not go stale."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from placebook.catalogue.load import Catalogue
from placebook.catalogue.narrative import Words, every_text, parser
from placebook.catalogue.quotes import Quote
from placebook.errors import Fault
from placebook.findings import formats as write
from placebook.geography.names import with_article
from placebook.paths import Project
from placebook.report.matrix import PlaceLedger

NUMBER = re.compile(r"(?<![\w.,])[−-]?£?\d+(?:,\d{3})*(?:\.\d+)?(?: million)?(?:%| per ?cent\b)?(?!\w|[.,]\d)")
DIGITS = 3
"""A number of fewer digits is a figure of some measure more often than not."""
SENTENCE = re.compile(r"[.!?](?:\s|$)")
SMALL_WORDS = 4
"""Letters of a word that says nothing of a measure."""


class Figure(NamedTuple):
    """A figure of a place's page, as it is written there."""

    text: str
    quote: Quote
    measure: str
    """As a sentence names it."""
    area: str
    period: str
    newest: bool


class Number(NamedTuple):
    """A number in words: its line, itself as pages write numbers, and the sentence around it."""

    line: int
    text: str
    sentence: str


def bare_numbers(project: Project, catalogue: Catalogue) -> Iterator[Fault]:
    """A hint for each number in words that is a figure of the page as it was built last; none of a place that was not."""
    shown: dict[str, list[Figure]] = {}
    for words in every_text(catalogue):
        found = list(numbers(words))
        slugs = ([words.slug] if words.kind == "place" else catalogue.members(words.slug)) if found else []
        for slug in slugs:
            if slug not in shown:
                shown[slug] = list(_figures(project, catalogue, slug))
        for number in found:
            figures = [figure for slug in slugs for figure in shown[slug] if _meant(number, figure)]
            if figures:
                yield _hint(words, catalogue, number, _likeliest(number, figures))


def numbers(words: Words) -> Iterator[Number]:
    """The numbers of a text that are long enough to be known again, but those of quotes."""
    for token in parser().parse(words.text):
        if token.type != "inline":
            continue
        parts = (
            child.content if child.type in ("text", "code_inline") else "\n" if "break" in child.type else ""
            for child in token.children or ()
        )
        text = "".join(parts)
        for match in NUMBER.finditer(text):
            number = re.sub(r" per ?cent$", "%", match.group()).replace("-", write.MINUS)
            if sum(sign.isdigit() for sign in number) >= DIGITS and re.search("[.,%£]", number):
                ends = [0, *(end.end() for end in SENTENCE.finditer(text)), len(text)]
                begin, end = max(e for e in ends if e <= match.start()), min(e for e in ends if e >= match.end())
                first = token.map[0] + 1 if token.map else 1
                yield Number(first + text[: match.start()].count("\n"), number, text[begin:end])


def _meant(number: Number, figure: Figure) -> bool:
    """Whether a number is likely to be a figure: one that is not the place's newest only where the sentence speaks of it.

    It then names the measure, and for another area's figure the area; for an older one it does not say of when that is.
    """
    if number.text != figure.text:
        return False
    named = _shared(number, figure) > 0
    if figure.quote.part:
        return named and figure.area in number.sentence
    return figure.newest or (named and figure.period not in number.sentence)


def _shared(number: Number, figure: Figure) -> int:
    """How many words of the measure the sentence holds, whether in the singular or the plural."""
    words = {word for word in re.findall(r"\w+", figure.measure.lower()) if len(word) > SMALL_WORDS}
    return sum(word[:-1] in number.sentence.lower() for word in words)


def _likeliest(number: Number, figures: list[Figure]) -> Figure:
    """Of figures that are the same number the one of which the sentence says most; the newest, the place's own first."""
    return max(figures, key=lambda figure: (_shared(number, figure), figure.newest, not figure.quote.part))


def _hint(words: Words, catalogue: Catalogue, number: Number, figure: Figure) -> Fault:
    quote = figure.quote if words.kind == "county" else figure.quote._replace(place="")
    problem = f"{number.text} is {figure.measure} of {with_article(figure.area)}, {figure.period}"
    if figure.newest:
        return words.fault(catalogue, number.line, problem, f"write {quote} so that it cannot go stale")
    return words.fault(catalogue, number.line, f"{problem}, which is not the newest", f"write {quote}, or say of when it is")


def _figures(project: Project, catalogue: Catalogue, slug: str) -> Iterator[Figure]:
    """The figures of rows that may be quoted, and the place's own of earlier periods."""
    try:
        record: dict[str, Any] = json.loads((project.ledgers / f"{slug}.json").read_text(encoding="utf-8"))
        quotes, ledger = record["quotes"], PlaceLedger.of(record)
    except (OSError, ValueError, KeyError, TypeError):
        return
    for name, parts in quotes.items():
        indicator = catalogue.indicators.get(name)
        if indicator is None or "" not in parts:
            continue
        for part in ("", "england", "county", "region"):
            if given := parts.get(part):
                quote = Quote(slug, name, part)
                yield Figure(given["text"], quote, indicator.phrase, given["area"], given["period"], True)
        for entry in reversed(ledger.series(name)):
            text = write.quantity(entry["value"], write.brief_unit(entry["unit"]), indicator.decimals)
            period = write.period(entry["period"], indicator.period_style)
            if text != parts[""]["text"]:
                yield Figure(text, Quote(slug, name, ""), indicator.phrase, entry["area_name"], period, False)
