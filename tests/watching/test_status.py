"""How sources fare, when they are due, and what monitors and people are told of it."""

import json
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import UsageError
from detente.intake.source_list import Source
from detente.watching.health import HealthServer, health, metrics
from detente.watching.schedule import LONGEST_REST, due
from detente.watching.show import Log, ago, table
from detente.watching.status import Status, report

NOW = datetime(2022, 1, 21, 12, tzinfo=UTC)
SOURCE = Source(name='The "Herald"', address="https://herald.example/rss", every=3600)
WELL = Status(SOURCE, since=NOW - timedelta(days=30), last_polled=NOW, last_new=NOW, listed=20, most=20, new=3)
SICK = replace(WELL, source=SOURCE.model_copy(update={"name": "Gone"}), failing=4, fault="no such host", failures=4)


@given(st.integers(60, 90 * 86_400), st.integers(0, 1_000))
def test_more_failures_never_bring_a_source_forward(every: int, failures: int) -> None:
    source = SOURCE.model_copy(update={"every": every})
    sooner, later = due(source, NOW, failures), due(source, NOW, failures + 1)
    assert NOW < sooner <= later <= NOW + max(LONGEST_REST, timedelta(seconds=every))


def test_what_was_never_looked_at_is_due() -> None:
    assert due(SOURCE, None, 0) < NOW


def test_how_sources_fare() -> None:
    assert WELL.health(NOW) == "well"
    assert replace(WELL, last_polled=None).health(NOW) == "new"
    assert replace(WELL, failing=2).health(NOW) == "failing"
    assert SICK.health(NOW) == "sick"
    assert replace(WELL, last_new=NOW - timedelta(days=8)).health(NOW) == "silent"
    assert replace(WELL, listed=0).health(NOW) == "changed"


def test_people_are_told_only_of_what_wants_their_eye() -> None:
    assert report((WELL,), NOW) == ()
    silent = replace(WELL, last_new=NOW - timedelta(days=8))
    lines = report((WELL, SICK, silent, replace(WELL, listed=0)), NOW)
    assert len(lines) == 3
    assert lines[0] == "Gone: failed 4 times in a row (no such host)"
    assert "2022-01-13" in lines[1]


def test_a_log_says_what_has_changed() -> None:
    log = Log()
    assert len(log.lines((WELL, SICK), NOW)) == 2
    assert log.lines((WELL, SICK), NOW) == []
    assert log.lines((replace(WELL, new=4), SICK), NOW) == ['The "Herald": well, new 4, copies 0, not read 0, failed 0']
    assert table((WELL, SICK), NOW).row_count == 2


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (119, "119 s"), (120, "2 min"), (86_400, "24 h"), (999_999, "11 d")]
)
def test_how_long_ago(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_monitors_are_told() -> None:
    assert health((WELL, SICK), NOW)["status"] == "well"
    assert health((WELL, SICK), NOW)["unwell"] == {"Gone": "sick"}
    assert health((), NOW)["status"] == "well"
    told = metrics((WELL, SICK)).splitlines()
    assert 'detente_new_total{source="The \\"Herald\\""} 3' in told
    assert 'detente_failing{source="Gone"} 4' in told


def test_the_port_answers() -> None:
    now = datetime.now(UTC)
    statuses = [replace(WELL, last_new=now, since=now)]
    with HealthServer(lambda: tuple(statuses), 0) as server:
        with urllib.request.urlopen(f"{server.address}/health", timeout=5) as answer:
            assert json.load(answer)["status"] == "well"
        with urllib.request.urlopen(f"{server.address}/metrics", timeout=5) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        statuses[:] = [SICK]
        with pytest.raises(urllib.error.HTTPError) as failed:
            urllib.request.urlopen(f"{server.address}/health", timeout=5)
        assert failed.value.code == 503
        with pytest.raises(UsageError, match="give another"):
            HealthServer(lambda: (), int(server.address.rsplit(":", 1)[1]))
