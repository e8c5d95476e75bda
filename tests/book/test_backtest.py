"""What publishers printed elsewhere, beside the book's figures: each computed by a way that imports nothing of the package."""

import sys
from decimal import Decimal
from pathlib import Path

import again
import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "docs" / "quality" / "backtest.yml"
PAGE = (ROOT / "docs" / "quality" / "backtest.md").read_text(encoding="utf-8")
FIGURES = [
    (passage["quote"], figure)
    for publication in yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))["publications"]
    for passage in publication["passages"]
    for figure in passage["figures"]
]


@pytest.fixture(scope="module")
def book():
    return again.Book(ROOT)


@pytest.fixture(scope="module")
def backtest():
    sys.path.insert(0, str(ROOT / "tools"))
    import backtest

    yield backtest
    sys.path.remove(str(ROOT / "tools"))


def by_indicator(book, figure, area, period):
    indicator = next(each for each in book.indicators if each["id"] == figure["indicator"])
    level = book.area[area]["level"]
    return next(point.value for point in book.series(indicator, area, level, (area,)) if point.period == period)


def by_cell(book, figure, area, period):
    def cell(code, when, category):
        path = ROOT / "data" / "small-areas" / f"{figure['source']}.parquet"
        if code.startswith("E01"):
            frame = pd.read_parquet(path, filters=[("area", "==", code), ("measure", "==", figure["measure"])])
            return float(frame[frame.period.astype(str) == when].value.iloc[0])
        return book.cells(figure["source"], figure["measure"], category, code)[when][0]

    category = figure.get("category", "")
    value = sum(cell(code, period, category) for code in [area, *figure.get("with_areas", [])])
    if "percent_of" in figure:
        return 100 * value / cell(area, period, figure["percent_of"])
    if "percent_of_area" in figure:
        return 100 * value / cell(figure["percent_of_area"], period, category)
    before = cell(area, figure["since"], category) if "since" in figure else None
    return 100 * (value - before) / before if before else value


def by_count(book, figure, area, period):
    if figure["of"] == "small areas":
        path = ROOT / "data" / "small-areas" / f"{figure['source']}.parquet"
        rows = pd.read_parquet(path, filters=[("measure", "==", figure["measure"])])
        rows = rows[rows.district == area] if area.startswith("E0") else rows
    else:
        rows = book.frame(figure["source"])
        rows = rows[(rows.measure == figure["measure"]) & (rows.period == period)]
        rows = rows[[book.area[code]["level"] == "district" for code in rows.area]]
    values = [float(value) for value in rows.value]
    chosen = [v for v in values if v <= figure.get("at_most", v) and v > figure.get("above", v - 1)]
    return 100 * len(chosen) / len(values) if figure.get("percent") else len(chosen)


WAYS = {"indicator": by_indicator, "cell": by_cell, "count": by_count}


def test_every_figure_computed_again_by_another_way_is_the_one_of_the_page_and_agrees_or_differs_as_it_says(book):
    stands = iter(line for line in PAGE.splitlines() if line.endswith((" agrees |",)) or "| **differs.**" in line)
    for _, printed in FIGURES:
        value = WAYS[printed["figure"]["kind"]](book, printed["figure"], printed["area"], str(printed["period"]))
        step = Decimal(1).scaleb(-printed["decimals"])
        nearest = (Decimal(repr(float(value))) / step).quantize(Decimal(1), rounding="ROUND_HALF_UP") * step
        assert (nearest != Decimal(str(printed["printed"]))) == ("differs" in printed), (printed, value)
        here, result = next(stands).split("|")[-3:-1]
        assert here.strip() == f"{again.half_up(value, max(printed['decimals'], 0)):,f}", printed
        assert result.strip().startswith("**differs.**" if "differs" in printed else "agrees")
    assert next(stands, None) is None


def test_a_figure_that_is_not_in_its_quote_or_is_without_a_reason_is_refused(backtest, tmp_path):
    figure = "{written: '7.4', printed: 7.4, decimals: 1, area: E92000001, period: '2021-03-21', " + (
        "figure: {kind: indicator, indicator: x}"
    )
    page = (
        "{title: T, publisher: P, address: 'https://example.org/a', seen: 2026-11-30, passages: [{quote: '%s', figures: [%s]}]}"
    )

    def read(quote, end):
        (tmp_path / "a.yml").write_text(f"publications:\n  - {page % (quote, figure + end)}\n", encoding="utf-8")
        return backtest.read(tmp_path / "a.yml")

    assert len(read("it is 7.4 here", "}").figures) == 1
    for quote, end, problem in (
        ("it is 7.5 here", "}", "the quote has no «7.4»"),
        ("it is 7.4 here", ", differs: earlier}", "stand together"),
        ("it is 7.4 here", ", differs: other, because: So.}", "earlier"),
        ("it is 7.4 <b>here", "}", "pattern"),
        ("it is 7.4 here", ", shown: yes}", "Extra inputs"),
    ):
        with pytest.raises(ValueError, match=problem):
            read(quote, end)


def test_a_printed_figure_is_rounded_half_up_as_far_as_it_was_printed(backtest):
    for number, decimals, nearest in ((56_489_849, -2, 56_489_800), (34_500, -3, 35_000), (2.25, 1, 2.3), (64.86, 0, 65)):
        assert backtest.rounded(Decimal(repr(number)), decimals) == Decimal(str(nearest))


def test_the_summary_counts_every_figure_and_hides_none():
    differ = sum("differs" in printed for _, printed in FIGURES)
    assert f"**{len(FIGURES)} figures of " in PAGE
    assert f"{len(FIGURES) - differ} agree, {differ} differ**" in PAGE
