"""A small classifier of the words in a caption. It judges what the generators make: whether a picture shows what was
asked, and, by the layer before the last, how far made pictures are from drawn ones."""
import torch
from torch import nn
from torch.nn import functional as F

from .layers import Norm
from .tokens import pieces

FEATURES = 128
SEEN = 3                                      # a word counts from so many captions on


def words_of(captions, seen=SEEN):
    """The words that at least `seen` captions hold, sorted."""
    counts = {}
    for caption in captions:
        for word in set(pieces(caption)):
            counts[word] = counts.get(word, 0) + 1
    return sorted(word for word, count in counts.items() if count >= seen)


def marked(captions, words):
    """float32 [captions, words]: 1 where the caption holds the word."""
    places = {word: k for k, word in enumerate(words)}
    rows = torch.zeros(len(captions), len(words))
    for row, caption in zip(rows, captions):
        row[[places[word] for word in pieces(caption) if word in places]] = 1
    return rows


class Step(nn.Module):
    """Half the side, another width: x -> conv(silu(norm(conv(x)))), and a shortcut around the second half."""

    def __init__(self, before, width):
        super().__init__()
        self.halve, self.norm = nn.Conv2d(before, width, 3, stride=2, padding=1), Norm(width)
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        x = self.halve(x)
        return x + self.conv(F.silu(self.norm(x)))


class Judge(nn.Module):
    """Picture on white [n, 3, h, w] in -1..1 -> (features [n, 128], logits [n, words])."""

    def __init__(self, words, widths=(32, 64, 96)):
        super().__init__()
        steps = [Step(before, width) for before, width in zip((3, *widths), (*widths, FEATURES))]
        self.steps, self.norm = nn.Sequential(*steps), nn.LayerNorm(FEATURES)
        self.head = nn.Linear(FEATURES, words)
        nn.init.constant_(self.head.bias, -4.0)   # most words are absent from most pictures

    def forward(self, picture):
        features = self.norm(F.silu(self.steps(picture)).mean(dim=(2, 3)))
        return features, self.head(features)
