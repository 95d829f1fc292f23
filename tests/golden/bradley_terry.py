"""Golden values for src/preference/ranking.rs, from choix (0.4.1 when last run).

    python -m venv venv && venv/bin/pip install choix==0.4.1
    venv/bin/python tests/golden/bradley_terry.py > tests/golden/bradley_terry.json

choix knows no ties. A meeting is given to it twice, a tie once each way, and the penalty is doubled, which is the same
objective doubled.
"""

import importlib.metadata
import json
import random

import choix

PENALTY = 0.3


def random_wins(seed, count, meetings, ties):
    draw = random.Random(seed)
    true = [draw.gauss(0, 1) for _ in range(count)]
    wins = [[0.0] * count for _ in range(count)]
    for _ in range(meetings):
        a, b = draw.sample(range(count), 2)
        if draw.random() < ties:
            wins[a][b] += 0.5
            wins[b][a] += 0.5
        elif draw.random() < 1 / (1 + 2.718281828 ** (true[b] - true[a])):
            wins[a][b] += 1
        else:
            wins[b][a] += 1
    return wins


CASES = {
    "one_win": [[0, 1], [0, 0]],
    "never_lost": [[0, 9, 7], [0, 0, 3], [0, 2, 0]],
    "a_circle": [[0, 4, 0], [0, 0, 4], [4, 0, 0]],
    "one_never_met": [[0, 3, 0], [1, 0, 0], [0, 0, 0]],
    "seven_stages_20_votes": random_wins(1, 7, 20, 0.1),
    "seven_stages_2000_votes": random_wins(2, 7, 2000, 0.2),
    "three_stages_ties_alone": random_wins(3, 3, 30, 1.0),
}


def strengths(wins):
    data = [
        (i, j)
        for i, row in enumerate(wins)
        for j, won in enumerate(row)
        for _ in range(round(2 * won))
    ]
    found = choix.opt_pairwise(len(wins), data, alpha=2 * PENALTY, method="Newton-CG", tol=1e-10, max_iter=1000)
    return [float(value - found.mean()) for value in found]


cases = [
    {"name": name, "penalty": PENALTY, "wins": [[float(w) for w in row] for row in wins], "strengths": strengths(wins)}
    for name, wins in CASES.items()
]
print(json.dumps({"choix": importlib.metadata.version("choix"), "cases": cases}))
