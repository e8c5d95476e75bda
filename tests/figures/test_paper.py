"""A line that is not measured stands where Matplotlib would have put it."""

import io
import re

import pytest
from matplotlib.text import Text

from placebook.figures import letters, style
from placebook.figures.paper import Paper, Words

WORDS = "0 to 9 people, £1,234 (rising)"


def written(paper):
    stream = io.StringIO()
    paper.figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return re.findall(r'<text style="([^"]*)" x="([-\d.]+)" y="([-\d.]+)"[^>]*>([^<]*)', stream.getvalue())


@pytest.mark.parametrize("up", ["baseline", "bottom", "center", "center_baseline", "top"])
@pytest.mark.parametrize(("weight", "size"), [("normal", 9.5), ("bold", 14)])
def test_a_line_is_where_it_would_be_if_it_were_measured(monkeypatch, up, weight, size):
    def drawn():
        with style.figure_style():
            paper = Paper(2)
            for across, side in enumerate(("left", "center", "right")):
                paper.text(across, 1, WORDS, va=up, ha=side, weight=weight, fontsize=size, color="#12436d", alpha=0.5)
            return written(paper)

    ours = drawn()
    monkeypatch.setattr("placebook.figures.paper.Words", Text)
    measured = drawn()
    assert len(ours) == 3 and [text for *_, text in ours] == [WORDS] * 3
    for (look, x, y, _), (wanted, right, down, _) in zip(ours, measured, strict=True):
        assert (look, x) == (wanted, right)
        assert float(y) == pytest.approx(float(down), abs=0.01)


def test_both_typefaces_reach_as_far():
    metrics = [(face.get_sfnt_table("OS/2"), face.get_sfnt_table("head")["unitsPerEm"]) for face in map(letters._face, (0, 1))]
    reaches = {(table["sTypoAscender"] / em, -table["sTypoDescender"] / em) for table, em in metrics}
    assert reaches == {style.reach()}


def test_several_lines_are_measured():
    with style.figure_style():
        paper = Paper(2)
        paper.text(0, 1, "one\ntwo")
        paper.text(0, 1, "one")
        assert [type(text) for text in paper.figure.texts] == [Text, Words]
        assert [text for *_, text in written(paper)] == ["one"], "each of several lines is moved by itself"
