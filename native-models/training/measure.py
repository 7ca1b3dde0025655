"""Figures on the held-out pictures, of every network but the stickers' and the restorer's two; how a sheet is written."""
import numpy as np
import torch
from PIL import Image
from scipy.ndimage import gaussian_filter

import benchmark
import metrics
import ode
import textures as textures_of
from degrade import eight_bit, resize
from places import CARDS

LEVELS_SHOWN = (20, 50, 100, 200, 400, 700)
TOLERANCES = (1e-2, 1e-3, 1e-4)
STEPS_TEXTURES = (10, 50, 250)
BLURS = (0.5, 0.75, 1.0, 1.25, 1.5)           # px, of the Gaussian filter to beat


def planes(a):
    return torch.from_numpy(np.ascontiguousarray(a.transpose(2, 0, 1)))[None]


def noise_like(x, seed):
    return torch.randn(x.shape, generator=torch.Generator().manual_seed(seed))


def pooled(pairs):
    """PSNR in dB of [(original, result)], tensors in 0..1."""
    return round(metrics.psnr([float(((a - b.clamp(0, 1)) ** 2).mean()) for a, b in pairs]), 2)


@torch.no_grad()
def prior(model):
    """{level: {"input", "output"}}: dB of the noisy picture brought to its size, and of what the network makes of it."""
    figures = {}
    for level in LEVELS_SHOWN:
        before, after = [], []
        for index, (_, a) in enumerate(benchmark.originals()):
            x0, t = planes(a), torch.tensor([level])
            e, alpha, s = noise_like(x0, 1000 + index), model.a[level], model.s[level]
            x = alpha * (2 * x0 - 1) + s * e
            before.append((x0, (x / alpha + 1) / 2))
            after.append((x0, ((x - s * model(x, t)) / alpha + 1) / 2))
        # Without the clip, as levels are told: the noise itself.
        raw = metrics.psnr([float(((a - b) ** 2).mean()) for a, b in before])
        figures[str(level)] = {"input": round(raw, 2), "output": pooled(after)}
    return figures


@torch.no_grad()
def proximal(model, sigma):
    """dB at the noise it was trained for: input, best Gaussian filter, network; and how far its slope is from symmetric."""
    noisy, filtered, denoised = [], {blur: [] for blur in BLURS}, []
    for index, (_, a) in enumerate(benchmark.originals()):
        x0 = planes(a)
        y = x0 + sigma * noise_like(x0, 1000 + index)
        noisy.append((x0, y))
        denoised.append((x0, model(y)[0]))
        for blur in BLURS:
            filtered[blur].append((x0, torch.from_numpy(gaussian_filter(y.numpy(), (0, 0, blur, blur)))))
    return {"sigma": sigma, "input": pooled(noisy), "gaussian": max(pooled(rows) for rows in filtered.values()),
            "output": pooled(denoised), "asymmetry": asymmetry(model, y[..., :32, :32])}


def asymmetry(model, y):
    """|u.Jv - v.Ju| / |u.Jv| for random u, v, in double precision: 0 for a gradient."""
    double = type(model)(k=model.pad + 1).double()
    double.load_state_dict(model.state_dict())
    y = y.double()
    u, v = (noise_like(y, seed).double() for seed in (1, 2))
    with torch.enable_grad():
        slope = lambda along: torch.autograd.functional.jvp(lambda at: double(at)[0], y, along)[1]
        one, other = float((u * slope(v)).sum()), float((v * slope(u)).sum())
    return abs(one - other) / abs(one)


@torch.no_grad()
def orthogonal(model, sigma):
    """dB at its noise, before and after the kernels are certified; gains of the layers; how fast an inpainting settles."""
    def db():
        rows = []
        for index, (_, a) in enumerate(benchmark.originals()):
            x0 = planes(a)
            rows.append((x0, model(x0 + sigma * noise_like(x0, 1000 + index))))
        return pooled(rows)

    penalty, before = float(model.penalty()), db()
    gains = model.certify()
    return {"sigma": sigma, "orthogonality": round(penalty, 5), "gains": [round(gain, 5) for gain in gains],
            "outputUncertified": before, "output": db(), "inpainting": inpainting(model)}


def inpainting(model, steps=200, side=192):
    """Half of the pixels of one picture missing: x <- D(known pixels put back). How much each step changes, and the dB."""
    a = next(a for name, a in benchmark.originals() if name == "chelsea")
    x0 = planes(a[:side, :side])
    known = (torch.rand(1, 1, *x0.shape[2:], generator=torch.Generator().manual_seed(3)) < 0.5).float()
    x, changes = known * x0 + (1 - known) * 0.5, []
    for _ in range(steps):
        after = model(known * x0 + (1 - known) * x)
        changes.append(float((after - x).norm()))
        x = after
    rises = max(after - before for before, after in zip(changes, changes[1:]))
    return {"psnr": pooled([(x0, x)]), "largestRise": round(max(0.0, rises), 7),
            "change": {str(at): round(changes[at - 1], 5) for at in (1, 10, 50, steps)}}


@torch.no_grad()
def double(model):
    """Held-out pictures halved, then damaged in each way: PSNR, SSIM and GMSD of the bicubic enlargement and of the network."""
    figures = {}
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


def sheet(pictures, columns, path):
    """Write [uint8 [h, w, 3]] as rows of `columns`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blank = np.full_like(pictures[0], 255)
    padded = [*pictures, *[blank] * (-len(pictures) % columns)]
    rows = [np.hstack(padded[i:i + columns]) for i in range(0, len(padded), columns)]
    Image.fromarray(np.vstack(rows)).save(path, optimize=True)
