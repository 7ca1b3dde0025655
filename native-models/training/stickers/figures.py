"""Figures of the autoencoder on held-out stickers, and the contact sheet of 24 prompts."""
import numpy as np
import torch

from measure import sheet
from places import CARDS
from prior import LEVELS, ladder

from .autoencoder import FACTOR, LATENTS, on_white

STEPS, GUIDANCE, SEED = 30, 4.0, 11
PROMPTS = (
    "3d red apple", "flat blue heart", "glossy dog face", "noto rocket", "blob cat face", "twemoji sun",
    "3d hamburger", "flat airplane", "glossy avocado", "noto octopus", "blob pizza", "twemoji rainbow",
    "3d star", "flat house", "glossy tulip", "noto guitar", "blob fish", "twemoji bicycle",
    "3d crown", "flat green apple", "glossy purple heart", "noto hot beverage", "blob ghost", "twemoji umbrella",
)


@torch.no_grad()
def autoencoder(model, pixels, held):
    """dB on held-out pictures, values 0..1: picture on white, alpha, and PCA with as many numbers per 4x4 patch."""
    tested, known = (on_white(np.asarray(pixels[np.flatnonzero(rows)[:1000]])) for rows in (held, ~held))
    db = lambda error: round(float(-10 * torch.log10(error)), 2)
    errors = {"psnr": [], "alpha": []}
    for picture, alpha in zip(tested[0].split(64), tested[1].split(64)):
        sample, opacity = model.decoder(model.means(picture))
        errors["psnr"].append(((sample.clamp(-1, 1) - picture) / 2).pow(2).flatten(1).mean(1))
        errors["alpha"].append((opacity - alpha).pow(2).flatten(1).mean(1))
    patches, basis_of = (torch.nn.functional.unfold(part, FACTOR, stride=FACTOR).transpose(1, 2).flatten(0, 1)
                         for part in (tested[0], known[0]))
    mean = basis_of.mean(0)
    basis = torch.linalg.eigh((basis_of - mean).T @ (basis_of - mean))[1][:, -LATENTS:]
    rest = (patches - mean) - (patches - mean) @ basis @ basis.T
    return {**{key: db(torch.cat(values).mean()) for key, values in errors.items()}, "pca": db((rest / 2).pow(2).mean())}


@torch.no_grad()
def generate(model, decoder, scale, tokenizer, prompts, small, steps=STEPS, guidance=GUIDANCE, seed=SEED):
    """Prompts -> (picture on white float [n, 3, h, w] in 0..1, alpha [n, 1, h, w]), by DDIM."""
    a, s = ladder()
    words = model.text(torch.tensor([tokenizer.encode(text) for text in (*prompts, *[""] * len(prompts))]))[0]
    x = torch.randn(len(prompts), LATENTS, small, small, generator=torch.Generator().manual_seed(seed))
    levels = [round(LEVELS * (steps - i) / steps) - 1 for i in range(steps)] + [None]
    for t, after in zip(levels, levels[1:]):
        told, blind = model.unet(torch.cat((x, x)), torch.full((2 * len(x),), float(t)), words).chunk(2)
        v = blind + guidance * (told - blind)
        z, e = a[t] * x - s[t] * v, s[t] * x + a[t] * v
        x = z if after is None else a[after] * z + s[after] * e
    sample, alpha = decoder(x / scale)
    return (sample.clamp(-1, 1) + 1) / 2, alpha


def contact_sheet(model, frozen_model, scale, tokenizer, small):
    """cards/sticker.png: six a row, in the order of PROMPTS."""
    pictures, _ = generate(model, frozen_model.decoder, scale, tokenizer, PROMPTS, small)
    sheet([(255 * picture.permute(1, 2, 0)).round().byte().numpy() for picture in pictures], 6, CARDS / "sticker.png")
    return {"sheet": "cards/sticker.png", "prompts": list(PROMPTS), "steps": STEPS, "guidance": GUIDANCE, "seed": SEED}
