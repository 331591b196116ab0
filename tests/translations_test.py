"""No text of the window is left untranslated: collects the texts anew from ui/ and looks each up in ui/translations. The
English file has those with a number alone, for their singular. Exit code 77: Qt's lupdate is not here."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(sys.argv[1])
PLACE_HOLDER, MNEMONIC = r"%L?[\dn]", r"&\w"
LUPDATE = shutil.which("lupdate6") or next(iter(pathlib.Path("/usr/lib").glob("**/qt6/bin/lupdate")), None)


def messages(path):
    for context in ET.parse(path).getroot().findall("context"):
        for message in context.findall("message"):
            yield context.findtext("name"), message


def main():
    if LUPDATE is None:
        print("skipped: lupdate (package qt6-l10n-tools) is not installed")
        return 77
    wrong = []
    for kept in sorted((ROOT / "ui/translations").glob("*.ts")):
        plural_only = kept.stem.endswith("_en")
        with tempfile.TemporaryDirectory() as folder:
            fresh = pathlib.Path(folder) / kept.name
            shutil.copy(kept, fresh)
            subprocess.run([LUPDATE, "-silent", "-no-obsolete", *["-pluralonly"] * plural_only, "-locations", "none",
                            "-I", ".", "ui", "-ts", fresh], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
            count = 0
            for context, message in messages(fresh):
                count += 1
                source, translation = message.findtext("source"), message.find("translation")
                forms = [form.text for form in translation.findall("numerusform")] or [translation.text]
                told = f"{kept.name}: {context}: {source!r}"
                if translation.get("type") == "unfinished" or not all(forms):
                    wrong.append(f"{told} is not translated")
                    continue
                for form in forms:
                    if sorted(re.findall(PLACE_HOLDER, source)) != sorted(re.findall(PLACE_HOLDER, form)):
                        wrong.append(f"{told} loses or adds a place holder: {form!r}")
                    if len(re.findall(MNEMONIC, source)) != len(re.findall(MNEMONIC, form)):
                        wrong.append(f"{told} loses or adds a mnemonic: {form!r}")
            if count < (5 if plural_only else 100):
                wrong.append(f"{kept.name}: only {count} texts were found in ui/")
    print("\n".join(wrong) if wrong else "every text is translated")
    return 1 if wrong else 0


sys.exit(main())
