"""Stage 2: a rectified flow from the noised posterior mean to the picture (Posterior-Mean Rectified Flow, 2024).

z0 = x* + 0.05 e; z_t = t x + (1 - t) z0; v(z_t, t) is trained towards x - z0; K Euler steps from t = 0.
"""
import torch

SIGMA_SOURCE = 0.05                           # of the noise added to x*, values 0..1


def stratified(size, generator):
    """size times in [0, 1), one per equal stratum."""
    return (torch.arange(size) + torch.rand(size, generator=generator)) / size


def loss(velocity, posterior_mean, damaged, clean, generator):
    """Mean squared error of the velocity at stratified times; the posterior mean is frozen and clipped."""
    with torch.no_grad():
        x_star = posterior_mean(damaged).clamp(0, 1)
    e = torch.randn(clean.shape, generator=generator).to(clean.device)
    t = stratified(len(clean), generator).to(clean.device)
    z0 = x_star + SIGMA_SOURCE * e
    z = z0 + t[:, None, None, None] * (clean - z0)
    return ((velocity(z, t) - (clean - z0)) ** 2).mean()


def euler(velocity, x_star, steps, seed):
    """x* [n, 3, h, w] -> restored, in `steps` evaluations at t = i/steps."""
    generator = torch.Generator().manual_seed(seed)
    z = x_star + SIGMA_SOURCE * torch.randn(x_star.shape, generator=generator).to(x_star.device)
    for i in range(steps):
        z = z + velocity(z, torch.full((len(z),), i / steps, device=z.device)) / steps
    return z.clamp(0, 1)
