"""What a new book says of itself: title, author, address, logo and colour, checked before anything is written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from placebook.catalogue.addresses import link
from placebook.catalogue.characters import hidden, named
from placebook.errors import InputError
from placebook.paths import unfit

ACTIVE = re.compile(r"[<>&{}\[\]`*_\\|#$~]")
"""Signs that a page would act on, or print as signs."""
LONGEST = 100
NOBODY = "mailto:evidence@example.org"
"""Stands where an address is wanted; the check points it out."""
COLOUR = "#12436d"
"""The accent of every book."""
LIGHT, DARK = (255, 255, 255), (18, 23, 31)
"""The grounds of a page by day and by night."""
CONTRAST = 4.5
"""The least between a link and its ground (Web Content Accessibility Guidelines 2.2, 1.4.3)."""
LOGOS = {".svg": b"<", ".png": b"\x89PNG\r\n\x1a\n"}
"""Kinds of pictures, and how their files begin."""
LARGEST = 1_000_000


@dataclass(frozen=True)
class Words:
    """As the command was given them; ``checked`` gives what stands in the book."""

    title: str = ""
    author: str = ""
    address: str = ""
    """A mailbox or a web address."""
    colour: str = ""
    logo_file: Path | None = None
    logo: tuple[str, bytes] | None = None
    """Name and content of the picture."""

    def checked(self, name: str, places: int) -> Words:
        """Raises InputError for what cannot stand in a book. ``name`` is of what it is about."""
        name = _line("--name", name)
        title = self.title or (f"{name}, place by place" if places > 1 else f"{name} in figures")
        return replace(
            self,
            title=_line("--title", title),
            author=_line("--author", self.author or "The authors of this book"),
            address=_address(self.address),
            colour=_colour(self.colour or COLOUR),
            logo=_logo(self.logo_file) if self.logo_file else None,
        )

    def configuration(self, logo: str) -> str:
        """The text of ``_config.yml``."""
        rights = f"{self.author}. Figures: see the data catalogue for the attribution of each source"
        return f"""title: {_quoted(self.title)}
author: {_quoted(self.author)}
copyright: {_quoted(rights)}
logo: {logo}

# Where a reader challenges a figure: mailto: and a mailbox, or https:// and a page. It stands at the foot of every page.
challenge: {self.address or NOBODY}

# Where the book will be published, for links in its Word files:
# html:
#   baseurl: https://

# All else of Jupyter Book's configuration comes from the package; what you write here counts.
"""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _line(option: str, text: str) -> str:
    text = text.strip()
    if character := hidden(text):
        raise InputError(f"{option} holds {named(character)}; delete it and type the text again")
    if not text or "\n" in text or "\t" in text:
        raise InputError(f"{option} is {'empty' if not text else 'more than one line'}; write one line of words")
    if found := ACTIVE.search(text):
        raise InputError(f"{option}: {text!r} holds {found.group()!r}, which is no word; write it without")
    if len(text) > LONGEST:
        raise InputError(f"{option} has {len(text)} characters, and at most {LONGEST} fit the head of a page; shorten it")
    return text


def _address(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    address = text if "://" in text or text.startswith("mailto:") else f"mailto:{text}" if "@" in text else f"https://{text}"
    try:
        return link(address)
    except ValueError as error:
        said = str(error)
        raise InputError(f"--address: {text!r} {'leads nowhere' if said.startswith(';') else ''}{said}") from None


def _logo(path: Path) -> tuple[str, bytes]:
    """Name in the book and content. Raises InputError for what is no small picture."""
    kind = path.suffix.lower()
    if kind not in LOGOS:
        raise InputError(f"--logo: {path.name!r} is no .svg or .png file; save it as one of these")
    try:
        problem = unfit(path, LARGEST)
        content = b"" if problem else path.read_bytes()
    except OSError as error:
        raise InputError(f"--logo: {str(path)!r} cannot be read: {error.strerror}") from None
    if problem:
        raise InputError(f"--logo: {path.name!r} {problem}; name a small picture")
    if not content.lstrip(b"\xef\xbb\xbf \n\r\t").startswith(LOGOS[kind]) or (kind == ".svg" and b"<svg" not in content):
        raise InputError(
            f"--logo: {path.name!r} does not hold the picture that its name says; save it again as {kind[1:].upper()}"
        )
    return f"logo{kind}", content


# ------------------------------------------------------------------ colours


def _colour(text: str) -> str:
    """Raises InputError for what is no colour, or too light to be read on a page."""
    text = text.strip().lower()
    if not re.fullmatch(r"#[0-9a-f]{6}", text):
        raise InputError(f"--colour: {text!r} is no colour; write # and six digits from 0 to f, such as {COLOUR}")
    if (found := contrast(_parts(text), LIGHT)) < CONTRAST:
        raise InputError(
            f"--colour: {text} has a contrast of {found:.1f} to white, and links need {CONTRAST}; take a darker one"
        )
    return text


def colours(colour: str) -> str:
    """The style sheet of a book's own colours: the accent by day, and by night as much lighter as it must be."""
    own = _parts(colour)
    shares = (share / 20 for share in range(21))
    mixed = (tuple(round(part + share * (255 - part)) for part in own) for share in shares)
    night = next(each for each in mixed if contrast(each, DARK) >= CONTRAST)
    dark = "#" + "".join(f"{part:02x}" for part in night)
    return (
        "/* This book's own colours, over those of placebook.css: add what else you want to change. Charts, PDFs and Word\n"
        "   files keep the palette of the Government Analysis Function. */\n"
        f":root {{ --pb-accent: {colour}; --pb-link: {colour}; }}\n"
        f'html[data-theme="dark"] {{ --pb-accent: {dark}; --pb-link: {dark}; }}\n'
    )


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Contrast ratio of two colours (Web Content Accessibility Guidelines 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
