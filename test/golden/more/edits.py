"""Second vectors of sampling, inverting and editing on Stable Diffusion's levels, from the formulas alone."""
import numpy as np

from walks import abar_of, eps_of, half_even, mixture

T = 1000
SCHEDULE = {"T": T, "betas": "linear", "beta_start": 1e-4, "beta_end": 2e-2}
PARTS = {"source": [0, 2], "target": [1]}


def move(x, e, A, B):
    return np.sqrt(B) * (x - np.sqrt(1 - A) * e) / np.sqrt(A) + np.sqrt(1 - B) * e


def times_of(n, spacing, offset):
    if spacing == "leading":
        return np.arange(n)[::-1] * (T // n) + offset
    if spacing == "trailing":
        return half_even(T - np.arange(n) * T / n) - 1
    return half_even((T - 1) * np.arange(n)[::-1] / max(1, n - 1))


class World:
    def __init__(self, rng, clean, d=3):
        self.abar, self.mixture, self.clean = abar_of("linear"), mixture(rng, d), clean

    def ladder(self, n, offset, strength=1.0, spacing="leading"):
        """(abar below, timestep below, abar, timestep) of each step, the cleanest first."""
        kept = times_of(n, spacing, offset)[n - int(n * strength) :][::-1]
        last, r = 1.0 if self.clean else self.abar[0], T // n
        return [(self.abar[t - r] if t >= r else last, max(0, t - r), self.abar[t], t) for t in kept]

    def part(self, prompt):
        if not prompt:
            return self.mixture
        keep, m = PARTS[prompt], self.mixture
        weights = m["weights"][keep]
        return {"weights": weights / weights.sum(), "means": m["means"][keep], "stds": m["stds"][keep]}

    def eps(self, x, t, prompt="", w=1.0):
        a = self.abar[max(0, t)]
        of = lambda world: eps_of(world, x[None], np.sqrt(a), np.sqrt(1 - a))[0]
        said = of(self.part(prompt))
        return said if w == 1 or not prompt else of(self.mixture) + w * (said - of(self.mixture))

    def head(self, rng):
        checks = []
        for t in (0, 371, 999):
            x = 2 * rng.standard_normal(3)
            checks.append({"t": t, "x": x, "eps_empty": self.eps(x, t), **{f"eps_{p}": self.eps(x, t, p) for p in PARTS}})
        settings = {"spacing": "leading", "set_alpha_to_one": self.clean, "schedule": SCHEDULE}
        return {"settings": settings, "mixture": self.mixture, "conditions": PARTS, "eps_check": checks}


def ddim(rng):
    world = World(rng, True)

    def sample(x, rungs, prompt="", w=1.0):
        path = [x]
        for low, _, high, t in rungs[::-1]:
            x = move(x, world.eps(x, t, prompt, w), high, low)
            path.append(x)
        return path

    def invert(x, rungs, prompt, w=1.0):
        path = [x]
        for low, _, high, t in rungs:
            x = move(x, world.eps(x, t, prompt, w), low, high)
            path.append(x)
        return path

    content = world.head(rng)
    content["settings"].pop("spacing")
    content["settings"]["final_abar"] = "1"
    at = [0, 5, 500, 999]
    content["alphas_cumprod"] = {"t": at, "value": world.abar[at], "tolerance": 1e-12}
    grids = [(1, "leading", 0), (7, "leading", 1), (1000, "leading", 0), (61, "trailing", 0), (16, "trailing", 0), (1, "linspace", 0), (9, "linspace", 0), (1, "trailing", 0)]
    listed = [(n, spacing, offset, times_of(n, spacing, offset)) for n, spacing, offset in grids]
    content["timesteps"] = [{"steps": n, "spacing": s, "steps_offset": o, "timesteps": t, "prev": t - T // n} for n, s, o, t in listed]
    x_T, x_0, noise = rng.standard_normal((3, 3))
    for key, n, spacing, offset, prompt in (("sample", 7, "leading", 0, "target"), ("sample_uneven", 13, "trailing", 0, ""), ("sample_linspace", 6, "linspace", 0, ""), ("sample_one", 1, "trailing", 0, "")):
        path = sample(x_T, world.ladder(n, offset, spacing=spacing), prompt)
        content[key] = {"steps": n, "spacing": spacing, "steps_offset": offset, "prompt": prompt, "x_T": x_T, "expected": {"trajectory": path}}
    rungs = world.ladder(8, 1)
    up = invert(x_0, rungs, "source")
    back = sample(up[-1], rungs, "target", 2.0)[-1]
    content["invert"] = {"reconstruct_prompt": "target", "reconstruct_guidance": 2.0, "spacing": "leading", "steps_offset": 1, "steps": 8, "prompt": "source", "guidance": 1, "x_0": x_0}
    content["invert"]["expected"] = {"trajectory": up, "reconstruction": back, "reconstruction_max_abs_error": abs(back - x_0).max()}
    rungs = world.ladder(12, 1, 0.37)
    up = invert(x_0, rungs, "source", 1.5)[-1]
    edit = {"spacing": "leading", "steps_offset": 1, "steps": 12, "strength": 0.37, "x_0": x_0, "invert_prompt": "source", "invert_guidance": 1.5, "edit_prompt": "target", "edit_guidance": 4.0}
    content["edit"] = edit | {"expected": {"inverted": up, "edited": sample(up, rungs, "target", 4.0)[-1]}}
    top = rungs[-1]
    noised = np.sqrt(top[2]) * x_0 + np.sqrt(1 - top[2]) * noise
    other = {"spacing": "leading", "steps_offset": 1, "steps": 12, "strength": 0.37, "x_0": x_0, "noise": noise, "prompt": "target", "guidance": 2.5}
    content["img2img"] = other | {"expected": {"start_t": int(top[3]), "noised": noised, "x_out": sample(noised, rungs, "target", 2.5)[-1]}}
    x, v, eps = rng.standard_normal((3, 3))
    a, s = np.sqrt(world.abar[77]), np.sqrt(1 - world.abar[77])
    content["v_prediction"] = {"t": 77, "x": x, "v": v, "expected": {"eps": a * v + s * x, "x0": a * x - s * v}}
    A, B = world.abar[751], world.abar[626]
    sigma = np.sqrt(0.4**2 * (1 - B) / (1 - A) * (1 - A / B))
    landed = np.sqrt(B) * (x - np.sqrt(1 - A) * eps) / np.sqrt(A) + np.sqrt(1 - B - sigma**2) * eps + sigma * noise
    content["stochastic_step"] = {"eta": 0.4, "steps": 8, "t": 751, "prev_t": 626, "x": x, "eps": eps, "noise": noise, "expected": {"sigma": sigma, "x_prev": landed}}
    content["euler"] = []
    table = np.sqrt((1 - world.abar) / world.abar)
    for n, spacing, offset in ((1, "trailing", 0), (5, "trailing", 0), (6, "linspace", 0), (4, "leading", 1)):
        times = (T - 1) * np.arange(n)[::-1] / max(1, n - 1) if spacing == "linspace" else times_of(n, spacing, offset)
        sigmas = np.append(np.interp(times, np.arange(T), table), 0)
        start = sigmas[0] if spacing != "leading" else np.sqrt(sigmas[0] ** 2 + 1)
        X = noise * start
        for now, after in zip(sigmas, sigmas[1:]):
            root = np.sqrt(1 + now * now)
            X = X + (after - now) * eps_of(world.mixture, X[None] / root, 1 / root, now / root)[0]
        content["euler"].append({"steps": n, "spacing": spacing, "steps_offset": offset, "timesteps": times, "sigmas": sigmas, "unit_noise": noise, "expected": {"x_init": noise * start, "x_0": X}})
    return content | {"tolerance": {"abs": 1e-9, "euler": 1e-8}}


def bdia(rng):
    world = World(rng, True)

    def up(x, rungs, prompt, w, gamma):
        states = [x, move(x, world.eps(x, rungs[0][1], prompt, w), rungs[0][0], rungs[0][2])]
        for (low, _, here, t), (_, _, high, _) in zip(rungs, rungs[1:]):
            e = world.eps(states[-1], t, prompt, w)
            states.append((states[-2] - move(states[-1], e, here, low)) / gamma + move(states[-1], e, here, high))
        return states

    def down(top, below, rungs, prompt, w, gamma):
        states = [top, below]
        for (low, _, here, t), (_, _, high, _) in list(zip(rungs, rungs[1:]))[::-1]:
            e = world.eps(states[-1], t, prompt, w)
            states.append(gamma * (states[-2] - move(states[-1], e, here, high)) + move(states[-1], e, here, low))
        return states

    content = world.head(rng)
    x_0, x_T = rng.standard_normal((2, 3))
    rungs = world.ladder(20, 1, 0.55)
    cases = []
    for gamma in (1.0, 0.93):
        states = up(x_0, rungs, "source", 1.7, gamma)
        ends = [down(states[-1], states[-2], rungs, prompt, 1.7, gamma)[-1] for prompt in ("source", "target")]
        cases.append({"gamma": gamma, "expected": {"z_top": states[-1], "z_below_top": states[-2], "reconstructed": ends[0], "edited": ends[1], "inverse_trajectory_every_5": states[::5]}})
    content["official"] = {"invert_prompt": "source", "edit_prompt": "target", "steps": 20, "strength": 0.55, "guidance": 1.7, "steps_offset": 1, "final_abar": "1", "levels_t_high_to_low": [r[3] for r in rungs[::-1]], "x_0": x_0, "cases": cases}
    rungs = world.ladder(6, 0)
    ways = {}
    for gamma in (0.0, 0.3, 1.0):
        first = move(x_T, world.eps(x_T, rungs[-1][3], "target"), rungs[-1][2], rungs[-1][0])
        ways[str(gamma)] = down(x_T, first, rungs, "target", 1.0, gamma)
    content["sample"] = {"steps": 6, "steps_offset": 0, "prompt": "target", "x_T": x_T, "expected": {"trajectory_by_gamma": ways}}
    rungs = world.ladder(5, 1)
    states = up(x_0, rungs, "target", 2.0, 0.97)
    content["invert"] = {"steps": 5, "steps_offset": 1, "gamma": 0.97, "prompt": "target", "guidance": 2.0, "x_0": x_0, "expected": {"trajectory": states, "round_trip_max_abs_error": 0.0}}

    steps, rho, low, high = 4, 5, 0.01, 30
    sigmas = np.append((high ** (1 / rho) + np.arange(steps) / (steps - 1) * (low ** (1 / rho) - high ** (1 / rho))) ** rho, 0)
    D = lambda z, s: z - s * eps_of(world.mixture, z[None], 1.0, s)[0]
    slope = lambda z, s: (z - D(z, s)) / s
    z_init = high * rng.standard_normal(3)

    def heun(z, i):
        now, after = sigmas[i], sigmas[i + 1]
        d = slope(z, now)
        return (after - now) * ((d + slope(z + (after - now) * d, after)) / 2 if after > 0 else d), d

    def edm(gamma=0.0, trapezoid=True):
        z, before, last = z_init, None, None
        for i in range(steps):
            step, d = heun(z, i)
            after = z + step
            if i:
                gap = sigmas[i - 1] - sigmas[i]
                after = after + gamma * (before - z - gap * ((d + last) / 2 if trapezoid else d))
            before, last, z = z, d, after
        return z

    checks = []
    for sigma in (0.3, 7.0):
        z = sigma * rng.standard_normal(3)
        checks.append({"sigma": sigma, "z": z, "D": D(z, sigma)})
    content["edm"] = {"steps": steps, "sigmas": sigmas, "rho": rho, "sigma_min": low, "sigma_max": high, "denoiser_check": checks, "z_init": z_init}
    content["edm"]["expected"] = {"edm_heun": edm(), "bdia_edm_trapezoid": {"0.8": edm(0.8)}, "bdia_edm_euler_back": {"0.2": edm(0.2, False), "0.9": edm(0.9, False)}}
    return content | {"tolerance": {"abs": 1e-8, "round_trip": 1e-10}}


def edict(rng):
    world = World(rng, False)

    def down(pair, rungs, p, prompt="", w=1.0):
        pair, path = list(pair), [list(pair)]
        for i, (low, _, high, t) in enumerate(rungs[::-1]):
            for q in ((0, 1), (1, 0))[i % 2]:
                pair[q] = move(pair[q], world.eps(pair[1 - q], t, prompt, w), high, low)
            pair[0] = p * pair[0] + (1 - p) * pair[1]
            pair[1] = p * pair[1] + (1 - p) * pair[0]
            path.append(list(pair))
        return path

    def up(pair, rungs, p, prompt="", w=1.0):
        pair, path, n = list(pair), [list(pair)], len(rungs)
        for k, (low, _, high, t) in enumerate(rungs, 1):
            pair[1] = (pair[1] - (1 - p) * pair[0]) / p
            pair[0] = (pair[0] - (1 - p) * pair[1]) / p
            for q in ((1, 0), (0, 1))[(n - k) % 2]:
                pair[q] = move(pair[q], world.eps(pair[1 - q], t, prompt, w), low, high)
            path.append(list(pair))
        return path

    content = world.head(rng)
    x_0, x_T = rng.standard_normal((2, 3))
    rungs, p, w = world.ladder(25, 0, 0.5), 0.9, 1.5
    states = up((x_0, x_0), rungs, p, "source", w)
    single = x_0
    for low, _, high, t in rungs:
        single = move(single, world.eps(single, t, "source", w), low, high)
    ends = [down(states[-1], rungs, p, prompt, w)[-1] for prompt in ("source", "target")]
    official = {"invert_prompt": "source", "edit_prompt": "target", "steps": 25, "strength": 0.5, "p": p, "guidance": w, "steps_offset": 0, "final_abar": "abar[0]", "levels_t_high_to_low": [r[3] for r in rungs[::-1]], "x_0": x_0}
    content["official"] = official | {"expected": {"inverted_pair": states[-1], "reconstructed_pair": ends[0], "edited_pair": ends[1], "ddim_only_inverted": single, "inverse_trajectory_every_5": states[::5]}}
    rungs, p = world.ladder(7, 1), 0.97
    path = down((x_T, x_T), rungs, p, "source")
    content["sample"] = {"steps": 7, "steps_offset": 1, "p": p, "prompt": "source", "x_T": x_T, "expected": {"trajectory_pairs": path, "inverted_again_pair": up(path[-1], rungs, p, "source")[-1], "round_trip_max_abs_error": 0.0}}
    rungs = world.ladder(9, 1, 0.6)
    states = up((x_0, x_0), rungs, 0.8, "source")
    content["edit_offset1"] = {"steps": 9, "steps_offset": 1, "strength": 0.6, "p": 0.8, "x_0": x_0, "invert": {"prompt": "source", "guidance": 1.0}, "edit": {"prompt": "target", "guidance": 2.0}}
    content["edit_offset1"]["expected"] = {"inverse_trajectory_pairs": states, "edited_pair": down(states[-1], rungs, 0.8, "target", 2.0)[-1]}
    x, y = rng.standard_normal((2, 3))
    mixed = 0.6 * x + 0.4 * y
    other = 0.6 * y + 0.4 * mixed
    content["mix"] = {"p": 0.6, "x": x, "y": y, "expected": {"x": mixed, "y": other, "difference_ratio": 0.36}}
    return content | {"tolerance": {"abs": 1e-8, "round_trip": 1e-10}}


FILES = {"ddim": ddim, "bdia": bdia, "edict": edict}
