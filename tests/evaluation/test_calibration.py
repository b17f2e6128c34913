"""Confidence against what is right, its diagram, and the readings that it is taken from."""

from xml.etree import ElementTree

import pytest

from detente.evaluation.calibration import calibration
from detente.evaluation.diagram import reliability
from detente.evaluation.readings import likely
from detente.intake import article_from_text
from detente.reading.pipeline import read, read_each
from tests.evaluation.making import ACCUSED, MET, PROMISED, REJECTED, event, gold, reading


def test_brier_error_and_bins() -> None:
    read = reading(
        event(ACCUSED, 1, confidence=0.9), event(REJECTED, 2, confidence=0.9), event(MET, 3, confidence=0.35),
    )  # fmt: skip
    found = calibration([(gold(ACCUSED, MET), read)])
    assert found.events == 3
    assert found.brier == pytest.approx((0.1**2 + 0.9**2 + 0.65**2) / 3)
    assert [(b.low, b.events, b.right) for b in found.bins] == [(0.3, 1, 1.0), (0.9, 2, 0.5)]
    assert found.error == pytest.approx((0.65 + 2 * 0.4) / 3)


def test_thresholds_trade_recall_for_precision() -> None:
    read = reading(event(ACCUSED, 1, confidence=0.9), event(MET, 2, confidence=0.5), event(REJECTED, 3, confidence=0.4))
    found = calibration([(gold(ACCUSED, MET), read)]).thresholds
    assert list(found) == [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert (found[0.4].precision, found[0.4].recall) == (pytest.approx(2 / 3), 1.0)
    assert (found[0.5].precision, found[0.5].recall) == (1.0, 1.0)
    assert (found[0.9].precision, found[0.9].recall) == (1.0, 0.5)


def test_certainty_falls_into_the_last_bin() -> None:
    (only,) = calibration([(gold(ACCUSED), reading(event(ACCUSED, 1, confidence=1.0)))]).bins
    assert (only.low, only.high) == (0.9, 1.0)


def test_events_that_share_an_id_are_judged_one_by_one() -> None:
    found = calibration([(gold(ACCUSED), reading(event(ACCUSED, 1), event(REJECTED, 1)))])
    assert found.bins[0].right == 0.5


def test_without_events_there_is_nothing_to_calibrate() -> None:
    found = calibration([(gold(ACCUSED), reading())])
    assert (found.events, found.brier, found.error, found.bins) == (0, None, None, ())
    assert "no events" in reliability(found)


def test_the_diagram_is_the_same_each_time_and_has_a_dot_a_bin() -> None:
    found = calibration([(gold(ACCUSED), reading(event(ACCUSED, 1), event(REJECTED, 2, confidence=0.3)))])
    svg = reliability(found)
    assert svg == reliability(found)
    tree = ElementTree.fromstring(svg)
    assert len([e for e in tree.iter() if e.tag.endswith("circle")]) == len(found.bins) == 2
    assert "href" not in svg


def test_what_rests_on_an_unlikely_event_goes_with_it() -> None:
    read = reading(
        event(PROMISED, 1, confidence=0.4), event(MET, 2, confidence=0.6),
        commitments=[{"kind": "promise", "by": [], "what": "guns", "event": "e1"}],
        meetings=[{"participants": [], "status": "held", "event": "e2"}, {"participants": [], "status": "held"}],
    )  # fmt: skip
    kept = likely(read, 0.5)
    assert [e.id for e in kept.events] == ["e2"]
    assert kept.commitments == ()
    assert len(kept.meetings) == 2
    assert likely(read, 0.4) == read


def test_one_parse_gives_the_readings_of_each_bound() -> None:
    text = (
        "Russia accused Ukraine of shelling on Friday and promised an answer. Lavrov told reporters he could not say "
        "whether the talks were on track. Kyiv denied it. Blinken met Lavrov in Geneva, and warned Russia of sanctions."
    )
    article = article_from_text(text)
    usual, whole = read_each(article, (0.5, 0.0))
    assert usual == read(article)
    assert whole == read(article, 0.0)
    assert len(whole.events) >= len(usual.events) > 0
