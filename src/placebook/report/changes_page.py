"""The book's page *What changed*: this edition beside the one kept last, place by place, and every kept edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from placebook.catalogue.models import Indicator
from placebook.compare import differences, editions, report
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.paths import Project

NONE = "No earlier edition of this book is kept, so nothing is set beside it."


def page(project: Project, indicators: Mapping[str, Indicator]) -> str:
    """The page in Markdown. Raises InputError where a kept edition was changed."""
    names = editions.kept(project)
    if not names:
        return markup("# What changed\n\n<p>{}</p>\n", NONE)
    found = differences.compare(editions.read(project, names[-1]), editions.built(project, "this edition"))
    parts = [markup("# What changed\n\n<p>{}</p>", report.summary(found))]
    for section in report.sections(found, indicators):
        inside = join(_part(part) for part in section.parts)
        parts.append(markup("## {}\n\n{}", section.title, inside))
    parts.append(markup("## Editions of this book\n\n<ul>{}</ul>", join(_kept(project, name) for name in reversed(names))))
    return markup("{}\n", join(parts, "\n\n"))


def _part(part: report.Part) -> Html:
    items = join(markup("<li>{}</li>", _line(line)) for line in part.lines)
    return markup('<p class="pb-small"><b>{}</b></p><ul class="pb-changes">{}</ul>', part.title, items)


def _line(line: Sequence[tuple[str, str]]) -> Html:
    return join((_run(kind, words) for kind, words in line), " ")


def _run(kind: str, words: str) -> Html:
    if kind == "gone":
        return markup("<del>{}</del>", words)
    return markup("<ins>{}</ins>", words) if kind == "new" else markup("{}", words)


def _kept(project: Project, name: str) -> Html:
    """An edition, when its figures were taken, and what it said first of each place."""
    edition = editions.read(project, name)
    first = [
        markup("{}: {}", held.name, min(held.findings.values(), key=lambda f: int(f["order"]))["headline"])
        for held in edition.places.values()
        if held.findings
    ]
    taken = str(edition.about.get("edition_date", ""))
    said = join(markup("<li>{}</li>", each) for each in first)
    when = f", figures taken until {write.period(taken, 'day')}" if taken else ""
    return markup("<li><strong>{}</strong>{}<ul>{}</ul></li>", name, when, said)
