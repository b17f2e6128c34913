"""The installed `detente`, driven as a user drives it: each command's forms, and each thing that can go wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from detente.reading.pipeline import STEPS

EXAMPLES = Path(__file__).parents[2] / "examples"
DETENTE = Path(sys.executable).with_name("detente")
GENEVA = EXAMPLES / "2022-01-21-geneva-ninety-minutes.html"
SCRAPE = EXAMPLES / "2022-02-13-phone-call-scrape.txt"
COMMANDS = (
    "read", "add", "record", "unread", "clean", "explain", "classify", "probe", "who", "when", "evaluate", "sources",
    "watch", "revisions", "copies",
)  # fmt: skip
ARTICLE = (
    "Talks in Geneva\n\nRussia accused Ukraine of shelling the border on Friday. Ukraine rejected the accusation.\n"
)
WEIGHTS = (EXAMPLES.parent / "src/detente/reading/data/classifier/lower.onnx").exists()
weights = pytest.mark.skipif(not WEIGHTS, reason="the classifier's weights are not there: make train")
Done = subprocess.CompletedProcess[str]


def detente(*words: object, stdin: str | bytes | None = None, cwd: Path | None = None) -> Done:
    return _run(tuple(map(str, words)), stdin, cwd)


@cache
def _run(words: tuple[str, ...], stdin: str | bytes | None, cwd: Path | None) -> Done:
    """What the command says: the same words are asked once."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run([str(DETENTE), *words], input=given, capture_output=True, timeout=180, check=False, cwd=cwd)
    return Done(done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def records(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def one_line(done: Done, *words: str) -> None:
    """That standard error is one line for people, which holds `words`."""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("detente: ")
    for word in words:
        assert word in lines[0]


# -- help -------------------------------------------------------------------------------------------------------------


def test_help_names_every_command() -> None:
    done = detente("--help")
    assert done.returncode == 0
    listed = done.stdout.split("Commands:")[1]
    assert [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " "] == sorted(
        COMMANDS
    )


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_each_command_has_its_help(command: str, flag: str) -> None:
    done = detente(command, flag)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: detente {command}")
    about = done.stdout.split("\n\n")[1].strip()
    assert len(about) > 40
    assert about.endswith(".")


def test_the_version() -> None:
    done = detente("--version")
    assert done.returncode == 0
    assert "0.1" in done.stdout


def test_nothing_asked_for_shows_the_help() -> None:
    assert "Commands:" in (done := detente()).stdout + done.stderr


# -- read -------------------------------------------------------------------------------------------------------------


def test_read_one_page() -> None:
    done = detente("read", GENEVA, "--format", "jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    (record,) = records(done)
    assert record["schema"] == 1
    assert record["article"]["published"] == "2022-01-21"
    assert record["events"]


def test_records_are_the_output_where_it_is_no_terminal() -> None:
    assert records(detente("read", GENEVA)) == records(detente("read", GENEVA, "--format", "jsonl"))


def test_read_a_folder_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (tmp_path / name).write_text(ARTICLE.replace("Talks", name), encoding="utf-8")
    (tmp_path / ".hidden").write_text(ARTICLE, encoding="utf-8")
    titles = [r["article"]["title"] for r in records(detente("read", tmp_path))]
    assert titles == ["a.txt in Geneva", "b.txt in Geneva", "sub/c.txt in Geneva"]


def test_read_several_sources_in_their_order() -> None:
    pages = sorted(EXAMPLES.glob("*.html"), reverse=True)[:5]
    titles = [records(detente("read", page))[0]["article"]["title"] for page in pages[:2]]
    assert [r["article"]["title"] for r in records(detente("read", *pages))][:2] == titles


def test_two_processes_print_what_one_prints() -> None:
    one, two = (detente("read", EXAMPLES, "--format", "jsonl", "--jobs", n) for n in (1, 2))
    assert one.returncode == two.returncode == 0
    assert two.stdout == one.stdout
    assert len(records(one)) >= 20


def test_read_json_lines_from_standard_input() -> None:
    lines = [
        {"id": "first", "text": "Russia attacked Ukraine on Friday.", "published": "2022-02-25"},
        {"id": "second", "url": "https://news.example/2", "title": "A title", "html": f"<p>{ARTICLE}</p>"},
        {"id": "third", "text": "The presidents of France and Russia met in Moscow."},
    ]
    given = "".join(json.dumps(line) + "\n" for line in lines)
    done = detente("read", "-", "--input-format", "jsonl", "--format", "jsonl", stdin=given)
    assert (done.returncode, done.stderr) == (0, "")
    articles = [r["article"] for r in records(done)]
    assert [a["id"] for a in articles] == ["first", "second", "third"]
    assert [a["published"] for a in articles] == ["2022-02-25", None, None]
    assert articles[1]["url"] == "https://news.example/2"
    assert articles[0]["title"] is None
    assert articles[0]["text"] == lines[0]["text"]


def test_the_form_of_standard_input_is_told_by_itself() -> None:
    assert (
        records(detente("read", "-", stdin='{"id": "x", "text": "Russia met Ukraine."}\n'))[0]["article"]["id"] == "x"
    )
    page = records(detente("read", "-", stdin=GENEVA.read_bytes()))[0]
    assert page["article"]["text"] == records(detente("read", GENEVA))[0]["article"]["text"]
    assert records(detente("read", "-", stdin=ARTICLE))[0]["article"]["title"] == "Talks in Geneva"


def test_a_day_given_overrules_the_pages_own() -> None:
    (record,) = records(detente("read", GENEVA, "--published", "2022-01-22", "--format", "jsonl"))
    assert record["article"]["published"] == "2022-01-22"


def test_without_any_day_it_is_null() -> None:
    (record,) = records(detente("read", "-", "--input-format", "text", stdin=ARTICLE))
    assert record["article"]["published"] is None


def test_a_bound_of_confidence_is_kept() -> None:
    found = {bound: records(detente("read", GENEVA, "--min-confidence", bound))[0]["events"] for bound in ("0", "0.9")}
    assert len(found["0"]) > len(found["0.9"])
    assert all(event["confidence"] >= 0.9 for event in found["0.9"])
    two = records(detente("read", GENEVA, SCRAPE, "--min-confidence", "0.9", "--jobs", "2"))
    assert two[0]["events"] == found["0.9"]
    wrong = detente("read", GENEVA, "--min-confidence", "2")
    assert wrong.returncode == 2
    one_line(wrong, "--min-confidence", "0<=x<=1")


def test_the_same_bytes_have_the_same_id(tmp_path: Path) -> None:
    # Two runs of their own: from a folder, what is asked is not what was asked before.
    first, again = (records(detente("read", GENEVA, cwd=cwd))[0]["article"]["id"] for cwd in (None, tmp_path))
    assert first == again
    (tmp_path / "other.txt").write_text(ARTICLE, encoding="utf-8")
    assert records(detente("read", "other.txt", cwd=tmp_path))[0]["article"]["id"] != first


# -- read, for people -------------------------------------------------------------------------------------------------


def test_text_shows_the_whole_record() -> None:
    done = detente("read", GENEVA, "--format", "text")
    assert (done.returncode, done.stderr) == (0, "")
    shown = done.stdout
    assert "Blinken promises Lavrov written answers after 90 minutes in Geneva" in shown
    assert "Example Wire" in shown
    assert "2022-01-21" in shown
    for heading in ("Events", "Statements", "Commitments", "Meetings", "Left out of the article"):
        assert f"\n{heading}" in shown
    for column in ("type", "who", "to whom", "when", "status", "on whose word", "sure"):
        assert column in shown
    # Each event is followed by the words that it rests on.
    assert "“Blinken promised Russia written answers" in shown
    assert "Bond markets shrug off" in shown


def test_text_shows_repairs_with_their_reasons() -> None:
    shown = detente("read", SCRAPE, "--format", "text").stdout
    assert "Repairs (laid over the text, which stays as it was)" in shown
    assert "will speak" in shown
    assert "2022-02-13 was a Sunday" in " ".join(shown.split())


def test_show_evidence_numbers_the_article() -> None:
    shown = detente("read", GENEVA, "--format", "text", "--show-evidence").stdout
    article = records(detente("read", GENEVA))[0]["article"]["text"]
    before = " ".join(shown.split("\nEvents")[0].split())
    assert " ".join(article.split("\n")[0].split()[:8]) in before
    assert "[1" in before
    assert "[2" in before


def test_a_page_in_another_language_is_kept_and_said_to_be_unread() -> None:
    page = EXAMPLES / "2022-02-21-sommet.html"
    (record,) = records(detente("read", page))
    assert "'fr'" in record["unread"]
    assert (record["events"], record["statements"]) == ([], [])
    assert record["article"]["text"]
    assert "Not read: " in detente("read", page, "--format", "text").stdout


def test_markup_in_a_page_is_shown_as_it_stands() -> None:
    """Brackets are no commands to the terminal."""
    text = "Russia attacked [bold red]Ukraine[/bold red] and [/] \x1b[31mPoland on Friday, Kyiv said."
    done = detente(
        "read", "-", "--input-format", "jsonl", "--format", "text", stdin=json.dumps({"id": "x", "text": text})
    )
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "[bold red]Ukraine[/bold red]" in " ".join(done.stdout.split())


# -- clean, explain ---------------------------------------------------------------------------------------------------


def test_clean() -> None:
    done = detente("clean", GENEVA, SCRAPE, "--format", "jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = records(done)
    assert {"file", "title", "published", "language", "text", "related", "dropped"} <= set(first)
    assert first["title"] == "Blinken promises Lavrov written answers after 90 minutes in Geneva"
    assert first["published"] == "2022-01-21"
    assert [r["title"] for r in first["related"]] == ["Bond markets shrug off the troop build-up"]
    assert any(d["reason"] == "subscribe" for d in second["dropped"])
    assert "Telegram" not in second["text"]


def test_clean_loads_no_parser() -> None:
    asked = "import sys; from detente.cli import cli; cli(['clean', sys.argv[1]], standalone_mode=False)"
    told = f"{asked}; sys.stderr.write(str('spacy' in sys.modules))"
    done = subprocess.run([sys.executable, "-c", told, str(GENEVA)], capture_output=True, text=True, check=True)
    assert done.stderr == "False"


def test_clean_gives_the_text_that_read_reads() -> None:
    assert records(detente("clean", GENEVA))[0]["text"] == records(detente("read", GENEVA))[0]["article"]["text"]


def test_clean_for_people_is_the_article() -> None:
    shown = detente("clean", GENEVA, "--format", "text").stdout
    assert "Blinken promised Russia written answers" in shown
    assert "Bond markets" not in shown


def test_explain_times_every_step_and_tells_what_it_decided() -> None:
    done = detente("explain", SCRAPE)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines()]
    for name, _ in STEPS:
        (row,) = [r for r in rows if r[:1] == [name] and len(r) > 1 and r[1].replace(".", "").isdigit()]
        assert float(row[1]) >= 0
    assert "is THREATEN by USA" in done.stdout


def test_explain_one_sentence() -> None:
    whole, one = detente("explain", GENEVA).stdout, detente("explain", GENEVA, "--sentence", "promised Russia").stdout
    assert one.startswith("Blinken promised Russia written answers")
    assert "is AGREE" in one
    assert len(one) < len(whole)
    assert "Romania" in whole
    assert "Romania" not in one


def test_explain_a_sentence_that_is_not_there() -> None:
    done = detente("explain", GENEVA, "--sentence", "no such words")
    assert (done.returncode, done.stdout) == (1, "")
    one_line(done, "no such words", "detente clean")


# -- answers to single questions --------------------------------------------------------------------------------------


def answers(command: str, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    done = detente(command, "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    assert (done.returncode, done.stderr) == (0, "")
    return records(done)


def test_who() -> None:
    first, second = answers(
        "who",
        {"id": "1", "text": "Sergei Lavrov", "context": "Sergei Lavrov met Antony Blinken", "on": "2022-01-21"},
        {"id": "2", "text": "a passer-by", "context": "a passer-by waved", "on": None},
    )
    assert set(first) == {"id", "party", "sector", "name", "role", "confidence"}
    assert (first["id"], first["party"], first["sector"], first["name"]) == ("1", "RUS", "GOV", "Sergei Lavrov")
    assert "foreign" in first["role"]
    assert 0 < first["confidence"] <= 1
    assert second["party"] is None


def test_when() -> None:
    first, second, third = answers(
        "when",
        {"id": "1", "text": "Friday", "published": "2022-01-22", "tense": "past"},
        {"id": "2", "text": "next week", "published": "2022-01-21", "tense": "future"},
        {"id": "3", "text": "a table", "published": "2022-01-21", "tense": None},
    )
    assert first == {"id": "1", "start": "2022-01-21", "end": "2022-01-21", "precision": "day"}
    assert (second["start"], second["end"], second["precision"]) == ("2022-01-24", "2022-01-30", "week")
    assert third == {"id": "3", "start": None, "end": None, "precision": None}


@weights
def test_classify() -> None:
    text = "Russia accused Ukraine of shelling its border."
    first, second = answers(
        "classify",
        {"id": 1, "text": text, "actor": [0, 6], "recipient": [15, 22]},
        {"id": 2, "text": text, "actor": None, "recipient": None},
    )
    assert set(first) == {"id", "type", "confidence", "mode", "context", "auxiliary", "no_event"}
    assert (first["id"], first["type"], second["id"]) == (1, "ACCUSE", 2)
    assert second["type"]


@pytest.mark.parametrize("command", ["who", "when", pytest.param("classify", marks=weights)])
def test_a_bad_line_is_named_and_the_rest_answered(command: str) -> None:
    good = json.dumps({"id": "g", "text": "Friday"})
    done = detente(command, "-", stdin=f'{good}\nno json\n{{"id": "x"}}\n[]\n\n{good}\n')
    assert done.returncode == 1
    assert [r["id"] for r in records(done)] == ["g", "g"]
    lines = done.stderr.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["line 2", "line 3", "line 4"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "line", "word"),
    [
        ("when", {"id": "1", "text": "Friday", "tense": "perfect"}, "tense"),
        ("when", {"id": "1", "text": "Friday", "published": "soon"}, "YYYY-MM-DD"),
        ("when", {"id": "1", "text": "Friday", "published": 5}, "YYYY-MM-DD"),
        ("who", {"id": "1", "text": "Lavrov", "on": "yesterday"}, "YYYY-MM-DD"),
        ("who", {"id": "1", "text": "Lavrov", "on": ["2022"]}, "YYYY-MM-DD"),
        ("classify", {"id": "1", "text": "Russia", "actor": [0, 99]}, "actor"),
        ("classify", {"id": "1", "text": "Russia", "actor": "Russia"}, "actor"),
    ],
)
def test_a_value_that_is_none_is_named(command: str, line: dict[str, Any], word: str) -> None:
    done = detente(command, "-", stdin=json.dumps(line) + "\n")
    assert (done.returncode, done.stdout) == (1, "")
    one_line(done, "line 1", word)


# -- bad input --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "empty.html").touch()
    (folder / "blank.txt").write_text("\n \n\t\n", encoding="utf-8")
    (folder / "binary.html").write_bytes(bytes((i * 167 + 13) % 256 for i in range(8000)))
    (folder / "paper.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    (folder / "large.html").write_bytes(b"<html><body>" + b"<p>The talks went on in Geneva.</p>" * 600_000 + b"</body>")
    (folder / "deep.html").write_bytes(b"<html><body>" + b"<div>" * 100_000 + b"Talks" + b"</div>" * 100_000)
    links = b"<nav><a href='/'>Home</a> <a href='/b'>World</a></nav><p>Sign in</p><footer>All rights reserved</footer>"
    (folder / "none.html").write_bytes(
        b"<html><head><title>Channel Six</title></head><body>" + links + b"</body></html>"
    )
    (folder / "broken.txt").write_bytes(ARTICLE.encode().replace(b"border", "b\u00f6rder".encode()[:2] + b"rder", 1))
    (folder / "good.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "hollow").mkdir()
    return folder


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("nothing.html", ["no such file", "check the path"]),
        ("empty.html", ["nothing in it", "give"]),
        ("blank.txt", ["in it", "give"]),
        ("binary.html", ["binary", "give"]),
        ("paper.pdf", ["PDF", "pdftotext"]),
        ("large.html", ["MB", "give"]),
        ("deep.html", ["deep", "give"]),
        ("none.html", ["no article", "give"]),
        ("hollow", ["folder", "give"]),
    ],
)
@pytest.mark.parametrize("command", ["read", "clean"])
def test_a_source_that_cannot_be_read_is_named_and_the_others_are_read(
    bad: Path, command: str, source: str, words: list[str]
) -> None:
    done = detente(command, source, "good.txt", "--format", "jsonl", cwd=bad)
    assert done.returncode == 1
    one_line(done, source, *words)
    assert len(records(done)) == 1


def test_all_bad_sources_of_a_folder_are_named_in_two_processes(bad: Path) -> None:
    done = detente("read", ".", "--jobs", "2", "--format", "jsonl", cwd=bad)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    named = [line.split(":")[1].strip().removeprefix("./") for line in done.stderr.splitlines()]
    assert {"binary.html", "blank.txt", "deep.html", "empty.html", "large.html", "none.html"} <= set(named)
    assert len(records(done)) == 2


def test_broken_utf8_is_read(bad: Path) -> None:
    done = detente("read", "broken.txt", "--format", "jsonl", cwd=bad)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Russia accused Ukraine of shelling the" in records(done)[0]["article"]["text"]


def test_a_bad_source_costs_little_time(bad: Path) -> None:
    begun = time.monotonic()
    detente("clean", "large.html", "deep.html", "binary.html", cwd=bad)
    assert time.monotonic() - begun < 20


def test_bad_json_lines_are_named_by_their_number() -> None:
    lines = [
        '{"id": "a", "text": "Russia met Ukraine."}', '{"id": "b"}', "no json", '{"text": "Russia met Ukraine."}',
        '{"id": "c", "text": 5}', '{"id": "d", "text": "Russia met Ukraine.", "published": "soon"}', "[1]",
        '{"id": "e", "text": " "}', '{"id": "f", "text": "France met Germany."}',
    ]  # fmt: skip
    done = detente("read", "-", "--input-format", "jsonl", "--format", "jsonl", stdin="\n".join(lines))
    assert done.returncode == 1
    assert [r["article"]["id"] for r in records(done)] == ["a", "f"]
    told = done.stderr.splitlines()
    assert [int(line.split("line ")[1].split(":")[0]) for line in told] == [2, 3, 4, 5, 6, 7, 8]
    assert '"text"' in told[0]
    assert "soon" in told[4]


def test_what_is_no_character_stops_no_other_line() -> None:
    lines = [
        '{"id": "a\\ud800", "text": "Russia met \\ud800 Ukraine.", "title": "\\udc00", "url": "https://news.example/\\ud801"}',
        '{"id": "b", "text": "France met Germany."}',
    ]
    for form in ("jsonl", "text"):
        done = detente("read", "-", "--input-format", "jsonl", "--format", form, stdin="\n".join(lines))
        assert (done.returncode, done.stderr) == (0, "")
        assert "France" in done.stdout


def test_json_lines_are_utf8_whatever_the_terminal_says() -> None:
    page = EXAMPLES / "2022-01-17-anti-tank-weapons.html"
    for form in ("jsonl", "text"):
        done = subprocess.run(
            [str(DETENTE), "read", str(page), "--format", form],
            capture_output=True,
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
            check=True,
        )
        assert "Zürcher Bote" in done.stdout.decode("utf-8")


def test_a_file_name_that_is_no_text_is_read(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\xfe.txt"
    Path(os.fsdecode(name)).write_text(ARTICLE, encoding="utf-8")
    done = detente("read", tmp_path, "--format", "jsonl")
    assert (done.returncode, len(records(done))) == (0, 1)
    done = detente("clean", os.fsdecode(name), "--format", "jsonl")
    assert (done.returncode, len(records(done))) == (0, 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["read"], "SOURCE"),
        (["read", "x", "--published", "2022-02-30"], "2022-02-30"),
        (["read", "x", "--published", "yesterday"], "YYYY-MM-DD"),
        (["clean", "x", "--published", "22/01/2022"], "YYYY-MM-DD"),
        (["clean", "x", "--published", "9999-12-31"], "9999-12-31"),
        (["read", "x", "--format", "xml"], "jsonl"),
        (["read", "x", "--input-format", "pdf"], "html"),
        (["read", "x", "--jobs", "0"], "--jobs"),
        (["read", "x", "--jobs", "many"], "--jobs"),
        (["read", "x", "--nope"], "--nope"),
        (["read", "x", "--format", "jsonl", "--show-evidence"], "--format text"),
        (["explain"], "SOURCE"),
        (["raed", "x"], "raed"),
    ],
)
def test_wrong_usage(words: list[str], told: str) -> None:
    done = detente(*words)
    assert (done.returncode, done.stdout) == (2, "")
    one_line(done, told, "--help")


@pytest.mark.parametrize(
    "words", [["read", "--format", "jsonl"], ["read", "--format", "text"], ["read", "--jobs", "2"], ["clean"]]
)
def test_a_closed_pipe_ends_it_quietly(words: list[str]) -> None:
    command, *options = words
    process = subprocess.Popen(
        [str(DETENTE), command, str(EXAMPLES), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    error = process.stderr.read()
    assert (process.wait(timeout=60), error) == (0, b"")


@pytest.mark.parametrize("options", [[], ["--jobs", "2"]])
def test_ctrl_c_ends_it_in_one_line(options: list[str]) -> None:
    pages = sorted(map(str, EXAMPLES.glob("*.html"))) * 40
    process = subprocess.Popen(
        [str(DETENTE), "read", "--format", "jsonl", *options, *pages],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Without a buffer of its own, which `communicate` would pass over, and with it the lines after the first.
        bufsize=0,
        start_new_session=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    # The terminal sends it to the whole group, the reading processes too.
    os.killpg(process.pid, signal.SIGINT)
    rest, error = process.communicate(timeout=60)
    assert process.returncode == 130
    told = [line for line in error.decode().splitlines() if line]
    assert told == ["detente: interrupted; what was printed so far is whole"]
    for line in [first, *rest.splitlines()]:
        json.loads(line)


def test_what_comes_from_outside_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "lines.jsonl").write_text(json.dumps({"id": "a\x1b]0;title\x07\nb", "text": " "}) + "\n")
    done = subprocess.run([DETENTE, "clean", str(tmp_path / "lines.jsonl")], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
