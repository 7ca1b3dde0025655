"""The held-out pictures, the four damages they are put through, and the classical answer to each."""
import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter1d
from skimage.restoration import denoise_nl_means, estimate_sigma, richardson_lucy

import packages
import samples
from degrade import eight_bit, jpeg, resize
from pictures import HELD_OUT, open_rgb

LONGEST, SIDE = 768, 288                      # px; shrunk to this long side, then cut to the middle: bounds the time
NOISE, QUALITY, BLUR, FACTOR = 25 / 255, 20, 1.6, 2
DAMAGES = ("noise", "jpeg", "blur", "half")


def originals():
    """[(name, float [h, w, 3])], the middle 288x288 px, on the 8-bit grid."""
    paths = samples.shipped()
    for _, folder in packages.fetch().values():
        paths += [path for path in sorted(folder.rglob("*")) if path.as_posix().endswith(HELD_OUT)]
    if len(paths) != len(samples.SAMPLES) + len(HELD_OUT):
        raise SystemExit(f"held-out pictures are missing; found {[path.name for path in paths]}")
    return [(name(path), prepared(path)) for path in paths]


def name(path):
    return path.parents[2].name if path.parent.name == "images" else path.stem


def prepared(path):
    image = open_rgb(path)
    ratio = min(1, LONGEST / max(image.size))
    image = image.resize([round(side * ratio) for side in image.size], Image.LANCZOS)
    w, h = (min(SIDE, side // 8 * 8) for side in image.size)
    left, top = (image.width - w) // 2, (image.height - h) // 2
    return np.asarray(image.crop((left, top, left + w, top + h)), np.float32) / 255


def damaged(kind, a, seed):
    """The picture after one damage, on the 8-bit grid, same size."""
    if kind == "noise":
        a = a + NOISE * np.random.default_rng(seed).standard_normal(a.shape)
    elif kind == "jpeg":
        return jpeg(eight_bit(a), QUALITY).astype(np.float32) / 255
    elif kind == "blur":
        a = gaussian_filter1d(gaussian_filter1d(a, BLUR, axis=0), BLUR, axis=1)
    else:
        h, w = a.shape[:2]
        small = eight_bit(resize(a, [h // FACTOR, w // FACTOR])).astype(np.float32) / 255
        a = resize(small, [h, w])
    return eight_bit(a).astype(np.float32) / 255


def classical(kind, y):
    """A textbook answer: non-local means (noise, JPEG), Richardson-Lucy told the true blur, bicubic enlargement."""
    if kind == "half":
        return y                              # the bicubic enlargement is the input
    if kind == "blur":
        u = np.arange(-7, 8)
        g = np.exp(-u ** 2 / (2 * BLUR ** 2))
        kernel = np.outer(g, g) / g.sum() ** 2
        wide = np.pad(y, ((16, 16), (16, 16), (0, 0)), mode="symmetric")
        sharp = [richardson_lucy(wide[..., c], kernel, num_iter=15) for c in range(3)]
        return np.stack(sharp, axis=2)[16:-16, 16:-16].clip(0, 1).astype(np.float32)
    # Strengths chosen on these very pictures, in favour of the classical answer.
    strength, sigma = (0.5 * NOISE, NOISE) if kind == "noise" else (0.03, 0)
    return denoise_nl_means(y, patch_size=5, patch_distance=6, h=strength, sigma=sigma, fast_mode=True,
                            channel_axis=2).clip(0, 1).astype(np.float32)


def blind(y):
    """Non-local means that is told no more than the networks are: the noise estimated from the picture, and the
    strength the library's documentation proposes for the fast algorithm, 0.8 sigma."""
    sigma = float(np.mean(estimate_sigma(y, channel_axis=2)))
    return denoise_nl_means(y, patch_size=5, patch_distance=6, h=max(0.8 * sigma, 1e-4), fast_mode=True,
                            channel_axis=2).clip(0, 1).astype(np.float32)
