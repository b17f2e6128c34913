"""Damaged input of each kind is read or refused, never more. More rounds: `python tests/intake/mutate.py`."""

import pytest

from tests.intake import mutate


@pytest.mark.parametrize("kind", sorted(mutate.KINDS))
def test_no_mutant_crashes_or_hangs(kind: str) -> None:
    assert mutate.failures([kind], rounds=80, seed=2022) == []


def test_a_reader_that_crashes_or_hangs_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def crashes(data: bytes) -> list[object]:
        raise RecursionError("too deep")

    monkeypatch.setitem(mutate.KINDS, "page", ([b"x"], crashes))
    (bad,) = mutate.failures(["page"], rounds=1, seed=1)
    assert bad.why == "RecursionError: too deep"
    monkeypatch.setattr(mutate, "SECONDS", -1.0)
    monkeypatch.setitem(mutate.KINDS, "page", ([b"x"], lambda data: []))
    assert len(mutate.failures(["page"], rounds=1, seed=1)) == 1
