"""The grammar of what people write: text without hidden characters, slugs, codes, periods; strict records."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StringConstraints,
)

from placebook.catalogue.addresses import https
from placebook.catalogue.characters import hidden, named

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MEASURE = r"^[a-z0-9]+(_[a-z0-9]+)*$"


def printable(text: str) -> str:
    """The text itself. Raises ValueError where it holds a character that nobody can see."""
    if character := hidden(text):
        raise ValueError(f"holds {named(character)}; delete it and type the text again")
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=3_000, strip_whitespace=True), AfterValidator(printable)]
"""A paragraph or a few."""
Story = Annotated[str, StringConstraints(min_length=1, max_length=20_000, strip_whitespace=True), AfterValidator(printable)]
"""Pages of words."""
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300, strip_whitespace=True, pattern=r"^[^\n]*$"),
    AfterValidator(printable),
]
Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, strip_whitespace=True, pattern=r"^[^\n]*$"),
    AfterValidator(printable),
]
"""A line that stands in a chart."""
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=60)]
FindingId = Annotated[str, StringConstraints(pattern=r"^finding--[a-z]+--[a-z0-9-]+$", max_length=200)]
"""As the ledger names a finding: its type, its measures."""
MeasureId = Annotated[str, StringConstraints(pattern=MEASURE, max_length=60)]
Code = Annotated[str, StringConstraints(pattern=r"^[EKNSTUW][A-Z0-9]{1,8}$")]
LsoaCode = Annotated[str, StringConstraints(pattern=r"^E01\d{6}$")]
MsoaCode = Annotated[str, StringConstraints(pattern=r"^E02\d{6}$")]
WardCode = Annotated[str, StringConstraints(pattern=r"^E05\d{6}$")]
BuiltUpAreaCode = Annotated[str, StringConstraints(pattern=r"^(E63|K08)\d{6}$")]
DISTRICT = r"^E0[6789]\d{6}$"
DistrictCode = Annotated[str, StringConstraints(pattern=DISTRICT)]
CountyCode = Annotated[str, StringConstraints(pattern=r"^E1[0-3]\d{6}$")]
Https = Annotated[str, StringConstraints(pattern=r"^https://", max_length=500), AfterValidator(https)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Period = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(/P[1-9]\d?[YM])?$")]

Level = Literal["lsoa", "msoa", "ward", "district", "authority", "county", "itl3", "itl2", "itl1", "region", "country", "uk"]


class Record(BaseModel):
    """What all records share: unknown keys refused, values never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
