"""Clauses as the classifier reads them: what one verb or noun says, alone, with its parties in its words.

A sentence tells several acts; the classifier is to judge one. So it is shown the verb's own words only: its subject,
where another clause or a pronoun names it the name it stands for, its objects and what completes it, without the
clauses that tell acts of their own. Nothing of this is kept: offsets of the text are the caller's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from detente.ontology.lexicon import words
from detente.reading.classifier import Case
from detente.reading.draft import Draft, Mention
from detente.reading.frames import (
    after,
    between,
    children,
    complements,
    governor,
    is_passive,
    objects,
    possessors,
    subjects,
)

MAX_OTHERS = 3
"""Parties of the clause that are tried as the other side, those nearest to the trigger first."""
_APART = {"conj", "cc", "parataxis", "relcl"}
"""Relations of what tells an act of its own beside the verb's."""
_CONDITIONS = {"if", "unless", "until", "to", "because", "over"}
_LONG = 60
"""Tokens from which a clause is cut: what follows is seldom the verb's own."""
_CLOSING = {".", ",", ";", ":", "-", "–", "—", '"', "”", "“", "’", "'"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb or a noun with whoever may act on whom, and its words as the classifier reads them for each pair.

    `pairs` holds (actors, recipients, case), each side empty where it is no one's; of several only the first is marked.
    """

    trigger: Token
    pairs: tuple[tuple[tuple[Mention, ...], tuple[Mention, ...], Case], ...]


def _own(verb: Token) -> list[Token]:
    """The tokens of the clause: the verb's subtree without clauses that tell acts of their own."""
    kept: list[Token] = []

    def walk(token: Token, top: bool) -> None:
        for child in token.children:
            if top and child.dep_ in _APART and child.pos_ in {"VERB", "AUX", "CCONJ", "PUNCT"}:
                continue
            if child.dep_ == "relcl" or (child.dep_ == "appos" and len(list(child.subtree)) > 8):
                continue
            if top and child.dep_ == "advcl" and not _conditional(child):
                continue
            if top and child.dep_ == "ccomp" and child.i < verb.i and token.lemma_.lower() in words("say"):
                continue
            walk(child, False)
        kept.append(token)

    walk(verb, True)
    return sorted(kept, key=lambda t: t.i)


def _conditional(clause: Token) -> bool:
    marks = {c.lower_ for c in clause.children if c.dep_ in {"mark", "aux"}}
    return bool(marks & _CONDITIONS) or (clause.tag_ == "VBG" and not children(clause, "nsubj"))


def _name(draft: Draft, mention: Mention) -> str:
    return " ".join(draft.parsed[mention.left : mention.right].text.split())


def _render(
    draft: Draft, tokens: list[Token], lead: Mention | None, marked: tuple[Mention | None, Mention | None]
) -> Case | None:
    """The clause's words in a row, and where actor and recipient stand in them; null where one does not."""
    actor, recipient = marked
    parts: list[str] = []
    length = 0
    spans: dict[int, tuple[int, int]] = {}

    def put(text: str, space: str) -> tuple[int, int]:
        nonlocal length
        begun = length
        parts.append(text + space)
        length += len(text) + len(space)
        return begun, begun + len(text)

    if lead is not None:
        spans[id(lead)] = put(_name(draft, lead), " ")
    for token in tokens:
        if lead is None and not parts and (token.text in _CLOSING or token.dep_ == "cc"):
            continue
        text, space = token.text, token.whitespace_ or ""
        for mention in (actor, recipient):
            if mention is not None and mention.head == token.i and mention.kind in {"pronoun", "collective"}:
                text = _name(draft, mention) + ("'s" if token.tag_ == "PRP$" else "")
        if token.i + 1 < len(token.doc) and tokens[-1].i != token.i and not space:
            following = next((t for t in tokens if t.i > token.i), None)
            space = " " if following is not None and following.i != token.i + 1 else ""
        at = put(" ".join(text.split()) or " ", space)
        for mention in (actor, recipient):
            if mention is None or mention is lead:
                continue
            inside = mention.head == token.i or (
                mention.kind not in {"pronoun", "collective"} and mention.left <= token.i < mention.right
            )
            if inside:
                before = spans.get(id(mention), at)
                spans[id(mention)] = (before[0], at[1])
    if any(mention is not None and id(mention) not in spans for mention in marked):
        return None
    first, second = (spans[id(mention)] if mention is not None else None for mention in marked)
    return "".join(parts).strip(), first, second


def _others(draft: Draft, trigger: Token, tokens: list[Token], sides: tuple[Mention, ...]) -> list[Mention]:
    """Parties of the clause beside `sides`, those nearest to the trigger in the tree first."""
    barred = {(m.party, m.name) for m in sides}
    heads = {m.head for m in sides}
    found: list[tuple[int, int, Mention]] = []
    direct = {t.i for t in objects(trigger)}
    for token in tokens:
        adjective = draft.nationals.get(token.i)
        for mention in (*draft.mentions.get(token.i, ()), *([adjective] if adjective else [])):
            if token.i in heads or mention.kind == "place" or (mention.party, mention.name) in barred:
                continue
            if any(m.party == mention.party and m.sector == mention.sector for m in sides):
                continue
            depth = 0
            node = token
            while node.i != trigger.i and node.head.i != node.i:
                node, depth = node.head, depth + 1
            found.append((0 if token.i in direct else depth + (0 if mention.party else 2), token.i, mention))
    ranked: list[Mention] = []
    taken: set[str | None] = set()
    for _, _, mention in sorted(found, key=lambda f: f[:2]):
        if mention.party is None or mention.party not in taken:
            taken.add(mention.party)
            ranked.append(mention)
    return ranked[:MAX_OTHERS]


def _known(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The mentions that are parties, those with a code first."""
    return tuple(sorted((m for m in mentions if m.party or m.sector), key=lambda m: m.party is None))


def _clause(draft: Draft, trigger: Token, tokens: list[Token], side: tuple[Mention, ...], acts: bool) -> Clause | None:
    """The clause of `trigger` with `side` acting on each other party, or acted on where not `acts`."""
    inside = {t.i for t in tokens}
    lead = None if side[0].head in inside else side[0]
    pairs = []
    for other in [*_others(draft, trigger, tokens, side), None]:
        beside = (other,) if other is not None else ()
        marked = (side[0], other) if acts else (other, side[0])
        case = _render(draft, tokens, lead, marked)
        if case is not None:
            pairs.append((side, beside, case) if acts else (beside, side, case))
    return Clause(trigger, tuple(pairs)) if pairs else None


def _is_state_of_acting(token: Token) -> bool:
    """Whether a copula tells what a party is about to do or doing: "is ready to", "is on alert", "is at war with"."""
    if token.pos_ != "AUX" or token.dep_ in {"aux", "auxpass"}:
        return False
    return any(complements(word) for word in children(token, "acomp")) or any(
        preposition.lower_ in {"in", "on", "at", "under"} and children(preposition, "pobj")
        for preposition in children(token, "prep")
    )


def _of_verb(draft: Draft, verb: Token) -> Clause | None:
    acts = True
    side = _known(draft.of(subjects(verb)))
    if not side and is_passive(verb):
        # "Guinea was suspended from the Union": who did it stands elsewhere, or nowhere.
        acts, side = False, _known(draft.of(objects(verb)))
    return _clause(draft, verb, _own(verb)[:_LONG], side, acts) if side else None


def _of_noun(draft: Draft, noun: Token) -> Clause | None:
    """A noun with those who do its act: "a ban by the court", "talks between A and B", "its shelling of the town"."""
    doers = after(noun, "by") or possessors(noun) or between(noun)
    side = _known(draft.of(doers))
    verb = governor(noun) or noun.head
    if not side or noun.dep_ not in {"nsubj", "nsubjpass", "dobj", "attr"} or verb.pos_ not in {"VERB", "AUX"}:
        return None
    return _clause(draft, noun, _own(verb)[:_LONG], side, True)


def clauses(draft: Draft, known: set[int]) -> Iterator[Clause]:
    """The clauses of which neither the verb nor its noun is in `known`, and in which the text names a party."""
    for token in draft.parsed:
        if token.i in known:
            continue
        clause = None
        if token.pos_ == "VERB" or _is_state_of_acting(token):
            clause = _of_verb(draft, token)
        elif token.pos_ == "NOUN" and not draft.mentions.get(token.i) and token.head.i not in known:
            clause = _of_noun(draft, token)
        if clause is not None:
            yield clause
