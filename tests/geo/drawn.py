"""What the tests of maps draw with: where, in which colours, and which file of geometry."""

from __future__ import annotations

from geo.maps import MapColors

BOUNDS = (105.2, 9.9, 105.9, 10.4)
COLORS = MapColors(
    classes=["#d5ebe7", "#62aea4", "#0b544d"],
    no_data="#cccccc",
    not_applicable="#f0f0f0",
    ground="#ffffff",
    border="#fffffe",
    outline="#445566",
    text="#111111",
    selected="#000000",
)
URL = "/geometry/legacy-commune-92.0123456789ab.json"
