"""Readings drawn small for the tests of claims: one place, one comparator, as many periods as are given."""

from datetime import date

from placebook.catalogue.models import Indicator, Source
from placebook.evidence.district_band import Districts
from placebook.evidence.reading import Comparator, Inside, Reading
from placebook.evidence.values import Group, Inputs, Value

INDICATOR = {
    "id": "work",
    "title": "Employment rate",
    "phrase": "the employment rate",
    "question": "Who works?",
    "definition": "People in work.",
    "unit": "percent",
    "unit_words": "% of people",
    "decimals": 1,
    "polarity": "higher_is_better",
    "measure": "share",
    "uncertainty": "limits",
    "counts": "stock",
    "source": "jobs",
    "reads": {"kind": "published", "measure": "rate"},
    "levels": ["district"],
    "comparators": ["country"],
}
SOURCE = {
    "title": "Made up",
    "publisher": "Nobody",
    "landing_page": "https://example.org",
    "query": "none",
    "licence": "OGL-UK-3.0",
    "attribution": "Made up",
    "geography": {"levels": ["district"], "vintage": "now"},
    "period": "2010-01-01/2024-12-31",
    "retrieved": date(2025, 1, 1),
    "refresh": {"adapter": "els", "files": ["x.csv"]},
}
SHARE = {
    "kind": "share",
    "numerator": {"measure": "n", "categories": ["a"]},
    "denominator": {"measure": "n"},
}


def indicator(**changes):
    return Indicator.model_validate({**INDICATOR, **changes})


def source(**changes):
    return Source.model_validate({**SOURCE, **changes})


def value(
    number,
    lower=None,
    upper=None,
    period="2023-01-01/P1Y",
    role="place",
    area="E07000001",
    name="Ayton",
    level="district",
    badge="direct",
    markers=(),
    of=None,
    **more,
):
    """A value; ``of`` makes it a share of that denominator."""
    parts = {} if of is None else {"numerator": number * of / 100, "denominator": of, "derivation": "share"}
    fields = {
        "indicator": "work",
        "measure": "rate",
        "category": "",
        "area": area,
        "area_name": name,
        "level": level,
        "role": role,
        "badge": badge,
        "period": period,
        "value": number,
        "lower": lower,
        "upper": upper,
        "unit": "percent",
        "markers": markers,
        "derivation": "published",
        "inputs": (Inputs("t.csv", (area,), period, "rate"),),
        "source": "jobs",
    }
    return Value(**{**fields, **parts, **more})


def year(number, when, lower=None, upper=None, **more):
    return value(number, lower, upper, period=f"{when}-01-01/P1Y", **more)


def england(*series, role="country", name="England", code="E92000001", contains=True, share=None, ever=None):
    return Comparator(role, code, name, 0, tuple(series), contains, share, ever)


def other(number, lower=None, upper=None, period="2023-01-01/P1Y", **more):
    return value(number, lower, upper, period, "country", "E92000001", "England", "country", **more)


def reading(
    *series,
    beside=(),
    of=None,
    made_by=None,
    badge="direct",
    level="district",
    name="Ayton",
    code="E07000001",
    districts=None,
    inside=None,
    **more,
):
    group = Group("place", code, name, level, badge, (code,))
    return Reading(
        of or indicator(),
        made_by or source(),
        group,
        "Ayton",
        tuple(series),
        tuple(beside),
        districts,
        inside=inside,
        **more,
    )


def all_districts(values, error=None, own=None, period="2023-01-01/P1Y"):
    """Districts E07000001 … with these values; ``own`` is the first one's, all with the same limits."""
    numbers = ([own] if own is not None else []) + list(values)
    codes = tuple(f"E07{n:06d}" for n in range(1, len(numbers) + 1))
    nothing = float("nan")
    lower = tuple(v - error if error else nothing for v in numbers)
    upper = tuple(v + error if error else nothing for v in numbers)
    return Districts(period, codes, tuple(float(v) for v in numbers), lower, upper, ())


def small_areas(numbers, level="lsoa", of=1000):
    """Small areas A, B, … with these shares, largest first."""
    values = [
        value(number, area=f"E01{at:06d}", name=f"Part {chr(65 + at)}", level=level, role="small_area", of=of)
        for at, number in enumerate(numbers)
    ]
    return Inside(level, tuple(sorted(values, key=lambda v: -v.value)), tuple(numbers))
