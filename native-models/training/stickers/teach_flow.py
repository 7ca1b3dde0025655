"""Lesson of the sticker flow: the trained denoiser, taught on straight lines between noise and latents."""
import hashlib

import torch

from flow import stratified
from lessons import Plan
from places import CARDS, checkpoint, exported
from prior import LEVELS

from . import rectified
from . import teach_autoencoder as stage_one
from .autoencoder import FACTOR
from .teach import StickerLesson, chosen

NAME, SOURCE = "sticker-flow", "sticker"
COUNTS = (1, 2, 4, 25)                        # steps at which it is judged
GUIDANCE = 3.0
PAIR_STEPS = {"smoke": 2, "cpu": 25, "gpu": 50}   # of the first flow, for the second round
SMALL = {"side": 64, "widths": (32, 64), "base": 32}
LARGE = {"side": 128, "widths": (64, 128), "base": 64}


class FlowLesson(StickerLesson):
    seed = 909
    plans = {
        "smoke": Plan(batch=8, peak=2e-3, warmup=4, until=20, ema=0.999, smoke=True, size=SMALL),
        "cpu": Plan(batch=32, peak=3e-4, warmup=100, until=3000, ema=0.999, anneal=1000, betas=(0.9, 0.99), size=SMALL),
        "gpu": Plan(batch=256, peak=3e-4, warmup=500, until=20_000, ema=0.9995, anneal=5000, betas=(0.9, 0.99), size=LARGE),
    }

    def model(self, plan):
        """Begins as the trained denoiser, which on the new ladder is a flow already."""
        model = rectified.Flow(len(self.materials(plan)[3].vocabulary), plan.size["base"])
        if not plan.smoke:
            if not checkpoint(SOURCE).exists():
                raise SystemExit(f"{self.named} begins as {SOURCE}: train that first")
            model.load_state_dict(torch.load(checkpoint(SOURCE), map_location="cpu")["ema"])
        return model

    def loss(self, model, data, plan, step):
        latents, wording, trained = data
        where = next(model.parameters()).device
        rows, generator = chosen(trained, plan.batch, self.seed, step)
        index = (LEVELS * stratified(plan.batch, generator)).long()
        x, e = latents[rows], torch.randn((plan.batch, *latents.shape[1:]), generator=generator)
        words = wording.of(rows, generator)
        return rectified.loss(model, *(part.to(where) for part in (x, e, index, words)))

    def samplers(self, maker):
        """{"N steps": sampler}, guided."""
        blind = maker.words([""])
        return {f"{steps} steps": lambda e, words, steps=steps: rectified.follow(maker.model, e, words, steps, GUIDANCE, blind)
                for steps in COUNTS}

    def measure(self, model, plan):
        """Straightness with and without guidance, and what the judge says."""
        from . import figures
        pixels, captions, held, tokenizer, frozen = self.materials(plan)
        maker = figures.Maker(model, stage_one.thaw(frozen).decoder, frozen["scale"], tokenizer, plan.size["side"] // FACTOR)
        with torch.no_grad():
            e, words, blind = maker.noise(len(figures.PROMPTS), figures.SEED), maker.words(figures.PROMPTS), maker.words([""])
            samplers, steps = self.samplers(maker), PAIR_STEPS["cpu"]
            once, twice = (rectified.follow(model, e, words, count, GUIDANCE, blind) for count in (steps, 2 * steps))
            sheet = CARDS / f"{self.named}.png"
            figures.contact_sheet(maker.pictures(samplers["4 steps"], figures.PROMPTS)[0], sheet)
            return {
                "straightness": rectified.straightness(model, e, words),
                "straightnessGuided": rectified.straightness(model, e, words, guidance=GUIDANCE, blind=blind),
                # Beyond a hundredth, the steps that make the pairs of the second round are too few.
                "changeByTwiceTheSteps": round(float((once - twice).norm() / twice.norm()), 4),
                "sheetSteps": 4,
                "judged": figures.judged(maker, pixels, captions, held, samplers),
            }

    named = NAME

    def write(self, weights, plan, into, facts):
        """Keep what the second round stands on. Not shipped."""
        torch.save(freeze(weights), into / f"{NAME}.pt" if plan.smoke else exported(NAME))


def freeze(weights):
    """{"weights", "sha256"}"""
    digest = hashlib.sha256()
    for value in weights.values():
        digest.update(value.cpu().numpy().tobytes())
    return {"weights": {key: value.cpu() for key, value in weights.items()}, "sha256": digest.hexdigest()}


def lesson():
    return FlowLesson()
