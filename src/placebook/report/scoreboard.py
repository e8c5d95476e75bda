"""Against England: how many measures of each section are better or worse, and the key to the marks of the whole page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.figures import inline
from placebook.findings import formats as write
from placebook.findings import verdicts
from placebook.geography.names import with_article
from placebook.markup import Html, attribute, join, markup
from placebook.report.page_findings import Findings
from placebook.report.scorecard import anchor
from placebook.report.scorecard_rows import one_number


@dataclass(frozen=True)
class Line:
    """One section: its title, the id of its scorecard, and how many of its measures came to which verdict."""

    title: str
    anchor: str
    counts: Mapping[str, int]


def lines(evidence: Evidence, findings: Findings) -> list[Line]:
    """A line for each section that has measures of the place itself with a verdict beside England."""
    found = []
    for theme in evidence.catalogue.themes:
        readings = [r for r in one_number(evidence.theme(theme)) if not r.wider]
        kinds = Counter(verdicts.against_england(findings.of(reading)).kind for reading in readings)
        counts = {kind: kinds[kind] for kind in verdicts.KINDS}
        if any(counts.values()):
            found.append(Line(evidence.catalogue.themes[theme].title, anchor(evidence.slug, theme), counts))
    return found


def board(found: Sequence[Line], place: str) -> Html:
    """The line in words and the table."""
    total: Counter[str] = Counter()
    for line in found:
        total.update(line.counts)
    heads = join(
        markup('<th role="columnheader" scope="col">{} {}</th>', inline.mark(kind), words[:1].upper() + words[1:])
        for kind, words in verdicts.KINDS.items()
    )
    rows = join(_row(markup('<a href="#{}">{}</a>', line.anchor, line.title), line.counts) for line in found)
    return markup(
        '<p class="pb-sum">{}</p><div class="pb-board"><table role="table"><caption class="pb-vh">{}</caption>'
        '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Section</th>{}</tr></thead>'
        '<tbody role="rowgroup">{}{}</tbody></table></div>',
        in_words(total, place),
        f"Measures of {place} against England, by section and verdict",
        heads,
        rows,
        _row("All", total, dots=False),
    )


def in_words(total: Mapping[str, int], place: str) -> str:
    """``Of 61 measures of Broxbourne, 10 are better than England, 18 worse …``"""
    of = write.plural(sum(total.values()), "measure")
    more = [
        words
        for count, words in (
            (total["different"], f"{total['different']} differ where neither end is better"),
            (total["untested"], f"{total['untested']} are not tested"),
        )
        if count
    ]
    rest = f" The rest: {write.joined(more)}." if more else ""
    return (
        f"{total['better']} better, {total['worse']} worse, {total['unclear']} with no clear difference, of {of} of "
        f"{with_article(place)} itself that are published for England too.{rest}"
    )


def _row(name: Html | str, counts: Mapping[str, int], dots: bool = True) -> Html:
    cells = []
    for kind, words in verdicts.KINDS.items():
        count = counts[kind]
        zero = attribute("class", "" if count else "pb-zero")
        marks = inline.row_of(kind, count) if dots else ""
        cells.append(markup('<td role="cell" data-label="{}"{}><b>{}</b>{}</td>', words, zero, count, marks))
    return markup('<tr role="row"><th role="rowheader" scope="row">{}</th>{}</tr>', name, join(cells))


def key(evidence: Evidence, readings: Sequence[Reading]) -> Html:
    """What the marks of every strip and every line of the page stand for."""
    marks = {
        "better": "better than England",
        "worse": "worse",
        "unclear": "no clear difference",
        "different": "different, neither better nor worse",
        "untested": "not tested: no margin of error is published, or the figure is too uncertain",
    }
    items = [markup("<li>{} {}</li>", inline.mark(kind), words) for kind, words in marks.items()]
    role = next((r for r in ("parent", "county", "region") if any(reading.beside(r) for reading in readings)), "")
    beside = next((c.name for reading in readings if (c := reading.beside(role))), "")
    drawn = [(inline.mark("beside"), beside)] if beside else []
    band = markup('<rect class="range" y="9" width="44" height="6"/><rect class="half" x="11" y="6" width="20" height="12"/>')
    drawn += [
        (_sample(14, markup('<path class="england" d="M7 1V23"/>')), "England"),
        (_sample(44, band), "English districts: range and middle half"),
        (_sample(40, markup('<path class="limits" d="M2 12H38M2 8v8M38 8v8"/>')), "95% interval, written under the figure"),
    ]
    items += [markup("<li>{} {}</li>", picture, words) for picture, words in drawn]
    return markup(
        '<ul class="pb-marks" aria-label="Key to the marks">{}</ul>'
        '<details class="pb-closed pb-keep"><summary>How to read a row</summary><p>{}</p></details>',
        join(items),
        RULE,
    )


def _sample(wide: int, part: Html) -> Html:
    """A part of a strip on its own."""
    return markup(
        '<svg class="pb-strip" viewBox="0 0 {} 24" width="{}" height="17" aria-hidden="true">{}</svg>',
        wide,
        wide * 17 // 24,
        part,
    )


RULE = (
    "The rows that stand open in a section differ clearly from England’s, are headline measures, or could be findings. "
    "In each strip England stands in the middle and better lies to the right; where neither end is better, higher lies to the "
    "right. An arrow says that districts lie farther out. Over time the dashed line is England’s; money in current prices is "
    "drawn with England as 100. “Better” and “worse” need a test at 95% or a full count; no rank stands where the figure is "
    "too uncertain for one. A dash: not published or not held. The name of a measure leads to its rows, source and tests."
)
