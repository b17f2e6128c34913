"""What is told of each source while it is watched: how it fares, in numbers and in words."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from detente.intake.source_list import Source

Health = Literal["new", "well", "silent", "changed", "failing", "sick"]
"""Not yet looked at; answering; nothing new for long; no longer what it was; failed once or twice; failing."""
Told = Literal["new", "copy", "unread", "known", "failed"]
"""What a page counts as."""
_SICK = 3
"""Failures in a row from which a source is sick: one or two are the web's usual weather."""
_QUIET = timedelta(days=7)
_QUIET_INTERVALS = 50
"""A source is silent after a week, or after fifty of its intervals where that is longer, without anything new."""


@dataclass(frozen=True, slots=True)
class Status:
    """One source: when it was last looked at and last gave something new, and counts since watching began.

    `new` pages were added, `copies` are of pages that the record holds, `unread` ones were kept without being read,
    `failures` could not be fetched. `failing` counts looks that failed in a row, `fault` is the last of their reasons.
    `listed` is how many entries it named at the last look that told (None before), `most` how many ever.
    """

    source: Source
    since: datetime
    last_polled: datetime | None = None
    last_new: datetime | None = None
    new: int = 0
    copies: int = 0
    unread: int = 0
    failures: int = 0
    failing: int = 0
    fault: str = ""
    listed: int | None = None
    most: int = 0
    waiting: int = 0

    def counted(self, outcome: Told) -> "Status":
        """The status after one of its pages."""
        if outcome == "new":
            return replace(self, new=self.new + 1)
        if outcome == "copy":
            return replace(self, copies=self.copies + 1)
        if outcome == "unread":
            return replace(self, unread=self.unread + 1)
        return replace(self, failures=self.failures + 1) if outcome == "failed" else self

    def health(self, now: datetime) -> Health:
        """How the source fares."""
        if self.failing:
            return "sick" if self.failing >= _SICK else "failing"
        if self.last_polled is None:
            return "new"
        if self.listed == 0 and self.most:
            return "changed"
        quiet = max(_QUIET, timedelta(seconds=self.source.every) * _QUIET_INTERVALS)
        return "silent" if now - (self.last_new or self.since) > quiet else "well"


def report(statuses: tuple[Status, ...], now: datetime) -> tuple[str, ...]:
    """One line for each source that wants a person's eye: sick, changed, or silent. Empty where all is well."""
    lines = []
    for status in statuses:
        name, health = status.source.name, status.health(now)
        if health == "sick":
            lines.append(f"{name}: failed {status.failing} times in a row ({status.fault})")
        elif health == "changed":
            lines.append(f"{name}: named up to {status.most} entries and now none: has the site been rebuilt?")
        elif health == "silent":
            last = f"since {status.last_new:%Y-%m-%d}" if status.last_new else f"since {status.since:%Y-%m-%d}"
            lines.append(f"{name}: nothing new {last}: is it still in use?")
    return tuple(lines)
