"""One place: a province, district, commune or station."""
