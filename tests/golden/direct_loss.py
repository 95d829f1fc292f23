"""Golden values for src/training/pair_loss.rs, from torch's autograd (2.15.0 when last run).

    python -m venv venv && venv/bin/pip install torch==2.15.0
    venv/bin/python tests/golden/direct_loss.py > tests/golden/direct_loss.json

The loss of direct preference optimisation, written again from the paper (Rafailov et al. 2023, arXiv 2305.18290, equation 7)
with log-probabilities; the project's function takes and differentiates negative log-probabilities. In float64.
"""

import json

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(11)


def case(beta, spread):
    log_p = -torch.rand(2) * 80
    log_q = (log_p + torch.randn(2) * spread).clamp(max=0.0)
    negative = (-log_p).clone().requires_grad_(True)
    log_ratios = -negative - log_q
    loss = -torch.nn.functional.logsigmoid(beta * (log_ratios[0] - log_ratios[1]))
    loss.backward()
    return {
        "beta": beta,
        "policy": negative.tolist(),
        "reference": (-log_q).tolist(),
        "loss": loss.item(),
        "slopes": negative.grad.tolist(),
    }


print(json.dumps([case(beta, spread) for beta in (0.05, 0.1, 0.5) for spread in (0.0, 1.0, 5.0, 20.0)], indent=1))
