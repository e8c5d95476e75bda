"""Population estimates by single year of age: one area a row, one age a column, the last open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from placebook.catalogue.models import TableMeasure
from placebook.errors import Fault, InputError
from placebook.refresh.codes import Codes
from placebook.refresh.delimited import read_delimited
from placebook.refresh.tidy import Tidy

_AGE = re.compile(r"^(\d{1,3})\+?$")


def single_years(
    contents: Mapping[str, bytes],
    options: Mapping[str, Any],
    measures: Mapping[str, TableMeasure],
    areas: Codes,
) -> pd.DataFrame:
    """The tidy table: category the age in years (``90``: 90 and over), empty for all ages.

    Options: ``area`` and ``total`` the columns' names, ``measure``, ``period``, ``last_age``.
    Raises InputError where an age from 0 to ``last_age`` is missing.
    """
    tidy = Tidy(measures, areas)
    for file, content in contents.items():
        table = read_delimited(file, content, (options["area"], options["total"]))
        ages = {match[1]: column for column in table.columns if (match := _AGE.match(column))}
        missing = [str(age) for age in range(int(options["last_age"]) + 1) if str(age) not in ages]
        if missing:
            raise InputError(Fault(file, 1, "", f"has no column for age {', '.join(missing)}", "get the file again"))
        for row in table:
            for category, column in {"": options["total"], **ages}.items():
                tidy.add(
                    row,
                    row[options["area"]],
                    options["period"],
                    options["measure"],
                    row[column],
                    category=category,
                )
    return tidy.frame()
