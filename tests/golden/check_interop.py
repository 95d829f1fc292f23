"""Checks that GGUF files of ours are ordinary ones: gguf-py and llama.cpp must read the same things from them.

    pip install numpy gguf llama-cpp-python==0.3.36
    python tests/golden/check_interop.py FILE ...
    python tests/golden/check_interop.py made-up

For each file: metadata and vocabulary as gguf-py and llama.cpp see them, the pre-tokenizer and special tokens by use, and
llama.cpp's logits against the decoder of `reference_model.py`, which unpacks the weights with gguf-py. `made-up` writes the
made-up model in all formats with our own writer and also checks that gguf-py quantizes the same weights to the same
bytes. Ends with an error at the first difference.
"""

import sys
import tempfile
from pathlib import Path

import gguf
import llama_cpp
import numpy as np
from reference_logits import FORMATS, LlamaCpp, check_difference, example, rms
from reference_model import ReferenceModel

TEXTS = ["Write a poem about the sea.", "I'll  pay 3000\u20ac in M\u00fcnchen\n\n", "", " \U0001f30a"]

def check_metadata(reader: gguf.GGUFReader, llama: LlamaCpp) -> None:
    """llama.cpp gives all that is not a list as text."""
    theirs = llama.model.metadata
    compared = 0
    for key, field in reader.fields.items():
        if key.startswith("GGUF.") or field.types[0] == gguf.GGUFValueType.ARRAY:
            continue
        ours = field.contents()
        text = theirs[key]
        if isinstance(ours, bool):
            assert text == str(ours).lower(), (key, ours, text)
        elif isinstance(ours, float):
            assert np.isclose(float(text), ours, rtol=1e-5), (key, ours, text)
        else:
            assert text == str(ours), (key, ours, text)
        compared += 1
    assert compared > 10


def check_vocabulary(reader: gguf.GGUFReader, llama: LlamaCpp) -> None:
    vocabulary = llama_cpp.llama_model_get_vocab(llama.model._model.model)
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    kinds = reader.fields["tokenizer.ggml.token_type"].contents()
    assert llama_cpp.llama_vocab_n_tokens(vocabulary) == len(tokens)
    for token, (text, kind) in enumerate(zip(tokens, kinds, strict=True)):
        assert llama_cpp.llama_vocab_get_text(vocabulary, token).decode() == text, token
        assert llama_cpp.llama_vocab_is_control(vocabulary, token) == (kind == 3), token
    assert llama_cpp.llama_vocab_eos(vocabulary) == reader.fields["tokenizer.ggml.eos_token_id"].contents()
    for text in TEXTS:
        assert llama.text(llama.tokens(text)) == text, text


def check_logits(path: str, llama: LlamaCpp) -> str:
    reference = ReferenceModel(path)
    tokens = [(i * 7919 + 11) % reference.vocabulary for i in range(48)]
    ours, theirs = reference.logits(tokens), llama.logits(tokens)
    rounding = ReferenceModel(path, round_activations=True).logits(tokens) - ours
    difference = theirs - ours
    check_difference(reference, difference, rounding)
    return (
        f"logits differ by {np.abs(difference).max():.2g} at most and {rms(difference):.2g} rms at a deviation of "
        f"{ours.std():.2g}; rounding explains {rms(rounding):.2g} rms"
    )


def check(path: str) -> None:
    reader = gguf.GGUFReader(path)
    llama = LlamaCpp(path, reader.fields["llama.context_length"].contents())
    check_metadata(reader, llama)
    check_vocabulary(reader, llama)
    print(f"{path} ({len(reader.tensors)} tensors): {check_logits(path, llama)}", flush=True)


def check_quantizing(paths: dict[str, str]) -> None:
    """The made-up models have the same weights, so gguf-py must make the bytes of one from the values of another."""
    values = {tensor.name: tensor.data for tensor in gguf.GGUFReader(paths["F32"]).tensors}
    for name in FORMATS:
        same = 0
        for tensor in gguf.GGUFReader(paths[name]).tensors:
            expected = gguf.quants.quantize(np.array(values[tensor.name]), tensor.tensor_type)
            assert np.array_equal(tensor.data.view(np.uint8), expected.view(np.uint8)), (name, tensor.name)
            same += 1
        print(f"{name}: gguf-py makes the same bytes of all {same} tensors")


def main() -> None:
    if sys.argv[1:] != ["made-up"]:
        for path in sys.argv[1:]:
            check(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: str(Path(folder) / f"{name}.gguf") for name in FORMATS}
        for name, path in paths.items():
            example("made_up_model", name, path)
            check(path)
        check_quantizing(paths)


if __name__ == "__main__":
    main()
