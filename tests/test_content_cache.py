"""What is kept to save time is believed only where it is what it was kept as."""

import hashlib
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook import content_cache
from placebook.content_cache import Shelf, hash_of


@pytest.fixture
def reads(monkeypatch):
    """Names of the files whose content was read."""
    real, names = Path.read_bytes, []
    monkeypatch.setattr(Path, "read_bytes", lambda path: names.append(path.name) or real(path))
    return names


def test_a_file_is_read_again_only_where_it_may_be_another(tmp_path, reads, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(b"one")
    monkeypatch.setattr(content_cache, "TIME_STEP", -(10**12))  # as if it had been written long ago
    assert [hash_of(path), hash_of(path)] == [hashlib.sha256(b"one").hexdigest()] * 2 and reads == ["a.csv"]
    before = path.stat()
    path.write_bytes(b"two")  # as long, and its time of writing set back: the time of its change cannot be
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert hash_of(path) == hashlib.sha256(b"two").hexdigest()
    path.unlink()
    assert hash_of(path) == hash_of(tmp_path / "a.csv" / "b") == hash_of(tmp_path) == ""


def test_what_is_no_file_or_far_too_large_is_not_opened(tmp_path, reads):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "huge").touch()
    os.truncate(tmp_path / "huge", 60_000_000_000)
    assert hash_of(tmp_path / "pipe") == hash_of(tmp_path / "huge") == "" and reads == []


def test_what_was_written_a_moment_ago_is_read_every_time(tmp_path, reads):
    """Two writings within a tick of the system's clock have one time."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"one")
    assert hash_of(path) == hash_of(path) and reads == ["a.csv"] * 2


def test_a_hash_without_some_lines_is_another(tmp_path):
    path = tmp_path / "a.yml"
    path.write_bytes(b"a: 1\n    rows: 7\n")
    assert hash_of(path, re.compile(rb"    rows: \d+\n")) == hashlib.sha256(b"a: 1\n").hexdigest() != hash_of(path)


@given(st.dictionaries(st.text(max_size=5), st.binary(max_size=40), max_size=6), st.sampled_from(["whole", "cut", "changed"]))
def test_a_shelf_gives_back_what_was_put_on_it_or_has_it_made_again(tmp_path_factory, things, harm):
    folder, made = tmp_path_factory.mktemp("shelf"), []
    first = Shelf(folder, ".kept", ["maker"])
    assert {name: first.make(name, lambda name=name: things[name]) for name in things} == things
    if harm != "whole":
        for path in folder.iterdir():
            content = path.read_bytes()
            path.write_bytes(content[:-1] if harm == "cut" else bytes([content[0] ^ 1]) + content[1:])
    again = Shelf(folder, ".kept", ["maker"])
    assert {name: again.make(name, lambda name=name: made.append(name) or things[name]) for name in things} == things
    assert made == ([] if harm == "whole" else list(things))
    again = Shelf(folder, ".kept", ["another maker"])
    assert again.make("a", lambda: b"anew") == b"anew"
    again.drop_unused()
    assert len(list(folder.iterdir())) == 1
