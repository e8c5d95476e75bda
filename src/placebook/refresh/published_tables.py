"""Tables that publishers lay out long (one figure a row) or wide (one area a row)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from placebook.catalogue.models import TableMeasure
from placebook.errors import InputError
from placebook.refresh.codes import Codes
from placebook.refresh.delimited import Delimited, Row, read_delimited
from placebook.refresh.tidy import Tidy

Options = Mapping[str, Any]
UNKNOWN_CATEGORY = "add it to the source's categories, or leave it out there"


def long_table(
    contents: Mapping[str, bytes], options: Options, measures: Mapping[str, TableMeasure], areas: Codes
) -> pd.DataFrame:
    """The tidy table of files with one figure a row. Options as in :func:`take_long`."""
    tidy = Tidy(measures, areas)
    for file, content in contents.items():
        take_long(tidy, read_delimited(file, content), options)
    return tidy.frame()


def wide_table(
    contents: Mapping[str, bytes], options: Options, measures: Mapping[str, TableMeasure], areas: Codes
) -> pd.DataFrame:
    """The tidy table of files with one area a row. Options as in :func:`take_wide`."""
    tidy = Tidy(measures, areas)
    for file, content in contents.items():
        take_wide(tidy, read_delimited(file, content), options)
    return tidy.frame()


def take_long(tidy: Tidy, table: Delimited, options: Options) -> None:
    """Take every row of ``table``.

    Options, columns by their published name (a list: the first that the file has): ``area``,
    ``value``, ``lower``, ``upper``, ``partner``, ``category``; ``totals`` file → column with the
    whole, stored without category (under ``total_measure`` where given); ``measure``, or
    ``file_measures`` file → measure, or ``measure_column`` with ``labels`` published → measure;
    ``period`` or ``period_column`` (with ``months``); ``categories`` the labels known, as a list or
    as published → stored, and ``whole_category``, the label stored as none; ``category_numbers``
    where ``1.0`` means ``1``; ``leave_out_categories``, and ``leave_out_category_heads`` how such labels begin;
    ``added_categories`` published → stored, for several labels that are added up; ``added_total`` where all of
    them together are stored without category too;
    ``select`` column → the only value taken, ``select_heads`` column → how values taken begin; ``leave_out`` column → a
    value not taken; and those of :func:`area_of` and :func:`value_of`.
    """
    columns = {
        role: table.column(options[role])
        for role in ("area", "value", "lower", "upper", "partner", "category")
        if role in options
    }
    total = options.get("totals", {}).get(table.file)
    for column in filter(
        None,
        (
            total,
            options.get("measure_column"),
            options.get("period_column"),
            *options.get("select", {}),
            *options.get("select_heads", {}),
        ),
    ):
        table.column(column)
    for row in table:
        if any(row[column] != text for column, text in options.get("select", {}).items()):
            continue
        if not all(row[column].startswith(head) for column, head in options.get("select_heads", {}).items()):
            continue
        if any(row.get(column) == text for column, text in options.get("leave_out", {}).items()):
            continue
        area = area_of(row[columns["area"]], options)
        measure, period = _measure_of(tidy, row, options), _period_of(tidy, row, options)
        label = row[columns["category"]].strip() if "category" in columns else ""
        part = label if label in options.get("added_categories", {}) else ""
        category = _category_of(tidy, row, columns.get("category"), options)
        if area is None or measure is None or period is None or category is None:
            continue
        value, markers = value_of(row[columns["value"]], options)
        tidy.add(
            row,
            area,
            period,
            measure,
            value,
            category=category,
            markers=markers,
            partner=row[columns["partner"]] if "partner" in columns else "",
            lower=row[columns["lower"]] if "lower" in columns else "",
            upper=row[columns["upper"]] if "upper" in columns else "",
            thousands=bool(options.get("thousands")),
            part=part,
        )
        if part and options.get("added_total"):
            tidy.add(row, area, period, measure, value, markers=markers, part=part)
        if total:
            whole, markers = value_of(row[total], options)
            tidy.add(row, area, period, options.get("total_measure", measure), whole, markers=markers)


def take_wide(tidy: Tidy, table: Delimited, options: Options) -> None:
    """Take the declared columns of every row of ``table``.

    Options: ``area``; ``columns`` published column → measure, or → category where ``measure`` is
    given; ``period``; ``parts`` the column that tells several rows of one area apart, which are added up; and
    those of :func:`area_of` and :func:`value_of`.
    """
    area_column = table.column(options["area"])
    for column in options["columns"]:
        table.column(column)
    for row in table:
        area, period = area_of(row[area_column], options), _period_of(tidy, row, options)
        if area is None or period is None:
            continue
        for column, stored in options["columns"].items():
            value, markers = value_of(row[column], options)
            measure, category = (options["measure"], stored) if "measure" in options else (stored, "")
            tidy.add(
                row,
                area,
                period,
                measure,
                value,
                category=category,
                markers=markers,
                thousands=bool(options.get("thousands")),
                part=row[options["parts"]] if "parts" in options else "",
            )


def area_of(label: str, options: Options) -> str | None:
    """The published code, or that of a named area (``areas`` published → code).

    None for areas outside ``only_areas``, in ``leave_out_areas`` or with a head in ``leave_out_heads``
    (``E11``), and for blank ones where ``leave_out_blank_areas``.
    """
    label = label.strip()
    if not label and options.get("leave_out_blank_areas"):
        return None
    if label not in options.get("only_areas", (label,)) or label in options.get("leave_out_areas", ()):
        return None
    if label.startswith(tuple(options.get("leave_out_heads", ()))):
        return None
    return options.get("areas", {}).get(label, label)


def measure_of(label: str, options: Options) -> str | None:
    """The measure that a label of the ``measure_column`` stands for; None where it is left out. Raises ValueError."""
    if label in options.get("leave_out_labels", ()):
        return None
    if label not in options["labels"]:
        raise ValueError(f"unknown label {label!r}; known: {', '.join(options['labels'])}")
    return options["labels"][label]


def category_of(label: str, options: Options) -> str | None:
    """The category that a label is stored as, "" for the whole; None where it is left out. Raises ValueError."""
    label = label.strip()
    if options.get("category_numbers"):
        label = re.sub(r"\.0+$", "", label)
    if label in options.get("leave_out_categories", ()) or label.startswith(tuple(options.get("leave_out_category_heads", ()))):
        return None
    if label and label == options.get("whole_category"):
        return ""
    if label in options.get("added_categories", {}):
        return options["added_categories"][label]
    categories = options.get("categories")
    if label and (categories is None or label in categories):
        return categories[label] if isinstance(categories, Mapping) else label
    raise ValueError(f"unknown category {label!r}")


def value_of(text: str, options: Options) -> tuple[str, str]:
    """Value and markers: ``missing`` maps the publisher's symbols (blank is ``""``) to markers,
    ``markers`` go with every value."""
    marker = options.get("missing", {}).get(text.strip())
    if marker is not None:
        return "", marker
    return text, options.get("markers", "")


def _measure_of(tidy: Tidy, row: Row, options: Options) -> str | None:
    if "measure_column" in options:
        column = options["measure_column"]
        return _known(tidy, row, column, lambda: measure_of(row[column], options), "add it to the source's labels")
    measure = options.get("file_measures", {}).get(row.file) or options.get("measure")
    if measure is None:
        raise InputError(f"{row.file}: the source says nowhere which measure it holds: add it to file_measures.")
    return measure


def _period_of(tidy: Tidy, row: Row, options: Options) -> str | None:
    if "period" in options:
        return options["period"]
    return tidy.period(row, row[options["period_column"]], options.get("months", "span"))


def _category_of(tidy: Tidy, row: Row, column: str | None, options: Options) -> str | None:
    if column is None:
        return ""
    return _known(tidy, row, column, lambda: category_of(row[column], options), UNKNOWN_CATEGORY)


def _known(tidy: Tidy, row: Row, column: str, meaning: Callable[[], str | None], remedy: str) -> str | None:
    """What a label means; None, with a fault taken, where nobody knows."""
    try:
        return meaning()
    except ValueError as problem:
        tidy.faults.append(row.fault(column, str(problem), remedy))
        return None
