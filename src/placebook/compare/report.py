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


Line = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """One heading with its lines; a line is a sequence of words that are ``same``, ``gone`` or ``new``."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """What is told of one place, or of the whole book."""

    title: str
    parts: tuple[Part, ...]
    slug: str = ""


def sections(comparison: Comparison, indicators: Mapping[str, Indicator]) -> list[Section]:
    """The whole book first, then each place that differs; what differs beside places alone is told of the whole book."""
    whole = [*_places(comparison), *_of_sources(comparison.sources), *_beside(comparison, indicators)]
    found = [Section("The whole book", tuple(whole))] if whole else []
    of_places = [Section(place.name, tuple(_of_place(place, indicators)), place.slug) for place in comparison.places]
    return [*found, *(section for section in of_places if section.parts)]


def summary(comparison: Comparison) -> str:
    """In a sentence or two. A revised figure counts once, on however many pages it stands."""
    if comparison.same:
        return f"{comparison.old} and {comparison.new} hold the same figures, verdicts and sentences."
    changed = [place for place in comparison.places if not place.same]
    newer = sum(figure.kind == "new period" for place in changed for figure in place.figures)
    revised = sum(len(place.own) for place in changed) + len(comparison.beside)
    flipped = sum(change.kind == "flipped" for place in changed for change in place.claims)
    passed = sum(change.kind in ("gained", "lost") for place in changed for change in place.findings)
    counts = [
        write.plural(newer, "newer figure"),
        write.plural(revised, "revised figure"),
        write.plural(flipped, "other verdict"),
        write.plural(passed, "key finding in or out", "key findings in or out"),
    ]
    told = [words for count, words in zip((newer, revised, flipped, passed), counts, strict=True) if count]
    none = [words for count, words in ((flipped, "verdict"), (passed, "key finding")) if not count]
    pages = f"{len(changed)} of {write.plural(len(comparison.places), 'page')}"
    first = f"{write.joined(told)}, on {pages}" if told else f"{pages} {'differs' if len(changed) == 1 else 'differ'}"
    rest = f" No {' and no '.join(none)} has changed." if none else ""
    return f"From {comparison.old} to {comparison.new}: {first}.{rest}"


def counts(place: Place) -> str:
    """What differs for one place, counted: ``12 newer figures, 2 revised figures and 1 statement``; "" where nothing does.

    Sentences in other words are counted where nothing else differs: other figures make other words.
    """
    kinds = Counter(figure.kind for figure in place.figures)
    counted = [
        (kinds["new period"], "newer figure", ""),
        (len(place.own), "revised figure", ""),
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
        written["revised"] = [{"old": old, "new": new, "half_widths": size(old, new)} for old, new in place.revised]
    return made


def _marked(line: Sequence[tuple[str, str]]) -> str:
    marks = {"gone": "~~{}~~", "new": "**{}**", "same": "{}"}
    return " ".join(marks[kind].format(_plain(said)) for kind, said in line)


def _plain(said: str) -> str:
    """Words in which nothing is markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~!" else sign for sign in said)


def _said(*runs: str) -> Line:
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
            f"{name} {_days(source.old[name])} → {_days(source.new[name])}"
            for name in ("period", "released", "retrieved")
            if source.old[name] != source.new[name]
        ]
        if source.old["tables"] != source.new["tables"]:
            differs.append("other figures")
        lines.append(_said(f"{source.new['title']}: {write.joined(differs) or 'other words'}"))
    if lines:
        yield Part("Sources", tuple(lines))


def _days(written: str | None) -> str:
    """A day, or a span of two, in words."""
    return " to ".join(write.period(day, "day") for day in written.split("/")) if written else "none"


def _beside(comparison: Comparison, indicators: Mapping[str, Indicator]) -> Iterator[Part]:
    if revised := comparison.beside:
        many = write.plural(len(revised), "revision")
        yield Part(f"Other areas, beside places: {many}, the largest first", _first(_revisions(revised, indicators)))


def _revisions(pairs: Sequence[tuple[Record, Record]], indicators: Mapping[str, Indicator]) -> list[Line]:
    return [_revision(old, new, indicators) for old, new in pairs]


def _first(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The first of them, each once, and how many more there are."""
    each = list(dict.fromkeys(lines))
    return (*each[:SHOWN], *([_said(f"… and {len(each) - SHOWN:,} more")] if len(each) > SHOWN else []))


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
    elsewhere = [pair for pair in place.own if not _is_newest(pair, place)]
    if elsewhere:
        many = write.plural(len(elsewhere), "revision")
        yield Part(f"Earlier periods and parts: {many}, the largest first", _first(_revisions(elsewhere, indicators)))
    if flipped := [change for change in place.claims if change.kind == "flipped"]:
        yield Part("Other verdicts", tuple(dict.fromkeys(_words(change, indicators) for change in flipped)))
    for kind, title in (("gained", "New statements"), ("lost", "Statements no longer made")):
        if claims := [change for change in place.claims if change.kind == kind]:
            lines = list(dict.fromkeys(_statement(change, indicators) for change in claims))
            yield Part(f"{title}: {len(lines)}", _first(lines))
    changed = [_words(change, indicators) for change in (*place.findings, *place.claims) if change.kind == "words"]
    verdicts = {_words(change, indicators) for change in flipped}  # several statements may share one sentence
    if sentences := [each for each in dict.fromkeys(changed) if each not in verdicts]:
        yield Part(f"Other words: {write.plural(len(sentences), 'sentence')}", _first(sentences))
    if place.badges:
        lines = [_said(f"{_title(name, indicators)}: {then} → {now}") for name, then, now in place.badges]
        yield Part("For another area", tuple(lines))


def _is_newest(pair: tuple[Record, Record], place: Place) -> bool:
    return any(figure.kind == "revised" and figure.new == pair[1] for figure in place.figures)


def _finding(change: Change) -> Line:
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


def _statement(change: Change, indicators: Mapping[str, Indicator]) -> Line:
    said = change.new or change.old or {}
    return _said(f"{_title(said['indicator'], indicators)}:", str(said["sentence"]))


def _words(change: Change, indicators: Mapping[str, Indicator]) -> Line:
    """A sentence word by word, after its measure: alone it need not name it."""
    assert change.old and change.new
    title = _title(change.new["indicator"], indicators)
    return ("same", f"{title}:"), *words(str(change.old["sentence"]), str(change.new["sentence"]))


def _figure(figure: Figure, indicators: Mapping[str, Indicator]) -> Line:
    title = _title(figure.indicator, indicators)
    if figure.kind == "revised" and figure.old and figure.new:
        return _revision(figure.old, figure.new, indicators, figure.new["area_name"])
    runs = [(kind, each) for kind, each in (("gone", figure.old), ("new", figure.new)) if each]
    amounts = ((kind, f"{_amount(each, indicators)} in {_period(each, indicators)}") for kind, each in runs)
    return ("same", f"{title}:"), *amounts


def _revision(old: Record, new: Record, indicators: Mapping[str, Indicator], of: str = "") -> Line:
    """What was revised, when, of which area (of the page's own, ``of``, nothing is said), the figure then and now."""
    what = [_title(new["indicator"], indicators), new["category"], "" if new["area_name"] == of else new["area_name"]]
    where = ", ".join(word for word in (*what, _period(new, indicators)) if word)
    then, now = _amount(old, indicators), _amount(new, indicators)
    if then == now:
        return _said(f"{where}: {now} as before ({_apart(old, new) or 'its interval or markers differ'})")
    apart = _apart(old, new)
    return ("same", f"{where}:"), ("gone", then), ("new", now), *_said(*[f"({apart})"] if apart else [])


def _apart(old: Record, new: Record) -> str:
    """How large a revision is: beside the interval then; else in points of a percentage, or as a share."""
    if None in (old["value"], new["value"]) or old["value"] == new["value"]:
        return ""
    if (widths := size(old, new)) is not None:
        return f"{write.number(widths, 1)} times half the interval then"
    more = "more" if new["value"] > old["value"] else "less"
    if new["unit"] == "percent":
        points = abs(new["value"] - old["value"])
        return f"{write.number(points, 1 if points >= 0.05 else 2)} percentage points {more}"
    return f"{write.number(100 * relative(old, new), 1)}% {more}" if old["value"] else ""


def _title(name: str, indicators: Mapping[str, Indicator]) -> str:
    return indicators[name].title if name in indicators else name


def _amount(value: Record, indicators: Mapping[str, Indicator]) -> str:
    indicator = indicators.get(value["indicator"])
    decimals = indicator.decimals if indicator else 2
    return write.quantity(value["value"], value["unit"], decimals, tuple(value["markers"]))


def _period(value: Record, indicators: Mapping[str, Indicator]) -> str:
    indicator = indicators.get(value["indicator"])
    return write.period(value["period"], indicator.period_style if indicator else "auto")
