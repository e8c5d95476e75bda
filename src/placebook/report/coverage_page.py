"""The book's page *Age and coverage*: sources beside their next release, what each place has figures of, markers by measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Source
from placebook.figures.tables import Cell, Table, html
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.report.coverage import GROUPS, Coverage

LATE = 31
"""Days after the day of its next release from which a source is overdue, and no longer due."""
ON_TIME, DUE, OVERDUE, UNKNOWN = "on time", "due", "overdue", "not announced"
STATES = {OVERDUE: 0, DUE: 1, ON_TIME: 2, UNKNOWN: 3}
"""In the order in which a reader should look at them."""
LAST = date.max.toordinal()
"""Sorts what has no day behind what has one."""
GROUP_WORDS = {
    "direct": "Direct",
    "best_fit": "Added up",
    "wider": "Wider area",
    "missing": "Missing",
    "left_out": "Left out",
}
FEW = 6
"""As many places stand side by side."""
FROM_GENERATED = "../places"
"""Where places' pages lie, seen from this page."""


def page(catalogue: Catalogue, places: Mapping[str, Coverage]) -> Html:
    """The page in Markdown; ``places`` are those whose page was made, by slug.

    Whatever is counted in days is counted on the day until which figures were taken: a build on another day gives the same.
    """
    on = catalogue.edition_date
    parts = [
        markup(
            "# Age and coverage\n\n<p>How old the sources of this book are beside their next release, what each place has "
            "figures of, and which figures carry a marker. Everything is counted as of {}, the day until which figures were "
            "taken.</p>",
            write.period(on.isoformat(), "day"),
        ),
        *_ages(catalogue.sources.values(), on),
    ]
    if known := {slug: place for slug, place in places.items() if place.kinds}:
        parts += [*_coverage(catalogue, known), *_markers(catalogue, known)]
    return markup("{}\n", join(parts, "\n\n"))


# ------------------------------------------------------------ sources


def state(source: Source, on: date) -> str:
    """Whether a source's next release is still to come on a day, has come, or came more than a month ago."""
    if not isinstance(source.next_release, date):
        return UNKNOWN
    late = (on - source.next_release).days
    return ON_TIME if late < 0 else OVERDUE if late > LATE else DUE


def _ages(sources: Iterable[Source], on: date) -> Iterator[Html]:
    states = [(state(source, on), source) for source in sources]
    states.sort(key=lambda each: (STATES[each[0]], _until(each[1]), each[1].title))
    counts = Counter(each for each, _ in states)
    told = [f"{counts[each]} {'is' if counts[each] == 1 else 'are'} {each}" for each in (OVERDUE, DUE, ON_TIME) if counts[each]]
    if counts[UNKNOWN]:
        told.append(f"{counts[UNKNOWN]} {'has' if counts[UNKNOWN] == 1 else 'have'} no announced day")
    first = f"Of {write.plural(len(states), 'source')} {write.joined(told)}."
    if counts[UNKNOWN] == len(states):
        first = f"None of the {write.plural(len(states), 'source')} has an announced day of its next release."
    yield markup(
        "## Sources by age\n\n<p>{} A source is due when the day that its publisher announced has come, and overdue {} "
        "days later. Age is counted from the last day that the figures cover. What is overdue or due stands first, then the "
        "oldest.</p>",
        first,
        LATE,
    )
    columns = ("Source", "Covers until", "Age", "Released", "Taken on", "Next release")
    yield html(Table("Sources by age", columns, tuple(_source(source, said, on) for said, source in states), sortable=True))


def _source(source: Source, said: str, on: date) -> tuple[Cell, ...]:
    until = _until(source)
    return (
        Cell(
            markup(
                '<a href="{}">{}</a><br><span class="pb-small">{}</span>', source.landing_page, source.title, source.publisher
            )
        ),
        _day(until),
        Cell(write.age(until.isoformat(), on), sort=max((on - until).days, 0)),
        _day(source.released, "not stated"),
        _day(source.retrieved),
        _next(source.next_release, said),
    )


def _next(expected: object, said: str) -> Cell:
    if not isinstance(expected, date):
        return Cell("not announced", sort=LAST)
    return Cell(f"{write.period(expected.isoformat(), 'day')}: {said}", sort=expected.toordinal())


def _until(source: Source) -> date:
    """The last day that its figures cover."""
    return date.fromisoformat(source.period.partition("/")[2])


def _day(day: date | None, none: str = "") -> Cell:
    return Cell(write.period(day.isoformat(), "day"), sort=day.toordinal()) if day else Cell(none, sort=0)


# ------------------------------------------------------------ places


def _coverage(catalogue: Catalogue, places: Mapping[str, Coverage]) -> Iterator[Html]:
    names = {slug: catalogue.places[slug].name for slug in sorted(places, key=lambda slug: (catalogue.places[slug].name, slug))}
    everything = list(catalogue.indicators)
    yield markup(
        "## Coverage by place\n\n<p>Of {}, how many are published for the place itself (direct), added up over its small "
        "areas, published for a wider area alone, missing (not published, not held here, or published for former districts "
        "alone), or left out by those who wrote the page.</p>",
        write.plural(len(everything), "measure"),
    )
    yield html(_places("All sections", names, places, everything))
    sections = {theme.title: [indicator.id for indicator in theme.indicators] for theme in catalogue.themes.values()}
    yield html(_matrix(names, places, sections))
    tables = join(html(_places(title, names, places, measures)) for title, measures in sections.items())
    yield markup('<details class="pb-closed"><summary>Section by section</summary>{}</details>', tables)


def _matrix(names: Mapping[str, str], places: Mapping[str, Coverage], sections: Mapping[str, Sequence[str]]) -> Table:
    """Places by sections; a few places stand in the columns, where all of it can be seen at once."""
    if len(names) <= FEW:
        head = ("Section", *names.values())
        rows = tuple((Cell(title), *(_own(places[slug], measures) for slug in names)) for title, measures in sections.items())
    else:
        head = ("Place", *sections)
        rows = tuple(
            (_named(slug, name), *(_own(places[slug], measures) for measures in sections.values()))
            for slug, name in names.items()
        )
    return Table("Measures of the place itself, of all in the section", head, rows, sortable=True)


def _places(title: str, names: Mapping[str, str], places: Mapping[str, Coverage], measures: Sequence[str]) -> Table:
    rows = tuple(
        (_named(slug, name), *(_number(places[slug].count(group, measures)) for group in GROUP_WORDS))
        for slug, name in names.items()
    )
    caption = f"{title}: {write.plural(len(measures), 'measure')}"
    return Table(caption, ("Place", *GROUP_WORDS.values()), rows, sortable=True)


def _number(count: int) -> Cell:
    return Cell(f"{count:,}", sort=count)


def _named(slug: str, name: str) -> Cell:
    return Cell(markup('<a href="{}/{}.html">{}</a>', FROM_GENERATED, slug, name))


def _own(place: Coverage, measures: Sequence[str]) -> Cell:
    own = sum(place.count(group, measures) for group in GROUPS["own"])
    return Cell(f"{own} of {len(measures)}", sort=own / max(len(measures), 1))


# ------------------------------------------------------------ markers


def _markers(catalogue: Catalogue, places: Mapping[str, Coverage]) -> Iterator[Html]:
    total: Counter[tuple[str, str]] = Counter()
    for place in places.values():
        total.update(place.markers)
    used = [marker for marker in write.MARKER_WORDS if any(marker == each for _, each in total)]
    marked = [name for name in catalogue.indicators if any((name, marker) in total for marker in used)]
    figures = sum(place.figures for place in places.values())
    yield markup(
        "## Markers by measure\n\n<p>Of {} on places’ pages, those beside a place’s own among them, {} carry a marker of their "
        "publisher, in {}. A figure that stands on two pages is counted on both.</p>",
        write.plural(figures, "figure"),
        f"{sum(total.values()):,}",
        f"{len(marked)} of {write.plural(len(catalogue.indicators), 'measure')}",
    )
    if marked:
        heads = (f"{write.MARKER_WORDS[marker].partition(':')[0].capitalize()} [{marker}]" for marker in used)
        rows = tuple(
            (Cell(catalogue.indicators[name].title), *(_number(total[name, marker]) for marker in used)) for name in marked
        )
        yield html(Table("Figures with a marker, by measure", ("Measure", *heads), rows, sortable=True))
