"""Floors are raised, lowered only on request, and what falls below them is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import UsageError
from detente.evaluation.baseline import SLACK, dumps, fallen, load, raised

SHARES = st.integers(0, 1000).map(lambda n: n / 1000)
FIGURES = st.dictionaries(st.sampled_from(["events.type", "statements", "forbidden"]), SHARES)


@given(FIGURES, FIGURES)
def test_raising_never_lowers(reached: dict[str, float], floors: dict[str, float]) -> None:
    new = raised(reached, floors)
    assert set(new) == set(reached) | set(floors)
    for name, floor in floors.items():
        assert new[name] <= floor if name == "forbidden" else new[name] >= floor
    assert raised(reached, new) == new


@given(FIGURES, FIGURES)
def test_what_was_lowered_has_not_fallen(reached: dict[str, float], floors: dict[str, float]) -> None:
    assert {f.name for f in fallen(reached, raised(reached, floors, lower=True))} == set(floors) - set(reached)


def test_a_fall_within_the_slack_is_none() -> None:
    assert fallen({"events.type": 0.7 - SLACK, "forbidden": SLACK}, {"events.type": 0.7, "forbidden": 0.0}) == []
    falls = fallen({"events.type": 0.689, "forbidden": 0.011}, {"events.type": 0.7, "forbidden": 0.0})
    assert [f.name for f in falls] == ["events.type", "forbidden"]
    assert "0.689" in str(falls[0])
    assert "0.700" in str(falls[0])


def test_more_traps_coded_is_worse() -> None:
    assert fallen({"forbidden": 0.0}, {"forbidden": 0.5}) == []
    assert raised({"forbidden": 0.2}, {"forbidden": 0.1}) == {"forbidden": 0.1}


def test_a_pinned_figure_that_is_not_measured_has_fallen() -> None:
    (fall,) = fallen({}, {"repairs": 0.5})
    assert "not measured" in str(fall)


def test_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert load(path) == {}
    path.write_text(dumps({"events.type": 0.719}), encoding="utf-8")
    assert load(path) == {"events.type": 0.719}


@pytest.mark.parametrize("text", ["", "[", "[0.5]", '{"events.type": "high"}', '{"events.type": 2}', '{"a": true}'])
def test_a_file_that_holds_no_floors(text: str, tmp_path: Path) -> None:
    (tmp_path / "floors.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"floors\.json is no baseline"):
        load(tmp_path / "floors.json")
