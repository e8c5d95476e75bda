"""UK Business Counts from two carriers: the Local Skills dashboard and Nomis.

The dashboard names areas (``Dacorum LADU``) beside their codes, Nomis numbers its industries
(``10 : Information & communication (J)``). Both round to 5; where both give a figure they must
agree within that, and the dashboard's stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from placebook.catalogue.models import TableMeasure
from placebook.refresh.codes import Codes
from placebook.refresh.delimited import Delimited, Row, read_delimited
from placebook.refresh.tidy import Tidy

ROUNDED_TO = 5.0


def business_counts(
    contents: Mapping[str, bytes],
    options: Mapping[str, Any],
    measures: Mapping[str, TableMeasure],
    areas: Codes,
) -> pd.DataFrame:
    """Enterprises by size band and by industry.

    Options: ``dashboard`` and ``nomis`` file → measure; ``nomis_columns`` file → column of the
    category; ``categories`` published label → category (``Total`` → nothing); ``named_areas``
    dashboard name → code for areas without one; ``leave_out_names``; ``leave_out_areas`` whose rows on the dashboard are
    not what they say; ``leave_out_years`` of Nomis; ``only_former`` files of which only former districts' figures are added
    up; ``missing`` symbol → marker; ``month`` of Nomis's years (``03``).
    """
    tidy = Tidy(measures, areas, within=ROUNDED_TO)
    for file, measure in options["dashboard"].items():
        table = read_delimited(file, contents[file], ("areacd", "source_area", "subgroup", "period", "value"))
        _take_dashboard(tidy, table, measure, options)
    for file, measure in options["nomis"].items():
        label = options["nomis_columns"][file]
        for row in read_delimited(file, contents[file], ("areacd", "year", label, "enterprises")):
            if row["year"] in options.get("leave_out_years", ()):
                continue
            if file in options.get("only_former", ()) and not areas.heir(row["areacd"]):
                continue
            category = _category(tidy, row, label, options)
            period = tidy.period(row, f"{row['year']}-{options['month']}")
            if category is not None and period is not None:
                tidy.add(row, row["areacd"], period, measure, row["enterprises"], category=category)
    return tidy.frame()


def _take_dashboard(tidy: Tidy, table: Delimited, measure: str, options: Mapping[str, Any]) -> None:
    for row in table:
        if row["source_area"] in options.get("leave_out_names", ()) or row["areacd"] in options.get("leave_out_areas", ()):
            continue
        area = row["areacd"] or options["named_areas"].get(row["source_area"], row["source_area"])
        category = _category(tidy, row, "subgroup", options)
        period = tidy.period(row, row["period"])
        if category is None or period is None:
            continue
        markers = options.get("missing", {}).get(row["value"].strip(), "")
        value = "" if markers else row["value"]
        tidy.add(row, area, period, measure, value, category=category, markers=markers)


def _category(tidy: Tidy, row: Row, column: str, options: Mapping[str, Any]) -> str | None:
    category = options["categories"].get(row[column])
    if category is None:
        tidy.faults.append(row.fault(column, f"unknown label {row[column]!r}", "add it to the source's categories"))
    return category
