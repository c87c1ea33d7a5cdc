"""Where things are: units, crosswalk, names, boundaries and maps."""
