"""A new table takes the frozen one's place only where everything holds; else that one stays, and the others go on."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from placebook.catalogue import corrections
from placebook.catalogue.corrections import read_corrections
from placebook.catalogue.load import read_sources
from placebook.catalogue.models import Indicator, Source, Table
from placebook.errors import DataError, Fault, InputError
from placebook.evidence.store import KEY, Store
from placebook.evidence.sums import sums
from placebook.geography.areas import Areas
from placebook.paths import Project, files, link, write_atomically
from placebook.refresh import acceptance, datapackage, journal
from placebook.refresh.changes import Change, covered, observations
from placebook.refresh.correcting import Corrected, as_corrected, correct
from placebook.refresh.els_interface import Told
from placebook.refresh.readers import Reader
from placebook.refresh.run import Making, listed, parts
from placebook.refresh.source_record import RefreshedTable, with_corrected, with_dates, with_tables
from placebook.refresh.stops import stops

STAGE = "stage"


@dataclass(frozen=True)
class Landing:
    """What became of one source: it landed, is unchanged, was only tried, stopped, or failed."""

    source: str
    state: str
    """``landed``, ``unchanged``, ``would land`` (a dry run), ``stopped``, ``failed`` or ``by hand``."""
    why: tuple[str, ...] = ()
    """What stopped it, or what is wrong."""
    added: int = 0
    gone: int = 0
    revised: int = 0
    newest: str = ""
    largest: tuple[str, ...] = ()
    """The largest revisions for the book's places."""
    tables: tuple[RefreshedTable, ...] = ()
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mended: tuple[str, ...] = ()
    """Corrections that are dropped, because the publisher gives another figure now."""

    @property
    def well(self) -> bool:
        """Whether its tables are as the publisher's figures are now."""
        return self.state not in ("stopped", "failed")

    def lines(self) -> list[str]:
        """What a reader at the terminal is told of it."""
        words = self.state
        if self.state not in ("failed", "by hand"):
            rows = f"{sum(table.rows for table in self.tables):,} rows"
            moved = f", {self.added:,} new, {self.gone:,} gone, {self.revised:,} revised" if self.state != "unchanged" else ""
            words += f": {rows}{moved}" + (f"; newest period {self.newest}" if self.newest else "")
        words += "".join(f"; {len(codes)} areas {reason} left out" for reason, codes in self.left_out.items())
        told = [f"{self.source}: {words}", *(f"  {reason}" for reason in self.why)]
        if self.state == "stopped":
            told.append(f'  The frozen tables stay. If it is right: placebook refresh --accept {self.source} --because "…"')
        told += [f"  no longer so, and dropped: {words}" for words in self.mended]
        return told + [f"  revised: {words}" for words in self.largest]


@dataclass
class Ground:
    """Where figures land: the project, and what the whole run knows."""

    project: Project
    today: date
    districts: Mapping[str, str] = field(default_factory=dict)
    """Districts of the book's places, by code their names."""
    indicators: Collection[Indicator] = ()
    dry_run: bool = False
    accepting: Mapping[str, str] = field(default_factory=dict)
    """Source → why what stops it is right."""

    def land(self, name: str, source: Source, reader: Reader, told: Told, live: bool) -> Landing:
        """Make the tables of one source, hold them against the frozen ones, and put them in their place or say why not.

        ``source`` may be a part of what its file declares: what is not made of it stays as it is.
        """
        try:
            return self._land(name, source, reader, told, live)
        except InputError as error:
            return Landing(name, "failed", tuple(str(fault) for fault in error.faults) or (str(error),))

    def _land(self, name: str, source: Source, reader: Reader, told: Told, live: bool) -> Landing:
        making = Making(self.project, reader, {name: source})
        making.make()
        made, whole = making.files[name], read_sources(self.project)[name]
        kinds = {_kind(path) for path in made}
        frozen = self._frozen(table for table in whole.tables if _kind(table.path) in kinds)
        known_errors = [one for one in read_corrections(self.project) if one.source == name]
        fixed = correct(_with_earlier(name, made, frozen) if whole.keeps_earlier else made, known_errors)
        made = fixed.made
        change = Change(*(observations(tables if source.measures else {}) for tables in (frozen, made)))
        result = Landing(
            name,
            "unchanged",
            added=len(change.added),
            gone=len(change.gone),
            revised=len(change.revised),
            newest=change.newest,
            largest=tuple(change.largest(self.districts)),
            tables=tuple(listed(where, content) for where, content in sorted(made.items())),
            left_out=making.left_out[name],
            mended=tuple(one.words() for one in fixed.mended),
        )
        if made == frozen:
            return result
        landing = self._files(name, whole, fixed, frozen, change, told, live)
        with self._staged(name, landing) as staged:
            reasons = self._hold(name, staged, Change(as_corrected(change.old, fixed.held), change.new), told)
            description = json.dumps(datapackage.describe(staged), ensure_ascii=False, indent=1)
            landing["data/datapackage.json"] = f"{description}\n".encode()
        known = {words for one in acceptance.accepted(self.project) if one.source == name for words in one.stopped_by}
        reasons = [words for words in reasons if words not in known]
        if reasons and name not in self.accepting:
            return replace(result, state="stopped", why=tuple(reasons))
        if reasons:
            hashes = {table.path: table.sha256 for table in result.tables}
            because = self.accepting[name]
            landing[acceptance.FILE] = acceptance.with_acceptance(self.project, name, self.today, because, reasons, hashes)
        if self.dry_run:
            return replace(result, state="would land", why=tuple(reasons))
        journal.land(self.project, name, landing)
        return replace(result, state="landed", why=tuple(reasons))

    def _frozen(self, tables: Iterable[Table]) -> dict[str, bytes]:
        """The frozen tables, by path. Raises DataError where one is not as its source lists it."""
        frozen = {}
        for table in tables:
            path = self.project.file(table.path)
            frozen[table.path] = path.read_bytes() if path.is_file() else b""
            if hashlib.sha256(frozen[table.path]).hexdigest() != table.sha256:
                problem = "is missing, or not the table whose SHA-256 its source lists: nothing can be held against it"
                raise DataError(Fault(table.path, 0, "", problem, self.project.restored(table.path)))
        return frozen

    def _files(
        self,
        name: str,
        whole: Source,
        fixed: Corrected,
        frozen: Mapping[str, bytes],
        change: Change,
        told: Told,
        live: bool,
    ) -> dict[str, bytes | None]:
        """What is to be written, by path: the tables, the source's record, and nothing (None) where a part is no more."""
        record = f"data/sources/{name}.yml"
        kept = [table for table in whole.tables if table.path not in frozen]
        tables = [listed(where, content) for where, content in fixed.made.items()]
        tables += [RefreshedTable(table.path, table.rows, table.sha256, 0) for table in kept]
        text = with_tables(self.project.file(record).read_bytes().decode("utf-8"), sorted(tables, key=lambda one: one.path))
        old, new = (covered(frame["period"].unique()) if len(frame) else "" for frame in (change.old, change.new))
        text = with_dates(text, self.today, told.released, new if new != old else "", live)
        text = with_corrected(text, [one.words() for one in fixed.held])
        gone = dict.fromkeys(path for path in frozen if path not in fixed.made)
        files: dict[str, bytes | None] = {**fixed.made, record: text.encode("utf-8"), **gone}
        if fixed.mended:
            rest = tuple(one for one in read_corrections(self.project) if one not in fixed.mended)
            files[corrections.FILE] = corrections.written(rest)
        return files

    @contextmanager
    def _staged(self, name: str, landing: Mapping[str, bytes | None]) -> Iterator[Project]:
        """The project as it would be: its data by second names, and what lands in its place."""
        root = self.project.build / STAGE / name
        shutil.rmtree(root, ignore_errors=True)
        try:
            for path in files(self.project.root / "data"):
                link(path, root / path.relative_to(self.project.root))
            for where, content in landing.items():
                if content is None:
                    (root / where).unlink(missing_ok=True)
                else:
                    write_atomically(root / where, content)
            yield Project(root)
        finally:
            shutil.rmtree(root, ignore_errors=True)

    def _hold(self, name: str, staged: Project, change: Change, told: Told) -> list[str]:
        """What must be looked at before the tables land. Raises DataError for what nobody may accept: a table that is wrong
        in itself, or figures that do not add up."""
        sources, areas = read_sources(staged), Areas.open(staged)
        source = sources[name]
        if source.measures:
            beside = {one.source for one in source.agrees_with}
            beside |= {other for other, each in sources.items() if name in {one.source for one in each.agrees_with}}
            if source.adds_up and source.adds_up.beside:
                beside.add(source.adds_up.beside.source)
            relevant = {id_: sources[id_] for id_ in sorted({name, *beside} & set(sources))}
            hashes = {table.path: table.sha256 for one in relevant.values() for table in one.tables}
            store = Store(staged, relevant, areas, hashes)
            store.check_all()
            if faults := list(sums(store, relevant, [one for one in self.indicators if one.source in relevant], areas)):
                raise DataError(faults)
        else:
            _hold_codes(self.project, staged, source)

        def explained(code: str) -> bool:
            old = areas.superseded.get(code)
            return bool(old and old.successors and set(old.successors) <= set(change.new["area"]))

        return [*told.remarks, *stops(change, explained)]


def _kind(path: str) -> str:
    """The folder, which says which block of a source makes it."""
    return "small" if path.startswith("data/small-areas/") else "larger"


def _with_earlier(name: str, made: Mapping[str, bytes], frozen: Mapping[str, bytes]) -> dict[str, bytes]:
    """The new tables with the frozen rows of periods that lie before all that the publisher still serves, as they were."""
    old, new = (
        [
            pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
            for path, content in sorted(tables.items())
            if path.startswith("data/tables/") and content
        ]
        for tables in (frozen, made)
    )
    if not old or not new:
        return dict(made)
    before, after = pd.concat(old, ignore_index=True), pd.concat(new, ignore_index=True)
    earlier = before[before["period"] < before["measure"].map(after.groupby("measure")["period"].min())]
    both = pd.concat([after, earlier]).sort_values(list(KEY), ignore_index=True)
    rest = {path: content for path, content in made.items() if not path.startswith("data/tables/")}
    return rest | {path: text.encode("utf-8") for path, text in parts(f"data/tables/{name}", both).items()}


def _hold_codes(project: Project, staged: Project, source: Source) -> None:
    """Raises DataError where a geography file that is made anew has far fewer rows, or other columns, than the frozen one."""
    for table in source.tables:
        old, new = project.file(table.path), staged.file(table.path)
        if not old.is_file() or not table.path.endswith(".csv"):
            continue
        before, after = old.read_text(encoding="utf-8").splitlines(), new.read_text(encoding="utf-8").splitlines()
        if before[0] != after[0]:
            problem = f"would have the header {after[0]!r}, not {before[0]!r}"
            raise DataError(Fault(table.path, 1, "", problem, "get the file again"))
        if len(after) < 0.98 * len(before):
            problem = f"would have {len(after) - 1:,} rows where it has {len(before) - 1:,}"
            raise DataError(Fault(table.path, 0, "", problem, "get the file again, or take the old table away first"))
