"""What a line is: no line of an article's own may go, however like furniture it looks; what is foreign must."""

from pathlib import Path

import pytest

from detente.intake import article_from_text, words
from detente.intake.classify import REASONS, byline, furniture, label_inside

HERE = Path(__file__).parent
KEPT = [line for line in (HERE / "lines_kept.txt").read_text("utf-8").splitlines() if line and not line.startswith("#")]
FOREIGN = [tuple(line.split("\t")) for line in (HERE / "lines_foreign.tsv").read_text("utf-8").splitlines()[1:]]
BEFORE = (
    "The foreign ministers of the two countries met for ninety minutes on Friday.",
    "They agreed to go on talking, and to put their proposals in writing.",
)
AFTER = (
    "The Kremlin said that it would wait for the written answer.",
    "A second meeting is planned for the end of the month.",
)


def test_there_are_enough_near_misses() -> None:
    assert len(KEPT) >= 60


@pytest.mark.parametrize("line", KEPT)
def test_a_line_of_the_article_is_kept_among_its_sentences(line: str) -> None:
    text = "\n\n".join((*BEFORE, line, *AFTER))
    assert article_from_text(text).text == text


@pytest.mark.parametrize("line", [line for line in KEPT if len(line.split()) >= 6 and line.endswith((".", "?", "”"))])
def test_a_sentence_of_the_article_is_kept_as_its_first_and_last(line: str) -> None:
    text = "\n\n".join((line, *BEFORE, *AFTER, line))
    assert article_from_text(text).text == text


@pytest.mark.parametrize("line", KEPT)
def test_one_line_is_a_body_too(line: str) -> None:
    assert article_from_text(line).text == line


@pytest.mark.parametrize(("reason", "line"), FOREIGN)
def test_a_foreign_line_goes_with_its_reason(reason: str, line: str) -> None:
    article = article_from_text("\n\n".join((*BEFORE, *AFTER, line)))
    assert article.text == "\n\n".join((*BEFORE, *AFTER))
    assert [(d.text, d.reason) for d in article.dropped] == [(line, reason)]


@pytest.mark.parametrize(("reason", "line"), FOREIGN)
def test_a_foreign_line_goes_from_among_sentences(reason: str, line: str) -> None:
    article = article_from_text("\n\n".join((*BEFORE, line, *AFTER)))
    assert line not in article.text.split("\n")
    assert [d.reason for d in article.dropped] == [reason]


def test_every_reason_is_of_the_vocabulary() -> None:
    assert {reason for reason, _ in FOREIGN} <= set(REASONS)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Also read: The United Nations warns Russia", "The United Nations warns Russia"),
        ("Also Read | Kremlin denies plans", "Kremlin denies plans"),
        ("READ MORE: Germany halts Nord Stream 2", "Germany halts Nord Stream 2"),
        ("Read also Ukraine’s answer to the Kremlin", "Ukraine’s answer to the Kremlin"),
        ("Related: What the Minsk agreements say", "What the Minsk agreements say"),
        ("See also: Who is Sergei Lavrov?", "Who is Sergei Lavrov?"),
        ("Recommended: Five questions about gas", "Five questions about gas"),
        ("[Read more: Nine days in January]", "Nine days in January"),
        ("► Watch: Macron arrives in Moscow", "Macron arrives in Moscow"),
        ("Don’t miss: The table that went around the world", "The table that went around the world"),
        ("You may also like: Talks in Vienna", "Talks in Vienna"),
        ("ALSO READ – Fleet leaves Sevastopol", "Fleet leaves Sevastopol"),
    ],
)
def test_a_labelled_headline_is_told_without_its_label(line: str, title: str) -> None:
    assert label_inside(line) == title
    article = article_from_text("\n\n".join((*BEFORE, line, *AFTER)))
    assert [r.title for r in article.related] == [title]
    assert article.text == "\n\n".join((*BEFORE, *AFTER))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Mara Lindqvist", "Mara Lindqvist"),
        ("By Mara Lindqvist and Tomas Reyl", "Mara Lindqvist and Tomas Reyl"),
        ("By Klara Hofmann, Vienna", "Klara Hofmann"),
        ("By Mara Lindqvist, Diplomatic Correspondent", "Mara Lindqvist"),
        ("by MARA LINDQVIST", "MARA LINDQVIST"),
        ("By AFP", "AFP"),
        ("Written by Ida Korhonen", "Ida Korhonen"),
        ("By Lev Antonov | January 21, 2022", "Lev Antonov"),
        ("Author: Ida Korhonen", "Ida Korhonen"),
        ("By Kaarel Mets|Feb 23, 2022", "Kaarel Mets"),
        ("By Kaarel Mets Feb 23, 2022", "Kaarel Mets"),
        ("By May Lin", "May Lin"),
        ("By Ewan Baird in Washington", "Ewan Baird in Washington"),
        ("By Friday, most of the diplomats had left.", None),
        ("By Friday", None),
        ("By the numbers", None),
        ("By all accounts the talks were hard", None),
        ("By Russian accounts the exercise ends on February 20.", None),
    ],
)
def test_a_byline_gives_its_name(line: str, name: str | None) -> None:
    assert byline(line) == name


def test_furniture_that_could_be_a_subheading_stays_between_paragraphs() -> None:
    for heading in ("Ukraine", "Telegram", "Economy", "Twitter"):
        found = furniture(heading)
        assert found is None or not found[1]
        text = "\n\n".join((*BEFORE, heading, *AFTER))
        assert article_from_text(text).text == text


def test_an_anchored_pattern_has_no_alternative_that_is_not() -> None:
    for row in words.rows("patterns"):
        pattern = row["pattern"]
        depth = 0
        for index, char in enumerate(pattern):
            escaped = index > 0 and pattern[index - 1] == "\\"
            depth += (char in "([") - (char in ")]") if not escaped else 0
            assert not (pattern.startswith("^") and char == "|" and depth == 0), pattern


def test_every_row_of_the_tables_says_where_it_is_from() -> None:
    for table in ("agencies", "cues", "date_metas", "furniture", "labels", "patterns", "sites", "tails"):
        assert all(row["source"] for row in words.rows(table)), table
    for table, key in (("furniture", "text"), ("labels", "label"), ("sites", "site"), ("agencies", "form")):
        keys = [row[key] for row in words.rows(table)]
        assert len(keys) == len(set(keys)), table
    assert {row["reason"] for row in words.rows("patterns")} <= set(REASONS)
    assert {row["reason"] for row in words.rows("furniture")} <= set(REASONS)
