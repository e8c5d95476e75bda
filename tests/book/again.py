"""The book's figures by another route: from the written files alone, read and added up anew.

Nothing here imports the package. Tables are read by pandas, YAML by pyyaml.
"""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import small_areas
import yaml
from scipy import stats

Z = float(stats.norm.ppf(0.975))
LADDER = ("town", "district", "county", "itl3", "itl2", "itl1", "region", "country")
ADDABLE = ("sum", "share", "composition", "location_quotient")
COLUMNS = ("measure", "category", "area", "period", "partner", "value", "lower", "upper", "markers")
SHAPES = (*ADDABLE, "published", "flow", "small_area_index", "small_area_values")
RULES = {
    "id",
    "title",
    "phrase",
    "plural",
    "question",
    "definition",
    "unit",
    "unit_words",
    "decimals",
    "polarity",
    "measure",
    "uncertainty",
    "price_basis",
    "source",
    "reads",
    "levels",
    "comparators",
    "period_style",
    "from_period",
    "breaks",
    "caveats",
    "concept",
    "comparator_overlap",
    "weight",
    "similar_within",
    "sample_repeats",
    "smoothed",
    "no_change_because",
    "unusual",
    "inside",
    "headline",
    "town_headline",
    "priority",
    "says",
    "counts",
    "figure_rounded_to",
    "pooled",
    "lockdown",
    "base_from",
    "artefact",
    "barred_by",
}
"""What an indicator may declare as far as the second route knows it."""
EMPTY: dict[str, Any] = {}


class Point(NamedTuple):
    """One figure of one area and period, with the counts behind it where it is a share."""

    area: str
    level: str
    period: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    markers: frozenset[str] = frozenset()
    label: str = ""
    above: float | None = None
    below: float | None = None
    cells: int = 1
    readings: tuple[Any, ...] = ()
    """Of several readings taken together these, oldest first."""

    @property
    def limited(self) -> bool:
        return self.lower is not None and self.upper is not None

    @property
    def error(self) -> float:
        return (self.upper - self.lower) / (2 * Z) if self.limited else 0.0


class Subject(NamedTuple):
    code: str
    name: str
    level: str
    badge: str
    members: tuple[str, ...]


class Beside(NamedTuple):
    role: str
    code: str
    name: str
    series: list[Point]
    share: float | None
    ever: float | None


# ------------------------------------------------------------------ numbers and periods


def half_up(value: float, decimals: int) -> Decimal:
    return Decimal(repr(float(value))).quantize(Decimal(10) ** -decimals, rounding=ROUND_HALF_UP)


@cache
def days(period: str) -> tuple[pd.Timestamp, int, pd.Timestamp]:
    """First day, months, last day of a period."""
    start, _, length = period.partition("/P")
    first = pd.Timestamp(start)
    months = int(length[:-1]) * (12 if length.endswith("Y") else 1) if length else 0
    return first, months, first + pd.DateOffset(months=months) - pd.Timedelta(days=1) if months else first


def years(earlier: str, later: str) -> float:
    return (days(later)[0] - days(earlier)[0]).days / 365.25


def categories(given: Any) -> list[str]:
    """``65..90`` written out; none given stands for the row without category."""
    found: list[str] = []
    for text in map(str, given or [""]):
        ends = re.fullmatch(r"(\d+)\.\.(\d+)", text)
        found += [str(n) for n in range(int(ends[1]), int(ends[2]) + 1)] if ends else [text]
    return found


# ------------------------------------------------------------------ the tables


class Book:
    """Tables, indicators and areas as they are written."""

    def __init__(self, root: Path):
        def load(folder: str) -> dict[str, Any]:
            paths = sorted((root / folder).glob("*.yml"))
            return {p.stem: yaml.safe_load(p.read_text(encoding="utf-8")) for p in paths}

        self.root = root
        self.sources, themes = load("data/sources"), load("data/indicators")
        self.counties, self.places = load("data/counties"), load("params")
        self.indicators = [i for theme in themes.values() for i in theme["indicators"]]
        text = pd.read_csv(root / "data/geography/areas.csv", dtype=str, keep_default_na=False)
        self.area: dict[str, dict[str, str]] = text.set_index("code").to_dict("index")
        self.districts = [code for county in self.counties.values() for code in county["districts"]]
        for row in small_areas.listed(root, self.districts).to_dict("records"):
            around = {level: self.area[row["district"]][level] for level in ("county", "region", "country")}
            self.area[row["code"]] = row | around | {"same_as": ""}
        self._cells: dict[str, Any] = {}
        for indicator in self.indicators:
            if indicator["reads"]["kind"] not in SHAPES:
                raise AssertionError(f"no second route for what {indicator['id']} reads: add it here")
            if unknown := indicator.keys() - RULES:
                raise AssertionError(f"{indicator['id']} declares {sorted(unknown)}: add what it does to claims here")

    @cache  # noqa: B019 (one book a session)
    def frame(self, source: str) -> pd.DataFrame:
        paths = [self.root / table["path"] for table in self.sources[source]["tables"]]
        return pd.concat(
            pd.read_csv(path, dtype=str, keep_default_na=False)
            if path.suffix == ".csv"
            else small_areas.rows(self.root, path.relative_to(self.root).as_posix(), self.districts)
            for path in paths
        )

    def cells(self, source: str, measure: str, category: str, area: str) -> dict[str, Any]:
        """Period to (value, lower, upper, markers) of rows without a partner."""
        if source not in self._cells:
            found: dict[Any, dict[str, Any]] = defaultdict(dict)
            frame = self.frame(source)
            for *key, partner, value, lower, upper, markers in frame[list(COLUMNS)].to_numpy(dtype=object).tolist():
                if not partner:
                    numbers = (float(n) if n else None for n in (value, lower, upper))
                    found[tuple(key[:3])][key[3]] = (*numbers, markers.split())
            self._cells[source] = found
        return self._cells[source].get((measure, category, area), EMPTY)

    def same(self, code: str) -> list[str]:
        """The code and those of areas with the same boundary."""
        back = [other for other, area in self.area.items() if code in area["same_as"].split()]
        return [code, *self.area[code]["same_as"].split(), *back]

    @cache  # noqa: B019
    def parts(self, code: str, level: str, today: bool = True) -> list[str]:
        """The areas of a level that lie in an area; of small areas today's only."""
        column = self.area[code]["level"]
        return sorted(
            c
            for c, area in self.area.items()
            if area["level"] == level
            and area.get(column) == code
            and (not today or level == "district" or area["vintage"].startswith("2021"))
        )

    def total(self, source: str, measure: str, chosen: list[str], members: Any, period: str) -> Any:
        """Sum and markers of withheld cells; None where a cell is not there."""
        found = [self.cells(source, measure, c, a).get(period) for a in members for c in chosen]
        if None in found:
            return None
        held = {m for cell in found if cell[0] is None for m in cell[3]}
        return (None if any(c[0] is None for c in found) else sum(c[0] for c in found)), held

    def series(self, indicator: dict[str, Any], code: str, level: str, members: Any) -> list[Point]:
        """Every figure of an area, oldest first; of a composition all slices."""
        reads, source = indicator["reads"], indicator["source"]
        kind, members = reads["kind"], tuple(members)
        found: list[Point] = []
        if kind == "published":
            if len(members) == 1:
                rows = self.cells(source, reads["measure"], reads.get("category") or "", members[0])
                times = reads.get("times", 1)
                found = [
                    Point(code, level, p, *(None if n is None else n * times for n in row[:3]), frozenset(row[3]))
                    for p, row in rows.items()
                ]
                found = self._together(found, reads["years"]) if "years" in reads else found
        elif kind in ADDABLE and members and not (reads.get("rates") and len(members) > 1):
            found = self._added(reads, source, code, level, members)
        breaks = {b["period"] for b in indicator.get("breaks", ())}
        kept = [p for p in found if p.period >= indicator.get("from_period", "")]
        marked = [p._replace(markers=p.markers | {"b"}) if p.period in breaks else p for p in kept]
        return sorted(marked, key=lambda point: point.period)

    def _together(self, points: list[Point], many: int) -> list[Point]:
        """Yearly figures added up over so many years that follow one another."""
        known = {days(point.period)[0]: point for point in points if point.value is not None}
        found = []
        for first, point in known.items():
            run = [known.get(first + pd.DateOffset(years=n)) for n in range(many)]
            if None not in run:
                whole = sum(each.value for each in run)
                found.append(Point(point.area, point.level, f"{first:%Y-%m-%d}/P{many}Y", whole))
        return found

    def _added(self, reads: Any, source: str, code: str, level: str, members: Any) -> list[Point]:
        kind, per, base, beneath, rates = reads["kind"], reads.get("per", 100), None, source, reads.get("rates", False)
        if kind in ("sum", "share"):
            part = reads["of"] if kind == "sum" else reads["numerator"]
            measure, pieces = part["measure"], [("", categories(part.get("categories")))]
            whole = None if kind == "sum" else reads["denominator"]
            under = whole and (whole["measure"], categories(whole.get("categories")))
            beneath = (whole or EMPTY).get("source", source)
        else:
            measure = reads["measure"]
            pieces = [(s["label"], categories(s["categories"])) for s in reads["slices"]]
            listed = kind == "location_quotient" and reads.get("whole")
            under = (measure, categories(reads["whole"]) if listed else [c for _, p in pieces for c in p])
            if kind == "composition" and reads.get("whole"):
                under = (reads["whole"]["measure"], categories(reads["whole"].get("categories")))
            if kind == "location_quotient":
                base = reads["base"] if isinstance(reads["base"], list) else [reads["base"]]
        found = []
        for label, chosen in pieces:
            for period in self.cells(source, measure, chosen[0], members[0]):
                sums = [self.total(source, measure, chosen, members, period)]
                sums += (
                    [self.total(beneath, *under, members, self.below(reads, beneath, under, members, period))] if under else []
                )
                if base:
                    sums += [self.total(source, measure, chosen, base, period), self.total(source, *under, base, period)]
                if None in sums:
                    continue
                numbers, known = [s[0] for s in sums], all(s[0] is not None for s in sums)
                known = known and all(numbers[1:])
                value = None
                if known:
                    value = numbers[0] if not under else per * numbers[0] / numbers[1]
                    value = value / (per * numbers[2] / numbers[3]) if base else value
                markers = frozenset(m for s in sums for m in s[1])
                below = numbers[1] if under else None
                counted = (None, None) if rates else (numbers[0], below)
                found.append(
                    Point(code, level, period, value, None, None, markers, label, *counted, len(members) * len(chosen))
                )
        return found

    def below(self, reads: Any, source: str, under: Any, members: Any, period: str) -> str:
        """The period of what a share is of: the same, one that is named, or the newest that ends before it begins."""
        wanted = reads.get("denominator", EMPTY).get("period", period)
        if wanted != "before":
            return str(wanted)
        known = self.cells(source, under[0], under[1][0], members[0])
        earlier = [p for p in known if days(p)[2] <= days(period)[0]]
        return max(earlier, key=lambda p: days(p)[2]) if earlier else ""


# ------------------------------------------------------------------ a place and who stands beside it


class Place:
    """One place's own areas, and for an indicator its subject and comparators."""

    def __init__(self, book: Book, slug: str):
        self.book, self.slug, self.given = book, slug, book.places[slug]
        self.town = self.given["kind"] == "town"
        self.district = self.given["parent" if self.town else "code"]
        self.lsoas = sorted(self.given["lsoas"]) if self.town else book.parts(self.district, "lsoa")
        around = {book.area[code]["msoa"] for code in self.lsoas}
        whole = all(m and set(book.parts(m, "lsoa")) <= set(self.lsoas) for m in around)
        self.msoas = sorted(around) if whole else []
        self.own = (slug if self.town else self.district, self.given["name"], "town" if self.town else "district")

    def at(self, level: str) -> str:
        return self.district if level == "district" else self.book.area[self.district].get(level, "")

    @cached_property
    def itl2(self) -> list[str]:
        listed = [c for c in self.book.counties.values() if self.district in c["districts"]]
        return listed[0].get("itl2", []) if listed else []

    def subject(self, indicator: dict[str, Any]) -> tuple[Subject, list[Point], list[Point]] | None:
        """The narrowest area with a number, its series, and what is held back of narrower ones."""
        levels, candidates = indicator["levels"], []
        if not self.town and "district" in levels:
            candidates.append(Subject(*self.own, "direct", (self.district,)))
        for level, members in (("lsoa", self.lsoas), ("msoa", self.msoas)):
            if level in levels and members and indicator["reads"]["kind"] in ADDABLE:
                candidates.append(Subject(*self.own, "best_fit", tuple(members)))
        for level in ("district", "county", "itl2", "region", "country")[0 if self.town else 1 :]:
            around = self.itl2 if level == "itl2" else self.book.same(self.at(level)) if self.at(level) else []
            for code in around:
                area = self.book.area[code]
                candidates.append(Subject(code, area["name"], area["level"], "wider", (code,)))
        held: list[Point] = []
        for found in candidates:
            series = self.book.series(indicator, found.code, found.level, found.members)
            if any(point.value is not None for point in series):
                return found, series, held
            held = held or series
        return None

    def beside(self, indicator: dict[str, Any], subject: Subject, period: str) -> list[Beside]:
        """District, county, region and country, as published or added up without a gap."""
        book, found = self.book, []
        asked = self.given.get("comparators", ["parent", "county", "region", "country"])
        for role in [r for r in ("parent", "county", "region", "country") if r in asked]:
            code = (self.district if self.town else "") if role == "parent" else self.at(role)
            if not code or role not in indicator.get("comparators", ()) or subject.code in book.same(code):
                continue
            level = book.area[code]["level"]
            if LADDER.index(level) <= LADDER.index(subject.level):
                continue
            groups = [(c, book.area[c]["level"], (c,)) for c in book.same(code)]
            if role == "parent" and (rest := self.rest(indicator, subject, code)):
                groups = [(f"{code}-rest", "rest", rest)]
            elif indicator["reads"]["kind"] in ADDABLE:
                small = [s for s in ("lsoa", "msoa") if level in ("district", "county")]
                made_of = small + (["district"] if level in ("county", "region", "country") else [])
                groups += [(code, level, book.parts(code, s)) for s in made_of if s in indicator["levels"]]
            for same, its_level, members in groups:
                if series := book.series(indicator, same, its_level, members):
                    shares = self.share(indicator, subject, code, period)
                    name = f"the rest of {book.area[code]['name']}" if its_level == "rest" else book.area[same]["name"]
                    found.append(Beside(role, same, name, series, *shares))
                    break
        return sorted(found, key=lambda b: asked.index(b.role))

    def rest(self, indicator: dict[str, Any], subject: Subject, code: str) -> list[str]:
        """A town's shares and make-ups stand beside those of the LSOAs of its district that it does not have."""
        of_small = "lsoa" in indicator["levels"] and indicator["reads"]["kind"] in ("share", "composition")
        others = [c for c in self.book.parts(code, "lsoa") if c not in self.lsoas]
        return others if of_small and subject.level == "town" else []

    def share(self, indicator: Any, subject: Subject, code: str, period: str) -> tuple[float | None, float | None]:
        """The subject's share of an area by the indicator's own denominator: in the period, and ever."""
        if not indicator.get("weight") or subject.level == "town":
            return None, None
        above, below = self.weights(indicator, subject.code), self.weights(indicator, code)
        known = {d: above[d] / below[d] for d in sorted(above.keys() & below.keys())}
        first, _, last = days(period)
        inside = [share for d, share in known.items() if first <= days(d)[0] <= last]
        return (inside[-1] if inside else None), (list(known.values())[-1] if known else None)

    def weights(self, indicator: Any, area: str) -> dict[str, float]:
        """How many stand behind a measure in an area, by date, where a table of them is named."""
        weight, book = indicator.get("weight"), self.book
        if not weight or area not in book.area:
            return {}
        chosen = categories(weight.get("categories"))
        own = [s for s in book.same(area) if book.cells(weight["source"], weight["measure"], chosen[0], s)][:1]
        members = own or book.parts(area, "district")
        dates = book.cells(weight["source"], weight["measure"], chosen[0], members[0]) if members else {}
        sums = {d: book.total(weight["source"], weight["measure"], chosen, members, d) for d in dates}
        return {d: s[0] for d, s in sums.items() if s and s[0]}

    def base(self, indicator: Any, area: str) -> float | None:
        """The same of the newest date, for what is counted."""
        known = self.weights(indicator, area) if indicator.get("counts") in ("events", "stock") else {}
        return known[max(known)] if known else None

    def districts(self, indicator: dict[str, Any], subject: Subject, period: str) -> dict[str, Point]:
        """Every English district with a figure at the period; none where there are under 200."""
        if subject.level not in ("district", "town") or indicator["reads"]["kind"] not in ("published", "share"):
            return {}
        codes = [code for code, area in self.book.area.items() if area["level"] == "district"]
        every = [p for code in codes for p in self.book.series(indicator, code, "district", (code,))]
        found = {p.area: p for p in every if p.period == period and p.value is not None}
        return found if len(found) >= 200 else {}

    def inside(self, indicator: dict[str, Any]) -> list[Point]:
        """The newest figure of each of the place's small areas, largest first; none where one is missing."""
        level = "lsoa" if self.town and indicator["inside"] == "lsoa" else "msoa"
        found = []
        for code in self.lsoas if level == "lsoa" else self.msoas:
            summed = level == "msoa" and "msoa" not in indicator["levels"]
            members = self.book.parts(code, "lsoa") if summed else (code,)
            known = [p for p in self.book.series(indicator, code, level, members) if p.value is not None]
            if not known:
                return []
            found.append(known[-1])
        return sorted(found, key=lambda p: (-p.value, p.area)) if len(found) > 1 else []
