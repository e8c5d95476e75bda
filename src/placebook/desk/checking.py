"""``placebook check`` and ``placebook list``: what is wrong, what should be looked at, what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from placebook.catalogue import configuration
from placebook.desk.terminal import err, out, show, warn
from placebook.errors import Fault, InputError
from placebook.paths import Project

if TYPE_CHECKING:
    from placebook.catalogue.load import Catalogue

AsJson = Annotated[
    bool, typer.Option("--json", help="As JSON on standard output, for other programs; the documentation names the keys.")
]
Public = Annotated[
    bool,
    typer.Option("--public", help="For publishing: refuse also what a public book must not have, such as made-up addresses."),
]


def check(context: typer.Context, public: Public = False, as_json: AsJson = False) -> None:
    """Check every file that people write and every table; say all that is wrong.

    A number typed into words that is a figure of the page, as it was built last,
    is pointed out, and so are words whose figures have moved since they were
    pinned.

    Examples:
      placebook check
      placebook check --public
      placebook check --json
    """
    try:
        catalogue, hints = _checked(context.obj.project, public)
    except InputError as error:
        if not as_json:
            raise
        from placebook.desk.as_json import wrong

        print(wrong(error))
        raise typer.Exit(error.exit_status) from None
    if as_json:
        from placebook.desk.as_json import well

        print(well(catalogue, hints))
        return
    warn(hints, err)
    out.print(
        f"All is well: {len(catalogue.places)} places, {len(catalogue.indicators)} indicators, "
        f"{len(catalogue.sources)} sources, {len(catalogue.counties)} counties."
    )


def _checked(project: Project, public: bool) -> tuple[Catalogue, list[Fault]]:
    """Everything that is written, and what should be looked at. Raises InputError with all that is wrong."""
    from placebook.build.checked import open_checked
    from placebook.catalogue import corrections
    from placebook.report import check_text
    from placebook.report.answers import answers_unseen
    from placebook.report.bare_numbers import bare_numbers
    from placebook.report.pinned import Pinned

    faults = configuration.public_faults(project) if public else []
    try:
        catalogue, _ = open_checked(project)
    except InputError as error:
        raise InputError([*faults, *error.faults]) if error.faults else error from None
    if faults:
        raise InputError(faults)
    texts = check_text.hints(Pinned(project, catalogue))
    apart = corrections.hints(catalogue.corrections, catalogue.sources)
    found = (bare_numbers(project, catalogue), answers_unseen(project, catalogue), texts, apart)
    return catalogue, [*configuration.warnings(project), *(hint for hints in found for hint in hints)]


def list_places(context: typer.Context, as_json: AsJson = False) -> None:
    """List the places, with kind, area and review status.

    Examples:
      placebook list
      placebook list --json
    """
    from placebook.catalogue.load import Catalogue

    catalogue = Catalogue.open(context.obj.project)
    if as_json:
        from placebook.desk.as_json import places

        print(places(catalogue))
        return
    table = Table()
    for name in ("slug", "name", "kind", "area", "review"):
        table.add_column(name)
    for slug, place in sorted(catalogue.places.items()):
        districts = [f"{catalogue.areas[code].name} ({code})" for code in catalogue.districts_of(place)]
        size = f", {len(catalogue.lsoas_of(place))} LSOAs" if place.kind == "town" else ""
        reviewed = f"reviewed {place.review.on}" if place.review else "draft"
        table.add_row(slug, place.name, place.kind, f"{', '.join(districts)}{size}", reviewed)
    show(table, out)
