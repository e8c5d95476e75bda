"""What a picture of a place's summary shows, in plain numbers and words: kept as JSON, drawn later or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Form = Literal["among", "lines", "bars", "dots"]


@dataclass(frozen=True)
class Scene:
    """What a picture shows; numbers in the unit of the measure, labels as the page writes them."""

    form: Form
    title: str
    alt: str
    numbers: tuple[float, ...]
    """``among``: five of the districts, lowest, quartiles, highest (lowest, lower, upper, highest); ``lines``: the place's
    series; ``bars``: one for each; ``dots``: one for each small area."""
    labels: tuple[str, ...]
    """``bars``: what each is, with its figure; else the two ends of the axis."""
    marks: tuple[tuple[str, float], ...] = ()
    """What stands out, with its label: the place first, then England."""

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Scene:
        """The scene as JSON keeps it."""
        marks = tuple((label, number) for label, number in record["marks"])
        return cls(**{**record, "numbers": tuple(record["numbers"]), "labels": tuple(record["labels"]), "marks": marks})
