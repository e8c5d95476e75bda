"""The tidy store of observations, and what a page may show of it."""
