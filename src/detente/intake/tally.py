"""What was taken from archives and tables, and what was not: counts, for a line at the end."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Count:
    """Of one archive: pages taken, records passed over by reason, and bad records."""

    pages: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    bad: int = 0

    def __str__(self) -> str:
        told = [f"{self.pages:,} page{'' if self.pages == 1 else 's'}"]
        if self.skipped:
            reasons = ", ".join(f"{count:,} {reason}" for reason, count in self.skipped.most_common())
            told.append(f"{self.skipped.total():,} passed over ({reasons})")
        if self.bad:
            told.append(f"{self.bad:,} bad")
        return ", ".join(told)


@dataclass(slots=True)
class Tally:
    """The count of each archive, by its name, in the order of reading. Filled while `raw_pages` is read."""

    archives: dict[str, Count] = field(default_factory=dict)

    def of(self, archive: str) -> Count:
        """The count of one archive, all zero where it is new."""
        return self.archives.setdefault(archive, Count())

    def lines(self) -> list[str]:
        """One line an archive, for people."""
        return [f"{archive}: {count}" for archive, count in self.archives.items()]
