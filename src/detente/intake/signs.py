"""An HTML tree → the signs of its kind that its words do not give: forms, players, pictures."""

import re

from lxml.html import HtmlElement

from detente.intake.page import Signs

_PLAYER = re.compile(r"youtube|vimeo|dailymotion|brightcove|jwplayer|/embed/|/player|video", re.I)
_PLAYER_CLASS = re.compile(r"(?:^|[\s_-])(?:video-?(?:player|js|embed|container)|jw-?player|player)(?:$|[\s_-])", re.I)


def signs(root: HtmlElement, *, types: frozenset[str], charged: bool) -> Signs:
    """The signs of the page under `root`; `types` and `charged` are what its metadata say."""
    password = email = False
    players = pictures = 0
    for element in root.iter("input", "iframe", "video", "img", "div", "section"):
        if element.tag == "input":
            asked = (element.get("type") or "").lower()
            named = f"{element.get('name') or ''} {element.get('placeholder') or ''}".lower()
            password = password or asked == "password"
            email = email or asked == "email" or (asked in ("", "text") and "mail" in named)
        elif element.tag == "img":
            pictures += 1
        elif element.tag == "video":
            players += 1
        elif element.tag == "iframe":
            players += bool(_PLAYER.search(f"{element.get('src') or ''} {element.get('title') or ''}"))
        else:
            players += bool(_PLAYER_CLASS.search(element.get("class") or ""))
    return Signs(types=types, password=password, email=email, players=players, pictures=pictures, charged=charged)
