"""Two hundred things that go wrong on the way, drawn by chance from nineteen kinds: the frozen tables stay after each."""

import gzip
import os
import random
import signal
import sys

import pytest
from publishers import Said, els
from test_landing import AREAS, NEXT, TODAY, YEARS, answer, contents, figure, landed, project, whole

from placebook.refresh import journal
from placebook.refresh.fetching import Limits

_ = project  # the fixture
SEEDS = range(14)
CSV = {"Content-Type": "text/csv"}


def figures_of(chance):
    """Revisions as they are usual, and a new period."""
    return {(code, year): figure(code, year) + chance.choice([-0.1, 0, 0.1]) for code in AREAS for year in NEXT}


def cells(text, change):
    """Every row below the header, changed."""
    head, *rows = text.splitlines()
    return "\n".join([head, *(",".join(change(row.split(","))) for row in rows)])


def swapped(text, one, other):
    def change(row):
        row[one], row[other] = row[other], row[one]
        return row

    return cells(text, change)


def one_digit_more(chance, figures):
    code, year = chance.choice(list(AREAS)), chance.choice(list(NEXT))
    return answer(figures | {(code, year): figures[code, year] * chance.choice([10, 0.1])}, NEXT)


def areas_lost(chance, figures):
    lost = chance.choice(list(AREAS))
    return answer(figures, NEXT, {code: name for code, name in AREAS.items() if code != lost})


def history_lost(chance, figures):
    return answer(figures, chance.choice([range(2014 + chance.randint(1, 9), 2025), range(2014, 2024 - chance.randint(1, 5))]))


def unit_changed(chance, figures):
    times = chance.choice([0.01, 0.1, 0.5, 1.3])
    return answer({key: value * times for key, value in figures.items()}, NEXT, half=0)


def names_slipped(chance, figures):
    codes, names = list(AREAS), list(AREAS.values())
    by = chance.randint(1, len(codes) - 1)
    return answer(figures, NEXT, dict(zip(codes, names[by:] + names[:by], strict=True)))


ELSEWHERE = ["https://elsewhere.example/a.csv", "http://www.ons.gov.uk/a.csv", "file:///etc/passwd"]
COLUMNS = [(0, 1), (3, 4), (4, 5), (2, 3), (3, 5)]
HEADERS = [("value,lci_95", "lci_95,value"), ("areacd,areanm", "areanm,areacd")]
TWICE = "E92000001,England,2020-01-01/P1Y,1,0,2,"
EMPTY = "areacd,areanm,period,value,lci_95,uci_95,status\n"
PACKED = {"Content-Encoding": "gzip"}

WRONG_TABLES = {
    "one digit more": one_digit_more,
    "areas lost": areas_lost,
    "history lost": history_lost,
    "unit changed": unit_changed,
    "names slipped": names_slipped,
    "columns swapped": lambda chance, figures: swapped(answer(figures, NEXT), *chance.choice(COLUMNS)),
    "header swapped": lambda chance, figures: answer(figures, NEXT).replace(*chance.choice(HEADERS)),
    "a row short": lambda chance, figures: answer(figures, NEXT).rsplit(",", chance.randint(2, 5))[0],
    "a row twice, another figure": lambda chance, figures: f"{answer(figures, NEXT)}\n{TWICE}",
    "an unknown code": lambda chance, figures: answer(figures, NEXT).replace("E92000001,England", "E07009999,Atlantis"),
}
WRONG_ANSWERS = {
    "cut body": lambda chance, text: Said(text, cut=chance.randrange(len(text))),
    "cut body, packed": lambda chance, text: Said(gzip.compress(text.encode())[: chance.randrange(20, 90)], headers=PACKED),
    "web page for CSV": lambda chance, text: Said("<!doctype html><p>Please wait</p>", headers=chance.choice([{}, CSV])),
    "wrong charset": lambda chance, text: Said(text.replace("Luton", "Lutön").encode(chance.choice(["latin-1", "utf-16"]))),
    "gzip bomb": lambda chance, text: Said(gzip.compress(b"0" * chance.randint(300_000, 900_000)), headers=PACKED),
    "too many requests": lambda chance, text: Said("", chance.choice([429, 502, 503, 504])),
    "slow drip": lambda chance, text: Said(text, drip=0.02),
    "redirect to another host": lambda chance, text: Said("", 302, {"Location": chance.choice(ELSEWHERE)}),
    "nothing at all": lambda chance, text: Said(chance.choice(["", "\n", EMPTY])),
}
LIMITS = Limits(seconds=0.3, silence=0.25, size=200_000, tries=1)


@pytest.mark.parametrize("kind", [*WRONG_TABLES, *WRONG_ANSWERS])
def test_the_frozen_tables_are_as_they_were_after_every_fault(project, kind):
    before = contents(project)
    for seed in SEEDS[: 3 if kind == "slow drip" else None]:
        chance = random.Random(f"{kind} {seed}")
        figures = figures_of(chance)
        text = WRONG_TABLES[kind](chance, figures) if kind in WRONG_TABLES else answer(figures, NEXT)
        right = els(jobs=text)

        def answering(asked, chance=chance, text=text, right=right):
            return WRONG_ANSWERS[kind](chance, text) if kind in WRONG_ANSWERS and "indicator" in asked.query else right(asked)

        [result] = landed(project, answering, limits=LIMITS)
        assert result.state in ("failed", "stopped"), (kind, seed, result.state)
        assert result.why and contents(project) == before, (kind, seed)
    assert whole(project)


def test_so_many_are_two_hundred():
    assert len(SEEDS) * (len(WRONG_TABLES) + len(WRONG_ANSWERS) - 1) + 3 >= 200


def test_figures_without_a_fault_land(project):
    """What is seeded above lands without its fault: none is refused for another reason."""
    for seed in range(6):
        [result] = landed(project, els(jobs=answer(figures_of(random.Random(seed)), NEXT)), limits=LIMITS)
        assert result.state == "landed", result.why
    assert whole(project)


# ---------------------------------------------------------------- killed


def killed_after(steps, project, answering):
    """Refresh in a process of its own that is killed at this call inside the landing; whether it was, or had ended before."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    left, land = [steps], journal.land

    def count(frame, event, argument):
        left[0] -= event in ("call", "c_call")  # down to the calls of the system
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(*arguments):
        sys.setprofile(count)
        land(*arguments)
        sys.setprofile(None)

    journal.land = watched
    try:
        landed(project, answering)
    finally:
        os._exit(0)


def test_a_process_killed_at_any_moment_of_the_landing_leaves_whole_files_and_the_next_ends_what_it_began(project):
    old, chance, killed, lengths = contents(project), random.Random(27), 0, set()
    for steps in chance.sample(range(2_000), 40):
        for name, content in old.items():
            (project.root / "data" / name).write_bytes(content)
        killed += killed_after(steps, project, els(jobs=answer(years=NEXT)))
        table = (project.root / "data/tables/jobs.csv").read_text().splitlines()
        assert len(table) in (1 + len(AREAS) * len(YEARS), 1 + len(AREAS) * len(NEXT)) and table[-1].count(",") == 8
        journal.recover(project)
        assert whole(project), steps
        assert not [*(project.build / journal.FOLDER).glob("*"), *(project.root / "data").rglob(".*")]
        lengths.add(len((project.root / "data/tables/jobs.csv").read_text().splitlines()))
    assert killed >= 20 and len(lengths) == 2  # some before the point of no return, some after it


def test_what_was_not_yet_on_the_list_is_forgotten_and_what_was_is_ended(project):
    folder = project.build / journal.FOLDER / "jobs"
    folder.mkdir(parents=True)
    (folder / "0").write_bytes(b"half a ta")
    before = contents(project)
    assert journal.recover(project) == [] and not folder.exists() and contents(project) == before
    [result] = landed(project, els(jobs=answer(years=NEXT)), today=TODAY)
    assert result.state == "landed"
