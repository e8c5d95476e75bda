"""The course of ``placebook refresh``: one source after the other, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from placebook.catalogue.load import Catalogue, read_sources
from placebook.catalogue.models import Source
from placebook.errors import InputError
from placebook.paths import Project
from placebook.refresh import journal, nomis_interface
from placebook.refresh.els_interface import Told
from placebook.refresh.fetching import Fetcher, Limits
from placebook.refresh.landing import Ground, Landing
from placebook.refresh.live import Live, hosts, offered, way
from placebook.refresh.names import Names
from placebook.refresh.readers import Directory
from placebook.refresh.run import STAGES, chosen

KEPT = "fetched"


@dataclass(frozen=True)
class RefreshOrder:
    """What somebody asks of ``placebook refresh``."""

    ids: Sequence[str] = ()
    """Sources; all where none is named."""
    directory: Path | None = None
    """Where the publishers' files lie, in place of the network."""
    base_url: str = ""
    """A server on this machine in place of the publishers'."""
    dry_run: bool = False
    accepting: Mapping[str, str] = field(default_factory=dict)
    """Source → why what stops it is right."""
    today: date = field(default_factory=date.today)
    limits: Limits = field(default_factory=Limits)


def ways(project: Project) -> list[tuple[str, str, str]]:
    """Each source's name, how it is refreshed, and how somebody gets what no interface offers."""
    return [(name, way(source), source.manual or "") for name, source in read_sources(project).items()]


def refresh_all(project: Project, order: RefreshOrder, tell: Callable[[str], None] = lambda line: None) -> Iterator[Landing]:
    """Refresh source by source, geography first; what became of each as it is known. ``tell`` hears what is being asked.

    Raises InputError for an order that names no source of the project, or accepts one without looking at it.
    """
    ids = order.ids or tuple(order.accepting)
    sources = chosen(read_sources(project), ids)
    if strange := [name for name in order.accepting if name not in ids]:
        raise InputError(f"--accept {strange[0]}: is not among the sources named. Name it too, or name none.")
    directory = Directory(order.directory) if order.directory else None
    for name in journal.recover(project):
        tell(f"{name}: what an earlier refresh had begun is ended")
    try:
        catalogue, _ = Catalogue.read(project)
    except InputError:  # the first refresh of all: there is no geography yet
        catalogue = None
    ground = Ground(
        project,
        order.today,
        _named_districts(catalogue) if catalogue else {},
        list(catalogue.indicators.values()) if catalogue else (),
        order.dry_run,
        order.accepting,
    )
    for number, name in enumerate(ordered := sorted(sources, key=lambda one: (_stage(sources[one]), one)), start=1):
        tell(f"{number} of {len(ordered)}: {name}, {'a directory' if directory else way(sources[name])}")
        if directory:
            yield _from_directory(ground, name, sources[name], directory, named=bool(ids))
        else:
            yield _live(ground, name, sources[name], order, named=bool(ids))


def _named_districts(catalogue: Catalogue) -> dict[str, str]:
    codes = {code for place in catalogue.places.values() for code in catalogue.districts_of(place)}
    return {code: catalogue.areas[code].name if code in catalogue.areas else "" for code in sorted(codes)}


def _stage(source: Source) -> int:
    return min(STAGES.get(block.adapter, len(STAGES)) for block in (source.refresh, source.small_areas) if block)


def _from_directory(ground: Ground, name: str, source: Source, directory: Directory, named: bool) -> Landing:
    held = [file for block in (source.refresh, source.small_areas) if block for file in block.files if directory.has(file)]
    if not held and not named:
        return Landing(name, "by hand", ("none of its files is in the directory",))
    return ground.land(name, source, directory, Told(), live=False)


def _live(ground: Ground, name: str, source: Source, order: RefreshOrder, named: bool) -> Landing:
    try:
        part = offered(source)
    except InputError as error:
        return Landing(name, "failed" if named else "by hand", (str(error),))
    fetcher = Fetcher(
        hosts(source),
        ground.project.build / KEPT,
        order.base_url,
        order.limits,
        pace=0.0 if order.base_url else 1.0,
        secrets=nomis_interface.secrets(),
    )
    reader = Live(source, fetcher, Names.open(ground.project))
    return ground.land(name, part, reader, reader.told, live=True)
