"""From the name of a picture to its caption, and which names are never trained on."""
import hashlib
import re
import unicodedata

# Variants of one picture, letters and flags: they would drown the rest, and nobody asks for them in words.
LEFT_OUT = re.compile(
    r"skin[ -]tone|\bflag\b|keycap|\bfamily\b|regional indicator|\bbutton\b|input (latin|numbers|symbols)|"
    r"^[a-z0-9]$|^letter [a-z]$|^digit \w+$|^(asterisk|number sign|pound symbol)$|tag (latin|digit)|couple with heart|people holding hands|"
    r"(?<!car)(?<!traffic) (medium|(medium )?(light|dark))$"        # skin tones, as one package shortens them
)
# Packages write "womans boot", "woman s boot" and "one oclock"; people write an apostrophe.
POSSESSIVE = re.compile(r"\b(woman|man|women|men|worker) ?s\b(?= \w)")
CLOCK = re.compile(r"\bo ?clock\b")
# One name in 40, in every style, by the hash of the name: the list is fixed without being written down.
HELD_OUT_ONE_IN = 40


def name_of(key):
    """"red-apple" -> "red apple"; None for a picture that is left out."""
    plain = unicodedata.normalize("NFKD", key.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^\w']+|_", " ", plain).strip().removesuffix(" default")
    name = CLOCK.sub("o'clock", POSSESSIVE.sub(r"\1's", name))
    return None if not name or LEFT_OUT.search(name) else re.sub(r" +", " ", name)


def held_out(name):
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % HELD_OUT_ONE_IN == 0
