"""What a page shows, one block an output: it looks right in JupyterLab and tells bake what it is."""

from __future__ import annotations

from typing import Any

from IPython.display import display

NAMESPACE = "placebook"


def show_markdown(text: str) -> None:
    """Text with structure: headings, lists, folded tables."""
    _show({"text/markdown": text, "text/plain": text}, {"kind": "markdown"})


def show_figure(svg: str, *, name: str, alt: str, caption: str) -> None:
    """A figure with everything that the book needs to know of it."""
    _show(
        {"image/svg+xml": svg, "text/plain": alt},
        {"kind": "figure", "name": name, "alt": alt, "caption": caption},
    )


def _show(data: dict[str, str], about: dict[str, Any]) -> None:
    display(data, raw=True, metadata={NAMESPACE: about})
