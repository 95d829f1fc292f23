"""Writes what tests/reference.rs compares the engine with: logits and greedy answers of two independent programs.

    pip install numpy gguf llama-cpp-python==0.3.36
    python tests/golden/reference_logits.py made-up     > tests/golden/reference_made_up.json
    python tests/golden/reference_logits.py trained     > tests/golden/reference_trained.json

`reference_model.py` computes in 64-bit floats on the unpacked weights. llama.cpp computes on the same file with its own
kernels: for F16 weights it rounds activations to F16, for Q8_0 and Q4_0 to 8 bits. Its cache is set to F32, so that this
is all that differs. How much it explains is computed, by a reference that rounds in the same places (`rounding_rms`); what
llama.cpp differs by must be no more. That the two do not then agree to the last digit is chance: in a trained model a
change of the weights by 3e-7 moves the rounded logits by 0.03 (measured; 5e-7 without rounding), since one activation
that is rounded the other way shifts all that follow. Logits are stored for some positions, and of large vocabularies
for some tokens; `measured` is over all positions and tokens.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import llama_cpp
import numpy as np
from reference_model import ReferenceModel

FORMATS = ["F32", "F16", "Q8_0", "Q4_0"]
# Of the made-up model with an output matrix of its own: one that llama.cpp must equal closely, one in blocks.
UNTIED_FORMATS = ["F16", "Q8_0"]
# The first two with no close call are taken: where two tokens are nearer to each other than llama.cpp's rounding of F16
# activations, which of them is first is chance.
CLOSEST_CALL = 0.02
PROMPTS = [
    "Write a poem about the sea.",
    "What is the capital of France?",
    "Write a poem about the moon.",
    "What is the capital of Japan?",
    "Write a poem about winter.",
    "What is the capital of Kenya?",
    "the sea",
    "France",
]
PROMPTS_TAKEN = 2
GREEDY_TOKENS = 24
SEQUENCE_TOKENS = 48
POSITIONS = [0, 5, 23, 47]
MOST_TOKENS_STORED = 260
TRAINED = ["www/models/thermostat-sft-q8_0.gguf", "www/models/thermostat-sft-q4_0.gguf"]
# Largest difference of a logit: sums in another order; activations rounded to F16.
LARGEST = {"F32": 1e-4, "F16": 1e-2}
F32 = 0  # ggml's number of the type


def rounded(values: np.ndarray) -> list[float]:
    """Seven digits: a rounding error of 5e-7, two hundred times below the tolerance."""
    return [float(f"{value:.7g}") for value in values]


class LlamaCpp:
    def __init__(self, path: str, context: int):
        # One thread: threads that wait for each other are very slow on a busy machine.
        threads = {"n_threads": 1, "n_threads_batch": 1}
        cache = {"type_k": F32, "type_v": F32}
        self.model = llama_cpp.Llama(
            path, n_ctx=context, n_batch=context, logits_all=True, verbose=False, **cache, **threads
        )

    def logits(self, tokens: list[int]) -> np.ndarray:
        self.model.reset()
        self.model.eval(tokens)
        return np.array(self.model.scores[: len(tokens)], dtype=np.float64)

    def tokens(self, text: str) -> list[int]:
        return self.model.tokenize(text.encode(), add_bos=True, special=True)

    def text(self, tokens: list[int]) -> str:
        vocabulary = llama_cpp.llama_model_get_vocab(self.model._model.model)
        pieces = b""
        for token in tokens:
            buffer = (llama_cpp.ctypes.c_char * 256)()
            length = llama_cpp.llama_token_to_piece(vocabulary, token, buffer, 256, 0, False)
            assert length >= 0
            pieces += buffer[:length]
        return pieces.decode(errors="replace")

    def greedy(self, prompt: list[int], most: int, ends: set[int]) -> list[int]:
        tokens = list(prompt)
        for _ in range(most):
            token = int(self.logits(tokens)[-1].argmax())
            if token in ends:
                break
            tokens.append(token)
        return tokens[len(prompt) :]


def rms(values: np.ndarray) -> float:
    return float(np.sqrt((values**2).mean()))


def digits(value: float, count: int = 4) -> float:
    return float(f"{value:.{count}g}")


def entry(path: str, source: dict) -> dict:
    reference = ReferenceModel(path)
    llama = LlamaCpp(path, reference.metadata["llama.context_length"])
    ends = {reference.metadata["tokenizer.ggml.eos_token_id"]}
    count = reference.vocabulary
    # Scattered over the vocabulary; the numbers themselves do not matter.
    sequence = [(i * 7919 + 11) % count for i in range(SEQUENCE_TOKENS)]
    ours, theirs = reference.logits(sequence), llama.logits(sequence)
    rounding = ReferenceModel(path, round_activations=True).logits(sequence) - ours
    difference = theirs - ours
    check_difference(reference, difference, rounding)
    step = -(-count // MOST_TOKENS_STORED)
    stored = list(range(0, count, step))
    result = {
        **source,
        "sha256": hashlib.sha256(Path(path).read_bytes()).hexdigest(),
        "sequence": sequence,
        "token_step": step,
        "positions": [
            {"at": at, "reference": rounded(ours[at, stored]), "llama_cpp": rounded(theirs[at, stored])}
            for at in POSITIONS
        ],
        "measured": {
            "logit_deviation": digits(ours.std()),
            "llama_cpp_rms": digits(rms(difference)),
            "llama_cpp_largest": digits(np.abs(difference).max()),
            "rounding_rms": digits(rms(rounding)),
            "rounding_rms_stored": digits(rms(rounding[POSITIONS][:, stored])),
            "unexplained_rms": digits(rms(difference - rounding)),
        },
        "answers": [],
    }
    for prompt in PROMPTS:
        tokens = llama.tokens(f"<|user|>{prompt}<|assistant|>")
        answer, closest = reference.greedy(tokens, GREEDY_TOKENS, ends)
        if closest < CLOSEST_CALL:
            continue
        theirs = llama.greedy(tokens, GREEDY_TOKENS, ends)
        result["answers"].append(
            {
                "prompt": prompt,
                "prompt_tokens": tokens,
                "reference": answer,
                "closest_call": float(f"{closest:.4g}"),
                "llama_cpp": theirs,
                "llama_cpp_text": llama.text(theirs),
            }
        )
        if len(result["answers"]) == PROMPTS_TAKEN:
            break
    assert len(result["answers"]) == PROMPTS_TAKEN
    print(path, result["measured"], [a["closest_call"] for a in result["answers"]], file=sys.stderr)
    return result


def check_difference(model: ReferenceModel, difference: np.ndarray, rounding: np.ndarray) -> None:
    """Whether llama.cpp differs by no more than what the rounding of activations explains, with a quarter for chance.

    The largest difference of a trained model with F16 weights is at the limit: of 98,304 logits of the published SFT three are
    beyond it, by up to 0.0104, where rounding alone moves one by 0.0097. The logits that are stored are within 0.0063.
    """
    form, largest = model.main_format, np.abs(difference).max()
    if form in LARGEST:
        assert largest <= max(LARGEST[form], 1.25 * np.abs(rounding).max()), (form, largest)
    if form != "F32":
        assert rms(difference) <= 1.25 * rms(rounding), (form, rms(difference), rms(rounding))


def example(name: str, *arguments: str) -> None:
    """Runs one of the repository's example programs."""
    subprocess.run(["cargo", "run", "--quiet", "--features", "engine", "--example", name, "--", *arguments], check=True)


def made_up(folder: Path) -> list[dict]:
    entries = []
    for name in FORMATS:
        path = folder / f"made-up-{name}.gguf"
        example("made_up_model", name, str(path))
        entries.append(entry(str(path), {"made_up": name}))
    for name in UNTIED_FORMATS:
        path = folder / f"made-up-{name}-untied.gguf"
        example("made_up_model", name, str(path), "untied")
        assert "output.weight" in ReferenceModel(str(path)).weights
        entries.append(entry(str(path), {"made_up": name, "untied": True}))
    return entries


def trained(folder: Path) -> list[dict]:
    """The published files, and the Q8_0 one unpacked to F16: there llama.cpp rounds little enough to be equalled closely."""
    converted = str(folder / "converted-F16.gguf")
    example("convert", TRAINED[0], "F16", converted)
    entries = [entry(path, {"file": path}) for path in TRAINED]
    return [*entries, entry(converted, {"file": TRAINED[0], "converted_to": "F16"})]


def main() -> None:
    models_of = {"made-up": made_up, "trained": trained}[sys.argv[1]]
    with tempfile.TemporaryDirectory() as folder:
        models = models_of(Path(folder))
    lines = ",\n".join(json.dumps(model) for model in models)
    print(f'{{"llama_cpp_python": "{llama_cpp.__version__}", "greedy_tokens": {GREEDY_TOKENS}, "models": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
