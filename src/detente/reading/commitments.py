"""Commitments: what a party has promised, demanded or threatened, on what condition, due when.

From AGREE with something to be done, REQUEST and THREATEN (coding rules, section Commitment). A mere hope or opinion
is none; what has not happened, or lies in the past before the news, is none either.
"""

from datetime import date

from spacy.tokens import Token

from detente.model import CommitmentKind, EventType, When
from detente.reading.draft import Act, Draft, Pledge
from detente.reading.frames import after, children, complements, objects, prepositions

_KINDS: dict[EventType, CommitmentKind] = {
    "AGREE": "promise",
    "CONCEDE": "promise",
    "REQUEST": "demand",
    "THREATEN": "threat",
}
_HOPES = {"hope", "want", "wish", "expect", "discuss", "invite", "talk", "accept"}
_CONDITIONS = {"if", "unless", "provided", "until", "once", "when"}
_CONCESSIONS = {"offer", "pledge", "promise", "vow", "agree", "decide", "announce"}


def _text(draft: Draft, tokens: list[Token]) -> str:
    doc = draft.parsed
    left, right = min(t.i for t in tokens), max(t.i for t in tokens)
    last = doc[right]
    start, end = draft.overlay.source(doc[left].idx, last.idx + len(last))
    return draft.article.text[start:end].strip(' ,;.“”"')


def _subtree(token: Token) -> list[Token]:
    return list(token.subtree)


def condition(draft: Draft, act: Act) -> tuple[str, list[Token]] | None:
    """The condition that a commitment is tied to, in the text's words, and its tokens."""
    clauses = [act.trigger, *complements(act.trigger)]
    if act.trigger.pos_ == "NOUN":
        clauses.append(act.trigger.head)
    if act.trigger.dep_ in {"ccomp", "xcomp"}:
        clauses.append(act.trigger.head)
    for verb in clauses:
        for child in children(verb, "advcl"):
            marks = [m for m in child.children if m.dep_ in {"mark", "advmod"} and m.lower_ in _CONDITIONS]
            if (marks and marks[0].lower_ not in {"when", "once"}) or (marks and act.type == "THREATEN"):
                return _text(draft, _subtree(child)), _subtree(child)
            if any(m.lower_ == "provided" for m in child.children) or child.lower_ == "provided":
                return _text(draft, _subtree(child)), _subtree(child)
    if act.type == "THREATEN":
        for preposition in ("about", "of", "over", "against"):
            for noun in after(act.trigger, preposition):
                # "warned Putin about the consequences of invading": what it would follow upon.
                if noun.lemma_.lower() in {
                    "consequence",
                    "cost",
                    "price",
                    "repercussion",
                    "response",
                    "result",
                    "retaliation",
                    "reprisal",
                    "sanction",
                }:
                    causes = [
                        t
                        for p in prepositions(noun)
                        if p.lower_ in {"of", "for", "if"}
                        for t in children(p, "pcomp", "pobj")
                    ]
                    if causes:
                        return _text(draft, _subtree(causes[0])), _subtree(causes[0])
        for governed in prepositions(act.trigger):
            if governed.lower_ == "against" and (verbs := children(governed, "pcomp")):
                return _text(draft, _subtree(verbs[0])), _subtree(verbs[0])
    return None


def _what(draft: Draft, act: Act, conditional: list[Token]) -> str:
    # What is asked of a party, not the party that is asked.
    found = complements(act.trigger) or [n for n in objects(act.trigger) if not draft.mentions.get(n.i)]
    if act.trigger.pos_ == "NOUN":
        found = found or [act.trigger]
    barred = {t.i for t in conditional}
    tokens = [t for head in found[:1] for t in head.subtree if t.i not in barred]
    if not tokens:
        tokens = [
            t
            for p in prepositions(act.trigger)
            if p.lower_ in {"for", "on", "to", "about"}
            for t in p.subtree
            if t.i not in barred
        ]
    if not tokens:
        tokens = [t for head in objects(act.trigger)[:1] for t in head.subtree]
    if not tokens and act.trigger.dep_ == "advcl" and any(m.lower_ == "as" for m in children(act.trigger, "mark")):
        # "It handed over the papers, as it had promised": what was promised is what the main clause tells.
        own = {t.i for t in act.trigger.subtree}
        tokens = [t for t in act.trigger.head.subtree if t.i not in own]
    if not tokens and act.meeting:
        # "She expects to speak with him": the meeting itself is what is undertaken.
        tokens = _subtree(act.trigger)
    if not tokens and act.trigger.pos_ == "NOUN":
        tokens = [act.trigger]
    return _text(draft, tokens) if tokens else ""


def _due(draft: Draft, act: Act, published: date | None) -> When | None:
    """The day of fulfilment: a time to come within the commitment's own words."""
    sentence = act.trigger.sent
    inside = [t for t in draft.times if sentence.start <= t.left < sentence.end]
    own = {t.i for t in act.trigger.subtree}
    for time in inside:
        if time.left in own and published is not None and time.when.end > published and time.when.precision != "vague":
            return time.when
    return None


def commitments(draft: Draft) -> None:
    """Find what has been undertaken, asked for or threatened: fills `draft.pledges`."""
    for act in draft.acts:
        kind = _KINDS.get(act.type)
        if kind is None or act.dropped or act.auxiliary in {"negation", "hypothetical"}:
            continue
        if act.lemma == "unlisted":
            # The classifier tells the type, not what is promised or asked.
            continue
        if act.lemma in _HOPES or (act.type == "CONCEDE" and act.lemma not in _CONCESSIONS):
            continue
        if act.meeting and act.auxiliary is None and act.trigger.pos_ == "NOUN":
            continue
        found = condition(draft, act)
        if act.trigger.pos_ == "NOUN" and found is None and not complements(act.trigger) and kind != "threat":
            # "an appeal", "a deal": nothing is said of what is to be done.
            continue
        words, tokens = found if found is not None else (None, [])
        what = _what(draft, act, tokens)
        if not what and words is None:
            # "as agreed", "it threatened again": the page does not say what.
            continue
        due = _due(draft, act, draft.published) if kind != "threat" or words is None else None
        draft.pledges.append(Pledge(kind, act, what or _text(draft, [act.trigger]), words, due))
        draft.decide(
            "commitments",
            act.trigger.idx,
            f"a {kind}" + (f" on the condition {words!r}" if words else "") + (f" due {due.end}" if due else ""),
        )
