"""From a reading of flows to what its figures and table take: the places that most people come from and go to."""

from __future__ import annotations

from placebook.evidence.reading import Reading
from placebook.figures.bars import Bar
from placebook.figures.tables import Cell, Table
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.report.ledger import Ledger

PARTNERS = 10
"""How many are shown each way."""


def bars(reading: Reading, kind: str) -> list[Bar]:
    """The largest partners one way."""
    partners = [value for value in reading.details if value.category == kind][:PARTNERS]
    return [Bar(v.partner_name, v.value or 0, write.number(v.value or 0, 0)) for v in partners]


def table(reading: Reading, ledger: Ledger) -> Table:
    """Exactly what the two bar charts draw, and the totals."""
    words = {"out": "out: residents travelling to", "in": "in: workers travelling from"}
    rows = [
        (
            Cell(value.partner_name),
            Cell(words[kind], "", False),
            Cell(write.number(value.value or 0, 0), ledger.add(value)),
        )
        for kind in ("out", "in")
        for value in [v for v in reading.details if v.category == kind][:PARTNERS]
    ]
    for value in reading.series:
        total = {
            "out": "all together, out",
            "abroad": "abroad or offshore, not among those out",
            "in": "all together, in",
            "net": "net, in less out",
        }
        rows.append(
            (Cell(total[value.category]), Cell("total", "", False), Cell(write.number(value.value or 0, 0), ledger.add(value)))
        )
    title = f"{reading.indicator.title}: {reading.subject.name}, {wording.said_period(reading)}"
    return Table(title, ("Area", "Direction", "People"), tuple(rows))
