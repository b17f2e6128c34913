"""The pinned floors of a gold set: a JSON file of figures by name, such as `{"events.type": 0.719}`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from detente.errors import UsageError
from detente.evaluation.report import FORBIDDEN

SLACK = 0.01
"""What a figure may fall by before it counts as fallen: one item of a hundred, as parsers' releases differ."""
Figures = Mapping[str, float]


def load(path: Path) -> dict[str, float]:
    """The floors of a file; none of a file that is not there. Raises UsageError for one that holds no floors."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no baseline ({error}): make one with --write-baseline") from error
    numbers = isinstance(values, dict) and all(type(v) in {int, float} and 0 <= v <= 1 for v in values.values())
    if not numbers:
        raise UsageError(f"{path} is no baseline: it owes one JSON object of figures between 0 and 1 by name")
    return {name: float(value) for name, value in values.items()}


def dumps(floors: Figures) -> str:
    """Floors as the text of their file."""
    return json.dumps(dict(floors), indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Fall:
    """A figure that is worse than its floor; `reached` is None where it was not measured."""

    name: str
    reached: float | None
    floor: float

    def __str__(self) -> str:
        reached = "not measured" if self.reached is None else f"{self.reached:.3f}"
        return f"{self.name} has fallen: {reached}, floor {self.floor:.3f}"


def fallen(reached: Figures, floors: Figures) -> list[Fall]:
    """Each figure that is worse than its floor by more than the slack, or that is pinned and was not measured."""
    falls = []
    for name, floor in floors.items():
        value = reached.get(name)
        worse = 1.0 if value is None else value - floor if name == FORBIDDEN else floor - value
        # Rounded, for a fall by the slack itself is none.
        if round(worse, 6) > SLACK:
            falls.append(Fall(name, value, floor))
    return falls


def raised(reached: Figures, floors: Figures, *, lower: bool = False) -> dict[str, float]:
    """The floors with those raised that were passed; with `lower` each is what was reached."""
    better = {name: min if name == FORBIDDEN else max for name in reached}
    new = {name: value if lower else better[name](value, floors.get(name, value)) for name, value in reached.items()}
    return new | {name: floor for name, floor in floors.items() if name not in reached}
