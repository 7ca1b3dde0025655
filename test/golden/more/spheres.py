"""Second vectors of functions on the sphere, and of Poisson's equation, from the formulas alone."""
from math import factorial

import numpy as np
from scipy.special import lpmv


def harmonics(degree, theta, phi):
    """The first (degree + 1)² at polar angle theta and azimuth phi; scipy's polynomials have the Condon-Shortley sign."""
    out = []
    for l in range(degree + 1):
        for m in range(-l, l + 1):
            k = abs(m)
            part = np.sqrt((2 * l + 1) / (4 * np.pi) * factorial(l - k) / factorial(l + k)) * lpmv(k, l, np.cos(theta))
            out.append(part * (1 if m == 0 else np.sqrt(2) * (np.cos(m * phi) if m > 0 else np.sin(k * phi))))
    return np.array(out)


def gaunt(rng):
    La, Lb = 1, 4
    a, b = rng.standard_normal((La + 1) ** 2), rng.standard_normal((Lb + 1) ** 2)
    wa, wb, wc = rng.random(La + 1), rng.random(Lb + 1), rng.random(La + Lb + 1)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    az = 2 * np.pi * np.arange(40) / 40
    theta, phi = [v.ravel() for v in np.meshgrid(np.arccos(nodes), az, indexing="ij")]
    area = np.repeat(weights, 40) * 2 * np.pi / 40
    Y = harmonics(La + Lb, theta, phi)
    product = lambda f, h: (Y * area * (f @ Y[: len(f)]) * (h @ Y[: len(h)])).sum(1)
    scale = lambda v, w: v * np.array([w[int(np.sqrt(i))] for i in range(len(v))])
    values = []
    for l1, m1, l2, m2, l3, m3 in ((0, 0, 0, 0, 0, 0), (1, -1, 1, -1, 2, 2), (1, 0, 2, 1, 3, 1), (1, 1, 2, -2, 3, -3), (2, 0, 2, 0, 2, 0)):
        at = lambda l, m: Y[l * l + l + m]
        values.append([l1, m1, l2, m2, l3, m3, (area * at(l1, m1) * at(l2, m2) * at(l3, m3)).sum()])
    cosine = [np.pi, 2 * np.pi / 3, np.pi / 4, 0, -np.pi / 24, 0]
    normals = rng.standard_normal((3, 3))
    normals = np.concatenate([normals / np.linalg.norm(normals, axis=1, keepdims=True), [[0, 0, 1], [0, 0, -1]]])
    out = product(a, b)
    shown = scale(out, cosine)
    lit = [shown @ harmonics(La + Lb, np.arccos(n[2]), np.arctan2(n[1], n[0])) for n in normals]
    # The Fourier table by sampling over the whole circle of theta: beyond the pole the function goes on at the azimuth across.
    n = 2 * La + 3
    grid = 2 * np.pi * np.arange(n) / n
    th, ph = np.meshgrid(grid, grid, indexing="ij")
    beyond = th > np.pi
    values_there = a @ harmonics(La, np.where(beyond, 2 * np.pi - th, th).ravel(), (ph + np.where(beyond, np.pi, 0)).ravel())
    F = np.fft.fftshift(np.fft.fft2(values_there.reshape(n, n)) / n**2)
    mid = n // 2
    F = F[mid - La : mid + La + 1, mid - La : mid + La + 1]
    weighted = scale(product(scale(a, wa), scale(b, wb)), wc)
    expected = {"product": out, "weighted_product": weighted, "gaunt_l1m1l2m2l3m3_value": values, "irradiance": lit, "fourier_a_real": F.real, "fourier_a_imag": F.imag}
    return {"settings": {"La": La, "Lb": Lb}, "a": a, "b": b, "weights": {"wa": wa, "wb": wb, "wc": wc}, "normals": normals, "expected": expected, "tolerance": {"float64": 1e-10}}


def poisson(rng):
    def rectangle(w, h):
        f = rng.standard_normal((h, w))
        line = lambda n: 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
        A = np.kron(np.eye(h), line(w)) + np.kron(line(h), np.eye(w))
        return {"w": w, "h": h, "f": f, "expected_u": np.linalg.solve(A, f.ravel()).reshape(h, w)}

    h, w = 7, 9
    src, dst = rng.random((2, h, w))
    mask = np.zeros((h, w), int)
    mask[2:5, 2:4] = mask[1:6, 6] = 1  # two pieces
    border = np.zeros((h, w), int)
    border[:4, 5:] = border[6, 0] = 1

    def clone(mask, mixed=False):
        places = [tuple(p) for p in np.argwhere(mask)]
        index = {p: i for i, p in enumerate(places)}
        A, b = np.zeros((len(places), len(places))), np.zeros(len(places))
        for p, i in index.items():
            for q in ((p[0] - 1, p[1]), (p[0] + 1, p[1]), (p[0], p[1] - 1), (p[0], p[1] + 1)):
                if not (0 <= q[0] < h and 0 <= q[1] < w):
                    continue
                s, d = src[p] - src[q], dst[p] - dst[q]
                b[i] += d if mixed and abs(d) > abs(s) else s
                A[i, i] += 1
                if q in index:
                    A[i, index[q]] -= 1
                else:
                    b[i] += dst[q]
        out = dst.copy()
        for p, value in zip(places, np.linalg.solve(A, b)):
            out[p] = value
        return out

    cloning = {"src": src, "dst": dst, "mask": mask, "expected_import": clone(mask), "expected_mixed": clone(mask, True)}
    cloning |= {"mask_touching_border": border, "expected_import_border": clone(border)}
    return {"rectangles": [rectangle(1, 1), rectangle(1, 6), rectangle(17, 3)], "cloning": cloning, "tolerance": {"float64": 1e-9}}


FILES = {"gaunt-tensor-product": gaunt, "poisson-baseline": poisson}
