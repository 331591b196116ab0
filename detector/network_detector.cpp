#include "detector/network_detector.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "detector/core/decode.h"
#include "detector/core/inference_backend.h"
#include "detector/core/preprocess.h"
#include "detector/core/runtime.h"
#include "detector/core/threshold_split.h"
#include "detector/engine/engine.h"
#include "detector/engine/engine_backend.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"
#include "detector/network/torch_backend.h"

namespace dualsight {
namespace {

// The fused engine where it can, LibTorch elsewhere. `name` says which, and why.
Result<std::unique_ptr<InferenceBackend>> make_backend(LoadedModel model, const DetectorOptions& options, bool cuda,
                                                       bool bf16, std::string& name) {
  const auto& info = model.info;
  const bool int8 = options.precision == Precision::int8;
  std::string reason = "asked for";
  if (options.backend != Backend::libtorch) {
    auto backend =
        cuda ? Result<std::unique_ptr<InferenceBackend>>(Error{ErrorKind::usage, "the engine runs on CPUs only"})
             : make_engine_backend(*model.network, info, options.input_size,
                                   int8   ? Arithmetic::int8
                                   : bf16 ? Arithmetic::bfloat16
                                          : Arithmetic::float32,
                                   model.ranges);
    if (backend) {
      name = (*backend)->name();
      return backend;
    }
    reason = backend.error().message;
    if (options.backend == Backend::engine) return Error{ErrorKind::usage, "no engine for this model: " + reason};
  }
  if (int8) return Error{ErrorKind::usage, "no int8 for this model: " + reason};
  try {
    auto backend = make_torch_backend(std::move(model.network), info, options.input_size, cuda, bf16);
    name = backend->name() + " (" + reason + ")";
    return backend;
  } catch (const c10::Error& error) {  // GPU memory, most likely
    return Error{ErrorKind::internal, std::string("LibTorch: ") + error.what_without_backtrace()};
  }
}

// Above this, a threshold silences its class.
constexpr float kNever = 2;

// Per class: confidence needed to be reported. Error: options.classes names one that the model has not.
Result<std::vector<float>> reporting_thresholds(const ModelInfo& info, const DetectorOptions& options) {
  std::vector<float> thresholds = info.thresholds;
  if (options.confidence >= 0) std::fill(thresholds.begin(), thresholds.end(), options.confidence);
  if (options.classes.empty()) return thresholds;
  const auto& names = info.class_names;
  std::vector<float> chosen(names.size(), kNever);
  for (const auto& name : options.classes) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      std::string known;
      for (const auto& n : names) known += (known.empty() ? "" : ", ") + n;
      return Error{ErrorKind::usage, "class \"" + name + "\" is not one of this model's: " + known};
    }
    const auto c = static_cast<std::size_t>(found - names.begin());
    chosen[c] = thresholds[c];
  }
  return chosen;
}

// Reports at `thresholds`, but decodes down to the candidates.
DecodeOptions decode_options(const DetectorOptions& options, const std::vector<float>& thresholds) {
  DecodeOptions decode;
  for (const float threshold : thresholds) {
    decode.thresholds.push_back(threshold > 1 ? threshold : threshold * options.candidates);
  }
  decode.iou = options.iou;
  decode.max_detections = options.max_detections;
  decode.multi_label = options.multi_label;
  return decode;
}

class NetworkDetector : public Detector {
 public:
  static Result<std::unique_ptr<NetworkDetector>> open(const std::filesystem::path& model,
                                                       const DetectorOptions& options);

  const DetectorDescription& description() const override { return description_; }
  void set_iou(float iou) override { decode_->set_iou(iou); }
  Result<void> detect(ImageView bgr, DetectionResult& result) override;

 private:
  DetectorDescription description_;
  std::unique_ptr<InferenceBackend> backend_;
  std::optional<Decoder> decode_;
  // Used again for every picture.
  Resampler resampler_;
  Image square_;  // letterboxed picture
  std::vector<Detection> found_;
};

Result<std::unique_ptr<NetworkDetector>> NetworkDetector::open(const std::filesystem::path& model,
                                                               const DetectorOptions& wanted) {
  auto loaded = load_model(model);
  if (!loaded) return loaded.error();

  auto detector = std::make_unique<NetworkDetector>();
  DetectorDescription& description = detector->description_;
  DetectorOptions& options = description.options;
  options = wanted;
  description.info = loaded->info;
  description.sha256 = file_sha256(model);

  if (options.input_size == 0) options.input_size = loaded->info.input_size;
  if (auto usable = check_input_size(options.input_size); !usable) return usable.error();

  const bool cuda = torch::cuda::is_available();
  if (options.device == Device::cuda && !cuda) {
    return Error{ErrorKind::usage, "device cuda: LibTorch finds no CUDA device here (use auto or cpu)"};
  }
  const bool on_gpu = cuda && options.device != Device::cpu;
  const bool bf16 =
      options.precision == Precision::bfloat16 || (options.precision == Precision::automatic && has_bf16(on_gpu));
  const bool int8 = options.precision == Precision::int8;
  if (int8 && !on_gpu && !cpu_has_int8()) {
    return Error{ErrorKind::usage, "no int8: this CPU has no arithmetic for it (AVX-512 VNNI or AMX)"};
  }
  description.device = std::string(on_gpu ? "CUDA" : "CPU") + (int8 ? ", int8" : bf16 ? ", bf16" : ", float32");
  set_inference_threads(options.threads);
  options.threads = at::get_num_threads();

  auto thresholds = reporting_thresholds(description.info, options);
  if (!thresholds) return thresholds.error();
  description.thresholds = *std::move(thresholds);
  detector->decode_.emplace(decode_options(options, description.thresholds));

  auto backend = make_backend(std::move(*loaded), options, on_gpu, bf16, description.backend);
  if (!backend && on_gpu && options.device == Device::automatic) {  // no memory left on it, most likely
    DetectorOptions on_cpu = wanted;
    on_cpu.device = Device::cpu;
    auto fallback = open(model, on_cpu);
    if (fallback) (*fallback)->description_.backend += ", since CUDA failed: " + backend.error().message;
    return fallback;
  }
  if (!backend) return backend.error();
  detector->backend_ = std::move(*backend);
  return detector;
}

Result<void> NetworkDetector::detect(ImageView bgr, DetectionResult& result) {
  if (!bgr.data || bgr.width <= 0 || bgr.height <= 0) return Error{ErrorKind::internal, "detect: empty picture"};
  using Clock = std::chrono::steady_clock;
  const auto milliseconds = [](Clock::duration d) { return std::chrono::duration<double, std::milli>(d).count(); };
  const DetectorOptions& options = description_.options;
  try {
    // OpenMP's team size belongs to the calling thread; another detector may have changed it.
    thread_local int team = 0;
    if (std::exchange(team, options.threads) != options.threads) set_inference_threads(options.threads);
    const auto start = Clock::now();
    const auto geometry = fit_letterbox(bgr.width, bgr.height, options.input_size);
    letterbox(bgr, geometry, square_, resampler_);
    const auto prepared = Clock::now();
    const auto head = backend_->run(square_);
    const auto inferred = Clock::now();
    (*decode_)(head, geometry, found_);
    split_by_threshold(found_, description_.thresholds, options.multi_label ? 1 : options.iou_across_classes, result);
    result.speed = {milliseconds(prepared - start), milliseconds(inferred - prepared),
                    milliseconds(Clock::now() - inferred)};
    return {};
  } catch (const c10::Error& error) {
    return Error{ErrorKind::internal, std::string("LibTorch: ") + error.what_without_backtrace()};
  }
}

}  // namespace

Result<std::unique_ptr<Detector>> open_network_detector(const std::filesystem::path& model,
                                                        const DetectorOptions& options) {
  auto detector = NetworkDetector::open(model, options);
  if (!detector) return detector.error();
  return std::unique_ptr<Detector>(*std::move(detector));
}

}  // namespace dualsight
