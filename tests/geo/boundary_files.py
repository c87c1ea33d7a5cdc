"""Map files to import: communes drawn as the areas nearest to their official points."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

from data.units import units

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "boundaries"
SIX_2009 = SHARED / "communes_2009_names_only_six_provinces.geojson"
NATIONAL_2009 = SHARED / "communes_2009_names_only_national.parquet"
CODED_2025 = SHARED / "communes_2025_coded_cantho_vinhlong.gpkg"


def communes(geography: str = "current", province: str = "92") -> geopandas.GeoDataFrame:
    """Return the communes of a province with MA, TINH, HUYEN (legacy) and XA, in degrees."""
    table = units()
    table = table[table["geography"] == geography].set_index(["level", "code"])
    frame = table.loc["commune"][["name", "parent", "longitude", "latitude"]].rename(columns={"name": "XA"})
    if geography == "legacy":
        frame["HUYEN"] = frame["parent"].map(table.loc["district"]["name"])
        frame["parent"] = frame["parent"].map(table.loc["district"]["parent"])
    frame = frame[frame["parent"] == province]
    frame["TINH"] = frame["parent"].map(table.loc["province"]["name"])
    points = shapely.points(frame["longitude"], frame["latitude"])
    land = shapely.buffer(shapely.convex_hull(shapely.multipoints(points)), 0.05)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=land))
    at, cell = shapely.STRtree(cells).query(points, predicate="intersects")
    order = pd.Series(cell, at).sort_index().to_numpy()
    shapes = np.array(shapely.intersection(cells[order], land))
    columns = [c for c in ("MA", "TINH", "HUYEN", "XA") if c in frame or c == "MA"]
    frame = frame.rename_axis("MA").reset_index()[columns]
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")


def saved(frame: geopandas.GeoDataFrame, path: Path) -> Path:
    """Write a map file, in the format its name says, and return its path."""
    frame.to_file(path, driver="KML" if path.suffix == ".kml" else None)
    return path
