"""Every criteria set of the registry, and every way a file can be wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from metrics.criteria_sets import FOLDER, criteria_sets, set_in_force
from metrics.registry_files import RegistryError

GOOD = yaml.safe_load((FOLDER / "decision_1300_2023.yaml").read_text(encoding="utf-8"))


def write(folder, stem, **changes):
    (folder / f"{stem}.yaml").write_text(
        yaml.safe_dump({**GOOD, "id": stem, **changes}, allow_unicode=True), encoding="utf-8"
    )


def test_decision_1300_holds_the_published_points():
    maxima = [one.maximum for one in criteria_sets()["decision_1300_2023"].criteria]
    assert maxima == [14, 10, 12, 9, 19, 12, 6, 11, 3, 4]
    assert sum(maxima) == 100


@pytest.mark.parametrize("name", list(criteria_sets()))
def test_every_set_has_ten_criteria_in_both_languages_and_the_published_rule(name):
    one = criteria_sets()[name]
    assert one.numbers == tuple(range(1, 11))
    assert all(criterion.name.vi != criterion.name.en for criterion in one.criteria)
    assert (one.pass_rule.total_share, one.pass_rule.floor_share) == (Decimal("0.80"), Decimal("0.50"))
    assert one.pass_rule.validity_years == 3


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2013, None), (2014, "decision_4667_2014"), (2022, "decision_4667_2014"),
     (2023, "decision_1300_2023"), (2030, "decision_1300_2023"), (2031, None)],
)  # fmt: skip
def test_the_year_decides_the_set(year, expected):
    found = set_in_force(year)
    assert (found.id if found else None) == expected


def test_every_fault_of_every_file_is_said_at_once(tmp_path):
    write(tmp_path, "one", date="yesterday", criteria=[{**GOOD["criteria"][0], "maximum": "-1"}])
    write(tmp_path, "two", document={"vi": "Chỉ tiếng Việt"}, surprise=1)
    (tmp_path / "three.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(RegistryError, match=r"one\.yaml") as caught:
        criteria_sets(tmp_path)
    said = str(caught.value)
    for words in ("one.yaml: date", "one.yaml: criteria.0.maximum", "two.yaml: document.en",
                  "two.yaml: surprise", "three.yaml"):  # fmt: skip
        assert words in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"criteria": [GOOD["criteria"][1], GOOD["criteria"][0]]}, "numbers must rise"),
        ({"criteria": [{**GOOD["criteria"][0], "maximum": {1: "2", 2: "1"}}]}, "zones 1, 2 and 3"),
        ({"in_force_to": "2020-01-01"}, "ends before it begins"),
        (
            {"criteria": [{**GOOD["criteria"][0], "indicators": [
                {"id": "1.1", "name": {"vi": "a", "en": "b"}, "maximum": "13"}]}]},
            "add up to 13",
        ),
    ],
)  # fmt: skip
def test_an_incoherent_set_is_refused(tmp_path, changes, words):
    write(tmp_path, "one", **changes)
    with pytest.raises(RegistryError, match=words):
        criteria_sets(tmp_path)


def test_two_sets_in_force_on_one_day_are_refused(tmp_path):
    write(tmp_path, "one")
    write(tmp_path, "two")
    with pytest.raises(RegistryError, match=r"two\.yaml: in_force_from: one is still in force"):
        criteria_sets(tmp_path)


def test_a_wrong_id_and_a_field_written_twice_are_refused(tmp_path):
    write(tmp_path, "two", id="three")
    (tmp_path / "four.yaml").write_text("id: four\nid: four\n", encoding="utf-8")
    with pytest.raises(
        RegistryError, match=r"(?s)four.yaml.*'id' is written twice.*two.yaml: id: is 'three'"
    ):
        criteria_sets(tmp_path)
