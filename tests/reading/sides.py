"""What the tests of single sentences look at."""

from detente.model import Event
from detente.reader import Reader

READER = Reader()


def events(text: str) -> tuple[Event, ...]:
    """The events that are read from a text of 14 March 2012."""
    return READER.read_text(text, published="2012-03-14").events


def sides(text: str) -> list[tuple[str, list[str | None], list[str | None]]]:
    """Type, actors' parties and recipients' parties of each."""
    return [(e.type, [a.party for a in e.actor], [r.party for r in e.recipient]) for e in events(text)]
