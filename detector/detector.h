// Finds objects in pictures: the interface of all detectors, whatever file their model comes from. Free of torch.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backbone/result.h"
#include "detector/core/detection_result.h"
#include "detector/core/image.h"
#include "detector/core/model_info.h"
#include "detector/core/nms.h"
#include "detector/core/types.h"

namespace dualsight {

enum class Device { automatic, cpu, cuda };
enum class Backend { automatic, engine, libtorch };  // automatic: the fused engine where it can, else LibTorch
// automatic: bf16 where the hardware computes in it. int8: the fused engine alone, and models that were calibrated.
enum class Precision { automatic, float32, bfloat16, int8 };

struct DetectorOptions {
  Device device = Device::automatic;  // automatic: CUDA if it is there and works, else the CPU
  Precision precision = Precision::automatic;
  Backend backend = Backend::automatic;
  int input_size = 0;     // pixels, a multiple of 32; 0: what the model was trained at
  int threads = 0;        // CPU threads inside one inference; 0: all cores
  float confidence = -1;  // one threshold for all classes; < 0: the model's own, per class
  float iou = 0.6F;       // NMS: of two boxes of one class that overlap more than this, the better stays
  // Of two boxes of different classes that overlap more than this the better is reported: one object has one name. 1:
  // all are. Not with multi_label.
  float iou_across_classes = kCrossClassIou;
  std::vector<std::string> classes;  // report only these; empty: all
  int max_detections = 300;          // per picture, best first
  bool multi_label = false;          // one place may be reported as several classes (what COCO's metric rewards)
  // Weaker detections, down to this share of their class's threshold, come as candidates: a tracker holds on to them,
  // and who records can lower the thresholds later. 1: none.
  float candidates = 1;
};

// What an open detector is and how it runs.
struct DetectorDescription {
  ModelInfo info;
  DetectorOptions options;  // with the defaults filled in (input_size, threads)
  std::string sha256;       // of the model file, hex
  std::string device;       // "CPU, bf16", "CUDA, bf16"
  std::string backend;      // what computes, and why not the engine where it does not: "LibTorch 1.13.1 (asked for)"
  // Per class: confidence needed to be reported; above 1 for classes that are not wanted.
  std::vector<float> thresholds;
};

// Open it, call it and destroy it on one thread: LibTorch keeps memory per calling thread.
class Detector {
 public:
  // Opens a model file of any registered format (detector_formats.h).
  // Errors: ErrorKind::model (path and reason), ErrorKind::usage (unknown class, size not a multiple of 32,
  // CUDA asked for and not there, the engine or int8 asked for and not possible).
  static Result<std::unique_ptr<Detector>> open(const std::filesystem::path& model, const DetectorOptions& options);
  virtual ~Detector() = default;

  virtual const DetectorDescription& description() const = 0;
  virtual void set_iou(float iou) = 0;  // DetectorOptions::iou, from the next picture on
  // Finds what is in the picture, which is only read. `result` is replaced; its memory is used again.
  virtual Result<void> detect(ImageView bgr, DetectionResult& result) = 0;
  Result<DetectionResult> detect(ImageView bgr);
};

// Hex, of a file; empty if it cannot be read.
std::string file_sha256(const std::filesystem::path& path);

// For `dualsight version --verbose`: LibTorch's version, its BLAS, threads, CPU features, CUDA; "key: value" lines.
std::vector<std::pair<std::string, std::string>> runtime_info();

}  // namespace dualsight
