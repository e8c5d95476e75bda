"""Where things live in a checkout, and how files are written so that none is ever half there."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from placebook.errors import InputError

PASSED_OVER = ("__pycache__", ".ipynb_checkpoints")
"""Folders whose files nobody wrote."""
NATIONAL = Path(__file__).parent / "national"
"""What an installed package carries beside its code, laid out as a project: tables, templates, declarations, method pages."""
TYPEFACES = tuple(sorted((Path(__file__).parent / "figures" / "fonts").glob("*.ttf")))
"""Of charts, PDFs and Word files."""
GEOGRAPHY_OF_SMALL_AREAS = ("areas", "changes", "output-areas", "outlines-lsoa21", "outlines-msoa21")
"""What of the files of small areas holds no observations."""
PINS = "params/pins"
"""Where it is kept what words stood beside when somebody last read them so."""
REVIEWS = "params/reviews"
"""Where it is kept who reviewed a page, and beside what."""
MARKERS = ("_config.yml", "_toc.yml", "params", "data")


@dataclass(frozen=True)
class Project:
    """One checkout of the book. Every room asks it where a thing is; none builds paths itself."""

    root: Path

    @classmethod
    def find(cls, start: Path | str | None = None) -> Project:
        """The project that ``start`` (default: the current directory) lies in.

        Raises InputError where neither it nor any directory above it is one.
        """
        here = Path(start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if all((folder / marker).exists() for marker in MARKERS):
                return cls(folder)
        raise InputError(
            f"{here} is not inside a placebook project (no folder from here upwards holds "
            f"{', '.join(MARKERS)}). Change into the checkout, or name it: placebook --project DIR …"
        )

    @classmethod
    def at(cls, folder: Path | str) -> Project:
        """The project whose root is exactly ``folder``. Raises InputError where it is not one."""
        root = Path(folder).resolve()
        missing = [marker for marker in MARKERS if not (root / marker).exists()]
        if missing:
            raise InputError(f"{root} is not a placebook project: it has no {', '.join(missing)}.")
        return cls(root)

    # national, where the project holds no file of its own
    def file(self, name: str) -> Path:
        """A file by its path from the root: the project's own, else the package's where that has one."""
        own, national = self.root / name, NATIONAL / name
        return national if not own.exists() and national.exists() else own

    def restored(self, name: str) -> str:
        """How such a file is brought back as it was, as a message's remedy says it."""
        own = self.file(name) == self.root / name
        return f"restore it: git checkout -- {name}" if own else "it is the package's: install placebook again"

    def entries(self, folder: str) -> list[Path]:
        """What lies directly in a folder, by name: the package's, and the project's own in place of what has the same name."""
        bases = [base / folder for base in (NATIONAL, self.root)]
        found = {path.name: path for base in bases if base.is_dir() for path in base.iterdir()}
        return [found[name] for name in sorted(found)]

    def tree(self, folder: str) -> dict[str, Path]:
        """All files of a folder and the folders in it, by their path from the root; as ``entries``."""
        return national(folder) | {path.relative_to(self.root).as_posix(): path for path in files(self.root / folder)}

    # written by people
    @property
    def params(self) -> Path:
        return self.root / "params"

    @property
    def pins(self) -> Path:
        return self.root / PINS

    @property
    def reviews(self) -> Path:
        return self.root / REVIEWS

    @property
    def editions(self) -> Path:
        """Kept editions, each in a folder of its own."""
        return self.root / "editions"

    @property
    def sources(self) -> Path:
        return self.root / "data" / "sources"

    @property
    def indicators(self) -> Path:
        return self.root / "data" / "indicators"

    @property
    def counties(self) -> Path:
        return self.root / "data" / "counties"

    @property
    def schemas(self) -> Path:
        return self.root / "schemas"

    def template(self, kind: str) -> Path:
        """The template of a kind of pages: ``place`` or ``county``."""
        return self.file(f"notebooks/{kind}.ipynb")

    @property
    def config(self) -> Path:
        return self.root / "_config.yml"

    @property
    def toc(self) -> Path:
        return self.root / "_toc.yml"

    # frozen
    @property
    def tables(self) -> Path:
        return self.root / "data" / "tables"

    @property
    def small_areas(self) -> Path:
        return self.root / "data" / "small-areas"

    @property
    def geography(self) -> Path:
        return self.root / "data" / "geography"

    @property
    def datapackage(self) -> Path:
        return self.file("data/datapackage.json")

    # generated
    @property
    def place_pages(self) -> Path:
        return self.root / "book" / "places"

    @property
    def county_pages(self) -> Path:
        return self.root / "book" / "counties"

    def page(self, kind: str, slug: str) -> Path:
        """The page of a place or of a county's chapter, as it is compiled."""
        return (self.place_pages if kind == "place" else self.county_pages) / f"{slug}.ipynb"

    def executed(self, kind: str, slug: str) -> Path:
        """Its executed notebook, from which the page is made."""
        return self.build / "executed" / kind / f"{slug}.ipynb"

    @property
    def generated(self) -> Path:
        return self.root / "book" / "generated"

    @property
    def national_pages(self) -> Path:
        """The package's pages on method, laid here by each build for the project's pages to include."""
        return self.root / "book" / "national"

    @property
    def made_pages(self) -> tuple[Path, ...]:
        """The folders of ``book/`` that builds fill: nobody writes there."""
        return self.place_pages, self.county_pages, self.generated, self.national_pages

    @property
    def build(self) -> Path:
        return self.root / "_build"

    @property
    def cache(self) -> Path:
        return self.build / "cache"

    @property
    def traces(self) -> Path:
        """What each page asked of the store."""
        return self.cache / "traces"

    @property
    def ledgers(self) -> Path:
        return self.build / "ledgers"

    @property
    def summaries(self) -> Path:
        """What the front page needs of each place."""
        return self.build / "summaries"

    @property
    def evidence(self) -> Path:
        """Pages that explain each number of a place: where links from its page lead."""
        return self.build / "evidence"

    @property
    def downloads(self) -> Path:
        return self.build / "downloads"

    @property
    def logs(self) -> Path:
        return self.build / "logs"

    @property
    def html(self) -> Path:
        return self.build / "html"


def national(folder: str = ".") -> dict[str, Path]:
    """The package's files of a folder and the folders in it, by their path from its root; none in a checkout."""
    return {path.relative_to(NATIONAL).as_posix(): path for path in files(NATIONAL / folder)}


def files(folder: Path) -> Iterator[Path]:
    """All files of a folder and the folders in it; none where it is missing."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in PASSED_OVER and not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                yield Path(here, name)


def unfit(path: Path, most: int) -> str:
    """Why a file is not to be read, or "": it is larger than ``most`` bytes, or no ordinary file, which might never end.

    Looked at and not opened. Raises OSError where it is not there.
    """
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        return "is a folder" if stat.S_ISDIR(about.st_mode) else "is no ordinary file, but a pipe, a socket or a device"
    return f"is larger than {most:,} bytes" if about.st_size > most else ""


def link(source: Path, target: Path) -> None:
    """Give a file a second name; a copy where the disk knows no such thing.

    For files that are only ever written beside and renamed (``write_atomically``): one changed in place would change
    under both names.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def write_changed(path: Path, content: str | bytes) -> None:
    """As ``write_atomically``; a file that holds just this is left as it is, with its time of writing."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    if not path.is_file() or path.read_bytes() != data:
        write_atomically(path, data)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write ``content`` beside ``path`` and rename it there, so that no reader sees half a file."""
    with beside(path) as stream:
        stream.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def beside(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that is renamed to ``path`` when the block ends well, and is gone when it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield stream
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
