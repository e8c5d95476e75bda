"""A place deep-dive book that rebuilds itself from official statistics."""

__version__ = "0.1.0"
