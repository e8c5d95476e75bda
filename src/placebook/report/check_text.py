"""*Check this text*: said beside words whose figures moved since they were pinned, on the front page and in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from placebook.catalogue.load import Catalogue
from placebook.catalogue.yaml_reader import name
from placebook.errors import Fault
from placebook.markup import Html, join, listed, markup
from placebook.report.matrix import FROM_FRONT
from placebook.report.pinned import EXPLAIN, SUMMARY, Moved, Pinned

TITLES = {SUMMARY: "the summary", "narrative.story": "the story", "story": "the story"}
COUNTIES = "counties"
"""Where counties' chapters lie, seen from the front page."""


def notes(slug: str, moved: Mapping[str, Sequence[Moved]]) -> dict[str, Html]:
    """What stands beside each text that must be looked at, by its field: then and now."""
    return {
        text: markup(
            '<div class="pb-check" role="note" id="{}"><p><strong>Check this text.</strong> It was last read beside other '
            "figures:</p><ul>{}</ul></div>",
            _anchor(slug, at),
            join(_item(each) for each in found),
        )
        for at, (text, found) in enumerate(moved.items(), 1)
    }


def head(slug: str, moved: Mapping[str, Sequence[Moved]]) -> Html:
    """The line at the head of a page that names these texts, with the way to each; "" where there are none."""
    if not moved:
        return Html()
    texts = listed([markup('<a href="#{}">{}</a>', _anchor(slug, at), title(text)) for at, text in enumerate(moved, 1)])
    return markup('<p class="pb-check"><strong>Check this text:</strong> {}. The figures beside have moved.</p>', texts)


def title(text: str) -> str:
    """A text as people call it, by its field."""
    if text.startswith(EXPLAIN):
        return "what is said to a finding"
    return TITLES.get(text, "an event")


def _anchor(slug: str, at: int) -> str:
    return f"{slug}-check-{at}"


def _item(moved: Moved) -> Html:
    why = f": {moved.why}" if moved.why else ""
    return markup("<li>{}: then {}, now {}{}</li>", moved.what, moved.then, moved.now, why)


def front(pinned: Pinned) -> Html:
    """For the front page: each place and each county whose words must be looked at, what of them, then and now; "" of none."""
    items = []
    for kind, slug, called in _pinned(pinned.catalogue):
        if moved := pinned.moved(kind, slug):
            page = f"{FROM_FRONT if kind == 'place' else COUNTIES}/{slug}.html"
            for at, (text, found) in enumerate(moved.items(), 1):
                items.append(
                    markup(
                        '<li><a href="{}#{}">{}, {}</a><ul>{}</ul></li>',
                        page,
                        _anchor(slug, at),
                        called,
                        title(text),
                        join(_item(each) for each in found),
                    )
                )
    if not items:
        return Html()
    return markup(
        '<div class="pb-check" role="note"><p><strong>Check this text.</strong> These were last read beside other figures:</p>'
        "<ul>{}</ul></div>",
        join(items),
    )


def hints(pinned: Pinned) -> Iterator[Fault]:
    """The same for the terminal, and texts that are others than were pinned."""
    for kind, slug, _ in _pinned(pinned.catalogue):
        again = f"read it beside the page, then placebook pin {slug}"
        moved, old = pinned.moved(kind, slug), {name(words.path) for words in pinned.old(kind, slug)}
        for words in pinned.texts(kind, slug):
            field = name(words.path)
            document = pinned.catalogue.documents[kind, slug]
            for each in moved.get(field, ()):
                yield Fault(document.file, document.line(words.path), field, f"check this text: {each}", again)
            if field in old:
                problem = "its words changed since they were pinned, or are new: nothing watches their figures"
                yield Fault(document.file, document.line(words.path), field, problem, again)


def _pinned(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Kind, slug and name of each place and county that has pins."""
    for slug in sorted(catalogue.pins):
        if slug in catalogue.places:
            yield "place", slug, catalogue.places[slug].name
        elif slug in catalogue.counties and catalogue.members(slug):
            yield "county", slug, catalogue.counties[slug].name
