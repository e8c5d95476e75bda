"""``--json``: what ``check`` and ``list`` say, for other programs. Keys (docs/other-programs.md) are only ever added to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from placebook.catalogue.load import Catalogue
from placebook.errors import Fault, InputError


def wrong(error: InputError) -> str:
    """What ``check`` finds wrong: every fault, also where the message names a hundred alone."""
    faults = error.faults or (Fault("", 0, "", str(error), ""),)
    return _written({"ok": False, "faults": [asdict(fault) for fault in faults], "hints": []})


def well(catalogue: Catalogue, hints: Sequence[Fault]) -> str:
    """That nothing is wrong, how much there is, and what should be looked at."""
    counts = {name: len(getattr(catalogue, name)) for name in ("places", "indicators", "sources", "counties")}
    return _written({"ok": True, "faults": [], "hints": [asdict(fault) for fault in hints], **counts})


def places(catalogue: Catalogue) -> str:
    """The places, by slug."""
    return _written({"places": [_place(catalogue, slug) for slug in sorted(catalogue.places)]})


def _place(catalogue: Catalogue, slug: str) -> dict[str, Any]:
    place = catalogue.places[slug]
    districts = [{"code": code, "name": catalogue.areas[code].name} for code in catalogue.districts_of(place)]
    return {
        "slug": slug,
        "name": place.name,
        "kind": place.kind,
        "county": catalogue.county_of(slug) or None,
        "districts": districts,
        "lsoas": len(catalogue.lsoas_of(place)),
        "reviewed_by": place.review.by if place.review else None,
        "reviewed_on": place.review.on.isoformat() if place.review else None,
    }


def _written(record: dict[str, Any]) -> str:
    """As JSON in plain ASCII: any console can write it, and no character in it acts on a terminal."""
    return json.dumps(record, indent=2)
