"""Captioned stickers that need no download: discs, squares and rings in plain colours. For the smoke preset."""
import numpy as np

COLOURS = {"red": (220, 40, 40), "green": (40, 170, 70), "blue": (50, 80, 220), "yellow": (240, 200, 40)}
SHAPES = ("disc", "square", "ring", "diamond")


def coverage(shape, y, x, radius):
    """float [side, side]: how much of each pixel the shape covers, with a soft edge of one pixel."""
    edge = {
        "disc": np.hypot(y, x) - radius,
        "square": np.maximum(abs(y), abs(x)) - 0.8 * radius,
        "ring": abs(np.hypot(y, x) - 0.8 * radius) - 0.2 * radius,
        "diamond": abs(y) + abs(x) - 1.1 * radius,
    }[shape]
    return np.clip(0.5 - edge, 0, 1)


def stickers(side=64, per_kind=2, seed=9):
    """(uint8 [n, side, side, 4], captions [n], held out bool [n], all False)."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] - (side - 1) / 2
    pixels, captions = [], []
    for style in ("flat", "glossy"):
        for colour, rgb in COLOURS.items():
            for shape in SHAPES:
                for _ in range(per_kind):
                    dy, dx = random.uniform(-0.1, 0.1, 2) * side
                    alpha = coverage(shape, y - dy, x - dx, random.uniform(0.25, 0.38) * side)
                    light = 1 - (y + x) / (3 * side) if style == "glossy" else np.ones_like(y)
                    paint = np.clip(light[..., None] * rgb, 0, 255)
                    pixels.append(np.dstack((paint, 255 * alpha)).round().astype(np.uint8))
                    captions.append(f"{style} {colour} {shape}")
    return np.stack(pixels), captions, np.zeros(len(captions), bool)
