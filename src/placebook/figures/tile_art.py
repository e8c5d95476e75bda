"""The small pictures of findings: inline SVG of a few shapes, for the eye only; the words beside them say the same.

Every function takes plain numbers. Colours are classes of the style sheet, so that dark and forced colours reach them; the
attributes beside them are those of paper.
"""

from __future__ import annotations

from collections.abc import Sequence

from placebook.markup import Html, join, markup

WIDE, TALL = 300, 44
EDGE = 8


def lines(place: Sequence[float], england: Sequence[float]) -> Html:
    """A place's series and England's over the same periods."""
    every = [*place, *england]
    low, high = min(every), max(every)

    def points(series: Sequence[float]) -> str:
        step = (WIDE - 2 * EDGE) / max(len(series) - 1, 1)
        tall = (high - low) or 1
        return " ".join(f"{EDGE + at * step:.1f},{38 - 32 * (n - low) / tall:.1f}" for at, n in enumerate(series))

    own = points(place)
    x, y = own.rpartition(" ")[2].split(",")
    parts = [
        markup(
            '<polyline class="pb-england-line" fill="none" stroke="#1a1a1a" stroke-width="1.4" stroke-dasharray="5 3" '
            'points="{}"/>',
            points(england),
        ),
        markup('<polyline class="pb-here-line" fill="none" stroke="#12436d" stroke-width="2.4" points="{}"/>', own),
        markup('<circle class="pb-here" fill="#12436d" cx="{}" cy="{}" r="5"/>', x, y),
    ]
    return _svg(parts)


def dots(values: Sequence[float]) -> Html:
    """The small areas of a place on one scale, from its lowest to its highest."""
    low, high = min(values), max(values)
    parts = [
        markup('<line class="pb-scale" stroke="#c9ced6" stroke-width="2" x1="{}" x2="{}" y1="22" y2="22"/>', EDGE, WIDE - EDGE)
    ]
    for value in values:
        share = (value - low) / ((high - low) or 1)
        parts.append(
            markup(
                '<circle class="pb-area" fill="#12436d" stroke="#ffffff" cx="{}" cy="22" r="5"/>',
                round(EDGE + (WIDE - 2 * EDGE) * share, 1),
            )
        )
    return _svg(parts)


def bars(pairs: Sequence[tuple[float, float]]) -> Html:
    """Pairs of bars on one scale from nought: the place's dark, what it is set against light below it."""
    most = max(max(pair) for pair in pairs) or 1
    tall, parts = TALL / (2 * len(pairs)), []
    for at, (own, other) in enumerate(pairs):
        for row, (name, colour, number) in enumerate((("pb-here", "#12436d", own), ("pb-half", "#c9ced6", other))):
            wide = round((WIDE - 2 * EDGE) * number / most, 1)
            y = round((2 * at + row) * tall + 1, 1)
            parts.append(
                markup(
                    '<rect class="{}" fill="{}" x="{}" y="{}" width="{}" height="{}"/>',
                    name,
                    colour,
                    EDGE,
                    y,
                    wide,
                    round(tall - 2, 1),
                )
            )
    return _svg(parts)


def _svg(parts: Sequence[Html]) -> Html:
    return markup(
        '<svg class="pb-art" aria-hidden="true" viewBox="0 0 {0} {1}" width="{0}" height="{1}">{2}</svg>',
        WIDE,
        TALL,
        join(parts),
    )
