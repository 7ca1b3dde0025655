"""How a result is judged. Pictures are float arrays [h, w, 3] in 0..1; `a` is the original.

PSNR of a set pools the squared errors (mean of squares first). SSIM is scikit-image's with Gaussian weights.
GMSD: Xue et al. 2014. The patch-Frechet distance stands in for FID, which needs a network that is not shipped.
"""
import numpy as np
from scipy.fft import dctn
from scipy.ndimage import correlate1d
from skimage.metrics import structural_similarity

LUMA = np.array([0.299, 0.587, 0.114])


def squared_error(a, b):
    return float(np.mean((a.astype(float) - b) ** 2))


def psnr(squared_errors):
    """dB of a set, from its pictures' mean squared errors; None when identical."""
    pooled = float(np.mean(squared_errors))
    return None if pooled == 0 else -10 * np.log10(pooled)


def ssim(a, b):
    return float(structural_similarity(a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
                                       data_range=1.0, channel_axis=2))


def halved(a):
    """Luma, 2x2 means, an odd last row or column dropped."""
    y = a.astype(float) @ LUMA
    h, w = (side // 2 * 2 for side in y.shape)
    return y[:h, :w].reshape(h // 2, 2, w // 2, 2).mean(axis=(1, 3))


def gradient(y):
    """Magnitude of the Prewitt gradient / 3, edges replicated."""
    def one(axis):
        along = correlate1d(y, [-1, 0, 1], axis=axis, mode="nearest")
        return correlate1d(along, [1, 1, 1], axis=1 - axis, mode="nearest") / 3
    return np.hypot(one(0), one(1))


def gmsd(a, b, c=0.0026):
    """Gradient magnitude similarity deviation; 0 = identical."""
    p, q = gradient(halved(a)), gradient(halved(b))
    return float(((2 * p * q + c) / (p * p + q * q + c)).std())


def patches(a):
    """63 log-compressed DCT coefficients of every 8x8 luma block, at offsets 0 and 4: [blocks, 63]."""
    y, rows = a.astype(float) @ LUMA, []
    for offset in (0, 4):
        z = y[offset:, offset:]
        h, w = (side // 8 for side in z.shape)
        blocks = z[:8 * h, :8 * w].reshape(h, 8, w, 8).swapaxes(1, 2).reshape(-1, 8, 8)
        rows.append(dctn(blocks, axes=(1, 2), norm="ortho").reshape(len(blocks), 64)[:, 1:])
    c = np.concatenate(rows)
    return np.sign(c) * np.log1p(50 * np.abs(c))


def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T


def patch_frechet(originals, results):
    """Frechet distance between the Gaussians fitted to two sets' patches; 0 = same statistics."""
    p, q = (np.concatenate([patches(a) for a in side]) for side in (originals, results))
    if min(len(p), len(q)) < 2000:
        raise ValueError("patch-Frechet needs 2000 blocks in each set")
    c1, c2 = np.cov(p.T, bias=True), np.cov(q.T, bias=True)
    half = root(c1)
    cross = np.sqrt(np.linalg.eigvalsh(half @ c2 @ half).clip(0)).sum()
    return float(np.sum((p.mean(0) - q.mean(0)) ** 2) + np.trace(c1) + np.trace(c2) - 2 * cross)
