"""Census origin and destination tables: flows between two areas, and each area's sums of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from placebook.catalogue.models import TableMeasure
from placebook.refresh.codes import Codes
from placebook.refresh.delimited import Delimited, read_delimited
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
    ``within`` the measure of those who travel inside their own area, ``journey`` the published category of a journey:
    after a merger journeys between its former districts are counted there too.
    ``to`` measure → how the codes of workplaces begin: journeys there from elsewhere, added up.
    Flows that touch no area of England are left out.
    """
    tidy = Tidy(measures, areas, only_known=bool(options.get("only_known_areas")))
    home, work = options["area"], options.get("partner", "")
    for file in options["flows"]:
        table = read_delimited(file, contents[file])
        rows = tuple(row for row in table if not _is_abroad(row[home], areas) or not _is_abroad(row[work], areas))
        take_long(tidy, Delimited(file, table.columns, rows), options)
        for row in rows if "within" in options else ():
            heir = areas.heir(row[home])
            if (
                heir
                and heir == areas.heir(row[work])
                and row[home] != row[work]
                and row[options["category"]] == options["journey"]
            ):
                tidy.add(row, row[home], options["period"], options["within"], row[options["value"]], part=row[work])
        for measure, head in options.get("to", {}).items():
            for row in rows:
                if (
                    row[work].startswith(head)
                    and not row[home].startswith(head)
                    and row[options["category"]] == options["journey"]
                ):
                    tidy.add(row, row[home], options["period"], measure, row[options["value"]], part=row[work])
    summary = {
        "area": options.get("summary_area", ""),
        "columns": options.get("columns", {}),
        "period": options["period"],
    }
    for file in options.get("summaries", ()):
        take_wide(tidy, read_delimited(file, contents[file]), summary)
    return tidy.frame()


def _is_abroad(code: str, areas: Codes) -> bool:
    """Whether it is an authority outside England, or no area at all (offshore, outside the UK)."""
    return areas.levels.get(code) == "authority" or not code[:1].isalpha()
