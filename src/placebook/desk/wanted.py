"""What ``placebook add`` is asked for, and the place that it is."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from placebook.desk import boundary, selections
from placebook.desk.choices import KINDS, Choice, Pick, chosen
from placebook.errors import InputError
from placebook.geography.areas import Areas
from placebook.paths import Project

DISTRICTS, LSOAS = 10, 1_000
"""That a file of a town may list."""


@dataclass(frozen=True)
class Wanted:
    """The words of the command."""

    name: str
    within: Sequence[str] = ()
    kind: str = ""
    wards: Sequence[str] = ()
    msoas: Sequence[str] = ()
    lsoas: Sequence[str] = ()
    built_up_areas: Sequence[str] = ()
    boundary: Path | None = None
    crs: str = ""
    share: float | None = None


def found(project: Project, areas: Areas, wanted: Wanted, pick: Pick | None = None) -> Choice:
    """The place that is wanted. Raises InputError where there is none, it is too large, or the words do not go together."""
    choice = _found(project, areas, wanted, pick)
    if choice.kind == "town" and (len(choice.districts) > DISTRICTS or (choice.field == "lsoas" and len(choice.lsoas) > LSOAS)):
        raise InputError(
            f"{choice.name!r} has {len(choice.lsoas):,} LSOAs in {len(choice.districts)} districts, and a town lies in "
            f"{DISTRICTS} districts at most; of whole districts make a group: --kind group --in DISTRICT --in DISTRICT"
            if len(choice.districts) > DISTRICTS
            else f"{choice.name!r} has {len(choice.lsoas):,} LSOAs, and a town {LSOAS:,} at most; name it by --wards or --msoas"
        )
    return choice


def _found(project: Project, areas: Areas, wanted: Wanted, pick: Pick | None) -> Choice:
    given = [option for option in ("wards", "msoas", "lsoas", "built_up_areas", "boundary") if getattr(wanted, option)]
    _fit_together(wanted, [f"--{option.replace('_', '-')}" for option in given])
    if wanted.kind == "group":
        return selections.group(areas, wanted.name, wanted.within)
    if wanted.boundary:
        share = 0.5 if wanted.share is None else wanted.share
        return boundary.inside(project, areas, wanted.name, wanted.boundary, wanted.crs, share)
    if wanted.built_up_areas:
        return selections.joined_towns(areas, wanted.name, wanted.built_up_areas, wanted.within, pick)
    for option in given:
        return selections.named(areas, wanted.name, option, getattr(wanted, option), wanted.within)
    return chosen(areas, wanted.name, wanted.within, wanted.kind, pick)


def _fit_together(wanted: Wanted, given: Sequence[str]) -> None:
    if not wanted.name.strip():
        raise InputError('the place has no name; write what the book calls it: placebook add "Hitchin"')
    if wanted.kind and wanted.kind not in KINDS:
        near = difflib.get_close_matches(wanted.kind, KINDS, n=1, cutoff=0.6)
        meant = f"did you mean {near[0]}? " if near else ""
        raise InputError(f"--kind: there is no kind {wanted.kind!r}; {meant}Use {', '.join(KINDS[:-1])} or {KINDS[-1]}")
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} each say what the place consists of; give one of them")
    if given and wanted.kind not in ("", "town"):
        raise InputError(f"{given[0]} makes a town, and --kind says {wanted.kind}; leave out --kind, or {given[0]}")
    if not wanted.boundary and (wanted.crs or wanted.share is not None):
        raise InputError("--crs and --share belong to a boundary; add --boundary FILE.geojson, or leave them out")
    if wanted.boundary and wanted.within:
        raise InputError("--in does not go with --boundary, which says itself where the place lies; leave out --in")
    if wanted.kind not in ("", "town", "group") and len(wanted.within) > 1:
        raise InputError(f"a {wanted.kind} is no set of districts; of several make a group: --kind group")
