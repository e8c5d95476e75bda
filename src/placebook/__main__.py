"""``python -m placebook``."""

from placebook.cli import main

main()
