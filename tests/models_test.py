#!/usr/bin/env python3
"""The scripts beside the model cards, on numbers counted by hand.

  models_test.py REPOSITORY
"""
import array
import importlib.util
import io
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


class RestoreBatchNorm(unittest.TestCase):
    def setUp(self):
        import torch
        self.torch = torch
        self.script = script("restore-batch-norm")

    def test_statistics_by_hand(self):
        # One filter that copies the red channel's pixels, and adds 0.5. Pictures of 1 and of 3: mean 2, variance 1.
        weight = self.torch.zeros(1, 3, 7, 7)
        weight[0, 0, 3, 3] = 1
        network = {"conv1.weight": weight, "conv1.bias": self.torch.tensor([0.5])}
        pictures = [self.torch.full((1, 3, 32, 32), value) for value in (1.0, 3.0)]
        restored = self.script.restore(network, pictures)
        for name, value in (("running_mean", 2), ("running_var", 1), ("weight", 1.00001 ** 0.5), ("bias", 2.5)):
            self.assertAlmostEqual(restored[f"bn1.{name}"].item(), value, places=5, msg=name)
        self.assertEqual(sorted(restored), ["bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.weight",
                                            "conv1.weight"])
        self.assertAlmostEqual(self.script.stages(restored, pictures[1], self.script.restored(restored))[0].mean().item(),
                               3.5, places=5)

    def folded(self):
        """A ResNet of one block a layer and few channels, without the 3x3 convolutions of layer 4."""
        self.torch.manual_seed(1)
        network, channels = {}, [4, 4, 6, 8, 10]
        def add(name, out, into, side):
            network[f"{name}.weight"] = self.torch.randn(out, into, side, side) * (2 / (into * side * side)) ** 0.5
            network[f"{name}.bias"] = self.torch.randn(out)
        add("conv1", channels[0], 3, 7)
        for layer in range(1, 5):
            into, out = channels[layer - 1], channels[layer]
            add(f"layer{layer}.0.conv1", out, into, 3)
            add(f"layer{layer}.0.conv2", out, out, 3)
            if layer > 1:
                add(f"layer{layer}.0.downsample.0", out, into, 1)
        for name in ("layer4.0.conv1.weight", "layer4.0.conv2.weight"):
            del network[name]
        add("fc", 5, channels[-1], 1)
        return network

    def run_main(self, folder):
        source, pictures, output = (pathlib.Path(folder) / name for name in ("folded", "pictures", "restored"))
        self.script.write(source, self.folded())
        pictures.mkdir()
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=96x64:rate=1", "-frames:v", "3",
                        str(pictures / "%d.jpg")], check=True)
        said, sys.stdout, sys.argv = sys.stdout, io.StringIO(), ["", source, pictures, output, "64", "3"]
        try:
            self.script.main()
            return output, sys.stdout.getvalue()
        finally:
            sys.stdout = said

    def test_outputs_stay_and_what_is_missing_is_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            output, said = self.run_main(folder)
            restored = self.script.read(output)
        self.assertIn("left out: fc, layer4.0.conv1, layer4.0.conv2\n", said)
        self.assertLess(float(said.split(": ")[1].split(";")[0]), 1e-4)
        # 10 convolutions are left (the stem's, two in each of three layers, three shortcuts), each with four tensors of
        # BatchNorm.
        self.assertEqual(len(restored), 10 * 5)
        self.assertIn("layer4.0.downsample.1.running_var", restored)
        self.assertFalse([name for name in restored if name.startswith(("fc", "layer4.0.conv", "layer4.0.bn"))])
        # With other pictures, too: BatchNorm must be the bias and nothing else.
        pictures = [self.torch.randn(2, 3, 64, 64)]
        self.assertLess(self.script.difference(self.folded(), restored, pictures), 1e-4)

    def test_a_difference_is_an_error_and_nothing_is_written(self):
        self.script.TOLERANCE = -1
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(SystemExit):
                self.run_main(folder)
            self.assertFalse((pathlib.Path(folder) / "restored").exists())


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
