"""cards/restorer.md: what the two networks are, what they learned from, what they can and cannot do. Generated."""
import json
import platform

from flow import SIGMA_SOURCE
from places import CARDS, CROPS, PICTURES, TRAINING
from samples import PACKAGE
from train import SEEDS

DAMAGES = {
    "noise": "Gaussian noise, 25/255",
    "jpeg": "JPEG, quality 20, 4:2:0",
    "blur": "Gaussian blur, 1.6 px",
    "half": "shrunk to half, bicubic",
    "clean": "undamaged",
}
COLUMNS = {
    "input": "damaged input", "classical": "classical, told", "blind": "classical, blind",
    "mean": "faithful (x\\*)",
    "flow1": "realistic, K = 1", "flow5": "realistic, K = 5", "flow25": "realistic, K = 25",
}
TEXT, LIMITS = TRAINING / "card-text.md", TRAINING / "card-limits.md"


def table(rows):
    """One line per damage and column."""
    lines = ["| damage | result | PSNR, dB | SSIM | GMSD | patch-Frechet |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    for kind, columns in rows.items():
        best = max((row["psnr"] for key, row in columns.items() if row["psnr"] is not None), default=None)
        for key, row in columns.items():
            if kind == "clean" and key == "input":
                continue
            psnr = "identical" if row["psnr"] is None else f"{row['psnr']:.2f}"
            psnr = f"**{psnr}**" if row["psnr"] == best else psnr
            lines.append(f"| {DAMAGES[kind]} | {COLUMNS[key]} | {psnr} | {row['ssim']:.3f} | {row['gmsd']:.3f} "
                         f"| {row['patchFrechet']:.2f} |")
    return "\n".join(lines)


def spread(rows):
    """Picture by picture: what x* gains over the input."""
    lines = ["| damage | smallest gain, dB | mean | largest |", "| --- | ---: | ---: | ---: |"]
    for kind, columns in rows.items():
        if kind != "clean":
            gains = [a - b for a, b in zip(columns["mean"]["psnrEach"], columns["input"]["psnrEach"])]
            lines.append(f"| {DAMAGES[kind]} | {min(gains):+.2f} | {sum(gains) / len(gains):+.2f} | {max(gains):+.2f} |")
    return "\n".join(lines)


def licences():
    """'CC-BY-SA-4.0 (19), ...' over the training pictures."""
    counts = {}
    for row in json.loads(PICTURES.read_text()):
        if not row["heldOut"]:
            licence = row["licence"] or "not stated"
            counts[licence] = counts.get(licence, 0) + 1
    return ", ".join(f"{licence} ({count})" for licence, count in sorted(counts.items(), key=lambda pair: -pair[1]))


def crop_count():
    import numpy
    return len(numpy.load(CROPS, mmap_mode="r")) if CROPS.exists() else "?"


def write(figures):
    """Fill card-text.md with the figures."""
    CARDS.mkdir(exist_ok=True)
    rows = json.loads(PICTURES.read_text())
    training = [row for row in rows if not row["heldOut"]]
    lines = [f"| {name} | {facts['steps']:,} | {facts['annealSteps']:,} | {facts['hours']:.2f} | {SEEDS[name]} |"
             for name, facts in figures["training"].items()]
    filled = TEXT.read_text().format(
        pictures=len(training), crops=f"{crop_count():,}", licences=licences(),
        samples=sum(row["package"] == PACKAGE for row in rows), held=len(figures["pictures"]),
        sigma=SIGMA_SOURCE, longest=figures["longest"], side=figures["side"], python=platform.python_version(), seed=figures["seed"],
        training="\n".join(lines), limits=LIMITS.read_text().strip(), table=table(figures["rows"]), spread=spread(figures["rows"]))
    (CARDS / "restorer.md").write_text(filled)
