"""Self-BLEU of a published file by other people's programs: llama.cpp loads, tokenises and samples it, nltk scores it.

    python -m venv venv && venv/bin/pip install llama-cpp-python==0.3.36 nltk==3.10.4
    for seed in 2100 3100 4100 5100; do
        cargo run --release -p lab -- figures --model www/models/thermostat-sft-q4_0.gguf --draw-seed $seed --out runs/q4-$seed.json
    done
    venv/bin/python crates/lab/check/llama_cpp_self_bleu.py www/models/thermostat-sft-q4_0.gguf \
        --repeats 4 --figures runs/q4-*.json --json runs/llama_cpp.json

The page's 20 prompts, 25 answers each, at T = 0.5, 1.0 and 1.4. Nothing is shared with this project's engine but the
file and the definition of a word (src/metrics/words.rs, written again here). The answers are other draws, so the
numbers agree within noise only. The noise is measured: both programs repeat the whole experiment with other draws, and
the difference of their means is printed with its standard error (Welch 1947). More than about 3 of these would mean
that the two do not sample the same model.
"""

import argparse
import hashlib
import json
import math
import random
import re
import statistics
import sys
import time

import llama_cpp
import nltk
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

CREATIVE = [
    "Write a poem about the sea",
    "Write a poem about the moon",
    "Write a short poem about autumn",
    "A rhyme about a fox, please",
    "Can you write two lines about a cat?",
    "Write a poem about love",
    "Write a poem about the rain",
    "Write four lines about tea",
    "Write a poem about a dragon",
    "Write a rhyme about a clock",
]
FACTUAL = [
    "What is the capital of France?",
    "What is the capital of Japan?",
    "Capital of Kenya?",
    "Which city is the capital of Australia?",
    "What is the opposite of hot?",
    "How many legs does a spider have?",
    "What colour is a ripe tomato?",
    "What is a young dog called?",
    "What is the chemical symbol for gold?",
    "Which month comes after May?",
]
PROMPTS = {"creative": CREATIVE, "factual": FACTUAL}
TEMPERATURES = [0.5, 1.0, 1.4]
# As crates/lab/src/answers.rs.
MOST_TOKENS = 120
WORD = re.compile(r"[\w\u0300-\u036f]+(?:['\u2019][\w\u0300-\u036f]+)*|['\u2019]|[^\w\s]")


def words(text):
    """src/metrics/words.rs: lower-cased words and single punctuation marks. An underscore is no letter there."""
    return [word.replace("\u2019", "'") for word in WORD.findall(text.replace("_", " _ ").lower())]


def self_bleu(texts):
    tokens = [words(text) for text in texts]
    smoothing = SmoothingFunction().method1
    scores = [
        sentence_bleu(
            tokens[:i] + tokens[i + 1 :], hypothesis, smoothing_function=smoothing, auto_reweigh=True
        )
        for i, hypothesis in enumerate(tokens)
    ]
    return sum(scores) / len(scores)


class Model:
    def __init__(self, path):
        self.llama = llama_cpp.Llama(path, n_ctx=256, n_batch=256, verbose=False, n_threads=1, n_threads_batch=1)
        self.end = self.llama.token_eos()

    def answer(self, prompt, temperature, seed):
        """One answer, from the whole distribution: every truncation and penalty of llama.cpp is off."""
        template = f"<|user|>{prompt}<|assistant|>"
        tokens = self.llama.tokenize(template.encode(), add_bos=False, special=True)
        # The sampler is made anew for each answer, so each needs a seed of its own.
        self.llama.set_seed(seed)
        said = []
        off = {"top_k": 0, "top_p": 1.0, "min_p": 0.0, "typical_p": 1.0, "repeat_penalty": 1.0}
        for token in self.llama.generate(tokens, temp=temperature, **off):
            if token == self.end or len(said) == MOST_TOKENS:
                break
            said.append(token)
        return self.llama.detokenize(said).decode(errors="replace")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--answers", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=1, help="times the experiment is repeated with other draws")
    parser.add_argument("--figures", nargs="+", default=[], help="results of `lab figures` for the same file")
    parser.add_argument("--json", help="where the numbers go, for the model card")
    parser.add_argument("--show", action="store_true", help="print some answers")
    arguments = parser.parse_args()

    with open(arguments.model, "rb") as file:
        sha256 = hashlib.sha256(file.read()).hexdigest()
    model, seeds, started = Model(arguments.model), random.Random(arguments.seed), time.monotonic()
    # For each temperature and kind: the mean over prompts, once per repeat.
    found = {(temperature, kind): [] for temperature in TEMPERATURES for kind in PROMPTS}
    for _ in range(arguments.repeats):
        for (temperature, kind), means in found.items():
            scores = []
            for prompt in PROMPTS[kind]:
                texts = [
                    model.answer(prompt, temperature, seeds.randrange(1, 2**31)) for _ in range(arguments.answers)
                ]
                scores.append(self_bleu(texts))
                if arguments.show:
                    print(f"[T = {temperature}] {prompt}\n{texts[0]}\n")
            means.append(statistics.fmean(scores))
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)

    print(f"| T | kind | llama.cpp + nltk, {arguments.repeats} times | this project | difference | standard error |")
    print("|---|---|---|---|---|---|")
    ours = [ours_of(path, sha256) for path in arguments.figures]
    for place, theirs in found.items():
        own = [figures[place] for figures in ours]
        cells = [f"{100 * statistics.fmean(theirs):.1f}", "", "", ""]
        if own:
            cells[1] = f"{100 * statistics.fmean(own):.1f}"
            cells[2] = f"{100 * (statistics.fmean(theirs) - statistics.fmean(own)):+.1f}"
        if len(own) > 1 and len(theirs) > 1:
            variance = statistics.variance(theirs) / len(theirs) + statistics.variance(own) / len(own)
            cells[3] = f"{100 * math.sqrt(variance):.1f}"
        print(f"| {place[0]} | {place[1]} | {' | '.join(cells)} |")

    if arguments.json:
        report = {
            "program": f"llama.cpp (llama-cpp-python {llama_cpp.__version__}), nltk {nltk.__version__}",
            "file": arguments.model.rsplit("/", 1)[-1],
            "sha256": sha256,
            "answers_per_prompt": arguments.answers,
            "points": [
                {"temperature": t, **{kind: statistics.fmean(found[t, kind]) for kind in PROMPTS}} for t in TEMPERATURES
            ],
        }
        with open(arguments.json, "w") as file:
            json.dump(report, file, indent=1)


def ours_of(path, sha256):
    with open(path) as file:
        figures = json.load(file)["figure_21"]
    same = [figure for figure in figures if figure["sha256"] == sha256]
    if not same:
        sys.exit(f"{path} has no figures of this file: run `lab figures --model` on it")
    return {
        (round(point["temperature"], 3), kind): point["self_bleu"]["mean"]
        for kind in PROMPTS
        for point in same[0]["page"][kind]
    }


if __name__ == "__main__":
    main()
