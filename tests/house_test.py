"""The rules of the house (ARCHITECTURE.md), checked on the sources: includes go one way, and outside libraries stay
in the folders that may know them."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
MAY_INCLUDE = {"backbone": {"backbone"}, "detector": {"backbone", "detector"},
               "app": {"backbone", "detector", "app"}, "ui": {"backbone", "detector", "app", "ui"}}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# Files that the trainer-only build compiles: LibTorch and the standard library, nothing else.
TRAINER_ONLY = set(re.findall(r"[a-z_]+\.cpp", (ROOT / "detector/CMakeLists.txt").read_text().split("add_library", 1)[1]
                              .split(")", 1)[0])) | {"train_main.cpp"}
OPTIONAL = ("opencv2/", "nlohmann/", "spdlog/", "CLI/", "openssl/", "Q")

# Headers of ours that bring torch along, so that including them is including torch.
torch_headers = set()
for _ in range(5):
    for header in list((ROOT / "backbone").glob("*.h")) + list((ROOT / "detector").glob("*.h")):
        for line in header.read_text().splitlines():
            match = INCLUDE.match(line)
            if match and (match[2].startswith(("torch/", "ATen/", "c10/")) or match[2] in torch_headers):
                torch_headers.add(str(header.relative_to(ROOT)))

problems = []
for folder, allowed in MAY_INCLUDE.items():
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            name = match[2]
            where = f"{path.relative_to(ROOT)}:{number}: "
            if match[1] == '"' and name.split("/")[0] not in allowed:
                problems.append(where + f"{folder} must not include {name}")
            if re.match(r"Q[A-Z]|Qt", name) and folder != "ui":
                problems.append(where + "Qt belongs to ui alone")
            if folder in ("app", "ui") and (name.startswith(("torch/", "ATen/", "c10/")) or name in torch_headers):
                problems.append(where + f"{name} brings torch into {folder}")
            if "highgui" in name:
                problems.append(where + "highgui brings a second Qt")
            if folder == "backbone" or (folder == "detector" and path.name in TRAINER_ONLY):
                if match[1] == "<" and name.startswith(OPTIONAL):
                    problems.append(where + f"{name} is not there on a server with LibTorch alone")

print("\n".join(problems) or "the house is in order")
sys.exit(1 if problems else 0)
