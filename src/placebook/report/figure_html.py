"""A figure as it stands on a page: title, pictures, caption, one toolbar, the data behind it."""

from __future__ import annotations

from dataclasses import dataclass

from placebook.figures import style
from placebook.figures.tables import Table, Way, folded
from placebook.markup import Html, join, markup

ROLE_SHAPES = ("parent", "county", "itl3", "region", "country", "peer")


@dataclass(frozen=True)
class Key:
    """What the marks of a comparison strip stand for."""

    place: str
    comparators: tuple[tuple[str, str], ...]
    band: bool


@dataclass(frozen=True)
class Frame:
    """Everything that is shown of one figure."""

    name: str
    """Its id on the page, with the page's slug in front."""
    number: int
    caption: str
    pictures: tuple[style.Drawn, ...]
    finding: str = ""
    subtitle: str = ""
    key: Key | None = None
    small: bool = False
    """Whether the pictures are small ones that stand side by side."""
    tables: tuple[Table, ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    """Label and address of each entry of the toolbar."""


def html(frame: Frame, way: Way) -> Html:
    """The figure as one block of HTML without an empty line."""
    with style.figure_style():  # once for all of them
        drawn = join(style.svg(picture) for picture in frame.pictures)
    # A wide picture keeps its size on a phone and is moved sideways in its own frame, by keyboard too.
    kind = (
        markup('class="pb-drawn pb-grid"')
        if frame.small
        else markup('class="pb-drawn pb-wide" role="group" tabindex="0" aria-label="Figure {}"', frame.number)
    )
    parts = [
        _title(frame),
        _key(frame.key) if frame.key else "",
        markup("<div {}>{}</div>", kind, drawn),
        markup("<figcaption>{}</figcaption>", frame.caption),
        _tools(frame),
        folded(f"Table of figure {frame.number}", frame.tables, way) if frame.tables else "",
    ]
    return markup('<figure class="pb-figure" id="{}">{}</figure>', frame.name, join(parts))


def _title(frame: Frame) -> Html:
    if not frame.finding:
        return Html()
    return markup('<p class="pb-figure-title"><strong>{}</strong><br><span>{}</span></p>', frame.finding, frame.subtitle)


def _key(key: Key) -> Html:
    """The marks as shapes of the style sheet, so that they wrap on a phone and turn in the dark."""
    entries = [("place", key.place), *((role, name) for role, name in key.comparators if role in ROLE_SHAPES)]
    if key.band:
        entries.append(("band", "English districts: range, middle half, median"))
    items = join(
        markup('<li><span class="pb-mark pb-mark-{}" aria-hidden="true"></span>{}</li>', role, name) for role, name in entries
    )
    return markup('<ul class="pb-key">{}</ul>', items)


def _tools(frame: Frame) -> Html:
    if not frame.tools:
        return Html()
    items = join(
        markup(
            '<li><a href="{}"{} aria-label="{}, figure {}">{}</a></li>',
            address,
            " download" if address.endswith((".csv", ".xlsx")) else "",
            label,
            frame.number,
            label,
        )
        for label, address in frame.tools
    )
    return markup('<ul class="pb-tools">{}</ul>', items)
