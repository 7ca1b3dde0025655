"""Layers the sticker networks share. Every block takes (x, time, words) and has a `shortcut`: what is left of it
when it is skipped. All are TorchScript, so that an exported block can be an ONNX If."""
import torch
from torch import nn
from torch.nn import functional as F

from network import TIME, zeroed


class Norm(nn.Module):
    """Across the channels of each pixel [n, c, h, w]: no reshaping, and the same at any size."""

    def __init__(self, width):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width, 1, 1))
        self.bias = nn.Parameter(torch.zeros(width, 1, 1))

    def forward(self, x):
        centred = x - x.mean(dim=1, keepdim=True)
        spread = torch.sqrt((centred * centred).mean(dim=1, keepdim=True) + 1e-5)
        return centred / spread * self.gain + self.bias


class Residual(nn.Module):
    """shortcut(x) + conv(silu(film(norm(conv(silu(norm(x))))))); without time there is no FiLM."""

    def __init__(self, before, width, timed=True):
        super().__init__()
        self.norm, self.first = Norm(before), nn.Conv2d(before, width, 3, padding=1)
        self.again, self.second = Norm(width), zeroed(nn.Conv2d(width, width, 3, padding=1))
        self.film = zeroed(nn.Linear(TIME, 2 * width)) if timed else None
        self.shortcut = nn.Identity() if before == width else nn.Conv2d(before, width, 1)

    def forward(self, x, time, words):
        h = self.again(self.first(F.silu(self.norm(x))))
        if self.film is not None:
            gamma, beta = self.film(time)[:, :, None, None].chunk(2, dim=1)
            h = h * (1 + gamma) + beta
        return self.shortcut(x) + self.second(F.silu(h))


class Attention(nn.Module):
    """x + what each pixel [n, c, h, w] finds among all pixels and all words [n, k, d]."""

    def __init__(self, width, words, heads=4):
        super().__init__()
        self.heads, self.per = heads, width // heads
        self.norm, self.word_norm = Norm(width), nn.LayerNorm(words)
        self.ask = nn.Linear(width, 3 * width)
        self.tell = nn.Linear(words, 2 * width)
        self.out = zeroed(nn.Linear(width, width))
        self.shortcut = nn.Identity()

    def split(self, x):
        """[n, k, c] -> [n, heads, k, c / heads]"""
        return x.reshape(x.shape[0], x.shape[1], self.heads, self.per).transpose(1, 2)

    def forward(self, x, time, words):
        n, c, h, w = x.shape
        pixels = self.norm(x).reshape(n, c, h * w).transpose(1, 2)
        q, k, v = self.ask(pixels).chunk(3, dim=2)
        word_k, word_v = self.tell(self.word_norm(words)).chunk(2, dim=2)
        keys = self.split(torch.cat((k, word_k), dim=1)).transpose(2, 3)
        values = self.split(torch.cat((v, word_v), dim=1))
        share = torch.softmax(torch.matmul(self.split(q) * self.per ** -0.5, keys), dim=3)
        found = torch.matmul(share, values).transpose(1, 2).reshape(n, h * w, c)
        return x + self.out(found).transpose(1, 2).reshape(n, c, h, w)


class Skippable(nn.Module):
    """A block that reads its own switch: skip bool [blocks]. Scripted, it becomes an ONNX If and costs nothing."""

    def __init__(self, block, index):
        super().__init__()
        self.block, self.index = block, index

    def forward(self, x, time, words, skip):
        if bool(skip[self.index]):
            out = self.block.shortcut(x)
        else:
            out = self.block(x, time, words)
        return out
