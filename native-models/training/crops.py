"""Cut the pictures into clean 96x96 crops: one memory-mapped uint8 array [n, 96, 96, 3]."""
import numpy as np
from PIL import Image

from pictures import choose, open_rgb
from places import CROPS

SIDE = 96                                     # px
# (long side in px, most crops per picture). Shrinking removes sensor noise and old JPEG blocks. The recipe has
# 24-40 crops at 1024 and 640 (and 1600). More are taken where there is room for crops that hardly overlap, because
# only half of these pictures have fine detail at all; and 480 was added, where photographs are at their sharpest.
SCALES = ((480, 20), (640, 40), (1024, 80), (1600, 110))
# px; the 1600 scale needs such a source. The recipe says 3200; at 2500 most photographs qualify too, which keeps
# renderings (often 4096 px) from outnumbering them. A shrink by 1.6 still hides the source's noise.
LARGE = 2500
FLATTEST, SHARPEST = 2.0, 40.0                # mean |dx| + mean |dy|, levels of 255
EMPHASIS = 0.8


def detail(crop):
    """mean |dx| + mean |dy| over a crop [h, w, 3], in levels of 255."""
    crop = crop.astype(np.int16)
    return np.abs(np.diff(crop, axis=0)).mean() + np.abs(np.diff(crop, axis=1)).mean()


def shares(crops):
    """How often to draw each crop, summing to 1: by its detail, up to a limit.

    Three of four crops have less detail than any photograph that was held out. Drawn evenly, they taught the network
    that fine detail is noise; drawn in proportion to the detail, and with originals that are all crisp, that every
    soft picture was once sharp (see SOFT in degrade.py).
    """
    weights = np.array([min(detail(crop), SHARPEST) for crop in crops]) ** EMPHASIS
    return weights / weights.sum()


def scaled(path):
    """Yield (uint8 [h, w, 3], most crops) for each scale the source is large enough for."""
    source = max(Image.open(path).size)
    for long_side, most in SCALES:
        if long_side > 1024 and source < LARGE or source < long_side:
            continue
        image = open_rgb(path, 2 * long_side)
        ratio = long_side / max(image.size)
        size = [max(SIDE, round(side * ratio)) for side in image.size]
        yield np.asarray(image.resize(size, Image.LANCZOS)), most


def cut(picture, most, random):
    """At most `most` crops at random places, flat ones rejected, near-repeats avoided."""
    taken, places = [], []
    for _ in range(6 * most):
        y, x = (random.integers(0, side - SIDE + 1) for side in picture.shape[:2])
        if any(abs(y - v) < SIDE // 3 and abs(x - u) < SIDE // 3 for v, u in places):
            continue
        crop = picture[y:y + SIDE, x:x + SIDE]
        places.append((y, x))
        if detail(crop) >= FLATTEST:
            taken.append(crop)
        if len(taken) == most:
            break
    return taken


def make(seed=1):
    """Choose pictures, cut them, write the array; returns (pictures used, crops)."""
    random = np.random.default_rng(seed)
    crops, used = [], 0
    for record, path in choose():
        if record["heldOut"]:
            continue
        mine = [crop for picture, most in scaled(path) for crop in cut(picture, most, random)]
        crops += mine
        used += bool(mine)
        print(f"{len(mine):4d} crops  {record['file']}", flush=True)
    beside = CROPS.with_suffix(".part")       # renamed when whole: a training may be reading the old one
    array = np.lib.format.open_memmap(beside, mode="w+", dtype=np.uint8, shape=(len(crops), SIDE, SIDE, 3))
    array[:] = np.stack(crops)[random.permutation(len(crops))]
    array.flush()
    beside.rename(CROPS)
    return used, len(crops)
