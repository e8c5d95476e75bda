"""Which area a published code is carried under: itself, its successor, or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

OUTSIDE_ENGLAND = ("W", "S", "N")


@dataclass(frozen=True)
class Codes:
    """The codes that tables may hold, and what became of those no longer in force.

    ``levels`` maps each code in ``areas.csv`` to its level; ``successors`` a recoded area's old
    code to the new one; ``gone`` the codes of districts merged or split, whose figures belong to
    no area of today; ``merged`` those of them that lie in one district of today whole.
    """

    levels: dict[str, str]
    successors: dict[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """New district → the former districts whose figures are added up for it in this table."""
    merged: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, areas: str, superseded: str) -> Codes:
        """From the text of ``areas.csv`` and of ``superseded.csv``."""
        levels = {row["code"]: row["level"] for row in csv.DictReader(io.StringIO(areas))}
        old = list(csv.DictReader(io.StringIO(superseded)))
        return cls(
            levels,
            {row["code"]: row["successors"] for row in old if row["kind"] == "recode"},
            frozenset(row["code"] for row in old if row["kind"] != "recode"),
            merged={row["code"]: row["successors"] for row in old if row["kind"] == "merged"},
        )

    def of_table(self, levels: Collection[str], joined: Mapping[str, tuple[str, ...]]) -> Codes:
        """The codes that one table may hold: authorities outside England only where it declares that level."""
        levels_held = {c: level for c, level in self.levels.items() if level != "authority" or level in levels}
        return replace(self, levels=levels_held, joined=joined)

    def heir(self, code: str) -> str:
        """The new district that a former one's figures are added up for; "" where they are not."""
        return next((new for new, former in self.joined.items() if code in former), "")

    def in_force(self, code: str) -> str:
        """The district of today that all of a district lies in; the code itself where there is none."""
        current = (code, self.successors.get(code, ""), self.merged.get(code, ""))
        return next((one for one in current if self.levels.get(one) == "district"), code)

    def carried(self, code: str) -> str | None:
        """The code under which figures for ``code`` are kept; None where they are not kept.

        Not kept: districts merged or split since, and areas outside England. Raises KeyError for
        a code that nobody knows.
        """
        current = self.heir(code) or self.successors.get(code, code)
        if current in self.levels:
            return current
        if code in self.gone or code.startswith(OUTSIDE_ENGLAND):
            return None
        raise KeyError(code)

    def nearest(self, code: str) -> str:
        """A few known codes of the same kind, for messages."""
        kin: Iterable[str] = sorted(known for known in self.levels if known[:3] == code[:3])
        shown = [known for known in kin if known[:7] == code[:7]][:3]
        return f"known codes near it: {', '.join(shown)}" if shown else "no known code is near it"
