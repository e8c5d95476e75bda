"""A comparison for readers: lines of words that the terminal, a pull request and the book's own page share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from placebook.catalogue.models import Indicator
from placebook.compare.differences import Change, Comparison, Figure, Place, Source, relative, size
from placebook.compare.editions import Record
from placebook.compare.word_changes import words
from placebook.findings import formats as write

SHOWN = 10
"""So many of the largest revisions, and of changed sentences, are told one by one."""
VERDICTS = {"flipped": "other verdicts", "gained": "new", "lost": "gone", "words": "in other words"}
FINDINGS = {"gained": "In", "lost": "Out", "moved": "Moved", "words": "In other words"}


@dataclass(frozen=True)
class Part:
    """One heading with its lines; a line is a sequence of words that are ``same``, ``gone`` or ``new``."""

    title: str
    lines: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Section:
    """What is told of one place, or of the whole book."""

    title: str
    parts: tuple[Part, ...]
    slug: str = ""


def sections(comparison: Comparison, indicators: Mapping[str, Indicator]) -> list[Section]:
    """The whole book first, then each place that differs."""
    whole = [*_places(comparison), *_of_sources(comparison.sources)]
    found = [Section("The whole book", tuple(whole))] if whole else []
    changed = (place for place in comparison.places if not place.same)
    return [*found, *(Section(place.name, tuple(_of_place(place, indicators)), place.slug) for place in changed)]


def summary(comparison: Comparison) -> str:
    """In a sentence."""
    if comparison.same:
        return f"{comparison.old} and {comparison.new} hold the same figures, verdicts and sentences."
    changed = [place for place in comparison.places if not place.same]
    figures = [figure for place in changed for figure in place.figures]
    counts = [
        write.plural(sum(figure.kind == "new period" for figure in figures), "newer figure"),
        write.plural(sum(len(place.revised) for place in changed), "revised figure"),
        write.plural(sum(c.kind == "flipped" for place in changed for c in place.claims), "other verdict"),
        write.plural(
            sum(c.kind in ("gained", "lost") for place in changed for c in place.findings),
            "key finding in or out",
            "key findings in or out",
        ),
    ]
    return (
        f"From {comparison.old} to {comparison.new}: {write.joined(counts)}, on {len(changed)} of "
        f"{write.plural(len(comparison.places), 'page')}."
    )


def counts(place: Place) -> str:
    """What differs for one place, counted: ``12 newer figures, 2 revised figures and 1 statement``; "" where nothing does.

    Sentences in other words are counted where nothing else differs: other figures make other words.
    """
    kinds = Counter(figure.kind for figure in place.figures)
    counted = [
        (kinds["new period"], "newer figure", ""),
        (len(place.revised), "revised figure", ""),
        (kinds["new measure"], "new measure", ""),
        (kinds["gone"], "measure gone", "measures gone"),
        (len(place.badges), "measure for another area", "measures for another area"),
        (len(_sentences(place.claims, "flipped", "gained", "lost")), "statement", ""),
        (sum(change.kind in ("gained", "lost", "moved") for change in place.findings), "key finding", ""),
    ]
    if not any(count for count, *_ in counted):
        worded = len(_sentences((*place.findings, *place.claims), "words"))
        counted = [(worded, "sentence in other words", "sentences in other words")]
    return write.joined([write.plural(count, one, many) for count, one, many in counted if count])


def markdown(comparison: Comparison, indicators: Mapping[str, Indicator]) -> str:
    """For a pull request."""
    lines = [f"**{_plain(summary(comparison))}**", ""]
    for section in sections(comparison, indicators):
        lines += [f"### {_plain(section.title)}", ""]
        for part in section.parts:
            lines += [f"**{_plain(part.title)}**", "", *(f"- {_marked(line)}" for line in part.lines), ""]
    return "\n".join(lines)


def text(comparison: Comparison, indicators: Mapping[str, Indicator]) -> Iterator[str]:
    """For a terminal."""
    yield summary(comparison)
    for section in sections(comparison, indicators):
        yield ""
        yield section.title
        for part in section.parts:
            yield f"  {part.title}"
            for line in part.lines:
                yield "    " + " ".join(
                    {"gone": f"[-{words}-]", "new": f"{{+{words}+}}"}.get(kind, words) for kind, words in line
                )


def record(comparison: Comparison) -> dict[str, Any]:
    """For a program: the differences as they are, with the size of each revision."""
    made = asdict(comparison)
    for place, written in zip(comparison.places, made["places"], strict=True):
        for figure, each in zip(place.figures, written["figures"], strict=True):
            each["half_widths"] = figure.size
    return made


def _marked(line: Sequence[tuple[str, str]]) -> str:
    marks = {"gone": "~~{}~~", "new": "**{}**", "same": "{}"}
    return " ".join(marks[kind].format(_plain(said)) for kind, said in line)


def _plain(said: str) -> str:
    """Words in which nothing is markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~!" else sign for sign in said)


def _said(*runs: str) -> tuple[tuple[str, str], ...]:
    return tuple(("same", run) for run in runs)


# ------------------------------------------------------------ parts


def _places(comparison: Comparison) -> Iterator[Part]:
    for title, names in (("Places that are new", comparison.gained), ("Places that are gone", comparison.lost)):
        if names:
            yield Part(title, tuple(_said(name) for name in names))


def _of_sources(sources: Sequence[Source]) -> Iterator[Part]:
    lines = []
    for source in sources:
        if source.old is None or source.new is None:
            which = source.new or source.old or {}
            lines.append(_said(f"{which['title']}: {'new' if source.old is None else 'gone'}"))
            continue
        differs = [
            f"{name} {source.old[name] or 'none'} → {source.new[name] or 'none'}"
            for name in ("period", "released", "retrieved")
            if source.old[name] != source.new[name]
        ]
        if source.old["tables"] != source.new["tables"]:
            differs.append("other figures")
        lines.append(_said(f"{source.new['title']}: {write.joined(differs) or 'other words'}"))
    if lines:
        yield Part("Sources", tuple(lines))


def _of_place(place: Place, indicators: Mapping[str, Indicator]) -> Iterator[Part]:
    if told := [change for change in place.findings if change.kind != "words"]:
        yield Part("Key findings", tuple(_finding(change) for change in told))
    for kind, title in (
        ("new period", "Newer figures"),
        ("revised", "Revised figures"),
        ("new measure", "New measures"),
        ("gone", "Gone"),
    ):
        if figures := [figure for figure in place.figures if figure.kind == kind]:
            yield Part(title, tuple(_figure(figure, indicators) for figure in figures))
    elsewhere = [pair for pair in place.revised if not _is_newest(pair, place)]
    if elsewhere:
        many = write.plural(len(elsewhere), "revision")
        shown = tuple(_revision(old, new, indicators) for old, new in elsewhere[:SHOWN])
        yield Part(f"Earlier periods and other areas: {many}, the largest first", shown)
    if flipped := _sentences(place.claims, "flipped"):
        yield Part("Other verdicts", tuple(_worded(*both) for both in flipped))
    for kind, title in (("gained", "New statements"), ("lost", "Statements no longer made")):
        if sentences := _sentences(place.claims, kind):
            yield Part(f"{title}: {len(sentences)}", tuple(_said(old or new) for old, new in sentences[:SHOWN]))
    if changed := _sentences((*place.findings, *place.claims), "words"):
        title = f"Other words: {write.plural(len(changed), 'sentence')}"
        yield Part(title, tuple(_worded(*both) for both in changed[:SHOWN]))
    if place.badges:
        lines = [_said(f"{_title(name, indicators)}: {then} → {now}") for name, then, now in place.badges]
        yield Part("For another area", tuple(lines))


def _is_newest(pair: tuple[Record, Record], place: Place) -> bool:
    return any(figure.kind == "revised" and figure.new == pair[1] for figure in place.figures)


def _finding(change: Change) -> tuple[tuple[str, str], ...]:
    old, new = change.old or {}, change.new or {}
    if change.kind == "moved":
        return _said(f"{new['headline']}: from place {old['order']} to {new['order']}")
    kind = "new" if change.kind == "gained" else "gone"
    return ("same", f"{FINDINGS[change.kind]}:"), (kind, str((new or old)["headline"]))


def _sentences(changes: Sequence[Change], *kinds: str) -> list[tuple[str, str]]:
    """The sentences then and now of some kinds of changes, each once: several claims may stand in one sentence."""
    chosen = (change for change in changes if change.kind in kinds)
    return list(dict.fromkeys((_sentence(change.old), _sentence(change.new)) for change in chosen))


def _sentence(entry: Record | None) -> str:
    return str(entry["sentence"]) if entry else ""


def _worded(old: str, new: str) -> tuple[tuple[str, str], ...]:
    return tuple(words(old, new))


def _figure(figure: Figure, indicators: Mapping[str, Indicator]) -> tuple[tuple[str, str], ...]:
    title = _title(figure.indicator, indicators)
    if figure.old and figure.new:
        apart = _apart(figure.old, figure.new) if figure.kind == "revised" else ""
        then, now = (_amount(each, indicators) for each in (figure.old, figure.new))
        return ("same", f"{title}:"), ("gone", then), ("new", now), *_said(apart)[: bool(apart)]
    return ("same", f"{title}:"), ("new", _amount(figure.new, indicators)) if figure.new else (
        "gone",
        _amount(figure.old or {}, indicators),
    )


def _revision(old: Record, new: Record, indicators: Mapping[str, Indicator]) -> tuple[tuple[str, str], ...]:
    where = f"{_title(new['indicator'], indicators)}, {new['area_name']}:"
    apart = _apart(old, new)
    return ("same", where), ("gone", _amount(old, indicators)), ("new", _amount(new, indicators)), *_said(apart)[: bool(apart)]


def _apart(old: Record, new: Record) -> str:
    """How large a revision is: beside the interval then, else as a share."""
    if (widths := size(old, new)) is not None:
        return f"({write.number(widths, 1)} times half the interval then)"
    if None in (old["value"], new["value"]):
        return ""
    return f"({write.number(100 * relative(old, new), 1)}%)"


def _title(name: str, indicators: Mapping[str, Indicator]) -> str:
    return indicators[name].title if name in indicators else name


def _amount(value: Record, indicators: Mapping[str, Indicator]) -> str:
    indicator = indicators.get(value["indicator"])
    decimals = indicator.decimals if indicator else 2
    amount = write.quantity(value["value"], value["unit"], decimals, tuple(value["markers"]))
    return f"{amount} in {write.period(value['period'], indicator.period_style if indicator else 'auto')}"
