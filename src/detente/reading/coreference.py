"""Coreference: whom he, she, it, they, both sides, the two presidents, the minister and the country stand for.

Rules over the order of mention: a pronoun takes the nearest fitting mention that is the subject of the sentence
before, then of the same sentence, then any; the same person's bare name is already resolved by `parties`. Nothing
is resolved where nothing fits.
"""

from dataclasses import replace

from spacy.tokens import Span, Token

from detente.ontology.holders import by_office
from detente.ontology.lexicon import words
from detente.ontology.names import shared_names
from detente.ontology.nouns import person_nouns
from detente.reading.draft import Draft, Mention
from detente.reading.frames import after, children, clause_verb, conjuncts, modifiers, objects, subjects
from detente.reading.parties import ENVOYS, principal_state

_SINGULAR = {"he", "him", "his", "himself", "she", "her", "hers", "herself"}
_REFLEXIVE = {"itself", "himself", "herself", "themselves"}
_NEUTER = {"it", "its", "itself"}
_PLURAL = {"they", "them", "their", "theirs", "themselves"}
_PAIR_NOUNS = {
    "side",
    "guarantor",
    "member",
    "country",
    "party",
    "nation",
    "state",
    "government",
    "capital",
    "neighbour",
    "neighbor",
    "power",
    "army",
    "rival",
    "ally",
    "foe",
}
_PAIR_PERSONS = {
    "leader",
    "president",
    "minister",
    "diplomat",
    "envoy",
    "official",
    "man",
    "counterpart",
    "statesman",
    "delegation",
    "team",
    "general",
    "premier",
    "negotiator",
    "chief",
    "king",
}
_PAIR_WORDS = {"both", "each", "either", "neither", "two", "2", "latter"}
_STATE_NOUNS = {
    "emirate",
    "sultanate",
    "monarchy",
    "country",
    "nation",
    "state",
    "kingdom",
    "republic",
    "government",
    "administration",
    "regime",
    "army",
    "military",
    "parliament",
    "ministry",
    "cabinet",
    "island",
    "embassy",
    "delegation",
    "junta",
    "leadership",
    "authorities",
}
_COUNTED = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_SPEAKING = {
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "official",
    "officials",
    "source",
    "ministry",
    "government",
    "army",
    "military",
    "police",
    "minister",
    "statement",
    "authorities",
    "authority",
    "parliament",
    "office",
    "troops",
    "commander",
    "diplomat",
    "envoy",
    "adviser",
    "aide",
    "delegation",
    "spokespeople",
    "presidency",
}
_ELSEWHERE = {
    "western",
    "one",
    "european",
    "arab",
    "foreign",
    "regional",
    "local",
    "unnamed",
    "another",
    "other",
    "african",
    "asian",
    "international",
    "no",
    "eastern",
    "gulf",
}
"""Words that make an official somebody else's than the party last spoken of."""
_REACH = 5
"""Sentences that a pronoun looks back over."""


def _sentence_mentions(draft: Draft, sentence: Span) -> list[tuple[Token, Mention]]:
    return [(draft.parsed[i], m) for i in range(sentence.start, sentence.end) for m in draft.mentions.get(i, ())]


def _is_subject(token: Token) -> bool:
    if token.dep_ == "pobj" and token.head.lower_ == "to" and token.head.head.lower_ == "according":
        # "according to Beijing" speaks as a subject does.
        return True
    return token.dep_ in {"nsubj", "nsubjpass", "agent"} or (
        token.dep_ == "conj" and token.head.dep_ in {"nsubj", "nsubjpass"}
    )


def _main_subject(token: Token) -> bool:
    return _is_subject(token) and token.head.dep_ in {"ROOT", "conj", "ccomp", "parataxis"}


def _embedded(token: Token) -> bool:
    """Whether a pronoun stands in a clause that hangs on a noun ("a hint from Paris that it might …")."""
    clause = token.head
    return clause.dep_ in {"acl", "relcl"} or (clause.dep_ == "ccomp" and clause.head.pos_ in {"NOUN", "PROPN"})


def _prepared(mention: Mention, token: Token) -> Mention:
    # The words that name a party are its name's, not the pronoun's.
    return replace(mention, head=token.i, kind="pronoun")


class _Memory:
    """Who has been named so far, nearest last, by sentence."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sentences = list(draft.parsed.sents)
        self.nouns: dict[tuple[str, str], Mention] = {}
        """The last party that each common noun has stood for, by lemma and number."""

    def keep(self, token: Token) -> None:
        """Remember what a common noun stands for."""
        for mention in self.draft.mentions.get(token.i, ()):
            if mention.party and mention.kind in {"nominal", "office"}:
                self.nouns[token.lemma_.lower(), token.tag_] = mention
            elif mention.party and mention.kind in {"organisation", "body"}:
                for word in (mention.name or "").lower().split():
                    # "the court" after "the International Court of Justice", "the council", "the bank".
                    self.nouns[word, "NN"] = mention

    def _candidates(self, number: int, token: Token, *, near: bool = False) -> list[tuple[Token, Mention]]:
        """Mentions in the order in which a pronoun at `token` would ask them; `near`: its own sentence first."""
        found: list[tuple[Token, Mention]] = []
        here = [(t, m) for t, m in _sentence_mentions(self.draft, self.sentences[number]) if t.i < token.i]
        same_clause = token.head if token.dep_ != "poss" else None
        governing = [(t, m) for t, m in here if _is_subject(t) and t.head != same_clause]
        if same_clause is not None and same_clause.dep_ == "conj" and token.dep_ in {"nsubj", "nsubjpass"}:
            # "Russia complained that …, and it threatened": the subject of the verb that this one goes on from.
            first = [(t, m) for t, m in governing if t.head == same_clause.head]
            governing = [pair for pair in governing if pair not in first] + first
        found += reversed(governing)
        if token.dep_ in {"poss"}:
            found += [(t, m) for t, m in reversed(here) if _is_subject(t)]
        if near:
            found += [(t, m) for t, m in reversed(here) if not _is_subject(t)]
        for back in range(1, _REACH + 1):
            if number - back < 0:
                break
            earlier = _sentence_mentions(self.draft, self.sentences[number - back])
            found += [(t, m) for t, m in earlier if _main_subject(t)]
            found += [(t, m) for t, m in earlier if _is_subject(t) and not _main_subject(t)]
            found += [(t, m) for t, m in earlier if not _is_subject(t)]
        found += [(t, m) for t, m in reversed(here) if not _is_subject(t)]
        return found

    def person(self, number: int, token: Token, noun: str | None = None, role: str | None = None) -> Mention | None:
        """Whom he, she or "the minister" means; of a `role` only who holds it."""
        doers = set()
        if token.dep_ in {"dobj", "dative"} and token.lower_ not in {"himself", "herself"}:
            # "The minister spoke with Lavrov and asked him": whom a verb is done to is not who does it.
            doers = {m.key for m in self.draft.of(subjects(token.head))}
        for other, mention in self._candidates(number, token):
            if _other_sex(token, other) or mention.key in doers:
                continue
            if mention.person and (mention.party or mention.name) and (noun is None or _fits(mention, noun)):
                if role is not None and mention.role is not None and role != mention.role and noun != role:
                    continue
                return mention
        return None

    def again(self, token: Token) -> Mention | None:
        """The party that the same noun stood for before: "A Lithuanian diplomat … the diplomat"."""
        return self.nouns.get((token.lemma_.lower(), token.tag_))

    def several(self, number: int, token: Token, count: int) -> tuple[Mention, ...]:
        """The last `count` parties that were named together: "the four"."""
        for back in range(number + 1):
            for other, _ in reversed(_sentence_mentions(self.draft, self.sentences[number - back])):
                if other.i >= token.i or other.dep_ in {"conj", "appos"}:
                    continue
                together = {m.party: m for m in self.draft.of(list(conjuncts(other))) if m.party}
                if len(together) == count:
                    return tuple(together.values())
        return ()

    def state(self, number: int, token: Token, *, states_only: bool = False) -> Mention | None:
        """Which state or organisation "it" or "the country" means; with `states_only` no organisation."""
        for _, mention in self._candidates(number, token, near=token.pos_ == "PRON" and _embedded(token)):
            if states_only and mention.sector == "IGO":
                continue
            if (
                not mention.person
                and not mention.plural
                and mention.party
                and mention.sector not in {"CVL", "OPP", "REB"}
                and mention.kind not in {"place", "people"}
            ):
                return mention
        return None

    def pair(self, number: int, token: Token, persons: bool) -> tuple[Mention, ...]:
        """The two parties that "both sides" or "the two presidents" means: the last two that acted together."""
        lemma = token.lemma_.lower()
        doers = set()
        if token.dep_ == "dobj" and token.head.pos_ == "VERB":
            # "The militia, armed by Chad, fought both": neither of the two is who fought them.
            doers = {m.party for m in self.draft.of(subjects(token.head))}
        for back in range(_REACH + 3):
            if number - back < 0:
                break
            seen: dict[str, Mention] = {}
            for other, mention in _sentence_mentions(self.draft, self.sentences[number - back]):
                if (back == 0 and other.i >= token.i) or mention.party in doers:
                    continue
                if lemma == "general" and mention.person and not _fits(mention, lemma):
                    # "the generals" are no foreign ministers
                    continue
                if mention.party and mention.kind not in {"place", "pronoun"} and (mention.person or not persons):
                    seen.setdefault(mention.party, mention)
            if not persons and len(seen) > 2:
                # Of more than two states named, those that stand as subject or together.
                strong = {
                    m.party: m
                    for t, m in _sentence_mentions(self.draft, self.sentences[number - back])
                    if m.party and (_is_subject(t) or m.person)
                }
                seen = {p: m for p, m in strong.items() if p is not None} or seen
            if len(seen) == 2:
                return tuple(seen.values())
        return ()

    def group(self, number: int, token: Token) -> tuple[Mention, ...]:
        """Whom "they" means: the nearest plural or coordinated subject, else the nearest acting body."""
        for other, mention in self._candidates(number, token):
            together = [
                m
                for t in [other, *[c for c in other.children if c.dep_ == "conj"]]
                for m in self.draft.mentions.get(t.i, ())
            ]
            if len(together) > 1 and _is_subject(other):
                return tuple(together)
            if mention.plural or (
                mention.party and not mention.person and mention.kind in {"people", "group", "organisation", "nominal"}
            ):
                return (mention,)
        return ()


_HIS = {"he", "him", "his", "himself"}
_HERS = {"she", "her", "hers", "herself"}
_WOMEN = {"queen", "princess", "mother", "wife", "daughter", "widow", "empress", "duchess", "sister"}
_MEN = {"king", "prince", "father", "husband", "son", "widower", "emperor", "duke", "brother", "emir", "sultan", "pope"}


def _other_sex(pronoun: Token, noun: Token) -> bool:
    """Whether a noun says that "he" or "she" cannot mean whom it stands for."""
    word = noun.lower_
    if pronoun.lower_ in _HIS:
        return word.endswith("woman") or word in _WOMEN
    return pronoun.lower_ in _HERS and (word in _MEN or (word.endswith("man") and not word.endswith("woman")))


def _fits(mention: Mention, noun: str) -> bool:
    if mention.role is None:
        return False
    role = mention.role.lower()
    if noun == "general":
        # The secretary-general and the attorney general are no generals.
        return mention.sector == "MIL"
    return (
        noun in role
        or (noun == "leader" and role in {"president", "prime minister", "chancellor", "king", "supreme leader"})
        or (
            noun == "diplomat"
            and ("foreign" in role or "secretary of state" in role or "envoy" in role or "ambassador" in role)
        )
        or (noun == "premier" and role == "prime minister")
        or (noun in {"spokesman", "spokeswoman"} and role.startswith("spokes"))
    )


def coreference(draft: Draft) -> None:
    """Resolve pronouns and definite nouns, then give domestic actors the state that the page is about.

    Adds to `draft.mentions`.
    """
    memory = _Memory(draft)
    for number, sentence in enumerate(memory.sentences):
        for token in sentence:
            found = _resolve(draft, memory, number, token)
            if found:
                draft.mentions[token.i] = found
                draft.decide(
                    "coreference", token.idx, f"{token.text!r} is {', '.join(m.name or m.party or '?' for m in found)}"
                )
            memory.keep(token)
    _settle_domestic(draft)
    for number, sentence in enumerate(memory.sentences):
        for token in sentence:
            # Whom a pronoun stands for may have got its state only now.
            open_still = token.pos_ == "PRON" and not any(m.party for m in draft.mentions.get(token.i, ()))
            if open_still and (found := _resolve(draft, memory, number, token)):
                draft.mentions[token.i] = found


_DOMESTIC = {
    "COP",
    "OPP",
    "CVL",
    "MIL",
    "GOV",
    "JUD",
    "LEG",
    "REB",
    "PTY",
    "LAB",
    "EDU",
    "AGR",
    "REL",
    "PRM",
    "SPY",
    "MED",
    "JRN",
    "BUS",
    "ELI",
    "SOC",
}


def _of_either(draft: Draft, token: Token) -> bool:
    """Whether a noun is of one of several states that share a name, where the page does not say which ("Korean")."""
    return any(child.text in shared_names() and child.i not in draft.nationals for child in children(token, "amod"))


def is_domestic(token: Token, mentions: tuple[Mention, ...]) -> bool:
    """Whether a noun stands for domestic actors of a state that is still open ("the police", "protesters")."""
    if not mentions or any(m.party for m in mentions) or any(c.lower_ in _ELSEWHERE for c in token.children):
        return False
    # Of those outside the law only captives are as a rule of the state that holds them: pirates may be anyone.
    settled = mentions[0].sector in _DOMESTIC or token.lemma_.lower() in words("captive")
    return settled and mentions[0].kind in {"nominal", "office", "people", "person"}


def _settle_domestic(draft: Draft) -> None:
    """Actors that the page gives no state belong to the one that it is about, else to the one their sentence names."""
    about = principal_state(draft)
    for sentence in draft.parsed.sents:
        named = _states_of(draft, sentence)
        for index in range(sentence.start, sentence.end):
            mentions = draft.mentions.get(index, ())
            token = draft.parsed[index]
            if not is_domestic(token, mentions) or _of_either(draft, token):
                continue
            party = about or (next(iter(named)) if len(named) == 1 else _among(draft, token))
            if mentions[0].role in ENVOYS and about is None:
                # An envoy in a capital is another state's, unless its words say that he or she is the government's.
                party = next((m.party for t in modifiers(token) for m in draft.mentions.get(t.i, ())), None)
            if party is not None:
                draft.mentions[index] = tuple(replace(m, party=party, inferred=True) for m in mentions)
                why = "which the page is about" if about else "which its sentence names"
                draft.decide("coreference", token.idx, f"{token.text!r} is of {party}, {why}")


def _states_of(draft: Draft, sentence: Span) -> set[str]:
    """The states that a sentence names; where it names none, the one in which its places lie."""
    named: set[str] = set()
    places: set[str] = set()
    for token in sentence:
        adjective = draft.nationals.get(token.i)
        for mention in (*draft.mentions.get(token.i, ()), *([adjective] if adjective else [])):
            if mention.party and len(mention.party) == 3 and mention.sector != "IGO":
                (places if mention.kind == "place" else named).add(mention.party)
    return named or places


def _among(draft: Draft, token: Token) -> str | None:
    """The state of a domestic actor whose sentence names several: of who acts on it, of where, of whom it acts on."""
    verb = clause_verb(token)
    return _fellow(draft, token, subjects(verb)) or _host(draft, token, verb) or _fellow(draft, token, objects(verb))


def _host(draft: Draft, token: Token, verb: Token) -> str | None:
    """The one state in which a clause takes place: "police held two Spanish tourists in Havana"."""
    spots = {
        m.party
        for noun in (verb, *objects(verb), token)
        for word in ("in", "at", "near", "outside")
        for m in draft.of(after(noun, word))
        if m.party and m.kind in {"place", "capital", "state"}
    }
    return spots.pop() if len(spots) == 1 else None


def _fellow(draft: Draft, token: Token, beside: list[Token]) -> str | None:
    """The one state of the domestic actors that stand beside another in its clause."""
    mentions = [m for m in draft.of(beside) if m.party and m.head != token.i]
    fellows = {m.party for m in mentions if m.kind in {"nominal", "group"} and m.sector not in {"GOV", "IGO"}}
    return fellows.pop() if len(fellows) == 1 else None


def _resolve(draft: Draft, memory: _Memory, number: int, token: Token) -> tuple[Mention, ...]:
    lower = token.lower_
    mention: Mention | None
    if lower in {"that", "those"} and token.pos_ in {"PRON", "DET"} and (meant := draft.of(after(token, "of"))):
        # "its navy and that of Russia"
        return tuple(_prepared(m, token) for m in meant)
    if lower in _REFLEXIVE and (doers := subjects(clause_verb(token))):
        return tuple(_prepared(m, token) for m in draft.of(doers))
    if token.pos_ == "PRON" or (token.pos_ == "DET" and token.dep_ == "poss"):
        if lower in _SINGULAR:
            mention = memory.person(number, token)
            return (_prepared(mention, token),) if mention else ()
        if lower in _NEUTER:
            if (
                any(child.dep_ in {"ccomp", "xcomp"} for child in token.head.children)
                and token.dep_ == "nsubj"
                and token.head.lemma_ == "be"
            ):
                return ()
            mention = memory.state(number, token)
            return (_prepared(mention, token),) if mention else ()
        if lower in _PLURAL:
            return tuple(_prepared(m, token) for m in memory.group(number, token))
        if lower in {"both", "each"} and token.dep_ in {"nsubj", "dobj", "pobj"}:
            return tuple(_prepared(m, token) for m in memory.pair(number, token, persons=False))
        return ()
    if token.pos_ not in {"NOUN", "PROPN", "NUM"} or (
        token.dep_ in {"compound", "nmod", "amod"} and token.head.pos_ in {"NOUN", "PROPN"}
    ):
        return ()
    already = draft.mentions.get(token.i, ())
    if any(m.party for m in already):
        return ()
    lemma = token.lemma_.lower()
    marks = {child.lower_ for child in token.children if child.dep_ in {"det", "nummod", "predet", "amod", "poss"}}
    pair = bool(marks & _PAIR_WORDS) or (
        token.tag_ == "NNS"
        and "the" in marks
        and lemma in _PAIR_PERSONS | {"side"}
        and not children(token, "prep", "relcl")
    )
    if pair and not marks & _PAIR_WORDS and (mention := memory.again(token)) is not None:
        return (replace(mention, head=token.i, left=token.left_edge.i, right=token.i + 1),)
    if pair and lemma in _PAIR_NOUNS | _PAIR_PERSONS:
        found = memory.pair(number, token, persons=lemma in _PAIR_PERSONS)
        if found:
            return tuple(
                replace(m, head=token.i, left=token.left_edge.i, right=token.i + 1, kind="collective") for m in found
            )
    if (
        token.dep_ == "nsubj"
        and token.tag_ == "NNS"
        and token.head.lemma_ == "be"
        and (named := _identified(draft, token.head))
    ):
        return tuple(
            replace(m, head=token.i, left=token.left_edge.i, right=token.i + 1, kind="collective") for m in named
        )
    own = [m for child in children(token, "poss") for m in draft.mentions.get(child.i, ()) if m.party]
    if own and already:
        # "its ambassador", "his government": the noun goes with whoever owns it.
        return tuple(replace(already[0], party=m.party, name=_holder(draft, already[0].role, m.party)) for m in own)
    if (lemma in _COUNTED and token.pos_ == "NUM") or (
        marks & set(_COUNTED) and token.tag_ == "NNS" and lemma in _PAIR_NOUNS | _PAIR_PERSONS
    ):
        count = _COUNTED[lemma] if lemma in _COUNTED else _COUNTED[next(iter(marks & set(_COUNTED)))]
        return tuple(
            replace(m, head=token.i, left=token.left_edge.i, right=token.i + 1, kind="collective")
            for m in memory.several(number, token, count)
        )
    if _of_either(draft, token):
        return ()
    definite = bool(marks & {"the", "this", "that"})
    if (definite or (already and token.tag_ == "NNS" and not marks)) and (mention := memory.again(token)) is not None:
        return (replace(mention, head=token.i, left=token.left_edge.i, right=token.i + 1),)
    if definite and token.tag_ == "NN":
        if (
            lemma in person_nouns()
            and (mention := memory.person(number, token, lemma, already[0].role if already else None)) is not None
        ):
            return (replace(mention, head=token.i, left=token.left_edge.i, right=token.i + 1, kind="office"),)
        if lemma in _STATE_NOUNS and (mention := memory.state(number, token, states_only=True)) is not None:
            sector = already[0].sector if already else mention.sector
            return (
                replace(
                    mention,
                    head=token.i,
                    left=token.left_edge.i,
                    right=token.i + 1,
                    sector=sector,
                    kind="nominal",
                    name=None,
                    role=None,
                ),
            )
        if (
            lemma in {"bloc", "alliance", "organisation", "organization", "union", "body", "agency"}
            and (mention := memory.state(number, token)) is not None
            and mention.sector == "IGO"
        ):
            return (replace(mention, head=token.i, left=token.left_edge.i, right=token.i + 1),)
    if (
        already
        and lemma in _SPEAKING
        and not children(token, "relcl")
        and not marks & _ELSEWHERE
        and (mention := memory.state(number, token)) is not None
    ):
        # "a spokesman said", "officials said": of whoever the page has just spoken of.
        return (replace(already[0], party=mention.party, name=None, inferred=True),)
    return ()


def _identified(draft: Draft, verb: Token) -> list[Mention]:
    """The parties that a copula says its subject to be: "The guarantors are Chile and Peru"."""
    named = [
        m
        for noun in children(verb, "attr")
        for t in noun.subtree
        for m in draft.mentions.get(t.i, ())
        if m.party and m.kind in {"state", "organisation", "group"}
    ]
    parties = {m.party: m for m in named}
    return list(parties.values()) if len(parties) > 1 else []


def _holder(draft: Draft, role: str | None, party: str | None) -> str | None:
    if role is None or party is None or draft.published is None:
        return None
    holding = by_office(role, party, draft.published)
    return holding.person if holding else None
