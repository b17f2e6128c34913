"""A record → the pages whose content changed: what was added, went and changed in their words and in their events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from detente.intake.revisions import Revision, difference
from detente.model import Article, Event
from detente.reading.difference import ReadingDifference, reading_difference
from detente.record.store import Record


@dataclass(frozen=True, slots=True)
class Revised:
    """One page as it was and as it became. `at` is when the new content was first seen.

    `events` is None where one of the two was not read. Offsets of `text` are into `old.text` and `new.text`.
    """

    source: str
    at: datetime
    old: Article
    new: Article
    text: Revision
    events: ReadingDifference | None

    def to_dict(self) -> dict[str, Any]:
        """For JSON: the words of each change, and the events by type, parties and auxiliary."""
        events = self.events
        return {
            "source": self.source,
            "url": self.new.url,
            "at": self.at.isoformat(),
            "title": self.new.title,
            "called": self.text.kind,
            "text": [
                {
                    "change": change.kind,
                    "old": self.old.text[slice(*change.old)] if change.old else None,
                    "new": self.new.text[slice(*change.new)] if change.new else None,
                }
                for change in self.text.changes
            ],
            "events": _events(events, self.old.text, self.new.text) if events is not None else None,
        }


def revised(record: Record) -> Iterator[Revised]:
    """Each change of a page's words, in the order in which the new contents came.

    Pages whose bytes differ and whose words do not (a new advertisement) are left out.
    """
    for number, before in record.revisions():
        source, at = record.seen_first(number)
        old, new = record.article_of(before), record.article_of(number)
        if old is None or new is None or (old.text == new.text and old.title == new.title):
            continue
        was, now = record.reading_of(before), record.reading_of(number)
        text = difference(old.text, new.text, old_title=old.title or "", new_title=new.title or "")
        events = reading_difference(was, now) if was is not None and now is not None else None
        yield Revised(source, at, old, new, text, events)


def _events(found: ReadingDifference, old: str, new: str) -> dict[str, Any]:
    return {
        "added": [_event(event, new) for event in found.added],
        "gone": [_event(event, old) for event in found.gone],
        "changed": [
            {"old": _event(change.old, old), "new": _event(change.new, new), "in": list(change.aspects)}
            for change in found.changed
        ],
    }


def _event(event: Event, text: str) -> dict[str, Any]:
    return {
        "type": event.type,
        "actor": [entity.party or entity.text for entity in event.actor],
        "recipient": [entity.party or entity.text for entity in event.recipient],
        "auxiliary": event.auxiliary,
        "evidence": text[event.evidence.start : event.evidence.end],
    }
