"""What the findings of a county's places come to: what they share, where they part, who changed places, who is alike.

Made from the places' ledgers alone (entries of kind ``finding``, also those that open no page): each place is set against the
English districts by its own rules, and nothing is tested between the places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Any

from placebook.catalogue.models import Indicator
from placebook.figures import inline
from placebook.findings import county_wording as say
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.report.matrix import PAGES, Entry, PlaceLedger, amount

SHARE = 2 / 3
"""So many of the places that could have a finding share it before it is told of the county."""
MOST = {"shared": 2, "apart": 2, "passing": 2, "alike": 1}
"""So many stories of a kind are told, in this order."""
ENOUGH = 20
"""So many measures two places must have in common before they are called alike."""
NOT_TOLD = ("R1", "R10 concept", "R10 inside", "R10 most", "R10 score", "R10 section")
"""Rules that leave a finding out for want of room or weight on its own page: it holds none the less."""
LEAST_SCORE = 0.6
"""As on a place's page."""
PLACES_NEEDED = 3
"""Of two places the nearest pair is the farthest too."""


@dataclass(frozen=True)
class Finding:
    """One finding of a place, and the ledger that holds it."""

    ledger: PlaceLedger
    entry: Entry

    @property
    def subject(self) -> str:
        """The area that it is about: a town's district, where the figure is the district's."""
        return str(self.entry["subject"])

    @property
    def passes(self) -> bool:
        """Whether its place's rules let it be told."""
        return self.entry["left_out"] is None or self.entry["left_out"] in NOT_TOLD

    @property
    def town(self) -> bool:
        """Whether it is a town's own, which is set against districts and is none of them."""
        return self.ledger.kind == "town" and self.subject == self.ledger.name

    @property
    def end(self) -> str:
        """Of a level the end that it lies at; of a change which way it went against England."""
        rules = self.entry["rules"]
        if self.entry["type"] == "level":
            return str(rules["R2"]["end"])
        return "rise" if rules["R7"]["to"] > rules["R7"]["from"] else "fall"

    @property
    def reading(self) -> Entry:
        """The newest figure that it rests on."""
        return self.ledger.value(self.entry["readings"][0])

    def standing(self, indicator: Indicator) -> say.Standing:
        """The place on this measure, as a sentence needs it."""
        ranked = self.entry["rules"]["R2" if self.entry["type"] == "level" else "R11"]
        figure = amount(self.reading, indicator)
        return say.Standing(self.subject, figure, int(ranked["rank"]), int(ranked["of"]), self.end, self.town)


@dataclass(frozen=True)
class Story:
    """One thing that is told of the county."""

    type: str
    indicator: str
    headline: str
    sentence: str
    small: str
    score: float
    good: bool | None
    findings: tuple[Finding, ...]
    """What it is made of."""
    pair: tuple[str, ...] = ()
    """Two places of the book that it is about, by their short names."""

    @property
    def id(self) -> str:
        """Stable within the county."""
        return "--".join(part for part in ("finding", self.type, self.indicator) if part)

    def record(self, county: str, order: int) -> dict[str, Any]:
        """The story as the county's ledger keeps it."""
        inputs = [finding.ledger.entry(str(finding.entry["id"])) for finding in self.findings]
        return {
            "kind": "finding",
            "id": self.id,
            "place": county,
            "order": order,
            "type": self.type,
            "indicator": self.indicator or None,
            "inputs": list(dict.fromkeys(inputs)),
            "score": float(f"{self.score:.10g}"),
            "good": self.good,
            "headline": self.headline,
            "sentence": self.sentence,
        }


def stories(ledgers: Sequence[PlaceLedger], indicators: Mapping[str, Indicator]) -> list[Story]:
    """What is told of the county, kind by kind, each kind by score; empty of a single place."""
    found = list(_findings(ledgers, indicators))
    makers = {"shared": shared, "apart": apart, "passing": passing, "alike": alike}
    told: list[Story] = []
    concepts: set[str] = set()
    for kind, most in MOST.items():
        room = most
        for story in sorted(makers[kind](found, indicators), key=lambda story: (-story.score, story.indicator)):
            concept = (indicators[story.indicator].concept or story.indicator) if story.indicator else ""
            enough = kind == "alike" or story.score >= LEAST_SCORE
            if room and enough and not (concept and concept in concepts):
                told.append(story)
                concepts.add(concept)
                room -= 1
    return told


def _findings(ledgers: Iterable[PlaceLedger], indicators: Mapping[str, Indicator]) -> Iterator[Finding]:
    """One of a kind for each measure and subject: a district that is a place of its own speaks for itself."""
    by_key: dict[tuple[str, ...], Finding] = {}
    for ledger in ledgers:
        for entry in ledger.candidates:
            if entry["indicator"] not in indicators or entry["type"] not in ("level", "change", "passing"):
                continue
            finding = Finding(ledger, entry)
            key = (entry["type"], finding.subject, entry["id"] if entry["type"] == "passing" else entry["indicator"])
            if key not in by_key or finding.subject == ledger.name:
                by_key[key] = finding
    yield from by_key.values()


def _by_measure(found: Iterable[Finding], kind: str) -> dict[str, list[Finding]]:
    measures: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.entry["type"] == kind:
            measures.setdefault(str(finding.entry["indicator"]), []).append(finding)
    return measures


# ------------------------------------------------------------------ the four kinds


def shared(found: Sequence[Finding], indicators: Mapping[str, Indicator]) -> Iterator[Story]:
    """Where most places lie at the same end of the English districts, or moved the same way against England."""
    for kind in ("level", "change"):
        for measure, every in _by_measure(found, kind).items():
            for end in ("highest", "lowest") if kind == "level" else ("rise", "fall"):
                same = [finding for finding in every if finding.passes and finding.end == end]
                if len(same) < 2 or len(same) < SHARE * len(every):
                    continue
                same.sort(key=lambda finding: finding.standing(indicators[measure]).rank)
                standings = [finding.standing(indicators[measure]) for finding in same]
                yield Story(
                    "shared",
                    measure,
                    say.shared_headline(indicators[measure], end, len(same), len(every), _noun(every)),
                    say.shared(indicators[measure], standings),
                    _when(same, indicators[measure]),
                    fmean(finding.entry["score"] for finding in same) * len(same) / len(every),
                    same[0].entry["good"],
                    tuple(same),
                )


def apart(found: Sequence[Finding], indicators: Mapping[str, Indicator]) -> Iterator[Story]:
    """Where one place lies at one end of the English districts and another at the other."""
    for measure, every in _by_measure(found, "level").items():
        passed = [finding for finding in every if finding.passes]
        ends = [[f for f in passed if f.end == end] for end in ("highest", "lowest")]
        if not all(ends):
            continue
        high, low = (min(end, key=lambda f: f.standing(indicators[measure]).rank) for end in ends)
        standings = [finding.standing(indicators[measure]) for finding in (high, low)]
        yield Story(
            "apart",
            measure,
            say.apart_headline(indicators[measure], high.subject, low.subject),
            say.both_ends(indicators[measure], *standings),
            _when([high, low], indicators[measure]),
            (high.entry["score"] + low.entry["score"]) / 2,
            None,
            (high, low),
            tuple(dict.fromkeys((high.ledger.slug, low.ledger.slug))),
        )


def passing(found: Sequence[Finding], indicators: Mapping[str, Indicator]) -> Iterator[Story]:
    """Places that changed places, as their own pages say it; each pair once."""
    told: set[str] = set()
    for finding in found:
        entry = finding.entry
        if entry["type"] == "passing" and finding.passes and entry["headline"] and entry["sentence"] not in told:
            told.add(entry["sentence"])
            small = write.period(finding.reading["period"], indicators[entry["indicator"]].period_style)
            yield Story(
                "passing", entry["indicator"], entry["headline"], entry["sentence"], small, entry["score"], None, (finding,)
            )


def alike(found: Sequence[Finding], indicators: Mapping[str, Indicator]) -> Iterator[Story]:
    """The two places whose ranks among English districts lie nearest together, and the two farthest apart."""
    by_place: dict[str, dict[str, Finding]] = {}
    for finding in found:
        if finding.entry["type"] == "level" and finding.subject == finding.ledger.name:
            by_place.setdefault(finding.subject, {})[str(finding.entry["indicator"])] = finding
    pairs = []
    for one, other in combinations(sorted(by_place), 2):
        both = sorted(by_place[one].keys() & by_place[other].keys())
        if len(both) >= ENOUGH:
            gaps = (abs(_position(by_place[one][name]) - _position(by_place[other][name])) for name in both)
            pairs.append((100 * fmean(gaps), one, other, both))
    if len(pairs) < PLACES_NEEDED:
        return
    near, far = min(pairs), max(pairs)
    used = tuple(by_place[place][name] for _, one, other, both in (near, far) for place in (one, other) for name in both)
    yield Story(
        "alike",
        "",
        say.alike_headline(near[1], near[2]),
        say.nearest_and_farthest(near[:3], far[:3]),
        f"over {write.joined(list(dict.fromkeys(str(len(pair[3])) for pair in (near, far))))} measures that both places have",
        0.0,
        None,
        used,
        tuple(next(iter(by_place[place].values())).ledger.slug for place in near[1:3]),
    )


def _position(finding: Finding) -> float:
    return float(finding.entry["rules"]["R2"]["position"])


def _noun(findings: Sequence[Finding]) -> str:
    """What the subjects are: figures of a town's district are the district's."""
    towns = [finding.town for finding in findings]
    return "towns" if all(towns) else "places" if any(towns) else "districts"


def _when(findings: Sequence[Finding], indicator: Indicator) -> str:
    """The period or periods of the figures in words; of changes those of both ends, place by place where they differ."""
    if findings[0].entry["type"] == "change":
        spans = {f.subject: [f.ledger.value(id_)["period"] for id_ in f.entry["readings"][1::-1]] for f in findings}
        words = {
            place: " to ".join(write.period(each, indicator.period_style) for each in ends) for place, ends in spans.items()
        }
        same = len(set(words.values())) == 1
        return next(iter(words.values())) if same else "; ".join(f"{place} {when}" for place, when in words.items())
    periods = sorted({str(finding.reading["period"]) for finding in findings})
    several = ", readings taken together" if any(f.reading["role"] == "pooled" for f in findings) else ""
    return write.joined([write.period(period, indicator.period_style) for period in periods]) + several


# ------------------------------------------------------------------ as tiles

TAGS = {"shared": "What they share", "apart": "Where they part", "passing": "Changed places", "alike": "Who is alike"}
SHOWN = 3
"""Findings of each place named in short."""


def tile(story: Story, id_: str, compare: str) -> Html:
    """One story with the ways to the figures that it rests on; ``compare`` is the page that sets two places side by side."""
    mark = {True: "better", False: "worse", None: "different"}[story.good] if story.type == "shared" else "beside"
    ways = [
        markup('<a href="{}">{}</a>{}', finding.ledger.evidence(finding.reading), finding.subject, _around(finding))
        for finding in story.findings
        if story.indicator
    ]
    if len(story.pair) == 2:
        ways.append(markup('<a href="{}#{}&amp;{}">side by side</a>', compare, *story.pair))
    return markup(
        '<div class="pb-find" id="{}" data-entry="{}"><p class="pb-tag">{}{}</p><h3>{}</h3><p>{}</p>'
        '<p class="pb-small">{}. How we know: {}.</p></div>',
        id_,
        id_,
        inline.mark(mark),
        TAGS[story.type],
        story.headline,
        story.sentence,
        f"{story.small[:1].upper()}{story.small[1:]}",
        join(ways, ", "),
    )


def _around(finding: Finding) -> str:
    """Which place of the book a district is told for."""
    return "" if finding.subject == finding.ledger.name else f" (around {finding.ledger.name})"


def in_short(ledgers: Sequence[PlaceLedger]) -> Html:
    """Each place's first findings by their headlines, with the way to their tiles."""
    items = []
    for ledger in ledgers:
        heads = [
            markup('<a href="{}/{}.html#{}-{}">{}</a>', PAGES, ledger.slug, ledger.slug, found["id"], found["headline"])
            for found in ledger.findings[:SHOWN]
        ]
        said = join(heads, "; ") if heads else NOTHING
        items.append(markup("<li><strong>{}</strong>: {}.</li>", ledger.link(), said))
    return markup('<ul class="pb-findings">{}</ul>', join(items))


NOTHING = "nothing stands out by the book’s rules"
