"""What is remembered of spaCy's ruler and lemmatizer is what they would say."""

import itertools
from pathlib import Path

import pytest
from spacy.tokens import Doc

from detente.ontology.tables import rows
from detente.reading import remembered
from detente.reading.syntax import LONGEST, parse, parser

READINGS = sorted((Path(__file__).parents[1] / "readings").glob("*.txt"))[:6]
ODD = (
    "There's a man who ain't here. Let's go, you gotta see it; y'all, c'mon.\n\n \n I did what you have. But I do. "
    "“It is gonna rain”,it said .\t\xa0 The cannot-do list: the 3rd one's US$5m."
)


def _by_spacy(like: Doc) -> Doc:
    """The same words and sentences, parsed by each of spaCy's own pieces."""
    doc = parser().make_doc(like.text)
    for token, other in zip(doc, like, strict=True):
        token.is_sent_start = other.is_sent_start
    for _, piece in parser().pipeline:
        doc = piece(doc)
    return doc


@pytest.mark.parametrize("text", [path.read_text(encoding="utf-8") for path in READINGS] + [ODD])
def test_a_second_parse_says_what_spacy_says(text: str) -> None:
    assert READINGS
    own = {row["form"] for row in rows("lemmas")}
    parse(text)
    again = parse(text)
    theirs = _by_spacy(again)

    def told(doc: Doc) -> list[tuple[str, ...]]:
        return [(t.text, t.tag_, t.pos_, t.dep_, str(t.morph), "" if t.lower_ in own else t.lemma_) for t in doc]

    assert told(again) == told(theirs)


def test_a_word_that_a_rule_names_says_nothing_of_others() -> None:
    parse("They wanted nothin'.")
    assert [t.lemma_ for t in parse("They wanted bread.")][2] == "bread"
    assert [t.lemma_ for t in parse("They wanted nothin'.")][2] == "nothing"


def test_sentences_begin_where_they_are_told_to() -> None:
    long = "word " * 450
    starts = [t.i for t in parse("\n \nIt met.The council left.\n\n" + long) if t.is_sent_start]
    texts = [t.text for t in parse("\n \nIt met.The council left.\n\n" + long)]
    assert texts[starts[1]] == "It"
    assert any("The" in texts[i] for i in starts[2:])
    assert all(later - earlier <= LONGEST + 1 for earlier, later in itertools.pairwise([*starts, len(texts)]))


def test_lemmas_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_LEMMAS", 3)
    told = [[t.lemma_ for t in parse(text)] for text in ("They held long talks.", "They held longer talks again.") * 2]
    assert told[:2] == told[2:]


def test_nothing_is_parsed_of_an_empty_text() -> None:
    assert len(parse("")) == 0
