"""Openly licensed captioned artwork, from npm and Debian packages of fixed versions."""
import json
import re
import subprocess
import tarfile
from pathlib import Path

from places import WORK

ICONIFY = "icons.json"
# style word of the caption: (npm package, version)
STYLES = {
    "glossy": ("@iconify-json/fluent-emoji", "1.2.7"),
    "flat": ("@iconify-json/fluent-emoji-flat", "1.2.6"),
    "noto": ("@iconify-json/noto", "1.2.9"),
    "blob": ("@iconify-json/noto-v1", "1.2.5"),
    "twemoji": ("@iconify-json/twemoji", "1.2.5"),
    "3d": ("@lobehub/fluent-emoji-3d", "1.1.0"),
}
NAMES_3D = ("emojibase-data", "17.0.0")       # labels of the 3d pictures, by code point
CLIPART = "openclipart-png"                   # Debian; varied and noisy, so only on request
CLIPART_LEFT_OUT = ("shapes", "special", "flags")
NOT_NAMES = {"fe0f"}                          # variation selector: packages disagree whether to write it


def unpacked(package, version):
    """Folder of an npm package, fetched once."""
    folder = WORK / "npm" / package.replace("/", "-").lstrip("@")
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder.parent, check=True,
                                text=True, capture_output=True).stdout.split()[-1]
        with tarfile.open(folder.parent / packed) as archive:
            archive.extractall(folder)
    return folder / "package"


def rights(folder):
    """(author, SPDX name of the licence): of the artwork where the package tells it (info.json), else of the package."""
    info = folder / "info.json"
    if info.exists():
        told = json.loads(info.read_text())
        return f"{told['author']['name']}, {told['author']['url']}", told["license"]["spdx"]
    told = json.loads((folder / "package.json").read_text())
    return f"{told['author'].split(' <')[0]}: {told['description'].strip('.')}", told["license"]


def vector(folder):
    """[(key, {"svg": text})] of an Iconify package; aliases are other names of the same picture and are left out."""
    whole = json.loads((folder / ICONIFY).read_text())
    rows = []
    for key, icon in whole["icons"].items():
        if icon.get("hidden"):
            continue
        box = [icon.get(side, whole.get(side, rest)) for side, rest in (("left", 0), ("top", 0), ("width", 16), ("height", 16))]
        rows.append((key, {"body": icon["body"], "box": box}))
    return rows


def rendered(folder):
    """[(label, {"file": path})] of the 3d pictures, whose files are named by code points."""
    labels = {}
    for emoji in json.loads((unpacked(*NAMES_3D) / "en" / "compact.json").read_text()):
        labels[points(emoji["hexcode"])] = emoji["label"]
    rows = []
    for path in sorted((folder / "assets").glob("*.webp")):
        label = labels.get(points(path.stem))
        if label:
            rows.append((label, {"file": str(path)}))
    return rows


def points(code):
    return tuple(point for point in code.lower().split("-") if point not in NOT_NAMES)


def clipart():
    """(version, [(name, {"file": path})]): folder and file names are the captions."""
    archives, folder = WORK / "debs", WORK / "unpacked" / CLIPART
    archives.mkdir(parents=True, exist_ok=True)
    if not list(archives.glob(f"{CLIPART}_*.deb")):
        subprocess.run(["apt-get", "download", CLIPART], cwd=archives, check=True)
    archive = max(archives.glob(f"{CLIPART}_*.deb"))
    if not folder.exists():
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    version = subprocess.run(["dpkg-deb", "-f", archive, "Version"], check=True, text=True, capture_output=True).stdout
    rows = []
    for path in sorted(folder.rglob("*.png")):
        within = path.parts[path.parts.index("png") + 1:] if "png" in path.parts else path.parts[-2:]
        if path.is_symlink() or any(re.match("|".join(CLIPART_LEFT_OUT), part) for part in within):
            continue
        name = re.sub(r"\d+|_", " ", f"{within[-2] if len(within) > 1 else ''} {Path(within[-1]).stem}")
        rows.append((name, {"file": str(path)}))
    return version.strip(), rows


def collect(styles=tuple(STYLES), with_clipart=False):
    """[(style, package, version, (author, licence), [(key, picture)])]; a picture is {"body", "box"} or {"file"}."""
    found = []
    for style in styles:
        package, version = STYLES[style]
        folder = unpacked(package, version)
        rows = vector(folder) if (folder / ICONIFY).exists() else rendered(folder)
        found.append((style, package, version, rights(folder), rows))
    if with_clipart:
        version, rows = clipart()
        found.append(("clipart", CLIPART, version, ("contributors of the Open Clip Art Library", "public domain"), rows))
    return found
