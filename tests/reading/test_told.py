"""Verbs that both tell and demand: what is stated is an act told, what ought to be is a demand."""

import pytest

from detente.reader import Reader

READER = Reader()


def _acts(text: str) -> list[tuple[str, list[str | None], list[str | None]]]:
    events = READER.read_text(text, published="2023-05-10").events
    return [(e.type, [a.party for a in e.actor], [r.party for r in e.recipient]) for e in events]


@pytest.mark.parametrize(
    "text",
    [
        "Kenya expelled two Somali envoys, William Ruto told reporters.",
        "William Ruto told reporters that Kenya had expelled two Somali envoys.",
        "William Ruto insisted that Kenya had expelled two Somali envoys.",
    ],
)
def test_what_is_told_has_happened(text: str) -> None:
    assert ("SANCTION", ["KEN"], ["SOM"]) in _acts(text)
    assert "REQUEST" not in [type_ for type_, *_ in _acts(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Volodymyr Zelensky insisted that Russia withdraw its troops from Kherson.",
        "Volodymyr Zelensky told Russia to withdraw its troops from Kherson.",
    ],
)
def test_what_ought_to_be_is_demanded(text: str) -> None:
    assert [type_ for type_, *_ in _acts(text)] == ["REQUEST"]
