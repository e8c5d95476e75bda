"""What is too large, too long or no file is said before any work is done on it."""

import os
import random
import re
import socket
import time
from pathlib import Path

import pytest

from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.catalogue.yaml_reader import Document, parse, read
from placebook.errors import InputError
from placebook.paths import Project

NO_FILE = "is no ordinary file, but a pipe, a socket or a device"
DISTRICT = "name: Luton\nkind: district\ncode: E06000032\n"
TOWN = "name: Leagrave\nkind: town\nparent: E06000032\nchosen: no\nlsoas:\n"
LESS = "leave out what no reader needs"


def refusal(project) -> list[str]:
    with pytest.raises(InputError) as caught:
        Catalogue.open(project)
    return [str(fault).replace("\n    → ", " → ") for fault in caught.value.faults]


# ------------------------------------------------------------ before a file is opened


def test_a_file_of_sixty_gigabytes_is_not_read(tiny_project):
    with Path(tiny_project.params / "huge.yml").open("w") as stream:
        stream.truncate(60_000_000_000)
    assert refusal(tiny_project) == [
        "params/huge.yml: is larger than 250,000 bytes → split it, or leave out what no reader needs"
    ]


@pytest.mark.parametrize("folder", ["params", "data/sources", "data/indicators", "data/counties"])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: socket.socket(socket.AF_UNIX).bind(path)], ids=["pipe", "socket"])
def test_what_would_never_end_is_not_opened(tiny_project, monkeypatch, folder, make):
    monkeypatch.chdir(tiny_project.root / folder)  # a socket's path is short
    make("95-p.yml")
    assert f"{folder}/95-p.yml: {NO_FILE} → delete it" in refusal(tiny_project)


def test_what_was_a_file_a_moment_ago(tmp_path):
    os.mkfifo(tmp_path / "p.yml")
    (fault,) = read(tmp_path / "p.yml", "params/p.yml").faults
    assert str(fault) == f"params/p.yml: {NO_FILE}\n    → write an ordinary file in its place"


def test_a_list_of_areas_that_is_a_pipe(tiny_project):
    path = tiny_project.geography / "areas.csv"
    path.unlink()
    os.mkfifo(path)
    assert refusal(tiny_project) == [f"data/geography/areas.csv: {NO_FILE} → restore it from git, or run placebook refresh"]


# ------------------------------------------------------------ how much there may be


def lines(piece: str, number: int) -> str:
    return "".join(piece.format(n) for n in range(number))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TOWN + lines("- E01{:06}\n", 1_001), "params/x.yml:5: lsoas: lists more than 1,000 → " + LESS),
        (
            TOWN + lines("- E01{:06}\n", 2_001),
            "params/x.yml:2006: holds more than 2,000 entries in one list or group → " + LESS,
        ),
        (TOWN + lines("- E01000001\n", 1_000), "params/x.yml:5: lsoas: lists E01000001 more than once → name each LSOA once"),
        (
            TOWN + lines("- E01{0:06}\n- E01{0:06}\n", 20),
            "params/x.yml:5: lsoas: lists E01000000, E01000001, E01000002, E01000003, E01000004 and 15 others more than once → "
            "name each LSOA once",
        ),
        (DISTRICT + "comparators: [" + "county, " * 7 + "]\n", "params/x.yml:4: comparators: lists more than 6 → " + LESS),
        (
            DISTRICT + "narrative: {employers: [" + "x, " * 101 + "]}\n",
            "params/x.yml:4: narrative.employers: lists more than 100 → " + LESS,
        ),
        (
            DISTRICT + f"narrative: {{story: {'x' * 20_001}}}\n",
            "params/x.yml:4: narrative.story: is longer than 20,000 characters → shorten it",
        ),
        (DISTRICT + f"narrative: {{summary: {'x' * 3_001}}}\n", None),
        (
            DISTRICT + lines("k{}: x\n", 1_998),
            "params/x.yml:2001: holds more than 2,000 entries in one list or group → " + LESS,
        ),
        (
            DISTRICT + "a: [" + ("[" + "x, " * 1_000 + "], ") * 21 + "]\n",
            "params/x.yml:4: holds more than 20,000 values → " + LESS,
        ),
        (DISTRICT + "? " + "x" * 1_000 + "\n", f"params/x.yml:4: {'x' * 76} …: unknown key '{'x' * 75} … → remove it"),
    ],
)
def test_too_much_is_one_message(tiny_project, text, expected):
    tiny_project.write("params/x.yml", text)
    assert refusal(tiny_project) == [
        expected or "params/x.yml:4: narrative.summary: is longer than 3,000 characters → shorten it"
    ]


def test_of_many_mistakes_in_a_file_the_first_are_put_into_words(tiny_project):
    tiny_project.write("params/x.yml", DISTRICT + lines("k{}: x\n", 1_900))
    told = refusal(tiny_project)
    assert len(told) == 101 and told[0] == "params/x.yml: holds 1,800 more mistakes → mend the first ones and check again"


# ------------------------------------------------------------ whatever is written

REAL = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[2] / "params").glob("*.yml"))]
HOSTILE = [
    "[]",
    "{}",
    "null",
    "~",
    "true",
    "-1",
    "1e308",
    "9" * 25,
    "9" * 400,
    "''",
    "'<script>alert(1)</script>'",
    '"\\u202e"',
    '"\\0"',
    "!!python/name:os.system x",
    "&a [*a]",
    "*a",
    "[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]",
    "2025-13-40",
    "9999-12-31",
    "0x1F",
    "{? [a] : b}",
    "../../etc/passwd",
    "https://a@b.org/",
    "mailto:a@b.org?bcc=c",
    "{{ page }}",
    "'{download}`x`'",
    "|\n    *a **b\n",
    ">-\n",
    "E07000243",
    "W06000015",
    "[E01023630, E01023630]",
    "{kind: town}",
    "x" * 30_000,
    "'" + "*a **b " * 2_500 + "'",
    "'" + "[" * 19_000 + "'",
    "[" + "county, " * 5_000 + "]",
    "[" + "{}, " * 1_900 + "]",
    "[" + "E01023630, " * 1_900 + "]",
    "{" + ", ".join(f"k{n}: x" for n in range(1_900)) + "}",
    "[" + "{title: x, url: 'http://x'}, " * 90 + "]",
    "[" + "{date: x, who: y, what: '" + "![" * 1_400 + "'}, " + "]",
]


def spoiled(chance: random.Random) -> bytes:
    """A real file with something wrong: bytes flipped, values replaced, lines doubled, lost or moved to another depth."""
    rows = chance.choice(REAL).splitlines()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(rows))
        kind = chance.randrange(5)
        if kind == 0 and ":" in rows[at]:
            rows[at] = rows[at].partition(":")[0] + ": " + chance.choice(HOSTILE)
        elif kind == 1:
            rows[at] = " " * chance.randrange(9) + rows[at].strip()
        elif kind == 2:
            rows.insert(at, chance.choice(rows))
        elif kind == 3 and len(rows) > 1:
            del rows[at]
        else:
            rows[at] = re.sub(
                r"\w+", lambda found: chance.choice([found[0], found[0], chance.choice(HOSTILE)]), rows[at], count=3
            )
    raw = bytearray("\n".join(rows).encode())
    if chance.random() < 0.3:
        for _ in range(chance.randint(1, 8)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


def test_five_hundred_spoiled_files_are_each_understood_or_refused_soon(tmp_path, tiny_project):
    project = Project(tiny_project.root)
    for path in project.params.iterdir():
        path.unlink()
    chance, refused, slowest = random.Random(21), 0, 0.0
    for _ in range(500):
        raw = spoiled(chance)
        (project.params / "spoiled.yml").write_bytes(raw)
        begun = time.process_time()
        catalogue, faults = Catalogue.read(project)
        faults += check(catalogue, None)
        told = str(InputError(sorted(faults)))
        slowest = max(slowest, time.process_time() - begun)
        assert all(fault.file == "params/spoiled.yml" and fault.problem for fault in faults), raw
        assert len(told) < 100_000 and "Traceback" not in told and "pydantic" not in told, raw
        refused += bool(faults)
    assert refused > 400 and slowest < 2


def test_as_much_as_is_let_through_is_read_soon():
    begun = time.process_time()
    document = parse("\n".join(f"k{n}: [{'x, ' * 8}]" for n in range(1_900)).encode(), Document("x.yml"))
    assert len(document.data) == 1_900 and time.process_time() - begun < 2
