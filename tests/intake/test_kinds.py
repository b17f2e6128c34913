"""What a page is: articles are read, all else is refused with its kind and a message that says what to do."""

import pytest

from detente.errors import NoArticle
from detente.intake import article_from_bytes, article_from_text
from detente.intake.article import article_from_json
from tests.intake.kinds.build import Case, cases
from tests.intake.kinds.measure import ARTICLES, by_kind, right, taken_for

DEVELOPMENT, HELD = cases("development"), cases("held")
OTHER_KINDS = {"index", "paywall", "gallery", "video", "consent", "error", "login", "newsletter"}
FLOOR = 0.9
"""Share of a kind's held pages that must be told, articles apart: of those none may be refused."""


def ids(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", DEVELOPMENT, ids=ids)
def test_a_development_page_is_told(case: Case) -> None:
    assert right(case, taken_for(case))


@pytest.mark.parametrize("case", [c for c in HELD if c.kind in ARTICLES], ids=ids)
def test_no_held_article_is_refused(case: Case) -> None:
    assert taken_for(case) == "article"


def test_the_other_kinds_are_told_on_held_pages() -> None:
    told = by_kind((case, taken_for(case)) for case in HELD if case.kind not in ARTICLES)
    assert set(told) == OTHER_KINDS
    assert sum(good for good, _ in told.values()) >= FLOOR * sum(n for _, n in told.values())


def test_there_are_pages_enough() -> None:
    every = [*DEVELOPMENT, *HELD]
    assert len(every) >= 60
    assert sum(case.kind in ARTICLES for case in every) >= 25
    assert {case.kind for case in every} >= OTHER_KINDS


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("index", "a page of headlines"),
        ("paywall", "a paywall stub"),
        ("gallery", "a picture gallery"),
        ("video", "a video page"),
        ("consent", "a cookie or consent wall"),
        ("error", "an error page"),
        ("login", "a login page"),
        ("newsletter", "a newsletter's sign-up page"),
    ],
)
def test_each_kind_says_what_it_is_in_one_line(kind: str, said: str) -> None:
    case = next(case for case in DEVELOPMENT if case.kind == kind)
    with pytest.raises(NoArticle) as caught:
        article_from_bytes(case.html.encode(), source=case.name)
    assert caught.value.kind == kind
    assert caught.value.message.startswith(said)
    assert "\n" not in str(caught.value)


def test_a_page_without_words_is_empty() -> None:
    with pytest.raises(NoArticle) as caught:
        article_from_bytes(b"<html><body></body></html>", source="x")
    assert caught.value.kind == "empty"


def test_a_json_line_keeps_the_kind() -> None:
    line = '{"id": "a", "html": "<html><body><h1>Page not found</h1><p>Sorry, that page has gone.</p></body></html>"}'
    with pytest.raises(NoArticle) as caught:
        article_from_json(line, source="pages.jsonl, line 1")
    assert caught.value.kind == "error"
    assert caught.value.source == "pages.jsonl, line 1"


def test_what_the_caller_calls_an_article_s_text_is_one() -> None:
    assert article_from_text("Log in to continue.").text == "Log in to continue."
