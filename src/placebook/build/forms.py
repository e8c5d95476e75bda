"""An order carried out on this machine or on a cluster, and what became of it, told.

Nothing heavy is imported here: where nothing has changed, that is said at once.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from placebook.build import progress
from placebook.build.standing import Order, Outcome, standing
from placebook.catalogue import configuration
from placebook.errors import BuildError, InputError
from placebook.execute import warm
from placebook.paths import Project

if TYPE_CHECKING:
    from rich.console import Console

    from placebook.execute.crew import Crew


def make(project: Project, order: Order, cold: bool, out: Console, err: Console) -> None:
    """Build what was ordered, with warm pages or ``cold`` ones. ``out`` hears what became of each place and where the book is,
    ``err`` of the progress.

    Raises InputError for what a public book must not have, where it is to be one, and BuildError where a place failed, or the
    build was interrupted.
    """
    warm.one_thread_each()
    if order.public and (faults := configuration.public_faults(project)):
        raise InputError(faults)
    progress.warn(configuration.warnings(project), err)
    if not order.again and (outcomes := standing(project, order)) is not None:
        progress.show(progress.summary(outcomes), out)
        out.print("Nothing has changed: nothing was executed or compiled.")
        _say_where(project, out)
        return
    try:
        outcomes = (_on_cluster if order.cluster else _here)(project, order, cold, err)
    except KeyboardInterrupt:  # the command line's own handler would end without a word
        raise BuildError("interrupted; the last good book is untouched, and the next build does what is left") from None
    progress.show(progress.summary(outcomes), out)
    failed = [outcome for outcome in outcomes if outcome.failed]
    if failed:
        told = "\n".join(f"{outcome.place}: {outcome.problem}" for outcome in failed)
        if not order.keep_going or len(failed) == len(outcomes):
            raise BuildError(f"{told}\nThe book was not compiled; the last good one is untouched.")
        _say_where(project, out)
        raise BuildError(f"{told}\nThe book stands without them: a page for each says so. The next build tries again.")
    _say_where(project, out)


def _here(project: Project, order: Order, cold: bool, err: Console) -> list[Outcome]:
    # The server of warm processes loads the libraries while this process does.
    with warm.processes(project, cold) as kernel:
        return _release(project, replace(order, kernel=kernel), err)


def _on_cluster(project: Project, order: Order, cold: bool, err: Console) -> list[Outcome]:
    from placebook.build import checked
    from placebook.execute import cluster

    order = replace(order, kernel=warm.COLD if cold else warm.WARM)
    cluster.knock(order.cluster)
    # To load Dask and reach the workers takes as long as to check; places begin where all workers can be used.
    with checked.helped(project), cluster.gather(order.cluster, order.kernel) as crew:
        crew.warn_of_threads()
        crew.equip_ahead(project)
        return _release(project, order, err, crew)


def _release(project: Project, order: Order, err: Console, crew: Crew | None = None) -> list[Outcome]:
    from placebook.build import build

    with progress.Course(err, order.workers) as course:
        return build.build(project, order, course.done, course.begin, course.stage, crew)


def _say_where(project: Project, out: Console) -> None:
    html = os.path.relpath(project.html)
    out.print(f"The book is in {html}/index.html", markup=False, soft_wrap=True)
    for path in sorted((project.html / "downloads").glob("*.*")):
        out.print(f"  {html}/downloads/{path.name}  {path.stat().st_size / 1e6:.1f} MB", markup=False, soft_wrap=True)
