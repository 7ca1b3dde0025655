"""Fetch, name, render and list the artwork: work/stickers-SIDE.npy (uint8 [n, side, side, 4]) and stickers.json."""
import hashlib
import json
import os
import subprocess
from pathlib import Path

import numpy as np

from places import TRAINING, WORK

from . import captions, sources

LISTING = TRAINING / "stickers.json"          # every picture with its caption, under its package and licence
MODULES = TRAINING.parent.parent / "node_modules"


def array(side):
    return WORK / f"stickers-{side}.npy"


def render(pictures, side):
    """uint8 [n, side, side, 4] of [{"body", "box"} or {"file"}]."""
    jobs, raw = WORK / "sticker-jobs.jsonl", WORK / "stickers.raw"
    jobs.write_text("".join(json.dumps(picture) + "\n" for picture in pictures))
    # The system's node may be too old to run TypeScript; the project brings its own.
    path = f"{MODULES / '.bin'}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["node", Path(__file__).with_name("render.ts"), jobs, raw, str(side)], check=True,
                   env={**os.environ, "PATH": path})
    pixels = np.fromfile(raw, np.uint8).reshape(-1, side, side, 4)
    jobs.unlink()
    raw.unlink()
    return pixels


def make(side=64, styles=tuple(sources.STYLES), with_clipart=False, most=None):
    """Write both files; `most` pictures per style, for a look at the data. Returns counts."""
    WORK.mkdir(exist_ok=True)
    listing, kept, seen = [], [], set()
    for style, package, version, (author, licence), rows in sources.collect(styles, with_clipart):
        named = [(key, captions.name_of(key), picture) for key, picture in rows]
        named = [row for row in named if row[1] is not None][:most]
        mine = []
        for (key, name, _), pixels in zip(named, render([picture for *_, picture in named], side)):
            mark = hashlib.sha256(pixels.tobytes()).digest()
            if mark in seen or pixels[..., 3].max() == 0:
                continue                      # the same picture under another name, or nothing at all
            seen.add(mark)
            kept.append(pixels)
            mine.append({"key": key, "caption": f"{style} {name}", "heldOut": captions.held_out(name)})
        listing.append({"style": style, "package": package, "version": version, "author": author,
                        "licence": licence, "pictures": mine})
        print(json.dumps({"style": style, "pictures": len(mine)}), flush=True)
    np.save(array(side), np.stack(kept))
    text = json.dumps(listing, ensure_ascii=False).replace('{"key"', '\n{"key"').replace('{"style"', '\n{"style"')
    LISTING.write_text(text + "\n")
    return {"pictures": len(kept), "heldOut": sum(row["heldOut"] for group in listing for row in group["pictures"])}


def load(side):
    """(uint8 [n, side, side, 4] memory-mapped, captions [n], held out bool [n]), in the same order."""
    rows = [row for group in json.loads(LISTING.read_text()) for row in group["pictures"]]
    pixels = np.load(array(side), mmap_mode="r")
    if len(pixels) != len(rows):
        raise SystemExit("stickers.json and the pictures do not belong together: run `data stickers` again")
    return pixels, [row["caption"] for row in rows], np.array([row["heldOut"] for row in rows])
