"""Small pictures in a line of a table, each a template: marks of a verdict, the strip of a measure, its line over time.

For the eye alone: the words beside them say the same. Colours come from the style sheet by class, so that dark pages, forced
colours and print each have their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from placebook.markup import Html, join, markup

# Points of the strip: how broad and how high, where the scale's line is, how much room is left at each end.
WIDE, HIGH, LINE, ROOM = 200, 24, 12, 8
# The same of the line over time.
BROAD, TALL, EDGE = 118, 30, 4
MARKS = {
    "better": markup('<circle r="6"/>'),
    "worse": markup('<path d="M0-7.2 7.2 0 0 7.2-7.2 0z"/>'),
    "unclear": markup('<circle class="hollow" r="5"/>'),
    "different": markup('<path d="M-5.4-5.4h10.8v10.8h-10.8z"/>'),
    "untested": markup('<path class="hollow" d="M-4.7-4.7h9.4v9.4h-9.4z"/>'),
    "": markup('<circle r="3"/>'),
    "beside": markup('<path d="M0-5 5 4.2H-5z"/>'),
}
"""The shape of each kind of verdict; of a figure that is not compared; of the comparator."""
FENCE = 3
"""Districts farther from the middle half than so many times its width do not squeeze the rest (Tukey's far-out fence)."""


def mark(kind: str) -> Html:
    """A verdict's shape on its own."""
    return markup('<svg class="pb-m" viewBox="-9 -9 18 18" width="16" height="16" aria-hidden="true">{}</svg>', _mark(kind))


def row_of(kind: str, count: int) -> Html:
    """So many of a verdict's shape in a row; nothing for none."""
    marks = [markup('<g transform="translate({} 9)">{}</g>', 9 + 18 * at, _mark(kind)) for at in range(count)]
    if not marks:
        return Html()
    return markup(
        '<svg class="pb-m" viewBox="0 0 {} 18" width="{}" height="13" aria-hidden="true">{}</svg>',
        18 * count,
        13 * count,
        join(marks),
    )


def _mark(kind: str) -> Html:
    return markup('<g class="m-{}">{}</g>', kind or "none", MARKS[kind])


# ------------------------------------------------------------------ the strip


@dataclass(frozen=True)
class Strip:
    """One measure on its own scale: England in the middle, better to the right."""

    kind: str
    """Of the verdict."""
    value: float
    middle: float
    """England's."""
    band: tuple[float, float, float, float]
    """Of the English districts: least, lower quartile, upper quartile, most."""
    limits: tuple[float, float] | None = None
    beside: float | None = None
    """One comparator's."""
    falls: bool = False
    """Whether lower figures are better and lie to the right."""

    @property
    def reach(self) -> float:
        """From the middle to each end of the scale: as far as the figures that the strip is about, and most districts."""
        least, lower, upper, most = self.band
        fence = FENCE * (upper - lower)
        shown = [self.value, max(least, lower - fence), min(most, upper + fence)]
        shown += [] if self.beside is None else [self.beside]
        return max(abs(number - self.middle) for number in shown) or 1.0

    @property
    def cut(self) -> tuple[bool, bool]:
        """Whether districts lie beyond the left end, and beyond the right one."""
        least, _, _, most = self.band
        beyond = (least < self.middle - self.reach, most > self.middle + self.reach)
        return beyond[::-1] if self.falls else beyond

    def across(self, number: float) -> float:
        """Where a figure stands, in points from the left; beyond an end it stands at the end."""
        part = max(-1.0, min(1.0, (number - self.middle) / self.reach))
        return WIDE / 2 + (-part if self.falls else part) * (WIDE / 2 - ROOM)


def strip(shown: Strip) -> Html:
    """The strip as a picture."""
    least, lower, upper, most = (shown.across(number) for number in shown.band)
    parts = [
        _bar("range", least, most, 6),
        _bar("half", lower, upper, 12),
        markup('<path class="england" d="M{} 1V{}"/>', _short(WIDE / 2), HIGH - 1),
        _at(shown.across(shown.beside), "beside") if shown.beside is not None else "",
        _limits(shown),
        _at(shown.across(shown.value), shown.kind),
    ]
    return markup(
        '<svg class="pb-strip" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">{}</svg>',
        WIDE,
        HIGH,
        WIDE,
        HIGH,
        join(parts),
    )


def _bar(name: str, one: float, other: float, high: int) -> Html:
    left, right = sorted((one, other))
    return markup(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        name,
        _short(left),
        LINE - high // 2,
        _short(max(right - left, 1.0)),
        high,
    )


def _limits(shown: Strip) -> Html:
    """The interval, with a stop at each end that lies on the scale."""
    if shown.limits is None:
        return Html()
    ends = [(shown.across(limit), abs(limit - shown.middle) <= shown.reach) for limit in shown.limits]
    stops = "".join(f"M{_short(x)} {LINE - 4}v8" for x, inside in ends if inside)
    (one, _), (other, _) = sorted(ends)
    return markup('<path class="limits" d="M{} {}H{}{}"/>', _short(one), LINE, _short(other), stops)


def _at(x: float, kind: str) -> Html:
    return markup('<g transform="translate({} {})">{}</g>', _short(x), LINE, _mark(kind))


# ------------------------------------------------------------------ the line over time

Points = Sequence[tuple[float, float | None]]
"""Decimal year and figure, oldest first; a missing figure breaks the line."""


def line(own: Points, england: Points = ()) -> Html:
    """The place's line, its newest point marked, England's dashed behind it from the year in which the place's begins."""
    known = [(year, number) for year, number in own if number is not None]
    first, last = known[0][0], known[-1][0]
    behind = [(year, number) for year, number in england if first - 0.01 <= year <= last + 0.01]
    numbers = [number for _, number in (*known, *behind) if number is not None]
    low, high = min(numbers), max(numbers)
    wide, tall = (last - first) or 1.0, (high - low) or 1.0

    def at(year: float, number: float) -> tuple[float, float]:
        x = EDGE + (BROAD - 2 * EDGE) * (year - first) / wide
        return x, TALL - EDGE - (TALL - 2 * EDGE) * (number - low) / tall

    x, y = at(*known[-1])
    lines = [
        markup('<path class="{}" d="{}"/>', name, way)
        for name, points in (("england", behind), ("own", own))
        if (way := " ".join(_way(points, at)))
    ]
    return markup(
        '<svg class="pb-line" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">{}'
        '<circle class="own" cx="{}" cy="{}" r="3"/></svg>',
        BROAD,
        TALL,
        BROAD,
        TALL,
        join(lines),
        _short(x),
        _short(y),
    )


def _way(points: Points, at: Callable[[float, float], tuple[float, float]]) -> Iterator[str]:
    pen = "M"
    for year, number in points:
        if number is None:
            pen = "M"
            continue
        x, y = at(year, number)
        yield f"{pen}{_short(x)} {_short(y)}"
        pen = "L" if pen == "M" else ""


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
