"""Eight crops of a picture that needs no download: discs, stripes and a gradient. For the smoke preset."""
import numpy as np


def picture(side=384, seed=7):
    """uint8 [side, side, 3]."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side
    canvas = np.stack((x, y, 1 - x), axis=2)
    for _ in range(120):
        cy, cx, radius = random.random(), random.random(), random.uniform(0.01, 0.1)
        canvas[(y - cy) ** 2 + (x - cx) ** 2 < radius ** 2] = random.random(3)
    stripes = np.sin(2 * np.pi * (40 * x + 25 * y)) > 0
    canvas = np.where((stripes & (x + y > 1))[..., None], 0.6 * canvas, canvas)
    return np.rint(255 * canvas).astype(np.uint8)


def crops(count=8, side=96):
    """uint8 [count, side, side, 3]."""
    whole, random = picture(), np.random.default_rng(8)
    corners = random.integers(0, whole.shape[0] - side + 1, (count, 2))
    return np.stack([whole[y:y + side, x:x + side] for y, x in corners])
