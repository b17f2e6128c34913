"""The command line: one function a command that parses, calls and prints.

Exit status 0 (all done), 1 (some sources failed, or a figure fell below its floor), 2 (wrong usage),
130 (interrupted).
"""

import errno
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, TypeVar

import click

from detente import __version__
from detente.errors import BadLine, RecordError, SourceError, UsageError
from detente.intake import InputFormat, Tally, articles, expected, pages
from detente.intake.relevance import Skipped
from detente.intake.rows import parse_columns
from detente.model import Article, Reading
from detente.reader import Reader, as_day, second_reader
from detente.reading.coder.spec import Coder

if TYPE_CHECKING:
    from detente.adding import Added
    from detente.evaluation.readings import Pair
    from detente.intake.source_list import Kind, Source
    from detente.reading.coder.probes import Case
    from detente.record.unread import Kind as Reason

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
_SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
_PUBLISHED = click.option(
    "--published",
    metavar="DATE",
    callback=lambda _c, _p, v: _day(v),
    help="The day the page appeared (YYYY-MM-DD), where the page does not say.",
)
_INPUT = click.option(
    "--input-format",
    type=click.Choice(["auto", "html", "text", "jsonl", "warc", "csv"]),
    default="auto",
    show_default=True,
    help="What the sources are.",
)
_COLUMNS = click.option(
    "--columns",
    metavar="FIELD=HEADING,...",
    callback=lambda _c, _p, v: _columns(v),
    help="Which column of a table is which field, such as text=body,title=headline; fields are id, url, title, "
    "published, text and html. Common headings are found without it.",
)
_JOBS = click.option(
    "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, metavar="N", help="Processes to read with."
)

_TIMEOUT = click.option(
    "--coder-timeout",
    type=click.FloatRange(0, 3600, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long the second reader may take for one answer.",
)
_PRICE = click.option(
    "--coder-price",
    metavar="IN,OUT",
    callback=lambda _c, _p, v: _price(v),
    help="What a million tokens of prompt and of answer cost, so that the report says the sum.",
)
_CODER = click.option(
    "--coder",
    metavar="openai:MODEL@ADDRESS",
    help="A second reader, off by default: ask this language model about candidate sentences, at this address alone. "
    "The key, if any, is DETENTE_CODER_KEY in the environment.",
)


def _price(value: str | None) -> tuple[float, float] | None:
    if value is None:
        return None
    try:
        given, answered = map(float, value.split(","))
    except ValueError:
        given = answered = -1.0
    if not (0 <= given < float("inf") and 0 <= answered < float("inf")):
        raise click.BadParameter(f"{value!r} is no price; give it as IN,OUT per million tokens, such as 0.15,0.60")
    return given, answered


def _coder(name: str | None, timeout: float, price: tuple[float, float] | None) -> Coder | None:
    return Coder.named(name, timeout=timeout, price=price) if name is not None else None


_OUTPUT = click.Path(path_type=Path, dir_okay=False)


def _least(default: str) -> Callable[[F], F]:
    return click.option(
        "--min-confidence",
        "least",
        type=click.FloatRange(0, 1),
        metavar="P",
        help=f"Leave out events less likely than P.  [default: {default}]",
    )


def _day(value: str | None) -> date | None:
    try:
        return as_day(value)
    except UsageError as error:
        raise click.BadParameter(str(error)) from None


def _columns(value: str | None) -> dict[str, str] | None:
    try:
        return parse_columns(value) if value is not None else None
    except UsageError as error:
        raise click.BadParameter(str(error)) from None


def _warn(message: object) -> None:
    # Words from outside may hold what a terminal obeys, and line breaks.
    said = "".join(c if c.isprintable() else " " for c in str(message))
    click.echo(f"detente: {said}", err=True)


def _warn_of_usage(error: click.ClickException) -> None:
    message = error.format_message()
    if message.startswith("Usage:"):
        # A bare `detente` asks for its help.
        click.echo(message, err=True)
        return
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "detente"
    _warn(f"{' '.join(message.split())} (see {command} --help)")


def _print_line(line: str) -> None:
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has left: nothing more is owed, and Python must not flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="detente")
def cli() -> None:
    """Read news pages about diplomacy into a record of who did what to whom, every line pinned to the page's words."""


@cli.command()
@_SOURCES
@_PUBLISHED
@_INPUT
@_COLUMNS
@_JOBS
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "jsonl"]),
    default=None,
    help="text for people, jsonl for programs.  [default: text on a terminal, else jsonl]",
)
@click.option("--show-evidence", is_flag=True, help="With text: the article, its evidence underlined and numbered.")
@click.option(
    "--relevant-only",
    is_flag=True,
    help="Skip pages that are not about states, peoples and their governments; each is named at the end.",
)
@_CODER
@_PRICE
@_TIMEOUT
@_least("0.5, even odds")
def read(
    sources: tuple[str, ...],
    published: date | None,
    input_format: InputFormat,
    columns: dict[str, str] | None,
    jobs: int,
    output: str | None,
    show_evidence: bool,
    relevant_only: bool,
    coder: str | None,
    coder_price: tuple[float, float] | None,
    coder_timeout: float,
    least: float | None,
) -> None:
    """Read pages into their records. Nothing is stored.

    A SOURCE is a file (a page, JSON lines, a WARC archive, a table), a folder, an http(s) address, or - for standard
    input.
    """
    text = output == "text" or (output is None and sys.stdout.isatty())
    if show_evidence and output == "jsonl":
        raise click.UsageError("--show-evidence goes with --format text")
    reader = Reader(coder=_coder(coder, coder_timeout, coder_price), min_confidence=least)
    skipped: list[Skipped] | None = [] if relevant_only else None
    tally = Tally()
    found = reader.read_all(
        sources,
        published=published,
        input_format=input_format,
        jobs=jobs,
        stdin=sys.stdin.buffer,
        columns=columns,
        tally=tally,
        skipped=skipped,
    )

    def show(reading: Reading) -> None:
        if text:
            from detente.text import show_reading

            show_reading(reading, evidence=show_evidence)
        else:
            _print_line(reading.to_json())

    try:
        _each(found, show, expected(sources))
    finally:
        # Also where sources failed or the user broke off: what was asked until then has been paid for.
        report = reader.coder_report()
        for line in (*tally.lines(), *(report.lines() if report is not None else ())):
            _warn(line)
        for page in skipped or ():
            _warn(page)
        if skipped is not None:
            _warn(f"{len(skipped)} skipped as not relevant")


@cli.command()
@_SOURCES
@_PUBLISHED
@_INPUT
@_COLUMNS
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "jsonl"]),
    default=None,
    help="text: the article's words alone; jsonl: with what was left out.  [default: text on a terminal, else jsonl]",
)
def clean(
    sources: tuple[str, ...],
    published: date | None,
    input_format: InputFormat,
    columns: dict[str, str] | None,
    output: str | None,
) -> None:
    """Take the article out of its page; no model is loaded and nothing is read from it."""
    text = output == "text" or (output is None and sys.stdout.isatty())

    def show(page: tuple[str, Article]) -> None:
        if text:
            from detente.text import show_article

            show_article(page[1])
        else:
            _print_line(json.dumps(_cleaned(*page), ensure_ascii=False))

    tally = Tally()
    found = pages(
        sources,
        published=published,
        input_format=input_format,
        stdin=sys.stdin.buffer,
        columns=columns,
        tally=tally,
    )
    items = (item if isinstance(item, SourceError) else (name, item) for name, item in found)
    try:
        _each(items, show, expected(sources))
    finally:
        for line in tally.lines():
            _warn(line)


def _cleaned(file: str, article: Article) -> dict[str, Any]:
    values = article.model_dump(mode="json")
    owed = ("title", "published", "language", "text", "related", "dropped")
    return {"file": file} | {key: values[key] for key in (*owed, "id", "url", "site", "byline", "agencies")}


_RECORD = click.option(
    "--record",
    "where",
    metavar="WHERE",
    help="A file (SQLite) or postgresql://user@host/database.  [default: $DETENTE_RECORD, else detente.db in the "
    "user's data folder]",
)
_REASON = click.option(
    "--reason",
    "kind",
    type=click.Choice(["no article", "paywall", "not relevant", "copy", "language", "error"]),
    help="Only the pages that were not read for this reason.",
)


@cli.command()
@_SOURCES
@_RECORD
@_PUBLISHED
@_INPUT
@_COLUMNS
@_JOBS
@click.option(
    "--relevant-only",
    is_flag=True,
    help="Do not read what is not about states, peoples and their governments; it is kept with that reason.",
)
@click.option("--no-copies", is_flag=True, help="Do not read copies of kept articles; they are kept with that reason.")
def add(
    sources: tuple[str, ...],
    where: str | None,
    published: date | None,
    input_format: InputFormat,
    columns: dict[str, str] | None,
    jobs: int,
    relevant_only: bool,
    no_copies: bool,
) -> None:
    """Read pages as `read` does and keep them in a record, with what was read from them.

    Adding the same again changes nothing; another content of an address becomes a revision of it. Pages that cannot be
    read are kept too, with the reason. Several processes may add to one record at once.
    """
    from detente import adding
    from detente.intake.sources import raw_pages
    from detente.record.store import Record

    tally = Tally()
    gate = adding.Gate(relevant_only, no_copies)
    with Record(where) as record:
        reader = Reader()
        reached = adding.Reached(record, reader.version, gate, published, input_format, columns)
        found = raw_pages(
            sources,
            published=published,
            input_format=input_format,
            stdin=sys.stdin.buffer,
            columns=columns,
            after=reached,
            tally=tally,
        )
        try:
            _add(
                expected(sources),
                lambda **told: adding.add(found, record, reader, jobs, gate=gate, reached=reached, **told),
            )
        finally:
            for said in tally.lines():
                _warn(said)


@cli.command()
@_RECORD
def record(where: str | None) -> None:
    """Tell what a record holds: articles, readings by the version of their reader, what was not read, its size."""
    from detente.record.store import Record
    from detente.text import show_counts

    with Record(where, create=False) as kept:
        show_counts(kept.where, kept.counts())


@cli.command()
@_RECORD
@_REASON
@click.option("--again", is_flag=True, help="Try to read them again, from the bytes that were kept.")
@_JOBS
def unread(where: str | None, kind: "Reason | None", again: bool, jobs: int) -> None:
    """List the pages of a record that were not read, each with the reason, as JSON lines; or read them again."""
    from detente import adding
    from detente.record.store import Record

    with Record(where, create=False) as kept:
        if again:
            _add(
                sum(1 for _ in kept.unread(kind)),
                lambda **told: adding.add_unread(kept, Reader(), jobs, kind=kind, **told),
            )
            return
        for page in kept.unread(kind):
            line = {"page": page.page, "source": page.source, "reason": page.why.kind, "words": page.why.words}
            _print_line(json.dumps(line, ensure_ascii=False))


@cli.command()
@_RECORD
def copies(where: str | None) -> None:
    """List the articles that have copies, as JSON lines: the original, the earliest time, the agency, each copy."""
    from detente.record.copies import groups
    from detente.record.store import Record

    with Record(where, create=False) as kept:
        for group in groups(kept):
            _print_line(json.dumps(group.to_dict(), ensure_ascii=False))


@cli.command()
@_RECORD
def revisions(where: str | None) -> None:
    """List the pages that came again with other words, as JSON lines: what changed in the text and in the events."""
    from detente.record.revisions import revised
    from detente.record.store import Record

    with Record(where, create=False) as kept:
        for change in revised(kept):
            _print_line(json.dumps(change.to_dict(), ensure_ascii=False))


def _add(total: int | None, adding: "Callable[..., Added]") -> None:
    """Add with progress; name each source that failed, print the tally; end with 1 where any failed."""
    with _progress(total) as bar:

        def failed(error: SourceError) -> None:
            with bar.aside():
                _warn(error)

        try:
            tally = adding(failed=failed, done=lambda *_: bar.advance())
        except KeyboardInterrupt:
            _warn("interrupted; what was added stays: add the same again for the rest")
            sys.exit(130)
    _print_line(str(tally))
    if tally.failed:
        sys.exit(1)


@cli.command()
@click.argument("source", metavar="SOURCE")
@_PUBLISHED
@_INPUT
@click.option("--sentence", metavar="WORDS", help="Only what was decided in the sentence that holds these words.")
@_CODER
@_TIMEOUT
def explain(
    source: str,
    published: date | None,
    input_format: InputFormat,
    sentence: str | None,
    coder: str | None,
    coder_timeout: float,
) -> None:
    """Show the steps of one page's reading: the time each took and what it decided, so that an error can be traced."""
    from detente.reading.pipeline import trace
    from detente.text import show_trace

    named = _coder(coder, coder_timeout, None)
    second = second_reader(named) if named is not None else None
    for item in articles([source], published=published, input_format=input_format, stdin=sys.stdin.buffer):
        if isinstance(item, SourceError):
            _fail(item)
        reading, steps = trace(item, second.coder if second is not None else None)
        if not show_trace(reading, steps, sentence):
            _fail(f"no sentence of {source} holds {sentence!r}; give words as `detente clean {source}` shows them")


@cli.command()
@click.argument("source", metavar="-", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
def classify(source: Iterable[str]) -> None:
    """The PLOVER type between two marked parties, for JSON lines {"id", "text", "actor", "recipient"}."""
    from detente.reading.classifier import classify as best

    def answer(line: dict[str, Any]) -> dict[str, Any]:
        return best(str(line["text"]), _span(line, "actor"), _span(line, "recipient"))._asdict()

    _answers(source, ("text",), answer)


@cli.command()
@click.argument("source", metavar="-", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
def who(source: Iterable[str]) -> None:
    """Which party an actor mention is, for JSON lines {"id", "text", "context", "on"}."""
    from detente.reading.who import confidence, resolve

    def answer(line: dict[str, Any]) -> dict[str, Any]:
        entity = resolve(str(line["text"]), str(line.get("context") or ""), as_day(line.get("on") or None))
        return {
            "party": entity.party,
            "sector": entity.sector,
            "name": entity.name,
            "role": entity.role,
            "confidence": confidence(entity),
        }

    _answers(source, ("text",), answer)


@cli.command()
@click.argument("source", metavar="-", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
def when(source: Iterable[str]) -> None:
    """Which days a time expression names, for JSON lines {"id", "text", "published", "tense"}."""
    from detente.reading.calendar.resolve import resolve

    def answer(line: dict[str, Any]) -> dict[str, Any]:
        tense = line.get("tense")
        if tense not in {"past", "future", None}:
            raise UsageError(f"tense is {tense!r}; it is past, future or null")
        named = resolve(str(line["text"]), as_day(line.get("published") or None), tense, convention="value", wire=True)
        return (
            {"start": named.start.isoformat(), "end": named.end.isoformat(), "precision": named.precision}
            if named
            else {"start": None, "end": None, "precision": None}
        )

    _answers(source, ("text",), answer)


@cli.command()
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...")
@click.option(
    "--readings",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Score these records, JSON lines as `detente read` prints them, instead of reading now; a record's "
    "article.id is its page's file name or the id that `detente read` gave, or its text is the page's.",
)
@_least("the reader's own bound; with --readings none")
@click.option(
    "--misses",
    "worst",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="How many errors to print, of the articles with most errors first.",
)
@click.option(
    "--baseline", type=_OUTPUT, metavar="FILE", help="Fail where a figure falls below its floor in this file."
)
@click.option("--write-baseline", is_flag=True, help="Raise the floors of --baseline to what is reached; lower none.")
@click.option("--lower", is_flag=True, help="With --write-baseline: lower floors too.")
@click.option("--reliability", type=_OUTPUT, metavar="FILE", help="Draw confidence against the share right, as SVG.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def evaluate(
    gold: tuple[str, ...],
    readings: Path | None,
    least: float | None,
    worst: int,
    baseline: Path | None,
    write_baseline: bool,
    lower: bool,
    reliability: Path | None,
    output: str,
) -> None:
    """Score readings against gold files (*.gold.json, or folders of them): precision, recall and F1 with intervals."""
    # Imported where it is used, as the parser is: no other command counts.
    from detente.evaluation import baseline as floors
    from detente.evaluation import diagram, show
    from detente.evaluation.report import evaluate as report_of

    if write_baseline and baseline is None:
        raise click.UsageError("--write-baseline goes with --baseline FILE")
    if lower and not write_baseline:
        raise click.UsageError("--lower goes with --write-baseline")
    if baseline is not None and not write_baseline and not baseline.exists():
        raise click.UsageError(f"there is no {baseline}; --write-baseline makes it")
    pinned = floors.load(baseline) if baseline is not None else {}
    pairs, failed = _paired(gold, readings, least)
    report = report_of(pairs)
    reached = report.figures()
    fallen = [] if lower else floors.fallen(reached, pinned)
    if output == "json":
        _print_line(
            json.dumps(report.to_dict(worst) | {"fallen": [asdict(f) for f in fallen]}, ensure_ascii=False, indent=1)
        )
    else:
        for line in show.lines(report, worst=worst, floors=pinned):
            _print_line(line)
    if reliability is not None:
        _write(reliability, diagram.reliability(report.confidence))
    if baseline is not None and write_baseline:
        if failed:
            _fail(f"{baseline} was left as it is: its floors are of all gold files, and not all could be scored")
        _write(baseline, floors.dumps(floors.raised(reached, pinned, lower=lower)))
    for fall in fallen:
        _warn(fall)
    if failed or fallen:
        sys.exit(1)


def _paired(gold: tuple[str, ...], readings: Path | None, least: float | None) -> "tuple[list[Pair], bool]":
    """Each gold file that can be scored with its reading, and whether any could not, each named."""
    from detente.evaluation.gold import GoldFile, gold_files
    from detente.evaluation.readings import Pair, from_records, read_now

    found = list(gold_files(gold))
    files = [file for file in found if isinstance(file, GoldFile)]
    errors = [error for error in found if isinstance(error, SourceError)]
    for error in errors:
        _warn(error)
    pairs: list[Pair] = []
    failed = bool(errors)
    try:
        with _progress(len(files)) as bar:
            for pair in read_now(files, least) if readings is None else from_records(files, readings, least):
                if isinstance(pair, SourceError):
                    failed = True
                    with bar.aside():
                        _warn(pair)
                else:
                    pairs.append(pair)
                bar.advance()
    except SourceError as error:
        _fail(error)
    if not pairs:
        _fail("nothing was scored")
    return pairs, failed


@cli.command()
@click.argument("coder", metavar="openai:MODEL@ADDRESS")
@click.argument("cases", metavar="[CASES]", type=click.File("r", encoding="utf-8", errors="replace"), required=False)
@click.option(
    "--sentences", type=click.IntRange(1, 500), default=40, show_default=True, metavar="N", help="At most so many."
)
@_PRICE
@_TIMEOUT
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "jsonl"]),
    default=None,
    help="text for people, jsonl for programs.  [default: text on a terminal, else jsonl]",
)
def probe(
    coder: str,
    cases: Iterable[str] | None,
    sentences: int,
    coder_price: tuple[float, float] | None,
    coder_timeout: float,
    output: str | None,
) -> None:
    """Try whether a second reader codes by the definitions that it is given, or by names and places it is used to.

    Asks about sentences of its own, or those of CASES (JSON lines {"text", "type"}), six times each: as it is, again,
    with types reversed, shuffled, under names that say nothing, and under each other's names.
    """
    second_reader(named := Coder.named(coder, timeout=coder_timeout, price=coder_price))
    from detente.reading.coder import probes
    from detente.text import show_probe

    asked = [_case(number, line) for number, line in enumerate(cases, 1) if line.strip()] if cases else []
    report = probes.probe(named, (asked or list(probes.own_cases()))[:sentences])
    if output == "text" or (output is None and sys.stdout.isatty()):
        show_probe(report)
    else:
        _print_line(report.model_dump_json())
    if not report.coded:
        _fail(f"{report.coder} gave no usable answer that holds an event: nothing can be compared")


def _case(number: int, raw: str) -> "Case":
    from pydantic import ValidationError

    from detente.reading.coder.probes import Case

    try:
        line = json.loads(raw)
        return Case(text=line["text"], type=line.get("type"))
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        raise UsageError(
            f'line {number} of the cases owes {{"text": a sentence}}, and "type" only as one of the 16 PLOVER types'
        ) from None


# -- the sources to follow -----------------------------------------------------------------------------------------


@cli.group()
def sources() -> None:
    """The sources to follow: feeds, sitemaps, listing pages, folders and maildirs, in one TOML file."""


_LIST = click.option(
    "--sources",
    "listing",
    type=_OUTPUT,
    envvar="DETENTE_SOURCES",
    metavar="FILE",
    help="The list.  [default: DETENTE_SOURCES, else detente/sources.toml in the user's configuration folder]",
)
_REGION = click.option("--region", default="", metavar="WORDS", help="The part of the world that it tells of.")


@sources.command(name="add")
@click.argument("address")
@click.option("--name", metavar="WORDS", help="What to call it.  [default: the title that it gives itself]")
@click.option(
    "--kind",
    type=click.Choice(["feed", "sitemap", "page", "folder", "maildir"]),
    help="What it is; page is a page that lists news.  [default: what is found there]",
)
@_REGION
@click.option("--language", default="", metavar="CODE", help="Its language, such as en.")
@click.option("--every", type=click.IntRange(60), metavar="SECONDS", help="Time between two looks.  [default: 3600]")
@click.option("--no-fetch", is_flag=True, help="Add it without asking the address.")
@_LIST
def add_source(
    address: str,
    name: str | None,
    kind: "Kind | None",
    region: str,
    language: str,
    every: int | None,
    no_fetch: bool,
    listing: Path | None,
) -> None:
    """Add a source; the feed of a plain address is looked for there."""
    from detente.intake import source_list
    from detente.intake.finding import named
    from detente.intake.getting import get

    try:
        source = named(
            address, None if no_fetch else get, name=name, kind=kind, region=region, language=language, every=every
        )
        source_list.add(listing or source_list.default_path(), [source])
    except SourceError as error:
        _fail(error)
    _print_line(source_list.dumps(source).rstrip())


@sources.command(name="list")
@click.option("--format", "output", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@_LIST
def list_sources(output: str, listing: Path | None) -> None:
    """Show the list."""
    found, failed = _listed(listing)
    if output == "jsonl":
        for source in found:
            _print_line(source.model_dump_json())
    else:
        from detente.text import show_sources

        show_sources(found)
    if failed:
        sys.exit(1)


@sources.command(name="test")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--format", "output", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@_LIST
def test_sources(names: tuple[str, ...], output: str, listing: Path | None) -> None:
    """Look once at each source (default: all active ones) and tell what it gives; nothing is kept."""
    from detente.intake.getting import get
    from detente.intake.polling import Tried, tried
    from detente.text import show_tried

    found, failed = _listed(listing)
    if unknown := sorted(set(names) - {source.name for source in found}):
        raise UsageError(f"no source is named {unknown[0]!r}; `detente sources list` shows the names")
    chosen = [source for source in found if (source.name in names if names else source.active)]

    def show(line: Tried) -> None:
        _print_line(line.model_dump_json()) if output == "jsonl" else show_tried(line)
        for fault in line.faults:
            _warn(f"{line.name}: {fault}")

    _each((tried(source, get) for source in chosen), show, len(chosen))
    if failed:
        sys.exit(1)


@sources.command(name="remove")
@click.argument("name")
@_LIST
def remove_source(name: str, listing: Path | None) -> None:
    """Remove a source; the rest of the file stays as it is."""
    from detente.intake import source_list

    try:
        source_list.remove(listing or source_list.default_path(), name)
    except SourceError as error:
        _fail(error)


@sources.command(name="import")
@click.argument("file", metavar="FILE.opml", type=click.File("rb"))
@_LIST
def import_sources(file: BinaryIO, listing: Path | None) -> None:
    """Add the sources of an OPML file (- for standard input) that are not listed yet."""
    from detente.intake.limits import MAX_BYTES
    from detente.intake.opml import read_opml

    try:
        found = read_opml(file.read(MAX_BYTES + 1), source=file.name)
    except SourceError as error:
        _fail(error)
    for fault in found.faults:
        _warn(fault)
    _add_unlisted(found.sources, listing)
    if found.faults:
        sys.exit(1)


@sources.command(name="export")
@_LIST
def export_sources(listing: Path | None) -> None:
    """Print the list as OPML, which readers of feeds take; folders and maildirs have no place in it."""
    from detente.intake.opml import write_opml

    found, failed = _listed(listing)
    _print_line(write_opml(found).rstrip())
    if failed:
        sys.exit(1)


@sources.command()
@click.option("--add", "adding", is_flag=True, help="Add them to the list instead of printing them.")
@click.option("--region", metavar="WORDS", help="Only those of this region.")
@_LIST
def starter(adding: bool, region: str | None, listing: Path | None) -> None:
    """Print, as TOML, public feeds of agencies, papers, ministries and organisations of all regions to start with."""
    from detente.intake import source_list

    found = [s for s in source_list.starter() if region is None or s.region.lower() == region.lower()]
    if not found:
        regions = ", ".join(sorted({s.region for s in source_list.starter()}))
        raise UsageError(f"{region!r} is no region of the starter list; it has {regions}")
    if adding:
        _add_unlisted(found, listing)
    else:
        _print_line("\n".join(map(source_list.dumps, found)).rstrip())


@cli.command()
@_LIST
@_RECORD
@_JOBS
@click.option(
    "--contact",
    envvar="DETENTE_CONTACT",
    metavar="ADDRESS",
    help="Your mail or web address, told to the sites, so that their keepers can complain.  [default: DETENTE_CONTACT]",
)
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="HOST[:PORT]",
    help="Fetch from this host though its address is not public; may be given again.",
)
@click.option("--port", type=click.IntRange(0, 65_535), help="Answer monitors here: /health and /metrics.")
@click.option("--once", is_flag=True, help="Look once at what is due, and end.")
@click.option("--all", "everything", is_flag=True, help="Read copies and what is not about states too.")
def watch(
    listing: Path | None,
    where: str | None,
    jobs: int,
    contact: str | None,
    allowed: tuple[str, ...],
    port: int | None,
    once: bool,
    everything: bool,
) -> None:
    """Look at the sources when they are due and add what is new to the record, until stopped (Ctrl-C, SIGTERM).

    Started again it goes on where it stopped. robots.txt and the sites' wishes for rest are kept.
    """
    import threading

    from rich.console import Console

    from detente.adding import ALL
    from detente.intake.fetch import Fetcher
    from detente.record.store import Record
    from detente.watching.service import serve, stopping
    from detente.watching.watch import UNATTENDED, Watch

    found, failed = _listed(listing)
    if not any(source.active for source in found):
        raise UsageError("no source is listed; `detente sources add` adds one, `detente sources starter --add` many")
    live = Console(stderr=True) if sys.stderr.isatty() else None
    stop = threading.Event()
    with Record(where) as record, Fetcher(contact, allowed) as fetcher, stopping(stop, fetcher.close):
        gate = ALL if everything else UNATTENDED
        watched = Watch(found, record, Reader(), fetcher, jobs=jobs, gate=gate, failed=_warn)
        done = serve(watched, stop, _warn, once=once, port=port, live=live)
    _print_line(f"looked {done.looked:,}, added {done.added:,}")
    if failed or any(status.failing or (once and status.failures) for status in watched.statuses):
        sys.exit(1)


def _listed(listing: Path | None) -> "tuple[tuple[Source, ...], bool]":
    """The sources of the list, and whether any table of it is bad, each named."""
    from detente.intake import source_list

    try:
        found = source_list.load(listing or source_list.default_path())
    except SourceError as error:
        _fail(error)
    for fault in found.faults:
        _warn(fault)
    return found.sources, bool(found.faults)


def _add_unlisted(new: "Iterable[Source]", listing: Path | None) -> None:
    from detente.intake import source_list

    path = listing or source_list.default_path()
    try:
        known = source_list.load(path).sources if path.exists() else ()
        kept = source_list.unlisted(known, new)
        if kept:
            source_list.add(path, kept)
    except SourceError as error:
        _fail(error)
    _print_line(f"{len(kept)} added to {path}")


# -- what the commands share ---------------------------------------------------------------------------------------


def _span(line: dict[str, Any], key: str) -> tuple[int, int] | None:
    value = line.get(key)
    if value is None:
        return None
    if not (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(v, int) for v in value)
        and 0 <= value[0] <= value[1] <= len(str(line["text"]))
    ):
        raise UsageError(f"{key} is {value!r}; it is [start, end] in characters of the text, or null")
    return value[0], value[1]


def _answers(source: Iterable[str], owed: tuple[str, ...], answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer JSON lines one by one, in their order; a bad line is named and the rest goes on."""
    failed = False
    for number, raw in enumerate(source, 1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
            if not isinstance(line, dict) or any(not isinstance(line.get(key), str) for key in owed):
                raise BadLine(f"line {number}", f"owes {' and '.join(owed)}: give one JSON object a line")
            _print_line(json.dumps({"id": line.get("id")} | answer(line), ensure_ascii=False))
        except (ValueError, BadLine, UsageError) as error:
            failed = True
            _warn(
                error
                if isinstance(error, BadLine)
                else f"line {number}: {f'no JSON ({error})' if isinstance(error, ValueError) else error}"
            )
    if failed:
        sys.exit(1)


def _each(found: Iterator[T | SourceError], show: Callable[[T], None], total: int | None) -> None:
    """Show each item as it comes; name each source that failed; end with 1 where any did."""
    failed = 0
    with _progress(total) as bar:
        for item in found:
            with bar.aside():
                if isinstance(item, SourceError):
                    failed += 1
                    _warn(item)
                else:
                    show(item)
            bar.advance()
    if failed:
        sys.exit(1)


def _progress(total: int | None) -> Any:
    from detente.text import Bar

    return Bar(total, shown=total != 1 and sys.stderr.isatty())


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        _fail(f"{path}: cannot be written ({error.strerror or error})")


def _fail(message: object) -> NoReturn:
    _warn(message)
    sys.exit(1)


def main() -> None:
    """Run the command line; a closed pipe ends it quietly, Ctrl-C with one line."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # JSON lines are UTF-8 whatever the terminal says; what has no place in UTF-8 is shown by its number.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        _warn_of_usage(error)
        sys.exit(error.exit_code)
    except UsageError as error:
        _warn(error)
        sys.exit(2)
    except RecordError as error:
        _fail(error)
    except BrokenExecutor:
        _fail("a process that reads was ended from outside (memory?): give fewer --jobs, and the same again")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO, errno.EDQUOT):
            raise
        _fail(f"the output cannot be written ({error.strerror}): make room, or write elsewhere")
    except (click.Abort, KeyboardInterrupt):
        _warn("interrupted; what was printed so far is whole")
        sys.exit(130)


if __name__ == "__main__":
    main()
