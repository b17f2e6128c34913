"""Acts that lie in what is said, not in the verb that reports it: a demand made in the imperative, a judgement passed.

Both are acts by the coding rules (section Event: a statement that is an act). The words of judgement are a table.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Span, Token

from detente.model import EventType
from detente.ontology.tables import items, rows
from detente.reading.draft import Act, Draft, Mention, Said
from detente.reading.frames import after, children, modifiers, possessors

_NO_DEMAND = {
    "let",
    "look",
    "see",
    "thank",
    "remember",
    "imagine",
    "suppose",
    "say",
    "think",
    "note",
    "listen",
    "believe",
    "consider",
    "take",
    "ask",
    "wait",
    "read",
    "be",
    "guess",
    "mind",
    "forget",
    "excuse",
    "pardon",
    "congratulation",
    "make",
}
"""Imperatives that turn to the hearer without asking anything of a party."""
_COPULAS = {"be", "remain", "become", "constitute", "represent", "amount"}


@cache
def _judgements() -> dict[str, tuple[EventType, tuple[str, ...]]]:
    found: dict[str, tuple[EventType, tuple[str, ...]]] = {}
    for row in rows("judgements"):
        for word in items(row["words"]):
            found[word] = ("ACCUSE", ("disapprove",)) if row["type"] == "ACCUSE" else ("SUPPORT", ())
    return found


def _tokens(draft: Draft, said: Said) -> Span | None:
    span: Span | None = draft.parsed.char_span(said.start, said.end, alignment_mode="expand")
    return span


def _others(draft: Draft, tokens: Iterator[Token] | list[Token], speaker: Mention) -> list[Mention]:
    return [
        m
        for t in tokens
        for m in draft.mentions.get(t.i, ())
        if m.party and m.party != speaker.party and m.kind != "place"
    ]


def _imperatives(draft: Draft, said: Said, span: Span) -> Iterator[Act]:
    speaker = said.speakers[0]
    for verb in span:
        if verb.tag_ != "VB" or verb.dep_ not in {"ROOT", "conj", "ccomp"} or verb.lemma_.lower() in _NO_DEMAND:
            continue
        if children(verb, "nsubj", "nsubjpass", "expl") or any(
            c.dep_ == "aux" and c.lemma_.lower() != "do" for c in verb.children
        ):
            continue
        if (
            verb.dep_ == "conj"
            and (verb.head.tag_ != "VB" or children(verb.head, "nsubj", "aux"))
            and not children(verb, "aux")
        ):
            continue
        if verb.dep_ == "ccomp" and verb.head.i in range(span.start, span.end):
            continue
        inside = _others(draft, list(span), speaker)
        recipients = tuple(said.addressees[:1]) or tuple(inside[:1]) or _counterpart(draft, speaker, verb)
        if not any(m.party for m in recipients):
            continue
        yield Act(verb, "imperative", "REQUEST", (), (), (speaker,), recipients, False)


def _counterpart(draft: Draft, speaker: Mention, verb: Token) -> tuple[Mention, ...]:
    """Whom a demand without an address is made of: the other party that the page has spoken of most so far."""
    named = [m for i, mentions in draft.mentions.items() if i < verb.i for m in mentions]
    named += [m for i, m in draft.nationals.items() if i < verb.i]
    others = [m for m in named if m.party and m.party != speaker.party and m.kind != "place"]
    if not others:
        return ()
    most = Counter(m.party for m in others).most_common(1)[0][0]
    return tuple([m for m in others if m.party == most][-1:])


def _judged(draft: Draft, subject: Token, speaker: Mention) -> tuple[Mention, ...]:
    """The party that a judgement falls on: the subject itself, or whoever's it is."""
    tokens = [subject, *possessors(subject), *after(subject, "by"), *modifiers(subject), *after(subject, "of")]
    own = _others(draft, tokens, speaker)
    if not own:
        own = [m for t in modifiers(subject) if (m := draft.national(t)) is not None and m.party != speaker.party]
    return tuple(own[:1])


def _judging(draft: Draft, said: Said, span: Span) -> Iterator[Act]:
    speaker = said.speakers[0]
    table = _judgements()
    for verb in span:
        if verb.lemma_ not in _COPULAS or any(c.dep_ == "neg" for c in verb.children):
            continue
        subjects = children(verb, "nsubj", "csubj")
        predicates = children(verb, "attr", "acomp") + [
            n for p in children(verb, "prep") for n in children(p, "pobj") if verb.lemma_ == "amount"
        ]
        for predicate in predicates:
            words = [predicate, *[c for c in predicate.children if c.dep_ in {"amod", "conj"}], *after(predicate, "of")]
            judged = next((table[w.lemma_.lower()] for w in words if w.lemma_.lower() in table), None)
            if judged is None:
                continue
            recipients = _judged(draft, subjects[0], speaker) if subjects else ()
            if not recipients and judged[0] == "ACCUSE":
                recipients = (
                    tuple(
                        _others(
                            draft, [*after(predicate, "of"), *after(predicate, "to"), *after(predicate, "by")], speaker
                        )[:1]
                    )
                    if subjects and subjects[0].pos_ == "PRON"
                    else ()
                )
            if not recipients:
                continue
            yield Act(predicate, "judgement", judged[0], judged[1], (), (speaker,), recipients, False)


def sayings(draft: Draft) -> list[Act]:
    """The demands and judgements that the page's statements are, by their speakers."""
    found: dict[int, Act] = {}
    for said in draft.said:
        if len(said.speakers) != 1 or said.speakers[0].party is None:
            continue
        span = _tokens(draft, said)
        if span is None:
            continue
        for act in [*(_imperatives(draft, said, span) if said.direct else ()), *_judging(draft, said, span)]:
            act.said_by = said.verb
            found.setdefault(act.trigger.i, act)
    return list(found.values())
