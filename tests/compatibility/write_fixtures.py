"""Writes, with an older program, what compatibility_test.py opens with today's:

  write_fixtures.py PROGRAM MODEL     PROGRAM: an older `dualsight`; MODEL: what its make_test_model wrote

Here it was that of the commit 3129dd6, before the sources moved into rooms. Not part of any build: what older programs
wrote is to stay as it is."""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

import compatibility_test as test
import fixtures

HERE = pathlib.Path(__file__).parent


def keep_header(path, name):
    (HERE / name).write_bytes(gzip.compress(fixtures.read_header(path), 9, mtime=0))


def main():
    program, model = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    expected = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def run(*arguments):
            return subprocess.run([program, *arguments], cwd=folder, env=test.ENVIRONMENT, check=True, text=True,
                                  stdout=subprocess.PIPE).stdout

        fixtures.write_data_set(folder / "data")
        run("convert", model, "int8.safetensors", "--storage", "int8")
        keep_header(folder / "int8.safetensors", "model-header.gz")
        fixtures.write_weights(HERE / "model-header.gz", folder / "model.safetensors")
        expected["detect"] = test.frames(run(*test.DETECT))

        # Five pictures as a video, and a recording of it with tracks, a zone and a line.
        pixels = b"".join(b"".join(fixtures.picture(number)[1]) for number in range(5))
        subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", "64x64",
                        "-framerate", "10", "-i", "-", "-c:v", "ffv1", folder / "pictures.mkv"], input=pixels, check=True)
        run("detect", "pictures.mkv", "--model", "model.safetensors", "--conf", "0.5", "--candidates",
            "--record", "clip.mkv", "--record-what", "raw", "--zone", "left=0,0 0.5,0 0.5,1 0,1;disc",
            "--line", "middle=0.5,0 0.5,1", "--quiet", *test.EXACT)
        for file in ("clip.mkv", "clip.ndjson"):
            (HERE / file).write_bytes((folder / file).read_bytes())
        for file in ("config.toml", "config.json"):
            (folder / file).write_bytes((HERE / file).read_bytes())
            run("detect", "--config", file)
            expected[file] = test.frames((folder / "out.ndjson").read_text())

        run(*test.TRAIN, "--output", "run", "--max-steps", "3")
        keep_header(folder / "run/checkpoint.safetensors", "checkpoint-header.gz")
        (HERE / "log.csv").write_bytes((folder / "run/log.csv").read_bytes())
        fixtures.write_weights(HERE / "checkpoint-header.gz", folder / "run/checkpoint.safetensors")
        run(*test.TRAIN, "--output", "run", "--max-steps", "5", "--resume")
        expected["log"] = (folder / "run/log.csv").read_text().splitlines()[4:]
    (HERE / "expected.json").write_text("{\n" + ",\n".join(
        f'"{key}": [\n' + ",\n".join(map(json.dumps, value)) + "]" for key, value in expected.items()) + "}\n")


if __name__ == "__main__":
    main()
