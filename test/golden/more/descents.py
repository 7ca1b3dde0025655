"""Second vectors of optimisers, curvature, regression, kernels and private training, from the formulas alone."""
import numpy as np


def adamp(rng):
    defaults = {"lr": 1e-3, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0, "delta": 0.1, "wd_ratio": 0.1}
    defaults |= {"nesterov": False, "momentum": 0, "dampening": 0}

    def projected(p, g, u, o):
        """What is left of u, the share of decay, and which view it was."""
        if p.ndim < 2:
            return u, 1, None
        for view, shape in (("channel", (p.shape[0], -1)), ("layer", (1, -1))):
            pr, gr, ur = p.reshape(shape), g.reshape(shape), u.reshape(shape)
            floor = lambda a: np.maximum(np.linalg.norm(a, axis=1), o["eps"])
            cosine = np.abs((pr * gr).sum(1)) / floor(pr) / floor(gr)
            if cosine.max() < o["delta"] / np.sqrt(pr.shape[1]):
                unit = pr / (np.linalg.norm(pr, axis=1, keepdims=True) + o["eps"])
                return (ur - unit * (unit * ur).sum(1, keepdims=True)).reshape(p.shape), o["wd_ratio"], view
        return u, 1, None

    def run(optimizer, options, p, gradients):
        o = defaults | options
        m, v, buf = np.zeros_like(p), np.zeros_like(p), np.zeros_like(p)
        b1, b2 = o["betas"]
        after, views = [], []
        for t, g in enumerate(gradients, 1):
            if optimizer == "AdamP":
                m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
                den = np.sqrt(v) / np.sqrt(1 - b2**t) + o["eps"]
                u = ((b1 * m + (1 - b1) * g) if o["nesterov"] else m) / den
                step, decay = o["lr"] / (1 - b1**t), o["lr"] * o["weight_decay"]
            else:
                buf = o["momentum"] * buf + (1 - o["dampening"]) * g
                u = g + o["momentum"] * buf if o["nesterov"] else buf
                step, decay = o["lr"], o["lr"] * o["weight_decay"] / (1 - o["momentum"])
            u, ratio, view = projected(p, g, u, o)
            if optimizer == "SGDP" and not o["nesterov"]:
                buf = u
            if o["weight_decay"] > 0:
                p = p * (1 - decay * ratio)
            p = p - step * u
            after.append(p.ravel().tolist())
            views.append(view)
        return {"p_after_each_step": after, "projection_view": views}

    cases = []
    for optimizer, options, shape, radial in (
        ("AdamP", {"lr": 0.03, "betas": [0.7, 0.9], "eps": 1e-3, "nesterov": True, "weight_decay": 0.3}, (3, 2, 2), False),
        ("AdamP", {"lr": 0.03, "delta": 2.5, "wd_ratio": 0.7, "weight_decay": 0.2}, (1, 1), True),
        ("AdamP", {"delta": 0.0}, (2, 3), False),
        ("AdamP", {"lr": 0.1}, (5,), False),
        ("SGDP", {"lr": 0.05, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1}, (4, 3), False),
        ("SGDP", {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1, "wd_ratio": 0.5}, (4, 3), False),
        ("SGDP", {"lr": 0.05, "delta": 0.9}, (2, 6), True),
    ):
        p0 = rng.standard_normal(shape)
        gradients = rng.standard_normal((7, *shape))
        if len(shape) > 1 and not radial:  # along the sphere at first: rows are seen to be scale-invariant
            unit = p0 / np.linalg.norm(p0.reshape(shape[0], -1), axis=1).reshape(-1, *([1] * (len(shape) - 1)))
            along = (gradients[0] * unit).reshape(shape[0], -1).sum(1).reshape(-1, *([1] * (len(shape) - 1)))
            gradients[0] -= unit * along
        case = {"name": f"{optimizer} {options}", "optimizer": optimizer, "options": options, "shape": list(shape)}
        case |= {"p0": p0.ravel(), "grads": gradients.reshape(7, -1), "expected": run(optimizer, options, p0, gradients)}
        cases.append(case)
    return {"settings": {"defaults": defaults}, "cases": cases, "tolerance": {"float64": 1e-9, "float32": 1e-5}}


def m_fac(rng):
    m, d, damp, block, window, ndrop = 4, 11, 0.3, 4, 3, 7
    options = {"lr": 0.2, "momentum": 0.0, "weight_decay": 0.05}
    G, x, w = rng.standard_normal((m, d)), rng.standard_normal(d), rng.standard_normal(d)
    news, steps = rng.standard_normal((5, d)), rng.standard_normal((4, d))
    inverse = lambda rows, count: np.linalg.inv(damp * np.eye(rows.shape[1]) + rows.T @ rows / count)
    F = inverse(G, m)
    blocked = np.zeros((d, d))
    for at in range(0, d, block):
        part = slice(at, min(d, at + block))
        blocked[part, part] = inverse(G[:, part], m)
    saliency = w**2 / (2 * np.diag(F))
    dropped = np.sort(np.argsort(saliency, kind="stable")[:ndrop])
    delta = np.zeros(d)
    delta[dropped] = -w[dropped] / np.diag(F)[dropped]
    pruned = w + F @ delta
    pruned[dropped] = 0

    def windowed(rows):
        full = np.zeros((window, d))
        full[: len(rows[-window:])] = rows[-window:]
        return inverse(full, window)

    each = [windowed(news[: i + 1]) @ news[i] for i in range(len(news))]
    values, seen, velocity, places = w.copy(), [], np.zeros(d), []
    for g in steps:
        g = g + options["weight_decay"] * values
        seen.append(g)
        h = windowed(np.array(seen)) @ g
        velocity = options["momentum"] * velocity + (1 - options["momentum"]) * h if options["momentum"] > 0 else h
        values = values - options["lr"] * velocity
        places.append(values)
    settings = {"m": m, "d": d, "lambda_damp": damp, "blocksize": block, "window": window, "optimizer": options, "ndrop": ndrop}
    expected = {"ihvp": F @ x, "diag": np.diag(F), "element_0_10": F[0, 10], "element_3_3": F[3, 3], "blocked_ihvp": blocked @ x}
    expected |= {"blocked_diag": np.diag(blocked), "saliency": saliency, "pruned_indices": dropped.tolist(), "ndrop": ndrop}
    expected |= {"w_after_prune": pruned, "window_ihvp_of_each_new_gradient": each, "window_ihvp_of_x": windowed(news) @ x}
    expected |= {"optimizer_params": places}
    content = {"settings": settings, "G": G, "x": x, "w": w, "window_gradients": news, "optimizer_gradients": steps}
    return content | {"expected": expected, "tolerance": {"rel_to_max": 1e-8}}


def self_distillation(rng):
    kernel = lambda a, b, gamma: np.exp(-gamma * ((a[:, None] - b[None]) ** 2).sum(-1))

    def chain(X, Y, lam, gamma, alphas):
        """Weights c_t and targets Y_t, step by step."""
        K = kernel(X, X, gamma)
        M = np.linalg.inv(K + lam * np.eye(len(X)))
        targets, out = Y, []
        for alpha in alphas:
            c = M @ (alpha * Y + (1 - alpha) * targets)
            targets = K @ c
            out.append((c, targets))
        return out

    grid = np.linspace(0, 1, 101)[:, None]
    truth = np.sin(2 * np.pi * grid)
    toy = {"X": np.arange(8) / 7, "gamma": 30, "lam": 0.05}
    toy["Y"] = np.sin(2 * np.pi * toy["X"]) + 0.3 * rng.standard_normal(8)
    column = lambda values: np.array(values)[:, None]
    losses = {}
    for alpha in (0, 0.6, 1):
        fits = chain(column(toy["X"]), column(toy["Y"]), toy["lam"], toy["gamma"], [alpha] * 4)
        loss = [(((kernel(grid, column(toy["X"]), toy["gamma"]) @ c) - truth) ** 2).mean() for c, _ in fits]
        K = kernel(column(toy["X"]), column(toy["X"]), toy["gamma"])
        far = np.linalg.solve(K + toy["lam"] / alpha * np.eye(8), column(toy["Y"])) if alpha else np.zeros((8, 1))
        limit = ((kernel(grid, column(toy["X"]), toy["gamma"]) @ far - truth) ** 2).mean()
        losses[f"alpha{alpha}"] = {"loss": loss, "limit_loss": limit}
    n, p, q, lam, gamma, alphas = 6, 2, 1, 0.4, 0.7, [1, 0.2, 0.9]
    X, Y, Xt = rng.standard_normal((n, p)), rng.standard_normal((n, q)), rng.standard_normal((3, p))
    Yv = rng.standard_normal((3, q))
    K, k = kernel(X, X, gamma), kernel(Xt, X, gamma)
    fits = chain(X, Y, lam, gamma, alphas)
    d = np.linalg.eigvalsh(K)
    A = d / (d + lam)
    B, rows = A, [A]
    for alpha in alphas[1:]:
        B = A * ((1 - alpha) * B + alpha)
        rows.append(B)
    M = np.linalg.inv(K + lam * np.eye(n))
    shares, errors, targets = [], [], Y
    first = k @ M @ Y
    for step in range(4):
        alpha = 1.0
        g = k @ M @ targets
        if step:
            alpha = float(((Yv - g) * (first - g)).sum() / ((first - g) ** 2).sum())
            shares.append(alpha)
        alpha = min(1, max(0, alpha))
        errors.append((((alpha * first + (1 - alpha) * g) - Yv) ** 2).mean())
        targets = K @ M @ (alpha * Y + (1 - alpha) * targets)
    limit = k @ np.linalg.solve(K + lam / 0.25 * np.eye(n), Y)
    expected = {"toy": losses, "pred": [k @ c for c, _ in fits], "fitted": [t for _, t in fits], "B": rows, "eigenvalues": d}
    expected |= {"limit_alpha_0_25": limit, "opt_alpha": shares, "val_mse": errors}
    settings = {"toy": toy, "X": X, "Y": Y, "Xtest": Xt, "Yval": Yv, "gamma": gamma, "lam": lam, "alphas": alphas}
    return {"settings": settings, "expected": expected, "tolerance": 1e-8}


def conjugate_gradient(rng):
    cases = []

    def run(A, b, x, iterations, eps):
        r = b - A @ x
        p, rr, xs, norms = r, np.vdot(r, r).real, [], []
        for _ in range(iterations):
            Ap = A @ p
            alpha = rr / np.vdot(p, Ap).real
            x, r = x + alpha * p, r - alpha * Ap
            after = np.vdot(r, r).real
            xs.append(x)
            norms.append(np.sqrt(after))
            if np.sqrt(after) < eps:
                break
            p, rr = r + after / rr * p, after
        return xs, norms

    parts = lambda z: np.stack([z.real, z.imag]) if np.iscomplexobj(z) else z
    for kind, n, iterations, eps in (("spd", 1, 3, 1e-10), ("spd", 7, 3, 1e-10), ("spd", 5, 50, 1e-2), ("hermitian", 3, 2, 1e-10), ("singular_projector", 5, 4, 1e-10)):
        if kind == "hermitian":
            root, b, x = [rng.standard_normal(s) + 1j * rng.standard_normal(s) for s in ((n, n), n, n)]
            A = root @ root.conj().T + np.eye(n)
        elif kind == "spd":
            root, b, x = rng.standard_normal((n, n)), rng.standard_normal(n), rng.standard_normal(n)
            A = root @ root.T + np.eye(n)
        else:
            q = np.linalg.qr(rng.standard_normal((n, 2)))[0]
            A, x = q @ np.diag([1.0, 3.0]) @ q.T, rng.standard_normal(n)
            b, iterations = A @ rng.standard_normal(n), 2
        xs, norms = run(A, b, x, iterations, eps)
        expected = {"iterations": len(xs), "x_per_iter": [parts(v) for v in xs], "residual_norm_per_iter": norms}
        settings = {"kind": kind, "n": n, "max_iter": iterations, "eps": eps, "complex_as": "[re,im]"}
        cases.append({"settings": settings, "inputs": {"A": parts(A), "b": parts(b), "x0": parts(x)}, "expected": expected})
    return {"tolerance": {"abs": 1e-9}, "cases": cases}


def orthogonal_convolution(rng):
    def raw(K, S):
        k = K.shape[2]
        P = (k - 1) // S * S
        pad = np.pad(K, ((0, 0), (0, 0), (P, P), (P, P)))
        size = 2 * P // S + 1
        conv = np.array([[[[(K[m] * pad[l][:, a * S : a * S + k, b * S : b * S + k]).sum() for b in range(size)] for a in range(size)] for l in range(len(K))] for m in range(len(K))])
        conv[np.arange(len(K)), np.arange(len(K)), P // S, P // S] -= 1
        return (conv**2).sum()

    def dense(K, S, n):
        M, C, k, _ = K.shape
        T = np.zeros((M * n * n, C * (S * n) ** 2))
        for m in range(M):
            for i in range(n):
                for j in range(n):
                    for c in range(C):
                        for u in range(k):
                            for v in range(k):
                                y, x = (i * S + u - k // 2) % (S * n), (j * S + v - k // 2) % (S * n)
                                T[(m * n + i) * n + j, (c * S * n + y) * S * n + x] += K[m, c, u, v]
        return T

    cases, wanted = [], []
    for M, C, k, S, n in ((1, 1, 1, 1, 2), (2, 3, 1, 1, 3), (3, 1, 3, 2, 5), (2, 2, 5, 1, 9), (5, 1, 5, 2, 9)):
        K = rng.standard_normal((M, C, k, k)) / k
        delta = max(0, M - C * S * S)
        T = dense(K, S, n)
        gram = T @ T.T if M <= C * S * S else T.T @ T
        squares = np.linalg.eigvalsh(gram)
        gradient, h = np.zeros_like(K), 1e-5
        for at in np.ndindex(K.shape):
            step = np.zeros_like(K)
            step[at] = h
            gradient[at] = (8 * (raw(K + step, S) - raw(K - step, S)) - raw(K + 2 * step, S) + raw(K - 2 * step, S)) / (12 * h)
        cases.append({"M": M, "C": C, "k": k, "S": S, "N": n, "K": K})
        one = {"raw": raw(K, S), "delta": delta, "L_orth": raw(K, S) - delta, "err_F_sq": ((squares - 1) ** 2).sum(), "grad": gradient}
        wanted.append(one | {"err_spec": abs(squares - 1).max(), "sv_min": np.sqrt(max(0, squares[0])), "sv_max": np.sqrt(squares[-1])})
    # Orthogonal where it is one, and nothing beside its middle: a turn of channels.
    turn = np.zeros((3, 3, 3, 3))
    turn[:, :, 1, 1] = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    settings = {"cases": cases, "orth_kernel": turn, "gd": {"case": 0, "step": 0.01, "record_after": [0, 3]}}
    kernel, record = cases[0]["K"], []
    for at in range(4):
        if at in (0, 3):
            record.append(raw(kernel, 1))
        value = kernel.item()
        kernel = kernel - 0.01 * 4 * (value**2 - 1) * value
    expected = {"cases": wanted, "orth": {"raw": 0, "sv": [1, 1]}, "gd": record}
    return {"settings": settings, "expected": expected, "tolerance": {"default": 1e-8, "spectral": 1e-6, "gd": 1e-6}}


FILES = {"adamp": adamp, "m-fac": m_fac, "self-distill-krr": self_distillation, "cg": conjugate_gradient, "orth-conv": orthogonal_convolution}
