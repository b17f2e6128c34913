"""Verbs that both tell and demand: what is stated is an act told, what ought to be is a demand."""

import pytest

from tests.reading.sides import sides


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
