"""For any input: no line is lost, the text is the page's own, nothing raises but what is promised."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import DetenteError, Empty
from detente.intake import article_from_bytes, article_from_text
from detente.intake.decode import tidy
from detente.model import Article

HERE = Path(__file__).parent
KEPT = [x for x in (HERE / "lines_kept.txt").read_text("utf-8").splitlines() if x and not x.startswith("#")]
FOREIGN = [x.split("\t")[1] for x in (HERE / "lines_foreign.tsv").read_text("utf-8").splitlines()[1:]]
LABELLED = ["Also read: The fleet leaves Sevastopol", "Related", "Read more:", "More on this story", "By Ida Korhonen"]
HEADLINES = ["Fleet leaves Sevastopol", "Germany halts work on the pipeline", "Who is Sergei Lavrov?"]

a_line = st.sampled_from([*KEPT, *FOREIGN, *LABELLED, *HEADLINES]) | st.text(max_size=80)
a_page = st.lists(st.tuples(a_line, st.sampled_from(["\n", "\n\n", "\n\n\n", "\r\n"])), min_size=1, max_size=25).map(
    lambda parts: "".join(line + end for line, end in parts)
)


def solid(text: str) -> Counter[str]:
    return Counter(c for c in text if not c.isspace())


def account(article: Article) -> str:
    """All of the page that the article accounts for."""
    told = [article.text, *(d.text for d in article.dropped), *(r.title for r in article.related)]
    return "".join(told) + (article.title or "")


def check(page: str, article: Article) -> None:
    lines = [line.strip() for line in tidy(page).split("\n") if line.strip()]
    kept = article.text.split("\n")
    # Each kept line is a line of the page, or its beginning where a foreign line was glued to it, in the page's order.
    at = 0
    for line in (k for k in kept if k.strip()):
        while at < len(lines) and not lines[at].startswith(line):
            at += 1
        assert at < len(lines), line
        at += 1
    # A label ("Also read:"), the title's site and a headline told twice are left out by design; nothing else is.
    lost = solid("".join(lines)) - solid(account(article))
    labels = [line for line in lines if line not in kept]
    assert not lost - solid("".join(labels))


@settings(max_examples=300, deadline=None)
@given(a_page)
def test_a_given_text_loses_no_line(page: str) -> None:
    try:
        article = article_from_text(page)
    except Empty:
        assert not tidy(page).strip()
        return
    assert article.text.strip()
    check(page, article)


@settings(max_examples=300, deadline=None)
@given(a_page)
def test_a_text_file_loses_no_line(page: str) -> None:
    try:
        article = article_from_bytes(page.encode("utf-8", "replace"), source="x", input_format="text")
    except DetenteError:
        return
    check(page.encode("utf-8", "replace").decode(), article)


@settings(max_examples=200, deadline=None)
@given(st.lists(a_line, min_size=1, max_size=12))
def test_each_line_of_a_text_is_told_once(lines: list[str]) -> None:
    page = "\n\n".join(lines)
    try:
        article = article_from_text(page)
    except Empty:
        return
    for line in (x.strip() for x in tidy(page).split("\n")):
        told = [*article.text.split("\n"), *(d.text for d in article.dropped)]
        related = any(r.title in line for r in article.related)
        assert not line or related or line in told or any(line.startswith(t) for t in told if t.strip())


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_no_bytes_raise_what_is_not_promised(data: bytes) -> None:
    for form in ("auto", "html", "text"):
        message = ""
        try:
            assert article_from_bytes(data, source="x", input_format=form).text  # type: ignore[arg-type]
        except DetenteError as error:
            message = str(error)
        assert "\n" not in message


TAGS = [
    "<p>", "</p>", "<div class='related'>", "</div>", "<br>", "<a href='/x'>", "</a>", "<h1>", "</h1>", "<!--", "-->",
    "<script>",     "</script>", "<table><tr><td>", "<li>", "&nbsp;", "<time datetime='2022-13-99'>",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*TAGS, *KEPT[:20], *FOREIGN[:20]]), max_size=60))
def test_no_soup_of_tags_raises_what_is_not_promised(parts: list[str]) -> None:
    try:
        article = article_from_bytes(" ".join(parts).encode(), source="x", input_format="html")
    except DetenteError:
        return
    assert article.text


@pytest.mark.parametrize("path", sorted((HERE / "pages").glob("*.html")), ids=lambda p: p.stem)
def test_the_words_of_a_page_s_text_stand_in_the_page(path: Path) -> None:
    article = article_from_bytes(path.read_bytes(), source=path.name)
    page = re.sub(r"<[^>]+>", " ", path.read_bytes().decode("utf-8", "replace"))
    if "windows" not in path.name:
        words = set(page.split())
        assert [w for w in article.text.split() if w not in words and "&" not in page] == []


def test_reading_twice_gives_the_same() -> None:
    page = "\n\n".join([*KEPT[:10], *FOREIGN[:10], *KEPT[10:20]])
    assert article_from_text(page) == article_from_text(page)
