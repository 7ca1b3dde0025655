"""Who made each picture, and under which licence: read from the packages, never guessed.

Sources, in this order: the picture's own metadata file (Plasma ships one beside each), then the package's
debian/copyright, either in the machine-readable form (Files/Copyright/License paragraphs, last match wins)
or, for gnome-backgrounds, in its free form (" - name:" lists). What is not found is written as null.
"""
import fnmatch
import json
import re


def plasma(path):
    """Author and licence from the metadata.json or metadata.desktop two folders above the picture, if any."""
    for folder in path.parents[:4]:
        if (folder / "metadata.json").exists():
            about = json.loads((folder / "metadata.json").read_text())["KPlugin"]
            names = [one.get("Name") for one in about.get("Authors", []) if one.get("Name")]
            return {"author": ", ".join(names) or None, "licence": about.get("License"), "creditFrom": "metadata.json"}
        if (folder / "metadata.desktop").exists():
            text = (folder / "metadata.desktop").read_text()
            value = dict(re.findall(r"^(X-KDE-PluginInfo-(?:Author|License))=(.*)$", text, re.M))
            return {"author": value.get("X-KDE-PluginInfo-Author"), "licence": value.get("X-KDE-PluginInfo-License"),
                    "creditFrom": "metadata.desktop"}
    return None


def field(paragraph, name):
    """A field with its continuation lines, or ''."""
    found = re.search(rf"^{name}:(.*(?:\n[ \t].*)*)", paragraph, re.M)
    return " ".join(found.group(1).split()) if found else ""


def holders(text):
    """'2008, A <a@b> 2008, B' -> 'A, B': years and addresses dropped."""
    names = [re.sub(r"<[^>]*>|©|´", "", part).strip(" ,.") for part in re.split(r"(?:\b(?:19|20)\d\d(?:-\d{4})?\b[,.]?)", text)]
    return ", ".join(dict.fromkeys(name for name in names if name and name != "*No copyright*")) or None


def machine_readable(text):
    """[(pattern, author, licence)] from the Files paragraphs."""
    rows = []
    for paragraph in re.split(r"\n\s*\n", text):
        licence = re.search(r"^License:\s*(\S.*)$", paragraph, re.M)
        for pattern in field(paragraph, "Files").split():
            rows.append((pattern, holders(field(paragraph, "Copyright")), licence.group(1).strip() if licence else None))
    return rows


def free_form(text):
    """gnome-backgrounds: names in ' - name:' lines, then 'Copyright ©' lines and one 'Licensed under' line."""
    rows, names, people = [], [], []
    body = text.split("Image Authors:")[1].split("Licenses:")[0]
    for line in map(str.strip, body.splitlines()):
        if line.startswith("- "):
            names.append(line[2:].rstrip(":"))
        elif line.startswith("Copyright"):
            people.append(holders(line[len("Copyright"):]))
        elif line.startswith("Licensed under"):
            licence = line[len("Licensed under "):].rstrip(".")
            rows += [(name, ", ".join(people), licence) for name in names]
            names, people = [], []
    return rows


def of(package, folder):
    """A function (file, path) -> {author, licence, creditFrom} for one unpacked package."""
    text = (folder / "usr/share/doc" / package / "copyright").read_text()
    readable = re.match(r"\s*Format:", text.split("\n\n")[0].lstrip("\n"))
    rows = machine_readable(text) if readable else free_form(text)

    def credit(file, path):
        own = plasma(path)
        if own and own["licence"]:
            return own
        match = None
        for pattern, author, licence in rows:
            # Source trees and installed trees differ in their upper folders: compare the tail, or the name.
            tail = re.sub(r"^\d\d\.\d\d/", "", pattern)
            if fnmatch.fnmatch(file, f"*/{tail}") or pattern == "*":
                match = {"author": author, "licence": licence, "creditFrom": "debian/copyright"}
        if match:
            return match
        whole = None if readable else "package: GPL-2+ (picture not listed by name)"
        return {"author": None, "licence": whole, "creditFrom": "debian/copyright" if whole else None}

    return credit
