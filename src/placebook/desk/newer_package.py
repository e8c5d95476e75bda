"""What a newer package changes of a book that was built with an older one: said once, before the build."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from placebook import __version__, content_cache
from placebook.catalogue import yaml_reader
from placebook.findings.formats import joined, plural
from placebook.paths import Project, national, write_atomically

PARTS = {
    "data/indicators/": "measures",
    "data/relations/": "relations",
    "data/geography/": "geography",
    "notebooks/": "templates",
    "book/": "pages and style",
}
"""What is told of the package's other files than sources and their tables."""
NAMED = 8
"""Sources or files of a part that are named; of more their number."""


def record(project: Project) -> Path:
    """Which package the book was last built with."""
    return project.build / "package.json"


def keep(project: Project) -> None:
    """The book was built with this package; nothing is kept of a checkout, which carries all of it itself."""
    if held := national():
        now = {"version": __version__, "files": {name: content_cache.hash_of(path) for name, path in held.items()}}
        write_atomically(record(project), json.dumps(now | {"sources": _sources()}, indent=1, sort_keys=True) + "\n")


def news(project: Project) -> list[str]:
    """What this package changes of the book, beside the one that it was last built with: lines, none where nothing differs."""
    try:
        before = json.loads(record(project).read_text(encoding="utf-8"))
        version, files, sources = str(before["version"]), dict(before["files"]), dict(before["sources"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    held = national()
    now = {name: content_cache.hash_of(path) for name, path in held.items()}
    changed = sorted(name for name in {*now, *files} if now.get(name) != files.get(name))
    if not held or (not changed and version == __version__):
        return []
    lines = [f"This book was last built with placebook {version}; this is {__version__}. None of your files is changed."]
    lines += _newer_sources(sources, changed)
    for folder, what in PARTS.items():
        if inside := [name.removeprefix(folder) for name in changed if name.startswith(folder)]:
            lines.append(f"Other {what}: {_some(inside)}.")
    if own := [name for name in changed if name in now and _replaced(project, name)]:
        lines.append(f"You hold your own {_some(own)}, which stays; look at what the package changed there.")
    return lines


def _replaced(project: Project, name: str) -> bool:
    """Whether the project holds a file of its own in place of the package's, and no page that includes it."""
    own, page = project.root / name, f"{{include}} {project.national_pages.name}/{Path(name).name}"
    return own.is_file() and not (own.suffix == ".md" and page in own.read_text(encoding="utf-8"))


def _newer_sources(before: Mapping[str, str], changed: list[str]) -> Iterator[str]:
    now = _sources()
    newer = [f"{name} (taken {now[name]}, was {before[name]})" for name in now if name in before and now[name] > before[name]]
    if newer:
        yield f"Newer figures: {_some(newer)}."
    if fresh := [name for name in now if name not in before]:
        yield f"New sources: {_some(fresh)}."
    if gone := [name for name in before if name not in now]:
        yield f"Sources that it has no more: {_some(gone)}."
    tables = [name for name in changed if name.startswith(("data/tables/", "data/small-areas/"))]
    if tables:
        yield f"{plural(len(tables), 'table')} {'is' if len(tables) == 1 else 'are'} other than before."


def _sources() -> dict[str, str]:
    """The package's sources, and the day that each was taken."""
    found: dict[str, Any] = {}
    for name, path in national("data/sources").items():
        found[path.stem] = str(yaml_reader.read(path, name).data.get("retrieved", ""))
    return found


def _some(names: list[str]) -> str:
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return joined([*names[:NAMED], *more])
