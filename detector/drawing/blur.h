// Makes what is inside boxes unrecognisable. Needs OpenCV (core, imgproc); this header does not.
#pragma once

#include <vector>

#include "detector/core/types.h"

namespace cv {
class Mat;
}

namespace dualsight {

// Each box, a tenth wider on every side (boxes are seldom exact), becomes a mosaic of at most eight means across its
// longer side: averages of that many pixels cannot be undone, as a Gaussian blur can in part. A box within another one
// is blurred with it. `bgr` is 8-bit BGR; boxes are clipped to it.
void blur_boxes(cv::Mat& bgr, const std::vector<Box>& boxes);

}  // namespace dualsight
