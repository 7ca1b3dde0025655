"""Figures of the networks that take noise away: the prior, the proximal network, the orthogonal denoisers."""
import torch
from scipy.ndimage import gaussian_filter

import benchmark
import metrics
from measure import noise_like, planes, pooled, shown, strips

LEVELS_SHOWN = (20, 50, 100, 200, 400, 700)
BLURS = (0.5, 0.75, 1.0, 1.25, 1.5)           # px, of the Gaussian filter to beat
INPAINTED, STEPS_TOLD = "chelsea", (1, 10, 50, 200)


@torch.no_grad()
def prior(model):
    """{level: {"input", "output"}}: dB of the noisy picture brought to its size, and of what the network makes of it.
    Writes cards/prior.png."""
    figures = {}
    prior_sheet(model)
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


def prior_sheet(model, steps=50, side=112):
    """One detail noisy at six levels, below it what the network makes of each; then six pictures drawn from nothing."""
    x0 = shown(benchmark.originals())[0]
    noisy, clean = [], []
    for index, level in enumerate(LEVELS_SHOWN):
        e, alpha, s = noise_like(x0, 2000 + index), model.a[level], model.s[level]
        x = alpha * (2 * x0 - 1) + s * e
        noisy.append((x + 1) / 2)
        clean.append(((x - s * model(x, torch.tensor([level]))) / alpha + 1) / 2)
    x = noise_like(torch.zeros(len(LEVELS_SHOWN), 3, side, side), 3000)
    levels = [round(len(model.a) * (steps - i) / steps) - 1 for i in range(steps)]
    for level, after in zip(levels, [*levels[1:], None]):
        eps = model(x, torch.full((len(x),), level))
        z = ((x - model.s[level] * eps) / model.a[level]).clamp(-1, 1)
        x = z if after is None else model.a[after] * z + model.s[after] * eps
    strips([noisy, clean, [(part[None] + 1) / 2 for part in x]], "prior")


@torch.no_grad()
def proximal(model, sigma):
    """dB at the noise it was trained for: input, best Gaussian filter, network; how far its slope is from symmetric.
    Writes cards/lpn.png."""
    noisy, filtered, denoised = [], {blur: [] for blur in BLURS}, []
    for index, (_, a) in enumerate(benchmark.originals()):
        x0 = planes(a)
        y = x0 + sigma * noise_like(x0, 1000 + index)
        noisy.append((x0, y))
        denoised.append((x0, model(y)[0]))
        for blur in BLURS:
            filtered[blur].append((x0, torch.from_numpy(gaussian_filter(y.numpy(), (0, 0, blur, blur)))))
    sheet_of(lambda y: model(y)[0], sigma, "lpn")
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
def orthogonal(model, sigma, name):
    """dB at its noise, before and after the kernels are certified; gains of the layers; how fast an inpainting settles.
    Writes cards/NAME.png."""
    def db():
        rows = []
        for index, (_, a) in enumerate(benchmark.originals()):
            x0 = planes(a)
            rows.append((x0, model(x0 + sigma * noise_like(x0, 1000 + index))))
        return pooled(rows)

    penalty, before = float(model.penalty()), db()
    gains = model.certify()
    sheet_of(model, sigma, name)
    return {"sigma": sigma, "orthogonality": round(penalty, 5), "gains": [round(gain, 5) for gain in gains],
            "outputUncertified": before, "output": db(), "inpainting": inpainting(model)}


def inpainting(model, side=192):
    """Half of the pixels of one picture missing: x <- D(known pixels put back). How much each step changes, and the dB."""
    a = next(a for name, a in benchmark.originals() if name == INPAINTED)
    x0 = planes(a[:side, :side])
    known = (torch.rand(1, 1, *x0.shape[2:], generator=torch.Generator().manual_seed(3)) < 0.5).float()
    x, changes = known * x0 + (1 - known) * 0.5, []
    for _ in range(STEPS_TOLD[-1]):
        after = model(known * x0 + (1 - known) * x)
        changes.append(float((after - x).norm()))
        x = after
    rises = max(after - before for before, after in zip(changes, changes[1:]))
    return {"psnr": pooled([(x0, x)]), "largestRise": round(max(0.0, rises), 7),
            "change": {str(at): round(changes[at - 1], 5) for at in STEPS_TOLD}}


@torch.no_grad()
def sheet_of(denoise, sigma, name):
    """cards/NAME.png: details noisy, denoised, clean."""
    rows = []
    for index, x0 in enumerate(shown(benchmark.originals())):
        y = x0 + sigma * noise_like(x0, 2000 + index)
        rows.append([y, denoise(y), x0])
    strips(rows, name)
