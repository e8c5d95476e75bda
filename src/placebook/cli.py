"""``placebook``: the commands of the book.

Exit status 0: done. 1: something failed. 2: the input or the call is wrong.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core
from rich.markup import escape
from rich.padding import Padding

from placebook import __version__
from placebook.build.order import FORMATS, Order
from placebook.build.unchanged import unchanged
from placebook.catalogue import configuration
from placebook.desk import auditing, checking, commands, comparing, completion, measure_command, pinning, reviewing
from placebook.desk.terminal import err, out, show, summary, warn
from placebook.errors import AtWork, BuildError, InputError, PlacebookError
from placebook.execute import cluster, pool
from placebook.execute.outcome import PLACE, TIME_LIMIT
from placebook.paths import Project

CANNOT_WRITE = {
    errno.ENOSPC: "the disk is full; make room and build again: what is finished is kept",
    errno.EDQUOT: "the disk quota is used up; make room and build again: what is finished is kept",
    errno.EFBIG: "a file may not grow so large here (ulimit -f); raise the limit and build again",
    errno.EROFS: "the disk may only be read; build in a checkout that can be written",
    errno.EACCES: "there is no right to write there; ask its owner, or build in a checkout of your own",
    errno.EPERM: "there is no right to write there; ask its owner, or build in a checkout of your own",
}
"""What a system says when it will not write, in words and with the remedy."""

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


# What several commands take.
Workers = Annotated[int, typer.Option(min=1, help="Places at a time, and cores to compile on. Default: one for each core.")]
Formats = Annotated[
    str, typer.Option(help="What to make, with commas: html, single (one HTML file), pdf, word. HTML is always made.")
]
KeepGoing = Annotated[bool, typer.Option("--keep-going", help="Compile without the places that fail; a page says so for each.")]
Cluster = Annotated[
    str, typer.Option(metavar="tcp://HOST:PORT", help="Execute the places on the workers of this Dask scheduler.")
]
Public = checking.Public


class _State:
    """What the options before the command say."""

    def __init__(self, folder: Path | None):
        self.folder = folder

    @property
    def project(self) -> Project:
        project = Project.at(self.folder) if self.folder else Project.find()
        if any((project.build / "landing").glob("*/")):  # a refresh was killed between two files: what it had begun is ended
            from placebook.build.lock import locked
            from placebook.refresh import journal

            with suppress(AtWork), locked(project, "refresh"):
                journal.recover(project)
        return project


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"placebook {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    project: Annotated[Path | None, typer.Option(help="The checkout to work on. Default: the one around this folder.")] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")] = False,
) -> None:
    """Build the book of place deep dives.

    Examples:
      placebook build                      # all places, then the HTML site
      placebook build broxbourne           # one place again
      placebook preview                    # the book in the browser as you write
      placebook check                      # every mistake in every file, at once
      placebook init kent --county Kent    # a book of your own
    """
    context.obj = _State(project)


@app.command()
def build(
    context: typer.Context,
    places: Annotated[
        list[str] | None, typer.Argument(help="Slugs of places. Default: all.", autocompletion=completion.places)
    ] = None,
    workers: Workers = os.cpu_count() or 1,
    formats: Formats = "html",
    again: Annotated[bool, typer.Option("--again", help="Execute also what has not changed.")] = False,
    cold: Annotated[
        bool, typer.Option("--cold", help="A new Python for each page, as Papermill does it: slower, same bytes.")
    ] = False,
    keep_going: KeepGoing = False,
    time_limit: Annotated[
        int, typer.Option(min=1, help="Seconds that one cell of a notebook may take before it is stopped.")
    ] = TIME_LIMIT,
    cluster: Cluster = "",
    public: Public = False,
) -> None:
    """Execute the places that changed, compile the HTML site into _build/html.

    A place is executed again where its params, its readings of the tables, the
    template, the declarations, outlines, the package or the libraries have
    changed; the summary says which. Analysts' words are put in without executing.
    The one-file book, the PDFs and the summaries in Word stand in
    _build/html/downloads. With places named, the others stay as they are, and
    only those named get a PDF and a Word file.

    Examples:
      placebook build
      placebook build letchworth st-albans --workers 2
      placebook build broxbourne --again
      placebook build --formats html,single,pdf,word
      placebook build --cluster tcp://10.0.0.5:8786
    """
    order = Order(
        places or [],
        _formats(formats),
        workers,
        cold=cold,
        again=again,
        keep_going=keep_going,
        time_limit=time_limit,
        cluster=cluster,
        public=public,
    )
    _make(context.obj.project, order)


def _make(project: Project, order: Order) -> None:
    """Carry out an order; says what became of each place and where the book is.

    Raises InputError for what a public book must not have, where it is to be one, and BuildError where a place failed, or the
    build was interrupted.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy loads: pages side by side would fight over the cores
    gc.set_threshold(100_000)  # reading and checking make many small things and little garbage
    if order.public and (faults := configuration.public_faults(project)):
        raise InputError(faults)
    warn(configuration.warnings(project), err)
    if not order.again and (outcomes := unchanged(project, order)) is not None:
        show(summary(outcomes), out)
        out.print("Nothing has changed: nothing was executed or compiled.")
        _show_files(project)
        _warn_of_texts(project)
        return
    if order.cluster:
        cluster.knock(order.cluster)
    elif not order.cold and not project.executed(PLACE, "").parent.exists():  # a new book: all its pages are to come
        pool.warm_up(project)
    from placebook.build.build import build  # it loads the libraries
    from placebook.desk import newer_package

    for line in newer_package.news(project):
        out.print(line, markup=False, soft_wrap=True)
    try:
        outcomes = build(project, order, err)
    except KeyboardInterrupt:  # the command line's own handler would end without a word
        raise BuildError("interrupted; the last good book is untouched, and the next build does what is left") from None
    show(summary(outcomes), out)
    problems = "\n".join(f"{outcome.place}: {outcome.problem}" for outcome in outcomes if outcome.failed)
    if problems and (not order.keep_going or all(outcome.failed for outcome in outcomes)):
        raise BuildError(f"{problems}\nThe book was not compiled; the last good one is untouched.")
    _show_files(project)
    _warn_of_texts(project)
    if problems:
        raise BuildError(f"{problems}\nThe book stands without them: a page for each says so. The next build tries again.")
    newer_package.keep(project)


def _warn_of_texts(project: Project) -> None:
    """Say which words must be checked against the page that was built, where any are pinned."""
    if project.pins.is_dir():
        from placebook.catalogue.load import Catalogue
        from placebook.report import check_text
        from placebook.report.pinned import Pinned

        warn(list(check_text.hints(Pinned(project, Catalogue.open(project)))), err)


def _show_files(project: Project) -> None:
    html = os.path.relpath(project.html)
    out.print(f"The book is in {html}/index.html", markup=False, soft_wrap=True)
    for path in sorted((project.html / "downloads").glob("*.*")):
        out.print(f"  {html}/downloads/{path.name}  {path.stat().st_size / 1e6:.1f} MB", markup=False, soft_wrap=True)


@app.command()
def edition(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            help="A country, or the name of a county's file: all its districts are places; or keep.",
            autocompletion=completion.counties,
        ),
    ],
    kept_as: Annotated[str, typer.Argument(metavar="[NAME]", help="After keep: what the edition is called, 2026-12.")] = "",
    first: Annotated[int | None, typer.Option(min=1, help="Only so many districts, the first by name.")] = None,
    towns: Annotated[
        int | None, typer.Option(min=0, max=1000, help="And so many of its largest towns. Default: 10 of a county, else none.")
    ] = None,
    workers: Workers = os.cpu_count() or 1,
    formats: Formats = "html",
    keep_going: KeepGoing = False,
    cluster: Cluster = "",
) -> None:
    """Build a book of all districts of a country, or of a county and its towns.

    It is a checkout of its own in _build/editions, with params written for it;
    what params/ holds a file for keeps its words. A town is a built-up area that
    has less than nine tenths of its district's residents. All England is 296
    places. What is held for one county alone closes up elsewhere, and each page
    lists what is not available.

    placebook edition keep NAME keeps the book as it was built last: what its
    ledgers hold, in editions/NAME, for good. placebook compare sets it beside a
    later one.

    Examples:
      placebook edition england
      placebook edition england --first 40
      placebook edition keep 2026-12
    """
    if name == "keep" or kept_as:
        comparing.keep(context, name, kept_as)
        return
    from placebook.catalogue.load import Catalogue
    from placebook.desk import editions

    project = context.obj.project
    made = editions.edition(project, Catalogue.open(project), name, first, towns)
    out.print(f"The edition is in {made.root.relative_to(project.root)}", markup=False)
    _make(made, Order([], _formats(formats), workers, keep_going=keep_going, cluster=cluster))


def _formats(text: str) -> list[str]:
    """The formats named, HTML among them: the others are made from it."""
    named = [name.strip().lower() for name in text.split(",") if name.strip()]
    if unknown := [name for name in named if name not in FORMATS]:
        known = ", ".join(FORMATS)
        raise InputError(f"--formats: there is no format {', '.join(unknown)}; use {known}, with commas between")
    return ["html", *(name for name in FORMATS[1:] if name in named)]


app.command()(checking.check)
app.command(name="list")(checking.list_places)
app.add_typer(measure_command.new, name="new")
app.command()(commands.init)
app.command()(commands.preview)
app.command()(commands.picture)
app.command()(comparing.compare)
app.command()(commands.add)
app.command()(commands.remove)
app.command()(commands.rename)
app.command()(pinning.pin)
app.command()(reviewing.review)
app.command()(auditing.audit)


class _WithAdapters(typer.core.TyperCommand):
    """Help that lists the adapters too; they are loaded only for who asks."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        super().format_help(ctx, formatter)
        from placebook.refresh.adapters import described

        out.print("Adapters, as a source's refresh: or small_areas: names them, and their options (* must be given):\n")
        for name, words, options in described():
            out.print(Padding(f"[bold]{name}[/bold]  {escape(words)}", (0, 0, 0, 2)))
            out.print(Padding(escape(", ".join(options)), (0, 0, 0, 4)))


@app.command(cls=_WithAdapters)
def refresh(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Names of sources. Default: all.", autocompletion=completion.sources)
    ] = None,
    directory: Annotated[
        Path | None,
        typer.Option("--from", help="A directory with the publishers' files, in place of the network."),
    ] = None,
    base_url: Annotated[str, typer.Option(help="A server on this machine that stands in for the publishers.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fetch and hold against what is frozen; write no table.")] = False,
    accept: Annotated[list[str] | None, typer.Option(help="A source that had stopped, and is right as it is.")] = None,
    because: Annotated[str, typer.Option(help="Why it is right; kept in data/accepted.yml.")] = "",
    listing: Annotated[bool, typer.Option("--list", help="Only say how each source is refreshed.")] = False,
) -> None:
    """Fetch new figures from publishers; what holds takes the frozen tables' place.

    A new table replaces the old one only when everything holds: its form, codes,
    periods, areas, ranges and sums. A jump, lost history or a revision beyond its
    interval stops that source with a report until it is accepted with a reason.

    Examples:
      placebook refresh els-employment
      placebook refresh --from ../downloads els-employment
      placebook refresh --list
      placebook refresh els-employment --accept els-employment --because "rebased"
    """
    from placebook.build.lock import locked
    from placebook.refresh import course

    project = context.obj.project
    if listing:
        for name, way, by_hand in course.ways(project):
            out.print(f"{name}: {way}" + (f"\n    {by_hand}" if by_hand else ""), markup=False, soft_wrap=True)
        return
    if bool(accept) != bool(because.strip()):
        raise InputError('say both what is accepted and why: --accept SOURCE --because "…"')
    accepting = dict.fromkeys(accept or (), because)
    order = course.RefreshOrder(sources or (), directory, base_url, dry_run, accepting)
    with locked(project, "refresh"):
        landings = []
        for landing in course.refresh_all(project, order, lambda line: err.print(line, style="dim", markup=False)):
            landings.append(landing)
            if landing.state != "by hand":
                out.print("\n".join(landing.lines()), markup=False, soft_wrap=True)
    if others := sum(landing.state == "by hand" for landing in landings):
        out.print(f"{others} sources are refreshed by hand: placebook refresh --list says how.")
    if kept := [landing.source for landing in landings if not landing.well]:
        raise BuildError(f"{len(kept)} of {len(landings)} sources keep their old tables: {', '.join(kept)}")


@app.command()
def schemas(
    context: typer.Context,
    check_only: Annotated[bool, typer.Option("--check", help="Only compare; exit with 1 where they differ.")] = False,
) -> None:
    """Write what is generated: schemas/, docs/findings.md and docs/reference/.

    Examples:
      placebook schemas
      placebook schemas --check
    """
    from placebook.catalogue import schemas as made
    from placebook.desk import reference

    project = context.obj.project
    texts = reference.generated(project, context.find_root().command)
    if check_only:
        if difference := made.drift(project, texts):
            raise BuildError(difference)
        out.print("What is generated is that of the code.")
        return
    made.write(project, texts)
    out.print("Written to schemas/, docs/findings.md and docs/reference/.")


def main() -> None:
    """The command; turns what goes wrong into a message and an exit status."""
    # Whoever ends it, by a service's stop or by closing the terminal, ends it as Ctrl-C does; nohup keeps what it asked for.
    endings = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in endings:
        signal.signal(number, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):  # a letter that a console has not is no reason to fail
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if stream is sys.stdout else "backslashreplace")
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:  # closed before the start
                sys.stdout.flush()
    except BrokenPipeError:  # who was told listens no longer: neither does what Python would say at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except PlacebookError as error:
        kind = "wrong" if error.exit_status == 2 else "failed"
        err.print(f"[bold red]{kind}:[/bold red]", end=" ")
        err.print(str(error), markup=False)
        sys.exit(error.exit_status)
    except OSError as error:
        if error.errno not in CANNOT_WRITE:
            raise
        where = f" ({error.filename})" if error.filename else ""
        err.print(f"[bold red]failed:[/bold red] {CANNOT_WRITE[error.errno]}{escape(where)}. The last good book is untouched.")
        sys.exit(1)
    finally:
        for number in endings:
            signal.signal(number, signal.SIG_DFL)
        gc.freeze()  # at its end Python would look for garbage in all there is, which takes a quarter of a second


if __name__ == "__main__":
    main()
