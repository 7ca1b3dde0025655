"""The denoiser of sticker latents: v-prediction, told the time and the caption, every block skippable."""
import torch
from torch import nn
from torch.nn import functional as F

from network import TIME, Clock, zeroed

from .autoencoder import LATENTS
from .layers import Attention, Norm, Residual, Skippable
from .text import WIDTH

LEVELS = 1000


class UNet(nn.Module):
    """(sample [n, 4, h, w], timestep [n] or [], encoder_hidden_states [n, k, 192]) -> v [n, 4, h, w]; h, w multiples of 4.

    Three levels of widths base, 2 base, 4 base; one block each on the way down, two on the way up, and attention on
    the two lower levels. `skip` bool [blocks], where given, leaves blocks out; it needs `make_skippable` first.
    """

    def __init__(self, base=32, words=WIDTH):
        super().__init__()
        w0, w1, w2 = base, 2 * base, 4 * base
        self.clock, self.summary = Clock(), nn.Linear(words, TIME)
        self.stem = nn.Conv2d(LATENTS, w0, 3, padding=1)
        self.halve0, self.halve1 = nn.Conv2d(w0, w1, 2, stride=2), nn.Conv2d(w1, w2, 2, stride=2)
        self.double1, self.double0 = nn.Conv2d(w2, 4 * w1, 1), nn.Conv2d(w1, 4 * w0, 1)
        self.norm, self.head = Norm(w0), zeroed(nn.Conv2d(w0, LATENTS, 3, padding=1))
        plan = [
            ("down 0", Residual(w0, w0)),
            ("down 1", Residual(w1, w1)), ("down 1 attention", Attention(w1, words)),
            ("down 2", Residual(w2, w2)), ("down 2 attention", Attention(w2, words)),
            ("middle", Residual(w2, w2)),
            ("up 2 first", Residual(2 * w2, w2)), ("up 2 first attention", Attention(w2, words)),
            ("up 2 second", Residual(2 * w2, w2)), ("up 2 second attention", Attention(w2, words)),
            ("up 1 first", Residual(2 * w1, w1)), ("up 1 first attention", Attention(w1, words)),
            ("up 1 second", Residual(2 * w1, w1)), ("up 1 second attention", Attention(w1, words)),
            ("up 0 first", Residual(2 * w0, w0)), ("up 0 second", Residual(2 * w0, w0)),
        ]
        self.names = [name for name, _ in plan]
        self.blocks = nn.ModuleList([block for _, block in plan])

    def make_skippable(self):
        """Give every block its switch. The weights stay; afterwards `forward` needs `skip`."""
        self.blocks = nn.ModuleList([torch.jit.script(Skippable(block, k)) for k, block in enumerate(self.blocks)])
        return self

    def forward(self, sample, timestep, encoder_hidden_states, skip=None):
        words = encoder_hidden_states
        tau = (timestep / LEVELS).expand(sample.shape[0])
        time = self.clock(tau) + self.summary(words.mean(dim=1))
        switch = () if skip is None else (skip,)

        def through(x, *numbers):
            for k in numbers:
                x = self.blocks[k](x, time, words, *switch)
            return x

        stem = self.stem(sample)
        a = through(stem, 0)
        halved0 = self.halve0(a)
        b = through(halved0, 1, 2)
        halved1 = self.halve1(b)
        c = through(halved1, 3, 4)
        x = through(c, 5)
        x = through(torch.cat((x, c), dim=1), 6, 7)
        x = through(torch.cat((x, halved1), dim=1), 8, 9)
        x = F.pixel_shuffle(self.double1(x), 2)
        x = through(torch.cat((x, b), dim=1), 10, 11)
        x = through(torch.cat((x, halved0), dim=1), 12, 13)
        x = F.pixel_shuffle(self.double0(x), 2)
        x = through(torch.cat((x, a), dim=1), 14)
        x = through(torch.cat((x, stem), dim=1), 15)
        return self.head(F.silu(self.norm(x)))
