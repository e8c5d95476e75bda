"""The book's claims by another route: tests, trends, ranks and verdicts from formulas of their own.

Nothing here imports the package. Each claim comes from the rules as the book's methods state them, so a claim
that the book leaves out, or makes without a right to, is noticed too.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from again import ADDABLE, Beside, Place, Point, Subject, days, half_up, years
from again_formulas import LEVELS, apart, confidence_set, false_discovery, robust, spans_half, trend

LANES = ("strength", "challenge")


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
    more: dict[str, Any] = field(default_factory=dict)
    """What only its sentence needs."""

    @property
    def id(self) -> str:
        against = self.beside.code.lower() if self.beside else ""
        return "--".join(p for p in ("claim", self.indicator["id"], self.kind, against, self.detail) if p)


# ------------------------------------------------------------------ verdicts


def tolerance(book: Any, indicator: dict[str, Any], point: Point) -> float:
    """What the publisher's perturbation or rounding may have moved, in the unit of the figure."""
    source = book.sources[indicator["source"]]
    moved = 0.0
    if noise_of := source.get("perturbation"):
        moved = noise_of["small_area" if point.level == "lsoa" else "total"]
    elif source.get("rounded_to"):
        moved = source["rounded_to"] / 2 * point.cells
    if indicator["reads"]["kind"] == "share":
        # Both counts of the share may have moved: (n + m) / D, and n / D² × m for what is below.
        per = indicator["reads"].get("per", 100)
        return per * moved / point.below + abs(point.value) * moved / point.below if point.below else 0.0
    return moved if indicator["measure"] == "count" else 0.0


def unusual(indicator: dict[str, Any], *points: Point) -> str:
    """Why one of the figures is not like the others; "" for all other figures."""
    named = [(u, p) for p in points for u in indicator.get("unusual", ())]
    return next((u["reason"] for u, p in named if p.area in u["areas"] and p.period in u["periods"]), "")


def counted(book: Any, indicator: dict[str, Any], one: Point, other: Point, words: tuple[str, str]) -> str:
    if half_up(one.value, indicator["decimals"]) == half_up(other.value, indicator["decimals"]):
        return "equal"
    gap = one.value - other.value
    if abs(gap) <= tolerance(book, indicator, one) + tolerance(book, indicator, other):
        return "no_clear_difference"
    return words[0] if gap > 0 else words[1]


def tested(indicator: dict[str, Any], found: dict[str, float], words: tuple[str, str], unclear: str) -> str:
    margin = indicator.get("similar_within")
    if margin and max(abs(found["lower"]), abs(found["upper"])) < margin:
        return "similar"
    if found["lower"] <= 0 <= found["upper"]:
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
        return [*self.levels(), *held, *self.change(), *self.rank(), *self.extremes()]

    # ------------------------------------------------------------ level

    def levels(self) -> list[Claim]:
        (value,) = self.now
        found = []
        for beside in self.beside if self.indicator["measure"] != "count" else []:
            same = [p for p in beside.series if p.period == self.period and p.value is not None]
            found += [self.level(value, beside, p) for p in same[:1]]
        later = [p for p in self.series if p.period > self.period]
        found = found or [self.claim("level", "stated", [value])]
        for each in found:
            each.more["withheld"] = [p.period for p in later][-1:]
        return found

    def level(self, value: Point, beside: Beside, other: Point) -> Claim:
        indicator, words = self.indicator, ("higher", "lower")
        gap = {"difference": value.value - other.value}
        if reason := unusual(indicator, value, other):
            verdict = "not_possible"
        elif "u" in value.markers | other.markers:
            verdict = "too_uncertain"
        elif indicator["uncertainty"] == "full_count":
            verdict = counted(self.book, indicator, value, other, words)
        elif value.limited and (other.limited or (beside.ever is not None and beside.ever < 0.05)):
            linear = indicator.get("comparator_overlap") == "linear" and other.limited
            gap = apart(value, other, beside.share if linear else None)
            verdict = tested(indicator, gap, words, "no_clear_difference")
        else:
            alike = half_up(value.value, indicator["decimals"]) == half_up(other.value, indicator["decimals"])
            verdict = "equal" if alike else "gap_only"
        return self.claim("level", verdict, [value, other], beside=beside, numbers=gap, reason=reason)

    # ------------------------------------------------------------ change and trend

    def change(self) -> list[Claim]:
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
            return [self.ratio(points)]
        now, before = points[-1], self.base(points)
        limited = indicator["uncertainty"] in ("limits", "modelled") and all(p.limited for p in points[-2:])
        exact = indicator["uncertainty"] == "full_count"
        last = points[-5:]
        usable = limited and all(p.limited and p.error > 0 for p in last) or exact and all(p.below for p in last)
        parts = all(p.below or p.limited for p in last) and self.even(last)
        if reason := unusual(indicator, *(last if parts else [before, now])):
            return [self.none(reason)]
        if usable and self.even(last):
            way, chi, p, turned = trend(last, exact)
            verdict = {1: "rising", -1: "falling", 0: "no_clear_trend"}[way]
            numbers = {"difference": now.value - last[0].value, "statistic": chi, "p": p}
            reason = "leaving one year out turns it" if turned else ""
            return [self.claim("trend", verdict, [now, last[0], *last[1:-1]], numbers=numbers, reason=reason)]
        gap = {"difference": now.value - before.value}
        if exact:
            verdict = counted(self.book, indicator, now, before, ("rose", "fell"))
        elif limited and years(before.period, now.period) < indicator.get("sample_repeats", 0) - 0.05:
            return [self.none("the survey asked part of the same people in both periods")]
        elif limited:
            gap = apart(now, before)
            verdict = tested(indicator, gap, ("rose", "fell"), "no_clear_change")
        else:
            verdict = "gap_only"
        return [self.claim("change", verdict, [now, before], numbers=gap)]

    def none(self, reason: str, period: str = "") -> Claim:
        return self.claim("none", "not_possible", self.now, detail="change", reason=reason, more={"period": period})

    def run(self) -> list[Point]:
        """The newest figures that can be compared: back to a break, another length or an unreliable one."""
        kept: list[Point] = []
        for point in self.known[::-1]:
            first, months, last = days(point.period)
            if months != days(self.known[-1].period)[1] or "u" in point.markers:
                break
            if not kept or last < days(kept[0].period)[0]:
                kept.insert(0, point)
            if "b" in point.markers:
                break
        return kept

    @staticmethod
    def base(points: list[Point]) -> Point:
        early = [p for p in points if years(p.period, points[-1].period) > 4.95]
        return early[-1] if early else points[0]

    def even(self, last: list[Point]) -> bool:
        """Five points at equal steps of whole years, not smoothed by the publisher."""
        months = days(last[-1].period)[1]
        steps = [round(12 * years(a.period, b.period)) for a, b in itertools.pairwise(last)]
        return len(last) == 5 and not self.indicator.get("smoothed") and set(steps) == {max(12, months)}

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
                then, today = (100 * p.value / other[p.period].value for p in (before, now))
                values = [p._replace(value=v, lower=None, upper=None) for p, v in ((now, today), (before, then))]
                gap = {"difference": today - then}
                return self.claim("change", "gap_only", values, beside=beside, numbers=gap, ratios=(then, today))
            break
        return self.none("the figures are in current prices, so that a rise would partly be inflation")

    # ------------------------------------------------------------ place in England

    def rank(self) -> list[Claim]:
        indicator, code, own = self.indicator, self.subject.code, self.now[0]
        if self.subject.level != "district" or code not in self.districts or indicator["measure"] in ("count", "index"):
            return []
        if unusual(indicator, own):
            return []
        highest = indicator["polarity"] != "lower_is_better"
        if own.limited:
            pool = {c: p for c, p in self.districts.items() if p.limited and p.upper > p.lower}
            if len(pool) < 200 or code not in pool:
                return []
        elif indicator["uncertainty"] == "limits":
            return []
        else:
            pool = self.districts
        ordered = sorted((p.value for p in pool.values()), reverse=highest)
        nth = ordered.index(own.value) + 1
        found = {"rank": nth, "best": nth, "worst": nth, "of": len(pool), "tied": False, "from_highest": highest}
        if not own.limited:
            found["tied"] = ordered.count(own.value) > 1
            verdict = "ranked" if indicator["uncertainty"] == "full_count" else "ranked_unsure"
            return [self.claim("rank", verdict, [own], rank=found)]
        codes = sorted(pool)
        values = np.array([pool[c].value for c in codes]) * (1 if highest else -1)
        errors = np.array([pool[c].error for c in codes])
        narrow, middle, wide = (confidence_set(values, errors, codes.index(code), level) for level in LEVELS)
        found["best"], found["worst"] = middle
        verdict = "not_rankable" if spans_half(*middle, len(pool)) else "rank_set"
        return [self.claim("rank", verdict, [own], rank=found, more={"narrow": narrow, "wide": wide})]

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
            numbers = apart(first, last)
            pairs = len(found) * (len(found) - 1) / 2
            verdict = "higher" if numbers["p"] * pairs <= 0.05 else "no_clear_difference"
        else:
            verdict = counted(self.book, self.indicator, first, last, ("higher", "lower"))
        return self.claim("extreme", verdict, [first, last], detail=detail, numbers=numbers, more={"of": len(found)})

    def small(self, measure: str, members: list[str], category: str = "") -> list[Point]:
        """Small areas' figures of the newest edition held for any of them."""
        rows = {c: self.book.cells(self.indicator["source"], measure, category, c) for c in members}
        newest = max((period for row in rows.values() for period in row), default="")
        return [Point(c, self.book.area[c]["level"], newest, *row[newest][:3], frozenset(row[newest][3]), measure)
                for c, row in rows.items() if newest in row]  # fmt: skip

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
        return [self.claim("composition", "stated", [p for each in found for p in each], more=more)]

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
        values = [Point(self.subject.code, self.subject.level, period, None if v != v else v, label=k)
                  for k, v in known.items()]  # fmt: skip
        return [self.claim("composition", "stated", values, more={"partner": top, "largest": partners[top]})]


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
        if unusual(indicator, maker.now[0]):
            continue
        far = robust(maker.now[0].value, [p.value for p in maker.districts.values()])
        if far is None:
            continue
        seen.add(concept)
        england = [c for c in maker.levels() if c.beside and c.beside.role == "country" and "p" in c.numbers]
        candidates.append((maker, far, england[0] if england else None))
    tests = [(m, far, c) for m, far, c in candidates if c]
    found: list[tuple[Any, Claim]] = []
    for (maker, far, claim), (bh, by) in zip(tests, false_discovery([c.numbers["p"] for _, _, c in tests]), strict=True):
        if bh <= 0.05:
            good = (claim.numbers["difference"] > 0) == (maker.indicator["polarity"] == "higher_is_better")
            new = maker.claim(LANES[not good], "tested", claim.values, beside=claim.beside, numbers=claim.numbers,
                              correction=(bh, by))  # fmt: skip
            found.append(((0, -abs(far), new.id), new))
    for maker, far, claim in candidates:
        if claim or maker.indicator["uncertainty"] == "limits":
            continue
        own, every = maker.now[0].value, [p.value for p in maker.districts.values()]
        top = sum(v >= own for v in every) * 10 <= len(every)
        low = sum(v <= own for v in every) * 10 <= len(every)
        if top or low:
            good = top == (maker.indicator["polarity"] == "higher_is_better")
            new = maker.claim(LANES[not good], "not_tested", maker.now, more={"end": "highest" if top else "lowest"})
            found.append(((1, -abs(far), new.id), new))
    found.sort(key=lambda pair: pair[0])
    return [c for kind in LANES for c in [c for _, c in found if c.kind == kind][:5]]


def claims_of(place: Place) -> list[Claim]:
    """Every claim of a place, in the order of the indicators' files; strengths and challenges last."""
    makers = [Maker(place, indicator) for indicator in place.book.indicators]
    return [claim for maker in makers for claim in maker.all()] + lanes(makers)
