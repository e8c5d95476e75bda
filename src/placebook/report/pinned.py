"""What analysts' words stand beside on the page as it was built last, and what of that has moved since they were pinned.

A text is pinned to the measures that it quotes; a place's summary, which stands among the key findings, also to those; the
answer to a finding also to that finding. Of each measure the figure is kept, the verdict against England and the one over time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from placebook.catalogue.load import Catalogue
from placebook.catalogue.narrative import Words, every_text
from placebook.catalogue.pins import PinnedFigure, PinnedFinding, PinnedText, PinnedVerdict, Pins, digest
from placebook.catalogue.quotes import Quote, quotes
from placebook.catalogue.yaml_reader import name
from placebook.errors import InputError
from placebook.findings import formats as write
from placebook.paths import Project
from placebook.report.matrix import Entry, PlaceLedger

SUMMARY, EXPLAIN = "narrative.summary", "explain."
OVER_TIME = ("change", "trend")
OF = {"england": "against England", "change": "over time", "rank": "its rank"}
UNTESTED = {"gap_only": "not tested", "not_possible": "not tested"}


class Moved(NamedTuple):
    """One thing that is another than when the words were pinned."""

    what: str
    then: str
    now: str
    why: str = ""
    """By which rule a figure has moved; "" of a verdict or a finding."""

    def __str__(self) -> str:
        return f"{self.what}: then {self.then}, now {self.now}{f': {self.why}' if self.why else ''}"


class Standing:
    """What a place's page shows, as its ledger of the last build tells it."""

    def __init__(self, project: Project, catalogue: Catalogue, slug: str):
        """Raises InputError where the place was not built."""
        self.slug = slug
        self._indicators = catalogue.indicators
        self._ledger = PlaceLedger.read(project.ledgers / f"{slug}.json")
        record = json.loads((project.ledgers / f"{slug}.json").read_text(encoding="utf-8"))
        self._quotes: Mapping[str, Mapping[str, Any]] = record.get("quotes", {})

    @cached_property
    def findings(self) -> dict[str, Entry]:
        """The key findings that the page tells, by id, in their order."""
        return {entry["id"]: entry for entry in self._ledger.findings}

    @cached_property
    def _by_way(self) -> dict[str, Entry]:
        return {entry["at"]: entry for entry in self._ledger.entries if "at" in entry}

    @cached_property
    def _claims(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self._ledger.entries:
            if entry["kind"] == "claim":
                found.setdefault(entry["indicator"], []).append(entry)
        return found

    def quoted(self, quote: Quote) -> bool:
        """Whether the page shows what is quoted."""
        return quote.part in self._quotes.get(quote.indicator, {})

    def figure(self, measure: str, part: str) -> PinnedFigure | None:
        """A figure of a measure; None where the page shows none, or the book has no such measure any more."""
        indicator = self._indicators.get(measure)
        given = self._quotes.get(measure, {}).get("" if part == "own" else part)
        entry = self._by_way.get(given["at"]) if given else self._ledger.shown(measure) if part == "own" else None
        if indicator is None or entry is None or entry.get("value") is None:
            return None
        unit = write.brief_unit(entry["unit"])
        lower, upper = entry["lower"], entry["upper"]
        limits = [write.quantity(end, unit, indicator.decimals) for end in (lower, upper) if end is not None]
        return PinnedFigure.model_validate(
            {
                "measure": measure,
                "part": part,
                "area": entry["area_name"],
                "period": given["period"] if given else write.period(entry["period"], indicator.period_style),
                "shown": given["text"] if given else write.quantity(entry["value"], unit, indicator.decimals),
                "value": _exact(entry["value"]),
                "lower": lower if lower is None else _exact(lower),
                "upper": upper if upper is None else _exact(upper),
                "limits": " to ".join(limits) if len(limits) == 2 else None,
                "rounding": indicator.figure_rounded_to or 10.0**-indicator.decimals,
            }
        )

    def verdict(self, measure: str, of: str) -> str:
        """What the page says of a measure; "" where it says nothing of that sort."""
        claims = self._claims.get(measure, ())
        if of == "rank":
            rank = next((claim["rank"] for claim in claims if claim["claim"] == "rank" and claim["rank"]), None)
            return "" if rank is None else "counted from the highest" if rank["from_highest"] else "counted from the lowest"
        for claim in claims:
            against = (claim["comparator"] or {}).get("role")
            level = of == "england" and claim["claim"] == "level" and against == "country"
            if level or (of == "change" and claim["claim"] in OVER_TIME and against is None):
                return _in_words(claim)
        return ""

    def title(self, measure: str) -> str:
        """A measure's title; its id where the book has it no more."""
        indicator = self._indicators.get(measure)
        return indicator.title if indicator else measure


def _in_words(claim: Entry) -> str:
    """A verdict; one without a test with its direction, which words are likely to name."""
    words = UNTESTED.get(claim["verdict"], str(claim["verdict"]).replace("_", " "))
    if words != "not tested" or not claim["difference"]:
        return words
    ends = ("lower", "higher") if claim["claim"] == "level" else ("less", "more")
    return f"{ends[claim['difference'] > 0]}, not tested"


def _exact(number: float) -> float:
    return float(f"{number:.10g}")


class Pinned:
    """The texts of a book beside what they were pinned to."""

    def __init__(self, project: Project, catalogue: Catalogue):
        self.project = project
        self.catalogue = catalogue
        self._standing: dict[str, Standing] = {}

    # ------------------------------------------------------------ what is pinned

    def pins(self, kind: str, slug: str) -> Pins:
        """All that the words of a place or a county are pinned to now; of texts that stand beside nothing there is none.

        Raises InputError where a page was not built, does not show what they quote, or nothing can be pinned.
        """
        found = (self._pin(words) for words in self.texts(kind, slug))
        texts = [pinned for pinned in found if pinned.findings or pinned.figures or pinned.verdicts]
        if not texts:
            folder = "params" if kind == "place" else "data/counties"
            raise InputError(
                f"nothing was pinned: no words in {folder}/{slug}.yml quote a figure or stand beside one. A summary stands "
                "beside the key findings; other words quote figures: {{ employment-rate }}"
            )
        return Pins(edition=self.catalogue.edition_date, texts=tuple(texts))

    def texts(self, kind: str, slug: str) -> Iterator[Words]:
        """The words of a place or a county, text by text."""
        return (words for words in every_text(self.catalogue) if (words.kind, words.slug) == (kind, slug))

    def _pin(self, words: Words) -> PinnedText:
        figures: dict[tuple[str, str, str], PinnedFigure] = {}
        verdicts: dict[tuple[str, str, str], PinnedVerdict] = {}
        findings: list[PinnedFinding] = []
        for place, measure, part in self._beside(words, findings):
            standing, of_place = self._of(place), place if words.kind == "county" else None
            shown = part if part in ("england", "county", "region") else "own"
            if found := standing.figure(measure, shown):
                figures[place, measure, shown] = found.model_copy(update={"place": of_place})
            for of in ("england", "change", *(("rank",) if part == "rank" else ())):
                if verdict := standing.verdict(measure, of):
                    said = PinnedVerdict.model_validate({"measure": measure, "place": of_place, "of": of, "verdict": verdict})
                    verdicts[place, measure, of] = said
        return PinnedText(
            text=name(words.path),
            words=digest(words.text),
            findings=tuple(findings),
            figures=tuple(figures.values()),
            verdicts=tuple(verdicts.values()),
        )

    def _beside(self, words: Words, findings: list[PinnedFinding]) -> Iterator[tuple[str, str, str]]:
        """Place, measure and part of all that a text quotes or stands beside; its findings are added to ``findings``."""
        for _, quote in dict.fromkeys(quotes(words.text)):
            place = quote.place or words.slug
            if not self._of(place).quoted(quote):
                raise InputError(
                    f"{name(words.path)} quotes {quote}, which the page of {place} as it was built last does not show; "
                    "placebook check says what is wrong, placebook build builds it"
                )
            yield place, quote.indicator, quote.part
        if words.kind == "county":
            return
        field, told = name(words.path), self._of(words.slug).findings
        for id_, entry in told.items():
            if field == SUMMARY or field == f"{EXPLAIN}{id_}":
                findings.append(PinnedFinding(finding=id_, headline=entry["headline"]))
                yield from ((words.slug, measure, "own") for measure in entry["indicators"])

    def _of(self, slug: str) -> Standing:
        if slug not in self._standing:
            self._standing[slug] = Standing(self.project, self.catalogue, slug)
        return self._standing[slug]

    # ------------------------------------------------------------ what has moved

    def moved(self, kind: str, slug: str) -> dict[str, list[Moved]]:
        """By its field each text that must be looked at, with what has moved; none whose words are others than were pinned."""
        found = {}
        for words, pinned in self._pinned(kind, slug):
            if pinned and digest(words.text) == pinned.words and (moved := list(self._moved(slug, pinned))):
                found[pinned.text] = moved
        return found

    def old(self, kind: str, slug: str) -> list[Words]:
        """Texts that are others than were pinned, or were written since and quote a figure or stand beside one."""
        return [
            words
            for words, pinned in self._pinned(kind, slug)
            if (digest(words.text) != pinned.words if pinned else _could_be(words))
        ]

    def _pinned(self, kind: str, slug: str) -> Iterator[tuple[Words, PinnedText | None]]:
        """Each text of a place or a county whose words were pinned; with None one that was written later."""
        pins = self.catalogue.pins.get(slug)
        if pins is not None:
            by_text = {pinned.text: pinned for pinned in pins.texts}
            for words in self.texts(kind, slug):
                yield words, by_text.get(name(words.path))

    def _moved(self, slug: str, pinned: PinnedText) -> Iterator[Moved]:
        gone = set()
        for figure in pinned.figures:
            try:
                standing = self._of(figure.place or slug)
            except InputError:  # a page that failed says so itself
                continue
            now = standing.figure(figure.measure, figure.part)
            named = standing.title(figure.measure)
            what = named if figure.part == "own" and not figure.place else f"{named}, {figure.area}"
            then = f"{figure.shown} ({figure.period})"
            if now is None:
                there = figure.measure in self.catalogue.indicators
                yield Moved(what, then, "the page has no figure of it" if there else "the book has no such measure")
                gone.add((figure.place, figure.measure))
            elif why := _why(figure, now):
                yield Moved(what, then, now.shown if now.period == figure.period else f"{now.shown} ({now.period})", why)
        for verdict in pinned.verdicts:
            try:
                standing = self._of(verdict.place or slug)
            except InputError:
                continue
            said = standing.verdict(verdict.measure, verdict.of) or "nothing is said"
            if said != verdict.verdict and (verdict.place, verdict.measure) not in gone:
                yield Moved(f"{standing.title(verdict.measure)}, {OF[verdict.of]}", verdict.verdict, said)
        yield from self._lost(slug, pinned)

    def _lost(self, slug: str, pinned: PinnedText) -> Iterator[Moved]:
        """Findings that the page tells no more."""
        for each in pinned.findings:
            try:
                told = self._of(slug).findings
            except InputError:
                return
            if each.finding not in told:
                yield Moved("A key finding", f"“{each.headline}”", "the page does not tell it")


def _could_be(words: Words) -> bool:
    """Whether a text may stand beside figures."""
    return name(words.path) == SUMMARY or words.path[0] == "explain" or any(True for _ in quotes(words.text))


def _why(then: PinnedFigure, now: PinnedFigure) -> str:
    """By which rule a figure has moved; "" where it has not: its limits of then, or without limits its rounding."""
    if then.lower is not None and then.upper is not None:
        return "" if then.lower <= now.value <= then.upper else f"outside its limits of then, {then.limits}"
    moved = abs(now.value - then.value) > then.rounding * (1 + 1e-9)
    return f"by more than its rounding, {then.rounding:g}; no limits are published" if moved else ""
