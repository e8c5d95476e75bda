"""What analysts wrote of a place or a county, as its page shows it; no input of execution: ``execute.bake`` puts it in."""

from __future__ import annotations

from placebook.catalogue.places import AnyPlace, County, Narrative, Review, TownPlace
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.report import narrative

PLACE_FIELDS = {"narrative", "review", "chosen"}
"""Fields of a params file that hold nothing but such words."""
COUNTY_FIELDS = {"story"}
"""The same of a county's file."""


def place_words(place: AnyPlace) -> dict[str, Html]:
    """Each block of a place's page that an analyst wrote, by the name that the template shows it by; "" where there is none."""
    summary, review = place.narrative.summary, _review(place.review)
    return {
        "review": markup('<p class="pb-review">{}</p>', review),
        "summary": narrative.html(summary) if summary else Html(),
        "voices": _voices(place.narrative),
        "chosen": _chosen(place),
        "review record": markup("### Review record\n\n<p>{}</p>", review),
    }


def _chosen(place: AnyPlace) -> Html:
    """How a town is drawn; nothing of a place whose districts say it."""
    if not isinstance(place, TownPlace) or not place.chosen:
        return Html()
    return markup("### How the town is drawn\n\n<p>{}</p>", place.chosen)


def county_words(county: County) -> dict[str, Html]:
    """The same of a county's chapter."""
    return {"story": narrative.html(county.story) if county.story else Html()}


def _review(review: Review | None) -> str:
    """Draft until somebody has reviewed it."""
    if review is None:
        return "Draft: this page has not been reviewed."
    return f"Reviewed by {review.by} on {review.on.day} {write.MONTHS[review.on.month - 1]} {review.on.year}."


def _voices(words: Narrative) -> Html:
    """Story, events, employers and references."""
    parts: list[Html] = []
    if words.story:
        parts.append(narrative.html(words.story))
    if words.events:
        rows = join(
            markup("<li><strong>{}</strong>, {}: {}</li>", event.date, event.who, narrative.html(event.what))
            for event in words.events
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
