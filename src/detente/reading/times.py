"""Times: the time expressions of the page as days, each with the verb whose clause it stands in.

What an expression means is for `calendar` (`find`, `resolve`, `weekday_conflict`); here its clause gives the tense,
and the day it is counted from is the article's, or the last day named where the words ask for that ("the following
day").
"""

from spacy.tokens import Token

from detente.reading.calendar.conflict import Conflict, weekday_conflict
from detente.reading.calendar.expressions import TimeExpression, find
from detente.reading.calendar.resolve import Convention, Tense, resolve
from detente.reading.draft import Draft, TimeMention
from detente.reading.frames import children, clause_verb
from detente.reading.sentences import dateline_ends

__all__ = ["Conflict", "Convention", "Tense", "TimeExpression", "find", "resolve", "tense", "times", "weekday_conflict"]

_FUTURE_AUX = {"will", "shall", "'ll", "’ll", "would", "wo", "may", "might", "could", "can", "should", "must"}
_FORWARD = {
    "plan",
    "expect",
    "schedule",
    "due",
    "set",
    "intend",
    "want",
    "hope",
    "agree",
    "promise",
    "pledge",
    "vow",
    "offer",
    "propose",
    "threaten",
    "invite",
    "prepare",
    "slate",
}


def tense(verb: Token) -> Tense | None:
    """The tense of a verb's clause: of an infinitive that of what governs it, turned to the future by a plan."""
    for child in verb.children:
        if child.dep_ == "aux" and child.lower_ in _FUTURE_AUX:
            return "future"
    if verb.tag_ in {"VBD"} or (verb.tag_ == "VBN" and not children(verb, "aux", "auxpass")):
        return "past"
    finite = [
        c
        for c in verb.children
        if c.dep_ in {"aux", "auxpass"} and c.tag_ in {"VBD", "VBZ", "VBP"} and c.lemma_ in {"have", "be", "do"}
    ]
    if finite:
        if finite[0].tag_ == "VBD" or finite[0].lemma_ == "have":
            return "past"
        return "future" if verb.tag_ == "VBG" else None
    if verb.tag_ in {"VB", "VBG"} and verb.head.i != verb.i:
        above = clause_verb(verb.head)
        forward = above.lemma_.lower() in _FORWARD or verb.head.lemma_.lower() in _FORWARD or verb.dep_ == "acl"
        if verb.tag_ == "VB" and verb.dep_ in {"xcomp", "acl", "advcl", "ccomp"} and forward:
            return "future"
        return tense(above) if above.i < verb.i else None
    return None


def times(draft: Draft) -> None:
    """Find and resolve the page's time expressions: fills `draft.times`."""
    doc = draft.parsed
    last = None
    # Wire copy is dated a day before its weekdays; a page without a dateline is not taken for it.
    dateline = bool(dateline_ends(draft.overlay.mended))
    for expression in find(draft.overlay.mended):
        span = doc.char_span(expression.start, expression.end, alignment_mode="expand")
        if span is None:
            continue
        head = span.root
        if head.pos_ in {"VERB", "AUX"} and span.start != head.i:
            head = span[0]
        verb = clause_verb(head)
        clause_tense = tense(verb)
        if clause_tense == "past" and _promised(head, verb):
            clause_tense = "future"
        when = resolve(expression.text, draft.published, clause_tense, last, wire=dateline)
        if when is None:
            continue
        if clause_tense == "past" and draft.published is not None and when.start > draft.published:
            # A day to come in a clause of the past belongs to the clause above, where that looks ahead.
            verb = clause_verb(verb.head)
            if tense(verb) == "past" and verb.lemma_.lower() not in _FORWARD:
                continue
        start, end = draft.overlay.source(expression.start, expression.end)
        when = when.model_copy(update={"text": draft.article.text[start:end]})
        dated = (
            head.head.i
            if head.dep_ in {"nummod", "compound", "amod", "nmod", "poss"}
            and head.head.pos_ in {"NOUN", "PROPN"}
            and head.head.i >= span.end
            else None
        )
        draft.times.append(TimeMention(span.start, span.end, when, verb.i, dated))
        draft.decide(
            "times",
            expression.start,
            f"{expression.text!r} is {when.start}" + (f" to {when.end}" if when.end != when.start else ""),
        )
        if when.start == when.end:
            last = when.start


def _promised(head: Token, verb: Token) -> bool:
    """Whether a noun's time lies ahead of its past-tense verb: "promised a written answer in March"."""
    return (
        verb.lemma_.lower() in _FORWARD
        and head.dep_ == "pobj"
        and head.head.dep_ == "prep"
        and head.head.head.pos_ == "NOUN"
    )
