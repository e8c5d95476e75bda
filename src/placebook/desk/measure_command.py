"""``placebook new measure``: asks what it must know, or takes it from options."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from placebook.desk.terminal import answered, asking, say

new = typer.Typer(no_args_is_help=True)


@new.callback()
def _only() -> None:
    """Add something of your own: a measure.

    Examples:
      placebook new measure empty-shops.csv
    """


@new.command()
def measure(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="One row an area: GSS code, figure, and limits if there are.")
    ],
    title: Annotated[str, typer.Option(help="Its heading. Default: the file's name.")] = "",
    section: Annotated[str, typer.Option(help="Where it stands: people, places and so on.")] = "",
    unit: Annotated[str, typer.Option(help="count, percent, per-1000, per-100000, pounds, years, minutes, score, ratio.")] = "",
    of: Annotated[str, typer.Option(help="What it is a share, a rate or a number of: households.")] = "",
    better: Annotated[str, typer.Option(help="higher, lower or neither.")] = "",
    counted: Annotated[str, typer.Option(help="counted (in full) or estimated (without limits).")] = "",
    publisher: Annotated[str, typer.Option(help="Who publishes it.")] = "",
    page: Annotated[str, typer.Option(metavar="ADDRESS", help="Where: https://example.org/clubs.")] = "",
    licence: Annotated[str, typer.Option(help="OGL-UK-3.0, CC-BY-4.0, ODbL-1.0 and others.")] = "",
    period: Annotated[str, typer.Option(help="2024, 2023/24, 2024-03-31; none where a column says it.")] = "",
    definition: Annotated[str, typer.Option(help="What is counted, of whom, in a sentence.")] = "",
    area: Annotated[str, typer.Option(metavar="COLUMN", help="The column of GSS codes, where several might be.")] = "",
    value: Annotated[str, typer.Option(metavar="COLUMN", help="That of the figures.")] = "",
    numerator: Annotated[str, typer.Option(metavar="COLUMN", help="Of a share: those counted.")] = "",
    denominator: Annotated[str, typer.Option(metavar="COLUMN", help="Of a share: all.")] = "",
    own: Annotated[str, typer.Option(help="yes, or no where a publisher has protected whom it counts. Default: yes.")] = "",
    hold_back: Annotated[bool, typer.Option("--hold-back", help="Hold counts from one to four back.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take every default, ask nothing.")] = False,
) -> None:
    """Add a measure by district, ward, MSOA or LSOA from a CSV.

    It writes the measure's source, its table and what the page says of it. What
    the options leave open is asked. Counts of small areas are added up to places;
    a share of small areas needs its two columns of counts. Counts of whole wards
    are added up to districts. Everything is checked before it stays; nothing is
    overwritten. Mend what it wrote by hand afterwards: data/sources/ and
    data/measures/ hold a file each.

    Examples:
      placebook new measure empty-shops.csv
      placebook new measure damp.csv --numerator damp --denominator homes
      placebook new measure clubs.csv --section places --unit count
        --better higher --counted counted --publisher "Ayton Council"
        --page https://example.org/clubs --period 2024
    """
    from placebook.desk import new_measure
    from placebook.desk.opened import opened

    project, asks = context.obj.project, asking(yes)
    catalogue = opened(project).catalogue
    columns = {"area": area, "value": value, "numerator": numerator, "denominator": denominator}
    draft = new_measure.drafted(file, columns, catalogue, hold_back)
    said = new_measure.Answers(title, section, unit, better, counted, publisher, page, licence, period, of, own, definition)
    for question in new_measure.questions(draft, catalogue):
        if not getattr(said, question.option):
            taken = answered(question.words, question.choices, question.default) if asks else question.default
            said = replace(said, **{question.option: taken})
    new_measure.checked(said, draft, catalogue)
    written = new_measure.write(project, said, draft, date.today())
    for line in new_measure.shown(project, said, draft):
        say(line)
    say(f"Written: {', '.join(written)}. Keep {file.name}: placebook refresh --from ITS-FOLDER {new_measure.slug(said)}")
    say("writes the table again. Next: placebook build")
