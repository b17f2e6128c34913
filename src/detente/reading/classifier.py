"""The event classifier: which of the 16 PLOVER types, if any, holds between two marked parties of a sentence.

A small encoder (MiniLM, six layers, eight-bit weights) reads the sentence with a mark before and after each party;
the mean of its words and the two opening marks go into one layer each for type, mode, context and auxiliary. After half
of its layers it answers a first time, by heads of their own: that is enough for a clause, which tells one act, and
takes half as long. How the weights are made is told in `training/README.md`, what they reach in
`docs/explanation/model-card.md`.

The sessions are loaded once, on first use, and are shared by all threads.
"""

import json
import os
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from threading import Lock
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from detente.model import Auxiliary, EventType
from detente.ontology.plover import types

Span = tuple[int, int]
Case = tuple[str, Span | None, Span | None]

MAX_TOKENS = 128
"""Tokens that the encoder is trained with, marks included; a longer sentence is cut to those around its parties."""

MAX_CHARACTERS = 4000
"""Characters that are looked at at all, around the parties: well above 128 tokens of any sentence."""

BATCH = 8
"""Sentences of one call to the session; those of like length are put together, so that little is padded."""

MODE_FLOOR = 0.5
"""A mode is given from even odds on, and so is a context; below it none is."""

CLS, SEP = 101, 102
"""The encoder's tokens for begin and end (BERT's vocabulary)."""

OPEN_ACTOR, CLOSE_ACTOR, OPEN_RECIPIENT, CLOSE_RECIPIENT = 1, 2, 3, 4
"""Tokens that BERT's vocabulary leaves unused, trained as the marks."""


AUXILIARIES: tuple[Auxiliary | None, ...] = (None, "historical", "future", "hypothetical", "negation")
"""The answers to how an act stands to what happened, in the order of the head."""


class Answer(NamedTuple):
    """The best type, its probability among the 16, and the modes and contexts that are known, often none.

    `auxiliary` is the likeliest, null for what has happened; `no_event` the probability that the sentence tells no act
    between the two parties, which the others leave out of account.
    """

    type: EventType
    confidence: float
    mode: list[str]
    context: list[str]
    auxiliary: Auxiliary | None
    no_event: float


class Judged(NamedTuple):
    """The probability of each of the 16 types and of no event (None), which sum to 1, and the best answer."""

    odds: dict[EventType | None, float]
    answer: Answer


class Encoded(NamedTuple):
    """Token ids of a sentence with its marks, and where the opening marks stand (-1 where there is none)."""

    ids: list[int]
    actor: int
    recipient: int


def _clip(text: str, spans: Sequence[Span | None]) -> tuple[str, list[Span | None]]:
    """At most MAX_CHARACTERS of the text, those around its parties, and the spans within them.

    A span that is empty, turned round or beyond the end marks nothing; one that runs over the end ends there.
    """
    known = [(max(0, s[0]), min(s[1], len(text))) if s else None for s in spans]
    known = [s if s and s[0] < s[1] else None for s in known]
    begun = min((s[0] for s in known if s), default=0)
    # A quarter of the window stands before the first party: the verb mostly comes after it.
    start = max(0, min(begun - MAX_CHARACTERS // 4, len(text) - MAX_CHARACTERS))
    end = start + MAX_CHARACTERS
    moved = [(s[0] - start, min(s[1], end) - start) if s and s[0] < end else None for s in known]
    return text[start:end], moved


def from_marks(marked: str) -> Case:
    """A sentence with its actor between <s> and </s> and its recipient between <t> and </t>, as a case; null if absent.

    The form in which sentences for training and for tests are written.
    """
    text = ""
    found: dict[str, Span] = {}
    for part in re.split(r"(</?[st]>)", marked):
        if re.fullmatch(r"<[st]>", part):
            found[part[1]] = (len(text), len(text))
        elif re.fullmatch(r"</[st]>", part):
            found[part[2]] = (found[part[2]][0], len(text))
        else:
            text += part
    return text, found.get("s"), found.get("t")


def encode(tokenizer: Any, text: str, actor: Span | None, recipient: Span | None) -> Encoded:
    """The sentence as the encoder reads it, at most MAX_TOKENS long. Training and reading both go through here.

    `tokenizer` is a `tokenizers.Tokenizer`. Marks stand before the first and after the last token of a party.
    """
    clipped, spans = _clip(text, (actor, recipient))
    tokens = tokenizer.encode(clipped, add_special_tokens=False)
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for span, opening, closing in zip(spans, (OPEN_ACTOR, OPEN_RECIPIENT), (CLOSE_ACTOR, CLOSE_RECIPIENT), strict=True):
        inside = [n for n, (a, b) in enumerate(tokens.offsets) if span and a < span[1] and b > span[0]]
        if inside:
            before.setdefault(inside[0], []).append(opening)
            after.setdefault(inside[-1], []).append(closing)
    ids: list[int] = []
    for n, token in enumerate(tokens.ids):
        ids += [*before.get(n, ()), token, *after.get(n, ())]
    room = MAX_TOKENS - 2
    if len(ids) > room:
        marks = [n for n, i in enumerate(ids) if i in (OPEN_ACTOR, OPEN_RECIPIENT)]
        middle = (marks[0] + marks[-1]) // 2 if marks else 0
        start = max(0, min(middle - room // 2, len(ids) - room))
        if marks and marks[0] < start:
            # Parties further apart than the window: it begins with the first of them.
            start = min(marks[0], len(ids) - room)
        ids = ids[start : start + room]
    ids = [CLS, *ids, SEP]

    def place(mark: int) -> int:
        return ids.index(mark) if mark in ids else -1

    return Encoded(ids, place(OPEN_ACTOR), place(OPEN_RECIPIENT))


def batch(cases: Sequence[Encoded]) -> dict[str, NDArray[Any]]:
    """Sentences of one batch as the encoder's input: ids, mask, and one row of weights for each opening mark."""
    width = max(len(c.ids) for c in cases)
    ids = np.zeros((len(cases), width), dtype=np.int64)
    mask = np.zeros((len(cases), width), dtype=np.int64)
    actor = np.zeros((len(cases), width), dtype=np.float32)
    recipient = np.zeros((len(cases), width), dtype=np.float32)
    for row, case in enumerate(cases):
        ids[row, : len(case.ids)] = case.ids
        mask[row, : len(case.ids)] = 1
        if case.actor >= 0:
            actor[row, case.actor] = 1
        if case.recipient >= 0:
            recipient[row, case.recipient] = 1
    return {"ids": ids, "mask": mask, "actor": actor, "recipient": recipient}


class _Model(NamedTuple):
    lower: Any
    upper: Any
    tokenizer: Any
    types: list[str]
    modes: list[str]
    contexts: list[str]
    temperature: float


_loading = Lock()


@cache
def _load() -> _Model:
    # Imported here: a page whose language is not read needs neither.
    import onnxruntime
    from tokenizers import Tokenizer

    data = files("detente.reading") / "data" / "classifier"
    options = onnxruntime.SessionOptions()
    # One thread: pages are read side by side, and more threads a sentence only take turns.
    options.intra_op_num_threads = int(os.environ.get("DETENTE_MODEL_THREADS", "1"))
    options.inter_op_num_threads = 1
    options.log_severity_level = 3

    def session(name: str) -> Any:
        with as_file(data / name) as path:
            return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    labels = json.loads((data / "labels.json").read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_str((data / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return _Model(
        session("lower.onnx"),
        session("upper.onnx"),
        tokenizer,
        labels["types"],
        labels["modes"],
        labels["contexts"],
        float(labels["temperature"]),
    )


def _model() -> _Model:
    # `cache` alone would let two threads load the weights at once.
    with _loading:
        return _load()


def _softmax(logits: NDArray[Any]) -> NDArray[Any]:
    shifted = np.exp(logits - logits.max())
    return cast(NDArray[Any], shifted / shifted.sum())


def _answer(model: _Model, logits: tuple[NDArray[Any], ...], odds: NDArray[Any]) -> Answer:
    """The best answer, from the logits of the heads and the odds of the 17 types."""
    _, mode_logits, context_logits, auxiliary_logits = logits
    none = model.types.index("NONE")
    among = np.delete(odds, none) / max(1e-9, 1 - odds[none])
    names = [name for name in model.types if name != "NONE"]
    best = int(among.argmax())
    name = cast(EventType, names[best])
    # The modes of one type compete with each other and with "none of them".
    rivals = [n for n, label in enumerate(model.modes) if label.partition(":")[0] == name]
    mode: list[str] = []
    if len(rivals) > 1:
        shares = _softmax(mode_logits[rivals])
        label = model.modes[rivals[int(shares.argmax())]].partition(":")[2]
        if label and shares.max() >= MODE_FLOOR:
            mode = [label]
    brought = [types()[name].modes[m].context for m in mode]
    # A logit above 0 is more than even odds.
    context = [c for c in brought if c] + [
        c for c, logit in zip(model.contexts, context_logits, strict=True) if logit > 0 and c not in brought
    ]
    auxiliary = AUXILIARIES[int(auxiliary_logits.argmax())]
    return Answer(name, float(among[best]), mode, context, auxiliary, float(odds[none]))


def _logits(model: _Model, cases: Sequence[Case], whole: bool) -> list[tuple[NDArray[Any], ...]]:
    """The logits of each head for each case, in the order given. Sentences are run in batches of like length."""
    encoded = [encode(model.tokenizer, *case) for case in cases]
    order = sorted(range(len(cases)), key=lambda n: len(encoded[n].ids))
    found: dict[int, tuple[NDArray[Any], ...]] = {}
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        inputs = batch([encoded[n] for n in part])
        *heads, hidden = model.lower.run(None, inputs)
        if whole:
            del inputs["ids"]
            heads = model.upper.run(None, {"hidden": hidden, **inputs})
        for row, n in enumerate(part):
            found[n] = tuple(head[row] for head in heads)
    return [found[n] for n in range(len(cases))]


def _judged(cases: Sequence[Case], whole: bool) -> list[Judged]:
    if not cases:
        return []
    model = _model()
    names = [None if name == "NONE" else cast(EventType, name) for name in model.types]
    found = []
    for logits in _logits(model, cases, whole):
        # How likely an act of a page is, its confidence says, which is fitted on the odds of clauses as they come.
        odds = _softmax(logits[0] / (model.temperature if whole else 1.0))
        found.append(Judged(dict(zip(names, map(float, odds), strict=True)), _answer(model, logits, odds)))
    return found


def judge_clauses(cases: Sequence[Case]) -> list[Judged]:
    """The odds of each type and of no event, and the best answer, for each clause (text, actor, recipient).

    By the lower half of the layers: `classify_all` may answer otherwise. In the order given; spans count characters and
    may be null. Nothing of the text makes it fail.
    """
    return _judged(cases, whole=False)


def classify_all(cases: Sequence[Case]) -> list[Answer]:
    """The best type of each (text, actor, recipient), in the order given.

    Always one of the 16 types: whether there is an event at all stands beside it. An empty text is answered with a low
    confidence.
    """
    return [judged.answer for judged in _judged(cases, whole=True)]


def classify(text: str, actor: Span | None, recipient: Span | None) -> Answer:
    """The best type between the parties at `actor` and `recipient` ([start, end) in characters, or null)."""
    return classify_all([(text, actor, recipient)])[0]
