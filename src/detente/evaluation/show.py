"""The report for people, as plain text."""

from collections.abc import Iterable, Iterator, Mapping

from detente.evaluation.calibration import BINS
from detente.evaluation.intervals import RESAMPLES, Interval
from detente.evaluation.report import FORBIDDEN, Report, Row

_WORDS = 160
_HEADER = f"{'articles':>9}{'owed':>6}{'read':>6}{'precision':>11}{'recall':>8}{'F1':>8}  95% interval"


def lines(report: Report, *, worst: int, floors: Mapping[str, float] | None = None) -> Iterator[str]:
    """The report line by line, with at most `worst` misses; with `floors` each field's floor beside it."""
    yield f"{report.articles} article{'s' * (report.articles != 1)}"
    yield ""
    floors = floors or {}
    yield _head("fields", report.fields) + ("  floor" if floors else "")
    for row in report.fields:
        yield (_row(row, report.fields) + _floor(floors.get(row.name))).rstrip()
    traps = report.traps
    if traps.owed:
        name = _name(FORBIDDEN, report.fields)
        share = f"{traps.coded} of {traps.owed} traps coded: {traps.share:.3f}"
        yield f"{name}  {share:<46}  {_interval(traps.interval)}{_floor(floors.get(FORBIDDEN))}".rstrip()
    yield ""
    yield _head("types (parties right too)", report.types)
    yield from (_row(row, report.types).rstrip() for row in report.types)
    yield ""
    yield _head("kinds of article (type and parties)", report.kinds)
    yield from (_row(row, report.kinds).rstrip() for row in report.kinds)
    yield ""
    yield "“read” leaves out what fits optional gold. Of events.parties and the rows below it the type is right too;"
    yield "“full” is type, parties, auxiliary and day. Intervals are of F1, or of the share of traps coded: 95% of"
    yield f"{RESAMPLES:,} resamples of the articles, and – where there is but one article."
    yield ""
    yield from _confidence(report)
    if worst:
        yield from _misses(report, worst)


def _width(rows: Iterable[Row]) -> int:
    return max([len("events.claimed_by"), *(len(row.name) for row in rows)])


def _name(name: str, rows: Iterable[Row]) -> str:
    return f"  {name:<{_width(rows)}}"


def _head(title: str, rows: tuple[Row, ...]) -> str:
    width = 2 + _width(rows)
    return f"{title}\n{'':<{width}}{_HEADER}"


def _row(row: Row, rows: tuple[Row, ...]) -> str:
    c = row.count
    figures = f"{row.articles:>9}{c.owed:>6}{c.counted:>6}{c.precision:>11.3f}{c.recall:>8.3f}{c.f1:>8.3f}"
    return f"{_name(row.name, rows)}{figures}  {_interval(row.interval)}"


def _interval(interval: Interval | None) -> str:
    return f"{f'{interval[0]:.3f}–{interval[1]:.3f}' if interval else '–':<12}"


def _floor(floor: float | None) -> str:
    return "" if floor is None else f"  {floor:.3f}"


def _confidence(report: Report) -> Iterator[str]:
    sure = report.confidence
    yield "confidence (type, parties and auxiliary all right)"
    if sure.brier is None or sure.error is None:
        yield "  no events"
        yield ""
        return
    yield (
        f"  {sure.events} events, Brier score {sure.brier:.3f}, expected calibration error {sure.error:.3f} "
        f"({BINS} bins of equal width)"
    )
    yield f"  {'at least':>8}{'read':>6}{'precision':>11}{'recall':>8}"
    for bound, c in sure.thresholds.items():
        yield f"  {bound:>8.1f}{c.counted:>6}{c.precision:>11.3f}{c.recall:>8.3f}"
    yield ""


def _misses(report: Report, worst: int) -> Iterator[str]:
    total = sum(len(own) for _, own in report.misses)
    yield f"worst misses ({min(worst, total)} of {total})"
    errors = {name: len(own) for name, own in report.misses}
    for name, own in report.worst(worst):
        yield f"  {name}: {errors[name]} error{'s' * (errors[name] != 1)}"
        for miss in own:
            says = f"  {miss.says}" if miss.says else ""
            words = f"  “{_short(miss.words)}”" if miss.words else ""
            yield _printable(f"    {miss.sort:<6}  {miss.what:<10}{says}{words}").rstrip()


def _printable(text: str) -> str:
    """Records from elsewhere may hold commands to the terminal."""
    return "".join(c if c.isprintable() else "�" for c in text)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WORDS else flat[: _WORDS - 1].rstrip() + "…"
