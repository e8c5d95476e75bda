"""Two districts of a county that changed places: one moved as R3 asks, and passed the other or fell behind it.

Pure functions. The county's districts are those of its file, so that no page hangs on which other pages a book has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from placebook.evidence.panel import Panel
from placebook.evidence.periods import overlap
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.findings.candidates import Candidate
from placebook.findings.change_candidates import SMOOTHED, Window, against_england, usual_move

ValuesOf = Callable[[Reading, str], tuple[Value, ...]]
"""A measure's figures of a district by its code."""


def passing_candidates(
    changes: Iterable[Candidate],
    readings: Mapping[str, Reading],
    panels: Mapping[str, Panel],
    county: Iterable[str],
    values_of: ValuesOf,
) -> tuple[Candidate, ...]:
    """At most one for each change that R3 lets pass: the district of the county that was passed by the widest margins.

    ``county`` are the codes of its districts. The weight is that of the change.
    """
    others = sorted(county)
    found = []
    for change in changes:
        if change.type == "change" and not change.left_out:
            made = _passing(change, readings[change.indicators[0]], panels[change.indicators[0]], others, values_of)
            found += [made] if made else []
    return tuple(found)


def _passing(change: Candidate, reading: Reading, panel: Panel, county: list[str], values_of: ValuesOf) -> Candidate | None:
    ends = [panel.periods.index(value.period) for value in (change.values[1], change.values[0])]
    own = panel.codes.index(reading.subject.code)
    index = against_england(reading.indicator, panel)
    moved = index[ends[1], own] - index[ends[0], own]
    least = _least(reading, panel, index, own)
    margins = {}
    for code in county:
        if code == reading.subject.code or code not in panel.codes:
            continue
        other = panel.codes.index(code)
        before, now = (float(index[end, own] - index[end, other]) for end in ends)
        # From one side to the other, in the direction of the move, and clear of it at both ends.
        if before * moved < 0 < now * moved and min(abs(before), abs(now)) > least and _apart(reading, panel, ends, own, other):
            margins[code] = (min(abs(before), abs(now)), before, now)
    if not margins:
        return None
    code = max(margins, key=lambda each: margins[each][0])
    by_period = {value.period: value for value in values_of(reading, code) if value.value is not None}
    if not {panel.periods[end] for end in ends} <= set(by_period):
        return None
    beside = tuple(by_period[panel.periods[end]] for end in reversed(ends))
    _, before, now = margins[code]
    rules: dict[str, Mapping[str, float | str | None]] = {
        **change.rules,
        "passing": {
            "district": code,
            "before": round(before, 3),
            "now": round(now, 3),
            "needed": round(least, 3),
            "passed": len(margins),
        },
    }
    return replace(change, type="passing", values=(*change.values[:2], *beside), rules=rules, asks_local="")


def _least(reading: Reading, panel: Panel, index: np.ndarray, own: int) -> float:
    """What a year's usual step might undo: margins at both ends are wider (of a smoothed or overlapping series twice that)."""
    smooth = reading.indicator.smoothed or overlap(panel.periods[-2], panel.periods[-1])
    return (SMOOTHED if smooth else 1.0) * usual_move(index, Window(0, 1), own)


def _apart(reading: Reading, panel: Panel, ends: list[int], own: int, other: int) -> bool:
    """Whether the published figures differ at both ends by more than their rounding."""
    step = reading.indicator.figure_rounded_to or 10.0**-reading.indicator.decimals
    return all(abs(panel.values[end, own] - panel.values[end, other]) > step for end in ends)
