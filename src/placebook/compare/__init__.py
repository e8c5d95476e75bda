"""Two editions of a book side by side: figures, claims, findings, sentences, sources."""
