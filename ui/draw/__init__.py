"""One drawer per medium."""
