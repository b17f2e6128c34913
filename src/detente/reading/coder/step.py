"""The step that a second reader adds to a reading: ask about the page's sentences, check, compare, take over."""

import time

from detente.reading.coder.agreement import Agreement, compare
from detente.reading.coder.answers import answered
from detente.reading.coder.candidates import Candidate, candidates
from detente.reading.coder.checking import Checked, Fault, checked
from detente.reading.coder.endpoint import Endpoint, Reply
from detente.reading.coder.prompt import plain
from detente.reading.coder.report import CoderReport
from detente.reading.coder.spec import Coder
from detente.reading.draft import Draft


class SecondReader:
    """A coder ready to be asked about any number of pages. Safe to share between threads."""

    def __init__(self, coder: Coder) -> None:
        self._coder = coder
        self._endpoint = Endpoint(coder)
        self._book = plain()

    def coder(self, draft: Draft) -> None:
        """Ask about the draft's sentences and take over what the text bears out: fills `draft.coded`."""
        asked, over = candidates(draft)
        begun = time.monotonic()
        replies = self._endpoint.ask([self._book.prompt(_text(c), c.before, draft.article.title) for c in asked])
        seconds = time.monotonic() - begun
        faults: list[str] = []
        agreed: list[Agreement] = []
        kept = 0
        for candidate, reply in zip(asked, replies, strict=True):
            events, wrong, usable = self._heard(draft, candidate, reply)
            faults += wrong
            kept += not usable
            if usable:
                agreed.append(compare(draft, candidate.acts, events, whole=not wrong))
            told = ", ".join(e.coded.type for e in events) or "nothing"
            but = f" (but {'; '.join(wrong)})" if wrong else ""
            draft.decide("coder", candidate.sentence.start_char, f"the second reader gives {told}{but}")
        taken = [act for agreement in agreed for act in agreement.taken]
        draft.acts = sorted([*draft.acts, *taken], key=lambda act: act.trigger.i)
        draft.coded = self._report(replies, faults, agreed, kept=kept, over=over, seconds=seconds)

    def _heard(self, draft: Draft, candidate: Candidate, reply: Reply) -> tuple[list[Checked], list[str], bool]:
        """What of a reply the text bears out, the faults of the rest, and whether anything of it can be used."""
        if reply.text is None:
            return [], [reply.fault or "no answer"], False
        answer = answered(reply.text, self._book)
        events: list[Checked] = []
        faults = list(answer.faults)
        for coded in answer.events:
            try:
                events.append(checked(draft, candidate, coded))
            except Fault as fault:
                faults.append(str(fault))
        return events, faults, bool(events) or not faults

    def _report(
        self, replies: list[Reply], faults: list[str], agreed: list[Agreement], *, kept: int, over: int, seconds: float
    ) -> CoderReport:
        prompted = sum(reply.prompt_tokens for reply in replies)
        completed = sum(reply.completion_tokens for reply in replies)
        return sum(
            (
                CoderReport(coder=self._coder.name, same=a.same, same_type=a.same_type, differences=a.differences)
                for a in agreed
            ),
            CoderReport(
                coder=self._coder.name,
                pages=1,
                sentences=len(replies),
                passed_over=over,
                requests=sum(reply.requests for reply in replies),
                prompt_tokens=prompted,
                completion_tokens=completed,
                seconds=seconds,
                cost=self._coder.cost(prompted, completed),
                events=sum(a.same + len(a.taken) for a in agreed),
                kept=kept,
                faults={kind: faults.count(kind) for kind in dict.fromkeys(faults)},
            ),
        )


def _text(candidate: Candidate) -> str:
    return candidate.sentence.text.strip()
