"""Choose the training pictures: real ones, once each, and never a held-out one."""
import hashlib
import json

import numpy as np
from PIL import Image

import authors
import packages
import samples
from places import PICTURES

Image.MAX_IMAGE_PIXELS = None                 # wallpapers are large; they come from signed packages
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
SHORTEST = 300                                # px

# Photographs with fine detail, chosen by eye; the two packages left out hold renderings.
HELD_OUT = (
    "life_by_Aitzol_Berasategi.jpg",          # a stream in a wood
    "picosdeeuropa_by_Aitzol_Berasategi.jpg", # rocks and snow
    "Kleiber_by_Lukas_Baubkus.jpg",           # bark and a bird
    "RainDrops.jpg",                          # drops on blades
    "EveningGlow/contents/images/2560x1600.jpg",  # boats, clouds
)


def held_out(file):
    return file.endswith(HELD_OUT)


def open_rgb(path, shortest=0):
    """The picture as RGB on white; JPEG is decoded at a reduced scale when `shortest` px still remain."""
    image = Image.open(path)
    if shortest:
        image.draft("RGB", (shortest, shortest))
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def signature(image):
    """A 12x12 grey thumbnail, centred and of length 1: near-equal for two sizes of one picture."""
    small = np.asarray(image.convert("L").resize((12, 12), Image.BOX), float)
    small = small - small.mean()
    return (small / (np.linalg.norm(small) + 1e-9)).ravel()


def candidates(folder):
    """Wallpaper files, largest first, one per folder of sizes (Plasma ships each picture cut to several)."""
    sized, chosen = {}, []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or path.is_symlink() or "screenshot" in path.name.lower():
            continue
        size = Image.open(path).size
        if min(size) < SHORTEST:
            continue
        if path.parent.name.startswith("images"):
            sized.setdefault(path.parent, []).append((size[0] * size[1], path))
        else:
            chosen.append((size[0] * size[1], path))
    chosen += [max(paths) for paths in sized.values()]
    return [path for _, path in sorted(chosen, key=lambda pair: (-pair[0], pair[1]))]


def choose():
    """Write pictures.json and return [(record, path)]."""
    rows, seen = [], []
    for package, (version, folder) in packages.fetch().items():
        credit = authors.of(package, folder)
        for path in candidates(folder):
            mark = signature(open_rgb(path, 64))
            if any(float(mark @ other) > 0.995 for other in seen):
                continue                      # the same picture, smaller
            seen.append(mark)
            file = path.relative_to(folder).as_posix()
            rows.append(({
                "package": package, "version": version, "file": file,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                **credit(file, path), "heldOut": held_out(file),
            }, path))
    records = [record for record, _ in rows] + samples.records()
    PICTURES.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n")
    return rows
