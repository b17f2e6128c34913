"""Accuracy on the golden readings must not fall below what it has reached."""

import subprocess
import sys
from pathlib import Path

import pytest

from detente.evaluation.gold import GoldFile, gold_files
from detente.evaluation.matching import find

HERE = Path(__file__).parent
DETENTE = Path(sys.executable).with_name("detente")
SETS = [HERE, HERE / "held"]


@pytest.mark.parametrize("folder", SETS, ids=["development", "held"])
def test_no_figure_falls_below_its_floor(folder: Path) -> None:
    command = [str(DETENTE), "evaluate", str(folder), "--misses", "0", "--baseline", str(folder / "floors.json")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_at_least_forty_articles_are_annotated_each_with_its_kind() -> None:
    found = list(gold_files(map(str, SETS)))
    golds = [file.gold for file in found if isinstance(file, GoldFile)]
    assert len(golds) == len(found) >= 40
    assert all(gold.kind for gold in golds)


def test_every_gold_quote_stands_in_its_text() -> None:
    files = [file for file in gold_files(map(str, SETS)) if isinstance(file, GoldFile)]
    pages = {file.path: file.page.read_text(encoding="utf-8") for file in files}
    assert [
        f"{file.path.name}: {quote}"
        for file in files
        for _, quote in file.gold.quotes()
        if find(quote, pages[file.path]) is None
    ] == []
