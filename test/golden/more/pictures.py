"""Second vectors of what is done to pictures and how they are compared, from the formulas alone: dense matrices, no shared code."""
import numpy as np


def boundary(i, n, kind):
    if kind == "circular":
        return i % n
    if kind == "zero":
        return i if 0 <= i < n else None
    i %= 2 * n
    return i if i < n else 2 * n - 1 - i


def correlation(n, taps, kind):
    """The matrix of a one-dimensional correlation with an odd number of taps."""
    out, radius = np.zeros((n, n)), len(taps) // 2
    for i in range(n):
        for u, tap in enumerate(taps):
            at = boundary(i + u - radius, n, kind)
            if at is not None:
                out[i, at] += tap
    return out


def correlation2(h, w, kernel, kind):
    kh, kw = kernel.shape
    out = np.zeros((h * w, h * w))
    for i in range(h):
        for j in range(w):
            for u in range(kh):
                for v in range(kw):
                    y, x = boundary(i + u - kh // 2, h, kind), boundary(j + v - kw // 2, w, kind)
                    if y is not None and x is not None:
                        out[i * w + j, y * w + x] += kernel[u, v]
    return out


def cubic(t):
    t = abs(t)
    if t < 1:
        return 1.5 * t**3 - 2.5 * t**2 + 1
    return -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2 if t < 2 else 0.0


FILTERS = {
    "box": (0.5, lambda t: 1.0 if -0.5 <= t < 0.5 else 0.0),
    "bilinear": (1.0, lambda t: max(0.0, 1 - abs(t))),
    "bicubic": (2.0, cubic),
}


def resizing(n, m, name):
    radius, phi = FILTERS[name]
    s = n / m
    fs = max(s, 1.0)
    out = np.zeros((m, n))
    for i in range(m):
        c = (i + 0.5) * s
        for j in range(max(0, int(np.floor(c - radius * fs + 0.5))), min(n, int(np.floor(c + radius * fs + 0.5)))):
            out[i, j] = phi((j - c + 0.5) / fs)
        out[i] /= out[i].sum()
    return out


def radon(h, w, angles, bins):
    out = np.zeros((len(angles) * bins, h * w))
    for a, degrees in enumerate(angles):
        th = np.deg2rad(degrees)
        for i in range(h):
            for j in range(w):
                p = (j - (w - 1) / 2) * np.cos(th) + ((h - 1) / 2 - i) * np.sin(th) + (bins - 1) / 2
                k = int(np.floor(p))
                for at, weight in ((k, 1 - (p - k)), (k + 1, p - k)):
                    if 0 <= at < bins:
                        out[a * bins + at, i * w + j] += weight
    return out


def operators(rng):
    h, w = 7, 5
    x = rng.random((3, h, w))
    cases = []

    def linear(name, settings, matrix, channels, shape, picture=x, **more):
        """One matrix for every channel."""
        y = rng.standard_normal((channels, *shape))
        ax = np.stack([(matrix @ picture[c].ravel()).reshape(shape) for c in range(channels)])
        aty = np.stack([(matrix.T @ y[c].ravel()).reshape(picture.shape[1:]) for c in range(channels)])
        expected = {"Ax": ax.tolist(), "ATy": aty.tolist(), "inner_product": float((ax * y).sum()), **more}
        cases.append({"operator": name, "settings": settings, "inputs": {"y": y.tolist()}, "expected": expected})

    mask = (rng.random((h, w)) < 0.4).astype(int)
    linear("mask", {"mask": mask.tolist()}, np.diag(mask.ravel().astype(float)), 3, (h, w))
    for kind in ("symmetric", "circular", "zero"):
        for sigma, radius in ((0.4, 1), (2.3, 8)):  # wider than the picture, too
            u = np.arange(-radius, radius + 1)
            taps = np.exp(-(u**2) / (2 * sigma**2))
            taps /= taps.sum()
            matrix = np.kron(correlation(h, taps, kind), correlation(w, taps, kind))
            settings = {"sigma": sigma, "radius": radius, "boundary": kind, "kernel1d": taps.tolist()}
            linear("gaussian_blur", settings, matrix, 3, (h, w))
        for shape in ((1, 5), (5, 3), (1, 1)):
            kernel = rng.standard_normal(shape) + 1
            matrix = correlation2(h, w, kernel, kind)
            linear("blur_kernel", {"kernel": kernel.tolist(), "boundary": kind}, matrix, 3, (h, w))
    for name in FILTERS:
        for out in ((3, 2), (7, 5), (10, 13), (1, 1)):
            rows, columns = resizing(h, out[0], name), resizing(w, out[1], name)
            more = {"row0_vertical_weights": rows[0].tolist()}
            linear("resize_antialias", {"filter": name, "out": list(out)}, np.kron(rows, columns), 3, out, **more)
    weights = [0.2, 0.5, 0.3]
    y = rng.standard_normal((1, h, w))
    ax, aty = np.tensordot(weights, x, 1)[None], np.stack([v * y[0] for v in weights])
    expected = {"Ax": ax.tolist(), "ATy": aty.tolist(), "inner_product": float((ax * y).sum())}
    cases.append({"operator": "grey", "settings": {"weights": weights}, "inputs": {"y": y.tolist()}, "expected": expected})

    y = rng.standard_normal((2, 3, h, w))
    seen = mask[None] * np.fft.fft2(x, norm="ortho")
    back = np.fft.ifft2(mask[None] * (y[0] + 1j * y[1]), norm="ortho").real
    expected = {
        "Ax": {"re": seen.real.tolist(), "im": seen.imag.tolist()},
        "ATy": back.tolist(),
        "inner_product": float((seen.real * y[0] + seen.imag * y[1]).sum()),
    }
    inputs = {"y": {"re": y[0].tolist(), "im": y[1].tolist()}}
    cases.append({"operator": "fourier_undersampled", "settings": {"mask": mask.tolist()}, "inputs": inputs, "expected": expected})
    coils = rng.standard_normal((3, h, w)) + 1j * rng.standard_normal((3, h, w))
    y = rng.standard_normal((2, 3, h, w))
    seen = mask[None] * np.fft.fft2(coils * x[1], norm="ortho")
    back = (coils.conj() * np.fft.ifft2(mask[None] * (y[0] + 1j * y[1]), norm="ortho")).sum(0)
    expected = {
        "Ax": {"re": seen.real.tolist(), "im": seen.imag.tolist()},
        "ATy_complex": {"re": back.real[None].tolist(), "im": back.imag[None].tolist()},
        "inner_product": float((seen.real * y[0] + seen.imag * y[1]).sum()),
    }
    settings = {"mask": mask.tolist(), "coils": {"re": coils.real.tolist(), "im": coils.imag.tolist()}, "uses": "channel 1 of x"}
    inputs = {"y": {"re": y[0].tolist(), "im": y[1].tolist()}}
    cases.append({"operator": "fourier_multicoil", "settings": settings, "inputs": inputs, "expected": expected})
    for bins in (4, 11):  # some fall beside, and none
        angles = [0.0, 33.0, 90.0, 171.5, -20.0]
        matrix = radon(h, w, angles, bins)
        y = rng.standard_normal((1, len(angles), bins))
        ax = (matrix @ x[2].ravel()).reshape(1, len(angles), bins)
        aty = (matrix.T @ y.ravel()).reshape(1, h, w)
        expected = {"Ax": ax.tolist(), "ATy": aty.tolist(), "inner_product": float((ax * y).sum())}
        if bins > 10:
            expected["row_sums_equal"] = float(x[2].sum())
        settings = {"angles_deg": angles, "detectors": bins, "uses": "channel 2 of x"}
        cases.append({"operator": "radon", "settings": settings, "inputs": {"y": y.tolist()}, "expected": expected})
    return {"tolerance": {"abs": 1e-8}, "inputs": {"x": x.tolist(), "layout": "[C][H][W], values 0..1"}, "cases": cases}


def gaussian_mean(p):
    u = np.arange(-5, 6)
    taps = np.exp(-(u**2) / (2 * 1.5**2))
    taps /= taps.sum()
    h, w = p.shape
    return correlation(h, taps, "symmetric") @ p @ correlation(w, taps, "symmetric").T


def ssim(a, b):
    c1, c2 = 0.01**2, 0.03**2
    ux, uy = gaussian_mean(a), gaussian_mean(b)
    vx, vy = gaussian_mean(a * a) - ux**2, gaussian_mean(b * b) - uy**2
    vxy = gaussian_mean(a * b) - ux * uy
    s = ((2 * ux * uy + c1) * (2 * vxy + c2)) / ((ux**2 + uy**2 + c1) * (vx + vy + c2))
    return float(s[5:-5, 5:-5].mean())


def gmsd(a, b):
    def slopes(p):
        p = p[: p.shape[0] // 2 * 2, : p.shape[1] // 2 * 2]
        p = (p[::2, ::2] + p[1::2, ::2] + p[::2, 1::2] + p[1::2, 1::2]) / 4
        e = np.pad(p, 1, mode="edge")
        gx = sum(e[k : k + p.shape[0], 2:] - e[k : k + p.shape[0], :-2] for k in range(3)) / 3
        gy = sum(e[2:, k : k + p.shape[1]] - e[:-2, k : k + p.shape[1]] for k in range(3)) / 3
        return np.sqrt(gx**2 + gy**2)

    ma, mb = slopes(a), slopes(b)
    return float(((2 * ma * mb + 0.0026) / (ma**2 + mb**2 + 0.0026)).std())


def metrics(rng):
    cases = []
    for channels, h, w in ((3, 11, 11), (3, 12, 31), (1, 17, 14)):
        a = rng.random((channels, h, w))
        b = np.clip(a + 0.2 * rng.standard_normal(a.shape), 0, 1)
        luma = (lambda p: np.tensordot([0.299, 0.587, 0.114], p, 1)) if channels == 3 else (lambda p: p[0])
        expected = {"psnr": float(10 * np.log10(1 / ((a - b) ** 2).mean())), "gmsd_luma": gmsd(luma(a), luma(b)), "ssim_luma": ssim(luma(a), luma(b))}
        if channels == 3:
            expected["ssim_rgb_mean"] = float(np.mean([ssim(a[c], b[c]) for c in range(3)]))
        cases.append({"inputs": {"a": a.tolist(), "b": b.tolist()}, "expected": expected})
    return {"tolerance": {"psnr": 1e-6, "ssim": 1e-8, "gmsd": 1e-8}, "cases": cases}


LUMA = [16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62]
LUMA += [18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99]
CHROMA = np.full((8, 8), 99)
CHROMA[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]
DCT = np.array([[np.sqrt((1 if k == 0 else 2) / 8) * np.cos(np.pi * (2 * n + 1) * k / 16) for n in range(8)] for k in range(8)])


def blocks(plane, matrix):
    h, w = plane.shape
    p = plane.reshape(h // 8, 8, w // 8, 8).transpose(0, 2, 1, 3)
    return (matrix @ p @ matrix.T).transpose(0, 2, 1, 3).reshape(h, w)


def table(base, q):
    s = 5000 // q if q < 50 else 200 - 2 * q
    return np.clip((np.array(base).reshape(8, 8) * s + 50) // 100, 1, 255)


def jpeg(rng):
    cases = []
    forward = np.array([[0.299, 0.587, 0.114], [-0.168735892, -0.331264108, 0.5], [0.5, -0.418687589, -0.081312411]])
    for quality, chroma, h, w in ((7, "420", 9, 18), (50, "444", 8, 8), (93, "420", 16, 16), (100, "444", 11, 3)):
        unit = 16 if chroma == "420" else 8
        x, z = rng.random((3, h, w)), rng.random((3, h, w))
        tables = [table(LUMA, quality), table(CHROMA, quality), table(CHROMA, quality)]

        def scaled(picture):
            """Coefficients in steps of the tables."""
            ycc = np.tensordot(forward, picture * 255, 1) + np.array([0, 128, 128])[:, None, None]
            ycc = np.pad(ycc, ((0, 0), (0, -h % unit), (0, -w % unit)), mode="edge")
            planes = [ycc[0], ycc[1], ycc[2]]
            if chroma == "420":
                planes[1:] = [p.reshape(p.shape[0] // 2, 2, p.shape[1] // 2, 2).mean((1, 3)) for p in planes[1:]]
            return [blocks(p - 128, DCT) / np.tile(t, (p.shape[0] // 8, p.shape[1] // 8)) for p, t in zip(planes, tables)]

        def pixels(values, offset):
            planes = [blocks(v * np.tile(t, (v.shape[0] // 8, v.shape[1] // 8)), DCT.T) for v, t in zip(values, tables)]
            if chroma == "420":
                planes[1:] = [p.repeat(2, 0).repeat(2, 1) for p in planes[1:]]
            y, cb, cr = [p[:h, :w] for p in planes]
            y = y + offset
            return np.stack([y + 1.402 * cr, y - 0.344136286 * cb - 0.714136286 * cr, y + 1.772 * cb]) / 255

        q = [np.floor(v + 0.5) for v in scaled(x)]
        own = scaled(z)
        moved = [np.clip(v, k - 0.5, k + 0.5) - v for v, k in zip(own, q)]
        expected = {
            "coefs": [v.astype(int).tolist() for v in q],
            "decoded": pixels(q, 128).tolist(),
            "projected": (z + pixels(moved, 0)).tolist(),
            "luma_table_first_row": tables[0][0].tolist(),
            "chroma_table_first_row": tables[1][0].tolist(),
        }
        settings = {"quality": quality, "chroma": chroma, "inner_rounding": False}
        cases.append({"operator": "jpeg_ideal", "settings": settings, "inputs": {"x": x.tolist(), "z": z.tolist()}, "expected": expected})
    return {"tolerance": {"coefs": 0, "decoded": 1e-7, "projected": 1e-7}, "cases": cases}


FILES = {"restoration-operators": operators, "restoration-metrics": metrics, "restoration-jpeg": jpeg}
