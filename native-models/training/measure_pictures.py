"""Figures of the networks that make or change pictures: the enlarger, the restorer that is solved, the textures."""
import numpy as np
import torch

import benchmark
import metrics
import ode
import textures as textures_of
from degrade import eight_bit, resize
from measure import planes, pooled, sheet, shown, strips
from places import CARDS

TOLERANCES = (1e-2, 1e-3, 1e-4)
STEPS_TEXTURES = (10, 50, 250)


@torch.no_grad()
def double(model):
    """Held-out pictures halved, then damaged in each way: PSNR, SSIM and GMSD of the bicubic enlargement and of the
    network. Writes cards/restorer-double.png."""
    figures, rows = {}, []
    for x0 in shown(benchmark.originals()):
        small = eight_bit(resize(x0[0].permute(1, 2, 0).numpy(), [side // 2 for side in x0.shape[2:]])).astype(np.float32) / 255
        rows.append([planes(resize(small, list(x0.shape[2:])).clip(0, 1)), model(planes(small)), x0])
    strips(rows, "restorer-double")
    for kind in ("clean", "noise", "jpeg", "blur"):
        rows = {"bicubic": [], "output": []}
        for index, (_, a) in enumerate(benchmark.originals()):
            a = a[:a.shape[0] // 16 * 16, :a.shape[1] // 16 * 16]
            y = eight_bit(resize(a, [side // 2 for side in a.shape[:2]])).astype(np.float32) / 255
            y = y if kind == "clean" else benchmark.damaged(kind, y, seed=1000 + index)
            rows["bicubic"].append((a, resize(y, list(a.shape[:2])).clip(0, 1)))
            rows["output"].append((a, model(planes(y))[0].clamp(0, 1).permute(1, 2, 0).numpy()))
        figures[kind] = {column: {
            "psnr": round(metrics.psnr([metrics.squared_error(*pair) for pair in pairs]), 2),
            "ssim": round(float(np.mean([metrics.ssim(*pair) for pair in pairs])), 4),
            "gmsd": round(float(np.mean([metrics.gmsd(*pair) for pair in pairs])), 4),
        } for column, pairs in rows.items()}
    return figures


@torch.no_grad()
def solved(model):
    """A restorer that is solved, on pictures damaged in each way: dB of the input and of the result, and calls of the
    solver at each tolerance, as a mean over the pictures."""
    figures = {}
    for kind in benchmark.DAMAGES:
        rows = [(a, benchmark.damaged(kind, a, seed=1000 + index)) for index, (_, a) in enumerate(benchmark.originals())]
        figures[kind] = {"input": pooled([(planes(a), planes(y)) for a, y in rows])}
        for tolerance in TOLERANCES:
            ends = [ode.solve(model, planes(y), tolerance) for _, y in rows]
            figures[kind][f"output at {tolerance:g}"] = pooled([(planes(a), end) for (a, _), (end, _) in zip(rows, ends)])
            figures[kind][f"calls at {tolerance:g}"] = round(float(np.mean([calls for _, calls in ends])), 1)
    return figures


@torch.no_grad()
def textures(model, abar, path, spectrum, count=256, shown=48):
    """Patches made at each number of steps beside held-out ones: patch-Frechet distance, and how far the mean power
    of a frequency is off, in dB. Real patches of one half of the held-out pictures against the other are the floor."""
    random, pictures, cut = np.random.default_rng(21), benchmark.originals(), [[], []]
    for index in range(2 * count):
        a = pictures[random.integers(len(pictures) // 2) * 2 + index % 2][1]
        top, left = (random.integers(0, side - 31) for side in a.shape[:2])
        cut[index % 2].append(a[top:top + 32, left:left + 32])
    both = [*cut[0], *cut[1]]
    figures = {"spectrum": spectrum, "patches": count, "real": compared(cut[0], cut[1])}
    for steps in STEPS_TEXTURES:
        z = torch.randn(count, 3, 32, 32, generator=torch.Generator().manual_seed(steps))
        made = torch.cat([textures_of.ddim(model, abar, part, steps) for part in z.split(64)])
        made = [((part.clamp(-1, 1) + 1) / 2).permute(1, 2, 0).numpy() for part in made]
        figures[str(steps)] = compared(both, made)
    sheet([np.rint(255 * part).astype(np.uint8) for part in made[:shown]], 12, CARDS / f"texture-{path}.png")
    return figures


def compared(real, made):
    power = lambda rows: (np.abs(np.fft.rfft2(np.stack(rows), axes=(1, 2))) ** 2).mean(axis=(0, 3))[textures_of.radii() >= 1]
    return {"patchFrechet": round(metrics.patch_frechet(real, made), 3),
            "spectrum": round(float(np.abs(10 * np.log10(power(made) / power(real))).mean()), 2)}
