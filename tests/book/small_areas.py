"""Tables of small areas, read without the package: the rows of some districts, and flows that end in them."""

from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

NUMBERS = ("value", "lower", "upper")


def listed(root: Path, districts: list[str]) -> pd.DataFrame:
    """The small areas of some districts, as they are listed."""
    return (
        pq.read_table(root / "data/small-areas/areas.parquet", filters=[("district", "in", districts)]).to_pandas().astype(str)
    )


def rows(root: Path, path: str, districts: list[str]) -> pd.DataFrame:
    """All cells as text, as a CSV would have them."""
    own = listed(root, districts)["code"].tolist()
    near = pc.field("district").isin(districts) | pc.field("partner").isin(own)
    frame = pq.read_table(root / path, filters=near).to_pandas().drop(columns="district")
    for name in frame:
        cells = frame[name].astype(object)
        frame[name] = ["" if cell != cell else repr(cell) for cell in cells] if name in NUMBERS else cells.astype(str)
    return frame
