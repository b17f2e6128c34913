"""Auxiliary modes: whether an act happened, did not, will, might, or lies in the past before the news.

The governors of the act's word are climbed: negation, modals, conditions, intentions, demands, fears, denials and
reports on the way decide. PLOVER's four modes (manual, section Auxiliary modes) as the coding rules settle them:
what a demand, a warning or a denial speaks of is no event of its own, planned cooperation is AGREE, a threatened
sanction is THREATEN.
"""

from datetime import date, timedelta

from spacy.tokens import Token

from detente.model import EventType
from detente.ontology.lexicon import words
from detente.reading.draft import Act, Draft, Mention
from detente.reading.frames import (
    children,
    clause_verb,
    is_infinitive,
    is_passive,
    is_stated,
    misread_subject,
    subjects,
)
from detente.reading.times import tense

HISTORICAL_AFTER = timedelta(days=30)
"""An act dated longer before the article is background (coding rules)."""
_SPEAKS_OF_CONTENT = {"REQUEST", "THREATEN", "AGREE", "REJECT", "CONCEDE"}
"""Types whose complement is what is asked, threatened or promised, not an act done."""
_REFUSABLE = {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"}
"""What will not be done, of these, is refused: REJECT."""
_STANDING = {"accept", "recognize", "recognise", "endorse"}
"""Verbs whose denial in the present is a refusal ("does not accept the result")."""
_FUTURE_COOPERATION = {"CONSULT", "SUPPORT", "COOPERATE", "AID"}
_FUTURE_THREAT = {"SANCTION", "ASSAULT", "COERCE"}
_NEGATIVE = {"not", "n't", "n’t", "never", "no", "neither", "nor"}
_NO = {"no", "neither", "without"}
_MAY = {"may", "might", "could", "can", "would", "should", "must", "ought", "cannot", "ca"}
_WILL = {"will", "shall", "'ll", "’ll", "wo", "gon"}
_IF = {"if", "unless", "whether", "should", "lest", "provided", "supposing", "until"}
_AFTERWARDS = {
    "after",
    "since",
    "following",
    "despite",
    "amid",
    "because",
    "during",
    "over",
    "as",
    "while",
    "when",
    "where",
    "before",
    "though",
    "although",
}


def _lemma(token: Token) -> str:
    return token.lemma_.lower()


class _Status:
    """What climbing from a trigger to its sentence's root has met."""

    def __init__(self) -> None:
        self.negated = False
        self.future = False
        self.hypothetical = False
        self.historical = False
        self.dropped: str | None = None
        self.speaker: Mention | None = None
        self.refusal = False
        self.reasons: list[str] = []

    def note(self, what: str) -> None:
        self.reasons.append(what)


class _Judge:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.acts = {act.trigger.i: act for act in draft.acts}

    def judge(self, act: Act) -> _Status:
        """The status of an act, from its word to the root of its sentence."""
        status = _Status()
        node = act.trigger
        if act.trigger.sent.text.rstrip(" \n\t\"'”’»)").endswith("?"):
            status.dropped = "asked, not told"
            return status
        if act.lemma in {"imperative", "judgement"}:
            # The saying itself is the act: what is asked or judged in it is not weighed as done or not done.
            return status
        self._noun(node, status) if node.pos_ in {"NOUN", "PROPN"} else self._verb(node, status, own=True)
        for _ in range(12):
            if node.head.i == node.i or status.dropped:
                break
            if node.dep_ == "ccomp" and any(t.text == ";" for t in node.doc[node.i : node.head.i]):
                # "Kampala rejects it; it has warned …": two sentences that the parser joined.
                break
            if node.dep_ == "conj" and any(m.dep_ == "mark" and m.lower_ == "that" for m in node.children):
                # "said he asked the council to meet and that he spoke": a second thing said, not asked.
                node = self._said_beside(node)
                continue
            if misread_subject(node) is None:
                self._edge(node, act, status)
            moved = node.head
            # A relative or an adverbial clause is told as a fact of its own, whatever becomes of what it hangs on.
            if (
                node.dep_ in {"relcl", "parataxis"}
                or (node.dep_ == "advcl" and not self._is_result(node))
                or (
                    node.dep_ == "acl"
                    and node.tag_ == "VBN"
                    and moved.pos_ != "PRON"
                    and moved.lower_ not in {"those", "one", "any", "anyone"}
                )
            ):
                break
            if misread_subject(node) is not None:
                break
            if node.dep_ == "conj" and moved.pos_ in {"VERB", "AUX"} and children(node, "aux", "nsubj", "nsubjpass"):
                node = self._past_coordination(node)
                continue
            if (
                moved.pos_ in {"VERB", "AUX"}
                and node.dep_ in {"nsubj", "nsubjpass", "npadvmod"}
                and _lemma(moved) not in (_HAPPENS if node.dep_ != "nsubjpass" else _HAPPENS | words("plan_verb"))
                and node.pos_ in {"NOUN", "PROPN"}
            ):
                # The act is what the sentence speaks about ("the attack may harm trade"), not what its verb does.
                break
            node = moved
        return status

    @staticmethod
    def _said_beside(node: Token) -> Token:
        """The clause under a verb of saying that another "that" clause goes on from."""
        while node.head.i != node.i and node.dep_ in {"conj", "xcomp", "advcl"}:
            node = node.head
        return node

    def _past_coordination(self, node: Token) -> Token:
        """What the first of coordinated verbs hangs on: reports and conditions hold for all of them."""
        while node.dep_ == "conj" and node.head.pos_ in {"VERB", "AUX"}:
            node = node.head
        return node

    @staticmethod
    def _is_result(node: Token) -> bool:
        return any(child.dep_ == "mark" and child.lower_ in _IF for child in node.children)

    # -- nodes ---------------------------------------------------------------------------------------------------

    def _verb(self, verb: Token, status: _Status, *, own: bool = False) -> None:
        for child in verb.children:
            if child.dep_ == "neg" or (child.dep_ in {"advmod", "preconj"} and child.lower_ in _NEGATIVE):
                status.negated = not status.negated
                status.note(f"negated by {child.text!r}")
                if (
                    own
                    and verb.lemma_.lower() in _STANDING
                    and any(c.lower_ in {"do", "does"} for c in children(verb, "aux"))
                ):
                    status.refusal = True
            elif child.dep_ == "advmod" and child.lower_ == "longer" and any(c.lower_ == "no" for c in child.children):
                status.negated = not status.negated
                status.note("negated by 'no longer'")
            elif child.dep_ == "aux" and child.lower_ in _WILL:
                status.future = True
                status.note(f"future by {child.text!r}")
            elif child.dep_ == "aux" and child.lower_ in _MAY:
                self._modal(verb, child, status)
            elif (
                child.dep_ == "mark"
                and child.lower_ in _IF
                and child.i < verb.i
                and not (child.i and child.nbor(-1).lower_ == "even")
            ):
                status.hypothetical = True
                status.dropped = status.dropped or (
                    f"only under the condition {child.text!r}" if child.lower_ != "until" else None
                )
            elif child.dep_ == "dobj" and own and any(d.lower_ in _NO for d in children(child, "det")):
                status.negated = True
                status.note("negated by 'no'")
            elif child.dep_ in {"nsubj", "nsubjpass"} and (
                any(d.lower_ in _NO for d in children(child, "det")) or child.lower_ in {"nobody", "none", "neither"}
            ):
                status.negated = True
                status.note("negated in its subject")
            elif child.dep_ == "advmod" and child.lower_ in {
                "previously",
                "formerly",
                "historically",
                "traditionally",
            }:
                status.historical = True
        if verb.tag_ == "VBG" and any(
            c.lower_ in {"is", "are", "am", "'s", "’re", "'re"} and c.dep_ == "aux" for c in verb.children
        ):
            when = self.draft.time_of(verb)
            if when is not None and self.draft.published is not None and when.start > self.draft.published:
                status.future = True
                status.note("present told of a day to come")
        if (
            any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)
            and verb.head.lemma_ == "be"
            and verb.dep_ == "xcomp"
            and not is_passive(verb.head)
        ):
            if any(c.dep_ == "aux" and c.lower_ == "have" for c in verb.children):
                status.dropped = status.dropped or "was to have happened, and did not"
            status.future = True
            status.note("'is to'")
        inverted = [c for c in verb.children if c.dep_ == "aux" and c.lower_ in {"should", "had", "were"}]
        own_subject = children(verb, "nsubj", "nsubjpass")
        if inverted and own_subject and inverted[0].i < own_subject[0].i and verb.dep_ == "advcl":
            status.dropped = status.dropped or "only under a condition"

    def _modal(self, verb: Token, modal: Token, status: _Status) -> None:
        if modal.lower_ == "would" and self._reported(verb):
            # "said it would send": the future of a past report.
            status.future = True
            status.note("future in reported speech")
        elif modal.lower_ in {"should", "must", "ought"}:
            status.dropped = status.dropped or f"said to be due, not done ({modal.text!r})"
        else:
            status.hypothetical = True
            status.note(f"possible by {modal.text!r}")

    @staticmethod
    def _reported(verb: Token) -> bool:
        node = verb
        for _ in range(6):
            if node.dep_ in {"ccomp", "parataxis"} or node.head.i == node.i:
                break
            node = node.head
        if any(
            child.dep_ == "advcl" and any(m.lower_ == "if" for m in children(child, "mark")) for child in verb.children
        ):
            return False
        return (node.dep_ == "ccomp" and node.head.tag_ in {"VBD", "VBN", "VBG"}) or bool(children(verb, "parataxis"))

    def _noun(self, noun: Token, status: _Status) -> None:
        for child in noun.children:
            lower = child.lower_
            if child.dep_ == "det" and lower == "any":
                status.hypothetical = True
                status.dropped = status.dropped or "spoken of as any such act, not one that happened"
            elif child.dep_ in {"det", "neg"} and lower in _NO:
                status.negated = True
                status.note(f"negated by {child.text!r}")
            elif child.dep_ in {"amod", "compound", "nmod"}:
                if lower in words("planned"):
                    status.future = True
                    status.note(f"future by {child.text!r}")
                elif lower in words("possible"):
                    status.hypothetical = True
                    status.note(f"possible by {child.text!r}")
                elif lower in {"previous", "past", "earlier", "historic", "former"}:
                    status.historical = True
        if noun.dep_ == "pobj" and noun.head.lower_ == "without":
            status.negated = True

    # -- edges ---------------------------------------------------------------------------------------------------

    def _edge(self, node: Token, act: Act, status: _Status) -> None:
        """What `node`'s relation to its head says of the act."""
        head = node.head
        if head.pos_ == "ADP" and head.head.i != head.i:
            if head.head.pos_ == "ADJ" and _lemma(head.head) in words("likely") | words("feared"):
                status.hypothetical = True
            elif node.dep_ == "pcomp" or node.dep_ == "pobj":
                self._governed(head, head.head, act, status, preposition=head.lower_)
            return
        if head.pos_ in {"VERB", "AUX"}:
            if node.dep_ in {
                "xcomp",
                "ccomp",
                "dobj",
                "acl",
                "oprd",
                "attr",
                "nsubjpass",
                "advcl",
                "conj",
                "pcomp",
                "prep",
                "nsubj",
            }:
                self._governed(node, head, act, status, preposition=None)
            elif node.dep_ == "acomp":
                # "is not ready to negotiate": what is said of the state is said of the act.
                self._verb(head, status)
            return
        if head.pos_ == "ADJ" and node.dep_ in {"xcomp", "ccomp", "acl"}:
            lower = _lemma(head)
            if lower in words("likely"):
                status.hypothetical = True
            elif lower in words("due"):
                status.future = True
            elif lower in words("unwilling"):
                status.negated = not status.negated
            elif lower in words("willing"):
                status.future = True
            elif lower in words("feared") or is_infinitive(node):
                # "hard to return": what is weighed has not been done; "too early to talk": it is put off.
                if any(c.lower_ == "too" for c in head.children):
                    status.negated, status.refusal = True, True
                else:
                    status.hypothetical = True
            return
        if head.pos_ in {"NOUN", "PROPN"}:
            if node.dep_ == "acl" and node.tag_ == "VB":
                self._noun_complement(head, act, status)
            self._noun(head, status) if node.dep_ in {"acl", "prep"} else None

    def _noun_complement(self, head: Token, act: Act, status: _Status) -> None:
        lemma = _lemma(head)
        governing = self.acts.get(head.i)
        if governing is not None and governing.type in _SPEAKS_OF_CONTENT:
            status.dropped = status.dropped or f"the content of {head.text!r}"
        elif lemma in words("demanding"):
            status.dropped = status.dropped or f"asked for by {head.text!r}, not done"
        elif lemma in words("denying"):
            status.negated = not status.negated
        elif lemma in words("deciding"):
            # To decide a measure of one's own is to take it; what is decided of deeds is still to be done.
            status.future = status.future or act.type not in {"SANCTION", "COERCE"}
            status.note(f"decided ({head.text!r})")
        else:
            status.hypothetical = True
            status.note(f"intended ({head.text!r})")

    def _governed(self, node: Token, head: Token, act: Act, status: _Status, preposition: str | None) -> None:
        """What the verb or noun above says of the act: it asks for it, denies it, plans it, fears it, reports it."""
        lemma = _lemma(head)
        if head.pos_ in {"NOUN", "PROPN"}:
            if preposition in {"of", "for", "to", "about", "over", "against", "on"}:
                governing = self.acts.get(head.i)
                if governing is not None and governing.type in _SPEAKS_OF_CONTENT and governing is not act:
                    status.dropped = status.dropped or f"the content of {head.text!r}"
                elif lemma in words("demanding") | words("feared_noun"):
                    status.dropped = status.dropped or f"spoken of as {head.text!r}, not done"
                elif lemma in words("intending") | words("deciding"):
                    status.hypothetical = lemma in words("intending")
                    status.future = status.future or lemma in words("deciding")
                elif lemma in words("denying"):
                    status.negated = not status.negated
            return
        if head.pos_ not in {"VERB", "AUX"}:
            return
        if preposition in _AFTERWARDS or (
            node.dep_ == "advcl" and any(c.lower_ in _AFTERWARDS for c in children(node, "mark", "advmod"))
        ):
            return
        if node.dep_ == "advcl" and node.tag_ != "VB":
            return
        if node.dep_ == "advcl" and is_infinitive(node) and head.i not in self.acts and lemma not in words("plan_verb"):
            status.dropped = status.dropped or "a purpose, not a deed"
            return
        if node.dep_ == "conj":
            if not children(node, "aux", "nsubj", "nsubjpass", "neg"):
                self._verb(head, status)
                if any(c.dep_ == "neg" for c in head.children) and not any(
                    t.lower_ in {"or", "nor"} for t in head.children
                ):
                    # "did not agree but left": the negation stays with the first verb.
                    status.negated = not status.negated if status.negated else status.negated
            return
        governing = self.acts.get(head.i)
        content = node.dep_ in {"xcomp", "ccomp", "dobj", "pcomp", "acl", "advcl", "oprd"} or preposition is not None
        if governing is not None and governing is not act and content and node.dep_ not in {"nsubj", "nsubjpass"}:
            if governing.type == "SANCTION" and node.dep_ == "dobj" and act.type == "CONSULT":
                status.dropped = status.dropped or f"broken off ({head.text!r})"
                return
            if governing.type in _SPEAKS_OF_CONTENT and not self._factual(head, preposition):
                status.dropped = status.dropped or f"the content of {head.text!r}"
                return
            if governing.type == "ACCUSE" and (preposition in {"of", "for", "with"} or node.dep_ in {"ccomp", "xcomp"}):
                status.speaker = status.speaker or (governing.actors[0] if governing.actors else None)
                if lemma in {"deny", "dispute"}:
                    status.dropped = status.dropped or f"denied ({head.text!r})"
                    return
        if node.dep_ == "nsubj" and lemma not in _HAPPENS:
            return
        if node.dep_ == "nsubjpass" and lemma not in _HAPPENS | words("plan_verb") | words("not_verb"):
            return
        self._by_lemma(node, head, lemma, act, status)

    @staticmethod
    def _factual(head: Token, preposition: str | None) -> bool:
        return preposition in {"over", "after", "for"} and _lemma(head) in {"apologize", "apologise", "pardon"}

    def _by_lemma(self, node: Token, head: Token, lemma: str, act: Act, status: _Status) -> None:
        clause = node.dep_ in {"xcomp", "ccomp", "pcomp", "advcl", "parataxis"} or node.pos_ == "ADP"
        if lemma in {"have", "be"} and any(c.lower_ == "yet" for c in head.children) and is_infinitive(node):
            status.negated = not status.negated
            status.note("yet to be done")
        elif lemma in words("deny_verb"):
            status.dropped = status.dropped or f"denied or excluded ({head.text!r})"
        elif lemma in words("not_verb"):
            status.negated = not status.negated
            status.note(f"not done by {head.text!r}")
        elif lemma in words("plan_verb"):
            status.future = True
            status.note(f"planned by {head.text!r}")
        elif lemma in words("wish_verb") or lemma == "look":
            status.hypothetical = True
            if any(c.dep_ == "neg" for c in head.children):
                status.refusal = True
            status.note(f"wished by {head.text!r}")
        elif lemma in words("demand_verb") and not is_stated(node):
            status.dropped = status.dropped or f"asked for by {head.text!r}, not done"
        elif lemma in words("fear_verb") and clause:
            status.hypothetical = True
            status.dropped = status.dropped or f"feared or foreseen by {head.text!r}"
        elif (
            node.dep_ == "xcomp"
            and is_infinitive(node)
            and lemma not in _IMPLIES
            and lemma not in words("say")
            and head.pos_ == "VERB"
        ):
            status.hypothetical = True
            status.note(f"not said to have come about ({head.text!r})")
        elif lemma in words("say") and clause:
            named = self.draft.of(subjects(head))
            if named and status.speaker is None:
                status.speaker = named[0]
        elif lemma in words("think") and clause:
            named = self.draft.of(subjects(head))
            status.speaker = status.speaker or (named[0] if named else None)
        if node.dep_ == "ccomp" and not is_infinitive(node):
            # What a report does not say ("has not commented") is not thereby said not to be so.
            for child in children(head, "mark"):
                if child.lower_ in {"if", "unless", "until"} and child.i < head.i:
                    status.dropped = status.dropped or f"only under the condition {child.text!r}"
            if lemma in words("think") and any(c.dep_ == "neg" for c in head.children):
                status.dropped = status.dropped or f"not believed ({head.text!r})"
            return
        self._verb(head, status)


_IMPLIES = frozenset(
    [
        "begin",
        "start",
        "continue",
        "resume",
        "manage",
        "come",
        "go",
        "proceed",
        "get",
        "help",
        "use",
        "keep",
        "dare",
        "bother",
        "opt",
        "choose",
        "move",
        "rush",
        "hurry",
        "see",
        "serve",
        "work",
        "step",
        "appear",
        "seem",
        "vote",
        "stand",
        "join",
        "turn",
        "do",
        "have",
        "be",
    ]
)
"""Verbs whose infinitive is told as done."""
_HAPPENS = frozenset(
    {
        "happen",
        "occur",
        "take",
        "be",
        "begin",
        "start",
        "continue",
        "resume",
        "end",
        "follow",
        "last",
        "fail",
        "collapse",
        "open",
        "conclude",
        "go",
        "kill",
        "come",
        "remain",
    }
)


def _tell_history(draft: Draft, judged: list[tuple[Act, _Status]]) -> None:
    """History is told on: after a dated act of the past, its paragraph's undated simple pasts are history too."""
    if draft.published is None:
        return
    text = draft.overlay.mended
    telling: int | None = None
    for act, status in sorted(judged, key=lambda pair: pair[0].trigger.i):
        paragraph = text.rfind("\n", 0, act.trigger.idx)
        when = act.when
        if when is not None:
            telling = (
                paragraph
                if when.end < draft.published - HISTORICAL_AFTER and clause_verb(act.trigger).tag_ == "VBD"
                else None
            )
        elif (
            telling == paragraph
            and clause_verb(act.trigger).tag_ in {"VBD", "VBN"}
            and not any(c.lower_ in {"has", "have"} for c in clause_verb(act.trigger).children)
            and status.speaker is None
        ):
            status.historical = True
            status.note("told on from a dated past")


def _settle(act: Act, status: _Status, published: date | None) -> None:
    """Turn what was met into the one type and auxiliary that the coding rules ask for."""
    when = act.when
    past = when is not None and published is not None and when.end < published - HISTORICAL_AFTER
    coming = when is not None and published is not None and when.start > published and when.text is not None
    if coming and tense(clause_verb(act.trigger)) == "past":
        # A past tense tells of no day to come: the day belongs to another clause.
        act.when, coming = None, False
    act.claimed_by = status.speaker
    act.dropped = status.dropped
    if status.negated and act.type in _REFUSABLE and (status.future or status.refusal):
        act.type, act.auxiliary, act.mode = "REJECT", None, ()
        act.status = "fact"
        return
    if status.negated:
        act.auxiliary = "negation"
    elif status.hypothetical:
        act.auxiliary = "hypothetical"
    elif status.future or (coming and not past):
        act.auxiliary = "future"
    elif past or status.historical:
        act.auxiliary = "historical"
    act.status = act.auxiliary or "fact"
    planned = act.auxiliary == "future" and not status.negated
    if planned and act.type in _FUTURE_COOPERATION:
        act.meeting = act.type == "CONSULT"
        act.type, act.auxiliary = "AGREE", None
        act.mode = ()
    elif act.type in _FUTURE_THREAT and act.auxiliary in {"future", "hypothetical"}:
        _threaten(act, status)
    elif act.type == "RETREAT" and planned:
        act.type = "CONCEDE" if act.trigger.pos_ in {"VERB"} and status.speaker is not None else act.type
        act.auxiliary = None if act.type == "CONCEDE" else "future"


def _threaten(act: Act, status: _Status) -> None:
    """One's own announced measure is a threat; what others foresee of it is no event."""
    speaker = status.speaker
    own = speaker is None or speaker.party is None or any(m.party == speaker.party for m in act.actors)
    if act.auxiliary == "hypothetical" and act.trigger.dep_ in {"acl", "relcl", "amod"}:
        act.dropped = act.dropped or "told of what might be so"
    elif act.type == "SANCTION" or (own and speaker is not None):
        threat: EventType = "THREATEN"
        act.mode = {"SANCTION": ("restrict",), "ASSAULT": ("violence",), "COERCE": ("restrict",)}[act.type]
        act.type, act.auxiliary = threat, None
    elif act.auxiliary == "hypothetical" or not own:
        act.dropped = act.dropped or "foreseen by others, not threatened"


def auxiliary(draft: Draft) -> None:
    """Decide of each act whether it happened; acts that are none get their reason in `dropped`."""
    judge = _Judge(draft)
    for act in draft.acts:
        act.when = draft.time_of(act.trigger if act.said_by is None else act.said_by)
    judged = [(act, judge.judge(act)) for act in draft.acts]
    _tell_history(draft, judged)
    for act, status in judged:
        _settle(act, status, draft.published)
        told = "; ".join(status.reasons)
        draft.decide(
            "auxiliary",
            act.trigger.idx,
            f"{act.trigger.text!r}: {act.dropped or act.auxiliary or 'happened'}{' (' + told + ')' if told else ''}",
        )
