"""Golden values for src/metrics/self_bleu.rs, from nltk (3.10.4 when last run).

    python -m venv venv && venv/bin/pip install nltk==3.10.4
    venv/bin/python tests/golden/self_bleu.py > tests/golden/self_bleu.json
"""

import json
import random

import nltk
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

SMOOTHING = SmoothingFunction().method1
FACT = "the capital of france is paris .".split()
POEM = "the sea is wide , the sea is deep , and in its arms the sailors sleep .".split()


def random_group(seed, texts, words, shortest, longest):
    draw = random.Random(seed)
    return [
        [f"w{draw.randrange(words)}" for _ in range(draw.randint(shortest, longest))]
        for _ in range(texts)
    ]


CASES = {
    "two_equal_sentences": [FACT, FACT],
    "all_equal_25": [POEM] * 25,
    "one_word_all_equal": [["paris"]] * 5,
    "one_word_all_different": [["paris"], ["lyon"], ["nice"]],
    "one_word_some_equal": [["paris"], ["lyon"], ["paris"], ["paris"]],
    "two_words_all_equal": [["paris", "."]] * 4,
    "three_words_all_equal": [["it", "is", "paris"]] * 3,
    "four_words_all_equal": [["it", "is", "paris", "."]] * 3,
    "empty_and_others": [[], FACT, FACT, POEM],
    "all_empty": [[], [], []],
    "one_empty_of_two": [[], ["paris"]],
    "hypothesis_shorter": [FACT[:4], POEM, POEM],
    "hypothesis_longer": [POEM + FACT, FACT, FACT[:5]],
    "equally_close_lengths": [FACT[:5], FACT[:3], FACT],
    "nothing_in_common": [["a", "b", "c", "d", "e"], ["f", "g", "h", "i", "j"]],
    "common_words_in_other_order": [FACT, FACT[::-1]],
    "repeated_words_are_clipped": [["the"] * 7, ["the", "cat", "the", "mat"], ["the"] * 3],
    "random_short": random_group(1, 25, 4, 0, 5),
    "random_medium": random_group(2, 8, 12, 3, 20),
    "random_long": random_group(3, 25, 60, 20, 60),
    "random_few_words": random_group(4, 25, 3, 1, 30),
}

cases = []
for name, texts in CASES.items():
    each = [
        float(
            sentence_bleu(
                [text for other, text in enumerate(texts) if other != index],
                hypothesis,
                smoothing_function=SMOOTHING,
                auto_reweigh=True,
            )
        )
        for index, hypothesis in enumerate(texts)
    ]
    cases.append({"name": name, "texts": texts, "each": each, "mean": sum(each) / len(each)})

print(json.dumps({"nltk": nltk.__version__, "cases": cases}))
