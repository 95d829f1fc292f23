"""Golden values for src/learning/calibration.rs, from scikit-learn (1.9.1 when last run).

    python -m venv venv && venv/bin/pip install scikit-learn==1.9.1
    venv/bin/python tests/golden/calibration.py > tests/golden/calibration.json

scikit-learn's bins go from 0 to 1, so twice as many of them are as wide as ours, which go from a half to 1.
"""

import json
import math
import random

import sklearn
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss


def case(name, seed, votes, bins, width, sureness):
    """Votes of somebody who agrees as often as the margins say, times `sureness` in the logit."""
    draw = random.Random(seed)
    margins = [abs(draw.gauss(0, width)) for _ in range(votes)]
    agrees = [draw.random() < 1 / (1 + math.exp(-sureness * margin)) for margin in margins]
    predicted = [1 / (1 + math.exp(-margin)) for margin in margins]
    shares, means = calibration_curve(agrees, predicted, n_bins=2 * bins, strategy="uniform")
    return {
        "name": name,
        "margins": margins,
        "agrees": agrees,
        "bins": bins,
        "predicted": [float(mean) for mean in means],
        "agreed": [float(share) for share in shares],
        "brier": float(brier_score_loss(agrees, predicted)),
    }


cases = [
    case("few", 1, 7, 5, 1.5, 1.0),
    case("as_sure_as_it_may_be", 2, 300, 5, 2.0, 1.0),
    case("too_sure", 3, 120, 5, 4.0, 0.2),
    case("ten_bins", 4, 1000, 10, 2.0, 0.7),
]
print(json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}))
