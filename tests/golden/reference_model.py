"""An independent Llama decoder in numpy, on the weights that gguf-py unpacks from a GGUF file. Needs: numpy, gguf.

Everything is computed in 64-bit floats, without a cache, without batching, by the formulas of Touvron et al. 2023
(arXiv 2302.13971): what the engine computes in 32-bit floats must agree with it to rounding.
"""

import gguf
import numpy as np


class ReferenceModel:
    def __init__(self, path: str):
        reader = gguf.GGUFReader(path)
        self.metadata = {key: field.contents() for key, field in reader.fields.items()}
        self.weights = {
            # A GGUF shape counts the row's length first; as a numpy array it is [rows, columns].
            tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type)
            .astype(np.float64)
            .reshape([int(length) for length in reversed(tensor.shape)])
            for tensor in reader.tensors
        }
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
    def vocabulary(self) -> int:
        return self.weights["token_embd.weight"].shape[0]

    def norm(self, x: np.ndarray, name: str) -> np.ndarray:
        return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + self.epsilon) * self.weights[name]

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
            return (x @ self.weights[f"blk.{block}.{part}.weight"].T).reshape(tokens, heads, self.head_length)

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
        return mixed.reshape(tokens, -1) @ self.weights[f"blk.{block}.attn_output.weight"].T

    def feed_forward(self, x: np.ndarray, block: int) -> np.ndarray:
        gate = x @ self.weights[f"blk.{block}.ffn_gate.weight"].T
        up = x @ self.weights[f"blk.{block}.ffn_up.weight"].T
        return (gate / (1.0 + np.exp(-gate)) * up) @ self.weights[f"blk.{block}.ffn_down.weight"].T

    def logits(self, tokens: list[int]) -> np.ndarray:
        """[tokens, vocabulary]: the logits after every token."""
        x = self.weights["token_embd.weight"][tokens]
        for block in range(self.blocks):
            x = x + self.attend(self.norm(x, f"blk.{block}.attn_norm.weight"), block)
            x = x + self.feed_forward(self.norm(x, f"blk.{block}.ffn_norm.weight"), block)
        output = self.weights.get("output.weight", self.weights["token_embd.weight"])
        return self.norm(x, "output_norm.weight") @ output.T

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
