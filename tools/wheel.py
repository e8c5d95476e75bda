"""What a wheel carries beside the code: everything national, below ``placebook/national``. The repository holds it once."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NATIONAL = (
    "data/corrections.yml",
    "data/datapackage.json",
    "data/geography/**/*",
    "data/indicators/*.yml",
    "data/relations/*.yml",
    "data/small-areas/*",
    "data/sources/*.yml",
    "data/tables/*",
    "notebooks/*.ipynb",
    "book/*.md",
    "book/_static/*",
)
LOCAL = ("book/index.md", "book/compare.md")
"""This repository's own, as all that is not named above: params, counties, title. Another book has those from ``init``."""


class National(BuildHookInterface):
    """Adds the national files to a wheel; an editable install finds none, as the checkout is its project."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable" or not (root / "data").is_dir():
            return
        found = {path for pattern in NATIONAL for path in root.glob(pattern) if path.is_file()}
        names = sorted(path.relative_to(root).as_posix() for path in found)
        build_data["force_include"] |= {name: f"placebook/national/{name}" for name in names if name not in LOCAL}
