// A model format of a test: a text file "NAME.toy" with one class name a line. Its detector always finds one box, of
// the first class. All that it takes is this row.
#pragma once

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "detector/detector_formats.h"

namespace dualsight {

// What happened to toys, by which thread.
struct ToyLog {
  std::mutex mutex;
  std::vector<std::thread::id> opened, detected, destroyed;
  std::vector<const uint8_t*> pixels;  // that toys saw

  static ToyLog& instance() {
    static ToyLog log;
    return log;
  }
  void clear() {
    const std::lock_guard lock(mutex);
    opened.clear(), detected.clear(), destroyed.clear(), pixels.clear();
  }
};

class ToyDetector : public Detector {
 public:
  ToyDetector(ModelInfo info, const DetectorOptions& options) {
    described_.thresholds = info.thresholds;
    described_.info = std::move(info);
    described_.options = options;
    described_.device = "toy";
    note(ToyLog::instance().opened);
  }
  ~ToyDetector() override { note(ToyLog::instance().destroyed); }
  const DetectorDescription& description() const override { return described_; }
  void set_iou(float) override {}
  Result<void> detect(ImageView bgr, DetectionResult& result) override {
    note(ToyLog::instance().detected, bgr.data);
    result = {};
    result.detections = {{0, 0.75F, {1, 2, 11, 22}}};
    return {};
  }

 private:
  static void note(std::vector<std::thread::id>& threads, const uint8_t* pixels = nullptr) {
    const std::lock_guard lock(ToyLog::instance().mutex);
    threads.push_back(std::this_thread::get_id());
    if (pixels != nullptr) ToyLog::instance().pixels.push_back(pixels);
  }
  DetectorDescription described_;
};

inline Result<ModelInfo> read_toy_info(const std::filesystem::path& path) {
  ModelInfo info;
  std::ifstream in(path);
  for (std::string name; std::getline(in, name);) info.class_names.push_back(name);
  if (info.class_names.empty()) return Error{ErrorKind::model, path.string() + ": a toy without classes"};
  info.architecture = "toy";
  info.name = path.stem().string();
  info.thresholds.assign(info.class_names.size(), 0.5F);
  return info;
}

inline void register_toy_format() {
  static const bool once = [] {
    register_detector_format(
        {"Toy", [](const std::filesystem::path& path) { return path.extension() == ".toy"; }, read_toy_info,
         [](const std::filesystem::path& path, const DetectorOptions& options) -> Result<std::unique_ptr<Detector>> {
           auto info = read_toy_info(path);
           if (!info) return info.error();
           return std::unique_ptr<Detector>(std::make_unique<ToyDetector>(*std::move(info), options));
         }});
    return true;
  }();
  (void)once;
}

}  // namespace dualsight
