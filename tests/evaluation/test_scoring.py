"""What counts as found, missed and wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evaluation.intervals import of_f1, of_share
from detente.evaluation.misses import misses
from detente.evaluation.report import evaluate
from detente.evaluation.scoring import BY, FIELDS, Count, right_events, score
from tests.evaluation.making import ACCUSED, MET, PROMISED, REJECTED, act, event, gold, pair, reading

WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot")
SENTENCES = " ".join(f"The {word} envoy spoke about it." for word in WORDS)
TYPES = st.sampled_from(["ACCUSE", "REJECT", "CONSULT", "AGREE"])
PARTIES = st.lists(st.sampled_from(["RUS", "UKR", "USA"]), max_size=2, unique=True)
DAYS = st.sampled_from([None, "2022-02-18", "2022-02-19"])


@st.composite
def acts(draw: st.DrawFn) -> dict[str, Any]:
    word = draw(st.sampled_from(WORDS))
    item = act(f"The {word} envoy", draw(TYPES), draw(PARTIES), draw(PARTIES), auxiliary=[draw(AUXILIARIES)])
    day = draw(DAYS)
    flags = ("optional", "symmetric", "recipient_optional", "parties_free")
    return item | ({"start": day} if day else {}) | {flag: draw(st.booleans()) for flag in flags}


AUXILIARIES = st.sampled_from([None, "future", "historical"])
ACTS = st.lists(acts(), max_size=8)


def reading_of(items: list[dict[str, Any]]) -> Any:
    return reading(*(event(item, n, SENTENCES) for n, item in enumerate(items)), text=SENTENCES)


@given(ACTS)
def test_a_reading_made_from_gold_is_perfect(items: list[dict[str, Any]]) -> None:
    of, read = gold(*items), reading_of(items)
    for name, found in score(of, read).fields.items():
        assert (found.precision, found.recall) == (1.0, 1.0), name
        assert found.hit == found.owed
    assert misses(of, read) == ()
    assert right_events(of, read) == {e.id for e in read.events}


@given(ACTS, ACTS)
def test_figures_keep_their_bounds_whatever_is_read(owed: list[dict[str, Any]], read: list[dict[str, Any]]) -> None:
    scores = score(gold(*owed), reading_of(read))
    for found in scores.fields.values():
        assert 0 <= found.hit <= min(found.owed, found.counted)
        assert all(0 <= value <= 1 for value in (found.precision, found.recall, found.f1))
    # To ask for more never finds more.
    hits = [scores.fields[f"events.{name}"].hit for name in ("type", "parties", "auxiliary", "full")]
    assert hits == sorted(hits, reverse=True)
    assert sum(scores.types.values(), Count()) == scores.fields[BY]


@given(st.lists(st.tuples(ACTS, ACTS), min_size=1, max_size=4))
def test_each_error_is_a_miss_and_no_right_one_is(articles: list[tuple[list[Any], list[Any]]]) -> None:
    pairs = [pair(gold(*owed), reading_of(read), f"p{n}") for n, (owed, read) in enumerate(articles)]
    report = evaluate(pairs)
    (full,) = (row.count for row in report.fields if row.name == "events.full")
    errors = sum(len(own) for _, own in report.misses)
    # One that differs in its parties or day is one line, though it costs precision and recall both.
    assert max(full.owed, full.counted) - full.hit <= errors
    assert (errors == 0) == (full.owed == full.hit == full.counted)


def test_what_is_read_is_held_against_its_own_sentence() -> None:
    elsewhere = event(ACCUSED, 1) | {"evidence": event(REJECTED, 1)["evidence"]}
    assert score(gold(ACCUSED), reading(elsewhere)).fields["events.type"] == Count(0, 1, 1)


def test_each_field_asks_for_its_own_part() -> None:
    owed = ACCUSED | {"claimed_by": "RUS"}
    wrong = event(owed, 1, auxiliary="future", claimed_by=None, when={"start": "2022-02-17", "end": "2022-02-17"})
    fields = score(gold(owed), reading(wrong)).fields
    assert {name: fields[name].hit for name in fields} == {
        "events.type": 1, "events.parties": 1, "events.auxiliary": 0, "events.when": 0, "events.claimed_by": 0,
        "events.full": 0,
    }  # fmt: skip


def test_optional_gold_is_neither_owed_nor_an_error() -> None:
    of = gold(ACCUSED, REJECTED | {"optional": True})
    for read in (reading(event(ACCUSED, 1)), reading(event(ACCUSED, 1), event(REJECTED, 2))):
        found = score(of, read).fields["events.full"]
        assert (found.owed, found.counted, found.f1) == (1, 1, 1.0)


def test_a_symmetric_act_may_be_told_from_either_side() -> None:
    swapped = event(MET, 1) | {"actor": [{"text": "x", "party": "RUS"}], "recipient": [{"text": "y", "party": "USA"}]}
    assert score(gold(MET), reading(swapped)).fields["events.full"].f1 == 1.0
    assert score(gold(MET | {"symmetric": False}), reading(swapped)).fields["events.parties"].f1 == 0.0


def test_an_act_of_several_types_counts_as_what_it_was_read_as() -> None:
    either = ACCUSED | {"type": ["THREATEN", "ACCUSE"]}
    types = score(gold(either), reading(event(ACCUSED, 1))).types
    assert types == {"ACCUSE": Count(1, 1, 1)}
    assert score(gold(either), reading()).types == {"THREATEN": Count(0, 1)}


def test_a_section_without_gold_is_not_scored() -> None:
    assert "statements" not in score(gold(ACCUSED), reading()).fields
    assert score(gold(ACCUSED, statements=[]), reading()).fields["statements"].f1 == 1.0


def test_all_sections_of_a_right_reading() -> None:
    of = gold(
        ACCUSED,
        PROMISED,
        MET,
        statements=[{"quote": "Russia accused Ukraine", "speaker": "rus", "direct": False}],
        commitments=[
            {"quote": "France promised Ukraine", "kind": "promise", "by": ["FRA"], "to": ["UKR"],
             "condition": "they fire", "due": ["2022-05-01", "2022-05-31"]}
        ],
        meetings=[
            {"quote": "Blinken met Lavrov", "status": ["held"], "participants": ["USA", "RUS"], "start": "2022-01-21",
             "country": "CHE", "minutes": 90}
        ],
        published=["2022-02-18"],
        site="The Wire",
        related=["Bond markets: calm"],
        dropped=["Subscribe now"],
        repairs=[{"was": "Blinkn", "now": "Blinken", "kind": "name"}],
        forbidden=[{"quote": "Russia accused Ukraine", "type": ["ASSAULT"], "auxiliary": [None]}],
    )  # fmt: skip
    both = [{"text": "x", "party": "USA"}, {"text": "y", "party": "RUS"}]
    article = {
        "id": "x", "language": "en", "text": reading().article.text, "published": "2022-02-18", "site": "the wire",
        "related": [{"title": "Bond markets – calm"}],
        "repairs": [{"start": 0, "end": 1, "was": "Blinkn", "now": "Blinken", "kind": "name", "reason": "elsewhere"}],
    }  # fmt: skip
    read = reading(
        event(ACCUSED, 1), event(PROMISED, 2), event(MET, 3),
        article=article,
        statements=[{"speaker": both[1], "direct": False, "text": "shelling", "start": 26, "end": 34}],
        commitments=[{"kind": "promise", "by": [{"text": "x", "party": "FRA"}], "what": "guns", "event": "e2",
                      "condition": "if they fire", "due": {"start": "2022-05-01", "end": "2022-05-31"}}],
        meetings=[{"participants": both, "status": "held", "event": "e3", "minutes": 90,
                   "when": {"start": "2022-01-21", "end": "2022-01-25"},
                   "where": {"text": "Geneva", "country": "CHE"}}],
    )  # fmt: skip
    scores = score(of, read)
    assert tuple(name for name in FIELDS if name in scores.fields) == FIELDS
    assert {name: found.f1 for name, found in scores.fields.items()} == dict.fromkeys(FIELDS, 1.0)
    assert (scores.traps, scores.coded) == (1, 0)
    assert misses(of, read) == ()
    nothing = score(of, reading(text="Nothing. Subscribe now"))
    assert {name for name, found in nothing.fields.items() if found.hit} == set()


def test_a_coded_trap_is_counted_and_told_with_its_reason() -> None:
    of = gold(forbidden=[{"quote": "Russia accused Ukraine", "type": ["ACCUSE"], "auxiliary": [None], "why": "a joke"}])
    read = reading(event(ACCUSED, 1))
    assert score(of, read).coded == 1
    (miss,) = misses(of, read)
    assert "a trap: a joke" in miss.says


def test_a_miss_says_what_differs_in_the_pages_words() -> None:
    of = gold(ACCUSED, REJECTED)
    read = reading(event(ACCUSED, 1, recipient=[{"text": "x", "party": "POL"}], auxiliary="future"))
    wrong, missed = misses(of, read)
    assert (wrong.sort, missed.sort) == ("wrong", "missed")
    assert "RUS → POL, owed RUS → UKR" in wrong.says
    assert "future, owed happened" in wrong.says
    assert "day" not in wrong.says
    assert wrong.words == "Russia accused Ukraine"
    assert missed.words == REJECTED["quote"]


def test_the_article_with_most_errors_is_the_first_and_the_number_is_kept() -> None:
    owed = gold(ACCUSED, REJECTED, MET)
    report = evaluate(
        [pair(owed, reading(event(ACCUSED, 1), event(REJECTED, 2)), "a"), pair(owed, reading(event(ACCUSED, 1)), "b")]
    )
    assert [len(own) for _, own in report.misses] == [2, 1]
    assert [len(own) for _, own in report.worst(2)] == [2]
    assert report.worst(0) == []


def test_kinds_are_told_apart() -> None:
    report = evaluate(
        [
            pair(gold(ACCUSED, kind="wire"), reading(event(ACCUSED, 1)), "a"),
            pair(gold(ACCUSED, kind="live"), reading(), "b"),
            pair(gold(ACCUSED), reading(), "c"),
        ]
    )
    assert {row.name: row.count.f1 for row in report.kinds} == {"(no kind)": 0.0, "live": 0.0, "wire": 1.0}


# -- intervals --------------------------------------------------------------------------------------------------------

COUNTS = st.builds(
    lambda hit, missed, wrong: Count(hit, hit + missed, hit + wrong),
    *(st.integers(0, 9) for _ in range(3)),
)


@given(st.lists(COUNTS, min_size=2, max_size=12))
def test_an_interval_is_an_interval_and_always_the_same(counts: list[Count]) -> None:
    found = of_f1(counts)
    assert of_f1(counts) == found
    if found is None:
        assert not any(c.owed or c.counted for c in counts)
        return
    assert 0 <= found[0] <= found[1] <= 1


def test_equal_articles_leave_no_doubt_and_unequal_ones_do() -> None:
    low, high = of_f1([Count(3, 4, 5)] * 9) or (0, 0)
    assert low == pytest.approx(high) == pytest.approx(Count(3, 4, 5).f1)
    mixed = [Count(5, 5, 5), Count(0, 5, 5)] * 10
    low, high = of_f1(mixed) or (0, 0)
    assert low < sum(mixed, Count()).f1 < high
    assert 0.2 < low < 0.35
    assert 0.65 < high < 0.8


def test_one_article_has_no_interval() -> None:
    assert of_f1([Count(1, 2, 3)]) is None
    assert of_share([(1, 2)]) is None
    assert of_share([(0, 2), (0, 3)]) == (0.0, 0.0)
