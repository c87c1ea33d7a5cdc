"""What a station has: equipment, premises and beds, gained over the years and not lost again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from data.demo.ground import YEARS, Bools, Floats, cube, ground, rank_share, station_ids

PREMISES: Final = ("solid_building", "clean_water", "medical_waste_treatment", "delivery_room")
EQUIPMENT: Final = ("ultrasound", "ecg", "spo2", "glucose_meter", "nebuliser")
DIGITAL: Final = ("computer", "internet", "electronic_record_software")
ITEMS: Final = (*PREMISES, *EQUIPMENT, *DIGITAL, "traditional_medicine_garden")
BEDS: Final = "beds"
# Share of stations with the item in the first and the last year; between them it rises evenly.
SHARE: Final = {
    "solid_building": (0.86, 0.96),
    "clean_water": (0.90, 0.98),
    "medical_waste_treatment": (0.70, 0.88),
    "delivery_room": (0.82, 0.80),
    "ultrasound": (0.28, 0.55),
    "ecg": (0.22, 0.50),
    "spo2": (0.45, 0.95),
    "glucose_meter": (0.80, 0.97),
    "nebuliser": (0.60, 0.85),
    "computer": (0.93, 1.00),
    "internet": (0.92, 1.00),
    "electronic_record_software": (0.35, 0.94),
    "traditional_medicine_garden": (0.75, 0.80),
}
PILOT_ITEMS: Final = (*EQUIPMENT, *DIGITAL)
NO_CHECK: Final = 0.01
"""Share of station-years whose check of premises and equipment was not done."""


@dataclass(frozen=True)
class Facilities:
    """The table ``facilities``; ``has`` gives item -> stations x years."""

    table: pd.DataFrame
    has: dict[str, Bools]


def facilities(rng: np.random.Generator, *, quality: Floats, pilots: Bools) -> Facilities:
    """Return every item (1 yes, 0 no) and the number of beds; better run stations gain an item earlier."""
    has = {item: _gained(rng, item, quality, pilots) for item in ITEMS}
    people = ground()["population"].to_numpy()
    beds = np.clip(np.rint(4 + people / 8000 + rng.normal(scale=1.2, size=len(people))), 2, 10)
    counts = [*has.values(), np.repeat(beds[:, None], len(YEARS), axis=1)]
    quantity = np.stack(counts, axis=2).astype("float64")
    quantity[rng.random(quantity.shape[:2]) < NO_CHECK] = np.nan
    table = cube({"station": station_ids(), "year": YEARS, "item": (*ITEMS, BEDS)}, {"quantity": quantity})
    return Facilities(table.astype({"quantity": "Int64"}), has)


def _gained(rng: np.random.Generator, item: str, quality: Floats, pilots: Bools) -> Bools:
    place = rank_share(quality + 1.2 * rng.normal(size=len(quality)))
    has = place[:, None] < np.linspace(*SHARE[item], len(YEARS))
    if item in PILOT_ITEMS:
        has[pilots] = True
    return np.asarray(has, dtype=bool)
