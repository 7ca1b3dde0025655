"""Lesson of the denoiser and the text encoder, together: v-prediction on latents, captions dropped now and then.

x_t = a_t z + s_t e, v = a_t e - s_t z (Salimans & Ho 2022); without a caption in one case of ten (Ho & Salimans
2022), so that guidance has something to push away from; without its first word, the style, in some, so that a thing may
be asked for by its name alone.
"""
import numpy as np
import torch
from torch import nn

from flow import stratified
from lessons import Lesson, Plan
from places import WORK, exported
from prior import LEVELS, ladder

from . import folder as layout
from . import teach_autoencoder as stage_one
from .autoencoder import FACTOR
from .prompts import ASKED
from .text import TextEncoder
from .tokens import Tokenizer, learn_merges
from .unet import UNet

DROPPED, STYLELESS = 0.1, 0.15


class Sticker(nn.Module):
    """(latents [n, 4, h, w], timestep [n], input_ids [n, 16]) -> v."""

    def __init__(self, vocabulary, base):
        super().__init__()
        self.text, self.unet = TextEncoder(vocabulary), UNet(base)

    def forward(self, latents, timestep, input_ids):
        return self.unet(latents, timestep, self.text(input_ids)[0])


class StickerLesson(Lesson):
    seed = 505
    plans = {
        "smoke": Plan(batch=8, peak=2e-3, warmup=4, until=20, ema=0.999, smoke=True,
                      size={"side": 64, "widths": (32, 64), "base": 32}),
        "cpu": Plan(batch=32, peak=1e-3, warmup=300, until=20_000, ema=0.9995, anneal=7000, betas=(0.9, 0.99),
                    size={"side": 64, "widths": (32, 64), "base": 32}),
        "gpu": Plan(batch=256, peak=1e-3, warmup=1000, until=100_000, ema=0.9999, anneal=30_000, betas=(0.9, 0.99),
                    size={"side": 128, "widths": (64, 128), "base": 64}),
    }

    def __init__(self):
        self.kept = None

    def materials(self, plan):
        """(pixels, captions, held out, tokenizer, frozen autoencoder), made once."""
        if self.kept is None:
            pixels, captions, held = stage_one.stickers(plan)
            if plan.smoke:
                torch.manual_seed(self.seed)
                frozen = stage_one.freeze(stage_one.Autoencoder(plan.size["widths"]).eval(), pixels, plan)
            else:
                frozen = torch.load(exported(stage_one.NAME), map_location="cpu")
            # Words of held-out captions are known words: only their pictures are withheld.
            self.kept = pixels, captions, held, Tokenizer(learn_merges(captions)), frozen
        return self.kept

    def stands_on(self, plan):
        return self.materials(plan)[4]["sha256"]

    def model(self, plan):
        return Sticker(len(self.materials(plan)[3].vocabulary), plan.size["base"])

    def data(self, plan):
        """(latents of unit variance, Wording, indices trained on)"""
        pixels, captions, held, tokenizer, frozen = self.materials(plan)
        means = kept_latents(frozen, pixels, plan.smoke) * frozen["scale"]
        return means, Wording(tokenizer, captions), np.flatnonzero(~held)

    def loss(self, model, data, plan, step):
        latents, wording, trained = data
        where = next(model.parameters()).device
        rows, generator = chosen(trained, plan.batch, self.seed, step)
        t = (LEVELS * stratified(plan.batch, generator)).long()
        z, e = latents[rows], torch.randn((plan.batch, *latents.shape[1:]), generator=generator)
        a, s = (table[t][:, None, None, None] for table in ladder())
        words = wording.of(rows, generator)
        v = model((a * z + s * e).to(where), t.float().to(where), words.to(where))
        return ((v - (a * e - s * z).to(where)) ** 2).mean()

    def measure(self, model, plan):
        from . import figures
        pixels, captions, held, tokenizer, frozen = self.materials(plan)
        maker = figures.Maker(model, stage_one.thaw(frozen).decoder, frozen["scale"], tokenizer, plan.size["side"] // FACTOR)
        return figures.of_stickers(maker, pixels, captions, held)

    def write(self, weights, plan, into, facts):
        model = self.model(plan)
        model.load_state_dict(weights)
        *_, tokenizer, frozen = self.materials(plan)
        autoencoder = stage_one.thaw(frozen)
        return layout.write(into / "sticker", model.eval(), autoencoder, frozen, tokenizer, plan.size["side"],
                            {"title": "Stickers", **facts}, {"guidance": 4, "steps": 30, "prompts": ASKED})


class Wording:
    """Ids of every caption [n, 16], of its name without the style, and of no caption [16]."""

    def __init__(self, tokenizer, captions):
        encoded = lambda texts: torch.tensor([tokenizer.encode(text) for text in texts])
        self.whole, self.names = encoded(captions), encoded(caption.split(" ", 1)[1] for caption in captions)
        self.nothing = encoded([""])[0]

    def of(self, rows, generator):
        """int64 [len(rows), 16]: whole captions, some names alone, some nothing."""
        lot = torch.rand(len(rows), 1, generator=generator)
        words = torch.where(lot < DROPPED + STYLELESS, self.names[rows], self.whole[rows])
        return torch.where(lot < DROPPED, self.nothing, words)


def kept_latents(frozen, pixels, smoke):
    """Means of all pictures, unscaled; computed once for each autoencoder."""
    path = WORK / f"sticker-latents-{frozen['sha256'][:12]}.pt"
    if not smoke and path.exists():
        return torch.load(path)
    means = stage_one.latents(stage_one.thaw(frozen), pixels)
    if not smoke:
        torch.save(means, path)
    return means


def chosen(trained, size, seed, step):
    """(rows int64 [size] of those trained on, generator): functions of seed and step."""
    random = np.random.default_rng((seed, step))
    return torch.from_numpy(random.choice(trained, size)), torch.Generator().manual_seed(seed * 10_000_000 + step)


def lesson():
    return StickerLesson()
