"""The U-Net both networks share: local, without normalisation, so a tiled picture equals a whole one.

Input [n, 3, h, w] with h, w multiples of 8 (pixel-unshuffle x2, then two halvings). Each output pixel sees about
60 px to every side. Normalisation layers are left out on purpose: their statistics depend on the picture's size.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

WIDTHS = (48, 96, 128)                        # size M
TIME = 128
# Not in the recipe, and needed: noise and fine detail are a few hundredths on the 0..1 scale, where silu is a straight
# line (x/2). Unscaled, the whole network stayed linear, a learned Wiener filter: its loss stood still from step 500
# to step 9,000. Ten times larger, the same values bend.
CENTRE, GAIN = 0.5, 10.0


def zeroed(layer):
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class Block(nn.Module):
    """x + conv(silu(film(conv(silu(x))))); starts as the identity."""

    def __init__(self, width, timed):
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = zeroed(nn.Conv2d(width, width, 3, padding=1))
        self.film = zeroed(nn.Linear(TIME, 2 * width)) if timed else None

    def forward(self, x, time=None):
        h = self.first(F.silu(x))
        if self.film is not None:
            gamma, beta = self.film(time)[:, :, None, None].chunk(2, dim=1)
            h = h * (1 + gamma) + beta
        return x + self.second(F.silu(h))


class Clock(nn.Module):
    """tau [n] in [0, 1] -> [n, 128]: sines and cosines of 16 rates, then two linear layers."""

    def __init__(self):
        super().__init__()
        rates = 1000 / (2 * math.pi) * torch.exp(-0.6 * torch.arange(16.0))
        self.register_buffer("rates", rates, persistent=False)
        self.layers = nn.Sequential(nn.Linear(32, TIME), nn.SiLU(), nn.Linear(TIME, TIME), nn.SiLU())

    def forward(self, tau):
        angles = tau[:, None] * self.rates
        return self.layers(torch.cat((angles.sin(), angles.cos()), dim=1))


class UNet(nn.Module):
    """Widths w0, w1, w2; skips are added; the head starts at zero. `timed` adds the clock."""

    def __init__(self, timed, widths=WIDTHS, centre=CENTRE, gain=GAIN):
        super().__init__()
        self.centre, self.gain = centre, gain
        w0, w1, w2 = widths
        self.clock = Clock() if timed else None
        self.stem = nn.Conv2d(12, w0, 3, padding=1)
        self.down0, self.halve0 = Block(w0, timed), nn.Conv2d(w0, w1, 2, stride=2)
        self.down1, self.halve1 = Block(w1, timed), nn.Conv2d(w1, w2, 2, stride=2)
        self.deep0, self.deep1 = Block(w2, timed), Block(w2, timed)
        self.double1, self.up1 = nn.Conv2d(w2, 4 * w1, 1), Block(w1, timed)
        self.double0, self.up0 = nn.Conv2d(w1, 4 * w0, 1), Block(w0, timed)
        self.head = zeroed(nn.Conv2d(w0, 12, 3, padding=1))

    def forward(self, x, tau=None):
        time = self.clock(tau) if self.clock is not None else None
        a = self.down0(self.stem(F.pixel_unshuffle((x - self.centre) * self.gain, 2)), time)
        b = self.down1(self.halve0(a), time)
        c = self.deep1(self.deep0(self.halve1(b), time), time)
        b = self.up1(b + F.pixel_shuffle(self.double1(c), 2), time)
        a = self.up0(a + F.pixel_shuffle(self.double0(b), 2), time)
        return F.pixel_shuffle(self.head(a), 2) / self.gain


class PosteriorMean(nn.Module):
    """y -> y + net(y). Trained without the clip; `forward` of the export clips."""

    def __init__(self):
        super().__init__()
        self.net = UNet(timed=False)

    def forward(self, y):
        return y + self.net(y)


class Velocity(nn.Module):
    """(z [n, 3, h, w], t [n]) -> v [n, 3, h, w]."""

    def __init__(self):
        super().__init__()
        self.net = UNet(timed=True)

    def forward(self, z, t):
        return self.net(z, t)
