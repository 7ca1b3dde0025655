"""cards/CARD.md of every network that is not the restorer: a text of card-texts with its figures in tables. Generated.

In a text, {{figures NAME}} stands for the tables of NAME.figures.json, {{training}} for a row a network, and
{{wallpapers}} or {{stickers}} for what was learned from.
"""
import json
import re

from places import CARDS, PICTURES, TRAINING

TEXTS = TRAINING / "card-texts"
LISTING = TRAINING / "stickers.json"
WIDEST = 8                                    # columns of a table
# card: the networks it tells of
TOLD = {
    "prior": ("prior",),
    "lpn": ("lpn",),
    "orthogonal": ("orthogonal-4", "orthogonal-10", "orthogonal-20"),
    "texture": ("texture-shortest", "texture-plain"),
    "restorer-double": ("restorer-double",),
    "restorer-ode": ("restorer-ode", "restorer-ode-local"),
    "sticker": ("sticker-autoencoder", "sticker-judge", "sticker"),
    "sticker-flow": ("sticker-flow", "sticker-reflow"),
}


def card_of(name):
    """The card that tells of a network."""
    return next(card for card, names in TOLD.items() if name in names)


def cell(value):
    if isinstance(value, (list, tuple)):
        return ", ".join(map(cell, value))
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def tables(figures):
    """Markdown of nested figures: single values as a list, a level of like rows as a table, deeper levels one by one."""
    single = {key: value for key, value in figures.items() if not isinstance(value, dict)}
    nested = {key: value for key, value in figures.items() if isinstance(value, dict)}
    parts = []
    if single:
        parts.append("\n".join(f"- {key}: {cell(value)}" for key, value in single.items()))
    flat = {key: flattened(value) for key, value in nested.items()}
    columns = list(next(iter(flat.values()))) if flat else []
    if len(flat) > 1 and len(columns) <= WIDEST and all(list(row) == columns for row in flat.values()):
        lines = [f"| | {' | '.join(columns)} |", f"| --- |{' ---: |' * len(columns)}"]
        lines += [f"| {key} | {' | '.join(map(cell, row.values()))} |" for key, row in flat.items()]
        parts.append("\n".join(lines))
    else:
        parts += [f"**{key}**\n\n{tables(value)}" for key, value in nested.items()]
    return "\n\n".join(parts)


def flattened(row, before=""):
    """{"made": {"first": 1}} -> {"made first": 1}"""
    out = {}
    for key, value in row.items():
        name = f"{before} {key}".strip()
        out.update(flattened(value, name) if isinstance(value, dict) else {name: value})
    return out


def measured(name, root):
    path = root / f"{name}.figures.json"
    return json.loads(path.read_text()) if path.exists() else None


def training(names, root):
    rows = ["| network | preset | steps | hours |", "| --- | --- | ---: | ---: |"]
    for name in names:
        told = measured(name, root)
        facts = f"{told['preset']} | {told['steps']:,} | {told['hours']}" if told else "not trained | - | -"
        rows.append(f"| {name} | {facts} |")
    return "\n".join(rows)


def wallpapers():
    rows = [row for row in json.loads(PICTURES.read_text()) if not row["heldOut"]]
    return (f"{len(rows)} wallpapers of six Debian packages, cut into crops. Package, author and licence of each are in "
            "[credits.md](../credits.md); the pictures are not in this repository.")


def stickers():
    lines = ["| style | package | licence | pictures | held out |", "| --- | --- | --- | ---: | ---: |"]
    for group in json.loads(LISTING.read_text()):
        out = sum(row["heldOut"] for row in group["pictures"])
        lines.append(f"| {group['style']} | {group['package']} {group['version']} | {group['licence']} "
                     f"| {len(group['pictures']) - out:,} | {out} |")
    lines += ["", "Every picture with its caption is in training/stickers.json; the pictures are not in this repository."]
    return "\n".join(lines)


def write(card, root=TRAINING, into=CARDS):
    """Fill a card's text with whatever has been measured."""
    def filled(match):
        what, *name = match[1].split()
        if what == "figures":
            told = measured(name[0], root)
            return tables(told["figures"]) if told else "Not measured."
        return {"training": lambda: training(TOLD[card], root), "wallpapers": wallpapers, "stickers": stickers}[what]()

    into.mkdir(exist_ok=True)
    text = (TEXTS / f"{card}.md").read_text()
    text = re.sub(r"\{\{(.*?)\}\}", filled, text)
    # A sheet that was not made is not linked.
    text = re.sub(r"\n!\[[^\]]*\]\(([^)]*)\)\n", lambda match: match[0] if (into / match[1]).exists() else "", text)
    (into / f"{card}.md").write_text(text)
