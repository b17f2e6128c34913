"""The form of a gold file: one page, and the reading that a careful person gives it.

What each field means stands in `docs/how-to/measure-your-own-gold.md`. A section that is left out (None) was not
annotated and is not scored; an empty one says that the page holds nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from detente.errors import BadGold, Empty, NotFound, SourceError, TooLarge
from detente.intake.limits import MAX_BYTES
from detente.model import Auxiliary, CommitmentKind, EventType, Level, MeetingStatus, RepairKind

ENDING = ".gold.json"
_SHOWN = 3
Words = Annotated[str, Field(min_length=1, pattern=r"\S")]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Item(_Form):
    """`optional`: neither owed nor an error."""

    optional: bool = False


class _Days(_Item):
    start: date | None = None
    end: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end is not None and (self.start is None or self.end < self.start):
            raise ValueError("end is a day from start on")
        return self


class GoldEvent(_Days):
    """An act; `type` and `auxiliary` list what is allowed, parties are codes."""

    quote: Words
    type: Annotated[tuple[EventType, ...], Field(min_length=1)]
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    auxiliary: Annotated[tuple[Auxiliary | None, ...], Field(min_length=1)]
    symmetric: bool = False
    recipient_optional: bool = False
    parties_free: bool = False
    claimed_by: str | None = None


class Forbidden(_Form):
    """A trap: what must not be read from the sentence of `quote`."""

    quote: Words
    type: tuple[EventType, ...]
    auxiliary: tuple[Auxiliary | None, ...]
    why: str = ""


class GoldStatement(_Item):
    """Someone's words; `speaker` is null where no party is known."""

    quote: Words
    speaker: str | None
    direct: bool
    name: str | None = None


class GoldCommitment(_Item):
    """A promise, demand or threat; `condition` are some words of it, `due` its first and last day."""

    quote: Words
    kind: CommitmentKind
    by: tuple[str, ...]
    to: tuple[str, ...]
    condition: str | None = None
    due: tuple[date, date] | None = None


class GoldMeeting(_Days):
    """A meeting; `status` lists what is allowed."""

    quote: Words
    status: Annotated[tuple[MeetingStatus, ...], Field(min_length=1)]
    participants: tuple[str, ...]
    level: Level | None = None
    country: str | None = None
    minutes: float | None = None


class GoldRepair(_Item):
    """A damaged place, in the words that stand there, and what it means."""

    was: str
    now: str
    kind: RepairKind


class Gold(_Form):
    """One gold file. `given` is the day told to the reader, `published` the days allowed where the page must tell."""

    file: Words
    events: tuple[GoldEvent, ...]
    kind: Words | None = None
    given: date | None = None
    published: tuple[date, ...] | None = None
    site: str | None = None
    related: tuple[str, ...] | None = None
    dropped: tuple[str, ...] | None = None
    repairs: tuple[GoldRepair, ...] | None = None
    forbidden: tuple[Forbidden, ...] = ()
    statements: tuple[GoldStatement, ...] | None = None
    commitments: tuple[GoldCommitment, ...] | None = None
    meetings: tuple[GoldMeeting, ...] | None = None

    def quotes(self) -> Iterator[tuple[str, str]]:
        """Each item's place in the file (`events[0]`) and its quote."""
        for section in ("events", "forbidden", "statements", "commitments", "meetings"):
            for number, item in enumerate(getattr(self, section) or ()):
                yield f"{section}[{number}]", item.quote


@dataclass(frozen=True, slots=True)
class GoldFile:
    """A gold file as found: its path, its page's path and what it says."""

    path: Path
    gold: Gold

    @property
    def page(self) -> Path:
        """The page that it annotates; the file names it from its own folder."""
        return self.path.parent / self.gold.file


def gold_files(sources: Iterable[str]) -> Iterator[GoldFile | SourceError]:
    """The gold files that `sources` name, each once: files, and folders' own `*.gold.json` in the order of names.

    What cannot be read as gold yields its error in its place: NotFound, Empty (a folder without gold), BadGold.
    """
    seen: set[Path] = set()
    for source in sources:
        path = Path(source)
        found = sorted(path.glob(f"*{ENDING}")) if path.is_dir() else [path]
        if not found:
            yield Empty(source, f"no gold files (*{ENDING}) in the folder: name the folder that holds them")
        for file in found:
            if (real := file.resolve()) not in seen:
                seen.add(real)
                try:
                    yield GoldFile(file, _gold(file))
                except SourceError as error:
                    yield error


def _gold(path: Path) -> Gold:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise NotFound(str(path), f"no such file or folder: give *{ENDING} files, or folders of them") from error
    except OSError as error:
        raise SourceError(str(path), f"cannot be read ({error.strerror or error}): check the file") from error
    if len(data) > MAX_BYTES:
        raise TooLarge(str(path), f"more than {MAX_BYTES // 1_000_000} MB: a gold file is one page's")
    try:
        return Gold.model_validate_json(data)
    except ValidationError as error:
        raise BadGold(str(path), one_line([_said(problem) for problem in error.errors()])) from error


def one_line(problems: list[str]) -> str:
    """The first few problems of one file, and how many more there are."""
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    return " ".join("; ".join(problems[:_SHOWN]).split()) + more


def _said(problem: object) -> str:
    """A problem that pydantic found, as `events[3].type: what is wrong`."""
    assert isinstance(problem, dict)
    place = ""
    for step in problem["loc"]:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    if problem["type"] == "json_invalid":
        return f"no JSON ({problem['ctx']['error']})"
    words = {
        "missing": "is missing",
        "extra_forbidden": "is no field of the form",
        "model_type": "must be an object",
    }.get(problem["type"], problem["msg"].removeprefix("Value error, ").replace("Input should be", "must be"))
    return f"{place or 'the file'}: {words}"
