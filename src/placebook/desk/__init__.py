"""The analyst's desk: places made by their names."""
