"""Accuracy on the golden readings must not fall below what it has reached."""

import importlib.util
import json
from pathlib import Path

HERE = Path(__file__).parent


def _load(name: str):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_figure_falls_below_its_floor():
    floors = _load("floors")
    pinned = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
    assert floors.fallen(floors.figures(), pinned) == []


def test_at_least_forty_articles_are_annotated():
    assert len(list(HERE.rglob("*.gold.json"))) >= 40


def test_every_gold_quote_stands_in_one_place_of_its_text():
    import sys

    sys.path.insert(0, str(HERE))
    from scoring import sentence_of

    lost = []
    for path in HERE.rglob("*.gold.json"):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = (path.parent / gold["file"]).read_text(encoding="utf-8")
        for section in ("events", "forbidden", "statements", "commitments", "meetings"):
            lost += [
                f"{path.name}: {item['quote']}"
                for item in gold.get(section, [])
                if sentence_of(text, item["quote"]) is None
            ]
    assert lost == []
