"""Lesson of the autoencoder: squared error of the picture on white and of its opacity, and a little KL."""
import hashlib

import numpy as np
import torch

from lessons import Lesson, Plan
from places import exported

from . import drawn, pictures
from .autoencoder import LATENTS, Autoencoder, on_white

NAME = "sticker-autoencoder"
LOGVAR = (-12.0, 4.0)                        # beyond, exp() neither helps nor stays finite
KL = 1e-4                                     # per latent value; keeps the latents near a unit Gaussian, no more


def stickers(plan):
    """(pixels, captions, held out) of a plan."""
    return drawn.stickers(plan.size["side"]) if plan.smoke else pictures.load(plan.size["side"])


@torch.no_grad()
def latents(model, pixels, batch=64):
    """float32 [n, 4, side/4, side/4]: means of uint8 [n, side, side, 4], unscaled, on the CPU."""
    where = next(model.parameters()).device
    parts = [model.means(on_white(np.asarray(pixels[i:i + batch]))[0].to(where)).cpu() for i in range(0, len(pixels), batch)]
    return torch.cat(parts)


class AutoencoderLesson(Lesson):
    seed = 404
    plans = {
        "smoke": Plan(batch=8, peak=2e-3, warmup=4, until=20, ema=0.999, smoke=True,
                      size={"side": 64, "widths": (32, 64)}),
        "cpu": Plan(batch=32, peak=1e-3, warmup=100, until=4000, ema=0.999, anneal=1000, size={"side": 64, "widths": (32, 64)}),
        "gpu": Plan(batch=128, peak=1e-3, warmup=500, until=40_000, ema=0.9995, anneal=10_000, size={"side": 128, "widths": (64, 128)}),
    }

    def model(self, plan):
        return Autoencoder(plan.size["widths"])

    def data(self, plan):
        pixels, _, held = stickers(plan)
        return pixels, np.flatnonzero(~held)

    def loss(self, model, data, plan, step):
        pixels, trained = data
        random = np.random.default_rng((self.seed, step))
        chosen = pixels[np.sort(random.choice(trained, plan.batch))]
        where = next(model.parameters()).device
        if random.random() < 0.5:
            chosen = chosen[:, :, ::-1]       # mirrored
        picture, alpha = (part.to(where) for part in on_white(chosen))
        mean, logvar = model.encoder(picture).chunk(2, dim=1)
        logvar = logvar.clamp(*LOGVAR)
        noise = torch.randn(mean.shape, generator=torch.Generator().manual_seed(self.seed * 10_000_000 + step))
        sample, opacity = model.decoder(mean + (logvar / 2).exp() * noise.to(where))
        kl = 0.5 * (mean ** 2 + logvar.exp() - 1 - logvar).mean()
        return ((sample - picture) ** 2).mean() + ((opacity - alpha) ** 2).mean() + KL * kl

    def measure(self, model, plan):
        from . import figures
        pixels, _, held = stickers(plan)
        return figures.autoencoder(model, pixels, held)

    def write(self, weights, plan, folder, facts):
        """Freeze what the denoiser stands on: weights, the factor to unit variance, and a hash of both. Not shipped alone."""
        model = self.model(plan)
        model.load_state_dict(weights)
        frozen = freeze(model.eval(), stickers(plan)[0], plan)
        torch.save(frozen, folder / f"{NAME}.pt" if plan.smoke else exported(NAME))


def freeze(model, pixels, plan):
    """{"weights", "scale", "widths", "sha256"}"""
    sample = latents(model, pixels[::max(1, len(pixels) // 2048)])
    weights = model.cpu().state_dict()
    digest = hashlib.sha256()
    for value in weights.values():
        digest.update(value.numpy().tobytes())
    assert sample.shape[1] == LATENTS
    return {"weights": weights, "scale": float(1 / sample.std()), "widths": plan.size["widths"], "sha256": digest.hexdigest()}


def thaw(frozen):
    model = Autoencoder(frozen["widths"])
    model.load_state_dict(frozen["weights"])
    return model.eval().requires_grad_(False)


def lesson():
    return AutoencoderLesson()
