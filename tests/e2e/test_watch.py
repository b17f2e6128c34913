"""`detente watch` as a user runs it, against a web on this machine."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intake.local_web import LocalWeb, give
from tests.watching.test_watch import WORDS, page, rss

WATCH = [sys.executable, "-m", "detente.cli", "watch"]


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    with LocalWeb() as opened:
        yield opened


@pytest.fixture
def given(web: LocalWeb, tmp_path: Path) -> list[str]:
    # The command looks names up as everyone does: the site goes by the machine's address.
    home = f"http://127.0.0.1:{web.port}"
    web.site(
        "127.0.0.1",
        {
            "/rss": rss(f"{home}/0", f"{home}/1"),
            "/0": page(" ".join(WORDS)),
            "/1": page(WORDS[1]),
            "/gone": give(b"", 404),
        },
    )
    listing = tmp_path / "sources.toml"
    listing.write_text(f'[[source]]\nname = "Home"\naddress = "{home}/rss"\nevery = 60\n')
    return ["--sources", str(listing), "--record", str(tmp_path / "r.db"), "--allow-host", f"127.0.0.1:{web.port}"]


def test_once_adds_what_is_new(given: list[str]) -> None:
    done = subprocess.run([*WATCH, *given, "--once"], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "looked 1, added 2\n"), done.stderr
    assert "Home: well, new 2" in done.stderr
    again = subprocess.run([*WATCH, *given, "--once"], capture_output=True, text=True, timeout=120)
    assert (again.returncode, again.stdout) == (0, "looked 0, added 0\n")
    counted = [sys.executable, "-m", "detente.cli", "record", *given[2:4]]
    assert "2  articles" in subprocess.run(counted, capture_output=True, text=True, timeout=60).stdout


def test_it_answers_monitors_and_ends_cleanly_when_told(given: list[str]) -> None:
    watching = subprocess.Popen(
        [*WATCH, *given, "--port", "0"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert watching.stderr is not None
    told = watching.stderr.readline()
    assert "health at http://127.0.0.1:" in told
    address = told.split("health at ")[1].split("/health")[0]
    deadline = time.monotonic() + 60
    while 'detente_new_total{source="Home"} 2' not in urllib.request.urlopen(f"{address}/metrics").read().decode():
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert json.load(urllib.request.urlopen(f"{address}/health"))["status"] == "well"
    watching.send_signal(signal.SIGTERM)
    out, _ = watching.communicate(timeout=30)
    assert (watching.returncode, out) == (0, "looked 1, added 2\n")


def test_a_failing_source_is_named_and_the_exit_status_says_so(given: list[str], tmp_path: Path, web: LocalWeb) -> None:
    listing = Path(given[1])
    listing.write_text(
        listing.read_text() + f'\n[[source]]\nname = "Old"\naddress = "http://127.0.0.1:{web.port}/gone"\n'
    )
    done = subprocess.run([*WATCH, *given, "--once"], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (1, "looked 2, added 2\n")
    assert "Old: failing, new 0, copies 0, not read 0, failed 0, no such page (HTTP 404)" in done.stderr


def test_pages_that_fail_are_named_and_the_exit_status_says_so(given: list[str], web: LocalWeb) -> None:
    home = f"http://127.0.0.1:{web.port}"
    web.site(
        "127.0.0.1", {"/rss": rss(f"{home}/0", f"{home}/gone"), "/0": page(" ".join(WORDS)), "/gone": give(b"", 404)}
    )
    done = subprocess.run([*WATCH, *given, "--once"], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (1, "looked 1, added 1\n")
    assert f"detente: {home}/gone: no such page (HTTP 404)" in done.stderr


def test_without_sources_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "none.toml").write_text("")
    asked = [*WATCH, "--sources", str(tmp_path / "none.toml"), "--record", str(tmp_path / "r.db")]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, env={**os.environ})
    assert done.returncode == 2
    assert "detente sources add" in done.stderr
    assert not (tmp_path / "r.db").exists()
