"""Lesson of the second round: the flow again, on pairs of noise and what the first flow makes of it (reflow).

Lines between such pairs hardly cross, so the velocity along each is nearly even and a few steps are enough. The pairs
are made with guidance: the second flow has learned it, and must be asked without.
"""
import numpy as np
import torch

from flow import stratified
from places import WORK, exported
from prior import LEVELS

from . import folder as layout
from . import rectified
from . import teach_autoencoder as stage_one
from .prompts import ASKED
from .teach import chosen
from .teach_flow import COUNTS, GUIDANCE, PAIR_STEPS, NAME as FIRST
from .teach_flow import FlowLesson, freeze

NAME, SHIPPED = "sticker-reflow", "sticker-flow"
CHUNK = 128                                   # pairs a file
PAIRS = {"smoke": 16, "cpu": 8192, "gpu": 131_072}
LADDER = {"trained_betas": rectified.betas().tolist(), "set_alpha_to_one": True, "timestep_spacing": "trailing"}


class ReflowLesson(FlowLesson):
    seed = 1010
    named = NAME

    def __init__(self):
        super().__init__()
        self.first = None

    def base(self, plan):
        """The first flow, frozen."""
        if self.first is None and plan.smoke:
            torch.manual_seed(self.seed)
            self.first = freeze(FlowLesson.model(self, plan).state_dict())
        elif self.first is None:
            self.first = torch.load(exported(FIRST), map_location="cpu")
        return self.first

    def stands_on(self, plan):
        return self.base(plan)["sha256"]

    def model(self, plan):
        model = super().model(plan)
        model.load_state_dict(self.base(plan)["weights"])
        return model

    def data(self, plan):
        """(noise [n, 4, h, w], what became of it, ids int64 [n, 16])"""
        latents, wording, trained = super().data(plan)
        preset = next(name for name, known in self.plans.items() if known is plan)
        where = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        flow, chunks = self.model(plan).eval().to(where), []
        shelf = WORK / f"sticker-pairs-{self.stands_on(plan)[:12]}"
        for first in range(0, PAIRS[preset], CHUNK):
            size, path = min(CHUNK, PAIRS[preset] - first), shelf / f"{first:06}.pt"
            if path.exists():
                chunks.append(torch.load(path))
                continue
            rows, generator = chosen(trained, size, self.seed, 1_000_000 + first)
            words = wording.of(rows, generator)
            e = torch.randn((size, *latents.shape[1:]), generator=generator)
            pair = (e, become(flow, e, words, wording.nothing, PAIR_STEPS[preset], where), words)
            if not plan.smoke:
                shelf.mkdir(parents=True, exist_ok=True)
                torch.save(pair, path)
                print(f'{{"pairs": {first + size}}}', flush=True)
            chunks.append(pair)
        return tuple(torch.cat(part) for part in zip(*chunks))

    def loss(self, model, data, plan, step):
        noise, made, ids = data
        where = next(model.parameters()).device
        rows, generator = chosen(np.arange(len(noise)), plan.batch, self.seed, step)
        index = (LEVELS * stratified(plan.batch, generator)).long()
        return rectified.loss(model, *(part.to(where) for part in (made[rows], noise[rows], index, ids[rows])))

    def samplers(self, maker):
        """Without guidance: the pairs had it."""
        return {f"{steps} steps": lambda e, words, steps=steps: rectified.follow(maker.model, e, words, steps)
                for steps in COUNTS}

    def write(self, weights, plan, into, facts):
        """The folder native-models/sticker-flow."""
        model = self.model(plan)
        model.load_state_dict(weights)
        model.eval()
        *_, tokenizer, frozen = self.materials(plan)
        return layout.write(into / SHIPPED, model, stage_one.thaw(frozen), frozen, tokenizer, plan.size["side"],
                            {"title": "Stickers in 4 steps", **facts},
                            {"guidance": 1, "steps": 4, "schedule": "uniform", "solver": "ddim", "prompts": ASKED}, LADDER, rectified.Retimed(model.unet).eval())


@torch.no_grad()
def become(flow, e, words, nothing, steps, where):
    """What the flow makes of noise, guided where there is a caption. On the CPU."""
    told, blind = (flow.text(part.to(where))[0] for part in (words, nothing[None]))
    guidance = torch.where((words == nothing).all(1), torch.tensor(1.0), torch.tensor(GUIDANCE))[:, None, None, None].to(where)
    return rectified.follow(flow, e.to(where), told, steps, guidance, blind).cpu()


def lesson():
    return ReflowLesson()
