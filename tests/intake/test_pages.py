"""Whole pages in publishers' markup: body, title, site, date, byline and related headlines of each."""

from pathlib import Path

import pytest

from detente.errors import NoArticle
from detente.intake import article_from_bytes
from tests.intake.measure import PAGES, article, cases, figures

CASES = cases()


@pytest.mark.parametrize(("path", "expected"), CASES, ids=[path.stem for path, _ in CASES])
def test_a_page_gives_its_article(path: Path, expected: dict[str, object]) -> None:
    got = article(path, expected)
    assert got.title == expected["title"]
    assert got.site == expected["site"]
    assert got.byline == expected["byline"]
    assert (got.published.isoformat() if got.published else None) == expected["published"]
    assert [r.title for r in got.related] == expected["related"]
    assert got.language == "en"
    assert got.text.split("\n") == expected["body"]


def test_there_are_pages_enough() -> None:
    assert len(CASES) >= 25


def test_the_bodies_are_better_than_plain_trafilatura_s() -> None:
    ours, theirs = figures()
    assert ours >= 0.99
    assert ours >= theirs


def test_links_of_related_headlines_are_absolute() -> None:
    path = PAGES / "02-wordpress-blog.html"
    got = article_from_bytes(
        path.read_bytes(), source=path.name, url="https://easternwatch.example/2022/01/27/written-answers/"
    )
    assert got.related[0].url == "https://easternwatch.example/2022/01/24/alert/"


def test_an_index_page_is_no_article() -> None:
    items = "".join(
        f'<div class="item"><h3><a href="/{i}">Ministers meet for talks number {i} in Geneva</a></h3></div>'
        for i in range(30)
    )
    page = f"<html><body><main><h1>World news</h1>{items}</main></body></html>"
    with pytest.raises(NoArticle, match="address"):
        article_from_bytes(page.encode(), source="index.html")


@pytest.mark.parametrize(
    "page",
    [
        "<html><body></body></html>",
        "<html><head><title>Talks</title></head><body><script>var a = 1;</script></body></html>",
        "<!doctype html>",
    ],
)
def test_an_empty_page_is_no_article(page: str) -> None:
    with pytest.raises(NoArticle):
        article_from_bytes(page.encode(), source="empty.html")


def test_the_text_of_html_keeps_its_words_and_entities_are_resolved() -> None:
    words = "France&rsquo;s president said &ldquo;no&rdquo; &amp; left the talks in Moscow on Monday evening."
    page = f"<article><h1>T</h1><p>{words}</p></article>"
    assert (
        article_from_bytes(page.encode(), source="x").text
        == "France’s president said “no” & left the talks in Moscow on Monday evening."
    )


def test_a_page_in_another_language_says_so() -> None:
    page = (
        "<article><p>"
        + "Министр иностранных дел Сергей Лавров заявил, что переговоры в Женеве были полезными. " * 5
        + "</p></article>"
    )
    assert article_from_bytes(page.encode(), source="x").language == "ru"


def test_a_logo_in_a_heading_is_not_the_title() -> None:
    words = "The ministers of both countries met in Geneva on Friday and agreed to go on talking about Ukraine."
    page = (
        "<html><head><title>Ministers agree to go on talking about Ukraine – Eastern Watch</title></head>"
        f"<body><h1><a href='/'>Eastern Watch</a></h1><article><p>{words}</p></article></body></html>"
    )
    article = article_from_bytes(page.encode(), source="x")
    assert (article.title, article.site) == ("Ministers agree to go on talking about Ukraine", "Eastern Watch")


LINKED_DATA = '<script type="application/ld+json">{"@type":"NewsArticle",%s}</script>'


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (LINKED_DATA % '"datePublished":"2022-01-21T23:30:00-05:00"', "2022-01-21"),
        (LINKED_DATA % '\n"datePublished":"2022-01-21",', "2022-01-21"),
        (
            '<meta property="article:published_time" content="2022-01-21T10:00:00Z"><time datetime="2022-02-02">',
            "2022-01-21",
        ),
        ('<meta name="DC.date.issued" content="2022-01-21">', "2022-01-21"),
        ('<meta name="pubdate" content="soon">', None),
        ('<meta property="article:modified_time" content="2022-02-01">', "2022-02-01"),  # better than none
        ("<p>Copyright 2019</p>", None),
    ],
)
def test_dates_are_taken_in_the_documented_order(head: str, day: str | None) -> None:
    words = "The ministers of both countries met in Geneva on Friday and agreed to go on talking about Ukraine. " * 3
    page = f"<html><head><title>T</title>{head}</head><body><article><h1>T</h1><p>{words}</p></article></body></html>"
    found = article_from_bytes(page.encode(), source="x").published
    assert (found.isoformat() if found else None) == day


def test_a_short_first_line_is_not_taken_for_the_menu_s() -> None:
    menu = "".join(f"<li><a href='/{i}'>Section {i}</a></li>" for i in range(600))
    first, second, third = (
        "The ministers of both countries met in Geneva on Friday and agreed to go on talking about Ukraine.",
        "The Kremlin said that it would wait for the written answer, and that it hoped for the best.",
        "A second meeting is planned for the end of the month, officials on both sides said.",
    )
    page = (
        f"<html><body><nav><ul><li><a href='/u'>Ukraine and Russia</a></li>{menu}</ul></nav>"
        f"<article><h2>Ukraine and Russia</h2><p class='teaser'>{first}</p><p>{second}</p><p>{third}</p></article>"
        "</body></html>"
    )
    assert article_from_bytes(page.encode(), source="x").text == f"Ukraine and Russia\n{first}\n{second}\n{third}"


def test_a_live_page_s_heading_that_links_to_itself_is_kept() -> None:
    entry = (
        "<h2><a href='/live#b{0}'>Ministers meet for talks number {0}</a></h2><p>The talks began at {0} in Geneva.</p>"
    )
    page = "<article>" + "".join(entry.format(number) for number in range(1, 6)) + "</article>"
    lines = article_from_bytes(page.encode(), source="x").text.split("\n")
    assert [line for line in lines if line.startswith("Ministers")] == [
        f"Ministers meet for talks number {number}" for number in range(1, 6)
    ]


def test_a_page_of_comments_does_not_hold_up_the_others() -> None:
    # Each comment once doubled the time that it took to tell HTML from text.
    comments = "<!---->" * 500
    assert article_from_bytes(f"{comments} They met.".encode(), source="page").text.endswith("They met.")
