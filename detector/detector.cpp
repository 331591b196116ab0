#include "detector/detector.h"

#include <ATen/Parallel.h>
#include <openssl/evp.h>
#include <torch/cuda.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <optional>
#include <utility>

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
std::string file_sha256(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return {};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::array<char, 1 << 16> chunk{};
  while (in.read(chunk.data(), chunk.size()) || in.gcount() > 0) {
    EVP_DigestUpdate(context.get(), chunk.data(), static_cast<std::size_t>(in.gcount()));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &length);
  std::string hex;
  for (unsigned i = 0; i < length; ++i) {
    constexpr const char* kDigits = "0123456789abcdef";
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

struct Detector::Impl {
  DetectorOptions options;
  ModelInfo info;
  std::unique_ptr<InferenceBackend> forward;
  std::string device_name, backend_name;
  std::string sha256;
  std::vector<float> thresholds;  // for being reported; decode's are lower where candidates are wanted
  std::optional<Decoder> decode;
  // Used again for every picture.
  Resampler resampler;
  Image square;  // letterboxed picture
  std::vector<Detection> found;
};

namespace {

// The fused engine where it can, LibTorch elsewhere. `name` says which, and why.
Result<std::unique_ptr<InferenceBackend>> make_backend(LoadedModel model, const DetectorOptions& options, bool cuda,
                                                       bool bf16, std::string& name) {
  const auto& info = model.info;
  const bool int8 = options.precision == Precision::int8;
  std::string reason = "asked for";
  if (options.backend != Backend::libtorch) {
    auto forward =
        cuda ? Result<std::unique_ptr<InferenceBackend>>(Error{ErrorKind::usage, "the engine runs on CPUs only"})
             : make_engine_backend(*model.network, info, options.input_size,
                                   int8   ? Arithmetic::int8
                                   : bf16 ? Arithmetic::bfloat16
                                          : Arithmetic::float32,
                                   model.ranges);
    if (forward) {
      name = (*forward)->name();
      return forward;
    }
    reason = forward.error().message;
    if (options.backend == Backend::engine) return Error{ErrorKind::usage, "no engine for this model: " + reason};
  }
  if (int8) return Error{ErrorKind::usage, "no int8 for this model: " + reason};
  try {
    auto forward = make_torch_backend(std::move(model.network), info, options.input_size, cuda, bf16);
    name = forward->name() + " (" + reason + ")";
    return forward;
  } catch (const c10::Error& error) {  // GPU memory, most likely
    return Error{ErrorKind::internal, std::string("LibTorch: ") + error.what_without_backtrace()};
  }
}

}  // namespace

Detector::Detector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Detector::~Detector() = default;

Result<std::unique_ptr<Detector>> Detector::open(const std::filesystem::path& model, const DetectorOptions& options) {
  auto loaded = load_model(model);
  if (!loaded) return loaded.error();

  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->info = loaded->info;
  impl->sha256 = file_sha256(model);

  auto& size = impl->options.input_size;
  if (size == 0) size = impl->info.input_size;
  if (auto usable = check_input_size(size); !usable) return usable.error();

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
  impl->device_name = std::string(on_gpu ? "CUDA" : "CPU") + (int8 ? ", int8" : bf16 ? ", bf16" : ", float32");
  set_inference_threads(options.threads);
  impl->options.threads = at::get_num_threads();

  // A threshold above one silences a class.
  constexpr float kNever = 2;
  const auto& names = impl->info.class_names;
  auto& thresholds = impl->thresholds;
  thresholds = impl->info.thresholds;
  if (options.confidence >= 0) std::fill(thresholds.begin(), thresholds.end(), options.confidence);
  if (!options.classes.empty()) {
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
    thresholds = chosen;
  }
  DecodeOptions decode;
  for (const float threshold : thresholds) {
    decode.thresholds.push_back(threshold > 1 ? threshold : threshold * options.candidates);
  }
  decode.iou = options.iou;
  decode.max_detections = options.max_detections;
  decode.multi_label = options.multi_label;
  impl->decode.emplace(decode);

  auto forward = make_backend(std::move(*loaded), impl->options, on_gpu, bf16, impl->backend_name);
  if (!forward && on_gpu && options.device == Device::automatic) {  // no memory left on it, most likely
    auto on_cpu = options;
    on_cpu.device = Device::cpu;
    auto detector = open(model, on_cpu);
    if (detector) (*detector)->impl_->backend_name += ", since CUDA failed: " + forward.error().message;
    return detector;
  }
  if (!forward) return forward.error();
  impl->forward = std::move(*forward);
  return std::unique_ptr<Detector>(new Detector(std::move(impl)));
}

const ModelInfo& Detector::info() const { return impl_->info; }
const DetectorOptions& Detector::options() const { return impl_->options; }
const std::string& Detector::model_sha256() const { return impl_->sha256; }
const std::vector<float>& Detector::thresholds() const { return impl_->thresholds; }

const std::string& Detector::backend_name() const { return impl_->backend_name; }

void Detector::set_iou(float iou) { impl_->decode->set_iou(iou); }

std::string Detector::device_name() const { return impl_->device_name; }

Result<DetectionResult> Detector::detect(ImageView bgr) {
  DetectionResult result;
  if (auto done = detect(bgr, result); !done) return done.error();
  return result;
}

Result<void> Detector::detect(ImageView bgr, DetectionResult& result) {
  if (!bgr.data || bgr.width <= 0 || bgr.height <= 0) return Error{ErrorKind::internal, "detect: empty picture"};
  using Clock = std::chrono::steady_clock;
  const auto milliseconds = [](Clock::duration d) { return std::chrono::duration<double, std::milli>(d).count(); };
  try {
    // OpenMP's team size belongs to the calling thread, which need not be the one that opened the model.
    thread_local int team = 0;
    if (std::exchange(team, impl_->options.threads) != impl_->options.threads) {
      set_inference_threads(impl_->options.threads);
    }
    const auto start = Clock::now();
    const auto geometry = fit_letterbox(bgr.width, bgr.height, impl_->options.input_size);
    letterbox(bgr, geometry, impl_->square, impl_->resampler);
    const auto prepared = Clock::now();
    const auto head = impl_->forward->run(impl_->square);
    const auto inferred = Clock::now();
    auto& found = impl_->found;
    (*impl_->decode)(head, geometry, found);
    split_by_threshold(found, impl_->thresholds, impl_->options.multi_label ? 1 : impl_->options.iou_across_classes,
                       result);
    result.speed = {milliseconds(prepared - start), milliseconds(inferred - prepared),
                    milliseconds(Clock::now() - inferred)};
    return {};
  } catch (const c10::Error& error) {
    return Error{ErrorKind::internal, std::string("LibTorch: ") + error.what_without_backtrace()};
  }
}

}  // namespace dualsight
