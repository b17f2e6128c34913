"""The reading of an article, step by step. To see it is to read `STEPS`; each step is a module with one function."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from detente.model import Article, Reading
from detente.reading.assemble import assemble
from detente.reading.auxiliary import auxiliary
from detente.reading.commitments import commitments
from detente.reading.confidence import EVEN, confidence
from detente.reading.coreference import coreference
from detente.reading.draft import Draft
from detente.reading.events import events
from detente.reading.language import language
from detente.reading.meetings import meetings
from detente.reading.merging import merging
from detente.reading.parties import parties
from detente.reading.places import places
from detente.reading.repair import repair
from detente.reading.statements import statements
from detente.reading.syntax import syntax
from detente.reading.times import times

Step = Callable[[Draft], None]

STEPS: tuple[tuple[str, Step], ...] = (
    ("language", language),
    ("repair", repair),
    ("syntax", syntax),
    ("parties", parties),
    ("coreference", coreference),
    ("times", times),
    ("places", places),
    ("statements", statements),
    ("events", events),
    ("auxiliary", auxiliary),
    ("confidence", confidence),
    ("merging", merging),
    ("commitments", commitments),
    ("meetings", meetings),
)
"""The steps in their order; `syntax` tells the sentences and parses them, once a page."""
_BOUNDED = [name for name, _ in STEPS].index("confidence")
"""The first step that asks how likely an event must be."""
CODER_AFTER = "confidence"
"""The step after which a second reader is asked, where one is set: the built-in reading of each sentence is then whole,
and merging, commitments and meetings work on what both have come to."""


def steps(coder: Step | None = None) -> tuple[tuple[str, Step], ...]:
    """STEPS, and `coder` in its place among them where there is one."""
    if coder is None:
        return STEPS
    at = [name for name, _ in STEPS].index(CODER_AFTER) + 1
    return (*STEPS[:at], ("coder", coder), *STEPS[at:])


@dataclass(frozen=True, slots=True)
class Trace:
    """What one step took and decided. `decisions` are (character of the article's text, words)."""

    step: str
    seconds: float
    decisions: tuple[tuple[int, str], ...]


def read(article: Article, least: float = EVEN) -> Reading:
    """Read one article, leaving out events less likely than `least`. Raises nothing for any text."""
    return _run(article, least)[0]


def read_draft(article: Article, least: float = EVEN, coder: Step | None = None) -> tuple[Reading, Draft]:
    """Read one article, and give the draft that its reading came from; for fitting and for looking inside.

    `coder` is a second reader's step, to be taken too.
    """
    reading, draft, _ = _run(article, least, coder)
    return reading, draft


def read_each(article: Article, bounds: Sequence[float]) -> tuple[Reading, ...]:
    """The readings of one article that `read` gives with each of `bounds`; it is parsed once for all of them."""
    draft = Draft(article=article, published=article.published)
    _through(draft, STEPS[:_BOUNDED])
    readings = []
    for least in bounds:
        # Acts are what the steps to come write on; what was found before is shared.
        own = replace(draft, least=least, acts=[replace(act) for act in draft.acts], pledges=[], encounters=[])
        _through(own, STEPS[_BOUNDED:])
        readings.append(assemble(own))
    return tuple(readings)


def trace(article: Article, coder: Step | None = None) -> tuple[Reading, tuple[Trace, ...]]:
    """Read one article, and tell what each step took and decided; `coder` is a second reader's step."""
    reading, draft, seconds = _run(article, EVEN, coder)
    return reading, tuple(
        Trace(
            name,
            seconds.get(name, 0.0),
            tuple((draft.overlay.source(at, at)[0], what) for step, at, what in draft.decisions if step == name),
        )
        for name, _ in steps(coder)
    )


def _run(article: Article, least: float, coder: Step | None = None) -> tuple[Reading, Draft, dict[str, float]]:
    draft = Draft(article=article, published=article.published, least=least)
    seconds = _through(draft, steps(coder))
    return assemble(draft), draft, seconds


def _through(draft: Draft, through: Sequence[tuple[str, Step]]) -> dict[str, float]:
    """Take a draft through steps, as long as it is being read; the seconds of each."""
    seconds: dict[str, float] = {}
    for name, step in through:
        if draft.unread is not None:
            break
        begun = time.perf_counter()
        step(draft)
        seconds[name] = time.perf_counter() - begun
    return seconds
