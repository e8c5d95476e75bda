"""What no publisher does without saying so: a source that does one of these waits until somebody has looked.

Lost history, lost areas, another unit, a jump, a revision beyond its interval. How far figures usually move is read off the
frozen table itself: the steps that its own series have made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from placebook.refresh.changes import SERIES, Change, differ, named

GONE = 0.005
"""Share of rows that may go without a word, where neither a period nor an area goes."""
EMPTIED = 0.02
"""Share of figures that may become empty."""
COVERAGE = 0.95
"""Share of the areas of the period before that the newest period must have."""
SHIFT = (0.8, 1.25)
"""How far the middle one of all revisions of a measure may lie from 1: beyond, its unit or its base is another one."""
LEAST, MOST_STEP = np.log(2.0), 2.0
"""A step under twice is no jump; one over e² ≈ 7.4 times always is: a digit more is ten times."""
USUAL = 0.999
"""The quantile of a measure's own steps that is still usual; a jump is twice as far."""
FEW = 30
"""Steps below which nothing is known of what is usual."""
SHOWN = 3
WARNING = "u"
"""The marker of an estimate that is unreliable: Explore Local Statistics tells it in notes, which its interface leaves out."""


def stops(change: Change, explained: Callable[[str], bool] = lambda code: False) -> list[str]:
    """Why the new table must not land by itself, in words; nothing where there is no frozen one.

    ``explained`` says whether an area that is lost has a successor that is held.
    """
    if change.old.empty:
        return []
    found = [*_lost(change, explained), *_fewer(change), *_newest(change)]
    for measure, old in change.old.groupby("measure", sort=True):
        found += [f"{measure}: {words}" for words in _moved(change, str(measure), old)]
    return found


def _lost(change: Change, explained: Callable[[str], bool]) -> Iterator[str]:
    """Measures, categories, periods and areas that are no longer there."""
    for name, words in (("measure", "measures"), ("category", "categories")):
        if gone := sorted(set(change.old[name]) - set(change.new[name])):
            yield f"lost {words}: {_some(gone)}"
    for measure, old in change.old.groupby("measure", sort=True):
        new = change.new[change.new["measure"] == measure]
        if new.empty:
            continue
        if gone := sorted(set(old["period"]) - set(new["period"])):
            yield f"lost history of {measure}: {len(gone)} of {old['period'].nunique()} periods are gone: {_some(gone)}"
        if gone := sorted(code for code in set(old["area"]) - set(new["area"]) if not explained(code)):
            yield f"lost areas of {measure}: {len(gone)} of {old['area'].nunique()} are gone: {_some(gone)}"


def _fewer(change: Change) -> Iterator[str]:
    """Rows that are gone, figures that are empty now, and warnings that are forgotten."""
    if len(change.gone) > GONE * len(change.old):
        yield f"{len(change.gone):,} of {len(change.old):,} rows are gone"
    emptied = (change.kept["value_old"].notna() & change.kept["value_new"].isna()).sum()
    if emptied > EMPTIED * change.kept["value_old"].notna().sum():
        yield f"{emptied:,} of {len(change.kept):,} figures are empty now"
    same = change.kept[change.kept["value_old"].notna() & ~differ(change.kept["value_old"], change.kept["value_new"])]
    warned, still = (same[name].str.split().map(lambda markers: WARNING in markers) for name in ("markers_old", "markers_new"))
    if forgotten := (warned & ~still).sum():
        yield f"{forgotten:,} figures are what they were and are no longer marked unreliable"


def _newest(change: Change) -> Iterator[str]:
    """A newest period that is there for fewer areas than the one before it was."""
    for measure, new in change.new[change.new["value"].notna()].groupby("measure", sort=True):
        areas = new.groupby("period")["area"].nunique()
        last = areas.index[-1]
        held = set(change.old.loc[change.old["measure"] == measure, "period"])
        if last not in held and len(areas) > 1 and areas.iloc[-1] < COVERAGE * areas.iloc[-2]:
            yield f"{measure}: {last} is there for {areas.iloc[-1]:,} areas, the period before for {areas.iloc[-2]:,}"


def _moved(change: Change, measure: str, old: pd.DataFrame) -> Iterator[str]:
    """What the figures of one measure do that they never did."""
    kept = change.kept[change.kept["measure"] == measure]
    usual = usual_step(old)
    yield from _revisions(kept, usual)
    new = change.new[change.new["measure"] == measure]
    later = new[~new["period"].isin(set(old["period"]))]
    if later.empty:
        return
    steps = _steps(new)
    steps = steps[steps["period"].isin(set(later["period"]))]
    if steps.empty:
        return
    middle = steps.groupby(["category", "period"])["step"].transform("median")
    if (shifted := steps[middle.abs() > usual]).shape[0]:
        period = shifted["period"].iloc[0]
        yield f"the figures of {period} are {np.exp(middle[shifted.index[0]]):.3g} times those before: another unit, or a jump"
        return
    jumps = steps[(steps["step"] - middle).abs() > usual]
    yield from _told(jumps, "before", "value", "jumps")


def _revisions(kept: pd.DataFrame, usual: float) -> Iterator[str]:
    """Another unit or base; revisions beyond the limits that were published, or, without limits, beyond a usual step."""
    both = kept.dropna(subset=["value_old", "value_new"])
    both = both[differ(both["value_old"], both["value_new"])]
    positive = both[(both["value_old"] > 0) & (both["value_new"] > 0)]
    ratio = positive["value_new"] / positive["value_old"]
    if len(positive) > kept["value_old"].notna().sum() / 2 and not SHIFT[0] <= (middle := ratio.median()) <= SHIFT[1]:
        yield f"the figures are {middle:.3g} times what they were: another unit or another base"
        return
    beyond = both[(both["value_new"] < both["lower_old"]) | (both["value_new"] > both["upper_old"])]
    yield from _told(beyond, "value_old", "value_new", "revisions beyond the limits that were published")
    bare = positive[positive["lower_old"].isna()]
    bare = bare[np.abs(np.log(bare["value_new"] / bare["value_old"])) > usual]
    turned = both[both["lower_old"].isna() & ((both["value_old"] > 0) != (both["value_new"] > 0)) & (both["value_old"] != 0)]
    yield from _told(pd.concat([bare, turned]), "value_old", "value_new", "revisions larger than a usual step")


def usual_step(old: pd.DataFrame) -> float:
    """How far, as a logarithm, a figure may move from period to period, or be revised, and be like those before."""
    steps = _steps(old)
    if len(steps) < FEW:
        return MOST_STEP
    middle = steps.groupby(["category", "period"])["step"].transform("median")
    return float(np.clip(2 * (steps["step"] - middle).abs().quantile(USUAL), LEAST, MOST_STEP))


def _steps(frame: pd.DataFrame) -> pd.DataFrame:
    """The logarithm of each positive figure over the one before it in its series."""
    ordered = frame[frame["value"] > 0].sort_values([*SERIES, "period"])
    before = ordered.groupby(SERIES, sort=False)["value"].shift()
    steps = ordered.assign(before=before, step=np.log(ordered["value"] / before))
    return steps[steps["before"].notna()]


def _told(rows: pd.DataFrame, before: str, after: str, what: str) -> Iterator[str]:
    """One line for all rows, the largest first."""
    if rows.empty:
        return
    size = np.abs(np.log(((rows[after].abs() + 1e-12) / (rows[before].abs() + 1e-12)).to_numpy()))
    first = rows.iloc[np.argsort(-size, kind="stable")[:SHOWN]].to_dict("records")
    examples = "; ".join(f"{named(row)}: {row[before]:,.6g} → {row[after]:,.6g}" for row in first)
    yield f"{len(rows):,} {what}: {examples}"


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:SHOWN]) + (f" and {len(codes) - SHOWN:,} more" if len(codes) > SHOWN else "")
