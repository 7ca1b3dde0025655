"""Captions as vectors: a word embedding and two pre-norm transformer layers (Vaswani et al. 2017)."""
import torch
from torch import nn
from torch.nn import functional as F

from .tokens import LENGTH

WIDTH = 192


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.per = heads, width // heads
        self.norm, self.mix, self.out = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.again, self.wide, self.narrow = nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        n, k, c = x.shape
        q, key, v = (part.reshape(n, k, self.heads, self.per).transpose(1, 2) for part in self.mix(self.norm(x)).chunk(3, dim=2))
        share = torch.softmax(torch.matmul(q * self.per ** -0.5, key.transpose(2, 3)), dim=3)
        x = x + self.out(torch.matmul(share, v).transpose(1, 2).reshape(n, k, c))
        return x + self.narrow(F.silu(self.wide(self.again(x))))


class TextEncoder(nn.Module):
    """input_ids int64 [n, 16] -> (last_hidden_state [n, 16, 192], pooler_output [n, 192], their mean)."""

    def __init__(self, vocabulary, width=WIDTH, heads=4):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.place = nn.Parameter(torch.zeros(LENGTH, width))
        self.layers = nn.Sequential(Layer(width, heads), Layer(width, heads))
        self.norm = nn.LayerNorm(width)
        nn.init.normal_(self.embedding.weight, std=0.1)
        nn.init.normal_(self.place, std=0.1)

    def forward(self, input_ids):
        states = self.norm(self.layers(self.embedding(input_ids) + self.place))
        return states, states.mean(dim=1)
