"""Of copies, the original is the earliest; the agency is the one credited; both come with who says so."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations

import pytest

from detente.intake.originals import Copy, Source, source_of

NOON = datetime(2023, 3, 10, 12, tzinfo=UTC)


def test_the_earliest_time_and_the_agency_credited() -> None:
    group = [
        Copy("valley", NOON + timedelta(hours=3), ("AFP",), 300),
        Copy("harbour", NOON, (), 120),
        Copy("coast", date(2023, 3, 10), ("AFP", "Reuters"), 310),
        Copy("inland", None, ("AP",), 400),
    ]
    told = Source("harbour", NOON, ("harbour",), "AFP", ("valley", "coast"), ("inland",))
    assert {source_of(list(order)) for order in permutations(group)} == {told}


def test_times_are_compared_across_zones_and_a_day_comes_after_its_hours() -> None:
    east = Copy("east", datetime(2023, 3, 10, 15, tzinfo=timezone(timedelta(hours=5))))
    assert source_of([Copy("noon", NOON), east]).original == "east"
    assert source_of([Copy("day", date(2023, 3, 10)), Copy("noon", NOON)]).original == "noon"
    assert source_of([Copy("day before", date(2023, 3, 9)), Copy("noon", NOON)]).original == "day before"


def test_of_one_time_the_one_with_the_credit_then_the_longest() -> None:
    group = [Copy("long", NOON, (), 500), Copy("credited", NOON, ("AP",), 200), Copy("short", NOON, ("AP",), 90)]
    found = source_of(group)
    assert found.original == "credited"
    assert found.at_by == ("credited", "long", "short")


def test_agencies_credited_as_often_are_settled_by_time() -> None:
    group = [Copy("a", NOON, ("AP",)), Copy("b", NOON - timedelta(hours=1), ("AFP",))]
    found = source_of(group)
    assert (found.agency, found.agency_by, found.denied_by) == ("AFP", ("b",), ("a",))


def test_nothing_known_is_null() -> None:
    assert source_of([]) == source_of([Copy("a"), Copy("b")]) == Source()


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        source_of([Copy("a", datetime(2023, 3, 10, 12))])
