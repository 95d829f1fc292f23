"""Golden values for src/metrics/vendi.rs, from numpy (2.4.6 when last run).

    python -m venv venv && venv/bin/pip install numpy==2.4.6
    venv/bin/python tests/golden/vendi.py > tests/golden/vendi.json
"""

import json
import random
from collections import Counter

import numpy


def features(text):
    if not text:
        return Counter({"empty": 1})
    return Counter([(word,) for word in text] + list(zip(text, text[1:])))


def kernel(texts):
    counts = [features(text) for text in texts]
    columns = {feature: number for number, feature in enumerate(sorted({f for c in counts for f in c}, key=repr))}
    matrix = numpy.zeros((len(texts), len(columns)))
    for row, count in enumerate(counts):
        for feature, times in count.items():
            matrix[row, columns[feature]] = times
    matrix /= numpy.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix @ matrix.T


def vendi(k):
    values = numpy.linalg.eigvalsh(k / len(k))
    values = values[values > 0]
    return float(numpy.exp(-(values * numpy.log(values)).sum()))


def random_group(seed, texts, words, shortest, longest):
    draw = random.Random(seed)
    return [
        [f"w{draw.randrange(words)}" for _ in range(draw.randint(shortest, longest))]
        for _ in range(texts)
    ]


CASES = {
    "one_text": [["paris"]],
    "two_alike": ["the capital is paris .".split(), "the capital is lyon .".split()],
    "same_words_other_order": ["a b c".split(), "c b a".split()],
    "empty_among_others": [[], "a b".split(), [], "a c".split()],
    "random_few_words": random_group(1, 25, 3, 1, 10),
    "random_25": random_group(2, 25, 40, 5, 40),
    "random_60": random_group(3, 60, 200, 0, 30),
    "copies": random_group(4, 5, 8, 2, 9) * 5,
}

cases = []
for name, texts in CASES.items():
    k = kernel(texts)
    cases.append({"name": name, "texts": texts, "kernel_sum": float(k.sum()), "score": vendi(k)})

print(json.dumps({"numpy": numpy.__version__, "cases": cases}))
