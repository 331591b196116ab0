// The training run: batches -> loss -> step, with evaluation, checkpoints and a log beside it.
#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/utils.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <thread>

#include "backbone/dpn.h"
#include "backbone/safetensors.h"
#include "backbone/torch_compat.h"
#include "detector/core/decode.h"
#include "detector/core/runtime.h"
#include "detector/data/file_list.h"
#include "detector/data/jpeg.h"
#include "detector/evaluation/evaluate.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"
#include "detector/training/loader.h"
#include "detector/training/loss.h"
#include "detector/training/optimizer.h"
#include "detector/training/train_options.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double kMaxBadPictures = 0.1;  // share that may fail to decode before the run refuses to start
constexpr const char* kCheckpointFormat = "dualsight-checkpoint/1";

// For decoded pictures: half of the memory that is free, 8 GiB at most.
uint64_t cache_bytes() {
  const auto free = static_cast<uint64_t>(std::max(0L, sysconf(_SC_AVPHYS_PAGES))) *
                    static_cast<uint64_t>(std::max(0L, sysconf(_SC_PAGESIZE)));
  return std::min<uint64_t>(8ULL << 30, free / 2);
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Result<torch::Device> choose_device(const std::string& name) {
  if (name == "cpu") return torch::Device(torch::kCPU);
  if (name != "auto" && name != "cuda") {
    return Error{ErrorKind::usage, "--device: \"" + name + "\" is not one of auto, cpu, cuda"};
  }
  if (torch::cuda::is_available()) return torch::Device(torch::kCUDA);
  if (name == "cuda") return Error{ErrorKind::usage, "--device cuda: LibTorch finds no CUDA device"};
  return torch::Device(torch::kCPU);
}

// 1 until the warm-up ends, then half a cosine down to 0.
double cosine(const TrainOptions& options, int64_t step, int64_t steps) {
  const double progress = static_cast<double>(std::max<int64_t>(0, step - options.warmup_steps)) /
                          static_cast<double>(std::max<int64_t>(1, steps - options.warmup_steps));
  return 0.5 * (1 + std::cos(M_PI * std::min(1.0, progress)));
}

// Linear warm-up, then half a cosine down to 1% of the peak (Loshchilov & Hutter 2017).
double learning_rate(const TrainOptions& options, int64_t step, int64_t steps) {
  const double peak = options.lr * std::sqrt(options.batch / 16.0);
  if (step < options.warmup_steps) return peak * static_cast<double>(step + 1) / options.warmup_steps;
  return peak * (0.01 + 0.99 * cosine(options, step, steps));
}

Targets to_device(const Targets& t, torch::Device device) {
  return {t.boxes.to(device), t.classes.to(device), t.valid.to(device), t.unknown.to(device), t.scores.to(device)};
}

Targets slice(const Targets& t, int64_t b) {
  return {t.boxes.slice(0, b, b + 1), t.classes.slice(0, b, b + 1), t.valid.slice(0, b, b + 1),
          t.unknown.slice(0, b, b + 1), t.scores.slice(0, b, b + 1)};
}

// Which pictures of a batch have a loss that is not finite, by name.
std::string culprits(const NetworkOutput& output, const torch::Tensor& cells, const Targets& targets,
                     const std::vector<std::string>& names) {
  torch::NoGradGuard no_grad;
  std::string found;
  for (int64_t b = 0; b < output.logits.size(0); ++b) {
    const NetworkOutput one = {output.logits.slice(0, b, b + 1), output.distances.slice(0, b, b + 1)};
    if (std::isfinite(detection_loss(one, cells, slice(targets, b)).total.item<double>())) continue;
    found += (found.empty() ? "" : ", ") + names[static_cast<std::size_t>(b)];
  }
  return found.empty() ? "the whole batch" : found;
}

// Copies what fits (same name and shape) out of a model file, or out of any safetensors file whose names are those of
// the backbone alone (timm's dpn92, torchvision's resnet18). Returns a line that says how much fitted.
Result<std::string> initialise_from(DetectionNet& network, const std::string& path) {
  const auto file = Safetensors::open(path);
  if (!file) return file.error();
  torch::NoGradGuard no_grad;
  std::map<std::string, torch::Tensor> source;
  const bool ours = file->metadata().count("format") != 0;
  if (ours) {
    const auto model = load_model(path);
    if (!model) return model.error();
    for (const auto& [name, tensor] : state_dict(*model->network)) source[name] = tensor;
  } else {
    for (const auto& name : file->names()) source["backbone." + name] = *file->tensor(name);
  }
  int copied = 0, total = 0;
  for (auto& [name, tensor] : state_dict(network)) {
    if (name.ends_with("num_batches_tracked")) continue;
    ++total;
    const auto found = source.find(name);
    if (found == source.end() || found->second.sizes() != tensor.sizes()) continue;
    tensor.copy_(found->second);
    ++copied;
  }
  if (copied == 0) return Error{ErrorKind::model, path + ": nothing in it fits this network"};
  if (auto* original = network.backbone().as<OriginalDpnImpl>(); original && !ours) original->initialise_taps();
  return path + ": " + std::to_string(copied) + " of " + std::to_string(total) +
         " tensors taken, the rest stays as it was";
}

// The lines of a log up to `step`: what came after the checkpoint will be done, and written, again.
std::string logged_until(const fs::path& path, int64_t step) {
  std::string kept;
  std::ifstream log(path);
  std::string line;
  std::getline(log, line);  // the heading
  while (std::getline(log, line)) {
    if (std::atoll(line.c_str()) <= step && line.find(',') != std::string::npos) kept += line + '\n';
  }
  return step > 0 ? kept : "";
}

// Everything a run consists of.
class Run {
 public:
  Run(const TrainOptions& options, const Dataset& data, const Dataset* val, torch::Device device)
      : options_(options),
        data_(data),
        val_(val),
        device_(device),
        bf16_(options.bf16 && has_bf16(device.is_cuda())),
        cache_(data, cache_bytes()) {}

  Result<TrainSummary> run(const std::function<void(const TrainProgress&)>& progress,
                           const std::function<bool()>& stop);

 private:
  using Progress = std::function<void(const TrainProgress&)>;
  using Stop = std::function<bool()>;
  Result<std::vector<std::size_t>> usable_pictures(const Progress& progress, const Stop& stop);
  Result<void> prepare(const Progress& progress);
  Result<void> resume();
  Result<void> save_checkpoint(int64_t step);
  Result<void> save_weights(const fs::path& path);
  Evaluation evaluate_now();
  fs::path file(const char* name) const { return fs::path(options_.output) / name; }

  const TrainOptions& options_;
  const Dataset& data_;
  const Dataset* val_;
  torch::Device device_;
  bool bf16_;
  PictureCache cache_;
  ModelInfo info_;
  Storage storage_ = Storage::float32;
  std::shared_ptr<DetectionNet> network_, teacher_;
  std::unique_ptr<AdamW> optimizer_;
  std::unique_ptr<WeightAverage> average_;
  torch::Tensor cells_;
  int64_t step_ = 0;
  double map_ = -1, map50_ = -1, best_map_ = -1;
  double smooth_loss_ = 0;
};

// Decodes every picture once, which also fills the cache.
Result<std::vector<std::size_t>> Run::usable_pictures(const Progress& progress, const Stop& stop) {
  const auto count = data_.pictures.size();
  std::vector<char> readable(count, 0);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> quit = false;
  std::vector<std::thread> threads;
  for (int t = 0; t < options_.workers; ++t) {
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < count && !quit; i = next++) readable[i] = cache_.get(i) != nullptr;
    });
  }
  while (next < count && !quit) {
    quit = stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (auto& thread : threads) thread.join();
  if (quit) return Error{ErrorKind::interrupted, "stopped before the first step"};

  std::vector<std::size_t> usable;
  std::size_t bad = 0;
  TrainProgress note;
  const auto tell = [&](const std::string& line) {
    note.note = line;
    progress(note);
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (readable[i]) {
      usable.push_back(i);
    } else if (++bad <= 10) {
      tell(data_.pictures[i].file_name + ": cannot be decoded; skipped");
    }
  }
  if (bad > 0) tell(std::to_string(bad) + " of " + std::to_string(count) + " pictures skipped");
  if (usable.empty() || static_cast<double>(bad) > kMaxBadPictures * static_cast<double>(count)) {
    return Error{ErrorKind::training,
                 std::to_string(bad) + " of " + std::to_string(count) + " training pictures cannot be decoded"};
  }
  return usable;
}

Result<void> Run::prepare(const Progress& progress) {
  info_.architecture = options_.model;
  info_.class_names = data_.class_names;
  info_.input_size = options_.size;
  info_.thresholds.assign(data_.class_names.size(), 0.4F);
  info_.name = options_.model + " trained on " + title_of(options_.data);
  if (info_.class_names.empty()) return Error{ErrorKind::source, options_.data + ": no classes"};
  const auto storage = parse_storage(options_.storage);
  if (!storage) return storage.error();
  storage_ = *storage;
  if (options_.size % 32 != 0) return Error{ErrorKind::usage, "--size must be a multiple of 32"};
  if (!make_backbone(options_.model)) {
    return Error{ErrorKind::usage, "--model: \"" + options_.model + "\" is not one of dpn92, dpn92-original, resnet18"};
  }
  if (val_ && val_->class_names != data_.class_names) {
    return Error{ErrorKind::source, options_.val + ": its classes differ from those of " + options_.data};
  }
  std::error_code error;
  fs::create_directories(options_.output, error);
  if (error) return Error{ErrorKind::output, options_.output + ": " + error.message()};

  set_inference_threads(options_.threads);
  torch::manual_seed(options_.seed);
  network_ = std::make_shared<DetectionNet>(options_.model, static_cast<int64_t>(data_.class_names.size()));
  for (const fs::path& path : files_of(options_.resume ? "" : options_.init)) {
    const auto taken = initialise_from(*network_, path.string());
    if (!taken) return taken.error();
    TrainProgress note;
    note.note = *taken;
    progress(note);
  }
  if (!options_.teacher.empty()) {
    const auto model = load_model(options_.teacher);
    if (!model) return model.error();
    teacher_ = model->network;
    teacher_->to(device_);
    teacher_->eval();
    to_channels_last(*teacher_);
  }
  if (device_.is_cuda()) choose_fastest_convolutions();
  network_->to(device_);
  network_->backbone().freeze(options_.freeze);
  network_->train();
  to_channels_last(*network_);
  optimizer_ = std::make_unique<AdamW>(*network_, options_.weight_decay);
  average_ = std::make_unique<WeightAverage>(*network_, options_.ema);
  cells_ = cell_grid(options_.size, device_);
  return options_.resume ? resume() : Result<void>();
}

// Enough digits to read the same number back.
std::string exact(double value) {
  std::ostringstream out;
  out << std::setprecision(17) << value;
  return out.str();
}

// What must not change between a run and its resumption. Epochs may: that is how a run is prolonged.
Metadata fingerprint(const TrainOptions& options, const Dataset& data) {
  std::string classes;
  for (const auto& name : data.class_names) classes += (classes.empty() ? "" : "\n") + name;
  return {{"format", kCheckpointFormat},
          {"model", options.model},
          {"classes", classes},
          {"pictures", std::to_string(data.pictures.size())},
          {"size", std::to_string(options.size)},
          {"batch", std::to_string(options.batch)},
          {"seed", std::to_string(options.seed)},
          {"lr", std::to_string(options.lr)},
          {"warmup-steps", std::to_string(options.warmup_steps)},
          {"weight-decay", std::to_string(options.weight_decay)},
          {"mosaic", std::to_string(options.mosaic)},
          {"repeat-rare", std::to_string(options.repeat_rare)},
          {"ema", std::to_string(options.ema)},
          {"freeze", std::to_string(options.freeze)}};
}

Result<void> Run::resume() {
  const auto path = file("checkpoint.safetensors");
  const auto checkpoint = Safetensors::open(path);
  if (!checkpoint) return checkpoint.error();
  const auto& metadata = checkpoint->metadata();
  for (const auto& [key, value] : fingerprint(options_, data_)) {
    const auto found = metadata.find(key);
    if (found == metadata.end() || found->second != value) {
      return Error{ErrorKind::model, path.string() + ": was made with another " + key};
    }
  }
  try {
    step_ = std::stoll(metadata.at("step"));
    best_map_ = std::stod(metadata.at("best_map"));
    map_ = std::stod(metadata.at("map"));
    map50_ = std::stod(metadata.at("map50"));
    smooth_loss_ = std::stod(metadata.at("smooth_loss"));
  } catch (const std::exception&) {
    return Error{ErrorKind::model, path.string() + ": no step in its metadata"};
  }
  torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : state_dict(*network_)) {
    const auto saved = checkpoint->view("model." + name);
    if (!saved) return saved.error();
    if (saved->sizes() != tensor.sizes()) {
      return Error{ErrorKind::model, path.string() + ": \"" + name + "\" has another shape"};
    }
    tensor.copy_(*saved);
  }
  if (auto done = optimizer_->load(*checkpoint, step_); !done) return done;
  return average_->load(*checkpoint, step_);
}

Result<void> Run::save_checkpoint(int64_t step) {
  NamedTensors tensors;
  for (const auto& [name, tensor] : state_dict(*network_)) tensors.emplace_back("model." + name, tensor.detach());
  optimizer_->save(tensors);
  average_->save(tensors);
  auto metadata = fingerprint(options_, data_);
  metadata["step"] = std::to_string(step);
  metadata["best_map"] = exact(best_map_);
  metadata["map"] = exact(map_);
  metadata["map50"] = exact(map50_);
  metadata["smooth_loss"] = exact(smooth_loss_);
  return write_safetensors(file("checkpoint.safetensors"), tensors, metadata);
}

Result<void> Run::save_weights(const fs::path& path) {
  average_->swap();
  auto info = info_;
  info.provenance = std::to_string(step_) + " steps of " + std::to_string(options_.batch) + " pictures at " +
                    std::to_string(options_.size) + " px, seed " + std::to_string(options_.seed);
  if (map50_ >= 0) {
    std::ostringstream map50, map;
    map50 << std::fixed << std::setprecision(1) << 100 * map50_;
    map << std::fixed << std::setprecision(1) << 100 * map_;
    info.scores = {{"val mAP50", map50.str()}, {"val mAP", map.str()}};
  }
  auto done = save_model(path, *network_, info, storage_);
  average_->swap();
  return done;
}

Evaluation Run::evaluate_now() {
  torch::InferenceMode inference;
  network_->eval();
  DecodeOptions decode_options;
  decode_options.thresholds.assign(data_.class_names.size(), 0.01F);
  decode_options.multi_label = true;
  std::vector<std::vector<Detection>> detections(val_->pictures.size());
  const auto batch = static_cast<std::size_t>(device_.is_cuda() ? 64 : 8);
  for (std::size_t first = 0; first < val_->pictures.size(); first += batch) {
    const auto count = std::min(batch, val_->pictures.size() - first);
    auto pictures = torch::empty({static_cast<int64_t>(count), options_.size, options_.size, 3}, torch::kByte);
    std::vector<Letterbox> geometry(count);
    auto* squares = pictures.data_ptr<uint8_t>();
    const auto bytes = static_cast<std::size_t>(options_.size) * static_cast<std::size_t>(options_.size) * 3;
    at::parallel_for(0, static_cast<int64_t>(count), 1, [&](int64_t begin, int64_t end) {
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
        const auto picture = decode_jpeg(val_->pictures[first + i].encoded);
        const Image blank(1, 1);  // nothing will be found on what cannot be read, and that counts
        const Image& pixels = picture ? *picture : blank;
        Image square;
        geometry[i] = fit_letterbox(pixels.width, pixels.height, options_.size);
        letterbox(pixels.view(), geometry[i], square);
        std::copy(square.pixels.begin(), square.pixels.end(), squares + i * bytes);
      }
    });
    NetworkOutput output;
    {
      const Autocast autocast(device_, bf16_);
      output = network_->forward(to_network_input(pictures.to(device_), info_));
    }
    const auto logits = output.logits.to(torch::kCPU).contiguous();
    const auto distances = output.distances.to(torch::kCPU).contiguous();
    for (std::size_t i = 0; i < count; ++i) {
      const auto b = static_cast<int64_t>(i);
      detections[first + i] = decode(logits[b].data_ptr<float>(), distances[b].data_ptr<float>(), logits.size(2),
                                     geometry[i], decode_options);
    }
  }
  network_->train();
  return evaluate(*val_, detections);
}

Result<TrainSummary> Run::run(const std::function<void(const TrainProgress&)>& progress,
                              const std::function<bool()>& stop) {
  const auto started = Clock::now();
  if (auto ready = prepare(progress); !ready) return ready.error();
  auto usable = usable_pictures(progress, stop);
  if (!usable) return usable.error();

  BatchLoader::Options load;
  load.augment.size = options_.size;
  load.augment.mosaic = options_.mosaic;
  load.batch = options_.batch;
  load.workers = options_.workers;
  load.seed = options_.seed;
  load.plain_from_epoch = std::max(0, options_.epochs - options_.plain_epochs);
  BatchLoader loader(data_, cache_, repeat_rare(data_, *usable, options_.repeat_rare), load, step_);

  const int64_t per_epoch = loader.batches_per_epoch();
  const int64_t steps = per_epoch * options_.epochs;
  const int64_t last = options_.max_steps > 0 ? std::min<int64_t>(steps, options_.max_steps) : steps;

  const auto kept = logged_until(file("log.csv"), step_);
  std::ofstream log(file("log.csv"), std::ios::trunc);
  log << "step,epoch,loss,box,classes,teacher,positives,gradient,lr,pictures_per_second,mAP,mAP50\n" << kept;
  if (!log) return Error{ErrorKind::output, file("log.csv").string() + ": cannot be written"};

  const auto first_step_at = Clock::now();
  const int64_t first_step = step_;
  TrainProgress state;
  state.epochs = options_.epochs;
  state.steps = last;
  bool stopped = false;

  while (step_ < last) {
    auto batch = loader.next();
    const auto input = to_network_input(batch.pictures.to(device_), info_);
    const auto targets = to_device(batch.targets, device_);

    NetworkOutput output;
    Pyramid pyramid, taught;
    {
      const Autocast autocast(device_, bf16_);
      pyramid = network_->pyramid(input);
      output = network_->detect(pyramid);
      if (teacher_) {
        torch::NoGradGuard no_grad;
        taught = teacher_->pyramid(input);
      }
    }
    auto loss = detection_loss(output, cells_, targets);
    std::string distance_logged;
    if (teacher_) {
      const auto distance = feature_distance(pyramid, taught);
      loss.total = loss.total + options_.teacher_weight * cosine(options_, step_, steps) * distance;
      distance_logged = std::to_string(distance.item<float>());
    }
    const auto value = loss.total.item<double>();
    if (!std::isfinite(value)) {
      return Error{ErrorKind::training, "step " + std::to_string(step_) + ": the loss is not finite; picture: " +
                                            culprits(output, cells_, targets, batch.names)};
    }
    optimizer_->zero_grad();
    loss.total.backward();
    const double gradient = optimizer_->clip_gradients(options_.clip);
    if (!std::isfinite(gradient)) {
      std::string names;
      for (const auto& name : batch.names) names += (names.empty() ? "" : ", ") + name;
      return Error{ErrorKind::training,
                   "step " + std::to_string(step_) + ": the gradient is not finite; among the pictures: " + names};
    }
    const double lr = learning_rate(options_, step_, steps);
    optimizer_->step(lr);
    average_->update();
    ++step_;

    const bool epoch_ends = step_ % per_epoch == 0;
    const int64_t epoch = (step_ - 1) / per_epoch + 1;
    const double elapsed = seconds_since(first_step_at);
    state.note.clear();
    bool evaluated = false;
    if (val_ && ((epoch_ends && epoch % options_.eval_every == 0) || step_ == last)) {
      average_->swap();
      const auto result = evaluate_now();
      average_->swap();
      map_ = std::isfinite(result.mean.ap) ? result.mean.ap : 0;
      map50_ = std::isfinite(result.mean.ap50) ? result.mean.ap50 : 0;
      evaluated = true;
      std::ostringstream note;
      note << "epoch " << epoch << ": mAP50 " << std::fixed << std::setprecision(1) << 100 * map50_ << ", mAP "
           << 100 * map_;
      state.note = note.str();
      if (map_ >= best_map_) {
        best_map_ = map_;
        if (auto saved = save_weights(file("best.safetensors")); !saved) return saved.error();
      }
    }

    smooth_loss_ = step_ == 1 ? value : 0.98 * smooth_loss_ + 0.02 * value;
    state.epoch = static_cast<int>(epoch);
    state.step = step_;
    state.loss = smooth_loss_;
    state.map = map_;
    state.map50 = map50_;
    state.pictures_per_second = static_cast<double>(step_ - first_step) * options_.batch / elapsed;
    state.eta_seconds = elapsed / static_cast<double>(step_ - first_step) * static_cast<double>(last - step_);
    log << step_ << ',' << epoch << ',' << value << ',' << loss.box << ',' << loss.classes << ',' << distance_logged
        << ',' << loss.positives << ',' << gradient << ',' << lr << ',' << state.pictures_per_second << ',';
    if (evaluated)
      log << map_ << ',' << map50_;
    else
      log << ',';
    log << '\n';
    if (!log.flush()) return Error{ErrorKind::output, file("log.csv").string() + ": cannot be written (disk full?)"};

    stopped = stop() || (options_.max_minutes > 0 && seconds_since(started) > 60 * options_.max_minutes);
    if (step_ % options_.save_every == 0 || step_ == last || stopped) {
      // Weights first: a run killed between the two then does a few steps again, rather than none and keeps old
      // weights.
      if (auto saved = save_weights(file("model.safetensors")); !saved) return saved.error();
      if (auto saved = save_checkpoint(step_); !saved) return saved.error();
    }
    progress(state);
    if (stopped) break;
  }

  TrainSummary summary;
  summary.steps = step_;
  summary.final_loss = smooth_loss_;
  summary.map = map_;
  summary.map50 = map50_;
  summary.weights = file("model.safetensors").string();
  summary.finished = step_ >= steps;
  return summary;
}

}  // namespace

Result<TrainSummary> train(const TrainOptions& options, const Dataset& data, const Dataset* val,
                           const std::function<void(const TrainProgress&)>& progress,
                           const std::function<bool()>& stop) {
  const auto device = choose_device(options.device);
  if (!device) return device.error();
  try {
    return Run(options, data, val, *device).run(progress, stop);
  } catch (const c10::Error& error) {  // out of memory, a GPU that went away
    return Error{ErrorKind::training, std::string("LibTorch: ") + error.what_without_backtrace()};
  } catch (const std::exception& error) {
    return Error{ErrorKind::training, error.what()};
  }
}

}  // namespace dualsight
