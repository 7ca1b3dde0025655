"""One door: `run.py data`, `run.py train NAME`, `run.py export NAME`, `run.py evaluate NAME`, `run.py make NAME...`."""
import argparse
import json
import os

# On a shared machine a thread that spins while it waits for its twin costs more than it saves: with one other
# busy program the default made a step 17 times slower, this one 2 times. Must be set before torch is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

from lessons import MODULES  # noqa: E402
from places import NAMES  # noqa: E402
from presets import PRESETS  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    data = verbs.add_parser("data", help="fetch the pictures, cut the crops, write pictures.json and credits.md")
    data.add_argument("what", nargs="?", choices=("wallpapers", "stickers"), default="wallpapers")
    data.add_argument("--side", type=int, default=64, help="of the stickers, in px")
    data.add_argument("--clipart", action="store_true", help="with Debian's openclipart-png among the stickers")
    train = verbs.add_parser("train", help="train, or go on training")
    train.add_argument("--preset", choices=PRESETS, default="cpu")
    train.add_argument("--until-step", type=int, help="stay at the peak rate up to this step")
    train.add_argument("--anneal", type=int, default=0, help="run the last N steps, down to 2%% of the peak rate")
    train.add_argument("--threads", type=int, default=2)
    train.add_argument("--into", help="at the end, export into this folder (not for the restorer)")
    evaluate = verbs.add_parser("evaluate", help="measure on the held-out pictures, write the card")
    export = verbs.add_parser("export", help="write NAME.onnx, NAME.check.json and the manifest")
    for verb in (train, evaluate, export):
        verb.add_argument("name", choices=(*NAMES, *MODULES))
    whole = verbs.add_parser("make", help="train, export and measure, one after another, each by its plan")
    whole.add_argument("names", nargs="+", choices=tuple(MODULES))
    whole.add_argument("--preset", choices=PRESETS, default="cpu")
    whole.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def main():
    asked = arguments()
    # Imported late: each verb needs its own, and --help needs none.
    if asked.verb == "data" and asked.what == "stickers":
        import acknowledgements
        from stickers import pictures
        made = pictures.make(asked.side, with_clipart=asked.clipart)
        acknowledgements.write()
        print(json.dumps(made))
    elif asked.verb == "data":
        import crops
        import acknowledgements
        used, count = crops.make()
        acknowledgements.write()
        print(json.dumps({"pictures": used, "crops": count}))
    elif asked.verb == "make":
        import learn
        learn.make(asked.names, asked.preset, asked.threads)
    elif asked.verb == "train" and asked.name in MODULES:
        import learn
        learn.learn(asked.name, asked.preset, asked.until_step, asked.anneal, asked.threads, asked.into)
    elif asked.verb == "export" and asked.name in MODULES:
        import learn
        learn.export(asked.name)
    elif asked.verb == "evaluate" and asked.name in MODULES:
        import learn
        learn.evaluate(asked.name)
    elif asked.verb == "train":
        import train
        train.train(asked.name, asked.preset, asked.until_step, asked.anneal, asked.threads)
    elif asked.verb == "evaluate":
        import evaluate
        evaluate.evaluate(asked.name)
    else:
        import export
        export.export(asked.name)


if __name__ == "__main__":
    main()
