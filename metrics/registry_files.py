"""Reading a folder of YAML files into checked entries, with every fault of every file told at once."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class RegistryProblem:
    """One fault of a registry file."""

    file: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.message}"


class RegistryError(Exception):
    """Registry files are wrong; ``problems`` holds every fault of every file."""

    def __init__(self, problems: list[RegistryProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class _Loader(yaml.SafeLoader):
    """YAML that refuses a field written twice, instead of keeping the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key!r} is written twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep=deep)


def read_folder(*, folder: Path, form: TypeAdapter[T]) -> dict[str, T]:
    """Read every YAML file of a folder into a model with an ``id`` equal to the file's stem.

    Raises :class:`RegistryError` with every fault of every file.
    """
    entries: dict[str, T] = {}
    problems: list[RegistryProblem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            entry = form.validate_python(yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader))
        except yaml.YAMLError as error:
            problems.append(
                RegistryProblem(file=path.name, field="(file)", message=" ".join(str(error).split()))
            )
        except ValidationError as error:
            problems += [_problem(path, fault["loc"], fault["msg"]) for fault in error.errors()]
        else:
            entries[path.stem] = entry
            if (found := getattr(entry, "id", None)) != path.stem:
                problems.append(_problem(path, ("id",), f"is {found!r}, the file is named {path.stem!r}"))
    if problems:
        raise RegistryError(problems)
    return entries


def _problem(path: Path, place: tuple[int | str, ...], message: str) -> RegistryProblem:
    field = ".".join(map(str, place)) or "(file)"
    return RegistryProblem(file=path.name, field=field, message=message.removeprefix("Value error, "))
