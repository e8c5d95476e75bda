"""The file of a place's or a county's pins: small, readable, written whole, the same for the same words and page."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from placebook.catalogue.pins import PinnedText
from placebook.findings.formats import plural
from placebook.paths import PINS, write_changed
from placebook.report.pinned import Pinned

HEAD = """\
# yaml-language-server: $schema=../../schemas/pins.schema.json
# Written by placebook pin {slug}, not by hand: what these words stood beside when somebody last read them so.
"""


def write(pinned: Pinned, kind: str, slug: str) -> Iterator[str]:
    """Write what the words of a place or a county stand beside now; gives lines that say it, first what was to be looked at.

    A file that holds just this keeps its time of writing.
    """
    for field, moved in pinned.moved(kind, slug).items():
        yield from (f"{field}: taken as read: {each}" for each in moved)
    pins = pinned.pins(kind, slug)
    data = pins.model_dump(mode="json", exclude_defaults=True)
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)
    write_changed(pinned.project.pins / f"{slug}.yml", HEAD.format(slug=slug) + text)
    yield from (f"{text.text}: {_counted(text)}" for text in pins.texts)
    yield f"Written: {PINS}/{slug}.yml"


def _counted(text: PinnedText) -> str:
    """How much a text was pinned to."""
    many = (("figure", text.figures), ("verdict", text.verdicts), ("finding", text.findings))
    return ", ".join(plural(len(found), word) for word, found in many if found)
