"""Fetching many pages unattended: politeness, patience, faults. No test leaves this machine."""

import contextlib
import gzip
import re
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import (
    Empty,
    Forbidden,
    NotFound,
    NotPublic,
    NotText,
    SourceError,
    TooBusy,
    TooLarge,
    TooSlow,
    Unreachable,
    UsageError,
)
from detente.intake import fetch as fetching
from detente.intake.fetch import FEEDS, PAGES, Fetched, Fetcher, raw_page, user_agent
from detente.intake.limits import MAX_BYTES, FetchLimits
from detente.intake.robots import parse
from detente.intake.spread import spread
from detente.intake.unpack import unpack
from tests.intake import local_web as lw
from tests.intake.local_web import LocalWeb, give, html, in_turn, page, redirect

SHORT = FetchLimits(seconds=1.5, connect_seconds=1.0, max_bytes=300_000, backoff=0.02, longest_wait=1.0)


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    with LocalWeb() as web:
        yield web


@pytest.fixture
def fetcher(web: LocalWeb) -> Iterator[Callable[..., Fetcher]]:
    """Makes a fetcher that knows the web as it is then, with short limits."""
    made: list[Fetcher] = []

    def make(**options: object) -> Fetcher:
        known = {"resolve": web.resolve, "allow_hosts": web.allow_hosts, "per_host_seconds": 0.0, "limits": SHORT}
        made.append(Fetcher(**(known | options)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def good_and_broken_tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    return lw.certificate(folder, "safe.example", "h2.example"), lw.certificate(folder, "unknown.example")


def test_a_web_of_many_hosts_is_fetched_and_every_fault_named(
    web: LocalWeb,
    fetcher: Callable[..., Fetcher],
    good_and_broken_tls: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted, unknown = good_and_broken_tls
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    good: list[str] = []
    bad: dict[str, tuple[type[SourceError], str]] = {}

    def fault(host: str, error: type[SourceError], says: str, answer: lw.Answer, robots: object = None) -> None:
        bad[web.site(host, answer, robots) + "/page"] = (error, says)  # type: ignore[arg-type]

    for number in range(10):
        good.append(web.site(f"good{number}.example", page(f"Talks {number}")) + "/page")
    open_robots = "User-agent: *\nDisallow: /admin/\n"
    good += [
        web.site("robots-allow.example", page("Talks"), robots=open_robots) + "/page",
        web.site("robots-refused.example", page("Talks"), robots=give(b"", 403)) + "/page",
        web.site("robots-huge.example", page("Talks"), robots=give(b"Disallow: /x\n" * 60_000)) + "/page",
        web.site("robots-endless.example", page("Talks"), robots=lw.endless) + "/page",
        web.site("robots-bomb.example", page("Talks"), robots=lw.bomb(50)) + "/page",
        web.site("busy-once.example", in_turn(give(b"", 429, Retry_After="0"), page("Talks"))) + "/page",
        web.site("down-twice.example", in_turn(give(b"", 503), give(b"", 502), page("Talks"))) + "/page",
        web.site("cut-once.example", in_turn(lw.cut_off, page("Talks"))) + "/page",
        web.site("moved.example", {"/page": redirect("/a"), "/a": redirect("b"), "/b": page("Talks")}) + "/page",
        web.secure("safe.example", trusted, page("Talks")) + "/page",
        web.secure_http2("h2.example", trusted, html("Talks")) + "/page",
    ]
    fault("silent.example", TooSlow, "1.5 seconds", lw.never)
    fault("drip.example", TooSlow, "1.5 seconds", lw.drip)
    fault("drip-headers.example", TooSlow, "1.5 seconds", lw.drip_headers)
    fault("robots-silent.example", TooSlow, "1.5 seconds", page("Talks"), robots=lw.never)
    fault("endless.example", TooLarge, "0.3 MB", lw.endless)
    fault("huge.example", TooLarge, "0.3 MB", give(b"x" * 400_000))
    fault("bomb.example", TooLarge, "0.3 MB", lw.bomb(100))
    fault("endless-headers.example", Unreachable, "broke off", lw.endless_headers)
    fault("cut.example", Unreachable, "broke off", lw.cut_off)
    fault("picture.example", NotText, "image/png", give(b"x", Content_Type="image/png"))
    fault("brotli.example", NotText, "packed as br", give(b"x", Content_Encoding="br"))
    fault("damaged.example", Unreachable, "packing", give(b"no gzip", Content_Encoding="gzip"))
    fault("half.example", Unreachable, "packing", give(gzip.compress(html("Talks"))[:-20], Content_Encoding="gzip"))
    fault("empty.example", Empty, "nothing", give(b""))
    fault("gone.example", NotFound, "410", give(b"", 410))
    fault("wall.example", Forbidden, "403", give(b"", 403))
    fault("down.example", Unreachable, "503", give(b"", 503))
    fault("busy.example", TooBusy, "in 3600 seconds", give(b"", 429, Retry_After="3600"))
    fault("circle.example", SourceError, "redirects", redirect("/page"))
    fault("inside.example", NotPublic, "public web", redirect(f"http://{lw.TRAP}:{web.port}/"))
    fault("to-file.example", SourceError, "only http", redirect("file:///etc/passwd"))
    fault("closed.example", Forbidden, "robots.txt", page("Talks"), robots="User-agent: detente\nDisallow: /\n")
    fault("robots-down.example", Unreachable, "robots.txt", page("Talks"), robots=give(b"", 500))
    fault("lazy.example", TooSlow, "900 seconds", page("Talks"), robots="User-agent: *\nCrawl-delay: 900\n")
    talkers: dict[str, Callable] = {
        "hangs-up.example": lambda connection: None,
        "no-http.example": lambda connection: connection.sendall(b"220 mail ready\r\n"),
    }
    for host, talk in talkers.items():
        bad[web.speak(host, talk) + "/page"] = (Unreachable, "broke off|no answer")
    bad[web.secure("unknown.example", unknown, page("Talks")) + "/page"] = (Unreachable, "certificate does not hold")
    bad[web.secure("other-name.example", trusted, page("Talks")) + "/page"] = (Unreachable, "certificate does not")
    plain = web.site("plain.example", page("Talks"))
    bad[plain.replace("http:", "https:") + "/page"] = (Unreachable, "no encrypted connection")
    bad["http://nowhere.example/page"] = (NotFound, "no such host")
    bad[web.name("private.example", [lw.TRAP], allowed=False) + "/page"] = (NotPublic, "public web")
    bad[web.name("both.example", ["93.184.216.34", lw.TRAP], allowed=False) + "/page"] = (NotPublic, "public web")

    with fetcher() as shared:
        told = dict(spread(shared.get, [*bad, *good]))

    for address in good:
        answer = told[address]
        assert isinstance(answer, Fetched), answer
        assert b"Talks" in answer.data
    for address, (error, says) in bad.items():
        answer = told[address]
        assert type(answer) is error, answer
        assert re.search(says, str(answer)), answer
        assert address in str(answer)
        assert "\n" not in str(answer)
    assert len(good) + len(bad) > 50
    assert web.trap.touched == 0
    assert max(web.most_at_once.values()) == 1


def test_robots_are_asked_once_a_site_and_obeyed(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    robots = """
        User-agent: otherbot
        Disallow: /
        User-agent: Detente/2
        User-agent: thirdbot
        Disallow: /private/
        Allow: /private/press
        Sitemap: https://site.example/sitemap.xml
    """
    site = web.site("site.example", page("Talks"), robots=robots)
    shared = fetcher()
    for path in ("/a", "/private/press/b", "/b"):
        shared.get(site + path)
    for path in ("/private/c", "/a/../private/c", "/%70rivate/c"):
        with pytest.raises(Forbidden, match=r"robots\.txt of site\.example"):
            shared.get(site + path)
    assert web.asked_of("site.example") == ["/robots.txt", "/a", "/private/press/b", "/b"]


def test_robots_of_where_a_redirect_leads_are_obeyed(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    closed = web.site("closed.example", page("Talks"), robots="User-agent: *\nDisallow: /\n")
    site = web.site("site.example", redirect(f"{closed}/a"))
    with pytest.raises(Forbidden, match=r"robots\.txt of closed\.example"):
        fetcher().get(f"{site}/a")
    assert web.asked_of("closed.example") == ["/robots.txt"]


def test_robots_are_asked_again_when_they_are_old(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    changed = in_turn(give(b"", 503), give(b"User-agent: *\nDisallow: /a"), give(b""))
    site = web.site("site.example", page("Talks"), robots=changed)
    limits = FetchLimits(attempts=1, robots_again=0.1, robots_seconds=0.3)
    shared = fetcher(limits=limits)
    with pytest.raises(Unreachable, match="503"):
        shared.get(f"{site}/a")
    with pytest.raises(Unreachable, match="503"):
        shared.get(f"{site}/a")
    assert web.asked_of("site.example") == ["/robots.txt"]
    time.sleep(0.11)
    with pytest.raises(Forbidden, match="forbids it"):
        shared.get(f"{site}/a")
    time.sleep(0.31)
    assert shared.get(f"{site}/a").status == 200


def test_robots_redirect_is_followed(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    other = web.site("other.example", {}, robots="User-agent: *\nDisallow: /a\n")
    site = web.site("site.example", page("Talks"), robots=redirect(f"{other}/robots.txt"))
    with pytest.raises(Forbidden):
        fetcher().get(f"{site}/a")
    assert fetcher().get(f"{site}/b").status == 200


def test_a_rule_at_the_bound_of_robots_is_not_read_in_half(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    robots = "User-agent: *\nDisallow: /closed\nDisallow: /a-long-path-of-one-section\n"
    site = web.site("site.example", page("Talks"), robots=robots)
    shared = fetcher(limits=FetchLimits(robots_bytes=robots.index("-long")))
    assert shared.get(f"{site}/abc").status == 200
    with pytest.raises(Forbidden):
        shared.get(f"{site}/closed")


def test_robots_of_many_agents_and_rules_are_read_in_their_stride() -> None:
    """As Protego keeps it, this file of 500 kB would be 300 million rules."""
    agents = "".join(f"User-agent: a{number}\n" for number in range(10_000))
    rules = parse((agents + "User-agent: detente\n" + "Disallow: /x\n" * 30_000).encode())
    assert not rules.allow("http://a.example/x")
    assert rules.allow("http://a.example/y")


@given(st.binary(max_size=400) | st.text(alphabet="user-agent:*disalow/ crawl-delay19\n#\r\x0b$%", max_size=400))
def test_any_robots_can_be_read(data: bytes | str) -> None:
    rules = parse(data if isinstance(data, bytes) else data.encode())
    assert rules.allow("http://a.example/some/page?x=1") in (True, False)
    assert rules.delay >= 0.0


def gaps(web: LocalWeb, host: str) -> list[float]:
    """Seconds between one request to a host and the next."""
    return [after - before for before, after in pairwise(asked.at for asked in web.asked if asked.host == host)]


def test_a_host_is_left_alone_between_requests(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    site = web.site("site.example", page("Talks"))
    patient = web.site("patient.example", page("Talks"), robots="User-agent: *\nCrawl-delay: 0.4\n")
    shared = fetcher(per_host_seconds=0.1)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(shared.get, [f"{host}/{number}" for number in range(3) for host in (site, patient)]))
    assert len(gaps(web, "site.example")) == len(gaps(web, "patient.example")) == 3
    assert min(gaps(web, "site.example")) > 0.08
    # The delay is known when robots.txt has come.
    assert min(gaps(web, "patient.example")[1:]) > 0.35
    assert max(web.most_at_once.values()) == 1


def test_hosts_take_turns_and_none_holds_up_the_others(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    slow = web.site("slow.example", page("Talks"), robots="User-agent: *\nCrawl-delay: 0.3\n")
    quick = [web.site(f"quick{number}.example", page("Talks")) for number in range(4)]
    addresses = [f"{host}/{number}" for host in (slow, *quick) for number in range(4)]
    with fetcher() as shared:
        came = [address for address, got in spread(shared.get, [*addresses, "http://["], jobs=2)]
    assert sorted(came) == sorted([*addresses, "http://["])
    for host in (slow, *quick):
        assert [address for address in came if address.startswith(host)] == [f"{host}/{n}" for n in range(4)]
    assert came[-1] == f"{slow}/3"


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_kept(web: LocalWeb, fetcher: Callable[..., Fetcher], form: str) -> None:
    when = "1" if form == "seconds" else format_datetime(datetime.now(UTC) + timedelta(seconds=2.5), usegmt=True)
    site = web.site("site.example", in_turn(give(b"", 503, Retry_After=when), page("Talks")))
    shared = fetcher(limits=FetchLimits(backoff=0.01, longest_wait=5.0))
    assert shared.get(f"{site}/a").status == 200
    assert gaps(web, "site.example")[-1] > 0.9


def test_who_asks_for_more_patience_is_left_alone(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    busy = {"/busy": give(b"", 429, Retry_After="3600"), "*": page("Talks")}
    site = web.site("site.example", busy)
    other = web.site("other.example", page("Talks"))
    shared = fetcher()
    with pytest.raises(TooBusy, match="in 3600 seconds") as told:
        shared.get(f"{site}/busy")
    assert told.value.retry_after == 3600
    with pytest.raises(TooBusy, match="left alone") as told:
        shared.get(f"{site}/a")
    assert 3590 < (told.value.retry_after or 0) <= 3600
    assert shared.get(f"{other}/a").status == 200
    assert web.asked_of("site.example") == ["/robots.txt", "/busy"]


@pytest.mark.parametrize("told", ["", "soon", "-5", "Wed, 99 Nov", "9" * 5000, "1e3"])
def test_a_retry_after_that_is_none(web: LocalWeb, fetcher: Callable[..., Fetcher], told: str) -> None:
    site = web.site("site.example", give(b"", 429, Retry_After=told))
    with pytest.raises(TooBusy):
        fetcher().get(f"{site}/a")


def test_attempts_end(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    site = web.site("site.example", give(b"", 500))
    with pytest.raises(Unreachable, match="500"):
        fetcher().get(f"{site}/a")
    assert web.asked_of("site.example") == ["/robots.txt", "/a", "/a", "/a"]


def test_what_is_known_already_is_not_sent_again(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    modified = "Fri, 20 Nov 2026 08:00:00 GMT"
    site = web.site("site.example", lw.if_changed("Talks", '"v1"', modified))
    shared = fetcher()
    first = shared.get(f"{site}/a")
    assert (first.status, first.not_modified, first.headers["etag"]) == (200, False, '"v1"')
    for known in ({"etag": '"v1"'}, {"last_modified": modified}, {"etag": '"v1"', "last_modified": "long ago"}):
        again = shared.get(f"{site}/a", **known)
        assert (again.status, again.not_modified, again.data) == (304, True, b"")
    assert shared.get(f"{site}/a", etag='"v0"').data == first.data
    assert shared.get(f"{site}/a", etag='"v0"\r\nX-Evil: 1').data == first.data
    assert not any("x-evil" in asked.headers for asked in web.asked)


def test_not_modified_unasked_is_no_page(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    site = web.site("site.example", give(b"", 304))
    with pytest.raises(SourceError, match="304"):
        fetcher().get(f"{site}/a")


def test_what_was_fetched_becomes_a_raw_page(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    answer = page("Talks", Content_Type="text/html; charset=ISO-8859-2", Set_Cookie="a=b", ETag='"v1"')
    site = web.site("site.example", {"/a": redirect("/b"), "/b": answer})
    before = datetime.now(UTC)
    raw = raw_page(fetcher().get(f"{site}/a"))
    assert (raw.data, raw.url, raw.source, raw.charset) == (html("Talks"), f"{site}/b", f"{site}/b", "iso-8859-2")
    assert set(raw.headers) == {"etag", "content-type", "date"}
    assert raw.fetched_at is not None
    assert before <= raw.fetched_at <= datetime.now(UTC)


def test_feeds_are_taken_where_they_are_asked_for(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    site = web.site("site.example", give(b"<rss/>", Content_Type="application/rss+xml"))
    shared = fetcher()
    assert shared.get(f"{site}/a", accept=FEEDS).data == b"<rss/>"
    assert web.asked[-1].headers["accept"] == FEEDS.header
    with pytest.raises(NotText, match="application/rss"):
        shared.get(f"{site}/a", accept=PAGES)


def test_a_connection_serves_again_and_cookies_and_passwords_are_not_sent(
    web: LocalWeb, fetcher: Callable[..., Fetcher]
) -> None:
    site = web.site("site.example", page("Talks", Set_Cookie="a=b"))
    shared = fetcher()
    for number in range(5):
        shared.get(site.replace("//", "//user:secret@") + f"/{number}")
    assert web.looked_up["site.example"] == 1
    assert not {"cookie", "authorization", "referer"} & {name for asked in web.asked for name in asked.headers}


def test_the_environment_names_no_proxy(
    web: LocalWeb, fetcher: Callable[..., Fetcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{lw.TRAP}:{web.port}")
    site = web.site("site.example", page("Talks"))
    assert fetcher().get(f"{site}/a").status == 200
    assert web.trap.touched == 0


def test_a_name_that_turns_private_is_refused(
    web: LocalWeb, fetcher: Callable[..., Fetcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look-up gives a public address, all further ones a private one, on the same port."""
    monkeypatch.setattr(fetching, "is_public", lambda address: address == lw.HOME)
    site = web.site("site.example", {"*": page("Talks", Connection="close")})
    web.name("site.example", [lw.HOME], [lw.TRAP])
    shared = fetcher(allow_hosts=())
    assert shared.get(f"{site}/a").status == 200
    assert web.looked_up["site.example"] == 1
    with pytest.raises(NotPublic):
        shared.get(f"{site}/b")
    assert web.trap.touched == 0


@pytest.mark.parametrize(
    "host", ["127.66.66.66", "2135049794", "0x7f424242", "0177.0102.0102.0102", "127.4342338", "[::ffff:127.66.66.66]"]
)
def test_no_notation_of_a_number_reaches_inside(web: LocalWeb, fetcher: Callable[..., Fetcher], host: str) -> None:
    with pytest.raises((NotPublic, NotFound), match=r"public web|no such host"):
        fetcher().get(f"http://{host}:{web.port}/")
    site = web.site("site.example", redirect(f"http://{host}:{web.port}/"))
    with pytest.raises((NotPublic, NotFound), match=r"public web|no such host"):
        fetcher().get(f"{site}/")
    assert web.trap.touched == 0
    assert set(web.looked_up) <= {"site.example"}


def test_hosts_that_the_user_allows(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    site = web.site("intranet.example", page("Talks"))
    number = f"http://{lw.HOME}:{web.port}/"
    web.site(lw.HOME, page("Talks"))
    for allowed in ({"intranet.example"}, {"Intranet.example"}, {f"intranet.example:{web.port}"}):
        assert fetcher(allow_hosts=allowed).get(f"{site}/a").status == 200
    assert fetcher(allow_hosts={f"{lw.HOME}:{web.port}"}).get(number).status == 200
    with pytest.raises(Unreachable):
        fetcher(allow_hosts={lw.TRAP}).get(f"http://{lw.TRAP}:{web.port}/")
    assert web.trap.touched > 0
    for other in ({"intranet.example:1"}, {"example"}, {f"{lw.HOME}:{web.port}"}):
        with pytest.raises(NotPublic):
            fetcher(allow_hosts=other).get(f"{site}/a")


@pytest.mark.parametrize(
    "entry", ["", "http://a.example", "a.example/x", "a.example:x", "user@a.example", "a.example:99999", "[::1"]
)
def test_what_is_no_host_cannot_be_allowed(entry: str) -> None:
    with pytest.raises(UsageError, match="no host"):
        Fetcher(allow_hosts={entry})


def test_a_resolver_that_does_not_answer(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    ended = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        ended.wait(20)
        return []

    with pytest.raises(TooSlow, match="no address known"):
        fetcher(resolve=resolve, limits=FetchLimits(seconds=0.3)).get("http://slow.example/")
    ended.set()


def test_a_second_address_is_tried_where_the_first_is_dead(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    site = web.site("site.example", page("Talks"))
    web.name("site.example", ["127.99.99.99", lw.HOME])
    assert fetcher().get(f"{site}/a").status == 200


@pytest.mark.parametrize("contact", ["desk@news.example", "https://news.example/reader", "http://news.example/?a=b"])
def test_the_user_agent_is_honest(web: LocalWeb, fetcher: Callable[..., Fetcher], contact: str) -> None:
    site = web.site("site.example", page("Talks"))
    fetcher(contact=contact).get(f"{site}/a")
    agents = {asked.headers["user-agent"] for asked in web.asked}
    assert agents == {user_agent(contact)}
    assert re.fullmatch(rf"detente/[\w.]+ \(\+{re.escape(contact)}\)", agents.pop())


@pytest.mark.parametrize(
    "contact",
    ["", "me", "a@b\nX: 1", "a@b\r\n", "https://a.example/\n", "a b@c", "a@b)", "é@b.example", "a@b" + "c" * 300],
)
def test_what_is_no_contact(contact: str) -> None:
    with pytest.raises(UsageError, match="no contact"):
        Fetcher(contact=contact)


def test_closing_ends_all_waiting(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> None:
    site = web.site("site.example", page("Talks"))
    shared = fetcher(per_host_seconds=50.0, limits=FetchLimits())
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(shared.get, f"{site}/a")
        while not web.asked:
            time.sleep(0.01)
        shared.close()
        with pytest.raises(SourceError, match="stopped"):
            waiting.result(timeout=10)


@pytest.mark.parametrize("kind", ["huge", "bomb", "http2 bomb", "robots bomb"])
def test_memory_stays_bounded(
    web: LocalWeb,
    fetcher: Callable[..., Fetcher],
    good_and_broken_tls: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    """Half a gigabyte when unpacked, or without end; what is held is a few times the bound on one page."""
    trusted, _ = good_and_broken_tls
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    packed = gzip.compress(b" " * 1_000_000) * 500
    if kind == "http2 bomb":
        site = web.secure_http2("h2.example", trusted, packed, [("content-encoding", "gzip")])
    elif kind == "robots bomb":
        site = web.site("site.example", page("Talks"), robots=give(packed, Content_Encoding="gzip"))
    else:
        site = web.site("site.example", lw.endless if kind == "huge" else give(packed, Content_Encoding="gzip"))
    shared = fetcher(limits=FetchLimits())
    tracemalloc.start()
    try:
        if kind == "robots bomb":
            shared.get(f"{site}/a")
        else:
            with pytest.raises(TooLarge):
                shared.get(f"{site}/a")
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_BYTES
    finally:
        tracemalloc.stop()


def test_http2_is_spoken_and_goes_on_after_a_page_too_large(
    web: LocalWeb,
    fetcher: Callable[..., Fetcher],
    good_and_broken_tls: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted, _ = good_and_broken_tls
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    site = web.secure_http2("h2.example", trusted, b"x" * 200_000, [("etag", '"v1"')])
    shared = fetcher()
    for number in range(5):
        got = shared.get(f"{site}/{number}")
        assert (len(got.data), got.headers["etag"]) == (200_000, '"v1"')
    assert web.looked_up["h2.example"] == 1
    small = fetcher(limits=FetchLimits(seconds=3.0, max_bytes=100_000))
    for number in range(3):
        with pytest.raises(TooLarge):
            small.get(f"{site}/{number}")
    # What is left of a page that was too large stands in the way of no other: each came over a connection of its own.
    assert web.looked_up["h2.example"] == 1 + 3


LINES = [
    "HTTP/1.1 200 OK", "HTTP/1.1 302 Found", "HTTP/1.1 101 On", "HTTP/1.1 100 On\r\n", "HTTP/1.0 429 No",
    "Content-Type: text/html", "Content-Type: \x9b1m", "Content-Type: text/html; charset*=x'\xe9'%",
    "Content-Length: 5", "Content-Length: -1", "Location: http://[", "Location: //", "Location: http://a:b]@127.0.0.1/",
    "Transfer-Encoding: chunked", "Content-Encoding: gzip", "Content-Encoding: \x9b", "Retry-After: Wed, ", "",
    "ffffffffffffffff", "0\r\n", "<html>", "\x1f\x8b\x08\x00",
]  # fmt: skip
PARTS = st.sampled_from([f"{line}\r\n".encode("latin-1") for line in LINES]) | st.binary(max_size=20)


@pytest.fixture
def talk(web: LocalWeb, fetcher: Callable[..., Fetcher]) -> tuple[list[bytes], Callable[[], Fetched]]:
    """What a server is to say to every request but for robots.txt, and what asks it."""
    says: list[bytes] = []

    def meet(connection: socket.socket) -> None:
        if connection.recv(65_536).startswith(b"GET /robots.txt"):
            connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            connection.sendall(b"".join(says))

    address = web.speak("site.example", meet) + "/page"
    shared = fetcher(limits=FetchLimits(seconds=1.0, attempts=1, longest_wait=0.0))
    return says, lambda: shared.get(address)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=st.sampled_from(LINES[:5]), parts=st.lists(PARTS, max_size=8))
def test_whatever_a_server_says_ends_in_a_page_or_an_error_of_ours(
    talk: tuple[list[bytes], Callable[[], Fetched]], status: str, parts: list[bytes]
) -> None:
    says, get = talk
    says[:] = [f"{status}\r\n".encode(), *parts]
    told = ""
    try:
        assert get().status == 200
    except SourceError as error:
        told = str(error)
    assert told == "" or (told.isprintable() and len(told) < 400)


@given(st.binary(max_size=3000), st.sampled_from(["gzip", "deflate", "raw", "identity"]), st.integers(1, 97))
def test_unpacking_gives_back_what_was_packed(data: bytes, how: str, step: int) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(data[:100]) + gzip.compress(data[100:]),
        "deflate": zlib.compress(data),
        "raw": raw.compress(data) + raw.flush(),
        "identity": data,
    }[how]
    pieces = [packed[start : start + step] for start in range(0, len(packed), step)]
    assert b"".join(unpack(pieces, "deflate" if how == "raw" else how)) == data


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_what_is_not_packed_ends_in_its_error(data: bytes, encoding: str) -> None:
    with contextlib.suppress(zlib.error):
        assert len(b"".join(unpack([data], encoding))) <= 1100 * len(data)
