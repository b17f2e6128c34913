"""What one reading works on: the article, its parse, and what each step has found so far.

Private to the reading floor. Steps fill it in the order of `pipeline.py`; only `assemble.py` turns it into the
frozen nouns of `model.py`. Offsets here count characters of the mended text; tokens are spaCy's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Doc, Span, Token

from detente.model import (
    Article,
    Auxiliary,
    CommitmentKind,
    Entity,
    EventType,
    Level,
    Medium,
    MeetingStatus,
    Place,
    Repair,
    When,
)
from detente.reading.coder.report import CoderReport
from detente.reading.frames import children, clause_verb
from detente.reading.overlay import Overlay

_LISTED = {"state", "capital", "organisation", "group", "dependency", "people", "person"}
_LONGEST_LIST = 12


@dataclass(frozen=True, slots=True)
class Mention:
    """A party where the text speaks of it, headed by token `head`, named by tokens `left` to `right` (end exclusive).

    Of a pronoun the head is the pronoun, and the tokens are those of the name that it stands for.
    """

    head: int
    left: int
    right: int
    kind: str
    party: str | None = None
    sector: str | None = None
    name: str | None = None
    role: str | None = None
    person: bool = False
    plural: bool = False
    inferred: bool = False
    """Whether the party is no word's of the mention itself, but what the page or the sentence is about."""

    @property
    def key(self) -> tuple[str | None, str | None]:
        """What makes two mentions the same party and person."""
        return self.party, self.name


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression: tokens `left` to `right`, and the days it names."""

    left: int
    right: int
    when: When
    verb: int
    """Token of the verb whose clause it stands in."""
    noun: int | None = None
    """Token of the noun that it dates, where it stands before one ("the 2015 deal")."""


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place where something may have happened."""

    left: int
    right: int
    place: Place
    verb: int


@dataclass(slots=True)
class Said:
    """A statement as found: characters `start` to `end` of the mended text."""

    start: int
    end: int
    direct: bool
    speakers: tuple[Mention, ...]
    cue: Span | None
    verb: Token | None
    addressees: tuple[Mention, ...] = ()


@dataclass(slots=True)
class Act:
    """A candidate event, from its trigger to what later steps decide of it."""

    trigger: Token
    lemma: str
    type: EventType
    mode: tuple[str, ...]
    context: tuple[str, ...]
    actors: tuple[Mention, ...]
    recipients: tuple[Mention, ...]
    symmetric: bool
    auxiliary: Auxiliary | None = None
    claimed_by: Mention | None = None
    when: When | None = None
    where: Place | None = None
    confidence: float = 0.0
    status: str = "fact"
    dropped: str | None = None
    """Why the candidate is no event, where it is none."""
    meeting: bool = False
    said_by: Token | None = None
    """The verb of saying, where the act lies in what is said."""
    second: bool = False
    """Whether the act is as the second reader read it."""
    sure: float | None = None
    """The classifier's probability of the type, where it alone knows the act."""
    id: str = ""


@dataclass(slots=True)
class Pledge:
    """A commitment as found, on the act that makes it."""

    kind: CommitmentKind
    act: Act
    what: str
    condition: str | None
    due: When | None


@dataclass(slots=True)
class Encounter:
    """A meeting as found, on the act that tells of it."""

    act: Act
    status: MeetingStatus
    medium: Medium | None
    level: Level | None
    minutes: float | None


@dataclass(slots=True)
class Draft:
    """The state of one reading."""

    article: Article
    published: date | None
    repairs: list[Repair] = field(default_factory=list)
    overlay: Overlay = field(default_factory=lambda: Overlay(""))
    doc: Doc | None = None
    unread: str | None = None
    mentions: dict[int, tuple[Mention, ...]] = field(default_factory=dict)
    """By the token that heads them; coordinated adjectives and pronouns may stand for several parties."""
    nationals: dict[int, Mention] = field(default_factory=dict)
    """States, organisations and groups named by a modifier, which heads no noun phrase of its own."""
    times: list[TimeMention] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    least: float = 0.0
    """Acts less likely than this are left out."""
    pledges: list[Pledge] = field(default_factory=list)
    encounters: list[Encounter] = field(default_factory=list)
    coded: CoderReport | None = None
    """What the second reader was asked and answered, where there is one."""
    decisions: list[tuple[str, int, str]] = field(default_factory=list)
    """What each step decided: (step, character of the mended text, words); what `detente explain` shows."""

    @property
    def parsed(self) -> Doc:
        """The parse. Raises ValueError before it has been made."""
        if self.doc is None:
            raise ValueError("the page has not been parsed yet")
        return self.doc

    def decide(self, step: str, at: int, what: str) -> None:
        """Keep what a step decided about the place `at`."""
        self.decisions.append((step, at, what))

    def of(self, tokens: list[Token]) -> tuple[Mention, ...]:
        """The parties that the tokens head, each once, in order."""
        seen: dict[tuple[str | None, str | None, int | None], Mention] = {}
        for token in self._spread(tokens):
            for mention in self.mentions.get(token.i, ()):
                seen.setdefault((mention.party, mention.name, None if mention.party else mention.head), mention)
        return tuple(seen.values())

    def _spread(self, tokens: Iterable[Token], depth: int = 0) -> Iterator[Token]:
        """The tokens, and the other states of a list that the parser took for an apposition ("Oman, Qatar, Iran")."""
        for token in tokens:
            yield token
            own = {m.party for m in self.mentions.get(token.i, ()) if m.kind in _LISTED}
            if not own or depth > _LONGEST_LIST:
                continue
            for child in children(token, "appos", "conj"):
                if any(m.kind in _LISTED and m.party not in own for m in self.mentions.get(child.i, ())):
                    yield from self._spread([child], depth + 1)

    def time_of(self, token: Token) -> When | None:
        """The days named in the clause of `token`: by an expression within its phrase, else by one with its verb.

        A verb without one shares that of the verb it is coordinated with, or that it is told together with ("meeting
        on Tuesday, the council condemned", "in 2014, when envoys were recalled").
        """
        own = {t.i for t in token.subtree} if token.pos_ in {"NOUN", "PROPN"} else set()
        verb = clause_verb(token)
        within = [t for t in self.times if t.left in own and t.noun in {None, token.i}]
        named = within or self._beside(verb)
        node = verb
        for _ in range(3):
            if named:
                break
            if node.dep_ == "conj" and node.head.pos_ in {"VERB", "AUX"} and not children(node, "nsubj", "nsubjpass"):
                node = node.head
            elif (node.dep_ == "advcl" and node.tag_ in {"VBG", "VBN"}) or (
                node.dep_ in {"advcl", "relcl"} and any(c.lower_ == "when" for c in node.children)
            ):
                node = clause_verb(node.head)
            else:
                break
            named = self._beside(node)
        if not named:
            named = [
                t for c in children(verb, "advcl") if c.tag_ in {"VBG", "VBN"} and c.i < verb.i for t in self._beside(c)
            ]
        if not named:
            return None
        return min(named, key=lambda t: (t.when.precision == "vague", abs(t.left - token.i))).when

    def _beside(self, verb: Token) -> list[TimeMention]:
        return [t for t in self.times if t.verb == verb.i and t.noun is None]

    def national(self, token: Token) -> Mention | None:
        """The state, organisation or group that an adjective or a noun modifier names ("Russian", "the EU's")."""
        return self.nationals.get(token.i)

    def entity(self, mention: Mention) -> Entity:
        """A mention as the model's noun, its offsets in the article's own text."""
        doc = self.parsed
        begin = doc[mention.left].idx
        last = doc[mention.right - 1]
        start, end = self.overlay.source(begin, last.idx + len(last))
        return Entity(
            text=self.article.text[start:end],
            start=start,
            end=end,
            party=mention.party,
            sector=mention.sector,
            name=mention.name,
            role=mention.role,
        )
