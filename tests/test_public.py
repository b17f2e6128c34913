"""What `import detente` gives, and that it holds its word: names, loading, threads, processes, tables."""

import inspect
import json
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest

import detente

EXAMPLES = Path(__file__).parents[1] / "examples"
GENEVA = EXAMPLES / "2022-01-21-geneva-ninety-minutes.html"
PAGES = sorted(map(str, EXAMPLES.glob("2022-01-2*.html")))
PUBLIC = {
    "Article", "BadGold", "BadLine", "Coder", "CoderReport", "Commitment", "DetenteError", "Dropped", "Empty", "Entity",
    "Event", "Meeting", "NewerRecord", "NoArticle", "NotFound", "NotText", "OpenRecord", "Place", "Reader", "Reading",
    "RecordError", "Related", "Relevance", "Repair", "Skipped", "SourceError", "Span", "Statement", "Added", "TooLarge",
    "UsageError", "When", "__version__", "open_record", "read", "relevance",
}  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> detente.Reader:
    return detente.Reader()


@pytest.fixture(scope="module")
def geneva(reader: detente.Reader) -> detente.Reading:
    return reader.read(GENEVA)


def _json_of(source: str) -> str:
    return detente.read(source).to_json()


def test_the_public_names_are_these() -> None:
    assert set(detente.__all__) == PUBLIC
    assert all(hasattr(detente, name) for name in PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC - {"__version__"}))
def test_each_public_name_says_what_it_is(name: str) -> None:
    thing = getattr(detente, name)
    assert (inspect.getdoc(thing) or "").strip()
    # A pydantic model or an error without a docstring of its own would show its base's.
    assert thing.__doc__


def test_the_methods_say_what_they_do() -> None:
    for owner in (detente.Reader, detente.Reading, detente.OpenRecord):
        for name, method in vars(owner).items():
            if inspect.isfunction(method) and not name.startswith("_"):
                assert method.__doc__, f"{owner.__name__}.{name}"


def test_importing_loads_no_parser() -> None:
    """Who imports detente for its nouns, or to clean pages, does not wait for a parser."""
    heavy = ("spacy", "torch", "onnxruntime", "rich", "sqlalchemy", "alembic")
    asked = f"import detente, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_read_takes_a_path_and_a_day(geneva: detente.Reading) -> None:
    assert detente.read(GENEVA) == geneva
    assert detente.read(str(GENEVA), published="2022-01-22").article.published == date(2022, 1, 22)
    assert detente.read(GENEVA, published=date(2022, 1, 22)).article.published == date(2022, 1, 22)


def test_evidence_is_the_articles_own_words(geneva: detente.Reading) -> None:
    text = geneva.article.text
    assert geneva.events
    for event in geneva.events:
        assert event.evidence.text == text[event.evidence.start : event.evidence.end]
        assert event.evidence.text.strip()


def test_a_text_is_read_as_its_page_is(reader: detente.Reader, geneva: detente.Reading) -> None:
    article = geneva.article
    again = reader.read_text(article.text, title=article.title, url=article.url, published="2022-01-21")
    assert again.events == geneva.events
    assert reader.read_article(article.model_copy(update={"repairs": ()})).to_json() == geneva.to_json()


def test_json_there_and_back(geneva: detente.Reading) -> None:
    line = geneva.to_json()
    assert "\n" not in line
    assert json.loads(line) == geneva.to_dict()
    back = detente.Reading.model_validate_json(line)
    assert back.to_json() == line
    # The words of evidence stand in the article once and not in the record again.
    assert back.article == geneva.article
    assert back.statements == geneva.statements


def test_rows_make_a_table(geneva: detente.Reading) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(geneva.to_rows())
    assert len(table) == len(geneva.events)
    assert {"article", "published", "type", "actor", "recipient", "start", "score", "confidence", "evidence"} <= set(
        table.columns
    )
    assert (table["article"] == geneva.article.id).all()
    assert list(table["evidence"]) == [event.evidence.text for event in geneva.events]


def test_a_reading_is_frozen(geneva: detente.Reading) -> None:
    with pytest.raises(ValueError, match="frozen"):
        geneva.unread = "no"  # type: ignore[misc]


def test_four_threads_read_as_one_does(reader: detente.Reader) -> None:
    one_by_one = [reader.read(page).to_json() for page in PAGES]
    with ThreadPoolExecutor(4) as pool:
        assert [r.to_json() for r in pool.map(reader.read, PAGES * 4)] == one_by_one * 4


def test_a_reader_goes_to_other_processes(reader: detente.Reader, geneva: detente.Reading) -> None:
    assert isinstance(pickle.loads(pickle.dumps(reader)), detente.Reader)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert pool.submit(reader.read, GENEVA).result(timeout=120) == geneva
        assert pool.submit(_json_of, str(GENEVA)).result(timeout=120) == geneva.to_json()


def test_many_pages_in_two_processes_keep_their_order(reader: detente.Reader) -> None:
    sources = [*PAGES, "no-such-page.html", *PAGES]
    in_one, in_two = (list(reader.read_all(sources, jobs=jobs)) for jobs in (1, 2))
    assert [type(x) for x in in_two] == [type(x) for x in in_one]
    assert [x.to_json() for x in in_two if isinstance(x, detente.Reading)] == [
        x.to_json() for x in in_one if isinstance(x, detente.Reading)
    ]
    assert isinstance(in_two[len(PAGES)], detente.NotFound)


def test_what_cannot_be_read_raises_what_the_tree_of_errors_says(reader: detente.Reader, tmp_path: Path) -> None:
    with pytest.raises(detente.NotFound, match=r"nothing\.html"):
        reader.read(tmp_path / "nothing.html")
    (tmp_path / "empty.html").touch()
    with pytest.raises(detente.Empty) as caught:
        reader.read(tmp_path / "empty.html")
    assert isinstance(caught.value, detente.SourceError)
    assert caught.value.source.endswith("empty.html")
    with pytest.raises(detente.UsageError, match="2022-02-30"):
        reader.read(GENEVA, published="2022-02-30")
    with pytest.raises(detente.UsageError, match="read_all"):
        reader.read(EXAMPLES)


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert detente.__version__ == version("detente")
