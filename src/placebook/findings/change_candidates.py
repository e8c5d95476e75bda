"""How a place's position against England moved, over the windows that a measure declares (R3, R7, R12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from placebook.catalogue.models import Indicator
from placebook.evidence.panel import APART, Panel
from placebook.evidence.periods import overlap, span
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value, at
from placebook.evidence.windows import locked_down, may_begin
from placebook.findings.candidates import Candidate, about, good
from placebook.findings.level_candidates import RATIOS
from placebook.findings.yardstick import TO_SIGMA, Standing, standing

BEYOND_STEPS = 1.5
"""A change must be so many times what steps of its size and number make by chance; of a smoothed or overlapping series
``SMOOTHED``."""
SMOOTHED = 2.0
PRIOR_STEPS = 4
"""The districts' median variance of steps weighs as much as this many steps of the place's own."""
TEN_YEARS = 10
SINCE = 2019
LEAST_STEPS = 3
STEP_TEST = 10


@dataclass(frozen=True)
class Window:
    """A first and a last row of a panel."""

    first: int
    last: int

    @property
    def steps(self) -> int:
        return self.last - self.first


def against_england(indicator: Indicator, panel: Panel) -> np.ndarray:
    """Each figure as an index of England's (100), a percentage as points above it. Shape as the panel's values."""
    england = panel.england[:, None]
    if indicator.unit in RATIOS:
        with np.errstate(divide="ignore", invalid="ignore"):
            index: np.ndarray = np.where(england > 0, 100 * panel.values / england, np.nan)
        return index
    points: np.ndarray = panel.values - england
    return points


def windows_of(indicator: Indicator, panel: Panel) -> tuple[Window, ...]:
    """The whole series, ten years and since 2019, each begun where a change may be counted from."""
    last = len(panel.periods) - 1
    years = [span(period).end.year for period in panel.periods]
    starts = [0, *(at for at, year in enumerate(years) if year in (years[-1] - TEN_YEARS, SINCE))]
    found = []
    for start in starts:
        first = next((at for at in range(start, last) if may_begin(indicator, panel.periods[at])), None)
        if first is not None and last - first >= LEAST_STEPS:
            found.append(Window(first, last))
    return tuple(dict.fromkeys(found))


def change_candidates(
    readings: Iterable[Reading], panels: Mapping[str, Panel], sections: Mapping[str, str], on: date
) -> tuple[Candidate, ...]:
    """One for each measure of a district whose position against England may have moved; the window where most unusually."""
    return tuple(made for reading in readings if (made := _change(reading, panels, sections, on)) is not None)


def _change(reading: Reading, panels: Mapping[str, Panel], sections: Mapping[str, str], on: date) -> Candidate | None:
    indicator, panel = reading.indicator, panels.get(reading.indicator.id)
    code = reading.subject.code
    if reading.wider or panel is None or code not in panel.codes or code in APART:
        return None
    if indicator.no_change_because or indicator.breaks or indicator.measure in ("count", "index"):
        return None
    if indicator.pooled or indicator.counts == "events":
        return None  # a single draw or a single year at each end: their changes are tested as claims
    index, place = against_england(indicator, panel), panel.codes.index(code)
    apart = np.isin(panel.codes, APART)
    best = _most_unusual(index, windows_of(indicator, panel), place, apart)
    if best is None:
        return None
    window, stands = best
    own = index[window.first : window.last + 1, place]
    change = float(own[-1] - own[0])
    expected = usual_move(index, window, place)
    smooth = indicator.smoothed or overlap(panel.periods[-2], panel.periods[-1])
    need = (SMOOTHED if smooth else BEYOND_STEPS) * expected
    averaged = _averaged(own, _outside_lockdowns(indicator, panel, window))
    values = _values(reading, panel, window)
    if values is None:
        return None
    changes = index[window.last] - index[window.first]
    shown = standing(change, changes[~apart], ranked=changes)
    rules: dict[str, dict[str, float | str | None]] = {
        "R3a": {"position": round(stands.position, 4), "z": round(stands.z, 3)},
        "R3b": {"change": round(change, 3), "needed": round(need, 3), "steps": window.steps},
        "R3c": {"smoothed change": _round(averaged), "needed": round(change / 2, 3)},
        "R7": {"from": round(float(own[0]), 4), "to": round(float(own[-1]), 4)},
        "R11": {"rank": shown.rank if shown else None, "of": shown.of if shown else None},
    }
    left_out = ""
    # A rise that is small among larger rises is unusual, and no rise to tell of.
    if not stands.far or shown is None or shown.from_highest != (change > 0):
        left_out = "R3a"
    elif abs(change) < need:
        left_out = "R3b"
    elif averaged is None or averaged * np.sign(change) < abs(change) / 2:
        left_out = "R3c"
    elif reading.artefacts or any(value.area in each.areas for each in indicator.unusual for value in values[:1]):
        left_out = "R13"
    candidate = about(
        reading,
        "change",
        sections[indicator.id],
        on,
        values,
        z=stands.z,
        core=stands.core,
        good=good(indicator, change > 0),
        rules=rules,
        left_out=left_out,
        steps=window.steps + 1,
    )
    return replace(candidate, asks_local=_when(own, panel, window)) if not smooth else candidate


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, 3)


def _most_unusual(
    index: np.ndarray, windows: tuple[Window, ...], place: int, apart: np.ndarray
) -> tuple[Window, Standing] | None:
    """Each district at its own most unusual window; the place's window, and where its change stands among the others'."""
    by_window = []
    for window in windows:
        changes = index[window.last] - index[window.first]
        known = changes[~np.isnan(changes) & ~apart]
        if len(known) < 200 or np.isnan(changes[place]):
            continue
        middle = np.median(known)
        spread = TO_SIGMA * np.median(np.abs(known - middle))
        if spread > 0:
            by_window.append((window, (changes - middle) / spread))
    if not by_window:
        return None
    scores = np.vstack([z for _, z in by_window])
    farthest = np.nan_to_num(np.abs(scores), nan=-1).argmax(axis=0)
    most = np.take_along_axis(scores, farthest[None, :], axis=0)[0]
    stands = standing(float(most[place]), most[~apart], ranked=most)
    return (by_window[farthest[place]][0], replace(stands, z=float(most[place]))) if stands else None


def usual_move(index: np.ndarray, window: Window, place: int) -> float:
    """What the place's own yearly steps would make over the window if they had no direction. ``place`` is its column."""
    steps = np.diff(index, axis=0)
    counts = (~np.isnan(steps)).sum(axis=0)
    enough = counts > 2
    variances = np.full(len(counts), np.nan)
    variances[enough] = np.nanvar(steps[:, enough], axis=0, ddof=1)
    typical = float(np.nanmedian(variances))
    own, many = variances[place], int(counts[place])
    pooled = typical if np.isnan(own) else ((many - 1) * own + PRIOR_STEPS * typical) / (many - 1 + PRIOR_STEPS)
    return float(np.sqrt(pooled * window.steps))


def _outside_lockdowns(indicator: Indicator, panel: Panel, window: Window) -> np.ndarray:
    """Which points of a window averages may rest on: of work, learning and travel none of the lockdowns."""
    periods = panel.periods[window.first : window.last + 1]
    return np.array([not (indicator.lockdown and locked_down(period)) for period in periods])


def _averaged(own: np.ndarray, kept: np.ndarray) -> float | None:
    """The change between three-year averages at both ends, as much as it would be over the whole window.

    Of fewer than five points the change itself; None of fewer than three, and where one is missing.
    """
    points = np.flatnonzero(kept)
    if len(points) < 3 or np.isnan(own[points]).any():
        return None
    if len(points) < 5:
        return float(own[-1] - own[0])
    early, late = points[:3], points[-3:]
    rise = own[late].mean() - own[early].mean()
    return float(rise / (late.mean() - early.mean()) * (len(own) - 1))


def _when(own: np.ndarray, panel: Panel, window: Window) -> str:
    """R12: the two neighbouring steps that carry half of a change, and three times what two steps usually do."""
    if window.steps < STEP_TEST or np.isnan(own).any():
        return ""
    change, pairs = own[-1] - own[0], own[2:] - own[:-2]
    at_step = int(np.argmax(pairs * np.sign(change)))
    if abs(pairs[at_step]) < abs(change) / 2 or abs(pairs[at_step]) < 3 * np.median(np.abs(pairs)):
        return ""
    first, last = (span(panel.periods[window.first + n]).end.year for n in (at_step, at_step + 2))
    return f"{first} to {last}"


def _values(reading: Reading, panel: Panel, window: Window) -> tuple[Value, ...] | None:
    """The place's figures at both ends, then England's."""
    ends = (panel.periods[window.last], panel.periods[window.first])
    own = [value for period in ends for value in at(reading.series, period)]
    beside = reading.beside("country")
    england = [value for period in ends for value in at(beside.series, period)] if beside else []
    whole = len(own) == 2 and len(england) == 2 and all(value.value is not None for value in (*own, *england))
    return (*own, *england) if whole else None
