"""Templates of a few cells, and executing them."""

import nbformat
from nbformat import v4

from placebook.execute import pool
from placebook.execute.outcome import PLACE, Page

SHOWS = """from placebook.markup import markup
from placebook.report.display import show_markdown
show_markdown(markup("# {}", place))"""


def template(project, *code):
    """Write a place's template of these cells."""
    parameters = v4.new_code_cell('place = ""', metadata={"tags": ["parameters"]}, id="parameters")
    cells = [v4.new_code_cell(text, id=f"cell-{at}") for at, text in enumerate(code)]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    project.write("notebooks/place.ipynb", nbformat.writes(v4.new_notebook(cells=[parameters, *cells], metadata=about)))


def execute(project, *slugs, workers=2, time_limit=60, cold=False):
    """Outcomes by slug, in the order in which the pages ended."""
    outcomes = {}
    pages = [Page(PLACE, slug) for slug in slugs or ("letchworth",)]
    pool.execute_all(project, pages, workers, time_limit, cold, lambda outcome: outcomes.update({outcome.place: outcome}))
    return outcomes


def execute_one(project, *slug, **more):
    (outcome,) = execute(project, *slug, **more).values()
    return outcome
