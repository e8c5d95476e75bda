"""What a change costs: from nothing, nothing changed, a word of one place, the template.

    python benchmarks/changes.py [DISTRICTS]

Builds a copy of the checkout in a temporary folder with ``placebook build``, HTML alone, and prints seconds, ratios to
the build from nothing, how many places were executed, and the highest memory of any process. DISTRICTS: how many
English districts the book has in place of its own places.
"""

import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from placebook.paths import Project


def copy(project: Project, folder: Path) -> Project:
    """What git tracks, elsewhere."""
    names = subprocess.run(["git", "ls-files"], cwd=project.root, capture_output=True, text=True, check=True).stdout
    for name in names.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.root / name, folder / name)
    return Project.at(folder)


def districts(project: Project, count: int) -> None:
    """The first ``count`` English districts by code, a file of params each."""
    with open(project.geography / "areas.csv", encoding="utf-8", newline="") as stream:
        found = sorted(
            (row["code"], row["name"]) for row in csv.DictReader(stream)
            if row["level"] == "district" and row["code"].startswith("E")
        )  # fmt: skip
    for path in project.params.glob("*.yml"):
        path.unlink()
    for code, name in found[:count]:
        text = f"name: {json.dumps(name)}\nkind: district\ncode: {code}\nnarrative:\n  summary: A word.\n"
        (project.params / f"{code.lower()}.yml").write_text(text, encoding="utf-8")


def build(project: Project, *more: str) -> tuple[float, int]:
    """Seconds, and how many places and chapters were executed."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "placebook", "--project", str(project.root), "build", *more],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - begun, done.stderr.count(": rebuilt in")


def word(project: Project) -> None:
    path = sorted(project.params.glob("*.yml"))[0]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("summary: ", "summary: Indeed. ", 1) if "summary: A" in text
                    else text.replace("Hertfordshire. In", "Hertfordshire; in", 1), encoding="utf-8")  # fmt: skip


def template(project: Project) -> None:
    path = project.place_template
    path.write_text(path.read_text(encoding="utf-8").replace("Eight headline figures", "Headline figures"), encoding="utf-8")


def main() -> None:
    here = Project.find()
    with tempfile.TemporaryDirectory() as folder:
        project = copy(here, Path(folder) / "book")
        if len(sys.argv) > 1:
            districts(project, int(sys.argv[1]))
        rows = {"from nothing": build(project), "nothing changed": build(project)}
        word(project)
        rows["one word of one place"] = build(project)
        template(project)
        rows["the template"] = build(project)
        rows["everything again, cold"] = build(project, "--again", "--cold")
        base = rows["from nothing"][0]
        for name, (seconds, executed) in rows.items():
            print(f"{name:26s} {seconds:7.1f} s  {seconds / base:5.2f}  executed {executed}")
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        size = sum(path.stat().st_size for path in project.html.rglob("*") if path.is_file()) / 1e6
        print(f"highest memory of one process {memory:.0f} MiB; site {size:.0f} MB")


if __name__ == "__main__":
    main()
