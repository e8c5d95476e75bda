"""One measure of several places on one line, each with its name and its figure: inline SVG that is read as one picture.

Names of the lower half stand above the line and run to the right of their marks, those of the upper half below it and run to
the left; so no stem crosses a name. The letters are as large as on a phone, where the picture is as broad as the page. Colours
are classes of the style sheet; the attributes beside them are those of paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from placebook.markup import Html, join, markup

WIDE, EDGE = 400, 9
"""Breadth of the picture, and room at each end, in its own points."""
LETTER = 0.61
"""Mean breadth of a letter over its size: that of the page's typeface, and a tenth more for readers who space their letters."""
SIZE, ROW, STEM = 12, 16, 9
"""Of the letters; from one row of names to the next; from the line to the nearest row."""
MOST_NAMES = 12
"""Of more places only those at both ends are named; the table holds them all."""
ENDS = 3
SHAPES = {
    "place": markup('<circle fill="#12436d" stroke="#ffffff" stroke-width="1.2" r="5.5"/>'),
    "wider": markup('<circle class="hollow" fill="#ffffff" stroke="#12436d" stroke-width="2.2" r="4.8"/>'),
    "england": markup('<path fill="#1a1a1a" d="M-1.2-9.5h2.4v19h-2.4z"/>'),
}
"""A place's own figure; that of the wider area that stands in for one; England's."""
Across = Callable[[float], float]
"""From a figure to points from the left."""


@dataclass(frozen=True)
class Mark:
    """One figure on the line."""

    kind: str
    """A key of ``SHAPES``."""
    name: str
    amount: str
    value: float

    @property
    def breadth(self) -> float:
        """Of its words, in points."""
        return LETTER * SIZE * (len(self.name) + 1 + len(self.amount))


@dataclass(frozen=True)
class _Name:
    """Where a name stands: its row counted from the line, where it begins, where its stem is."""

    mark: Mark
    row: int
    begins: float
    stem: float

    @property
    def ends(self) -> float:
        return self.begins + self.mark.breadth


def strip(marks: Sequence[Mark], half: tuple[float, float] | None, alt: str, *, falls: bool = False) -> Html:
    """The picture of ``marks``; ``half`` are the quartiles of the English districts, ``alt`` says what it shows.

    Higher lies to the right, or lower where the figure is better the lower it is (``falls``). Raises ValueError for no mark.
    """
    low, high = _reach([mark.value for mark in marks], half)

    def across(number: float) -> float:
        part = (number - low) / (high - low)
        return EDGE + (WIDE - 2 * EDGE) * (1 - part if falls else part)

    drawn = sorted(marks, key=lambda mark: (across(mark.value), mark.name))
    named = _named(drawn)
    above, below = _halves(named, across)
    over, under = _rows(above, across), _rows(below, across, mirrored=True)
    line = _deep(over) + EDGE
    high_all = line + _deep(under) + EDGE
    parts = [
        markup('<path class="scale" stroke="#c9ced6" stroke-width="1.5" d="M0 {0}H{1}"/>', line, WIDE),
        _half(half, across, line),
        join(_stem(name, line, -1) for name in over),
        join(_stem(name, line, 1) for name in under),
        join(_shape(mark, across(mark.value), line) for mark in sorted(drawn, key=lambda m: m.kind == "england")),
        join(_words(name, line, -1) for name in over),
        join(_words(name, line, 1) for name in under),
    ]
    return markup(
        '<svg class="pb-places" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}</svg>',
        alt,
        WIDE,
        high_all,
        WIDE,
        high_all,
        join(parts),
    )


def _reach(numbers: Iterable[float], half: tuple[float, float] | None) -> tuple[float, float]:
    every = [*numbers, *(half or ())]
    low, high = min(every), max(every)
    return (low, high) if high > low else (low - 1, low + 1)


def _named(drawn: Sequence[Mark]) -> list[Mark]:
    """Those whose names are written: all of few, of many both ends; England's always."""
    places = [mark for mark in drawn if mark.kind != "england"]
    if len(places) <= MOST_NAMES:
        return list(drawn)
    ends = [*places[:ENDS], *places[-ENDS:]]
    return [mark for mark in drawn if mark.kind == "england" or any(mark is end for end in ends)]


def _halves(named: Sequence[Mark], across: Across) -> tuple[list[Mark], list[Mark]]:
    """Those above the line, in half of the cases, and those below it; each where it has room."""
    above: list[Mark] = []
    below: list[Mark] = []
    for at, mark in enumerate(named):
        x = across(mark.value)
        right, left = x + mark.breadth <= WIDE, x - mark.breadth >= 0
        first = 2 * at < len(named)
        (above if (first and right) or not left else below).append(mark)
    return above, below


def _rows(marks: Sequence[Mark], across: Across, *, mirrored: bool = False) -> list[_Name]:
    """Names in the nearest rows that have room, from the end that they run to inwards.

    A name lies neither on another nor on the stem of one in a row farther out.
    """
    placed: list[tuple[int, float, float]] = []  # row, where the name begins, where its stem is
    names = []
    for mark in marks if mirrored else reversed(marks):
        x = across(mark.value)
        stem = WIDE - x if mirrored else x
        begins = max(0.0, min(stem - 3, WIDE - mark.breadth))
        ends = begins + mark.breadth + 4
        rows = range(1 + max((row for row, _, _ in placed), default=-1))
        free = (
            row
            for row in rows
            if all(ends <= other for at, other, _ in placed if at == row)
            and all(ends <= up for at, _, up in placed if at > row)
        )
        row = next(free, len(rows))
        placed.append((row, begins, stem))
        names.append(_Name(mark, row, WIDE - begins - mark.breadth if mirrored else begins, x))
    return names


def _deep(names: Sequence[_Name]) -> int:
    return STEM + ROW * (1 + max(name.row for name in names)) if names else 0


def _half(half: tuple[float, float] | None, across: Across, line: int) -> Html:
    if half is None:
        return Html()
    left, right = sorted(across(number) for number in half)
    return markup(
        '<rect class="half" fill="#bfc8d3" x="{}" y="{}" width="{}" height="10"/>',
        _short(left),
        line - 5,
        _short(max(right - left, 1)),
    )


def _stem(name: _Name, line: int, way: int) -> Html:
    end = line + way * (STEM + ROW * name.row)
    return markup('<path class="stem" stroke="#333333" stroke-width="0.8" d="M{} {}V{}"/>', _short(name.stem), line, end)


def _shape(mark: Mark, x: float, line: int) -> Html:
    return markup('<g class="p-{}" transform="translate({} {})">{}</g>', mark.kind, _short(x), line, SHAPES[mark.kind])


def _words(name: _Name, line: int, way: int) -> Html:
    """The name and its figure; those below the line end at their stem."""
    y = line + way * (STEM + ROW * name.row) + (-3 if way < 0 else SIZE)
    x, anchor = (name.begins, "start") if way < 0 else (name.ends, "end")
    return markup(
        '<text class="p-{}" font-family="Placebook Sans" font-size="12" x="{}" y="{}" text-anchor="{}">{} '
        '<tspan class="n" font-weight="700">{}</tspan></text>',
        name.mark.kind,
        _short(x),
        y,
        anchor,
        name.mark.name,
        name.mark.amount,
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
