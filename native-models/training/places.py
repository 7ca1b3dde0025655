"""Where everything lies. The work folder is ignored by git: pictures and checkpoints stay on the machine."""
from pathlib import Path

TRAINING = Path(__file__).resolve().parent
MODELS = TRAINING.parent                      # native-models/: what is shipped
CARDS = MODELS / "cards"
WORK = TRAINING / "work"                      # what is not
PICTURES = TRAINING / "pictures.json"         # the list of pictures, with authors and licences
CROPS = WORK / "crops.npy"                    # uint8 [n, 96, 96, 3]
MANIFEST = MODELS / "manifest.json"

MEAN, FLOW = "restorer-mean", "restorer-flow"
NAMES = (MEAN, FLOW)


def checkpoint(name):
    """Resumable training state: weights, their running mean, optimiser, step."""
    return WORK / f"{name}.pt"


def exported(name):
    """The weights that went into NAME.onnx, with the hash of that file."""
    return WORK / f"{name}.exported.pt"


def onnx(name):
    return MODELS / f"{name}.onnx"
