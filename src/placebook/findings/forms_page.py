"""Every sentence that the findings can say, as a page of the documentation for editors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from placebook.catalogue.models import Indicator
from placebook.catalogue.relations import Pair, Relation
from placebook.findings import county_wording
from placebook.findings.finding_wording import FORMS

HEAD = """# What the findings can say

Written by `placebook schemas` from the code and the declarations: change it there. Words in braces are filled in.
"""


def page(indicators: Iterable[Indicator], relations: Mapping[str, Relation]) -> str:
    """Forms of sentences by kind, headlines by measure, headlines of relations, as Markdown."""
    parts = [HEAD, "## Sentences\n"]
    for kind, forms in FORMS.items():
        parts += [f"### {kind[:1].upper()}{kind[1:]}\n", *(f"- {form}" for form in forms), ""]
    parts += ["## Sentences of a county's chapter\n"]
    for kind, forms in county_wording.FORMS.items():
        parts += [f"### {kind[:1].upper()}{kind[1:]}\n", *(f"- {form}" for form in forms), ""]
    parts += [
        "## Headlines of a level, far above and far below\n",
        "| measure | above | below | in a sentence |",
        "|---|---|---|---|",
    ]
    for indicator in indicators:
        if says := indicator.says:
            verb = "were" if says.plural else "was"
            parts.append(f"| `{indicator.id}` | {says.more} | {says.less} | {says.short} {verb} … |")
    parts += ["", "## Headlines of relations\n", "| relation | more | less |", "|---|---|---|"]
    for name, relation in relations.items():
        told = [("", relation.says)] if isinstance(relation, Pair) else [(f", {p.name}", p.says) for p in relation.parts]
        parts += [f"| `{name}`{part} | {says.more} | {says.less} |" for part, says in told]
    return "\n".join(parts) + "\n"
