"""CLIP's byte-pair tokenizer (Radford et al. 2021), with merges learned from the captions.

Sequence: start, up to LENGTH - 2 ids, end, then the end token again as padding. Files as CLIP's: vocab.json,
merges.txt, special_tokens_map.json, tokenizer_config.json.
"""
import json
import re
from collections import Counter, defaultdict

LENGTH = 16
START, END, WORD_END = "<|startoftext|>", "<|endoftext|>", "</w>"
MERGES = 6000
PIECES = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+", re.IGNORECASE)


def byte_names():
    """[256] printable stand-ins: printable bytes for themselves, the others for code points from 256 on."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


BYTES = byte_names()


def symbols(piece):
    """A piece as a list of stand-ins, the last one with the end-of-word mark."""
    names = [BYTES[byte] for byte in piece.encode()]
    return [*names[:-1], names[-1] + WORD_END]


def pieces(text):
    return PIECES.findall(re.sub(r"\s+", " ", text).strip().lower())


def joined(word, pair):
    """`word` with every occurrence of `pair` made one symbol."""
    out, i = [], 0
    while i < len(word):
        if i + 1 < len(word) and (word[i], word[i + 1]) == pair:
            out.append(word[i] + word[i + 1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return out


def learn_merges(captions, most=MERGES):
    """The pairs to merge, most frequent first (ties: alphabetical), down to those seen twice."""
    counts = Counter(piece for caption in captions for piece in pieces(caption))
    words = {piece: symbols(piece) for piece in sorted(counts)}
    seen, holders = Counter(), defaultdict(set)

    def tally(piece, sign):
        for pair in zip(words[piece], words[piece][1:]):
            seen[pair] += sign * counts[piece]
            if sign > 0:
                holders[pair].add(piece)

    for piece in words:
        tally(piece, 1)
    merges = []
    while len(merges) < most and seen:
        pair = min(seen, key=lambda pair: (-seen[pair], pair))
        if seen[pair] < 2:
            break
        merges.append(pair)
        for piece in holders.pop(pair):
            tally(piece, -1)
            words[piece] = joined(words[piece], pair)
            tally(piece, 1)
        del seen[pair]
    return merges


class Tokenizer:
    """Text -> ids [LENGTH]."""

    def __init__(self, merges):
        self.merges = merges
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        ordered = sorted(BYTES)
        names = [*ordered, *(name + WORD_END for name in ordered), *("".join(pair) for pair in merges), START, END]
        # Two ways may lead to one symbol: it has the id of the first.
        self.vocabulary = {name: id for id, name in enumerate(dict.fromkeys(names))}

    def split(self, piece):
        word = symbols(piece)
        while len(word) > 1:
            pair = min(zip(word, word[1:]), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
            if pair not in self.ranks:
                break
            word = joined(word, pair)
        return word

    def encode(self, text):
        ids = [self.vocabulary[symbol] for piece in pieces(text) for symbol in self.split(piece)][:LENGTH - 2]
        end = self.vocabulary[END]
        return [self.vocabulary[START], *ids, end] + [end] * (LENGTH - 2 - len(ids))

    def write(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "vocab.json").write_text(json.dumps(self.vocabulary, ensure_ascii=False))
        lines = ["#version: 0.2", *(" ".join(pair) for pair in self.merges)]
        (folder / "merges.txt").write_text("\n".join(lines) + "\n")
        special = {"bos_token": START, "eos_token": END, "pad_token": END, "unk_token": END}
        (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")
        (folder / "tokenizer_config.json").write_text(json.dumps({
            **special, "add_prefix_space": False, "do_lower_case": True, "model_max_length": LENGTH,
            "tokenizer_class": "CLIPTokenizer"}, indent=2) + "\n")
