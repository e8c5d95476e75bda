"""The adapters by name: one for each layout that publishers use."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from placebook.catalogue.models import TableMeasure
from placebook.errors import InputError
from placebook.refresh.area_lists import area_list
from placebook.refresh.business_counts import business_counts
from placebook.refresh.census_flows import census_flows
from placebook.refresh.codes import Codes
from placebook.refresh.els import els
from placebook.refresh.geography import geography
from placebook.refresh.outlines import outlines
from placebook.refresh.published_tables import long_table, wide_table
from placebook.refresh.single_years import single_years

TableAdapter = Callable[[Mapping[str, bytes], Mapping[str, Any], Mapping[str, TableMeasure], Codes], pd.DataFrame]
GeographyAdapter = Callable[[Mapping[str, bytes], Mapping[str, Any]], dict[str, str]]
TABLE_ADAPTERS: dict[str, TableAdapter] = {
    "els": els,
    "long-table": long_table,
    "wide-table": wide_table,
    "single-years": single_years,
    "business-counts": business_counts,
    "census-flows": census_flows,
}
"""Published files, options, measures and codes → one tidy frame."""

GEOGRAPHY_ADAPTERS: dict[str, GeographyAdapter] = {
    "geography": geography,
    "area-list": area_list,
    "outlines": outlines,
}
"""Published files and options → files below ``data/geography``, name → text."""

_AREAS = {"areas", "only_areas", "leave_out_areas", "leave_out_heads", "leave_out_blank_areas"}
_VALUES = {"missing", "markers", "thousands"}
_LONG = (
    _AREAS
    | _VALUES
    | {
        "lower",
        "upper",
        "partner",
        "category",
        "categories",
        "whole_category",
        "category_numbers",
        "leave_out_categories",
        "leave_out_category_heads",
        "totals",
        "total_measure",
        "measure",
        "file_measures",
        "measure_column",
        "labels",
        "leave_out_labels",
        "period",
        "period_column",
        "months",
        "select",
        "select_heads",
        "leave_out",
        "added_categories",
        "added_total",
    }
)
OPTIONS: dict[str, tuple[set[str], set[str]]] = {
    "els": (
        set(),
        {
            "labels",
            "unlabelled",
            "notes",
            "missing",
            "months",
            "leave_out_periods",
            "leave_out_areas",
            "leave_out_heads",
            "only_areas",
        },
    ),
    "long-table": ({"area", "value"}, _LONG),
    "wide-table": ({"area", "columns", "period"}, _AREAS | _VALUES | {"measure", "parts"}),
    "single-years": ({"area", "total", "measure", "period", "last_age"}, set()),
    "business-counts": (
        {"dashboard", "nomis", "nomis_columns", "categories", "named_areas", "month"},
        {"leave_out_names", "leave_out_areas", "leave_out_years", "only_former", "missing"},
    ),
    "census-flows": (
        {"flows", "area", "value", "period"},
        _LONG | {"summaries", "summary_area", "columns", "only_known_areas", "within", "journey", "to"},
    ),
    "geography": (
        {
            "districts",
            "counties",
            "former",
            "district_vintage",
            "accounts",
            "account_levels",
            "account_vintages",
        },
        {"account_counties", "account_regions", "same_as", "authorities", "authority_vintage"},
    ),
    "area-list": ({"file", "columns", "key"}, {"filled", "whole_numbers", "leave_out_heads"}),
    "outlines": ({"written", "codes"}, {"recodes"}),
}
"""Options that each adapter must have, and may have."""

_SMALL_LONG = (_LONG | {"member", "partners"}) - {
    "added_categories",
    "added_total",
    "file_measures",
    "leave_out",
    "months",
    "period_column",
}
SMALL_AREA_OPTIONS: dict[str, tuple[set[str], set[str]]] = {
    "long-table": ({"area", "value", "period"}, _SMALL_LONG),
    "wide-table": ({"area", "columns", "period"}, _AREAS | _VALUES | {"measure", "member"}),
    "census-flows": ({"flows", "area", "value", "period"}, _SMALL_LONG | {"summaries", "summary_area", "columns"}),
    "small-area-lists": (
        {
            "output_areas",
            "lsoa_wards",
            "built_up_areas",
            "lsoa_changes",
            "msoa_changes",
            "msoa_names",
            "lsoas",
            "msoas",
        },
        {"msoa_names_2011"},
    ),
    "small-area-outlines": ({"written", "codes"}, set()),
}
"""The same of the adapters of small areas, which have the same names where the publisher's layout is the same."""


def described() -> Iterator[tuple[str, str, list[str]]]:
    """Each adapter's name, what it reads in a sentence, and its options, those that must be given with a star."""
    for name, adapter in {**TABLE_ADAPTERS, **GEOGRAPHY_ADAPTERS}.items():
        needed, allowed = OPTIONS[name]
        small = SMALL_AREA_OPTIONS.get(name, (set(), set()))
        words = (adapter.__doc__ or "").strip().splitlines()[0].partition(" Options as in")[0].replace("``", "")
        words += " Small areas too." if name in SMALL_AREA_OPTIONS else ""
        yield name, words, [*(f"{option}*" for option in sorted(needed)), *sorted((allowed | small[0] | small[1]) - needed)]


def check_options(
    file: str, adapter: str, options: Mapping[str, Any], adapters: Mapping[str, tuple[set[str], set[str]]] = OPTIONS
) -> None:
    """Raises InputError for an unknown adapter, an unknown option or one that is missing."""
    if adapter not in adapters:
        raise InputError(f"{file}: there is no adapter {adapter!r}. Known: {', '.join(adapters)}")
    needed, allowed = adapters[adapter]
    if missing := sorted(needed - set(options)):
        raise InputError(f"{file}: the adapter {adapter} needs the option {', '.join(missing)}")
    for option in options:
        if option not in needed | allowed:
            near = difflib.get_close_matches(option, sorted(needed | allowed), n=1)
            meant = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(sorted(needed | allowed))}"
            raise InputError(f"{file}: the adapter {adapter} has no option {option!r}.{meant}")
