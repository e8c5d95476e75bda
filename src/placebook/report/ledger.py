"""The ledger: every number that a page shows, with its derivation and its inputs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from hashlib import blake2s
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from placebook.evidence.derivation import Key, each_key
from placebook.evidence.district_band import Band
from placebook.evidence.reading import Count, Reading
from placebook.evidence.values import Value
from placebook.findings.candidates import Candidate
from placebook.findings.claims import Claim
from placebook.findings.finding_wording import Told
from placebook.paths import write_changed


class Quoted(NamedTuple):
    """A part of a measure's row that words may quote."""

    text: str
    title: str
    """Of the measure."""
    area: str
    period: str
    ids: tuple[str, ...]
    """Entries that it leads to: the first of them that the ledger holds."""


class Ledger:
    """Entries by id, in the order in which the page first showed them."""

    def __init__(
        self,
        place: dict[str, Any],
        themes: Mapping[str, str] | None = None,
        corrected: Mapping[tuple[str, Key], Mapping[str, Any]] = MappingProxyType({}),
        seen_from: str = "",
    ):
        """``themes`` says of each indicator on which evidence page its entries stand, ``corrected`` of rows of the tables
        what the publisher has wrong in them (``catalogue.corrections.by_row``).

        ``seen_from``: the way to where places' pages lie, from a page elsewhere; "" from the place's own.
        """
        self.place = place
        self.corrected = corrected
        self.seen_from = seen_from
        self.themes = themes or {}
        self.entries: dict[str, dict[str, Any]] = {}
        self.quotes: dict[str, dict[str, Quoted]] = {}
        """What analysts' words may quote: of each measure that has a row, what the row says, part by part."""
        self._anchors: dict[str, str] = {}

    @property
    def folder(self) -> str:
        """Where the place's evidence pages lie, seen from the page that shows its numbers."""
        return f"{self.seen_from}{self.place['slug']}"

    def add(self, value: Value) -> str:
        """Keep a shown value; gives its id. The same value may be shown often."""
        entry: dict[str, Any] = {
            "kind": "value",
            "id": value.id,
            "indicator": value.indicator,
            "measure": value.measure,
            "category": value.category,
            "area": value.area,
            "area_name": value.area_name,
            "level": value.level,
            "role": value.role,
            "badge": value.badge,
            "period": value.period,
            "value": value.value,
            "lower": value.lower,
            "upper": value.upper,
            "unit": value.unit,
            "markers": list(value.markers),
            "derivation": value.derivation,
            "inputs": [inputs.record() for inputs in value.inputs],
            "source": value.source,
        }
        if value.partner:
            entry |= {"partner": value.partner, "partner_name": value.partner_name}
        # A location quotient has a base too, and is multiplied by nothing.
        over = {given.part for given in value.inputs} == {"numerator", "denominator"} and value.derivation == "quotient"
        if value.derivation in ("share", "percentage") or over:
            entry["per"] = value.per
        return self._keep(entry)

    def add_band(self, reading: Reading, band: Band) -> str:
        """Keep the five numbers of the English districts: the book's own calculation."""
        times = getattr(reading.indicator.reads, "times", 1)
        of = "the districts" if band.period == reading.period else "several readings of each district taken together"
        return self._keep(
            {
                "kind": "band",
                "id": f"{reading.indicator.id}--english-districts--{band.period}".replace("/", "-"),
                "indicator": reading.indicator.id,
                "period": band.period,
                "districts": band.count,
                "minimum": band.minimum,
                "lower_quartile": band.lower_quartile,
                "median": band.median,
                "upper_quartile": band.upper_quartile,
                "maximum": band.maximum,
                "unit": reading.indicator.unit,
                "derivation": f"quantiles of {of}, linear interpolation",
                "inputs": list(band.inputs),
                "source": reading.indicator.source,
            }
            | ({"per": times} if times != 1 else {})
        )

    def add_count(self, count: Count, source: str) -> str:
        """Keep how many small areas are in a decile."""
        return self._keep(
            {
                "kind": "count",
                "id": f"{count.indicator}--{_slug(count.measure)}-{count.decile}",
                "measure": count.measure,
                "indicator": count.indicator,
                "decile": count.decile,
                "count": count.count,
                "of": count.of,
                "areas": list(count.areas),
                "derivation": "number of small areas in the decile",
                "source": source,
            }
        )

    def add_claim(self, claim: Claim, readings: Sequence[str], sentence: str) -> str:
        """Keep one thing that is said, with the test that allows it and the sentence that says it."""
        subject, compared = claim.reading.subject, claim.comparator
        return self._keep(
            {
                "kind": "claim",
                "id": claim.id,
                "claim": claim.kind,
                "indicator": claim.reading.indicator.id,
                "subject": {
                    "code": subject.code,
                    "name": subject.name,
                    "level": subject.level,
                    "badge": subject.badge,
                },
                "comparator": {"role": compared.role, "code": compared.code, "name": compared.name} if compared else None,
                "readings": list(dict.fromkeys(readings)),
                "test": claim.test,
                "difference": _exact(claim.gap),
                "lower": _exact(claim.lower),
                "upper": _exact(claim.upper),
                "statistic": _exact(claim.statistic),
                "p": _exact(claim.p),
                "alpha": claim.alpha,
                "correction": claim.correction or None,
                "rank": asdict(claim.place) if claim.place else None,
                "ratios": [_exact(ratio) for ratio in claim.ratios] if claim.ratios else None,
                "alike": _exact(claim.alike),
                "verdict": claim.verdict,
                "reason": claim.reason or None,
                "sentence": sentence,
            }
        )

    def add_finding(self, candidate: Candidate, order: int | None, told: Told | None, readings: Sequence[str]) -> str:
        """Keep a finding, or what could have been one with the rule that left it out."""
        entry: dict[str, Any] = {
            "kind": "finding",
            "id": candidate.id,
            "place": self.place["slug"],
            "order": order,
            "type": candidate.type,
            "subject": candidate.subject,
            "indicator": candidate.indicators[0],
            "indicators": list(candidate.indicators),
            "readings": list(dict.fromkeys(readings)),
            "rules": {name: dict(figures) for name, figures in candidate.rules.items()},
            "score": _exact(candidate.score),
            "good": candidate.good,
            "headline": told.headline if told else None,
            "sentence": told.sentence if told else None,
            "section": candidate.section,
            "asks_local": candidate.asks_local or None,
            "left_out": candidate.left_out or None,
        }
        self.entries.setdefault(entry["id"], entry)
        return str(entry["id"])

    def _corrections(self, inputs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """What is corrected in the rows that a number was made of, each once."""
        tables = {table for table, _ in self.corrected}
        rows = (
            (table, key)
            for given in inputs
            for table in tables.intersection(given["table"].split(";"))
            for key in each_key(given["key"])
        )
        return [self.corrected[row] for row in dict.fromkeys(rows) if row in self.corrected]

    def _keep(self, entry: dict[str, Any]) -> str:
        if self.corrected and (corrections := self._corrections(entry.get("inputs", ()))):
            entry["corrections"] = corrections
        page = f"{self.themes.get(entry['indicator'], 'evidence')}.html"
        entry["at"] = f"{page}#{self._anchor(page, entry['id'])}"
        first = self.entries.setdefault(entry["id"], entry)
        if first != entry:
            raise ValueError(f"two different numbers would share the ledger id {entry['id']}")
        return str(entry["id"])

    def _anchor(self, page: str, id_: str) -> str:
        """A short name for the entry's row that stays the same from edition to edition.

        In a book of hundreds of places some page has two rows of one short name: the second has a longer one.
        """
        short, long = (blake2s(id_.encode(), digest_size=size).hexdigest() for size in (4, 10))
        for anchor in (f"e{short[:7]}", f"e{long}"):
            if self._anchors.setdefault(f"{page}#{anchor}", id_) == id_:
                return anchor
        raise ValueError(f"the ledger id {id_} has the short names of two others on {page}")

    def href(self, id_: str) -> str:
        """The way from the page to an entry's row on its evidence page."""
        return f"{self.folder}/{self.entries[id_]['at']}"

    def record(self, page: dict[str, Any]) -> dict[str, Any]:
        """The whole ledger as it is written."""
        quotes = {
            measure: {part: self._quoted(quoted) for part, quoted in parts.items()} for measure, parts in self.quotes.items()
        }
        return {"place": self.place, "page": page, "quotes": quotes, "entries": list(self.entries.values())}

    def _quoted(self, quoted: Quoted) -> dict[str, str]:
        entry = next(self.entries[id_] for id_ in quoted.ids if id_ in self.entries)
        about = {"text": quoted.text, "title": quoted.title, "area": quoted.area, "period": quoted.period}
        return {**about, "at": entry["at"]}

    def write(self, path: Path, page: dict[str, Any]) -> None:
        """Write it, one entry a line so that two editions compare line by line."""
        whole = self.record(page)
        entries: Iterable[str] = (_line(entry) for entry in whole["entries"])
        quotes = (f"{_line(measure)}: {_line(parts)}" for measure, parts in whole["quotes"].items())
        text = (
            f'{{"place": {_line(whole["place"])},\n"page": {_line(whole["page"])},\n"quotes": {{\n'
            + ",\n".join(quotes)
            + '\n},\n"entries": [\n'
            + ",\n".join(entries)
            + "\n]}\n"
        )
        write_changed(path, text)


def _slug(measure: str) -> str:
    return measure.replace("_", "-")


def _exact(number: float | None) -> float | None:
    """Ten significant digits: what differs beyond them differs between processors, not between places."""
    if number is None or not isfinite(number):
        return None
    return float(f"{number:.10g}")


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
