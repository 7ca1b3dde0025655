"""Every network that is not the restorer: name -> the module whose `lesson` says how it is taught, and what it is given."""
import importlib
from dataclasses import dataclass, field

MODULES = {
    "prior": ("prior",),
    "sticker-autoencoder": ("stickers.teach_autoencoder",),
    "sticker-judge": ("stickers.teach_judge",),
    "sticker": ("stickers.teach",),
    "sticker-flow": ("stickers.teach_flow",),
    "sticker-reflow": ("stickers.teach_reflow",),
    "restorer-double": ("double",),
    "lpn": ("lpn",),
    "orthogonal-4": ("orthogonal", 0.04),
    "orthogonal-10": ("orthogonal", 0.1),
    "orthogonal-20": ("orthogonal", 0.2),
    "texture-shortest": ("textures", "shortest"),
    "texture-plain": ("textures", "plain"),
    "restorer-ode": ("ode",),
    "restorer-ode-local": ("ode", True),
}


@dataclass(frozen=True)
class Plan:
    """How long and how wide. `until` is the number of steps at the peak, unless --until-step says otherwise; `anneal`
    that of the fall after it, where `make` decides."""
    batch: int
    peak: float                               # learning rate
    warmup: int                               # steps
    until: int
    ema: float                                # ceiling of the running mean's decay
    anneal: int = 0
    smoke: bool = False                       # procedural pictures, one batch over and over, nothing saved
    betas: tuple = (0.9, 0.95)
    size: dict = field(default_factory=dict)  # what the network's constructor takes


class Lesson:
    """What `learn` asks of a network.

    `seed`, `plans` {preset: Plan}, and the methods
    model(plan) -> nn.Module; data(plan) -> whatever `loss` wants; loss(model, data, plan, step) -> scalar, a function
    of seed and step alone; write(weights, plan, folder, facts) -> manifest entry or None, which exports into `folder`.
    """

    def settle(self, model):
        """Called after each step."""

    def rate(self, plan, step):
        """Learning rate of a step, for a lesson that has its own course; None: the usual trapezoid."""
        return None

    def stands_on(self, plan):
        """Hash of the network this one is trained on top of, or None."""
        return None

    def measure(self, model, plan):
        """Figures of trained weights on what was held out."""
        raise NotImplementedError


def lesson(name):
    """The lesson of a name in MODULES."""
    module, *given = MODULES[name]
    return importlib.import_module(module).lesson(*given)
