// The pictures of a COCO set on their way into the data set: reading them, and finding out which pixels their labels
// mean.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "detector/data/dataset.h"

namespace dualsight {

struct Candidate {
  LabelledPicture picture;                   // width and height: what the JSON says (0: nothing), then the true ones
  double label_right = 0, label_bottom = 0;  // how far the labels reach, in the JSON's pixels
  double scale_x = 1, scale_y = 1;           // from the JSON's pixels to those of the picture
  std::shared_ptr<const std::vector<uint8_t>> encoded;  // a baseline JPEG
  std::string problem;                                  // why the picture is skipped; empty: it is not
  std::string doubt;                                    // what had to be guessed; empty: nothing
};

// Labels are taken to lie on the picture as people see it, turned by its EXIF orientation: that is what labelling tools
// show, and what detection looks at. Only where the JSON's size is that of the unturned picture, and all labels fit
// into it, are they taken to lie on the unturned one. A JSON size that is the picture's with width and height swapped
// is taken for a slip where labels reach beyond it. Labels made on a copy of another size are scaled. On `threads`
// threads; exceptions become problems.
void load_pictures(const std::filesystem::path& folder, std::vector<Candidate>& candidates, int threads);

}  // namespace dualsight
