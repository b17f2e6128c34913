"""Statuses → the live table of `detente watch`, or one line a source where the output is no terminal."""

from datetime import datetime

from rich.table import Table
from rich.text import Text

from detente.watching.status import Health, Status

_STYLE: dict[Health, str] = {
    "new": "dim",
    "well": "green",
    "silent": "yellow",
    "changed": "yellow",
    "failing": "yellow",
    "sick": "red",
}


def table(statuses: tuple[Status, ...], now: datetime) -> Table:
    """A line a source: how it fares, when it was last looked at, new pages, copies, failures, and the last fault."""
    found = Table(box=None, pad_edge=False)
    found.add_column("source", no_wrap=True, max_width=32)
    found.add_column("is")
    found.add_column("looked at", no_wrap=True)
    for name in ("new", "copies", "not read", "failed", "waiting"):
        found.add_column(name, justify="right")
    found.add_column("last fault", no_wrap=True, overflow="ellipsis")
    for status in statuses:
        fare = status.health(now)
        numbers = (status.new, status.copies, status.unread, status.failures, status.waiting)
        found.add_row(
            # What comes from outside is never markup.
            Text(status.source.name),
            Text(fare, style=_STYLE[fare]),
            ago(status.last_polled, now),
            *(str(number) if number else "" for number in numbers),
            Text(status.fault),
        )
    return found


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago a moment was, in one unit: `40 s`, `3 min`, `5 h`, `2 d`; `never` for none."""
    if moment is None:
        return "never"
    seconds = max(0, round((now - moment).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def line(status: Status, now: datetime) -> str:
    """One source in one line, for logs."""
    said = f"{status.source.name}: {status.health(now)}, new {status.new}, copies {status.copies}"
    said += f", not read {status.unread}, failed {status.failures}"
    return f"{said}, {status.fault}" if status.fault else said


class Log:
    """Lines for a log: of each source those in which something has changed since it was last told."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}

    def lines(self, statuses: tuple[Status, ...], now: datetime) -> list[str]:
        """The lines that are new."""
        found = []
        for status in statuses:
            said = line(status, now)
            if self._told.get(status.source.name) != said:
                self._told[status.source.name] = said
                found.append(said)
        return found
