"""``python -m placebook``."""

from placebook.cli import main

if __name__ == "__main__":  # a page's process loads this file too, under another name
    main()
