"""Copies the pages of a checkout to where the site's generator looks for them.

Usage: pages.py SOURCE FOLDER
README.md becomes the first page. Links between pages go on leading there; of links to what is no page the text stays. A page that the
navigation of mkdocs.yml does not name makes the generator fail, and a test.
"""

import pathlib
import re
import shutil
import sys

TOP = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "THIRD-PARTY.md"]
LINK = re.compile(r"(?<!!)\[([^\]\[]*(?:\[[^\]]*\][^\]\[]*)*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.S | re.M)
IMAGE = re.compile(r"(!\[[^\]]*\]\()([^)\s]+)\)")
SOURCE = re.compile(r'(<(?:img|source)[^>]*? (?:src|srcset)=")([^"]+)"')


def main():
    source, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    pages = {source / name: ("index.md" if name == "README.md" else name) for name in TOP}
    pages |= {page: page.name for page in sorted((source / "docs").glob("*.md"))}
    files = {file: str(file.relative_to(source / "docs")) for file in (source / "docs").rglob("*") if file.is_file() and file.suffix != ".md"}
    folder.mkdir(parents=True)
    for file, name in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / name)
    for page, name in pages.items():
        (folder / name).write_text(moved(page, pages | files))


def moved(page, known):
    def link(match):
        text, target = match.groups()
        if re.match(r"[a-z]+:|#", target):
            return match[0]
        path, _, anchor = target.partition("#")
        there = known.get((page.parent / path).resolve())
        return f"[{text}]({there}{'#' + anchor if anchor else ''})" if there else text

    def image(match):
        return f"{match[1]}{known[(page.parent / match[2]).resolve()]})"

    def picture(match):
        return f'{match[1]}{known[(page.parent / match[2]).resolve()]}"'

    parts = FENCE.split(page.read_text())
    for i in range(0, len(parts), 2):  # not inside code
        parts[i] = LINK.sub(link, parts[i])
        parts[i] = IMAGE.sub(image, parts[i])
        parts[i] = SOURCE.sub(picture, parts[i])
    return "".join(parts)


main()
