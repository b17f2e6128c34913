"""What passes from where pages come from (files, archives, feeds, the web) to what reads and keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

Form = Literal["auto", "html", "text", "json"]
"""What a page's bytes are; `json` is one object of the JSON lines that `detente read` takes."""


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as it came, nothing decided about it yet.

    `source` names it in messages; `fetched_at` (with a time zone) is when the web gave it, None for a file of unknown
    age. `headers` are those of HTTP that matter later (lower-case names). `position` says where in its archive it
    stood, so that reading can go on after it; None where the source holds one page. `id`, `title` and `published`
    overrule what the page itself says.
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
