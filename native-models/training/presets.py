"""How long and how wide to train. Only `smoke` and `cpu` have been run; `gpu` is written for whoever has one."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    batch: int                                # windows of 64x64
    peak: float                               # learning rate
    warmup: int                               # steps
    until: int                                # steps at the peak, unless --until-step says otherwise
    ema: float                                # ceiling of the running mean's decay
    crops: str                                # "pictures", or "procedural": made on the spot, no download


PRESETS = {
    "smoke": Preset(batch=8, peak=1e-3, warmup=8, until=20, ema=0.999, crops="procedural"),
    "cpu": Preset(batch=16, peak=1e-3, warmup=50, until=6000, ema=0.999, crops="pictures"),
    "gpu": Preset(batch=64, peak=1e-3, warmup=500, until=200_000, ema=0.9999, crops="pictures"),
}
