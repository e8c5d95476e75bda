"""Every publisher that a source is fetched from, answering in its own layout with the figures that are frozen here.

Drawn backwards from the tables: what an adapter made of a published row, as that row. Areas that the book does not carry
(Wales, combined authorities) and categories that it leaves out stand in between, as they do at the publisher.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from urllib.parse import urlsplit

import geopandas
import pandas as pd
import publishers
from published import zip_of
from publishers import Asked, Said, packed

from placebook.catalogue.fetches import ElsFetch, FeatureFetch, FileFetch, NomisFetch
from placebook.catalogue.load import read_sources
from placebook.catalogue.models import Source
from placebook.paths import Project

ELSEWHERE = {"W06000016": "Rhondda Cynon Taff", "E47000001": "Greater Manchester"}
"""The first as Nomis spells it, with a letter more than the register of codes."""
NOMIS_PAGE, LAYER_PAGE = 4_000, 100
ELS_MOST = 6_000
"""Rows beyond which Explore Local Statistics says that too much is asked for at once."""
DISTRICTS = ("E06", "E07", "E08", "E09")
LEVELS = {
    "ltla": DISTRICTS,
    "utla": ("E06", "E08", "E09", "E10"),
    "rgn": ("E12",),
    "ctry": ("E92", "K", "W92"),
    "cauth": ("E47",),
}
SMALL = {"lsoa": "E01", "msoa": "E02"}


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


class Frozen:
    """The project's sources and tables, and the answers made of them."""

    def __init__(self, project: Project):
        self.project = project
        self.sources = read_sources(project)
        areas = pd.read_csv(project.geography / "areas.csv", dtype=str, keep_default_na=False)
        self.names = dict(zip(areas["code"], areas["name"], strict=True)) | ELSEWHERE
        self.els: dict[str, Callable[[], list[dict[str, str]]]] = {}
        self.about: dict[str, dict[str, str]] = {}
        self.files: dict[str, Callable[[], Said]] = {}
        self.others: dict[str, Callable[[Asked], Said]] = {}
        for name, source in self.sources.items():
            for fetch in source.fetch:
                self._offer(name, source, fetch)

    def _offer(self, name: str, source: Source, fetch: object) -> None:
        if isinstance(fetch, ElsFetch):
            for one in fetch.indicators:
                measure = self._measure(source, fetch.file, one.label)
                self.els[one.slug] = cache(lambda measure=measure: self._els(name, measure))
                self.about[one.slug] = {"slug": one.slug, "label": one.label, "unit": one.unit}
                if source.released:
                    self.about[one.slug]["updated"] = source.released.isoformat()
            return
        where = urlsplit(fetch.address)  # type: ignore[attr-defined]
        if isinstance(fetch, FileFetch):
            make = self._census if fetch.members else self._devices
            self.files[f"{where.hostname}{where.path}"] = cache(lambda: make(name, source, fetch))
        elif isinstance(fetch, NomisFetch):
            self.others[f"{where.hostname}{where.path}"] = publishers.nomis(self._years(name), NOMIS_PAGE)
        elif isinstance(fetch, FeatureFetch):
            self.others[f"{where.hostname}{where.path}/query"] = self._layer(source, fetch)

    @staticmethod
    def _measure(source: Source, file: str, label: str) -> str:
        options = source.refresh.options if source.refresh else {}
        return options.get("unlabelled", {}).get(file) or options["labels"][label]

    @cache  # noqa: B019 (one book a test)
    def rows(self, name: str) -> pd.DataFrame:
        paths = [one.path for one in self.sources[name].tables if one.path.startswith("data/tables/")]
        return pd.concat(pd.read_csv(self.project.root / path, dtype=str, keep_default_na=False) for path in paths)

    def __call__(self, asked: Asked) -> Said:
        where = f"{asked.host}{asked.path}"
        if "/explore-local-statistics/" in asked.path:
            return self._explore(asked)
        if where in self.files:
            return self.files[where]()
        return self.others[where](asked) if where in self.others else Said("not here", 404)

    # ------------------------------------------------------------ Explore Local Statistics

    def _explore(self, asked: Asked) -> Said:
        *_, kind, last = asked.path.split("/")
        if kind == "indicators":
            return Said(json.dumps(self.about[last]), headers={"Content-Type": "application/json"})
        rows = self.els[asked.query["indicator"]]()
        if asked.query["geo"] == "all" and len(rows) > ELS_MOST and not any(row["areacd"].startswith("TL") for row in rows):
            refused = {"message": "Too much data requested. Please apply further filters."}
            return Said(json.dumps(refused), 400, {"Content-Type": "application/json"})
        if asked.query["geo"] != "all":
            rows = [row for row in rows if row["areacd"].startswith(LEVELS[asked.query["geo"]])]
        if not rows:
            refused = {"message": "No data available for the selected filters."}
            return Said(json.dumps(refused), 400, {"Content-Type": "application/json"})
        columns = ("areacd", "areanm", "period", *asked.query["measure"].split(","), "status")
        return packed(table(columns, ([row[column] for column in columns] for row in rows)).rstrip("\n"))

    def _els(self, name: str, measure: str) -> list[dict[str, str]]:
        held = self.rows(name)
        held = held[held["measure"] == measure]
        rows = [
            {
                "areacd": row.area,
                "areanm": self.names[row.area],
                "period": row.period,
                "value": row.value,
                "lci_95": row.lower,
                "uci_95": row.upper,
                "status": row.markers,
            }
            for row in held.itertuples(index=False)
        ]
        first = dict(rows[0])
        return [*rows, *({**first, "areacd": code, "areanm": words} for code, words in ELSEWHERE.items())]

    # ------------------------------------------------------------ files

    def _devices(self, name: str, source: Source, fetch: FileFetch) -> Said:
        (label,) = source.refresh.options["labels"]  # type: ignore[union-attr]
        held = self.rows(name)
        rows = [
            (row.area, self.names[row.area], label, row.period, row.value, row.markers) for row in held.itertuples(index=False)
        ]
        return packed(table(("areacd", "areanm", "indicator", "period", "observation", "status"), rows))

    def _census(self, name: str, source: Source, fetch: FileFetch) -> Said:
        """An archive with a file for each level: a column for the whole, for each category, and for what is left out."""
        assert source.refresh
        options = source.refresh.options
        categories = (
            options["categories"] if isinstance(options["categories"], Mapping) else {c: c for c in options["categories"]}
        )
        columns = {options["whole_category"]: "", **categories}
        beside = [
            *options.get("leave_out_categories", ()),
            *(f"{h}1 Of it" for h in options.get("leave_out_category_heads", ())),
        ]
        wide = self._wide(self.rows(name), columns)
        small = self._wide(self._small(name), columns) if set(fetch.members) & set(SMALL) else {}
        members = {}
        for level, member in fetch.members.items():
            heads = (SMALL[level],) if level in SMALL else LEVELS[level]
            of_level = {code: cells for code, cells in (small if level in SMALL else wide).items() if code.startswith(heads)}
            rows = [
                ("2021", self.names.get(code, code), code, *cells, *("1" for _ in beside)) for code, cells in of_level.items()
            ]
            if level == "ctry":
                rows += [(*("2021", "England and Wales", "K04000001"), *rows[0][3:])]
            if welsh := {"ltla": "W06000016", "utla": "W06000016", "lsoa": "W01000003", "msoa": "W02000001"}.get(level):
                rows += [(*("2021", ELSEWHERE.get(welsh, "Isle of Anglesey 001A"), welsh), *rows[0][3:])]
            members[member] = table(("date", "geography", "geography code", *columns, *beside), rows)
        return Said(zip_of(members), headers={"Content-Type": "application/zip"})

    @staticmethod
    def _wide(rows: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, list[str]]:
        """Area to its figures in the order of ``columns``."""
        cells = dict(zip(zip(rows["area"], rows["category"], strict=True), rows["value"], strict=True))
        return {area: [cells[area, own] for own in columns.values()] for area in dict.fromkeys(rows["area"])}

    def _small(self, name: str) -> pd.DataFrame:
        rows = pd.read_parquet(self.project.root / f"data/small-areas/{name}.parquet", columns=["area", "category", "value"])
        return pd.DataFrame(
            {
                "area": rows["area"].astype(str),
                "category": rows["category"].astype(object).fillna("").astype(str),
                "value": rows["value"].astype(int).astype(str),
            }
        )

    def _years(self, name: str) -> list[tuple[str, str, str, str]]:
        held = self.rows(name)
        rows = [(row.area, self.names[row.area], row.period[:4], row.value) for row in held.itertuples(index=False)]
        return [*rows, *((code, words, "2023", "1000") for code, words in ELSEWHERE.items())]

    # ------------------------------------------------------------ outlines

    def _layer(self, source: Source, fetch: FeatureFetch) -> Callable[[Asked], Said]:
        assert source.refresh
        options = source.refresh.options
        former = {new: old for old, new in options["recodes"].items()} if "England" not in fetch.where else {}
        code, name = fetch.fields
        layer = geopandas.read_file(self.project.geography / options["written"][fetch.file]).to_crs(4326)
        shapes = dict(zip(layer["code"], json.loads(layer.geometry.to_json())["features"], strict=True))
        features = [
            {
                "type": "Feature",
                "properties": {code: former.get(one, one), name: self.names[one]},
                "geometry": {**shape["geometry"], "coordinates": _near(shape["geometry"]["coordinates"])},
            }
            for one, shape in sorted(shapes.items(), key=lambda pair: former.get(pair[0], pair[0]))
        ]

        def answer(asked: Asked) -> Said:
            if asked.query.get("returnCountOnly") == "true":
                return Said(json.dumps({"count": len(features)}))
            first = int(asked.query["resultOffset"])
            given = features[first : first + LAYER_PAGE]
            more = first + LAYER_PAGE < len(features)
            return Said(json.dumps({"type": "FeatureCollection", "exceededTransferLimit": more, "features": given}))

        return answer


def _near(coordinates: object) -> object:
    """To six decimals, as the service is asked for: a tenth of a metre."""
    return round(coordinates, 6) if isinstance(coordinates, float) else [_near(one) for one in coordinates]  # type: ignore[attr-defined]
