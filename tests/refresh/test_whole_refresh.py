"""A whole refresh against publishers that answer, each in its layout, with what is frozen: no figure may become another."""

import shutil
from pathlib import Path

import pytest
from frozen_publishers import Frozen
from publishers import serving

from placebook.paths import Project
from placebook.refresh.course import RefreshOrder, refresh_all

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_every_source_that_has_an_interface_comes_through_its_publishers_layout_byte_for_byte(tmp_path):
    for folder in ("data", "params"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "_config.yml", tmp_path)
    project = Project(tmp_path)
    frozen = Frozen(Project(ROOT))
    fetched = {name for name, source in frozen.sources.items() if source.fetch}
    with serving(frozen) as server:
        results = {one.source: one for one in refresh_all(project, RefreshOrder(base_url=server.url))}
        rows = frozen.els["claimant-count"]()
        rows[0]["value"] = f"{float(rows[0]['value']) + 0.1:.1f}"
        [changed] = refresh_all(project, RefreshOrder(("els-claimant-count",), base_url=server.url, dry_run=True))
    assert (changed.state, changed.added, changed.gone, changed.revised) == ("would land", 0, 0, 1)
    by_state = {}
    for name, one in results.items():
        by_state.setdefault(one.state, {})[name] = one.why
    assert by_state.keys() == {"unchanged", "by hand"}, by_state
    assert set(by_state["unchanged"]) == fetched and len(fetched) == 58
    for path in sorted((ROOT / "data").rglob("*")):
        if path.is_file():
            assert (tmp_path / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), path.name
    assert {one.host for one in server.asked} == {
        "www.ons.gov.uk",
        "www.nomisweb.co.uk",
        "services1.arcgis.com",
        "raw.githubusercontent.com",
    }
    paged = [one.query["recordoffset"] for one in server.asked if "recordoffset" in one.query]
    assert paged == ["0", "4000", "8000"], "Nomis in pages"
    assert [one.query["resultOffset"] for one in server.asked if "resultOffset" in one.query] == ["0", "0", "100", "200"]
    assert {one.query["geo"] for one in server.asked if "geo" in one.query} == {"all", "ltla", "utla", "rgn", "ctry", "cauth"}
