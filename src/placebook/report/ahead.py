"""What the pages of all places read alike, read once: for a process that is forked for each of them."""

from __future__ import annotations

from placebook.catalogue.load import Catalogue
from placebook.evidence.reading import Reading
from placebook.figures import maps
from placebook.findings.inference import robust_distance
from placebook.geography.outlines import outlines
from placebook.paths import Project
from placebook.report.page import Page

LAYERS = ("districts", "england")
"""Outlines that every page draws."""


def read_declared(project: Project) -> None:
    """Of what ``read_ahead`` reads, what is no table: declarations, areas and outlines. Raises what opening those raises."""
    Catalogue.open(project)
    for layer in LAYERS:
        maps.make_ready(outlines(project, layer))


def read_ahead(project: Project, place: str) -> bool:
    """Read what the page of a place would, and keep in memory what another place's page reads too. Gives whether the place has
    small areas, for which a page draws more.

    The declarations, the tables, the figures of all districts and the weights of the areas around. All of it is known by the
    bytes that it was read from: a page opened later asks the files again, and is given it only where they are the same.

    Raises what opening the page and the outlines raise.
    """
    evidence = Page.open(place, project).evidence
    evidence.store.read_all()
    for indicator in evidence.catalogue.indicators:
        reading = evidence.read(indicator)
        if isinstance(reading, Reading) and reading.districts:
            robust_distance(0.0, reading.districts.values)  # the middle of the districts is that of every place among them
    evidence.store.keep_at_hand()
    for layer in LAYERS:
        maps.make_ready(outlines(project, layer))
    return bool(evidence.fit.lsoas)
