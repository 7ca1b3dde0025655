"""Lesson of the judge: which words does the caption of this picture hold? Trained on what is not held out."""
import hashlib

import numpy as np
import torch
from torch.nn import functional as F

from lessons import Lesson, Plan
from places import exported

from .autoencoder import on_white
from .judge import Judge, marked, words_of
from .teach_autoencoder import stickers

NAME = "sticker-judge"
SHIFT = 4                                     # px, the most a picture is moved
# A made picture is never as crisp as a drawn one. Judged by edges alone, every one of them would be a stranger.
BLURRED, NOISE = 0.5, 0.05


def augment(picture, random):
    """[n, 3, h, w] in -1..1: moved, some softened, a little noise. Not mirrored: captions say left and right."""
    down, right = (int(by) for by in random.integers(-SHIFT, SHIFT + 1, 2))
    padded = F.pad(picture, (SHIFT,) * 4, value=1.0)
    h, w = picture.shape[2:]
    moved = padded[:, :, SHIFT + down:SHIFT + down + h, SHIFT + right:SHIFT + right + w]
    if random.random() < BLURRED:
        moved = F.avg_pool2d(F.pad(moved, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    noise = torch.from_numpy(random.standard_normal(moved.shape).astype(np.float32))
    return moved + NOISE * random.random() * noise


class JudgeLesson(Lesson):
    seed = 808
    plans = {
        "smoke": Plan(batch=16, peak=3e-3, warmup=4, until=20, ema=0.999, smoke=True, size={"side": 64}),
        "cpu": Plan(batch=64, peak=2e-3, warmup=100, until=4000, ema=0.999, anneal=1000, size={"side": 64}),
        "gpu": Plan(batch=256, peak=2e-3, warmup=200, until=12_000, ema=0.999, anneal=3000, size={"side": 128}),
    }

    def __init__(self):
        self.kept = None

    def materials(self, plan):
        """(pixels, captions, held out, words), read once."""
        if self.kept is None:
            pixels, captions, held = stickers(plan)
            known = [caption for caption, out in zip(captions, held) if not out]
            self.kept = pixels, captions, held, words_of(known)
        return self.kept

    def model(self, plan):
        return Judge(len(self.materials(plan)[3]))

    def data(self, plan):
        pixels, captions, held, words = self.materials(plan)
        return pixels, marked(captions, words), np.flatnonzero(~held)

    def loss(self, model, data, plan, step):
        """Cross-entropy of the words, summed over them: a picture is worth its few words, not its thousand absent ones."""
        pixels, truth, trained = data
        random = np.random.default_rng((self.seed, step))
        chosen = np.sort(random.choice(trained, plan.batch))
        where = next(model.parameters()).device
        picture = augment(on_white(np.asarray(pixels[chosen]))[0], random).to(where)
        logits = model(picture)[1]
        return F.binary_cross_entropy_with_logits(logits, truth[chosen].to(where), reduction="none").sum(1).mean()

    def measure(self, model, plan):
        """How well it finds the captions of real pictures: the ceiling for made ones."""
        from . import quality
        pixels, captions, held, words = self.materials(plan)
        judge, candidates = quality.Jury(model, words, pixels, held), quality.pool(captions, words)
        return {name: {"pictures": len(rows), **quality.retrieval(
                    judge, judge.look(on_white(np.asarray(pixels[rows]))[0])[1], [captions[row] for row in rows], candidates)}
                for name, rows in quality.asked(captions, held, candidates).items()}

    def write(self, weights, plan, folder, facts):
        """Keep what the generators are judged by, here and, as files, in the studio's own benches. Not shipped."""
        from . import bench
        pixels, captions, held, words = self.materials(plan)
        digest = hashlib.sha256()
        for value in weights.values():
            digest.update(value.cpu().numpy().tobytes())
        path = folder / f"{NAME}.pt" if plan.smoke else exported(NAME)
        torch.save({"weights": weights, "words": words, "sha256": digest.hexdigest(), **facts}, path)
        model = Judge(len(words))
        model.load_state_dict({key: value.cpu() for key, value in weights.items()})
        if plan.smoke:
            bench.export(model.eval(), folder / f"{NAME}.onnx")
        else:
            bench.write(model, words, pixels, captions, held, digest.hexdigest())


def lesson():
    return JudgeLesson()
