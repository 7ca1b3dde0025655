"""Write the running-mean weights of a checkpoint as ONNX (opset 16; n, h, w free), with check file and manifest."""
import hashlib
import json

import torch
from torch import nn

import check
import cotangents
import manifest
from network import PosteriorMean, Velocity
from places import FLOW, MEAN, MODELS, checkpoint, exported, onnx

OPSET = 16


class Clipped(nn.Module):
    """The posterior mean as shipped: clipped to [0, 1]."""

    def __init__(self, mean):
        super().__init__()
        self.mean = mean

    def forward(self, y):
        return self.mean(y).clamp(0.0, 1.0)


def restore(name):
    """(module with the exported weights, what was stored beside them)."""
    saved = torch.load(exported(name), map_location="cpu")
    model = PosteriorMean() if name == MEAN else Velocity()
    model.load_state_dict(saved["weights"])
    return model.eval(), saved


def gradients(name, module):
    """Write NAME.gradients.json of an exported module."""
    n, h, w = cotangents.SMALL
    picture = check.pattern((n, 3, h, w))
    inputs = {"y": picture} if name == MEAN else {"z": picture, "t": torch.tensor(check.TIMES[:n])}
    graph = cotangents.pulled(module, onnx(name), MODELS, inputs, ["x"] if name == MEAN else ["v"], list(inputs)[:1])
    cotangents.write(MODELS / f"{name}.gradients.json", [graph])


def export(name):
    """Checkpoint -> NAME.onnx, NAME.check.json, NAME.gradients.json, manifest entry."""
    saved = torch.load(checkpoint(name), map_location="cpu")
    model = PosteriorMean() if name == MEAN else Velocity()
    model.load_state_dict(saved["ema"])
    module = Clipped(model).eval() if name == MEAN else model.eval()
    picture = torch.rand(1, 3, 64, 64)
    free = {0: "n", 2: "h", 3: "w"}
    if name == MEAN:
        inputs, names, output, axes = (picture,), ["y"], "x", {"y": free, "x": free}
    else:
        inputs, names, output = (picture, torch.tensor([0.5])), ["z", "t"], "v"
        axes = {"z": free, "t": {0: "n"}, "v": free}
    torch.onnx.export(module, inputs, str(onnx(name)), opset_version=OPSET, input_names=names,
                      output_names=[output], dynamic_axes=axes)
    sha256 = hashlib.sha256(onnx(name).read_bytes()).hexdigest()
    check.record(name, module, sha256)
    gradients(name, module)
    manifest.write(name, sha256, saved["trained_on"] if name == FLOW else None)
    torch.save({"weights": saved["ema"], "sha256": sha256, "step": saved["step"], "seconds": saved["seconds"],
                "anneal": saved["anneal"], "trained_on": saved["trained_on"]}, exported(name))
    print(json.dumps({"name": name, "sha256": sha256, "bytes": onnx(name).stat().st_size, "step": saved["step"]}))
