"""The event classifier: what it answers, alone, in batches and on hostile input, and floors on sentences held back."""

import threading
from pathlib import Path
from typing import get_args

import pytest

from detente.model import EventType
from detente.ontology.plover import types
from detente.ontology.tables import parse
from detente.reading import classifier
from detente.reading.classifier import Answer, classify, classify_all, from_marks, judge_clauses

CASES = Path(__file__).parent / "classify_cases.tsv"
QUADS = {name: kind.quad for name, kind in types().items()}


def held_back() -> list[dict[str, str]]:
    return list(parse(CASES.read_text(encoding="utf-8")))


def sound(answer: Answer) -> bool:
    kind = types()[answer.type]
    return (
        answer.type in get_args(EventType)
        and 0 < answer.confidence <= 1
        and all(mode in kind.modes for mode in answer.mode)
        and isinstance(answer.context, list)
    )


def test_answer_of_a_plain_sentence() -> None:
    text = "Police in Tunis arrested two bloggers."
    answer = classify(text, (0, 15), (25, 37))
    assert sound(answer)
    assert answer.type == "COERCE"
    assert answer.auxiliary is None
    assert answer.no_event < 0.5
    assert set(answer._asdict()) == {"type", "confidence", "mode", "context", "auxiliary", "no_event"}


def test_no_event_between_the_two() -> None:
    text = "Police in Tunis arrested two bloggers while Malta was counting its votes."
    malta = text.index("Malta")
    assert classify(text, (0, 15), (malta, malta + 5)).no_event > 0.5


def test_an_act_denied_and_an_act_to_come() -> None:
    text = "Kenya denied that its soldiers had shelled Somalia."
    assert classify(text, (0, 5), (len(text) - 8, len(text) - 1)).auxiliary == "negation"
    text = "Kenya will lift its ban on Somali traders next week."
    assert classify(text, (0, 5), (27, 41)).auxiliary == "future"


def test_the_marks_tell_which_act_of_a_sentence() -> None:
    # The same words: what the demonstrators did, and what the police did.
    text = "Police arrested forty students who had marched on the ministry of education."
    police, students, ministry = (0, 6), (16, 30), text.index("the ministry")
    assert classify(text, police, students).type == "COERCE"
    assert classify(text, students, (ministry, len(text) - 1)).type == "PROTEST"


def test_parties_may_be_unknown() -> None:
    text = "Talks between the two sides ended without agreement."
    for spans in ((None, None), ((0, 5), None), (None, (14, 27))):
        assert sound(classify(text, *spans))


def test_batches_answer_as_single_sentences_do() -> None:
    cases = [from_marks(row["sentence"]) for row in held_back()]
    together = classify_all(cases)
    for case, answer in zip(cases, together, strict=True):
        single = classify(*case)
        # Eight-bit arithmetic scales by batch, so that probabilities move a little and ties may break otherwise.
        assert single.type == answer.type or max(single.confidence, answer.confidence) < 0.6
        assert single.confidence == pytest.approx(answer.confidence, abs=0.15)


def test_nothing_asked_nothing_answered() -> None:
    assert classify_all([]) == []
    assert judge_clauses([]) == []


def test_odds_of_a_clause_are_odds() -> None:
    for judged in judge_clauses([from_marks(row["sentence"]) for row in held_back()]):
        assert len(judged.odds) == 17
        assert sum(judged.odds.values()) == pytest.approx(1, abs=1e-3)
        assert judged.answer.type == max((t for t in judged.odds if t), key=lambda t: judged.odds[t])
        assert judged.answer.no_event == pytest.approx(judged.odds[None])


def test_clauses_with_and_without_an_act() -> None:
    expelled = "Kenya expelled two Somali envoys."
    borders = "Kenya borders Somalia."
    act, none = judge_clauses([(expelled, (0, 5), (19, 32)), (borders, (0, 5), (14, 21))])
    assert act.answer.type == "SANCTION"
    assert act.odds[None] < 0.3 < none.odds[None]


@pytest.mark.parametrize(
    ("text", "actor", "recipient"),
    [
        ("", None, None),
        ("", (0, 5), (7, 9)),
        ("Paris met Rome.", (0, 500), (900, 1000)),
        ("Paris met Rome.", (5, 0), (3, 3)),
        ("Paris met Rome.", (-4, 2), (-9, -3)),
        ("Paris met Rome.", (0, 15), (0, 15)),
        ("🕊️🤝🇫🇷 Paris 👩‍👩‍👧 met Rome 🕊️", (5, 12), (20, 30)),
        ("\x00\ud7ff\uffff ‮ \t\n", (0, 1), (2, 3)),
        ("[unused1] [CLS] [SEP] <s>Paris</s> met [MASK]", (0, 9), (10, 15)),
        ("ab" * 5000, (3, 9), None),
        ("汉" * 3000, (0, 2), (2990, 3000)),
    ],
)
def test_hostile_input_is_answered(text: str, actor: tuple[int, int] | None, recipient: tuple[int, int] | None) -> None:
    assert sound(classify(text, actor, recipient))
    (judged,) = judge_clauses([(text, actor, recipient)])
    assert sound(judged.answer)


def test_a_party_far_into_a_long_text_is_found() -> None:
    filler = "The weather stayed mild in most parts of the country. " * 1000
    text = filler + "Kenya expelled the Somali ambassador. " + filler
    start = len(filler)
    assert len(text) > 100_000
    answer = classify(text, (start, start + 5), (start + 15, start + 36))
    code = classifier.encode(classifier._model().tokenizer, text, (start, start + 5), (start + 15, start + 36))
    assert sound(answer)
    assert len(code.ids) <= classifier.MAX_TOKENS
    assert code.actor > 0
    assert code.recipient > code.actor


def test_long_answers_come_in_time_for_parties_far_apart() -> None:
    text = "Kenya " + "and so on " * 10_000 + "expelled the ambassador."
    assert sound(classify(text, (0, 5), (len(text) - 15, len(text) - 1)))


def test_threads_share_one_session() -> None:
    seen: list[Answer] = []

    def ask() -> None:
        seen.append(classify("Paris and Rome signed a treaty.", (0, 5), (10, 14)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len({answer.type for answer in seen}) == 1


def test_types_of_sentences_held_back() -> None:
    rows = held_back()
    answers = classify_all([from_marks(row["sentence"]) for row in rows])
    right = sum(row["type"] == answer.type for row, answer in zip(rows, answers, strict=True))
    quads = sum(QUADS[row["type"]] == QUADS[answer.type] for row, answer in zip(rows, answers, strict=True))
    assert len(rows) == 60
    assert right / len(rows) >= TYPE_FLOOR
    assert quads / len(rows) >= QUAD_FLOOR


def test_modes_given_are_mostly_right() -> None:
    rows = held_back()
    answers = classify_all([from_marks(row["sentence"]) for row in rows])
    told = [
        (row["mode"], answer.mode[0])
        for row, answer in zip(rows, answers, strict=True)
        if answer.mode and row["mode"] and row["type"] == answer.type
    ]
    assert len(told) >= 15
    assert sum(gold == given for gold, given in told) / len(told) >= MODE_FLOOR


def test_types_that_clauses_would_be_given() -> None:
    rows = held_back()
    answers = judge_clauses([from_marks(row["sentence"]) for row in rows])
    right = sum(row["type"] == judged.answer.type for row, judged in zip(rows, answers, strict=True))
    assert right / len(rows) >= CLAUSE_FLOOR


TYPE_FLOOR, QUAD_FLOOR, MODE_FLOOR, CLAUSE_FLOOR = 0.93, 0.95, 0.85, 0.85
