"""Makes the classifier's weights: `python training/train.py [--public PATH] [--steps figures,final]`.

1. Reads `training/corpus/*.tsv` and, where a path is given, public sentences (TSV with the columns marked_sentence
   and gold_root; YIELD there stands for CONCEDE and RETREAT together).
2. A large encoder, the teacher, is trained on the corpus. The small one, the student, which ships, is trained on the
   corpus and on what the teacher says of the corpus and of all clauses in it.
3. With public sentences both go through a second stage: those sentences, and as many of the corpus.
4. `figures`: what teacher and student are worth on sentences not trained on, written to `training/figures.json`: the
   public ones by weights of the corpus alone, and by five folds.
5. `final`: the second stage on all (the first where there are no public sentences), exported to ONNX with eight-bit
   weights: model.onnx, tokenizer.json and labels.json in `src/detente/reading/data/classifier`.

What the first stage has made is kept in `--checkpoints` and taken from there when the same command is run again. The
seed is fixed; figures differ by a point or so between processors all the same.
"""

import argparse
import hashlib
import json
import os
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from check_corpus import unmarked
from data import CONTEXTS, FOLDS, MODES, SEED, TYPES, Case, corpus, folds, public, score, turned
from detente.reading.classifier import AUXILIARIES, batch
from model import HEADS, Answers, Classifier, minilm_tokenizer, predict, student, teacher, train
from windows import windows

HERE = Path(__file__).parent
OUT = HERE.parent / "src" / "detente" / "reading" / "data" / "classifier"
FIGURES = HERE / "figures.json"

TEACHER_EPOCHS, TEACHER_RATE = 2, 4e-5
STUDENT_EPOCHS, STUDENT_RATE = 5, 1.5e-4
RUN = 32
MOST_CLAUSES = 12_000
"""Clauses of the corpus that the teacher is asked about; more of them cost time and teach nothing new."""
SECOND_EPOCHS, SECOND_RATE = {"teacher": 2, "student": 4}, {"teacher": 4e-5, "student": 6e-5}


class Maker:
    """The steps of one run, on one set of sentences."""

    def __init__(self, folder: Path, own: list[Case], tokenizer: Any) -> None:
        self.folder, self.tokenizer = folder, tokenizer
        chance = random.Random(SEED)
        self.labelled = [*own, *turned(tokenizer, own, chance)]
        self.clauses = windows(tokenizer, [unmarked(c.marked) for c in own])
        if len(self.clauses) > MOST_CLAUSES:
            self.clauses = chance.sample(self.clauses, MOST_CLAUSES)
        told = "".join(f"{c.marked}{c.gold}{c.mode}{c.contexts}{c.auxiliary}" for c in own)
        self.key = hashlib.sha256(told.encode()).hexdigest()[:12]

    def _kept(self, name: str, model: Classifier) -> bool:
        path = self.folder / f"{name}-{self.key}.pt"
        if path.exists():
            model.load_state_dict(torch.load(path))
            model.eval()
        return path.exists()

    def _keep(self, name: str, model: Classifier) -> None:
        torch.save(model.state_dict(), self.folder / f"{name}-{self.key}.pt")

    def first(self) -> tuple[Classifier, Classifier]:
        """Teacher and student of the corpus alone."""
        master = teacher(self.folder)
        if not self._kept("teacher", master):
            train(master, self.labelled, "teacher", epochs=TEACHER_EPOCHS, rate=TEACHER_RATE)
            self._keep("teacher", master)
        pupil = student()
        if not self._kept("student", pupil):
            cases = [*self.labelled, *self.clauses]
            train(pupil, cases, "student", epochs=STUDENT_EPOCHS, rate=STUDENT_RATE, soft=_weighed(master, cases))
            self._keep("student", pupil)
        return master, pupil

    def second(self, master: Classifier, pupil: Classifier, others: list[Case], name: str) -> None:
        """Train both further on public sentences, and on as many of the corpus lest it be forgotten."""
        chance = random.Random(SEED)
        cases = [*others, *turned(self.tokenizer, others, chance), *chance.sample(self.labelled, len(others))]
        train(master, cases, f"{name}, teacher", epochs=SECOND_EPOCHS["teacher"], rate=SECOND_RATE["teacher"])
        told = windows(self.tokenizer, [unmarked(c.marked) for c in others])
        for clauses in (told, self.clauses):
            cases += chance.sample(clauses, min(len(clauses), round(1.5 * len(others))))
        train(
            pupil,
            cases,
            f"{name}, student",
            epochs=SECOND_EPOCHS["student"],
            rate=SECOND_RATE["student"],
            soft=_weighed(master, cases),
        )


def _weighed(master: Classifier, cases: Sequence[Case]) -> Answers:
    """What the teacher says of cases."""
    print(f"asking the teacher about {len(cases)} cases", flush=True)
    return predict(master, cases)


def temperature(cases: Sequence[Case], logits: NDArray[Any]) -> float:
    """The divisor of the logits that makes the probabilities fit best (least log loss), on sentences not trained on."""
    judged = [n for n, case in enumerate(cases) if case.gold != "NONE"]
    kept = torch.from_numpy(logits[judged][:, : len(TYPES) - 1])

    def cost(t: float) -> float:
        logs = (kept / t).log_softmax(1)
        return -sum(float(torch.logsumexp(logs[r, list(cases[n].allowed)], 0)) for r, n in enumerate(judged))

    return min((round(0.3 + 0.02 * i, 2) for i in range(60)), key=cost)


def quantised(model: Classifier, sample: Sequence[Case], path: Path) -> None:
    """Write the network to `path` as ONNX with eight-bit weights. Its marks' own vectors are settled by this."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with torch.no_grad():
        # The trained marks take the places of unused words, so that the exported graph only looks words up.
        model.encoder.embeddings.word_embeddings.weight[1:5] = model.marks[1:5]
    inputs = {k: torch.from_numpy(v) for k, v in batch([c.code for c in sample[:2]]).items()}
    axes = {name: {0: "sentences", 1: "tokens"} for name in inputs}
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            model,
            tuple(inputs.values()),
            str(full),
            input_names=list(inputs),
            output_names=list(HEADS),
            dynamic_axes={**axes, **{name: {0: "sentences"} for name in HEADS}},
            opset_version=17,
            dynamo=False,
        )
        # Seven of the eight bits (reduce_range): older processors overflow on the eighth.
        quantize_dynamic(
            str(full),
            str(path),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )


def run_quantised(path: Path, cases: Sequence[Case]) -> tuple[Answers, float]:
    """The answers of an exported network with one thread, and the sentences it reads a second in batches by length."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    order = sorted(range(len(cases)), key=lambda n: len(cases[n].code.ids))
    found = {name: np.zeros((len(cases), size), dtype=np.float32) for name, size in HEADS.items()}
    begun = time.perf_counter()
    for i in range(0, len(order), RUN):
        part = order[i : i + RUN]
        for name, logits in zip(HEADS, session.run(None, batch([cases[n].code for n in part])), strict=True):
            found[name][part] = logits
    return found, len(cases) / (time.perf_counter() - begun)


def export(model: Classifier, tokenizer: Any, heat: float, cases: Sequence[Case]) -> None:
    """Write model.onnx, tokenizer.json and labels.json."""
    OUT.mkdir(parents=True, exist_ok=True)
    quantised(model, cases, OUT / "model.onnx")
    tokenizer.save(str(OUT / "tokenizer.json"), pretty=False)
    labels = {
        "types": TYPES,
        "modes": MODES,
        "contexts": CONTEXTS,
        "auxiliaries": list(AUXILIARIES),
        "temperature": heat,
        "seed": SEED,
        "sentences": len(cases),
    }
    (OUT / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
    print(f"exported {(OUT / 'model.onnx').stat().st_size / 1e6:.1f} MB")


def main() -> None:
    """Run the steps asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--public", type=Path, help="TSV with marked_sentence and gold_root, used besides the corpus")
    parser.add_argument("--corpus", type=Path, nargs="+", default=sorted((HERE / "corpus").glob("*.tsv")))
    parser.add_argument("--steps", default="figures,final", help="of: figures, final")
    parser.add_argument("--folds", type=int, default=FOLDS, choices=range(1, FOLDS + 1), help="how many of the five")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument(
        "--checkpoints", type=Path, default=HERE / "checkpoints", help="folder for what a run can start again from"
    )
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.checkpoints.mkdir(parents=True, exist_ok=True)
    steps = set(options.steps.split(","))
    tokenizer = minilm_tokenizer()
    own = corpus(tokenizer, options.corpus)
    others = public(tokenizer, options.public) if options.public else []
    again = "figures" not in steps and FIGURES.exists()
    figures: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8")) if again else {}

    def note(name: str, value: Any) -> None:
        figures[name] = value
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(name, json.dumps(value), flush=True)

    maker = Maker(options.checkpoints, own, tokenizer)
    note("sentences", {"corpus": len(own), "public": len(others), "clauses": len(maker.clauses)})
    master, pupil = maker.first()
    states = [{k: v.clone() for k, v in model.state_dict().items()} for model in (master, pupil)]
    if "figures" in steps and others:
        note("public, teacher of the corpus alone", score(others, predict(master, others)))
        note("public, student of the corpus alone", score(others, predict(pupil, others)))
        note("temperature, corpus alone", temperature(others, predict(pupil, others)["types"]))
        judged: list[Case] = []
        found: dict[str, list[Answers]] = {"teacher": [], "student": [], "student in eight bits": []}
        for number, held in enumerate(folds(others)[: options.folds], 1):
            master.load_state_dict(states[0])
            pupil.load_state_dict(states[1])
            maker.second(master, pupil, [c for n, c in enumerate(others) if n not in held], f"fold {number}")
            part = [others[n] for n in sorted(held)]
            judged += part
            with tempfile.TemporaryDirectory() as folder:
                small = Path(folder) / "model.onnx"
                quantised(pupil, part, small)
                eight, speed = run_quantised(small, part)
            for who, given in zip(found, (predict(master, part), predict(pupil, part), eight), strict=True):
                found[who].append(given)
                answers = {k: np.concatenate([one[k] for one in found[who]]) for k in HEADS}
                note(f"public, {who} by folds", {"folds": number, **score(judged, answers)})
            note("sentences a second, one thread, eight bits", round(speed))
        note("temperature", temperature(judged, answers["types"]))
    if "final" in steps:
        master.load_state_dict(states[0])
        pupil.load_state_dict(states[1])
        if others:
            maker.second(master, pupil, others, "final")
            torch.save(master.state_dict(), options.checkpoints / "teacher-final.pt")
            torch.save(pupil.state_dict(), options.checkpoints / "student-final.pt")
        export(pupil, tokenizer, figures.get("temperature", 1.0) if others else 1.0, [*own, *others])


if __name__ == "__main__":
    main()
