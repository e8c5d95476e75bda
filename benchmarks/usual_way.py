"""The usual way, Papermill's command for each place and a stock Jupyter Book, beside ``placebook build``.

    python benchmarks/usual_way.py [DISTRICTS]

Both begin with nothing, in copies of the checkout in a temporary folder, with the same template, and give the same
pages: that is checked. Papermill is timed one place after the other, as a loop in a shell does it, and with as many at a
time as there are cores. Ours is built once before all that and once after it, from nothing both times, and the two are
averaged: in the minutes between a shared machine changes its pace. DISTRICTS: how many English districts the book has in
place of its own places.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean

import nbformat
import yaml
from checkouts import Memory, build, copy, districts, machine, set_aside, stages

from placebook.catalogue.load import Catalogue
from placebook.execute.bake import bake
from placebook.paths import Project
from placebook.report.words import place_words
from placebook.site.settings import settings

BIN = Path(sys.executable).parent


def papermill(project: Project, slug: str) -> None:
    subprocess.run(
        [BIN / "papermill", "notebooks/place.ipynb", f"executed/{slug}.ipynb", "-p", "place", slug, "--no-progress-bar"],
        cwd=project.root,
        check=True,
        capture_output=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def executed(project: Project, slugs: list[str], at_a_time: int) -> float:
    """Seconds of Papermill's command for all places, with nothing kept from before."""
    set_aside(project)
    (project.root / "executed").mkdir(exist_ok=True)
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_a_time) as loop:
        list(loop.map(lambda slug: papermill(project, slug), slugs))
    return time.perf_counter() - begun


def stock(project: Project, made: Project, slugs: list[str]) -> float:
    """Seconds of ``jupyter-book build`` without this book's theme, from the same pages."""
    for folder in ("places", "generated", "counties"):
        if (made.root / "book" / folder).exists():
            shutil.copytree(made.root / "book" / folder, project.root / "book" / folder, dirs_exist_ok=True)
    places = Catalogue.open(project).places
    for slug in slugs:
        page = bake(nbformat.read(project.root / "executed" / f"{slug}.ipynb", 4), slug, place_words(places[slug]))
        text = nbformat.writes(page, version=4) + "\n"
        if text != (made.place_pages / f"{slug}.ipynb").read_text(encoding="utf-8"):
            sys.exit(f"{slug}: the two ways gave different pages")
    config = settings(project)
    del config["sphinx"]["extra_extensions"]
    project.config.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    toc = yaml.safe_load(project.toc.read_text(encoding="utf-8"))
    toc["parts"] = [
        part
        for part in toc["parts"]
        if all("glob" not in chapter or any(project.root.glob(f"{chapter['glob']}.ipynb")) for chapter in part["chapters"])
    ]
    project.toc.write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")
    begun = time.perf_counter()
    subprocess.run([BIN / "jupyter-book", "build", "."], cwd=project.root, check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    here, cores = Project.find(), os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        ours, usual = copy(here, Path(folder) / "ours"), copy(here, Path(folder) / "usual")
        if len(sys.argv) > 1:
            districts(ours, int(sys.argv[1]))
            districts(usual, int(sys.argv[1]))
        slugs = sorted(path.stem for path in ours.params.glob("*.yml"))
        os.sync()  # the copies are on the disk
        builds = [(build(ours)[0], stages(ours))]
        together = executed(usual, slugs, cores)
        compiled = stock(usual, ours, slugs)
        one_by_one = executed(usual, slugs, 1)
        set_aside(ours)
        builds.append((build(ours)[0], stages(ours)))
        whole = mean(seconds for seconds, _ in builds)
        found = {name: mean(part[name] for _, part in builds) for name in builds[0][1]}
        # Once more for the memory: to add it up takes processor time and holds up whom it is asked of.
        with Memory().watched() as theirs:
            executed(usual, slugs, cores)
        with Memory().watched() as memory:
            build(ours, "--again")
        rows = [
            (f"executing, {cores} at a time", together, found["places"]),
            ("executing, usual: one after the other", one_by_one, found["places"]),
            ("compiling", compiled, found["compile"] + found["publish"]),
            ("all, usual: one after the other", one_by_one + compiled, whole),
            (f"all, usual: {cores} at a time", together + compiled, whole),
        ]
        print(f"{len(slugs)} places; ours {' and '.join(f'{seconds:.1f}' for seconds, _ in builds)} s")
        print(f"{'':40s}    usual      ours   times faster")
        for name, usually, here_now in rows:
            print(f"{name:40s} {usually:7.1f} s {here_now:7.1f} s  {usually / here_now:5.2f}")
        print(f"highest memory: usual {theirs.highest:.0f} MiB, ours {memory.highest:.0f} MiB; {machine()}")


if __name__ == "__main__":
    main()
