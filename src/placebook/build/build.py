"""From a checkout to a book: check, execute, compile, and say what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from placebook.build.cards import Cards
from placebook.build.checked import open_checked
from placebook.build.lock import alone
from placebook.build.run_report import Journal
from placebook.build.standing import (
    BOOK,
    Order,
    Outcome,
    county_record,
    keep_book,
    keep_place,
    place_record,
)
from placebook.build.standing import (
    FORMATS as FORMATS,
)
from placebook.catalogue import yaml_reader
from placebook.catalogue.load import Catalogue
from placebook.errors import BuildError, InputError
from placebook.evidence.store import Store
from placebook.execute import leftovers, notebook, placeholder, warm
from placebook.execute.workers import Workers
from placebook.incremental.fingerprints import Cache, Inputs, county_outputs, place_outputs
from placebook.incremental.stale_pages import Renewal
from placebook.paths import Project, write_changed
from placebook.report import data_catalogue
from placebook.report.downloads import BUNDLE
from placebook.report.matrix import headlines
from placebook.site import compile, edition_stamp, pdf, publish, single

if TYPE_CHECKING:
    from placebook.execute.crew import Crew

SINGLE = "book.html"
FRONT_MAP = "placebook.report.front_map"


def write_generated_pages(project: Project, catalogue: Catalogue) -> None:
    """The pages that are made from what is written about the data."""
    write_changed(project.generated / "catalogue.md", data_catalogue.page(catalogue))


def forms(project: Project, catalogue: Catalogue, order: Order) -> list[tuple[str, str]]:
    """The other forms of the book that this build makes: name and file in the site's downloads."""
    found = [("All data: every figure’s numbers and every place’s ledger (ZIP)", BUNDLE)]
    if "single" in order.formats:
        found.append(("The whole book as one HTML file", SINGLE))
    if "pdf" in order.formats and not pdf.problem():
        if not order.places:
            found.append(("The whole book as a PDF", "book.pdf"))
        names = with_figures(project, catalogue)
        found += [(f"{name} as a PDF", f"{slug}.pdf") for slug, name in names.items() if slug in (order.places or names)]
    return found


def with_figures(project: Project, catalogue: Catalogue) -> dict[str, str]:
    """The places whose pages were made, slug and name: one that failed has no ledger."""
    slugs = [slug for slug in sorted(catalogue.places) if (project.ledgers / f"{slug}.json").exists()]
    return {slug: catalogue.places[slug].name for slug in slugs}


def write_front_page(project: Project, catalogue: Catalogue, cards: Cards, others: Sequence[tuple[str, str]]) -> None:
    """The front page's map, cards and news, from the ledgers of all places."""
    from placebook.report import front_page

    ledgers = {slug: cards.ledger(slug) for slug in with_figures(project, catalogue)}
    cards.drop_unused()
    text = front_page.page(project, catalogue, ledgers, edition_date(catalogue), others)
    write_changed(project.generated / "front.md", text)


def edition_date(catalogue: Catalogue) -> date:
    """The day until which figures were taken."""
    return max(source.retrieved for source in catalogue.sources.values())


def make_forms(project: Project, site: Path, catalogue: Catalogue, store: Store, order: Order) -> None:
    """The one-file book and the PDFs, from the compiled pages of ``site``, beside its other downloads; no PDF on a machine that can
    make none. Raises BuildError for a form that cannot be made of this book.
    """
    title, downloads = book_title(project), site / "downloads"
    if "single" in order.formats:
        single.write_single(site, downloads / SINGLE, title)
    if "pdf" in order.formats and not pdf.problem():
        edition = {
            "Official statistics for places, taken until": edition_date(catalogue).isoformat(),
            "Data of this edition (SHA-256)": store.fingerprint,
            "Licence of the figures": "Open Government Licence v3.0 unless the list of sources says otherwise",
            "The evidence of every number, the tables behind the figures and all downloads": "in the web edition of this book",
        }
        names = with_figures(project, catalogue)
        pdf.write_pdfs(site, downloads, title, names, edition, order.workers, order.places, project.cache / "pdf")


def build(
    project: Project,
    order: Order,
    done: Callable[[Outcome], None],
    begin: Callable[[int], None] = lambda count: None,
    stage: Callable[[str], None] = lambda name: None,
    crew: Crew | None = None,
) -> list[Outcome]:
    """Execute what changed and, where all went well, compile the site and make the other forms of it.

    County chapters follow the places. ``begin`` hears how many places and chapters there are, ``done`` of each,
    ``stage`` the name of each part of the work as it begins; ``_build/notebook.json`` keeps what happened. ``crew`` are the
    workers of the order's cluster, where they have been gathered already.

    Raises InputError for a place that there is none of, and BuildError where the site cannot be compiled, another build is
    under way, or an input changed meanwhile; a place that fails is in the outcomes and stops the compiling. With
    ``keep_going`` a page that says so stands in for it, unless all failed.
    """
    with alone(project), ExitStack() as held:
        publish.recover(project)
        leftovers.sweep()
        journal, finished = Journal(order, stage), False
        try:
            outcomes = _build(project, order, done, begin, journal, held, crew)
            finished = True
            return outcomes
        finally:
            journal.write(project, finished)


def _build(
    project: Project,
    order: Order,
    done: Callable[[Outcome], None],
    begin: Callable[[int], None],
    journal: Journal,
    held: ExitStack,
    crew: Crew | None,
) -> list[Outcome]:
    inputs = Inputs(project)
    journal.inputs = whole = inputs.book(order.shapes)
    workers = held.enter_context(Workers(order.workers))
    warm.one_thread_each()
    compiler = held.enter_context(compile.compiler(project))  # it loads beside the check
    ahead = not order.cluster and _load(project, inputs, order, workers)  # a cluster's workers begin when they are gathered
    with journal.stage("check"):
        catalogue, store = open_checked(project)
    unknown = [place for place in order.places if place not in catalogue.places]
    if unknown:
        known = ", ".join(sorted(catalogue.places))
        raise InputError(f"there is no place {', '.join(unknown)}; params/ holds {known}")
    counties = [county for county in sorted(catalogue.counties) if catalogue.members(county)]
    notebook.drop_pages_without_params(project, list(catalogue.places), counties)
    records = Cache(project)
    records.drop_others([BOOK, *map(place_record, catalogue.places), *map(county_record, counties)])
    records.forget(BOOK)
    write_generated_pages(project, catalogue)
    begin(len(catalogue.places) + len(counties))
    here = order
    if order.cluster and counties:
        here = replace(order, kernel=held.enter_context(warm.processes(project, order.kernel == warm.COLD)))
    renewal = Renewal(project, catalogue, store)
    cards = Cards(project, [indicator.id for indicator in headlines(catalogue.indicators.values())])
    drawn = Thread(target=import_module, args=(FRONT_MAP,), daemon=True)  # it loads meanwhile what draws
    if counties and not order.cluster:
        drawn.start()

    def ended(outcome: Outcome) -> None:
        if counties and drawn.ident is None:  # a cluster's workers have what they need, and this process has time
            drawn.start()
        done(outcome)

    if ahead:  # the server of warm processes is still reading
        with journal.stage("type and sheets"):
            publish.make_ready_ahead(project)
    with journal.stage("places"):
        outcomes = _places(project, inputs, renewal, cards, order, ended, workers, crew, ahead)
    journal.outcomes = outcomes
    lost = {outcome.place for outcome in outcomes if outcome.failed}
    keep_going = order.keep_going and len(lost) < len(outcomes)
    if not lost or keep_going:
        for outcome in outcomes:
            if outcome.failed:
                placeholder.place(project, outcome.place, catalogue.places[outcome.place].name, outcome.problem)
        # County chapters read the ledgers of all places, so they come last, and on this machine.
        for county in counties:
            if waits := sorted(lost.intersection(catalogue.members(county))):
                outcomes.append(Outcome(county, 0.0, f"it needs the figures of {', '.join(waits)}, which failed"))
                records.forget(county_record(county))
                done(outcomes[-1])
            else:
                with journal.stage("chapters"):
                    outcomes.append(_county(project, inputs, catalogue, county, here, done, workers))
            if outcomes[-1].failed and keep_going:
                placeholder.county(project, county, catalogue.counties[county].name, outcomes[-1].problem)
    workers.close(at_once=False)
    failed = any(outcome.failed for outcome in outcomes)
    if failed and not keep_going:
        return outcomes
    now = Inputs(project).book(order.shapes)
    if changed := [part for part, digest in now.items() if whole[part] != digest]:
        raise BuildError(
            f"{', '.join(changed)} changed while the book was being built, so its pages would not be of one edition. "
            f"The last good book is untouched. Build again: what did not change is kept."
        )

    def finish(site: Path) -> None:
        edition_stamp.write(project, site, store.fingerprint)
        with journal.stage("one file and PDFs"):
            make_forms(project, site, catalogue, store, order)

    with journal.stage("compile"):
        write_front_page(project, catalogue, cards, forms(project, catalogue, order))
        ended = Event()
        beside = publish.make_ready_beside(
            project, lambda: compile.until_read(project, ended)
        )  # the compiler is a process of its own
        try:
            made = compile.compile_html(project, now, compiler, order.workers)
        finally:
            ended.set()
        beside.join()
    with journal.stage("publish"):
        publish.publish(project, made, finish)
        for slug in catalogue.places:
            records.seal_again(place_record(slug))
    if "pdf" in order.formats and (why := pdf.problem()):  # the front page names none
        raise BuildError(why)
    if not failed and not any(
        records.why(place_record(slug), inputs.place(slug)) or renewal.why(slug) for slug in catalogue.places
    ):
        keep_book(project, whole, outcomes, counties)
    return outcomes


def _load(project: Project, inputs: Inputs, order: Order, workers: Workers) -> bool:
    """Let cold workers load their libraries while the build reads what is written. Gives whether params or code ask for several
    places to be executed, for which the server of warm processes reads ahead."""
    if order.kernel != warm.WARM:
        workers.load()
    records = Cache(project)
    slugs = sorted(path.stem for path in project.params.glob("*.yml"))
    kept = {slug: records.read(place_record(slug)) for slug in slugs if not order.places or slug in order.places}
    changed = [slug for slug, record in kept.items() if order.again or record is None or record.parts != inputs.place(slug)]
    return _ahead(project, order, changed)


def _ahead(project: Project, order: Order, places: Sequence[str]) -> bool:
    """Where several places are to be executed, let what their pages read alike be read once for all of them."""
    if order.kernel != warm.WARM or len(places) < 2:
        return False
    warm.read_ahead(project, places[0])
    return True


def _places(
    project: Project,
    inputs: Inputs,
    renewal: Renewal,
    cards: Cards,
    order: Order,
    done: Callable[[Outcome], None],
    workers: Workers,
    crew: Crew | None,
    ahead: bool,
) -> list[Outcome]:
    """Execute the places that changed; the others are told as they stand. In the order of their slugs."""
    records, known = Cache(project), sorted(renewal.catalogue.places)
    parts = {slug: inputs.place(slug) for slug in known}
    outcomes: dict[str, Outcome] = {}
    why: dict[str, str] = {}
    for slug in known:
        # A page of another place that was never made would be a hole in the book, and one that somebody changed a lie.
        lost = records.harmed(place_record(slug)) or not all(path.exists() for path in place_outputs(project, slug))
        reason = records.why(place_record(slug), parts[slug]) or renewal.why(slug)
        asked_for = not order.places or slug in order.places
        if asked_for and (reason or order.again) or lost:
            why[slug] = reason or "asked for"
            records.forget(place_record(slug))
        else:
            record = records.read(place_record(slug))
            kept = record.told.get("counts") if record else None
            told = tuple(kept) if kept else cards.counts(slug)
            if slug in renewal.renewed:  # its evidence names today's tables
                keep_place(project, slug, parts[slug], told)
            outcomes[slug] = Outcome(slug, 0.0, counts=told)
            done(outcomes[slug])

    def heard(outcome: Outcome) -> None:
        slug = outcome.place
        made = None if outcome.failed else cards.counts(slug)
        # Where a file changed meanwhile nobody knows which of the two the page was made from.
        if not outcome.failed and Inputs(project).place(slug) == parts[slug]:
            keep_place(project, slug, parts[slug], made)
        outcomes[slug] = replace(outcome, why=why[slug], counts=made)
        done(outcomes[slug])

    if not ahead and not order.cluster:
        _ahead(project, order, list(why))
    notebook.execute_all(project, list(why), order, heard, workers, crew)
    return [outcomes[slug] for slug in known]


def _county(
    project: Project,
    inputs: Inputs,
    catalogue: Catalogue,
    county: str,
    order: Order,
    done: Callable[[Outcome], None],
    workers: Workers,
) -> Outcome:
    """A county's chapter, executed where what it reads has changed."""
    name, records = county_record(county), Cache(project)
    members = {slug: catalogue.places[slug].name for slug in catalogue.members(county)}
    parts = inputs.county(members)
    why = records.why(name, parts) or ("asked for" if order.again else "")
    if why:
        records.forget(name)
        outcome = replace(notebook.execute_chapter(project, county, order, workers), why=why)
        if not outcome.failed:
            records.keep(name, parts, county_outputs(project, county), {})
    else:
        outcome = Outcome(county, 0.0)
    done(outcome)
    return outcome


def book_title(project: Project) -> str:
    """The title that the book's configuration gives it."""
    return str(yaml_reader.read(project.config, project.config.name).data.get("title") or "The book")
