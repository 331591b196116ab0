// Detections drawn onto pictures. Needs OpenCV (core, imgproc); this header does not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "detector/core/types.h"

namespace cv {
class Mat;
}

namespace dualsight {

struct Rgb {
  uint8_t r = 0, g = 0, b = 0;
};

struct OverlayStyle {
  bool labels = true;            // "dog 0.91" on a filled box beside the detection
  bool coordinates = false;      // a second line, "x,y w x h" in pixels
  float scale = 1;               // of lines and letters, 0.1 to 10; 1 suits the picture's size
  std::vector<Rgb> colors = {};  // per class; those beyond its end have class_color()
  bool tracks = true;            // the label of a tracked object has its number, "dog #3 0.91"
};

// The same class has the same colour everywhere. The first seven are Okabe and Ito's, which people with colour-vision
// deficiency tell apart; the next 28 are lighter and darker shades of them; then they repeat. Any int is welcome.
Rgb class_color(int class_id);

// Draws onto `bgr` (8-bit BGR, may be a region of a larger picture; an empty one is left alone). Boxes are clipped to
// the picture; those without area in it, or with a number that is not finite, are skipped. The better a detection,
// the further in front. Labels stay inside the picture and avoid each other where there is room; one that cannot fit is
// left out. OpenCV's letters are ASCII only: a class whose name is not, or is missing, is labelled "class 12".
void draw_detections(cv::Mat& bgr, const std::vector<Detection>& detections,
                     const std::vector<std::string>& class_names, const OverlayStyle& style = {});

// The frames (8-bit BGR) in reading order, `columns` a row, each fitted into a tile `tile_width` pixels wide with the
// shape of the first frame. Empty if there are no frames; an empty frame leaves its tile blank.
cv::Mat contact_sheet(const std::vector<cv::Mat>& frames, int columns, int tile_width);

}  // namespace dualsight
