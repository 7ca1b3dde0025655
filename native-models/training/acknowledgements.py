"""native-models/credits.md: who made the training pictures. Generated from pictures.json and stickers.json."""
import json
from pathlib import PurePosixPath

from places import MODELS, PICTURES, TRAINING

LISTING = TRAINING / "stickers.json"

HEAD = """# Credits

The networks in this folder learned from pictures that ship with Debian. The pictures themselves are not part of
this repository. Package, author and licence are what each package states (the picture's own metadata file where
there is one, otherwise debian/copyright; for the samples of python3-skimage, its documentation); "not stated" means that neither names the picture's author. Pictures
marked "held out" were used for measuring only.
"""

ARTWORK = """
## Artwork of the sticker models

Each picture with its caption is in training/stickers.json. What the models draw resembles them. None is part of this
repository but fifty small ones in test/bench/stickers, from which no model learned.

| style | package | author | licence | pictures |
| --- | --- | --- | --- | ---: |"""


def title(file):
    """A short name: the folder for pictures that come in sizes, else the file."""
    path = PurePosixPath(file)
    return f"{path.parents[2].name} ({path.parent.name}, {path.name})" if "contents" in path.parts else path.name


def write():
    rows = json.loads(PICTURES.read_text())
    lines = [HEAD, f"{len(rows)} pictures.", "", "| package | picture | author | licence | |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        lines.append("| {package} {version} | {title} | {author} | {licence} | {held} |".format(
            package=row["package"], version=row["version"], title=title(row["file"]),
            author=row["author"] or "not stated", licence=row["licence"] or "not stated",
            held="held out" if row["heldOut"] else ""))
    if LISTING.exists():
        lines.append(ARTWORK)
        lines += [f"| {row['style']} | {row['package']} {row['version']} | {row['author']} | {row['licence']} | {len(row['pictures']):,} |"
                  for row in json.loads(LISTING.read_text())]
    (MODELS / "credits.md").write_text("\n".join(lines) + "\n")
