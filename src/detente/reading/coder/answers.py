"""What the second reader answers, held against the form it was asked for. An answer is only ever data."""

import re
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from detente.model import Auxiliary, EventType
from detente.ontology.plover import contexts, types
from detente.reading.coder.prompt import Codebook, auxiliary_of

MAX_EVENTS = 12
"""Events of one sentence; an answer with more is no answer."""
_FENCED = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL)
_THOUGHT = "</think>"
_Words = Annotated[str, Field(max_length=2000)]
_Names = Annotated[list[_Words], Field(max_length=12)]


class Coded(NamedTuple):
    """One event as the second reader gives it: known values, words not yet looked for in the text."""

    type: EventType
    mode: tuple[str, ...]
    context: tuple[str, ...]
    auxiliary: Auxiliary | None
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    evidence: str


class Answered(NamedTuple):
    """What an answer holds: its events, the faults of others, and whether it had the form asked for at all."""

    events: tuple[Coded, ...]
    faults: tuple[str, ...]
    formed: bool


class _Item(BaseModel):
    model_config = ConfigDict(strict=True)

    type: _Words
    mode: _Names = []
    context: _Names = []
    auxiliary: _Words | None = None
    actor: _Names
    recipient: _Names
    evidence: _Words


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True)

    events: Annotated[list[object], Field(max_length=MAX_EVENTS)]


_ITEM = TypeAdapter(_Item)


def answered(text: str, book: Codebook) -> Answered:
    """The events of an answer, each well formed and of known values, and a fault for each that is not.

    A fence around the JSON and a train of thought before it are passed over, as some servers cannot be kept from them.
    """
    bare = text.rpartition(_THOUGHT)[2].strip()
    fenced = _FENCED.fullmatch(bare)
    try:
        items = _Answer.model_validate_json(fenced[1] if fenced else bare).events
    except ValidationError:
        return Answered((), ("answer not of the form asked for",), formed=False)
    events: list[Coded] = []
    faults: list[str] = []
    for item in items:
        try:
            events.append(_coded(_ITEM.validate_python(item), book))
        except ValidationError:
            faults.append("event not of the form asked for")
        except ValueError as error:
            faults.append(str(error))
    return Answered(tuple(events), tuple(faults), formed=True)


def _coded(item: _Item, book: Codebook) -> Coded:
    """The item with its values known. Raises ValueError that names the fault."""
    kind = book.names.get(item.type)
    if kind is None:
        raise ValueError("unknown type")
    if not set(item.mode) <= set(types()[kind].modes):
        raise ValueError("unknown mode")
    if not set(item.context) <= set(contexts()):
        raise ValueError("unknown context")
    return Coded(
        kind,
        tuple(dict.fromkeys(item.mode)),
        tuple(dict.fromkeys(item.context)),
        auxiliary_of(item.auxiliary),
        tuple(dict.fromkeys(item.actor)),
        tuple(dict.fromkeys(item.recipient)),
        item.evidence,
    )
