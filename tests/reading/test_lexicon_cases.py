"""Short sentences over the lexicon's families, and figures of speech that must stay out; floors as measured.

`lexicon_cases.tsv`: a sentence, its type, the parties of actor and recipient (`+` joins several, `|` parts what
is right either way), or `!` and the types of which it must give no event.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

import detente
from detente.model import Entity, Event
from detente.ontology.tables import Row, parse

CASES = list(parse((Path(__file__).parent / "lexicon_cases.tsv").read_text(encoding="utf-8")))
TYPE_FLOOR = 0.93
WHOLE_FLOOR = 0.9
FIGURE_FLOOR = 0.95
EXTRA_CEILING = 0.05
"""Events beside the expected one, for each sentence."""


@pytest.fixture(scope="module")
def read() -> list[tuple[Row, tuple[Event, ...]]]:
    reader = detente.Reader()
    return [(case, reader.read_text(case["sentence"], published="2024-05-10").events) for case in CASES]


def _codes(entities: Iterable[Entity]) -> frozenset[str]:
    return frozenset(e.party for e in entities if e.party)


def _either(cell: str) -> list[frozenset[str]]:
    return [frozenset(filter(None, side.split("+"))) for side in cell.split("|")]


def test_acts_are_read_with_their_parties(read: list[tuple[Row, tuple[Event, ...]]]) -> None:
    asked = [(case, events) for case, events in read if not case["type"].startswith("!")]
    typed, whole, extra = 0, [], 0
    for case, events in asked:
        fitting = [e for e in events if e.type in case["type"].split("|")]
        typed += bool(fitting)
        extra += len(events) - bool(fitting)
        actors, recipients = _either(case["actor"]), _either(case["recipient"])
        if any(_codes(e.actor) in actors and _codes(e.recipient) in recipients for e in fitting):
            whole.append(case["sentence"])
    missed = [case["sentence"] for case, _ in asked if case["sentence"] not in whole]
    assert typed / len(asked) >= TYPE_FLOOR, missed
    assert len(whole) / len(asked) >= WHOLE_FLOOR, missed
    assert extra / len(asked) <= EXTRA_CEILING


def test_figures_of_speech_are_no_acts(read: list[tuple[Row, tuple[Event, ...]]]) -> None:
    asked = [(case, events) for case, events in read if case["type"].startswith("!")]
    fallen = [case["sentence"] for case, events in asked if any(e.type in case["type"][1:].split("|") for e in events)]
    assert 1 - len(fallen) / len(asked) >= FIGURE_FLOOR, fallen
