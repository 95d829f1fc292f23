"""Golden values for src/metrics/tempered.rs, from Python's decimal arithmetic with 60 digits.

    python tests/golden/tempered.py > tests/golden/tempered.json

Needs no package. Each case: logits that 32-bit floats hold exactly, a temperature, and by the definition of the softmax
the probability of every token and the entropy in nats.
"""

import json
import random
from decimal import Decimal, getcontext

getcontext().prec = 60


def softmax(logits, temperature):
    """exp(logit / T) over the sum of all of them."""
    weights = [(Decimal(logit) / Decimal(temperature)).exp() for logit in logits]
    total = sum(weights)
    return [weight / total for weight in weights]


draw = random.Random(21)
CASES = {
    "one_token": [0.5],
    "two_tokens": [1.0, 0.0],
    "ties": [2.0, 2.0, -1.0, 0.5],
    "wide": [30.0, -30.0, 0.0, 12.25],
}
for size in (5, 17, 64):
    CASES[f"random_{size}"] = [draw.randint(-160, 160) / 16 for _ in range(size)]

cases = []
for name, logits in CASES.items():
    for temperature in (0.1, 0.7, 1.0, 1.5, 2.0):
        probabilities = softmax(logits, temperature)
        entropy = -sum(p * p.ln() for p in probabilities)
        cases.append({
            "name": name,
            "logits": logits,
            "temperature": temperature,
            "probabilities": [float(p) for p in probabilities],
            "entropy": float(entropy),
        })
print(json.dumps({"digits": 60, "cases": cases}))
