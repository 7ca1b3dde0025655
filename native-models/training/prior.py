"""The prior: what pictures look like at every noise level, as a noise-prediction network in pixel space.

u = 2x - 1 in [-1, 1]; x_t = a_t u + s_t e with Stable Diffusion's ladder of 1,000 levels (`scaled_linear`,
0.00085 to 0.012), a_t = sqrt(abar_t), s_t = sqrt(1 - abar_t) (Ho, Jain, Abbeel 2020; Rombach et al. 2022).
Local: each pixel sees about 60 px around it. It denoises at every level; drawn from nothing it gives texture.
"""
import numpy as np
import torch
from torch import nn

import degrade
import procedural
from crops import shares as shares_of
from flow import stratified
from lessons import Lesson, Plan
from network import UNet
from places import CROPS
from single_file import PICTURE, write_model

LEVELS, BETA_FIRST, BETA_LAST = 1000, 0.00085, 0.012
# The largest factor on the way in. The noise of the lowest level is 0.029: below a few tenths silu is a straight
# line, and the network would be a linear filter. Divided by s_t, but by no less than 0.1, noise and picture detail
# bend at every level and the factor stays bounded.
BOOST = 10.0


def ladder():
    """(a, s): float32 [1000] each, of levels 0 to 999."""
    betas = np.linspace(BETA_FIRST ** 0.5, BETA_LAST ** 0.5, LEVELS) ** 2
    abar = np.cumprod(1 - betas)
    return torch.from_numpy(np.sqrt(abar)).float(), torch.from_numpy(np.sqrt(1 - abar)).float()


class Prior(nn.Module):
    """(x [n, 3, h, w], t [n] int64, 0..999) -> eps [n, 3, h, w]; h, w multiples of 8.

    eps = s_t x + a_t net(c_t x, t / 1000), c_t = min(1 / s_t, 10). For data of unit variance s_t x is the best
    linear answer and what is left has the size of a_t: the network's own output is of order 1 at every level.
    """

    def __init__(self, **size):
        super().__init__()
        self.net = UNet(timed=True, centre=0.0, gain=1.0, **size)
        a, s = ladder()
        for name, table in (("a", a), ("s", s), ("c", (1 / s).clamp(max=BOOST))):
            self.register_buffer(name, table, persistent=False)

    def forward(self, x, t):
        a, s, c = (table[t][:, None, None, None] for table in (self.a, self.s, self.c))
        return s * x + a * self.net(c * x, t.float() / LEVELS)


class PriorLesson(Lesson):
    seed = 303
    plans = {
        "smoke": Plan(batch=8, peak=1e-3, warmup=8, until=20, ema=0.999, smoke=True),
        "cpu": Plan(batch=16, peak=1e-3, warmup=50, until=6000, ema=0.999, anneal=2000),
        "gpu": Plan(batch=128, peak=1e-3, warmup=500, until=80_000, ema=0.9999, anneal=20_000, size={"widths": (64, 128, 192)}),
    }

    def model(self, plan):
        return Prior(**plan.size)

    def data(self, plan):
        crops = procedural.crops() if plan.smoke else np.load(CROPS, mmap_mode="r")
        return crops, shares_of(crops)

    def loss(self, model, data, plan, step):
        """Mean squared error of eps at stratified levels. A function of (seed, step)."""
        crops, shares = data
        where = model.s.device
        u = 2 * windows(crops, shares, plan.batch, self.seed, step).to(where) - 1
        generator = torch.Generator().manual_seed(self.seed * 10_000_000 + step)
        t = (LEVELS * stratified(plan.batch, generator)).long().to(where)
        e = torch.randn(u.shape, generator=generator).to(where)
        a, s = model.a[t][:, None, None, None], model.s[t][:, None, None, None]
        return ((model(a * u + s * e, t) - e) ** 2).mean()

    def measure(self, model, plan):
        import measure_denoisers              # wants scikit-image, which training does not
        return measure_denoisers.prior(model)

    def write(self, weights, plan, folder, facts):
        model = self.model(plan)
        model.load_state_dict(weights)
        return write_model("prior", model.eval(), folder, {
            "inputs": [("x", PICTURE, None), ("t", ["n"], LEVELS)], "outputs": [("eps", PICTURE)],
        }, {
            "role": "noise-prediction", "title": "Prior", "multiple": 8, "overlap": 64, "prediction": "epsilon",
            "levels": LEVELS, "schedule": "scaled_linear", "betaStart": BETA_FIRST, "betaEnd": BETA_LAST,
            "range": [-1, 1], **facts,
        })


def windows(crops, shares, size, seed, step):
    """float32 [size, 3, 64, 64] in 0..1: clean, augmented, cut at random places."""
    random = np.random.default_rng((seed, step))
    cut = []
    for index in random.choice(len(crops), size, p=shares):
        clean = degrade.augment(crops[index], random)
        top, left = random.integers(0, clean.shape[0] - degrade.WINDOW + 1, 2)
        cut.append(clean[top:top + degrade.WINDOW, left:left + degrade.WINDOW].transpose(2, 0, 1))
    return torch.from_numpy(np.stack(cut))


def lesson():
    return PriorLesson()
