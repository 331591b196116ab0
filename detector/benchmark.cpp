#include "detector/benchmark.h"

#include <ATen/Parallel.h>
#include <torch/utils.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <memory>
#include <opencv2/dnn.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "detector/conversion/export.h"
#include "detector/core/decode.h"
#include "detector/core/inference_backend.h"
#include "detector/core/preprocess.h"
#include "detector/core/runtime.h"
#include "detector/engine/amx_kernels.h"
#include "detector/engine/engine.h"
#include "detector/engine/engine_backend.h"
#include "detector/engine/engine_input.h"
#include "detector/engine/lowering/make_plan.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"
#include "detector/network/torch_backend.h"
#include "detector/network/trace.h"

namespace dualsight {
namespace {

using Clock = std::chrono::steady_clock;
const std::string kEager = "LibTorch eager f32";

double milliseconds(Clock::duration d) { return std::chrono::duration<double, std::milli>(d).count(); }

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// Keeps one core busy as long as it lives.
class Neighbour {
 public:
  explicit Neighbour(bool there) {
    if (!there) return;
    thread_ = std::thread([this] {
      while (!stop_) {
      }
    });
  }
  ~Neighbour() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

struct Variant {
  std::string part, name;
  std::function<void()> run;
  double resident_mib = 0;
  std::vector<double> times;
};

// A picture that is the same every time: gradients, and noise from a linear congruential generator.
Image make_picture(int width, int height) {
  Image picture(width, height);
  uint32_t noise = 1;
  for (int y = 0; y < height; ++y) {
    for (int i = 0; i < 3 * width; ++i) {
      noise = noise * 1664525 + 1013904223;
      picture.row(y)[i] = static_cast<uint8_t>((i / 3 + y) / 16 * 7 + static_cast<int>(noise >> 27));
    }
  }
  return picture;
}

// The plan as far as the backbone goes. Buffers keep their places, since layers name them by number.
Plan backbone_of(Plan plan) {
  plan.layers.resize(plan.backbone_layers);
  plan.outputs.assign(plan.taps.begin() + 1, plan.taps.end());  // C3..C5: the neck does not read C2
  return plan;
}

// All variants for one input size and the current number of OpenMP threads.
class Bench {
 public:
  Bench(const BenchmarkOptions& options, int size)
      : options_(options), size_(size), picture_(make_picture(1280, 720)), square_(make_picture(size, size)) {
    geometry_ = fit_letterbox(picture_.width, picture_.height, size);
  }

  Result<void> prepare(const std::function<void(const std::string&)>& progress) {
    auto loaded = load_model(options_.model);
    if (!loaded) return loaded.error();
    model_ = std::move(*loaded);
    DecodeOptions decode;
    decode.thresholds = model_.info.thresholds;
    decoder_.emplace(decode);
    if (auto made = add_engines(progress); !made) return made;
    if (!options_.baselines) return {};
    input_ = drawn_input();
    add_eager(progress);
    add_frozen(progress);
    return add_opencv(progress);
  }

  std::vector<Variant>& variants() { return variants_; }

 private:
  using Progress = std::function<void(const std::string&)>;

  // Runs it once, so that its memory is allocated, and notes by how much the process grew since `before`.
  void add(std::string part, std::string name, double before, std::function<void()> run) {
    run();
    variants_.push_back({std::move(part), std::move(name), std::move(run), std::max(0.0, resident_mib() - before), {}});
  }

  void draw() { letterbox(picture_.view(), geometry_, square_, resampler_); }

  // The input of LibTorch and OpenCV: what draw() made, normalised.
  torch::Tensor drawn_input() {
    return to_network_input(torch::from_blob(square_.pixels.data(), {1, size_, size_, 3}, torch::kByte), model_.info);
  }

  Result<void> add_engines(const Progress& progress) {
    if (!why_no_plan(model_.info.architecture).empty() || kernel_library().empty()) return {};
    std::vector<std::pair<std::string, Arithmetic>> kinds = {{"engine f32", Arithmetic::float32}};
    if (cpu_has_bf16()) kinds.emplace_back("engine bf16", Arithmetic::bfloat16);
    if (cpu_has_int8() && !model_.ranges.empty()) kinds.emplace_back("engine int8", Arithmetic::int8);
    const auto plan = make_plan(*model_.network, model_.info.architecture);
    const auto backbone = backbone_of(plan);
    for (const auto& [name, arithmetic] : kinds) {
      progress(name);
      const double before = resident_mib();
      auto forward = make_engine_backend(*model_.network, model_.info, size_, arithmetic, model_.ranges);
      if (!forward) return forward.error();
      const auto whole = std::shared_ptr<InferenceBackend>(std::move(*forward));
      add("network", name, before, [this, whole] { whole->run(square_); });
      add("frame", name, before, [this, whole] {
        draw();
        (*decoder_)(whole->run(square_), geometry_, detections_);
      });
      EngineOptions engine_options;
      engine_options.size = size_;
      engine_options.arithmetic = arithmetic;
      engine_options.ranges = model_.ranges;
      auto engine = Engine::build(backbone, engine_options);
      if (!engine) return engine.error();
      add("backbone", name, before, [part = std::shared_ptr<Engine>(std::move(*engine))] { part->run(); });
      if (!amx_for(arithmetic == Arithmetic::int8 ? ValueType::u8 : ValueType::bf16)) continue;
      if (arithmetic == Arithmetic::float32) continue;
      engine_options.tiles = false;
      auto library_alone = Engine::build(plan, engine_options);
      if (!library_alone) return library_alone.error();
      add("network", name + ", oneDNN alone", before,
          [part = std::shared_ptr<Engine>(std::move(*library_alone))] { part->run(); });
    }
    return {};
  }

  // float32 in the default layout (NCHW), as a first program with LibTorch would run it; bf16 in channels-last, which
  // is LibTorch's fastest.
  void add_eager(const Progress& progress) {
    progress(kEager);
    add_eager_variants(
        kEager, [](DetectionNet&) {}, [](const torch::Tensor& x) { return x.contiguous(); });
    if (!cpu_has_bf16()) return;
    const std::string name = "LibTorch eager bf16";
    progress(name);
    add_eager_variants(
        name,
        [](DetectionNet& network) {
          convolutions_to_bf16(network);
          to_channels_last(network);
        },
        [](const torch::Tensor& x) { return x.to(torch::kBFloat16); });
  }

  void add_eager_variants(const std::string& name, const std::function<void(DetectionNet&)>& prepare,
                          const std::function<torch::Tensor(const torch::Tensor&)>& as_wanted) {
    const double before = resident_mib();
    const auto network = load_model(options_.model)->network;
    prepare(*network);
    const auto x = as_wanted(input_);
    add("backbone", name, before, [network, x] {
      const torch::InferenceMode inference;
      network->backbone().features(x);
    });
    add("network", name, before, [network, x] {
      const torch::InferenceMode inference;
      network->forward(x);
    });
    add("frame", name, before, [this, network, as_wanted] {
      const torch::InferenceMode inference;
      draw();
      const auto out = network->forward(as_wanted(drawn_input()));
      decode(out.logits, out.distances);
    });
  }

  void add_frozen(const Progress& progress) {
    for (const bool bf16 : {false, true}) {
      if (bf16 && !cpu_has_bf16()) continue;
      const std::string name = bf16 ? "LibTorch frozen bf16" : "LibTorch frozen f32";
      progress(name);
      const double before = resident_mib();
      auto network = load_model(options_.model)->network;
      const auto part =
          std::make_shared<FrozenNetwork>(trace(*network, size_,
                                                [&](const torch::Tensor& x) {
                                                  const auto taps = network->backbone().features(x);
                                                  return std::vector<torch::Tensor>(taps.begin(), taps.end());
                                                }),
                                          bf16);
      const auto whole = std::make_shared<FrozenNetwork>(trace(*network, size_, outputs_of(*network)), bf16);
      for (int i = 0; i < 3; ++i) (*whole)(input_);  // the executor profiles its first runs, then optimises
      for (int i = 0; i < 3; ++i) (*part)(input_);
      add("network", name, before, [this, whole] {
        const torch::NoGradGuard no_grad;
        (*whole)(input_);
      });
      add("frame", name, before, [this, whole] {
        const torch::NoGradGuard no_grad;
        draw();
        const auto out = (*whole)(drawn_input());
        decode(out[0], out[1]);
      });
      add("backbone", name, before, [this, part] {
        const torch::NoGradGuard no_grad;
        (*part)(input_);
      });
    }
  }

  Result<void> add_opencv(const Progress& progress) {
    const std::string name = "OpenCV DNN f32";
    progress(name);
    const double before = resident_mib();
    const auto file =
        std::filesystem::temp_directory_path() / ("dualsight-bench-" + std::to_string(getpid()) + ".onnx");
    ExportOptions options;
    options.input_size = size_;
    if (auto written = export_model(options_.model, file, options); !written) return written;
    auto net = std::make_shared<cv::dnn::Net>();
    std::string failure;
    try {
      *net = cv::dnn::readNetFromONNX(file.string());
    } catch (const cv::Exception& error) {
      failure = error.what();
    }
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    if (!failure.empty()) return Error{ErrorKind::internal, "OpenCV: " + failure};
    const auto run = [net](const cv::Mat& blob) {
      net->setInput(blob);
      std::vector<cv::Mat> outputs;
      net->forward(outputs, std::vector<cv::String>{"logits", "distances"});
      return outputs;
    };
    const auto planes = input_.contiguous();
    const cv::Mat blob(std::vector<int>{1, 3, size_, size_}, CV_32F, planes.data_ptr<float>());
    add("network", name, before, [run, planes, blob] { run(blob); });
    add("frame", name, before, [this, run] {
      draw();
      const auto x = drawn_input().contiguous();
      const auto out = run(cv::Mat(std::vector<int>{1, 3, size_, size_}, CV_32F, x.data_ptr<float>()));
      (*decoder_)(head_output(out[0].ptr<float>(), out[1].ptr<float>(), model_.network->num_classes(), size_),
                  geometry_, detections_);
    });
    return {};
  }

  void decode(const torch::Tensor& logits, const torch::Tensor& distances) {
    const auto l = logits.contiguous(), d = distances.contiguous();
    (*decoder_)(head_output(l.data_ptr<float>(), d.data_ptr<float>(), l.size(2), size_), geometry_, detections_);
  }

  const BenchmarkOptions& options_;
  const int size_;
  LoadedModel model_;
  Image picture_, square_;
  Letterbox geometry_;
  Resampler resampler_;
  std::optional<Decoder> decoder_;
  std::vector<Detection> detections_;
  torch::Tensor input_;
  std::vector<Variant> variants_;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

}  // namespace

Result<std::vector<Measurement>> run_benchmark(const BenchmarkOptions& options, const std::atomic<bool>& stop,
                                               const std::function<void(const std::string&)>& progress) {
  // The first run of each turn is not counted: it brings the weights back into the caches, as the previous frame does
  // in use.
  constexpr int kRunsATurn = 3;
  std::vector<Measurement> all;
  try {
    for (const int size : options.sizes) {
      if (auto usable = check_input_size(size); !usable) return usable.error();
      for (const int threads : options.threads) {
        set_inference_threads(threads);
        cv::setNumThreads(at::get_num_threads());
        const auto where = std::to_string(size) + " px, " + std::to_string(at::get_num_threads()) + " threads";
        Bench bench(options, size);
        auto ready = bench.prepare([&](const std::string& name) { progress(where + ": preparing " + name); });
        if (!ready) return ready.error();
        for (const bool busy : options.busy_neighbour ? std::vector<bool>{false, true} : std::vector<bool>{false}) {
          const Neighbour neighbour(busy);
          for (auto& variant : bench.variants()) variant.times.clear();
          for (int round = 0; round < options.rounds; ++round) {
            progress(where + (busy ? ", busy neighbour" : "") + ": round " + std::to_string(round + 1));
            for (auto& variant : bench.variants()) {
              if (stop) return Error{ErrorKind::interrupted, "interrupted: the benchmark is not complete"};
              for (int i = 0; i < kRunsATurn; ++i) {
                const auto start = Clock::now();
                variant.run();
                if (i > 0) variant.times.push_back(milliseconds(Clock::now() - start));
              }
            }
          }
          for (const auto& variant : bench.variants()) {
            const auto eager = std::find_if(bench.variants().begin(), bench.variants().end(), [&](const Variant& v) {
              return v.part == variant.part && v.name == kEager;
            });
            Measurement m;
            m.part = variant.part;
            m.variant = variant.name;
            m.size = size;
            m.threads = at::get_num_threads();
            m.busy_neighbour = busy;
            m.median_ms = median(variant.times);
            m.min_ms = *std::min_element(variant.times.begin(), variant.times.end());
            m.times_eager = eager == bench.variants().end() ? 0 : median(eager->times) / m.median_ms;
            m.resident_mib = variant.resident_mib;
            all.push_back(std::move(m));
          }
        }
      }
    }
  } catch (const c10::Error& error) {
    return Error{ErrorKind::internal, std::string("LibTorch: ") + error.what_without_backtrace()};
  } catch (const cv::Exception& error) {
    return Error{ErrorKind::internal, std::string("OpenCV: ") + error.what()};
  }
  return all;
}

}  // namespace dualsight
