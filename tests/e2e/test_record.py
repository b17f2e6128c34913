"""`add`, `record` and `unread`, driven as a user drives them, with the real reader."""

import json
import subprocess
import sys
from pathlib import Path

import detente

FRIDAY = '{"id": "a1", "text": "Russia accused Ukraine of shelling on Friday.", "published": "2022-02-19"}\n'
FRENCH = json.dumps(
    {
        "id": "a2",
        "text": "Le président de la République a rencontré vendredi à Paris le ministre des affaires étrangères.",
    }
)


def run(cwd: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "detente.cli", *words]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=180, check=False, cwd=cwd)


def test_adding_keeps_what_reading_gives_and_says_what_it_did(tmp_path: Path) -> None:
    given = FRIDAY + FRENCH + "\n[]\n"
    done = run(tmp_path, "add", "-", "gone.html", "--record", "talks.db", "--jobs", "2", stdin=given)
    assert done.returncode == 1
    assert done.stdout == "added 1, already there 0, not read 2 (error 1, language 1), failed 2\n"
    assert [line.split(": ")[:2] for line in done.stderr.splitlines()] == [
        ["detente", "-, line 3"],
        ["detente", "gone.html"],
    ]
    again = run(tmp_path, "add", "-", "--record", "talks.db", stdin=given)
    assert (again.returncode, again.stdout, again.stderr) == (0, "added 0, already there 3\n", "")

    told = run(tmp_path, "record", "--record", "talks.db")
    assert told.returncode == 0
    counted = {name: number for number, name in (line.split(maxsplit=1) for line in told.stdout.splitlines()[1:])}
    version = detente.Reader().version
    assert counted == {
        "pages": "3", "articles": "2", f"read by {version}": "2", "not read: error": "1", "not read: language": "1",
    }  # fmt: skip

    waiting = run(tmp_path, "unread", "--record", "talks.db", "--reason", "language")
    (line,) = map(json.loads, waiting.stdout.splitlines())
    assert line == {"page": 2, "source": "-, line 2", "reason": "language", "words": line["words"]}
    assert "'fr'" in line["words"]

    with detente.open_record(tmp_path / "talks.db") as record:
        readings = list(record.readings())
        assert [article.id for article in record.articles()] == ["a1", "a2"]
        (friday,) = detente.Reader().read_all([str(_file(tmp_path, FRIDAY))])
        assert readings[0] == detente.Reading.model_validate_json(friday.to_json())  # type: ignore[union-attr]


def _file(folder: Path, line: str) -> Path:
    path = folder / "friday.jsonl"
    path.write_text(line, encoding="utf-8")
    return path


def test_records_that_cannot_be_opened_are_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "record", "--record", "none.db")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "detente: none.db: no record there: detente add makes one\n"
    done = run(tmp_path, "add", "-", "--record", "mysql://me:hush@host/talks")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "hush" not in done.stderr
    assert not list(tmp_path.iterdir())
