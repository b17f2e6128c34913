"""A web of many hosts on this machine, good and bad, with the names, the servers and the faults that tests need.

    with LocalWeb() as web:
        address = web.site("good.example", page("Talks end"))
        with Fetcher(resolve=web.resolve, allow_hosts=web.allow_hosts, per_host_seconds=0.0) as fetcher:
            fetcher.get(f"{address}/a")
        assert web.asked_of("good.example") == ["/robots.txt", "/a"]

All hosts share one real HTTP server, which tells them apart by the Host header; `web.resolve` knows their names. What
is not one of its sites is not allowed. `web.trap` listens at an address that nobody may touch, on the same port.
"""

import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import h2.config
import h2.connection
import h2.events

HOME = "127.0.0.1"
TRAP = "127.66.66.66"
Answer = Callable[["Visit"], None]


class Visit(BaseHTTPRequestHandler):
    """One request to one site; `web` is the web that it is of."""

    protocol_version = "HTTP/1.1"
    web: "LocalWeb"

    def do_GET(self) -> None:
        self.web.answer(self)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def pause(self, seconds: float) -> bool:
        """Wait; whether to go on, which ends with the web."""
        return not self.web.stopped.wait(seconds)


@dataclass(frozen=True)
class Asked:
    """A request that came in: where, with what, and when (monotonic seconds)."""

    host: str
    path: str
    headers: Mapping[str, str]
    at: float


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that leave are what is tested."""


@dataclass
class LocalWeb:
    """The web; a context manager."""

    asked: list[Asked] = field(default_factory=list)
    looked_up: Counter[str] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._sites: dict[str, dict[str, Answer]] = {}
        self._names: dict[str, list[Sequence[str]]] = {}
        self._allowed: set[str] = set()
        self._at_once: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self._guard = threading.Lock()
        self._servers: list[ThreadingHTTPServer] = []
        self._sockets: list[socket.socket] = []
        self.port = self._serve().server_port
        self.trap = Listener(TRAP, self.port)
        self._sockets.append(self.trap.socket)
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        for listening in self._sockets:
            # Closing alone leaves a thread waiting in accept.
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()

    def site(self, host: str, answer: Answer | Mapping[str, Answer], robots: str | Answer | None = None) -> str:
        """A site that gives `answer` at every path, or those of a mapping at theirs; its address without a slash."""
        paths = dict(answer) if isinstance(answer, Mapping) else {"*": answer}
        if robots is not None:
            paths["/robots.txt"] = (
                give(robots.encode(), Content_Type="text/plain") if isinstance(robots, str) else robots
            )
        self._sites[host] = paths
        return self.name(host, [HOME])

    def name(self, host: str, *answers: Sequence[str], port: int | None = None, allowed: bool = True) -> str:
        """A name with what each look-up of it gives in turn, the last for ever; its address without a slash."""
        self._names[host] = list(answers)
        if allowed:
            self._allowed.add(f"{host}:{port or self.port}")
        return f"http://{host}:{port or self.port}"

    def secure(self, host: str, certificate: Path, answer: Answer) -> str:
        """A site over TLS and HTTP/1.1, whose key and certificate stand in one file; its address without a slash."""
        self._sites[host] = {"*": answer}
        server = self._serve(certificate)
        return self.name(host, [HOME], port=server.server_port).replace("http:", "https:")

    def secure_http2(self, host: str, certificate: Path, body: bytes, headers: Sequence[tuple[str, str]] = ()) -> str:
        """A site that speaks HTTP/2 and gives one page, named `/robots.txt` apart, which it lacks."""
        server = Http2(certificate, body, headers)
        self._sockets.append(server.socket)
        return self.name(host, [HOME], port=server.port).replace("http:", "https:")

    def speak(self, host: str, talk: Callable[[socket.socket], None]) -> str:
        """A host at which `talk` deals with each connection itself; its address without a slash."""
        listener = Listener(HOME, 0, talk)
        self._sockets.append(listener.socket)
        return self.name(host, [HOME], port=listener.socket.getsockname()[1])

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a name, as its next look-up gives them."""
        with self._guard:
            self.looked_up[host] += 1
            answers = self._names.get(host)
            if not answers:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return answers.pop(0) if len(answers) > 1 else answers[0]

    @property
    def allow_hosts(self) -> frozenset[str]:
        """The web's own sites, with their ports."""
        return frozenset(self._allowed)

    def asked_of(self, host: str) -> list[str]:
        """The paths that a host was asked for, in their order."""
        with self._guard:
            return [asked.path for asked in self.asked if asked.host == host]

    def answer(self, visit: Visit) -> None:
        """Give what the host that was asked gives, and write down who asked."""
        host = (visit.headers.get("Host") or "").rsplit(":", 1)[0]
        paths = self._sites.get(host, {})
        path = visit.path.split("?")[0]
        known = paths.get(path) or (paths.get("*") if path != "/robots.txt" else None) or give(b"", 404)
        headers = {name.lower(): value for name, value in visit.headers.items()}
        with self._guard:
            self.asked.append(Asked(host, visit.path, headers, time.monotonic()))
            self._at_once[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self._at_once[host])
        try:
            known(visit)
        except OSError:
            visit.close_connection = True
        finally:
            with self._guard:
                self._at_once[host] -= 1

    def _serve(self, certificate: Path | None = None) -> ThreadingHTTPServer:
        handler = type("Handler", (Visit,), {"web": self})
        server = _Server((HOME, 0), handler)
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self._servers.append(server)
        return server


class Listener:
    """A bare server: counts its connections, and lets `talk` deal with each."""

    def __init__(self, address: str, port: int, talk: Callable[[socket.socket], None] | None = None) -> None:
        self.socket = socket.create_server((address, port))
        self.touched = 0
        self._talk = talk
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.touched += 1
            threading.Thread(target=self._meet, args=(connection,), daemon=True).start()

    def _meet(self, connection: socket.socket) -> None:
        with connection:
            try:
                if self._talk:
                    self._talk(connection)
            except OSError:
                pass


class Http2(Listener):
    """A server of one page over TLS and HTTP/2."""

    def __init__(self, certificate: Path, body: bytes, headers: Sequence[tuple[str, str]]) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)
        self._tls.set_alpn_protocols(["h2"])
        self._body = body
        self._headers = headers
        super().__init__(HOME, 0, self._speak)
        self.port: int = self.socket.getsockname()[1]

    def _speak(self, plain: socket.socket) -> None:
        with self._tls.wrap_socket(plain, server_side=True) as stream:
            state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
            state.initiate_connection()
            left: dict[int, bytes] = {}
            stream.sendall(state.data_to_send())
            while data := stream.recv(65_536):
                for event in state.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        path = dict(event.headers or [])[b":path"]
                        missing = path == b"/robots.txt"
                        status = [(":status", "404" if missing else "200"), ("content-type", "text/html")]
                        state.send_headers(event.stream_id, [*status, *self._headers])
                        left[event.stream_id] = b"" if missing else self._body
                for stream_id in list(left):
                    while left[stream_id] and (window := state.local_flow_control_window(stream_id)):
                        size = min(window, state.max_outbound_frame_size)
                        piece, left[stream_id] = left[stream_id][:size], left[stream_id][size:]
                        state.send_data(stream_id, piece)
                    if not left[stream_id]:
                        state.end_stream(stream_id)
                        del left[stream_id]
                stream.sendall(state.data_to_send())


def certificate(folder: Path, *names: str) -> Path:
    """A self-signed certificate for these names with its key, in one file, made by the `openssl` command."""
    path = folder / f"{names[0]}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={names[0]}", "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names),
         "-keyout", path, "-out", folder / "certificate.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + (folder / "certificate.pem").read_bytes())
    return path


def html(words: str) -> bytes:
    """A small page with these words as its article."""
    return f"<html><head><title>{words}</title></head><body><article><p>{words}</p></article></body></html>".encode()


def page(words: str, **headers: str) -> Answer:
    """A page with these words."""
    return give(html(words), **headers)


def give(body: bytes, status: int = 200, **headers: str) -> Answer:
    """These bytes, with a status and headers (an underscore for a hyphen)."""

    def answer(visit: Visit) -> None:
        visit.send_response(status)
        for name, value in {"Content_Type": "text/html", "Content_Length": str(len(body)), **headers}.items():
            visit.send_header(name.replace("_", "-"), value)
        visit.end_headers()
        visit.wfile.write(body)

    return answer


def redirect(target: str) -> Answer:
    """A redirect to this address."""
    return give(b"", 302, Location=target)


def in_turn(*answers: Answer) -> Answer:
    """One answer after the other, the last for ever."""
    left = list(answers)
    return lambda visit: (left.pop(0) if len(left) > 1 else left[0])(visit)


def if_changed(words: str, etag: str, modified: str) -> Answer:
    """A page that is not sent again to who has its ETag, or else its date."""

    def answer(visit: Visit) -> None:
        known = visit.headers.get("If-None-Match")
        same = known == etag if known else visit.headers.get("If-Modified-Since") == modified
        if same:
            visit.send_response(304)
            visit.send_header("ETag", etag)
            visit.end_headers()
        else:
            page(words, ETag=etag, Last_Modified=modified)(visit)

    return answer


def never(visit: Visit) -> None:
    """No answer at all."""
    visit.pause(60.0)
    visit.close_connection = True


def drip(visit: Visit) -> None:
    """A page that comes letter by letter and never ends."""
    give(b"<html>", Content_Length="1000000")(visit)
    while visit.pause(0.05):
        visit.wfile.write(b".")
        visit.wfile.flush()


def drip_headers(visit: Visit) -> None:
    """Headers that come letter by letter and never end."""
    visit.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while visit.pause(0.05):
        visit.wfile.write(b"x")
        visit.wfile.flush()


def endless(visit: Visit) -> None:
    """A page that comes as fast as it can and never ends."""
    visit.close_connection = True
    visit.send_response(200)
    visit.send_header("Content-Type", "text/html")
    visit.end_headers()
    while visit.pause(0.0):
        visit.wfile.write(b"<p>And on.</p>\n" * 4000)


def endless_headers(visit: Visit) -> None:
    """Headers that come as fast as they can and never end."""
    visit.close_connection = True
    visit.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while visit.pause(0.0):
        visit.wfile.write(b"X-More: and on\r\n" * 1000)


def cut_off(visit: Visit) -> None:
    """A page that ends before its end."""
    visit.close_connection = True
    give(b"<html>", Content_Length="1000")(visit)


def bomb(megabytes: int) -> Answer:
    """A few kilobytes that unpack to so many megabytes."""
    return give(gzip.compress(b" " * 1_000_000) * megabytes, Content_Encoding="gzip")
