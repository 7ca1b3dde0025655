"""Writes second vectors beside this file: other seeds, sizes and settings, recomputed from the formulas with numpy.

python3 make.py [NAME ...]
"""
import json
import pathlib
import sys
import zlib

import numpy as np

import bilevel
import descents
import edits
import learners
import pictures
import restorers
import rooms
import spheres
import splats
import walks

ROOMS = (bilevel, descents, edits, learners, pictures, restorers, rooms, spheres, splats, walks)
FILES = {name: make for room in ROOMS for name, make in room.FILES.items()}


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(entry) for entry in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return rounded(value.tolist())
    return float(f"{value:.15g}") if isinstance(value, float) else value


for name in sys.argv[1:] or FILES:
    content = {"about": "Other seeds, sizes and settings than in the vectors of the same name.", **FILES[name](np.random.default_rng(zlib.crc32(name.encode())))}
    (pathlib.Path(__file__).parent / f"{name}-more.json").write_text(json.dumps(rounded(content), separators=(",", ":")) + "\n")
