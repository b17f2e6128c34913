"""A second look by the classifier: acts whose words the lexicon does not know.

Every clause that the lexicon has found no act in is shown to the classifier, alone and with its parties marked; what
it takes for an act with at least the odds `LEAST` becomes one. It is asked once a page, all clauses in one batch.
What a clause only speaks of (the content of a promise, of a demand, of something said that is judged by itself) is not
asked about.
"""

from spacy.tokens import Token

from detente.model import EventType
from detente.ontology.lexicon import rules, words
from detente.reading.classifier import Case, Judged, judge_clauses
from detente.reading.clauses import Clause, clauses
from detente.reading.draft import Act, Draft, Mention
from detente.reading.frames import complements, is_infinitive

LEAST = 0.4
"""Probability of its type from which an act without a rule is weighed; how likely it is, `confidence` says."""
SURE, SURER = 0.55, 0.6
"""Probability from which an act is taken of a word that the lexicon knows, though by none of its rules: with another
party, and without one."""
CLEAR = 0.05
"""Probability of no event up to which such a word tells an act without another party."""
TOLD = 0.5
"""Probability of no event up to which a pair tells an act, and no other pair of its clause is asked about."""
_Pair = tuple[tuple[Mention, ...], tuple[Mention, ...], Case]
_SYMMETRIC: frozenset[EventType] = frozenset({"CONSULT"})
_ANONYMOUS: frozenset[EventType] = frozenset({"ASSAULT", "COERCE", "SANCTION", "RETREAT"})
"""What counts though the text names no one who does it."""
_DONE = {
    "begin", "start", "continue", "resume", "go", "come", "have", "help", "proceed", "keep", "finish", "stop",
    "decide", "vote", "choose", "move", "manage", "rush", "decision", "step", "use",
}  # fmt: skip
"""Words whose complement is done or decided, not only spoken of."""


def _is_content(verb: Token) -> bool:
    """Whether a clause is what another verb agrees to, asks for or threatens, not an act told."""
    head = verb
    while head.dep_ == "conj" and head.head.pos_ == "VERB" and is_infinitive(head):
        head = head.head
    if head.dep_ in {"xcomp", "pcomp", "acl"} or (head.dep_ in {"ccomp", "advcl"} and is_infinitive(head)):
        if head.dep_ == "acl" and head.tag_ in {"VBN", "VBD"}:
            return False
        carrier = head.head.head if head.dep_ == "pcomp" else head.head
        return carrier.lemma_.lower() not in _DONE
    return False


def _only_says(verb: Token, told: set[int]) -> bool:
    """Whether a verb of saying leads to clauses that are judged by themselves."""
    if verb.lemma_.lower() not in words("say") | words("think"):
        return False
    return not complements(verb) or any(t.i in told for clause in complements(verb) for t in clause.subtree)


def _asked(draft: Draft, acts: list[Act]) -> list[Clause]:
    known = {act.trigger.i for act in acts} | {
        act.trigger.head.i for act in acts if act.trigger.dep_ in {"dobj", "attr", "nsubjpass", "acomp", "oprd"}
    }
    found = [clause for clause in clauses(draft, known) if not _is_content(clause.trigger)]
    told = known | {clause.trigger.i for clause in found}
    return [
        clause
        for clause in found
        if not _only_says(clause.trigger, told - {clause.trigger.i})
        # What is said may be a charge against another; where there is no other, nothing comes of it.
        and not (clause.trigger.lemma_.lower() in words("say") and len(clause.pairs) == 1)
    ]


def _known(trigger: Token) -> bool:
    """Whether the lexicon knows the word, though none of its rules holds: often a figure of speech ("shot a film")."""
    return (trigger.lemma_.lower(), "VERB" if trigger.pos_ == "AUX" else trigger.pos_) in rules()


def _silent(trigger: Token) -> bool:
    """Whether no more is refused than words: "declined to comment"."""
    speaking = words("say") | {"answer", "discuss", "speak"}
    return any(clause.lemma_.lower() in speaking for clause in complements(trigger))


def _again(kind: EventType, clause: Clause, sides: set[str | None], acts: list[Act]) -> bool:
    """Whether the sentence holds an act of that type between these parties already, told by other words."""
    sentence = clause.trigger.sent.start
    return any(
        act.type == kind
        and act.trigger.sent.start == sentence
        and (sides & {m.party for m in act.actors} or not any(m.party for m in act.actors))
        for act in acts
    )


def _judged(asked: list[Clause]) -> list[tuple[Clause, _Pair, Judged]]:
    """Each clause with the pair that tells an act, and what the classifier says of that.

    Pairs stand in the order of their likelihood by the syntax, that without another party last. The first that is
    likely to tell an act is taken, else the one that is least unlikely to.
    """
    first = judge_clauses([clause.pairs[0][2] for clause in asked])
    others = [clause.pairs[1:] if said.odds[None] > TOLD else () for clause, said in zip(asked, first, strict=True)]
    rest = iter(judge_clauses([case for pairs in others for _, _, case in pairs]))
    found = []
    for clause, said, pairs in zip(asked, first, others, strict=True):
        every = [(clause.pairs[0], said), *((pair, next(rest)) for pair in pairs)]
        telling = (answer for answer in every if answer[1].odds[None] <= TOLD)
        pair, best = next(telling, None) or min(every, key=lambda answer: answer[1].odds[None])
        found.append((clause, pair, best))
    return found


def unlisted(draft: Draft, acts: list[Act]) -> list[Act]:
    """The acts of the lexicon, and beside them those that only the classifier knows."""
    found: list[Act] = []
    for clause, (actors, recipients, _), (odds, answer) in _judged(_asked(draft, acts)):
        kind = answer.type
        sides: set[str | None] = {m.party for m in (*actors, *recipients) if m.party}
        if odds[kind] < LEAST or not sides or _again(kind, clause, sides, [*acts, *found]):
            continue
        if not actors and kind not in _ANONYMOUS:
            continue
        toward = any(m.party for m in (*recipients, *actors[1:]))
        doubtful = odds[kind] < SURE if toward else odds[kind] < SURER or odds[None] > CLEAR
        if _known(clause.trigger) and (doubtful or _silent(clause.trigger)):
            continue
        if kind != "ACCUSE" and clause.trigger.lemma_.lower() in words("say"):
            # What is said of another may be a charge; every other act is told by its own verb.
            continue
        both = kind in _SYMMETRIC
        if both:
            if len({(m.party, m.sector) for m in (*actors, *recipients) if m.party}) < 2:
                continue
            actors, recipients = (*actors, *recipients), ()
        mode, context = tuple(answer.mode), tuple(answer.context)
        found.append(Act(clause.trigger, "unlisted", kind, mode, context, actors, recipients, both, sure=odds[kind]))
    return sorted([*acts, *found], key=lambda act: act.trigger.i)
