"""A small server that speaks the form of OpenAI's chat completions, and answers as a test wants it to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    """One request; `behave` of its server decides what becomes of it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chat: Chat = self.server.chat  # type: ignore[attr-defined]
        with chat.lock:
            chat.requests.append(request)
            chat.headers.append(dict(self.headers))
            chat.paths.append(self.path)
        try:
            chat.behave(self, request)
        except OSError:
            # The client has given up, as it should.
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass

    def send(self, body: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def complete(self, content: str | None, reason: str = "stop") -> None:
        """An answer of the usual form around `content`."""
        message = {"role": "assistant", "content": content}
        self.send(
            json.dumps(
                {
                    "choices": [{"index": 0, "message": message, "finish_reason": reason}],
                    "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
                }
            ).encode()
        )


Behaviour = Callable[[Handler, Request], None]


@dataclass
class Chat:
    """What the server was asked, and how it behaves."""

    behave: Behaviour
    address: str = ""
    requests: list[Request] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        return f"openai:tiny@{self.address}"


@contextmanager
def serving(behave: Behaviour) -> Iterator[Chat]:
    """A server on this machine that behaves so, until the block ends."""
    chat = Chat(behave)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.chat = chat  # type: ignore[attr-defined]
    chat.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def words(request: Request) -> dict[str, str]:
    """The page's words in a request: title, before, sentence."""
    found: dict[str, str] = json.loads(request["messages"][1]["content"])
    return found


def event(type: str, actor: list[str], recipient: list[str], evidence: str, **more: Any) -> dict[str, Any]:
    """One event of an answer."""
    return {
        "type": type, "mode": [], "context": [], "auxiliary": "none", "actor": actor, "recipient": recipient,
        "evidence": evidence,
    } | more  # fmt: skip


def coding(answers: dict[str, list[dict[str, Any]]]) -> Behaviour:
    """Answers with the events of the first key that the sentence holds, else with none."""

    def behave(handler: Handler, request: Request) -> None:
        sentence = words(request)["sentence"]
        events = next((events for key, events in answers.items() if key in sentence), [])
        handler.complete(json.dumps({"events": events}))

    return behave
