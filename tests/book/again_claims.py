"""The book's claims by another route: tests, trends, ranks and verdicts from formulas of their own.

Nothing here imports the package. Each claim comes from the rules as the book's methods state them, so a claim
that the book leaves out, or makes without a right to, is noticed too.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from again import ADDABLE, Beside, Place, Point, Subject, categories, days, half_up, years
from again_formulas import (
    LEVELS,
    allowing,
    apart,
    byar,
    confidence_set,
    false_discovery,
    of_mean,
    robust,
    spans_half,
    trend,
    wilson,
)

LANES = ("strength", "challenge")
CURRENT = "the figures are in current prices, so that a rise would partly be inflation"
LOCKDOWNS = "the earlier figures are of the lockdowns of 2020 and 2021"
TOO_FEW = "the survey has too few readings that can be taken together at both ends"
PER = {"percent": 100, "per-1000": 1e3, "per-10000": 1e4, "per-100000": 1e5}
LOCKED = pd.Timestamp("2020-03-23"), pd.Timestamp("2021-07-19")


@dataclass
class Claim:
    """A claim worked out anew."""

    kind: str
    indicator: dict[str, Any]
    subject: Subject
    verdict: str
    values: list[Point]
    beside: Beside | None = None
    detail: str = ""
    reason: str = ""
    numbers: dict[str, float] = field(default_factory=dict)
    """difference, lower, upper, statistic, p."""
    rank: dict[str, Any] | None = None
    ratios: tuple[float, float] | None = None
    correction: tuple[float, float] | None = None
    england: list[Point] = field(default_factory=list)
    """Beside a change: England's figures, or the region's, the newest first."""
    alike: float | None = None
    more: dict[str, Any] = field(default_factory=dict)
    """What only its sentence needs."""

    @property
    def id(self) -> str:
        against = self.beside.code.lower() if self.beside else ""
        return "--".join(p for p in ("claim", self.indicator["id"], self.kind, against, self.detail) if p)


# ------------------------------------------------------------------ verdicts


def moved(book: Any, indicator: dict[str, Any], level: str, cells: int) -> float:
    """What the publisher's perturbation or rounding may have moved of a count added up from so many."""
    source = book.sources[indicator["source"]]
    if noise_of := source.get("perturbation"):
        return noise_of["small_area" if level == "lsoa" else "total"]
    return source["rounded_to"] / 2 * cells if source.get("rounded_to") else 0.0


def tolerance(book: Any, indicator: dict[str, Any], point: Point) -> float:
    """What rounding or perturbation may have moved, in the unit of the figure: the worst of both counts of a share."""
    count = moved(book, indicator, point.level, sum(p.cells for p in point.readings) or point.cells)
    if indicator["reads"]["kind"] == "share":
        if not count or not point.below:
            return 0.0
        if point.below <= count:
            return np.inf
        per = indicator["reads"].get("per", 100)
        return per * (point.below * abs(point.value) / per + count) / (point.below - count) - abs(point.value)
    return count if indicator["measure"] == "count" else indicator.get("figure_rounded_to", 0) / 2


def unusual(indicator: dict[str, Any], *points: Point) -> str:
    """Why one of the figures is not like the others; "" for all other figures."""
    named = [(u, p) for each in points for p in (each, *each.readings) for u in indicator.get("unusual", ())]
    return next((u["reason"] for u, p in named if p.area in u["areas"] and p.period in u["periods"]), "")


def locked(period: str) -> bool:
    """Whether a third of a period or more lay in the lockdowns."""
    first, _, last = days(period)
    inside = (min(last, LOCKED[1]) - max(first, LOCKED[0])).days + 1
    return inside >= ((last - first).days + 1) / 3


def counted(place: Place, indicator: dict[str, Any], one: Point, other: Point, words: tuple[str, str]) -> str:
    if half_up(one.value, indicator["decimals"]) == half_up(other.value, indicator["decimals"]):
        return "equal"
    gap = one.value - other.value
    reach = tolerance(place.book, indicator, one) + tolerance(place.book, indicator, other)
    if abs(gap) <= reach * (1 + 1e-12) or few(place, indicator, one, gap):
        return "no_clear_difference"
    return words[0] if gap > 0 else words[1]


def few(place: Place, indicator: dict[str, Any], one: Point, gap: float) -> bool:
    """Fewer than five of what is counted, where it is known how many there are."""
    if indicator["measure"] == "count":
        return indicator["unit"] == "count" and abs(gap) < 5
    if one.below:
        return abs(gap) * one.below / indicator["reads"].get("per", 100) < 5
    base, per = place.base(indicator, one.area), PER.get(indicator["unit"])
    return bool(base and per) and abs(gap) * base / per < 5


def tested(
    place: Place,
    indicator: dict[str, Any],
    found: dict[str, float],
    one: Point,
    words: tuple[str, str],
    unclear: str,
    decimals: int | None = None,
) -> str:
    margin = indicator.get("similar_within")
    if margin and max(abs(found["lower"]), abs(found["upper"])) < margin:
        return "similar"
    near = found["lower"] if found["difference"] > 0 else found["upper"]
    touching = not half_up(near, indicator["decimals"] if decimals is None else decimals)
    if found["lower"] <= 0 <= found["upper"] or touching or few(place, indicator, one, found["difference"]):
        return unclear
    return words[0] if found["difference"] > 0 else words[1]


# ------------------------------------------------------------------ the claims of one indicator


class Maker:
    """Every claim that one indicator allows for one place."""

    def __init__(self, place: Place, indicator: dict[str, Any]):
        self.place, self.book, self.indicator = place, place.book, indicator
        self.kind = indicator["reads"]["kind"]
        self.subject: Subject | None = None
        self.series: list[Point] = []
        self.beside: list[Beside] = []
        self.districts: dict[str, Point] = {}
        if self.kind in (*ADDABLE, "published"):
            found = place.subject(indicator)
            if found:
                self.subject, self.series, self.held = found
                self.known = [p for p in self.series if p.value is not None]
                self.period = self.known[-1].period
                self.now = [p for p in self.series if p.period == self.period]
                self.beside = place.beside(indicator, self.subject, self.period)
                self.districts = place.districts(indicator, self.subject, self.period)
                self.figure, self.places = self.now[0], self.districts
                if self.late and len(self.now) == 1:
                    self.figure = self.mean(self.late)
                    self.places = self.together()

    # ------------------------------------------------------------ readings taken together

    @property
    def late(self) -> list[Point]:
        """The newest readings that are taken together; none where one stands for itself."""
        pooled = self.indicator.get("pooled")
        if (not pooled and self.indicator.get("counts") != "events") or self.kind not in ("published", "share"):
            return []
        found = self.limited(self.run()) if pooled else self.run()
        found = found[-(pooled["readings"] if pooled else 3) :]
        return [] if pooled and len(found) < 2 else found

    @staticmethod
    def limited(points: list[Point]) -> list[Point]:
        return list(itertools.takewhile(lambda p: p.limited, points[::-1]))[::-1]

    def mean(self, points: list[Point]) -> Point:
        """Several readings as one, with limits where the rules give any."""
        indicator, first, last = self.indicator, days(points[0].period)[0], max(days(p.period)[2] for p in points)
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        length = f"{months // 12}Y" if not months % 12 else f"{months}M"
        ends: tuple[Any, Any] = (None, None)
        above = below = None
        if all(p.below for p in points):
            above, below = sum(p.above for p in points), sum(p.below for p in points)
            per = indicator["reads"].get("per", 100)
            number = per * above / below
            if indicator.get("counts") == "events" and 0 <= above <= below:
                ends = tuple(per * end for end in wilson(above, below))
        else:
            number = float(np.mean([p.value for p in points]))
            if pooled := indicator.get("pooled"):
                if all(p.limited for p in points):
                    ends = (
                        number - of_mean([p.value - p.lower for p in points], pooled["correlation"]),
                        number + of_mean([p.upper - p.value for p in points], pooled["correlation"]),
                    )
            elif indicator.get("counts") == "events":
                base, per = self.place.base(indicator, points[0].area), PER.get(indicator["unit"])
                if base and per:
                    years_of = base * len(points)
                    count = number * years_of / per
                    share = indicator["unit"] == "percent"
                    ends = wilson(min(count, years_of), years_of) if share else byar(count)
                    ends = tuple(per * end / (1 if share else years_of) for end in ends)
        markers = frozenset(m for p in points for m in p.markers if m != "b")
        return points[-1]._replace(
            period=f"{first:%Y-%m}-01/P{length}",
            value=number,
            lower=ends[0],
            upper=ends[1],
            markers=markers,
            above=above,
            below=below,
            readings=tuple(points),
        )

    def together(self) -> dict[str, Point]:
        """The districts' readings taken together over the same periods; those that lack one are left out."""
        every = [self.place.districts(self.indicator, self.subject, p.period) for p in self.late]
        if not all(every):
            return {}
        codes = set.intersection(*(set(each) for each in every))
        return {code: self.mean([each[code] for each in every]) for code in sorted(codes)}

    @property
    def barred(self) -> list[str]:
        """Periods in which registers of firms were no picture of the district's."""
        name = self.indicator.get("barred_by")
        if not name or self.subject.level != "district":
            return []
        found = set()
        for other in self.book.indicators:
            rule = other.get("artefact")
            if rule and rule["name"] == name:
                for p in self.book.series(other, self.subject.code, "district", (self.subject.code,)):
                    if p.value is not None and (
                        p.value >= rule.get("at_least", np.inf) or p.value < rule.get("below", -np.inf)
                    ):
                        found.add(p.period)
        return sorted(found)

    def claim(self, kind: str, verdict: str, values: list[Point], **more: Any) -> Claim:
        assert self.subject is not None
        return Claim(kind, self.indicator, self.subject, verdict, values, **more)

    def all(self) -> list[Claim]:
        if self.kind == "small_area_index":
            return self.index()
        if self.kind == "small_area_values":
            return self.estimates()
        if self.kind == "flow":
            return self.flow()
        if self.subject is None:
            return []
        if self.kind in ("composition", "location_quotient"):
            return [self.claim("composition", "stated", self.now)]
        held = [self.claim("none", "not_possible", self.held[-1:], detail="held-back")] if self.held else []
        return [*self.levels(), *held, *self.change(), *self.rank(), *self.extremes(), *self.concentration()]

    # ------------------------------------------------------------ level

    def levels(self) -> list[Claim]:
        value, found = self.figure, []
        small_print = list(value.readings[:-3:-1]) if len(value.readings) > 1 else []
        for beside in self.beside if self.indicator["measure"] != "count" else []:
            if value.readings:
                wanted = {p.period for p in value.readings}
                same = [p for p in beside.series if p.period in wanted and p.value is not None]
                whole = len(same) == len(wanted) and (not self.indicator.get("pooled") or all(p.limited for p in same))
                others = [self.mean(same)] if whole else []
            else:
                others = [p for p in beside.series if p.period == self.period and p.value is not None]
            found += [self.level(value, beside, p) for p in others[:1]]
        later = [p for p in self.series if p.period > self.period]
        found = found or [self.claim("level", "stated", [value])]
        for each in found:
            each.values += small_print
            each.more["withheld"] = [p.period for p in later][-1:]
        return found

    def level(self, value: Point, beside: Beside, other: Point) -> Claim:
        indicator, words = self.indicator, ("higher", "lower")
        gap = {"difference": value.value - other.value}
        if reason := unusual(indicator, value, other):
            verdict = "not_possible"
        elif "u" in value.markers | other.markers:
            verdict = "too_uncertain"
        elif indicator["uncertainty"] == "full_count" and indicator["counts"] != "events":
            verdict = counted(self.place, indicator, value, other, words)
        elif value.limited and (other.limited or (beside.ever is not None and beside.ever < 0.05)):
            linear = indicator.get("comparator_overlap") == "linear" and other.limited
            gap = self.apart(value, other, beside.share if linear else None)
            verdict = tested(self.place, indicator, gap, value, words, "no_clear_difference")
        else:
            alike = half_up(value.value, indicator["decimals"]) == half_up(other.value, indicator["decimals"])
            verdict = "equal" if alike else "gap_only"
        return self.claim("level", verdict, [value, other], beside=beside, numbers=gap, reason=reason)

    def apart(self, one: Point, other: Point, share: float | None = None) -> dict[str, float]:
        """The tested difference, limits without a width given one, rounding allowed for."""
        half = 0.5 * 10 ** -self.indicator["decimals"]
        wide = [
            p._replace(lower=p.lower - half, upper=p.upper + half) if p.limited and p.lower == p.upper else p
            for p in (one, other)
        ]
        reach = tolerance(self.book, self.indicator, one) + tolerance(self.book, self.indicator, other)
        return allowing(apart(*wide, share), reach)

    # ------------------------------------------------------------ change and trend

    def change(self) -> list[Claim]:
        found = self.changed()
        for claim in found:
            if claim.kind != "none" and not claim.ratios:
                now, before = claim.values[:2]
                by_role = {b.role: b for b in self.beside}
                for beside in (by_role[r] for r in ("country", "region") if r in by_role):
                    ends = {p.period: p for p in beside.series if p.value is not None}
                    if now.period in ends and before.period in ends and self.indicator["measure"] != "count":
                        claim.england = [ends[now.period], ends[before.period]]
                        break
                claim.values += claim.england
                claim.alike = self.alike(now, before)
        return found

    def alike(self, now: Point, before: Point) -> float | None:
        """The share of districts that moved the same way."""
        late, early = (self.place.districts(self.indicator, self.subject, p.period) for p in (now, before))
        both = late.keys() & early.keys()
        if not both or now.value == before.value:
            return None
        way = np.sign(now.value - before.value)
        return sum(np.sign(late[c].value - early[c].value) == way for c in both) / len(both)

    def changed(self) -> list[Claim]:
        if len(self.known) < 2:
            return []
        indicator, newest = self.indicator, self.known[-1]
        if reason := indicator.get("no_change_because"):
            return [self.none(reason)]
        points = self.run()
        if len(points) < 2:
            if "b" not in newest.markers:
                return []
            why = [b["reason"] for b in indicator.get("breaks", ()) if b["period"] == newest.period]
            return [self.none(": ".join(["figures before PERIOD cannot be compared", *why[:1]]), newest.period)]
        if indicator.get("price_basis") == "current":
            return [self.ratio_of_means() if indicator.get("pooled") else self.ratio(points)]
        now, before = points[-1], self.base(points)
        limited = indicator["uncertainty"] in ("limits", "modelled") and all(p.limited for p in points[-2:])
        exact = indicator["uncertainty"] == "full_count"
        last = points[-5:]
        usable = (limited and all(p.limited and p.error > 0 for p in last)) or (exact and all(p.below for p in last))
        parts = all(p.below or p.limited for p in last) and self.even(last)
        if reason := unusual(indicator, *(last if parts else [p for p in (before, now) if p])):
            return [self.none(reason)]
        if usable and self.even(last):
            way, chi, p, turned = trend(last, exact)
            way = way if exact is False or self.holds(last, way) else 0
            verdict = {1: "rising", -1: "falling", 0: "no_clear_trend"}[way]
            numbers = {"difference": now.value - last[0].value, "statistic": chi, "p": p}
            reason = "leaving one year out turns it" if turned else ""
            return [self.claim("trend", verdict, [now, last[0], *last[1:-1]], numbers=numbers, reason=reason)]
        if limited and indicator.get("pooled"):
            return [self.between_means()]
        if before is None:
            return [self.none(LOCKDOWNS)]
        gap = {"difference": now.value - before.value}
        if exact and indicator["counts"] == "events":
            ends = [self.mean([p]) for p in (now, before)]
            verdict = "gap_only"
            if all(p.limited for p in ends):
                gap = self.apart(*ends)
                verdict = tested(self.place, indicator, gap, now, ("rose", "fell"), "no_clear_change")
        elif exact:
            verdict = counted(self.place, indicator, now, before, ("rose", "fell"))
        elif limited and years(before.period, now.period) < indicator.get("sample_repeats", 0) - 0.05:
            return [self.none("the survey asked part of the same people in both periods")]
        elif limited:
            gap = self.apart(now, before)
            verdict = tested(self.place, indicator, gap, now, ("rose", "fell"), "no_clear_change")
        else:
            verdict = "gap_only"
        return [self.claim("change", verdict, [now, before], numbers=gap)]

    def none(self, reason: str, period: str = "") -> Claim:
        return self.claim("none", "not_possible", self.now, detail="change", reason=reason, more={"period": period})

    def run(self) -> list[Point]:
        """The newest figures that can be compared: back to a break, another length or an unreliable one."""
        kept: list[Point] = []
        for point in self.known[::-1]:
            _, months, last = days(point.period)
            if months != days(self.known[-1].period)[1] or "u" in point.markers:
                break
            if not kept or last < days(kept[0].period)[0]:
                kept.insert(0, point)
            if "b" in point.markers:
                break
        return kept

    def holds(self, last: list[Point], way: int) -> bool:
        """Whether a trend is one too where rounding lifted the counts at one end and lowered those at the other."""
        most = [moved(self.book, self.indicator, p.level, p.cells) for p in last]
        if not way or not any(most):
            return True
        push = [way * m * side for m, side in zip(most, (1, 1, 0, -1, -1), strict=True)]
        bent = [
            p._replace(below=p.below - d, above=min(max(p.above + d, 0.0), p.below - d))
            for p, d in zip(last, push, strict=True)
        ]
        return all(p.below > 0 for p in bent) and trend(bent, True)[0] == way

    def may_begin(self, point: Point) -> bool:
        barred = self.indicator.get("lockdown") and locked(point.period)
        return not barred and point.period >= self.indicator.get("base_from", "")

    def base(self, points: list[Point]) -> Point | None:
        allowed = [p for p in points[:-1] if self.may_begin(p)]
        early = [p for p in allowed if years(p.period, points[-1].period) > 4.95]
        return (early[-1:] or allowed[:1] or [None])[0]

    def ends(self) -> tuple[list[Point], list[Point]] | None:
        """The newest readings of a survey and as many before, five years back or nearest to it."""
        late, most = self.late, self.indicator["pooled"]["readings"]
        allowed = [p for p in self.limited(self.run()) if late and p.period < late[0].period and self.may_begin(p)]
        early = [p for p in allowed if years(p.period, late[-1].period) > 4.95]
        early = early[-most:] if len(early) > 1 else allowed[:most]
        return (late, early) if len(early) > 1 else None

    def between_means(self) -> Claim:
        found = self.ends()
        if not found:
            return self.none(TOO_FEW)
        if years(found[1][-1].period, found[0][0].period) < self.indicator.get("sample_repeats", 0) - 0.05:
            return self.none("the survey asked part of the same people in both periods")
        now, before = (self.mean(points) for points in found)
        gap = self.apart(now, before)
        verdict = tested(self.place, self.indicator, gap, now, ("rose", "fell"), "no_clear_change")
        return self.claim("change", verdict, [now, before], numbers=gap)

    def ratio_of_means(self) -> Claim:
        """Money of a survey beside England's, both means of several readings, then and now."""
        found = self.ends()
        if not found:
            return self.none(TOO_FEW)
        by_role = {b.role: b for b in self.beside}
        for beside in (by_role[r] for r in ("country", "region") if r in by_role):
            known = {p.period: p for p in beside.series if p.limited}
            if all(p.period in known for points in found for p in points):
                pairs = [(self.mean(points), self.mean([known[p.period] for p in points])) for points in found]
                now, before = (self.over(*pair) for pair in pairs)
                gap = apart(now, before)
                verdict = tested(self.place, self.indicator, gap, now, ("rose", "fell"), "no_clear_change", 1)
                return self.claim(
                    "change", verdict, [now, before], beside=beside, numbers=gap, ratios=(before.value, now.value)
                )
        return self.none(CURRENT)

    @staticmethod
    def over(own: Point, other: Point) -> Point:
        """A ratio of two means with limits: relative half-widths added in squares."""
        ratio = 100 * own.value / other.value
        down = np.hypot((own.value - own.lower) / own.value, (other.upper - other.value) / other.value)
        up = np.hypot((own.upper - own.value) / own.value, (other.value - other.lower) / other.value)
        return own._replace(value=ratio, lower=ratio * (1 - down), upper=ratio * (1 + up))

    def even(self, last: list[Point]) -> bool:
        """Five points at equal steps of whole years, not smoothed by the publisher."""
        months = days(last[-1].period)[1]
        steps = [round(12 * years(a.period, b.period)) for a, b in itertools.pairwise(last)]
        return (
            len(last) == 5
            and not self.indicator.get("smoothed")
            and self.may_begin(last[0])
            and set(steps) == {max(12, months)}
        )

    def ratio(self, points: list[Point]) -> Claim:
        by_role = {b.role: b for b in self.beside}
        comparable = {p.period for p in points}
        for beside in (by_role[r] for r in ("country", "region") if r in by_role):
            other = {p.period: p for p in beside.series if p.value}
            both = [p for p in self.known if p.period in other]
            if len(both) < 2 or self.indicator["measure"] == "count":
                continue
            both = [p for p in both if p.period in comparable]
            if len(both) > 1 and both[-1].period == points[-1].period:
                now, before = both[-1], self.base(both)
                if before is None:
                    return self.none(LOCKDOWNS)
                then, today = (100 * p.value / other[p.period].value for p in (before, now))
                values = [p._replace(value=v, lower=None, upper=None) for p, v in ((now, today), (before, then))]
                gap = {"difference": today - then}
                return self.claim("change", "gap_only", values, beside=beside, numbers=gap, ratios=(then, today))
            break
        return self.none(CURRENT)

    # ------------------------------------------------------------ place in England

    def rank(self) -> list[Claim]:
        indicator, code, own = self.indicator, self.subject.code, self.figure
        if self.subject.level != "district" or code not in self.places or indicator["measure"] in ("count", "index"):
            return []
        if unusual(indicator, own):
            return []
        highest = indicator["polarity"] != "lower_is_better"
        if own.limited:
            pool = {c: p for c, p in self.places.items() if p.limited and p.upper > p.lower}
            if len(pool) < 200 or code not in pool:
                return []
        elif indicator["uncertainty"] == "limits":
            return []
        else:
            pool = self.places
        codes, sign = sorted(pool), 1 if highest else -1
        values = np.array([pool[c].value for c in codes]) * sign
        reach = np.array([self.reach(pool[c]) for c in codes])
        at, of = codes.index(code), len(codes)
        # Every district that is better, or worse, wherever inside the rounding both figures lie.
        best = 1 + int((values - reach > values[at] + reach[at]).sum())
        worst = of - int((values + reach < values[at] - reach[at]).sum())
        ties, nth = int((values == values[at]).sum()), 1 + int((values > values[at]).sum())
        rounded = bool(reach.any())
        if (rounded or not own.limited) and 2 * (worst - best + 1) > of:
            return []
        if not own.limited:
            if worst - best + 1 == ties:
                best = worst = nth
            exact = indicator["uncertainty"] == "full_count" and indicator["counts"] != "events"
            verdict = "rank_range" if best != worst else "ranked" if exact else "ranked_unsure"
            return [self.claim("rank", verdict, [own], rank=from_near(nth, best, worst, of, ties, highest))]
        errors = np.array([pool[c].error for c in codes])
        sets = [confidence_set(values, errors, at, level) for level in LEVELS]
        if rounded:
            sets = [(min(best, first), max(worst, last)) for first, last in sets]
        found = from_near(nth, *sets[1], of, ties, highest, one=True)
        if found["from_highest"] != highest:
            sets = [(of + 1 - last, of + 1 - first) for first, last in sets]
        verdict = "not_rankable" if spans_half(*sets[1], of) else "rank_set"
        return [self.claim("rank", verdict, [own], rank=found, more={"narrow": sets[0], "wide": sets[2]})]

    def reach(self, point: Point) -> float:
        """How far rounding may have moved a district's figure."""
        reads = self.indicator["reads"]
        cells = len(categories(reads["numerator"].get("categories"))) if reads["kind"] == "share" else 1
        return tolerance(self.book, self.indicator, point._replace(cells=cells, level="district"))

    # ------------------------------------------------------------ inside the place

    def extremes(self) -> list[Claim]:
        if not self.indicator.get("inside") or self.subject.badge == "wider":
            return []
        found = self.place.inside(self.indicator)
        return [self.extreme(found, "inside")] if found else []

    def extreme(self, found: list[Point], detail: str) -> Claim:
        first, last = found[0], found[-1]
        numbers = {"difference": first.value - last.value}
        if first.limited and last.limited:
            half = 0.5 * 10 ** -self.indicator["decimals"]
            first_, last_ = (
                p._replace(lower=p.lower - half, upper=p.upper + half) if p.lower == p.upper else p for p in (first, last)
            )
            numbers = apart(first_, last_)
            pairs = len(found) * (len(found) - 1) / 2
            verdict = "higher" if numbers["p"] * pairs <= 0.05 else "no_clear_difference"
        else:
            verdict = counted(self.place, self.indicator, first, last, ("higher", "lower"))
        return self.claim("extreme", verdict, [first, last], detail=detail, numbers=numbers, more={"of": len(found)})

    def small(self, measure: str, members: list[str], category: str = "") -> list[Point]:
        """Small areas' figures of the newest edition held for any of them."""
        rows = {c: self.book.cells(self.indicator["source"], measure, category, c) for c in members}
        newest = max((period for row in rows.values() for period in row), default="")
        return [
            Point(c, self.book.area[c]["level"], newest, *row[newest][:3], frozenset(row[newest][3]), measure)
            for c, row in rows.items()
            if newest in row
        ]

    def own(self, members: list[str]) -> None:
        self.subject = Subject(*self.place.own, "best_fit" if self.place.town else "direct", tuple(members))

    def estimates(self) -> list[Claim]:
        reads, msoa = self.indicator["reads"], "msoa" in self.indicator["levels"]
        self.own(self.place.msoas if msoa else self.place.lsoas)
        found = self.small(reads["measure"], list(self.subject.members), reads.get("category") or "")
        found = sorted((p for p in found if p.value is not None), key=lambda p: (-p.value, p.area))
        return [self.extreme(found, "estimates")] if len(found) > 1 else []

    def index(self) -> list[Claim]:
        reads, place, members = self.indicator["reads"], self.place, self.place.lsoas
        held = {p.area for p in self.small(reads["decile"], list(self.book.area))}
        earlier = set(self.book.parts(place.district, "lsoa", today=False)) - set(place.lsoas)
        if not place.town and not set(members) <= held and earlier and earlier <= held:
            members = [c for c in self.book.parts(place.district, "lsoa", today=False) if c in held]
        self.own(members)
        measures = [m for m in (reads["decile"], reads["rank"], reads.get("score")) if m]
        found = [self.small(measure, members) for measure in measures]
        if any(len(each) != len(members) for each in found):
            return []
        tenths = [int(p.value) for p in found[0]]
        more = {"most": sum(t < 4 for t in tenths), "least": sum(t > 7 for t in tenths), "of": len(tenths)}
        stated = self.claim("composition", "stated", [p for each in found for p in each], more=more)
        return [stated, *self.most_deprived()]

    # ------------------------------------------------------------ what a town has of its district

    def concentration(self) -> list[Claim]:
        """The town's share of all that is counted and of those above, where they differ by more than 15% and clearly."""
        reads, place = self.indicator["reads"], self.place
        named = self.kind == "share" and all("noun" in reads[part] for part in ("numerator", "denominator"))
        rests = [p for b in self.beside if b.role == "parent" for p in b.series if p.period == self.period]
        if not (place.town and self.subject.level == "town" and named and len(self.now) == 1 and rests):
            return []
        every = [self.now[0], *rests]
        those = 100 * every[0].above / sum(p.above for p in every)
        whole = 100 * every[0].below / sum(p.below for p in every)
        clear = all(counted(place, self.indicator, self.now[0], p, ("higher", "lower")) in ("higher", "lower") for p in rests)
        if not clear or 1 / 1.15 < those / whole < 1.15:
            return []
        verdict = "higher" if those > whole else "lower"
        numbers, more = {"difference": those - whole}, {"within": self.book.area[place.district]["name"]}
        return [self.claim("concentration", verdict, every, numbers=numbers, ratios=(whole, those), more=more)]

    def most_deprived(self) -> list[Claim]:
        """Of the most deprived tenth of the district's small areas, how many the town has."""
        reads, place = self.indicator["reads"], self.place
        if not place.town or not reads.get("mapped", True):
            return []
        around = self.book.parts(place.district, "lsoa")
        ranks = sorted(self.small(reads["rank"], around), key=lambda p: p.value)
        if len(ranks) != len(around) or len(around) == len(place.lsoas):
            return []
        worst = ranks[: max(1, round(len(ranks) / 10))]
        here = sum(p.area in place.lsoas for p in worst)
        more = {"of": len(worst), "own": len(place.lsoas), "around": len(around)}
        more["within"] = self.book.area[place.district]["name"]
        return [self.claim("concentration", "stated", worst, numbers={"difference": float(here)}, more=more)]

    def flow(self) -> list[Claim]:
        reads, place, source = self.indicator["reads"], self.place, self.indicator["source"]
        if "msoa" in self.indicator["levels"]:
            if not place.town or not place.msoas:
                return []
            self.own(place.msoas)
        else:
            area = self.book.area[place.district]
            badge = "wider" if place.town else "direct"
            self.subject = Subject(place.district, area["name"], area["level"], badge, (place.district,))
        members = set(self.subject.members)
        frame = self.book.frame(source)
        rows = frame[(frame.measure == reads["measure"]) & (frame.category == str(reads.get("category") or ""))]
        rows = rows[rows.partner != ""].assign(number=lambda r: r["value"].replace("", "nan").astype(float))
        out, into = rows[rows.area.isin(members)], rows[rows.partner.isin(members)]

        def published(measure: str, code: str) -> float:
            cells = self.book.cells(source, measure, "", code)
            return cells[max(cells)][0] if cells else float("nan")

        for margin, flows, end in ((reads["margin"], out, "area"), (reads.get("margin_in"), into, "partner")):
            for code in members if margin else ():
                whole = published(margin["of"], code) - sum(published(m, code) for m in margin.get("less", []))
                added = flows[flows[end] == code].number.sum()
                if not abs(added - whole) <= max(5, 0.005 * max(added, whole)):
                    return []
        if out.empty or into.empty:
            return []
        out = out[out.partner.str[0].isin(list("EWSN")) & ~out.partner.isin(members)]
        into = into[into.area.str[0].isin(list("EWSN")) & ~into.area.isin(members)]
        leave, arrive = (float(each.number.sum(skipna=False)) for each in (out, into))
        partners = out.groupby("partner").number.sum(min_count=1)
        top = partners[partners == partners.max()].index.min()
        known = {"out": leave}
        if "abroad" in reads:
            known["abroad"] = sum(published(reads["abroad"], code) for code in members)
        known |= {"in": arrive, "net": arrive - leave} if reads.get("margin_in") else {}
        period = out.period.iloc[0]
        values = [
            Point(self.subject.code, self.subject.level, period, None if v != v else v, label=k) for k, v in known.items()
        ]
        return [self.claim("composition", "stated", values, more={"partner": top, "largest": partners[top]})]


def from_near(nth: int, best: int, worst: int, of: int, ties: int, highest: bool, one: bool = False) -> dict[str, Any]:
    """A place counted from the nearer end; of a set the end that its middle is nearer to."""
    if best + worst + ties - 1 > of + 1:
        nth, highest = of - nth - ties + 2, not highest
        best, worst = (nth, nth) if best == worst else (of + 1 - worst, of + 1 - best)
    tied = ties > 1 and not one
    return {"rank": nth, "best": best, "worst": worst, "of": of, "tied": tied, "from_highest": highest}


# ------------------------------------------------------------------ strengths and challenges


def lanes(makers: list[Maker]) -> list[Claim]:
    """At most five of each: tested against England at 5% false discoveries, then the outer tenths."""
    seen: set[str] = set()
    candidates: list[tuple[Maker, float, Claim | None]] = []
    for maker in makers:
        indicator = maker.indicator
        concept = indicator.get("concept") or indicator["id"]
        fit = maker.subject is not None and maker.districts and maker.subject.badge != "wider"
        if not fit or concept in seen or indicator["polarity"] == "neither":
            continue
        if indicator["measure"] in ("count", "index") or len(maker.now) != 1 or "u" in maker.now[0].markers:
            continue
        if unusual(indicator, maker.now[0], maker.figure):
            continue
        spans = [days(p) for p in maker.barred]
        if any(s[0] <= days(maker.figure.period)[2] and days(maker.figure.period)[0] <= s[2] for s in spans):
            continue
        own, places = stands(maker)
        far = robust(own.value, [p.value for p in places.values()])
        if far is None:
            continue
        seen.add(concept)
        england = [c for c in maker.levels() if c.beside and c.beside.role == "country" and "p" in c.numbers]
        candidates.append((maker, far, england[0] if england else None))
    tests = [(m, far, c) for m, far, c in candidates if c]
    found: list[tuple[Any, Claim]] = []
    for (maker, far, claim), (bh, by) in zip(tests, false_discovery([c.numbers["p"] for _, _, c in tests]), strict=True):
        if bh <= 0.05 and claim.verdict in ("higher", "lower"):
            good = (claim.numbers["difference"] > 0) == (maker.indicator["polarity"] == "higher_is_better")
            new = maker.claim(
                LANES[not good], "tested", claim.values, beside=claim.beside, numbers=claim.numbers, correction=(bh, by)
            )
            found.append(((0, -abs(far), new.id), new))
    for maker, far, claim in candidates:
        if claim or maker.indicator["uncertainty"] == "limits":
            continue
        own, places = stands(maker)
        if maker.subject.code not in places:
            continue
        mine = maker.reach(places[maker.subject.code])
        others = [(p.value, maker.reach(p)) for c, p in places.items() if c != maker.subject.code]
        top = (1 + sum(v + r >= own.value - mine for v, r in others)) * 10 <= len(places)
        low = (1 + sum(v - r <= own.value + mine for v, r in others)) * 10 <= len(places)
        if top or low:
            good = top == (maker.indicator["polarity"] == "higher_is_better")
            new = maker.claim(LANES[not good], "not_tested", [maker.figure], more={"end": "highest" if top else "lowest"})
            found.append(((1, -abs(far), new.id), new))
    found.sort(key=lambda pair: pair[0])
    return [c for kind in LANES for c in [c for _, c in found if c.kind == kind][:5]]


def stands(maker: Maker) -> tuple[Point, dict[str, Point]]:
    """The place's figure and the districts', readings taken together where the rules ask for it."""
    if maker.figure.readings and maker.subject.code in maker.places:
        return maker.figure, maker.places
    return maker.now[0], maker.districts


def claims_of(place: Place) -> list[Claim]:
    """Every claim of a place, in the order of the indicators' files; strengths and challenges last."""
    makers = [Maker(place, indicator) for indicator in place.book.indicators]
    return [claim for maker in makers for claim in maker.all()] + lanes(makers)
