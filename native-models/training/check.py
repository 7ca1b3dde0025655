"""Recorded inputs and outputs beside each model, small enough to read, so that any runtime can be compared.

Inputs are not stored but described: value i of the flat picture tensor is
    fround(0.5 + 0.4 sin(0.1 i) + 0.1 sin(1.7 i + 1))
computed in double precision. Of each output 64 evenly spaced values, the mean and the population standard
deviation are kept.
"""
import json

import numpy as np
import torch

from places import MEAN, MODELS

FORMULA = "fround(0.5 + 0.4*sin(0.1*i) + 0.1*sin(1.7*i + 1)), i = flat index"
CASES = ((1, 64, 64), (1, 72, 104), (2, 64, 64))   # n, h, w
TIMES = (0.25, 0.75)                               # t of the first and the second picture
SAMPLES = 64


def pattern(shape):
    """float32 tensor of `shape`, by the formula above."""
    i = np.arange(np.prod(shape), dtype=np.float64)
    return torch.from_numpy((0.5 + 0.4 * np.sin(0.1 * i) + 0.1 * np.sin(1.7 * i + 1)).astype(np.float32)).reshape(shape)


def record(name, module, sha256):
    """Write NAME.check.json for `module`, which takes what NAME.onnx takes."""
    cases = []
    for n, h, w in CASES:
        picture, times = pattern((n, 3, h, w)), list(TIMES[:n])
        with torch.no_grad():
            out = module(picture) if name == MEAN else module(picture, torch.tensor(times))
        flat = out.double().flatten().numpy()
        indices = [round(k * (len(flat) - 1) / (SAMPLES - 1)) for k in range(SAMPLES)]
        cases.append({
            "shape": [n, 3, h, w], **({} if name == MEAN else {"t": times}),
            "mean": float(flat.mean()), "std": float(flat.std()),
            "indices": indices, "values": [round(float(flat[i]), 7) for i in indices],
        })
    inputs, output = (["y"], "x") if name == MEAN else (["z", "t"], "v")
    path = MODELS / f"{name}.check.json"
    path.write_text(json.dumps({"model": name, "sha256": sha256, "formula": FORMULA, "inputs": inputs,
                                "output": output, "tolerance": 1e-4, "cases": cases}, indent=1) + "\n")
