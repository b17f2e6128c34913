"""Sketches in → for another sketch, those of its copies: an index in memory that asks as a record does in SQL."""

import sqlite3
from collections import Counter

from detente.intake.copies import BANDS_MET, CANDIDATES, MOST_HOLDERS, Kinship, Sketch, kinship


class CopyIndex:
    """Sketches by key, found by the bands they share, in an SQLite database in memory: 1.5 kB an article."""

    def __init__(self) -> None:
        self._store = sqlite3.connect(":memory:")
        self._store.executescript(
            "CREATE TABLE sketch (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, packed BLOB NOT NULL);"
            "CREATE TABLE band (band INTEGER, id INTEGER, PRIMARY KEY (band, id)) WITHOUT ROWID;"
        )

    def __len__(self) -> int:
        return int(self._store.execute("SELECT count(*) FROM sketch").fetchone()[0])

    def add(self, key: str, sketch: Sketch) -> None:
        """Keeps a sketch under a key. Raises ValueError where the key is taken."""
        try:
            row = self._store.execute("INSERT INTO sketch (key, packed) VALUES (?, ?)", (key, sketch.to_bytes()))
        except sqlite3.IntegrityError:
            raise ValueError(f"a sketch is already kept under {key!r}: give each its own key") from None
        self._store.executemany("INSERT INTO band VALUES (?, ?)", [(band, row.lastrowid) for band in set(sketch.bands)])

    def find(self, sketch: Sketch) -> list[tuple[str, Kinship]]:
        """The kin among the sketches kept, with their kinship, the nearest first; the sketch itself too, if kept."""
        if not sketch.bands:
            return []
        met: Counter[int] = Counter()
        for band in set(sketch.bands):
            met.update(
                number
                for (number,) in self._store.execute(
                    "SELECT id FROM band WHERE band = ? ORDER BY id LIMIT ?", (band, MOST_HOLDERS)
                )
            )
        owed = min(BANDS_MET, len(sketch.bands))
        nearest = sorted((-bands, number) for number, bands in met.items() if bands >= owed)[:CANDIDATES]
        found: list[tuple[str, Kinship]] = []
        for _, number in nearest:
            key, packed = self._store.execute("SELECT key, packed FROM sketch WHERE id = ?", (number,)).fetchone()
            if kin := kinship(sketch, Sketch.from_bytes(packed)):
                found.append((key, kin))
        return sorted(found, key=lambda pair: (pair[1].kind != "exact", -pair[1].score, pair[0]))
