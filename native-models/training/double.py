"""The restorer with a head that gives twice the side: posterior mean of the picture that was shrunk, then damaged.

The body is the restorer's own, and begins with its weights where it has been exported; the head is new. What comes out
is the bilinear enlargement and a correction, four times as many values a pixel as the restorer's.
"""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import degrade
import procedural
from crops import shares as shares_of
from lessons import Lesson, Plan
from network import WIDTHS, UNet, zeroed
from places import CROPS, MEAN, exported
from single_file import PICTURE, write_model

NAME, SCALE = "restorer-double", 2
WINDOW = 40                                   # px before enlargement, of a halved crop's 48
# The share of windows that begin on a corner of JPEG's 8x8 blocks, as the tiles of a picture do that was opened whole.
ALIGNED, BLOCK = 0.7, 8
# Ways a picture is shrunk. One alone would teach its own blur, and sharpen the others wrongly.
WAYS = ("bicubic", "bilinear", "area")


class Doubler(nn.Module):
    """y [n, 3, h, w] in 0..1 -> x [n, 3, 2h, 2w], not clipped; h, w multiples of 8."""

    def __init__(self, widths=WIDTHS):
        super().__init__()
        self.net = UNet(timed=False, widths=widths)
        self.net.head = zeroed(nn.Conv2d(widths[0], 12 * SCALE ** 2, 3, padding=1))

    def forward(self, y):
        # The body shuffles once; with four times the channels the picture is shuffled once more.
        correction = F.pixel_shuffle(self.net(y), SCALE)
        return F.interpolate(y, scale_factor=float(SCALE), mode="bilinear", align_corners=False) + correction


class Clipped(nn.Module):
    """As exported: clipped to [0, 1]."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, y):
        return self.model(y).clamp(0.0, 1.0)


def halved(clean, random):
    """float [h, w, 3] -> [h / 2, w / 2, 3], one of several ways, on the 8-bit grid."""
    way = WAYS[random.integers(len(WAYS))]
    size = [side // SCALE for side in clean.shape[:2]]
    if way == "area":
        small = clean.reshape(size[0], SCALE, size[1], SCALE, 3).mean(axis=(1, 3))
    else:
        small = degrade.resize(clean, size, way)
    return degrade.eight_bit(small).astype(np.float32) / 255


def batch(crops, shares, size, seed, step):
    """(damaged [size, 3, 40, 40], clean [size, 3, 80, 80]). A function of (seed, step)."""
    random, pairs = np.random.default_rng((seed, step)), []
    for index in random.choice(len(crops), size, p=shares):
        clean = degrade.augment(crops[index], random)
        y = degrade.damage(halved(clean, random), random)
        corner = BLOCK if random.random() < ALIGNED else 1
        top, left = corner * random.integers(0, (len(y) - WINDOW) // corner + 1, 2)
        pairs.append([side[s * top:s * (top + WINDOW), s * left:s * (left + WINDOW)].transpose(2, 0, 1)
                      for side, s in ((y, 1), (clean, SCALE))])
    damaged, clean = zip(*pairs)
    return torch.from_numpy(np.stack(damaged)), torch.from_numpy(np.stack(clean))


class DoubleLesson(Lesson):
    seed = 1300
    plans = {
        "smoke": Plan(batch=8, peak=1e-3, warmup=8, until=20, ema=0.999, smoke=True, size={"widths": (16, 32, 48)}),
        "cpu": Plan(batch=16, peak=5e-4, warmup=100, until=4500, ema=0.999, anneal=1500),
        "gpu": Plan(batch=64, peak=1e-3, warmup=500, until=100_000, ema=0.9999, anneal=30_000),
    }

    def model(self, plan):
        model = Doubler(**plan.size)
        if not plan.smoke:
            if not exported(MEAN).exists():
                raise SystemExit(f"{NAME} begins as {MEAN}: train and export that first")
            saved = torch.load(exported(MEAN), map_location="cpu")["weights"]
            model.load_state_dict({key: value for key, value in saved.items() if ".head." not in key}, strict=False)
        return model

    def data(self, plan):
        crops = procedural.crops() if plan.smoke else np.load(CROPS, mmap_mode="r")
        return crops, shares_of(crops)

    def loss(self, model, data, plan, step):
        where = next(model.parameters()).device
        damaged, clean = (part.to(where) for part in batch(*data, plan.batch, self.seed, step))
        return ((model(damaged) - clean) ** 2).mean()

    def measure(self, model, plan):
        import measure_pictures               # wants scikit-image, which training does not
        return measure_pictures.double(model)

    def write(self, weights, plan, folder, facts):
        model = self.model(plan)
        model.load_state_dict(weights)
        return write_model(NAME, Clipped(model).eval(), folder, {
            "inputs": [("y", PICTURE, None)], "outputs": [("x", ["n", 3, "2h", "2w"])],
        }, {"role": "posterior-mean-double", "title": "Enlarger, faithful", "multiple": 8, "overlap": 64, "scale": SCALE,
            **facts})


def lesson():
    return DoubleLesson()
