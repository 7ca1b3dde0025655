"""Second vectors of what restores pictures with a diffusion model, from the formulas alone."""
import numpy as np

from walks import T, abar_of, eps_of, mixture


def krylov(G, b, x, iterations, tolerance):
    r = b - G @ x
    p, rr = r, r @ r
    for _ in range(iterations):
        if rr == 0 or p @ G @ p <= 0:
            break
        alpha = rr / (p @ G @ p)
        x, r = x + alpha * p, r - alpha * (G @ p)
        if np.linalg.norm(r) < tolerance:
            break
        p, rr = r + (r @ r) / rr * p, r @ r
    return x


def dds(rng):
    cases = []
    for kind, d, steps, more in (
        ("plain", 1, 3, {"eta": 1.0, "gamma": 0.3, "noisy": True, "sigma_y": 0.1, "schedule": "linear", "cg_iter": 1}),
        ("plain", 5, 7, {"eta": 0.4, "gamma": 20.0, "noisy": True, "sigma_y": 0.1, "schedule": "scaled_linear", "cg_iter": 9}),
        ("plain", 4, 6, {"eta": 0.0, "gamma": 1.0, "noisy": False, "sigma_y": 0.0, "schedule": "scaled_linear", "cg_iter": 2}),
        ("stack_tv", 3, 5, {"eta": 0.3, "rho": 0.7, "lamb": 0.2, "slices": 5, "schedule": "scaled_linear", "cg_iter": 3}),
        ("VE", 4, 4, {"eta": 0.9, "gamma": 0.5, "cg_iter": 2}),
    ):
        world = mixture(rng, d, 2)
        m, slices = max(1, d - 1), more.get("slices", 1)
        A = rng.standard_normal((m, d)) / np.sqrt(d)
        y, x = rng.standard_normal((slices, m)), rng.standard_normal((slices, d))
        AT, D = np.kron(np.eye(slices), A), np.kron(np.roll(np.eye(slices), 1, axis=1) - np.eye(slices), np.eye(d))
        if kind == "VE":
            sigmas = np.append(np.geomspace(9, 0.05, steps), 0)
            x = 9 * x
            legs = [(1, sigmas[i], 1, sigmas[i + 1], {"sigma": sigmas[i]}) for i in range(steps)]
        else:
            abar, skip = abar_of(more["schedule"]), T // steps
            at = lambda t: (np.sqrt(abar[t]), np.sqrt(1 - abar[t])) if t >= 0 else (1.0, 0.0)
            times = list(range(0, T, skip))
            legs = [(*at(t), *at(t - skip if t else -1), {"t": t, "t_next": t - skip if t else -1}) for t in times[::-1]]
        x_T, noise, told = x.copy(), rng.standard_normal((len(legs), slices, d)), []
        z = u = np.zeros(slices * d)
        for n, (a, s, a2, s2, said) in zip(noise, legs):
            eps = eps_of(world, x, a, s)
            x0 = (x - s * eps) / a
            if kind == "stack_tv":
                G, right = AT.T @ AT + more["rho"] * D.T @ D, AT.T @ y.ravel() + more["rho"] * D.T @ (z - u)
            elif kind == "VE" or more["noisy"]:
                G, right = np.eye(d) + more["gamma"] * A.T @ A, x0.ravel() + more["gamma"] * A.T @ y.ravel()
            else:
                G, right = A.T @ A, A.T @ y.ravel()
            found = krylov(G, right, x0.ravel(), more["cg_iter"], 1e-5)
            if kind == "stack_tv":
                pushed = D @ found + u
                z = np.sign(pushed) * np.maximum(abs(pushed) - more["lamb"] / more["rho"], 0)
                u = pushed - z
                said = {**said, "split": z.reshape(slices, d), "dual": u.reshape(slices, d)}
            found = found.reshape(slices, d)
            quiet = said.get("t_next") == 0
            x = found if quiet else a2 * found + s2 * (more["eta"] * n + np.sqrt(1 - more["eta"] ** 2) * eps)
            flat = (lambda v: v) if kind == "stack_tv" else (lambda v: v[0])
            told.append({**said, "eps": flat(eps), "x0_tweedie": flat(x0), "x0_cg": flat(found), "x_next": flat(x)})
        flat = (lambda v: v) if kind == "stack_tv" else (lambda v: v[0])
        settings = {"d": d, "cg_eps": 1e-5, **more}
        settings |= {"kind": kind, "steps": steps, "sigmas": sigmas} if kind == "VE" else {"T_sampling": steps}
        if kind == "stack_tv":
            settings["kind"] = kind
        inputs = {"mixture": world, "A": A, "y": flat(y), "x_T": flat(x_T), "noise": noise if kind == "stack_tv" else noise[:, 0]}
        cases.append({"settings": settings, "inputs": inputs, "expected": {"x_final": flat(x), "steps": told}})
    return {"tolerance": {"abs": 1e-8}, "cases": cases}


def red_diff(rng):
    shapes = {"linear": lambda r: r, "sqrt": np.sqrt, "square": lambda r: r * r, "log": np.log1p, "const": lambda r: 1.0}
    shapes |= {"trunc_linear": lambda r: min(r, 1.0), "power2over3": lambda r: r ** (2 / 3)}
    cases = []
    for i, (weight, shape) in enumerate(shapes.items()):
        d, m, steps = 2 + i, 1 + i // 2, 5 + i
        start, end = (1000, 0) if i % 2 else (700, 40)
        o = {"obs_weight": 0.5 + i / 4, "weight": weight, "lr": 0.05 * (i + 1), "sigma_x0": 0.02 * (i % 3), "lambda": 0.1 + 0.3 * i}
        schedule = "linear" if i % 2 else "scaled_linear"
        abar, world = abar_of(schedule), mixture(rng, d, 2)
        A, y = rng.standard_normal((m, d)), rng.standard_normal(m)
        times = list(range(end, start, (start - end) // steps))[::-1]
        n0, nt = rng.standard_normal((2, len(times), d))
        mu = A.T @ np.linalg.solve(A @ A.T, y)
        first, v1, v2, told = mu, 0, 0, []
        for k, t in enumerate(times):
            a, s = np.sqrt(abar[t]), np.sqrt(1 - abar[t])
            x0 = mu + o["sigma_x0"] * n0[k]
            xt = a * x0 + s * nt[k]
            eps = eps_of(world, xt[None], a, s)[0]
            g = o["lambda"] * shape(s / a) * (eps - nt[k]) / d - o["obs_weight"] * A.T @ (y - A @ x0) / m
            v1, v2 = 0.9 * v1 + 0.1 * g, 0.99 * v2 + 0.01 * g * g
            mu = mu - o["lr"] * (v1 / (1 - 0.9 ** (k + 1))) / (np.sqrt(v2 / (1 - 0.99 ** (k + 1))) + 1e-8)
            told.append((mu, eps, xt))
        settings = {"awd": True, "sigma_y": 0.1, "eta": 0.0, "start_step": start, "end_step": end, "num_steps": steps, "schedule": schedule, "d": d, "m": m, **o}
        inputs = {"mixture": world, "A": A, "y": y, "timesteps_descending": times, "noise_x0": n0, "noise_xt": nt}
        expected = {"mu_init": first, "mu_per_step": [one[0] for one in told], "eps_per_step": [one[1] for one in told]}
        expected |= {"xt_per_step": [one[2] for one in told], "abar_at_timesteps": abar[times]}
        cases.append({"settings": settings, "inputs": inputs, "expected": expected})
    return {"tolerance": {"abs": 1e-9}, "cases": cases}


FILES = {"dds": dds, "red-diff": red_diff}
