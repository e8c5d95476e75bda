"""Whether a published name is that of its code: columns that were swapped, or rows that slipped, show in names first."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping

from placebook.errors import DataError, Fault
from placebook.paths import Project

SHOWN = 5
LONG = 10
"""Letters of a name from which one more or less makes it no other name."""


class Names:
    """The names of codes, today's and former ones. Codes that nobody knows have none."""

    def __init__(self, known: Mapping[str, Iterable[str]]):
        self._known = {code: [words for name in names if (words := _words(name))] for code, names in known.items()}

    @classmethod
    def open(cls, project: Project) -> Names:
        """From the project's lists of areas; none where there are no lists yet."""
        known: dict[str, list[str]] = {}
        for file in ("areas.csv", "superseded.csv"):
            path = project.file(f"data/geography/{file}")
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            for row in csv.DictReader(io.StringIO(text)):
                known.setdefault(row["code"], []).extend(filter(None, (row["name"], row.get("known_as"))))
        return cls(known)

    def agree(self, code: str, name: str) -> bool:
        """Whether it is the code's name, or the code is not known.

        Give or take its furniture ("South East (England)"), and a letter of a long name ("Rhondda Cynon Taff").
        """
        said = _words(name)
        known = self._known.get(code, ())
        return code not in self._known or (bool(said) and any(said <= one or said >= one or _near(said, one) for one in known))

    def check(self, file: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Raises DataError where a code stands with another area's name."""
        wrong = sorted({(code, name) for code, name in pairs if not self.agree(code, name)})
        if wrong:
            raise DataError(
                Fault(
                    file,
                    0,
                    code,
                    f"stands with the name {name!r}, which is not its own",
                    "columns or rows have slipped: ask later",
                )
                for code, name in wrong[:SHOWN]
            )


def _near(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a long name has one letter more than the other, and is the same else."""
    short, long = sorted(("".join(sorted(words)) for words in (one, other)), key=len)
    return len(short) >= LONG and any(f"{long[:at]}{long[at + 1 :]}" == short for at in range(len(long)))


def _words(name: str) -> frozenset[str]:
    """Its words in plain small letters: "King's Lynn" and "King\\x92s Lynn" have the same."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold().replace("'", "")
    return frozenset(re.findall(r"[a-z0-9]+", plain))
