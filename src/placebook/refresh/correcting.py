"""Corrections put into tables as they are made, and dropped where the publisher has mended its figure."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from placebook.catalogue.corrections import TABLES, Correction
from placebook.evidence.store import KEY
from placebook.refresh.tidy import table_text


@dataclass(frozen=True)
class Corrected:
    """Tables with the corrections that still hold in them."""

    made: dict[str, bytes]
    held: tuple[Correction, ...] = ()
    mended: tuple[Correction, ...] = ()
    """Of figures that the publisher no longer gives as it did."""


def correct(made: Mapping[str, bytes], corrections: Iterable[Correction]) -> Corrected:
    """The tables of districts and larger areas with each figure that is as wrong as when it was corrected put right.

    A correction of a row that is in no table stays as it is: the publisher may give it again.
    """
    tables, held, mended = dict(made), [], []
    by_key = {one.key: one for one in corrections}
    for path, content in made.items() if by_key else ():
        if not path.startswith(TABLES):
            continue
        frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        keys = pd.MultiIndex.from_frame(frame[list(KEY)])
        for key, one in by_key.items():
            for at in frame.index[keys == key]:
                if frame.loc[at, "value"] and float(frame.loc[at, "value"]) == one.published:
                    frame.loc[at, "value"] = f"{one.value:.12g}"
                    held.append(one)
                else:
                    mended.append(one)
        tables[path] = table_text(frame).encode("utf-8")
    return Corrected(tables, tuple(held), tuple(mended))


def as_corrected(old: pd.DataFrame, held: Iterable[Correction]) -> pd.DataFrame:
    """The frozen rows as if they had been corrected before: a correction is no revision that somebody must look at again."""
    keys = pd.MultiIndex.from_frame(old[list(KEY)])
    values = old["value"].copy()
    for one in held:
        values[keys == one.key] = one.value
    return old.assign(value=values)
