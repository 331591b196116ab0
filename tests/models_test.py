#!/usr/bin/env python3
"""The scripts beside the model cards, on numbers counted by hand.

  models_test.py REPOSITORY
"""
import array
import importlib.util
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
MODELS = pathlib.Path(sys.argv.pop(1)) / "models"


def script(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), MODELS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class CropBackgrounds(unittest.TestCase):
    def setUp(self):
        self.largest_free = script("crop-backgrounds").largest_free

    def test_what_no_box_touches(self):
        self.assertEqual(self.largest_free(200, 200, [(0, 0, 200, 40)]), (0, 40, 200, 200))
        # Right of the first box 160 x 200, below the second 300 x 100.
        self.assertEqual(self.largest_free(300, 200, [(100, 50, 140, 100), (0, 20, 60, 100)]), (140, 0, 300, 200))

    def test_a_box_beyond_the_picture_counts_within(self):
        self.assertEqual(self.largest_free(200, 200, [(-5, -5, 205, 30)]), (0, 30, 200, 200))

    def test_too_small_is_none(self):
        self.assertIsNone(self.largest_free(200, 200, [(80, 80, 120, 120)]))  # 80 x 200 on each side; 90 are asked for


class TinyImagenet(unittest.TestCase):
    def boxes(self, name, *detections):
        return script("tiny-imagenet").boxes_of(
            [{"name": called, "confidence": score, "box": dict(zip(("x1", "y1", "x2", "y2"), box))}
             for called, score, box in detections], name)

    def test_the_right_name_comes_first_and_another_of_its_kind_counts(self):
        left, right = [0, 0, 30, 60], [34, 0, 64, 60]
        self.assertEqual(self.boxes("dog", ("cat", 0.5, left), ("dog", 0.4, right)), [right, left])
        self.assertEqual(self.boxes("dog", ("car", 0.9, left)), [])

    def test_one_box_an_object(self):
        whole, part = [2, 2, 62, 62], [10, 10, 40, 40]
        self.assertEqual(self.boxes("cat", ("cat", 0.6, whole), ("dog", 0.5, whole), ("cat", 0.4, part)), [whole])

    def test_weak_and_tiny_ones_are_left(self):
        self.assertEqual(self.boxes("bird", ("bird", 0.2, [0, 0, 60, 60]), ("bird", 0.9, [0, 0, 15, 15])), [])


class AverageWeights(unittest.TestCase):
    def test_shares(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder) / name for name in ("a", "b", "out")]
            for path, weights, ranges in ((paths[0], [1, 2], [7]), (paths[1], [3, 6], [9])):
                header = json.dumps({
                    "w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                    "int8_range.w": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]}}).encode()
                path.write_bytes(struct.pack("<Q", len(header)) + header + array.array("f", weights + ranges).tobytes())
            for share, mean in ((None, [2, 4]), ("0.25", [1.5, 3])):
                subprocess.run([sys.executable, MODELS / "average-weights.py", *paths, *([share] if share else [])],
                               check=True)
                self.assertEqual(list(array.array("f", paths[2].read_bytes()[-12:])), [*mean, 7])


class Errors(unittest.TestCase):
    def test_each_kind_once(self):
        truth = {"categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "cat"}, {"id": 3, "name": "car"}],
                 "images": [{"id": 5, "file_name": "voc_1.jpg", "not_exhaustive_category_ids": [3]}],
                 "annotations": [
                     {"image_id": 5, "category_id": 1, "bbox": [0, 0, 100, 100], "area": 10000},
                     {"image_id": 5, "category_id": 2, "bbox": [200, 0, 20, 20], "area": 400}]}
        results = [{"image_id": 5, "category_id": category, "score": score, "bbox": box} for category, score, box in (
            (1, 0.9, [0, 0, 100, 90]),     # right: IoU 0.9
            (1, 0.8, [0, 0, 100, 80]),     # the same dog again
            (2, 0.7, [0, 0, 100, 100]),    # called a cat
            (1, 0.6, [0, 0, 100, 30]),     # IoU 0.3
            (2, 0.5, [0, 0, 50, 50]),      # a cat where a quarter of a dog is
            (2, 0.4, [0, 300, 50, 50]),    # nothing
            (3, 0.4, [0, 300, 50, 50]),    # may be there
            (2, 0.1, [200, 0, 20, 20]))]   # below the least confidence
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder) / name for name in ("truth.json", "results.json")]
            for path, content in zip(paths, (truth, results)):
                path.write_text(json.dumps(content))
            said = subprocess.run([sys.executable, MODELS / "errors.py", *paths, "0.3"], check=True, text=True,
                                  capture_output=True).stdout
        for kind in ("right", "second box of one object", "right place, wrong class", "right class, overlaps less than half",
                     "wrong class, overlaps less than half", "nothing there"):
            self.assertIn(f"    1  {kind}\n", said)
        self.assertIn("    1  missed labels of 2: small 1 of 1, medium 0 of 0, large 0 of 1\n", said)
        self.assertIn("taken for another: dog as cat 1\n", said)
        self.assertIn("found by source: voc 1 of 2\n", said)


if __name__ == "__main__":
    unittest.main()
