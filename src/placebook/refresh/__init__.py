"""One adapter for each publisher's layout: published files to tidy tables."""
