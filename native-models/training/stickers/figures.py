"""Figures of the autoencoder on held-out stickers, and of the generators: a contact sheet of 24 prompts, and the judge's word."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from measure import sheet
from places import CARDS
from prior import LEVELS, ladder

from . import quality
from .autoencoder import FACTOR, LATENTS, on_white
from .prompts import PROMPTS
from .tokens import Tokenizer

STEPS, GUIDANCE, SEED = 30, 4.0, 11
COUNTS = (10, 25, 50)                         # steps at which stickers are judged
BATCH = 64


@torch.no_grad()
def autoencoder(model, pixels, held):
    """dB on held-out pictures, values 0..1: picture on white, alpha, and PCA with as many numbers per 4x4 patch."""
    tested, known = (on_white(np.asarray(pixels[np.flatnonzero(rows)[:1000]])) for rows in (held, ~held))
    db = lambda error: round(float(-10 * torch.log10(error)), 2)
    errors = {"psnr": [], "alpha": []}
    for picture, alpha in zip(tested[0].split(64), tested[1].split(64)):
        sample, opacity = model.decoder(model.means(picture))
        errors["psnr"].append(((sample.clamp(-1, 1) - picture) / 2).pow(2).flatten(1).mean(1))
        errors["alpha"].append((opacity - alpha).pow(2).flatten(1).mean(1))
    patches, basis_of = (torch.nn.functional.unfold(part, FACTOR, stride=FACTOR).transpose(1, 2).flatten(0, 1)
                         for part in (tested[0], known[0]))
    mean = basis_of.mean(0)
    basis = torch.linalg.eigh((basis_of - mean).T @ (basis_of - mean))[1][:, -LATENTS:]
    rest = (patches - mean) - (patches - mean) @ basis @ basis.T
    return {**{key: db(torch.cat(values).mean()) for key, values in errors.items()}, "pca": db((rest / 2).pow(2).mean())}


@dataclass(frozen=True)
class Maker:
    """Everything between words and pictures."""
    model: nn.Module                          # of teach.Sticker, or a flow
    decoder: nn.Module
    scale: float                              # of the latents
    tokenizer: Tokenizer
    small: int                                # side of the latents

    def words(self, prompts):
        """[n, 16, 192]"""
        return self.model.text(torch.tensor([self.tokenizer.encode(text) for text in prompts]))[0]

    def noise(self, count, seed):
        return torch.randn(count, LATENTS, self.small, self.small, generator=torch.Generator().manual_seed(seed))

    @torch.no_grad()
    def pictures(self, sample, prompts, seed=SEED):
        """Prompts -> (pictures on white [n, 3, h, w] in -1..1, alpha [n, 1, h, w]). sample(noise, words) -> latents."""
        parts = []
        for first in range(0, len(prompts), BATCH):
            some = prompts[first:first + BATCH]
            latents = sample(self.noise(len(some), seed + first), self.words(some))
            parts.append(self.decoder(latents / self.scale))
        return torch.cat([part[0] for part in parts]).clamp(-1, 1), torch.cat([part[1] for part in parts])

    def ddim(self, steps, guidance=GUIDANCE):
        """A sampler for `pictures`: the usual ladder, told and blind at once."""
        blind = self.words([""])

        def sample(x, words):
            a, s = ladder()
            both = torch.cat((words, blind.expand_as(words)))
            levels = [round(LEVELS * (steps - i) / steps) - 1 for i in range(steps)] + [None]
            for t, after in zip(levels, levels[1:]):
                told, without = self.model.unet(torch.cat((x, x)), torch.full((2 * len(x),), float(t)), both).chunk(2)
                v = without + guidance * (told - without)
                z, e = a[t] * x - s[t] * v, s[t] * x + a[t] * v
                x = z if after is None else a[after] * z + s[after] * e
            return x

        return sample


def contact_sheet(pictures, path):
    """Pictures on white [n, 3, h, w] in -1..1, six a row, in the order of PROMPTS."""
    rows = [(127.5 * (picture.permute(1, 2, 0) + 1)).round().byte().numpy() for picture in pictures]
    sheet(rows, 6, path)


@torch.no_grad()
def of_stickers(maker, pixels, captions, held):
    """cards/sticker.png, and what the judge says at each number of steps, where there is a judge."""
    contact_sheet(maker.pictures(maker.ddim(STEPS), PROMPTS)[0], CARDS / "sticker.png")
    return {"sheetSteps": STEPS, "guidance": GUIDANCE, "seed": SEED,
            "judged": judged(maker, pixels, captions, held, {f"{steps} steps": maker.ddim(steps) for steps in COUNTS})}


def judged(maker, pixels, captions, held, samplers):
    """{name: figures} of samplers by name; None where no judge has been exported."""
    judge = quality.jury(pixels, held)
    if judge is None:
        return None
    return {name: quality.compare(judge, pixels, captions, held, lambda prompts: maker.pictures(sample, prompts)[0])
            for name, sample in samplers.items()}
