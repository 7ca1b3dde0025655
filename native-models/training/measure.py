"""What the figures share: held-out pictures as tensors, noise by its seed, decibels, and how a sheet is written."""
import numpy as np
import torch
from PIL import Image

import metrics
from places import CARDS

# Details of pictures that may be shown: public domain or CC0 (see sheet.py).
SHOWN = (("astronaut", 0.75, 0.30), ("chelsea", 0.35, 0.40), ("coffee", 0.65, 0.65), ("rocket", 0.40, 0.50))
DETAIL = 112                                  # px


def planes(a):
    return torch.from_numpy(np.ascontiguousarray(a.transpose(2, 0, 1)))[None]


def noise_like(x, seed):
    return torch.randn(x.shape, generator=torch.Generator().manual_seed(seed))


def pooled(pairs):
    """PSNR in dB of [(original, result)], tensors in 0..1."""
    return round(metrics.psnr([float(((a - b.clamp(0, 1)) ** 2).mean()) for a, b in pairs]), 2)


def shown(named):
    """[(name, float [h, w, 3])] -> the details that are shown, in SHOWN's order, as tensors [1, 3, DETAIL, DETAIL]."""
    found = dict(named)
    cut = []
    for name, fy, fx in SHOWN:
        a = found[name]
        # On multiples of 8, so that the shape of an upright tile is kept.
        top, left = (int(np.clip(f * side - DETAIL / 2, 0, side - DETAIL)) // 8 * 8 for f, side in zip((fy, fx), a.shape[:2]))
        cut.append(planes(a[top:top + DETAIL, left:left + DETAIL]))
    return cut


def bytes_of(x):
    """A tensor [1, 3, h, w] in 0..1 as uint8 [h, w, 3]."""
    return (255 * x[0].clamp(0, 1).permute(1, 2, 0)).round().byte().numpy()


def strips(rows, name):
    """Write cards/NAME.png: rows of tensors [1, 3, side, side] in 0..1, side by side."""
    sheet([bytes_of(x) for row in rows for x in row], len(rows[0]), CARDS / f"{name}.png")


def sheet(pictures, columns, path):
    """Write [uint8 [h, w, 3]] as rows of `columns`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blank = np.full_like(pictures[0], 255)
    padded = [*pictures, *[blank] * (-len(pictures) % columns)]
    rows = [np.hstack(padded[i:i + columns]) for i in range(0, len(padded), columns)]
    Image.fromarray(np.vstack(rows)).save(path, optimize=True)
