"""What a change costs: from nothing, nothing changed, a word, a row of a table, the template.

    python benchmarks/changes.py [DISTRICTS]

Builds a copy of the checkout in a temporary folder with ``placebook build``, HTML alone, and prints seconds, ratios to
the build from nothing and how many places were executed, then the highest memory. DISTRICTS: how many English districts
the book has in place of its own places.
"""

import csv
import hashlib
import io
import sys
import tempfile
from pathlib import Path

from checkouts import Memory, build, copy, districts, machine, size

from placebook.paths import Project
from placebook.refresh import datapackage

SOURCE = "els-weekly-pay"


def word(project: Project) -> None:
    """Another word in the summary of the first place."""
    path = sorted(project.params.glob("*.yml"))[0]
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("summary: ", "summary: Indeed. ", 1)
        if "summary: A" in text
        else text.replace("Hertfordshire. In", "Hertfordshire; in", 1),
        encoding="utf-8",
    )


def row(project: Project, area: str, factor: float) -> None:
    """An area's newest figure of a table, and its limits, times something."""
    table, about = project.tables / f"{SOURCE}.csv", project.sources / f"{SOURCE}.yml"
    was = table.read_text(encoding="utf-8")
    lines = was.splitlines(keepends=True)
    at = max(number for number, line in enumerate(lines) if line.startswith(f"{area},"))
    fields = dict(zip(lines[0].strip().split(","), next(csv.reader([lines[at]])), strict=True))
    for name in ("value", "lower", "upper"):
        fields[name] = repr(round(float(fields[name]) * factor, 4)) if fields[name] else ""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(fields.values())
    lines[at] = text.getvalue()
    now = "".join(lines)
    table.write_text(now, encoding="utf-8")
    old, new = (hashlib.sha256(content.encode()).hexdigest() for content in (was, now))
    about.write_text(about.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    datapackage.write(project)


def first_district(project: Project) -> str:
    """The code of the first place that is a district."""
    codes = (
        line.split()[1]
        for path in sorted(project.params.glob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("code: ")
    )
    return next(codes)


def template(project: Project) -> None:
    path = project.template("place")
    path.write_text(path.read_text(encoding="utf-8").replace("Eight headline figures", "Headline figures"), encoding="utf-8")


def main() -> None:
    here = Project.find()
    with tempfile.TemporaryDirectory() as folder, Memory().watched() as memory:
        project = copy(here, Path(folder) / "book")
        if len(sys.argv) > 1:
            districts(project, int(sys.argv[1]))
        rows = {"from nothing": build(project), "nothing changed": build(project)}
        word(project)
        rows["one word of one place"] = build(project)
        row(project, "E06000063", 1.0001)  # Cumberland, which is no place here and no end of a scale
        rows["one row, shown nowhere"] = build(project)
        row(project, first_district(project), 1.05)
        rows["one row of one place"] = build(project)
        row(project, "E92000001", 1.01)
        rows["one row of England"] = build(project)
        template(project)
        rows["the template"] = build(project)
        rows["everything again, cold"] = build(project, "--again", "--cold")
        base = rows["from nothing"][0]
        for name, (seconds, executed) in rows.items():
            print(f"{name:26s} {seconds:7.1f} s  {seconds / base:5.2f}  executed {executed}")
        print(f"highest memory {memory.highest:.0f} MiB; site {size(project.html):.0f} MB; {machine()}")


if __name__ == "__main__":
    main()
