"""What a table's file holds is what the store gives back, whatever the figures and the words."""

import csv
import hashlib
import io
import sys
import tempfile
from math import isnan
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from placebook.catalogue.models import Source
from placebook.evidence.store import COLUMNS, Store
from placebook.paths import Project

PATH = "data/tables/drawn.csv"
WORD = st.sampled_from(["", "flat", "NA", "nan", "null", "1", "01", "1.0", "true", 'a "b", c', "é", "65 to 69", "-"])
KEYS = st.tuples(
    st.sampled_from(["E07000095", "E92000001", "TLH"]),
    st.sampled_from(["2021-03-21", "2023-01-01/P1Y", "2023-01-01/P3M"]),
    st.sampled_from(["rate", "count"]),
    WORD,
    WORD,
)
FIGURE = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-10_000, 10_000, places=3).map(str),
    st.integers(-(10**12), 10**12).map(str),
)


@st.composite
def cells(draw):
    """Value, limits and markers as a publisher could write them."""
    if draw(st.integers(0, 4)) == 0:
        return ("", "", "", draw(st.sampled_from(["c", "u", "x p"])))
    three = sorted((draw(FIGURE) for _ in range(3)), key=float)
    lower, value, upper = three
    kept = draw(st.sampled_from([(lower, upper), ("", ""), (lower, ""), ("", upper)]))
    return (value, *kept, draw(st.sampled_from(["", "p", "e r", "low"])))


def source_of(root: Path, rows: list[tuple[str, ...]]) -> Source:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows([COLUMNS, *rows])
    raw = written.getvalue().encode()
    path = root / PATH
    path.parent.mkdir(parents=True)
    path.write_bytes(raw)
    return Source.model_validate(
        {
            "title": "Drawn",
            "publisher": "Nobody",
            "landing_page": "https://example.org",
            "query": "none",
            "licence": "OGL-UK-3.0",
            "attribution": "Made up for a test",
            "period": "2021-01-01/2023-12-31",
            "geography": {"levels": ["district"], "vintage": "2023"},
            "retrieved": "2025-06-30",
            "measures": {
                name: {"label": name, "unit": "things", "minimum": -sys.float_info.max, "maximum": sys.float_info.max}
                for name in ("rate", "count")
            },
            "refresh": {"adapter": "els", "files": ["x.csv"]},
            "tables": [{"path": PATH, "rows": len(rows), "sha256": hashlib.sha256(raw).hexdigest()}],
        }
    )


def number(text: str) -> float | None:
    return float(text) if text else None


def plain(store: Store) -> list[tuple]:
    found = []
    for row in store.rows("drawn").itertuples(index=False):
        figures = (None if isnan(x) else x for x in (row.value, row.lower, row.upper))
        found.append((row.area, row.period, row.measure, row.category, row.partner, *figures, row.markers))
    return found


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(KEYS, cells(), min_size=1, max_size=12))
def test_the_store_gives_back_what_the_table_holds(drawn):
    rows = [(*key, *cell) for key, cell in sorted(drawn.items())]
    expected = [(*r[:5], number(r[5]), number(r[6]), number(r[7]), r[8]) for r in rows]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        source = source_of(root, rows)
        assert plain(Store.open(Project(root), {"drawn": source})) == expected, "read from the table"
        assert len(list((root / "_build/cache/tables").iterdir())) == 1
        again = Store.open(Project(root), {"drawn": source})
        assert plain(again) == expected, "read from the cache"
        measure, category = rows[0][2], rows[0][3]
        chosen = [r for r in expected if r[2] == measure and r[3] == category]
        assert len(again.rows("drawn", measure=measure, category=category)) == len(chosen)
        assert again.areas("drawn", measure, category) == {r[0] for r in chosen}
        assert again.periods("drawn") == tuple(sorted({r[1] for r in expected}))
        assert again.categories("drawn", measure) == tuple(sorted({r[3] for r in expected if r[2] == measure}))
