"""Two readings of one sentence laid beside each other, and what becomes of the acts.

- Both give an act the same type, parties and auxiliary: the built-in act stays as it is, its confidence too.
- Both see an act and differ, or the second reader alone sees one: its act is taken. Its confidence is what the fitted
  model gives an act that only a classifier vouches for, as nothing is known of how good this second reader is.
- The built-in reader alone sees an act: it goes where the second reader's answer for the sentence was whole, that is
  gave some event and no fault; otherwise it stays, so that no empty or spoilt answer takes anything out of a record.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from spacy.tokens import Token

from detente.reading.coder.checking import Checked
from detente.reading.coder.report import NONE
from detente.reading.confidence import below, probability
from detente.reading.draft import Act, Draft
from detente.reading.frames import clause_verb
from detente.reading.merging import codes
from detente.reading.times import tense

UNSEEN = "not seen by the second reader"
OTHERWISE = "read otherwise by the second reader"


@dataclass(slots=True)
class Agreement:
    """How the readings of one or more sentences compare: acts alike, acts of one type, and pairs of types that differ.

    `taken` are the second reader's acts that become the draft's.
    """

    same: int = 0
    same_type: int = 0
    differences: Counter[str] = field(default_factory=Counter)
    taken: list[Act] = field(default_factory=list)


def _trigger(event: Checked) -> Token:
    """The word that tells the act: the evidence's own head, or the first verb where that is none."""
    root: Token = event.evidence.root
    if root.pos_ in {"VERB", "NOUN"}:
        return root
    return next((t for t in event.evidence if t.pos_ == "VERB"), root)


def act_of(event: Checked, trigger: Token) -> Act:
    """The second reader's event as a candidate act at `trigger`, told by a classifier rather than by the lexicon."""
    coded = event.coded
    both = coded.type == "CONSULT"
    return Act(
        trigger, "unlisted", coded.type, coded.mode, coded.context, event.actors, event.recipients, both,
        auxiliary=coded.auxiliary, status=coded.auxiliary or "fact", second=True,
    )  # fmt: skip


def _same_parties(act: Act, event: Checked) -> bool:
    actors, recipients = codes(act)
    others, toward = codes(act_of(event, act.trigger))
    # Between equals it is no difference on which side a party was put.
    both = act.symmetric or act.type == "CONSULT" or event.coded.type == "CONSULT"
    return actors | recipients == others | toward if both else (actors, recipients) == (others, toward)


def _pairs(
    acts: Iterable[Act], events: Iterable[Checked]
) -> tuple[list[tuple[Act, Checked]], list[Act], list[Checked]]:
    """Acts and events that tell of one act, each once, the closest first; and those left over on either side."""
    ours, theirs = list(acts), list(events)
    pairs: list[tuple[Act, Checked]] = []

    def told(act: Act, event: Checked) -> bool:
        return event.evidence.start <= act.trigger.i < event.evidence.end

    def type_(act: Act, event: Checked) -> bool:
        return act.type == event.coded.type

    likeness: tuple[tuple[Callable[[Act, Checked], bool], ...], ...] = (
        (told, type_, _same_parties),
        (type_, _same_parties),
        (told, type_),
        (type_,),
        (told, _same_parties),
        (told,),
    )
    for tests in likeness:
        for event in list(theirs):
            act = next((a for a in ours if all(test(a, event) for test in tests)), None)
            if act is not None:
                pairs.append((act, event))
                ours.remove(act)
                theirs.remove(event)
    return pairs, ours, theirs


def compare(draft: Draft, acts: tuple[Act, ...], events: Iterable[Checked], *, whole: bool) -> Agreement:
    """Lay the readings of one sentence beside each other, and drop the built-in acts that do not stay.

    `whole` says that the answer held no fault.
    """
    result = Agreement()
    distinct = {(e.coded.type, codes(act_of(e, e.evidence.root)), e.coded.auxiliary): e for e in events}
    pairs, alone, added = _pairs(acts, distinct.values())
    for act, event in pairs:
        if act.type != event.coded.type:
            result.differences[f"{act.type}/{event.coded.type}"] += 1
        else:
            result.same_type += 1
            if act.auxiliary == event.coded.auxiliary and _same_parties(act, event):
                result.same += 1
                continue
        act.dropped = OTHERWISE
        result.taken.append(_otherwise(act, event))
    for event in added:
        result.differences[f"{NONE}/{event.coded.type}"] += 1
        result.taken.append(_alone(draft, event))
    for act in alone:
        result.differences[f"{act.type}/{NONE}"] += 1
        if whole and distinct:
            act.dropped = UNSEEN
    for act in result.taken:
        act.confidence = probability(act)
        act.dropped = below(act, draft.least)
    return result


def _otherwise(act: Act, event: Checked) -> Act:
    """The second reader's event in the place of an act that the built-in reader saw, at its word and on its day."""
    coded = event.coded
    new = act_of(event, act.trigger)
    kept = act.lemma if act.type == coded.type else new.lemma
    return replace(
        new, lemma=kept, claimed_by=act.claimed_by, when=act.when, said_by=act.said_by,
        meeting=act.meeting and act.type == coded.type,
    )  # fmt: skip


def _alone(draft: Draft, event: Checked) -> Act:
    """An act that only the second reader sees; its day is that of its clause, as for any act."""
    act = act_of(event, _trigger(event))
    when = draft.time_of(act.trigger)
    ahead = when is not None and draft.published is not None and when.start > draft.published
    # A past tense tells of no day to come: the day belongs to another clause.
    act.when = None if ahead and tense(clause_verb(act.trigger)) == "past" else when
    return act
