"""Verbs that both tell and demand: what is stated is an act told, what ought to be is a demand."""

import pytest

from tests.reading.sides import events, sides


@pytest.mark.parametrize(
    "text",
    [
        "Kenya expelled two Somali envoys, Mwai Kibaki told reporters.",
        "Mwai Kibaki told reporters that Kenya had expelled two Somali envoys.",
        "Mwai Kibaki insisted that Kenya had expelled two Somali envoys.",
    ],
)
def test_what_is_told_has_happened(text: str) -> None:
    assert ("SANCTION", ["KEN"], ["SOM"]) in sides(text)
    assert "REQUEST" not in [type_ for type_, *_ in sides(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Viktor Yanukovych insisted that Russia withdraw its troops from Kherson.",
        "Viktor Yanukovych told Russia to withdraw its troops from Kherson.",
    ],
)
def test_what_ought_to_be_is_demanded(text: str) -> None:
    assert [type_ for type_, *_ in sides(text)] == ["REQUEST"]


@pytest.mark.parametrize(
    "text",
    [
        "Kenya is not ready to negotiate with Somalia.",
        "Neither Kenya nor Somalia is ready to negotiate.",
        "Kenya has not shown itself ready to negotiate with Somalia.",
    ],
)
def test_what_one_is_not_ready_for_is_not_agreed(text: str) -> None:
    assert all(e.type == "REJECT" or e.auxiliary == "negation" for e in events(text))
    assert events(text)


def test_itself_is_whoever_acts() -> None:
    text = "The United Nations says that neither party has shown itself ready to negotiate."
    assert not any(a.party == "UN" and e.type == "AGREE" for e in events(text) for a in (*e.actor, *e.recipient))
