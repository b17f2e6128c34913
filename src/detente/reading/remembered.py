"""spaCy's attribute ruler and lemmatizer, each asked once about each kind of token.

Both are rules: what they say of a token follows from its word, tag and relation. Their answers are kept for the life of
the process, which saves a quarter of the parse.
"""

from typing import Any, NamedTuple, cast

import numpy as np
from spacy.attrs import DEP, IS_SPACE, LEMMA, LOWER, MORPH, ORTH, POS, TAG
from spacy.language import Language
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc

from detente.ontology.tables import rows

MOST_LEMMAS = 200_000
"""Lemmas from which the kept ones are forgotten: strangers' texts must not fill the memory. spaCy's own vocabulary
still grows with each new word."""


class _Attributes(NamedTuple):
    tag: int
    pos: int
    morph: int
    dep: int
    lemma: int


def _named(rule: dict[str, Any]) -> set[str] | None:
    """The lower-case words that a rule for one token names; null where it looks at more than word, tag and relation."""
    found: set[str] = set()
    for specs in rule["patterns"]:
        if len(specs) != 1 or not set(specs[0]) <= {"TAG", "DEP", "IS_SPACE", "LOWER"}:
            return None
        named = specs[0].get("LOWER", {"IN": []})
        if not isinstance(named, str) and set(named) != {"IN"}:
            return None
        found.update([named] if isinstance(named, str) else named["IN"])
    return found


class Remembered:
    """The ruler and the lemmatizer of a pipeline. Not safe for threads at once, as spaCy itself is not."""

    def __init__(self, nlp: Language) -> None:
        self._vocab = nlp.vocab
        ruler: Any = nlp.get_pipe("attribute_ruler")
        single: list[dict[str, Any]] = []
        several: list[dict[str, Any]] = []
        words: set[str] = set()
        for rule in ruler.patterns:
            named = _named(rule)
            (several if named is None else single).append(rule)
            words |= named or set()
        self._single = AttributeRuler(nlp.vocab)
        self._single.add_patterns(single)
        self._several = AttributeRuler(nlp.vocab)
        self._several.add_patterns(several)
        self._named = {nlp.vocab.strings.add(word) for word in words}
        self._attributes: dict[tuple[int, int, int, int], _Attributes] = {}
        self._lemmatizer: Any = nlp.get_pipe("lemmatizer")
        self._lemmas: dict[tuple[int, int, int, int], int] = {}
        self._own: dict[str, list[tuple[str, str]]] = {}
        for row in rows("lemmas"):
            self._own.setdefault(row["form"], []).append((row["tag"], row["lemma"]))

    def __call__(self, doc: Doc) -> Doc:
        """Set part of speech, features and lemma of each token of a tagged and parsed `doc`."""
        self._rule(doc)
        self._several(doc)
        self._lemmatize(doc)
        return doc

    def _asked(self, word: str, tag: int, dep: int) -> _Attributes:
        """What the ruler's rules for one token say of a word with that tag and relation."""
        strings = self._vocab.strings
        doc = Doc(self._vocab, words=[word], spaces=[False], tags=[strings[tag]], deps=[strings[dep]], heads=[0])
        self._single(doc)
        return _Attributes(*doc.to_array([TAG, POS, MORPH, DEP, LEMMA])[0].tolist())

    def _rule(self, doc: Doc) -> None:
        kinds = doc.to_array([TAG, DEP, LOWER, IS_SPACE]).tolist()
        given = np.zeros((len(doc), 2), dtype=np.uint64)
        for number, (tag, dep, lower, space) in enumerate(kinds):
            key = (tag, dep, lower if lower in self._named else 0, space)
            known = self._attributes.get(key)
            if known is None:
                known = self._attributes[key] = self._asked(doc[number].text, tag, dep)
            given[number] = known.pos, known.morph
            if known.lemma or (known.tag, known.dep) != (tag, dep):
                token = doc[number]
                token.tag, token.dep, token.lemma = known.tag, known.dep, known.lemma
        doc.from_array([POS, MORPH], cast(Any, given))

    def _lemmatize(self, doc: Doc) -> None:
        """What spaCy's lemmatizer does, and our table before it."""
        if len(self._lemmas) > MOST_LEMMAS:
            self._lemmas.clear()
            self._lemmatizer.cache.clear()
        keys = doc.to_array([ORTH, TAG, POS, MORPH]).tolist()
        set_already = doc.to_array([LEMMA]).tolist()
        for number, (key, lemma) in enumerate(zip(map(tuple, keys), set_already, strict=True)):
            if lemma:
                continue
            known = self._lemmas.get(key)
            if known is None:
                token = doc[number]
                own = (lemma for tag, lemma in self._own.get(token.lower_, ()) if token.tag_.startswith(tag))
                known = self._lemmas[key] = doc.vocab.strings.add(
                    next(own, None) or self._lemmatizer.lemmatize(token)[0]
                )
            doc[number].lemma = known
