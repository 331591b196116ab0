#include "detector/detector.h"

#include <ATen/Parallel.h>
#include <openssl/evp.h>
#include <torch/cuda.h>
#include <torch/utils.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <utility>

#include "detector/decode.h"
#include "detector/model_file.h"
#include "detector/network.h"
#include "detector/preprocess.h"
#include "detector/runtime.h"

namespace dualsight {
namespace {

// Convolutions in bf16, BatchNorm in float32 on bf16 activations: what mixed precision does, without casting the
// weights anew for every picture.
void convolutions_to_bf16(torch::nn::Module& network) {
  for (const auto& module : network.modules(/*include_self=*/false)) {
    if (module->as<torch::nn::Conv2dImpl>()) module->to(torch::kBFloat16);
  }
}

}  // namespace

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
  std::shared_ptr<DetectionNet> network;
  torch::Device device = torch::kCPU;
  bool bf16 = false;
  std::string sha256;
  std::vector<float> thresholds;  // for being reported; decode's are lower where candidates are wanted
  DecodeOptions decode;
  Image square;  // reused: letterboxed picture

  NetworkOutput forward() {
    const int64_t size = options.input_size;
    const auto picture = torch::from_blob(square.pixels.data(), {1, size, size, 3}, torch::kByte);
    auto input = to_network_input(picture.to(device), info);
    if (bf16) input = input.to(torch::kBFloat16);
    auto output = network->forward(input);
    return {output.logits.to(torch::kCPU).contiguous(), output.distances.to(torch::kCPU).contiguous()};
  }
};

Detector::Detector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Detector::~Detector() = default;

Result<std::unique_ptr<Detector>> Detector::open(const std::filesystem::path& model, const DetectorOptions& options) {
  auto loaded = load_model(model);
  if (!loaded) return loaded.error();

  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->info = loaded->info;
  impl->network = loaded->network;
  impl->sha256 = file_sha256(model);

  auto& size = impl->options.input_size;
  if (size == 0) size = impl->info.input_size;
  if (size < 32 || size > 4096 || size % 32 != 0) {
    return Error{ErrorKind::usage, "input size " + std::to_string(size) + " is not a multiple of 32 from 32 to 4096"};
  }

  const bool cuda = torch::cuda::is_available();
  if (options.device == Device::cuda && !cuda) {
    return Error{ErrorKind::usage, "device cuda: LibTorch finds no CUDA device here (use auto or cpu)"};
  }
  impl->device = cuda && options.device != Device::cpu ? torch::kCUDA : torch::kCPU;
  impl->bf16 = options.precision == Precision::bfloat16 ||
               (options.precision == Precision::automatic && has_bf16(impl->device.is_cuda()));
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
  for (const float threshold : thresholds) {
    impl->decode.thresholds.push_back(threshold > 1 ? threshold : threshold * options.candidates);
  }
  impl->decode.iou = options.iou;
  impl->decode.max_detections = options.max_detections;
  impl->decode.multi_label = options.multi_label;

  if (impl->bf16) convolutions_to_bf16(*impl->network);
  to_channels_last(*impl->network);
  try {
    impl->network->to(impl->device);
  } catch (const c10::Error& error) {  // GPU memory, most likely
    return Error{ErrorKind::internal, std::string("LibTorch: ") + error.what_without_backtrace()};
  }
  impl->network->eval();
  return std::unique_ptr<Detector>(new Detector(std::move(impl)));
}

const ModelInfo& Detector::info() const { return impl_->info; }
const DetectorOptions& Detector::options() const { return impl_->options; }
const std::string& Detector::model_sha256() const { return impl_->sha256; }
const std::vector<float>& Detector::thresholds() const { return impl_->thresholds; }

void Detector::set_iou(float iou) { impl_->decode.iou = iou; }

std::string Detector::device_name() const {
  return std::string(impl_->device.is_cuda() ? "CUDA" : "CPU") + (impl_->bf16 ? ", bf16" : ", float32");
}

Result<DetectionResult> Detector::detect(ImageView bgr) {
  if (!bgr.data || bgr.width <= 0 || bgr.height <= 0) return Error{ErrorKind::internal, "detect: empty picture"};
  using Clock = std::chrono::steady_clock;
  const auto milliseconds = [](Clock::duration d) { return std::chrono::duration<double, std::milli>(d).count(); };
  try {
    const torch::InferenceMode inference;
    // OpenMP's team size belongs to the calling thread, which need not be the one that opened the model.
    thread_local int team = 0;
    if (std::exchange(team, impl_->options.threads) != impl_->options.threads) {
      set_inference_threads(impl_->options.threads);
    }
    const auto start = Clock::now();
    const auto geometry = fit_letterbox(bgr.width, bgr.height, impl_->options.input_size);
    letterbox(bgr, geometry, impl_->square);
    const auto prepared = Clock::now();
    const auto output = impl_->forward();
    const auto inferred = Clock::now();
    DetectionResult result;
    result.detections = decode(output.logits.data_ptr<float>(), output.distances.data_ptr<float>(),
                               output.logits.size(2), geometry, impl_->decode);
    const auto weak = std::stable_partition(
        result.detections.begin(), result.detections.end(),
        [&](const Detection& d) { return d.confidence >= impl_->thresholds[static_cast<std::size_t>(d.class_id)]; });
    result.candidates.assign(weak, result.detections.end());
    result.detections.erase(weak, result.detections.end());
    result.speed = {milliseconds(prepared - start), milliseconds(inferred - prepared),
                    milliseconds(Clock::now() - inferred)};
    return result;
  } catch (const c10::Error& error) {
    return Error{ErrorKind::internal, std::string("LibTorch: ") + error.what_without_backtrace()};
  }
}

}  // namespace dualsight
