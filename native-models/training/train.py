"""Train one network. Resumable: every call continues from the checkpoint; SIGTERM saves and stops."""
import json
import signal
import time

import numpy as np
import torch

import degrade
import flow
import procedural
from crops import shares as shares_of
from network import PosteriorMean, Velocity
from places import CROPS, FLOW, MEAN, WORK, checkpoint, exported
from presets import PRESETS
from schedule import rate

SAVE_EVERY = 180                              # seconds
LOG_EVERY = 50                                # steps
SEEDS = {MEAN: 101, FLOW: 202}


def device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class State:
    """Weights, their running mean (EMA), optimiser and counters of one training."""

    def __init__(self, name, preset):
        torch.manual_seed(SEEDS[name])
        self.name, self.preset = name, preset
        self.model = (PosteriorMean() if name == MEAN else Velocity()).to(device())
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=preset.peak, betas=(0.9, 0.95), weight_decay=1e-4)
        self.step, self.seconds, self.anneal = 0, 0.0, None
        self.trained_on = None
        self.ema = {key: value.clone() for key, value in self.model.state_dict().items()}

    def average(self):
        keep = min(self.preset.ema, (1 + self.step) / (10 + self.step))
        for key, value in self.model.state_dict().items():
            self.ema[key].mul_(keep).add_(value, alpha=1 - keep)

    def save(self, path):
        """Written beside and renamed, so that a kill leaves the old checkpoint whole."""
        beside = path.with_suffix(".part")
        torch.save({"model": self.model.state_dict(), "ema": self.ema, "optimiser": self.optimiser.state_dict(),
                    "step": self.step, "seconds": self.seconds, "anneal": self.anneal,
                    "trained_on": self.trained_on}, beside)
        beside.rename(path)

    def load(self, path):
        saved = torch.load(path, map_location=device())
        self.model.load_state_dict(saved["model"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.ema = saved["ema"]
        for key in ("step", "seconds", "anneal", "trained_on"):
            setattr(self, key, saved[key])


def frozen_mean(state, smoke):
    """The posterior mean stage 2 builds on: the exported one, by hash. The smoke run takes the identity."""
    mean = PosteriorMean().to(device())       # zero head: the identity until weights are loaded
    if not smoke:
        saved = torch.load(exported(MEAN), map_location=device())
        if state.trained_on not in (None, saved["sha256"]):
            raise SystemExit("the posterior mean has changed since this flow was begun: delete its checkpoint, train again")
        mean.load_state_dict(saved["weights"])
        if state.trained_on is None:
            # Not in the recipe: start from the posterior mean's layers. Both nets read local structure, and
            # v(z, 0) = E[x | z0] - z0 is itself a restorer's residual; it saves the first thousand steps.
            state.model.load_state_dict(saved["weights"], strict=False)
            state.ema = {key: value.clone() for key, value in state.model.state_dict().items()}
            state.trained_on = saved["sha256"]
    return mean.eval().requires_grad_(False)


def train(name, preset="cpu", until=None, anneal=0, threads=2):
    """Run to step `until` at the peak rate, or, with `anneal` = N, the last N steps down to 2% of it."""
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)            # denormal numbers slow the late steps
    smoke, plan = preset == "smoke", PRESETS[preset]
    state = State(name, plan)
    if not smoke:
        WORK.mkdir(exist_ok=True)
        if checkpoint(name).exists():
            state.load(checkpoint(name))
    mean = frozen_mean(state, smoke) if name == FLOW else None
    if state.anneal and state.step >= sum(state.anneal):
        state.anneal = None                   # that fall is over; a further call begins a new stretch
    if anneal and state.anneal is None:
        state.anneal = (state.step, anneal)
        state.model.load_state_dict(state.ema)
    last = sum(state.anneal) if state.anneal else until or plan.until
    crops = procedural.crops() if plan.crops == "procedural" else np.load(CROPS, mmap_mode="r")
    shares = shares_of(crops)
    stopped = []
    if not smoke:
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    losses, inputs, began = [], [], state.step
    saved = logged = time.time()
    while state.step < last and not stopped:
        # The smoke run repeats one batch, so that its loss must fall within 20 steps.
        damaged, clean = degrade.batch(crops, shares, plan.batch, SEEDS[name], 0 if smoke else state.step)
        damaged, clean = damaged.to(device()), clean.to(device())
        if name == MEAN:
            loss = ((state.model(damaged) - clean) ** 2).mean()
        else:
            generator = torch.Generator().manual_seed(SEEDS[name] * 10_000_000 + (0 if smoke else state.step))
            loss = flow.loss(state.model, mean, damaged, clean, generator)
        for group in state.optimiser.param_groups:
            group["lr"] = rate(state.step, plan.peak, plan.warmup, *(state.anneal or ()))
        state.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(state.model.parameters(), 1.0)
        state.optimiser.step()
        state.step += 1
        state.average()
        losses.append(loss.item())
        inputs.append(((damaged - clean) ** 2).mean().item())
        if not smoke and state.step % LOG_EVERY == 0:
            now = time.time()
            state.seconds += now - logged
            print(json.dumps({"step": state.step, "loss": round(float(np.mean(losses[-LOG_EVERY:])), 6),
                              "input": round(float(np.mean(inputs[-LOG_EVERY:])), 6),
                              "lr": round(state.optimiser.param_groups[0]["lr"], 6),
                              "secondsPerStep": round((now - logged) / LOG_EVERY, 3)}), flush=True)
            logged = now
            if now - saved > SAVE_EVERY:
                state.save(checkpoint(name))
                saved = now
    if not smoke:
        state.save(checkpoint(name))
    edge = max(1, min(100, len(losses) // 4)) if not smoke else 1
    mean_of = lambda values: float(np.mean(values)) if values else None
    print(json.dumps({"name": name, "first": mean_of(losses[:edge]), "last": mean_of(losses[-edge:]),
                      "steps": state.step - began}), flush=True)
