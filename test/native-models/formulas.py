"""What the training code computes, beside the vectors of test/golden and against plain sums. Says nothing where all is well."""
import json
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "native-models" / "training"))

import ode  # noqa: E402
import orthogonal  # noqa: E402
import textures  # noqa: E402
from stickers import captions, quality, rectified  # noqa: E402


def vectors(name):
    return json.loads((ROOT / "test" / "golden" / "vectors" / f"{name}.json").read_text())


def near(actual, wanted, tolerance):
    actual, wanted = (torch.as_tensor(value, dtype=torch.float64) for value in (actual, wanted))
    assert actual.shape == wanted.shape, (actual.shape, wanted.shape)
    assert float((actual - wanted).abs().max()) <= tolerance * max(1.0, float(wanted.abs().max())), (actual, wanted)


def orthogonal_convolutions():
    """L_orth, and the bound on the gain: not below that of any size, and near the largest."""
    golden = vectors("orth-conv")
    for case, wanted in zip(golden["settings"]["cases"], golden["expected"]["cases"]):
        kernel = torch.tensor(case["K"], dtype=torch.float64)
        near(orthogonal.orthogonality(kernel, case["S"]), wanted["L_orth"], 1e-9)
        if case["S"] == 1:
            bound = orthogonal.largest_gain(kernel)
            for side in (5, 17, 64, 301):
                transform = torch.fft.fft2(kernel, (side, side)).permute(2, 3, 0, 1)
                largest = float(torch.linalg.svdvals(transform).max())
                assert largest <= bound, (side, largest, bound)
            assert bound <= 1.002 * largest, (largest, bound)
    denoiser = orthogonal.Denoiser()
    with torch.no_grad():
        denoiser.convolutions[2].weight.mul_(1.7)
    denoiser.certify()
    y, z = torch.rand(2, 1, 3, 24, 32, generator=torch.Generator().manual_seed(1)).unbind()
    a, b = (denoiser(part) for part in (y, z))
    # Firmly non-expansive: |Dy - Dz|^2 <= <Dy - Dz, y - z>.
    assert float(((a - b) ** 2).sum()) <= float(((a - b) * (y - z)).sum())


def local_error():
    """The error of a step and its slope in a bias, as the reference has them."""
    golden = vectors("locally-regularized")
    w1, b1, w2, b2 = (torch.tensor(golden["network"][name], dtype=torch.float64) for name in ("W1", "b1", "W2", "b2"))
    b1.requires_grad_()
    field = lambda u, t: torch.tanh(torch.cat((u, torch.full((len(u), 1), float(t), dtype=u.dtype)), 1) @ w1.T + b1) @ w2.T + b2
    for case in golden["expected"]["cases"]:
        u, t, tolerance = torch.tensor(case["u"], dtype=torch.float64), case["t"], case["atol"]
        with torch.no_grad():
            first = field(u, t)
            dt = case["dt"] if case["dt_given"] else ode.first_step(field, u, t, first, tolerance)
        near(dt, case["dt"], 1e-9)
        error = dt * ode.tsitouras(field, u, t, dt, first, tolerance)[2]
        near(error.detach(), case["reg_error"], 1e-9)
        slope, wanted = torch.autograd.grad(error, b1)[0], torch.tensor(case["grad_reg_error_b1"], dtype=torch.float64)
        near(slope / wanted.abs().max(), wanted / wanted.abs().max(), case["gradient_tolerance"])


def shortest_path():
    """Pictures on the way to the noise, at the reference's size and number of levels."""
    golden = vectors("shortest-path")
    settings = golden["settings"]
    textures.SIDE, textures.LEVELS = settings["size"], settings["T"]
    textures.radii.__defaults__ = (settings["size"],)
    abar = textures.shortest(settings)
    x0, z = torch.tensor(golden["x0"])[None], torch.tensor(golden["noise"])[None]
    for step in golden["expected"]["steps"]:
        near(textures.corrupted(abar, x0, z, torch.tensor([step["k"]]))[0], step["x_t"], 1e-5)


def straight_lines():
    """The ladder is even in the share of noise, and its betas are a ladder."""
    abar = torch.cumprod(1 - rectified.betas(), 0)
    share = (1 - abar).sqrt() / ((1 - abar).sqrt() + abar.sqrt())
    near(share, rectified.noise_share(torch.arange(1000, dtype=torch.float64)), 1e-9)


def kernel_distance():
    """KID by its definition, pair by pair."""
    x, y = (torch.randn(count, 3, generator=torch.Generator().manual_seed(count), dtype=torch.float64) for count in (5, 7))
    kernel = lambda a, b: float(a @ b / 3 + 1) ** 3
    mean = lambda values: sum(values) / len(values)
    inner = lambda rows: mean([kernel(a, b) for i, a in enumerate(rows) for j, b in enumerate(rows) if i != j])
    near(quality.kid(x, y), inner(x) + inner(y) - 2 * mean([kernel(a, b) for a in x for b in y]), 1e-9)


def names():
    """One name for one thing, whoever drew it."""
    for written, name in {
        "womans-boot": "woman's boot", "woman’s boot": "woman's boot", "woman-s-boot": "woman's boot", "one-oclock": "one o'clock",
        "piñata": "pinata", "red-apple": "red apple", "women-wrestling": "women wrestling", "thumbs-up-medium-skin-tone": None,
        "flag-france": None, "keycap-7": None, "letter-q": None, "love-letter": "love letter",
        "traffic-light": "traffic light",
    }.items():
        assert captions.name_of(written) == name, (written, captions.name_of(written))


for check in (orthogonal_convolutions, local_error, straight_lines, kernel_distance, names, shortest_path):
    check()
