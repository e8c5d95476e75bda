"""Characters that nobody can see, or that change the direction of what stands around them."""

from __future__ import annotations

import unicodedata

# Letters and marks by their category, blank or without width all the same: joiners, fillers, variation selectors.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)) for code in range(first, last + 1)
}


def hidden(text: str) -> str:
    """The first character of a text that nobody can see, or "". Blanks, tabs and the ends of lines are seen.

    All that Unicode calls control, format, surrogate, private, unassigned or a separator of lines is hidden.
    """
    for character in dict.fromkeys(text):
        if character in BLANK:
            return character
        if not character.isprintable() and character not in "\n\t" and unicodedata.category(character) != "Zs":
            return character
    return ""


def named(character: str) -> str:
    """What messages call a hidden character."""
    return f"the control character U+{ord(character):04X}"
