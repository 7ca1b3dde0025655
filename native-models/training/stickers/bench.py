"""What the studio's own benches judge stickers by, as files: test/bench/stickers/.

    judge.onnx      sample [n, 3, h, w] on white in -1..1 -> features [n, 128], logits [n, words]
    judge.jsonl     one line of mean and spread of the features, the captions that are asked for and what drawn pictures
                    come to; then a line for every candidate of a retrieval: the caption and the numbers of its words, so
                    that no reader has to split it
    drawn.f32       float32, little-endian: features of the drawn pictures of those captions, less the mean, over the spread
    exhibits/       held-out pictures that scenes are composed of, with credits.md: who drew them
"""
import json

import numpy as np
import torch
from PIL import Image

from export import OPSET
from places import TRAINING

from . import pictures, quality
from .autoencoder import on_white
from .tokens import pieces

FOLDER = TRAINING.parent.parent / "test" / "bench" / "stickers"
# One thing each, held out by its name, of words that the judge knows.
EXHIBITS = ("bell", "blue square", "drum", "meat on bone", "mirror", "person bowing", "small blue diamond",
            "woman health worker", "woman shrugging")

CREDITS = """# Credits

Pictures of others in exhibits/, 64 pixels a side: what scenes are composed of when the editing of objects is measured. None
of the networks learned from them. Package, author and licence are what each package states.

| style | package | author | licence | pictures |
| --- | --- | --- | --- | ---: |
"""


def export(model, path):
    """judge.onnx; number and sides of the pictures are free."""
    free = {0: "n", 2: "h", 3: "w"}
    torch.onnx.export(model, (torch.zeros(1, 3, 64, 64),), str(path), opset_version=OPSET, input_names=["sample"],
                      output_names=["features", "logits"],
                      dynamic_axes={"sample": free, "features": {0: "n"}, "logits": {0: "n"}})


def exhibits(pixels, captions, held, into):
    """Write the pictures as RGBA, named by their captions, and who drew them. Returns the captions."""
    into.mkdir(parents=True, exist_ok=True)
    for old in into.glob("*.png"):
        old.unlink()
    rows = [row for row in np.flatnonzero(held) if captions[row].split(" ", 1)[1] in EXHIBITS]
    for row in rows:
        Image.fromarray(np.asarray(pixels[row])).save(into / f"{captions[row].replace(' ', '-')}.png", optimize=True)
    shown = [captions[row] for row in rows]
    lines = ["| {style} | {package} {version} | {author} | {licence} | {count} |\n".format(
                **group, count=sum(caption.startswith(f"{group['style']} ") for caption in shown))
             for group in json.loads(pictures.LISTING.read_text())]
    (into.parent / "credits.md").write_text(CREDITS + "".join(lines))
    return shown


def write(model, words, pixels, captions, held, digest, folder=FOLDER):
    """All of it. `digest` is the hash of the judge's weights."""
    folder.mkdir(parents=True, exist_ok=True)
    judge, candidates = quality.Jury(model, words, pixels, held), quality.pool(captions, words)
    export(judge.model, folder / "judge.onnx")
    places = {word: k for k, word in enumerate(words)}
    numbers = [[caption, *sorted({places[piece] for piece in pieces(caption)})] for caption in candidates]
    asked, features = {}, []
    for name, rows in quality.asked(captions, held, candidates).items():
        drawn, logits, other = quality.drawn(judge, pixels, held, rows)
        wanted = [captions[row] for row in rows]
        asked[name] = {"captions": wanted, "kid": round(1000 * quality.kid(other, drawn), 2),
                       "found": quality.retrieval(judge, logits, wanted, candidates)}
        features.append(drawn)
    torch.cat(features).numpy().astype("<f4").tofile(folder / "drawn.f32")
    shown = exhibits(pixels, captions, held, folder / "exhibits")
    head = {"sha256": digest, "mean": rounded(judge.mean), "spread": rounded(judge.spread), "asked": asked, "exhibits": shown}
    lines = [json.dumps(row, separators=(",", ":")) for row in (head, *numbers)]
    (folder / "judge.jsonl").write_text("\n".join(lines) + "\n")


def rounded(values):
    return [round(float(value), 6) for value in values]
