"""A second look by the classifier: acts whose words the lexicon does not know.

Both parties must stand in the sentence. Only sentences in which the lexicon has found no act are looked through, and
only what the classifier is sure of is taken; it is asked once a page, all sentences in one batch.
"""

from spacy.tokens import Token

from detente.model import EventType
from detente.ontology.lexicon import words
from detente.reading.classifier import Case, chances
from detente.reading.draft import Act, Draft, Mention
from detente.reading.frames import children, is_passive, objects, subjects

SURE = 0.9
"""Probability from which an act without a rule is taken."""
_SYMMETRIC: frozenset[EventType] = frozenset({"CONSULT"})


def _case(draft: Draft, trigger: Token, actor: Mention, recipient: Mention) -> Case | None:
    sentence = trigger.sent
    spans: list[tuple[int, int]] = []
    for mention in (actor, recipient):
        named = mention.kind != "pronoun"
        first = draft.parsed[mention.left if named else mention.head]
        last = draft.parsed[mention.right - 1 if named else mention.head]
        if not sentence.start <= first.i < sentence.end:
            return None
        spans.append((first.idx - sentence.start_char, last.idx + len(last) - sentence.start_char))
    return sentence.text, spans[0], spans[1]


def _other(draft: Draft, verb: Token, actor: Mention) -> Mention | None:
    """The other party of a verb's clause: its object first, then whoever is named within it."""
    near = [*objects(verb), *[n for c in children(verb, "prep", "dative", "agent") for n in children(c, "pobj")]]
    inside = [t for t in verb.subtree if t.i != verb.i]
    for token in [*near, *inside]:
        named = draft.mentions.get(token.i, ())
        modifier = draft.national(token)
        every: list[Mention] = [*named, *([modifier] if modifier is not None else [])]
        for mention in every:
            if mention.party and mention.party != actor.party and mention.kind != "place":
                return mention
    return None


def _candidates(draft: Draft, known: set[int]) -> list[tuple[Token, Mention, Mention]]:
    found: list[tuple[Token, Mention, Mention]] = []
    for token in draft.parsed:
        if token.pos_ != "VERB" or token.sent.start in known or token.lemma_.lower() in words("think"):
            continue
        actors = [m for m in draft.of(subjects(token)) if m.party]
        if not actors or (is_passive(token) and not subjects(token)):
            continue
        other = _other(draft, token, actors[0])
        if other is not None:
            found.append((token, actors[0], other))
    return found


def unlisted(draft: Draft, acts: list[Act]) -> list[Act]:
    """The acts of the lexicon, and beside them those that only the classifier knows, at most one a sentence."""
    candidates = _candidates(draft, {act.trigger.sent.start for act in acts})
    asked = [(item, case) for item in candidates if (case := _case(draft, *item)) is not None]
    best: dict[int, tuple[float, Act]] = {}
    for (item, _), answer in zip(asked, chances([case for _, case in asked]), strict=True):
        token, actor, other = item
        kind = max(answer, key=lambda name: answer[name])
        if kind is None or answer[kind] < max(SURE, best.get(token.sent.start, (0.0,))[0]):
            continue
        both = kind in _SYMMETRIC
        actors, recipients = ((actor, other), ()) if both else ((actor,), (other,))
        best[token.sent.start] = answer[kind], Act(token, "unlisted", kind, (), (), actors, recipients, both)
    return sorted([*acts, *(act for _, act in best.values())], key=lambda act: act.trigger.i)
