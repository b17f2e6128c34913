"""Which second reader is asked, and at what price: what the user names on the command line or in Python."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, ValidationError, field_validator

from detente.errors import UsageError
from detente.model import Noun

_NAMED = re.compile(r"openai:(?P<model>\S+?)@(?P<address>https?://\S+)")
_LONGEST = 500
Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Coder(Noun):
    """A language model at an OpenAI-compatible address that the user names: a second reader, asked after the first.

    `address` is what comes before `/chat/completions`; nothing else is contacted. `timeout` is in seconds, for one
    request; `price` is that of a million tokens, of the prompt and of the answer. The key, where the address asks for
    one, is taken from the environment (DETENTE_CODER_KEY) and kept nowhere.
    """

    # What is refused may hold a secret: an error never shows it.
    model_config = ConfigDict(hide_input_in_errors=True)

    model: Annotated[str, Field(min_length=1, max_length=_LONGEST, pattern=r"^\S+$")]
    address: Annotated[str, Field(max_length=_LONGEST)]
    timeout: Annotated[float, Field(gt=0, le=3600)] = 60.0
    price: tuple[Price, Price] | None = None

    @field_validator("address")
    @classmethod
    def _is_address(cls, address: str) -> str:
        try:
            parts = urlsplit(address)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        if host is None or parts.scheme not in {"http", "https"} or not address.isascii() or not address.isprintable():
            raise ValueError("the address is no http or https address, such as http://localhost:11434/v1")
        if parts.username is not None or parts.password is not None:
            raise ValueError("the address holds a password: give the key in the environment as DETENTE_CODER_KEY")
        if parts.query or parts.fragment:
            raise ValueError("the address ends with its path, such as http://localhost:11434/v1")
        return address.rstrip("/")

    @classmethod
    def named(cls, text: str, *, timeout: float = 60.0, price: tuple[float, float] | None = None) -> Self:
        """The second reader named as `openai:MODEL@ADDRESS`. Raises UsageError where it is not."""
        found = _NAMED.fullmatch(text)
        if found is None:
            raise UsageError(
                "a second reader is named openai:MODEL@ADDRESS, such as openai:llama3.1@http://localhost:11434/v1"
            )
        try:
            return cls(model=found["model"], address=found["address"], timeout=timeout, price=price)
        except ValidationError as error:
            wrong = error.errors(include_input=False, include_url=False)[0]
            where = "".join(f"{part}: " for part in wrong["loc"][:1] if part != "address")
            raise UsageError(where + wrong["msg"].removeprefix("Value error, ")) from None

    @property
    def name(self) -> str:
        """As it is named: `openai:MODEL@ADDRESS`."""
        return f"openai:{self.model}@{self.address}"

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """What tokens cost at the price, in its currency; None where there is no price."""
        if self.price is None:
            return None
        return (prompt_tokens * self.price[0] + completion_tokens * self.price[1]) / 1_000_000
