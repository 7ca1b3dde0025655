"""native-models/manifest.json: what is shipped, under which hash, with which inputs and outputs."""
import json

from flow import SIGMA_SOURCE
from places import FLOW, MANIFEST, MEAN, onnx

LICENCE = "MIT"
PICTURE = ["n", 3, "h", "w"]


def tensor(name, shape):
    return {"name": name, "type": "float32", "shape": shape}


def entry(name, sha256, trained_on):
    """One model's description."""
    common = {
        "file": onnx(name).name, "sha256": sha256, "bytes": onnx(name).stat().st_size, "licence": LICENCE,
        "multiple": 8, "overlap": 64, "card": "cards/restorer.md",
    }
    if name == MEAN:
        return {"id": name, "role": "posterior-mean", "title": "Restorer, faithful", **common,
                "inputs": [tensor("y", PICTURE)], "outputs": [tensor("x", PICTURE)]}
    return {"id": name, "role": "rectified-flow", "title": "Restorer, realistic", **common,
            "inputs": [tensor("z", PICTURE), tensor("t", ["n"])], "outputs": [tensor("v", PICTURE)],
            "sigmaSource": SIGMA_SOURCE, "trainedOn": trained_on}


def write(name, sha256, trained_on=None):
    """Replace this model's entry, keep every other."""
    put(entry(name, sha256, trained_on))


def put(mine):
    """Replace the entry of this id, keep every other."""
    models = json.loads(MANIFEST.read_text())["models"] if MANIFEST.exists() else []
    others = [model for model in models if model["id"] != mine["id"]]
    models = sorted([*others, mine], key=lambda model: (model["id"] != MEAN, model["id"]))
    MANIFEST.write_text(json.dumps({"models": models}, indent=2) + "\n")
