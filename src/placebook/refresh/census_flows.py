"""Census origin and destination tables: flows between two areas, and each area's sums of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from placebook.catalogue.models import TableMeasure
from placebook.refresh.codes import Codes
from placebook.refresh.delimited import read_delimited
from placebook.refresh.published_tables import take_long, take_wide
from placebook.refresh.tidy import Tidy


def census_flows(
    contents: Mapping[str, bytes],
    options: Mapping[str, Any],
    measures: Mapping[str, TableMeasure],
    areas: Codes,
) -> pd.DataFrame:
    """Flows with ``area`` the residence and ``partner`` the workplace, and the sums.

    Options: ``flows`` the files with one flow a row, read as long tables; ``summaries`` those with
    one area a row, read as wide tables: ``summary_area`` and ``columns`` published column → measure.
    ``only_known_areas``: flows from residences that the book does not know are left out.
    """
    tidy = Tidy(measures, areas, only_known=bool(options.get("only_known_areas")))
    for file in options["flows"]:
        take_long(tidy, read_delimited(file, contents[file]), options)
    summary = {
        "area": options.get("summary_area", ""),
        "columns": options.get("columns", {}),
        "period": options["period"],
    }
    for file in options.get("summaries", ()):
        take_wide(tidy, read_delimited(file, contents[file]), summary)
    return tidy.frame()
