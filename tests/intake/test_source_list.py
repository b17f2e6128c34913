"""The list of sources: what the file may hold, what a change leaves as it was, and OPML there and back."""

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import BadSource, NotFound, UsageError
from detente.intake import source_list
from detente.intake.opml import read_opml, write_opml
from detente.intake.source_list import Source, add, default_path, dumps, load, parse, remove, save, starter

MINE = """# My own list.

# -- Europe --
[[source]]
name = "Desk" # of all
address = "https://desk.example/feed"
tags = ["agency",
  "[[source]]", # a trap
]

# -- Africa --
# The best of them.
[[source]]
address = "https://other.example/rss"
name = 'Other'
every = 600

# The end.
"""


def source(name: str, **fields: object) -> Source:
    return Source.model_validate({"name": name, "address": f"https://{len(name)}.example/feed"} | fields)


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


WORDS = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), min_size=1, max_size=40
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip
WEB = st.builds(
    lambda **fields: Source.model_validate(fields),
    name=WORDS,
    address=st.sampled_from(["https://a.example/feed?x=1&y=<2>", "http://b.example/"]),
    kind=st.sampled_from(["feed", "sitemap", "page"]),
    region=st.one_of(st.just(""), WORDS),
    language=st.sampled_from(["", "en", "pt-BR"]),
    active=st.booleans(),
    tags=st.lists(WORDS.map(lambda t: t.replace(",", "x")), unique=True, max_size=3),
    every=st.integers(60, 90 * 24 * 3600),
    tested=st.booleans(),
)
LISTS = st.lists(WEB, max_size=6, unique_by=lambda s: s.name)


@given(LISTS)
def test_toml_there_and_back(sources: list[Source]) -> None:
    assert parse("\n".join(map(dumps, sources)), "x").sources == tuple(sources)


@given(LISTS)
def test_opml_there_and_back(sources: list[Source]) -> None:
    found = read_opml(write_opml(sources).encode(), source="x")
    assert found.faults == ()
    assert sorted(found.sources, key=lambda s: s.name) == sorted(sources, key=lambda s: s.name)


def test_a_change_leaves_the_rest_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, MINE)
    path.chmod(0o600)
    add(path, [source("Third", region="Asia")])
    assert (
        path.read_text() == MINE + '\n[[source]]\nname = "Third"\naddress = "https://5.example/feed"\nregion = "Asia"\n'
    )
    assert [s.name for s in load(path).sources] == ["Desk", "Other", "Third"]
    remove(path, "Third")
    assert path.read_text() == MINE
    remove(path, "Other")
    assert path.read_text() == MINE[: MINE.index("[[source]]\naddress")] + "\n# The end.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["sources.toml"]


def test_a_table_that_cannot_be_cut_out_is_left(tmp_path: Path) -> None:
    path = written(tmp_path, MINE)
    # The trap: a line within a list looks like a table's head.
    text = MINE.replace('  "[[source]]", # a trap', "[[source]] # a trap".join(['"""\n', '\n""",']))
    path.write_text(text)
    with pytest.raises(BadSource, match="by hand"):
        remove(path, "Desk")
    inline = 'source = [{name = "Desk", address = "https://desk.example/feed"}]\n'
    path.write_text(inline)
    for change in (lambda: remove(path, "Desk"), lambda: add(path, [source("New")])):
        with pytest.raises(BadSource, match="by hand"):
            change()
    assert path.read_text() == inline


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    real = written(tmp_path / "kept", MINE)
    link = tmp_path / "link.toml"
    link.symlink_to(real)
    add(link, [source("Third")])
    assert link.is_symlink()
    assert len(load(real).sources) == 3


def test_a_new_file_says_what_it_may_hold_and_save_replaces(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "sources.toml"
    add(path, [source("One")])
    assert all(field in path.read_text().partition("[[")[0] for field in Source.model_fields)
    save(path, [source("Two"), source("Three")])
    assert [s.name for s in load(path).sources] == ["Two", "Three"]
    with pytest.raises(UsageError, match="is there already"):
        add(path, [source("Two")])
    with pytest.raises(UsageError, match="no source is named"):
        remove(path, "One")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('name = "x"', "address: is missing"),
        ('name = "x"\naddress = "https://x.example"\ncolour = 1', "colour: is no field"),
        ('name = "x"\naddress = "https://x.example"\nevery = 5', "every:"),
        ('name = "x"\naddress = "https://x.example"\nevery = "60"', "every:"),
        ('name = "x"\naddress = "https://x.example"\nkind = "rss"', "kind:"),
        ('name = "x"\naddress = "ftp://x.example"', "no http(s) address"),
        ('name = "x"\naddress = "https://x.example"\nkind = "folder"', "no path"),
        ('name = "x"\naddress = "https://x.example"\nlanguage = "English, please"', "language:"),
        ('name = "x"\naddress = "https://x.example"\ntags = ["a,b"]', "comma"),
        ('name = "a\\u0007"\naddress = "https://x.example"', "control"),
        ('name = "Good"\naddress = "https://x.example"', "is taken"),
    ],
)
def test_each_bad_table_has_one_line_and_the_rest_goes_on(table: str, words: str) -> None:
    text = "".join(f"[[source]]\n{t}\n" for t in (dumps(source("Good")).partition("\n")[2], table))
    found = parse(text + dumps(source("Last")), "list")
    assert [s.name for s in found.sources] == ["Good", "Last"]
    (fault,) = found.faults
    assert str(fault).startswith("list, source 2: ")
    assert words in str(fault)
    assert "\n" not in str(fault)


@pytest.mark.parametrize("text", ["[[source", 'source = "x"', "[sources]", "a = " + "[" * 5_000])
def test_a_file_of_another_form(text: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    try:
        (fault,) = load(path).faults
    except BadSource as error:
        fault = error
    assert str(path) in str(fault)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="sources add"):
        load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(BadSource, match="UTF-8"):
        load(tmp_path / "latin.toml")


def test_where_the_list_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DETENTE_SOURCES", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    assert default_path() == tmp_path / ".config/detente/sources.toml"
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/xdg")
    assert default_path() == Path("/etc/xdg/detente/sources.toml")
    monkeypatch.setenv("DETENTE_SOURCES", "~/mine.toml")
    assert default_path() == tmp_path / "mine.toml"


def test_the_starter_list_is_sound() -> None:
    text = (Path(source_list.__file__).parent / "data" / "starter.toml").read_text(encoding="utf-8")
    assert parse(text, "starter").faults == ()
    found = starter()
    assert len(found) >= 70
    assert len({s.address for s in found}) == len(found)
    assert {s.region for s in found} == {
        "International", "Africa", "Americas", "Asia", "Europe", "Middle East", "Oceania",
    }  # fmt: skip
    # None was tried, and the file says so.
    assert all(table["tested"] is False for table in tomllib.loads(text)["source"])


OPML = b"""<?xml version="1.0"?><opml version="2.0"><body><outline text="News, world">
<outline text="Desk" type="rss" xmlUrl="https://desk.example/feed" language="en_us" category="agency"/>
<outline title="Desk" type="rss" xmlUrl="https://other.example/feed"/>
<outline text="Local" xmlUrl="file:///etc/passwd"/><outline text="A folder"/></outline></body></opml>"""


def test_opml_of_other_programs() -> None:
    found = read_opml(OPML, source="x")
    assert [(s.name, s.language, s.tags) for s in found.sources] == [
        ("Desk", "en-us", ("agency", "News world")), ("Desk 2", "", ("News world",)),
    ]  # fmt: skip
    (fault,) = found.faults
    assert "Local" in str(fault)


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"words", b"<opml"[:3], b"\xff\xfe\x00"])
def test_what_is_no_opml(data: bytes) -> None:
    with pytest.raises(BadSource, match="no OPML"):
        read_opml(data, source="x")


def test_opml_puts_no_entity_in() -> None:
    entity = b'<!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    found = read_opml(OPML.replace(b"<opml", entity + b"<opml", 1).replace(b'"A folder"', b'"&f;"'), source="x")
    assert len(found.sources) == 2
