"""Floors of what is read of pages in layouts that no rule was made from, and the rules that they stand on."""

import json

import pytest

from detente.intake import article_from_bytes
from detente.intake.dates import date_beside, day_first, parse_date
from detente.model import Article
from tests.intake import layouts
from tests.intake.measure import Figures, of_half, read_by_detente, read_by_trafilatura

ONE = "The foreign ministers of both countries met in Geneva on Friday and agreed to go on talking about grain."
TWO = "The Kremlin said that it would wait for the written answer, and that it hoped for a reply before the spring."
THREE = "A second meeting is planned for the end of the month, officials on both sides said on the same evening."
BODY = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"


@pytest.fixture(scope="module")
def held() -> Figures:
    return of_half("held", read_by_detente)


def read(page: str) -> Article:
    return article_from_bytes(page.encode(), source="x", input_format="html")


def test_there_are_pages_enough() -> None:
    dev, held = list(layouts.cases("dev")), list(layouts.cases("held"))
    assert len(dev) + len(held) >= 110
    assert len({case.name.split("/")[0] for case in (*dev, *held)}) >= 55
    assert not {case.name for case in dev} & {case.name for case in held}


def test_the_bodies_of_unseen_layouts_hold_their_floor(held: Figures) -> None:
    assert held.body >= 0.98
    assert held.lost <= 0.005
    assert held.foreign <= 0.05


def test_titles_dates_and_authors_of_unseen_layouts_hold_their_floors(held: Figures) -> None:
    assert held.title >= 0.98
    assert held.date >= 0.97
    assert held.author >= 0.93


def test_unseen_layouts_are_read_better_than_by_plain_trafilatura(held: Figures) -> None:
    plain = of_half("held", read_by_trafilatura)
    assert held.body > plain.body + 0.04
    assert held.lost < plain.lost
    assert held.foreign < plain.foreign


def test_a_mark_on_what_holds_the_article_is_not_believed() -> None:
    marked = "<body class='comments-open'><article class='share sidebar related'><h1>T</h1>"
    assert read(marked + BODY + "</article></body>").text == f"{ONE}\n{TWO}\n{THREE}"


def test_what_stands_under_a_mark_inside_the_article_is_not_its_text() -> None:
    box = "<div class='newsletter-box'><p>The week in treaties, every Friday morning.</p></div>"
    got = read(f"<article><h1>T</h1><p>{ONE}</p>{box}<p>{TWO}</p><p>{THREE}</p></article>")
    assert got.text == f"{ONE}\n{TWO}\n{THREE}"
    assert "The week in treaties, every Friday morning." in [d.text for d in got.dropped]


@pytest.mark.parametrize("mark", ["<p>", "", "<div>"])
def test_the_json_ld_s_text_is_read_where_the_page_shows_none(mark: str) -> None:
    text = "\n".join(f"{mark}{line}" for line in (ONE, TWO, THREE))
    node = json.dumps({"@type": "NewsArticle", "headline": "Talks go on", "articleBody": text})
    page = (
        f"<html><head><script type='application/ld+json'>{node}</script></head><body><div id=root></div></body></html>"
    )
    assert read(page).text == f"{ONE}\n{TWO}\n{THREE}"


def test_another_page_s_json_ld_does_not_overrule_what_is_shown() -> None:
    node = json.dumps({"@type": "NewsArticle", "articleBody": "Otters have come back to the canal, and stay. " * 60})
    page = f"<script type='application/ld+json'>{node}</script><article><h1>T</h1>{BODY}</article>"
    assert read(page).text == f"{ONE}\n{TWO}\n{THREE}"


def test_two_articles_elements_are_read_in_the_page_s_order() -> None:
    teaser = "<article><h3><a href='/x'>The lake that three countries forgot</a></h3></article>"
    page = f"<div class='wrap'><h1>T</h1><section>{BODY}</section></div><div class='recirc'>{teaser * 2}</div>"
    assert read(page).text == f"{ONE}\n{TWO}\n{THREE}"


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ("<div class='author'>Jane Roe</div>", "Jane Roe"),
        ("<div class='who'>Jane Roe and John Poe, Diplomatic Editor</div>", "Jane Roe, John Poe"),
        ("<div>Jane Roe</div><div>3 May 2020</div>", "Jane Roe"),
        ("<div>3 May 2020 | Jane Roe</div>", "Jane Roe"),
        ("<div>Middle East</div><div>3 May 2020</div>", None),
        ("<div class='author'>Follow us</div>", None),
        ("<div>Jane Roe</div>", None),
        ("<meta name='author' content='jroe'><p>By Jane Roe</p>", "Jane Roe"),
    ],
)
def test_who_wrote_it(head: str, byline: str | None) -> None:
    assert read(f"<main><h1>Ministers agree to go on talking</h1>{head}<div>{BODY}</div></main>").byline == byline


def test_an_author_s_biography_is_not_the_text_s() -> None:
    bio = "<p>Jane Roe is a fellow of the Institute for Narrow Waters.</p>"
    got = read(f"<main><h1>Ministers agree to talk</h1><p>By Jane Roe</p><div>{BODY}{bio}</div></main>")
    assert got.text == f"{ONE}\n{TWO}\n{THREE}"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("<p>Updated: 3 June 2021 Published: 2 May 2020</p>", "2020-05-02"),
        ("<p>Jane Roe / May 2, 2020, 10:00 IST</p>", "2020-05-02"),
        ("<p>Geneva, 2 May 2020</p>", "2020-05-02"),
        ("<p>02/05/2020</p><p>Seen in our issue of</p><p>28/04/2020</p>", "2020-05-02"),
        ("<p>02/05/2020</p>", None),
        ("<p>Last updated 3 June 2021</p><p>2. May 2020</p>", "2020-05-02"),
    ],
)
def test_the_day_in_what_the_page_shows(head: str, day: str | None) -> None:
    got = read(f"<main><h1>Ministers agree to go on talking</h1>{head}<div>{BODY}</div></main>").published
    assert (got.isoformat() if got else None) == day


def test_a_time_of_a_teaser_over_the_title_is_not_the_article_s() -> None:
    strip = "<div><time datetime='2021-06-01'>1 June</time> <a href='/x'>Otters are back</a></div>"
    page = f"<div>{strip}</div><section><h1>Ministers agree</h1><p>2 May 2020</p>{BODY}</section>"
    assert str(read(page).published) == "2020-05-02"


def test_a_day_written_in_numbers_needs_to_know_the_order() -> None:
    assert parse_date("3/4/2022") is None
    assert str(parse_date("3/4/2022", day_first=True)) == "2022-04-03"
    assert str(parse_date("3/4/2022", day_first=False)) == "2022-03-04"
    assert day_first([], "en-GB") is True
    assert day_first([], "en-US") is False
    assert day_first([], "en") is None
    assert day_first(["13/04/2022"], "en-US") is True
    assert date_beside(["Updated 3 May 2020"]) is None


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        (
            "Talks go on in the old town | Lantern",
            "Europe | Talks go on in the old town",
            "Talks go on in the old town",
        ),
        ("Ministry of Rivers - Talks go on in the old town", "", "Talks go on in the old town"),
        ("Print: Talks go on in the old town", "", "Talks go on in the old town"),
    ],
)
def test_a_title_without_kicker_and_ministry(head: str, heading: str, title: str) -> None:
    shown = f"<h1>{heading}</h1>" if heading else f"<span>{title}</span>"
    assert read(f"<html><head><title>{head}</title></head><body>{shown}<div>{BODY}</div></body></html>").title == title
