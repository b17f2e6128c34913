"""Events: which verbs and nouns of the page are acts, of whom, toward whom.

Each word that the lexicon knows is tried against its rules, those with the most conditions first; the first whose
conditions hold gives type, mode, context and the slots that actor and recipient are read from. Whether the act
happened is for `auxiliary.py`.
"""

from typing import Literal

from spacy.tokens import Token

from detente.model import EventType
from detente.ontology.lexicon import Condition, Rule, rules, words
from detente.reading import toward
from detente.reading.draft import Act, Draft, Mention
from detente.reading.frames import (
    after,
    between,
    children,
    complements,
    conjuncts,
    coordinated,
    datives,
    governor,
    is_infinitive,
    is_passive,
    is_stated,
    lights,
    modifiers,
    objects,
    possessors,
    prepositions,
    subjects,
)
from detente.reading.sayings import sayings
from detente.reading.unlisted import unlisted

_NESTED = 4
_CONSEQUENCES = {
    "consequence",
    "retaliation",
    "response",
    "price",
    "cost",
    "reprisal",
    "repercussion",
    "respond",
    "retaliate",
    "sanction",
    "force",
    "measure",
    "punish",
    "strike",
}
_GROUPS = {"party", "person", "actor"}
_PHONE = frozenset(
    {"phone", "telephone", "telephoned", "call", "video", "videoconference", "videolink", "teleconference"}
)


_Told = tuple[EventType | Literal["NONE"], tuple[Mention, ...]]


class _Reader:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.taken: set[int] = set()
        """Nouns whose act a verb has told already ("announced an exercise")."""

    # -- slots -------------------------------------------------------------------------------------------------

    def heads(self, token: Token, slot: str) -> list[Token]:
        """The tokens that fill a slot of `token`."""
        match slot:
            case "subj":
                return subjects(token) if token.pos_ != "ADJ" else subjects(token.head)
            case "obj":
                return objects(token)
            case "dat":
                return datives(token)
            case "xcomp":
                return [clause for clause in complements(token) if is_infinitive(clause)]
            case "ccomp":
                return [clause for clause in complements(token) if not is_infinitive(clause)]
            case "csubj":
                return [s for clause in complements(token) for s in children(clause, "nsubj", "nsubjpass")] + [
                    n
                    for prep in prepositions(token)
                    if prep.lower_ == "for"
                    for n in children(prep, "pobj")
                    if any(c.tag_ == "VB" for c in n.children) or self._followed_by_infinitive(token, prep)
                ]
            case "light":
                return lights(token)
            case "both":
                # At least two states or organisations act together.
                together = subjects(token)
                return together if len({m.party for m in self.parties(together) if m.party}) > 1 else []
            case "oprd":
                return [w for child in children(token, "oprd") for w in conjuncts(child)]
            case "objmod":
                return [m for noun in objects(token) for m in modifiers(noun)]
            case "poss":
                return possessors(token)
            case "mod":
                return modifiers(token)
            case "between":
                return between(token)
            case "agent":
                return [
                    h
                    for s in ("light", "poss", "mod", "by", "from")
                    for h in self.heads(token, s)
                    if self.parties([h], loose=True)
                ]
            case "inner":
                return []
            case _:
                found = after(token, slot)
                if not found and token.pos_ in {"VERB", "AUX"}:
                    # "broke off relations with Qatar": the other side hangs on the object.
                    found = [n for noun in objects(token) for n in after(noun, slot)]
                if not found and slot == "with":
                    # "spoke by telephone with Lavrov": the parser hangs the other side on the manner.
                    beside = [n for p in prepositions(token) for n in children(p, "pobj")]
                    found = [n for noun in beside for n in after(noun, slot)]
                return found

    @staticmethod
    def _followed_by_infinitive(verb: Token, preposition: Token) -> bool:
        return any(child.dep_ in {"xcomp", "advcl", "ccomp"} and child.i > preposition.i for child in verb.children)

    def parties(self, tokens: list[Token], *, loose: bool = False) -> tuple[Mention, ...]:
        """The parties that the tokens head; with `loose` also an adjective of a state, which a noun's slot takes."""
        found = list(self.draft.of(tokens))
        if loose:
            for token in tokens:
                if token.i not in self.draft.mentions and (mention := self.draft.national(token)) is not None:
                    found.append(mention)
        return _each_once(found)

    def inner(self, token: Token, apart: tuple[Mention, ...], kind: EventType | None = None) -> tuple[Mention, ...]:
        """The party that owns what the act is about, or that its complement turns to: the nearest, not the actor."""
        barred: set[str | None] = {m.party for m in apart if m.party}
        beside = [
            n
            for p in prepositions(token)
            if p.lower_ not in toward.CIRCUMSTANCE
            for n in children(p, "pobj")
            if not toward.is_ground(p, n, kind)
        ]
        for head in [*objects(token), *children(token, "oprd"), *beside, *complements(token)]:
            found = self._within(head, barred, 0)
            if found:
                return found
        return ()

    def _within(self, head: Token, barred: set[str | None], depth: int) -> tuple[Mention, ...]:
        if depth > _NESTED:
            return ()
        if head.pos_ in {"VERB", "AUX"} and depth == 0 and toward.is_fellow(self.draft, objects(head), barred):
            # "refused to meet government envoys in Ankara": the other side is of the actor's own state.
            return ()
        steps: list[list[Token]] = [[head]] if head.pos_ not in {"VERB", "AUX"} else []
        if head.pos_ in {"VERB", "AUX"}:
            steps += [
                list(subjects(head)),
                objects(head),
                *[after(head, p) for p in ("to", "on", "against", "with", "at", "from", "of", "for")],
            ]
        else:
            steps += [
                possessors(head),
                after(head, "by"),
                [a for c in children(head, "acl") for a in subjects(c)],
                modifiers(head),
            ]
            steps += [
                [n for n in after(head, p) if not toward.is_ground(n.head, n, None)]
                for p in ("of", "on", "against", "with", "to", "from", "in", "for", "between", "at")
            ]
        for tokens in steps:
            found = tuple(m for m in self.parties(tokens, loose=True) if m.party not in barred and m.kind != "place")
            if any(m.party for m in found):
                return found
        for tokens in steps[1:] if head.pos_ not in {"VERB", "AUX"} else steps:
            for token in tokens:
                if (
                    token.i != head.i
                    and token.pos_ in {"NOUN", "VERB", "PROPN"}
                    and (found := self._within(token, barred, depth + 1))
                ):
                    return found
        if head.pos_ in {"VERB", "AUX"} or depth < 2:
            for clause in complements(head):
                if clause.i != head.i and (found := self._within(clause, barred, depth + 1)):
                    return found
        return ()

    # -- conditions --------------------------------------------------------------------------------------------

    def holds(self, condition: Condition, token: Token) -> bool:
        """Whether a rule's condition is met at `token`."""
        heads = self.heads(token, condition.slot)
        met = bool(heads)
        if condition.words:
            met = any(self._is_one_of(head, condition.words) for head in heads)
        return met != condition.denied

    def _is_one_of(self, head: Token, wanted: frozenset[str]) -> bool:
        for group in wanted & _GROUPS:
            found = self.parties([head], loose=True)
            if group == "party" and any(m.party for m in found):
                return True
            if group == "person" and any(m.person for m in found):
                return True
            if group == "actor" and found:
                return True
        lemma = head.lemma_.lower()
        if lemma in wanted or head.lower_ in wanted:
            return True
        # "millions of dollars", "a round of talks", "tens of thousands of troops": the noun that is meant.
        return head.pos_ in {"NOUN", "NUM", "PROPN"} and any(
            n.lemma_.lower() in wanted for n in after(head, "of") if head.lemma_.lower() in _MEASURES
        )

    def particle(self, rule: Rule, token: Token) -> bool:
        """Whether a verb has the particle or preposition that its rule names."""
        if not rule.particle:
            return True
        if rule.pos == "NOUN":
            return any(m.lemma_.lower() == rule.particle or m.lower_ == rule.particle for m in modifiers(token))
        following = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
        return following == rule.particle or any(
            child.lower_ == rule.particle and child.dep_ in {"prt", "prep", "advmod"} for child in token.children
        )

    # -- acts --------------------------------------------------------------------------------------------------

    def match(self, token: Token) -> Rule | None:
        """The first rule that holds at `token`, if any."""
        pos = "VERB" if token.pos_ in {"VERB", "AUX"} else token.pos_
        for rule in rules().get((token.lemma_.lower(), pos), ()) or rules().get((token.lower_, pos), ()):
            if self.particle(rule, token) and all(self.holds(c, token) for c in rule.when):
                return rule
        return None

    def fill(
        self, token: Token, slots: str, apart: tuple[Mention, ...] = (), kind: EventType | None = None
    ) -> tuple[Mention, ...]:
        """The parties of a rule's slots: the first that names one, or all joined by `+`.

        Of a recipient `apart` are the actors, and `kind` is the act's type.
        """
        noun = token.pos_ in {"NOUN", "PROPN"}
        barred = {(m.party, m.name) for m in apart}
        unnamed: tuple[Mention, ...] = ()
        for choice in slots.split(","):
            found: list[Mention] = []
            for slot in filter(None, choice.split("+")):
                if slot == "inner":
                    found += self.inner(token, apart, kind)
                else:
                    tokens = self.heads(token, slot)
                    got = self.parties(tokens, loose=slot in {"mod", "poss"} or noun)
                    if slot == "mod":
                        # What stands before a noun acts only where it is a party ("embassy attack" names none).
                        got = tuple(m for m in got if m.party)
                    found += [m for m in got if (m.party, m.name) not in barred or m.party is None]
            if apart:
                found = [m for m in found if not toward.is_own(self.draft, m, apart, kind)]
            if any(m.party for m in found):
                return _each_once([m for m in found if m.party or m.kind != "nominal" or len(found) == 1] or found)
            unnamed = unnamed or _each_once(found)
        if not apart:
            return unnamed or toward.deployed(self.draft, token, kind)
        return (
            unnamed
            or toward.owned(self.draft, token, apart, kind)
            or toward.bound_for(self.draft, token, apart, kind)
            or toward.domestic(self.draft, token, apart, kind)
            or toward.own_town(self.draft, token, apart, kind)
        )

    def act(self, token: Token) -> Act | None:
        """The act at `token`, if the lexicon knows one and the text names a party to it."""
        rule = self.match(token)
        if rule is None or (
            rule.type == "CONSULT" and token.tag_ == "VBN" and token.dep_ in {"acl", "dep", "amod", "advcl"}
        ):
            # "a summit hosted by Oslo": the noun tells of the meeting.
            return None
        if rule.type == "REQUEST" and any(map(is_stated, complements(token))):
            # "insisted that the troops had left" claims; "insisted that they leave" demands.
            return None
        actors = self.fill(token, rule.actor, kind=rule.type)
        recipients = self.fill(token, rule.recipient, actors, rule.type) if rule.recipient else ()
        if not actors and not self.anonymous(rule, token, recipients):
            return None
        if self.spoken_of(rule, token, recipients):
            return None
        kind: EventType = rule.type
        mode = rule.mode
        if rule.lemma == "warn" and rule.type == "THREATEN" and (told := self.warning(token, actors)) is not None:
            if told[0] == "NONE":
                return None
            kind, recipients = told[0], told[1] or recipients
            mode = ("allege",) if kind == "ACCUSE" else ()
        elif rule.type == "PROTEST" and all(m.sector in {"GOV", "IGO"} and m.kind != "people" for m in actors):
            # Manual, ACCUSE: diplomatic protests are ACCUSE disapprove.
            kind, mode = "ACCUSE", ("disapprove",)
        if kind == "THREATEN" and not any(m.party for m in recipients):
            recipients = self.warned(token, actors) or recipients
        if (
            rule.type == "CONSULT"
            and not mode
            and any(t.lower_ in _PHONE for t in token.subtree if abs(t.i - token.i) < 12)
        ):
            mode = ("phone",)
        if rule.type == "CONSULT" and len({m.party for m in actors if m.party}) < 2:
            if token.pos_ in {"NOUN", "PROPN"}:
                actors = _each_once([*self.parties(self.after_which(token)), *actors])
            elif token.dep_ == "relcl" and not any(m.party for m in recipients):
                # "Biden and Putin, who met": not the nearest of them alone.
                actors = _each_once([*self.parties(coordinated(subjects(token))), *actors])
        if rule.symmetric:
            named = {m.party for m in (*actors, *recipients) if m.party}
            if rule.type == "CONSULT" and not named:
                return None
            if rule.type == "CONSULT" and len(named) < 2 and self.draft.parsed[actors[0].head].lower_ == "they":
                # "the hotel where they met": two have met, and only one of them is known.
                return None
            if (
                rule.type == "CONSULT"
                and len(named) < 2
                and token.pos_ == "NOUN"
                and not lights(token)
                and not self.between_fellows(token)
            ):
                return None
        self.take(rule, token)
        return Act(token, rule.lemma, kind, mode, rule.context, actors, recipients, rule.symmetric)

    def between_fellows(self, noun: Token) -> bool:
        """Whether a noun stands between two groups of one state: "talks between the government and the rebels"."""
        return len({(m.party, m.sector) for side in between(noun) for m in self.draft.mentions.get(side.i, ())}) > 1

    @staticmethod
    def spoken_of(rule: Rule, token: Token, recipients: tuple[Mention, ...]) -> bool:
        """Whether a noun only speaks of a verbal act ("Russia's demands") that no verb does here, toward no one."""
        if token.pos_ not in {"NOUN", "PROPN"} or rule.type not in _VERBAL or any(m.party for m in recipients):
            return False
        definite = possessors(token) or any(
            c.lower_ in {"the", "these", "those", "this", "that"} for c in token.children
        )
        return bool(definite) and not lights(token) and not complements(token)

    @staticmethod
    def anonymous(rule: Rule, token: Token, recipients: tuple[Mention, ...]) -> bool:
        """Whether an act counts though the text names no one who does it: violence and force that a party suffers."""
        if token.pos_ not in {"VERB", "AUX"} or not is_passive(token) or subjects(token):
            return False
        return rule.type in {"ASSAULT", "COERCE", "SANCTION", "RETREAT"} and any(m.party for m in recipients)

    def warned(self, token: Token, actors: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """Whom a threat is meant for where it names no one: whoever's doing is its condition."""
        barred = {m.party for m in actors}
        clauses = [token, token.head, *complements(token)]
        for clause in [child for verb in clauses for child in children(verb, "advcl")]:
            if any(m.lower_ in {"if", "unless"} for m in children(clause, "mark")):
                found = tuple(m for m in self.parties(subjects(clause)) if m.party and m.party not in barred)
                if found:
                    return found
        return ()

    @staticmethod
    def after_which(noun: Token) -> list[Token]:
        """Who acts after, during or following a meeting: "agreed after four days of talks" names those who talked."""
        node = noun
        if node.dep_ == "pobj" and node.head.lower_ == "of":
            node = node.head.head
        preposition = node.head
        if (
            node.dep_ == "pobj"
            and preposition.lower_ in {"after", "following", "during"}
            and preposition.head.pos_ in {"VERB", "AUX"}
        ):
            return subjects(preposition.head)
        return []

    def warning(self, token: Token, actors: tuple[Mention, ...]) -> _Told | None:
        """What a warning is that threatens nothing of one's own: a demand, a charge against another, or no act."""
        barred = {m.party for m in actors}
        for clause in children(token, "ccomp"):
            if any(t.lemma_.lower() in _CONSEQUENCES for t in clause.subtree):
                return None
            if any(m.lower_ in {"if", "unless"} for c in children(clause, "advcl") for m in children(c, "mark")):
                return None
            if any(c.dep_ == "aux" and c.lower_ in {"must", "should", "ought"} for c in clause.children):
                return "REQUEST", tuple(m for m in self.parties(subjects(clause)) if m.party not in barred)
            told_of = tuple(m for m in self.parties(children(clause, "nsubj", "nsubjpass")) if m.party)
            if told_of and not any(m.party in barred for m in told_of) and not is_passive(clause):
                return "ACCUSE", told_of
            if not told_of and not self.parties(objects(token)):
                # What is foreseen of things ("prices could rise") is no threat of anyone's.
                return "NONE", ()
        return None

    def take(self, rule: Rule, token: Token) -> None:
        """Nouns that the verb's rule speaks of tell no second act."""
        if token.pos_ not in {"VERB", "AUX"}:
            return
        for condition in rule.when:
            if condition.slot == "obj" and not condition.denied and not condition.words & _GROUPS:
                self.taken |= {head.i for head in objects(token)}

    def all(self) -> list[Act]:
        """The acts of the page in the order of its words, verbs asked before the nouns that they govern."""
        found: list[Act] = []
        tokens = [t for t in self.draft.parsed if t.pos_ in {"VERB", "NOUN", "ADJ", "AUX", "PROPN"}]
        for token in sorted(tokens, key=lambda t: (t.sent.start, t.pos_ in {"NOUN", "PROPN"}, t.i)):
            if token.i in self.taken:
                continue
            act = self.act(token)
            if act is not None:
                found.append(act)
                if (
                    token.pos_ == "NOUN"
                    and (verb := governor(token)) is not None
                    and verb.lemma_.lower() in words("light")
                ):
                    self.taken.add(verb.i)
        return sorted(found, key=lambda a: a.trigger.i)


_MEASURES = words("measure")


def _each_once(mentions: list[Mention]) -> tuple[Mention, ...]:
    seen: dict[tuple[str | None, str | None, int | None], Mention] = {}
    states: set[str] = set()
    for mention in mentions:
        if mention.party and mention.party in states:
            continue
        if mention.party:
            states.add(mention.party)
        seen.setdefault((mention.party, mention.name, None if mention.party else mention.head), mention)
    return tuple(seen.values())


_TOLD_OF: dict[str, frozenset[EventType]] = {
    "demand": frozenset({"REQUEST"}),
    "request": frozenset({"REQUEST"}),
    "call": frozenset({"REQUEST"}),
    "appeal": frozenset({"REQUEST"}),
    "ultimatum": frozenset({"THREATEN", "REQUEST"}),
    "proposal": frozenset({"REQUEST", "AGREE"}),
    "offer": frozenset({"AGREE", "CONCEDE"}),
    "accusation": frozenset({"ACCUSE"}),
    "allegation": frozenset({"ACCUSE"}),
    "charge": frozenset({"ACCUSE"}),
    "claim": frozenset({"ACCUSE"}),
    "criticism": frozenset({"ACCUSE"}),
    "threat": frozenset({"THREATEN"}),
    "warning": frozenset({"THREATEN"}),
    "recognition": frozenset({"SUPPORT"}),
    "sanction": frozenset({"SANCTION"}),
    "measure": frozenset({"SANCTION", "COERCE"}),
    "expulsion": frozenset({"SANCTION", "COERCE"}),
    "attack": frozenset({"ASSAULT"}),
    "strike": frozenset({"ASSAULT"}),
    "invasion": frozenset({"ASSAULT"}),
    "offensive": frozenset({"ASSAULT"}),
    "bombing": frozenset({"ASSAULT"}),
    "shelling": frozenset({"ASSAULT"}),
    "killing": frozenset({"ASSAULT"}),
    "raid": frozenset({"ASSAULT", "COERCE"}),
    "arrest": frozenset({"COERCE"}),
    "exercise": frozenset({"MOBILIZE"}),
    "deployment": frozenset({"MOBILIZE"}),
    "withdrawal": frozenset({"RETREAT", "CONCEDE"}),
    "release": frozenset({"RETREAT"}),
}
"""Nouns that speak again of an act told before, with the types that it can have had."""
_VERBAL = {"REQUEST", "AGREE", "THREATEN", "ACCUSE", "REJECT", "SUPPORT", "CONCEDE"}
_ANSWERS = {"ACCUSE", "REJECT", "SUPPORT", "AGREE", "CONCEDE"}


def _answered(act: Act, earlier: list[Act]) -> tuple[Mention, ...]:
    """Whose act "the demand" or "the attack" was, where the page has told of it: toward whom an answer turns."""
    own = {m.party for m in act.actors}
    nouns = [*objects(act.trigger), *[n for p in prepositions(act.trigger) for n in children(p, "pobj")]]
    for noun in nouns:
        kinds = _TOLD_OF.get(noun.lemma_.lower())
        if kinds is None or not any(
            d.lower_ in {"the", "this", "that", "such", "these", "those"} for d in children(noun, "det", "amod")
        ):
            continue
        for before in reversed(earlier):
            doers = tuple(m for m in before.actors if m.party)
            if before.type in kinds and doers and not any(m.party in own for m in doers):
                return doers
    return ()


def events(draft: Draft) -> None:
    """Find the acts of the page: fills `draft.acts`."""
    draft.acts = sorted([*_Reader(draft).all(), *sayings(draft)], key=lambda act: act.trigger.i)
    draft.acts = unlisted(draft, draft.acts)
    for number, act in enumerate(draft.acts):
        if act.type in _ANSWERS and not any(m.party for m in act.recipients) and not act.symmetric:
            act.recipients = _answered(act, draft.acts[:number]) or act.recipients
    for act in draft.acts:
        side = " and ".join(m.party or "?" for m in act.actors)
        toward = " toward " + " and ".join(m.party or "?" for m in act.recipients) if act.recipients else ""
        draft.decide("events", act.trigger.idx, f"{act.trigger.text!r} is {act.type} by {side}{toward}")
