"""Whether what analysts answer to findings (``explain``) has its finding, as the ledgers of the last build name them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from placebook.catalogue.load import Catalogue
from placebook.catalogue.remedies import meant
from placebook.errors import Fault
from placebook.paths import Project


def answer_faults(project: Project, catalogue: Catalogue) -> Iterator[Fault]:
    """Answers to findings that there are none of; nothing of a place that was not built."""
    for slug, id_, findings in _answered(project, catalogue):
        if findings and id_ not in findings:
            told = [name for name, order in findings.items() if order]
            remedy = meant(id_, findings) if "did you mean" in meant(id_, findings) else meant(id_, told)
            yield catalogue.fault("place", slug, ("explain", id_), "the page has no such finding", remedy)


def answers_unseen(project: Project, catalogue: Catalogue) -> Iterator[Fault]:
    """Answers that no page shows, as their finding is not among those that the page tells."""
    for slug, id_, findings in _answered(project, catalogue):
        if id_ in findings and not findings[id_]:
            told = ", ".join(sorted(name for name, order in findings.items() if order)) or "none"
            problem = "the page does not tell this finding now, and so not what is said to it"
            yield catalogue.fault("place", slug, ("explain", id_), problem, f"it tells {told}")


def _answered(project: Project, catalogue: Catalogue) -> Iterator[tuple[str, str, dict[str, int | None]]]:
    """Place and finding of each answer, with the place's findings and their order on the page, None where one is not told."""
    for slug, place in catalogue.places.items():
        findings = _findings(project, slug) if place.explain else {}
        yield from ((slug, id_, findings) for id_ in place.explain)


def _findings(project: Project, slug: str) -> dict[str, int | None]:
    try:
        entries = json.loads((project.ledgers / f"{slug}.json").read_text(encoding="utf-8"))["entries"]
        return {entry["id"]: entry["order"] for entry in entries if entry["kind"] == "finding"}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
