"""What a desktop and a package show of Dualsight: menu entry, AppStream data, icons and man pages are valid, agree with
each other and with what the programs say of themselves. No network, no display.

    package_test.py ROOT DUALSIGHT [DUALSIGHT-GUI]

Exits with 77 if nothing failed but a tool that some checks need is missing."""
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(sys.argv[1])
PROGRAM = sys.argv[2]
GUI = sys.argv[3] if len(sys.argv) > 3 else None

APP_ID = "org.dualsight.Dualsight"
DESKTOP = ROOT / "assets/dualsight.desktop"
METAINFO = ROOT / f"assets/{APP_ID}.metainfo.xml"
MAN = {name: ROOT / f"assets/man/{name}.1" for name in ("dualsight", "dualsight-gui")}
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)
COMMANDS = ("detect", "render", "cameras", "models", "train", "eval", "pack", "convert", "export",
            "quantize", "bench", "version")

problems = []
skipped = []


def expect(holds, what):
    if not holds:
        problems.append(what)


def run(*command):
    """Exit code and everything said, without the user's settings, display or language."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL,
                          timeout=120)
    return done.returncode, done.stdout + done.stderr


def has(tool, package, what):
    if shutil.which(tool):
        return True
    skipped.append(f"{what}: no {tool} (apt install {package})")
    return False


# ---- desktop file ---------------------------------------------------------------------------------------------------

def desktop_groups():
    groups = {}
    for line in DESKTOP.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            group = groups.setdefault(line.strip("[]"), {})
        elif line:
            key, value = line.split("=", 1)
            group[key] = value
    return groups


def check_desktop():
    if has("desktop-file-validate", "desktop-file-utils", "desktop file"):
        code, said = run("desktop-file-validate", "--warn-kde", str(DESKTOP))
        expect(code == 0 and not said, f"desktop-file-validate: {said}")
    groups = desktop_groups()
    entry = groups["Desktop Entry"]
    expect(entry["Icon"] == APP_ID, "the desktop file's icon is not the application's id")
    for key in ("Name", "GenericName", "Comment", "Keywords"):
        expect(entry.get(key) and entry.get(key + "[zh_CN]"), f"desktop file: {key} is not there in both languages")
    for action in entry["Actions"].rstrip(";").split(";"):
        group = groups.get(f"Desktop Action {action}", {})
        expect(group.get("Name") and group.get("Name[zh_CN]"),
               f"desktop file: action {action} has no name in both languages")
    # The program takes one source, as a path: %F and %U would give it many, %u an address (file://...).
    expect(entry["Exec"] == "dualsight-gui %f", "desktop file: Exec")
    known = options_of_man(MAN["dualsight-gui"].read_text())
    for name, group in groups.items():
        for option in re.findall(r"--[a-z-]+", group["Exec"]):
            expect(option in known, f"desktop file: {name} uses {option}, which dualsight-gui(1) does not know")


# ---- AppStream ------------------------------------------------------------------------------------------------------

def check_metainfo():
    if has("appstreamcli", "appstream", "metainfo"):
        code, said = run("appstreamcli", "validate", "--no-net", str(METAINFO))
        expect(code == 0, f"appstreamcli: {said}")
    component = ElementTree.parse(METAINFO).getroot()
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    expect(component.findtext("id") == APP_ID, "metainfo: id")
    expect(component.findtext("launchable") == APP_ID + ".desktop", "metainfo: launchable")
    expect({binary.text for binary in component.findall("provides/binary")} == {"dualsight", "dualsight-gui"},
           "metainfo: binaries")
    for path in ("description", "description/ul", "releases/release/description"):
        texts = list(component.find(path))
        translated = [text for text in texts if text.get(language) == "zh_CN"]
        plain = [text for text in texts if text.get(language) is None and text.tag != "ul"]
        expect(plain and len(plain) == len(translated), f"metainfo: {path} is not there in both languages")
    version = re.search(r"project\(dualsight VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    newest = component.find("releases/release").get("version")
    expect(newest == version, f"metainfo: the newest release is {newest}, the project's version {version}")
    for name, page in MAN.items():
        expect(f'"Dualsight {version}"' in page.read_text(), f"{name}(1) is not of version {version}")
    entry = desktop_groups()["Desktop Entry"]
    expect([category.text for category in component.findall("categories/category")] ==
           entry["Categories"].rstrip(";").split(";"), "metainfo and desktop file name different categories")


def check_icons():
    for size in ICON_SIZES:
        head = (ROOT / f"assets/icons/dualsight-{size}.png").read_bytes()[:24]
        expect(head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", head[16:]) == (size, size),
               f"icon of {size} pixels")
    svg = ElementTree.parse(ROOT / "assets/icons/dualsight.svg").getroot()
    expect(svg.get("viewBox") == "0 0 128 128", "the SVG icon is not square")


# ---- man pages ------------------------------------------------------------------------------------------------------

def check_roff():
    for name, page in MAN.items():
        if has("groff", "groff", f"{name}(1) with groff"):
            code, said = run("groff", "-man", "-ww", "-z", "-Tutf8", str(page))
            expect(code == 0 and not said, f"groff: {name}(1): {said}")
        if has("man", "man-db", f"{name}(1) with man"):
            code, said = run("man", "--warnings", "--encoding=UTF-8", "--local-file", "-Tutf8", "-Z", str(page))
            warnings = [line for line in said.splitlines() if "warning: " in line]
            expect(code == 0 and not warnings, f"man: {name}(1): {code} {warnings}")


def options_of_man(text):
    """--option: what stands below it, of a piece of a man page's source."""
    text = text.replace("\\-", "-")
    options = {}
    for paragraph in text.split("\n.TP\n")[1:]:
        head, _, body = paragraph.partition("\n")
        for option in re.findall(r"--[a-z0-9][a-z0-9-]*", head):
            options[option] = re.split(r"\n\.(?:PP|SS|SH)", "\n" + body)[0]
    return options


def options_of_help(text):
    """--option: its lines, of what --help prints."""
    text = text.split("Options:", 1)[1].split("\nExit codes:")[0]
    options = {}
    for paragraph in re.split(r"\n(?=  -)", text)[1:]:
        name = re.match(r"  (?:-\S,)?(--[a-z0-9][a-z0-9-]*)", paragraph)
        if name:
            options[name[1]] = paragraph
    return options


def exit_codes_of_man(text):
    section = re.search(r"\n\.SH EXIT STATUS\n(.*?)\n\.SH", text, re.DOTALL)[1]
    return dict(re.findall(r"\.TP\n\.B (\d+)\n(.+)", section))


def compare(where, helped, manned):
    helped.pop("--help", None)
    manned.pop("--help", None)
    new, gone = sorted(helped.keys() - manned.keys()), sorted(manned.keys() - helped.keys())
    expect(not new, f"{where}: not in the man page: {new}")
    expect(not gone, f"{where}: in the man page, but gone: {gone}")
    for option in helped.keys() & manned.keys():
        # "--iou FLOAT:FLOAT in [0 - 1]=0.6" or "(default: 0.6)"
        default = re.search(r"\(default: ([^)]*)\)|^ +(?:-\w,)?--\S+ [^\n]*?=([\w.]+)(?: |$)", helped[option],
                            re.MULTILINE)
        if default:
            said = re.sub(r"\s+", " ", default[1] or default[2])
            expect(f"(default: {said})" in re.sub(r"\s+", " ", manned[option]),
                   f"{where} {option}: the man page does not say (default: {said})")


def check_options():
    page = MAN["dualsight"].read_text()
    code, said = run(PROGRAM, "--help")
    expect(code == 0, f"dualsight --help: {code}")
    listed = re.findall(r"^  ([a-z]+) ", said.split("Subcommands:")[1].split("Exit codes:")[0], re.MULTILINE)
    sections = dict(re.findall(r"\n\.SS (\w+)\n(.*?)(?=\n\.S[SH] )", page, re.DOTALL))
    expect(sorted(listed) == sorted(COMMANDS), f"dualsight --help lists {listed}")
    expect(sorted(sections) == sorted(listed), f"dualsight(1) describes {sorted(sections)}, not {sorted(listed)}")
    for name in listed:
        code, said_of_one = run(PROGRAM, name, "--help")
        expect(code == 0, f"dualsight {name} --help: {code}")
        compare(f"dualsight {name}", options_of_help(said_of_one), options_of_man(sections.get(name, "")))

    codes = dict(re.findall(r"^  (\d+) +(.+)$", said.split("Exit codes:")[1], re.MULTILINE))
    expect(len(codes) == 8 and exit_codes_of_man(page) == codes, "dualsight(1): exit codes differ from --help's")
    readme = dict(re.findall(r"^\| (\d+) \| (.+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE))
    expect(readme == codes, "README.md: exit codes differ from --help's")
    gui_codes = exit_codes_of_man(MAN["dualsight-gui"].read_text())
    expect(gui_codes.items() <= codes.items(), "dualsight-gui(1): exit codes differ from dualsight's")


def check_gui_options():
    if GUI is None:
        skipped.append("dualsight-gui's options: it was not built")
        return
    code, said = run(GUI, "--help")
    expect(code == 0, f"dualsight-gui --help: {code} {said}")
    helped = options_of_help(said)
    manned = options_of_man(MAN["dualsight-gui"].read_text())
    compare("dualsight-gui", helped, manned)
    expect({"--model", "--safe-mode", "--reset-settings", "--language", "--version"} <= manned.keys(),
           f"dualsight-gui(1) has only {sorted(manned)}")


for check in (check_desktop, check_metainfo, check_icons, check_roff, check_options, check_gui_options):
    check()
for problem in problems:
    print("FAILED: " + problem)
for reason in skipped:
    print("skipped: " + reason)
if not problems and not skipped:
    print("menu entry, metainfo, icons and man pages are in order")
sys.exit(1 if problems else 77 if skipped else 0)
