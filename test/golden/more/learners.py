"""Second vectors of policies, private training, surrogates and convex networks, from the formulas alone."""
import numpy as np
import torch

torch.set_default_dtype(torch.float64)


def policies(rng):
    S, A, H, gamma = 3, 2, 2, 0.6
    P = rng.random((S, A, S))
    P /= P.sum(-1, keepdims=True)
    R, rho = rng.standard_normal((S, A)), np.array([0.2, 0.5, 0.3])
    theta, w = rng.standard_normal((S, A)), rng.standard_normal((S, A))

    def log_chance(th, path):
        return sum(torch.log_softmax(th[s], 0)[a] for s, a, _ in path)

    def estimates(path):
        """The estimate of the slope, and of the bend along w, from one path."""
        q = [sum(gamma**t * path[t][2] for t in range(h, len(path))) for h in range(len(path))]
        th = torch.tensor(theta, requires_grad=True)
        scores = [torch.autograd.grad(torch.log_softmax(th[s], 0)[a], th, create_graph=True)[0] for s, a, _ in path]
        g = sum(qh * score for qh, score in zip(q, scores))
        along = sum((score * torch.tensor(w)).sum() for score in scores)
        bend = torch.autograd.grad((g * torch.tensor(w)).sum(), th)[0]
        return g.detach().numpy(), (g.detach() * along.detach() + bend).numpy()

    def value(th):
        total = torch.zeros(())
        d = torch.tensor(rho)
        for h in range(H):
            pi = torch.softmax(th, 1)
            total = total + gamma**h * (d[:, None] * pi * torch.tensor(R)).sum()
            d = torch.einsum("s,sa,san->n", d, pi, torch.tensor(P))
        return total

    th = torch.tensor(theta, requires_grad=True)
    J = value(th)
    grad = torch.autograd.grad(J, th, create_graph=True)[0]
    hess = torch.autograd.grad((grad * torch.tensor(w)).sum(), th)[0]
    path = [[2, 0, R[2, 0]], [1, 1, R[1, 1]]]
    g, Bw = estimates(path)
    d, steps = 2, 6
    quad = {"M": [0.7, 0.3], "c": rng.standard_normal(d), "x0": rng.standard_normal(d), "noise": 0.2 * rng.standard_normal((steps, d)), "hnoise": 0.1 * rng.standard_normal((steps, d)), "b": rng.random(steps), "gamma0": 0.5, "eta0": 0.8}
    M, c = np.array(quad["M"]), quad["c"]

    def trace(kind):
        x, before, last, told = quad["x0"], quad["x0"], None, {}
        shares = []
        for t in range(steps):
            power = 0.8 if kind.startswith("nigt") else 1
            eta = min(1, quad["eta0"] * (2 / (t + 2)) ** power)
            length = quad["gamma0"] * (2 / (t + 2)) ** (0.5 if kind == "harpg" else 1)
            if kind.startswith("nigt"):
                e = eta if kind == "nigt_paper" else (shares[-1] if shares else eta)
                at = x + (1 - e) / e * (x - before) if t else x
                new = -M * at + c + quad["noise"][t]
                dirn = new if last is None else (1 - eta) * last + eta * new
            else:
                at, v = x, x - before
                new = -M * x + c + quad["noise"][t]
                dirn = new if last is None else (1 - eta) * (last - M * v + quad["hnoise"][t] * np.linalg.norm(v)) + eta * new
            shares.append(eta)
            before, last = x, dirn
            x = x + length * (dirn if kind == "harpg" else dirn / np.linalg.norm(dirn))
            told[t] = {"line_point": at, "theta": x, "d": dirn}
        return told

    traces = {kind: trace(kind) for kind in ("nigt_paper", "nharpg")}
    expected = {"J": float(J), "g": g, "Bw": Bw, "grad_J": grad.detach().numpy(), "hess_J_w": hess.numpy()}
    expected |= {kind: {t: told[t] for t in (0, 1, 5)} for kind, told in traces.items()}
    expected |= {kind: {t: told[t] for t in (0, 1, 4)} for kind, told in {"nigt": trace("nigt"), "harpg": trace("harpg")}.items()}
    settings = {"mdp": {"P": P, "R": R, "rho": rho, "H": H}, "gamma": gamma, "theta": theta, "w": w, "trajectory": path, "quad": quad}
    return {"settings": settings, "expected": expected, "tolerance": 1e-8}


def private(rng):
    n, d, T, q = 7, 3, 5, 2
    X, y, w0 = rng.standard_normal((n, d)), rng.choice([-1.0, 1.0], n), 0.3 * rng.standard_normal(d)
    eta, L0, L1, mult, noise = 0.4, 0.3, 0.6, 0.9, rng.standard_normal((T, d))

    def slope(X, y, w):
        s = 1 / (1 + np.exp(y * (X @ w)))
        return (s * (1 - s) * -y)[:, None] * X + 0.1 * 2 * w / (1 + w * w) ** 2

    clip = lambda v, c: v * np.minimum(1, c / np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-300))

    def run(L0, L1, mult):
        w, before, D, told = w0, None, None, []
        for t in range(T):
            if t % q == 0:
                std = mult * 2 * L0 / n
                D = clip(slope(X, y, w), L0).mean(0) + std * noise[t]
            else:
                c = min(L1 * np.linalg.norm(w - before), 2 * L0)
                std = mult * 2 * c / n
                D = D + clip(slope(X, y, w) - slope(X, y, before), c).mean(0) + std * noise[t]
            before, w = w, w - eta * D
            told.append({"w": w, "est": D, "std": std})
        return told

    rows = []
    for eps, delta, counts in ((0.5, 1e-6, (1, 10)), (7, 1e-3, (333,))):
        rho = (np.sqrt(np.log(1 / delta) + eps) - np.sqrt(np.log(1 / delta))) ** 2
        rows.append({"eps": eps, "delta": delta, "rho": rho, **{f"sig_mult_T{c}": np.sqrt(c / (2 * rho)) for c in counts}})
    D, b, rounds = 1, 8, 3
    tree = {"X": rng.standard_normal((60, d)), "y": rng.choice([-1.0, 1.0], 60), "rounds": rounds, "b": b, "D": D, "beta": 0.2, "L1": 0.7, "alpha_tilde": 1e-4, "sigma_root": 0.02, "sigma_node": 0.01, "noise": rng.standard_normal((20, d)), "w0": w0}
    at, drawn, w, leaves = 0, 0, w0, []

    def fresh(count):
        nonlocal at
        at += count
        return tree["X"][at - count : at], tree["y"][at - count : at]

    def chance():
        nonlocal drawn
        drawn += 1
        return tree["noise"][drawn - 1]

    def visit(depth, known, est):
        """Depth first: a node's point and estimate; leaves move on."""
        nonlocal w
        if depth == D:
            size = np.linalg.norm(est)
            stopped = bool(size <= 2 * tree["alpha_tilde"])
            leaves.append({"w": w, "norm": size, "stopped": stopped})
            w = w - tree["beta"] / (2 ** (D / 2) * tree["L1"] * size) * est
            return
        visit(depth + 1, known, est)
        rows_ = fresh(b // 2 ** (depth + 1))
        here = w
        visit(depth + 1, here, est + (slope(*rows_, here) - slope(*rows_, known)).mean(0) + tree["sigma_node"] * chance())

    for _ in range(rounds):
        root = fresh(b)
        visit(0, w, slope(*root, w).mean(0) + tree["sigma_root"] * chance())
    settings = {"X": X, "y": y, "w0": w0, "T": T, "q": q, "eta": eta, "L0": L0, "L1": L1, "sig_mult": mult, "noise": noise, "tree": tree}
    expected = {"trace": run(L0, L1, mult), "gd_equiv": run(1e12, 1e12, 0)[-1]["w"], "accounting": rows, "tree": {"leaves": leaves, "rows_used": at}}
    return {"settings": settings, "expected": expected, "tolerance": 1e-9}


def surrogates(rng):
    n, d, eta, alpha, m = 9, 2, 20.0, 1.3, 3
    X, y, theta0 = rng.standard_normal((n, d)), rng.choice([-1.0, 1.0], n), rng.standard_normal(d)
    M, target = rng.standard_normal((n, d)), rng.random(n)
    loss = lambda th: np.log1p(np.exp(-y * (X @ th))).mean()
    G = lambda z: -y / (1 + np.exp(y * z)) / n
    exact, inner, th, tb = [], [], theta0, theta0
    for _ in range(3):
        z = X @ th
        th = np.linalg.lstsq(X, z - eta * G(z), rcond=None)[0]
        exact.append({"theta": th, "loss": loss(th)})
        z, slope = X @ tb, G(X @ tb)
        for _ in range(m):
            tb = tb - alpha * X.T @ (slope + (X @ tb - z) / eta)
        inner.append({"theta": tb, "loss": loss(tb)})
    numbers = {"eta0": 0.5, "cubic": 0.8, "lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-6, "inner_steps": 2}
    (b1, b2), th, v1, v2, count, batches = numbers["betas"], theta0, 0, 0, 0, []
    for t in range(1, 5):
        idx = [int(i) for i in rng.permutation(n)[:3]]
        f = lambda th: 1 / (1 + np.exp(-(M[idx] @ th)))
        z = f(th)
        off = z - target[idx]
        reach = numbers["eta0"] / np.sqrt(t)
        goal = z - reach * (off + numbers["cubic"] * off**3)
        for _ in range(numbers["inner_steps"]):
            now = f(th)
            g = M[idx].T @ ((now - goal) / reach * now * (1 - now))
            count += 1
            v1, v2 = b1 * v1 + (1 - b1) * g, b2 * v2 + (1 - b2) * g * g
            th = th - numbers["lr"] * (v1 / (1 - b1**count)) / (np.sqrt(v2 / (1 - b2**count)) + numbers["eps"])
        batches.append({"indices": idx, "theta": th})
    expected = {"initial_loss": loss(theta0), "A_exact_surrogate_minimiser": exact, "B_inner_gradient_steps": inner, "B_m1_is_gradient_descent": theta0 - alpha * X.T @ G(X @ theta0), "C_minibatch_adam": batches}
    settings = {"n": n, "d": d, "eta": eta, "alpha": alpha, "m": m, "C": {"numbers": numbers}}
    return {"settings": settings, "X": X, "y": y, "theta0": theta0, "M": M, "target": target, "expected": expected, "tolerance": {"float64": 1e-8}}


def convex_networks(rng):
    sp = lambda a, beta: torch.nn.functional.softplus(a, beta=beta, threshold=1e9)
    cases = []

    def told(psi, y):
        y = torch.tensor(y, requires_grad=True)
        value = psi(y)
        f = torch.autograd.grad(value.sum(), y)[0]
        return value, f, y

    for hidden, layers, beta in ((3, 1, 4.0), (4, 3, 20.0)):
        lin = [rng.standard_normal((hidden, 1))] + [rng.random((hidden, hidden)) / hidden for _ in range(layers)] + [rng.random((1, hidden))]
        res, bias = [rng.standard_normal((hidden, 1)) for _ in range(layers)] + [rng.standard_normal((1, 1))], [rng.standard_normal(hidden) for _ in range(layers)] + [rng.standard_normal(1)]
        T = lambda v: torch.tensor(v)

        def psi(y):
            z = sp(y @ T(lin[0]).T, beta)
            for k in range(layers):
                z = sp(z @ T(lin[k + 1]).T + y @ T(res[k]).T + T(bias[k]), beta)
            return z @ T(lin[-1]).T + y @ T(res[-1]).T + T(bias[-1])

        ys = np.linspace(-2, 2, 6)
        value, f, y = told(psi, ys[:, None])
        prior = (y * f - f * f / 2 - value).detach()[:, 0]
        inputs = {"lin": lin, "res_weight": res, "res_bias": bias, "y": ys}
        cases.append({"settings": {"kind": "official_1d", "hidden": hidden, "layers": layers, "beta": beta}, "inputs": inputs, "expected": {"psi": value.detach()[:, 0].numpy(), "f": f[:, 0].numpy(), "prior_at_f": prior.numpy()}})

    for channels, hidden, strides, shape in ((3, [2], [1], (4, 5)), (2, [3, 2, 4], [2, 1, 2], (8, 4))):
        W, b, U, before = [], [], [], channels
        for k, h in enumerate(hidden):
            W.append(rng.standard_normal((h, channels, 3, 3)) / 3)
            b.append(rng.standard_normal(h))
            if k:
                U.append(rng.random((h, hidden[k - 1], 3, 3)) / 9)
        out, x = rng.random(hidden[-1]), rng.standard_normal((channels, *shape))
        beta, alpha = 6.0, 0.2
        conv = torch.nn.functional.conv2d

        def psi(v):
            seen, z = v[None], None
            for k, stride in enumerate(strides):
                a = conv(seen, torch.tensor(W[k]), torch.tensor(b[k]), stride, 1)
                if k:
                    a = a + conv(z, torch.tensor(U[k - 1]), None, stride, 1)
                z = sp(a, beta)
                if stride == 2:
                    seen = torch.nn.functional.avg_pool2d(seen, 2)
            return (torch.tensor(out)[None, :, None, None] * z).sum() + alpha / 2 * (v**2).sum()

        value, f, v = told(psi, x)
        prior = float((v * f).sum() - (f * f).sum() / 2 - value)
        settings = {"kind": "conv", "channels": channels, "hidden": hidden, "strides": strides, "beta": beta, "alpha": alpha}
        cases.append({"settings": settings, "inputs": {"W": W, "b": b, "U": U, "out": out, "x": x}, "expected": {"psi": float(value), "f": f.numpy(), "prior_at_f": prior}})
    o, goal = rng.standard_normal((2, 2, 5))
    losses = {str(g): float((1 - np.exp(-((o - goal) ** 2).sum(1) / g**2)).mean()) for g in (0.7, 2.5)}
    cases.append({"settings": {"kind": "proximal_matching_loss"}, "inputs": {"out": o, "target": goal}, "expected": {"loss_by_gamma": losses}})
    A, y, lam, rho, eta = rng.standard_normal((2, 4)), rng.standard_normal(2), 0.3, 0.6, 0.2
    soft = lambda v, k: np.sign(v) * np.maximum(abs(v) - k, 0)
    x, z, u, xs, objective, zs = np.zeros(4), np.zeros(4), np.zeros(4), [], [], []
    for _ in range(9):
        x = soft(x - eta * A.T @ (A @ x - y), eta * lam)
        xs.append(x)
        objective.append(((A @ x - y) ** 2).sum() / 2 + lam * abs(x).sum())
        fitted = np.linalg.solve(A.T @ A + rho * np.eye(4), A.T @ y + rho * (z - u))
        u = u + fitted - z
        z = soft(fitted + u, lam / rho)
        zs.append(z)
    expected = {"pgd_x": xs, "pgd_objective": objective, "admm_z": zs, "admm_x_last": fitted}
    cases.append({"settings": {"kind": "pnp_with_soft_threshold", "lam": lam, "eta": eta, "rho": rho}, "inputs": {"A": A, "y": y}, "expected": expected})
    return {"tolerance": {"abs": 1e-9}, "cases": cases}


FILES = {"fisher-pg": policies, "dp-stationary": private, "target-surrogates": surrogates, "lpn": convex_networks}
