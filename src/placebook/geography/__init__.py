"""Codes, names, levels and parents of areas; outlines; a town as a set of small areas."""
