"""Numbers and periods as publishers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.refresh.decimals import decimal_text, same_figure
from placebook.refresh.periods import iso_period


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        ("64.89999999999999", "64.9"),
        ("11.600000000000001", "11.6"),
        ("56.699999999999996", "56.7"),
        ("100.15675999999999", "100.15676"),
        ("5.0", "5"),
        ("-0.0", "0"),
        (" 7 ", "7"),
        ("-665.614351", "-665.614351"),
        ("1.5e3", "1500"),
        ("0.00001", "0.00001"),
        ("57690323000123", "57690323000123"),
    ],
)
def test_float_noise_is_not_a_figure(published, kept):
    assert decimal_text(published) == kept


@given(st.integers(-99_999_999, 99_999_999), st.integers(0, 6), st.sampled_from([-1, 0, 1]))
def test_a_published_decimal_survives_the_noise_of_floats(digits, places, steps):
    figure = f"{digits / 10**places:.{places}f}"
    noisy = float(figure) * (1 + steps * 4e-16)
    expected = figure.rstrip("0").rstrip(".") if "." in figure else figure
    assert decimal_text(repr(noisy)) == ("0" if expected in ("-0", "0") else expected)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6))
def test_writing_twice_is_writing_once(number):
    once = decimal_text(str(number))
    assert decimal_text(once) == once


@pytest.mark.parametrize("text", ["", "n/a", "1,234", "nan", "inf", "12 %", "£5"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):
        decimal_text(text)


def test_thousands_are_taken_where_the_publisher_writes_them():
    assert decimal_text("15,974 ", thousands=True) == "15974"


def test_figures_rounded_to_five_may_lie_five_apart():
    assert same_figure("100", "105", within=5)
    assert not same_figure("100", "105.1", within=5)
    assert not same_figure("100", "100.01")
    assert not same_figure("", "0")


@pytest.mark.parametrize(
    ("said", "iso"),
    [
        ("1998", "1998-01-01/P1Y"),
        ("2023-01-01/P1Y", "2023-01-01/P1Y"),
        ("2022-01-01/P3Y", "2022-01-01/P3Y"),
        ("2025-04-30", "2025-04-30"),
        ("Mar 2020", "2020-03-01/P1M"),
        ("Jul-25", "2025-07-01/P1M"),
        ("Apr 2020-Mar 2021", "2020-04-01/P1Y"),
        ("Jan 2024-Dec 2024", "2024-01-01/P1Y"),
        ("AY19/20", "2019-08-01/P1Y"),
        ("AY99/00", "2099-08-01/P1Y"),
    ],
)
def test_periods_become_iso(said, iso):
    assert iso_period(said) == iso


def test_a_month_may_stand_for_its_first_day():
    assert iso_period("2022-09", months="instant") == "2022-09-01"
    assert iso_period("2022-09") == "2022-09-01/P1M"


@pytest.mark.parametrize(
    ("said", "months", "iso"),
    [
        ("Dec 1995", "year_to", "1995-01-01/P1Y"),
        ("Sep 2024", "year_to", "2023-10-01/P1Y"),
        ("1991", "mid_year", "1991-06-30"),
        ("1991", "span", "1991-01-01/P1Y"),
    ],
)
def test_a_month_may_be_the_last_of_a_year_and_a_year_its_middle(said, months, iso):
    assert iso_period(said, months) == iso


@pytest.mark.parametrize("said", ["", "2023/24", "last year", "Apr 2020-Feb 2021", "AY19/21", "2023-13", "2023-02-30"])
def test_other_periods_are_refused(said):
    with pytest.raises(ValueError):
        iso_period(said)
