"""`placebook picture`: the figures of a page as PNG files, with title and source in them."""

from io import BytesIO

import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from typer.testing import CliRunner

from placebook.cli import app
from placebook.figures.bitmap import DPI, png
from placebook.paths import Project


def drawn(wide, high):
    figure = Figure(figsize=(wide, high))
    figure.patch.set_facecolor("#ff0000")
    figure.subplots().plot([0, 1], [0, 1])
    return figure


def test_a_picture_holds_its_figures_title_and_source_and_is_the_same_twice():
    figures = [drawn(3, 2), drawn(3, 1)]
    content = png("A title", figures, "Ayton, 2023. Source: Nobody.")
    pixels = imread(BytesIO(content), format="png")
    assert pixels.shape[1] == pytest.approx((3 + 2 * 0.15) * DPI, abs=1)
    assert pixels.shape[0] > 3 * DPI
    dark = (pixels[:, :, :3] < 0.6).all(axis=2).any(axis=1)
    assert dark[: DPI // 2].any() and dark[-DPI // 2 :].any(), "words above and below"
    assert content == png("A title", figures, "Ayton, 2023. Source: Nobody.")


def test_three_and_more_stand_in_two_columns():
    pixels = imread(BytesIO(png("A title", [drawn(2, 1)] * 3, "Source: Nobody.")), format="png")
    assert pixels.shape[1] == pytest.approx((4 + 3 * 0.15) * DPI, abs=1)


def test_the_figures_of_a_place_are_written_and_one_that_no_page_has_is_refused(tmp_path):
    given = ["--project", str(Project.find().root), "picture", "letchworth", "--to", str(tmp_path / "slides")]
    done = CliRunner().invoke(app, [*given, "--figure", "deprivation"])
    (path,) = (tmp_path / "slides").iterdir()
    assert done.exit_code == 0 and path.name == "letchworth-deprivation.png" and str(path) in done.output
    assert path.read_bytes().startswith(b"\x89PNG")
    refused = CliRunner().invoke(app, [*given, "--figure", "deprivatoin"])
    assert isinstance(refused.exception, Exception) and "there are deprivation, " in str(refused.exception)
    assert len(list((tmp_path / "slides").iterdir())) == 1
