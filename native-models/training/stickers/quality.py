"""How good made stickers are: the kernel distance to drawn ones (KID, Binkowski et al. 2018) in the judge's features,
and how often the judge finds the caption that was asked for. Neither figure can be compared with one of another judge.
"""
import numpy as np
import torch

from places import exported

from .autoencoder import on_white
from .judge import Judge, marked
from .tokens import pieces
from .teach_judge import NAME

ASKED = 192                                   # captions held out, and as many that were learned
REAL = 2000                                   # learned pictures that say how features are spread
BATCH = 64


class Jury:
    """A judge, and the mean and spread of its features over learned pictures."""

    def __init__(self, model, words, pixels, held):
        self.model, self.words = model.eval(), words
        rows = np.flatnonzero(~held)
        real = self.raw(on_white(np.asarray(pixels[rows[::max(1, len(rows) // REAL)]]))[0])[0]
        self.mean, self.spread = real.mean(0), real.std(0) + 1e-6

    @torch.no_grad()
    def raw(self, pictures):
        parts = [self.model(part) for part in pictures.split(BATCH)]
        return torch.cat([part[0] for part in parts]), torch.cat([part[1] for part in parts])

    def look(self, pictures):
        """Pictures on white [n, 3, h, w] in -1..1 -> (features of unit spread, in double precision; logits)."""
        features, logits = self.raw(pictures)
        return ((features - self.mean) / self.spread).double(), logits


def jury(pixels, held):
    """The exported judge, or None where none has been trained."""
    if not exported(NAME).exists():
        return None
    saved = torch.load(exported(NAME), map_location="cpu")
    model = Judge(len(saved["words"]))
    model.load_state_dict(saved["weights"])
    return Jury(model, saved["words"], pixels, held)


def pool(captions, words):
    """Every caption all of whose words the judge knows, once: what a retrieval chooses from."""
    known = set(words)
    return sorted(caption for caption in set(captions) if known.issuperset(pieces(caption)))


def asked(captions, held, candidates, count=ASKED):
    """{"held out", "learned"}: rows of pictures whose captions are asked for, fixed by a seed."""
    random, known = np.random.default_rng(77), set(candidates)
    known = np.array([caption in known for caption in captions])
    return {name: np.sort(random.permutation(np.flatnonzero(rows & known))[:count])
            for name, rows in (("held out", held), ("learned", ~held)) if (rows & known).any()}


def kid(x, y, paired=False):
    """Unbiased squared distance between two sets of features [n, d] under the kernel (x . y / d + 1)^3.

    `paired`: rows of one number belong together and were not drawn apart, so that they are not compared.
    """
    kernel = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
    within = lambda a: (kernel(a, a).sum() - kernel(a, a).diagonal().sum()) / (len(a) * (len(a) - 1))
    both = kernel(x, y)
    between = (both.sum() - both.diagonal().sum()) / (len(x) * (len(x) - 1)) if paired else both.mean()
    return float(within(x) + within(y) - 2 * between)


def retrieval(judge, logits, captions, candidates):
    """Shares of pictures whose own caption comes first, and is among five, when the judge orders all candidates.

    A caption's score is the sum of its words' logits: up to a constant, the logarithm of its likelihood.
    """
    scores, places = logits @ marked(candidates, judge.words).T, {caption: k for k, caption in enumerate(candidates)}
    own = scores[torch.arange(len(captions)), torch.tensor([places[caption] for caption in captions])]
    ahead = (scores > own[:, None]).sum(1)
    share = lambda below: round(float((ahead < below).float().mean()), 4)
    return {"first": share(1), "amongFive": share(5)}


def drawn(judge, pixels, held, rows):
    """Of drawn pictures: features and logits, and the features of learned pictures other than these."""
    features, logits = judge.look(on_white(np.asarray(pixels[rows]))[0])
    others = np.setdiff1d(np.flatnonzero(~held), rows)[::max(1, len(held) // REAL)]
    return features, logits, judge.look(on_white(np.asarray(pixels[others]))[0])[0]


def compare(judge, pixels, captions, held, make):
    """Figures of a generator. make: [caption] -> pictures on white [n, 3, h, w] in -1..1.

    Of held-out and of learned captions: KID x 1000 to the drawn pictures of the same captions, the same between drawn
    pictures of other captions (what a perfect generator cannot be told from), and the retrieval of both.
    """
    figures, candidates = {}, pool(captions, judge.words)
    for name, rows in asked(captions, held, candidates).items():
        wanted = [captions[row] for row in rows]
        real, real_logits, other = drawn(judge, pixels, held, rows)
        made, logits = judge.look(make(wanted))
        figures[name] = {
            "pictures": len(rows), "kid": round(1000 * kid(made, real, paired=True), 2), "kidDrawn": round(1000 * kid(other, real), 2),
            "made": retrieval(judge, logits, wanted, candidates), "drawn": retrieval(judge, real_logits, wanted, candidates),
        }
    return figures
