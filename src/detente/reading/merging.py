"""One event an act: a later mention of the same act in the article adds none; the fullest sentence is kept."""

from detente.reading.draft import Act, Draft

_VERBAL = {"ACCUSE", "REQUEST", "REJECT", "THREATEN", "SUPPORT", "AGREE", "CONCEDE"}
_CALENDAR = {
    "day",
    "week",
    "month",
    "year",
    "next",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
}
_SHARED = 2
"""Words of content that two tellings of one verbal act must share."""


def codes(act: Act) -> tuple[frozenset[str], frozenset[str]]:
    """Who acts and toward whom, as codes; all as actors where the act goes both ways."""
    actors = frozenset(m.party or m.name or f"?{m.sector}" for m in act.actors)
    recipients = frozenset(m.party or m.name or f"?{m.sector}" for m in act.recipients)
    return (actors | recipients, frozenset()) if act.symmetric or act.type == "CONSULT" else (actors, recipients)


def _persons(act: Act) -> frozenset[str]:
    return frozenset(m.name for m in (*act.actors, *act.recipients) if m.name)


def _content(act: Act) -> set[str]:
    return {t.lemma_.lower() for t in act.trigger.subtree if t.pos_ in {"NOUN", "VERB", "ADJ"} and not t.is_stop}


def _same_days(one: Act, other: Act) -> bool:
    if one.when is None or other.when is None:
        return True
    return one.when.start <= other.when.end and other.when.start <= one.when.end


def same(one: Act, other: Act) -> bool:
    """Whether two candidates of one article tell of one act."""
    if one.type != other.type or one.auxiliary != other.auxiliary:
        return False
    actors, recipients = codes(one)
    other_actors, other_recipients = codes(other)
    if actors != other_actors or not (recipients == other_recipients or (not recipients or not other_recipients)):
        return False
    if not _same_days(one, other):
        return False
    if one.type == "CONSULT" and one.auxiliary in {"hypothetical", "negation"} and _persons(one) != _persons(other):
        return False
    if one.type == "CONSULT":
        return not (one.mode and other.mode and one.mode != other.mode)
    if one.trigger.sent.start == other.trigger.sent.start:
        return one.lemma == other.lemma or one.type not in _VERBAL
    shared = len(_content(one) & _content(other))
    return shared >= _SHARED if one.type in _VERBAL else one.lemma == other.lemma or shared >= 1


def _fullness(act: Act) -> tuple[int, int, int]:
    return len(act.recipients) + len(act.actors), int(act.when is not None), len(act.trigger.sent)


def merging(draft: Draft) -> None:
    """Drop the candidates that are no events or that tell again what another tells."""
    kept: list[Act] = []
    for act in draft.acts:
        if act.dropped:
            continue
        twin = next((k for k in kept if same(k, act)), None)
        if twin is None:
            kept.append(act)
            continue
        fuller, other = (act, twin) if _fullness(act) > _fullness(twin) else (twin, act)
        fuller.when = fuller.when or other.when
        fuller.where = fuller.where or other.where
        fuller.recipients = fuller.recipients or other.recipients
        fuller.meeting = fuller.meeting or other.meeting
        kept[kept.index(twin)] = fuller
        draft.decide(
            "merging",
            other.trigger.idx,
            f"{other.trigger.text!r} tells again of {fuller.trigger.text!r} at {fuller.trigger.idx}",
        )
    draft.acts = sorted(kept, key=lambda a: a.trigger.i)
    for number, act in enumerate(draft.acts, 1):
        act.id = f"e{number}"
