"""What happens to artists' pictures: blur, shrinking, noise, JPEG, in that order. Values 0..1, float32.

Called on 96x96 crops; the network then sees a 64x64 window at least 4 px from the edge, so that the border rule
of the blur (half-sample mirror) teaches nothing.
"""
import io

import numpy as np
import torch
from PIL import Image
from scipy.ndimage import gaussian_filter, gaussian_filter1d
from torch.nn import functional as F

WINDOW, MARGIN = 64, 4                        # px
# Shares of untouched pairs (clean pictures must stay clean) and of pairs with one damage; the rest suffer the chain,
# each damage with its own share. The recipe has 0.1, 0 and (0.7, 0.5, 0.7, 0.7). With those a soft picture is nearly
# always a blurred one, so the network sharpened pictures that had been soft from the start, and noise ruled the
# squared error, so single mild damages got worse.
IDENTITY, SINGLE = 0.15, 0.6
DAMAGES, SHARES = ("blur", "shrink", "noise", "jpeg"), (0.5, 0.4, 0.6, 0.7)
# Which one it is where it is one: shrinking and JPEG leave small errors, which weigh little in a squared one.
ALONE = (0.2, 0.33, 0.15, 0.32)
# The recipe's 30..95, and the strong compression met on the web, which is drawn more often: quality 15 + 80 u^1.5.
QUALITY, TOWARDS_STRONG = (15, 95), 1.5
# The share of windows that begin on a corner of JPEG's 8x8 blocks. So do the tiles of a picture that was opened whole,
# and a network of strides 2, 4 and 8 can then know where the borders of the blocks lie. The others were cropped.
ALIGNED, BLOCK = 0.7, 8
# The share of originals that are soft themselves, and how soft. Shrunk wallpapers are crisper than most photographs
# at full size; from them alone the network learned that whatever is soft was once sharp.
SOFT, SOFTNESS = 0.3, (0.4, 1.1)              # px, standard deviation of a Gaussian
# The share of originals with grain of their own, and how much: without any, all fine irregular texture is noise.
GRAINY, GRAIN = 0.2, (0.5, 4.0)               # levels of 255, standard deviation


def resize(picture, size, mode="bicubic"):
    """float [h, w, 3] -> [size, 3], with anti-aliasing when it shrinks."""
    planes = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))[None]
    out = F.interpolate(planes, size=size, mode=mode, align_corners=False, antialias=True)
    return out[0].numpy().transpose(1, 2, 0)


def eight_bit(picture):
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def jpeg(picture, quality):
    """uint8 [h, w, 3] through JPEG, chroma halved both ways (4:2:0)."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=int(quality), subsampling=2)
    return np.array(Image.open(file))


def chosen(random):
    """Which of the four damages this pair suffers."""
    lot = random.random()
    if lot < IDENTITY:
        return ()
    if lot < IDENTITY + SINGLE:
        return (DAMAGES[random.choice(4, p=ALONE)],)
    return tuple(damage for damage, share in zip(DAMAGES, SHARES) if random.random() < share)


def damage(clean, random):
    """clean float [h, w, 3] -> damaged, same shape, on the 8-bit grid."""
    damages, y = chosen(random), clean
    if "blur" in damages:
        sigma = random.uniform(0.3, 2.5)
        other = sigma if random.random() < 0.7 else random.uniform(0.3, 2.5)
        y = gaussian_filter1d(gaussian_filter1d(y, other, axis=0), sigma, axis=1)
    if "shrink" in damages:
        y = resize(y, [round(len(y) / random.uniform(1, 3))] * 2)
    if "noise" in damages:
        channels = 1 if random.random() < 0.4 else 3
        y = y + random.uniform(0, 30) / 255 * random.standard_normal((*y.shape[:2], channels))
    y = eight_bit(y)
    if "jpeg" in damages:
        least, most = QUALITY
        y = jpeg(y, round(least + (most - least) * random.random() ** TOWARDS_STRONG))
    y = y.astype(np.float32) / 255
    if y.shape != clean.shape:
        y = resize(y, list(clean.shape[:2]), "bilinear" if random.random() < 0.5 else "bicubic")
    return eight_bit(y).astype(np.float32) / 255


def augment(crop, random):
    """uint8 [96, 96, 3] -> float32, flipped, transposed, some softened or grainy, half with another gamma."""
    if random.random() < 0.5:
        crop = crop[:, ::-1]
    if random.random() < 0.5:
        crop = crop.transpose(1, 0, 2)
    clean = crop.astype(np.float32) / 255
    if random.random() < SOFT:
        sigma = random.uniform(*SOFTNESS)
        clean = eight_bit(gaussian_filter(clean, (sigma, sigma, 0))).astype(np.float32) / 255
    if random.random() < 0.5:
        clean = eight_bit(clean ** random.uniform(0.7, 1.4)).astype(np.float32) / 255
    if random.random() < GRAINY:
        channels = 1 if random.random() < 0.5 else 3
        grain = random.uniform(*GRAIN) / 255 * random.standard_normal((*clean.shape[:2], channels))
        clean = eight_bit(clean + grain).astype(np.float32) / 255
    return np.ascontiguousarray(clean)


def batch(crops, shares, size, seed, step):
    """(damaged, clean), float32 tensors [size, 3, 64, 64]. A function of (seed, step): resuming repeats nothing.

    `shares` [len(crops)] says how often each crop is drawn.
    """
    random = np.random.default_rng((seed, step))
    pairs = []
    for index in random.choice(len(crops), size, p=shares):
        clean = augment(crops[index], random)
        y = damage(clean, random)
        step = BLOCK if random.random() < ALIGNED else 1
        top, left = step * random.integers(-(-MARGIN // step), (clean.shape[0] - WINDOW - MARGIN) // step + 1, 2)
        pairs.append([side[top:top + WINDOW, left:left + WINDOW].transpose(2, 0, 1) for side in (y, clean)])
    damaged, clean = zip(*pairs)
    return torch.from_numpy(np.stack(damaged)), torch.from_numpy(np.stack(clean))
