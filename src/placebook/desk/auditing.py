"""``placebook audit``: figures that do not fit their neighbours, sources that may be newer, words that no longer fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from placebook.desk.terminal import say
from placebook.errors import Fault
from placebook.findings import formats as write
from placebook.paths import Project, write_atomically

KINDS = {
    "digit": "would fit with one digit more or less",
    "jump": "lies far from the periods before and after it",
    "swapped": "would fit with another category’s figure",
    "unit": "England’s figure is of another size beside the districts’ than in other periods",
}
HEAD = """# Audit

Written by `placebook audit --to` of the tables as they are. A figure is suspect where it does not fit its neighbours in time
and space; most of what stands here is real (a network built in a quarter, a lockdown). Nothing is left out, and nothing is
changed because it stands here.
"""


def audit(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(metavar="FILE.md", help="Write it as Markdown.")] = None,
) -> None:
    """Look at figures beside their neighbours, and say what does not fit.

    Jumps, a digit more or less, swapped categories, another unit; sources whose
    next release is due; words whose figures moved. It changes nothing: each line
    is to be looked at by somebody who knows. It takes about half a minute.

    Examples:
      placebook audit
      placebook audit --to docs/quality/audit.md
    """
    lines = list(found(context.obj.project, date.today()))
    if to:
        write_atomically(
            to, HEAD + "".join(f"\n## {title}\n\n" + "".join(f"- {line}\n" for line in each) for title, each in lines)
        )
        say(f"Written: {to}")
        return
    for title, each in lines:
        say(title)
        for line in each:
            say(f"  {line}")


def found(project: Project, today: date) -> Iterator[tuple[str, list[str]]]:
    """Heading and lines: suspect figures by source, sources that are due, words to look at."""
    from placebook.catalogue.load import Catalogue
    from placebook.evidence import audit as auditing
    from placebook.evidence.store import Store
    from placebook.report import check_text
    from placebook.report.bare_numbers import bare_numbers
    from placebook.report.pinned import Pinned

    catalogue = Catalogue.open(project)
    store = Store.open(project, catalogue.sources, catalogue.areas)
    counts: Counter[str] = Counter()
    for name, source in catalogue.sources.items():
        if not store.table_path(name):
            continue
        suspects = sorted(auditing.audit(store.rows(name)), key=lambda each: (-each.distance, each.area, each.period))
        counts.update(each.kind for each in suspects)
        if suspects:
            yield source.title, [_line(each, catalogue.areas[each.area].name) for each in suspects]
    due = [
        f"{source.title}: taken on {source.retrieved}, next release expected on {source.next_release}"
        for source in catalogue.sources.values()
        if isinstance(source.next_release, date) and source.next_release <= today
    ]
    if due:
        yield "Sources whose next release is due", due
    hints: list[Fault] = [*check_text.hints(Pinned(project, catalogue)), *bare_numbers(project, catalogue)]
    if hints:
        yield "Words to look at", [f"{hint.file}:{hint.line} {hint.field}: {hint.problem}" for hint in hints]
    total = write.plural(sum(counts.values()), "suspect figure")
    yield "All", [f"{total}: {', '.join(f'{count} {kind}' for kind, count in sorted(counts.items())) or 'none'}."]


def _line(suspect: object, area: str) -> str:
    from placebook.evidence.audit import Suspect

    assert isinstance(suspect, Suspect)
    what = f"{suspect.measure}, {suspect.category}" if suspect.category else suspect.measure
    period = write.period(suspect.period)
    return (
        f"{area} ({suspect.area}), {period}, {what}: {suspect.value:,.10g} where about {suspect.expected:,.4g} would fit; "
        f"{KINDS[suspect.kind]}"
    )
