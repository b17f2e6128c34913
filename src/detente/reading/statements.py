"""Statements: the stretches given as someone's words or view, direct and reported, with speaker and cue.

A direct one lies inside quotation marks (from four words on where the sentence also reports); a reported one is the
clause that a verb of saying or thinking governs, or what "according to" goes with. A quotation that runs over
several sentences is one statement, to its closing mark.
"""

import re
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from detente.ontology.lexicon import words
from detente.reading.draft import Draft, Mention, Said
from detente.reading.frames import after, children, datives, modifiers, possessors, subjects

_OPENING = "“«„"
_CLOSING = "”»"
_MAX_QUOTATION = 3000
_NOT_SAID = {
    "after",
    "before",
    "if",
    "when",
    "while",
    "because",
    "as",
    "since",
    "until",
    "unless",
    "why",
    "how",
    "where",
    "whether",
    "though",
    "although",
    "once",
}
"""Words that open a clause beside what is said, or a question, rather than what is said."""
_ASKING = {
    "demand",
    "ask",
    "urge",
    "propose",
    "order",
    "call",
    "charge",
    "accuse",
    "counsel",
    "request",
    "see",
    "know",
    "consider",
}
"""Verbs whose clause is what is asked, charged or known, not what is said."""
_MIN_PART = 4
"""Words from which a quoted part of a reported sentence is a statement of its own (coding rules)."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between quotation marks: characters `start` to `end`, the marks left out."""

    start: int
    end: int


def quotations(text: str) -> list[Quotation]:
    """The quotations of a text, in order, none inside another; a mark that is never closed ends with its paragraph."""
    found: list[Quotation] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char in _OPENING or char == '"':
            closing = _CLOSING + "“" if char in _OPENING else '"'
            paragraph = text.find("\n\n", at + 1)
            limit = min(paragraph if paragraph >= 0 else len(text), at + _MAX_QUOTATION)
            # A quotation that goes on in the next paragraph opens there again without having been closed.
            end = next((i for i in range(at + 1, limit) if text[i] in closing), -1)
            if end < 0 and char == '"':
                at += 1
                continue
            stop = end if end >= 0 else limit
            inner = text[at + 1 : stop]
            start = at + 1 + len(inner) - len(inner.lstrip())
            stop_trimmed = start + len(inner.strip())
            if stop_trimmed > start:
                found.append(Quotation(start, stop_trimmed))
            at = stop + 1
        else:
            at += 1
    return found


def _count(text: str) -> int:
    return len(_WORD.findall(text))


def _cue_span(verb: Token) -> tuple[int, int]:
    """The words that attribute: the verb, and whom it is said to."""
    right = verb.i + 1
    for child in verb.children:
        if child.i == right and child.dep_ in {"prt", "dobj", "dative"} and child.right_edge.i - child.i <= 2:
            right = child.right_edge.i + 1
    left = min([verb.i, *[c.i for c in children(verb, "aux", "neg") if c.i >= verb.i - 3]])
    return left, right


def _speakers(draft: Draft, verb: Token) -> tuple[Mention, ...]:
    named = subjects(verb)
    return draft.of(named) or _owners(draft, named)


def _owners(draft: Draft, named: list[Token]) -> tuple[Mention, ...]:
    """Whose words a statement, a report or an account is ("the court's ruling said", "an army statement")."""
    for noun in named:
        if noun.pos_ != "NOUN":
            continue
        own = draft.of([*possessors(noun), *after(noun, "by"), *after(noun, "from")]) or tuple(
            m for t in modifiers(noun) if (m := draft.national(t)) is not None
        )
        if own:
            return own
    return ()


def _addressees(draft: Draft, verb: Token) -> tuple[Mention, ...]:
    named = (
        children(verb, "dobj") if verb.lemma_ in {"tell", "inform", "assure", "warn", "ask", "remind", "brief"} else []
    )
    return draft.of([*named, *datives(verb), *after(verb, "to")])


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in ",;:—–-"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:—–-"):
        end -= 1
    return start, end


class _Finder:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.doc: Doc = draft.parsed
        self.text = draft.overlay.mended
        self.quotations = quotations(self.text)
        self.last_speakers: tuple[Mention, ...] = ()

    def _quoted(self, token: Token) -> Quotation | None:
        return next((q for q in self.quotations if q.start <= token.idx < q.end), None)

    # -- direct ------------------------------------------------------------------------------------------------

    def _outside(self, quotation: Quotation) -> list[Token]:
        """The verbs of saying outside any quotation, in the sentences that the quotation touches, nearest first."""
        span = self.doc.char_span(quotation.start, quotation.end, alignment_mode="expand")
        if span is None:
            return []
        first, last = span[0].sent.start, span[-1].sent.end
        tokens = [t for t in self.doc[first:last] if t.pos_ in {"VERB", "AUX"} and self._quoted(t) is None]
        verbs = [
            t
            for t in tokens
            if t.lemma_.lower() in words("say") | words("think") or (t.lemma_ in {"tell", "write", "call"})
        ]
        return sorted(verbs, key=lambda t: min(abs(t.idx - quotation.start), abs(t.idx - quotation.end)))

    def direct(self) -> list[Said]:
        found: list[Said] = []
        for quotation in self.quotations:
            length = _count(self.text[quotation.start : quotation.end])
            if length < _MIN_PART and not self._whole(quotation):
                continue
            said = self._attribute(quotation)
            if said is not None:
                found.append(said)
                self.last_speakers = said.speakers
        return found

    def _whole(self, quotation: Quotation) -> bool:
        """Whether a quotation is a sentence of its own ("Never," he said), not a scare-quoted word."""
        text = self.text
        before = text[: quotation.start - 1].rstrip()[-1:] if quotation.start else ""
        return (
            text[quotation.start].isupper()
            and before in {"", ".", "!", "?", "\n", ",", ":", "”", '"'}
            and text[quotation.end - 1] in ",.!?"
        )

    def _attribute(self, quotation: Quotation) -> Said | None:
        verbs = self._outside(quotation)
        for verb in verbs[:3]:
            speakers = _speakers(self.draft, verb)
            named = subjects(verb)
            if speakers or named:
                left, right = _cue_span(verb)
                shown = speakers or (_unknown(named[0]),)
                return Said(
                    quotation.start,
                    quotation.end,
                    True,
                    shown,
                    self.doc[left:right],
                    verb,
                    _addressees(self.draft, verb),
                )
        source = self._according(quotation.start)
        if source is not None:
            preposition, speakers = source
            return Said(
                quotation.start, quotation.end, True, speakers, self.doc[preposition.i : preposition.i + 2], None
            )
        # "The minister: '…'", or a paragraph that goes on quoting whoever spoke last.
        opening = self.text[: quotation.start].rstrip('“«„" ')
        if opening.endswith(":"):
            before = self.doc.char_span(max(0, quotation.start - 80), quotation.start, alignment_mode="contract")
            heads = [t for t in before or [] if t.i in self.draft.mentions and t.sent.end > 0]
            if heads:
                return Said(quotation.start, quotation.end, True, self.draft.of([heads[-1]]), None, None)
        alone = not opening or opening.endswith(("\n", ".", "”", '"', "!", "?"))
        if alone and self.last_speakers:
            return Said(quotation.start, quotation.end, True, self.last_speakers, None, None)
        span = self.doc.char_span(quotation.start, quotation.end, alignment_mode="expand")
        if span is not None and not alone:
            # Words quoted inside a sentence of the page's own: whoever is its subject speaks them.
            outside = [t for t in span[0].sent if self._quoted(t) is None and t.dep_ in {"nsubj", "nsubjpass"}]
            speakers = self.draft.of(outside[:1])
            if speakers:
                return Said(quotation.start, quotation.end, True, speakers, None, None)
        return None

    def _according(self, at: int) -> tuple[Token, tuple[Mention, ...]] | None:
        span = self.doc.char_span(at, at + 1, alignment_mode="expand")
        if span is None:
            return None
        for token in span[0].sent:
            if token.lower_ == "according" and self._quoted(token) is None:
                nouns = after(token, "to") or [n for c in token.children for n in children(c, "pobj")]
                if nouns:
                    return token, self.draft.of(nouns) or (_unknown(nouns[0]),)
        return None

    # -- reported ----------------------------------------------------------------------------------------------

    def reported(self) -> list[Said]:
        found: list[Said] = []
        for token in self.doc:
            if token.lower_ == "according" and self._quoted(token) is None:
                source = self._according(token.idx)
                if source is not None:
                    found.append(self._rest_of_sentence(token, source[1]))
                continue
            if token.pos_ not in {"VERB", "AUX"} or self._quoted(token) is not None:
                continue
            lemma = token.lemma_.lower()
            if (lemma not in words("say") and lemma not in words("think")) or lemma in _ASKING:
                continue
            found += self._of_verb(token)
        return [said for said in found if said.end > said.start]

    def _of_verb(self, verb: Token) -> list[Said]:
        named = subjects(verb)
        clauses = children(verb, "ccomp")
        if not clauses and verb.dep_ == "parataxis":
            clauses = [verb.head]
        if not clauses and verb.lemma_ in {"call", "describe", "condemn", "denounce"}:
            return []
        clauses = [
            c
            for c in clauses
            if not any(
                m.dep_ in {"mark", "advmod"}
                and m.lower_ in _NOT_SAID
                and m.i < c.i
                and not (m.lower_ == "whether" and verb.lemma_ in {"doubt", "wonder", "question"})
                for m in c.children
            )
        ]
        if not named or not clauses:
            return []
        if named[0].pos_ == "PRON" and named[0].lower_ in {"i", "we", "you"}:
            return []
        if named[0].i in self.draft.mentions and self.draft.mentions[named[0].i][0].kind == "place":
            return []
        speakers = _speakers(self.draft, verb) or (_unknown(named[0]),)
        left, right = _cue_span(verb)
        said: list[Said] = []
        for clause in clauses:
            start, end = self._extent(clause, verb)
            inside = [q for q in self.quotations if q.start >= start - 2 and q.end <= end + 2]
            quoted = sum(_count(self.text[q.start : q.end]) for q in inside)
            if inside and _count(self.text[start:end]) - quoted < 2:
                # The whole of it is in quotation marks: it is direct, and told as such.
                continue
            said.append(Said(start, end, False, speakers, self.doc[left:right], verb, _addressees(self.draft, verb)))
        return said

    def _extent(self, clause: Token, verb: Token) -> tuple[int, int]:
        if verb.is_ancestor(clause):
            left, right = clause.left_edge.i, clause.right_edge.i
        else:
            # The reporting verb stands inside what it reports ("…, he said, …"): the longer side of it.
            under = {t.i for t in verb.subtree}
            own = [t for t in clause.subtree if t.i not in under]
            before = [t for t in own if t.i < verb.i]
            behind = [t for t in own if t.i > verb.i]
            side = before if len(before) >= len(behind) else behind
            left, right = min(t.i for t in side) if side else clause.i, max(t.i for t in side) if side else clause.i
        mark = [t for t in clause.children if t.dep_ == "mark" and t.lower_ == "that"]
        if mark and mark[0].i == left:
            left += 1
        last = self.doc[right]
        start, end = _trim(self.text, self.doc[left].idx, last.idx + len(last))
        if end > start and self.text[end - 1] in ".!?":
            end -= 1
        return start, end

    def _rest_of_sentence(self, token: Token, speakers: tuple[Mention, ...]) -> Said:
        sentence = token.sent
        right = token.right_edge.i
        before = (self.doc[sentence.start].idx, token.idx)
        last = self.doc[sentence.end - 1]
        behind = (self.doc[right].idx + len(self.doc[right]), last.idx + len(last))
        start, end = _trim(self.text, *(before if before[1] - before[0] >= behind[1] - behind[0] else behind))
        if end > start and self.text[end - 1] in ".!?":
            end -= 1
        return Said(start, end, False, speakers, self.doc[token.i : token.i + 2], None)


def _unknown(token: Token) -> Mention:
    """A speaker whose party the text does not give."""
    return Mention(token.i, token.left_edge.i, token.i + 1, "nominal")


_FIRST = {"i", "me", "my", "we", "us", "our", "myself", "ourselves"}
_SECOND = {"you", "your", "yourself", "yourselves"}


def _name_first_person(draft: Draft, said: Said) -> None:
    """Inside a quotation "I" and "we" are whoever speaks, "you" whoever is spoken to."""
    span = draft.parsed.char_span(said.start, said.end, alignment_mode="expand")
    for token in span or ():
        if token.text == "US":
            continue
        known = said.speakers if token.lower_ in _FIRST else said.addressees if token.lower_ in _SECOND else ()
        meant = tuple(replace(m, head=token.i, kind="pronoun") for m in known if m.party or m.name)
        if meant:
            draft.mentions[token.i] = meant


def _labels(speakers: tuple[Mention, ...]) -> str:
    return ", ".join(m.name or m.party or "?" for m in speakers)


def statements(draft: Draft) -> None:
    """Find what is said, and by whom: fills `draft.said`."""
    finder = _Finder(draft)
    found = finder.direct() + finder.reported()
    draft.said = sorted(found, key=lambda s: (s.start, s.end))
    for said in draft.said:
        _name_first_person(draft, said)
    for said in draft.said:
        cue = said.cue.text if said.cue is not None else "the quotation marks"
        draft.decide(
            "statements",
            said.start,
            f"{'direct' if said.direct else 'reported'} by {_labels(said.speakers)} from {cue!r}",
        )
