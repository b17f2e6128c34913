"""Speed and memory of telling copies: articles sketched, kept and looked up in one process.

`python benchmarks/copies.py [--articles 100000] [--json]` makes articles by recombining the sentences of the measuring
set's reports, with parties and numbers exchanged, so that shingles recur among them as in news of one field; each
hundredth is a copy of an earlier one, cut. The texts are made as they are asked for and are not part of the memory.
Times are of the processor, so that a machine shared with others shows the same.
"""

import argparse
import json
import random
import re
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from detente.intake.copies import sketch
from detente.intake.copy_index import CopyIndex

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / "tests" / "intake" / "copies" / "reports.jsonl"
SENTENCES = 12
COPY_EACH = 100
ASKED = 500
BOUNDS = {"memory, MB": 500.0, "look-up, ms, 99 of 100": 5.0}
"""What the project allows itself for 100,000 articles."""


def texts(number: int) -> Iterator[str]:
    """`number` articles, the same at every run."""
    chance = random.Random(1997)
    reports = [json.loads(line)["text"] for line in REPORTS.read_text(encoding="utf-8").splitlines()]
    sentences = [s for report in reports for s in re.split(r"(?<=[.!?])\s+", report) if len(s.split()) >= 6]
    names = sorted({name for s in sentences for name in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", s)})
    lately: list[str] = []
    for at in range(number):
        if at % COPY_EACH == COPY_EACH - 1:
            yield " ".join(re.split(r"(?<=[.!?])\s+", chance.choice(lately))[: SENTENCES // 2])
            continue
        turned = chance.randrange(len(names))
        others = dict(zip(names, names[turned:] + names[:turned], strict=True))
        chosen = chance.sample(sentences, SENTENCES)
        text = re.sub(r"[A-Z][a-z]{3,}", lambda m, o=others: o.get(m[0], m[0]), " ".join(chosen))  # type: ignore[misc]
        text = re.sub(r"\d+", lambda m: str(chance.randrange(1, 10 ** len(m[0]))), text)
        lately = [*lately[-999:], text]
        yield text


def held() -> float:
    """Megabytes that this process holds at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * (1024 if sys.platform == "darwin" else 1))


def measure(number: int) -> dict[str, float]:
    """The figures for that many articles."""
    index = CopyIndex()
    sketch("A first text loads the tables.")
    before, sketching, adding, found = held(), 0.0, 0.0, 0
    size, asked, took = 0, [], []
    for at, text in enumerate(texts(number)):
        begun = time.process_time()
        one = sketch(text)
        sketched = time.process_time()
        index.add(str(at), one)
        sketching += sketched - begun
        adding += time.process_time() - sketched
        size += len(one.to_bytes())
        if at % max(1, number // ASKED) == max(1, number // ASKED) - 1:
            asked.append(one)
    for one in asked:
        begun = time.process_time()
        kin = index.find(one)
        took.append(1000 * (time.process_time() - begun))
        found += len(kin) - 1
    took.sort()
    return {
        "articles": number,
        "sketching, ms": 1000 * sketching / number,
        "adding, ms": 1000 * adding / number,
        "a sketch, bytes": size / number,
        "memory, MB": held() - before,
        "look-up, ms, median": statistics.median(took),
        "look-up, ms, 99 of 100": took[int(0.99 * (len(took) - 1))],
        "look-up, ms, most": took[-1],
        "kin found": found,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    figures = measure(options.articles)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        bound = f"   (at most {BOUNDS[name]:g})" if name in BOUNDS else ""
        print(f"{name:26}{value:12,.2f}{bound}")


if __name__ == "__main__":
    main()
