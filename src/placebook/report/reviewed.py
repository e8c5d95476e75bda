"""A review beside the page as it is: what has changed since, and which statements are held back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from placebook.catalogue.load import Catalogue
from placebook.catalogue.narrative import every_text
from placebook.catalogue.reviews import ReviewRecord
from placebook.catalogue.yaml_reader import name
from placebook.compare.word_changes import words as runs
from placebook.errors import InputError
from placebook.evidence.values import Value
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.paths import Project
from placebook.report.pinned import Standing


def digest(figures: Iterable[tuple[str, float | None]]) -> str:
    """What the figures of a statement are known again by: their ids in the ledger and their values."""
    lines = sorted(f"{id_} {'none' if value is None else format(value, '.10g')}" for id_, value in set(figures))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class HeldBack:
    """The statements that a review rejected, each with the figures that it rested on."""

    rejected: Mapping[str, str]

    @classmethod
    def of(cls, record: ReviewRecord | None) -> HeldBack:
        """Of a review; nothing of none."""
        verdicts = record.verdicts if record else ()
        return cls({each.id: each.figures for each in verdicts if each.verdict == "rejected"})

    def holds(self, id_: str, values: Iterable[Value]) -> bool:
        """Whether a statement is held back: it was rejected, and rests on the same figures still."""
        return id_ in self.rejected and self.rejected[id_] == digest((value.id, value.value) for value in values)


@dataclass(frozen=True)
class Changed:
    """What a page shows otherwise than when it was reviewed."""

    figures: tuple[tuple[str, str, str], ...]
    """Measure, then and now; "none" where there is none."""
    words: int
    """Words of the analysts' texts that are gone or new."""


def figures(project: Project, catalogue: Catalogue, slug: str) -> dict[str, str]:
    """Measure to its figure as the page shows it. Raises InputError where the page was not built."""
    standing, found = Standing(project, catalogue, slug), {}
    for measure in catalogue.indicators:
        if figure := standing.figure(measure, "own"):
            found[measure] = f"{figure.shown} ({figure.period})"
    return found


def texts(catalogue: Catalogue, slug: str) -> dict[str, str]:
    """Each of a place's texts by its field."""
    return {name(each.path): each.text for each in every_text(catalogue) if (each.kind, each.slug) == ("place", slug)}


def changed(record: ReviewRecord, project: Project, catalogue: Catalogue, slug: str) -> Changed:
    """What is another one since the review."""
    try:
        now = figures(project, catalogue, slug)
    except InputError:  # a page that failed says so itself
        now = dict(record.figures)
    then = record.figures
    differ = [
        (measure_title(catalogue, measure), then.get(measure, "none"), now.get(measure, "none"))
        for measure in dict.fromkeys((*then, *now))
        if then.get(measure) != now.get(measure)
    ]
    own = texts(catalogue, slug)
    count = sum(_words(record.words.get(field, ""), own.get(field, "")) for field in {*record.words, *own})
    return Changed(tuple(differ), count)


def _words(old: str, new: str) -> int:
    """How many words are gone or new, whichever are more in each place."""
    gone = sum(len(text.split()) for kind, text in runs(old, new) if kind == "gone")
    added = sum(len(text.split()) for kind, text in runs(old, new) if kind == "new")
    return max(gone, added)


def measure_title(catalogue: Catalogue, measure: str) -> str:
    """A measure's title; its id where the book has it no more."""
    return catalogue.indicators[measure].title if measure in catalogue.indicators else measure


def status(record: ReviewRecord, found: Changed) -> str:
    """``Reviewed by … on …; 3 figures and 12 words have changed since.``"""
    on = write.period(record.on.isoformat(), "day")
    said = f"Reviewed by {record.by} on {on}"
    counts = [write.plural(count, word) for count, word in ((len(found.figures), "figure"), (found.words, "word")) if count]
    if not counts:
        return f"{said}."
    verb = "has" if len(found.figures) + found.words == 1 else "have"
    return f"{said}; {write.joined(counts)} {verb} changed since."


def changes(found: Changed) -> Html:
    """The figures that changed since the review, then and now, closed; "" of none."""
    if not found.figures:
        return Html()
    items = join(markup("<li>{}: then {}, now {}</li>", *each) for each in found.figures)
    return markup('<details class="pb-data"><summary>What has changed since the review</summary><ul>{}</ul></details>', items)
