"""Golden values for crates/lab/src/lineage, from torch's autograd (2.15.0 when last run).

    python -m venv venv && venv/bin/pip install torch==2.15.0
    venv/bin/python tests/golden/rlhf.py > tests/golden/rlhf.json

Independent of the lab: the formulas are written again from the papers, gradients are torch's own. Everything is computed
in float64; the lab computes in float32, so its tests allow 1e-5 of the largest value.
"""

import json

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)


def pair_loss():
    """Touvron et al. 2023, equation 2: -log sigmoid(r_chosen - r_rejected - m), summed, times a weight."""
    scores = torch.randn(12) * 2.0
    margins = torch.tensor([1.0, 2 / 3, 1 / 3, 0.0, 1.0, 0.0])
    weight = 1 / 6
    scores.requires_grad_(True)
    loss = -weight * torch.nn.functional.logsigmoid(scores[0::2] - scores[1::2] - margins).sum()
    loss.backward()
    return {
        "scores": scores.tolist(),
        "margins": margins.tolist(),
        "weight": weight,
        "loss": loss.item(),
        "slopes": scores.grad.tolist(),
    }


def advantages():
    """Schulman et al. 2016 (arXiv 1506.02438), equation 16, as the explicit sum over later errors."""
    cases = []
    for gamma, lam, length in [(1.0, 0.95, 7), (0.9, 0.8, 12), (1.0, 1.0, 5), (0.99, 0.0, 4), (1.0, 0.95, 1)]:
        rewards, values = torch.randn(length), torch.randn(length)
        after = torch.cat([values[1:], torch.zeros(1)])
        errors = rewards + gamma * after - values
        powers = [[(gamma * lam) ** (j - i) if j >= i else 0.0 for j in range(length)] for i in range(length)]
        found = torch.tensor(powers) @ errors
        cases.append(
            {
                "gamma": gamma,
                "lambda": lam,
                "rewards": rewards.tolist(),
                "values": values.tolist(),
                "advantages": found.tolist(),
            }
        )
    return cases


def surrogate():
    """Schulman et al. 2017 (arXiv 1707.06347), equation 7: minus the mean of min(ratio A, clip(ratio) A). The slope is with
    respect to the token's loss, which is minus its log-probability."""
    count, clip = 40, 0.2
    old = -torch.rand(count) * 3
    losses = (-old + torch.randn(count) * 0.3).requires_grad_(True)
    advantages = torch.randn(count)
    ratio = torch.exp(-losses - old)
    total = -torch.min(ratio * advantages, torch.clamp(ratio, 1 - clip, 1 + clip) * advantages).mean()
    total.backward()
    return {
        "clip": clip,
        "old_log_probs": old.tolist(),
        "losses": losses.tolist(),
        "advantages": advantages.tolist(),
        "slopes": losses.grad.tolist(),
    }


def value_loss():
    """Half the larger of the clipped and the unclipped squared error, as in OpenAI's baselines and TRL."""
    count, clip = 40, 0.2
    old, wanted = torch.randn(count), torch.randn(count)
    values = (old + torch.randn(count) * 0.3).requires_grad_(True)
    clipped = torch.clamp(values, old - clip, old + clip)
    # torch parts the gradient of max in two at a tie; values inside the clip are ties, so it is taken by case.
    free, bound = (values - wanted) ** 2, (clipped - wanted) ** 2
    losses = 0.5 * torch.where(free >= bound, free, bound)
    losses.sum().backward()
    return {
        "clip": clip,
        "old": old.tolist(),
        "wanted": wanted.tolist(),
        "values": values.tolist(),
        "losses": losses.tolist(),
        "slopes": values.grad.tolist(),
    }


print(
    json.dumps(
        {
            "torch": torch.__version__,
            "pair_loss": pair_loss(),
            "advantages": advantages(),
            "surrogate": surrogate(),
            "value_loss": value_loss(),
        },
        indent=1,
    )
)
