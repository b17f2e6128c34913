"""Plain text as scrapers leave it."""

from datetime import date

import pytest

from detente.intake import article_from_bytes, article_from_text
from detente.model import Article

P1 = "GENEVA, – The two ministers met for ninety minutes on Friday and agreed to go on talking."
P2 = "Washington promised a written answer within a week."
P3 = "The Kremlin said that it would wait for the answer, and that it hoped for the best."
BODY = f"{P1}\n\n{P2}\n\n{P3}"


def read(text: str) -> Article:
    return article_from_bytes(text.encode(), source="page.txt")


def test_a_scraped_page_is_taken_apart() -> None:
    article = read(
        f"Ministers agree to go on talking – Steppe Mirror\n\nBy Ida Korhonen\nJanuary 21, 2022\n\n{P1}\n\n"
        f"Also read: Fleet leaves Sevastopol\n\n{P2}\n\n{P3} (Reporting by Ida Korhonen; Editing by Ann Dorsey)\n\n"
        "Tags: Geneva, Russia\n\nShare this article\n\nJoin our Telegram channel!\n\nRelated articles\n\n"
        "Ambassador leaves Kyiv after threats\nGermany halts work on the pipeline\n\n"
        "Leave a Reply\n\nYour email address will not be published. Required fields are marked *\n\n"
        "Greta says:\nThey should all go home, and the sooner the better.\n"
    )
    assert article.title == "Ministers agree to go on talking"
    assert article.site == "Steppe Mirror"
    assert article.byline == "Ida Korhonen"
    assert article.published == date(2022, 1, 21)
    assert article.text == BODY
    assert [r.title for r in article.related] == [
        "Fleet leaves Sevastopol",
        "Ambassador leaves Kyiv after threats",
        "Germany halts work on the pipeline",
    ]
    assert [d.reason for d in article.dropped] == [
        "byline", "date", "credits", "tags", "share", "subscribe", "navigation", *["comments"] * 4,
    ]  # fmt: skip


def test_the_first_line_is_the_title_where_a_blank_line_follows() -> None:
    assert read(f"A warning from Kyiv\n\n{BODY}").title == "A warning from Kyiv"
    assert read(f"A warning from Kyiv\n{BODY}").title is None
    assert read(f"A warning from Kyiv to the West – Archyde\n{BODY}").title == "A warning from Kyiv to the West"
    assert read(f"# A warning from Kyiv\n\n{BODY}").title == "A warning from Kyiv"
    assert read(f"What does Kyiv want?\n\n{BODY}").title == "What does Kyiv want?"
    quoted = "“We will not rename anything”: a diplomat speaks"
    assert read(f"{quoted}\n\n{BODY}").title == quoted


def test_a_first_line_that_is_a_sentence_is_body() -> None:
    assert read(BODY).title is None
    assert read(BODY).text == BODY
    assert read(P2).text == P2


def test_furniture_before_the_title_is_passed_over() -> None:
    article = read(f"Skip to content\nHome\nWorld\n\nA warning from Kyiv\n\n{BODY}")
    assert article.title == "A warning from Kyiv"
    assert article.text == BODY


def test_no_title_is_looked_for_in_a_given_text() -> None:
    article = article_from_text(f"A warning from Kyiv\n\n{BODY}")
    assert article.title is None
    assert article.text == f"A warning from Kyiv\n\n{BODY}"


def test_the_dateline_stays_and_its_agency_is_credited() -> None:
    text = (
        "KYIV, Jan 20 (Reuters) - Ukraine’s president asked for patience on Thursday.\n\n"
        "The Kremlin did not comment, AFP reported."
    )
    article = article_from_text(text)
    assert article.text == text
    assert article.agencies == ("Reuters", "AFP")


@pytest.mark.parametrize(
    "text",
    [
        "The Reuters journalist was wounded on Friday, his employer said in a statement.",
        "The AP building in Gaza was hit.",
        "He once worked for Interfax, then for the ministry.",
    ],
)
def test_an_agency_that_is_only_spoken_of_is_not_credited(text: str) -> None:
    assert article_from_text(text).agencies == ()


def test_blank_lines_stay_as_the_page_has_them() -> None:
    assert article_from_text(f"{P1}\n{P2}\n\n{P3}").text == f"{P1}\n{P2}\n\n{P3}"
    assert article_from_text(f"{P1}\n\n\n\n{P2}").text == f"{P1}\n\n{P2}"


def test_nothing_inside_a_line_is_squeezed() -> None:
    text = "The  minister\tsaid — in  two   words — that it was over.  "
    assert article_from_text(text).text == text.strip()


def test_wrapped_text_is_judged_by_the_paragraph() -> None:
    text = (
        "The foreign ministers of both countries met for ninety minutes in the\n"
        "city of Geneva on Friday, and they agreed that the two sides should\n"
        "subscribe to our common goals, as one of the diplomats put it, and\n"
        "follow us on the way to a better understanding of the other side.\n\n"
        "The Kremlin said that it would wait for the written answer which the\n"
        "American side has promised for next week, and that in the meantime\n"
        "nothing would change on the ground."
    )
    assert article_from_text(text).text == text


def test_a_list_that_a_sentence_announces_is_kept() -> None:
    demands = "NATO stops taking new members\n\nMissiles are moved out of reach\n\nForces return to where they stood"
    text = f"{P1}\n\nThe demands are:\n\n{demands}\n\n{P3}"
    assert article_from_text(text).text == text


def test_a_single_subheading_is_kept_and_a_run_of_headlines_is_not() -> None:
    heading = f"{P1}\n\nMoscow wants an answer in writing\n\n{P3}"
    assert article_from_text(heading).text == heading
    headlines = (
        "Fleet leaves Sevastopol for exercises",
        "Germany halts work on the pipeline",
        "Ambassador leaves Kyiv after threats",
    )
    article = article_from_text("\n\n".join((P1, P2, *headlines, P3)))
    assert article.text == f"{P1}\n\n{P2}\n\n{P3}"
    assert [r.title for r in article.related] == list(headlines)


def test_a_scrape_without_full_stops_loses_nothing() -> None:
    lines = (
        "Russia agreed to go on talking about the matter",
        "Washington promised a written answer in one week",
        "The Kremlin said it would wait for the answer",
        "Kyiv asked both sides for patience and calm.",
        "Paris offered to host the ministers next month",
    )
    text = "\n\n".join(lines)
    assert article_from_text(text).text == text


def test_the_article_s_subheading_after_a_list_of_headlines_is_kept() -> None:
    article = article_from_text(
        f"{P1}\n\nRead more:\nFleet leaves Sevastopol for exercises\nGermany halts work on the pipeline\n\n"
        f"What comes next\n\n{P3}"
    )
    assert article.text == f"{P1}\n\nWhat comes next\n\n{P3}"


def test_what_stands_below_a_comment_form_is_the_readers() -> None:
    article = article_from_text(
        f"{BODY}\n\n2 Comments\n\nGreta says:\n\nThis will end badly for all of us, I fear.\n\n"
        "Tom says:\n\nNonsense, they will talk.\n\nLeave a Reply\n\nName *\n\nEmail *"
    )
    assert article.text == BODY
    assert {d.reason for d in article.dropped} == {"comments"}


def test_a_comment_link_at_the_head_does_not_take_the_article_with_it() -> None:
    article = read(f"A warning from Kyiv\n\nLeave a comment\n\n{BODY}")
    assert article.text == BODY


def test_dropped_lines_stand_in_the_order_of_the_page() -> None:
    article = article_from_text(f"Share this article\n\n{P1}\n\nAdvertisement\n\n{P3}\n\nAll rights reserved")
    assert [d.reason for d in article.dropped] == ["share", "advertisement", "copyright"]


def test_a_link_to_the_comments_amid_the_article_does_not_cut_it() -> None:
    article = article_from_text(f"{P1}\n\n{P2}\n\n12 Comments\n\n{P3}")
    assert article.text == f"{P1}\n\n{P2}\n\n{P3}"


def test_the_dates_of_a_chronology_are_kept() -> None:
    text = f"January 10, 2022\n\n{P1}\n\nJanuary 12, 2022\n\n{P2}\n\nJanuary 21, 2022\n\n{P3}"
    assert article_from_text(text).text == text


def test_one_date_over_the_article_is_the_page_s() -> None:
    article = read(f"A warning from Kyiv\n\nJanuary 21, 2022\n\n{BODY}")
    assert (article.text, article.published) == (BODY, date(2022, 1, 21))


def test_a_subheading_below_an_advertisement_is_kept() -> None:
    article = article_from_text(f"{P1}\n\nAdvertisement\n\nUkraine\n\n{P2}\n\nPhoto: AFP\n\nRussia\n\n{P3}")
    assert article.text == f"{P1}\n\nUkraine\n\n{P2}\n\nRussia\n\n{P3}"
