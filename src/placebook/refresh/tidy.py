"""Observations gathered row by row into one tidy frame: checked, sorted, unique on the key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from placebook.catalogue.models import TableMeasure
from placebook.errors import DataError, Fault
from placebook.evidence.store import COLUMNS, MARKERS
from placebook.refresh.codes import Codes
from placebook.refresh.decimals import decimal_text, same_figure
from placebook.refresh.delimited import Row
from placebook.refresh.periods import iso_period

SHOWN_FAULTS = 20
KEPT = ("p", "e", "b")
"""Markers that a sum takes over from any of its parts."""
LEFT_OUT = "placebook_left_out"
"""Attribute of the frame: reason → codes of the areas whose rows were not carried, sorted."""


@dataclass(frozen=True)
class Figure:
    """One observation beside its key, as text; ``old_code`` where it came under a former code."""

    value: str
    lower: str
    upper: str
    markers: str
    row: Row
    old_code: bool


@dataclass
class Tidy:
    """Gathers observations of one table and every fault in them."""

    measures: Mapping[str, TableMeasure]
    codes: Codes
    within: float = 0.0
    """How far two published figures for one key may lie apart, in their own unit; the first stays."""
    only_known: bool = False
    """Whether rows of areas that the book does not know are left out, instead of a fault."""
    figures: dict[tuple[str, ...], Figure] = field(default_factory=dict)
    parts: dict[tuple[str, ...], dict[tuple[str, ...], Figure]] = field(default_factory=dict)
    """Key → what is added up for it, by the published area, partner and category."""
    faults: list[Fault] = field(default_factory=list)
    left_out: dict[str, set[str]] = field(default_factory=dict)
    disagreeing: Counter[str] = field(default_factory=Counter)

    def area(self, row: Row, code: str) -> str | None:
        """The code that the row is kept under; None, with a note or a fault taken, where it is not."""
        try:
            carried = self.codes.carried(code)
        except KeyError:
            if self.only_known:
                self.left_out.setdefault("not in the book's areas", set()).add(code)
                return None
            self.faults.append(
                row.fault(
                    "area",
                    f"{code!r} is no area that the book knows; {self.codes.nearest(code)}",
                    "add it to the geography source, or leave it out by name in the source file",
                )
            )
            return None
        if carried is None:
            reason = "merged or split" if code in self.codes.gone else "outside England"
            self.left_out.setdefault(reason, set()).add(code)
        return carried

    def period(self, row: Row, said: str, months: str = "span") -> str | None:
        """``said`` as an ISO 8601 period; None, with a fault taken, where it is not understood."""
        try:
            return iso_period(said, months)
        except ValueError as error:
            self.faults.append(row.fault("period", str(error), "correct it, or teach placebook this form"))
            return None

    def add(
        self,
        row: Row,
        area: str,
        period: str,
        measure: str,
        value: str,
        *,
        category: str = "",
        partner: str = "",
        lower: str = "",
        upper: str = "",
        markers: str = "",
        thousands: bool = False,
        part: str = "",
    ) -> None:
        """Take one observation. ``area`` is the published code; empty ``value`` needs a marker.

        Added up, where the table holds no such row by itself: figures of former districts whose sum is the new one's,
        and those that are a ``part`` of their category.
        """
        kept = self.area(row, area)
        if kept is None:
            return
        try:
            value, lower, upper = (decimal_text(text, thousands) if text.strip() else "" for text in (value, lower, upper))
        except ValueError as error:
            self.faults.append(row.fault(measure, str(error), "correct the file, or name the symbol in the source file"))
            return
        figure = Figure(value, lower, upper, " ".join(sorted(set(markers.split()))), row, kept != area)
        if problem := self._problem(measure, figure):
            self.faults.append(row.fault(measure, *problem))
            return
        other = self.codes.heir(partner) or self.codes.successors.get(partner, partner)
        key = (kept, period, measure, category, other)
        former = tuple(code if self.codes.heir(code) else "" for code in (area, partner))
        if any(former) or part:
            self._part(key, (*former, part), figure)
        else:
            self._keep(key, figure)

    def _problem(self, measure: str, figure: Figure) -> tuple[str, str] | None:
        if measure not in self.measures:
            return (
                f"{measure} is no measure of this source",
                "declare it under measures in the source file",
            )
        unknown = sorted(set(figure.markers.split()) - set(MARKERS))
        if unknown:
            return f"has the marker {', '.join(unknown)}", f"use {', '.join(MARKERS)}"
        if not figure.value:
            if not figure.markers:
                return (
                    "has no value and does not say why",
                    "name the marker for missing values in the source file",
                )
            return None
        limits = self.measures[measure]
        number = float(figure.value)
        if number < limits.minimum:
            return (
                f"{figure.value} is below the declared minimum {limits.minimum:g}",
                "check the figure or the range",
            )
        if number > limits.maximum:
            return (
                f"{figure.value} is above the declared maximum {limits.maximum:g}",
                "check the figure or the range",
            )
        return None

    def _keep(self, key: tuple[str, ...], figure: Figure) -> None:
        first = self.figures.get(key)
        if first is None:
            self.figures[key] = figure
            return
        same = first.markers == figure.markers or self.within
        if same and all(
            same_figure(*pair, self.within)
            for pair in (
                (first.value, figure.value),
                (first.lower, figure.lower),
                (first.upper, figure.upper),
            )
        ):
            return
        if first.old_code != figure.old_code:
            self.disagreeing[key[0]] += 1
            self.figures[key] = first if figure.old_code else figure
            return
        other = first.row.line if first.row.file == figure.row.file else f"{first.row.file}:{first.row.line}"
        self.faults.append(
            figure.row.fault(
                key[2],
                f"gives {figure.value or 'no value'} for {', '.join(filter(None, key))}, "
                f"line {other} gives {first.value or 'no value'}",
                "find out which is right and leave the other out in the source file",
            )
        )

    def _part(self, key: tuple[str, ...], part: tuple[str, ...], figure: Figure) -> None:
        if figure.lower or figure.upper:
            self.faults.append(
                figure.row.fault(
                    key[2], "has limits, and what has limits is never added up", "take the district out of added_up_from"
                )
            )
        elif part in self.parts.setdefault(key, {}) and self.parts[key][part].value != figure.value:
            self.faults.append(
                figure.row.fault(
                    key[2], f"a second figure for {', '.join(filter(None, (*key, *part)))}", "find out which is right"
                )
            )
        else:
            self.parts[key][part] = figure

    def _add_up(self) -> None:
        """The sums, where every former district has a figure; a published figure that they do not make is a fault."""
        for key, parts in self.parts.items():
            former = self.codes.joined.get(key[0], ())
            if not key[4] and any(part[0] for part in parts) and {part[0] for part in parts} != set(former):
                self.left_out.setdefault("not whole after a merger", set()).add(key[0])
                continue
            values = [Decimal(figure.value) for figure in parts.values() if figure.value]
            whole = len(values) == len(parts)
            markers = {m for figure in parts.values() for m in figure.markers.split() if m in KEPT or not figure.value}
            row = next(iter(parts.values())).row
            made = Figure(decimal_text(str(sum(values))) if whole else "", "", "", " ".join(sorted(markers)), row, False)
            published = self.figures.get(key)
            if published is None:
                self.figures[key] = made
            elif not same_figure(published.value, made.value, self.within * (len(parts) + 1) / 2):
                self.faults.append(
                    published.row.fault(
                        key[2],
                        f"gives {published.value} for {', '.join(filter(None, key))}, and the "
                        f"figures of the former districts add up to {made.value}",
                        "leave the wrong one out in the source file",
                    )
                )

    def frame(self) -> pd.DataFrame:
        """The table: all text, columns as in the store, sorted by key. Raises DataError with all faults."""
        self._add_up()
        if not self.figures and not self.faults:
            self.faults.append(
                Fault(
                    "the files",
                    0,
                    "",
                    "no row is carried into the table",
                    "check the source file's options",
                )
            )
        raise_faults(self.faults)
        rows = [
            (*key, figure.value, figure.lower, figure.upper, figure.markers) for key, figure in sorted(self.figures.items())
        ]
        frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
        frame.attrs[LEFT_OUT] = {reason: sorted(codes) for reason, codes in sorted(self.left_out.items())}
        if self.disagreeing:
            frame.attrs[LEFT_OUT]["old code disagrees with new"] = sorted(self.disagreeing)
        return frame


def raise_faults(faults: Sequence[Fault]) -> None:
    """Raises DataError with the first faults and the number of the others, where there are any."""
    if faults:
        more = len(faults) - SHOWN_FAULTS
        rest = [Fault("…", 0, "", f"and {more} more", "")] if more > 0 else []
        raise DataError([*faults[:SHOWN_FAULTS], *rest])


def table_text(frame: pd.DataFrame) -> str:
    """The frame as the CSV text that is frozen: UTF-8, LF, header, fields quoted where needed."""
    return frame.to_csv(index=False, lineterminator="\n", columns=list(COLUMNS))
