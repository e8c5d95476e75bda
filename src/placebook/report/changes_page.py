"""What changed since the edition kept last: the book's page, which lists every kept edition too, and each place's own part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from placebook.catalogue.models import Indicator
from placebook.compare import differences, editions, report
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.paths import Project

NONE = "No earlier edition of this book is kept, so nothing is set beside it."
NOW = "this edition"
LISTED = re.compile(r"^\s*-?\s*file:\s*book/generated/changes(\.md)?\s*$", re.MULTILINE)
"""The page among the book's contents."""


def page(project: Project, indicators: Mapping[str, Indicator]) -> str:
    """The page in Markdown. Raises InputError where a kept edition was changed."""
    names = editions.kept(project)
    if not names:
        return markup("# What changed\n\n<p>{}</p>\n", NONE)
    found = differences.compare(editions.read(project, names[-1]), editions.built(project, NOW))
    parts = [markup("# What changed\n\n<p>{}</p>", report.summary(found))]
    for section in report.sections(found, indicators):
        where = markup(' id="{}"', _anchor(section.slug)) if section.slug else ""
        parts.append(markup('## {}\n\n<div class="pb-changed"{}>{}</div>', section.title, where, _parts(section)))
    parts.append(markup("## Editions of this book\n\n<ul>{}</ul>", join(_kept(project, name) for name in reversed(names))))
    return markup("{}\n", join(parts, "\n\n"))


def last(project: Project) -> str:
    """The name of the edition kept last; "" where none is kept. Raises InputError where one was changed."""
    return ["", *editions.kept(project)][-1]


def files(project: Project, name: str, slug: str) -> list[Path]:
    """What ``of_place`` reads of a project."""
    return [project.editions / name / editions.RECORD, project.ledgers / f"{slug}.json", project.toc]


def of_place(project: Project, indicators: Mapping[str, Indicator], name: str, slug: str) -> Html:
    """What changed on one place's page since an edition was kept, closed; "" of a place that was no part of it.

    Raises InputError where the kept edition was changed, or the place has no ledger.
    """
    then = editions.kept_place(project, name, slug)
    if then is None:
        return Html()
    now = editions.built_place(project, slug)
    found = differences.compare(editions.Edition(name, {slug: then}), editions.Edition(NOW, {slug: now}))
    listed = LISTED.search(project.toc.read_text(encoding="utf-8"))
    if found.same:
        return markup('<p class="pb-small">Nothing on this page has changed since the edition {}.</p>', name)
    (section,) = report.sections(found, indicators)
    way = markup('<p><a href="../generated/changes.html#{}">What changed in the whole book</a></p>', _anchor(slug))
    return markup(
        '<details class="pb-closed pb-changed"><summary>What changed here since {}: {}</summary>{}{}</details>',
        name,
        report.counts(found.places[0]),
        _parts(section),
        way if listed else "",
    )


def _anchor(slug: str) -> str:
    return f"changed-{slug}"


def _parts(section: report.Section) -> Html:
    return join(_part(part) for part in section.parts)


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
