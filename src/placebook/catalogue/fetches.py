"""Strict records of where `placebook refresh` asks for a source's files: one entry for each file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from placebook.catalogue.fields import Https, Line, Record, Slug


class _Fetch(Record):
    file: Line
    """The file that it stands in for, as the source's refresh: or small_areas: names it."""
    address: Https
    """What is asked, and the only host that may answer."""


class ElsIndicator(Record):
    """One indicator of Explore Local Statistics."""

    slug: Slug
    """Its name in the interface."""
    label: Line
    """Its label in the source's options, which may be an older one than the interface's."""
    unit: Line
    """Its unit as the interface gives it; another one stops the source."""


class ElsFetch(_Fetch):
    """ONS Explore Local Statistics, API v1. The address is that of the interface, without a path of its own."""

    kind: Literal["els"]
    indicators: tuple[ElsIndicator, ...] = Field(min_length=1)
    """Which of the service it asks for."""
    limits: bool = False
    """Whether 95 per cent limits are asked for."""


class NomisFetch(_Fetch):
    """A Nomis data set: the address ends in `.data.csv?…`, without select, recordoffset, recordlimit and uid."""

    kind: Literal["nomis"]
    columns: dict[Line, Line] = Field(min_length=1)
    """Nomis's column → the column of the file, GEOGRAPHY_CODE and OBS_VALUE among them."""


class FeatureFetch(_Fetch):
    """A layer of ONS Open Geography: the address ends in `/FeatureServer/N`."""

    kind: Literal["featureserver"]
    where: Line = "1=1"
    """Which features, as the service's SQL says it."""
    fields: dict[Line, Line] = Field(min_length=1)
    """The layer's field → the property or column of the file."""
    outlines: bool = True
    """Whether outlines are asked for: the file is GeoJSON then, else a table."""


class Melted(Record):
    """A table with a column for each category, carried as one row a category."""

    category: Line = "category"
    """Column that takes the header's words."""
    value: Line = "count"
    """Column that takes the figure."""
    beside: tuple[Line, ...] = ("date", "geography")
    """Columns that are neither the area nor a category."""
    area: Line = "geography code"
    """The column that holds codes of areas."""


class FileFetch(_Fetch):
    """A published file: CSV, XLSX or ODS, or a ZIP archive of CSV files."""

    kind: Literal["file"]
    columns: tuple[Line, ...] = Field(min_length=1)
    """Columns that the header must have."""
    encoding: Line | None = None
    """Of a CSV file that is not UTF-8 and does not say so."""
    sheet: Line | None = None
    """Of a workbook."""
    header: int = Field(default=1, ge=1)
    """Line of the header, in a sheet that begins with notes."""
    members: dict[Line, Line] = Field(default_factory=dict)
    """Of a ZIP archive: level, which becomes the column `level` → name of the file in it."""
    melted: Melted | None = None
    """How a table with a column for each category becomes one with a row for each."""


Fetch = Annotated[ElsFetch | NomisFetch | FeatureFetch | FileFetch, Field(discriminator="kind")]
