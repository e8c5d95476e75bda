"""What analysts wrote of a place or a county, as its page shows it; no input of execution: ``execute.bake`` puts it in."""

from __future__ import annotations

from placebook.catalogue.places import AnyPlace, County, Narrative, Review, TownPlace
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.report import narrative

PLACE_FIELDS = {"narrative", "review", "chosen", "explain"}
"""Fields of a params file that hold nothing but such words."""
COUNTY_FIELDS = {"story"}
"""The same of a county's file."""


def place_words(place: AnyPlace, fill: narrative.Fill = narrative.unfilled, slug: str = "place") -> dict[str, Html]:
    """Each block of a place's page that an analyst wrote, by the name that the template shows it by; "" where there is none.

    What answers a finding stands under the finding's id.

    ``fill`` gives the figures that they quote; ids begin with the ``slug``.
    """
    by = f" ({place.review.by})" if place.review else ""
    answers = {id_: _answer(narrative.html(text, fill, f"{slug}-{id_}"), by) for id_, text in place.explain.items()}
    summary, review = place.narrative.summary, _review(place.review)
    return answers | {
        "review": markup('<p class="pb-review">{}</p>', review),
        "summary": narrative.html(summary, fill, f"{slug}-summary") if summary else Html(),
        "voices": _voices(place.narrative, fill, slug),
        "chosen": _chosen(place),
        "review record": markup("### Review record\n\n<p>{}</p>", review),
    }


def _answer(said: Html, by: str) -> Html:
    """What stands beside a finding; ``by`` is who reviewed the page, in brackets."""
    return markup('<div class="pb-answer"><p class="pb-who">Local knowledge{}</p>{}</div>', by, said)


def _chosen(place: AnyPlace) -> Html:
    """How a town is drawn; nothing of a place whose districts say it."""
    if not isinstance(place, TownPlace) or not place.chosen:
        return Html()
    return markup("### How the town is drawn\n\n<p>{}</p>", place.chosen)


def county_words(county: County, fill: narrative.Fill = narrative.unfilled, slug: str = "county") -> dict[str, Html]:
    """The same of a county's chapter."""
    return {"story": narrative.html(county.story, fill, f"{slug}-story") if county.story else Html()}


def _review(review: Review | None) -> str:
    """Draft until somebody has reviewed it."""
    if review is None:
        return "Draft: this page has not been reviewed."
    return f"Reviewed by {review.by} on {review.on.day} {write.MONTHS[review.on.month - 1]} {review.on.year}."


def _voices(words: Narrative, fill: narrative.Fill, slug: str) -> Html:
    """Story, events, employers and references."""
    parts: list[Html] = []
    if words.story:
        parts.append(narrative.html(words.story, fill, f"{slug}-story"))
    if words.events:
        rows = join(
            markup(
                "<li><strong>{}</strong>, {}: {}</li>",
                event.date,
                event.who,
                narrative.html(event.what, fill, f"{slug}-event-{number}"),
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
