"""Makes the classifier's weights: `python training/train.py [--public PATH] [--steps figures,final]`.

1. Reads `training/corpus/*.tsv` and, where a path is given, public sentences (TSV with the columns marked_sentence
   and gold_root; YIELD there stands for CONCEDE and RETREAT together).
2. A large encoder, the teacher, is trained on the corpus. The small one, the student, which ships, is trained on the
   corpus and on what the teacher says of the corpus, of its sentences with other parties, and of all clauses in them.
   It answers twice: after half of its layers, and after all.
3. With public sentences both go through a second stage: those sentences, and as many of the corpus.
4. `figures`: what teacher and student are worth on sentences not trained on, written to `training/figures.json`: the
   public ones by weights of the corpus alone, and by five folds.
5. `final`: the second stage on all (the first where there are no public sentences), exported to ONNX with eight-bit
   weights: lower.onnx, upper.onnx, tokenizer.json and labels.json in `src/detente/reading/data/classifier`.

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
from data import CONTEXTS, FOLDS, MODES, SEED, TYPES, Case, corpus, folds, public, renamed, score, turned
from detente.reading.classifier import AUXILIARIES, batch
from model import (
    EARLY,
    HEADS,
    LOWER,
    Answers,
    Network,
    Student,
    Teacher,
    minilm_tokenizer,
    predict,
    student,
    teacher,
    train,
)
from windows import windows

HERE = Path(__file__).parent
OUT = HERE.parent / "src" / "detente" / "reading" / "data" / "classifier"
FIGURES = HERE / "figures.json"

TEACHER_EPOCHS, TEACHER_RATE = 3, 4e-5
STUDENT_EPOCHS, STUDENT_RATE = 5, 1.5e-4
RUN = 32
"""Sentences of one call to an exported network."""
MOST_CLAUSES = 12_000
"""Clauses of the corpus that the teacher is asked about; more of them cost time and teach nothing new."""
RENAMED = {"first": 1, "second": 2}
"""How often a sentence is shown to the student with other parties, in each stage."""
SECOND_EPOCHS, SECOND_RATE = {"teacher": 3, "student": 7}, {"teacher": 4e-5, "student": 1e-4}


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
        told += "".join(str(c.code) for c in self.clauses)
        told += str((SEED, LOWER, EARLY, TEACHER_EPOCHS, TEACHER_RATE, STUDENT_EPOCHS, STUDENT_RATE, RENAMED["first"]))
        self.key = hashlib.sha256(told.encode()).hexdigest()[:12]

    def _kept(self, name: str, model: Network) -> bool:
        path = self.folder / f"{name}-{self.key}.pt"
        if path.exists():
            model.load_state_dict(torch.load(path))
            model.eval()
        return path.exists()

    def _keep(self, name: str, model: Network) -> None:
        torch.save(model.state_dict(), self.folder / f"{name}-{self.key}.pt")

    def first(self) -> tuple[Teacher, Student]:
        """Teacher and student of the corpus alone."""
        master = teacher(self.folder)
        if not self._kept("teacher", master):
            train(master, self.labelled, "teacher", epochs=TEACHER_EPOCHS, rate=TEACHER_RATE)
            self._keep("teacher", master)
        pupil = student()
        if not self._kept("student", pupil):
            others = renamed(self.tokenizer, self.labelled, random.Random(SEED), RENAMED["first"])
            cases = [*self.labelled, *others, *self.clauses]
            train(pupil, cases, "student", epochs=STUDENT_EPOCHS, rate=STUDENT_RATE, soft=_weighed(master, cases))
            self._keep("student", pupil)
        return master, pupil

    def second(self, master: Teacher, pupil: Student, others: list[Case], name: str) -> None:
        """Train both further on public sentences, and on as many of the corpus lest it be forgotten."""
        chance = random.Random(SEED)
        cases = [*others, *turned(self.tokenizer, others, chance), *chance.sample(self.labelled, len(others))]
        train(master, cases, f"{name}, teacher", epochs=SECOND_EPOCHS["teacher"], rate=SECOND_RATE["teacher"])
        told = windows(self.tokenizer, [unmarked(c.marked) for c in others])
        cases += renamed(self.tokenizer, cases, chance, RENAMED["second"])
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


def _weighed(master: Teacher, cases: Sequence[Case]) -> Answers:
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


PARTS = ("lower.onnx", "upper.onnx")
"""The files of the student's two parts."""


def _to_onnx(network: Any, inputs: dict[str, torch.Tensor], outputs: Sequence[str], path: Path) -> None:
    """Write one part of the student to `path` with eight-bit weights."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    axes = {name: {0: "sentences", 1: "tokens"} for name in (*inputs, "hidden")}
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            network,
            tuple(inputs.values()),
            str(full),
            input_names=list(inputs),
            output_names=list(outputs),
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


def quantised(model: Student, sample: Sequence[Case], folder: Path) -> None:
    """Write both parts of the network into `folder`."""
    inputs = {k: torch.from_numpy(v) for k, v in batch([c.code for c in sample[:2]]).items()}
    with torch.inference_mode():
        *_, hidden = model.lower(**inputs)
    _to_onnx(model.lower, inputs, (*HEADS, "hidden"), folder / PARTS[0])
    rest = {"hidden": hidden.clone(), **{k: v for k, v in inputs.items() if k != "ids"}}
    _to_onnx(model.upper, rest, tuple(HEADS), folder / PARTS[1])


def run_quantised(folder: Path, cases: Sequence[Case]) -> tuple[Answers, Answers, float]:
    """The answers of an exported network, its lower heads' answers, and the sentences it reads a second.

    With one thread, in batches by length.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    lower, upper = (
        onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"]) for name in PARTS
    )
    order = sorted(range(len(cases)), key=lambda n: len(cases[n].code.ids))
    found, early = ({k: np.zeros((len(cases), size), dtype=np.float32) for k, size in HEADS.items()} for _ in PARTS)
    begun = time.perf_counter()
    for i in range(0, len(order), RUN):
        part = order[i : i + RUN]
        inputs = batch([cases[n].code for n in part])
        *first, hidden = lower.run(None, inputs)
        rest = {"hidden": hidden, **{k: v for k, v in inputs.items() if k != "ids"}}
        for name, logits, half in zip(HEADS, upper.run(None, rest), first, strict=True):
            found[name][part], early[name][part] = logits, half
    return found, early, len(cases) / (time.perf_counter() - begun)


def export(model: Student, tokenizer: Any, heat: float, cases: Sequence[Case]) -> None:
    """Write lower.onnx, upper.onnx, tokenizer.json and labels.json."""
    OUT.mkdir(parents=True, exist_ok=True)
    quantised(model, cases, OUT)
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
    print(f"exported {sum((OUT / name).stat().st_size for name in PARTS) / 1e6:.1f} MB")


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
        found: dict[str, list[Answers]] = {
            name: [] for name in ("teacher", "student", "student in eight bits", "its lower heads")
        }
        for number, held in enumerate(folds(others)[: options.folds], 1):
            master.load_state_dict(states[0])
            pupil.load_state_dict(states[1])
            maker.second(master, pupil, [c for n, c in enumerate(others) if n not in held], f"fold {number}")
            part = [others[n] for n in sorted(held)]
            judged += part
            with tempfile.TemporaryDirectory() as folder:
                quantised(pupil, part, Path(folder))
                eight, early, speed = run_quantised(Path(folder), part)
            for who, given in zip(found, (predict(master, part), predict(pupil, part), eight, early), strict=True):
                found[who].append(given)
                answers = {k: np.concatenate([one[k] for one in found[who]]) for k in HEADS}
                note(f"public, {who} by folds", {"folds": number, **score(judged, answers)})
            note("sentences a second, one thread, eight bits", round(speed))
        note("temperature", temperature(judged, np.concatenate([a["types"] for a in found["student in eight bits"]])))
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
