"""What torch says of a network and autograd of its slope, recorded, so that the runtime and the gradients built for it can
be compared.

Inputs are those of check.py's formula, or written out where they are not pictures. The cotangent of output j is
    fround(sin(0.3 i + 1 + j)), i = flat index;
kept are 64 evenly spaced values of each output and each gradient, and its largest magnitude.
"""
import hashlib
import json

import numpy as np
import torch

from check import FORMULA, SAMPLES

SMALL = (1, 16, 24)                           # n, h, w of the recorded gradients
COTANGENT = "fround(sin(0.3*i + 1 + j)), i = flat index, j = place of the output"


def cotangent(shape, j):
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    return torch.from_numpy(np.sin(0.3 * i + 1 + j).astype(np.float32)).reshape(shape)


def kept(values):
    flat = values.detach().double().flatten()
    indices = sorted({round(k * (len(flat) - 1) / (SAMPLES - 1)) for k in range(SAMPLES)})
    return {"shape": list(values.shape), "largest": float(flat.abs().max()), "indices": indices,
            "values": [float(f"{float(flat[i]):.7g}") for i in indices]}


def pulled(module, file, root, inputs, outputs, wrt):
    """One graph's record. inputs: {name: tensor}; values are written out for every input that is not in `wrt`."""
    given = {name: value.clone().requires_grad_(name in wrt) for name, value in inputs.items()}
    out = module(*given.values())
    out = dict(zip(outputs, out if isinstance(out, tuple) else (out,)))
    found = torch.autograd.grad(list(out.values()), [given[name] for name in wrt],
                                [cotangent(value.shape, j) for j, value in enumerate(out.values())]) if wrt else ()
    return {
        "file": file.relative_to(root).as_posix(), "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "inputs": {name: {"type": str(value.dtype).removeprefix("torch."), "shape": list(value.shape),
                          **({} if name in wrt else {"values": value.flatten().tolist()})} for name, value in inputs.items()},
        "outputs": {name: kept(value) for name, value in out.items()},
        "gradients": {name: kept(gradient) for name, gradient in zip(wrt, found)},
    }


def write(path, graphs):
    told = {"formula": FORMULA, "cotangent": COTANGENT, "tolerance": 1e-4, "toleranceOf": "the largest magnitude"}
    rows = ",\n".join(json.dumps(graph) for graph in graphs)
    path.write_text(json.dumps(told)[:-1] + f', "graphs": [\n{rows}\n]}}\n')
