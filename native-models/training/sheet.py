"""The contact sheet: a few held-out details, side by side. Columns as in COLUMNS, then the original."""
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from places import CARDS

COLUMNS = ("input", "classical", "mean", "flow25")
TITLES = ("damaged", "classical", "faithful", "realistic, 25 steps", "original")
DETAIL, GAP, HEAD, MOST = 144, 4, 18, 1_000_000   # px, px, px, bytes
# (damage, picture, centre of the detail as a share of height and width). Only pictures in the public domain, CC0
# or CC-BY (credited on the card), since the sheet shows them.
SHOWN = (
    ("noise", "astronaut", 0.75, 0.30),
    ("noise", "picosdeeuropa_by_Aitzol_Berasategi", 0.35, 0.60),
    ("jpeg", "chelsea", 0.35, 0.40),
    ("jpeg", "coffee", 0.65, 0.65),
    ("blur", "life_by_Aitzol_Berasategi", 0.50, 0.50),
    ("half", "rocket", 0.40, 0.50),
)


def detail(a, fy, fx, side):
    """A square of `side` px around (fy, fx), kept inside the picture."""
    top, left = (int(np.clip(f * n - side / 2, 0, n - side)) for f, n in zip((fy, fx), a.shape[:2]))
    return Image.fromarray(np.rint(255 * a[top:top + side, left:left + side].clip(0, 1)).astype(np.uint8))


def drawn(strips, side):
    """The sheet with details of `side` px."""
    cell = side + GAP
    canvas = Image.new("RGB", (5 * cell + GAP, HEAD + len(SHOWN) * cell + GAP), (32, 32, 32))
    pen, font = ImageDraw.Draw(canvas), ImageFont.load_default()
    for column, title in enumerate(TITLES):
        pen.text((GAP + column * cell, 4), title, fill=(220, 220, 220), font=font)
    for line, (kind, name, fy, fx) in enumerate(SHOWN):
        pictures = next(pictures for k, n, pictures in strips if (k, n) == (kind, name))
        for column, picture in enumerate(pictures):
            canvas.paste(detail(picture, fy, fx, side), (GAP + column * cell, HEAD + line * cell))
    return canvas


def write(strips):
    """cards/restorer.png, with details as large as a megabyte allows."""
    CARDS.mkdir(exist_ok=True)
    path, side = CARDS / "restorer.png", DETAIL
    while True:
        drawn(strips, side).save(path, optimize=True)
        if path.stat().st_size <= MOST:
            return
        side -= 8
