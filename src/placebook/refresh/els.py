"""ONS Explore Local Statistics: one row an area, indicator and period, limits and status beside it.

Columns ``areacd, areanm, indicator, period, value, unit, lci_95, uci_95, status, notes``; all but
the first two and ``period, value`` may be absent. The publisher's repository writes ``observation`` for ``value``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from placebook.catalogue.models import TableMeasure
from placebook.refresh.codes import Codes
from placebook.refresh.delimited import Row, read_delimited
from placebook.refresh.tidy import Tidy

# The code's own history; what it says is kept in superseded.csv.
OBSOLETE = re.compile(r"^Obsolete code since \d{4} \(replaced by .+\)$")


def els(
    contents: Mapping[str, bytes],
    options: Mapping[str, Any],
    measures: Mapping[str, TableMeasure],
    areas: Codes,
) -> pd.DataFrame:
    """The tidy table of Explore Local Statistics files.

    Options: ``labels`` published label → measure; ``unlabelled`` file → measure, for files without
    an indicator column; ``notes`` note → marker (or nothing); ``missing`` the marker of values that
    come empty without a status; ``months`` ``instant`` where a month stands for its first day;
    ``leave_out_periods`` periods, as published, that are not carried; ``leave_out_areas`` codes, ``leave_out_heads``
    how codes begin; ``only_areas`` the codes carried, where few are.

    Raises DataError with every unknown label, note, code and period.
    """
    tidy = Tidy(measures, areas)
    left_out, heads = set(options.get("leave_out_areas", ())), tuple(options.get("leave_out_heads", ()))
    for file, content in contents.items():
        table = read_delimited(file, content, ("areacd", "period"))
        figure = table.column(("value", "observation"))
        if file not in options.get("unlabelled", {}):
            table.column("indicator")
        for row in table:
            code = row["areacd"]
            if row["period"] in options.get("leave_out_periods", ()) or code in left_out or code.startswith(heads):
                continue
            if code not in options.get("only_areas", (code,)):
                continue
            _take(tidy, row, figure, options)
    return tidy.frame()


def _take(tidy: Tidy, row: Row, figure: str, options: Mapping[str, Any]) -> None:
    labels: Mapping[str, str] = options.get("labels", {})
    measure = options.get("unlabelled", {}).get(row.file) or labels.get(row.get("indicator"))
    if measure is None:
        tidy.faults.append(
            row.fault(
                "indicator",
                f"unknown label {row.get('indicator')!r}; known: {', '.join(labels)}",
                "add it to the source's labels, or take it out of the request",
            )
        )
        return
    period = tidy.period(row, row["period"], options.get("months", "span"))
    if period is None:
        return
    markers = [row.get("status")]
    if note := row.get("notes").strip().removesuffix("."):
        marker = _marker_of(note, options.get("notes", {}))
        if marker is None:
            tidy.faults.append(row.fault("notes", f"unknown note {note!r}", "say in the source's notes which marker it means"))
            return
        markers.append(marker)
    if not row[figure].strip() and not "".join(markers):
        markers.append(options.get("missing", ""))
    tidy.add(
        row,
        row["areacd"],
        period,
        measure,
        row[figure],
        lower=row.get("lci_95"),
        upper=row.get("uci_95"),
        markers=" ".join(markers),
    )


def _marker_of(note: str, notes: Mapping[str, str]) -> str | None:
    if OBSOLETE.match(note):
        return ""
    return {text.removesuffix("."): marker for text, marker in notes.items()}.get(note)
