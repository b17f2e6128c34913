"""The draft's findings as the frozen nouns of the record."""

from datetime import date

from detente.model import Commitment, Entity, Event, Meeting, Place, Reading, Span, Statement, When
from detente.ontology.plover import cameo, quad, score
from detente.reading.draft import Act, Draft, Encounter, Said
from detente.reading.frames import clause_verb
from detente.reading.places import where

# Acts whose own day, told in the future, is the meeting's.
_FUTURE_TOLD = {
    "meet",
    "talk",
    "talks",
    "meeting",
    "visit",
    "summit",
    "negotiate",
    "host",
    "discuss",
    "travel",
    "speak",
}


def _entities(draft: Draft, act: Act) -> tuple[tuple[Entity, ...], tuple[Entity, ...]]:
    actors = tuple(draft.entity(m) for m in act.actors)
    recipients = tuple(draft.entity(m) for m in act.recipients)
    if act.symmetric:
        named = {e.party for e in actors}
        return actors + tuple(r for r in recipients if r.party not in named), ()
    return actors, recipients


def _day(published: date | None) -> When | None:
    return When(start=published, end=published, text=None, precision="day") if published else None


def _event(draft: Draft, act: Act) -> Event:
    actors, recipients = _entities(draft, act)
    sentence = act.trigger.sent
    begin = sentence.start_char
    text = draft.overlay.mended
    end = sentence.end_char
    while end > begin and text[end - 1].isspace():
        end -= 1
    start, stop = draft.overlay.source(begin, end)
    claimed = act.claimed_by
    return Event(
        id=act.id,
        type=act.type,
        mode=act.mode,
        context=act.context,
        actor=actors,
        recipient=recipients,
        auxiliary=act.auxiliary,
        claimed_by=draft.entity(claimed) if claimed is not None else None,
        when=act.when if act.when is not None else _day(draft.published),
        where=act.where,
        cameo=cameo(act.type, act.mode, act.context, act.auxiliary),
        score=score(act.type, act.mode),
        quad=quad(act.type),
        evidence=Span(start=start, end=stop, text=draft.article.text[start:stop]),
        confidence=act.confidence,
    )


def _statement(draft: Draft, said: Said) -> list[Statement]:
    start, end = draft.overlay.source(said.start, said.end)
    cue = ""
    if said.cue is not None:
        first, last = draft.overlay.source(said.cue.start_char, said.cue.end_char)
        cue = draft.article.text[first:last]
    when = draft.time_of(said.verb) if said.verb is not None else None
    return [
        Statement(
            speaker=draft.entity(speaker),
            addressee=tuple(draft.entity(a) for a in said.addressees),
            cue=cue,
            direct=said.direct,
            text=draft.article.text[start:end],
            start=start,
            end=end,
            when=when if when is not None else _day(draft.published),
        )
        for speaker in said.speakers or ()
    ]


def _meeting_day(draft: Draft, meeting: Encounter) -> When | None:
    """The day of a meeting: of one held the act's, of one to come a day ahead that its sentence names."""
    act = meeting.act
    if meeting.status == "held":
        return act.when if act.when is not None else _day(draft.published)
    sentence = act.trigger.sent
    ahead = [
        t.when
        for t in draft.times
        if sentence.start <= t.left < sentence.end and draft.published is not None and t.when.end >= draft.published
    ]
    ahead = [when for when in ahead if act.when is None or when.start != act.when.start or act.lemma in _FUTURE_TOLD]
    return ahead[0] if ahead else None


def _place(draft: Draft, act: Act) -> Place | None:
    return where(draft, act.trigger.i, clause_verb(act.trigger).i)


def assemble(draft: Draft) -> Reading:
    """The reading that the draft has come to."""
    article = draft.article.model_copy(update={"repairs": tuple(draft.repairs), "published": draft.published})
    if draft.unread is not None:
        return Reading(article=article, unread=draft.unread)
    for act in draft.acts:
        act.where = act.where or _place(draft, act)
    events = {act.id: _event(draft, act) for act in draft.acts}
    commitments = tuple(
        Commitment(
            kind=p.kind,
            by=events[p.act.id].actor,
            to=events[p.act.id].recipient,
            what=p.what,
            condition=p.condition,
            due=p.due,
            event=p.act.id,
        )
        for p in draft.pledges
    )
    meetings = tuple(
        Meeting(
            participants=(*events[m.act.id].actor, *events[m.act.id].recipient),
            status=m.status,
            medium=m.medium,
            level=m.level,
            when=_meeting_day(draft, m),
            where=m.act.where,
            minutes=m.minutes,
            event=m.act.id,
        )
        for m in draft.encounters
    )
    statements = tuple(s for said in draft.said for s in _statement(draft, said))
    return Reading(
        article=article,
        statements=statements,
        events=tuple(events.values()),
        commitments=commitments,
        meetings=meetings,
    )
