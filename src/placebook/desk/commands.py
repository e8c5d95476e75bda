"""The analyst's commands: preview, add, remove, rename. They ask on a terminal and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from placebook.desk import completion
from placebook.desk.terminal import agreed, asking, err, out, say, which
from placebook.errors import InputError

Place = Annotated[str, typer.Argument(help="The place's slug, or its name in the book.", autocompletion=completion.places)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Take every default, ask nothing.")]


def preview(
    context: typer.Context,
    place: Annotated[
        str,
        typer.Argument(
            help="Its slug or name: only its page is made. Default: the whole book.", autocompletion=completion.places
        ),
    ] = "",
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Places at a time. Default: one for each core.")] = os.cpu_count() or 1,
) -> None:
    """Show the book in the browser while you write.

    What you save is built, and the page loads again where you stood. It watches
    params/, data/, notebooks/, book/, _config.yml and _toc.yml. Words take a
    second or two, figures as long as their pages are executed; the page that you
    look at comes first. What is wrong stands on the page and here, with file and
    line, above the last good book. It is served to this machine alone, from
    _build/preview. Ctrl-C ends it.

    With a place, the other places stay as they were made, or a page stands in for
    them.

    Examples:
      placebook preview
      placebook preview broxbourne
      placebook preview --no-open
    """
    from placebook.desk import preview as at_work
    from placebook.desk import removal

    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy loads: pages side by side would fight over the cores
    project = context.obj.project
    at_work.preview(project, removal.slug_named(project, place) if place else "", workers, err, opens=not no_open)


def picture(
    context: typer.Context,
    places: Annotated[
        list[str] | None, typer.Argument(help="Slugs or names. Default: every place.", autocompletion=completion.places)
    ] = None,
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to. It is made where it is not there.")] = Path("pictures"),
    figure: Annotated[str, typer.Option(help="One figure of each page, by the end of its address: commuting.")] = "",
) -> None:
    """Save the figures of places as PNG files, for slides and reports.

    Title and source stand in them. They are drawn from the tables as they are; no
    build is needed. Files of the same names are written again.

    Examples:
      placebook picture broxbourne
      placebook picture --to slides --figure commuting
    """
    from placebook.desk import removal
    from placebook.desk.pictures import pictures

    project = context.obj.project
    slugs = [removal.slug_named(project, place) for place in places or ()]
    for path in pictures(project, slugs or sorted(path.stem for path in project.params.glob("*.yml")), to, figure):
        out.print(str(path), soft_wrap=True)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty or not there yet.")],
    county: Annotated[str, typer.Option(help="A county, unitary authority or region: all its districts are places.")] = "",
    districts: Annotated[
        list[str] | None, typer.Option("--districts", "--in", help="Districts, with commas, beside the county or in its place.")
    ] = None,
    name: Annotated[str, typer.Option(help="What they are called together. Default: the county.")] = "",
    title: Annotated[str, typer.Option(help="The book's title.")] = "",
    author: Annotated[str, typer.Option(help="Who publishes it.")] = "",
    address: Annotated[str, typer.Option(help="A mailbox or web page where readers challenge a figure.")] = "",
    colour: Annotated[str, typer.Option(metavar="#RRGGBB", help="The book's accent, dark enough for links.")] = "",
    logo: Annotated[Path | None, typer.Option(metavar="FILE", help="An SVG or PNG. Default: the shape of the area.")] = None,
) -> None:
    """Begin a book of your own.

    It holds places, a chapter that sets them side by side, title, address,
    colours and logo. National tables, measures, templates and pages on method
    come from the installed package; a file of the same path in DIR stands in its
    place. Nothing is overwritten.

    Examples:
      placebook init cambridgeshire --county Cambridgeshire
      placebook init beds --districts "Bedford, Luton" --name "Two towns"
      placebook init cp --county Cambridgeshire --in Peterborough
        --name "Cambridgeshire and Peterborough"
    """
    from placebook.desk import own_book
    from placebook.desk.book_words import Words

    for line in own_book.init(folder, county, districts or [], name, Words(title, author, address, colour, logo)):
        say(line)


def add(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="A district, a county or a built-up area, as people call it; or a name of your own.")
    ],
    within: Annotated[
        list[str] | None, typer.Option("--in", help="A district: where several have the name, and of a group each.")
    ] = None,
    kind: Annotated[str, typer.Option(help="district, county, town or group, where one name means several.")] = "",
    called: Annotated[str, typer.Option("--as", help="What the book calls it, where that is not its own name.")] = "",
    wards: Annotated[list[str] | None, typer.Option(help="A town of these wards (2024), by code or name.")] = None,
    msoas: Annotated[
        list[str] | None, typer.Option(help="Of these MSOAs, by code or name, also that of the House of Commons Library.")
    ] = None,
    lsoas: Annotated[list[str] | None, typer.Option(help="Of these 2021 LSOAs, by code or name.")] = None,
    built_up_areas: Annotated[list[str] | None, typer.Option(help="Of these built-up areas together.")] = None,
    boundary: Annotated[Path | None, typer.Option(metavar="FILE.geojson", help="Of the LSOAs inside this boundary.")] = None,
    crs: Annotated[str, typer.Option(help="Its coordinate system, where that is not degrees: EPSG:27700.")] = "",
    share: Annotated[float | None, typer.Option(help="How much of an LSOA's area must be inside. Default: 0.5.")] = None,
    picture: Annotated[Path | None, typer.Option("--map", metavar="FILE.png", help="Draw its areas into a new file.")] = None,
    yes: Yes = False,
) -> None:
    """Write params/<slug>.yml for an English place, and say what it is.

    A place is a town, a district, a county or a group of districts. A town is its
    built-up area: the 2021 LSOAs of the Office for National Statistics' lookup of
    December 2022; or the wards, MSOAs, LSOAs or boundary that you name. Options
    of several names are repeated, or hold commas. Nothing is overwritten.

    Examples:
      placebook add Hitchin
      placebook add Bedford --kind town
      placebook add "Newmarket (West Suffolk)"
      placebook add Clifton --wards Clifton --in Bristol
      placebook add "Old Town" --boundary old.geojson --map old.png
      placebook add "Newmarket with Ely" --built-up-areas "Newmarket, Ely"
      placebook add Solent --kind group --in "Southampton, Portsmouth, Havant"
    """
    from placebook.desk import new_place, wanted
    from placebook.desk import picture as map_of
    from placebook.desk.choices import Choice, refuse, words
    from placebook.desk.opened import opened

    project, asks = context.obj.project, asking(yes)
    lists = (wards or (), msoas or (), lsoas or (), built_up_areas or ())
    order = wanted.Wanted(name, within or (), kind, *lists, boundary, crs, share)
    map_of.check(picture)
    desk = opened(project)

    def pick(what: str, found: list[Choice]) -> Choice:
        if not asks and not yes:
            return refuse(desk.areas)(what, found)
        say(f"{what!r} may be {len(found)} places:")
        for number, choice in enumerate(found, 1):
            say(f"  {number}  {choice.name}: {words(desk.areas, choice)}")
        chosen = found[which(len(found)) - 1] if asks else found[0]
        say(f"Taken: {chosen.name}, {words(desk.areas, chosen)}.")
        return chosen

    choice = wanted.found(project, desk.areas, order, pick)

    def agree(shown: str, lines: Sequence[str]) -> bool:
        for line in lines:
            say(line)
        if picture:
            map_of.write(project, desk.areas, choice, called or new_place.called(choice), picture)
            say(f"Its map: {picture}")
        if desk.elsewhere:
            many = len(desk.elsewhere)
            err.print(f"warning: placebook check finds {many} fault{'s' if many > 1 else ''} elsewhere", markup=False)
        return not asks or agreed(f"Write {shown}?", default=True)

    path = new_place.add(project, choice, desk, called, agree)
    say(f"Written: params/{path.name}. Next: placebook build {path.stem}" if path else "Nothing was written.")


def remove(
    context: typer.Context,
    place: Place,
    yes: Yes = False,
) -> None:
    """Remove a place: params/<slug>.yml and everything that was made from it.

    Examples:
      placebook remove hitchin
      placebook remove hitchin --yes
    """
    from placebook.build.lock import locked
    from placebook.desk import removal

    project = context.obj.project
    slug = removal.slug_named(project, place)
    removal.check_not_last(project, slug)
    if not yes and not asking(yes):
        raise InputError(f"nothing was removed: here nobody can be asked; say it with --yes: placebook remove {slug} --yes")
    say(removal.brought_back(project, slug))
    for mention in removal.mentions(project, slug):
        say(f"{mention} names it: change that by hand.")
    if not yes and not agreed(f"Remove params/{slug}.yml and everything made from it?", default=False):
        say("Nothing was removed.")
        return
    with locked(project):
        removed = removal.remove(project, slug)
    say(f"Removed: {', '.join(removed)}.")
    if project.html.exists():
        say("The rest of the book names it until the next placebook build.")


def rename(
    context: typer.Context,
    place: Place,
    name: Annotated[str, typer.Argument(help="What the book is to call it.")],
) -> None:
    """Give a place another name: in its file, and the file itself.

    Every other word of the file stays.

    Examples:
      placebook rename hitchin "Old Hitchin"
    """
    from placebook.build.lock import locked
    from placebook.desk import removal, renaming

    project = context.obj.project
    slug = removal.slug_named(project, place)
    with locked(project):
        path = renaming.rename(project, slug, name)
        removed = removal.clear(project, slug) if path.stem != slug else []
    for mention in removal.mentions(project, slug) if path.stem != slug else []:
        say(f"{mention} names {slug}: change that by hand.")
    if removed:
        say(f"Removed what was made under the old name: {', '.join(removed)}.")
    say(f"Written: params/{path.name}. Next: placebook build")
