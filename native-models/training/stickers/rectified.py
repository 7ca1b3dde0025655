"""The sticker denoiser as a rectified flow (Liu, Gong, Liu 2022), without a new network.

On the line z_u = u x + (1 - u) e between noise e (u = 0) and a picture's latent x the flow's velocity is E[x - e | z_u].
Divided by n = sqrt(u^2 + (1 - u)^2), z_u is the x_t = a x + s e of a diffusion with a = u / n, s = (1 - u) / n, and
v = a e - s x tells x and e alike. So the network stays what it is, v-prediction, and only its ladder of levels changes:
even in u, from nothing but noise to the picture. A step of DDIM on that ladder is a step of Euler along the line,
which is why the folder needs nothing new of whoever reads it.
"""
import torch

from prior import LEVELS, ladder

from .teach import Sticker

# Share of noise at the last level; a ladder of betas cannot hold one of 1.
MOST = 0.999


def noise_share(index):
    """1 - u of a level, which may lie between two: 0 is nearly the picture, LEVELS - 1 nearly the noise."""
    return MOST * (index + 1) / LEVELS


def amplitudes(share):
    """(a, s) of x_t = a x + s e."""
    norm = torch.sqrt(share ** 2 + (1 - share) ** 2)
    return (1 - share) / norm, share / norm


def betas():
    """float64 [LEVELS]: the same ladder as a scheduler's file tells it."""
    abar = amplitudes(noise_share(torch.arange(LEVELS, dtype=torch.float64)))[0] ** 2
    return 1 - abar / torch.cat((torch.ones(1, dtype=torch.float64), abar[:-1]))


def levels_of_old():
    """float32 [LEVELS]: where on the usual ladder the noise is as strong. Beyond its last level the network hears that one."""
    a, s = (table.double() for table in ladder())
    mine_a, mine_s = amplitudes(noise_share(torch.arange(LEVELS, dtype=torch.float64)))
    wanted, known = torch.log(mine_s / mine_a), torch.log(s / a)
    right = torch.searchsorted(known, wanted).clamp(1, LEVELS - 1)
    between = (wanted - known[right - 1]) / (known[right] - known[right - 1])
    return (right - 1 + between.clamp(0, 1)).float()


class Retimed(torch.nn.Module):
    """A U-Net that is told levels of the new ladder, whole or in between."""

    def __init__(self, unet):
        super().__init__()
        self.unet = unet
        self.register_buffer("table", levels_of_old(), persistent=False)

    def forward(self, sample, timestep, encoder_hidden_states):
        at = timestep.clamp(0, LEVELS - 1)
        below = torch.floor(at)
        low = self.table[below.long()]
        high = self.table[(below + 1).clamp(max=LEVELS - 1).long()]
        return self.unet(sample, low + (at - below) * (high - low), encoder_hidden_states)


class Flow(Sticker):
    """(z [n, 4, h, w], index [n] of a level, input_ids [n, 16]) -> velocity, towards the picture."""

    def __init__(self, vocabulary, base):
        super().__init__(vocabulary, base)
        self.register_buffer("table", levels_of_old(), persistent=False)

    def told(self, z, index, words):
        """As `forward`, with the words encoded."""
        share = noise_share(index.float())[:, None, None, None]
        a, s = amplitudes(share)
        x = z / torch.sqrt(share ** 2 + (1 - share) ** 2)
        v = self.unet(x, self.table[index], words)
        return (a * x - s * v) - (s * x + a * v)

    def forward(self, z, index, input_ids):
        return self.told(z, index, self.text(input_ids)[0])


def loss(flow, x, e, index, input_ids):
    """Squared error of the velocity on the lines from e to x."""
    share = noise_share(index.float())[:, None, None, None]
    return ((flow((1 - share) * x + share * e, index, input_ids) - (x - e)) ** 2).mean()


@torch.no_grad()
def follow(flow, e, words, steps, guidance=1.0, blind=None, watch=None):
    """Euler from noise e [n, 4, h, w] to latents, in `steps` equal steps.

    words [n, 16, 192]: captions, encoded. With a guidance other than 1, `blind` [1, 16, 192] is no caption, encoded;
    the guidance may be a number for each row, [n, 1, 1, 1]. watch(velocity) is called at every step.
    """
    z, guided = e, isinstance(guidance, torch.Tensor) or guidance != 1.0
    indices = [round(LEVELS * (steps - step) / steps) - 1 for step in range(steps)]
    shares = [*map(noise_share, indices), 0.0]
    for step, index in enumerate(indices):
        index = torch.full((len(z),), index, device=z.device)
        v = flow.told(z, index, words)
        if guided:
            without = flow.told(z, index, blind.expand(len(z), -1, -1))
            v = without + guidance * (v - without)
        if watch is not None:
            watch(v)
        z = z + (shares[step] - shares[step + 1]) * v
    return z


@torch.no_grad()
def straightness(flow, e, words, steps=50, guidance=1.0, blind=None):
    """Mean squared distance of the velocity from the whole way, over the mean square of the way: 0 where one step is exact."""
    seen = []
    end = follow(flow, e, words, steps, guidance, blind, seen.append)
    way = end - e
    bend = sum(float(((way - v) ** 2).mean()) for v in seen) / steps
    return {"share": round(bend / float((way ** 2).mean()), 5), "steps": steps}
