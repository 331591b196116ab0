"""Today's program opens what older ones wrote (tests/compatibility/, by write_fixtures.py): a model, records with their
recording, configurations, a checkpoint and its log; and finds in them what the older program did.

  compatibility_test.py PROGRAM"""
import csv
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import fixtures  # noqa: E402

HERE = pathlib.Path(__file__).parent
ENVIRONMENT = {**os.environ, "OMP_WAIT_POLICY": "passive"}
EXACT = ["--precision", "f32"]
DETECT = ["detect", "data/images", "--model", "model.safetensors", "--conf", "0.5", "--no-track", "--quiet", "--json", "-",
          *EXACT]
TRAIN = ["train", "--data", "data", "--val", "data", "--model", "resnet18", "--size", "64", "--epochs", "4", "--batch", "2",
         "--warmup-steps", "2", "--plain-epochs", "1", "--eval-every", "1", "--save-every", "3", "--threads", "1",
         "--workers", "1", "--no-bf16"]


def frames(records):
    """Of each frame record its detections: (name, confidence, corners), the surest first."""
    lines = [json.loads(line) for line in records.splitlines()]
    return [[[found["name"], round(found["confidence"], 4), *(round(edge, 2) for edge in found["box"].values())] for found in line["detections"]]
            for line in lines if line["type"] == "frame"]


class Compatibility(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.expected = json.loads((HERE / "expected.json").read_text())
        fixtures.write_data_set(self.folder / "data")

    def run_program(self, *arguments):
        done = subprocess.run([PROGRAM, *arguments], cwd=self.folder, env=ENVIRONMENT, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def open_model(self):
        fixtures.write_weights(HERE / "model-header.gz", self.folder / "model.safetensors")

    def take(self, *names):
        for name in names:
            (self.folder / name).write_bytes((HERE / name).read_bytes())

    def expect_frames(self, found, expected):
        """The same detections but for what another CPU's float32 may change."""
        self.assertEqual([len(frame) for frame in found], [len(frame) for frame in expected])
        for frame, frame_expected in zip(found, expected):
            for (name, confidence, *box), (name_expected, confidence_expected, *box_expected) in zip(frame, frame_expected):
                self.assertEqual(name, name_expected)
                self.assertAlmostEqual(confidence, confidence_expected, delta=0.005)
                self.assertLess(math.dist(box, box_expected), 0.5)

    def test_a_model(self):
        self.open_model()
        self.expect_frames(frames(self.run_program(*DETECT)), self.expected["detect"])

    def test_configurations(self):
        self.open_model()
        self.take("clip.mkv", "config.toml", "config.json")
        for config in ("config.toml", "config.json"):
            with self.subTest(config):
                self.run_program("detect", "--config", config)
                self.expect_frames(frames((self.folder / "out.ndjson").read_text()), self.expected[config])

    def test_records_and_their_recording_are_drawn_again(self):
        self.take("clip.mkv", "clip.ndjson")
        self.run_program("render", "clip.mkv", "clip.ndjson", "-o", "drawn.mkv", "--conf", "0.2")
        frames_drawn = subprocess.check_output(
            ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames",
             "-of", "csv=p=0", self.folder / "drawn.mkv"], text=True)
        self.assertEqual(frames_drawn.strip(), "5")

    def test_a_checkpoint_goes_on(self):
        run = self.folder / "run"
        run.mkdir()
        (run / "log.csv").write_bytes((HERE / "log.csv").read_bytes())
        fixtures.write_weights(HERE / "checkpoint-header.gz", run / "checkpoint.safetensors")
        self.run_program(*TRAIN, "--output", "run", "--max-steps", "5", "--resume")
        lines = (run / "log.csv").read_text().splitlines()
        before = (HERE / "log.csv").read_text().splitlines()
        self.assertEqual(lines[:4], before)  # its first line names the columns
        self.assertEqual(len(lines), 4 + len(self.expected["log"]))
        columns = before[0].split(",")
        for found, expected in zip(csv.DictReader(lines[4:], columns), csv.DictReader(self.expected["log"], columns)):
            for column in ("step", "epoch", "teacher", "positives"):
                self.assertEqual(found[column], expected[column], column)
            for column in ("loss", "box", "classes", "gradient", "lr"):
                self.assertTrue(math.isclose(float(found[column]), float(expected[column]), rel_tol=0.01), column)


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
