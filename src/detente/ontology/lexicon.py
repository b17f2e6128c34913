"""The lexicon of diplomacy: which verbs and nouns make which PLOVER type, with what around them.

`data/lexicon.tsv`, one rule a row:

- `lemma`: a verb's or noun's lemma; a verb may be followed by its particle or preposition ("rule out").
- `pos`: VERB, NOUN or ADJ.
- `when`: conditions parted by `;`, each a slot, or `slot:words`; `!` before it denies it. Words are lemmas, a
  class of `data/classes.tsv` (`@talks`), `party`, `person` or `actor` (a party of any kind, named or not).
- `type`, `mode`, `context`: PLOVER's.
- `actor`, `recipient`: slots in the order in which they are asked, `,` for the first that names a party, `+` for
  all of them together (acts that go both ways).

Slots of a verb: subj, obj, dat, xcomp, ccomp, csubj (the subject of its complement), inner (the party that owns
or stands within its object or complement), objmod (what stands before its object), both (its subjects, where they are
two parties or more), oprd (what its object is called),
or a preposition. Slots of a noun: light (the subject of the verb that
governs it), agent (one of light, poss, mod, by is a party), poss, mod, between, or a preposition.
"""

from dataclasses import dataclass
from functools import cache
from typing import cast

from detente.model import EventType
from detente.ontology.tables import items, rows


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule: `slot` is filled, by one of `words` where there are any; `denied` turns it round."""

    slot: str
    words: frozenset[str] = frozenset()
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the lexicon."""

    lemma: str
    particle: str
    pos: str
    when: tuple[Condition, ...]
    type: EventType
    mode: tuple[str, ...]
    context: tuple[str, ...]
    actor: str
    recipient: str

    @property
    def symmetric(self) -> bool:
        """Whether the act goes both ways, so that all its parties are actors."""
        return "+" in self.actor


@cache
def words(name: str) -> frozenset[str]:
    """The words of a class of `data/classes.tsv`. Raises KeyError where there is no such class."""
    classes: dict[str, set[str]] = {}
    for row in rows("classes"):
        classes.setdefault(row["class"], set()).update(items(row["words"]))
    return frozenset(classes[name])


def _condition(text: str) -> Condition:
    denied = text.startswith("!")
    slot, _, tail = text.removeprefix("!").partition(":")
    found: set[str] = set()
    for word in items(tail):
        found |= words(word[1:]) if word.startswith("@") else {word}
    return Condition(slot.strip(), frozenset(found), denied)


def _generality(rule: Rule) -> tuple[int, int]:
    """Sorts the most special first: by conditions that carry words, then by all."""
    worded = sum(bool(c.words) and not c.denied for c in rule.when)
    return -(2 * worded + 2 * bool(rule.particle)), -len(rule.when)


@cache
def rules() -> dict[tuple[str, str], tuple[Rule, ...]]:
    """The rules by (first lemma, part of speech), those with the most conditions first."""
    table: dict[tuple[str, str], list[Rule]] = {}
    for row in rows("lexicon"):
        lemma, _, particle = row["lemma"].partition(" ")
        if row["pos"] == "NOUN" and particle:
            # "phone call": the head is the last word, what stands before it a condition.
            lemma, particle = particle, lemma
        rule = Rule(
            lemma=lemma,
            particle=particle,
            pos=row["pos"],
            when=tuple(_condition(c) for c in row["when"].split(";") if c.strip()),
            type=cast(EventType, row["type"]),
            mode=tuple(items(row["mode"])),
            context=tuple(items(row["context"])),
            actor=row["actor"],
            recipient=row["recipient"],
        )
        table.setdefault((lemma, row["pos"]), []).append(rule)
    return {key: tuple(sorted(found, key=_generality)) for key, found in table.items()}
