"""From notebooks to a compiled book."""
