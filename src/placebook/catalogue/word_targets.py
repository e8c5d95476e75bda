"""Whether what analysts' words lead to and show is there: pages of this book, images beside the places' files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from placebook.catalogue import image_files, yaml_reader
from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import ImageRecord
from placebook.catalogue.remedies import meant
from placebook.catalogue.yaml_reader import FieldPath
from placebook.paths import Project

INSIDE = re.compile(r"(?:(places|counties)/)?([a-z0-9]+(?:-[a-z0-9]+)*)")
"""How words name a page of this book: ``places/SLUG``, ``counties/SLUG``, ``methods``."""
MOST_TOGETHER = 1_000_000
"""Bytes of all images of one page."""


def targets(parser: MarkdownIt, text: str) -> Iterator[tuple[int, str, str]]:
    """Line from 1, kind (``link`` or ``image``) and address of each page of this book and each image that a text names."""
    for token in parser.parse(text):
        for child in token.children or ():
            line = token.map[0] + 1 if token.map else 1
            if child.type == "image":
                yield line, "image", str(child.attrs.get("src", ""))
            elif child.type == "link_open" and INSIDE.fullmatch(address := str(child.attrs.get("href", ""))):
                yield line, "link", address


def alone(inline: Token, before: str, level: int) -> bool:
    """Whether an image stands in a paragraph of its own, outside of lists and tables."""
    return before == "paragraph_open" and level == 1 and len(inline.children or ()) == 1


def alternative(image: Token) -> str:
    """An image's words for who cannot see it; "" where they are more than plain words."""
    children = image.children or ()
    plain = all(child.type in ("text", "text_special", "softbreak") for child in children)
    return " ".join("".join(child.content or " " for child in children).split()) if plain else ""


def unknown_page(catalogue: Catalogue, address: str) -> tuple[str, str]:
    """What is wrong with a link inside the book, and the remedy; "" where its page is there."""
    known = {
        *(f"places/{slug}" for slug in catalogue.places),
        *(f"counties/{slug}" for slug in catalogue.counties if catalogue.members(slug)),
        *written_pages(catalogue.project),
    }
    return ("", "") if address in known else (f"a link to {address!r}, and the book has no such page", meant(address, known))


def written_pages(project: Project) -> set[str]:
    """Pages that the book's contents name, as words name them."""
    names = re.findall(r"[^\s:]+", " ".join(_files(yaml_reader.read(project.toc, project.toc.name).data)))
    return {name.removeprefix("book/") for name in names if INSIDE.fullmatch(name.removeprefix("book/"))}


def _files(contents: object) -> Iterator[str]:
    if isinstance(contents, Mapping):
        for key, value in contents.items():
            if key == "file" and isinstance(value, str):
                yield value.removesuffix(".md")
            else:
                yield from _files(value)
    elif isinstance(contents, list):
        for each in contents:
            yield from _files(each)


def unknown_image(images: Mapping[str, ImageRecord], name: str) -> tuple[str, str]:
    """What is wrong with an image that words show, and the remedy; "" where its licence is declared."""
    if name in images:
        return "", ""
    say = f"add `images: {{{name}: {{by: …, licence: …}}}}` to the file: who made it, by which licence it may be shown"
    near = meant(name, images)
    return f"the image {name}, and nobody says by whom and by which licence it is", near if "did you mean" in near else say


def image_file_faults(project: Project, images: Mapping[str, ImageRecord]) -> Iterator[tuple[FieldPath, str, str]]:
    """Of the images that a file declares those that cannot be shown: where, problem, remedy."""
    total = 0
    for name in images:
        try:
            total += len(image_files.read(project.params / name).data)
        except ValueError as error:
            problem, _, remedy = str(error).partition("; ")
            yield ("images", name), f"params/{name} {problem}", remedy
    if total > MOST_TOGETHER:
        yield ("images",), f"are {total:,} bytes together", f"a page has room for {MOST_TOGETHER:,}: export them smaller"
