"""Figures of a shape of their own: what is drawn, its words and its tables, ready for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.values import Value
from placebook.figures import maps, spreads
from placebook.figures.bars import large_bars, small_bars
from placebook.figures.svg import Drawn
from placebook.figures.tables import Cell, Table
from placebook.findings import captions, wording
from placebook.findings import formats as write
from placebook.geography.outlines import outlines, small_outlines
from placebook.paths import Project
from placebook.report import chart_data, flows, page_head
from placebook.report.ledger import Ledger
from placebook.report.page_findings import Findings

EXTREMES = 5
"""Highest and lowest neighbourhoods named for a district."""
MOST_ROWS, ENDS = 60, 20
"""Of more neighbourhoods than these, so many at each end are drawn: all would run off a page."""
MAPPED = 5
"""Partners each way on the map of flows, whose names have room on it."""


@dataclass(frozen=True)
class Picture:
    """One figure of the page."""

    kind: str
    drawn: tuple[Drawn, ...]
    measure: str
    """What it shows, for the caption."""
    finding: str
    """What was found, for the title; "" where no claim passes."""
    readings: tuple[Reading, ...]
    shown: str
    """The period."""
    tables: tuple[Table, ...]
    note: str = ""
    small: bool = False
    """Whether the pictures are small ones that stand side by side."""
    way: str = ""
    """Where the title leads; "" for nowhere."""
    lead: bool = False
    """Whether it is the picture of a finding, whose numbers stand in the section's closed tables."""


@dataclass(frozen=True)
class Numbers:
    """What a reading shows in its parts or in its small areas, for a closed table."""

    reading: Reading
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Studio:
    """What every picture needs: where outlines lie, whose page it is, where numbers and claims are kept."""

    project: Project
    evidence: Evidence
    ledger: Ledger
    findings: Findings

    def pictures(self, readings: Sequence[Reading], maps_of_all: bool) -> list[Picture]:
        """Pictures that tell more than a table, in the order of the file; ``maps_of_all``: small maps of every measure last."""
        pictures: list[Picture] = []
        for reading in readings:
            if reading.wider:
                continue
            kind = reading.indicator.reads.kind
            if kind == "composition" and getattr(reading.indicator.reads, "drawn", False):
                pictures.append(self.composition(reading))
            elif kind == "location_quotient":
                pictures.append(self.quotients(reading))
            elif kind == "small_area_index":
                pictures += self.index(reading)
            elif kind == "small_area_values":
                pictures.append(self.estimates(reading))
            elif kind == "flow":
                pictures.append(self.flow(reading))
        return pictures + (self.inside(readings) if maps_of_all else [])

    def numbers(self, readings: Sequence[Reading], drawn: Sequence[Picture]) -> list[Numbers]:
        """Tables of what has parts or small areas and was not drawn."""
        shown = {reading.indicator.id for picture in drawn for reading in picture.readings}
        found = []
        for reading in readings:
            kind, made = reading.indicator.reads.kind, []
            if reading.indicator.id in shown:
                continue
            if kind in ("composition", "location_quotient"):
                made = [chart_data.composition_table(reading, self.ledger)]
            elif kind == "small_area_values":
                made = [self._estimates_table(reading, reading.details)]
            elif kind == "flow":
                made = [flows.table(reading, self.ledger)]
            elif reading.inside:
                made = [self._ends([reading])] if reading.inside.level == "msoa" else []
                made.append(self._each([reading], reading.inside.level))
            found += [Numbers(reading, tuple(made))] if made else []
        return found

    # ------------------------------------------------------------ parts of a whole

    def composition(self, reading: Reading) -> Picture:
        """Bars of each slice, comparators as marks."""
        bars = (
            chart_data.composition_bars(reading),
            reading.indicator.unit_words,
            reading.subject.name,
            self._legend(reading),
        )
        return Picture(
            reading.indicator.id,
            (Drawn(large_bars(*bars), captions.composition_alt(reading)),),
            f"{reading.indicator.title}: {reading.subject.name}",
            "",
            (reading,),
            wording.said_period(reading),
            (chart_data.composition_table(reading, self.ledger),),
        )

    def quotients(self, reading: Reading) -> Picture:
        """Bars of location quotients, with a line at 1."""
        base = getattr(reading.indicator.reads, "base_name", "")
        bars = sorted(chart_data.composition_bars(reading), key=lambda bar: (-bar.value, bar.label))
        given = (
            bars,
            reading.indicator.unit_words,
            reading.subject.name,
            [pair for pair in self._legend(reading) if pair[0] != "country"],
            (1.0, f"1 = share in {base}"),
        )
        return Picture(
            reading.indicator.id,
            (Drawn(large_bars(*given), captions.quotient_alt(reading)),),
            f"{reading.indicator.title}: {reading.subject.name} beside {base}",
            "",
            (reading,),
            wording.said_period(reading),
            (chart_data.composition_table(reading, self.ledger),),
        )

    def _legend(self, reading: Reading) -> list[tuple[str, str]]:
        return [pair for pair in chart_data.role_names([reading]) if pair[0] not in ("peer", "itl3")]

    # ------------------------------------------------------------ small areas

    def index(self, reading: Reading) -> list[Picture]:
        """A map by decile, and the domains that the index is made of."""
        decile = getattr(reading.indicator.reads, "decile", "")
        values = {v.area: v.value for v in reading.details if v.measure == decile and v.value}
        shapes = small_outlines(self.project, "lsoa21", self.evidence.areas, values)
        if not getattr(reading.indicator.reads, "mapped", True) or not set(values) <= set(shapes.index):
            # Small areas of another vintage may have no outlines here: counted in a sentence, not drawn.
            for count in reading.counts:
                self.ledger.add_count(count, reading.indicator.source)
            return []
        names, lines = page_head.named(self.evidence, page_head.neighbourhoods(self.project, self.evidence, shapes))
        shown = write.period(reading.details[0].period, reading.indicator.period_style)
        title = "Decile of deprivation in England"
        finding = wording.deprived(reading, "small area of", "small areas of")
        drawn = maps.small_area_map(shapes.loc[list(values)], values, maps.DECILES, title, names)
        return [
            Picture(
                reading.indicator.id,
                (Drawn(drawn, captions.index_alt(reading)),),
                f"{reading.indicator.title}: the small areas of {reading.subject.name}",
                f"{finding[0].upper()}{finding[1:]}",
                (reading,),
                shown,
                (chart_data.index_table(reading, self.ledger), *self._domains(reading)),
                f"Black lines and names are {lines}. ",
            )
        ]

    def _domains(self, reading: Reading) -> list[Table]:
        """The small areas by decile of each domain that the index is made of."""
        rows = [("All domains", reading.counts), *reading.domains]
        cells = tuple(
            (Cell(label), *(Cell(str(count.count), self.ledger.add_count(count, reading.indicator.source)) for count in counts))
            for label, counts in rows
        )
        columns = ("Domain", *(f"Decile {decile}" for decile in range(1, 11)))
        what = f"Domains of deprivation: the small areas of {reading.subject.name} by decile"
        return [Table(what, columns, cells)] if reading.domains else []

    def estimates(self, reading: Reading) -> Picture:
        """Dots with limits for each neighbourhood; of a city or a county for those at both ends."""
        details, whose = reading.details, f"the neighbourhoods of {reading.subject.name}"
        if len(details) > MOST_ROWS:
            whose = f"the {ENDS} highest and the {ENDS} lowest of the {len(details)} neighbourhoods of {reading.subject.name}"
            details = (*details[:ENDS], *details[-ENDS:])
        values = [value for value in details if value.value is not None]
        items = [
            spreads.Whisker(v.area_name, v.value or 0, v.lower, v.upper, wording.amount(v, reading.indicator)) for v in values
        ]
        return Picture(
            reading.indicator.id,
            (Drawn(spreads.whiskers(items, reading.indicator.unit_words), captions.estimates_alt(reading, values)),),
            f"{reading.indicator.title}: {whose}",
            captions.extreme_title(reading, {reading.indicator.id: self.findings.of(reading)}),
            (reading,),
            write.period(values[0].period, reading.indicator.period_style),
            (self._estimates_table(reading, details),),
            "Whiskers are 95% intervals. ",
        )

    def _estimates_table(self, reading: Reading, details: Sequence[Value]) -> Table:
        rows = tuple(self._area_row(value, reading, with_limits=True) for value in details)
        title = f"{reading.indicator.title} by neighbourhood, {write.period(details[0].period, reading.indicator.period_style)}"
        return Table(title, ("Neighbourhood (MSOA)", "Code", "Value", "95% interval"), rows)

    def _area_row(self, value: Value, reading: Reading, with_limits: bool = False) -> tuple[Cell, ...]:
        entry = self.ledger.add(value)
        limits = wording.limits(value, reading.indicator).strip(" ()")
        cells = (Cell(value.area_name), Cell(value.area, "", False), Cell(wording.amount(value, reading.indicator), entry))
        return (*cells, Cell(limits, entry if limits else "")) if with_limits else cells

    def inside(self, readings: Sequence[Reading]) -> list[Picture]:
        """Small maps of every measure that is known for each small area, and where each is highest."""
        pictures: list[Picture] = []
        for level in ("lsoa", "msoa"):
            chosen = [r for r in readings if r.inside and r.inside.level == level]
            pictures += [self.inside_maps(chosen, level)] if chosen else []
        return pictures

    def inside_maps(self, readings: Sequence[Reading], level: str) -> Picture:
        """Small maps of measures that are known for the small areas of one level."""
        shapes = small_outlines(self.project, "lsoa21", self.evidence.areas, self.evidence.fit.lsoas)
        neighbourhoods = page_head.neighbourhoods(self.project, self.evidence, shapes)
        names, _ = page_head.named(self.evidence, neighbourhoods)
        shapes = shapes if level == "lsoa" else neighbourhoods
        shaded = [self._shaded(reading) for reading in readings]
        wanted = list(shaded[0].values)
        what = f"Inside {readings[0].subject.name}: {write.joined([r.indicator.title.lower() for r in readings])}"
        claims = {r.indicator.id: self.findings.of(r) for r in readings}
        tables = [self._each(readings, level)]
        if level == "msoa":
            tables.insert(0, self._ends(readings))
        kind = "LSOAs" if level == "lsoa" else "neighbourhoods (MSOAs), names by the House of Commons Library"
        drawn = tuple(
            Drawn(maps.small_map(shapes.loc[wanted], each, names), captions.inside_alt(reading))
            for each, reading in zip(shaded, readings, strict=True)
        )
        return Picture(
            f"{self.ledger.themes[readings[0].indicator.id]}-inside-{level}",
            drawn,
            what,
            captions.extreme_title(readings[0], claims),
            tuple(readings),
            wording.periods(readings, "map"),
            tuple(tables),
            f"Shaded by {kind}; each class holds about a fifth of all small areas of the county. ",
            small=True,
        )

    def _shaded(self, reading: Reading) -> maps.Shaded:
        assert reading.inside is not None
        values = {v.area: v.value for v in reading.inside.values if v.value is not None}
        unit = "%" if reading.indicator.unit == "percent" else ""
        classes = maps.quantile_classes(reading.inside.everywhere, unit)
        return maps.Shaded(reading.indicator.title, values, classes)

    def _each(self, readings: Sequence[Reading], level: str) -> Table:
        """A row for each small area, a column for each measure."""
        by_area: dict[str, dict[str, Any]] = {}
        for reading in readings:
            for value in reading.inside.values if reading.inside else ():
                by_area.setdefault(value.area, {"name": value.area_name})[reading.indicator.id] = value
        rows = []
        for code, row in sorted(by_area.items(), key=lambda pair: pair[1]["name"]):
            cells = [Cell(row["name"]), Cell(code, "", False)]
            for reading in readings:
                value = row[reading.indicator.id]
                cells.append(Cell(wording.amount(value, reading.indicator), self.ledger.add(value)))
            rows.append(tuple(cells))
        heads = [f"{reading.indicator.title}, {reading.indicator.unit_words}" for reading in readings]
        first = "Small area (LSOA)" if level == "lsoa" else "Neighbourhood (MSOA)"
        return Table(f"Every small area of {readings[0].subject.name}", (first, "Code", *heads), tuple(rows))

    def _ends(self, readings: Sequence[Reading]) -> Table:
        """The five highest and the five lowest neighbourhoods of each measure."""
        rows = []
        for reading in readings:
            values = reading.inside.values if reading.inside else ()
            many = min(EXTREMES, len(values) // 2)
            ends = [("highest", v) for v in values[:many]] + [("lowest", v) for v in values[-many:]]
            for end, value in ends:
                rows.append(
                    (
                        Cell(reading.indicator.title),
                        Cell(end, "", False),
                        Cell(value.area_name, "", False),
                        Cell(wording.amount(value, reading.indicator), self.ledger.add(value)),
                    )
                )
        title = f"Highest and lowest neighbourhoods of {readings[0].subject.name}"
        return Table(title, ("Measure", "End", "Neighbourhood (MSOA)", "Value"), tuple(rows))

    # ------------------------------------------------------------ flows

    def flow(self, reading: Reading) -> Picture:
        """Two bar charts of the largest partners, and of a district a map of them."""
        name, top = reading.subject.name, flows.PARTNERS
        sides = {"out": f"Where residents of {name} go", "in": f"Where workers in {name} come from"}
        partners = {way: flows.bars(reading, way) for way in sides}
        most = max((bar.value for side in partners.values() for bar in side), default=0)
        pair = tuple(
            Drawn(small_bars(partners[way], title, "people", most), captions.flow_alt(reading, way, top))
            for way, title in sides.items()
        )
        # Partners of a town are neighbourhoods, whose outlines are held inside the county only.
        of_district = reading.subject.level == "district"
        return Picture(
            reading.indicator.id,
            (*pair, self._flow_map(reading)) if of_district else pair,
            f"{reading.indicator.title}: {name}, the {top} largest flows each way",
            self._balance(reading),
            (reading,),
            wording.said_period(reading),
            (flows.table(reading, self.ledger),),
            "Lines join the middles of districts and do not follow roads or railways. " if of_district else "",
            small=True,
        )

    @staticmethod
    def _balance(reading: Reading) -> str:
        net = next((v.value for v in reading.series if v.category == "net"), None)
        if not net:
            return ""
        more, other = ("in than out", "work") if net > 0 else ("out than in", "work")
        return f"More people travel {more} for {other}: {reading.subject.name}"

    def _flow_map(self, reading: Reading) -> Drawn:
        top = MAPPED
        partners: dict[str, maps.Flow] = {}
        for kind in ("out", "in"):
            for value in [v for v in reading.details if v.category == kind][:top]:
                joined = partners.get(value.partner, maps.Flow(value.partner, value.partner_name, 0, 0))
                people = value.value or 0
                partners[value.partner] = (
                    maps.Flow(joined.code, joined.name, people, joined.into)
                    if kind == "out"
                    else maps.Flow(joined.code, joined.name, joined.out, people)
                )
        name = reading.subject.name
        drawn = maps.flow_map(outlines(self.project, "england"), reading.subject.code, name, list(partners.values()))
        return Drawn(drawn, captions.flow_map_alt(reading, top))
