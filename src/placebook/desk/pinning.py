"""``placebook pin``: words are read beside the page, and what they stand beside is kept, to be told when it moves."""

from __future__ import annotations

from typing import Annotated

import typer

from placebook.desk import completion
from placebook.desk.terminal import say


def pin(
    context: typer.Context,
    places: Annotated[
        list[str],
        typer.Argument(
            help="Slugs or names of places, or slugs of counties' files.", autocompletion=completion.places_and_counties
        ),
    ],
) -> None:
    """Pin a place's words to the figures that they quote or stand beside.

    Read the words beside the page first, as it was built last. Once a figure
    leaves its limits of today, a verdict is another one or a finding is told no
    more, the page and the front page say "check this text", with then and now,
    and so do check and build. A text is pinned to the measures that it quotes; a
    summary also to the key findings, an answer (explain) to its finding. Words
    that are changed are no longer pinned until this is run again. It writes
    params/pins/<place>.yml.

    Examples:
      placebook pin broxbourne
      placebook pin broxbourne letchworth
    """
    from placebook.build.lock import locked
    from placebook.catalogue.load import Catalogue
    from placebook.desk import pins_file, removal
    from placebook.report.pinned import Pinned

    project = context.obj.project
    with locked(project):
        pinned = Pinned(project, Catalogue.open(project))
        for place in places:
            is_county = place in pinned.catalogue.counties
            slug = place if is_county else removal.slug_named(project, place)
            for line in pins_file.write(pinned, "county" if is_county else "place", slug):
                say(line)
