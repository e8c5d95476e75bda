"""A place in two pages, as plain words and numbers: the page writes it beside its ledger.

``documents.word`` makes a document of it without asking for a figure again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from placebook.figures.scenes import Scene

SUMMARY = "-summary"
"""What the names of the two pages of a place end with."""


@dataclass(frozen=True)
class Finding:
    """A key finding in words."""

    entry: str
    tag: str
    headline: str
    sentence: str
    small: str
    scene: Scene | None = None


@dataclass(frozen=True)
class Line:
    """A headline measure beside England."""

    measure: str
    when: str
    own: str
    england: str
    verdict: str
    entries: tuple[str, str]
    """Of the two figures, in the ledger."""


@dataclass(frozen=True)
class Brief:
    """The content of the two pages."""

    slug: str
    name: str
    kind: str
    abstract: str
    findings: tuple[Finding, ...]
    against: str
    """How many of its measures are better or worse than England's."""
    lines: tuple[Line, ...]

    def record(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Brief:
        """The content that JSON kept."""
        scenes = [Scene.read(found["scene"]) if found["scene"] else None for found in record["findings"]]
        findings = [Finding(**{**found, "scene": scene}) for found, scene in zip(record["findings"], scenes, strict=True)]
        lines = [Line(**{**line, "entries": (line["entries"][0], line["entries"][1])}) for line in record["lines"]]
        return cls(**{**record, "findings": tuple(findings), "lines": tuple(lines)})
