"""Whether a frozen table holds what it must: header, types, ranges, codes, order, uniqueness."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv_of_arrow
import pyarrow.parquet as pq

from placebook.catalogue.characters import hidden
from placebook.catalogue.models import Source, Table
from placebook.errors import DataError, Fault
from placebook.evidence.columns import words_of
from placebook.evidence.small_tables import Contents
from placebook.geography.areas import Areas
from placebook.paths import Project

KEY = ["area", "period", "measure", "category", "partner"]
NUMBER = r"\A-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\z"
"""A figure as anybody writes it. What reads numbers also takes " 70" and "inf"."""
NUMBERS = ["value", "lower", "upper"]
WORDS = [*KEY, "markers"]
HEADER = [*KEY, *NUMBERS, "markers"]
SMALL_HEADER = ["district", *HEADER]
# No threads: a process that is forked for many pages may read a table.
AT_ONCE = csv_of_arrow.ReadOptions(use_threads=False)
AS_THEY_ARE = csv_of_arrow.ParseOptions(quote_char=False, ignore_empty_lines=False)
AS_TEXT = csv_of_arrow.ConvertOptions(column_types=dict.fromkeys(HEADER, pa.string()), strings_can_be_null=False)
KNOWN_MARKERS = frozenset({"c", "u", "x", "z", "p", "r", "e", "b", "low"})
PERIOD = re.compile(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(/P[1-9]\d?[YM])?$")
MARKUP = re.compile(r"[<>`{}\\|\n\t]|\*.*\*|\]\(")
"""What a page or a document could take for more than a word."""
SHOWN = 20
FEWEST = 5
"""A smaller count may show who is counted: of figures of one's own it is held back, but for none at all."""
HOLD_BACK = "leave the value empty and write c under markers in the file that placebook refresh reads, then refresh"


def changed(project: Project, source: Source, table: Table, digest: str, areas: Areas | None) -> list[Fault]:
    """The faults of a table whose hash is not its source's, with its rows' faults where it is read."""
    if not digest:
        return [Fault(table.path, 0, "", "is missing", project.restored(table.path))]
    faults = [
        Fault(
            table.path,
            0,
            "",
            "is not the table whose SHA-256 its source lists",
            f"{project.restored(table.path)}, or write it anew with placebook refresh",
        )
    ]
    try:
        if table.path.endswith(".parquet"):
            _ = read_small(project, source, table, areas) if areas and source.measures else None
        else:
            read_checked(project, source, table, areas)
    except DataError as error:
        faults += error.faults
    return faults


def read_checked(project: Project, source: Source, table: Table, areas: Areas | None) -> pd.DataFrame:
    """The table as a frame with ``HEADER``'s columns: numbers as float64, words as categories in the order of the alphabet.

    Raises DataError with up to 20 faults.
    """
    raw = project.file(table.path).read_bytes()
    written, faults = _written(raw, table.path)
    if not faults:
        frame = pd.DataFrame({name: words_of(written[name]) if name in WORDS else written[name].to_pandas() for name in HEADER})
        numbers = pd.DataFrame({name: _numbers(written[name]) for name in NUMBERS})
        faults = list(_faults(Cells(frame, numbers, frame[NUMBERS] == ""), source, table, areas, KEY))
    _refuse(faults, table)
    return frame.assign(**{name: numbers[name] for name in NUMBERS})


def read_small(project: Project, source: Source, table: Table, areas: Areas) -> Contents:
    """What a table of small areas holds, where it is right: as ``read_checked``, and all areas are of one level and stand with
    their districts. Raises DataError with up to 20 faults, by row.
    """
    try:
        held = pq.read_table(project.file(table.path), use_threads=False, read_dictionary=["district", *WORDS])
    except (pa.ArrowException, OSError) as error:
        raise DataError(Fault(table.path, 0, "", f"cannot be read as Parquet: {error}", _restore(table))) from None
    if held.column_names != SMALL_HEADER:
        raise DataError(
            Fault(table.path, 0, "", f"has the columns {held.column_names}, not {', '.join(SMALL_HEADER)}", _restore(table))
        )
    frame = pd.DataFrame({name: words_of(held[name]) for name in ("district", *WORDS)})
    numbers = pd.DataFrame({name: held[name].to_numpy() for name in NUMBERS}, copy=False)
    frame[NUMBERS] = numbers
    homes = [areas.registry.homes.get(code, ("", "")) for code in frame["area"].cat.categories.to_numpy()]
    level = next((level for level, _ in homes if level), "")
    faults = list(_faults(Cells(frame, numbers, numbers.isna()), source, table, areas, ["district", *KEY]))
    # Among millions of rows only those that do not stand with their area's district are looked at one by one.
    expected = pd.Index([home if of == level else None for of, home in homes])
    right = frame["district"].cat.categories.get_indexer(expected)
    astray = frame[right[frame["area"].cat.codes] != frame["district"].cat.codes]
    for district, code in astray[["district", "area"]].drop_duplicates().itertuples(index=False, name=None):
        if code in areas:
            faults.append(Fault(table.path, 0, code, f"is no {level}, or does not lie in {district}", _restore(table)))
    _refuse(faults, table)
    return Contents.of(frame, level)


def _restore(table: Table) -> str:
    return f"restore it: git checkout -- {table.path}, or run placebook refresh"


def _refuse(faults: list[Fault], table: Table) -> None:
    if faults:
        first = [Fault(f.file, f.line, f.field, f.problem, f.remedy or _restore(table)) for f in faults[:SHOWN]]
        if len(faults) > SHOWN:
            first.append(Fault(table.path, 0, "", f"has {len(faults) - SHOWN} more faults", _restore(table)))
        raise DataError(first)


def _written(raw: bytes, path: str) -> tuple[pa.Table, list[Fault]]:
    """The cells as they are written, or what is wrong with the file as CSV."""
    nothing = pa.table({name: pa.array([], pa.string()) for name in HEADER})
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return nothing, [Fault(path, line, "", "is not UTF-8 text", "")]
    # Most files need none of CSV's rules but the comma: those Arrow reads, and who it will not read is read by the rules.
    if not any(sign in text for sign in '"\r\ufeff'):
        try:
            found = csv_of_arrow.read_csv(pa.BufferReader(raw), AT_ONCE, AS_THEY_ARE, AS_TEXT)
            if found.column_names == HEADER:
                return found, []
        except pa.ArrowInvalid:
            pass
    rows, faults = _rows(text, path)
    if faults:
        return nothing, faults
    cells = zip(*rows, strict=True) if rows else [[] for _ in HEADER]
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(HEADER, cells, strict=True)}), []


def _rows(text: str, path: str) -> tuple[list[list[str]], list[Fault]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])
    if header != HEADER:
        return [], [Fault(path, 1, "", f"has the header {','.join(header)!r}, not {','.join(HEADER)!r}", "")]
    rows, faults = [], []
    try:
        for row in reader:
            if len(row) != len(HEADER):
                problem = f"has {len(row)} fields, not {len(HEADER)}: the row is cut off or has a stray comma"
                faults.append(Fault(path, reader.line_num, "", problem, ""))
            rows.append(row)
    except csv.Error as error:
        faults.append(Fault(path, reader.line_num, "", f"cannot be read as CSV: {error}", ""))
    return rows, faults


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    """The numbers of a column, NaN where none is written as anybody writes one."""
    written = pc.if_else(pc.match_substring_regex(column, NUMBER), column, None)
    try:
        return np.asarray(pc.cast(written, pa.float64()))
    except pa.ArrowInvalid:  # one is too large to be a number
        return np.asarray(pd.to_numeric(written.to_pandas(), errors="coerce"), float)


class Cells(NamedTuple):
    """A table of the right shape."""

    frame: pd.DataFrame
    """As it is written, words as categories."""
    numbers: pd.DataFrame
    """Its numbers, NaN where none can be read."""
    blank: pd.DataFrame
    """Where no number is written."""


def _faults(cells: Cells, source: Source, table: Table, areas: Areas | None, key: Sequence[str]) -> Iterator[Fault]:
    """Every fault of a table that has the right shape, by line."""
    frame = cells.frame
    if len(frame) != table.rows:
        yield Fault(table.path, 0, "", f"has {len(frame):,} rows, its source lists {table.rows:,}", "")
    keys = [frame[name].cat.codes.to_numpy().astype(np.int32) for name in key]
    rising = _rising(keys)
    failures = list(_failures(cells, source, table, areas, rising))
    if not rising:
        order = np.lexsort(keys[::-1])
        if (moved := order != np.arange(len(frame))).any():
            at = int(np.argmax(moved))
            failures.append(Fault(table.path, at + 2, "", "is not where sorting by the key would put it", ""))
    yield from sorted(failures, key=lambda fault: fault.line)


def _rising(keys: list[np.ndarray]) -> bool:
    """Whether every row's key stands after that of the row before: in its order, and none twice. ``keys`` are its columns, a
    number for each word in the order of the alphabet."""
    after = np.zeros(max(len(keys[0]) - 1, 0), dtype=bool)
    same = ~after
    for numbers in keys:
        step = np.diff(numbers)
        after |= same & (step > 0)
        same &= step == 0
    return bool(after.all())


def _failures(cells: Cells, source: Source, table: Table, areas: Areas | None, rising: bool) -> Iterator[Fault]:
    frame, checks = cells.frame, list(_rules(cells, source, areas, rising))
    if all(right.all() for _, _, right in checks):
        return
    import pandera.pandas as pandera  # it takes a second to import: only to tell where a table is wrong

    schema = pandera.DataFrameSchema(
        checks=[
            pandera.Check(partial(_known, pd.Series(right, index=frame.index)), name=str(at), error=str(at))
            for at, (_, _, right) in enumerate(checks)
        ]
    )
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases[["check", "index"]].dropna().drop_duplicates()
        for check, index in cases.itertuples(index=False):
            column, problem, _ = checks[int(check)]
            row = frame.loc[int(index)]
            what, _, remedy = problem.partition("; ")
            yield Fault(table.path, int(index) + 2, column, what.format(**row), remedy)


def _known(right: pd.Series[bool], _: pd.DataFrame) -> pd.Series[bool]:
    """A check whose outcome is there already, as pandera asks for it."""
    return right


def _rules(cells: Cells, source: Source, areas: Areas | None, rising: bool) -> Iterator[tuple[str, str, np.ndarray]]:
    """Column, what is wrong, and for each row whether it is right. In a table whose keys are ``rising`` none stands twice."""
    frame, numbers, blank = cells
    words = {name: frame[name].cat.categories.to_numpy().tolist() for name in WORDS}
    codes = {name: frame[name].cat.codes.to_numpy() for name in WORDS}
    everywhere = np.ones(len(frame), dtype=bool)

    def each(column: str, right: Callable[[str], bool]) -> np.ndarray:
        # A column has few different words: each is looked at once, and the rows only where one of them is wrong.
        verdicts = np.array([right(word) for word in words[column]], dtype=bool)
        return everywhere if verdicts.all() else verdicts[codes[column]]

    value, lower, upper = (numbers[column].to_numpy() for column in NUMBERS)
    empty = blank["value"].to_numpy(bool)
    for column in NUMBERS:
        right = np.isfinite(numbers[column].to_numpy())
        yield column, f"{{{column}!r}} is not a number", right if right.all() else right | blank[column].to_numpy(bool)
    yield "period", "{period!r} is not an ISO 8601 period", each("period", _is_period)
    markers = each("markers", lambda text: set(text.split()) <= KNOWN_MARKERS)
    yield "markers", "{markers!r} holds an unknown marker", markers
    yield "value", "is missing without a marker that says why", ~(empty & ~each("markers", bool))
    for column in ("measure", "category", "partner"):
        yield (
            column,
            f"{{{column}!r:.80}} holds markup or a character that nobody can see",
            each(column, lambda word: not MARKUP.search(word) and not hidden(word)),
        )
    yield ("measure", "{measure!r:.80} is not a measure of its source", each("measure", lambda name: name in source.measures))
    if areas is not None and not (held := each("area", areas.__contains__)).all():
        gone = each("area", areas.superseded.__contains__)
        yield "area", "{area} is a superseded code: boundaries of two vintages are mixed", held | ~gone
        yield "area", "there is no area {area!r}", held | gone
    yield (
        "value",
        "{value} does not lie between its limits {lower} and {upper}",
        ~((lower > value + 1e-9) | (upper < value - 1e-9)),
    )
    yield "lower", "{lower} is larger than the upper limit {upper}", ~(lower > upper + 1e-9)
    yield ("lower", "limits stand without the value that they belong to", ~(empty & ~(np.isnan(lower) & np.isnan(upper))))
    for measure, about in source.measures.items():
        if measure not in words["measure"]:
            continue
        of = codes["measure"] == words["measure"].index(measure)
        for column in NUMBERS:
            number = numbers[column].to_numpy()
            problem = f"{{{column}}} is below the least that {measure} can be, {about.minimum:g}"
            yield column, problem, ~(of & (number < about.minimum))
            problem = f"{{{column}}} is above the most that {measure} can be, {about.maximum:g}"
            yield column, problem, ~(of & (number > about.maximum))
        if source.own and about.count:
            problem = (
                f"{{value}} is a count of fewer than {FEWEST} in figures of your own, which may show who they are; {HOLD_BACK}"
            )
            yield "value", problem, ~(of & (value > 0) & (value < FEWEST))
    once = everywhere if rising else ~frame.duplicated(KEY).to_numpy()
    yield "", "the same area, period, measure, category and partner stand twice", once


def _is_period(text: str) -> bool:
    if not PERIOD.match(text):
        return False
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
