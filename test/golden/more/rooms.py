"""Second vectors of rooms that relax, agree, foresee, flow, remember and carry, from the formulas alone."""
import numpy as np
from scipy.linalg import expm
from scipy.optimize import linear_sum_assignment


def equilibrium(rng):
    sizes, inputs, classes, kappa, batch = [3, 4], 2, 2, 0.3, 2
    W = [0.3 * rng.standard_normal((a, b)) for a, b in zip([inputs] + sizes, sizes)]
    B = [0.3 * rng.standard_normal((b, a)) for a, b in zip(sizes, sizes[1:])]
    b = [0.2 * rng.standard_normal(s) for s in sizes]
    R, r = 0.5 * rng.standard_normal((sizes[-1], classes)), 0.1 * rng.standard_normal(classes)
    x, y = rng.random((batch, inputs)), np.eye(classes)[rng.integers(0, classes, batch)]
    s = lambda z: 1 / (1 + np.exp(-4 * z + 2))
    L = len(sizes)

    def rest(beta):
        u = [np.zeros((batch, n), complex) for n in sizes]
        for _ in range(3000):
            a = [s(z) for z in u]
            F = []
            for l in range(L):
                f = (x if l == 0 else a[l - 1]) @ W[l] + b[l] + (a[l + 1] @ B[l] if l + 1 < L else 0)
                if l == L - 1 and beta:
                    z = a[l] @ R + r
                    e = np.exp(z - z.real.max(1, keepdims=True))
                    f = f + beta * (e / e.sum(1, keepdims=True) - y) @ R.T
                F.append(f)
            u = [(1 - kappa) * z + kappa * f for z, f in zip(u, F)]
        return u

    free = [z.real for z in rest(0)]
    a0 = [s(z) for z in free]

    def estimate(count, beta):
        out = [np.zeros((batch, n)) for n in sizes]
        for j in range(count):
            turn = np.exp(2j * np.pi * j / count)
            for l, z in enumerate(rest(beta * turn)):
                out[l] += ((s(z) - (a0[l] if count == 1 else 0)) / turn / beta / count).real
        return out

    da = estimate(8, 0.02)
    z = a0[-1] @ R + r
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    slope = [4 * a * (1 - a) for a in a0]
    delta = [np.zeros((batch, n)) for n in sizes]
    for _ in range(3000):
        new = []
        for l in range(L):
            pulled = (p - y) @ R.T if l == L - 1 else delta[l + 1] @ W[l + 1].T
            if l:
                pulled = pulled + delta[l - 1] @ B[l - 1].T
            new.append(slope[l] * pulled)
        delta = new

    def gradients(e):
        before = [x] + a0
        gW, gB = [before[l].T @ e[l] / batch for l in range(L)], [a0[l + 1].T @ e[l] / batch for l in range(L - 1)]
        return {"W": gW, "b": [v.mean(0) for v in e], "B": gB, "R": a0[-1].T @ (p - y) / batch, "r": (p - y).mean(0)}

    n = sum(sizes)
    loss = sum(((W[l + 1] - B[l].T) ** 2).sum() for l in range(L - 1)) / n
    gW = [np.zeros_like(W[0])] + [2 * (W[l + 1] - B[l].T) / n for l in range(L - 1)]
    cosine = [float((e * d).sum() / np.linalg.norm(e) / np.linalg.norm(d)) for e, d in zip(da, delta)]
    expected = {"u": free, "da_dbeta": da, "estimates": {"N1_beta0.05": estimate(1, 0.05), "N3_beta0.1": estimate(3, 0.1)}, "delta": delta}
    expected |= {"ep_grads": gradients(da), "true_grads": gradients(delta), "cosine": cosine}
    expected["homeo"] = {"loss": loss, "W": gW, "B": [-2 * (W[l + 1].T - B[l]) / n for l in range(L - 1)]}
    settings = {"x": x, "y": y, "W": W, "b": b, "B": B, "R": R, "r": r, "kappa": kappa}
    return {"settings": settings, "expected": expected, "tolerance": {"u": 1e-8, "da_dbeta": 1e-7, "estimates": 1e-7, "default": 1e-7}}


def consensus(rng):
    d, n, dt, lam, alpha = 1, 5, 0.3, 0.7, 40.0
    target, V0, dB = rng.standard_normal(d), 2 * rng.standard_normal((d, n)), rng.standard_normal((4, d, n))
    value = lambda V: (((V - target[:, None]) ** 2) + 2.5 * (1 - np.cos(2 * np.pi * (V - target[:, None])))).sum(0)

    def centre(V):
        e = value(V)
        w = np.exp(-alpha * (e - e.min()))
        return (V * w).sum(1) / w.sum()

    sigma, expected = {"anisotropic": 0.9, "isotropic": 0.4}, {}
    for kind, share in sigma.items():
        V, steps = V0, []
        for draws in dB:
            c = centre(V)
            V = V - lam * dt * (V - c[:, None])
            apart = abs(V - c[:, None]) if kind == "anisotropic" else np.linalg.norm(V - c[:, None], axis=0)
            V = V + share * np.sqrt(dt) * apart * draws
            steps.append({"consensus": c, "particles": V})
        expected[kind] = {"sigma": share, "steps": steps, "final_consensus": centre(V)}
    A = rng.standard_normal((2, 2))
    A = A @ A.T + np.eye(2)
    b, c = rng.standard_normal((2, 2))
    tau = 2.0 * 0.4**2
    expected["hopping_prox"] = np.linalg.solve(A + np.eye(2) / tau, b + c / tau)
    expected["hopping_mc_error"] = {"N": [1000, 20000], "mean_error": [0.05, 0.012]}
    hopping = {"A": A, "b": b, "c": c, "alpha": 2.0, "sigma": 0.4, "tau": tau}
    settings = {"target": target, "V0": V0, "dB": dB, "dt": dt, "lambda": lam, "sigma": sigma, "alpha": alpha, "hopping": hopping}
    return {"settings": settings, "expected": expected, "tolerance": {"default": 1e-9}}


def martingale(rng):
    n, dt, beta, lam, alpha = 7, 0.2, 0.9, 0.2, 0.03
    T = n * dt
    paths = np.cumsum(np.concatenate([rng.standard_normal((5, 1)), 0.5 * rng.standard_normal((5, n))], 1), 1)
    theta = rng.standard_normal(3)
    named = {name: [np.zeros((3, 3)), np.zeros(3)] for name in ("ML", "CLSTD0", "CLSTDlam", "MSTDE")}
    start = theta
    for X in paths:
        t = np.arange(n) * dt
        phi = np.stack([X[:n] ** 2, T - t, (T - t) * X[:n] ** 2], 1)
        r, h = -0.5 * X[:n] ** 2, -X[n] ** 2
        after, last = np.concatenate([phi[1:], np.zeros((1, 3))]), np.append(np.zeros(n - 1), h)
        a, c = phi * (1 + beta * dt) - after, r * dt + last
        trace = np.zeros(3)
        for i in range(n):
            rest = np.exp(-beta * T) * h + (np.exp(-beta * t[i:]) * r[i:] * dt).sum()
            seen = np.exp(-beta * t[i]) * phi[i]
            trace = lam**dt * trace + phi[i] * dt if i else phi[i] * dt
            for name, xi, row, value in (("ML", seen * dt, seen, rest), ("CLSTD0", phi[i], a[i], c[i]), ("CLSTDlam", trace, a[i], c[i]), ("MSTDE", a[i] / dt, a[i], c[i])):
                named[name][0] += np.outer(xi, row) / len(paths)
                named[name][1] += xi * value / len(paths)
            following = after[i] @ theta + last[i]
            theta = theta + alpha * phi[i] * (following - phi[i] @ theta + r[i] * dt - beta * phi[i] @ theta * dt)
    expected = {name: {"A": A, "b": b, "theta": np.linalg.solve(A, b)} for name, (A, b) in named.items()}
    expected["CTD0_one_pass"] = theta
    return {"settings": {"paths": paths, "T": T, "dt": dt, "beta": beta, "lam": lam, "theta0": start, "alpha": alpha}, "expected": expected, "tolerance": 1e-8}


def gaussian_flow(rng):
    cases = []
    for d, m, sy, ss, steps in ((1, 1, 0.3, 0.05, (1, 3)), (2, 4, 0.2, 0.3, (2, 17))):
        mean, A, root = rng.standard_normal(d), rng.standard_normal((m, d)), rng.standard_normal((d, d))
        S = root @ root.T + 0.2 * np.eye(d)
        x = mean + rng.standard_normal((3, d)) @ np.linalg.cholesky(S).T
        y = x @ A.T + sy * rng.standard_normal((3, m))
        G = S @ A.T @ np.linalg.inv(A @ S @ A.T + sy**2 * np.eye(m))
        post, P = mean + (y - A @ mean) @ G.T, G @ A @ S
        noise, t = rng.standard_normal((3, d)), rng.random(3)
        V0 = P + ss**2 * np.eye(d)
        # Cov(x, z0) = P: the posterior mean's own covariance.
        velocity = lambda t: (t * S + (1 - t) * P - t * P - (1 - t) * V0) @ np.linalg.inv(t * t * S + (1 - t) ** 2 * V0 + 2 * t * (1 - t) * P)
        z0 = post + ss * noise
        zt = t[:, None] * x + (1 - t[:, None]) * z0
        v = np.array([velocity(ti) @ (zi - mean) for ti, zi in zip(t, zt)])
        euler, stats = {}, {}

        def told(M):
            return {"output_cov_error_fro": np.linalg.norm(M @ V0 @ M.T - S), "mse": np.trace(M @ V0 @ M.T) + np.trace(S) - 2 * np.trace(M @ P)}

        for K in steps:
            z, M = z0, np.eye(d)
            for i in range(K):
                step = velocity(i / K) / K
                z, M = z + (z - mean) @ step.T, (np.eye(d) + step) @ M
            euler[str(K)], stats[str(K)] = z, told(M)
        M, n = np.eye(d), 2000
        for i in range(n):
            k1 = velocity(i / n) @ M
            k2 = velocity((i + 0.5) / n) @ (M + k1 / 2 / n)
            k3 = velocity((i + 0.5) / n) @ (M + k2 / 2 / n)
            M = M + (k1 + 2 * k2 + 2 * k3 + velocity((i + 1) / n) @ (M + k3 / n)) / 6 / n
        stats |= {"limit": told(M), "posterior_mean_mse": np.trace(S - P), "posterior_sampling_mse": 2 * np.trace(S - P)}
        expected = {"z0": z0, "euler": euler, "z_t": zt, "velocity_at_zt": v, "flow_matching_loss": ((v - (x - z0)) ** 2).mean(), "velocity_matrix_at_half": velocity(0.5), "stats": stats}
        inputs = {"mean": mean, "cov": S, "A": A, "x": x, "y": y, "posterior_mean": post, "noise": noise, "t": t}
        cases.append({"settings": {"d": d, "m": m, "sigma_y": sy, "sigma_s": ss}, "inputs": inputs, "expected": expected})
    return {"tolerance": {"abs": 1e-8}, "cases": cases}


def state_space(rng):
    n, dt = 6, 0.05
    i = np.arange(n)
    A = -np.sqrt((2 * i[:, None] + 1) * (2 * i[None] + 1)) * (i[:, None] > i[None]) - np.diag(i + 1.0)
    B, P = np.sqrt(2 * i + 1.0), np.sqrt(i + 0.5)
    C, E = rng.standard_normal(n), 0.05 * rng.standard_normal((n, n))
    omega, u = [0.0, 0.7, -3.0, 40.0], rng.standard_normal(25)
    values, V = np.linalg.eig(A + E)
    order = np.lexsort((values.imag, values.real))
    V = V / np.linalg.norm(V, axis=0)
    gain = lambda M, b: [C @ np.linalg.solve(1j * w * np.eye(n) - M, b) for w in omega]
    parts = lambda z: {"re": np.real(z), "im": np.imag(z)}
    step = expm((A + E) * dt)
    into = np.linalg.solve(A + E, (step - np.eye(n)) @ B)
    x, y = np.zeros(n), []
    for value in u:
        x = step @ x + into * value
        y.append(C @ x)
    expected = {"eigenvalues": parts(values[order]), "cond_V": np.linalg.cond(V), "G_hippo": parts(gain(A, B)), "G_ptd": parts(gain(A + E, B)), "G_s4d": parts(gain(A + np.outer(P, P), B / 2)), "y": y}
    return {"settings": {"n": n, "C": C, "E": E, "omega": omega, "dt": dt, "u": u}, "expected": expected, "tolerance": {"default": 1e-6, "cond": "10%", "y": 1e-7}}


def transport(rng):
    n, m, eps = 5, 9, 0.07
    C, a, b = rng.random((n, m)), rng.random(n) + 0.1, rng.random(m) + 0.1
    a, b = a / a.sum(), b / b.sum()
    f, g = np.zeros(n), np.zeros(m)
    lse = lambda M, axis: np.log(np.exp(M - M.max(axis, keepdims=True)).sum(axis)) + M.max(axis)
    for _ in range(20000):
        f = eps * (np.log(a) - lse((g[None] - C) / eps, 1))
        g = eps * (np.log(b) - lse((f[:, None] - C) / eps, 0))
    P = np.exp((f[:, None] + g[None] - C) / eps)
    f, g = f + g[-1], g - g[-1]
    kl = (P * C).sum() + eps * (P * np.log(P / np.outer(a, b))).sum()
    solved = {"gauge": "g[last]=0", "f": f, "g": g, "P": P, "transport_cost": (P * C).sum(), "W_ent": (P * C).sum() + eps * (P * np.log(P)).sum(), "W_kl": kl}
    weighted = {"eps": eps, "C": C, "a": a, "b": b, "expected": solved, "tolerance": 1e-9}
    f2, g2 = f + 0.02 * rng.standard_normal(n), g + 0.02 * rng.standard_normal(m)
    Q = np.exp((f2[:, None] + g2[None] - C) / eps)
    grad = np.concatenate([a - Q.sum(1), b - Q.sum(0)])
    H = np.block([[np.diag(Q.sum(1)), Q], [Q.T, np.diag(Q.sum(0))]]) / eps
    there = {"F": a @ f2 + b @ g2 - eps * Q.sum(), "grad": grad, "newton_direction_min_norm": np.linalg.pinv(H, rcond=1e-13) @ grad}
    entries = rng.permutation(np.linspace(0.01, 0.3, 12)).reshape(3, 4)
    keep = entries >= np.sort(entries.ravel())[::-1][int(np.ceil(0.55 * 12)) - 1]
    k = 16
    cost = rng.random((k, k))
    rows, columns = linear_sum_assignment(cost)
    e = 0.02
    p = q = np.full(k, 1 / k)
    f, g = np.zeros(k), np.zeros(k)
    for _ in range(60000):
        f = e * (np.log(p) - lse((g[None] - cost) / e, 1))
        g = e * (np.log(q) - lse((f[:, None] - cost) / e, 0))
    plan = np.exp((f[:, None] + g[None] - cost) / e)
    assigned = {"optimal_assignment_cost": cost[rows, columns].mean(), "transport_cost": (plan * cost).sum(), "W_ent": f @ p + g @ q}
    assignment = {"eps": e, "C": cost, "expected": assigned, "limits": {"newton_steps_max": 43, "L1_marginal_error_max": 1e-8}, "tolerance": {"transport_cost": 1e-7, "W_ent": 1e-9}}
    return {"weighted": weighted, "potential_case": {"f": f2, "g": g2, "expected": there, "tolerance": 1e-8}, "sparsify_case": {"P": entries, "lambda_": 0.55, "expected_keep": keep.astype(int)}, "assignment": assignment}


FILES = {"ep-homeostasis": equilibrium, "cbo": consensus, "martingale-pe": martingale, "pmrf": gaussian_flow, "ssm-ptd": state_space, "sinkhorn-newton-sparse": transport}
