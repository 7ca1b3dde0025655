"""A denoiser of circular convolutions that nearly keep distances, and never enlarge any.

D(x) = (x + N(x)) / 2 with N of six 3x3 convolutions and sorted pairs between them. Where N is 1-Lipschitz, D is firmly
non-expansive, and restoring by steps with it surely comes to rest. Trained with L_orth, which is 0 where and only where
a convolution's matrix is orthogonal (Achour, Malgouyres, Mamalet 2022), and led back every few steps to kernels that
enlarge nothing: else the last rescaling takes 6 dB from what was learned without it.
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
from single_file import PICTURE, write_model

CHANNELS = (1, 24, 24, 24, 24, 24, 1)
SIDE = 32                                     # of the patches
WEIGHT, SCALE = 0.1, 100.0                    # of L_orth, and of the squared error
LUMA = (0.299, 0.587, 0.114)
GRID = 128                                    # frequencies a side that the largest gain is read off from
COARSE = 16                                   # the same, on the way
LEAD_EVERY = 20                               # steps
ROUNDS, BELOW = 40, 0.998                     # of leading back at the end, and to what


def wrapped(x, pad):
    """x [n, c, h, w] continued periodically by `pad` px on every side."""
    x = torch.cat((x[..., -pad:], x, x[..., :pad]), dim=3)
    return torch.cat((x[:, :, -pad:], x, x[:, :, :pad]), dim=2)


def orthogonality(kernel, stride=1):
    """L_orth of a kernel [m, c, k, k], k odd: squared distance of its matrix from orthogonal, over the places; any size.

    |conv(K, K) - identity|^2 - max(0, m - c stride^2); the last term is what no such matrix can be without.
    """
    m, c, k, _ = kernel.shape
    pad = (k - 1) // stride * stride
    overlaps = F.conv2d(kernel, kernel, padding=pad, stride=stride)
    target, centre = torch.zeros_like(overlaps), pad // stride
    target[:, :, centre, centre] = torch.eye(m, dtype=kernel.dtype, device=kernel.device)
    return ((overlaps - target) ** 2).sum() - max(0, m - c * stride ** 2)


@torch.no_grad()
def largest_gain(kernel, grid=GRID):
    """No picture of any size, continued periodically, grows by more than this under the stride-1 convolution.

    The gain of a direction, squared, is a trigonometric polynomial of degree k - 1 in each of the two frequencies, so
    its maximum is at most 1 / cos(pi (k - 1) / grid) an axis above the largest value on a grid.
    """
    k = kernel.shape[2]
    gains = torch.linalg.svdvals(torch.fft.rfft2(kernel.double(), (grid, grid)).permute(2, 3, 0, 1))[..., 0]
    return float(gains.max()) / math.cos(math.pi * (k - 1) / grid)


class Denoiser(nn.Module):
    """y [n, 3, h, w] -> x [n, 3, h, w], each channel by itself; continued periodically at the edges."""

    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList(nn.Conv2d(c, m, 3) for c, m in zip(CHANNELS, CHANNELS[1:]))
        with torch.no_grad():
            for layer in self.convolutions:
                layer.weight.mul_(0.05)
                layer.weight[:, :, 1, 1] += nn.init.orthogonal_(torch.empty(layer.weight.shape[:2]))
                layer.bias.zero_()

    def planes(self, y):
        """[n, 1, h, w] -> [n, 1, h, w]"""
        x = y
        for place, layer in enumerate(self.convolutions):
            x = layer(wrapped(x, 1))
            if place < len(self.convolutions) - 1:
                a, b = x.chunk(2, dim=1)
                x = torch.cat((torch.maximum(a, b), torch.minimum(a, b)), dim=1)
        return (y + x) / 2

    def forward(self, y):
        n, c, h, w = y.shape
        return self.planes(y.reshape(n * c, 1, h, w)).reshape(n, c, h, w)

    def penalty(self):
        return sum(orthogonality(layer.weight) for layer in self.convolutions)

    @torch.no_grad()
    def lead_back(self, most=1.0):
        """In each direction and frequency of a coarse grid a gain above `most` becomes that, as far as kernels of that size can.

        A projection onto a convex set, cut to the kernel's places: the running mean stays about as near to it.
        """
        for layer in self.convolutions:
            k = layer.weight.shape[2]
            seen = torch.fft.rfft2(layer.weight.double(), (COARSE, COARSE)).permute(2, 3, 0, 1)
            u, gains, v = torch.linalg.svd(seen, full_matrices=False)
            held = (u * gains.clamp(max=most)[..., None, :]) @ v
            layer.weight.copy_(torch.fft.irfft2(held.permute(2, 3, 0, 1), (COARSE, COARSE))[..., :k, :k])

    @torch.no_grad()
    def certify(self):
        """No kernel enlarges anything any more. Returns what each enlarged most before.

        Led back again and again first, which changes little else; then divided by what is left above 1, if anything is.
        """
        before = [largest_gain(layer.weight) for layer in self.convolutions]
        for _ in range(ROUNDS if max(before) > 1 else 0):
            self.lead_back(BELOW)
        for layer in self.convolutions:
            # One part in a million below: float32 rounds.
            layer.weight.div_(max(1.0, largest_gain(layer.weight)) * (1 + 1e-6))
        return before


class OrthogonalLesson(Lesson):
    def __init__(self, sigma):
        self.sigma, self.seed = sigma, 1100 + round(100 * sigma)
        self.name = f"orthogonal-{round(100 * sigma)}"

    plans = {
        "smoke": Plan(batch=4, peak=2e-3, warmup=4, until=20, ema=0.999, smoke=True),
        "cpu": Plan(batch=8, peak=2e-3, warmup=20, until=6000, ema=0.999),
        "gpu": Plan(batch=64, peak=2e-3, warmup=100, until=40_000, ema=0.9995),
    }

    def model(self, plan):
        return Denoiser()

    def data(self, plan):
        crops = procedural.crops() if plan.smoke else np.load(CROPS, mmap_mode="r")
        return crops, shares_of(crops)

    def loss(self, model, data, plan, step):
        """100 x the squared error on luma, and a tenth of the distances from orthogonal."""
        where = model.convolutions[0].weight.device
        if step % LEAD_EVERY == 0:
            model.lead_back()
        u = windows(*data, plan.batch, self.seed, step)[:, :, :SIDE, :SIDE]
        clean = (u * torch.tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
        noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(self.seed * 10_000_000 + step))
        found = model.planes((clean + self.sigma * noise).to(where))
        return SCALE * ((found - clean.to(where)) ** 2).mean() + WEIGHT * model.penalty()

    def rate(self, plan, step):
        """Falls to nothing, in a straight line."""
        return plan.peak * min(1, (step + 1) / plan.warmup) * (1 - step / plan.until)

    def measure(self, model, plan):
        import measure_denoisers              # wants scikit-image, which training does not
        return measure_denoisers.orthogonal(model, self.sigma, self.name)

    def write(self, weights, plan, folder, facts):
        model = self.model(plan)
        model.load_state_dict(weights)
        gains = model.eval().certify()
        return write_model(self.name, model, folder, {"inputs": [("y", PICTURE, None)], "outputs": [("x", PICTURE)]}, {
            "role": f"non-expansive-{round(100 * self.sigma)}", "title": f"Steady denoiser, noise {self.sigma:g}", "multiple": 1,
            "overlap": len(CHANNELS) - 1, "sigma": self.sigma, "gains": [round(gain, 6) for gain in gains], **facts,
        })


def lesson(sigma):
    return OrthogonalLesson(sigma)
