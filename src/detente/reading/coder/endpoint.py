"""Asks an OpenAI-compatible endpoint: bounded in time, size, retries and requests at once, at the named address only.

No proxy, redirect or password file leads elsewhere. Whatever goes wrong is a fault with a name, never an exception.
"""

import asyncio
import os
import ssl
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

import httpx
from pydantic import BaseModel, Field

from detente.errors import UsageError
from detente.reading.coder.prompt import Prompt
from detente.reading.coder.spec import Coder

KEY = "DETENTE_CODER_KEY"
"""The environment's variable that holds the key."""
AT_ONCE = 4
"""Requests under way at once."""
MAX_BYTES = 200_000
"""Bytes of one response; an answer of a few events has one hundredth of it."""
MAX_TOKENS = 2000
"""Tokens that an answer may have."""
WAITS = (0.5, 2.0)
"""Seconds before each further try, where the server says that it is busy or breaks off."""
LONGEST_WAIT = 5.0
"""Seconds that a server may ask to wait for (Retry-After)."""
SILENT = 5
"""Requests without an answer in a row after which the address is asked no more."""
_BUSY = {429, 500, 502, 503, 504}
_REFUSED = {400, 422}
_FORMS = ("json_schema", "json_object", None)
"""Ways to ask for JSON, the strictest first; a server that refuses one is asked in the next."""
_Count = Annotated[int, Field(ge=0, le=10**9)]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request came to: the answer's words, or the fault why there are none; and what it took."""

    text: str | None = None
    fault: str | None = None
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: _Count = 0
    completion_tokens: _Count = 0


class _Completion(BaseModel):
    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _Usage | None = None


class Endpoint:
    """One address and what it has shown of itself: which form of JSON it takes, and whether it answers at all.

    Raises UsageError where the environment's key is none that can be sent.
    """

    def __init__(self, coder: Coder) -> None:
        _headers()
        self._coder = coder
        self._form = 0
        self._unanswered = 0

    def ask(self, prompts: Sequence[Prompt]) -> list[Reply]:
        """A reply to each prompt, in their order."""
        return _run(self._all(prompts)) if prompts else []

    async def _all(self, prompts: Sequence[Prompt]) -> list[Reply]:
        gate = asyncio.Semaphore(AT_ONCE)
        # The client sets no times: one deadline is set around the whole of each request.
        async with httpx.AsyncClient(
            headers=_headers(),
            timeout=None,
            trust_env=False,
            follow_redirects=False,
            verify=ssl.create_default_context(),
        ) as client:
            return list(await asyncio.gather(*(self._behind(gate, client, prompt) for prompt in prompts)))

    async def _behind(self, gate: asyncio.Semaphore, client: httpx.AsyncClient, prompt: Prompt) -> Reply:
        async with gate:
            if self._unanswered >= SILENT:
                return Reply(fault="no longer asked")
            return await self._patiently(client, prompt)

    async def _patiently(self, client: httpx.AsyncClient, prompt: Prompt) -> Reply:
        """Ask, again where the server is busy, and in a laxer form where it refuses the strict one."""
        waits = list(WAITS)
        form = self._form
        sent = 0
        while True:
            sent += 1
            reply, status, wait = await self._once(client, prompt, form)
            if status in _REFUSED and form + 1 < len(_FORMS):
                form += 1
                continue
            if (status in _BUSY or status == 0) and waits:
                await asyncio.sleep(max(waits.pop(0), wait))
                continue
            if status == 200:
                self._unanswered = 0
                self._form = max(self._form, form)
            else:
                self._unanswered += 1
            return replace(reply, requests=sent)

    async def _once(self, client: httpx.AsyncClient, prompt: Prompt, form: int) -> tuple[Reply, int | None, float]:
        """The reply, the status (0 where the connection fails, None where time ran out), and the wait asked for."""
        try:
            async with (
                asyncio.timeout(self._coder.timeout),
                client.stream(
                    "POST", f"{self._coder.address}/chat/completions", json=self._body(prompt, form)
                ) as response,
            ):
                wait = response.headers.get("retry-after", "")
                seconds = min(float(wait), LONGEST_WAIT) if wait.isdecimal() and len(wait) < 6 else 0.0
                if response.status_code != 200:
                    return Reply(fault=f"HTTP {response.status_code}"), response.status_code, seconds
                return await _read(response), 200, seconds
        except TimeoutError:
            return Reply(fault="no answer in time"), None, 0.0
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
            # The error's own words may quote headers, and with them the key.
            return Reply(fault="no connection"), 0, 0.0

    def _body(self, prompt: Prompt, form: int) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._coder.model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
        }
        kind = _FORMS[form]
        if kind == "json_schema":
            schema = {"name": "events", "strict": True, "schema": dict(prompt.schema)}
            body["response_format"] = {"type": kind, "json_schema": schema}
        elif kind is not None:
            body["response_format"] = {"type": kind}
        return body


async def _read(response: httpx.Response) -> Reply:
    """The answer in a response, its content type, packing and size checked first."""
    if response.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return Reply(fault="response is no JSON")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        # Not asked for; unpacking could make much of little.
        return Reply(fault="response is packed")
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > MAX_BYTES:
            return Reply(fault="response too large")
    try:
        completion = _Completion.model_validate_json(bytes(data))
    except ValueError:
        return Reply(fault="response is no completion")
    usage = completion.usage or _Usage()
    choice = completion.choices[0]
    text = choice.message.content
    fault = "answer cut short" if choice.finish_reason == "length" else None if text else "empty answer"
    return Reply(None if fault else text, fault, 0, usage.prompt_tokens, usage.completion_tokens)


def _headers() -> dict[str, str]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    key = os.environ.get(KEY, "")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(f"{KEY} in the environment is no key: it has characters that no header can hold")
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return headers


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run to its end, beside a loop of the caller's own (a notebook has one) where there is one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, work).result()
