"""The record of good practice: the pages of docs/quality that are made of what is written beside them.

rap.md of rap.yml, backtest.md of backtest.yml and of the figures that the project computes.

python tools/quality.py            writes the pages
python tools/quality.py --check    exits with 1 where one is another
"""

import sys
from collections import Counter
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

import backtest
import yaml

from placebook.findings.formats import period as in_words
from placebook.paths import Project

ROOT = Path(__file__).parents[1]
QUALITY = ROOT / "docs" / "quality"
LEVELS = "https://nhsdigital.github.io/rap-community-of-practice/introduction_to_RAP/levels_of_RAP/"
RAP = f"""# Levels of RAP

Made from `docs/quality/rap.yml` by `tools/quality.py`. The criteria are those of the [NHS RAP Community of Practice]({LEVELS})
in their wording of 9 September 2024 (© Crown copyright, Open Government Licence v3.0). A test holds that every file and test
named here is there.
"""
BACK_TEST = """# Back test

Figures that publishers printed in pages of their own (bulletins, a council's web page), beside those that this project computes
of its frozen tables for the same area, measure and period. Made from `docs/quality/backtest.yml` by `tools/quality.py`, which
computes each figure anew by the code that makes the book's pages; tests hold the page against drift, and compute each figure by
another way. Every quote was read word by word in a stored copy of the page at its address; a page may have changed since. A
figure agrees where it is the printed one when rounded as far as that was printed. Figures were taken whether they agree or not.
"""


def rap() -> str:
    """The page in Markdown: a table for each level, and how many criteria are met."""
    parts = [RAP]
    for level, criteria in yaml.safe_load((QUALITY / "rap.yml").read_text(encoding="utf-8")).items():
        met = sum(each["met"] for each in criteria)
        parts += [f"## {level}: {met} of {len(criteria)} met", "", "| Criterion | Met | Shown by |", "| --- | --- | --- |"]
        for each in criteria:
            shown = ", ".join(f"`{name}`" for name in each.get("shown_by", ()))
            why = f"{shown}. {each['why']}" if shown and each.get("why") else each.get("why") or shown
            parts.append(f"| {each['criterion']} | {'yes' if each['met'] else 'no'} | {why} |")
        parts.append("")
    return "\n".join(parts)


def back_test() -> str:
    """The page in Markdown: what was printed, what the project has, and why they differ. SystemExit for a reason amiss."""
    figures = backtest.Figures(Project(ROOT))
    rows = list(backtest.rows(backtest.read(QUALITY / "backtest.yml"), figures))
    for row in rows:
        if row.agrees == bool(row.printed.differs):
            said = "say why it differs" if not row.agrees else "it agrees, take `differs` and `because` out"
            sys.exit(f"backtest.yml: «{row.printed.written}» of {row.publication.title} is {row.value:g} here: {said}")
    parts = [BACK_TEST, _summary(rows), ""]
    for publication, of_page in groupby(rows, key=lambda row: row.publication):
        parts += [f"## {publication.title}", ""]
        host = urlsplit(publication.address).hostname
        parts += [f"{publication.publisher}, [{host}]({publication.address}), read on {_day(publication)}.", ""]
        for passage, of_passage in groupby(of_page, key=lambda row: row.passage):
            parts += [f"> {_plain(passage.quote)}", ""]
            parts += ["| Measure | Area | Period | Printed | Here | Result |", "| --- | --- | --- | ---: | ---: | --- |"]
            parts += [_row(row, figures) for row in of_passage]
            parts.append("")
    return "\n".join(parts)


def _summary(rows: list[backtest.Row]) -> str:
    agree, pages = sum(row.agrees for row in rows), len({row.publication.address for row in rows})
    publishers = len({row.publication.publisher for row in rows})
    why = Counter(row.printed.differs for row in rows if row.printed.differs)
    rest = ", ".join(f"{why[reason]} {words}" for reason, words in backtest.REASONS.items() if why[reason])
    count = f"{len(rows)} figures of {pages} pages by {publishers} publishers: {agree} agree, {len(rows) - agree} differ"
    return f"**{count}** ({rest})."


def _row(row: backtest.Row, figures: backtest.Figures) -> str:
    printed = row.printed
    here = backtest.shown(row.value, max(printed.decimals, 0))
    result = "agrees" if row.agrees else f"**differs.** {printed.because}"
    cells = (figures.measure(printed), figures.area(printed), in_words(printed.period), _plain(printed.written))
    return f"| {' | '.join(cells)} | {here} | {result} |"


def _day(publication: backtest.Publication) -> str:
    return f"{publication.seen.day} {publication.seen:%B %Y}"


def _plain(words: str) -> str:
    """Words of others as they are: nothing in them is Markdown."""
    return "".join(f"\\{sign}" if sign in "\\|*_`[]~$" else sign for sign in words)


PAGES: dict[str, Callable[[], str]] = {"rap.md": rap, "backtest.md": back_test}

if __name__ == "__main__":
    texts = {name: make() for name, make in PAGES.items()}
    if sys.argv[1:] == ["--check"]:
        other = [name for name, text in texts.items() if (QUALITY / name).read_text(encoding="utf-8") != text]
        sys.exit(f"{', '.join(other)}: not what is written beside it says: run tools/quality.py" if other else 0)
    for name, text in texts.items():
        (QUALITY / name).write_text(text, encoding="utf-8")
