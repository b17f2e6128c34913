"""`detente evaluate` as a user drives it: what it prints, and with which status it ends."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.evaluation.making import ACCUSED, MET, REJECTED, TEXT, event, reading

DETENTE = Path(sys.executable).with_name("detente")
EXAMPLE = Path(__file__).parents[2] / "examples" / "gold"
Done = subprocess.CompletedProcess[str]


def evaluate(*words: object, cwd: Path) -> Done:
    command = [str(DETENTE), "evaluate", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=180, cwd=cwd, check=False)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Two pages, their gold, and records: of three events one is missed, and one too many is read."""
    for name, kind, events in (("a", "wire", [ACCUSED, REJECTED]), ("b", "live", [ACCUSED])):
        (tmp_path / f"{name}.txt").write_text(f"{TEXT} {name}", encoding="utf-8")
        fields = {"file": f"{name}.txt", "kind": kind, "events": events}
        (tmp_path / f"{name}.gold.json").write_text(json.dumps(fields), encoding="utf-8")
    record(tmp_path, "records.jsonl", (ACCUSED, MET), (ACCUSED,))
    return tmp_path


def record(place: Path, name: str, *events: tuple[dict[str, Any], ...]) -> None:
    lines = [
        reading(*(event(item, n) for n, item in enumerate(own)), text=TEXT, id=page).to_json()
        for page, own in zip("ab", events, strict=True)
    ]
    (place / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


RECORDS = ("--readings", "records.jsonl")


def test_the_example_is_read_and_scored(tmp_path: Path) -> None:
    done = evaluate(EXAMPLE, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for heading in ("fields", "types (", "kinds of article", "confidence (", "worst misses ("):
        assert f"\n{heading}" in done.stdout
    assert "1 article\n" in done.stdout
    assert all(line == line.rstrip() for line in done.stdout.splitlines())


def test_records_are_scored_in_numbers_and_in_words(place: Path) -> None:
    done = evaluate(".", *RECORDS, "--format", "json", cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    full = told["fields"]["events.full"]
    assert (full["owed"], full["read"], full["found"], full["f1"]) == (3, 3, 2, 0.6667)
    assert full["interval"][0] <= full["f1"] <= full["interval"][1]
    assert (told["kinds"]["wire"]["f1"], told["kinds"]["live"]["f1"]) == (0.5, 1.0)
    assert told["types"]["REJECT"]["recall"] == 0.0
    assert told["confidence"]["events"] == 3
    assert [(m["article"], m["sort"], m["words"]) for m in told["misses"]] == [
        ("a.txt", "missed", REJECTED["quote"]),
        ("a.txt", "wrong", "Blinken met Lavrov"),
    ]
    shown = evaluate(".", *RECORDS, "--misses", "1", cwd=place).stdout
    assert "worst misses (1 of 2)\n  a.txt: 2 errors\n    missed  event" in shown
    assert "worst misses" not in evaluate(".", *RECORDS, "--misses", "0", cwd=place).stdout


def test_the_same_twice(place: Path) -> None:
    one, two = (evaluate(".", *RECORDS, "--reliability", f"{n}.svg", cwd=place) for n in (1, 2))
    assert one.stdout == two.stdout
    svg = (place / "1.svg").read_text(encoding="utf-8")
    assert svg == (place / "2.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(svg).tag.endswith("svg")


def test_unlikely_events_are_left_out_on_request(place: Path) -> None:
    told = json.loads(evaluate(".", *RECORDS, "--min-confidence", "0.8", "--format", "json", cwd=place).stdout)
    assert told["fields"]["events.type"]["read"] == 0
    assert told["confidence"]["events"] == 3


def test_commands_to_the_terminal_in_a_record_are_not_obeyed(place: Path) -> None:
    read = reading(id="a", statements=[{"speaker": {"text": "x", "party": "\x1b[31mRUS"}, "direct": True,
                                        "text": "\x1b[2J", "start": 0, "end": 4}])  # fmt: skip
    (place / "records.jsonl").write_text(read.to_json(), encoding="utf-8")
    gold = {"file": "a.txt", "events": [], "statements": []}
    (place / "a.gold.json").write_text(json.dumps(gold), encoding="utf-8")
    done = evaluate("a.gold.json", *RECORDS, cwd=place)
    assert "[31mRUS, direct" in done.stdout
    assert "\x1b" not in done.stdout


# -- the baseline -----------------------------------------------------------------------------------------------------


def test_floors_are_made_held_raised_and_lowered(place: Path) -> None:
    floors = place / "floors.json"

    def pinned() -> dict[str, float]:
        return json.loads(floors.read_text(encoding="utf-8"))

    held = (".", "--misses", "0", "--baseline", "floors.json")
    assert evaluate(*held, *RECORDS, "--write-baseline", cwd=place).returncode == 0
    first = pinned()
    assert first["events.full"] == 0.667
    assert evaluate(*held, *RECORDS, cwd=place).returncode == 0

    record(place, "worse.jsonl", (ACCUSED, MET), ())
    worse = ("--readings", "worse.jsonl")
    for flags in ((), ("--write-baseline",)):
        done = evaluate(*held, *worse, *flags, cwd=place)
        assert done.returncode == 1
        assert "events.full has fallen: 0.400, floor 0.667" in done.stderr
        assert all(line.startswith("detente: ") for line in done.stderr.splitlines())
        assert pinned() == first

    record(place, "better.jsonl", (ACCUSED, REJECTED), (ACCUSED,))
    better = ("--readings", "better.jsonl")
    assert evaluate(*held, *better, cwd=place).returncode == 0
    assert pinned() == first
    assert evaluate(*held, *better, "--write-baseline", cwd=place).returncode == 0
    assert pinned()["events.full"] == 1.0

    done = evaluate(*held, *worse, "--write-baseline", "--lower", cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    assert pinned()["events.full"] == 0.4


def test_no_floor_is_pinned_on_half_the_gold(place: Path) -> None:
    (place / "c.gold.json").write_text("{", encoding="utf-8")
    done = evaluate(".", *RECORDS, "--baseline", "floors.json", "--write-baseline", cwd=place)
    assert done.returncode == 1
    assert "floors.json was left as it is" in done.stderr
    assert not (place / "floors.json").exists()


# -- what can go wrong ------------------------------------------------------------------------------------------------


def test_bad_gold_is_named_and_the_rest_scored(place: Path) -> None:
    (place / "c.gold.json").write_text("{", encoding="utf-8")
    (place / "d.gold.json").write_text('{"file": "a.txt"}', encoding="utf-8")
    lost = {"file": "a.txt", "events": [ACCUSED | {"quote": "nobody said this"}]}
    (place / "e.gold.json").write_text(json.dumps(lost), encoding="utf-8")
    done = evaluate(".", cwd=place)
    assert done.returncode == 1
    assert done.stdout.startswith("2 articles\n")
    c, d, e = done.stderr.splitlines()
    assert c.startswith("detente: c.gold.json: no JSON (")
    assert d == "detente: d.gold.json: events: is missing"
    assert e == "detente: e.gold.json: events[0]: “nobody said this” does not stand in a.txt"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none.gold.json",), "none.gold.json: no such file"),
        (("empty",), "empty: no gold files"),
        ((".", "--readings", "none.jsonl"), "none.jsonl: no such file"),
        ((".", *RECORDS, "--reliability", "none/x.svg"), "none/x.svg: cannot be written"),
    ],
)
def test_what_is_not_there(words: tuple[str, ...], said: str, place: Path) -> None:
    (place / "empty").mkdir()
    done = evaluate(*words, cwd=place)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        (),
        (".", "--write-baseline"),
        (".", "--baseline", "floors.json", "--lower"),
        (".", "--baseline", "none.json"),
        (".", "--baseline", "a.txt"),
        (".", "--min-confidence", "1.5"),
        (".", "--misses", "-1"),
        (".", "--format", "xml"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(words: tuple[str, ...], place: Path) -> None:
    (place / "floors.json").write_text("{}", encoding="utf-8")
    done = evaluate(*words, cwd=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
