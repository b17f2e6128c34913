"""Gold files that are none are named with what is wrong; records find their gold."""

import json
from pathlib import Path
from typing import Any

import pytest

from detente.errors import Empty, NotFound, SourceError
from detente.evaluation.gold import GoldFile, gold_files
from detente.evaluation.readings import Pair, from_records, read_now
from detente.evaluation.scoring import score
from tests.evaluation.making import ACCUSED, REJECTED, TEXT, event, reading


def one(**fields: Any) -> str:
    return json.dumps({"file": "page.txt", "events": [ACCUSED | fields]})


BAD: dict[str, tuple[str, str]] = {
    "no JSON": ("{", "no JSON"),
    "no object": ("[]", "the file: must be an object"),
    "no events": ('{"file": "page.txt"}', "events: is missing"),
    "no file": ('{"events": []}', "file: is missing"),
    "a field too many": ('{"file": "page.txt", "events": [], "evnts": []}', "evnts: is no field of the form"),
    "no quote": (one(quote=None), "events[0].quote"),
    "an empty quote": (one(quote=" "), "events[0].quote"),
    "no such type": (one(type=["ACUSE"]), "events[0].type[0]"),
    "no such day": (one(start="2022-02-30"), "events[0].start"),
    "days the wrong way": (one(end="2022-02-01"), "end is a day from start on"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.txt").write_text(TEXT, encoding="utf-8")
    write(tmp_path, "page")
    return tmp_path


def write(folder: Path, name: str, **fields: Any) -> None:
    fields = {"file": "page.txt", "given": "2022-02-19", "events": [ACCUSED]} | fields
    (folder / f"{name}.gold.json").write_text(json.dumps(fields), encoding="utf-8")


def files(folder: Path) -> list[GoldFile]:
    return [file for file in gold_files([str(folder)]) if isinstance(file, GoldFile)]


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_bad_gold_is_named_with_what_is_wrong(text: str, words: str, folder: Path) -> None:
    (folder / "bad.gold.json").write_text(text, encoding="utf-8")
    bad, good = gold_files([str(folder)])
    assert isinstance(good, GoldFile)
    assert isinstance(bad, SourceError)
    assert bad.source == str(folder / "bad.gold.json")
    assert words in bad.message
    assert "\n" not in str(bad)


def test_many_problems_are_still_one_line(folder: Path) -> None:
    write(folder, "bad", events=[{}] * 50)
    bad, _ = gold_files([str(folder)])
    assert str(bad).endswith("more")
    assert len(str(bad)) < 400


def test_a_folder_gives_its_own_gold_and_no_other(folder: Path) -> None:
    (folder / "sub").mkdir()
    write(folder / "sub", "inner")
    assert [f.path.name for f in files(folder)] == ["page.gold.json"]
    named = list(gold_files([str(folder), str(folder / "page.gold.json"), str(folder / "sub")]))
    assert [f.path.name for f in named if isinstance(f, GoldFile)] == ["page.gold.json", "inner.gold.json"]


def test_what_is_not_there(tmp_path: Path) -> None:
    empty, missing = gold_files([str(tmp_path), str(tmp_path / "none.gold.json")])
    assert isinstance(empty, Empty)
    assert isinstance(missing, NotFound)


def test_a_quote_that_is_not_on_the_page_is_bad_gold(folder: Path) -> None:
    write(folder, "bad", events=[ACCUSED, {**ACCUSED, "quote": "Russia praised Ukraine"}])
    bad, good = read_now(files(folder))
    assert isinstance(bad, SourceError)
    assert "events[1]: “Russia praised Ukraine” does not stand in page.txt" in str(bad)
    assert isinstance(good, Pair)


def test_a_quote_that_only_cleaning_lost_is_missed_and_no_bad_gold(folder: Path) -> None:
    article = "".join(f"<p>{line} It was said again and again in the capital.</p>" for line in TEXT.split("\n"))
    page = (
        f"<html><body><nav>Subscribe to <b>the</b> daily&nbsp;mail now</nav><article>{article}</article></body></html>"
    )
    (folder / "page.html").write_text(page, encoding="utf-8")
    write(folder, "page", file="page.html", events=[ACCUSED, {**REJECTED, "quote": "Subscribe to the daily mail"}])
    (found,) = read_now(files(folder))
    assert isinstance(found, Pair)
    assert score(found.file.gold, found.reading).fields["events.type"].owed == 2


def test_gold_without_its_page(folder: Path) -> None:
    write(folder, "page", file="none.txt")
    (bad,) = read_now(files(folder))
    assert isinstance(bad, SourceError)
    assert bad.source.endswith("page.gold.json")
    assert "none.txt" in bad.message


def test_the_day_of_the_gold_is_told_to_the_reader(folder: Path) -> None:
    (found,) = read_now(files(folder))
    assert isinstance(found, Pair)
    assert str(found.reading.article.published) == "2022-02-19"
    assert len(found.whole.events) >= len(found.reading.events)


# -- records made elsewhere -------------------------------------------------------------------------------------------


def records(folder: Path, *lines: Any) -> Path:
    path = folder / "records.jsonl"
    path.write_text("".join(f"{line if isinstance(line, str) else line.to_json()}\n" for line in lines), "utf-8")
    return path


@pytest.mark.parametrize("id", ["page.txt", "page"])
def test_a_record_is_known_by_its_pages_name(id: str, folder: Path) -> None:
    other = "Another cleaning. " + TEXT
    (found,) = from_records(files(folder), records(folder, reading(event(ACCUSED, 1, other), text=other, id=id)))
    assert isinstance(found, Pair)
    assert score(found.file.gold, found.reading).fields["events.full"].f1 == 1.0


def test_a_record_is_known_by_its_text_and_others_are_passed_over(folder: Path) -> None:
    lines = [reading(text="Nothing.", id="elsewhere"), "", reading(event(ACCUSED, 1), id="whatever")]
    (found,) = from_records(files(folder), records(folder, *lines))
    assert isinstance(found, Pair)


def test_records_need_no_page(folder: Path) -> None:
    (folder / "page.txt").unlink()
    (found,) = from_records(files(folder), records(folder, reading(event(ACCUSED, 1), id="page")))
    assert isinstance(found, Pair)


def test_bad_lines_second_records_and_gold_without_one_are_named(folder: Path) -> None:
    write(folder, "alone", file="alone.txt")
    lines = ["{", '{"schema": 1}', reading(id="page"), reading(id="page.txt")]
    *bad, found, second, alone = from_records(files(folder), records(folder, *lines))
    assert [str(b).split(": ")[0] for b in bad] == [f"{folder}/records.jsonl, line {n}" for n in (1, 2)]
    assert isinstance(found, Pair)
    assert "second record" in str(second)
    assert "no record of alone.txt" in str(alone)


def test_two_golds_of_one_page_share_its_record(folder: Path) -> None:
    write(folder, "second", events=[REJECTED])
    found = list(from_records(files(folder), records(folder, reading(event(ACCUSED, 1), id="page"))))
    assert len([f for f in found if isinstance(f, Pair)]) == 2


def test_a_name_that_several_pages_have_is_no_name(folder: Path) -> None:
    (folder / "sub").mkdir()
    write(folder / "sub", "page")
    both = files(folder) + files(folder / "sub")
    other = "Another cleaning. " + TEXT
    first, *rest = from_records(both, records(folder, reading(text=other, id="page")))
    assert "several" in str(first)
    assert len(rest) == 2


def test_events_below_the_bound_are_left_out_of_records(folder: Path) -> None:
    path = records(folder, reading(event(ACCUSED, 1, confidence=0.4), id="page"))
    (all_of_it,) = from_records(files(folder), path)
    (bounded,) = from_records(files(folder), path, 0.5)
    assert isinstance(all_of_it, Pair)
    assert isinstance(bounded, Pair)
    assert [len(p.reading.events) for p in (all_of_it, bounded)] == [1, 0]
    assert len(bounded.whole.events) == 1
