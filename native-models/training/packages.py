"""Fetch and unpack the Debian packages the training pictures come from. Nothing else is downloaded."""
import subprocess

from places import WORK

PACKAGES = (
    "gnome-backgrounds",
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
    "mate-backgrounds",
    "plasma-workspace-wallpapers",
    "ukui-wallpapers",
)


def fetch():
    """Return {package: (version, folder)}; a package that is already unpacked is not fetched again."""
    archives, unpacked = WORK / "debs", WORK / "unpacked"
    archives.mkdir(parents=True, exist_ok=True)
    found = {}
    for package in PACKAGES:
        if not list(archives.glob(f"{package}_*.deb")):
            subprocess.run(["apt-get", "download", package], cwd=archives, check=True)
        archive = max(archives.glob(f"{package}_*.deb"))
        version = subprocess.run(["dpkg-deb", "-f", archive, "Version"], check=True, text=True, capture_output=True)
        folder = unpacked / package
        if not folder.exists():
            subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
        found[package] = (version.stdout.strip(), folder)
    return found
