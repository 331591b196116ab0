"""Relative links in the Markdown files of the repository lead somewhere: files exist, and headings that are named.
Usage: links_test.py FOLDER"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1]).resolve()


def anchors(path):
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    heads = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


pages = [path for path in ROOT.rglob("*.md") if not {"build", "runs", ".git"} & set(path.relative_to(ROOT).parts)]
problems = []
for page in sorted(pages):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        if not target.exists():
            problems.append(f"{page.relative_to(ROOT)}: {link} does not exist")
        elif anchor and anchor not in anchors(target):
            problems.append(f"{page.relative_to(ROOT)}: {link}: no such heading")
print("\n".join(problems) or f"every relative link of {len(pages)} pages leads somewhere")
sys.exit(1 if problems else 0)
