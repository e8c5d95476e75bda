"""The work on one page alone, in one warm process: what executions are compared with.

    python benchmarks/floor.py [PLACE]

Prints seconds and ratios to the first line: everything drawn anew; the same again with kept pictures and workbooks;
``placebook``'s own execution of the same place, warm and cold. Writes only below ``_build`` of the checkout.
"""

import sys
import time

from placebook.execute import notebook, warm
from placebook.paths import Project
from placebook.report import display
from placebook.report.page import Page


def page(project: Project, slug: str) -> float:
    """Seconds of everything that the template asks of the page."""
    begun = time.perf_counter()
    made = Page.open(slug, project)
    made.show_title()
    made.show_glance()
    for theme in made.evidence.catalogue.themes:
        made.show_theme(theme)
    made.show_peers()
    made.show_voices()
    made.show_sources()
    made.close()
    return time.perf_counter() - begun


def kept(project: Project, slug: str) -> None:
    for kind in ("drawings", "workbooks"):
        (project.cache / kind / f"{slug}.kept").unlink(missing_ok=True)


def main() -> None:
    project = Project.find()
    slug = sys.argv[1] if len(sys.argv) > 1 else "broxbourne"
    display.display = lambda *given, **more: None
    page(project, slug)  # once for what a process does only once
    kept(project, slug)
    found = {"page alone, all drawn": page(project, slug), "page alone, pictures kept": page(project, slug)}
    for name, cold in (("warm", False), ("cold", True)):
        with warm.processes(project, cold) as kernel:
            notebook.execute(project, slug, kernel=kernel)  # once, so that the server is up
            kept(project, slug)
            found[f"executed {name}, all drawn"] = notebook.execute(project, slug, kernel=kernel).seconds
            found[f"executed {name}, pictures kept"] = notebook.execute(project, slug, kernel=kernel).seconds
    base = found["page alone, all drawn"]
    for name, seconds in found.items():
        print(f"{name:32s} {seconds:6.1f} s  {seconds / base:5.2f}")


if __name__ == "__main__":
    main()
