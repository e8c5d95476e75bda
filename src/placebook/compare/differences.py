"""What differs between two editions, as plain records: pure functions, nothing is read or written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from placebook.compare.editions import Edition, Held, Record

OWN = ("place", "pooled", "small_area")
"""Roles of the figures that are a place's own; those beside it may stand on many pages."""
WHICH = ("indicator", "area", "period", "category")
"""What tells a published figure from others."""
Kind = str
"""``new period``, ``revised``, ``new measure``, ``gone``."""


@dataclass(frozen=True)
class Figure:
    """The newest figure of a measure for a place, then and now."""

    indicator: str
    kind: Kind
    old: Record | None
    new: Record | None

    @property
    def size(self) -> float | None:
        """The difference over half the width of the interval then; None where there is no figure or no interval."""
        if not (self.old and self.new) or self.kind != "revised":
            return None
        return size(self.old, self.new)


@dataclass(frozen=True)
class Change:
    """A claim or a key finding that is another one now: ``flipped``, ``gained``, ``lost``, ``moved``, ``words``."""

    id: str
    kind: str
    old: Record | None
    new: Record | None


@dataclass(frozen=True)
class Place:
    """What differs for one place."""

    slug: str
    name: str
    figures: tuple[Figure, ...]
    revised: tuple[tuple[Record, Record], ...]
    """Every figure of its page, earlier periods and other areas too, whose value is another one; the largest first."""
    claims: tuple[Change, ...]
    findings: tuple[Change, ...]
    badges: tuple[tuple[str, str, str], ...]
    """Measure, badge then, badge now."""

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.figures or self.revised or self.claims or self.findings or self.badges)

    @property
    def own(self) -> tuple[tuple[Record, Record], ...]:
        """What is revised of its own figures."""
        return tuple(pair for pair in self.revised if pair[1]["role"] in OWN)


@dataclass(frozen=True)
class Source:
    """A source whose tables or record differ; ``old`` or ``new`` is None where there is none."""

    id: str
    old: Record | None
    new: Record | None


@dataclass(frozen=True)
class Comparison:
    """What differs between two editions."""

    old: str
    new: str
    places: tuple[Place, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.gained or self.lost or self.sources) and all(place.same for place in self.places)

    @property
    def beside(self) -> tuple[tuple[Record, Record], ...]:
        """What is revised of other areas, beside places: each figure once, on whatever pages; the largest first."""
        found: dict[tuple[Any, ...], tuple[Record, Record]] = {}
        for place in self.places:
            found |= {tuple(new[name] for name in WHICH): (old, new) for old, new in place.revised if new["role"] not in OWN}
        return tuple(sorted(found.values(), key=_largest))


def compare(old: Edition, new: Edition) -> Comparison:
    """Two editions; places and sources by name."""
    both = sorted(old.places.keys() & new.places.keys())
    return Comparison(
        old.name,
        new.name,
        tuple(_place(slug, old.places[slug], new.places[slug]) for slug in both),
        tuple(new.places[slug].name for slug in sorted(new.places.keys() - old.places.keys())),
        tuple(old.places[slug].name for slug in sorted(old.places.keys() - new.places.keys())),
        tuple(_sources(old.sources, new.sources)) if old.sources and new.sources else (),
    )


def size(old: Record, new: Record) -> float | None:
    """How many half widths of the old interval two values lie apart; None where there is none."""
    if None in (old["value"], new["value"], old["lower"], old["upper"]) or old["upper"] == old["lower"]:
        return None
    return abs(new["value"] - old["value"]) / ((old["upper"] - old["lower"]) / 2)


def relative(old: Record, new: Record) -> float:
    """The difference as a share of the old value; of what was nothing the difference itself."""
    then, now = old["value"] or 0.0, new["value"] or 0.0
    return abs(now - then) / (abs(then) or 1.0)


def _largest(pair: tuple[Record, Record]) -> tuple[float, float, str, str, str]:
    """Sorts revisions: the largest beside its interval first, then as a share of what it was."""
    return -(size(*pair) or 0), -relative(*pair), pair[1]["indicator"], pair[1]["period"], pair[1]["area"]


def newest(held: Held) -> dict[str, Record]:
    """Of each measure of one number the place's own newest figure."""
    found: dict[str, Record] = {}
    for value in held.values.values():
        if value["role"] == "place" and not value["category"] and not value.get("partner"):
            other = found.get(value["indicator"])
            if other is None or value["period"] > other["period"]:
                found[value["indicator"]] = value
    return found


def _place(slug: str, old: Held, new: Held) -> Place:
    then, now = newest(old), newest(new)
    revised = [
        (old.values[id_], new.values[id_])
        for id_ in old.values.keys() & new.values.keys()
        if _figure(old.values[id_]) != _figure(new.values[id_])
    ]
    revised.sort(key=_largest)
    badges = [(name, then[name]["badge"], now[name]["badge"]) for name in sorted(then.keys() & now.keys())]
    return Place(
        slug,
        new.name,
        tuple(_figures(then, now)),
        tuple(revised),
        tuple(_changes(old.claims, new.claims, "verdict")),
        tuple(_changes(old.findings, new.findings, "order")),
        tuple(badge for badge in badges if badge[1] != badge[2]),
    )


def _figure(value: Record) -> tuple[object, ...]:
    return value["value"], value["lower"], value["upper"], tuple(value["markers"])


def _figures(then: Mapping[str, Record], now: Mapping[str, Record]) -> Iterator[Figure]:
    for name in sorted(then.keys() | now.keys()):
        old, new = then.get(name), now.get(name)
        if old is None or new is None:
            yield Figure(name, "new measure" if old is None else "gone", old, new)
        elif old["period"] != new["period"]:
            yield Figure(name, "new period", old, new)
        elif _figure(old) != _figure(new):
            yield Figure(name, "revised", old, new)


def _changes(old: Mapping[str, Record], new: Mapping[str, Record], decides: str) -> Iterator[Change]:
    """Claims by their verdict, findings by their order; else by their words."""
    names = {"verdict": "flipped", "order": "moved"}
    for id_ in sorted(old.keys() | new.keys()):
        then, now = old.get(id_), new.get(id_)
        if then is None or now is None:
            yield Change(id_, "gained" if then is None else "lost", then, now)
        elif then[decides] != now[decides]:
            yield Change(id_, names[decides], then, now)
        elif then["sentence"] != now["sentence"]:
            yield Change(id_, "words", then, now)


def _sources(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Source]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield Source(name, old.get(name), new.get(name))
