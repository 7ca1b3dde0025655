"""Second vectors of diffusion solvers and of what restores with them, from the formulas alone, with a mixture for a network."""
from math import factorial

import numpy as np

T = 1000


def abar_of(words):
    if words == "linear":
        betas = np.linspace(1e-4, 2e-2, T)
    else:
        betas = np.linspace(np.sqrt(0.00085), np.sqrt(0.012), T) ** 2
    return np.cumprod(1 - betas)


def mixture(rng, d, k=3):
    weights = rng.random(k) + 0.2
    return {"weights": weights / weights.sum(), "means": rng.standard_normal((k, d)), "stds": 0.1 + 0.3 * rng.random(k)}


def eps_of(world, x, a, s):
    """x [row, d]: the noise that the mixture says is in it."""
    means, w = np.array(world["means"]), np.array(world["weights"])
    var = a * a * np.array(world["stds"]) ** 2 + s * s
    apart = x[:, None] - a * means[None]
    log = np.log(w) - (apart**2).sum(-1) / (2 * var) - means.shape[1] / 2 * np.log(var)
    r = np.exp(log - log.max(1, keepdims=True))
    r /= r.sum(1, keepdims=True)
    return s * ((r / var)[..., None] * apart).sum(1)


def half_even(value):
    return np.rint(value).astype(int)


def multistep_times(n, spacing, offset):
    if spacing == "linspace":
        return half_even(np.arange(n, 0, -1) * (T - 1) / n)
    if spacing == "leading":
        return np.arange(n, 0, -1) * (T // (n + 1)) + offset
    return half_even(T - np.arange(n) * T / n) - 1


def dpm_pp(world, x, sigmas, one, noises):
    """Data prediction; the SDE form with noise of share 1."""
    node = lambda s: (1 / np.sqrt(1 + s * s), s / np.sqrt(1 + s * s), -np.log(s) if s > 0 else np.inf)
    n, past, states = len(sigmas) - 1, [], []
    for i in range(n):
        (a0, s0, l0), (at, st, lt) = node(sigmas[i]), node(sigmas[i + 1])
        eps = eps_of(world, x, a0, s0)
        past.append((l0, (x - s0 * eps) / a0, eps))
        order = min(one["order"], i + 1)
        early = one["lowerOrderFinal"] and n < 15
        if i == n - 1 and (early or sigmas[-1] == 0):
            order = 1
        elif i == n - 2 and early:
            order = min(order, 2)
        m0 = past[-1][1]
        if sigmas[i + 1] == 0:
            x = m0
            states.append(x)
            continue
        h = lt - l0
        E = np.exp(-h) - 1
        if one["solver"] == "dpmsolver":
            e0 = past[-1][2]
            x = at / a0 * x - st * np.expm1(h) * e0
            if order == 2:
                r0 = (l0 - past[-2][0]) / h
                D1 = (e0 - past[-2][2]) / r0
                x = x - st * (0.5 * np.expm1(h) * D1 if one["type"] == "midpoint" else (np.expm1(h) / h - 1) * D1)
        elif one["solver"] == "sde-dpmsolver++":
            F = 1 - np.exp(-2 * h)
            new = st * np.exp(-h) / s0 * x + at * F * m0
            if order == 2:
                r0 = (l0 - past[-2][0]) / h
                D1 = (m0 - past[-2][1]) / r0
                new = new + (0.5 * at * F * D1 if one["type"] == "midpoint" else at * (1 - F / (2 * h)) * D1)
            x = new + st * np.sqrt(F) * noises[i]
        else:
            x = st / s0 * x - at * E * m0
            if order >= 2:
                r0 = (l0 - past[-2][0]) / h
                D10 = (m0 - past[-2][1]) / r0
                if order == 2:
                    x = x + (-0.5 * at * E * D10 if one["type"] == "midpoint" else at * (E / h + 1) * D10)
                else:
                    r1 = (past[-2][0] - past[-3][0]) / h
                    D11 = (past[-2][1] - past[-3][1]) / r1
                    D1 = D10 + r0 / (r0 + r1) * (D10 - D11)
                    D2 = (D10 - D11) / (r0 + r1)
                    x = x + at * (E / h + 1) * D1 - at * ((E + h) / h**2 - 0.5) * D2
        states.append(x)
    return states


def unipc(world, x, sigmas, one):
    node = lambda s: (1 / np.sqrt(1 + s * s), s / np.sqrt(1 + s * s), -np.log(s) if s > 0 else np.inf)
    n, past, predicted, before = len(sigmas) - 1, [], [], None
    for i in range(n):
        a0, s0, l0 = node(sigmas[i])
        m = (x - s0 * eps_of(world, x, a0, s0)) / a0
        if before is not None and i - 1 not in one["disableCorrector"]:
            x = before(m)
        past.append((l0, m))
        order = min(one["order"], n - i) if one["lowerOrderFinal"] else one["order"]
        order = min(order, i + 1)
        at, st, lt = node(sigmas[i + 1])
        if sigmas[i + 1] == 0:
            x = m
            predicted.append(x)
            before = None
            continue
        h = lt - l0
        hh = -h
        B = np.expm1(hh) if one["type"] == "bh2" else hh
        b, q = [], np.expm1(hh) / hh - 1
        for k in range(1, order + 1):
            b.append(q * factorial(k) / B)
            q = q / hh - 1 / factorial(k + 1)
        rs = [(past[-1 - k][0] - l0) / h for k in range(1, order)] + [1.0]
        D = [(past[-1 - k][1] - m) / rs[k - 1] for k in range(1, order)]
        R = np.array([[r**k for r in rs] for k in range(order)])
        base = st / s0 * x - at * np.expm1(hh) * m
        rho = [] if order == 1 else [0.5] if order == 2 else np.linalg.solve(R[:-1, :-1], b[:-1])
        full = [0.5] if order == 1 else np.linalg.solve(R, b)

        def before(new, base=base, D=D, full=full, at=at, B=B, m=m):
            return base - at * B * (sum(r * d for r, d in zip(full, D)) + full[-1] * (new - m))

        x = base - at * B * sum((r * d for r, d in zip(rho, D)), np.zeros_like(x))
        predicted.append(x)
    return predicted


def baseline(rng):
    abar, world = abar_of("scaled_linear"), mixture(rng, 3)
    x_T, cases = rng.standard_normal((2, 3)), []
    defaults = {"finalSigmas": "zero", "lowerOrderFinal": True, "karras": False, "disableCorrector": [], "eta": 0, "set_alpha_to_one": False}
    table = np.sqrt((1 - abar) / abar)
    for given in (
        {"solver": "dpmsolver++", "steps": 1, "spacing": "linspace", "offset": 0, "order": 2, "type": "midpoint"},
        {"solver": "dpmsolver++", "steps": 17, "spacing": "trailing", "offset": 0, "order": 3, "type": "midpoint"},
        {"solver": "dpmsolver++", "steps": 9, "spacing": "leading", "offset": 1, "order": 3, "type": "midpoint", "finalSigmas": "sigma_min", "lowerOrderFinal": False},
        {"solver": "dpmsolver++", "steps": 8, "spacing": "linspace", "offset": 0, "order": 2, "type": "heun", "karras": True},
        {"solver": "dpmsolver", "steps": 11, "spacing": "linspace", "offset": 0, "order": 2, "type": "midpoint", "finalSigmas": "sigma_min"},
        {"solver": "sde-dpmsolver++", "steps": 6, "spacing": "trailing", "offset": 0, "order": 2, "type": "midpoint"},
        {"solver": "unipc", "steps": 7, "spacing": "linspace", "offset": 0, "order": 3, "type": "bh2"},
        {"solver": "unipc", "steps": 6, "spacing": "trailing", "offset": 0, "order": 2, "type": "bh1", "finalSigmas": "sigma_min", "disableCorrector": [0, 3]},
        {"solver": "unipc", "steps": 5, "spacing": "leading", "offset": 1, "order": 1, "type": "bh2", "lowerOrderFinal": False, "finalSigmas": "sigma_min"},
        {"solver": "ddim", "steps": 7, "spacing": "leading", "offset": 0, "set_alpha_to_one": True},
        {"solver": "ddim", "steps": 6, "spacing": "trailing", "offset": 0, "eta": 0.6},
    ):
        one, n = {**defaults, **given}, given["steps"]
        noise = rng.standard_normal((n, 2, 3))
        if one["solver"] == "ddim":
            r = T // n
            times = np.arange(n)[::-1] * r + one["offset"] if one["spacing"] == "leading" else half_even(T - np.arange(n) * T / n) - 1
            x, states = x_T, []
            for i, t in enumerate(times):
                a2, b2 = abar[t], abar[t - r] if t - r >= 0 else (1.0 if one["set_alpha_to_one"] else abar[0])
                eps = eps_of(world, x, np.sqrt(a2), np.sqrt(1 - a2))
                x0 = (x - np.sqrt(1 - a2) * eps) / np.sqrt(a2)
                fresh = one["eta"] * np.sqrt((1 - b2) / (1 - a2) * (1 - a2 / b2))
                x = np.sqrt(b2) * x0 + np.sqrt(1 - b2 - fresh**2) * eps + fresh * noise[i]
                states.append(x)
            extra = {"timesteps": times, **({"noise": noise} if one["eta"] else {})}
        else:
            times = multistep_times(n, one["spacing"], one["offset"])
            sigmas = table[times]
            if one["karras"]:
                low, high = table[0] ** (1 / 7), table[-1] ** (1 / 7)
                sigmas = (high + np.arange(n) / (n - 1) * (low - high)) ** 7
                times = half_even(np.interp(np.log(sigmas), np.log(table), np.arange(T)))
            sigmas = np.append(sigmas, 0 if one["finalSigmas"] == "zero" else table[0])
            states = unipc(world, x_T, sigmas, one) if one["solver"] == "unipc" else dpm_pp(world, x_T, sigmas, one, noise)
            extra = {"timesteps": times, "sigmas": sigmas, **({"noise": noise} if one["solver"].startswith("sde") else {})}
        cases.append({**given, **extra, "x_after_step_1": states[0], "x_final": states[-1]})
    grids = {f"{spacing}_{n}_offset{offset}": multistep_times(n, spacing, offset) for spacing, n, offset in (("linspace", 37, 0), ("leading", 3, 1), ("trailing", 300, 0), ("linspace", 1, 0), ("trailing", 16, 0))}
    settings = {"defaults": defaults, "betas": "scaled_linear 0.00085..0.012, 1000", "abar_17": abar[17]}
    content = {"settings": settings, "mixture": world, "x_T": x_T, "timestepsForMultistepSolvers": grids, "expected": {"cases": cases}}
    return content | {"tolerance": {"float64": 1e-8, "kind": "max abs error relative to max abs of the expected array"}}


def shortest_path(rng):
    size, steps, c1, c2, m = 5, 7, 0.8, 0.3, 1.3
    f = np.fft.fftfreq(size, 1 / size)
    S = c1 / (c2 + np.hypot(*np.meshgrid(f, f, indexing="ij"))) ** m
    F, back = (lambda v: np.fft.fft2(v, norm="ortho")), (lambda v: np.fft.ifft2(v, norm="ortho").real)

    def tables(count):
        k = np.arange(count)
        tau = (count - (1 + k * (count - 2) / (count - 1))) / count
        kept = np.array([(1 - S**t) / (1 - S) for t in tau])
        beta = np.minimum(0.999, 1 - kept / np.concatenate([np.ones((1, size, size)), kept[:-1]]))
        return np.cumprod(1 - beta, 0), beta

    abar, beta = tables(steps)
    x0, noise, eps, other = rng.standard_normal((4, 2, size, size))
    told = []
    for k in range(steps):
        a, b, before = abar[k], beta[k], abar[k - 1] if k else np.ones_like(S)
        X = np.sqrt(a) * F(x0) + np.sqrt(1 - a) * F(noise)
        x = back(X)
        X = F(x)
        chance = (X - b / np.sqrt(1 - a) * F(eps)) / np.sqrt(1 - b) + (np.sqrt(b) * F(other) if k else 0)
        clean = (X - np.sqrt(1 - a) * F(eps)) / np.sqrt(a)
        told.append({"k": k, "alpha_bar_row0": a[0], "beta_row0": b[0], "x_t": x, "ancestral": back(chance), "ddim": back(np.sqrt(before) * clean + np.sqrt(1 - before) * F(eps))})
    chain, _ = tables(11)
    X = F(noise[0])
    for k in range(10, -1, -1):
        a, before = chain[k], chain[k - 1] if k else np.ones_like(S)
        guess = np.sqrt(1 - a) / (a * S + 1 - a) * X
        X = np.sqrt(before) * (X - np.sqrt(1 - a) * guess) / np.sqrt(a) + np.sqrt(1 - before) * guess
    settings = {"size": size, "T": steps, "c1": c1, "c2": c2, "m": m}
    expected = {"steps": told, "gaussian_chain": {"T": 11, "x_0": back(X)}}
    return {"settings": settings, "x0": x0, "noise": noise, "eps": eps, "noise2": other, "expected": expected, "tolerance": {"float64": 1e-6, "kind": "relative to max(1,max abs)"}}


FILES = {"baseline-solvers": baseline, "shortest-path": shortest_path}
