"""Toward whom an act is where the slots of its rule name no one: the owner of its object, a state's ground, a fellow.

An actor's own soldiers and arms are what it acts with, never whom it acts on. Who is acted on within the actor's own
state is named by a noun of its own ("the opposition accused the electoral commission"), never by the state's name.
"""

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from detente.model import EventType
from detente.ontology.lexicon import words
from detente.reading.draft import Draft, Mention
from detente.reading.frames import (
    after,
    children,
    complements,
    datives,
    is_passive,
    modifiers,
    objects,
    possessors,
    prepositions,
    subjects,
)

CIRCUMSTANCE = {
    "in", "during", "after", "before", "since", "near", "amid", "despite", "outside", "following", "within", "while",
    "until",
}  # fmt: skip
"""Prepositions of when and where, which name no other side."""
_MOVING: frozenset[EventType] = frozenset({"MOBILIZE", "RETREAT", "CONCEDE", "AID", "ASSAULT"})
"""Types of acts that are done with forces, or to them, on some ground."""
_AGAINST: frozenset[EventType] = frozenset({"ASSAULT", "COERCE", "SANCTION", "ACCUSE", "REJECT", "PROTEST", "THREATEN"})
"""Types that one part of a state turns on another part of the same kind: villagers on villagers, ministers on one."""
_ANOTHERS: frozenset[EventType] = frozenset({"ACCUSE", "REJECT", "PROTEST", "REQUEST", "CONCEDE"})
"""Types whose matter is another's doing or demand; what is threatened, promised or imposed is the actor's own."""
_FORCE: frozenset[EventType] = frozenset({"ASSAULT", "COERCE"})
_GROUND = ("from", "into", "onto", "to", "in", "inside", "on", "over", "along", "of", "against", "opposite")
_WAYS = {"to", "at", "near", "from", "through", "along", "across", "by", "around", "toward", "towards", "off"}
_AIMING = ("on", "for", "to", "against", "with", "at")
_FACING = {"face", "border", "threaten", "target", "oppose"}
_STATE_KINDS = {"state", "place", "capital", "dependency", "partial", "adjective"}
_FELLOWS = {"nominal", "office", "person", "body", "group", "people"}
_NAMES_OF_STATE = {"capital", "seat"}
_OFFICIAL = {"GOV", "MIL", None}


def _parties(mentions: Iterable[Mention]) -> set[str | None]:
    return {m.party for m in mentions if m.party}


def _official(actors: tuple[Mention, ...]) -> bool:
    return all(m.sector in _OFFICIAL for m in actors)


def is_own(draft: Draft, mention: Mention, actors: tuple[Mention, ...], kind: EventType | None) -> bool:
    """Whether a mention is what the actor acts with ("sent tanks"), or its own state by name."""
    own = _parties(actors)
    if mention.party in own and mention.kind in _STATE_KINDS | _NAMES_OF_STATE:
        # "Coca growers pressed La Paz": to its people a state's capital is its government, elsewhere a place.
        preposition = draft.parsed[mention.head].head.lower_
        return _official(actors) or mention.kind not in _NAMES_OF_STATE or preposition in CIRCUMSTANCE | {"at"}
    if kind == "MOBILIZE" and mention.party in own:
        return draft.parsed[mention.head].head.lower_ != "against"
    noun = draft.parsed[mention.head]
    armed = mention.sector == "MIL" or (
        mention.sector in {"COP", "SPY"} and any(c.pos_ == "PRON" for c in noun.children)
    )
    forces = armed and mention.kind == "nominal" and mention.party in own | {None}
    return forces and kind in _MOVING and _official(actors)


def is_fellow(draft: Draft, nouns: list[Token], own: set[str | None]) -> bool:
    """Whether one of the nouns is people or a body of the actor's own state, and no forces of its own."""
    return any(
        m.kind in _FELLOWS and m.party in own and m.sector != "MIL"
        for noun in nouns
        for m in draft.mentions.get(noun.i, ())
    )


def is_ground(preposition: Token, noun: Token, kind: EventType | None) -> bool:
    """Whether a noun after a preposition only tells where: "the road to the Greek frontier" is no party to an act.

    Of an attack it may tell on what ("fired at a Syrian post").
    """
    return kind != "ASSAULT" and preposition.lower_ in _WAYS and noun.lemma_.lower() in words("site")


def deployed(draft: Draft, token: Token, kind: EventType | None) -> tuple[Mention, ...]:
    """The forces that are sent or called up where the text names no one who sends them: they are who acts."""
    if kind != "MOBILIZE" or not is_passive(token):
        return ()
    return tuple(m for m in draft.of(objects(token)) if m.party and m.sector in {"MIL", "COP", "PRM", "SPY"})


def _things(token: Token) -> Iterator[Token]:
    """The nouns that an act is about, nearest first: its objects, then what its prepositions lead to."""
    yield from objects(token)
    yield from datives(token)
    for preposition in prepositions(token):
        if preposition.lower_ not in CIRCUMSTANCE and preposition.dep_ != "agent":
            yield from children(preposition, "pobj")


def _aims(draft: Draft, token: Token) -> Iterator[Token]:
    """The nouns that an act's object is aimed at: "a ban on the party", "backing for the strikers"."""
    for thing in objects(token):
        if not draft.mentions.get(thing.i):
            for word in _AIMING:
                yield from after(thing, word)


def _at(draft: Draft, token: Token) -> tuple[Mention, ...]:
    modifier = draft.national(token)
    return draft.mentions.get(token.i, ()) or ((modifier,) if modifier is not None else ())


def owned(draft: Draft, token: Token, actors: tuple[Mention, ...], kind: EventType | None) -> tuple[Mention, ...]:
    """Whose the object is: "voted down a Peruvian draft", "bombed the rebels' positions"."""
    if kind == "MOBILIZE":
        return ()
    own = _parties(actors)
    for noun in objects(token):
        if noun.lemma_.lower() in words("measure") | words("force") | words("arms"):
            continue
        for owner in (*possessors(noun), *modifiers(noun)):
            found = tuple(m for m in _at(draft, owner) if m.party and m.party not in own and m.kind != "place")
            if found:
                return found
    return ()


def bound_for(draft: Draft, token: Token, actors: tuple[Mention, ...], kind: EventType | None) -> tuple[Mention, ...]:
    """The state on whose ground forces come or from whose they go: "pulled its soldiers out of Chad"."""
    forces = words("force") | words("arms") | words("weaponry")
    if kind not in _MOVING or (objects(token) and not any(n.lemma_.lower() in forces for n in objects(token))):
        return ()
    own = _parties(actors)
    nouns = [n for word in _GROUND for n in after(token, word)]
    # "out of four-fifths of Hebron"
    nouns += [part for n in nouns if n.pos_ in {"NUM", "NOUN"} for part in after(n, "of")]
    for clause in children(token, "advcl"):
        if clause.lemma_ in _FACING and clause.tag_ == "VBG":
            nouns += [owner for n in objects(clause) for owner in (n, *possessors(n), *modifiers(n))]
    for noun in nouns:
        found = tuple(
            m
            for m in _at(draft, noun)
            if m.party and m.party not in own and m.kind in _STATE_KINDS and len(m.party) == 3
        )
        if found:
            return found[:1]
    return ()


def _deep(token: Token) -> Iterator[Token]:
    """The nouns around what an act is about: whose it is, who did it, whom the act's complement speaks of."""
    for noun in _things(token):
        yield from possessors(noun)
        yield from (m for m in modifiers(noun) if m.pos_ in {"NOUN", "PROPN"})
        for clause in children(noun, "acl", "relcl"):
            yield from subjects(clause)
        for preposition in prepositions(noun):
            for inner in children(preposition, "pobj"):
                if preposition.lower_ not in CIRCUMSTANCE:
                    yield inner
                    yield from possessors(inner)
                    for clause in children(inner, "acl"):
                        yield from subjects(clause)
    for clause in complements(token):
        yield from subjects(clause)
        yield from objects(clause)


def domestic(draft: Draft, token: Token, actors: tuple[Mention, ...], kind: EventType | None) -> tuple[Mention, ...]:
    """The other side within the actor's own state: its rebels, its opposition, its electoral commission."""
    if kind == "MOBILIZE":
        nouns = [(n, True) for n in after(token, "against")]
    else:
        nouns = [(n, True) for n in (*_things(token), *_aims(draft, token))]
        if kind in _AGAINST:
            # "shelled rebel positions"
            bare = [n for n in objects(token) if not draft.mentions.get(n.i)]
            owners = [owner for n in bare for owner in (*possessors(n), *modifiers(n))]
            nouns += [(n, True) for n in owners if any(m.kind in _FELLOWS for m in draft.mentions.get(n.i, ()))]
        nouns += [(n, False) for n in _deep(token)] if kind in _ANOTHERS else []
    own = _parties(actors) | {None}
    taken = {i for m in actors for i in range(m.left, m.right)}
    sectors = {m.sector for m in actors}
    lemmas = {draft.parsed[m.head].lemma_ for m in actors}
    for noun, direct in nouns:
        if noun.i in taken:
            continue
        for mention in draft.mentions.get(noun.i, ()):
            kinds = _FELLOWS | ({"pronoun", *_NAMES_OF_STATE} if direct else set())
            if mention.kind not in kinds or not mention.sector or is_own(draft, mention, actors, kind):
                continue
            if mention.party not in own or noun.tag_ in {"PRP$", "WP$"} or noun.lower_.endswith("self"):
                continue
            possessed = any(c.pos_ == "PRON" for c in children(noun, "poss"))
            fellow = direct and kind in _AGAINST and not possessed and noun.lemma_ not in lemmas
            if mention.sector not in sectors or fellow:
                return (mention,)
    return ()


def own_town(draft: Draft, token: Token, actors: tuple[Mention, ...], kind: EventType | None) -> tuple[Mention, ...]:
    """A place of the actor's own state that its force is turned on: "Russian jets bombed the centre of Grozny"."""
    if kind not in _FORCE:
        return ()
    own = _parties(actors)
    for noun in objects(token):
        for place in (noun, *after(noun, "of")):
            found = tuple(m for m in draft.mentions.get(place.i, ()) if m.kind == "place" and m.party in own)
            if found:
                return found
    return ()
