"""Every source of this book says how its figures are had again: from an interface, or by hand and how."""

import re
from pathlib import Path

import pytest
from publishers import Said, els, serving

from placebook.catalogue.load import read_sources
from placebook.errors import InputError
from placebook.paths import Project
from placebook.refresh.live import Live, hosts, offered, way
from placebook.refresh.names import Names

SOURCES = read_sources(Project(Path(__file__).parents[2]))
LIVE = {name: source for name, source in SOURCES.items() if source.fetch}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_fetched_or_says_how_somebody_gets_its_files(name):
    source = SOURCES[name]
    if source.fetch:
        assert way(source).partition(";")[0] in (
            "ONS Explore Local Statistics",
            "Nomis",
            "ONS Open Geography",
            "a published file",
        )
        assert ("by hand" in way(source)) == bool(source.manual)
    else:
        assert way(source) == "by hand" and len(source.manual.split()) > 7
        with pytest.raises(InputError, match=re.escape(source.manual)):
            offered(source)


def test_most_sources_are_fetched():
    assert len(LIVE) >= 55


@pytest.mark.parametrize("name", [name for name, source in LIVE.items() if source.fetch[0].kind == "els"])
def test_what_is_asked_of_explore_local_statistics_is_what_the_source_says_and_its_adapter_knows(name):
    source, [fetch] = SOURCES[name], SOURCES[name].fetch
    query = re.search(r"^(https://.*)/data\.csv\?indicator=([^&]+)&time=all&measure=([^&]+)&includeStatus=true$", source.query)
    assert query[1] == fetch.address and query[2].split(",") == [one.slug for one in fetch.indicators]
    assert ("lci_95" in query[3]) is fetch.limits
    assert {one.label for one in fetch.indicators} == set(source.refresh.options["labels"])


def test_only_the_hosts_of_publishers_are_named():
    assert {host for source in LIVE.values() for host in hosts(source)} == {
        "www.ons.gov.uk",
        "www.nomisweb.co.uk",
        "services1.arcgis.com",
        "raw.githubusercontent.com",
    }


def test_a_file_that_no_interface_offers_is_left_out_of_what_is_fetched_and_cannot_be_read():
    source = SOURCES["els-gross-value-added"]
    assert len(source.refresh.files) == 2 and len(offered(source).refresh.files) == 1
    with serving(els()) as publishers, pytest.raises(InputError, match="is offered by no interface"):
        Live(source, publishers.fetcher(*hosts(source)), Names({})).read(source.refresh.files[1])


def test_a_file_is_asked_for_once_though_two_tables_are_made_of_it():
    source = SOURCES["els-ev-devices"]
    table = "areacd,areanm,indicator,period,value,unit\nE92000001,England,Electric vehicles,2026-01-01,1,rate\n"
    with serving(lambda _: Said(table)) as publishers:
        reader = Live(source, publishers.fetcher(*hosts(source)), Names({}))
        assert reader.read(source.refresh.files[0]) is reader.read(source.refresh.files[0])
    assert len(publishers.asked) == 1
