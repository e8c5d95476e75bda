"""What those who wrote a page chose for it, each with the reason that they give: what it leaves out, what it compares with."""

from __future__ import annotations

from collections.abc import Iterator

from placebook.evidence.readings import Evidence
from placebook.findings import formats as write
from placebook.markup import Html, join, markup

COMPARED = {
    "parent": "Its district",
    "county": "Its county",
    "itl3": "The ITL level 3 areas of its county",
    "region": "Its region",
    "country": "England",
    "peer": "ONS’s statistical neighbours",
}


def paragraphs(evidence: Evidence) -> Iterator[Html]:
    """Blocks for the page's foot; none where nothing was chosen."""
    catalogue, place = evidence.catalogue, evidence.place
    left = []
    for name, reason in place.leave_out.items():
        if theme := catalogue.themes.get(name):
            left.append((f"The section “{theme.title}” ({write.plural(len(theme.indicators), 'measure')})", reason))
        else:
            left.append((catalogue.indicators[name].title, reason))
    if left:
        yield markup("### Left out of this page\n\n<p>By those who wrote it, for the reason beside each:</p>\n{}", _list(left))
    compared = [(COMPARED[role], place.compare_with[role]) for role in place.roles if role in place.compare_with]
    if compared:
        yield markup(
            "### What this page compares with\n\n<p>Chosen for it, for the reason beside each:</p>\n{}", _list(compared)
        )


def peers(evidence: Evidence) -> str:
    """The districts that were chosen in place of statistical neighbours, each with the reason."""
    place = evidence.place
    named = "; ".join(f"{evidence.areas[code].name}: {place.compare_with[code].rstrip('.')}" for code in place.chosen_peers)
    return f"Chosen by those who wrote this page, in place of ONS’s statistical neighbours. {named}."


def _list(items: list[tuple[str, str]]) -> Html:
    return markup("<ul>{}</ul>", join(markup("<li>{}: {}</li>", what, reason) for what, reason in items))
