"""A raw page ↔ the columns in which the record keeps it."""

import zlib
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import RowMapping

from detente.intake.raw import RawPage


def to_columns(raw: RawPage, now: datetime) -> dict[str, Any]:
    """The columns of a page seen `now`, its identity apart; one that was fetched was seen then."""
    seen = raw.fetched_at or now
    given = {"id": raw.id, "title": raw.title, "published": raw.published.isoformat() if raw.published else None}
    return {
        "data": zlib.compress(raw.data),
        "form": raw.form,
        "charset": raw.charset,
        "headers": dict(raw.headers),
        "source": raw.source,
        "position": raw.position,
        "url": raw.url,
        "given": given,
        "fetched_at": raw.fetched_at,
        "first_seen": seen,
        "last_seen": seen,
    }


def from_columns(row: RowMapping) -> RawPage:
    """The page as it came."""
    given = row["given"]
    return RawPage(
        data=zlib.decompress(row["data"]),
        source=row["source"],
        form=row["form"],
        url=row["url"],
        charset=row["charset"],
        fetched_at=row["fetched_at"],
        headers=MappingProxyType(row["headers"]),
        position=row["position"],
        id=given["id"],
        title=given["title"],
        published=date.fromisoformat(given["published"]) if given["published"] else None,
    )
