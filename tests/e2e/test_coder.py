"""The second reader on the command line: its report, its key, its faults, and the probe."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reading.chat import coding, event, serving
from tests.reading.test_probes import by_name, choosing

DETENTE = Path(sys.executable).with_name("detente")
EXAMPLES = Path(__file__).parents[2] / "examples"
LINE = json.dumps({"id": "a", "text": "Ukraine rejected the accusation by Russia.", "published": "2022-02-19"})
KEY = "sk-secret-0123456789"
READ = ("read", "-", "--input-format", "jsonl", "--format", "jsonl")
NOWHERE = "openai:tiny@http://127.0.0.1:9/v1"


def detente(*words: str, stdin: str = "", key: str = KEY) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"DETENTE_CODER_KEY": key, "PYTHONUTF8": "1"}
    return subprocess.run(
        [str(DETENTE), *words], input=stdin, env=env, capture_output=True, text=True, timeout=180, check=False
    )


def test_the_report_stands_on_standard_error() -> None:
    answer = event("REJECT", ["Ukraine"], ["Russia"], "rejected the accusation")
    with serving(coding({"rejected": [answer]})) as chat:
        done = detente(*READ, "--coder", chat.name, "--coder-price", "0.5,2", stdin=LINE)
        assert chat.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert done.returncode == 0
    assert [e["type"] for e in json.loads(done.stdout)["events"]] == ["REJECT"]
    lines = done.stderr.splitlines()
    assert all(line.startswith("detente: ") for line in lines)
    told = " ".join(lines)
    for part in (chat.name, "1 sentences of 1 pages", "1 requests, 100 + 10 tokens", "cost 0.0001", "1 events"):
        assert part in told
    assert "ACCUSE/REJECT 1" in told
    assert KEY not in done.stdout + done.stderr


def test_without_an_answer_the_record_is_the_built_in_one() -> None:
    plain = detente(*READ, stdin=LINE)
    done = detente(*READ, "--coder", NOWHERE, stdin=LINE)
    assert (done.returncode, done.stdout) == (0, plain.stdout)
    assert plain.stderr == ""
    assert "faults: no connection 1" in done.stderr
    assert "Traceback" not in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_the_report_comes_where_a_source_fails_too() -> None:
    done = detente("read", "no-such-page", "--coder", NOWHERE)
    assert done.returncode == 1
    assert "no-such-page" in done.stderr
    assert "0 requests" in done.stderr


def test_explain_shows_what_the_second_reader_gave(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Ukraine rejected the accusation by Russia on Friday.", encoding="utf-8")
    with serving(coding({"rejected": [event("REJECT", ["Ukraine"], [], "rejected")]})) as chat:
        done = detente("explain", str(page), "--coder", chat.name)
    assert done.returncode == 0
    assert "the second reader gives REJECT" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    "words",
    [
        ("read", "x", "--coder", "llama3.1"),
        ("read", "x", "--coder", NOWHERE, "--coder-price", "cheap"),
        ("read", "x", "--coder", NOWHERE, "--coder-price", "1,-1"),
        ("read", "x", "--coder", NOWHERE, "--coder-timeout", "0"),
        ("read", "x", "--coder", f"openai:m@http://me:{KEY}@localhost/v1"),
        ("probe", "llama3.1"),
    ],
)
def test_wrong_usage_is_one_line(words: tuple[str, ...]) -> None:
    done = detente(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("detente: ")
    assert len(done.stderr.splitlines()) == 1
    assert KEY not in done.stderr


def test_a_key_that_cannot_be_sent_is_wrong_usage() -> None:
    done = detente(*READ, "--coder", NOWHERE, stdin=LINE, key=f"{KEY} two")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "DETENTE_CODER_KEY" in done.stderr
    assert KEY not in done.stderr


def test_nothing_that_asks_is_loaded_without_a_coder() -> None:
    asked = (
        "import detente, sys; detente.Reader().read_text('Russia accused Ukraine.'); "
        "print([m for m in sys.modules if m.startswith('detente.reading.coder.')])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "['detente.reading.coder.report', 'detente.reading.coder.spec']"


def test_a_probe_for_people_and_for_programs() -> None:
    with serving(choosing(by_name)) as chat:
        shown = detente("probe", chat.name, "--sentences", "6", "--format", "text", "--coder-price", "1,1")
        told = detente("probe", chat.name, "--sentences", "6")
    assert (shown.returncode, shown.stderr) == (0, "")
    flat = " ".join(shown.stdout.split())
    assert "6 of 6 sentences coded, 0 faults; 6 of 6 are given the type they tell" in flat
    assert "swapped 6 0.00 1.00" in flat
    assert "cost" in flat
    report = json.loads(told.stdout)
    assert {v["name"]: v["same"] for v in report["variants"]}["swapped"] == 0


def test_a_probe_of_cases_of_ones_own(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    text = "Norway agreed on Monday to send observers to the talks."
    cases.write_text(json.dumps({"text": text, "type": "AGREE"}) + "\n", encoding="utf-8")
    with serving(choosing(by_name)) as chat:
        done = detente("probe", chat.name, str(cases))
    assert json.loads(done.stdout)["sentences"] == 1


@pytest.mark.parametrize("line", ["[]", "{", '{"type": "AGREE"}', '{"text": "x", "type": "INVADE"}', '{"text": 1}'])
def test_a_bad_case_is_named(line: str, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(f"\n{line}\n", encoding="utf-8")
    done = detente("probe", NOWHERE, str(cases))
    assert done.returncode == 2
    assert "line 2" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_probe_without_an_answer_fails() -> None:
    done = detente("probe", NOWHERE, "--sentences", "2", "--format", "text")
    assert done.returncode == 1
    assert "no usable answer" in done.stderr
