"""From a checkout to a book: check, execute what changed, chapters, compile, forms, publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.console import Console

from placebook.build import forms, unchanged
from placebook.build.checked import open_checked
from placebook.build.lock import locked
from placebook.build.order import Order
from placebook.build.progress import Display
from placebook.build.run_report import RunReport
from placebook.catalogue.load import Catalogue
from placebook.errors import BuildError, InputError, InputsChanged
from placebook.evidence.spreads import spreads
from placebook.execute import cluster, pool
from placebook.execute.outcome import COUNTY, PLACE, Outcome, Page, failed
from placebook.incremental.fingerprints import Inputs
from placebook.incremental.pages import Pages
from placebook.paths import Project, write_changed
from placebook.report import changes_page, check_text, compare_page, coverage_page, data_catalogue, front_page, summary
from placebook.report.pinned import Pinned
from placebook.site import compile, edition_stamp, pdf, publish, settings

LEFT_OUT = "it was left out: this is a preview of another place. placebook build makes it"


def build(
    project: Project, order: Order, console: Console | None = None, compiler: compile.Compiler | None = None
) -> list[Outcome]:
    """Execute what changed and, where all went well, compile the site and make the other forms of it.

    ``_build/run.json`` keeps what happened. Raises InputError for a place that there is none of, and BuildError where the
    site cannot be compiled, another build is under way, or an input changed meanwhile; a place that fails is in the outcomes
    and stops the compiling. With ``keep_going`` a page that says so stands in for it, unless all failed. A ``compiler`` is what
    a process that builds more than once has loaded ahead.
    """
    with (
        locked(project),
        Display(console or Console(quiet=True), order.workers) as display,
        RunReport(project, order, display) as report,
        compiler or compile.Compiler(project) as compiler,
    ):
        publish.recover(project)
        report.inputs = inputs = Inputs(project).book(order.shapes)
        with report.stage("check"):
            catalogue, store = open_checked(project)
            check_names(order, catalogue)
            compiler.load()  # while the fork server reads ahead, a core is idle
            for indicator in catalogue.indicators.values():  # kept: else each page works out what it finds lacking
                spreads(store, indicator, catalogue.areas)
        pages = Pages(project, catalogue, store, lambda: Inputs(project).book(order.shapes) == inputs)
        pages.drop_others(unchanged.BOOK, compile.COMPILED, publish.ARCHIVE)
        pages.records.forget(unchanged.BOOK)
        display.begin(len(pages.places) + len(pages.counties))
        with report.stage("places"):
            places = make_places(pages, order, report)
        with report.stage("chapters"):
            counties = [] if stopped(places, order) else make_chapters(pages, places, order, report)
        outcomes = [*places, *counties]
        if stopped(outcomes, order):
            return outcomes
        check_unchanged(project, order, inputs)
        with report.stage("compile"):
            write_generated_pages(project, catalogue, order)
            # Most of the compiler's time one core is idle: the archive is then there when the site is published.
            compiled = compile.compile_html(project, inputs, order.workers, compiler, partial(publish.archive, project))

        def finish(site: Path) -> None:
            edition_stamp.write(project, site, store.fingerprint)
            with report.stage("one file and PDFs"):
                forms.make_forms(project, site, catalogue, store.fingerprint, order)

        with report.stage("publish"):
            publish.publish(project, compiled, finish)
            pages.seal_again()
        if "pdf" in order.formats and (problem := pdf.problem()):  # the front page names none
            raise BuildError(problem)
        whole = not order.preview and not any(outcome.failed for outcome in outcomes)
        if whole and not any(map(pages.why_execute, pages.places)):
            unchanged.keep(project, inputs, {PLACE: places, COUNTY: counties})
        return outcomes


def check_names(order: Order, catalogue: Catalogue) -> None:
    """Raises InputError where the order names a place that there is none of."""
    if unknown := [place for place in order.places if place not in catalogue.places]:
        known = ", ".join(sorted(catalogue.places))
        raise InputError(f"there is no place {', '.join(unknown)}; params/ holds {known}")


def make_places(pages: Pages, order: Order, report: RunReport) -> list[Outcome]:
    """Every place's page: executed where something changed, the analysts' words put in. Outcomes by their slugs."""
    outcomes = make_pages(pages, pages.places, order, report)
    if not stopped(outcomes, order):
        stand_in(pages, PLACE, outcomes)
    return outcomes


def make_chapters(pages: Pages, places: Sequence[Outcome], order: Order, report: RunReport) -> list[Outcome]:
    """The chapters of counties, which read the ledgers of all their places; none of a county that a place failed of."""
    lost = {outcome.place for outcome in places if outcome.failed}
    left_out = {outcome.place for outcome in places if outcome.left_out}
    outcomes = []
    for page in pages.counties:
        if lacking := sorted(lost.intersection(pages.catalogue.members(page.slug))):
            outcomes.append(Outcome(page.slug, 0.0, f"it needs the figures of {', '.join(lacking)}, which failed"))
            report.done(outcomes[-1])
        elif left_out.intersection(pages.catalogue.members(page.slug)):
            outcomes.append(Outcome(page.slug, 0.0, left_out=True))
            report.done(outcomes[-1])
        else:
            outcomes += make_pages(pages, [page], order, report)
    if order.keep_going or left_out:
        stand_in(pages, COUNTY, outcomes)
    return outcomes


def make_pages(pages: Pages, wanted: Sequence[Page], order: Order, report: RunReport) -> list[Outcome]:
    """Pages of one kind; outcomes in their order."""
    outcomes: dict[str, Outcome] = {}
    stale: dict[str, str] = {}

    def end(page: Page, outcome: Outcome) -> None:
        outcomes[page.slug] = with_counts(pages.project, page, outcome)
        report.done(outcomes[page.slug])

    def executed(outcome: Outcome) -> None:
        page = Page(wanted[0].kind, outcome.place)
        if not outcome.failed:
            pages.keep_execution(page)
            outcome = bake(pages, page, outcome)
        end(page, replace(outcome, why=stale[page.slug]))

    for page in wanted:
        named = page.kind == COUNTY or not order.places or page.slug in order.places
        if not named and pages.whole(page):  # it stays as it was made, and lacks nothing
            end(page, Outcome(page.slug, 0.0))
        elif not named and order.alone:
            end(page, Outcome(page.slug, 0.0, left_out=True))
        elif why := pages.why_execute(page) or ("asked for" if named and order.again else ""):
            stale[page.slug] = why
            pages.forget(page)
        else:
            end(page, bake(pages, page, Outcome(page.slug, 0.0)))
    execute(pages.project, [Page(wanted[0].kind, slug) for slug in stale], order, executed)
    return [outcomes[page.slug] for page in wanted]


def execute(project: Project, pages: Sequence[Page], order: Order, done: Callable[[Outcome], None]) -> None:
    """Execute pages: places on the workers of the order's cluster, where it names one, and else on this machine."""
    if order.cluster and pages and pages[0].kind == PLACE:
        cluster.execute_all(project, pages, order.cluster, order.time_limit, order.cold, done)
    else:
        pool.execute_all(project, pages, order.workers, order.time_limit, order.cold, done)


def bake(pages: Pages, page: Page, outcome: Outcome) -> Outcome:
    """Put the analysts' words into a page; the outcome says why, where it was made again for them."""
    try:
        return replace(outcome, why=pages.bake(page))
    except BuildError as error:
        return failed(pages.project, page, outcome.seconds, str(error), str(error))


def with_counts(project: Project, page: Page, outcome: Outcome) -> Outcome:
    """The outcome with how much a place's page holds."""
    if page.kind == COUNTY or outcome.failed or outcome.left_out:
        return outcome
    return replace(outcome, counts=summary.read(project.summaries / f"{page.slug}.json").counts)


def stand_in(pages: Pages, kind: str, outcomes: Sequence[Outcome]) -> None:
    """A page that says so for each that failed or was left out."""
    for outcome in outcomes:
        if outcome.failed or outcome.left_out:
            pages.stand_in(Page(kind, outcome.place), outcome.problem or LEFT_OUT)


def stopped(outcomes: Sequence[Outcome], order: Order) -> bool:
    """Whether pages that failed stop the build."""
    failures = sum(outcome.failed for outcome in outcomes)
    return failures > 0 and not (order.keep_going and failures < len(outcomes))


def check_unchanged(project: Project, order: Order, inputs: Mapping[str, str]) -> None:
    """Raises InputsChanged where an input has changed since the build began."""
    now = Inputs(project).book(order.shapes)
    if changed := [part for part, digest in now.items() if inputs[part] != digest]:
        raise InputsChanged(
            f"{', '.join(changed)} changed while the book was being built, so its pages would not be of one edition. "
            f"The last good book is untouched. Build again: what did not change is kept."
        )


def write_generated_pages(project: Project, catalogue: Catalogue, order: Order) -> None:
    """The data catalogue, and what the pages of the whole book say of the places, from their summaries."""
    write_changed(project.generated / "catalogue.md", data_catalogue.page(catalogue))
    places = {slug: summary.read(project.summaries / f"{slug}.json") for slug in forms.with_figures(project, catalogue)}
    ledgers = {slug: place.ledger for slug, place in places.items()}
    covered = {slug: place.coverage for slug, place in places.items()}
    write_changed(project.generated / "coverage.md", coverage_page.page(catalogue, covered))
    other_forms = forms.forms(project, catalogue, order)
    check = check_text.front(Pinned(project, catalogue))
    write_changed(
        project.generated / "front.md", front_page.page(project, catalogue, ledgers, catalogue.edition_date, other_forms, check)
    )
    write_changed(project.generated / "compare.md", compare_page.page(catalogue, ledgers))
    write_changed(project.generated / "changes.md", changes_page.page(project, catalogue.indicators))
    settings.lay_pages(project)
