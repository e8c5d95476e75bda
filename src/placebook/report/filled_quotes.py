"""The figures that analysts' words quote, from the ledgers of the last execution: no figure is worked out for words."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from placebook.catalogue.quotes import Quote
from placebook.errors import BuildError
from placebook.markup import Html, markup
from placebook.paths import Project

SMALL = ("Rose", "Fell", "Upward", "Downward", "No", "The", "Similar")
"""First words of a change that are no names: within a sentence they begin with a small letter."""


class Quotes:
    """What the words of a place's page, or without a ``slug`` those of a county's chapter, may quote."""

    def __init__(self, project: Project, slug: str = ""):
        self._folder = project.ledgers
        self._slug = slug
        self._read = cache(_quotes)

    def html(self, quote: Quote, begins: bool) -> Html:
        """The figure as the place's scorecard writes it, with the way to its evidence; ``begins`` a sentence, or not.

        Raises BuildError where the place's page does not show it.
        """
        slug = self._slug or quote.place
        parts = self._read(self._folder / f"{slug}.json").get(quote.indicator, {})
        if quote.part not in parts:
            raise BuildError(f"{slug}: {quote} quotes what the page does not show; run placebook check")
        quoted = parts[quote.part]
        text, way = quoted["text"], f"{'' if self._slug else '../places/'}{slug}/{quoted['at']}"
        first = text[:1].upper() if begins else text[:1].lower() if text.split()[0] in SMALL else text[:1]
        about = f"{quoted['title']}, {quoted['area']}, {quoted['period']}"
        return markup('<a class="pb-quote" href="{}" title="{}">{}</a>', way, about, first + text[1:])


def _quotes(path: Path) -> dict[str, Any]:
    """What a ledger holds to be quoted; nothing where there is no whole ledger."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["quotes"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
