#!/usr/bin/env python3
"""tiny-imagenet's pictures as data for detection, four of them in one: 64-pixel pictures of known class, without boxes.

  dualsight detect PICTURES --conf 0.08 --iou 0.5 --iou-across-classes 1 --no-track --size 160 --json RESULTS.ndjson
  tiny-imagenet.py objects RESULTS.ndjson DATA/train/annotations.json OUTPUT
  tiny-imagenet.py nothing TRAIN DATA/train/annotations.json OUTPUT

objects: PICTURES is a folder with the JPEGs of the WordNet ids below (n02123045_0.jpg ...). OUTPUT becomes a COCO folder
with the class of the WordNet id and the boxes of the detector; the class that the detector gives them does not count, as
long as it is an animal for an animal and a vehicle for a vehicle.
nothing: TRAIN is a folder with a folder for each WordNet id. OUTPUT becomes a COCO folder without boxes, of what is none of
our classes. Other animals come more often than things: a bear is what a dog is confused with.
Needs ImageMagick.
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
# One could call a bison a cow, a tractor or a kart a vehicle, a rickshaw's wheels a bicycle.
DOUBTFUL = {"n02410509", "n04465501", "n03444034", "n03599486"}
# Cougar, lion, bear, hog, gazelle, camel, apes, elephant, panda, koala, dugong, guinea pig, alligator, frogs, salamander.
OTHER_ANIMALS = set("n02125311 n02129165 n02132136 n02395406 n02423022 n02437312 n02480495 n02481823 n02486410 n02504458 "
                    "n02509815 n01882714 n02074367 n02364673 n01698640 n01644900 n01641577 n01629819".split())
OF_AN_ANIMAL, OF_A_THING = 48, 10   # pictures of each WordNet id that is none of our classes


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


def objects(results):
    """(kind, what may stand in the background without a label, [(file, class, boxes)]) for animals and for vehicles."""
    found = {"animals": [], "vehicles": []}
    with open(results) as lines:
        for record in map(json.loads, lines):
            name = CLASS_OF.get(pathlib.Path(record["file"]).name.split("_")[0]) if record["type"] == "frame" else None
            boxes = boxes_of(record["detections"], name) if name else []
            if boxes:
                found["animals" if name in ANIMALS else "vehicles"].append((record["file"], name, boxes))
    yield "animals", {"person"}, found["animals"]
    yield "vehicles", {"person", "car"}, found["vehicles"]


def nothing(train):
    """As objects(), of other animals and of things, without boxes."""
    found = {"animals": [], "things": []}
    chance = random.Random(7)
    for folder in sorted(pathlib.Path(train).iterdir()):
        if folder.name in DOUBTFUL or folder.name in CLASS_OF:
            continue
        kind, count = ("animals", OF_AN_ANIMAL) if folder.name in OTHER_ANIMALS else ("things", OF_A_THING)
        files = sorted(folder.iterdir())
        found[kind] += [(str(file), None, []) for file in chance.sample(files, min(count, len(files)))]
    yield "animals", {"person"}, found["animals"]
    yield "things", {"person", "bicycle", "motorcycle"} | VEHICLES, found["things"]


def main():
    what, source, annotations, output = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
    kinds = {"objects": objects, "nothing": nothing}[what](source)
    categories = json.loads(pathlib.Path(annotations).read_text())["categories"]
    id_of = {c["name"]: c["id"] for c in categories}
    (output / "images").mkdir(parents=True, exist_ok=True)
    images, labels = [], []
    chance = random.Random(7)
    for kind, unlabelled, pictures in kinds:
        chance.shuffle(pictures)
        for first in range(0, len(pictures) - 3, 4):
            four = pictures[first:first + 4]
            image = {"id": len(images) + 1, "file_name": f"{what}_{kind}_{len(images):04}.jpg", "width": 2 * SIDE,
                     "height": 2 * SIDE, "not_exhaustive_category_ids": sorted(id_of[name] for name in unlabelled)}
            images.append(image)
            subprocess.run(["montage", *(file for file, _, _ in four), "-tile", "2x2", "-geometry", f"{SIDE}x{SIDE}!+0+0",
                            "-quality", "93", str(output / "images" / image["file_name"])], check=True)
            for tile, (_, name, boxes) in enumerate(four):
                for x1, y1, x2, y2 in boxes:
                    labels.append({"id": len(labels) + 1, "image_id": image["id"], "category_id": id_of[name],
                                   "bbox": [SIDE * (tile % 2) + x1, SIDE * (tile // 2) + y1, x2 - x1, y2 - y1],
                                   "area": (x2 - x1) * (y2 - y1), "iscrowd": 0})
    (output / "annotations.json").write_text(
        json.dumps({"images": images, "annotations": labels, "categories": categories}))
    print(f"{len(images)} pictures, {len(labels)} boxes")


if __name__ == "__main__":
    main()
