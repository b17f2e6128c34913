"""The bodies of the pages in `pages/` by F1 over 4-grams of words, beside plain trafilatura's.

Run as a script it prints both figures and the pages where they differ.
"""

import json
import re
from collections import Counter
from pathlib import Path

import trafilatura

from detente.intake import article_from_bytes
from detente.model import Article

PAGES = Path(__file__).parent / "pages"
_N = 4


def cases() -> list[tuple[Path, dict[str, object]]]:
    """Each page with what is expected of it."""
    return [(path, json.loads(path.with_suffix(".json").read_text("utf-8"))) for path in sorted(PAGES.glob("*.html"))]


def article(path: Path, expected: dict[str, object]) -> Article:
    url = expected["url"]
    return article_from_bytes(path.read_bytes(), source=path.name, url=url if isinstance(url, str) else None)


def by_trafilatura(path: Path) -> str:
    return trafilatura.extract(path.read_bytes(), include_comments=False) or ""


def grams(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[i : i + _N]) for i in range(max(1, len(words) - _N + 1)))


def f1(expected: str, got: str) -> float:
    """F1 of two texts' 4-grams of words; 0 for nothing against something."""
    a, b = grams(expected), grams(got)
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values()))


def figures() -> tuple[float, float]:
    """Mean F1 of the bodies: detente's, trafilatura's."""
    ours, theirs = [], []
    for path, expected in cases():
        body = "\n".join(expected["body"])  # type: ignore[arg-type]
        ours.append(f1(body, article(path, expected).text))
        theirs.append(f1(body, by_trafilatura(path)))
    return sum(ours) / len(ours), sum(theirs) / len(theirs)


if __name__ == "__main__":
    for path, expected in cases():
        body = "\n".join(expected["body"])  # type: ignore[arg-type]
        mine, plain = f1(body, article(path, expected).text), f1(body, by_trafilatura(path))
        print(f"{mine:.3f} {plain:.3f} {path.name}")
    print("detente {:.4f}, trafilatura {:.4f}".format(*figures()))
