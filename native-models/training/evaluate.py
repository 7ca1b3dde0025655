"""Measure the exported networks on the held-out pictures; write figures.json, the contact sheet and the card."""
import json

import numpy as np
import torch

import benchmark
import card
import export
import metrics
import sheet
from flow import euler
from places import FLOW, MEAN, TRAINING

FIGURES = TRAINING / "figures.json"
STEPS = (1, 5, 25)
SEED = 5


def tensor(a):
    return torch.from_numpy(np.ascontiguousarray(a.transpose(2, 0, 1)))[None]


def array(x):
    """[1, 3, h, w] -> float [h, w, 3] on the 8-bit grid, as a saved file would be."""
    return (x[0].numpy().transpose(1, 2, 0) * 255).round() / 255


@torch.no_grad()
def columns(kind, y, mean, velocity):
    """{column: result} for one damaged picture."""
    x_star = mean(tensor(y)).clamp(0, 1)
    results = {"input": y}
    if kind != "clean":
        results["classical"] = benchmark.classical(kind, y)
    if kind in ("noise", "jpeg"):
        results["blind"] = (benchmark.blind(y) * 255).round() / 255
    results["mean"] = array(x_star)
    for steps in STEPS if velocity else ():
        results[f"flow{steps}"] = array(euler(velocity, x_star, steps, SEED))
    return results


def row(originals, results):
    """Figures of one (damage, column): pooled PSNR, means of SSIM and GMSD, patch-Frechet, each picture's PSNR."""
    errors = [metrics.squared_error(a, b) for a, b in zip(originals, results)]
    each = [metrics.psnr([error]) for error in errors]
    tidy = lambda value, digits: None if value is None else round(value, digits)
    return {
        "psnr": tidy(metrics.psnr(errors), 2),
        "ssim": round(float(np.mean([metrics.ssim(a, b) for a, b in zip(originals, results)])), 4),
        "gmsd": round(float(np.mean([metrics.gmsd(a, b) for a, b in zip(originals, results)])), 4),
        "patchFrechet": round(metrics.patch_frechet(originals, results), 3),
        "psnrEach": [tidy(value, 2) for value in each],
    }


def evaluate(name, threads=2):
    """All columns up to `name`'s: the flow's run measures both networks."""
    torch.set_num_threads(threads)
    mean, mean_facts = export.restore(MEAN)
    velocity, flow_facts = export.restore(FLOW) if name == FLOW else (None, None)
    if flow_facts and flow_facts["trained_on"] != mean_facts["sha256"]:
        raise SystemExit("this flow was trained on another posterior mean: train and export it again")
    names, pictures = zip(*benchmark.originals())
    figures = {"seed": SEED, "pictures": list(names), "longest": benchmark.LONGEST, "side": benchmark.SIDE, "rows": {},
               "training": {MEAN: facts(mean_facts), **({FLOW: facts(flow_facts)} if flow_facts else {})}}
    strips = []
    for kind in (*benchmark.DAMAGES, "clean"):
        collected = {}
        for index, a in enumerate(pictures):
            y = a if kind == "clean" else benchmark.damaged(kind, a, seed=1000 + index)
            results = columns(kind, y, mean, velocity)
            for column, result in results.items():
                collected.setdefault(column, []).append(result)
            if velocity and kind != "clean":
                strips.append((kind, names[index], [*(results[key] for key in sheet.COLUMNS), a]))
        figures["rows"][kind] = {column: row(pictures, results) for column, results in collected.items()}
        print(kind, {column: figures["rows"][kind][column]["psnr"] for column in collected}, flush=True)
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    if velocity:
        sheet.write(strips)
    card.write(figures)


def facts(saved):
    return {"sha256": saved["sha256"], "steps": saved["step"], "annealSteps": (saved["anneal"] or (0, 0))[1],
            "hours": round(saved["seconds"] / 3600, 2)}
