"""What passes from where pages come from (files, archives, feeds, the web) to what reads and keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

Form = Literal["auto", "html", "text", "json"]
"""What a page's bytes are; `json` is one object of the JSON lines that `detente read` takes."""


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as it came, nothing decided about it yet.

    `source` names it in messages; `fetched_at` (with a time zone) is when the web gave it, None for a file of unknown
    age. `headers` are those of HTTP that matter later (lower-case names). `archive` is the file of many pages (or `-`)
    that it stood in, and `position` its place there (WARC record, line, row, item; from 1), so that reading can go on
    after it; both None where the source holds one page. `id`, `title` and `published` overrule what the page itself
    says.
    """

    data: bytes
    source: str
    form: Form = "auto"
    url: str | None = None
    charset: str | None = None
    fetched_at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    position: int | None = None
    id: str | None = None
    title: str | None = None
    published: date | None = None
    archive: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy, which `headers` may be, cannot be sent to another process.
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return _rebuilt, (values | {"headers": dict(self.headers)},)


def _rebuilt(values: dict[str, Any]) -> RawPage:
    return RawPage(**values | {"headers": MappingProxyType(values["headers"])})
