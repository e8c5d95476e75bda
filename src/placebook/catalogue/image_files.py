"""Image files that analysts' words show: PNG, JPEG or WebP by their own bytes, whatever they are called; still, small, plain.

A file's name and its ending prove nothing, and an SVG can act: it is none of these. What a camera wrote into the file (Exif)
may say where and by whom it was taken, and is refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from placebook.paths import unfit

NAME = r"^[a-z0-9][a-z0-9_-]{0,60}\.(png|jpe?g|webp)$"
LIKE = re.compile(r"\.(png|jpe?g|webp|gif|svg|tiff?|bmp|avif|heic)$", re.IGNORECASE)
"""What somebody may take for an image that can be shown."""
MOST_BYTES, MOST_PIXELS = 400_000, 4_000
EXPORT = "export it again as PNG, JPEG or WebP, without its camera’s data"
SMALLER = f"export it smaller: at most {MOST_BYTES:,} bytes and {MOST_PIXELS:,} pixels along a side"
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


class Image(NamedTuple):
    """An image as a page takes it."""

    kind: str
    """``png``, ``jpeg`` or ``webp``."""
    width: int
    height: int
    data: bytes


def read(path: Path) -> Image:
    """The image in a file. Raises ValueError, with problem and remedy, where it is none that a page may show."""
    try:
        if path.is_symlink():
            raise ValueError("is a link; copy the file itself into params/")
        if why := unfit(path, MOST_BYTES):
            raise ValueError(f"{why}; {SMALLER}")
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}; put the file into params/") from None
    try:
        image = _described(data)
    except IndexError:
        raise ValueError(f"is not whole; {EXPORT}") from None
    if not 0 < image.width <= MOST_PIXELS or not 0 < image.height <= MOST_PIXELS:
        raise ValueError(f"is {image.width:,} by {image.height:,} pixels; {SMALLER}")
    return image


def _described(data: bytes) -> Image:
    if data.startswith(PNG) and data[12:16] == b"IHDR":
        return _png(data)
    if data.startswith(JPEG):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    raise ValueError(f"is no PNG, JPEG or WebP, whatever its name says; {EXPORT}")


def _refuse(moving: bool, camera: bool) -> None:
    if moving:
        raise ValueError("moves; save one still picture of it")
    if camera:
        raise ValueError(f"holds its camera’s data (Exif), which may say where it was taken; {EXPORT}")


def _png(data: bytes) -> Image:
    """Portable Network Graphics (ISO/IEC 15948): chunks of length, name, content, checksum."""
    at, names = 8, set()
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        names.add(data[at + 4 : at + 8])
        at += 12 + size
    if b"IEND" not in names or at > len(data):
        raise IndexError
    _refuse(b"acTL" in names, b"eXIf" in names)
    return Image("png", int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"), data)


def _jpeg(data: bytes) -> Image:
    """JPEG (ITU-T T.81): segments from a marker on; the frame's header holds height and width."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise IndexError
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if size < 2:
            raise IndexError
        _refuse(False, marker == 0xE1 and data[at + 4 : at + 8] == b"Exif")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(data[at + start : at + start + 2], "big") for start in (5, 7))
            return Image("jpeg", width, height, data)
        at += 2 + size


def _webp(data: bytes) -> Image:
    """WebP (RFC 9649): lossy, lossless, or extended with a byte of flags."""
    what, body = data[12:16], data[20:30]
    if len(body) < 10 or int.from_bytes(data[4:8], "little") + 8 > len(data):
        raise IndexError
    if what == b"VP8X":
        _refuse(bool(body[0] & 0x02), bool(body[0] & 0x08))
        width, height = (int.from_bytes(body[start : start + 3], "little") + 1 for start in (4, 7))
    elif what == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (int.from_bytes(body[start : start + 2], "little") & 0x3FFF for start in (6, 8))
    return Image("webp", width, height, data)
