"""A page's title without its publisher: "… – Archyde" is a headline and a site."""

import re

from detente.intake import words

_PARTS = re.compile(r"\s+[|–—•·»:]+\s+|\s+-{1,2}\s+|\s*\|\s*")
_NAME_SMALL = frozenset({
    "of", "the", "and", "de", "la", "le", "du", "&", "for", "in", "del", "der", "des", "di", "do", "da", "el", "al",
    "y", "et", "und",
})  # fmt: skip
_DOMAIN = re.compile(r"^(?:www\.)?[a-z][\w-]+(?:\.[\w-]+)*\.[a-z]{2,4}$", re.I)
_LONGEST_SITE = 5
_LONGEST_BESIDE = 7
_LONGEST_AFTER_DASH = 3


def split_site(title: str, known: str | None = None) -> tuple[str, str | None]:
    """The headline and the site of a title; the site None where none stands in it.

    `known` is the site's name where the page gives it otherwise. A tail (or, for known names alone, a head) is a
    site where it is `known`, in `data/sites.tsv`, a domain, or short and written like a name; a headline of at
    least three words must be left.
    """
    title = " ".join(title.split())
    site: str | None = None
    names = {s.casefold() for s in (known,) if s} | words.column("sites", "site")
    while True:
        cuts = list(_PARTS.finditer(title))
        if not cuts:
            break
        last, first = cuts[-1], cuts[0]
        tail, head = title[last.end() :].strip(), title[: first.start()].strip()
        rest = title[: last.start()].strip()
        section = site is not None and tail.casefold() in words.cues("section")
        if len(rest.split()) >= 2 and (section or _is_site(tail, names, last.group().strip())):
            title, site = rest, tail if site is None or site.casefold() in words.cues("section") else site
            continue
        rest = title[first.end() :].strip()
        if head.casefold() in names and len(rest.split()) >= 3:
            title, site = rest, head
            continue
        break
    return title, site


def site_beside(title: str, headline: str) -> str | None:
    """The site in a form of the title that is the headline and something more; None where it is not that."""
    title, headline = " ".join(title.split()), " ".join(headline.split())
    if not headline or not title.casefold().startswith(headline.casefold()):
        return None
    parts = [part for part in _PARTS.split(title[len(headline) :]) if part and part.strip()]
    named = parts and _PARTS.match(title[len(headline) :]) and len(parts[-1].split()) <= _LONGEST_BESIDE
    return parts[-1].strip() if named else None


def _is_site(tail: str, names: frozenset[str] | set[str], mark: str) -> bool:
    barred = "|" not in mark and tail.casefold() in words.column("tails", "tail")
    if tail.casefold() in names or _DOMAIN.match(tail):
        return not barred
    tokens = tail.split()
    if not 1 <= len(tokens) <= _LONGEST_SITE or mark.startswith(":") or tail[-1:] in '.?!…"”’':
        return False
    named = all(t[0].isupper() or t[0].isdigit() or t.lower() in _NAME_SMALL for t in tokens)
    if "|" in mark:
        return named
    # After a dash a short tail can be the headline's own: who says it ("… – Kremlin"), what it is ("… – live").
    return named and not barred and len(tokens) <= _LONGEST_AFTER_DASH
