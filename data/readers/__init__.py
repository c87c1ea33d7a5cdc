"""One reader per source layout."""
