#!/usr/bin/env python3
"""Pictures of nothing, cut from pictures with objects: the largest rectangle that no box touches.

  crop-backgrounds.py DATA/train OUTPUT

DATA/train is a COCO folder; only pictures with objects are used, where at most one class may go unlabelled. OUTPUT becomes a COCO folder
of pictures without boxes. A detector that rarely sees a place without any object learns that there always is one. Needs
ImageMagick.
"""
import collections
import itertools
import json
import pathlib
import subprocess
import sys

MARGIN = 3             # pixels kept from a box: labels are not exact
SHORT, LONG = 90, 150  # least sides of a crop, pixels
MOST_UNLABELLED = 1
MOST_BOXES = 20        # every pair of their sides is tried


def largest_free(width, height, boxes):
    """Largest rectangle (x1, y1, x2, y2) in width x height that touches none of the boxes; its sides lie on theirs."""
    xs = sorted({0, width, *(min(width, max(0, x)) for box in boxes for x in (box[0], box[2]))})
    ys = sorted({0, height, *(min(height, max(0, y)) for box in boxes for y in (box[1], box[3]))})
    best, most = None, 0
    for x1, x2 in itertools.combinations(xs, 2):
        inside = [box for box in boxes if box[0] < x2 and box[2] > x1]
        for y1, y2 in itertools.combinations(ys, 2):
            sides = sorted((x2 - x1, y2 - y1))
            area = sides[0] * sides[1]
            if area > most and sides[0] >= SHORT and sides[1] >= LONG and not any(
                    box[1] < y2 and box[3] > y1 for box in inside):
                best, most = (x1, y1, x2, y2), area
    return best


def main():
    data, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    truth = json.loads((data / "annotations.json").read_text())
    boxes_of = collections.defaultdict(list)
    for label in truth["annotations"]:
        x, y, width, height = label["bbox"]
        boxes_of[label["image_id"]].append((int(x) - MARGIN, int(y) - MARGIN, int(x + width) + 1 + MARGIN,
                                            int(y + height) + 1 + MARGIN))
    (output / "images").mkdir(parents=True, exist_ok=True)
    images = []
    for image in truth["images"]:
        unlabelled = image.get("not_exhaustive_category_ids", [])
        boxes = boxes_of[image["id"]]
        if len(unlabelled) > MOST_UNLABELLED or not 1 <= len(boxes) <= MOST_BOXES:
            continue
        crop = largest_free(image["width"], image["height"], boxes)
        if crop is None:
            continue
        x1, y1, x2, y2 = crop
        name = f"background_{len(images):05}.jpg"
        subprocess.run(["convert", str(data / "images" / image["file_name"]), "-crop", f"{x2 - x1}x{y2 - y1}+{x1}+{y1}",
                        "+repage", "-quality", "90", str(output / "images" / name)], check=True)
        images.append({"id": len(images) + 1, "file_name": name, "width": x2 - x1, "height": y2 - y1,
                       "not_exhaustive_category_ids": unlabelled})
    (output / "annotations.json").write_text(
        json.dumps({"images": images, "annotations": [], "categories": truth["categories"]}))
    print(f"{len(images)} pictures")


if __name__ == "__main__":
    main()
