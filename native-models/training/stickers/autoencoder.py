"""Pictures to latents a quarter of the side and back, with transparency on the way back.

The encoder sees the sticker on white, as any Stable Diffusion encoder would; the decoder tells the picture on white
and, beside it, how opaque it is.
"""
import torch
from torch import nn
from torch.nn import functional as F

from .layers import Norm, Residual

LATENTS, FACTOR = 4, 4


class Stack(nn.Module):
    """Two residual blocks."""

    def __init__(self, width):
        super().__init__()
        self.blocks = nn.ModuleList([Residual(width, width, timed=False) for _ in range(2)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x, None, None)
        return x


class Encoder(nn.Module):
    """sample [n, 3, h, w] in -1..1 -> latent_parameters [n, 8, h/4, w/4]: means, then log-variances."""

    def __init__(self, widths):
        super().__init__()
        w0, w1 = widths
        self.stem, self.shallow = nn.Conv2d(12, w0, 3, padding=1), Stack(w0)
        self.halve, self.deep = nn.Conv2d(w0, w1, 2, stride=2), Stack(w1)
        self.norm, self.head = Norm(w1), nn.Conv2d(w1, 2 * LATENTS, 3, padding=1)

    def forward(self, sample):
        x = self.deep(self.halve(self.shallow(self.stem(F.pixel_unshuffle(sample, 2)))))
        return self.head(F.silu(self.norm(x)))


class Decoder(nn.Module):
    """latent_sample [n, 4, h/4, w/4] -> (sample [n, 3, h, w] in about -1..1, on white; alpha [n, 1, h, w] in 0..1)."""

    def __init__(self, widths):
        super().__init__()
        w0, w1 = widths
        self.stem, self.deep = nn.Conv2d(LATENTS, w1, 3, padding=1), Stack(w1)
        self.enlarge, self.shallow = nn.Conv2d(w1, 4 * w0, 1), Stack(w0)
        self.norm, self.head = Norm(w0), nn.Conv2d(w0, 16, 3, padding=1)

    def forward(self, latent_sample):
        x = self.shallow(F.pixel_shuffle(self.enlarge(self.deep(self.stem(latent_sample))), 2))
        out = F.pixel_shuffle(self.head(F.silu(self.norm(x))), 2)
        return out[:, :3], torch.sigmoid(out[:, 3:])


class Autoencoder(nn.Module):
    def __init__(self, widths=(32, 64)):
        super().__init__()
        self.encoder, self.decoder = Encoder(widths), Decoder(widths)

    def means(self, sample):
        """[n, 4, h/4, w/4], without noise."""
        return self.encoder(sample)[:, :LATENTS]


def on_white(pixels):
    """uint8 [n, h, w, 4] -> (picture on white [n, 3, h, w] in -1..1, alpha [n, 1, h, w] in 0..1), float32."""
    planes = torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy()).float() / 255
    alpha = planes[:, 3:]
    return 2 * (planes[:, :3] * alpha + 1 - alpha) - 1, alpha
