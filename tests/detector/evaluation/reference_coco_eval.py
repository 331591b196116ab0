"""COCO's box AP straight from its definition, slow and in the open: what evaluate_test.cpp compares evaluate() with.

Usage: reference_coco_eval.py FILE. FILE holds data sets, one item a line:
  dataset CLASSES | picture | label CLASS CROWD AREA X1 Y1 X2 Y2 | found CLASS SCORE X1 Y1 X2 Y2 | not_exhaustive CLASS
Prints, for each data set, the mean's "ap ap50 ap75 small medium large" and then a line a class with
"best_f1 best_f1_threshold" added.
"""

import sys

import numpy as np

IOUS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)
RANGES = {"all": (0, 1e10), "small": (0, 1024), "medium": (1024, 9216), "large": (9216, 1e10)}


def read(path):
    datasets = []
    for line in open(path):
        kind, *numbers = line.split()
        numbers = [float(n) for n in numbers]
        if kind == "dataset":
            datasets.append({"classes": int(numbers[0]), "pictures": []})
        elif kind == "picture":
            datasets[-1]["pictures"].append({"label": [], "found": [], "not_exhaustive": []})
        else:
            datasets[-1]["pictures"][-1][kind].append(numbers)
    return datasets


def box_area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def iou(found, label, crowd):
    width = min(found[2], label[2]) - max(found[0], label[0])
    height = min(found[3], label[3]) - max(found[1], label[1])
    inter = max(width, 0) * max(height, 0)
    return inter / (box_area(found) if crowd else box_area(found) + box_area(label) - inter)


def judge(picture, class_id, threshold, area_range):
    """[(score, +1 right | -1 wrong | 0 ignored)], best first, and the number of labels to find."""
    low, high = area_range
    labels = [(bool(crowd), bool(crowd) or not low <= area <= high, box)
              for c, crowd, area, *box in picture["label"] if c == class_id]
    found = sorted((f for f in picture["found"] if f[0] == class_id), key=lambda f: -f[1])[:100]
    exhaustive = [class_id] not in picture["not_exhaustive"]
    used, verdicts = set(), []
    for _, score, *box in found:
        # Of the labels still free: those that count go first, then the larger overlap, then the later label.
        options = [(not ignored, iou(box, label, crowd), index)
                   for index, (crowd, ignored, label) in enumerate(labels) if crowd or index not in used]
        options = [option for option in options if option[1] >= threshold]
        if options:
            counted, _, index = max(options)
            used.add(index)
            verdicts.append((score, 1 if counted else 0))
        else:
            verdicts.append((score, -1 if exhaustive and low <= box_area(box) <= high else 0))
    return verdicts, sum(not ignored for _, ignored, _ in labels)


def judge_all(dataset, class_id, threshold, area_range):
    judged = [judge(picture, class_id, threshold, area_range) for picture in dataset["pictures"]]
    verdicts = np.array([v for verdict, _ in judged for v in verdict]).reshape(-1, 2)
    return verdicts[np.argsort(-verdicts[:, 0], kind="stable")], sum(labels for _, labels in judged)


def average_precision(dataset, class_id, threshold, area_range):
    verdicts, labels = judge_all(dataset, class_id, threshold, area_range)
    if labels == 0:
        return np.nan
    verdicts = verdicts[verdicts[:, 1] != 0, 1]
    right = np.cumsum(verdicts > 0)
    precision = right / np.arange(1, len(right) + 1)
    recall = right / labels
    return np.mean([precision[recall >= r].max(initial=0) for r in RECALLS])


def best_f1(dataset, class_id):
    verdicts, labels = judge_all(dataset, class_id, 0.5, RANGES["all"])
    if labels == 0:
        return np.nan, 0
    best = (0, 0)
    for threshold in sorted(set(verdicts[:, 0]), reverse=True):
        kept = verdicts[verdicts[:, 0] >= threshold, 1]
        f1 = 2 * np.sum(kept > 0) / (np.sum(kept != 0) + labels)
        if f1 > best[0]:
            best = (f1, threshold)
    return best


def main():
    for dataset in read(sys.argv[1]):
        rows = []
        for c in range(dataset["classes"]):
            by_iou = [average_precision(dataset, c, t, RANGES["all"]) for t in IOUS]
            by_size = [np.mean([average_precision(dataset, c, t, RANGES[size]) for t in IOUS])
                       for size in ("small", "medium", "large")]
            rows.append([np.mean(by_iou), by_iou[0], by_iou[5], *by_size])
        columns = [[value for value in column if not np.isnan(value)] for column in zip(*rows)]
        print(*[np.mean(column) if column else np.nan for column in columns])
        for c, row in enumerate(rows):
            print(*row, *best_f1(dataset, c))


if __name__ == "__main__":
    main()
