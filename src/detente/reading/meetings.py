"""Meetings: held, planned, possible or ruled out.

Between whom, at what level, by what medium, where, when and how long.
"""

import re

from detente.model import Level, Medium, MeetingStatus
from detente.ontology.lexicon import words
from detente.ontology.sectors import titles
from detente.reading.draft import Act, Draft, Encounter, Mention

_MINUTES = re.compile(
    r"\b(?P<number>\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|half an"
    r"|(?P<more>two|three|four|five|six)-and-a-half)"
    r"[\s-]+(?P<unit>minutes?|mins?|hours?|days?)\b(?P<half> and a half)?",
    re.IGNORECASE,
)
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "half an": 0.5,
}
_PHONE = re.compile(r"\b(?:phone|telephon\w*|call(?:ed)?)\b", re.IGNORECASE)
_VIDEO = re.compile(r"\b(?:video\w*|virtual(?:ly)?|online|teleconferenc\w*)\b", re.IGNORECASE)
_WRITING = re.compile(r"\b(?:letters?|in writing|written)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:in person|face[- ]to[- ]face|in-person)\b", re.IGNORECASE)
_RANK: dict[Level, int] = {"leader": 0, "minister": 1, "official": 2}


def level(mentions: tuple[Mention, ...]) -> Level | None:
    """The level of a meeting: that of the highest person of the lower-ranking side, where persons are named."""
    by_party: dict[str | None, Level] = {}
    for mention in mentions:
        if mention.role is None:
            continue
        for title in titles(mention.role)[-1:]:
            known = by_party.get(mention.party)
            if known is None or _RANK[title.level] < _RANK[known]:
                by_party[mention.party] = title.level
    ranked: list[Level] = sorted(by_party.values(), key=lambda item: _RANK[item])
    return ranked[-1] if ranked else None


def _medium(sentence: str, act: Act) -> Medium | None:
    if "phone" in act.mode or (
        _PHONE.search(sentence)
        and act.lemma in {"speak", "talk", "call", "phone", "telephone", "conversation", "discuss"}
    ):
        return "phone"
    if _VIDEO.search(sentence):
        return "video"
    if _PERSON.search(sentence) or act.lemma in {"meet", "visit", "host", "receive", "meeting", "summit"}:
        return "in person"
    if _WRITING.search(sentence) and act.lemma in {"discuss", "consult"}:
        return "writing"
    return None


def minutes(sentence: str) -> float | None:
    """How long a meeting took, in minutes, where the sentence says it."""
    for found in _MINUTES.finditer(sentence):
        number = found["number"].lower()
        unit = found["unit"].lower()
        if found["more"]:
            amount = _NUMBERS[found["more"].lower()] + 0.5
        elif number in _NUMBERS:
            amount = _NUMBERS[number] + (0.5 if found["half"] else 0)
        elif number.replace(".", "").isdigit():
            amount = float(number)
        else:
            continue
        if unit.startswith("day"):
            continue
        return amount * (60 if unit.startswith("hour") else 1)
    return None


def _status(act: Act) -> MeetingStatus | None:
    if act.type == "CONSULT":
        match act.auxiliary:
            case None | "historical":
                return "held"
            case "hypothetical":
                return "possible"
            case "future":
                return "planned"
            case "negation":
                return None
    if act.type == "AGREE":
        return "planned"
    if act.type == "REJECT":
        return "possible" if act.auxiliary == "negation" else "ruled out"
    return None


def _about_meeting(act: Act) -> bool:
    if act.type == "CONSULT" or act.meeting:
        return True
    if act.type not in {"AGREE", "REJECT"}:
        return False
    near = [t.lemma_.lower() for t in act.trigger.subtree if t.i > act.trigger.i and t.i - act.trigger.i < 12]
    nouns = {"meeting", "talk", "talks", "summit", "negotiation", "visit", "meet", "dialogue", "consultation"}
    return bool(nouns & set(near[:8])) and (act.lemma in words("meeting_verb") or "meet" in act.mode)


def meetings(draft: Draft) -> None:
    """Find the meetings that acts tell of: fills `draft.encounters`."""
    for act in draft.acts:
        if act.dropped or act.lemma == "unlisted" or not _about_meeting(act):
            continue
        status = _status(act)
        named = {m.party for m in (*act.actors, *act.recipients) if m.party}
        alone = len(named) == 1 and any(m.sector == "IGO" and not m.person for m in act.actors)
        if status is None or (len(named) < 2 and not alone):
            # An organisation's own session is a meeting of its members; a state does not meet itself.
            continue
        sentence = act.trigger.sent.text
        encounter = Encounter(
            act,
            status,
            _medium(sentence, act),
            level((*act.actors, *act.recipients)),
            minutes(sentence) if status == "held" else None,
        )
        draft.encounters.append(encounter)
        draft.decide("meetings", act.trigger.idx, f"a meeting {status}, {encounter.level or 'level unknown'}")
