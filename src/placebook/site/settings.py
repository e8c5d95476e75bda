"""What Jupyter Book is told: ``_config.yml`` of the book over what every book has (``defaults.yml``).

So a book's own file says title, author and address, and what a newer package changes reaches books that were begun before.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from placebook.catalogue import yaml_reader
from placebook.catalogue.configuration import CHALLENGE
from placebook.markup import markup
from placebook.paths import NATIONAL, Project, national, write_changed

STATIC = "book/_static"
"""Where style, scripts and pictures lie, in the package and in a project."""


def settings(project: Project) -> dict[str, Any]:
    """The whole configuration of a book, for ``get_final_config``."""
    defaults = yaml.safe_load(resources.files("placebook.site").joinpath("defaults.yml").read_text(encoding="utf-8"))
    own = dict(yaml_reader.read(project.config, project.config.name).data)
    address = own.pop(CHALLENGE, None)
    whole = _over(defaults, own)
    options = whole["sphinx"]["config"]["html_theme_options"]
    if address:
        options.setdefault("extra_footer", _footer(str(address)))
    return whole


def static_paths(own: list[str]) -> list[str]:
    """Folders of style, scripts and pictures: the package's, and the project's, whose file of the same name counts."""
    national = NATIONAL / STATIC
    return [str(national), *own] if national.is_dir() else own


def lay_pages(project: Project) -> None:
    """The package's pages beside the project's own, which include them; what another package laid goes."""
    pages = {Path(name).name: path for name, path in national("book").items() if name.endswith(".md")}
    for name, path in pages.items():
        write_changed(project.national_pages / name, path.read_bytes())
    for path in project.national_pages.glob("*"):
        if path.name not in pages:
            path.unlink()


def _footer(address: str) -> str:
    footer = markup(
        '<p class="pb-challenge">Do you doubt a figure? <a href="{}">Challenge it</a>: say the page, the figure’s number and '
        "why. Figures: Open Government Licence v3.0, each source named where it is used.</p>",
        address,
    )
    return str(footer)  # plain text, which Sphinx keeps with the rest of its configuration


def _over(defaults: Any, own: Any) -> Any:
    """The own value, and in groups key by key, where there is one; lists stand whole in each other's place."""
    if isinstance(defaults, Mapping) and own is None:  # a key whose lines are all comments
        return defaults
    if isinstance(defaults, Mapping) and isinstance(own, Mapping):
        return {key: _over(defaults.get(key), own[key]) if key in own else defaults[key] for key in {**defaults, **own}}
    return own
