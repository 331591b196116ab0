"""The rules of the house (ARCHITECTURE.md), checked on the sources: includes go one way among floors and rooms, outside
libraries stay in the rooms that may know them, no type is defined twice, folders and files stay small, and clang-format
finds nothing to change.  Usage: house_test.py FOLDER"""
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

# Room: the rooms that it may include, beside itself and whatever those may include. A room names only rooms above it, so
# there is no circle. A floor's own name is its root folder; folders within a room belong to it.
ROOMS = {
    "backbone": "",
    # detector: from pixels to detections, and learning it
    "detector/core": "backbone",
    "detector/data": "detector/core",
    "detector/annotations": "detector/data",
    "detector/evaluation": "detector/data",
    "detector/network": "detector/core",
    "detector/engine": "detector/network",
    "detector/training": "detector/data detector/network detector/evaluation",
    "detector/tracking": "detector/core",
    "detector/drawing": "detector/core",
    "detector/conversion": "detector/engine detector/data",
    "detector": "detector/annotations detector/training detector/tracking detector/drawing detector/conversion",
    # app: the program `dualsight`
    "app/system": "detector",
    "app/records": "app/system",
    "app/sources": "app/records",
    "app/sinks": "app/records",
    "app/recording": "app/sources app/sinks",
    "app/pipeline": "app/sources app/sinks",
    "app/session": "app/recording app/pipeline",
    "app/commands": "app/session",
    "app": "app/commands",
    # ui: the program `dualsight-gui`
    "ui/widgets": "app",
    "ui/settings": "ui/widgets",
    "ui/live": "ui/settings",
    "ui/panels": "ui/settings",
    "ui/review": "ui/settings",
    "ui": "ui/live ui/panels ui/review",
}
FLOORS = ("backbone", "detector", "app", "ui")
TRAINER_ROOMS = ("core", "network", "data", "training", "evaluation")  # of detector/: built with LibTorch alone
OPTIONAL = ("opencv2/", "nlohmann/", "spdlog/", "CLI/", "openssl/", "dnnl", "toml++/", "Q")  # not on such a server
TORCH = ("torch/", "ATen/", "c10/")
MAX_FILES, MAX_LINES, MEDIAN_LINES = 25, 500, 150
CLANG_FORMAT = 14  # Debian 12's; another major version formats differently

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
TYPE = re.compile(r"^(?:template\s*<.*>\s*)?(?:enum\s+class|enum\s+struct|enum|struct|class|union)\s+(?:\[\[.*?\]\]\s*)?"
                  r"(?:alignas\s*\([^)]*\)\s*)?(\w[\w:]*(?:\s*<.*>)?)\s*(?:final\s*)?(?::(?!:).*)?$", re.DOTALL)


def room_of(path):
    """The room of a file: the folder of its floor that it is in, however deep, or the floor itself."""
    parts = pathlib.PurePath(path).parts
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def reach(room):
    """The rooms that `room` may include, itself among them."""
    return {room}.union(*(reach(other) for other in ROOMS[room].split()))


def sources(root, *folders):
    """The C++ files under `folders`, in order."""
    return sorted(path for folder in folders for path in (root / folder).rglob("*") if path.suffix in (".h", ".cpp"))


def includes(path):
    """(line number, opening character, name) of every #include in a file."""
    lines = enumerate(path.read_text().splitlines(), 1)
    return [(number, match[1], match[2]) for number, line in lines if (match := INCLUDE.match(line))]


def headers_with_torch(root):
    """Headers of ours that bring torch along, directly or through others: including them is including torch."""
    found, known = set(), None
    headers = {str(path.relative_to(root)): {name for _, _, name in includes(path)}
               for path in sources(root, *FLOORS) if path.suffix == ".h"}
    while known != len(found):
        known = len(found)
        found |= {header for header, names in headers.items()
                  if any(name.startswith(TORCH) or name in found for name in names)}
    return found


def check_includes(root):
    with_torch = headers_with_torch(root)
    for path in sources(root, *FLOORS):
        file = path.relative_to(root)
        room, floor = room_of(file), file.parts[0]
        if room not in ROOMS:
            yield f"{file}: {room} is not a room that ROOMS in tests/house_test.py knows"
            continue
        trainer_only = floor == "backbone" or room.removeprefix("detector/") in TRAINER_ROOMS
        for number, bracket, name in includes(path):
            where = f"{file}:{number}: "
            if bracket == '"' and room_of(name) not in reach(room):
                yield where + f"{room} must not include {name}"
            if re.match(r"Q[A-Z]|Qt", name) and floor != "ui":
                yield where + "Qt belongs to ui alone"
            if floor in ("app", "ui") and (name.startswith(TORCH) or name in with_torch):
                yield where + f"{name} brings torch into {floor}"
            if "highgui" in name:
                yield where + "highgui brings a second Qt"
            if trainer_only and bracket == "<" and name.startswith(OPTIONAL):
                yield where + f"{name} is not there on a server with LibTorch alone"


def check_trainer_rooms(root):
    """CMake builds the trainer from the rooms that are checked here."""
    match = re.search(r"set\(trainer_rooms ([a-z ]+)\)", (root / "detector/CMakeLists.txt").read_text())
    if not match or set(match[1].split()) != set(TRAINER_ROOMS):
        yield "detector/CMakeLists.txt: trainer_rooms are not those of tests/house_test.py"


def types_of(text):
    """Names, with their namespaces, of the types that a file defines at namespace scope (unnamed namespaces left out)."""
    # Comments, literals and preprocessor lines may hold anything; none of them matters here.
    text = re.sub(r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', " ", text, flags=re.DOTALL)
    text = re.sub(r"^\s*#(?:.*\\\n)*.*$", "", text, flags=re.MULTILINE)
    scopes = []  # a namespace's name, or None for anything else
    start = 0
    for match in re.finditer(r"[{};]", text):
        head = text[start:match.start()].strip()
        start = match.end()
        if match[0] == "}" and scopes:
            scopes.pop()
        if match[0] != "{":
            continue
        namespace = re.fullmatch(r"(?:inline\s+)?namespace\s+([\w:]+)", head)
        type_ = TYPE.match(head)
        if type_ and None not in scopes:
            yield "::".join([*scopes, type_[1]])
        scopes.append(namespace[1] if namespace else None)


def check_types(root):
    """Two types of one name in one namespace break the one-definition rule, and no compiler or linker says so."""
    where = {}
    for path in sources(root, *FLOORS):
        for name in types_of(path.read_text()):
            where.setdefault(name, []).append(str(path.relative_to(root)))
    for name, files in where.items():
        if len(set(files)) > 1:
            yield f"{name} is defined in {' and '.join(sorted(set(files)))}"


def check_sizes(root):
    for folder in sorted(path for floor in (*FLOORS, "tests") for path in [root / floor, *(root / floor).rglob("*")]):
        if folder.is_dir() and folder.name != "__pycache__":
            count = sum(path.is_file() for path in folder.iterdir())
            if count > MAX_FILES:
                yield f"{folder.relative_to(root)}: {count} files in one folder, at most {MAX_FILES}"
    lines = {path: len(path.read_text().splitlines()) for path in sources(root, *FLOORS, "tests")}
    for path, count in lines.items():
        if count > MAX_LINES:
            yield f"{path.relative_to(root)}: {count} lines, at most {MAX_LINES}"
    if statistics.median(lines.values()) >= MEDIAN_LINES:
        yield f"half of all files have {MEDIAN_LINES} lines or more"


def clang_format():
    """(the program, or None; what is there instead)"""
    program = shutil.which("clang-format")
    version = program and re.search(r"version (\d+)", subprocess.check_output([program, "--version"], text=True))
    if version and int(version[1]) == CLANG_FORMAT:
        return program, ""
    return None, version[0] if version else "none"


def check_format(root):
    program, instead = clang_format()
    if not program:
        print(f"skipped: needs clang-format {CLANG_FORMAT}, here is {instead}")
        return
    run = subprocess.run([program, "--dry-run", "-Werror", *sources(root, *FLOORS, "tests")], cwd=root, text=True,
                         stderr=subprocess.PIPE)
    for file in sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", run.stderr, flags=re.MULTILINE))):
        yield f"{pathlib.Path(file).relative_to(root)}: not formatted; remedy: script/format"
    if run.returncode != 0 and ": error" not in run.stderr:
        yield f"clang-format failed: {run.stderr.strip()}"


CHECKS = (check_includes, check_trainer_rooms, check_types, check_sizes, check_format)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    problems = [problem for check in CHECKS for problem in check(root)]
    print("\n".join(problems) or "the house is in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
