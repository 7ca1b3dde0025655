"""Writes second vectors beside this file: other seeds, sizes and settings, recomputed from the formulas with numpy.

python3 make.py [NAME ...]
"""
import json
import pathlib
import sys
import zlib

import numpy as np

import descents
import edits
import learners
import pictures
import rooms
import walks

FILES = {**pictures.FILES, **descents.FILES, **walks.FILES, **edits.FILES, **rooms.FILES, **learners.FILES}


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
