"""OPML (http://opml.org/spec2.opml) → sources, and sources → OPML."""

from collections.abc import Iterable

from lxml import etree
from pydantic import ValidationError

from detente.errors import BadSource, SourceError, TooLarge
from detente.intake.limits import MAX_BYTES
from detente.intake.source_list import WEB, Source, SourceList, free_name

_OWN = "urn:detente:sources"
_MOST = 10_000


def write_opml(sources: Iterable[Source]) -> str:
    """The OPML of those sources that have a web address, gathered by region; what OPML lacks goes in own attributes."""
    root = etree.Element("opml", version="2.0", nsmap={"detente": _OWN})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources of detente"
    body = etree.SubElement(root, "body")
    regions: dict[str, etree._Element] = {}
    for source in sources:
        if source.kind not in WEB:
            continue
        if source.region and source.region not in regions:
            regions[source.region] = etree.SubElement(body, "outline", text=source.region)
        outline = etree.SubElement(regions[source.region] if source.region else body, "outline", text=source.name)
        # A reader of feeds takes `rss`; the other kinds are links to it.
        outline.set("type", "rss" if source.kind == "feed" else "link")
        outline.set("xmlUrl" if source.kind == "feed" else "url", source.address)
        if source.language:
            outline.set("language", source.language)
        if source.tags:
            outline.set("category", ",".join(source.tags))
        own = source.model_dump(include={"kind", "region", "active", "every", "tested"}, exclude_defaults=True)
        for key, value in own.items():
            outline.set(f"{{{_OWN}}}{key}", str(value).lower() if isinstance(value, bool) else str(value))
    return str(etree.tostring(root, encoding="unicode", pretty_print=True))


def read_opml(data: bytes, *, source: str) -> SourceList:
    """The sources that an OPML file lists, folders' names as their tags; one error for each outline that is none.

    Raises BadSource for what is no OPML, TooLarge beyond the bounds.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(source, f"more than {MAX_BYTES // 1_000_000} MB, no list of sources: check the file")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or not isinstance(root.tag, str) or etree.QName(root).localname.lower() != "opml":
        raise BadSource(source, "no OPML: give a file that a reader of feeds exported")
    good: list[Source] = []
    faults: list[SourceError] = []
    names: set[str] = set()
    for number, outline in enumerate(_outlines(root), 1):
        if number > _MOST:
            faults.append(TooLarge(source, f"more than {_MOST:,} outlines: the rest was left out"))
            break
        name = free_name(_name(outline), names)
        try:
            found = _source(outline, name)
        except (ValidationError, ValueError) as error:
            reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            shown = " ".join(reason.removeprefix("Value error, ").split())[:200]
            faults.append(BadSource(f"{source}, outline {number}", f"({name[:60]}) {shown}: mend or remove it"))
            continue
        names.add(found.name)
        good.append(found)
    return SourceList(tuple(good), tuple(faults))


def _outlines(root: etree._Element) -> Iterable[etree._Element]:
    """The outlines that name an address; the others are folders."""
    return (outline for outline in root.iter("outline") if outline.get("xmlUrl") or outline.get("url"))


def _name(outline: etree._Element) -> str:
    given = next(
        (t for key in ("text", "title", "xmlUrl", "url") if (t := " ".join((outline.get(key) or "").split()))), ""
    )
    return given[:200]


def _source(outline: etree._Element, name: str) -> Source:
    def own(key: str) -> str | None:
        value: str | None = outline.get(f"{{{_OWN}}}{key}")
        return value

    region = own("region") or ""
    folders = [_name(above) for above in outline.iterancestors("outline")]
    tags = [" ".join(tag.split()) for tag in (outline.get("category") or "").split(",")]
    tags += [folder.replace(",", " ") for folder in reversed(folders) if folder != region]
    kind = own("kind") or ("feed" if outline.get("xmlUrl") else "page")
    language = (outline.get("language") or "").replace("_", "-")
    fields = {
        "name": name,
        "address": (outline.get("xmlUrl") or outline.get("url") or "").strip(),
        "kind": kind,
        "region": region,
        "language": "" if language.lower() == "unknown" else language,
        "active": own("active") != "false",
        "tested": own("tested") == "true",
        "tags": list(dict.fromkeys(tag for tag in tags if tag)),
    }
    if (every := own("every")) is not None:
        fields["every"] = int(every)
    return Source.model_validate(fields)
