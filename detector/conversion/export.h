// Models for other programs: the whole network (backbone, neck and head) as an ONNX or a TorchScript file. No torch
// here.
//
// The file computes in float32 on one picture of a fixed size:
//   input   "images"     [1, 3, S, S]  RGB, (value / 255 - mean) / stddev; letterboxed as preprocess.h does
//   outputs "logits"     [1, A, C]     before the sigmoid
//           "distances"  [1, A, 4]     cell centre to left, top, right, bottom edge, network pixels
//   or, decoded:
//           "boxes"      [1, A, 4]     x1, y1, x2, y2, network pixels, not clipped
//           "scores"     [1, A, C]     0..1
// A cells: level by level (strides 8, 16, 32), rows top to bottom, as cell_grid() in network.h. C classes.
// TorchScript's method takes the input and returns the outputs as a pair, in this order. NMS is left to the caller.
//
// What the model says about itself goes along as text, under the keys of to_metadata() (model_info.h), with the size S,
// "format" = "dualsight-export/1", and "input", "outputs" and "strides" that say the above: in ONNX's metadata_props,
// in TorchScript's extra file "metadata.json".
#pragma once

#include <filesystem>
#include <string>

#include "backbone/result.h"

namespace dualsight {

enum class ExportFormat { onnx, torchscript };
Result<ExportFormat> parse_export_format(const std::string& name);  // "onnx", "torchscript"

struct ExportOptions {
  ExportFormat format = ExportFormat::onnx;
  bool decode = false;
  int input_size = 0;  // pixels, a multiple of 32; 0: what the model was trained at
};

// Writes atomically: under another name first. Errors: ErrorKind::usage (size; output is the model itself),
// ErrorKind::model (see load_model()), ErrorKind::output (path and reason; nothing is left behind).
Result<void> export_model(const std::filesystem::path& model, const std::filesystem::path& output,
                          const ExportOptions& options);

}  // namespace dualsight
