"""Whether what analysts answer to findings (``explain``) has its finding, as the ledgers of the last build name them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import get_args

from placebook.catalogue.load import Catalogue
from placebook.catalogue.remedies import meant
from placebook.errors import Fault
from placebook.findings.candidates import Type
from placebook.paths import Project


def answer_faults(project: Project, catalogue: Catalogue) -> Iterator[Fault]:
    """Answers to what can be no finding: of an unknown kind, or about an unknown measure."""
    for slug, id_, findings in _answered(project, catalogue):
        _, kind, indicator, *_ = (*id_.split("--"), "", "")
        if id_ not in findings and (kind not in get_args(Type) or indicator not in catalogue.indicators):
            told = [name for name, order in findings.items() if order]
            remedy = meant(id_, findings) if "did you mean" in meant(id_, findings) else meant(id_, told)
            yield catalogue.fault("place", slug, ("explain", id_), "no page can have such a finding", remedy)


def answers_unseen(project: Project, catalogue: Catalogue) -> Iterator[Fault]:
    """Answers that the page of the last build did not show, as it did not tell their finding; the next one's may."""
    for slug, id_, findings in _answered(project, catalogue):
        if findings and not findings.get(id_):
            told = ", ".join(sorted(name for name, order in findings.items() if order)) or "none"
            problem = "the page as last built does not tell this finding, and so not what is said to it"
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
