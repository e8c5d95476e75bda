"""What a new table says that the frozen one did not: rows new, gone and revised, by key."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from placebook.evidence.periods import span
from placebook.evidence.store import COLUMNS, KEY
from placebook.refresh.delimited import read_parquet

NUMBERS = ["value", "lower", "upper"]
SERIES = ["measure", "category", "partner", "area"]
"""What a figure is of; with a period it is the key."""
NOISE = 1e-9
"""Relative difference below which two figures are one."""


def observations(tables: Mapping[str, bytes]) -> pd.DataFrame:
    """The rows of tables of observations, by their path: words as text, numbers as float64, NaN where there is none."""
    frames = [_frame(path, content) for path, content in sorted(tables.items())]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=float if name in NUMBERS else object) for name in COLUMNS})
    return pd.concat(frames, ignore_index=True)


def _frame(path: str, content: bytes) -> pd.DataFrame:
    if path.endswith(".parquet"):
        frame = read_parquet(path, content).select(list(COLUMNS)).to_pandas()
        words = [name for name in COLUMNS if name not in NUMBERS]
        return frame.astype(dict.fromkeys(words, object))
    frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    frame[NUMBERS] = frame[NUMBERS].apply(pd.to_numeric, errors="coerce")
    return frame


@dataclass(frozen=True)
class Change:
    """Two tables of one source, the frozen and the new one, side by side."""

    old: pd.DataFrame
    new: pd.DataFrame

    @cached_property
    def _both(self) -> pd.DataFrame:
        """Every key of either, with the columns of both and pandas' ``_merge``."""
        return self.old.merge(self.new, on=list(KEY), how="outer", suffixes=("_old", "_new"), indicator=True)

    @cached_property
    def added(self) -> pd.DataFrame:
        """Rows of the new table whose key the old one has not."""
        return self._both[self._both["_merge"] == "right_only"]

    @cached_property
    def gone(self) -> pd.DataFrame:
        """Rows of the old table whose key the new one has not."""
        return self._both[self._both["_merge"] == "left_only"]

    @cached_property
    def kept(self) -> pd.DataFrame:
        """Keys of both tables."""
        return self._both[self._both["_merge"] == "both"]

    @cached_property
    def revised(self) -> pd.DataFrame:
        """Of these where a value, a limit or a marker is another one."""
        kept = self.kept
        other = kept["markers_old"] != kept["markers_new"]
        for name in NUMBERS:
            other |= differ(kept[f"{name}_old"], kept[f"{name}_new"])
        return kept[other]

    @cached_property
    def newest(self) -> str:
        """The newest period of the new table; "" where it has none."""
        return max(self.new["period"], key=lambda period: (span(period).end, period), default="")

    def largest(self, areas: Mapping[str, str], most: int = 5) -> list[str]:
        """The largest revisions of values in these areas, code to name, in words; by the deviation of the measure's areas."""
        values = self.revised.dropna(subset=["value_old", "value_new"])
        values = values[values["area"].isin(areas) & differ(values["value_old"], values["value_new"])]
        if values.empty:
            return []
        spreads = self.old.groupby(["measure", "category"])["value"].std().replace(0, np.nan)
        spread = [
            spreads.get((measure, category), np.nan)
            for measure, category in zip(values["measure"], values["category"], strict=True)
        ]
        size = ((values["value_new"] - values["value_old"]).abs() / spread).fillna(np.inf)
        order = values.assign(size=size).sort_values(["size", *KEY], ascending=[False, *[True] * len(KEY)])
        return [
            f"{areas[row['area']]} {named(row)}: {row['value_old']:,.6g} → {row['value_new']:,.6g}".lstrip()
            for row in order.head(most).to_dict("records")
        ]


def named(row: Mapping[Any, Any]) -> str:
    """A row's key in words."""
    return " ".join(str(row[name]) for name in ("area", "measure", "category", "partner", "period") if row[name])


def differ(one: pd.Series, other: pd.Series) -> pd.Series:
    """Where two columns hold different figures; two that hold none are alike."""
    apart = (one - other).abs() > NOISE * np.maximum(one.abs(), other.abs())
    return apart | (one.isna() != other.isna())


def covered(periods: Iterable[str]) -> str:
    """First and last day of periods, as a source's record has them."""
    spans = [span(period) for period in periods]
    return f"{min(one.start for one in spans).isoformat()}/{max(one.end for one in spans).isoformat()}"
