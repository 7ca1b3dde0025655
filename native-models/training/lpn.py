"""The learned proximal network: a denoiser that is, by construction, the gradient of a convex function.

psi(y) = sum over places of  g . zeta + o . sp(U zeta + b), plus alpha/2 |y|^2, with
zeta_c = (sp(A_c - tau_c)^2 + sp(-A_c - tau_c)^2) / 2 and A = conv(y, W); g, o, U >= 0; f = grad psi, written out.
Proximal matching and the theory: Fang, Buchanan, Sulam, "What's in a Prior? Learned Proximal Networks for Inverse
Problems" (2024). The start is shrinkage in a tight frame of cosines, which already denoises.
"""
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import procedural
from crops import shares as shares_of
from lessons import Lesson, Plan
from places import CROPS
from prior import windows
from schedule import rate
from single_file import PICTURE, write_model

ALPHA = 0.01                                  # psi is strongly convex, so that f can be inverted
GATES, GATE_SHARPNESS = 48, 1000.0
SIGMA = 0.1                                   # of the noise it removes, values 0..1
L1_SHARE = 0.7                                # of the steps; the rest is proximal matching
L1_LAST = 0.3                                 # the rate falls linearly to this share of the peak
MATCHING_RATE = 0.2                           # share of the peak
STAGES = (8, 4, 2, 1)                         # gamma over its smallest value


def tight_frame(k):
    """float32 [3 k k, 3, k, k] with W^T W = 1: cosines of each period, in three orthogonal colours; and which are constant."""
    i = torch.arange(k, dtype=torch.float64)
    dct = torch.cos(math.pi / k * (i[None] + 0.5) * i[:, None]) * math.sqrt(2 / k)
    dct[0] /= math.sqrt(2)
    colours = torch.tensor([[1, 1, 1], [1, 0, -1], [1, -2, 1]], dtype=torch.float64)
    colours /= colours.norm(dim=1, keepdim=True)
    atoms = torch.einsum("cd,ia,jb->cijdab", colours, dct, dct) / k
    return atoms.reshape(3 * k * k, 3, k, k).float(), torch.arange(3) * k * k


class Proximal(nn.Module):
    """y [n, 3, h, w] -> (x [n, 3, h, w] = grad psi(y), psi [n]). Any h, w."""

    def __init__(self, k=7, sigma=SIGMA):
        super().__init__()
        atoms, constant = tight_frame(k)
        self.pad, self.beta = k - 1, 30 / sigma
        self.W = nn.Parameter(atoms)
        tau = torch.full((len(atoms),), 0.35 * sigma)
        tau[constant] = 0.0                   # brightness and colour are kept as they are
        self.tau = nn.Parameter(tau)
        self.g = nn.Parameter(torch.ones(len(atoms)))
        self.U = nn.Parameter(torch.rand(GATES, len(atoms)) * 0.02)
        self.b = nn.Parameter(torch.linspace(-0.05, -0.001, GATES))
        self.o = nn.Parameter(torch.zeros(GATES))

    def forward(self, y):
        W, tau, U = self.W, self.tau[:, None, None], self.U[:, :, None, None]
        A = F.conv2d(y, W, padding=self.pad)
        up, down = self.beta * (A - tau), self.beta * (-A - tau)
        P, N = F.softplus(up) / self.beta, F.softplus(down) / self.beta
        zeta = (P * P + N * N) / 2
        gate = GATE_SHARPNESS * F.conv2d(zeta, U, self.b)
        o, g = self.o[:, None, None], self.g[:, None, None]
        slope = g + F.conv_transpose2d(o * torch.sigmoid(gate), U)
        change = (P * torch.sigmoid(up) - N * torch.sigmoid(down)) * slope
        x = F.conv_transpose2d(change, W, padding=self.pad) + ALPHA * y
        psi = (g * zeta).sum(dim=(1, 2, 3)) + (o * F.softplus(gate) / GATE_SHARPNESS).sum(dim=(1, 2, 3))
        return x, psi + ALPHA / 2 * (y * y).sum(dim=(1, 2, 3))

    def clamp(self):
        """What keeps psi convex; after every step."""
        with torch.no_grad():
            for weights in (self.g, self.U, self.o):
                weights.clamp_(min=0)


def matching(x, clean, gamma):
    """Mean of 1 - exp(-|x - clean|^2 / gamma^2), the norm over the whole sample: falls towards the proximal map as gamma does."""
    return (1 - torch.exp(-((x - clean) ** 2).sum(dim=(1, 2, 3)) / gamma ** 2)).mean()


class ProximalLesson(Lesson):
    seed = 606
    plans = {
        "smoke": Plan(batch=2, peak=2e-4, warmup=1, until=20, ema=0.999, smoke=True, size={"k": 5}),
        "cpu": Plan(batch=8, peak=1e-3, warmup=20, until=2000, ema=0.999, size={"k": 7}),
        "gpu": Plan(batch=64, peak=1e-3, warmup=100, until=40_000, ema=0.9995, size={"k": 7}),
    }

    def model(self, plan):
        return Proximal(**plan.size)

    def data(self, plan):
        crops = procedural.crops() if plan.smoke else np.load(CROPS, mmap_mode="r")
        return crops, shares_of(crops)

    def loss(self, model, data, plan, step):
        clean = windows(*data, plan.batch, self.seed, step).to(model.W.device)
        noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(self.seed * 10_000_000 + step))
        x, _ = model(clean + SIGMA * noise.to(clean.device))
        done = step / plan.until              # the smoke run stays at step 0, so that its losses can be compared
        if done < L1_SHARE:
            return (x - clean).abs().mean()
        stage = min(len(STAGES) - 1, int((done - L1_SHARE) / (1 - L1_SHARE) * len(STAGES)))
        gamma = STAGES[stage] * 0.08 * math.sqrt(clean[0].numel()) * SIGMA / 0.1
        return matching(x, clean, gamma)

    def rate(self, plan, step):
        """Falls during the first part; low and even while matching."""
        if step >= L1_SHARE * plan.until:
            return MATCHING_RATE * plan.peak
        return rate(step, plan.peak, plan.warmup) * (1 - (1 - L1_LAST) * step / (L1_SHARE * plan.until))

    def settle(self, model):
        model.clamp()

    def measure(self, model, plan):
        import measure_denoisers              # wants scikit-image, which training does not
        return measure_denoisers.proximal(model, SIGMA)

    def write(self, weights, plan, folder, facts):
        model = self.model(plan)
        model.load_state_dict(weights)
        return write_model("lpn", model.eval(), folder, {
            "inputs": [("y", PICTURE, None)], "outputs": [("x", PICTURE), ("psi", ["n"])],
        }, {
            "role": "proximal", "title": "Proximal denoiser", "multiple": 1, "overlap": 2 * (plan.size["k"] - 1),
            "sigma": SIGMA, "alpha": ALPHA, "clamped": ["g", "U", "o"], **facts,
        })


def lesson():
    return ProximalLesson()
