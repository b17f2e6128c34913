import pytest

from detente.errors import Empty, NotText
from detente.intake.decode import decode, tidy

WORDS = "“Zelenskiy’s answer” – Élysée, Straße, Łódź"
WEST = "“It is not a matter of Munich,” an adviser at the Élysée said – and no café in Genève was open."
RUSSIAN = "Министр иностранных дел Сергей Лавров заявил, что переговоры в Женеве были полезными и откровенными."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_with_and_without_marks(encoding: str) -> None:
    text = "The ministers met in Geneva. " * 4 + (WORDS if not encoding.startswith("utf-16-") else "")
    assert decode(text.encode(encoding), source="x") == text


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "windows-1252", "no-such-charset", "ascii"])
def test_western_bytes_whatever_is_declared(declared: str | None) -> None:
    assert decode(WEST.encode("cp1252"), source="x", charset=declared) == WEST


def test_utf8_wins_over_a_wrong_declaration() -> None:
    page = f'<meta charset="iso-8859-1"><p>{WORDS}</p>'
    assert decode(page.encode("utf-8"), source="x", charset="iso-8859-1") == page


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-5"])
def test_cyrillic_bytes_by_their_declaration(encoding: str) -> None:
    page = f'<html><meta charset="{encoding}"><p>{RUSSIAN}</p>'
    assert decode(page.encode(encoding), source="x") == page


def test_cyrillic_bytes_without_a_declaration() -> None:
    assert decode((RUSSIAN * 5).encode("cp1251"), source="x") == RUSSIAN * 5


def test_broken_utf8_loses_only_its_broken_bytes() -> None:
    data = (WORDS * 3).encode("utf-8") + b" \xff\xe2 the end"
    text = decode(data, source="x")
    assert text.startswith(WORDS * 3)
    assert text.endswith("the end")


def test_mojibake_of_the_page_itself_stays() -> None:
    text = "The ministerâ€™s answer was short."
    assert decode(text.encode("utf-8"), source="x") == text


def test_line_ends_become_one_and_controls_go() -> None:
    data = b"one\r\ntwo\rthree\nfour\x00five\x07" + b"." * 200
    assert decode(data, source="x") == "one\ntwo\nthree\nfourfive" + "." * 200
    assert tidy("a\u2028b\x85c\ud800") == "a\nb\nc"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 \x00\x01", b"PK\x03\x04\x14\x00", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a",
        b"\x1f\x8b\x08", b"\x7fELF",
        bytes(range(256)) * 20,
    ],
)  # fmt: skip
def test_binary_bytes_are_refused_with_advice(data: bytes) -> None:
    with pytest.raises(NotText, match=r"^x: .*:"):
        decode(data, source="x")


@pytest.mark.parametrize("data", [b"", b"  \n ", b"\x00\x00\x00", b"\xef\xbb\xbf"])
def test_nothing_is_empty(data: bytes) -> None:
    with pytest.raises((Empty, NotText)):
        decode(data, source="x")
