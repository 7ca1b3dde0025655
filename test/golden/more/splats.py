"""A second vector of the splat renderer: the picture pixel by pixel, its slopes by automatic differentiation."""
import numpy as np
import torch

NEAR, LOW_PASS, MOST, LEAST, DARK, VIEW = 0.2, 0.3, 0.99, 1 / 255, 1e-4, 1.3


def harmonics(degree, d):
    x, y, z = d
    c1, out = 0.4886025119029199, [0.28209479177387814 + 0 * x]
    if degree > 0:
        out += [-c1 * y, c1 * z, -c1 * x]
    if degree > 1:
        a, b, c = 1.0925484305920792, 0.31539156525252005, 0.5462742152960396
        out += [a * x * y, -a * y * z, b * (2 * z * z - x * x - y * y), -a * x * z, c * (x * x - y * y)]
    return torch.stack(out)


def rendered(p, degree, camera, background):
    """Everything of a picture; `uv` is kept apart so that slopes arrive at it."""
    R, T = torch.tensor(camera["R"]), torch.tensor(camera["T"])
    fx, fy, w, h = camera["fx"], camera["fy"], camera["width"], camera["height"]
    n, centre, seen = len(p["position"]), -R.T @ T, []
    for i in range(n):
        t = R @ p["position"][i] + T
        opacity = torch.sigmoid(p["opacity_logit"][i])
        uv = torch.stack([fx * t[0] / t[2] + camera["cx"], fy * t[1] / t[2] + camera["cy"]])
        uv.retain_grad()
        rx, ry = [torch.clamp(t[k] / t[2], -VIEW * side / 2 / f, VIEW * side / 2 / f) for k, side, f in ((0, w, fx), (1, h, fy))]
        zero = 0 * t[2]
        J = torch.stack([torch.stack([fx / t[2], zero, -fx * rx / t[2]]), torch.stack([zero, fy / t[2], -fy * ry / t[2]])])
        a, b, c, d = p["quat"][i] / p["quat"][i].norm()
        rows = [[1 - 2 * (c * c + d * d), 2 * (b * c - a * d), 2 * (b * d + a * c)], [2 * (b * c + a * d), 1 - 2 * (b * b + d * d), 2 * (c * d - a * b)]]
        rows += [[2 * (b * d - a * c), 2 * (c * d + a * b), 1 - 2 * (b * b + c * c)]]
        M = torch.stack([torch.stack(row) for row in rows]) * torch.exp(p["log_scale"][i])
        K = J @ R @ M
        cov = K @ K.T + LOW_PASS * torch.eye(2)
        away = p["position"][i] - centre
        colour = torch.relu(0.5 + harmonics(degree, away / away.norm()) @ p["sh"][i])
        seen.append({"t": t, "o": opacity, "uv": uv, "cov": cov, "colour": colour, "valid": bool(t[2] > NEAR and opacity >= LEAST)})
    order = sorted((i for i in range(n) if seen[i]["valid"]), key=lambda i: (float(seen[i]["t"][2]), i))
    image, depth, alphas, counts = [], [], [], []
    for y in range(h):
        for x in range(w):
            C, D, light, count = torch.zeros(3), torch.zeros(()), torch.ones(()), 0
            for i in order:
                s = seen[i]
                off = s["uv"] - torch.tensor([x + 0.5, y + 0.5])
                power = -0.5 * off @ torch.linalg.inv(s["cov"]) @ off
                alpha = torch.clamp(s["o"] * torch.exp(power), max=MOST)
                if power > 0 or alpha < LEAST:
                    continue
                if light * (1 - alpha) < DARK:
                    break
                C, D, count = C + alpha * light * s["colour"], D + alpha * light * s["t"][2], count + 1
                light = light * (1 - alpha)
            image.append(C + light * torch.tensor(background))
            depth.append(D)
            alphas.append(1 - light)
            counts.append(count)
    return seen, order, torch.stack(image), torch.stack(depth), torch.stack(alphas), counts


def renderer(rng):
    torch.set_default_dtype(torch.float64)
    n, degree, k, background = 9, 2, 1.5, [0.1, 0.4, 0.9]
    turn = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    camera = {"R": turn.tolist(), "T": [0.1, -0.2, 3.0], "fx": 14.0, "fy": 11.0, "cx": 5.0, "cy": 4.5, "width": 11, "height": 8}
    position = 0.5 * rng.standard_normal((n, 3))
    position[0] = turn.T @ (np.array([2.9, 0.1, 2.0]) - np.array(camera["T"]))  # beside the view, where the slope stands still
    position[1] = turn.T @ (np.array([0.0, 0.0, 0.1]) - np.array(camera["T"]))  # too near
    opacity = np.append(rng.standard_normal(n - 3), [9.0, 9.0, -9.0])  # clamped, and nothing at all
    raw = {"position": position, "log_scale": np.log(0.3) + 0.5 * rng.standard_normal((n, 3)), "quat": rng.standard_normal((n, 4))}
    raw |= {"opacity_logit": opacity, "sh": 0.5 * rng.standard_normal((n, (degree + 1) ** 2, 3))}
    p = {name: torch.tensor(value, requires_grad=True) for name, value in raw.items()}
    seen, order, image, depth, alpha, counts = rendered(p, degree, camera, background)
    w, h = camera["width"], camera["height"]
    x, y = [torch.tensor(v.ravel()) for v in np.meshgrid(np.arange(w, dtype=float), np.arange(h, dtype=float))]
    gc = torch.stack([torch.sin(0.7 * x + 1.3 * y + 2 * c + k) for c in range(3)], 1)
    loss = (gc * image).sum() + (0.1 * torch.cos(0.3 * x - 0.5 * y + k) * depth).sum() + (0.5 * torch.sin(0.2 * x + 0.9 * y - k) * alpha).sum()
    loss.backward()
    flat = lambda v: v.detach().numpy().ravel()
    expected = {"loss": float(loss), "image": flat(image), "depth": flat(depth), "alpha": flat(alpha), "contributors": counts, "order": order}
    expected |= {"valid": [int(s["valid"]) for s in seen], "uv": flat(torch.stack([s["uv"] for s in seen])), "view_z": [float(s["t"][2]) for s in seen]}
    expected |= {"cov2d": flat(torch.stack([torch.stack([s["cov"][0, 0], s["cov"][0, 1], s["cov"][1, 1]]) for s in seen]))}
    expected |= {"color": flat(torch.stack([s["colour"] for s in seen])), "grad": {name: value.grad.numpy().ravel() for name, value in p.items()}}
    none = torch.zeros(2)
    expected["grad_uv_pixels"] = flat(torch.stack([none if s["uv"].grad is None else s["uv"].grad for s in seen]))
    settings = {"sh_degree": degree, "near": NEAR, "low_pass": LOW_PASS, "alpha_max": MOST, "alpha_min": "1/255", "transmittance_stop": DARK, "fov_clamp": VIEW}
    settings |= {"background": background, "camera": camera, "loss_k": k}
    limits = {"float64": {"image": 1e-7, "grad_rel": 1e-6, "grad_abs_of_max": 1e-7}, "float32": {"image": 2e-5, "grad_rel": 2e-3, "grad_abs_of_max": 2e-4}}
    return {"settings": settings, "n": n, "params": {name: value.ravel() for name, value in raw.items()}, "expected": expected, "tolerance": limits}


FILES = {"gaussian-splat-renderer": renderer}
