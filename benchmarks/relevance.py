"""Speed of the relevance gate: `python benchmarks/relevance.py [FOLDER…]`.

Times `relevance` on the articles of the examples, the golden readings and each FOLDER given, after one round that loads
the tables. Prints milliseconds a page, median and slowest, and how long the tables took to load.
"""

import statistics
import sys
import time
from pathlib import Path

from detente.intake import articles
from detente.intake.relevance import relevance
from detente.model import Article

ROOT = Path(__file__).parents[1]
ROUNDS = 5
BOUND = 1.0
"""Milliseconds a page that the project allows itself."""


def main() -> None:
    """Measure and print."""
    sources = [str(ROOT / "examples"), *map(str, sorted((ROOT / "tests" / "readings").rglob("*.txt"))), *sys.argv[1:]]
    pages = [page for page in articles(sources) if isinstance(page, Article)]
    begun = time.perf_counter()
    relevance(pages[0])
    loaded = time.perf_counter() - begun
    times = []
    for page in pages:
        rounds = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            relevance(page)
            rounds.append(1000 * (time.perf_counter() - begun))
        times.append(statistics.median(rounds))
    words = statistics.mean(len(page.text.split()) for page in pages)
    print(f"{len(pages)} pages of {words:.0f} words on average")
    print(f"{statistics.median(times):.2f} ms a page, slowest {max(times):.2f} ms ({BOUND} is allowed)")
    print(f"{loaded * 1000:.0f} ms to load the tables, once")


if __name__ == "__main__":
    main()
