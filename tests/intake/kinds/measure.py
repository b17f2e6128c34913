"""The pages of this folder, read: which kind each was taken for, and the share that is right by kind."""

from collections import Counter
from collections.abc import Iterable

from detente.errors import NoArticle
from detente.intake import article_from_bytes
from tests.intake.kinds.build import Case, cases

ARTICLES = ("article", "live")


def taken_for(case: Case) -> str:
    """The kind that intake gives the page; `article` for all that it reads."""
    try:
        article_from_bytes(case.html.encode(), source=case.name)
    except NoArticle as error:
        return error.kind
    return "article"


def right(case: Case, kind: str) -> bool:
    return kind == ("article" if case.kind in ARTICLES else case.kind)


def by_kind(found: Iterable[tuple[Case, str]]) -> dict[str, tuple[int, int]]:
    """For each kind how many pages were taken for it, of how many."""
    good: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for case, kind in found:
        good[case.kind] += right(case, kind)
        all_[case.kind] += 1
    return {kind: (good[kind], all_[kind]) for kind in all_}


def main() -> None:
    for part in ("development", "held"):
        found = [(case, taken_for(case)) for case in cases(part)]
        print(part, {kind: f"{n}/{of}" for kind, (n, of) in by_kind(found).items()})
        for case, kind in found:
            if not right(case, kind):
                print(f"  {case.name}: {case.kind} taken for {kind}")


if __name__ == "__main__":
    main()
