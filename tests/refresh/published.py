"""Small published files and sources, drawn here, that the tests of refresh share."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import yaml

from placebook.catalogue.models import TableMeasure
from placebook.errors import InputError
from placebook.paths import Project
from placebook.refresh.codes import Codes

CODES = Codes(
    levels={
        "E07000099": "district",
        "E07000242": "district",
        "E08000038": "district",
        "E06000063": "district",
        "E10000015": "county",
        "E12000006": "region",
        "E92000001": "country",
        "K02000001": "uk",
        "E01000001": "lsoa",
    },
    successors={"E07000097": "E07000242", "E08000016": "E08000038"},
    gone=frozenset({"E07000026", "E07000027"}),
)


def measures(*names: str, minimum: float = 0, maximum: float = 1e9) -> dict[str, TableMeasure]:
    return {name: TableMeasure(label=name, unit="things", minimum=minimum, maximum=maximum) for name in names}


def lines(frame: pd.DataFrame) -> list[str]:
    """The table's rows as they are written, without the header."""
    return frame.to_csv(index=False, lineterminator="\n").splitlines()[1:]


def parquet_of(**columns: list) -> bytes:
    """A published Parquet file."""
    stream = io.BytesIO()
    pd.DataFrame(columns).to_parquet(stream, index=False)
    return stream.getvalue()


def zip_of(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


class Drawn:
    """A reader of files held in memory."""

    def __init__(self, files: dict[str, str | bytes]):
        self.files = files

    def read(self, name: str) -> bytes:
        if name not in self.files:
            raise InputError(f"{name} cannot be had.")
        content = self.files[name]
        return content.encode() if isinstance(content, str) else content


AREAS = "code,name,known_as,level,vintage,msoa,district,county,region,country,same_as\n" + "".join(
    f"{code},Area {code},,{level},2025,,,,,,\n" for code, level in sorted(CODES.levels.items())
)
SUPERSEDED = (
    "code,name,level,since,successors,kind\n"
    "E07000026,Allerdale,district,2023,E06000063,merged\n"
    "E07000097,East Hertfordshire,district,2013,E07000242,recode\n"
)

SMALL_AREAS = "data/small-areas/areas.parquet"

SOURCE = """\
title: Jobs of people
publisher: Office for National Statistics
landing_page: https://www.ons.gov.uk/jobs
query: https://www.ons.gov.uk/jobs.csv
licence: OGL-UK-3.0
attribution: 'Source: Office for National Statistics.'
geography:
  levels: [district]
  vintage: April 2025
period: 2023-01-01/2023-12-31
retrieved: 2026-11-23
# the analyst's own remark, kept as it is
measures:
  employment_rate: {label: Employment rate, unit: per cent, minimum: 0, maximum: 100}
refresh:
  adapter: els
  files: [jobs.csv]
  options:
    labels:
      Employment rate: employment_rate
"""

JOBS = (
    "areacd,areanm,indicator,period,value,unit,lci_95,uci_95,status,notes\n"
    "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,64.89999999999999,%,60.1,69.7,,\n"
)


def project(folder: Path, **sources: str) -> Project:
    """A project with the geography above and the sources given, ids with ``_`` for ``-``."""
    made = Project(folder)
    (made.geography / "lookups").mkdir(parents=True)
    (made.geography / "areas.csv").write_text(AREAS)
    (made.geography / "superseded.csv").write_text(SUPERSEDED)
    (folder / SMALL_AREAS).parent.mkdir()
    registry = {"code": ["E01000001", "E01000002"], "level": ["lsoa"] * 2, "district": ["E08000038", "E07000099"]}
    (folder / SMALL_AREAS).write_bytes(parquet_of(**registry))
    made.sources.mkdir(parents=True)
    for name, text in sources.items():
        (made.sources / f"{name.replace('_', '-')}.yml").write_text(text)
    return made


def tables_of(made: Project, source: str) -> list[dict]:
    return yaml.safe_load((made.sources / f"{source}.yml").read_text())["tables"]
