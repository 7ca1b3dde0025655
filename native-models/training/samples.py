"""The scikit-image sample pictures used for measuring, with what its documentation says about each."""
import hashlib
import importlib.util
import subprocess
from pathlib import Path

PACKAGE = "python3-skimage"
UNRESTRICTED = "no known copyright restrictions"

# file: (author, licence), from the docstrings of skimage.data in version 0.19.3; None: not stated there.
SAMPLES = {
    "astronaut.png": ("NASA", f"public domain, {UNRESTRICTED}"),
    "chelsea.png": ("Stefan van der Walt", "CC0"),
    "coffee.png": ("Rachel Michetti", "CC0"),
    "rocket.jpg": ("SpaceX", "public domain"),
    "ihc.png": ("Center for Microscopy And Molecular Imaging", UNRESTRICTED),
    "motorcycle_left.png": ("Nera Nesic, Porter Westling, Xi Wang, York Kitajima, Greg Krathwohl, Daniel Scharstein", None),
    "retina.jpg": (None, "CC0-1.0"),
    "hubble_deep_field.jpg": ("NASA", "public domain"),
}


def shipped():
    """Paths of the samples the installed package holds; none when it is not installed."""
    found = importlib.util.find_spec("skimage")
    if found is None:
        return []
    folder = Path(found.origin).parent / "data"
    return [folder / name for name in SAMPLES if (folder / name).exists()]


def records():
    """Rows for pictures.json, all held out."""
    paths = shipped()
    if not paths:
        return []
    query = ["dpkg-query", "-W", "-f", "${Version}", PACKAGE]
    version = subprocess.run(query, text=True, capture_output=True).stdout or None
    return [{
        "package": PACKAGE, "version": version, "file": path.as_posix().lstrip("/"),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "author": SAMPLES[path.name][0], "licence": SAMPLES[path.name][1],
        "creditFrom": "docstrings of skimage.data", "heldOut": True,
    } for path in paths]
