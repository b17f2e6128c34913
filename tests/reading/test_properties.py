"""What holds of the reading of any text at all: news, news with its characters damaged, and no language whatever."""

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.intake import articles
from detente.model import Article, Entity, Reading, Repair
from detente.reading.pipeline import read, trace

ROOT = Path(__file__).parents[2]


def _examples(number: int) -> settings:
    """That many examples, however long one takes: a page costs more than hypothesis thinks a test should."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=number, deadline=None, suppress_health_check=checks)


def _pages() -> list[str]:
    """The texts of the example pages and the golden readings, as intake gives them, the English ones."""
    found = articles([str(ROOT / "examples"), *sorted(map(str, (ROOT / "tests" / "readings").rglob("*.txt")))])
    return [page.text for page in found if isinstance(page, Article) and page.language == "en"]


PAGES = _pages()

# Words of which news is made, and the places where reading is most easily led astray.
_NAMES = (
    "Russia", "the United States", "Ukraine", "Kyiv", "Moscow", "Washington", "the Kremlin", "NATO",
    "the European Union",
    "Antony Blinken", "Antony Blink", "Sergei Lavrov", "Lavrov", "US Secretary of State Antony Blinken",
    "President Putin",
    "the two presidents", "both sides", "the Taliban", "Hamas", "the minister", "he", "she", "they",
    "the country", "Congo",
    "the U.S.", "Côte d’Ivoire", "the Russian Foreign Ministry", "Russian and Ukrainian troops", "a spokesman", "Mr. X",
)  # fmt: skip
_VERBS = (
    "met", "will meet", "accused", "urged", "has promised to help", "threatened", "did not attack",
    "might attack", "rejected",
    "said", "said that", "told reporters", "imposed sanctions on", "signed a treaty with", "agreed with",
    "denied attacking",
    "withdrew from", "asked", "attacks", "calls on", "plans to visit", "was accused of attacking", "warned",
    "condemned",
)  # fmt: skip
_ENDS = (
    "on Friday", "next week", "on Friday (January 22, 2022)", "in June 2021", "by 15 October", "in Geneva", "in Vienna",
    "if it invades", "for 90 minutes", "by phone", "to withdraw its troops", "of lying", "(HOW)", "(OSCE)",
    "at the weekend",
    "“we will answer in kind”", "\"that is a renewed invasion,\"", "'a matter of days'", "according to Kyiv",
    ", he said",
    "KYIV, Jan. 20 (Agency) —", "Q:", "«Нет»", "2014", "$1.5 bn", "tomorrow", "until 30 February 2022", "on 00.00.0000",
)  # fmt: skip
_MARKS = (
    ".",
    "!",
    "?",
    "…",
    ",",
    ";",
    ":",
    " –",
    "\n",
    "\n\n",
    "“",
    "”",
    '"',
    "’",
    "'",
    "(",
    ")",
    "[",
    "]",
    "*",
    " ",
    "\u200b",
)
_phrase = st.one_of(st.sampled_from(_NAMES), st.sampled_from(_VERBS), st.sampled_from(_ENDS), st.sampled_from(_MARKS))
_clause = st.tuples(
    st.sampled_from(_NAMES),
    st.sampled_from(_VERBS),
    st.sampled_from(_NAMES),
    st.sampled_from(_ENDS),
    st.sampled_from(_MARKS),
).map(" ".join)
_news = st.lists(st.one_of(_clause, _phrase), min_size=1, max_size=8).map(" ".join)
_day = st.one_of(
    st.none(),
    st.dates(date(1600, 1, 1), date(2200, 12, 31)),
    st.dates(date(1990, 1, 1), date(2026, 12, 31)),
    st.just(date(2022, 1, 22)),
)


def _article(text: str, published: date | None) -> Article:
    return Article(id="x", language="en", text=text, published=published)


def _entities(reading: Reading) -> Iterator[Entity]:
    for statement in reading.statements:
        yield from (statement.speaker, *statement.addressee)
    for event in reading.events:
        yield from (*event.actor, *event.recipient)
        if event.claimed_by:
            yield event.claimed_by
    for commitment in reading.commitments:
        yield from (*commitment.by, *commitment.to)
    for meeting in reading.meetings:
        yield from meeting.participants


def _holds(article: Article) -> Reading:
    """Read an article and assert all that holds of any reading."""
    text, reading = article.text, read(article)
    unrepaired = {"repairs": (), "published": article.published}
    assert reading.article.model_copy(update=unrepaired) == article
    for repair in reading.article.repairs:
        assert 0 <= repair.start < repair.end <= len(text)
        assert repair.was == text[repair.start : repair.end]
        assert repair.now != repair.was
        assert repair.reason
    for statement in reading.statements:
        assert 0 <= statement.start < statement.end <= len(text)
        assert statement.text == text[statement.start : statement.end]
    for event in reading.events:
        evidence = event.evidence
        assert 0 <= evidence.start < evidence.end <= len(text)
        assert evidence.text == text[evidence.start : evidence.end]
        assert evidence.text.strip()
        assert not event.when or event.when.start <= event.when.end
        assert event.actor or event.recipient
    for entity in _entities(reading):
        assert (entity.start is None) == (entity.end is None)
        if entity.start is not None and entity.end is not None:
            assert 0 <= entity.start < entity.end <= len(text)
            assert entity.text == text[entity.start : entity.end]
    ids = [event.id for event in reading.events]
    assert len(ids) == len(set(ids))
    assert {c.event for c in reading.commitments} <= set(ids)
    assert {m.event for m in reading.meetings} - {None} <= set(ids)
    assert Reading.model_validate_json(reading.to_json()).to_json() == reading.to_json()
    assert read(article) == reading
    return reading


@_examples(120)
@given(st.text(max_size=300), _day)
def test_any_characters(text: str, published: date | None) -> None:
    _holds(_article(text, published))


@_examples(150)
@given(_news, _day)
def test_sentences_made_of_the_words_of_news(text: str, published: date | None) -> None:
    _holds(_article(text, published))


def _without(text: str, random: Random) -> str:
    return "".join(c for c in text if random.random() > 0.02)


def _doubled(text: str, random: Random) -> str:
    return "".join(c * 2 if random.random() < 0.02 else c for c in text)


def _swapped(text: str, random: Random) -> str:
    letters = list(text)
    for i in range(len(letters) - 1):
        if random.random() < 0.02:
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return "".join(letters)


def _shuffled(text: str, random: Random) -> str:
    lines = text.split("\n")
    random.shuffle(lines)
    return "\n".join(lines)


def _joined(text: str, random: Random) -> str:
    return "".join(" " if c == "\n" and random.random() < 0.5 else c for c in text)


def _unbalanced(text: str, random: Random) -> str:
    return "".join("" if c in "\"“”'’()" and random.random() < 0.4 else c for c in text)


def _unspaced(text: str, random: Random) -> str:
    return "".join("" if c in " .," and random.random() < 0.03 else c for c in text)


def _cut(text: str, random: Random) -> str:
    return text[: random.randrange(len(text))]


DAMAGES: tuple[Callable[[str, Random], str], ...] = (
    _without, _doubled, _swapped, _shuffled, _joined, _unbalanced, _unspaced, _cut, lambda text, _: text.upper(),
    lambda text, _: text.lower(),
)  # fmt: skip


@_examples(45)
@given(
    st.sampled_from(range(len(PAGES))),
    st.lists(st.sampled_from(DAMAGES), max_size=2),
    st.integers(0, 2**32),
    st.one_of(st.none(), st.just(date(2022, 2, 10)), st.just(date(2012, 6, 5))),
)
def test_pages_with_random_damage(
    page: int, damages: list[Callable[[str, Random], str]], seed: int, published: date | None
) -> None:
    random, text = Random(seed), PAGES[page]
    for damage in damages:
        text = damage(text, random)
    # Two thousand characters hold several sentences of every kind and keep the whole run short.
    _holds(_article(text[:2000], published))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n\n",
        ".",
        "“",
        "”“",
        "(HOW)",
        "Russia",
        "Russia " * 400,
        "Putin met Putin. " * 40,
        "and " * 500,
        "((((((((((((((((((((((((((((((",
        "“" * 200,
        "Lavrov said that " * 60 + "Russia attacked Ukraine.",
        "Will Russia attack Ukraine?",
        "\u202eRussia attacked Ukraine.\u202c",
        "Russia\u0301 attacked Ukraine\U0001f1fa\U0001f1e6.",
        "Friday (January 22, 2022) Friday (January 22, 2022)",
    ],
    ids=lambda text: repr(text[:24]),
)
def test_texts_at_the_edge(text: str) -> None:
    _holds(_article(text, date(2022, 1, 22)))


def test_the_whole_of_each_page() -> None:
    assert len(PAGES) >= 40
    for text in PAGES[::6]:
        assert _holds(_article(text, date(2022, 2, 25))).events


def test_a_page_in_another_language_is_kept_unread() -> None:
    text = "Le président français a rencontré son homologue russe à Moscou lundi."
    reading = read(Article(id="x", language="fr", text=text))
    assert reading.unread
    assert (reading.events, reading.statements, reading.meetings) == ((), (), ())
    assert reading.article.text == text


def test_a_trace_tells_of_places_in_the_text() -> None:
    article = _article(PAGES[0], date(2022, 1, 10))
    reading, steps = trace(article)
    assert reading == read(article)
    assert all(0 <= at <= len(article.text) and what for step in steps for at, what in step.decisions)


def test_repairs_of_one_page_do_not_overlap() -> None:
    """What is parsed would otherwise not be what the record says."""
    text = "Antony Blink met Lavrov on Friday (January 22, 2022). Blinken spoke (HOW). They will meet in June 2021."
    repairs: tuple[Repair, ...] = read(_article(text, date(2022, 1, 22))).article.repairs
    assert all(first.end <= second.start for first, second in itertools.pairwise(repairs))
