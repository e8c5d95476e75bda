"""Published lists about areas, kept with other column names: neighbours, clusters, names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from placebook.errors import DataError, Fault
from placebook.refresh.delimited import read_delimited
from placebook.refresh.geography import as_csv


def area_list(contents: Mapping[str, bytes], options: Mapping[str, Any]) -> dict[str, str]:
    """One list as file name → CSV text, sorted, unique on its key.

    Options: ``file`` the name written; ``columns`` published column → column written, in order;
    ``key`` the columns written that are unique; ``filled`` text of a row's first column → text for its
    blank cells; ``whole_numbers`` columns written that sort as numbers; ``leave_out_heads`` how codes in the first
    column begin that are not taken.

    Raises DataError where two rows share a key or a key is blank.
    """
    columns: Mapping[str, str] = options["columns"]
    numbers = set(options.get("whole_numbers", ()))
    rows: dict[tuple[Any, ...], dict[str, str]] = {}
    faults: list[Fault] = []
    for file, content in contents.items():
        for row in read_delimited(file, content, columns):
            if row[next(iter(columns))].startswith(tuple(options.get("leave_out_heads", ()))):
                continue
            row_kept = {new: row[old].strip() for old, new in columns.items()}
            for new, text in row_kept.items():
                row_kept[new] = text or options.get("filled", {}).get(row[next(iter(columns))], "")
            key = tuple(int(row_kept[name]) if name in numbers else row_kept[name] for name in options["key"])
            if key in rows or "" in key:
                faults.append(row.fault(options["key"][0], f"{key} is blank or stands twice", "get the file again"))
            rows[key] = row_kept
    if faults:
        raise DataError(faults)
    return {options["file"]: as_csv(tuple(columns.values()), (rows[key] for key in sorted(rows)))}
