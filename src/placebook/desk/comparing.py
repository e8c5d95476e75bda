"""``placebook compare`` and the keeping of editions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from placebook.desk.terminal import out, say
from placebook.errors import InputError

FORMS = ("text", "markdown", "json")


def compare(
    context: typer.Context,
    old: Annotated[str, typer.Argument(help="A kept edition, a folder with ledgers, a project, or a revision of git.")] = "",
    new: Annotated[str, typer.Argument(help="The same. Default: the book as it was built last.")] = "",
    form: Annotated[str, typer.Option("--format", help="text, markdown (for a pull request) or json.")] = "text",
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it into a file.")] = None,
) -> None:
    """Say what differs between two editions of the book.

    Newer and revised figures with the size of the revision, verdicts, key
    findings, sentences word by word, sources and places. Without a name the
    newest kept edition stands for the old one. A revision of git is built with
    today's code, which takes as long as a build.

    Examples:
      placebook compare 2026-06
      placebook compare main --format markdown
      placebook compare ../last-year .
    """
    from placebook.catalogue.load import Catalogue
    from placebook.compare import differences, editions, report

    project = context.obj.project
    if form not in FORMS:
        raise InputError(f"--format: {form!r} is none of {', '.join(FORMS)}")
    names = editions.kept(project)
    if not old and not names:
        raise InputError("no edition is kept yet: name two, or keep one with placebook edition keep NAME")
    then = editions.read(project, old or names[-1])
    found = differences.compare(then, editions.read(project, new) if new else editions.built(project))
    indicators = Catalogue.open(project).indicators
    if form == "json":
        made = json.dumps(report.record(found), ensure_ascii=False, indent=1) + "\n"
    elif form == "markdown":
        made = report.markdown(found, indicators)
    else:
        made = "\n".join(report.text(found, indicators)) + "\n"
    if to:
        from placebook.paths import write_atomically

        write_atomically(to, made)
        say(f"Written: {to}")
    elif form == "text":
        for line in made.splitlines():
            say(line)
    else:
        out.print(made, markup=False, soft_wrap=True, end="")


def keep(context: typer.Context, word: str, name: str) -> None:
    """Keep the book as it was built last. Raises InputError where the call is another."""
    from placebook.compare import editions

    if word != "keep" or not name:
        raise InputError("write placebook edition keep NAME, or placebook edition with one name")
    project = context.obj.project
    folder = editions.keep(project, name)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    say(f"Kept: {folder.relative_to(project.root)} ({size:.1f} MB). Commit it; it is never written again.")
