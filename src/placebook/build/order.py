"""What is asked of a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placebook.execute.outcome import TIME_LIMIT

FORMATS = ("html", "single", "pdf", "word")


@dataclass(frozen=True)
class Order:
    """What was asked of a build."""

    places: Sequence[str] = ()
    """Slugs; none: all. The others stay as they were made."""
    formats: Sequence[str] = ("html",)
    workers: int = 1
    """Pages at a time."""
    cold: bool = False
    """Whether each page has a new Python and a kernel of its own, as Papermill does it by itself."""
    again: bool = False
    """Whether what is named is executed also where nothing changed."""
    keep_going: bool = False
    """Whether a page that says so stands in for a place that fails."""
    time_limit: int = TIME_LIMIT
    """Seconds that one cell of a template may take."""
    cluster: str = ""
    """Address of the Dask scheduler whose workers execute the places; empty: this machine does."""
    public: bool = False
    """Whether the book is to be published: what must not be on a public page stops the build."""

    preview: bool = False
    """Whether the site is for the analyst's eyes alone: no later build takes it for the book."""
    alone: bool = False
    """Whether a page that says so stands in for each place that is not named and was not made before."""

    @property
    def shapes(self) -> list[str]:
        """What of the order the site depends on: PDFs and Word files are made of the places that are named."""
        return [*self.formats, *(sorted(self.places) if {"pdf", "word"}.intersection(self.formats) else [])]
