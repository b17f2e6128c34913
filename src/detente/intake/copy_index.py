"""Sketches in → for another sketch, those of its copies: an index in memory that asks as a record does in SQL."""

import sqlite3

from detente.intake.copies import BANDS_MET, CANDIDATES, Kinship, Sketch, kinship


class CopyIndex:
    """Sketches by key, found by the bands they share. Some 3 kB an article; an SQLite database in memory holds them."""

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
        met = self._store.execute(
            f"SELECT id FROM band WHERE band IN ({','.join('?' * len(sketch.bands))})"
            " GROUP BY id HAVING count(*) >= ? ORDER BY count(*) DESC, id LIMIT ?",
            (*sketch.bands, min(BANDS_MET, len(sketch.bands)), CANDIDATES),
        ).fetchall()
        found: list[tuple[str, Kinship]] = []
        for (number,) in met:
            key, packed = self._store.execute("SELECT key, packed FROM sketch WHERE id = ?", (number,)).fetchone()
            if kin := kinship(sketch, Sketch.from_bytes(packed)):
                found.append((key, kin))
        return sorted(found, key=lambda pair: (pair[1].kind != "exact", -pair[1].score, pair[0]))
