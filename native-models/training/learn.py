"""Teach one network of lessons.py. Resumable: every call continues from the checkpoint; SIGTERM saves and stops."""
import json
import signal
import time
from pathlib import Path

import numpy as np
import torch

import cards
import manifest
from lessons import lesson
from places import MODELS, TRAINING, WORK, checkpoint
from schedule import rate

SAVE_EVERY = 180                              # seconds
LOG_EVERY = 50                                # steps


def device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Progress:
    """Weights, their running mean (EMA), optimiser and counters."""

    def __init__(self, taught, plan):
        torch.manual_seed(taught.seed)
        self.plan, self.stands_on = plan, taught.stands_on(plan)
        self.model = taught.model(plan).to(device())
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=plan.peak, betas=plan.betas, weight_decay=1e-4, foreach=True)
        self.ema = {key: value.clone() for key, value in self.model.state_dict().items()}
        self.step, self.seconds, self.anneal = 0, 0.0, None

    def average(self):
        keep = min(self.plan.ema, (1 + self.step) / (10 + self.step))
        means, values = list(self.ema.values()), list(self.model.state_dict().values())
        torch._foreach_mul_(means, keep)
        torch._foreach_add_(means, values, alpha=1 - keep)

    def save(self, path, preset):
        """Written beside and renamed, so that a kill leaves the old checkpoint whole."""
        beside = path.with_suffix(".part")
        torch.save({"model": self.model.state_dict(), "ema": self.ema, "optimiser": self.optimiser.state_dict(),
                    "preset": preset, "stands_on": self.stands_on,
                    "step": self.step, "seconds": self.seconds, "anneal": self.anneal}, beside)
        beside.rename(path)

    def load(self, path, preset):
        saved = torch.load(path, map_location=device())
        if saved["preset"] != preset:
            raise SystemExit(f"{path.name} was begun with preset {saved['preset']}: go on with that, or delete it")
        if saved["stands_on"] != self.stands_on:
            raise SystemExit(f"what {path.name} was trained on has changed since it was begun: delete it, train again")
        self.model.load_state_dict(saved["model"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.ema = saved["ema"]
        self.step, self.seconds, self.anneal = saved["step"], saved["seconds"], saved["anneal"]


def advance(taught, progress, data):
    """One step; returns its loss."""
    plan = progress.plan
    # The smoke run repeats one batch, so that its loss must fall within few steps.
    loss = taught.loss(progress.model, data, plan, 0 if plan.smoke else progress.step)
    lr = taught.rate(plan, progress.step)
    if lr is None:
        lr = rate(progress.step, plan.peak, plan.warmup, *(progress.anneal or ()))
    for group in progress.optimiser.param_groups:
        group["lr"] = lr
    progress.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(progress.model.parameters(), 1.0)
    progress.optimiser.step()
    taught.settle(progress.model)
    progress.step += 1
    progress.average()
    return loss.item()


def learn(name, preset="cpu", until=None, anneal=0, threads=2, folder=None):
    """Run to step `until` at the peak rate, or, with `anneal` = N, the last N steps down to 2% of it.

    With `folder`, the running-mean weights are exported there at the end. Returns whether it ran to the end.
    """
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)            # denormal numbers slow the late steps
    taught = lesson(name)
    plan = taught.plans[preset]
    if anneal and taught.rate(plan, 0) is not None:
        raise SystemExit(f"{name} has a course of rates of its own: train it to its last step instead")
    progress, data = Progress(taught, plan), taught.data(plan)
    stopped = []
    if not plan.smoke:
        WORK.mkdir(exist_ok=True)
        if checkpoint(name).exists():
            progress.load(checkpoint(name), preset)
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    if progress.anneal and progress.step >= sum(progress.anneal) and (anneal or (until or 0) > progress.step):
        progress.anneal = None                # that fall is over; this call begins a new stretch
    if anneal and progress.anneal is None:
        progress.anneal = (progress.step, anneal)
        progress.model.load_state_dict(progress.ema)
    last = sum(progress.anneal) if progress.anneal else until or plan.until
    losses, saved, logged = [], time.time(), time.time()
    while progress.step < last and not stopped:
        losses.append(advance(taught, progress, data))
        if not plan.smoke and progress.step % LOG_EVERY == 0:
            now = time.time()
            progress.seconds += now - logged
            print(json.dumps({"step": progress.step, "loss": round(float(np.mean(losses[-LOG_EVERY:])), 6),
                              "secondsPerStep": round((now - logged) / LOG_EVERY, 3)}), flush=True)
            logged = now
            if now - saved > SAVE_EVERY:
                progress.save(checkpoint(name), preset)
                saved = now
    if not plan.smoke:
        progress.save(checkpoint(name), preset)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if folder is not None:
        Path(folder).mkdir(parents=True, exist_ok=True)
        taught.write(progress.ema, plan, Path(folder), {"step": progress.step})
    edge = 1 if plan.smoke else max(1, min(100, len(losses) // 4))
    mean_of = lambda values: float(np.mean(values)) if values else None
    print(json.dumps({"name": name, "first": mean_of(losses[:edge]), "last": mean_of(losses[-edge:]),
                      "steps": len(losses)}), flush=True)
    return not stopped


def make(names, preset="cpu", threads=2):
    """Train each by its plan, fall included, export and measure it. A stop saves; the same call goes on from there."""
    for name in names:
        plan, figures = lesson(name).plans[preset], TRAINING / f"{name}.figures.json"
        step, last = reached(name), plan.until + plan.anneal
        told = json.loads(figures.read_text()) if figures.exists() else {}
        if step >= last and (told.get("preset"), told.get("steps")) == (preset, step):
            continue
        if step < plan.until and not learn(name, preset, threads=threads):
            return
        if plan.anneal and step < last and not learn(name, preset, anneal=plan.anneal, threads=threads):
            return
        export(name)
        evaluate(name, threads)


def reached(name):
    """Steps of a checkpoint; 0 where there is none."""
    return torch.load(checkpoint(name), map_location="cpu")["step"] if checkpoint(name).exists() else 0


def export(name):
    """Checkpoint -> files in native-models and the manifest entry."""
    taught, saved = lesson(name), torch.load(checkpoint(name), map_location="cpu")
    entry = taught.write(saved["ema"], taught.plans[saved["preset"]], MODELS, {"step": saved["step"]})
    if entry is not None:
        manifest.put({**entry, "card": f"cards/{cards.card_of(name)}.md"})
    print(json.dumps({"name": name, "step": saved["step"], "seconds": round(saved["seconds"])}))


def evaluate(name, threads=2):
    """Measure the checkpoint's running-mean weights; writes NAME.figures.json and its card."""
    torch.set_num_threads(threads)
    taught, saved = lesson(name), torch.load(checkpoint(name), map_location="cpu")
    plan = taught.plans[saved["preset"]]
    model = taught.model(plan)
    model.load_state_dict(saved["ema"])
    figures = {"name": name, "preset": saved["preset"], "steps": saved["step"], "hours": round(saved["seconds"] / 3600, 2),
               "figures": taught.measure(model.eval(), plan)}
    (TRAINING / f"{name}.figures.json").write_text(json.dumps(figures, indent=1) + "\n")
    cards.write(cards.card_of(name))
    print(json.dumps(figures))
