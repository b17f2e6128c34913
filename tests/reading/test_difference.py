"""Which events a second reading adds, drops or tells otherwise."""

from typing import Any

from detente.model import Article, Entity, Event, Reading, Span
from detente.reading.difference import reading_difference

TEXT = "Chad signed a pact with Sudan. Libya warned Chad. Qatar will host talks of the two."
MENDED = "Chad has signed a pact with Sudan. Egypt warned Chad. Qatar will host talks of the two."


def event(text: str, evidence: str, type: str, actor: str, recipient: str, auxiliary: str | None = None) -> Event:
    start = text.index(evidence)
    fields: dict[str, Any] = {"type": type, "auxiliary": auxiliary}
    return Event(
        id=f"{start}{type}{auxiliary}",
        actor=(Entity(text=actor, party=actor),),
        recipient=(Entity(text=recipient, party=recipient),),
        score=0.0,
        quad="verbal cooperation",
        evidence=Span(start=start, end=start + len(evidence), text=evidence),
        confidence=0.9,
        **fields,
    )


def reading(text: str, *events: Event) -> Reading:
    return Reading(article=Article(id="a", language="en", text=text), events=events)


PACT = event(TEXT, "Chad signed a pact with Sudan.", "AGREE", "TCD", "SDN")
WARNING = event(TEXT, "Libya warned Chad.", "THREATEN", "LBY", "TCD")
TALKS = event(TEXT, "Qatar will host talks of the two.", "CONSULT", "QAT", "TCD", "future")


def test_the_same_events_elsewhere_in_the_text_do_not_differ() -> None:
    moved = event(MENDED, "Chad has signed a pact with Sudan.", "AGREE", "TCD", "SDN")
    found = reading_difference(reading(TEXT, PACT, TALKS), reading(MENDED, TALKS, moved))
    assert (found.added, found.gone, found.changed) == ((), (), ())


def test_added_and_gone() -> None:
    found = reading_difference(reading(TEXT, PACT, WARNING), reading(TEXT, PACT, TALKS))
    assert (found.added, found.gone, found.changed) == ((TALKS,), (WARNING,), ())


def test_an_event_that_has_happened_since_changed_its_auxiliary() -> None:
    held = TALKS.model_copy(update={"auxiliary": None})
    (change,) = reading_difference(reading(TEXT, TALKS), reading(TEXT, held)).changed
    assert (change.old, change.new, change.aspects) == (TALKS, held, ("auxiliary",))


def test_another_type_or_party_of_like_evidence_is_a_change() -> None:
    other = event(MENDED, "Egypt warned Chad.", "THREATEN", "EGY", "TCD")
    support = event(MENDED, "Chad has signed a pact with Sudan.", "SUPPORT", "TCD", "SDN")
    found = reading_difference(reading(TEXT, PACT, WARNING), reading(MENDED, other, support))
    assert [(c.old, c.new, c.aspects) for c in found.changed] == [
        (PACT, support, ("type",)),
        (WARNING, other, ("parties",)),
    ]
    assert (found.added, found.gone) == ((), ())


def test_evidence_is_read_from_the_texts_where_a_stored_event_has_none() -> None:
    old = Reading.model_validate_json(reading(TEXT, PACT).to_json())
    assert old.events[0].evidence.text == ""
    other = event(TEXT, "Qatar will host talks of the two.", "SUPPORT", "TCD", "SDN")
    found = reading_difference(old, reading(TEXT, other))
    assert (found.changed, len(found.added), len(found.gone)) == ((), 1, 1)


def test_an_event_told_twice_is_not_one_told_once() -> None:
    found = reading_difference(reading(TEXT, PACT, PACT), reading(TEXT, PACT))
    assert (found.added, found.gone, found.changed) == ((), (PACT,), ())


def test_many_events_are_bounded() -> None:
    many = [PACT.model_copy(update={"type": t}) for t in ("AGREE", "AID") for _ in range(200)]
    others = [WARNING.model_copy(update={"type": t}) for t in ("ACCUSE", "REJECT") for _ in range(200)]
    found = reading_difference(reading(TEXT, *many), reading(TEXT, *others))
    assert (len(found.added), len(found.gone), found.changed) == (400, 400, ())
