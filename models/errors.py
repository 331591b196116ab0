#!/usr/bin/env python3
"""What a detector gets right and wrong, in the kinds of Bolya et al., "TIDE", ECCV 2020, as in the model card.

  dualsight eval --model MODEL --data DATA/val --results RESULTS.json      (all classes of a cell)
  dualsight detect DATA/val/images --model MODEL --no-track --json RESULTS.ndjson      (what is reported)
  errors.py DATA/val/annotations.json RESULTS [LEAST CONFIDENCE]

A detection of a class that a picture does not label (not_exhaustive_category_ids) is wrong only where a labelled object is.
"""
import collections
import json
import pathlib
import sys

FOUND, TOUCHED = 0.5, 0.1  # IoU
SMALL, MEDIUM = 32 ** 2, 96 ** 2  # COCO's, square pixels of the picture


def iou(a, b):
    """Intersection over union of two boxes [x, y, width, height]."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)


def read_detections(path, coco):
    """Per picture id: [(confidence, category id, box)], the best first."""
    found = collections.defaultdict(list)
    if path.suffix == ".ndjson":
        picture_of = {image["file_name"]: image["id"] for image in coco["images"]}
        category_of = {category["name"]: category["id"] for category in coco["categories"]}
        for line in path.read_text().splitlines():
            record = json.loads(line)
            if record["type"] != "frame":
                continue
            for d in record["detections"]:
                box = d["box"]
                found[picture_of[pathlib.Path(record["file"]).name]].append(
                    (d["confidence"], category_of[d["name"]],
                     [box["x1"], box["y1"], box["x2"] - box["x1"], box["y2"] - box["y1"]]))
    else:
        for d in json.loads(path.read_text()):
            found[d["image_id"]].append((d["score"], d["category_id"], d["bbox"]))
    for detections in found.values():
        detections.sort(key=lambda d: -d[0])
    return found


def size_of(label):
    return "small" if label["area"] < SMALL else "medium" if label["area"] < MEDIUM else "large"


def main():
    coco = json.loads(pathlib.Path(sys.argv[1]).read_text())
    least = float(sys.argv[3]) if len(sys.argv) > 3 else 0
    found = read_detections(pathlib.Path(sys.argv[2]), coco)
    name = {category["id"]: category["name"] for category in coco["categories"]}
    labels_of = collections.defaultdict(list)
    for label in coco["annotations"]:
        if not label.get("iscrowd"):
            labels_of[label["image_id"]].append(label)

    kinds, confused, missed, labelled, sources = (collections.Counter() for _ in range(5))
    for image in coco["images"]:
        labels = labels_of[image["id"]]
        unlabelled = set(image.get("not_exhaustive_category_ids", []))
        taken = set()
        for confidence, category, box in found[image["id"]]:
            if confidence < least:
                break
            overlaps = [(iou(box, label["bbox"]), i) for i, label in enumerate(labels)]
            own = [o for o in overlaps if labels[o[1]]["category_id"] == category]
            free = max((o for o in own if o[1] not in taken), default=(0, -1))
            best, best_own = max(overlaps, default=(0, -1)), max(own, default=(0, -1))
            if free[0] >= FOUND:
                taken.add(free[1])
                kind = "right"
            elif best_own[0] >= FOUND:
                kind = "second box of one object"
            elif best[0] >= FOUND:
                kind = "right place, wrong class"
                confused[f"{name[labels[best[1]]['category_id']]} as {name[category]}"] += 1
            elif best_own[0] >= TOUCHED:
                kind = "right class, overlaps less than half"
            elif category in unlabelled:
                continue  # may be there
            elif best[0] >= TOUCHED:
                kind = "wrong class, overlaps less than half"
            else:
                kind = "nothing there"
            kinds[kind] += 1
        source = image["file_name"].split("_")[0]
        for i, label in enumerate(labels):
            labelled[size_of(label)] += 1
            missed[size_of(label)] += i not in taken
            sources[source, "labels"] += 1
            sources[source, "found"] += i in taken

    for kind, count in kinds.most_common():
        print(f"{count:5}  {kind}")
    print(f"{sum(missed.values()):5}  missed labels of {sum(labelled.values())}:",
          ", ".join(f"{size} {missed[size]} of {labelled[size]}" for size in ("small", "medium", "large")))
    print("taken for another:", ", ".join(f"{pair} {count}" for pair, count in confused.most_common(10)))
    print("found by source:", ", ".join(f"{s} {sources[s, 'found']} of {sources[s, 'labels']}"
                                         for s in sorted({source for source, _ in sources})))


if __name__ == "__main__":
    main()
