from collections import Counter

import pytest

from detente.ontology.lexicon import Rule, rules, words
from detente.ontology.plover import contexts, types
from detente.ontology.tables import items, rows

_PLACES_IN_A_CLAUSE = {
    "subj", "obj", "dat", "xcomp", "ccomp", "csubj", "oprd", "both", "objmod", "inner",
    "light", "agent", "poss", "mod", "between",
}  # fmt: skip
_PREPOSITIONS = {
    "about", "across", "against", "along", "alongside", "around", "as", "at", "before", "behind", "by", "for", "from",
    "in", "inside", "into", "near", "of", "off", "on", "outside", "over", "through", "to", "toward", "towards",
    "under", "upon", "via", "with",
}  # fmt: skip
ALL: list[Rule] = [rule for found in rules().values() for rule in found]


def test_every_row_is_a_rule_of_its_own() -> None:
    keys = Counter((row["lemma"], row["pos"], row["when"]) for row in rows("lexicon"))
    assert [key for key, count in keys.items() if count > 1] == []
    assert all(row["pos"] in {"VERB", "NOUN", "ADJ"} and row["source"] for row in rows("lexicon"))


def test_types_modes_and_contexts_are_plovers() -> None:
    known = types()
    for rule in ALL:
        assert rule.type in known, rule
        assert set(rule.mode) <= set(known[rule.type].modes), rule
        assert set(rule.context) <= set(contexts()), rule


def test_slots_are_such_as_a_clause_has() -> None:
    for rule in ALL:
        slots = {condition.slot for condition in rule.when}
        slots |= {slot for part in (rule.actor, rule.recipient) for slot in part.replace("+", ",").split(",") if slot}
        assert slots <= _PLACES_IN_A_CLAUSE | _PREPOSITIONS, rule
        assert rule.actor, rule


def test_words_of_conditions_are_lemmas_and_known_classes() -> None:
    for row in rows("lexicon"):
        for condition in row["when"].split(";"):
            for word in items(condition.partition(":")[2]):
                assert " " not in word, row
                if word.startswith("@"):
                    assert words(word[1:]), row


@pytest.mark.parametrize("kind", sorted(types()))
def test_each_type_has_verbs_and_nouns(kind: str) -> None:
    found = Counter(rule.pos for rule in ALL if rule.type == kind)
    assert found["VERB"] >= 30, found
    assert found["NOUN"] >= 3, found


def test_both_spellings_of_english_are_there() -> None:
    verbs = {lemma for lemma, pos in rules() if pos == "VERB"}
    british = {"criticise", "apologise", "mobilise", "nationalise", "normalise", "recognise", "favour", "honour"}
    assert british <= verbs
    assert {word.replace("ise", "ize").replace("our", "or") for word in british} <= verbs
