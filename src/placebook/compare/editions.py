"""An edition: what a book's ledgers held at one time. Kept editions lie in ``editions/`` and are never changed."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from placebook import __version__
from placebook.errors import Fault, InputError
from placebook.paths import Project, unfit, write_atomically

RECORD = "edition.json"
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
MOST = 200_000_000
"""Bytes of one place's record, unpacked."""
VALUE: tuple[str, ...] = (
    *("indicator", "category", "partner", "area", "area_name", "role", "badge", "period"),
    *("value", "lower", "upper", "unit", "markers"),
)
CLAIM = ("claim", "indicator", "verdict", "sentence")
FINDING = ("order", "type", "indicator", "headline", "sentence")
SOURCE = ("title", "publisher", "period", "released", "retrieved")
Record = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """What one place's ledger held."""

    name: str
    values: Mapping[str, Record]
    claims: Mapping[str, Record]
    findings: Mapping[str, Record]
    """The key findings alone."""

    @classmethod
    def of(cls, ledger: Mapping[str, Any]) -> Held:
        """The part of a ledger that is compared. Raises KeyError where it is none."""
        kinds: dict[str, dict[str, Record]] = {"value": {}, "claim": {}, "finding": {}}
        for entry in ledger["entries"]:
            names = {"value": VALUE, "claim": CLAIM, "finding": FINDING}.get(entry["kind"])
            if names and (entry["kind"] != "finding" or entry["order"]):
                kinds[entry["kind"]][entry["id"]] = {name: entry[name] for name in names if name in entry}
        return cls(ledger["place"]["name"], kinds["value"], kinds["claim"], kinds["finding"])

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Held:
        """What ``record`` gave. Raises KeyError, TypeError or AttributeError for what is none."""
        parts = [
            (record["values"], set(VALUE) - {"partner"}),
            (record["claims"], set(CLAIM)),
            (record["findings"], set(FINDING)),
        ]
        for entries, needed in parts:
            for entry in entries.values():
                if lacking := needed - entry.keys():
                    raise KeyError(min(lacking))
        return cls(str(record["name"]), *(entries for entries, _ in parts))

    def record(self) -> Record:
        return {"name": self.name, "values": self.values, "claims": self.claims, "findings": self.findings}


@dataclass(frozen=True)
class Edition:
    """A book at one time."""

    name: str
    places: Mapping[str, Held]
    sources: Mapping[str, Record] = field(default_factory=dict)
    """Source to its title, period, days and the hashes of its tables; none where only ledgers are known."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """When and of what it was made."""


def built(project: Project, name: str = "the book as built") -> Edition:
    """The edition that was built last. Raises InputError where no place has a ledger."""
    places = _ledgers(project.ledgers)
    if not places:
        raise InputError("no place has a ledger yet: run placebook build first")
    return Edition(name, places, _sources(project), {"placebook": __version__, "commit": _commit(project)})


def built_place(project: Project, slug: str) -> Held:
    """What one place's ledger holds now. Raises InputError where it has none."""
    return _ledger(project.ledgers / f"{slug}.json")


def kept_place(project: Project, name: str, slug: str) -> Held | None:
    """What a kept edition holds of one place; None where the place was no part of it.

    Raises InputError where it was changed since.
    """
    folder = project.editions / name
    file = f"{slug}.json.gz"
    digest = _about(folder)["files"].get(file)
    return _kept_place(folder, file, digest) if digest else None


def keep(project: Project, name: str) -> Path:
    """Keep the book as it was built last under a name; gives the folder. Nothing is ever written over.

    Raises InputError for a name that is none, or is taken, and where nothing was built.
    """
    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name of an edition: write small letters, digits, dots and hyphens, such as 2026-12")
    folder = project.editions / name
    if folder.exists():
        raise InputError(f"editions/{name} is there already; an edition is kept as it was: take another name")
    edition = built(project, name)
    files = {f"{slug}.json.gz": _packed(held.record()) for slug, held in edition.places.items()}
    about = {
        **edition.about,
        "edition_date": max((str(source["retrieved"]) for source in edition.sources.values()), default=""),
        "libraries": _libraries(),
        "sources": edition.sources,
        "files": {file: hashlib.sha256(content).hexdigest() for file, content in files.items()},
    }
    with TemporaryDirectory(prefix=".", dir=project.root) as draft:
        for file, content in files.items():
            write_atomically(Path(draft) / name / file, content)
        write_atomically(Path(draft) / name / RECORD, json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        folder.parent.mkdir(exist_ok=True)
        (Path(draft) / name).rename(folder)
    return folder


def kept(project: Project) -> list[str]:
    """The kept editions by name, oldest figures first."""
    folders = (path.parent for path in (project.editions).glob(f"*/{RECORD}"))
    dated = sorted((str(_about(folder).get("edition_date", "")), folder.name) for folder in folders)
    return [name for _, name in dated]


def read(project: Project, where: str) -> Edition:
    """An edition by the name under which it is kept, a folder (of a project, or of ledgers), or a revision of git.

    A revision is built with today's code in a folder of its own: that takes as long as a build. Raises InputError where
    there is none of these, and for a kept edition that was changed.
    """
    if NAME.fullmatch(where) and (folder := project.editions / where).is_dir():
        return _kept(folder)
    path = Path(where)
    if path.is_dir():
        if (path / RECORD).is_file():
            return _kept(path)
        if (path / "_config.yml").is_file():
            return built(Project.at(path), where)
        if places := _ledgers(path):
            return Edition(where, places)
        raise InputError(f"{where} holds no ledger and no project: name a folder with ledgers, or one that was built")
    if _git(project, "rev-parse", "--verify", "--quiet", f"{where}^{{commit}}"):
        with _checked_out(project, where) as other:
            return built(other, where)
    names = ", ".join(kept(project)) or "none"
    raise InputError(f"{where!r} is no kept edition, no folder and no revision of git; kept are: {names}")


def _kept(folder: Path) -> Edition:
    about, places = _about(folder), {}
    for file, digest in about["files"].items():
        places[file.removesuffix(".json.gz")] = _kept_place(folder, file, digest)
    return Edition(folder.name, places, about["sources"], {k: v for k, v in about.items() if k not in ("files", "sources")})


def _kept_place(folder: Path, file: str, digest: str) -> Held:
    path, shown = folder / file, f"editions/{folder.name}/{file}"
    if not path.is_file() or unfit(path, MOST) or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise InputError(Fault(shown, 0, "", "is not as it was kept", f"restore it: git checkout -- {shown}"))
    try:
        with gzip.open(path) as packed:
            return Held.read(json.loads(packed.read(MOST)))
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(Fault(shown, 0, "", "holds no edition of a place", "delete the folder, or restore it")) from None


def _about(folder: Path) -> Record:
    shown = f"editions/{folder.name}/{RECORD}"
    try:
        found: Record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        names = [*found["files"], *found["sources"]]
        if any({*SOURCE, "tables"} - source.keys() for source in found["sources"].values()):
            raise KeyError("sources")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(Fault(shown, 0, "", "is no record of an edition", f"restore it: git checkout -- {shown}")) from None
    if any(Path(name).name != name for name in names):
        raise InputError(Fault(shown, 0, "files", "names a file elsewhere", f"restore it: git checkout -- {shown}"))
    return found


def _ledgers(folder: Path) -> dict[str, Held]:
    return {path.stem: _ledger(path) for path in sorted(folder.glob("*.json"))}


def _ledger(path: Path) -> Held:
    try:
        return Held.of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{path.name} is no ledger: run placebook build again") from None


def _sources(project: Project) -> dict[str, Record]:
    found = {}
    for path in project.entries("data/sources"):
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        about = {name: None if written.get(name) is None else str(written[name]) for name in SOURCE}
        found[path.stem] = {**about, "tables": {table["path"]: table["sha256"] for table in written.get("tables") or []}}
    return found


def _packed(record: Record) -> bytes:
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8"), mtime=0)


def _libraries() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("numpy", "pandas", "pyarrow", "geopandas", "matplotlib")}


def _commit(project: Project) -> str:
    return _git(project, "rev-parse", "HEAD") or "unknown"


def _git(project: Project, *asked: str) -> str:
    try:
        done = subprocess.run(["git", *asked], cwd=project.root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@contextmanager
def _checked_out(project: Project, revision: str) -> Iterator[Project]:
    """A revision as a project of its own, built; gone afterwards."""
    with TemporaryDirectory(prefix="placebook-") as folder:
        _git(project, "worktree", "add", "--detach", folder, revision)
        there = Path(folder) / _git(project, "rev-parse", "--show-prefix")  # a project may lie deeper than its repository
        try:
            command = [sys.executable, "-m", "placebook", "--project", str(there), "build"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                last = (done.stderr or done.stdout).strip().splitlines()[-3:]
                raise InputError(f"{revision} cannot be built with today's code:\n" + "\n".join(last))
            yield Project.at(there)
        finally:
            _git(project, "worktree", "remove", "--force", folder)
