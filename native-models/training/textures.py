"""Two small unconditional networks for patches of 32 px, alike but for how pictures are turned into noise.

`shortest`: Shortest Path Diffusion (Huang et al. 2023). In the orthonormal Fourier transform x(k) = sqrt(abar) x0 +
sqrt(1 - abar) z, with abar a table of frequencies chosen so that the power goes from the pictures' spectrum S to white
along S^tau, tau from 1 to 0. `plain`: one abar for all frequencies, on the cosine ladder (Nichol, Dhariwal 2021).
Both predict z from (x, k) under the same loss, budget and seed.
"""
import math

import numpy as np
import torch
from scipy.optimize import least_squares
from torch import nn

import procedural
from crops import shares as shares_of
from lessons import Lesson, Plan
from network import UNet
from places import CROPS
from prior import windows
from single_file import PICTURE, write_model

LEVELS, SIDE = 1000, 32
MOST = 0.999                                  # no step may take away more
FITTED = 2048                                 # patches the spectrum is measured on


def radii(side=SIDE):
    """|f| of every frequency of a real transform, [side, side / 2 + 1]."""
    rows = np.fft.fftfreq(side, 1 / side)
    return np.hypot(rows[:, None], np.arange(side // 2 + 1)[None])


def fit(patches):
    """{"c1", "c2", "m"} of S = c1 / (c2 + |f|)^m, fitted to the mean power of patches [n, 3, 32, 32] in -1..1."""
    power = (np.abs(np.fft.rfft2(patches.numpy().astype(np.float64), norm="ortho")) ** 2).mean(axis=(0, 1))
    f, away = radii(), radii() >= 1
    wanted = np.log(power[away])
    rest = lambda p: p[0] - p[2] * np.log(np.exp(p[1]) + f[away]) - wanted
    c1, c2, m = least_squares(rest, (0.0, math.log(0.01), 2.0), bounds=((-20, math.log(1e-4), 1), (20, math.log(10), 3))).x
    return {"c1": float(math.exp(c1)), "c2": float(math.exp(c2)), "m": float(m)}


def shortest(spectrum):
    """abar float64 [LEVELS, 32, 17] of a spectrum."""
    log = np.log(spectrum["c1"]) - spectrum["m"] * np.log(spectrum["c2"] + radii())
    tau = (LEVELS - 1 - np.arange(LEVELS) * (LEVELS - 2) / (LEVELS - 1)) / LEVELS
    # (1 - S^tau) / (1 - S), without cancellation where S is near 1.
    near = np.abs(log) < 1e-12
    safe = np.where(near, 1.0, log)
    ideal = np.where(near, tau[:, None, None], np.expm1(tau[:, None, None] * safe) / np.expm1(safe))
    beta = 1 - ideal / np.concatenate((np.ones_like(ideal[:1]), ideal[:-1]))
    return torch.from_numpy(np.cumprod(1 - np.minimum(beta, MOST), axis=0))


def plain():
    """abar float64 [LEVELS, 1, 1] of the cosine ladder."""
    at = lambda k: np.cos((k / LEVELS + 0.008) / 1.008 * math.pi / 2) ** 2
    k = np.arange(LEVELS)
    return torch.from_numpy(np.cumprod(1 - np.minimum(1 - at(k + 1) / at(k), MOST)))[:, None, None]


class Texture(nn.Module):
    """(x [n, 3, h, w], k [n] int64, 0..999) -> eps [n, 3, h, w]; made for sides of 32."""

    def __init__(self, **size):
        super().__init__()
        self.net = UNet(timed=True, centre=0.0, gain=1.0, **size)

    def forward(self, x, k):
        return self.net(x, k.float() / LEVELS)


def corrupted(abar, x0, z, k):
    """x(k) of pictures [n, 3, 32, 32]; abar [LEVELS, ...] over the real transform."""
    share = abar[k][:, None]
    return through(share.sqrt(), x0, (1 - share).sqrt(), z)


def through(a, x, b, y):
    """Pictures of a F x + b F y, with tables a, b."""
    both = a * torch.fft.rfft2(x.double(), norm="ortho") + b * torch.fft.rfft2(y.double(), norm="ortho")
    return torch.fft.irfft2(both, (SIDE, SIDE), norm="ortho").float()


@torch.no_grad()
def ddim(model, abar, z, steps):
    """White noise z [n, 3, 32, 32] to pictures in -1..1, in `steps` evaluations.

    At each the guess of the picture is held within -1..1: where hardly anything of a frequency is left, a small error of
    eps is a large one of the picture, and would grow from step to step.
    """
    x, levels = z, [round(LEVELS * (steps - i) / steps) - 1 for i in range(steps)]
    for k, after in zip(levels, [*levels[1:], None]):
        eps = model(x, torch.full((len(x),), k, device=x.device))
        guess = through(1 / abar[k].sqrt(), x, -((1 - abar[k]) / abar[k]).sqrt(), eps).clamp(-1, 1)
        if after is None:
            return guess
        ratio = ((1 - abar[after]) / (1 - abar[k]).clamp(min=1e-12)).sqrt()
        x = through(abar[after].sqrt() - ratio * abar[k].sqrt(), guess, ratio, x)


class TextureLesson(Lesson):
    """Both share one seed: the same patches, noise and levels in the same order."""
    seed = 1200
    plans = {
        "smoke": Plan(batch=8, peak=1e-3, warmup=8, until=20, ema=0.999, smoke=True, size={"widths": (16, 32, 48)}),
        "cpu": Plan(batch=32, peak=1e-3, warmup=100, until=3000, ema=0.999, anneal=1000),
        "gpu": Plan(batch=256, peak=1e-3, warmup=500, until=100_000, ema=0.9999, anneal=30_000, size={"widths": (64, 128, 192)}),
    }

    def __init__(self, path):
        self.path, self.spectrum = path, None

    def model(self, plan):
        return Texture(**plan.size)

    def patches(self, data, size, step):
        """float32 [size, 3, 32, 32] in -1..1."""
        return 2 * windows(*data, size, self.seed, step)[:, :, :SIDE, :SIDE] - 1

    def data(self, plan):
        crops = procedural.crops() if plan.smoke else np.load(CROPS, mmap_mode="r")
        return crops, shares_of(crops)

    def abar(self, data):
        if self.path == "plain":
            return plain()
        if self.spectrum is None:
            # Beyond any step of the training: not the same patches.
            self.spectrum = fit(self.patches(data, FITTED, 10 ** 9))
        return shortest(self.spectrum)

    def loss(self, model, data, plan, step):
        if not hasattr(self, "table"):
            self.table = self.abar(data)
        x0 = self.patches(data, plan.batch, step)
        generator = torch.Generator().manual_seed(self.seed * 10_000_000 + step)
        k = torch.randint(LEVELS, (plan.batch,), generator=generator)
        z = torch.randn(x0.shape, generator=generator)
        where = next(model.parameters()).device
        x = corrupted(self.table, x0, z, k)
        return ((model(x.to(where), k.to(where)) - z.to(where)) ** 2).mean()

    def measure(self, model, plan):
        import measure_pictures               # wants scikit-image, which training does not
        return measure_pictures.textures(model, self.abar(self.data(plan)), self.path, self.spectrum)

    def write(self, weights, plan, folder, facts):
        model = self.model(plan)
        model.load_state_dict(weights)
        self.abar(self.data(plan))
        told = {"spectrum": self.spectrum} if self.path == "shortest" else {"schedule": "cosine"}
        return write_model(f"texture-{self.path}", model.eval(), folder, {
            "inputs": [("x", PICTURE, None), ("k", ["n"], LEVELS)], "outputs": [("eps", PICTURE)],
        }, {
            "role": f"texture-{self.path}", "title": f"Texture patches, {self.path} path", "multiple": 8, "overlap": 0,
            "side": SIDE, "prediction": "epsilon", "levels": LEVELS, "range": [-1, 1], **told, **facts,
        })


def lesson(path):
    return TextureLesson(path)
