"""The registry of what clinics are judged by: every file counts, every fault of every file is told."""

from __future__ import annotations

import pytest
import yaml

from data.demo.activity import MONTHLY, PILOT_EFFECTS
from metrics.pilot_indicators import FOLDER, POPULATION, pilot_indicators
from metrics.registry_files import RegistryError


def test_every_file_is_an_indicator_in_the_order_of_lists():
    found = pilot_indicators()
    assert set(found) == {path.stem for path in FOLDER.glob("*.yaml")}
    orders = [one.order for one in found.values()]
    assert orders == sorted(set(orders))


@pytest.mark.parametrize("one", pilot_indicators().values(), ids=lambda one: one.id)
def test_its_activities_are_reported_and_its_texts_translated(one):
    assert one.numerator in MONTHLY
    assert one.denominator in (*MONTHLY, POPULATION)
    texts = [
        one.name,
        one.definition,
        one.numerator_text,
        one.denominator_text,
        one.unit,
        one.source.document,
    ]
    assert all(text.vi != text.en for text in texts)
    assert one.multiplier == (100 if one.counted == "share" else 1000)
    assert ("1.000 dân" in one.unit.vi) == (one.denominator == POPULATION)


def test_every_planted_effect_has_an_indicator():
    assert set(PILOT_EFFECTS) <= set(pilot_indicators())


def test_events_of_a_year_have_another_unit_than_those_of_a_month():
    for one in pilot_indicators().values():
        assert (one.unit_of("month") != one.unit_of("year")) == (one.counted == "events")


def test_every_fault_of_every_file_is_told(tmp_path):
    good = yaml.safe_load((FOLDER / "visits.yaml").read_text(encoding="utf-8"))
    changes = {
        "a": {"denominator": "insured_visits"},
        "b": {"unit_yearly": None},
        "c": {"confidence": "X", "surplus": 1},
        "d": {"id": "other"},
    }
    for stem, change in changes.items():
        entry = {key: value for key, value in (good | {"id": stem} | change).items() if value is not None}
        (tmp_path / f"{stem}.yaml").write_text(yaml.safe_dump(entry), encoding="utf-8")
    with pytest.raises(RegistryError) as refused:
        pilot_indicators(tmp_path)
    said = [(problem.file, problem.field) for problem in refused.value.problems]
    assert said == [
        ("a.yaml", "(file)"),
        ("b.yaml", "(file)"),
        ("c.yaml", "confidence"),
        ("c.yaml", "surplus"),
        ("d.yaml", "id"),
    ]
