"""What a book and each of its pages are made from, as hashes part by part (params, template, code …).

Nothing heavy is imported here, so that a build with nothing to do ends before the libraries are loaded.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from placebook import content_cache
from placebook.paths import GEOGRAPHY_OF_SMALL_AREAS, Project, files, national

PACKAGE = Path(__file__).parents[1]
CORRECTIONS = "data/corrections.yml"
COUNTED = re.compile(rb"^    (?:rows: \d+|sha256: [0-9a-f]{64})\n", re.MULTILINE)
"""What a source's file says of its tables and no page shows but as the table is: it changes with every row."""


class Inputs:
    """Hashes of everything that a book is made from. ``counties``: what is written of counties, but for analysts' words."""

    def __init__(self, project: Project, counties: str = "", package: Path = PACKAGE):
        self.project = project
        self.counties = counties
        self.package = package

    def place(self, params: str) -> dict[str, str]:
        """What the execution of one place depends on, but for its readings; ``params``: what is written of it, but for words.

        Of tables a page depends through its readings alone, and of those its trace tells (``stale_pages``).
        """
        return {"params": _digest([params]), "template": self._hash([self.project.template("place")]), **self._shared}

    def county(self, members: Mapping[str, str]) -> dict[str, str]:
        """What the execution of a county's chapter depends on: its places (slug to name) and their ledgers."""
        ledgers = [self.project.ledgers / f"{slug}.json" for slug in members]
        return {
            "places": _digest(f"{slug} {name}" for slug, name in members.items()),
            "template": self._hash([self.project.template("county")]),
            "ledgers": self._hash(ledgers),
            **self._shared,
        }

    def page(self, executed: Path, words: Mapping[str, str], edition: Iterable[Path] = ()) -> dict[str, str]:
        """What a page depends on: its executed notebook and the analysts' words.

        ``edition``: the files from which it is told what changed since an edition was kept; none where none is kept.
        """
        parts = {"execution": self._hash([executed]), "words": _digest(map(repr, words.items())), "code": self._shared["code"]}
        return parts | ({"edition": _digest([self._hash(edition), self._shared["declarations"]])} if edition else {})

    def book(self, formats: Iterable[str]) -> dict[str, str]:
        """What the whole book depends on: files as they are written, whether or not anything of them is shown."""
        project = self.project
        made = project.made_pages
        written = [path for path in files(project.root / "book") if not any(folder in path.parents for folder in made)]
        written += national("book").values()
        return {
            "params": self._hash(files(project.params)),
            "templates": self._hash([project.template("place"), project.template("county")]),
            "pages": self._hash([*written, project.config, project.toc, *files(project.editions)]),
            "formats": ",".join(formats),
            "tables": self._hash([*project.tree("data/tables").values(), *self._small_areas(observations=True)]),
            **self._shared,
            "declarations": self._hash([*self._declared(), *files(project.counties)]),
        }

    def _small_areas(self, observations: bool) -> Iterator[Path]:
        for path in self.project.tree("data/small-areas").values():
            if (path.stem not in GEOGRAPHY_OF_SMALL_AREAS) == observations:
                yield path

    def _declared(self) -> Iterator[Path]:
        yield from self.project.tree("data/sources").values()
        yield from self.project.tree("data/indicators").values()
        yield from self.project.tree("data/measures").values()
        yield from self.project.tree("data/relations").values()
        yield self.project.file(CORRECTIONS)

    @cached_property
    def _shared(self) -> dict[str, str]:
        return {
            "declarations": _digest([self._hash(self._declared(), COUNTED), self.counties]),
            "geography": self._hash([*self.project.tree("data/geography").values(), *self._small_areas(observations=False)]),
            "code": self._hash(path for path in files(self.package) if self.package / "national" not in path.parents),
            "libraries": installed(),
        }

    def _hash(self, paths: Iterable[Path], without: re.Pattern[bytes] | None = None) -> str:
        return _digest(self._line(path, without) for path in sorted(paths))

    def _line(self, path: Path, without: re.Pattern[bytes] | None) -> str:
        # From the package or the project: a moved checkout is the same book, also for a package that stayed.
        name = os.path.relpath(path, self.package if path.is_relative_to(self.package) else self.project.root)
        return f"{name}\0{content_cache.hash_of(path, without) or 'none'}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def installed() -> str:
    """Python and what is installed beside it, by name and version, as one hash."""
    names = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return hashlib.sha256("\n".join([sys.version, *names]).encode()).hexdigest()
