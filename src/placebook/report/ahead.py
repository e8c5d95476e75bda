"""What the pages of all places read alike, read once: for a process that is forked for each of them."""

from __future__ import annotations

from placebook.findings.inference import robust_distance
from placebook.findings.key_findings import KeyFindings
from placebook.geography.outlines import outlines
from placebook.paths import Project
from placebook.report.page import Page


def read_ahead(project: Project, place: str) -> None:
    """Read what the page of a place would, and keep in memory what another place's page reads too.

    The declarations, the tables, the figures of all districts and the weights of the areas around. All of it is known by the
    bytes that it was read from: a page opened later asks the files again, and is given it only where they are the same.
    Raises what opening the page and the outlines raise.
    """
    evidence = Page.open(place, project).evidence
    evidence.store.read_all()
    findings = KeyFindings(evidence)
    for reading in findings.readings.values():
        if reading.districts:
            robust_distance(0.0, reading.districts.values)  # the middle of the districts is that of every place among them
    _ = findings.candidates  # the yardsticks of a place's findings are those of every place's
    evidence.store.keep_at_hand()
    for layer in ("districts", "england"):
        outlines(project, layer)
    if evidence.fit.lsoas:  # its page draws small areas, as those of its neighbours do
        import mapclassify  # noqa: F401
        import seaborn  # noqa: F401
