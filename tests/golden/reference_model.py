"""An independent Llama decoder in numpy, on the weights that gguf-py unpacks from a GGUF file. Needs: numpy, gguf.

Everything is computed in 64-bit floats, without a cache, without batching, by the formulas of Touvron et al. 2023
(arXiv 2302.13971): what the engine computes in 32-bit floats must agree with it to rounding.

With `round_activations` it also does what llama.cpp's kernels do before each product with a matrix of weights: activations
are rounded to F16 for F16 weights, and to Q8_0 (8 bits in blocks of 32) for Q8_0 and Q4_0 weights. How far that moves the
logits is how far llama.cpp may be from the engine, which rounds nothing.
"""

import gguf
import numpy as np


class ReferenceModel:
    def __init__(self, path: str, round_activations: bool = False):
        self.round_activations = round_activations
        reader = gguf.GGUFReader(path)
        self.metadata = {key: field.contents() for key, field in reader.fields.items()}
        self.weights = {
            # A GGUF shape counts the row's length first; as a numpy array it is [rows, columns].
            tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type)
            .astype(np.float64)
            .reshape([int(length) for length in reversed(tensor.shape)])
            for tensor in reader.tensors
        }
        self.formats = {tensor.name: tensor.tensor_type.name for tensor in reader.tensors}
        get = self.metadata.__getitem__
        assert get("general.architecture") == "llama"
        self.blocks = get("llama.block_count")
        self.heads = get("llama.attention.head_count")
        self.kv_heads = self.metadata.get("llama.attention.head_count_kv", self.heads)
        self.width = get("llama.embedding_length")
        self.head_length = self.metadata.get("llama.attention.key_length", self.width // self.heads)
        self.rope_length = self.metadata.get("llama.rope.dimension_count", self.head_length)
        self.rope_base = self.metadata.get("llama.rope.freq_base", 10_000.0)
        self.epsilon = get("llama.attention.layer_norm_rms_epsilon")

    @property
    def main_format(self) -> str:
        """The format that holds most values."""
        counts: dict[str, int] = {}
        for name, form in self.formats.items():
            counts[form] = counts.get(form, 0) + self.weights[name].size
        return max(counts, key=counts.__getitem__)

    @property
    def vocabulary(self) -> int:
        return self.weights["token_embd.weight"].shape[0]

    def norm(self, x: np.ndarray, name: str) -> np.ndarray:
        return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + self.epsilon) * self.weights[name]

    def product(self, x: np.ndarray, name: str) -> np.ndarray:
        """x times the transposed matrix of a name."""
        if self.round_activations and self.formats[name] == "F16":
            x = x.astype(np.float16).astype(np.float64)
        elif self.round_activations and self.formats[name] in ("Q8_0", "Q4_0"):
            blocks = gguf.quants.quantize(x.astype(np.float32), gguf.GGMLQuantizationType.Q8_0)
            x = gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType.Q8_0).astype(np.float64)
        return x @ self.weights[name].T

    def turn(self, x: np.ndarray) -> np.ndarray:
        """RoPE on neighbouring pairs. x: [tokens, heads, head_length]."""
        tokens = x.shape[0]
        pair = np.arange(self.rope_length // 2)
        angle = np.arange(tokens)[:, None] * float(self.rope_base) ** (-2.0 * pair / self.rope_length)
        cos, sin = np.cos(angle)[:, None, :], np.sin(angle)[:, None, :]
        even, odd = x[..., 0 : self.rope_length : 2], x[..., 1 : self.rope_length : 2]
        out = x.copy()
        out[..., 0 : self.rope_length : 2] = even * cos - odd * sin
        out[..., 1 : self.rope_length : 2] = even * sin + odd * cos
        return out

    def attend(self, x: np.ndarray, block: int) -> np.ndarray:
        """Causal attention; each key and value head serves a group of query heads. x: [tokens, width]."""
        tokens = x.shape[0]

        def project(part: str, heads: int) -> np.ndarray:
            return self.product(x, f"blk.{block}.{part}.weight").reshape(tokens, heads, self.head_length)

        query = self.turn(project("attn_q", self.heads))
        key = self.turn(project("attn_k", self.kv_heads))
        value = project("attn_v", self.kv_heads)
        mixed = np.empty_like(query)
        for head in range(self.heads):
            shared = head // (self.heads // self.kv_heads)
            scores = query[:, head] @ key[:, shared].T / np.sqrt(self.head_length)
            scores[np.triu_indices(tokens, 1)] = -np.inf
            weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
            mixed[:, head] = weights / weights.sum(axis=-1, keepdims=True) @ value[:, shared]
        return self.product(mixed.reshape(tokens, -1), f"blk.{block}.attn_output.weight")

    def feed_forward(self, x: np.ndarray, block: int) -> np.ndarray:
        gate = self.product(x, f"blk.{block}.ffn_gate.weight")
        up = self.product(x, f"blk.{block}.ffn_up.weight")
        return self.product(gate / (1.0 + np.exp(-gate)) * up, f"blk.{block}.ffn_down.weight")

    def logits(self, tokens: list[int]) -> np.ndarray:
        """[tokens, vocabulary]: the logits after every token."""
        x = self.weights["token_embd.weight"][tokens]
        for block in range(self.blocks):
            x = x + self.attend(self.norm(x, f"blk.{block}.attn_norm.weight"), block)
            x = x + self.feed_forward(self.norm(x, f"blk.{block}.ffn_norm.weight"), block)
        output = "output.weight" if "output.weight" in self.weights else "token_embd.weight"
        return self.product(self.norm(x, "output_norm.weight"), output)

    def greedy(self, prompt: list[int], most: int, ends: set[int]) -> tuple[list[int], float]:
        """The most probable token again and again, the end token not included; and the closest call on the way."""
        tokens, closest = list(prompt), np.inf
        for _ in range(most):
            last = self.logits(tokens)[-1]
            second, first = np.sort(last)[-2:]
            closest = min(closest, first - second)
            token = int(last.argmax())
            if token in ends:
                break
            tokens.append(token)
        return tokens[len(prompt) :], float(closest)
