"""A restorer that is a flow: dx/dt = f(x, t) from the damaged picture at t = 0 to the restored one at t = 1, trained
through the solver; with `local`, at one random place a solver's own estimate of its error is added to the loss.

Locally Regularized Neural Differential Equations (Pal, Edelman, Rackauckas 2023): the place, the length of the step and
its first stage are constants; the other stages carry gradients. A trial: what it saves is counted, nothing is shipped.
"""
import numpy as np
import torch

import degrade
import procedural
from crops import shares as shares_of
from lessons import Lesson, Plan
from network import UNet
from places import CROPS

STEPS = 3                                     # of the classical Runge-Kutta method, in training
TOLERANCE = 1e-3                              # absolute and relative, of the step that is looked at
WEIGHT = (0.03, 0.01)                         # of its error, at the first step of the training and at the last
END, NEAREST = 1.0, 1e-3
# Tsitouras' pair of orders 5 and 4 (2011): nodes, rows of the stages, and their difference.
NODES = (0.0, 0.161, 0.327, 0.9, 0.9800255409045097, 1.0, 1.0)
ROWS = (
    (0.161,),
    (-0.008480655492356989, 0.335480655492357),
    (2.8971530571054935, -6.359448489975075, 4.3622954328695815),
    (5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525),
    (5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383),
    (0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774),
)
ERRORS = (-0.001780011052225777, -0.0008164344596567469, 0.007880878010261995, -0.1447110071732629, 0.5823571654525552,
          -0.45808210592918697, 0.015151515151515152)


def rms(x):
    # A field that stands still has no error, and the slope of a root at 0 is not finite.
    return ((x ** 2).mean() + 1e-24).sqrt()


def tsitouras(f, u, t, dt, first, tolerance):
    """One step from u at t -> (next u, its last stage, estimated error in tolerances)."""
    stages, at = [first], u
    for row, node in zip(ROWS, NODES[1:]):
        at = u + dt * sum(weight * stage for weight, stage in zip(row, stages))
        stages.append(f(at, t + node * dt))
    missed = dt * sum(weight * stage for weight, stage in zip(ERRORS, stages))
    # Largest of the two magnitudes: the scale moves with the step's end, as its error does.
    return at, stages[-1], rms(missed / (tolerance + tolerance * torch.maximum(u.abs(), at.abs())))


@torch.no_grad()
def first_step(f, u, t, first, tolerance):
    """Hairer, Norsett and Wanner's proposal (Solving Ordinary Differential Equations I, II.4)."""
    scale = tolerance + tolerance * u.abs()
    d0, d1 = float(rms(u / scale)), float(rms(first / scale))
    h0 = 1e-6 if min(d0, d1) < 1e-5 else 0.01 * d0 / d1
    d2 = float(rms((f(u + h0 * first, t + h0) - first) / scale)) / h0
    h1 = max(1e-6, h0 * 1e-3) if max(d1, d2) <= 1e-15 else (0.01 / max(d1, d2)) ** 0.2
    return min(100 * h0, h1)


def local_error(f, u, t, tolerance=TOLERANCE):
    """dt times the error of one step at (u, t), in tolerances: what is added to the loss."""
    u = u.detach()
    with torch.no_grad():
        first = f(u, t)
        dt = min(first_step(f, u, t, first, tolerance), END - t)
    return dt * tsitouras(f, u, t, dt, first, tolerance)[2]


@torch.no_grad()
def solve(f, u, tolerance=TOLERANCE):
    """(u at the end, calls): steps of its own choosing, as a solver would take them."""
    t, first, calls = 0.0, f(u, 0.0), 2
    dt = first_step(f, u, t, first, tolerance)
    while t < END:
        dt = min(dt, END - t)
        after, last, error = tsitouras(f, u, t, dt, first, tolerance)
        calls += len(ROWS)
        if error <= 1:
            t, u, first = t + dt, after, last
            if END - t < 1e-9:
                break
        dt *= min(10.0, max(0.2, 0.9 * max(float(error), 1e-9) ** -0.2))
    return u, calls


class Flow(torch.nn.Module):
    """(x [n, 3, h, w], t) -> dx/dt."""

    def __init__(self, **size):
        super().__init__()
        self.net = UNet(timed=True, **size)

    def forward(self, x, t):
        return self.net(x, torch.full((len(x),), float(t), device=x.device))

    def states(self, x):
        """x at every step of the classical Runge-Kutta method, the start first."""
        rows, h = [x], END / STEPS
        for step in range(STEPS):
            t = step * h
            a = self(x, t)
            b = self(x + h / 2 * a, t + h / 2)
            c = self(x + h / 2 * b, t + h / 2)
            x = x + h / 6 * (a + 2 * b + 2 * c + self(x + h * c, t + h))
            rows.append(x)
        return rows


class OdeLesson(Lesson):
    """Both trainings share one seed: the same pictures in the same order."""
    seed = 1400
    plans = {
        "smoke": Plan(batch=2, peak=1e-3, warmup=4, until=20, ema=0.999, smoke=True, size={"widths": (16, 24, 32)}),
        "cpu": Plan(batch=8, peak=1e-3, warmup=50, until=300, ema=0.999, anneal=100, size={"widths": (16, 32, 48)}),
        "gpu": Plan(batch=64, peak=1e-3, warmup=500, until=20_000, ema=0.999, anneal=5000, size={"widths": (48, 96, 128)}),
    }

    def __init__(self, local):
        self.local = local

    def model(self, plan):
        return Flow(**plan.size)

    def data(self, plan):
        crops = procedural.crops() if plan.smoke else np.load(CROPS, mmap_mode="r")
        return crops, shares_of(crops)

    def loss(self, model, data, plan, step):
        where = next(model.parameters()).device
        damaged, clean = (part.to(where) for part in degrade.batch(*data, plan.batch, self.seed, step))
        states = model.states(damaged)
        task = ((states[-1] - clean) ** 2).mean()
        if not self.local:
            return task
        at = int(np.random.default_rng((self.seed, step, 1)).integers(STEPS))
        start, end = WEIGHT
        weight = start * (end / start) ** min(1, step / plan.until)
        # The error is told in tolerances: times the tolerance it is in the units of the picture, as the loss is.
        return task + weight * TOLERANCE * local_error(model, states[at], at * END / STEPS)

    def measure(self, model, plan):
        import measure_pictures               # wants scikit-image, which training does not
        return measure_pictures.solved(model)

    def write(self, weights, plan, folder, facts):
        """Nothing is shipped: the trial is its figures."""


def lesson(local=False):
    return OdeLesson(local)
