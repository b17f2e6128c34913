"""What asking a second reader took and gave, as data: requests, tokens, faults, and where the readers disagree."""

from collections import Counter
from collections.abc import Mapping

from detente.model import Noun

_SHOWN = 12
"""Kinds that a line for people names; the rest are added up."""
NONE = "none"
"""Stands for the reader that saw no act, in a pair of `differences`."""


class CoderReport(Noun):
    """What the second reader was asked and answered. Reports of several pages add up (`+`).

    `sentences` were asked of `pages`; `passed_over` were not, by the bounds on a page. `requests` counts those to the
    address, `seconds` the time waited. `events` were borne out by the text; `kept` sentences stayed with the built-in
    reading because nothing usable came; `faults` says why, by kind. Of acts that both readers saw, `same_type` had the
    same type, and `same` the same parties and auxiliary too. `differences` counts `BUILT-IN/SECOND` types, `none` where
    one saw no act. `cost` is None where no price was given.
    """

    coder: str
    pages: int = 0
    sentences: int = 0
    passed_over: int = 0
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    cost: float | None = None
    events: int = 0
    kept: int = 0
    faults: Mapping[str, int] = {}
    same: int = 0
    same_type: int = 0
    differences: Mapping[str, int] = {}

    @property
    def agreement(self) -> float | None:
        """The share of acts with the same type, among those that either reader saw; None where neither saw any."""
        seen = self.same_type + sum(self.differences.values())
        return self.same_type / seen if seen else None

    def __add__(self, other: "CoderReport") -> "CoderReport":
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return CoderReport(
            coder=self.coder,
            pages=self.pages + other.pages,
            sentences=self.sentences + other.sentences,
            passed_over=self.passed_over + other.passed_over,
            requests=self.requests + other.requests,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            seconds=self.seconds + other.seconds,
            cost=sum(costs) if costs else None,
            events=self.events + other.events,
            kept=self.kept + other.kept,
            faults=Counter(self.faults) + Counter(other.faults),
            same=self.same + other.same,
            same_type=self.same_type + other.same_type,
            differences=Counter(self.differences) + Counter(other.differences),
        )

    def lines(self) -> list[str]:
        """The report for people, a few lines."""
        cost = f", cost {self.cost:.4f}" if self.cost is not None else ""
        over = f", {self.passed_over} more passed over" if self.passed_over else ""
        lines = [
            f"second reader {self.coder}",
            f"asked: {self.sentences} sentences of {self.pages} pages{over}; {self.requests} requests, "
            f"{self.prompt_tokens} + {self.completion_tokens} tokens, {self.seconds:.1f} s{cost}",
            f"borne out by the text: {self.events} events; "
            f"{self.kept} sentences had no usable answer and keep the built-in reading",
        ]
        if self.faults:
            lines.append(f"faults: {_counts(self.faults)}")
        if self.agreement is not None:
            seen = self.same_type + sum(self.differences.values())
            lines.append(
                f"agreement: {self.same_type} of {seen} acts have the same type ({self.agreement:.2f}), "
                f"{self.same} the same parties and auxiliary too"
            )
        if self.differences:
            lines.append(f"built-in/second: {_counts(self.differences)}")
        return lines


def _counts(counts: Mapping[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(count for _, count in ranked[_SHOWN:])
    shown = [f"{name} {count}" for name, count in ranked[:_SHOWN]]
    return ", ".join([*shown, f"others {rest}"] if rest else shown)
