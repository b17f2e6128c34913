"""The command line: one function a command that parses, calls and prints.

Exit status 0 (all done), 1 (some sources failed), 2 (wrong usage), 130 (interrupted).
"""

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NoReturn, TypeVar

import click

from detente import __version__
from detente.errors import BadLine, SourceError, UsageError
from detente.intake import articles, expected, pages
from detente.model import Article, Reading
from detente.reader import InputFormat, Reader, as_day

T = TypeVar("T")
_SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
_PUBLISHED = click.option(
    "--published",
    metavar="DATE",
    callback=lambda _c, _p, v: _day(v),
    help="The day the page appeared (YYYY-MM-DD), where the page does not say.",
)
_INPUT = click.option(
    "--input-format",
    type=click.Choice(["auto", "html", "text", "jsonl", "warc"]),
    default="auto",
    show_default=True,
    help="What the sources are.",
)
_JOBS = click.option(
    "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, metavar="N", help="Processes to read with."
)


def _day(value: str | None) -> date | None:
    try:
        return as_day(value)
    except UsageError as error:
        raise click.BadParameter(str(error)) from None


def _warn(message: object) -> None:
    click.echo(f"detente: {message}", err=True)


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
@_JOBS
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "jsonl"]),
    default=None,
    help="text for people, jsonl for programs.  [default: text on a terminal, else jsonl]",
)
@click.option("--show-evidence", is_flag=True, help="With text: the article, its evidence underlined and numbered.")
def read(
    sources: tuple[str, ...],
    published: date | None,
    input_format: InputFormat,
    jobs: int,
    output: str | None,
    show_evidence: bool,
) -> None:
    """Read pages (files, folders, http(s) addresses, or - for standard input) into their records. Nothing is stored."""
    text = output == "text" or (output is None and sys.stdout.isatty())
    if show_evidence and output == "jsonl":
        raise click.UsageError("--show-evidence goes with --format text")
    found = Reader().read_all(
        sources, published=published, input_format=input_format, jobs=jobs, stdin=sys.stdin.buffer
    )

    def show(reading: Reading) -> None:
        if text:
            from detente.text import show_reading

            show_reading(reading, evidence=show_evidence)
        else:
            _print_line(reading.to_json())

    _each(found, show, expected(sources))


@cli.command()
@_SOURCES
@_PUBLISHED
@_INPUT
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "jsonl"]),
    default=None,
    help="text: the article's words alone; jsonl: with what was left out.  [default: text on a terminal, else jsonl]",
)
def clean(sources: tuple[str, ...], published: date | None, input_format: InputFormat, output: str | None) -> None:
    """Take the article out of its page; no model is loaded and nothing is read from it."""
    text = output == "text" or (output is None and sys.stdout.isatty())

    def show(page: tuple[str, Article]) -> None:
        if text:
            from detente.text import show_article

            show_article(page[1])
        else:
            _print_line(json.dumps(_cleaned(*page), ensure_ascii=False))

    found = pages(sources, published=published, input_format=input_format, stdin=sys.stdin.buffer)
    items = (item if isinstance(item, SourceError) else (name, item) for name, item in found)
    _each(items, show, expected(sources))


def _cleaned(file: str, article: Article) -> dict[str, Any]:
    values = article.model_dump(mode="json")
    owed = ("title", "published", "language", "text", "related", "dropped")
    return {"file": file} | {key: values[key] for key in (*owed, "id", "url", "site", "byline", "agencies")}


@cli.command()
@click.argument("source", metavar="SOURCE")
@_PUBLISHED
@_INPUT
@click.option("--sentence", metavar="WORDS", help="Only what was decided in the sentence that holds these words.")
def explain(source: str, published: date | None, input_format: InputFormat, sentence: str | None) -> None:
    """Show the steps of one page's reading: the time each took and what it decided, so that an error can be traced."""
    from detente.reading.pipeline import trace
    from detente.text import show_trace

    for item in articles([source], published=published, input_format=input_format, stdin=sys.stdin.buffer):
        if isinstance(item, SourceError):
            _fail(item)
        reading, steps = trace(item)
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
    except (click.Abort, KeyboardInterrupt):
        _warn("interrupted; what was printed so far is whole")
        sys.exit(130)


if __name__ == "__main__":
    main()
