"""The compact sources of this folder → HTML pages, in the markup styles of several publishers.

A page begins with `=== name kind style`. Each further line is `what: words`; `_PART` says what there is, `styles/`
holds a frame a style.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

HERE = Path(__file__).parent

_PART = {
    "h1": "<h1>{}</h1>", "h2": "<h2>{}</h2>", "p": "<p>{}</p>", "note": "<div class='notice'><p>{}</p></div>",
    "text": "<div>{}</div>", "by": "<div class='byline'>{}</div>", "time": "<time>{}</time>",
    "link": "<div class='card'><h3><a href='/n/{1}'>{0}</a></h3></div>",
    "teaser": "<div class='card-text'><p>{}</p></div>", "item": "<li><a href='/n/{1}'>{0}</a></li>",
    "photo": "<figure><img src='/i/{1}.jpg' alt=''><figcaption>{0}</figcaption></figure>",
    "picture": "<div class='slide'><img src='/i/{1}.jpg' alt=''><p>{0}</p></div>",
    "video": "<div class='media'><iframe src='https://video.example/embed/{1}' title='{0}'></iframe></div>",
    "player": "<div class='video-player'><button>{}</button></div>",
    "email": "<form><label>{}</label><input type='email' name='email'><button>Sign up</button></form>",
    "password": "<form><label>{}</label><input name='user'><input type='password' name='p'><button>Go</button></form>",
    "button": "<button>{}</button>", "entry": "<section><h3><a href='#e{1}'>{0}</a></h3></section>",
    "quote": "<blockquote><p>{}</p></blockquote>",
}  # fmt: skip
_LD = '<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "{}"{}}}</script>'


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    html: str


def cases(part: str) -> list[Case]:
    """The pages of `development` or `held`."""
    return list(_cases((HERE / f"{part}.txt").read_text(encoding="utf-8")))


def _cases(text: str) -> Iterator[Case]:
    for block in text.split("\n=== ")[1:]:
        first, *lines = block.splitlines()
        name, kind, style = first.split()
        yield Case(name, kind, _page(style, [line for line in lines if line.strip()]))


def _page(style: str, lines: list[str]) -> str:
    head = ["<meta charset='utf-8'>"]
    body = []
    for number, line in enumerate(lines):
        what, _, words = line.partition(": ")
        if what == "title":
            head.append(f"<title>{escape(words)}</title>")
        elif what == "og":
            head.append(f"<meta property='og:type' content='{words}'>")
        elif what == "ld":
            name, _, charged = words.partition(" ")
            head.append(_LD.format(name, ', "isAccessibleForFree": "False"' if charged else ""))
        else:
            body.append(_PART[what].format(escape(words, quote=True), number))
    framed = (HERE / "styles" / f"{style}.html").read_text(encoding="utf-8").replace("{}", "".join(body))
    return f"<!doctype html><html lang='en'><head>{''.join(head)}</head><body>{framed}</body></html>"
