import pytest

from detente.intake.title import site_beside, split_site


@pytest.mark.parametrize(
    ("title", "headline", "site"),
    [
        ("US and Russia agree to go on talking – Archyde", "US and Russia agree to go on talking", "Archyde"),
        ("US and Russia agree to go on talking | Reuters", "US and Russia agree to go on talking", "Reuters"),
        (
            "US and Russia agree to go on talking - The New York Times",
            "US and Russia agree to go on talking",
            "The New York Times",
        ),
        ("Ukraine crisis: what now? | World news | The Guardian", "Ukraine crisis: what now?", "The Guardian"),
        ("Putin draws a new map | Diario del Caribe", "Putin draws a new map", "Diario del Caribe"),
        ("Talks end in Vienna - easternwatch.example.com", "Talks end in Vienna", "easternwatch.example.com"),
        ("BBC News - Talks end in Vienna", "Talks end in Vienna", "BBC News"),
        ("Talks end in Vienna", "Talks end in Vienna", None),
        ("Talks were useful - Kremlin", "Talks were useful - Kremlin", None),
        ("No invasion planned – Lavrov", "No invasion planned – Lavrov", None),
        ("Invasion could come any day - White House", "Invasion could come any day - White House", None),
        ("Turkey begins assault – as it happened", "Turkey begins assault – as it happened", None),
        ("US-Russia talks end", "US-Russia talks end", None),
        ("Peace - but at what price?", "Peace - but at what price?", None),
        ("Who blinks first – and why it matters to Europe", "Who blinks first – and why it matters to Europe", None),
        ("", "", None),
        ("|", "|", None),
        (" – Archyde", "– Archyde", None),
    ],
)
def test_the_site_is_told_from_the_headline(title: str, headline: str, site: str | None) -> None:
    assert split_site(title) == (headline, site)


def test_a_known_site_goes_whatever_its_form() -> None:
    assert split_site("Talks end – eastern-watch, the blog", "eastern-watch, the blog") == (
        "Talks end",
        "eastern-watch, the blog",
    )


def test_what_stands_beside_the_heading_is_the_site() -> None:
    assert (
        site_beside("Ministers spoke - Ministry for Foreign Affairs", "Ministers spoke")
        == "Ministry for Foreign Affairs"
    )
    assert site_beside("Ministers spoke", "Ministers spoke") is None
    assert site_beside("Ministers spoke again", "Ministers spoke") is None
    assert site_beside("Something else", "Ministers spoke") is None
