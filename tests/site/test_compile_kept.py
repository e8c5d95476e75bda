"""What the compiler keeps from one time to the next, and when it is not believed."""

import sys

import pytest

from placebook.execute import child_processes
from placebook.paths import Project
from placebook.site import compile as compiling


@pytest.fixture
def compiled(tmp_path, monkeypatch):
    """Compiles with these parts; gives what the compiler found of the time before."""
    project = Project(tmp_path)
    for path in (project.config, project.toc):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("root: index\n", encoding="utf-8")
    seen = []

    def run(project, output, *_):
        seen.append(sorted(path.name for path in output.rglob("*") if path.is_file()))
        for name in (".doctrees/town.doctree", "html/town.html"):
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            (output / name).write_text("made", encoding="utf-8")

    monkeypatch.setattr(compiling, "_run", run)

    def compile_(**parts):
        compiling.compile_html(project, {"code": "a", "libraries": "b"} | parts)
        return seen[-1]

    compile_.project = project
    return compile_


def test_a_process_that_loads_ahead_is_not_ended_with_a_page_but_with_the_compiler(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "COMMAND", [sys.executable, "-c", "input()"])  # it waits until it is asked
    with compiling.Compiler(Project(tmp_path)) as compiler:
        process = compiler.load()
        child_processes.end_children(only_other_sessions=True)
        assert process.poll() is None
    assert process.poll() is not None


def test_what_is_done_meanwhile_is_done_before_the_compiler_is_waited_for_and_ends_it_where_it_fails(tmp_path, monkeypatch):
    # It ends when this file is there.
    waits = "import pathlib, sys, time\ninput()\nwhile not pathlib.Path('done').exists(): time.sleep(0.01)\nprint('compiled')"
    monkeypatch.setattr(compiling, "COMMAND", [sys.executable, "-c", waits])
    with compiling.Compiler(Project(tmp_path)) as compiler:
        assert compiler.run(tmp_path, tmp_path, 1, (tmp_path / "done").touch) == (0, "compiled\n")
        process = compiler.load()
        with pytest.raises(FileNotFoundError):
            compiler.run(tmp_path, tmp_path, 1, (tmp_path / "nowhere").unlink)
        assert process.poll() is not None


def test_what_is_the_same_is_kept(compiled):
    assert compiled() == []
    assert compiled() == ["town.doctree", "town.html"]


@pytest.mark.parametrize("part", ["code", "libraries"])
def test_what_another_code_has_read_is_read_again(compiled, part):
    compiled()
    assert compiled(**{part: "other"}) == []


def test_another_configuration_writes_every_page_again_from_what_was_read(compiled):
    compiled()
    compiled.project.config.write_text("root: other\n", encoding="utf-8")
    assert compiled() == ["town.doctree"]


def test_what_is_not_as_it_was_written_is_not_believed(compiled):
    compiled()
    (compiled.project.build / "work" / "html" / "_build" / ".doctrees" / "town.doctree").write_text("odd", encoding="utf-8")
    assert compiled() == []
