"""Observations of small areas, made from whole columns: what Tidy does row by row, for tables of millions of rows.

The options are those of published_tables and mean the same. A label is looked at once, however often it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from placebook.catalogue.models import TableMeasure
from placebook.errors import Fault
from placebook.evidence.store import COLUMNS, KEY, MARKERS
from placebook.refresh.codes import OUTSIDE_ENGLAND
from placebook.refresh.columns import as_words, frozen, read_columns
from placebook.refresh.decimals import decimal_text
from placebook.refresh.delimited import as_text, column_of
from placebook.refresh.published_tables import UNKNOWN_CATEGORY, Options, area_of, category_of, measure_of, value_of
from placebook.refresh.tidy import raise_faults

FIELDS = ("district", *COLUMNS)
ORDER = ["district", *KEY]
"""What the rows are sorted by."""
NUMBERS = dict.fromkeys(("value", "lower", "upper"), pa.float64())


def observations(
    contents: Mapping[str, bytes], options: Options, measures: Mapping[str, TableMeasure], districts: Mapping[str, str]
) -> bytes:
    """The table as Parquet: columns :data:`FIELDS`, sorted by and unique in :data:`ORDER`.

    ``districts`` maps each small area that the table may hold to its district. With ``columns`` the files have one area a
    row and options as in :func:`placebook.refresh.published_tables.take_wide`, else one figure a row and options as in
    ``take_long`` there; ``summaries`` are files of the first kind beside others of the second (``summary_area``,
    ``columns`` published column → measure). ``member`` is the file to read in a ZIP, ``partners`` the codes at the other
    end of a flow that are no areas.

    Raises InputError for a file that cannot be read, DataError for an unknown area or label, a figure that is none, is
    missing without a marker or lies outside its measure's range, and a key that stands twice.
    """
    tidy = _Observations(measures, districts)
    for file, content in contents.items():
        rows = read_columns(file, content, options.get("member", ""))
        if file in options.get("summaries", ()):
            tidy.take_wide(file, rows, {**options, "area": options["summary_area"], "measure": None})
        elif "columns" in options and "summaries" not in options:
            tidy.take_wide(file, rows, options)
        else:
            tidy.take_long(file, rows, options)
    return frozen(tidy.checked(), NUMBERS)


class _Observations:
    """Gathers the observations of one table and every fault in them."""

    def __init__(self, measures: Mapping[str, TableMeasure], districts: Mapping[str, str]):
        self.measures, self.districts = measures, districts
        self.frames: list[pd.DataFrame] = []
        self.faults: list[Fault] = []

    def take_long(self, file: str, rows: pd.DataFrame, options: Options) -> None:
        """Take every row."""
        for column, text in options.get("select", {}).items():
            rows = rows[rows[column_of(file, rows.columns, column)].astype(str) == text]
        areas = self._words(file, rows, options["area"], partial(self._area, options=options), "leave it out by name")
        rows, areas = rows[pd.notna(areas)], areas[pd.notna(areas)]
        words: dict[str, Any] = {"area": areas, "measure": options.get("measure")}
        if total := options.get("totals", {}).get(file):
            each = rows.assign(area=areas).drop_duplicates(["area", column_of(file, rows.columns, total)])
            whole = {"area": each["area"], "measure": options.get("total_measure", words["measure"])}
            self._add(file, each, options, {"value": total}, **whole)
        for role, column, meaning, remedy in (
            ("measure", "measure_column", partial(measure_of, options=options), "add it to the source's labels"),
            ("category", "category", partial(category_of, options=options), UNKNOWN_CATEGORY),
            ("partner", "partner", partial(self._partner, options=options), "add it to the source's partners"),
        ):
            if column in options:
                words[role] = self._words(file, rows, options[column], meaning, remedy)
        self._add(file, rows, options, {name: options[name] for name in NUMBERS if name in options}, **words)

    def take_wide(self, file: str, rows: pd.DataFrame, options: Options) -> None:
        """Take the declared columns of every row."""
        areas = self._words(file, rows, options["area"], partial(self._area, options=options), "leave it out by name")
        for column, stored in options["columns"].items():
            measure, category = (options["measure"], stored) if options.get("measure") else (stored, "")
            self._add(file, rows, options, {"value": column}, area=areas, measure=measure, category=category)

    def _words(self, file: str, rows: pd.DataFrame, names: Any, meaning: Callable[[str], Any], remedy: str) -> np.ndarray:
        """What each cell of a column means; None, with a fault at the first line, where ``meaning`` raises ValueError."""
        column = column_of(file, rows.columns, names)
        codes, labels = pd.factorize(rows[column], use_na_sentinel=False)
        lines = rows.index[np.unique(codes, return_index=True)[1]]
        meant: list[Any] = []
        for line, label in zip(lines.tolist(), labels.tolist(), strict=True):
            try:
                meant.append(meaning(as_text(label)))
            except ValueError as problem:
                meant.append(None)
                self.faults.append(Fault(file, line, column, str(problem), remedy))
        return np.array(meant, dtype=object)[codes]

    def _area(self, label: str, options: Options) -> str | None:
        code = area_of(label, options)
        if code is None or code in self.districts:
            return code
        raise ValueError(f"{code!r} is no small area that the table may hold")

    def _partner(self, label: str, options: Options) -> str:
        if label in self.districts or label in options.get("partners", ()) or label.startswith(OUTSIDE_ENGLAND):
            return label
        raise ValueError(f"{label!r} is no small area that the book knows")

    def _add(self, file: str, rows: pd.DataFrame, options: Options, columns: Mapping[str, Any], **words: Any) -> None:
        """One observation of each row of which no word is None; ``columns`` names those of value, lower and upper."""
        frame = pd.DataFrame({"partner": "", "category": "", **words}, index=rows.index).dropna()
        rows = rows.loc[frame.index]
        for name, column in columns.items():
            figures = self._words(file, rows, column, partial(_figure, options=options), "correct it, or name it in missing")
            frame[name] = figures.astype(float)
        frame["markers"] = self._words(file, rows, columns["value"], lambda text: value_of(text, options)[1], "")
        self.frames.append(frame.assign(period=options["period"], file=file, line=frame.index))

    def checked(self) -> pd.DataFrame:
        """All rows, sorted. Raises DataError with the faults."""
        raise_faults(self.faults)
        rows = pd.concat(self.frames, ignore_index=True).reindex(columns=[*FIELDS, "file", "line"])
        rows["district"] = rows["area"].map(self.districts)
        rows = as_words(rows, [*ORDER, "markers"]).sort_values(ORDER, ignore_index=True)
        least, most = (
            rows["measure"].map({name: getattr(about, bound) for name, about in self.measures.items()}).astype(float)
            for bound in ("minimum", "maximum")
        )
        unknown = rows["markers"].map(lambda text: not set(text.split()) <= set(MARKERS)).astype(bool)
        problems: list[tuple[Any, str, str]] = [
            (least.isna(), "is no measure of this source", "declare it under measures in the source file"),
            (unknown, "has an unknown marker", f"use {', '.join(MARKERS)}"),
            (rows["value"].isna() & (rows["markers"] == ""), "has no value and does not say why", "name the marker in missing"),
            (rows.duplicated(ORDER, keep=False), "stands twice", "find out which is right and leave the other out"),
        ]
        for name in NUMBERS:
            beyond = (rows[name] < least) | (rows[name] > most)
            problems.append((beyond, f"has a {name} outside the declared range", "check the figure or the range"))
        for wrong, problem, remedy in problems:
            for row in rows[wrong].to_dict("records"):
                of = ", ".join(filter(None, (row["area"], row["category"], row["partner"])))
                self.faults.append(
                    Fault(row["file"], row["line"], row["measure"], f"{of} ({row['value']:g}) {problem}", remedy)
                )
        if rows.empty:
            self.faults.append(Fault("the files", 0, "", "no row is carried into the table", "check the source file's options"))
        raise_faults(sorted(self.faults))
        return rows[list(FIELDS)]


def _figure(text: str, options: Options) -> float:
    """The figure, NaN where there is none. Raises ValueError for what is no number."""
    value, _ = value_of(text, options)
    return float(decimal_text(value, bool(options.get("thousands")))) if value.strip() else np.nan
