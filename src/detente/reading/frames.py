"""Who does what to whom in a parsed clause: the arguments of a verb or a noun, as tokens.

The relations are those of spaCy's English models (ClearNLP labels: nsubj, dobj, prep, relcl, …). Control, raising,
passives, relative clauses and coordination are looked through, so that an argument is found where the clause
itself leaves it out.
"""

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from detente.ontology.lexicon import words

_SUBJECT = {"nsubj", "csubj", "expl"}
_PASSIVE_SUBJECT = {"nsubjpass", "csubjpass"}
_RELATIVE = {"which", "who", "that", "whom"}
# Verbs whose object, not whose subject, does what their complement says.
_OBJECT_CONTROL = frozenset(
    [
        "ask",
        "urge",
        "tell",
        "order",
        "force",
        "allow",
        "advise",
        "press",
        "push",
        "pressure",
        "persuade",
        "help",
        "want",
        "permit",
        "invite",
        "instruct",
        "compel",
        "beg",
        "implore",
        "call",
        "accuse",
        "suspect",
        "blame",
        "enable",
        "encourage",
        "require",
        "warn",
        "request",
        "expect",
        "oblige",
        "lead",
        "cause",
    ]
)
_CALENDAR = frozenset(
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
)
_LENGTHS = frozenset({"hour", "day", "week", "minute", "month", "year", "afternoon", "morning", "evening"})
_MAX_DEPTH = 6
_OUGHT = frozenset({"should", "must", "ought"})


def conjuncts(token: Token) -> Iterator[Token]:
    """`token` and what is coordinated with it, in order."""
    yield token
    for child in token.children:
        if child.dep_ == "conj":
            yield from conjuncts(child)


def coordinated(tokens: Iterable[Token]) -> list[Token]:
    """All that the tokens are coordinated with, themselves among them, in order."""
    found: dict[int, Token] = {}
    for token in tokens:
        while token.dep_ == "conj":
            token = token.head
        found |= {part.i: part for part in conjuncts(token)}
    return list(found.values())


def children(token: Token, *deps: str) -> list[Token]:
    """The children of `token` that stand in one of the relations `deps`."""
    return [child for child in token.children if child.dep_ in deps]


def _takes_part(verb: Token) -> bool:
    """Whether a passive's subject is who acts: "were engaged in fighting"."""
    return verb.lemma_.lower() in words("taking_part") and bool(after(verb, "in")) and not children(verb, "agent")


def is_passive(verb: Token, depth: int = 0) -> bool:
    """Whether `verb` is a passive, a bare participle after a noun included."""
    if _takes_part(verb):
        return False
    if children(verb, "auxpass", *_PASSIVE_SUBJECT):
        return True
    if children(verb, "agent") and not children(verb, "nsubj"):
        # With a subject of its own, "by" tells how: "the minister spoke by telephone".
        return True
    if verb.tag_ != "VBN":
        return False
    if verb.dep_ == "conj" and depth < _MAX_DEPTH and not children(verb, "aux", "nsubj", "dobj"):
        return is_passive(verb.head, depth + 1)
    return verb.dep_ in {"acl", "advcl", "amod"} and not children(verb, "aux", "dobj")


def antecedent(token: Token) -> Token:
    """What a relative pronoun stands for; the token itself where it is none."""
    if token.lower_ in _RELATIVE and token.tag_ in {"WDT", "WP", "IN", "DT"}:
        # The noun right before it, which the parser passes over where a dash or a list comes between.
        before = token.i - 1
        while before > token.sent.start and token.doc[before].is_punct:
            before -= 1
        nearest = token.doc[before]
        if (
            token.lower_ in {"which", "who"}
            and nearest.pos_ == "PROPN"
            and before < token.i - 1
            and nearest.lemma_ not in _CALENDAR
        ):
            return nearest
        for ancestor in token.ancestors:
            if ancestor.dep_ == "relcl":
                return ancestor.head
    return token


def _agents(verb: Token) -> list[Token]:
    found = [noun for agent in children(verb, "agent") for noun in children(agent, "pobj")]
    if not found and verb.tag_ == "VBN":
        # "threatened with tariffs by Washington": the parser hangs the agent on the noun before it.
        found = [n for prep in prepositions(verb) for noun in children(prep, "pobj") for n in after(noun, "by")]
    return found


def misread_subject(verb: Token) -> Token | None:
    """The subject of a clause that the parser read as coordinated: "… before the minister, X, announced the summit"."""
    if verb.dep_ != "conj" or verb.tag_ not in {"VBD", "VBZ"} or verb.head.pos_ not in {"VERB", "AUX"}:
        return None
    if children(verb, "nsubj", "nsubjpass", "aux") or any(
        c.dep_ == "cc" for c in verb.head.children if verb.head.i < c.i < verb.i
    ):
        return None
    for preposition in children(verb.head, "prep"):
        if preposition.lower_ in {"before", "after", "since", "until"} and verb.head.i < preposition.i < verb.i:
            return next(iter(children(preposition, "pobj")), None)
    return None


def _controller(verb: Token, depth: int) -> list[Token]:
    """The subject of a clause that names none, taken from the clause that governs it."""
    head = verb.head
    if verb.dep_ == "xcomp":
        if head.lemma_.lower() in _OBJECT_CONTROL and (found := objects(head, depth + 1)):
            return found
        if head.pos_ in {"VERB", "AUX"} or head.pos_ == "ADJ":
            carrier = head if head.pos_ != "ADJ" else head.head
            return objects(carrier, depth + 1) if is_passive(carrier) else subjects(carrier, depth + 1)
    if (misread := misread_subject(verb)) is not None:
        return list(conjuncts(misread))
    if verb.dep_ == "conj" and head.pos_ in {"VERB", "AUX"}:
        return subjects(head, depth + 1)
    if verb.dep_ == "advcl" and head.pos_ in {"VERB", "AUX"} and not children(verb, "nsubj"):
        return objects(head, depth + 1) if is_passive(head) else subjects(head, depth + 1)
    if verb.dep_ == "pcomp":
        carrier = head.head
        if carrier.pos_ in {"VERB", "AUX"}:
            if carrier.lemma_.lower() in _OBJECT_CONTROL and head.lower_ in {"of", "for", "into", "against", "from"}:
                return objects(carrier, depth + 1) or subjects(carrier, depth + 1)
            return subjects(carrier, depth + 1)
        return owners(carrier, depth + 1)
    if verb.dep_ in {"acl", "relcl"} and verb.tag_ == "VB" and head.dep_ == "attr" and not possessors(head):
        # "became the first state to recognise the council"
        return subjects(head.head, depth + 1)
    if verb.dep_ == "acl":
        return owners(head, depth + 1) if verb.tag_ == "VB" else [head]
    if verb.dep_ == "relcl" and not children(verb, "nsubj", "nsubjpass"):
        return [head]
    if verb.dep_ == "ccomp" and verb.tag_ in {"VBG", "VB"} and head.pos_ == "VERB":
        if head.lemma_.lower() in _OBJECT_CONTROL and (found := objects(head, depth + 1)):
            return found
        return subjects(head, depth + 1)
    return []


def subjects(verb: Token, depth: int = 0) -> list[Token]:
    """The heads of what does `verb`; of a passive, what stands after "by"."""
    if depth > _MAX_DEPTH:
        return []
    if is_passive(verb):
        return [n for noun in _agents(verb) for n in conjuncts(noun)]
    own = children(verb, "nsubj", "nsubjpass")
    if own:
        return [n for noun in own for n in conjuncts(antecedent(noun))]
    return _controller(verb, depth)


def objects(verb: Token, depth: int = 0) -> list[Token]:
    """The heads of what `verb` is done to; of a passive, its grammatical subject."""
    if depth > _MAX_DEPTH:
        return []
    if is_passive(verb):
        own = children(verb, *_PASSIVE_SUBJECT)
        if own:
            return [n for noun in own for n in conjuncts(antecedent(noun))]
        if verb.dep_ in {"acl", "relcl"}:
            return [verb.head]
        if verb.dep_ == "conj":
            return objects(verb.head, depth + 1)
        if verb.dep_ in {"xcomp", "advcl"}:
            return subjects(verb.head, depth + 1)
        return []
    own = children(verb, "dobj", "attr") if verb.lemma_ != "be" else []
    if (
        not own
        and verb.dep_ == "conj"
        and not children(verb, "nsubj", "prep", "ccomp", "xcomp")
        and verb.head.pos_ == "VERB"
    ):
        # "criticised and condemned the attack": the object stands with the last verb, or with the first.
        own = children(verb.head, "dobj")
    if not own:
        shared = [
            child
            for child in verb.children
            if child.dep_ == "conj" and child.pos_ == "VERB" and not children(child, "nsubj")
        ]
        if shared and not children(verb, "prep", "ccomp", "xcomp", "dative", "prt") and shared[0].i - verb.i <= 3:
            own = children(shared[0], "dobj")
    if not own and verb.lemma_.lower() in words("say"):
        # "announced a ceasefire to begin at midnight": the parser takes it for the subject of what is said.
        told = [child for child in children(verb, "ccomp") if is_infinitive(child)]
        own = [noun for clause in told for noun in children(clause, "nsubj")]
    if (
        not own
        and verb.dep_ == "relcl"
        and children(verb, "nsubj")
        and children(verb, "nsubj")[0].lower_ not in _RELATIVE
    ):
        return [verb.head]
    return [n for noun in own for n in conjuncts(antecedent(noun))]


def datives(verb: Token) -> list[Token]:
    """The heads of the indirect object ("gave Kyiv weapons")."""
    found: list[Token] = []
    for child in children(verb, "dative"):
        nouns = children(child, "pobj") if child.pos_ == "ADP" else [child]
        found += [n for noun in nouns for n in conjuncts(noun)]
    return found


def after(token: Token, preposition: str) -> list[Token]:
    """The heads of what stands after `preposition` with `token`, one preposition deeper included ("out of")."""
    found: list[Token] = []
    for child in token.children:
        if child.dep_ in {"prep", "agent", "dative", "prt"} and child.pos_ in {"ADP", "SCONJ", "ADV", "VERB"}:
            if child.lower_ == preposition:
                found += [n for noun in children(child, "pobj", "pcomp") for n in conjuncts(noun)]
                if preposition == "as":
                    found += [n for word in children(child, "amod", "acomp") for n in conjuncts(word)]
            found += [
                n
                for inner in children(child, "prep")
                if inner.lower_ == preposition
                for noun in children(inner, "pobj")
                for n in conjuncts(noun)
            ]
    return found


def between(noun: Token) -> list[Token]:
    """The heads of those between whom a noun stands: "talks between A and B", "talks opened today between A and B"."""
    bearers = [noun, noun.head] if noun.dep_ in {"nsubj", "nsubjpass"} else [noun]
    found = (after(bearer, "between") + after(bearer, "among") for bearer in bearers)
    return next(filter(None, found), [])


def prepositions(token: Token) -> list[Token]:
    """The prepositions that `token` governs."""
    return [
        child
        for child in token.children
        if child.dep_ in {"prep", "agent", "dative"} and child.pos_ in {"ADP", "SCONJ", "VERB"}
    ]


def modifiers(noun: Token) -> list[Token]:
    """What stands before a noun as its modifier: adjectives, compounds, and what is coordinated with them."""
    found: list[Token] = []
    for child in noun.children:
        if child.i < noun.i and child.dep_ in {"amod", "compound", "nmod", "advmod", "npadvmod", "quantmod"}:
            for part in conjuncts(child):
                found.append(part)
                found += [
                    deep
                    for deep in part.children
                    if deep.dep_ in {"compound", "amod", "nmod", "npadvmod"} and deep.i < part.i
                ]
    return found


def possessors(noun: Token) -> list[Token]:
    """The heads of a noun's possessor ("Iran's exports")."""
    return [n for child in children(noun, "poss") for n in conjuncts(child)]


def complements(token: Token) -> list[Token]:
    """The heads of the clauses that complete a verb or a noun: what is agreed, asked, threatened."""
    found = children(token, "xcomp", "ccomp")
    found += [
        child
        for child in token.children
        if child.dep_ == "advcl" and child.tag_ == "VB" and token.pos_ == "VERB" and child.i > token.i
    ]
    found += [child for child in token.children if child.dep_ == "acl" and child.tag_ == "VB"]
    found += [verb for prep in prepositions(token) for verb in children(prep, "pcomp")]
    for noun in children(token, "dobj"):
        found += [child for child in noun.children if child.dep_ in {"acl"} and child.tag_ == "VB"]
    return [c for clause in found for c in conjuncts(clause)]


def is_infinitive(verb: Token) -> bool:
    """Whether a clause is an infinitive or a gerund: what is to be done, not what is said to be so."""
    return (
        (verb.tag_ == "VBG" and not children(verb, "aux", "nsubj"))
        or any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children)
        or (verb.dep_ == "conj" and verb.head.pos_ == "VERB" and verb.tag_ == "VB")
    )


def is_stated(verb: Token) -> bool:
    """Whether a clause of a verb that tells or demands says what is so: "insists it left", not "insists it leave"."""
    if verb.dep_ != "ccomp" or verb.head.lemma_.lower() not in words("tell_or_demand") or is_infinitive(verb):
        return False
    auxiliaries = children(verb, "aux", "auxpass")
    # A plain present may be a subjunctive: "insists that they leave".
    finite = verb.tag_ in {"VBD", "VBZ"} or any(c.tag_ in {"VBD", "VBZ", "VBP"} for c in auxiliaries)
    return finite or any(c.tag_ == "MD" and c.lower_ not in _OUGHT for c in auxiliaries)


def governor(noun: Token) -> Token | None:
    """The verb that a noun is the business of ("hold talks", "talks were held", "is in negotiations"), if any."""
    head = noun.head
    if noun.dep_ == "pobj" and head.lower_ == "of" and head.head.lemma_.lower() in words("measure") | _LENGTHS:
        # "held eight hours of talks", "a round of talks": what is measured is what is held.
        return governor(head.head)
    if noun.dep_ == "conj":
        return governor(head) if head.pos_ in {"NOUN", "PROPN"} else None
    if head.pos_ in {"VERB", "AUX"} and noun.dep_ in {"dobj", "nsubjpass", "attr", "oprd"}:
        return head
    if (
        noun.dep_ == "pobj"
        and head.lower_ in {"in", "for", "to", "with", "at", "into", "on", "from"}
        and head.head.pos_ in {"VERB", "AUX"}
    ):
        return head.head
    return None


def lights(noun: Token) -> list[Token]:
    """The subjects of the verb that does a noun's act; empty where the verb is none that does."""
    verb = governor(noun)
    if verb is None:
        return []
    if verb.lemma_ == "be":
        return subjects(verb) if noun.dep_ == "pobj" else []
    if verb.lemma_.lower() in words("light"):
        return subjects(verb)
    return []


def owners(noun: Token, depth: int = 0) -> list[Token]:
    """Whose a noun's act is: its possessor, its modifier, what stands after "by" or "of", or its verb's subject."""
    if depth > _MAX_DEPTH:
        return []
    found = possessors(noun)
    if not found:
        found = after(noun, "by") or lights(noun)
    if not found:
        found = modifiers(noun)
    verb = governor(noun)
    if not found and verb is not None:
        found = subjects(verb, depth + 1)
    return found


def clause_verb(token: Token) -> Token:
    """The nearest verb at or above `token`, or the sentence's root."""
    node = token
    while node.pos_ not in {"VERB", "AUX"} and node.head.i != node.i:
        node = node.head
    if node.pos_ == "AUX" and node.dep_ in {"aux", "auxpass"}:
        node = node.head
    return node
