"""What analysts wrote of a place or a county, as its page shows it; no input of execution: ``execute.bake`` puts it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from placebook.catalogue.places import AnyPlace, County, Narrative, Review, TownPlace
from placebook.catalogue.reviews import ReviewRecord
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.report import check_text, narrative
from placebook.report.pinned import EXPLAIN, SUMMARY, Moved
from placebook.report.reviewed import Changed, changes, status

CHANGED = "what changed"
"""The block that tells what changed since a kept edition, which no analyst wrote: ``report.changes_page`` fills it."""
PLACE_FIELDS = {"narrative", "review", "chosen", "explain", "images"}
"""Fields of a params file that hold nothing but such words."""
COUNTY_FIELDS = {"story", "images"}
"""The same of a county's file."""


def place_words(
    place: AnyPlace,
    fill: narrative.Fill = narrative.unfilled,
    slug: str = "place",
    moved: Mapping[str, Sequence[Moved]] = MappingProxyType({}),
    show: narrative.Show = narrative.unshown,
    reviewed: tuple[ReviewRecord, Changed] | None = None,
) -> dict[str, Html]:
    """Each block of a place's page that an analyst wrote, by the name that the template shows it by; "" where there is none.

    What answers a finding stands under the finding's id.

    ``fill`` gives the figures that they quote; ids begin with the ``slug``. ``moved`` says by the field of a text what has
    changed since it was pinned; ``show`` gives the images; ``reviewed`` is the review of the page and what changed since.
    """
    html = partial(narrative.html, fill=fill, show=show)
    notes = check_text.notes(slug, moved)
    reviewer = reviewed[0].by if reviewed else place.review.by if place.review else ""
    by = f" ({reviewer})" if reviewer else ""
    answers = {
        id_: _answer(notes.get(f"{EXPLAIN}{id_}", Html()) + html(text, prefix=f"{slug}-{id_}"), by)
        for id_, text in place.explain.items()
    }
    summary, review = place.narrative.summary, status(*reviewed) if reviewed else _review(place.review)
    since = changes(reviewed[1]) if reviewed else Html()
    return answers | {
        "review": markup('<p class="pb-review">{}</p>{}', review, check_text.head(slug, moved)),
        "summary": notes.get(SUMMARY, Html()) + html(summary, prefix=f"{slug}-summary") if summary else Html(),
        "story": _story(place.narrative, html, slug, notes),
        "voices": _voices(place.narrative, html, slug, notes),
        "chosen": _chosen(place),
        CHANGED: Html(),
        "review record": markup("### Review record\n\n<p>{}</p>{}", review, since),
    }


def _answer(said: Html, by: str) -> Html:
    """What stands beside a finding; ``by`` is who reviewed the page, in brackets."""
    return markup('<div class="pb-answer"><p class="pb-who">Local knowledge{}</p>{}</div>', by, said)


def _chosen(place: AnyPlace) -> Html:
    """How a town is drawn; nothing of a place whose districts say it."""
    if not isinstance(place, TownPlace) or not place.chosen:
        return Html()
    return markup("### How the town is drawn\n\n<p>{}</p>", place.chosen)


def county_words(
    county: County,
    fill: narrative.Fill = narrative.unfilled,
    slug: str = "county",
    moved: Mapping[str, Sequence[Moved]] = MappingProxyType({}),
    show: narrative.Show = narrative.unshown,
) -> dict[str, Html]:
    """The same of a county's chapter."""
    note = check_text.notes(slug, moved).get("story", Html())
    return {"story": note + narrative.html(county.story, fill, f"{slug}-story", show) if county.story else Html()}


def _review(review: Review | None) -> str:
    """Draft until somebody has reviewed it."""
    if review is None:
        return "Draft: this page has not been reviewed."
    return f"Reviewed by {review.by} on {review.on.day} {write.MONTHS[review.on.month - 1]} {review.on.year}."


def _story(words: Narrative, html: Callable[..., Html], slug: str, notes: Mapping[str, Html]) -> Html:
    """The analyst's story, which stands high on the page."""
    if not words.story:
        return Html()
    told = notes.get("narrative.story", Html()) + html(words.story, prefix=f"{slug}-story")
    return markup(
        '<div class="pb-story"><p class="pb-who">The story, in the words of those who wrote this page</p>{}</div>', told
    )


def _voices(words: Narrative, html: Callable[..., Html], slug: str, notes: Mapping[str, Html]) -> Html:
    """Events, employers and references."""
    parts: list[Html] = []
    if words.events:
        rows = join(
            markup(
                "<li><strong>{}</strong>, {}: {}{}</li>",
                event.date,
                event.who,
                html(event.what, prefix=f"{slug}-event-{number}"),
                notes.get(f"narrative.events[{number - 1}].what", ""),
            )
            for number, event in enumerate(words.events, 1)
        )
        parts.append(markup("<p>Engagement:</p>\n<ul>{}</ul>", rows))
    if words.employers:
        rows = join(markup("<li>{}</li>", name) for name in words.employers)
        parts.append(markup("<p>Employers and sites:</p>\n<ul>{}</ul>", rows))
    if words.references:
        rows = join(markup("<li>{}</li>", reference(r.title, r.url, r.year)) for r in words.references)
        parts.append(markup("<p>References, with the addresses at which they were published:</p>\n<ul>{}</ul>", rows))
    return join(parts, "\n\n")


def reference(title: str, url: str | None, year: int | None) -> Html:
    named = markup('<a href="{}">{}</a>', url, title) if url else markup("{}", title)
    return markup("{} ({})", named, year) if year else named
