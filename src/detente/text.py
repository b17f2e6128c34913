"""Readings for people: tables in the terminal, the article with its evidence underlined, the steps of a reading."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from detente.model import Article, Entity, Reading, When

if TYPE_CHECKING:
    # The command `clean` loads no parser, and shows its articles from here.
    from detente.intake.polling import Tried
    from detente.intake.source_list import Source
    from detente.reading.coder.probes import ProbeReport
    from detente.reading.pipeline import Trace
    from detente.record.store import Counts

_WIDTH_OFF_TERMINAL = 110


class _Console(Console):
    """A console that ends the program quietly, and as done, where whoever read its output has left."""

    def on_broken_pipe(self) -> None:
        """As rich has it, but no failure."""
        try:
            super().on_broken_pipe()
        except SystemExit:
            raise SystemExit(0) from None


def _console() -> Console:
    console = _Console(highlight=False)
    return console if console.is_terminal else _Console(highlight=False, width=_WIDTH_OFF_TERMINAL)


def _who(entity: Entity) -> str:
    label = entity.name or entity.text
    if entity.party and entity.party != label:
        return f"{entity.party} ({label})" if entity.name else entity.party
    return entity.party or f"{entity.text} (unknown)"


def _all(entities: Iterable[Entity]) -> str:
    return ", ".join(dict.fromkeys(_who(e) for e in entities)) or "–"


def _when(when: When | None) -> str:
    if when is None:
        return "–"
    return when.start.isoformat() if when.start == when.end else f"{when.start} to {when.end}"


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def show_sources(sources: "Iterable[Source]") -> None:
    """Print a list of sources as a table."""
    table = _table("", "name", "kind", "region", "language", "every", "state", "address")
    for source in sources:
        state = "off" if not source.active else "tested" if source.tested else "untested"
        every = f"{source.every // 60} min"
        cells = (source.name, source.kind, source.region, source.language, every, state, source.address)
        table.add_row(*map(escape, cells))
    _console().print(table)


def show_tried(line: "Tried") -> None:
    """Print what one look at a source found, in one line."""
    newest = f", newest {line.newest:%Y-%m-%d %H:%M} UTC" if line.newest else ""
    _console().print(Text(f"{line.name}: {line.kind}, {line.listed} listed{newest}"))


def show_article(article: Article) -> None:
    """Print an article's title, source, day and words."""
    console = _console()
    _head(console, article)
    console.print(Text(article.text))
    console.print()


def _head(console: Console, article: Article) -> None:
    console.rule(style="dim")
    console.print(Text(article.title or "(no title)", style="bold"))
    source = [article.site, article.byline, ", ".join(article.agencies) or None, article.url]
    line = " · ".join(part for part in source if part)
    if line:
        console.print(Text(line, style="dim"))
    console.print(Text(f"{article.published or 'day unknown'} · {article.id}", style="dim"))
    console.print()


def show_reading(reading: Reading, *, evidence: bool = False, console: Console | None = None) -> None:
    """Print a record for people; with `evidence` the article first, its evidence underlined and numbered."""
    console = console or _console()
    article = reading.article
    _head(console, article)
    if reading.unread:
        console.print(Text(f"Not read: {reading.unread}"))
        console.print()
    if evidence:
        console.print(_underlined(reading))
        console.print()
    if reading.events:
        table = _table("Events", "#", "type", "who", "to whom", "when", "status", "on whose word", "sure")
        for number, event in enumerate(reading.events, 1):
            table.add_row(
                str(number),
                event.type + (f" ({', '.join(event.mode)})" if event.mode else ""),
                escape(_all(event.actor)),
                escape(_all(event.recipient)),
                _when(event.when),
                event.auxiliary or "happened",
                escape(_who(event.claimed_by)) if event.claimed_by else "the article's",
                f"{event.confidence:.2f}",
            )
        console.print(table)
        if not evidence:
            # The article is not beside the table: the events' words, each passage once, across the width below it.
            numbers: dict[str, list[str]] = {}
            for number, event in enumerate(reading.events, 1):
                numbers.setdefault(event.evidence.text, []).append(str(number))
            for words, of in numbers.items():
                console.print(Text(f"  {', '.join(of):>2} “{_short(words, 400)}”", style="dim italic"))
        console.print()
    elif not reading.unread:
        console.print(Text("No events between named parties."))
        console.print()
    if reading.statements:
        table = _table("Statements", "who", "how", "words")
        for said in reading.statements:
            table.add_row(
                escape(_who(said.speaker)),
                "direct" if said.direct else f"reported ({escape(said.cue)})" if said.cue else "reported",
                escape(_short(said.text, 200)),
            )
        console.print(table)
        console.print()
    if reading.commitments:
        table = _table("Commitments", "kind", "by", "to", "what", "condition", "due")
        for made in reading.commitments:
            table.add_row(
                made.kind,
                escape(_all(made.by)),
                escape(_all(made.to)),
                escape(_short(made.what)),
                escape(made.condition or "–"),
                _when(made.due),
            )
        console.print(table)
        console.print()
    if reading.meetings:
        table = _table("Meetings", "status", "between", "level", "medium", "when", "where", "minutes")
        for meeting in reading.meetings:
            table.add_row(
                meeting.status,
                escape(_all(meeting.participants)),
                meeting.level or "–",
                meeting.medium or "–",
                _when(meeting.when),
                escape(meeting.where.text) if meeting.where else "–",
                f"{meeting.minutes:g}" if meeting.minutes else "–",
            )
        console.print(table)
        console.print()
    if article.repairs:
        table = _table("Repairs (laid over the text, which stays as it was)", "was", "read as", "because")
        for repair in article.repairs:
            table.add_row(escape(repair.was), escape(repair.now) or "(nothing)", escape(repair.reason))
        console.print(table)
        console.print()
    if article.related or article.dropped:
        table = _table("Left out of the article", "why", "line")
        for related in article.related:
            table.add_row("related headline", escape(_short(related.title, 140)))
        for dropped in article.dropped:
            table.add_row(escape(dropped.reason), escape(_short(dropped.text, 140)))
        console.print(table)
        console.print()


def _short(text: str, limit: int = 90) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def _underlined(reading: Reading) -> Text:
    """The article's words, each stretch of evidence underlined, with the numbers of its events behind it."""
    text = reading.article.text
    stretches: dict[tuple[int, int], list[int]] = {}
    for number, event in enumerate(reading.events, 1):
        stretches.setdefault((event.evidence.start, event.evidence.end), []).append(number)
    shown = Text()
    at = 0
    for (start, end), numbers in sorted(stretches.items()):
        if start < at:
            start = at
        shown.append(text[at:start])
        shown.append(text[start:end], style="underline")
        shown.append(f" [{', '.join(map(str, numbers))}]", style="bold cyan")
        at = max(at, end)
    shown.append(text[at:])
    return shown


def show_trace(reading: Reading, steps: "tuple[Trace, ...]", words: str | None) -> bool:
    """Print what each step took and decided; with `words` only for the sentence that holds them. False: none does."""
    from detente.reading.sentences import sentence_starts

    console = _console()
    text = reading.article.text
    low, high = 0, len(text) + 1
    if words is not None:
        at = text.lower().find(words.lower())
        if at < 0:
            return False
        starts = [*sentence_starts(text), len(text) + 1]
        low = max(s for s in starts if s <= at)
        high = min(s for s in starts if s > at)
        console.print(Text(text[low:high].strip(), style="italic"))
        console.print()
    table = _table("Steps", "step", "ms", "decided")
    for step in steps:
        decided = [what for at, what in step.decisions if low <= at < high]
        table.add_row(step.step, f"{step.seconds * 1000:.1f}", escape("\n".join(decided)) or "–")
    console.print(table)
    return True


def show_probe(report: "ProbeReport") -> None:
    """Print what a probe of a second reader found, and how it is to be read."""
    console = _console()
    known = f"; {report.right} of {report.known} are given the type they tell" if report.known else ""
    console.print(Text(report.coder, style="bold"))
    console.print(
        Text(f"Codebook as it is: {report.coded} of {report.sentences} sentences coded, {report.faults} faults{known}.")
    )
    console.print()
    table = _table("The same sentences, the same definitions", "variant", "compared", "same", "name", "place", "faults")
    for variant in report.variants:
        shares = (variant.same, variant.by_name, variant.by_place)
        table.add_row(
            variant.name,
            str(variant.compared),
            *("–" if n is None or not variant.compared else f"{n / variant.compared:.2f}" for n in shares),
            str(variant.faults),
        )
    console.print(table)
    console.print()
    console.print(
        Text(
            "same: the answer goes with the definition. Under every variant it should be what it is when asked again.\n"
            "name: under exchanged names the answer keeps the name, whatever its definition now says.\n"
            "place: in another order the answer keeps its place in the list.\n"
            "Where same is low, or name or place is high, the model does not code by the rules that it is sent."
        )
    )
    cost = f", cost {report.cost:.4f}" if report.cost is not None else ""
    console.print(
        Text(
            f"{report.requests} requests, {report.prompt_tokens} + {report.completion_tokens} tokens, "
            f"{report.seconds:.1f} s{cost}",
            style="dim",
        )
    )


def show_counts(where: str, counts: "Counts") -> None:
    """Print what a record holds, one count a line."""
    console = _console()
    console.print(Text(f"{where}, {counts.size / 1e6:,.1f} MB"), soft_wrap=True)
    lines = [("pages", counts.pages), ("articles", counts.articles)]
    lines += [("of them copies", counts.copies)] if counts.copies else []
    lines += [(f"read by {reader}", count) for reader, count in counts.readings.items()]
    lines += [(f"not read: {kind}", count) for kind, count in counts.unread.items()]
    for name, count in lines:
        console.print(Text(f"{count:>9,}  {name}"), soft_wrap=True)


class Bar:
    """A progress bar on standard error that counts pages; `total` None where it is not known. Silent unless `shown`."""

    def __init__(self, total: int | None, *, shown: bool) -> None:
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("reading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not shown,
        )
        self._task = self._bar.add_task("reading", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self) -> None:
        """One page more is done."""
        self._bar.advance(self._task)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While something is printed the bar is away, so that both may share a terminal."""
        self._bar.stop()
        yield
        self._bar.start()
