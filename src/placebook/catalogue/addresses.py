"""Which addresses may stand in the book: one rule for the fields that hold one and for the links in analysts' words."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from placebook.catalogue.characters import hidden, named

LONGEST = 500
NEVER = re.compile(r"[\s<>\"'\\^`{|}]")
"""What no address holds unless it is written with %."""
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
MAILBOX = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.+_-]{0,62}[A-Za-z0-9])?")
RETYPE = "delete it and type the text again"
COPY = "copy it from the browser's address line"


def https(address: str) -> str:
    """The address itself. Raises ValueError, with problem and remedy, where it is none that a page may lead to."""
    if not address.startswith("https://"):
        raise ValueError("is no address that begins with https://; write the whole address, with https://")
    _plain(address)
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError(f"is no address that can be read; {COPY}") from None
    if "@" in parts.netloc:
        raise ValueError("names a user before its host, which hides where it leads; delete what stands before the @")
    if port == 0 or parts.netloc.endswith(":"):
        raise ValueError("has a port that is none; delete the port")
    _host(parts.hostname or "")
    return address


def mailto(address: str) -> str:
    """As ``https``, for ``mailto:`` and one mailbox."""
    if not address.startswith("mailto:"):
        raise ValueError("is no address that begins with mailto:; write mailto: and one mailbox")
    _plain(address)
    box, _, host = address.removeprefix("mailto:").partition("@")
    if re.search(r"[?&,;@%/]", host + box):
        raise ValueError("is more than one mailbox; write mailto: and one mailbox, without anything after it")
    if not MAILBOX.fullmatch(box) or ".." in box:
        raise ValueError("is no mailbox; write mailto: and one mailbox, such as mailto:evidence@council.gov.uk")
    _host(host)
    return address


def link(address: str) -> str:
    """As ``https`` or ``mailto``, whichever it is. Raises ValueError where it is neither."""
    if address.startswith("mailto:"):
        return mailto(address)
    if address.startswith("https://"):
        return https(address)
    raise ValueError("; links begin with https:// or mailto:, or name a page of this book: places/SLUG, counties/SLUG, methods")


def _plain(address: str) -> None:
    if len(address) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters; name a shorter address of the page")
    # Also behind the %: where it is shown as it is meant, %E2%80%AE turns the line around.
    meant = unquote(address)
    if character := hidden(address) or hidden(meant) or next((c for c in meant if c in "\n\t"), ""):
        raise ValueError(f"holds {named(character)}; {RETYPE}")
    if forbidden := NEVER.search(address):
        raise ValueError(f"holds {forbidden.group()!r}, which no address holds; {COPY}")


def _host(host: str) -> None:
    """Raises ValueError where it is not the name of a host, as the domain name system knows them."""
    wrong = ValueError("has a host that is no name of one; write it in full, such as www.ons.gov.uk")
    host = host.casefold()
    try:
        # A label may be in letters (münchen) or in the system's own writing of them (xn--mnchen-3ya): both must mean just that.
        shown = ".".join(
            label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label for label in host.split(".")
        )
        written = shown.encode("idna")
        same = written.decode("ascii") == host if host.isascii() else written.decode("idna") == host
    except UnicodeError:
        raise wrong from None
    labels = written.decode("ascii").split(".")
    if not same or len(labels) < 2 or len(host) > 253 or labels[-1].isdecimal():
        raise wrong
    if not all(LABEL.fullmatch(label) for label in labels):
        raise wrong
