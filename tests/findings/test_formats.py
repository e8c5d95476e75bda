"""How numbers and periods are written."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.evidence import periods
from placebook.findings import formats as write


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "said"),
    [
        (76.1, "percent", 1, "76.1%"),
        (42.3, "pounds", 2, "£42.30"),
        (1234567.0, "pounds", 0, "£1,234,567"),
        (-12.5, "pounds", 2, "−£12.50"),
        (8123.4, "pounds-million", 0, "£8,123 million"),
        (9.84, "ratio", 1, "9.8"),
        (34329.0, "count", 0, "34,329"),
        (631.0, "per-100000", 0, "631 per 100,000"),
        (0.0, "percent", 1, "0.0%"),
        (0.04, "percent", 1, "[low]"),
        (-0.04, "percent", 1, "[low]"),
        (2.675, "score", 2, "2.68"),  # binary floats would give 2.67
        (-1234.0, "count", 0, "−1,234"),
    ],
)
def test_quantity(value, unit, decimals, said):
    assert write.quantity(value, unit, decimals) == said


def test_a_missing_value_reads_as_its_marker():
    assert write.quantity(None, "percent", 1, ("u",)) == "[u]"
    assert write.quantity(None, "percent", 1) == "[x]"
    assert write.quantity(5.0, "percent", 0, ("p",)) == "5% [p]"


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_written_numbers_lie_within_half_a_unit(value, decimals):
    text = write.number(value, decimals).replace(",", "").replace("−", "-")
    assert abs(Decimal(text) - Decimal(repr(value))) <= Decimal(5).scaleb(-decimals - 1)
    assert text.lstrip("-") != "" and (not text.startswith("-") or Decimal(text) < 0)


@pytest.mark.parametrize(
    ("period", "style", "said", "lead"),
    [
        ("2023-01-01/P1Y", "auto", "2023", "In 2023"),
        ("2023-04-01/P1Y", "auto", "2023/24", "In 2023/24"),
        ("1999-09-01/P1Y", "auto", "1999/00", "In 1999/00"),
        ("2024-02-01/P1Y", "auto", "year to January 2025", "In the year to January 2025"),
        ("2024-05-15/P1Y", "auto", "year to May 2025", "In the year to May 2025"),
        ("2022-01-01/P3Y", "auto", "2022 to 2024", "In 2022 to 2024"),
        ("2024-03-01/P1M", "auto", "March 2024", "In March 2024"),
        ("2021-03-21", "auto", "21 March 2021", "On 21 March 2021"),
        ("2025-04-30", "month", "April 2025", "In April 2025"),
        ("2025-04-01", "year", "2025", "In 2025"),
        ("2025-01-01/P1Y", "edition", "2025 edition", "In the 2025 edition"),
    ],
)
def test_periods(period, style, said, lead):
    assert write.period(period, style) == said
    assert write.period_lead(period, style) == lead


@pytest.mark.parametrize("wrong", ["", "2023", "2023-13-01", "2023-01-01/P1W", "soon"])
def test_what_is_no_period_is_refused(wrong):
    with pytest.raises(ValueError):
        periods.span(wrong)


@pytest.mark.parametrize(
    ("period", "on", "said"),
    [
        ("2023-01-01/P1Y", date(2026, 11, 23), "2 years"),  # ended 31 December 2023: 34 months
        ("2026-01-01", date(2026, 11, 23), "10 months"),
        ("2026-10-30", date(2026, 11, 23), "under a month"),
        ("2026-10-01", date(2026, 11, 23), "1 month"),
        ("2027-01-01", date(2026, 11, 23), "under a month"),
    ],
)
def test_age_counts_whole_months_from_the_end(period, on, said):
    assert write.age(period, on) == said


def test_lists_and_plurals():
    assert write.joined([]) == ""
    assert write.joined(["a"]) == "a"
    assert write.joined(["a", "b", "c"]) == "a, b and c"
    assert write.plural(1, "LSOA") == "1 LSOA"
    assert write.plural(1234, "small area") == "1,234 small areas"
