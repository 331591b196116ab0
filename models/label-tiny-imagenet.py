#!/usr/bin/env python3
"""Boxes for tiny-imagenet's pictures: a class is known of each, a detector says where.

  dualsight detect PICTURES --conf 0.08 --iou 0.5 --iou-across-classes 1 --no-track --size 160 --json RESULTS.ndjson
  label-tiny-imagenet.py RESULTS.ndjson DATA/train/annotations.json OUTPUT

PICTURES is a folder with the JPEGs of the WordNet ids below (n02123045_0.jpg ...). OUTPUT becomes a COCO folder of
128-pixel pictures, each of four of them, with the class of the folder and the boxes of the detector. The class that the
detector gives them does not count, as long as it is an animal for an animal and a vehicle for a vehicle. Needs ImageMagick.
"""
import json
import pathlib
import random
import subprocess
import sys

CLASS_OF = {wnid: name for name, wnids in {
    "dog": "n02085620 n02094433 n02099601 n02099712 n02106662 n02113799",
    "cat": "n02123045 n02123394 n02124075",
    "bird": "n01855672 n02002724 n02056570 n02058221",
    "sheep": "n02415577",
    "cow": "n02403003",
    "car": "n02814533 n03100240 n03670208 n04285008",
    "bus": "n04146614 n04487081",
    "truck": "n03796401",
}.items() for wnid in wnids.split()}
ANIMALS = {"bird", "cat", "dog", "horse", "sheep", "cow"}
VEHICLES = {"car", "bus", "truck"}
SIDE = 64                 # pixels of a picture
LEAST_SCORE = 0.22
LEAST_AREA = 250          # square pixels
FIRST_ID = 1_000_001      # apart from those of home-and-street


def overlap(a, b):
    """Intersection of two boxes [x1, y1, x2, y2]: its width and height."""
    return max(0, min(a[2], b[2]) - max(a[0], b[0])), max(0, min(a[3], b[3]) - max(a[1], b[1]))


def same(a, b):
    """Whether box a is box b again, or a part of it."""
    width, height = overlap(a, b)
    area_a, area_b = ((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    iou = width * height / (area_a + area_b - width * height)
    return iou > 0.4 or (width > 0.8 * (a[2] - a[0]) and height > 0.8 * (a[3] - a[1]))


def boxes_of(detections, name):
    """At most two boxes, those called by the right name first."""
    kin = ANIMALS if name in ANIMALS else VEHICLES
    candidates = [d for d in detections if d["name"] in kin and d["confidence"] >= LEAST_SCORE]
    candidates.sort(key=lambda d: d["confidence"] + (0.3 if d["name"] == name else 0), reverse=True)
    boxes = []
    for d in candidates:
        box = [min(SIDE, max(0, d["box"][k])) for k in ("x1", "y1", "x2", "y2")]
        if (box[2] - box[0]) * (box[3] - box[1]) < LEAST_AREA or any(same(box, other) for other in boxes):
            continue
        boxes.append(box)
        if len(boxes) == 2:
            break
    return boxes


def main():
    results, annotations, output = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    categories = json.loads(pathlib.Path(annotations).read_text())["categories"]
    id_of = {c["name"]: c["id"] for c in categories}
    found = {"animals": [], "vehicles": []}
    with open(results) as lines:
        for record in map(json.loads, lines):
            name = CLASS_OF.get(pathlib.Path(record["file"]).name.split("_")[0]) if record["type"] == "frame" else None
            boxes = boxes_of(record["detections"], name) if name else []
            if boxes:
                found["animals" if name in ANIMALS else "vehicles"].append((record["file"], name, boxes))

    (output / "images").mkdir(parents=True, exist_ok=True)
    images, labels = [], []
    chance = random.Random(7)
    for kind, pictures in found.items():
        chance.shuffle(pictures)
        # What may stand in the background without a label.
        unlabelled = [id_of["person"]] + ([id_of["car"]] if kind == "vehicles" else [])
        for first in range(0, len(pictures) - 3, 4):
            four = pictures[first:first + 4]
            image = {"id": FIRST_ID + len(images), "file_name": f"tiny_{kind}_{len(images):04}.jpg", "width": 2 * SIDE,
                     "height": 2 * SIDE, "not_exhaustive_category_ids": unlabelled}
            images.append(image)
            subprocess.run(["montage", *(file for file, _, _ in four), "-tile", "2x2", "-geometry", f"{SIDE}x{SIDE}!+0+0",
                            "-quality", "93", str(output / "images" / image["file_name"])], check=True)
            for tile, (_, name, boxes) in enumerate(four):
                for x1, y1, x2, y2 in boxes:
                    labels.append({"id": FIRST_ID + len(labels), "image_id": image["id"], "category_id": id_of[name],
                                   "bbox": [SIDE * (tile % 2) + x1, SIDE * (tile // 2) + y1, x2 - x1, y2 - y1],
                                   "area": (x2 - x1) * (y2 - y1), "iscrowd": 0})
    (output / "annotations.json").write_text(
        json.dumps({"images": images, "annotations": labels, "categories": categories}))
    print(f"{len(images)} pictures, {len(labels)} boxes")


if __name__ == "__main__":
    main()
