"""Copies are told from independent reports, alike whatever a copy's typography, and within bounds for hostile text."""

import json
import re
from pathlib import Path

import pytest
import rensa
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.intake.copies import FEWEST_ITEMS, MOST_ITEMS, Sketch, kinship, sketch
from detente.intake.copy_index import CopyIndex
from tests.intake.copies.derive import documents, lines
from tests.intake.copies.measure import measure

FLOORS = json.loads((Path(__file__).parent / "copies" / "floors.json").read_text("utf-8"))
REPORTS = [report["text"] for report in lines("reports")]
SENTENCES = [s for report in REPORTS for s in re.split(r"(?<=[.!?])\s+", report)]
BASE = REPORTS[0]
BAND_OF_BASE = 447101159

a_text = (
    st.lists(st.sampled_from(SENTENCES), max_size=25).map(" ".join) | st.text(max_size=300) | st.sampled_from(REPORTS)
)


def test_the_held_half_stays_above_its_floors() -> None:
    got = measure("held")
    assert got.precision >= FLOORS["precision"], got.wrong
    assert got.recall >= FLOORS["recall"], got.missed
    worded = [got.by_rule[rule] for rule in ("translated", "translated+cut", "translated+wrapped")]
    assert sum(hits for hits, _ in worded) >= FLOORS["recall"] * sum(pairs for _, pairs in worded)


def test_the_halves_share_no_event_and_no_wording() -> None:
    halves = {half: {d.event for d in documents(half)} for half in ("development", "held")}
    assert len(halves["development"]) == len(halves["held"]) == 10
    assert not halves["development"] & halves["held"]
    known = {(report["event"], report["voice"]): report["text"] for report in lines("reports")}
    assert all(t["text"] != known[t["event"], t["voice"]] for t in lines("translated"))


@settings(max_examples=50, deadline=None)
@given(a_text, a_text)
def test_kinship_is_the_same_both_ways(a: str, b: str) -> None:
    assert kinship(sketch(a), sketch(b)) == kinship(sketch(b), sketch(a))


@settings(max_examples=100, deadline=None)
@given(a_text)
def test_a_sketch_survives_packing_and_stays_small(text: str) -> None:
    one = sketch(text)
    packed = one.to_bytes()
    assert Sketch.from_bytes(packed) == one
    assert len(packed) < 1_800
    assert all(-(2**63) <= band < 2**63 for band in one.bands)


@given(st.binary(max_size=400))
def test_strange_bytes_are_no_sketch(data: bytes) -> None:
    with pytest.raises(ValueError, match="no sketch"):
        Sketch.from_bytes(data)
    with pytest.raises(ValueError, match="no sketch"):
        Sketch.from_bytes(sketch(BASE).to_bytes() + data + b"!")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=12),
    st.sampled_from(["\n", "\n\n", "  ", "\u00a0 ", "\t"]),
)
def test_case_white_space_and_quotes_do_not_count(sentences: list[str], space: str) -> None:
    plain = sketch(" ".join(sentences))
    odd = space.join(sentences).upper().replace('"', "“").replace("'", "’")
    assert sketch(odd) == plain
    assert sketch("  " + " ".join(sentences).replace('"', "'") + "\n") == plain


def test_a_text_is_its_own_exact_copy_under_any_headline() -> None:
    kin = kinship(sketch(BASE, "One headline"), sketch(BASE, "Another"))
    assert kin is not None
    assert (kin.kind, kin.score) == ("exact", 1.0)


def test_a_headline_repeated_above_the_text_is_no_part_of_it() -> None:
    assert sketch("Peace Is Signed\n\n" + BASE, "Peace is signed") == sketch(BASE)
    assert sketch("Peace is signed", "Peace is signed").words == 3


def test_a_sentence_alone_is_the_copy_of_no_other_report() -> None:
    sketches = [sketch(report) for report in REPORTS]
    for number, report in enumerate(REPORTS):
        alone = sketch(re.split(r"(?<=[.!?])\s", report)[0])
        assert {at for at, other in enumerate(sketches) if kinship(alone, other)} <= {number}


def test_a_short_text_has_exact_copies_alone() -> None:
    told = "Envoys of Chad and Sudan met in Doha on Monday to reopen their border."
    short = sketch(told)
    assert len(short.items) // 2 < FEWEST_ITEMS
    assert short.bands == (short.content,)
    assert kinship(short, sketch(told + " It snowed.")) is None
    index = CopyIndex()
    index.add("short", short)
    assert [kin.kind for _, kin in index.find(short)] == ["exact"]


@pytest.mark.parametrize("empty", ["", " \n\t", "…!?", '""'])
def test_texts_without_words_have_no_kin(empty: str) -> None:
    nothing = sketch(empty)
    assert nothing.bands == ()
    assert kinship(nothing, nothing) is None
    assert kinship(nothing, sketch(BASE)) is None
    index = CopyIndex()
    index.add("nothing", nothing)
    assert index.find(nothing) == []


def test_one_letter_more_is_a_copy_but_no_exact_one() -> None:
    kin = kinship(sketch(BASE), sketch(BASE + " Ends."))
    assert kin is not None
    assert kin.kind == "copy"


def test_a_report_is_found_within_a_text_five_times_its_length() -> None:
    whole = sketch("\n\n".join(REPORTS[8:13]))
    assert whole.level > 0
    found = [kinship(sketch(report), whole) for report in REPORTS]
    assert [kin is not None and kin.kind == "copy" for kin in found] == [8 <= at < 13 for at in range(len(REPORTS))]


@pytest.mark.parametrize(
    "hostile",
    [
        "ceasefire " * 300_000,
        "x" * 3_000_000,
        " ".join(f"w{n}" for n in range(400_000)),
        ". " * 1_500_000,
        "\"'" * 1_500_000,
        "\ufdfa" * 300_000,
        "\ud800 \udfff " * 5_000,
    ],
    ids=["one word", "no space", "all different", "stops", "quotes", "expanding", "surrogates"],
)
def test_hostile_texts_have_small_sketches(hostile: str) -> None:
    one = sketch(hostile, hostile[:5_000_000])
    assert len(one.to_bytes()) < 1_800
    assert len(one.items) // 2 <= MOST_ITEMS
    assert kinship(one, sketch(BASE)) is None


def test_the_index_gives_the_nearest_first_and_takes_a_key_once() -> None:
    index = CopyIndex()
    for number, report in enumerate(REPORTS):
        index.add(str(number), sketch(report))
    index.add("cut", sketch(BASE[: len(BASE) // 2]))
    assert len(index) == len(REPORTS) + 1
    assert [(key, kin.kind) for key, kin in index.find(sketch(BASE))] == [("0", "exact"), ("cut", "copy")]
    with pytest.raises(ValueError, match="'cut'"):
        index.add("cut", sketch(BASE))


def test_sketches_kept_on_disk_fit_the_installed_rensa() -> None:
    """rensa's digests change with its algorithm: should this fail, raise FORMAT, so that old sketches are made anew."""
    assert rensa.RMinHash.ALGORITHM_VERSION == 2
    assert sketch(BASE).bands[1] == BAND_OF_BASE
