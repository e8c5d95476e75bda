"""The closed end of a county's chapter: strengths and challenges place by place, counts of verdicts, every measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from placebook.catalogue.models import Theme
from placebook.markup import Html, join, markup
from placebook.report import matrix
from placebook.report.matrix import Box, Entry, Grid, PlaceLedger
from placebook.report.page_findings import VERDICT_WORDS


def lanes(ledger: PlaceLedger) -> Html:
    """A place's strengths and challenges in the words of its page, each with the way to its test there."""
    parts = [markup("<p><strong>{}</strong></p>", ledger.link())]
    for kind, title in (("strength", "Strengths"), ("challenge", "Challenges")):
        claims = ledger.claims(kind)
        items = join(markup("<li>{}</li>", _said(ledger, claim)) for claim in claims)
        parts.append(
            markup("<p>{}:</p><ul>{}</ul>", title, items)
            if items
            else markup("<p>{}: none that the evidence supports for {} itself.</p>", title, ledger.name)
        )
    return markup('<div class="pb-lanes">{}</div>', join(parts))


def _said(ledger: PlaceLedger, claim: Entry) -> Html:
    return markup(
        '<span class="pb-said" data-claim="{}">{}</span>'
        '<a class="pb-why" href="{}" aria-label="How we know, on the page of {}">†</a>',
        ledger.entry(claim["id"]),
        claim["sentence"],
        ledger.evidence(claim),
        ledger.name,
    )


def verdicts(ledgers: Sequence[PlaceLedger]) -> Grid:
    """How many claims of each place's page came to which verdict, the commonest first."""
    counts = [Counter(claim["verdict"] for claim in ledger.claims()) for ledger in ledgers]
    total = sum(counts, Counter())
    rows = tuple(
        (Box(VERDICT_WORDS.get(name, name.replace("_", " "))), *(Box(f"{count[name]:,}") for count in counts))
        for name in sorted(total, key=lambda name: (-total[name], name))
    )
    columns = ("Verdict", *(ledger.name for ledger in ledgers))
    return Grid("Claims of each place’s page by verdict", columns, rows)


def matrices(themes: Mapping[str, Theme], ledgers: Sequence[PlaceLedger]) -> Iterator[Grid]:
    """One table for each theme: measures by places."""
    for theme in themes.values():
        if grid := matrix.matrix(theme.title, theme.indicators, ledgers):
            yield grid


def closed(summary: str, inside: Html) -> Html:
    """Behind a line that opens it."""
    return markup('<details class="pb-closed"><summary>{}</summary>{}</details>', summary, inside)
