"""The key findings as they stand on a page: a tile for each, and what the page says of how they were chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from placebook.evidence.panel import APART
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.figures import inline, tile_art
from placebook.findings import pooling, wording
from placebook.findings.candidates import Candidate
from placebook.findings.change_candidates import against_england
from placebook.findings.choice import FEWEST, openings
from placebook.findings.expected import Expected
from placebook.findings.finding_wording import Teller, Told
from placebook.findings.key_findings import KeyFindings
from placebook.findings.level_candidates import RATIOS
from placebook.geography.names import located, with_article
from placebook.markup import Html, join, markup
from placebook.report.display import slot
from placebook.report.ledger import Ledger
from placebook.report.matrix import headlines

ABSTRACT = 3
"""Findings in the abstract."""
SIZE_ONLY = "Size only, not tested"
NOT_TESTED = "No margin of error is published for figures marked “size only”: they are told as published, and not tested."
DESCRIBED = "Changes against England are described, and not tested."


@dataclass(frozen=True)
class Opening:
    """What a section may begin with."""

    candidate: Candidate
    headline: str
    way: str
    """The address of its tile or its evidence."""
    sentence: str
    """With what stands in small print; "" of a key finding, whose tile says it."""

    def html(self) -> Html:
        """As an entry of a list."""
        link = markup('<strong><a href="{}">{}</a>.</strong>', self.way, self.headline)
        return markup("<li>{} {}</li>", link, self.sentence) if self.sentence else markup("<li>{}</li>", link)


class Tiles:
    """The tiles of one page, each kept in the ledger."""

    def __init__(self, findings: KeyFindings, ledger: Ledger):
        self.findings = findings
        self.ledger = ledger
        self.teller = Teller(findings.readings, findings.evidence.catalogue.relations)
        self.told: dict[str, Told] = {}

    @cached_property
    def told_of(self) -> frozenset[str]:
        """The measures that a finding could tell: no rule but that of choice leaves them out."""
        chosen = self.findings.chosen
        could = [each for each in (*chosen.key, *chosen.others) if not each.left_out or each.left_out.startswith("R10 ")]
        return frozenset(name for each in could for name in each.indicators)

    def abstract(self) -> Html:
        """The first findings in a sentence each, with the way to their tiles; "" where there are none."""
        slug, key = self.findings.evidence.slug, self.findings.chosen.key
        told = zip(key, self.clauses(), strict=False)
        links = (markup('<a href="#{}-{}">{}</a>.', slug, candidate.id, clause) for candidate, clause in told)
        return join(links, " ")

    def clauses(self) -> list[str]:
        """The first findings in a sentence each."""
        teller = Teller(self.findings.readings, self.teller.relations)
        return [_capital(teller.tell(candidate).clause) for candidate in self.findings.chosen.key[:ABSTRACT]]

    def html(self) -> Html:
        """The key findings, tile by tile; "" of a group or a county, which no yardstick of districts is for."""
        if not (self.findings.evidence.is_town or self.findings.evidence.is_district):
            return Html()
        chosen = self.findings.chosen
        items = [self._tile(candidate, order) for order, candidate in enumerate(chosen.key, 1)]
        for candidate in chosen.others:
            self.ledger.add_finding(candidate, None, None, self._ids(candidate))
        tiles = markup('<div class="pb-finds">{}</div>', join(items)) if items else Html()
        return tiles + self._note(chosen.key) + (self._facts() if len(items) < FEWEST else Html())

    def _facts(self) -> Html:
        """R10a: where little stands out, three headline measures as they are."""
        evidence = self.findings.evidence
        kind = "town" if evidence.is_town else "district"
        measures = [m.id for m in headlines(evidence.catalogue.indicators.values(), kind) if m.id in self.findings.readings]
        readings = [r for name in measures if not (r := self.findings.readings[name]).wider and len(r.now) == 1][:FEWEST]
        items = [
            markup(
                '<p><span class="pb-who">{}, {}</span> <a class="pb-n pb-much" href="{}">{}</a></p>',
                reading.indicator.title,
                wording.said_period(reading),
                self.ledger.href(self.ledger.add(reading.now[0])),
                wording.amount(reading.now[0], reading.indicator),
            )
            for reading in readings
        ]
        return markup('<div class="pb-pair pb-headlines">{}</div>', join(items)) if items else Html()

    def openings(self, section: str) -> list[Opening]:
        """What a section begins with: key findings by their headlines, other candidates with their sentences."""
        items, slug = [], self.findings.evidence.slug
        for candidate in openings(self.findings.chosen, section):
            if candidate.wider:
                continue
            if told := self.told.get(candidate.id):
                items.append(Opening(candidate, told.headline, f"#{slug}-{candidate.id}", ""))
            else:
                told = self.teller.tell(candidate)
                way = self.ledger.href(self._ids(candidate)[0])
                items.append(Opening(candidate, told.headline, way, f"{told.sentence} ({'; '.join(told.small)})"))
        return items

    def _ids(self, candidate: Candidate) -> list[str]:
        return [self.ledger.add(value) for value in candidate.values]

    def _tile(self, candidate: Candidate, order: int) -> Html:
        told = self.teller.tell(candidate)
        self.told[candidate.id] = told
        ids = self._ids(candidate)
        entry = self.ledger.add_finding(candidate, order, told, ids)
        reading = self.findings.readings[candidate.indicators[0]]
        kind, words = tag(candidate, reading)
        return markup(
            '<div class="pb-find" id="{}" data-entry="{}"><p class="pb-tag">{}{}</p><h3><a href="{}">{}</a></h3>'
            '<div class="pb-pair">{}</div>{}<p>{}</p><p class="pb-small">{}</p>{}</div>',
            f"{self.findings.evidence.slug}-{candidate.id}",
            entry,
            inline.mark(kind),
            words,
            self.ledger.href(ids[0]),
            told.headline,
            self._numbers(candidate, reading),
            self._art(candidate, reading),
            told.sentence,
            "; ".join(told.small),
            slot(candidate.id),
        )

    def _numbers(self, candidate: Candidate, reading: Reading) -> Html:
        """The pair of numbers in large, with their names."""
        pairs: list[tuple[str, str]] = []
        indicator, values = reading.indicator, candidate.values
        if candidate.type == "level":
            pairs = [(candidate.subject, wording.amount(values[0], indicator))]
            if "R7" in candidate.rules:
                pairs.append(("England", wording.amount(values[1], indicator)))
        elif candidate.type == "change":
            pairs = [
                (candidate.subject, wording.amount(values[0], indicator)),
                ("England", wording.amount(values[2], indicator)),
            ]
        elif candidate.type == "passing":
            pairs = [(values[at].area_name, wording.amount(values[at], indicator)) for at in (0, 2)]
        elif candidate.type == "relation":
            for value in values[:4:2]:
                of = self.findings.readings[value.indicator].indicator
                pairs.append((of.says.short if of.says else of.title, wording.amount(value, of)))
        elif candidate.detail == "spread":
            pairs = [(value.area_name, wording.amount(value, indicator)) for value in reversed(values[:2])]
        elif not reading.around:
            pairs = [
                (candidate.subject, wording.amount(values[0], indicator)),
                ("The rest", wording.amount(values[1], indicator)),
            ]
        return join(
            markup('<p><span class="pb-who">{}</span> <span class="pb-much">{}</span></p>', _capital(name), _large(amount))
            for name, amount in pairs
        )

    def _art(self, candidate: Candidate, reading: Reading) -> Html:
        values = candidate.values
        if candidate.type == "level":
            return self._strip(candidate, reading)
        if candidate.type == "change":
            return self._lines(candidate, reading)
        if candidate.type == "passing":
            other = replace(reading, subject=replace(reading.subject, code=values[2].area))
            return tile_art.lines(self.index(candidate, reading), self.index(candidate, other))
        if candidate.type == "relation":
            return tile_art.bars([(own.number / other.number, 1.0) for own, other in _pairs(values)])
        if candidate.detail == "spread" and reading.inside:
            return tile_art.dots([value.number for value in reading.inside.values if value.value is not None])
        shares = candidate.rules["R2"]
        return tile_art.bars([(float(shares["share of these"] or 0), float(shares["share of all"] or 0))])

    def _strip(self, candidate: Candidate, reading: Reading) -> Html:
        """The place among the English districts; nothing where England's figure is not published."""
        band = pooling.band(reading)
        if "R7" not in candidate.rules or band is None:
            return Html()
        own, england = candidate.values[:2]
        five = (band.minimum, band.lower_quartile, band.upper_quartile, band.maximum)
        limits = (own.lower, own.upper) if own.lower is not None and own.upper is not None else None
        falls = reading.indicator.polarity == "lower_is_better"
        kind, _ = tag(candidate, reading)
        return inline.strip(inline.Strip(kind, own.number, england.number, five, limits, falls=falls))

    def _lines(self, candidate: Candidate, reading: Reading) -> Html:
        own = self.index(candidate, reading)
        level = 100.0 if reading.indicator.unit in RATIOS else 0.0
        return tile_art.lines(own, [level] * len(own))

    def index(self, candidate: Candidate, reading: Reading) -> list[float]:
        """Of a change: the subject against England from its first to its last period, those without a figure left out."""
        panel = self.findings.panels[reading.indicator.id]
        first = panel.periods.index(candidate.values[1].period)
        last = panel.periods.index(candidate.values[0].period)
        column = panel.codes.index(reading.subject.code)
        return [float(n) for n in against_england(reading.indicator, panel)[first : last + 1, column] if n == n]

    def _note(self, key: Sequence[Candidate]) -> Html:
        """R4, R8: how many were looked at, how many one would expect, and what was not tested; once a page."""
        place = self.findings.evidence.place.name
        lines = []
        expected: Expected | None = self.findings.expected
        if expected is not None:
            lines.append(
                f"{expected.own} of {expected.measures} measures lie {located(place)} in the highest or lowest tenth of all "
                f"English districts; half of the districts have {expected.lower} to {expected.upper}."
            )
        if self.findings.evidence.is_district and self.findings.evidence.district in APART:
            lines.insert(0, "So small a place is set beside no others: these are headline figures.")
        elif len(key) < FEWEST:
            lines.insert(0, f"Fewer than {FEWEST} measures stand out: headline figures stand beside them.")
        if any(tag(c, self.findings.readings[c.indicators[0]])[1] == SIZE_ONLY for c in key):
            lines.append(NOT_TESTED)
        if any(c.type in ("change", "passing") for c in key):
            lines.append(DESCRIBED)
        return markup('<p class="pb-small">{}</p>', " ".join(lines)) if lines else Html()


def _pairs(values: Sequence[Value]) -> list[tuple[Value, Value]]:
    return list(zip(values[::2], values[1::2], strict=True))


def tag(candidate: Candidate, reading: Reading) -> tuple[str, str]:
    """Shape and words of a tile's tag."""
    if candidate.type == "inside":
        where = "In its district" if candidate.detail == "district" else f"Inside {with_article(reading.subject.name)}"
        return "beside", where
    if candidate.type == "relation":
        return "different", "Two measures beside one another"
    if candidate.type == "passing":
        return "untested", "Changed places in the county, not tested"
    if candidate.type == "change":
        ground = {True: "Gained ground", False: "Lost ground", None: "Moved"}[candidate.good]
        return "untested", f"{ground} against England, not tested"
    if "R4" in candidate.rules or reading.indicator.uncertainty == "estimate_without_limits":
        return "untested", SIZE_ONLY
    beside = "England" if "R7" in candidate.rules else "most districts"
    if candidate.good is None:
        return "different", f"Different from {beside}"
    return ("better", f"Better than {beside}") if candidate.good else ("worse", f"Worse than {beside}")


def _large(amount: str) -> Html:
    """An amount with the words of its unit in small."""
    number, space, unit = amount.partition(" ")
    return markup("{}<small>{}</small>", number, space + unit) if unit else markup("{}", number)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
