"""What is drawn of the real figures: nothing runs into anything else."""

from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from placebook.catalogue.load import Catalogue
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.figures import strips
from placebook.paths import Project
from placebook.report import chart_data

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rows():
    project = Project.at(ROOT)
    catalogue = Catalogue.open(project)
    evidence = Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), "letchworth")
    readings = [reading for theme in catalogue.themes for reading in chart_data.in_strip(evidence.theme(theme))]
    return [chart_data.strip_row(reading, True) for reading in readings]


def boxes(row):
    """The words of a strip's row where they stand."""
    figure = strips.strip(row)
    renderer = FigureCanvasAgg(figure).get_renderer()
    return {text.get_text(): text.get_window_extent(renderer) for text in figure.texts if text.get_text()}


def test_no_words_of_a_comparison_strip_run_into_one_another(rows):
    assert len(rows) > 60
    for row in rows:
        found = list(boxes(row).items())
        for at, (words, box) in enumerate(found):
            for others, other in found[at + 1 :]:
                # Boxes hold the room of letters that go below the line: two lines may share a little of it.
                across = min(box.x1, other.x1) - max(box.x0, other.x0)
                down = min(box.y1, other.y1) - max(box.y0, other.y0)
                assert across <= 0 or down <= 0.25 * min(box.height, other.height), (row.title, words, others)
