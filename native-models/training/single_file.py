"""Write a network of one file: NAME.onnx (opset 16; n, h, w free), NAME.check.json, NAME.gradients.json; its manifest entry."""
import hashlib
import json

import torch

import cotangents
from check import CASES, FORMULA, SAMPLES, TIMES, pattern
from export import OPSET
from manifest import LICENCE, PICTURE, tensor

AXES = {"n", "h", "w", "2h", "2w"}


def example(shape, levels, case):
    """Input for one check case: the formula's picture, or (with `levels`) int64 levels at TIMES of the ladder."""
    n, h, w = case
    if levels is not None:
        return torch.tensor([int(levels * time) for time in TIMES[:n]])
    return pattern([{"n": n, "h": h, "w": w}.get(side, side) for side in shape])


def write_model(name, module, folder, signature, described):
    """Export `module`; returns the manifest entry.

    signature: {"inputs": [(name, shape, levels)], "outputs": [(name, shape)]}; a shape mixes numbers with "n", "h",
    "w" (and "2h", "2w" on the way out); `levels` is None for a picture, else the input is an int64 level below that number.
    """
    inputs, outputs = signature["inputs"], signature["outputs"]
    file = folder / f"{name}.onnx"
    axes = {row[0]: {i: side for i, side in enumerate(row[1]) if side in AXES} for row in (*inputs, *outputs)}
    given = tuple(example(shape, levels, CASES[0]) for _, shape, levels in inputs)
    torch.onnx.export(module, given, str(file), opset_version=OPSET, input_names=[row[0] for row in inputs],
                      output_names=[row[0] for row in outputs], dynamic_axes=axes)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    cases = [recorded(module, inputs, case) for case in CASES]
    (folder / f"{name}.check.json").write_text(json.dumps({
        "model": name, "sha256": sha256, "formula": FORMULA, "inputs": [row[0] for row in inputs], "output": outputs[0][0],
        "tolerance": 1e-4, "cases": cases}, indent=1) + "\n")
    small = {row: example(shape, levels, cotangents.SMALL) for row, shape, levels in inputs}
    cotangents.write(folder / f"{name}.gradients.json", [cotangents.pulled(
        module, file, folder, small, [row[0] for row in outputs], [row for row, _, levels in inputs if levels is None])])
    return {
        "id": name, "file": file.name, "sha256": sha256, "bytes": file.stat().st_size, "licence": LICENCE, **described,
        "inputs": [tensor(row, shape) if levels is None else {**tensor(row, shape), "type": "int64"}
                   for row, shape, levels in inputs],
        "outputs": [tensor(row, shape) for row, shape in outputs],
    }


def recorded(module, inputs, case):
    """Shapes, levels and 64 evenly spaced values of the first output, as check.py records them."""
    given = [example(shape, levels, case) for _, shape, levels in inputs]
    with torch.no_grad():
        out = module(*given)
    flat = (out[0] if isinstance(out, tuple) else out).double().flatten().numpy()
    indices = [round(k * (len(flat) - 1) / (SAMPLES - 1)) for k in range(SAMPLES)]
    told = {"t": value.tolist() for (_, _, levels), value in zip(inputs, given) if levels is not None}
    return {"shape": list(given[0].shape), **told, "mean": float(flat.mean()), "std": float(flat.std()),
            "indices": indices, "values": [round(float(flat[i]), 7) for i in indices]}
