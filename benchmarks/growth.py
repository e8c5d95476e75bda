"""How the cost of a book grows with its places: the districts of England, step by step.

    python benchmarks/growth.py [40 150 296] [--keep FOLDER]

Builds ``placebook edition england`` for each number in one copy of the checkout. Places that an earlier step executed
are not executed again: the seconds of a step's places are those of all steps so far. Compiling and publishing begin
with nothing at each step. Prints seconds by stage, the exponent fitted to them, the same pages compiled without any
navigation, what a word of one place costs then, and the highest memory.
"""

import json
import math
import os
import shutil
import sys
import tempfile
from pathlib import Path

import yaml
from checkouts import Memory, copy, machine, placebook, size, stages

from placebook.paths import Project
from placebook.site.settings import settings

WITHOUT = """
def setup(app):
    def bare(app, pagename, templatename, context, doctree):
        context["site_map"] = []
        context["prev"] = context["next"] = None
    app.connect("html-page-context", bare, priority=101)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
"""


def edition(here: Project, count: int) -> tuple[float, Project]:
    seconds, _ = placebook("--project", str(here.root), "edition", "england", "--first", str(count))
    return seconds, Project(here.build / "editions" / "england")


def navigation(made: Project, folder: Path) -> tuple[float, float]:
    """Seconds in which the same pages compile as they are, and with no sidebar and no way to the next page.

    Both from nothing and with no page to execute, so that neither compiler loads its libraries meanwhile.
    """
    (folder / "bare_pages.py").write_text(WITHOUT, encoding="utf-8")
    os.environ["PYTHONPATH"] = str(folder)
    was = made.config.read_text(encoding="utf-8")
    config = settings(made)
    config["sphinx"]["extra_extensions"].append("bare_pages")
    made.config.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    shutil.rmtree(made.build / "work")
    placebook("--project", str(made.root), "build")
    bare = stages(made)["compile"]
    made.config.write_text(was, encoding="utf-8")
    shutil.rmtree(made.build / "work")
    placebook("--project", str(made.root), "build")
    return stages(made)["compile"], bare


def exponent(points: list[tuple[int, float]]) -> float:
    """Slope of the straight line through logarithms, by least squares."""
    x, y = ([math.log(value) for value in column] for column in zip(*points, strict=True))
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    up = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True))
    return up / sum((a - middle_x) ** 2 for a in x)


def main() -> None:
    words = sys.argv[1:]
    kept = words[words.index("--keep") + 1] if "--keep" in words else None
    counts = [int(word) for word in words if word.isdigit()] or [40, 150, 296]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(kept or temporary)
        project = copy(Project.find(), folder / "book")
        places, rows = 0.0, []
        for count in counts:
            shutil.rmtree(project.build / "editions" / "england" / "_build" / "work", ignore_errors=True)
            with Memory().watched(1.0) as memory:
                whole, made = edition(project, count)
            found = stages(made)
            rest = whole - found["places"]
            places += found["places"]
            rows.append((count, places, rest, places + rest))
            shown = "  ".join(f"{name} {seconds:.1f}" for name, seconds in found.items())
            print(
                f"{count:4d} places: executing {places:7.1f} s, all else {rest:6.1f} s, whole {places + rest:7.1f} s  "
                f"highest memory {memory.highest:.0f} MiB  ({shown})",
                flush=True,
            )
        for name, column in (("executing", 1), ("all else", 2), ("the whole", 3)):
            print(f"exponent of {name}: {exponent([(row[0], row[column]) for row in rows]):.3f}")
        with_it, bare = navigation(made, folder)
        print(f"compiling with navigation {with_it:.1f} s, without {bare:.1f} s: {with_it / bare:.2f} times", flush=True)
        nothing, _ = placebook("--project", str(made.root), "build")
        path = sorted(made.params.glob("*.yml"))[0]
        path.write_text(path.read_text(encoding="utf-8") + "narrative: {summary: A word.}\n", encoding="utf-8")
        word, _ = placebook("--project", str(made.root), "build")
        print(f"nothing changed {nothing:.1f} s; one word of one place {word:.1f} s {json.dumps(stages(made))}")
        print(f"site {size(made.html):.0f} MB, everything built {size(made.build):.0f} MB; {machine()}")


if __name__ == "__main__":
    main()
