"""Kills processes that add to one record at random moments, and checks that it stays whole and is finished afterwards.

    python -m tests.record.torture --rounds 200 [--postgresql] [--articles 300] [--seed 1]

Two processes add the same articles; one of them, by chance, is killed (SIGKILL) at a random moment and started anew,
until all articles are there. Then the record must be whole, each article there once with its reading, and the next
record is begun, until so many were killed.
"""

import argparse
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import count
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from detente.adding import add
from detente.record.store import Record
from tests.record import server
from tests.record.cheap import Cheap, pages
from tests.record.whole import broken

_ARCHIVE = __file__
# Forked, a process begins to add at once: nothing is imported anew.
_FORK = get_context("fork")


def adder(where: str, articles: int) -> None:
    """What each process does: add all articles, as those of one archive."""
    with Record(where) as record:
        add(pages(articles, archive=_ARCHIVE), record, Cheap())


def check(where: str, articles: int) -> None:
    """Raises AssertionError where the finished record is not just what adding the articles once makes."""
    with Record(where) as record:
        assert broken(record) == []
        counts = record.counts()
        assert (counts.pages, counts.articles, counts.readings) == (articles, articles, {"cheap 1": articles}), counts
        assert sorted(a.id for a in record.articles()) == sorted(f"a{n}" for n in range(1, articles + 1))


def torture(
    new: Callable[[], str], rounds: int, articles: int, chance: random.Random, tell: Callable[[str], None]
) -> int:
    """Kill so many processes; returns how many records that took. `new` gives the address of an empty one."""
    killed = finished = 0
    while killed < rounds:
        where = new()
        running = [_begin(where, articles) for _ in range(2)]
        while any(process.is_alive() for process in running):
            # From before the first statement to some way into writing: a process that is begun anew first looks up
            # what is there.
            time.sleep(chance.uniform(0.0, 0.3))
            place = chance.randrange(2)
            victim = running[place]
            if killed >= rounds or not victim.is_alive() or victim.pid is None:
                continue
            os.kill(victim.pid, signal.SIGKILL)
            victim.join()
            if victim.exitcode == -signal.SIGKILL:
                killed += 1
                with Record(where) as record:
                    assert (found := broken(record)) == [], found
            running[place] = _begin(where, articles)
        assert [process.exitcode for process in running] == [0, 0], "an adding process failed by itself"
        check(where, articles)
        finished += 1
        tell(f"{killed} killed, {finished} records whole")
    return finished


def _begin(where: str, articles: int) -> BaseProcess:
    process = _FORK.Process(target=adder, args=(where, articles))
    process.start()
    return process


def main() -> None:
    """Run from the command line; a record that broke ends it with its traceback."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200, help="processes to kill")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own; without it SQLite files")
    parser.add_argument("--seed", type=int, default=None, help="the same moments again, as far as the machine allows")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with ExitStack() as open_until_done:
        if given.postgresql:
            new = partial(server.emptied, open_until_done.enter_context(server.running()))
        else:
            folder = Path(open_until_done.enter_context(tempfile.TemporaryDirectory()))
            new = (str(folder / f"{number}.db") for number in count(1)).__next__
        torture(new, given.rounds, given.articles, chance, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
