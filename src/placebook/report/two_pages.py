"""What a place's page tells first and its headline figures, as plain words and numbers: the content of its two pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from placebook.catalogue.aggregations import Share
from placebook.catalogue.relations import Product
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.figures.scenes import Scene
from placebook.findings import formats as write
from placebook.findings import pooling, verdicts, wording
from placebook.findings.candidates import Candidate
from placebook.findings.finding_wording import Told
from placebook.findings.level_candidates import RATIOS
from placebook.report import page_head, scoreboard
from placebook.report.brief import Brief, Finding, Line
from placebook.report.finding_tiles import Tiles, tag
from placebook.report.ledger import Ledger
from placebook.report.matrix import headlines
from placebook.report.page_findings import Findings
from placebook.report.scorecard_rows import Row, one_number

PICTURES = 3
"""Findings that have a picture: the first ones that can have one."""


def brief(evidence: Evidence, tiles: Tiles, findings: Findings, ledger: Ledger) -> Brief:
    """The two pages of a place whose key findings are told; their figures are kept in the ledger."""
    told = [(c, tiles.told[c.id]) for c in tiles.findings.chosen.key if c.id in tiles.told]
    made: list[Finding] = []
    for candidate, words in told:
        reading = tiles.findings.readings[candidate.indicators[0]]
        drawn = sum(finding.scene is not None for finding in made)
        scene = _scene(candidate, words, tiles) if drawn < PICTURES else None
        kind = tag(candidate, reading)[1]
        made.append(Finding(candidate.id, kind, words.headline, words.sentence, "; ".join(words.small), scene))
    counts: Counter[str] = Counter()
    for line in scoreboard.lines(evidence, findings):
        counts.update(line.counts)
    return Brief(
        evidence.slug,
        evidence.place.name,
        page_head.about(evidence),
        " ".join(f"{clause}." for clause in tiles.clauses()),
        tuple(made),
        scoreboard.in_words(counts, evidence.place.name),
        tuple(_lines(evidence, findings, ledger)),
    )


def _lines(evidence: Evidence, findings: Findings, ledger: Ledger) -> Iterable[Line]:
    """The headline measures of the place itself that England has of the same period; no totals."""
    measures = headlines(evidence.catalogue.indicators.values(), "town" if evidence.is_town else "district")
    readings = [r for m in measures if isinstance(r := evidence.read(m.id), Reading) and not r.wider]
    for reading in one_number(readings):
        row = Row.of(reading, findings.of(reading))
        england = next((value for _, value in row.beside("country") if value is not None and value.value is not None), None)
        if england is None:
            continue
        decimals, indicator = verdicts.places(row.claims), reading.indicator
        verdict = verdicts.against_england(row.claims)
        yield Line(
            indicator.title,
            wording.said_when(row.own, indicator),
            wording.amount(row.own, indicator, decimals),
            wording.amount(england, indicator, decimals),
            f"{verdict.title} – {verdict.detail}",
            (ledger.add(row.own), ledger.add(england)),
        )


# ------------------------------------------------------------------ pictures


def _scene(candidate: Candidate, told: Told, tiles: Tiles) -> Scene | None:
    """What the picture of a finding shows; None where there is nothing to draw."""
    reading = tiles.findings.readings[candidate.indicators[0]]
    if candidate.type == "level":
        return _among(candidate, reading)
    if candidate.type == "change":
        return _lines_of(candidate, reading, tiles)
    if candidate.type == "relation":
        return _parts(candidate, told, tiles)
    if candidate.detail == "spread":
        return _areas(candidate, reading)
    return _shares(candidate, reading) if candidate.type == "inside" else None


def _among(candidate: Candidate, reading: Reading) -> Scene | None:
    band, indicator = pooling.band(reading), reading.indicator
    if band is None:
        return None
    five = (band.minimum, band.lower_quartile, band.upper_quartile, band.maximum)
    least, lower, upper, most = (write.quantity(number, indicator.unit, indicator.decimals) for number in five)
    values = candidate.values[: 2 if "R7" in candidate.rules else 1]
    names = (candidate.subject, "England")
    marks = tuple((f"{n} {wording.amount(v, indicator)}", v.number) for n, v in zip(names, values, strict=False))
    title = f"{_short(reading)}, {wording.said_when(values[0], indicator)}"
    alt = (
        f"{title}: {' and '.join(label for label, _ in marks)}. English districts run from {least} to {most}, the middle half "
        f"from {lower} to {upper}."
    )
    ends = (f"lowest district {least}", f"highest {most}")
    return Scene("among", f"{title}, among English districts", alt, five, ends, marks)


def _lines_of(candidate: Candidate, reading: Reading, tiles: Tiles) -> Scene | None:
    indicator, own = reading.indicator, tiles.index(candidate, reading)
    then, now = (write.period(value.period, indicator.period_style) for value in (candidate.values[1], candidate.values[0]))
    ratio = indicator.unit in RATIOS
    first, last = (write.number(number, 1) for number in (own[0], own[-1]))
    scale = "England as 100" if ratio else "difference from England, points"
    title = f"{_short(reading)}, {then} to {now}, {scale}"
    alt = f"{title}: a line of {len(own)} points from {first} in {then} to {last} in {now}, beside England’s level."
    level = 100.0 if ratio else 0.0
    marks = ((f"{candidate.subject} {last} in {now}", own[-1]), (f"England {write.number(level, 0)}", level))
    return Scene("lines", title, alt, tuple(own), (first, last), marks)


def _parts(candidate: Candidate, told: Told, tiles: Tiles) -> Scene:
    relation, rules = tiles.teller.relations[candidate.detail], candidate.rules["R9"]
    of = {name: tiles.findings.readings[name] for name in candidate.indicators}
    if isinstance(relation, Product):
        numbers = [float(rules["whole"] or 0), *(float(rules[part.name] or 0) for part in relation.parts)]
        names = [_short(of[relation.whole]), *(part.name for part in relation.parts)]
        labels = [f"{name} {write.number(number, 0)}" for name, number in zip(names, numbers, strict=True)]
    else:
        pairs = list(zip(candidate.values[:4:2], candidate.values[1:4:2], strict=True))
        numbers = [100 * own.number / england.number for own, england in pairs]
        labels = [
            f"{_short(of[own.indicator])} {wording.amount(own, of[own.indicator].indicator)} (England "
            f"{wording.amount(england, of[own.indicator].indicator)})"
            for own, england in pairs
        ]
    title = f"{candidate.subject}, England as 100"
    alt = f"{told.headline}. Bars, with England as 100: {write.joined(labels)}."
    return Scene("bars", title, alt, tuple(round(number, 1) for number in numbers), tuple(labels), (("England 100", 100.0),))


def _areas(candidate: Candidate, reading: Reading) -> Scene | None:
    if reading.inside is None:
        return None
    numbers = tuple(value.number for value in reading.inside.values if value.value is not None)
    highest, lowest = candidate.values[:2]
    ends = tuple(f"{value.area_name} {wording.amount(value, reading.indicator)}" for value in (lowest, highest))
    title = f"{_short(reading)} by neighbourhood, {wording.said_when(highest, reading.indicator)}"
    return Scene("dots", title, f"{title}: {len(numbers)} dots from {ends[0]} to {ends[1]}.", numbers, ends)


def _shares(candidate: Candidate, reading: Reading) -> Scene:
    whole, those = (float(candidate.rules["R2"][name] or 0) for name in ("share of these", "share of all"))
    reads = reading.indicator.reads
    counted = (reads.numerator.noun, reads.denominator.noun) if isinstance(reads, Share) else ("most deprived areas", "areas")
    labels = tuple(f"{write.number(n, 1)}% of the district’s {noun}" for n, noun in zip((whole, those), counted, strict=True))
    title = f"What {candidate.subject} has of its district"
    return Scene("bars", title, f"{title}: {write.joined(labels)}.", (whole, those), labels)


def _short(reading: Reading) -> str:
    short = reading.indicator.says.short if reading.indicator.says else reading.indicator.title
    return f"{short[:1].upper()}{short[1:]}"
