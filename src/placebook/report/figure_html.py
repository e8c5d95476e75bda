"""A figure as it stands on a page: title, pictures, caption, one toolbar, the data behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placebook.figures.tables import Table, Way, folded
from placebook.markup import Html, join, markup


@dataclass(frozen=True)
class Frame:
    """Everything that is shown of one figure."""

    name: str
    """Its id on the page, with the page's slug in front."""
    number: int
    caption: str
    pictures: tuple[Html, ...]
    finding: str = ""
    subtitle: str = ""
    small: bool = False
    """Whether the pictures are small ones that stand side by side."""
    tables: tuple[Table, ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    """Label and address of each entry of the toolbar."""
    way: str = ""
    """Where the title leads; "" for nowhere."""
    lead: bool = False
    """Whether it stands beside another one."""


def html(frame: Frame, way: Way) -> Html:
    """The figure as one block of HTML without an empty line."""
    drawn = join(frame.pictures)
    # A wide picture keeps its size on a phone and is moved sideways in its own frame, by keyboard too.
    kind = (
        markup('class="pb-drawn pb-grid"')
        if frame.small
        else markup('class="pb-drawn pb-wide" role="group" tabindex="0" aria-label="Figure {}"', frame.number)
    )
    parts = [
        _title(frame),
        markup("<div {}>{}</div>", kind, drawn),
        markup("<figcaption>{}</figcaption>", frame.caption),
        _tools(frame),
        folded(f"Table of figure {frame.number}", frame.tables, way) if frame.tables else "",
    ]
    lead = " pb-lead" if frame.lead else ""
    return markup('<figure class="pb-figure{}" id="{}">{}</figure>', lead, frame.name, join(parts))


def _title(frame: Frame) -> Html:
    if not frame.finding:
        return Html()
    title = markup('<a href="{}">{}</a>', frame.way, frame.finding) if frame.way else frame.finding
    return markup('<p class="pb-figure-title"><strong>{}</strong><br><span>{}</span></p>', title, frame.subtitle)


def _tools(frame: Frame) -> Html:
    return tools(frame.tools, f", figure {frame.number}") if frame.tools else Html()


def tools(links: Sequence[tuple[str, str]], of: str) -> Html:
    """What can be taken along, behind one line: label and address of each entry.

    ``of`` says whose it is to those who hear the label alone.
    """
    items = join(
        markup(
            '<li><a href="{}"{} aria-label="{}">{}</a></li>',
            address,
            " download" if address.endswith((".csv", ".xlsx", ".svg")) else "",
            f"{label}{of}",
            label,
        )
        for label, address in links
    )
    return markup(
        '<details class="pb-tools"><summary>Data and tests<span class="pb-vh">{}</span></summary><ul>{}</ul></details>',
        of,
        items,
    )
