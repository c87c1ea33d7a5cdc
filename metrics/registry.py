"""The registries: what each indicator and each norm is, read from one YAML file apiece.

Adding an indicator is adding ``metrics/indicators/<id>.yaml``; a norm, ``metrics/norms/<id>.yaml``.
Every fault of every file is gathered and raised together, each with its file and field.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from data.contracts import CADRES, TABLES
from data.query import Measure
from metrics.registry_files import RegistryError, RegistryProblem, read_folder

INDICATORS: Final = Path(__file__).parent / "indicators"
NORMS: Final = Path(__file__).parent / "norms"

# V: read in a published source. R: known, not re-read ("to be confirmed"). I: our reading of an unclear text.
Confidence = Literal["V", "R", "I"]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Positive = Annotated[float, Field(gt=0)]


class Entry(BaseModel):
    """What every model of a registry file is: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Entry):
    """A text in both languages.

    >>> Text(vi="Trạm y tế", en="Health station").in_("vi")
    'Trạm y tế'
    """

    vi: Words
    en: Words

    def in_(self, lang: str) -> str:
        """Return the text in Vietnamese (``vi``) or English (any other language)."""
        return self.vi if lang == "vi" else self.en


class Source(Entry):
    """Where a definition or a parameter was read; ``date`` is the document's, missing when not known."""

    document: Text
    article: Text | None = None
    date: dt.date | None = None
    url: str | None = None


class Defined(Entry):
    """What every indicator says of itself: its name, what is divided by what, its source, how sure we are."""

    id: Id
    name: Text
    definition: Text
    numerator_text: Text
    denominator_text: Text | None = None
    unit: Text
    decimals: int = Field(ge=0, le=4)
    polarity: Literal["higher_is_better", "lower_is_better", "neutral"]
    caution: Text | None = None
    source: Source
    confidence: Confidence


class Indicator(Defined):
    """One indicator: what is counted over what, how it reads, and where its definition comes from.

    ``numerator`` and ``denominator`` are sums by :func:`data.query.measure_sums`; ``formula`` joins them:

    * ``sum``: numerator;
    * ``ratio``: numerator / denominator x multiplier;
    * ``staffing_gap``: numerator - requirement under ``norm`` (:mod:`metrics.staffing`);
    * ``staffing_ratio``: numerator / requirement under ``norm``;
    * ``compliance``: communes passing / communes scored x multiplier (:mod:`metrics.criteria`).

    ``breaks`` are the inner cut-offs of the map classes; a value at a cut-off belongs to the class above it.
    ``comparable_with_published`` is false when published figures and targets of the same name count something
    wider; ``caution`` then says what.
    """

    topic: Literal["population", "staffing", "facilities", "services", "insurance", "criteria"]
    why: Text
    formula: Literal["sum", "ratio", "staffing_gap", "staffing_ratio", "compliance"]
    numerator: Measure | None = None
    denominator: Measure | None = None
    multiplier: Positive = 1
    norm: Id | None = None
    breaks: tuple[float, ...] | None = None
    palette: Literal["sequential", "diverging"] = "sequential"
    center: float | None = None
    display: Literal["rate", "count"]
    minimum_denominator: Annotated[float, Field(ge=0)] | None = None
    comparable_with_published: bool = True

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = [message for wrong, message in self._rules() if wrong]
        if found:
            raise ValueError("; ".join(found))
        return self

    def _rules(self) -> list[tuple[bool, str]]:
        ratio = self.formula == "ratio"
        scored = self.formula == "compliance"
        of_norm = self.formula in ("staffing_gap", "staffing_ratio")
        undivided = self.formula in ("sum", "staffing_gap")
        diverging = self.palette == "diverging"
        breaks = list(self.breaks or ())
        return [
            ((self.numerator is None) != scored, "numerator: all but compliance need one"),
            ((self.denominator is not None) != ratio, "denominator: only ratio needs one"),
            ((self.denominator_text is None) != undivided, "denominator_text: needed where one divides"),
            ((self.norm is not None) != of_norm, "norm: only staffing formulas need one"),
            ((self.center is not None) != diverging, "center: only a diverging palette needs one"),
            (breaks != sorted(set(breaks)), "breaks: must rise"),
            (
                not self.comparable_with_published and self.caution is None,
                "caution: say why published figures are not comparable",
            ),
        ]


class Force(Entry):
    """From a date on, how far a norm binds."""

    since: dt.date
    status: Literal["in_force", "reference", "to_be_confirmed"]
    why: Text


class Post(Entry):
    """A post the norm names for a station: the cadres that can fill it, and the grade it asks for."""

    cadres: tuple[Literal[*CADRES], ...] = Field(min_length=1)  # type: ignore[valid-type]
    grade: Text


class _Norm(Entry):
    """What every norm has: what it is called, its source, and its dates of force (oldest first)."""

    id: Id
    name: Text
    summary: Text
    source: Source
    force: tuple[Force, ...] = Field(min_length=1)
    confidence: Mapping[str, Confidence]
    assumptions: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _dated_and_rated(self) -> Self:
        found = []
        dates = [step.since for step in self.force]
        if dates != sorted(set(dates)):
            found.append("force: dates must rise")
        missing = self.parameters() - set(self.confidence)
        unknown = set(self.confidence) - self.parameters()
        if missing:
            found.append(f"confidence: missing for {', '.join(sorted(missing))}")
        if unknown:
            found.append(f"confidence: no such parameter {', '.join(sorted(unknown))}")
        if found:
            raise ValueError("; ".join(found))
        return self

    @classmethod
    def parameters(cls) -> set[str]:
        """Return the fields a norm must rate in ``confidence``: its parameters and its dates of force."""
        return set(cls.model_fields) - set(_Norm.model_fields) - {"kind"} | {"force"}

    def force_on(self, day: dt.date) -> Force | None:
        """Return how far the norm binds on a day; nothing before its first date."""
        begun = [step for step in self.force if step.since <= day]
        return begun[-1] if begun else None


class AreaRule(Entry):
    """The increments and coefficient of one class of area of a fixed norm.

    Above ``threshold`` people, one person more per full step of people; the step is a range from ``step_low``
    (most staff) to ``step_high`` (fewest).
    """

    threshold: int = Field(ge=0)
    step_low: int = Field(gt=0)
    step_high: int = Field(gt=0)
    coefficient: Positive = 1

    @model_validator(mode="after")
    def _range(self) -> Self:
        if self.step_low > self.step_high:
            raise ValueError("step_low: must not exceed step_high")
        return self


class FixedNorm(_Norm):
    """A fixed number of staff per station by population and class of area.

    ``areas`` is keyed by what ``area_kind`` names: ``zone`` ("1", "2", "3") or ``terrain``.
    """

    kind: Literal["fixed"]
    base: int = Field(gt=0)
    cap: int | None = Field(default=None, gt=0)
    area_kind: Literal["zone", "terrain"]
    areas: Mapping[str, AreaRule] = Field(min_length=1)
    posts: tuple[Post, ...] = ()


class DoctorStep(Entry):
    """The doctors a station must have by a deadline; low and high when the text gives a range."""

    by: dt.date
    low: int = Field(gt=0)
    high: int = Field(gt=0)
    permanent: bool

    @model_validator(mode="after")
    def _range(self) -> Self:
        if self.low > self.high:
            raise ValueError("low: must not exceed high")
        return self


class DoctorTarget(_Norm):
    """A target number of doctors per station, by deadline."""

    kind: Literal["doctors"]
    steps: tuple[DoctorStep, ...] = Field(min_length=1)
    rotated_per_year: int | None = Field(default=None, gt=0)


class RoundingBand(Entry):
    """Up to and including ``upto`` whole staff, a fraction of at most ``fraction`` is rounded down."""

    upto: int = Field(gt=0)
    fraction: Annotated[float, Field(ge=0, lt=1)]


class WorkloadNorm(_Norm):
    """No fixed number: staff follow workload (WISN). ``rounding`` is read from its first band that fits."""

    kind: Literal["workload"]
    method: Text
    rounding: tuple[RoundingBand, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        bands = [band.upto for band in self.rounding]
        if bands != sorted(set(bands)):
            raise ValueError("rounding: upto must rise")
        return self


Norm = Annotated[FixedNorm | DoctorTarget | WorkloadNorm, Field(discriminator="kind")]


def _measure_problems(file: str, field: str, measure: Measure | None) -> list[RegistryProblem]:
    """Say what of a measure the table contracts do not know."""
    if measure is None:
        return []
    if measure.table not in TABLES:
        return [RegistryProblem(file=file, field=f"{field}.table", message=f"no table {measure.table!r}")]
    columns = TABLES[measure.table].columns
    said = [("column", measure.column)] if measure.column not in columns else []
    for key, values in measure.where.items():
        if key not in columns:
            said.append(("where", key))
            continue
        allowed = [check.statistics.get("allowed_values") for check in columns[key].checks]
        said += [
            (f"where.{key}", value)
            for value in values
            if any(known and value not in known for known in allowed)
        ]
    return [
        RegistryProblem(file=file, field=f"{field}.{place}", message=f"{measure.table} has no {name!r}")
        for place, name in said
    ]


def read_indicators(*, folder: Path, norms: Mapping[str, Any]) -> dict[str, Indicator]:
    """Read the indicators of a folder and check their measures against the contracts and their norms exist.

    Raises :class:`RegistryError` with every fault of every file.
    """
    entries = read_folder(folder=folder, form=TypeAdapter(Indicator))
    problems = []
    for entry in entries.values():
        file = f"{entry.id}.yaml"
        problems += _measure_problems(file, "numerator", entry.numerator)
        problems += _measure_problems(file, "denominator", entry.denominator)
        if entry.norm is not None and entry.norm not in norms:
            problems.append(RegistryProblem(file=file, field="norm", message=f"no norm {entry.norm!r}"))
    if problems:
        raise RegistryError(problems)
    return entries


@cache
def norms() -> Mapping[str, FixedNorm | DoctorTarget | WorkloadNorm]:
    """Return every norm by id.

    >>> norms()["circular_03_2023"].base
    5
    """
    form: TypeAdapter[FixedNorm | DoctorTarget | WorkloadNorm] = TypeAdapter(Norm)
    return MappingProxyType(read_folder(folder=NORMS, form=form))


@cache
def indicators() -> Mapping[str, Indicator]:
    """Return every indicator by id.

    >>> indicators()["doctors_per_10000"].unit.en
    'per 10,000 people'
    """
    return MappingProxyType(read_indicators(folder=INDICATORS, norms=norms()))
