"""What the second reader is told: the coding rules as a system message, the page's words as JSON in a user message.

The rules are `data/coder_rules.md`; definitions of types, modes and contexts are those of `ontology/data/plover.toml`.
Names and order of the types can be changed, as the probes do.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, cast, get_args

from detente.model import Auxiliary, EventType
from detente.ontology.plover import contexts, types

MAX_BEFORE = 600
"""Characters of the paragraph before the sentence that are sent along."""
MAX_TITLE = 300
NO_AUXILIARY = "none"
AUXILIARIES = (NO_AUXILIARY, *get_args(Auxiliary))
_PLACE = re.compile(r"\{([A-Za-z_]+)\}")


class Prompt(NamedTuple):
    """One request's words: what the model is told, what it is asked, and the JSON schema of its answer."""

    system: str
    user: str
    schema: Mapping[str, Any]


@cache
def _template() -> str:
    return (files("detente.reading") / "data" / "coder_rules.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Codebook:
    """The rules with the types in an order and under names: `entries` are (type, name shown), first to last.

    `detailed` asks for modes and contexts too; their names would give a type away where its own is hidden.
    """

    entries: tuple[tuple[EventType, str], ...]
    detailed: bool = True

    @property
    def names(self) -> dict[str, EventType]:
        """The type that each shown name stands for."""
        return {name: kind for kind, name in self.entries}

    def prompt(self, sentence: str, before: str = "", title: str | None = None) -> Prompt:
        """The request about one sentence of a page, with what stands before it in its paragraph."""
        words = {"title": (title or "")[:MAX_TITLE], "before": before[-MAX_BEFORE:], "sentence": sentence}
        return Prompt(_rules(self), json.dumps(words, ensure_ascii=False), _schema(self))


def plain() -> Codebook:
    """The codebook as it is: all types in the manual's order under their own names."""
    return Codebook(tuple((kind, kind) for kind in types()))


@cache
def _rules(book: Codebook) -> str:
    known = types()
    shown: dict[str, str] = dict(book.entries)
    lines = []
    for kind, name in book.entries:
        lines.append(f"- {name}: {known[kind].meaning}")
        if book.detailed:
            lines += [f"  - mode `{mode.name}`: {mode.meaning}" for mode in known[kind].modes.values()]
    listed = "\n".join(f"- `{name}`: {meaning}" for name, meaning in contexts().items())
    details = (
        "\n# Mode and context\n\n`mode` lists the modes of the type that the sentence tells, often none. "
        f"`context` lists what the act is about, often none:\n\n{listed}\n"
        if book.detailed
        else ""
    )
    parts = shown | {
        "types": "\n".join(lines),
        "details": details,
        "detail_form": '"mode": ["..."], "context": ["..."], ' if book.detailed else "",
    }
    return _PLACE.sub(lambda found: parts[found[1]], _template())


def _choice(names: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": names}


@cache
def _schema(book: Codebook) -> Mapping[str, Any]:
    text = {"type": "string"}
    # Every field required and no other allowed: what strict servers ask of a schema.
    fields: dict[str, Any] = {"type": _choice([name for _, name in book.entries])}
    if book.detailed:
        modes = sorted({mode for kind in types().values() for mode in kind.modes})
        fields["mode"] = {"type": "array", "items": _choice(modes)}
        fields["context"] = {"type": "array", "items": _choice(list(contexts()))}
    fields |= {
        "auxiliary": _choice(list(AUXILIARIES)),
        "actor": {"type": "array", "items": text},
        "recipient": {"type": "array", "items": text},
        "evidence": text,
    }
    event = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"events": {"type": "array", "items": event}},
        "required": ["events"],
        "additionalProperties": False,
    }


def auxiliary_of(name: str | None) -> Auxiliary | None:
    """The auxiliary that an answer names. Raises ValueError where there is none of that name."""
    if name is None or name == NO_AUXILIARY:
        return None
    if name not in AUXILIARIES:
        raise ValueError("unknown auxiliary")
    return cast(Auxiliary, name)
