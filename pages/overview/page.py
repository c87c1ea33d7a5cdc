"""Overview: one sentence, five numbers, a map beside a ranked list, and what was published."""

from answers import kept as cache
from answers import provenance, summary
from pages.overview import attention, published
from ui import map_panel, page, visit
from ui.export.buttons import export_menu
from ui.kpis import strip

CHOICES = (
    "staffing_gap",
    "stations_with_doctor",
    "doctors_per_10000",
    "staff_per_station",
    "communes_meeting_national_criteria",
    "health_insurance_coverage",
    "villages_with_trained_health_worker",
    "insured_visits_share",
    "visits_per_person",
    "population",
    "urban_share",
)

chosen, results = visit.current(), cache.results()
assert results is not None
page.head(
    summary.shortage_sentence(results, chosen), chosen, provenance.nature(results.snapshot, ["staffing"])
)
strip(summary.overview_cards(results, chosen))
export_menu("overview")
map_panel.map_and_list(CHOICES, "overview")
attention.show(results, chosen)
published.show(results, chosen)
