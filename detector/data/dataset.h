// A labelled data set, however it was stored. Nothing here knows torch, OpenCV or JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "detector/core/types.h"

namespace dualsight {

// What the score of a label made by a detector decides. At kLeastObjectScore or above it is an object; below that, from
// kLeastScore on, neither object nor background, like a crowd; below kLeastScore it is dropped. Of two fused detectors'
// boxes in 8,119 pictures, compared with people's labels, 81 % are right from 0.4 on, 17 % from 0.25 to 0.4, below 2 %.
constexpr float kLeastObjectScore = 0.4F;
constexpr float kLeastScore = 0.25F;

struct LabelledObject {
  Box box;             // pixels of the picture
  int class_id = 0;    // index into Dataset::class_names
  bool crowd = false;  // COCO's iscrowd, a region of many, or a score below kLeastObjectScore: never trained on, never
                       // counted against a detection
  float area = 0;      // COCO's `area` field (drives the size classes of AP); box area where the file gives none
  float score = 1;     // of a label made by a detector, 0..1: a soft target (loss.h); people's labels have 1
};

struct LabelledPicture {
  int64_t id = 0;         // the data set's own image id
  std::string file_name;  // for messages and results
  int width = 0;
  int height = 0;
  std::vector<LabelledObject> objects;
  std::vector<int> not_exhaustive;   // classes that may be present but unlabelled (LVIS's not_exhaustive_category_ids)
  std::span<const uint8_t> encoded;  // a baseline JPEG, owned by Dataset::storage
};

struct Dataset {
  std::vector<std::string> class_names;
  std::vector<int64_t> category_ids;  // the data set's own id of each class
  std::vector<LabelledPicture> pictures;
  std::vector<std::shared_ptr<const void>> storage;  // keeps `encoded` alive
};

// What was wrong with a data set and was skipped: each line names the picture and the culprit
// ("voc_1.jpg: box [10, 20, 0, 5] has no width").
struct DatasetProblems {
  std::vector<std::string> lines;
  // What was taken, but had to be guessed, or looks like a mistake: one line each, with the likely cause.
  std::vector<std::string> doubts;
  int pictures_skipped = 0;
  int boxes_skipped = 0;
};

}  // namespace dualsight
