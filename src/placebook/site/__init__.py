"""Compiled pages to a site, a file and PDFs."""
