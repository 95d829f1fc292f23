"""Writes cases beyond the published ones for tests/vocabularies.rs: odd texts, and what llama.cpp makes of them.

    pip install gguf llama-cpp-python==0.3.36
    python tests/golden/fetch_vocabularies.py
    python tests/golden/more_cases.py           > tests/golden/more_cases.json
    python tests/golden/more_cases.py COUNT

The texts are made at random but the same every time. The first form writes a few for each vocabulary: a list of [text, whether
special tokens are parsed in it, tokens] by its name. They are committed, because llama-cpp-python takes many minutes to
build, which no set-up should cost. The second form writes COUNT for each vocabulary beside it, to
`ggml-vocab-NAME.gguf.more.json`, for whoever changes a tokenizer; the test reads them where they are.

Left out is what llama.cpp does against the file: it takes tokens for control tokens that merely look like them (`</s>` in Qwen2's
vocabulary is ordinary text), and strips white space behind Phi-3's special tokens because of the model's name.
"""

import json
import random
import sys
import unicodedata

import gguf
import llama_cpp
from fetch_vocabularies import NAMES, default_folder

# For each vocabulary, in the repository.
COMMITTED = 200
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|eot_id|>", "<|end|>", "<s>", "</s>", "<unk>", "[PAD151646]"]
PARTS = [
    " \t\r\n\u00a0\u0085\u2028\u3000",
    "'",
    "strevmldSTREVMLD",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789\u00b2\u00bd\u2167\u0663",
    "!?.,(){}=-\"_#@/<>|[]\u2581",
    "\u00e9\u00fc\u00df\u0444\u0416\u5b57\u6f22\u3042\u30ab\u1780\u17b6\u0e01\u0e33\ud55c\u05d0\u0627",
    "\u0300\u24b6\u200d\ufe0f\U0001f30a\U0001f999\U0001f636\u20ac\u2122",
]
WORDS = ["the", "Write", "poem", "capital", "I'll", "WE'VE", "3000", "  ", "\n\n", " \n", "...", "Hello", "don't", "'S"]


def anything(source: random.Random) -> str:
    """A character that Unicode has long assigned, and that is no surrogate."""
    while True:
        character = chr(source.randrange(0x20000))
        if unicodedata.category(character) not in ("Cn", "Cs") and character != "\0":
            return character


def specials(path: str) -> list[str]:
    """The spellings above that are special tokens in a file, or no tokens at all."""
    fields = gguf.GGUFReader(path).fields
    kinds = dict(
        zip(fields["tokenizer.ggml.tokens"].contents(), fields["tokenizer.ggml.token_type"].contents(), strict=True)
    )
    return [spelling for spelling in SPECIALS if kinds.get(spelling, 3) in (2, 3, 4)]


def text(source: random.Random, spellings: list[str]) -> str:
    parts = []
    for _ in range(source.randrange(1, 10)):
        kind = source.randrange(12)
        if kind < len(PARTS):
            parts += source.choices(PARTS[kind], k=source.randrange(1, 5))
        elif kind == 8:
            parts.append(source.choice(spellings))
        elif kind == 9:
            parts.append(anything(source))
        else:
            parts.append(source.choice(["", " "]) + source.choice(WORDS))
    return "".join(parts)


def cases_of(name: str, count: int) -> list:
    path = default_folder() / f"ggml-vocab-{name}.gguf"
    llama = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
    source = random.Random(name)
    spellings, cases = specials(str(path)), []
    for _ in range(count):
        one, special = text(source, spellings), source.random() < 0.5 and name != "phi-3"
        cases.append([one, special, llama.tokenize(one.encode(), add_bos=False, special=special)])
    return cases


def main() -> None:
    if len(sys.argv) == 1:
        lines = ",\n".join(f'"{name}": {json.dumps(cases_of(name, COMMITTED))}' for name in NAMES)
        print(f"{{\n{lines}\n}}")
        return
    for name in NAMES:
        cases = cases_of(name, int(sys.argv[1]))
        (default_folder() / f"ggml-vocab-{name}.gguf.more.json").write_text(json.dumps(cases))
        print(f"{name}: {len(cases)} cases")


if __name__ == "__main__":
    main()
