"""Golden values for src/metrics/effective_temperature.rs, from Python's decimal arithmetic with 60 digits.

    python tests/golden/effective_temperature.py > tests/golden/effective_temperature.json

Needs no package. Floating point (numpy, scipy) would not do as a reference: the entropies of sharp distributions are so
small that 64 bits decide the result.
"""

import json
import random
from decimal import Decimal, getcontext

getcontext().prec = 60
HALVINGS = 160


def entropy(logits, tau):
    """Entropy in nats of softmax(logits / tau), by the definition."""
    largest = max(logits)
    weights = [((logit - largest) / tau).exp() for logit in logits]
    total = sum(weights)
    probabilities = [weight / total for weight in weights]
    return -sum(p * p.ln() for p in probabilities if p > 0)


def effective_temperature(logits, wanted):
    """Bisection of log2(tau); None where the entropy is not inside the reachable range."""
    ties = logits.count(max(logits))
    if ties == len(logits) or wanted <= Decimal(ties).ln() or wanted >= Decimal(len(logits)).ln():
        return None
    low, high = Decimal(-20), Decimal(40)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if entropy(logits, Decimal(2) ** middle) < wanted:
            low = middle
        else:
            high = middle
    return Decimal(2) ** ((low + high) / 2)


def sixteenths(draw, count, spread):
    """Logits that 32-bit floats hold exactly."""
    return [draw.randint(-16 * spread, 16 * spread) / 16 for _ in range(count)]


draw = random.Random(1)
CASES = {
    "two_tokens": ([1.0, 0.0], [1e-12, 1e-3, 0.3, 0.6931]),
    "ties_at_the_top": ([1.0, 1.0, 0.0, -2.0], [0.5, 0.7, 1.0, 1.38, 1.4]),
    "all_equal": ([0.5] * 6, [1.0]),
    "one_far_ahead": ([20.0] + [0.0] * 9, [1e-9, 1e-4, 1.0, 2.3]),
    "small": (sixteenths(draw, 5, 3), [0.01, 0.5, 1.2, 1.6]),
    "medium": (sixteenths(draw, 40, 8), [1e-6, 0.05, 1.0, 2.5, 3.6]),
    "wide": (sixteenths(draw, 30, 60), [1e-5, 0.4, 2.0, 3.3]),
    "flat": (sixteenths(draw, 64, 1), [0.2, 3.0, 4.1]),
}

cases = []
for name, (logits, entropies) in CASES.items():
    for wanted in entropies:
        # Both sides get the same binary numbers.
        tau = effective_temperature([Decimal(logit) for logit in logits], Decimal(wanted))
        cases.append({"name": name, "logits": logits, "entropy": wanted, "tau": None if tau is None else float(tau)})

print(json.dumps({"digits": getcontext().prec, "cases": cases}))
