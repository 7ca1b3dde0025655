"""Second vectors of solvers for settings that are learned from examples, from the formulas alone."""
import numpy as np


def positive(rng, n):
    root = rng.standard_normal((n, n))
    return root @ root.T / n + 0.5 * np.eye(n)


def penalty(rng):
    ny, nx, rho = 3, 2, 0.4
    Q, P, q, t = positive(rng, ny), rng.standard_normal((ny, nx)), rng.standard_normal(ny), rng.standard_normal(ny)
    x0, y0, z0 = rng.standard_normal(nx), rng.standard_normal(ny), rng.standard_normal(ny)
    f = lambda x, y: 0.5 * ((y - t) ** 2).sum() + 0.5 * rho * (x**2).sum()
    g = lambda x, y: 0.5 * y @ Q @ y - y @ (P @ x + q)
    gy, gx, fy = lambda x, y: Q @ y - P @ x - q, lambda x, y: -P.T @ y, lambda y: y - t
    solve = lambda x, s: np.linalg.solve(Q + s * np.eye(ny), P @ x + q + s * t)
    hyper = lambda x: rho * x + P.T @ np.linalg.solve(Q, fy(solve(x, 0)))
    psi = []
    for s in (1.0, 0.3, 0.01):
        y, z = solve(x0, s), solve(x0, 0)
        psi.append({"sigma": s, "psi": f(x0, y) + (g(x0, y) - g(x0, z)) / s, "grad_psi": rho * x0 + (gx(x0, y) - gx(x0, z)) / s})
    J = np.linalg.solve(Q, P)
    star = np.linalg.solve(rho * np.eye(nx) + J.T @ J, J.T @ (t - np.linalg.solve(Q, q)))
    double = {"K": 12, "T": 3, "sigma": 0.2, "alpha": 0.1, "beta": 0.8, "gamma": 0.15, "rho": 1.5}
    single = {"K": 9, "sigma": 0.3, "alpha": 0.05, "beta": 0.6, "gamma": 0.1, "rho": 0.7, "eta": 0.5}
    x, y, z, told = x0, y0, z0, {}
    o = double
    for k in range(1, o["K"] + 1):
        w, u = y, z
        for _ in range(o["T"]):
            w, u = w - o["gamma"] * (o["sigma"] * fy(w) + gy(x, w) + (w - y) / o["rho"]), u - o["gamma"] * (gy(x, u) + (u - z) / o["rho"])
        y, z = y + o["beta"] * (w - y), z + o["beta"] * (u - z)
        x = x - o["alpha"] * (rho * x + (gx(x, y) - gx(x, z)) / o["sigma"])
        if k in (1, 5, 12):
            told[k] = {"x": x, "y": y, "z": z}
    noise = 0.1 * rng.standard_normal((single["K"], 2, ny))
    x, y, z, steps, o = x0, y0, z0, {}, single
    w, u, before, d = y, z, None, None
    for k in range(1, o["K"] + 1):
        n = noise[k - 1]
        slopes = lambda x, y, z, w, u: (o["sigma"] * fy(w) + gy(x, w) + n[0] + (w - y) / o["rho"], gy(x, u) + n[1] + (u - z) / o["rho"])
        now = slopes(x, y, z, w, u)
        d = now if d is None else [a + (1 - o["eta"]) * (b - c) for a, b, c in zip(now, d, slopes(*before))]
        before = (x, y, z, w, u)
        w, u = w - o["gamma"] * d[0], u - o["gamma"] * d[1]
        y, z = y + o["beta"] * (w - y), z + o["beta"] * (u - z)
        x = x - o["alpha"] * (rho * x + (gx(x, y) - gx(x, z)) / o["sigma"])
        if k in (1, 2, 9):
            steps[k] = {"x": x, "y": y, "z": z}
    a, c, tm, xm = rng.standard_normal(4), rng.standard_normal(3), rng.standard_normal(4), rng.standard_normal(3)
    star_m = tm + a * (c @ xm - a @ tm) / (a @ a)
    grad_m = c * (a @ (star_m - tm)) / (a @ a)
    slopes = []
    for s in (0.5, 0.02):
        ym = np.linalg.solve(np.outer(a, a) + s * np.eye(4), a * (c @ xm) + s * tm)
        slopes.append({"sigma": s, "grad_psi": -c * (a @ ym - c @ xm) / s})
    settings = {"Q": Q, "P": P, "q": q, "t": t, "rho_f": rho, "x0": x0, "y0": y0, "z0": z0, "double_loop": double, "single_loop": single, "noise": noise}
    settings["multi"] = {"a": a, "c": c, "t": tm, "x": xm}
    expected = {"phi": f(x0, solve(x0, 0)), "grad_phi": hyper(x0), "x_star": star, "psi": psi, "double_loop": told, "single_loop": steps}
    expected["multi"] = {"y_star": star_m, "grad_phi": grad_m, "penalty": slopes}
    return {"settings": settings, "expected": expected, "tolerance": 1e-8}


def blockwise(rng):
    m, ny, nx, steps = 3, 2, 2, 7
    blocks = [{"Q": positive(rng, ny), "P": rng.standard_normal((ny, nx)), "q": rng.standard_normal(ny), "t": rng.standard_normal(ny), "rho": 0.2} for _ in range(m)]
    x0, noise = rng.standard_normal(nx), 0.1 * rng.standard_normal((steps, m, ny))
    schedule = [[int(v) for v in rng.permutation(m)[:1]] if k % 2 else [int(v) for v in rng.permutation(m)[:2]] for k in range(steps)]
    params = {"alpha": 0.7, "gamma": 0.2, "beta": 0.4, "tau": 0.2, "eta": 0.05, "mu": 0.6, "v_bound": 0.8, "H0scale": 1.3}
    full = {"alpha": 1.0, "gamma": 0.0, "beta": 1.0, "tau": 0.3, "eta": 0.02, "mu": 0.3, "v_bound": 1e9}
    gy = lambda b, x, y: b["Q"] @ y - b["P"] @ x - b["q"]
    fy = lambda b, y: y - b["t"]

    def floor(H, mu):
        values, V = np.linalg.eigh((H + H.T) / 2)
        return V @ np.diag(np.maximum(values, mu)) @ V.T

    def run(version, o, schedule, noise, H0, length):
        x, y, v = x0, [np.zeros(ny)] * m, [np.zeros(ny)] * m
        s = [gy(b, x, np.zeros(ny)) for b in blocks]
        u = [b["Q"] @ np.zeros(ny) - fy(b, np.zeros(ny)) for b in blocks]
        H = [H0 * b["Q"] for b in blocks]
        xo, yo, vo, Ho, z, told = x, list(y), list(v), list(H), None, {}
        for k in range(length):
            new, old, Hk = np.zeros(nx), np.zeros(nx), list(H)
            picked = schedule[k] if schedule else range(m)
            for i in picked:
                b, n = blocks[i], noise[k][i] if noise is not None else 0
                s[i] = (1 - o["alpha"]) * s[i] + (o["alpha"] + o["gamma"]) * (gy(b, x, y[i]) + n) - o["gamma"] * (gy(b, xo, yo[i]) + n)
                if version == 1:
                    q, qo = np.linalg.solve(Hk[i], fy(b, y[i])), np.linalg.solve(Ho[i], fy(b, yo[i]))
                    H[i] = floor((1 - o["alpha"]) * Hk[i] + o["alpha"] * b["Q"], o["mu"])
                else:
                    q, qo = v[i], vo[i]
                    u[i] = (1 - o["alpha"]) * u[i] + (o["alpha"] + o["gamma"]) * (b["Q"] @ v[i] - fy(b, y[i]) + n) - o["gamma"] * (b["Q"] @ vo[i] - fy(b, yo[i]) + n)
                new += (b["rho"] * x + b["P"].T @ q) / len(picked)
                old += (b["rho"] * xo + b["P"].T @ qo) / len(picked)
            z = new if z is None else (1 - o["beta"]) * (z - old) + new
            xo, yo, vo, Ho = x, list(y), list(v), Hk
            for i in range(m):
                y[i] = y[i] - o["tau"] * s[i]
                if version == 2:
                    v[i] = v[i] - o["tau"] * u[i]
                    size = np.linalg.norm(v[i])
                    v[i] = v[i] * min(1, o["v_bound"] / size) if size else v[i]
            x = x - o["eta"] * z
            told[k + 1] = {"x": x, "y": list(y), **({"v": list(v)} if version == 2 else {}), "z": z}
        return told

    pick = lambda told: {k: told[k] for k in (1, 3, 7)}
    A = sum(b["rho"] * np.eye(nx) + b["P"].T @ np.linalg.solve(b["Q"] @ b["Q"], b["P"]) for b in blocks) / m
    right = sum(b["P"].T @ np.linalg.solve(b["Q"], b["t"] - np.linalg.solve(b["Q"], b["q"])) for b in blocks) / m
    star = np.linalg.solve(A, right)
    expected = {"v1": pick(run(1, params, schedule, noise, 1.3, steps)), "v2": pick(run(2, params, schedule, noise, 1.3, steps)), "x_star_full_batch": star, "grad_norm_full_batch_v1_2000": 0.0}
    settings = {"blocks": blocks, "x0": x0, "schedule": schedule, "noise": noise, "params": params, "full_params": full}
    return {"settings": settings, "expected": expected, "tolerance": 1e-8}


FILES = {"penalty-bilevel": penalty, "bsvrb": blockwise}
