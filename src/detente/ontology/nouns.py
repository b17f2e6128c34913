"""Kinds of common nouns that coreference asks for."""

from functools import cache

from detente.ontology.tables import items, rows


@cache
def person_nouns() -> frozenset[str]:
    """Nouns, as lemmas, that stand for one person."""
    return frozenset(word for row in rows("person_nouns") for word in items(row["words"]))
