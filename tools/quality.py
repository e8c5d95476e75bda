"""The record of good practice: docs/quality/rap.md from docs/quality/rap.yml.

python tools/quality.py            writes the page
python tools/quality.py --check    exits with 1 where it is another one
"""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
WRITTEN, MADE = ROOT / "docs" / "quality" / "rap.yml", ROOT / "docs" / "quality" / "rap.md"
LEVELS = "https://nhsdigital.github.io/rap-community-of-practice/introduction_to_RAP/levels_of_RAP/"
HEAD = f"""# Levels of RAP

Made from `docs/quality/rap.yml` by `tools/quality.py`. The criteria are those of the [NHS RAP Community of Practice]({LEVELS})
in their wording of 9 September 2024 (© Crown copyright, Open Government Licence v3.0). A test holds that every file and test
named here is there.
"""


def page() -> str:
    """The page in Markdown: a table for each level, and how many criteria are met."""
    parts = [HEAD]
    for level, criteria in yaml.safe_load(WRITTEN.read_text(encoding="utf-8")).items():
        met = sum(each["met"] for each in criteria)
        parts += [f"## {level}: {met} of {len(criteria)} met", "", "| Criterion | Met | Shown by |", "| --- | --- | --- |"]
        for each in criteria:
            shown = ", ".join(f"`{name}`" for name in each.get("shown_by", ()))
            why = f"{shown}. {each['why']}" if shown and each.get("why") else each.get("why") or shown
            parts.append(f"| {each['criterion']} | {'yes' if each['met'] else 'no'} | {why} |")
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    text = page()
    if sys.argv[1:] == ["--check"]:
        sys.exit(
            MADE.read_text(encoding="utf-8") != text and f"{MADE.name} is not what {WRITTEN.name} says: run tools/quality.py"
        )
    MADE.write_text(text, encoding="utf-8")
