"""What of the configuration still says what a stranger's checkout says, and what stands in the way of publishing."""

from __future__ import annotations

from placebook.errors import Fault
from placebook.paths import Project


def warnings(project: Project) -> list[Fault]:
    """What should be looked at before anybody reads the book; nothing stops for it."""
    return []


def public_faults(project: Project) -> list[Fault]:
    """What a published book must not have."""
    return []
