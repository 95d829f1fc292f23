"""Loads files of preferences, as the page and the collector write them for TRL, with the real libraries.

    pip install trl datasets tokenizers        # torch comes with trl
    python e2e/check/trl_load.py FILE ...

For each file: `datasets` must read it with one type a column; TRL must take it for a conversational preference dataset; its
RewardTrainer must prepare every line, so that the texts that come out are the chat template around the texts that went in,
and train two steps on it with the margin in the loss. Tokenizer and model are made up here: nothing is downloaded. Ends with
an error at the first difference.
"""

import json
import math
import sys
import tempfile

import torch
from datasets import load_dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForSequenceClassification, PreTrainedTokenizerFast
from trl import RewardConfig, RewardTrainer
from trl.data_utils import is_conversational

TEMPLATE = "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}<end>{% endfor %}"


def tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte, so that every text comes back as it was."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<pad>", "<end>", "<user>", "<assistant>"]
    vocabulary = {token: number for number, token in enumerate(special + alphabet)}
    bare = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    bare.decoder = decoders.ByteLevel()
    bare.add_special_tokens(special)
    made = PreTrainedTokenizerFast(tokenizer_object=bare, pad_token="<pad>", eos_token="<end>")
    made.chat_template = TEMPLATE
    return made


def rendered(messages: list[dict]) -> str:
    return "".join(f"<{message['role']}>{message['content']}<end>" for message in messages)


def check(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        # 1. datasets reads the same things.
        dataset = load_dataset("json", data_files=path, split="train", cache_dir=folder)
        assert len(dataset) == len(lines), (len(dataset), len(lines))
        assert {"prompt", "chosen", "rejected", "margin"} <= set(dataset.column_names), dataset.column_names
        assert str(dataset.features["margin"].dtype) == "float64", dataset.features
        for row, line in zip(dataset, lines):
            for field in ("prompt", "chosen", "rejected", "margin", "provenance"):
                assert row[field] == line[field], (field, row[field], line[field])
            assert is_conversational(row), row

        # 2. TRL prepares them.
        words = tokenizer()
        config = LlamaConfig(
            vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
            num_key_value_heads=2, max_position_embeddings=4096, num_labels=1, pad_token_id=words.pad_token_id,
        )
        torch.manual_seed(7)
        arguments = RewardConfig(
            output_dir=folder, max_steps=2, per_device_train_batch_size=4, report_to=[], use_cpu=True, bf16=False,
            max_length=None, logging_steps=1, save_strategy="no", disable_tqdm=True,
        )
        trainer = RewardTrainer(
            model=LlamaForSequenceClassification(config), args=arguments, train_dataset=dataset, processing_class=words
        )
        prepared = trainer.train_dataset
        assert len(prepared) == len(lines), "no line is left out"
        for row, line in zip(prepared, lines):
            for side in ("chosen", "rejected"):
                text = words.decode(row[f"{side}_ids"], skip_special_tokens=False)
                # TRL ends each with the end token once more where the template does not.
                assert text.rstrip().removesuffix("<end>").startswith(rendered(line["prompt"] + line[side])[: -len("<end>")]), (text, line)
            assert row["margin"] == line["margin"], row

        # 3. And trains on them.
        batch = trainer.data_collator([prepared[index] for index in range(min(4, len(prepared)))])
        assert torch.allclose(batch["margin"].double(), torch.tensor([line["margin"] for line in lines[:4]]).double())
        losses = [entry["loss"] for entry in trainer.train() and trainer.state.log_history if "loss" in entry]
        assert len(losses) == 2 and all(math.isfinite(loss) for loss in losses), losses
    print(f"{path}: {len(lines)} preferences, all there in datasets and in TRL; losses {losses}")


if __name__ == "__main__":
    assert len(sys.argv) > 1, __doc__
    for name in sys.argv[1:]:
        check(name)
