#include "detector/training/trainer.h"

#include <torch/cuda.h>
#include <torch/utils.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>

#include "backbone/torch_compat.h"
#include "detector/core/runtime.h"
#include "detector/data/file_list.h"
#include "detector/training/checkpoint.h"
#include "detector/training/initialise.h"
#include "detector/training/loader.h"
#include "detector/training/optimizer.h"
#include "detector/training/output_folder.h"
#include "detector/training/picture_cache.h"
#include "detector/training/schedule.h"
#include "detector/training/train_log.h"
#include "detector/training/training_task.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Progress = std::function<void(const TrainProgress&)>;
using Stop = std::function<bool()>;

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

Tensors to_device(Tensors tensors, torch::Device device) {
  for (auto& tensor : tensors) tensor = tensor.to(device);
  return tensors;
}

// Picture `b` of a batch alone.
Tensors only(const Tensors& tensors, int64_t b) {
  Tensors one;
  for (const auto& tensor : tensors) one.push_back(tensor.slice(0, b, b + 1));
  return one;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

class Run {
 public:
  Run(const TrainOptions& options, const Dataset& data, const Dataset* val, torch::Device device)
      : options_(options), data_(data), val_(val), device_(device), cache_(data, affordable_cache_bytes()) {}

  Result<TrainSummary> run(const Progress& progress, const Stop& stop);

 private:
  struct Step {
    double loss = 0;
    NamedValues parts;
    double gradient = 0;  // its norm, before clipping
    double learning_rate = 0;
  };

  Result<void> prepare(const Progress& progress);
  Result<void> make_network(const Progress& progress);
  Result<Step> learn(const Batch& batch, const Schedule& schedule);
  Result<void> evaluate();
  Result<void> save_weights(const fs::path& path);
  std::string not_finite_in(const Tensors& outputs, const Tensors& targets, const Batch& batch) const;
  fs::path file(const char* name) const { return fs::path(options_.output) / name; }

  const TrainOptions& options_;
  const Dataset& data_;
  const Dataset* val_;
  torch::Device device_;
  PictureCache cache_;
  std::unique_ptr<TrainingTask> task_;
  std::shared_ptr<torch::nn::Module> network_;
  std::unique_ptr<AdamW> optimizer_;
  std::unique_ptr<WeightAverage> average_;
  std::unique_ptr<Checkpoint> checkpoint_;
  TrainState state_;
};

void tell(const Progress& progress, const std::string& line) {
  TrainProgress note;
  note.note = line;
  progress(note);
}

Result<void> Run::prepare(const Progress& progress) {
  auto task = make_training_task({options_, data_, device_, options_.bf16 && has_bf16(device_.is_cuda())});
  if (!task) return task.error();
  task_ = *std::move(task);
  if (val_ && val_->class_names != data_.class_names) {
    return Error{ErrorKind::source, options_.val + ": its classes differ from those of " + options_.data};
  }
  const auto earlier = prepare_output_folder(options_.output, options_.resume);
  if (!earlier) return earlier.error();
  if (!earlier->empty()) tell(progress, "the files of an earlier run are in " + *earlier + " now");
  state_.scores = without_values(task_->score_names());
  state_.best.name = task_->best_score();

  set_inference_threads(options_.threads);
  if (device_.is_cuda()) choose_fastest_convolutions();
  if (auto made = make_network(progress); !made) return made;
  optimizer_ = std::make_unique<AdamW>(*network_, options_.weight_decay);
  average_ = std::make_unique<WeightAverage>(*network_, options_.ema);
  checkpoint_ =
      std::make_unique<Checkpoint>(file("checkpoint.safetensors"), options_, data_, *network_, *optimizer_, *average_);
  return options_.resume ? checkpoint_->read(state_) : Result<void>();
}

Result<void> Run::make_network(const Progress& progress) {
  torch::manual_seed(options_.seed);
  network_ = task_->make_network();
  for (const fs::path& path : files_of(options_.resume ? "" : options_.init)) {
    const auto taken = initialise_from(*network_, options_.model, path.string());
    if (!taken) return taken.error();
    tell(progress, *taken);
  }
  network_->to(device_);
  network_->train();
  return {};
}

// Forward, loss, backward, and a step of the optimiser.
Result<Run::Step> Run::learn(const Batch& batch, const Schedule& schedule) {
  const auto targets = to_device(batch.targets, device_);
  const auto outputs = task_->forward(batch.pictures.to(device_));
  const auto loss = task_->loss(outputs, targets, schedule.fade(state_.step));
  Step step{loss.total.item<double>(), loss.parts, 0, schedule.learning_rate(state_.step)};
  if (!std::isfinite(step.loss)) {
    return Error{ErrorKind::training, "step " + std::to_string(state_.step) + ": the loss is not finite; picture: " +
                                          not_finite_in(outputs, targets, batch)};
  }
  optimizer_->zero_grad();
  loss.total.backward();
  step.gradient = optimizer_->clip_gradients(options_.clip);
  if (!std::isfinite(step.gradient)) {
    return Error{ErrorKind::training, "step " + std::to_string(state_.step) +
                                          ": the gradient is not finite; among the pictures: " + joined(batch.names)};
  }
  optimizer_->step(step.learning_rate);
  average_->update();
  state_.smooth_loss = state_.step == 0 ? step.loss : 0.98 * state_.smooth_loss + 0.02 * step.loss;
  ++state_.step;
  return step;
}

// The pictures of a batch whose own loss is not finite.
std::string Run::not_finite_in(const Tensors& outputs, const Tensors& targets, const Batch& batch) const {
  torch::NoGradGuard no_grad;
  std::vector<std::string> found;
  for (std::size_t b = 0; b < batch.names.size(); ++b) {
    const auto at = static_cast<int64_t>(b);
    const auto loss = task_->loss(only(outputs, at), only(targets, at), 1).total.item<double>();
    if (!std::isfinite(loss)) found.push_back(batch.names[b]);
  }
  return found.empty() ? "the whole batch" : joined(found);
}

// Of the averaged weights, which are saved where they are the best so far.
Result<void> Run::evaluate() {
  average_->swap();
  network_->eval();
  state_.scores = task_->evaluate(*val_);
  network_->train();
  average_->swap();
  const double score = value_of(state_.scores, state_.best.name);
  if (score < state_.best.value) return {};
  state_.best.value = score;
  return save_weights(file("best.safetensors"));
}

Result<void> Run::save_weights(const fs::path& path) {
  average_->swap();
  auto done =
      task_->save(path,
                  std::to_string(state_.step) + " steps of " + std::to_string(options_.batch) + " pictures at " +
                      std::to_string(options_.size) + " px, seed " + std::to_string(options_.seed),
                  state_.scores);
  average_->swap();
  return done;
}

Result<TrainSummary> Run::run(const Progress& progress, const Stop& stop) {
  const auto started = Clock::now();
  if (auto ready = prepare(progress); !ready) return ready.error();
  const auto usable = decodable_pictures(
      data_, cache_, options_.workers, [&](const std::string& line) { tell(progress, line); }, stop);
  if (!usable) return usable.error();

  BatchLoader::Options load;
  load.augment.size = options_.size;
  load.augment.mosaic = options_.mosaic;
  load.batch = options_.batch;
  load.workers = options_.workers;
  load.seed = options_.seed;
  load.plain_from_epoch = std::max(0, options_.epochs - options_.plain_epochs);
  load.collate = [this](const std::vector<TrainingSample>& samples) { return task_->collate(samples); };
  BatchLoader loader(data_, cache_, repeat_rare(data_, *usable, options_.repeat_rare), load, state_.step);

  const int64_t per_epoch = loader.batches_per_epoch();
  const int64_t steps = per_epoch * options_.epochs;
  const int64_t last = options_.max_steps > 0 ? std::min<int64_t>(steps, options_.max_steps) : steps;
  const Schedule schedule(options_, steps);
  if (const int64_t warmup = Schedule::warmup_for(options_, steps); warmup != options_.warmup_steps) {
    tell(progress, "warm-up: " + std::to_string(warmup) + " steps, for the " + std::to_string(options_.warmup_steps) +
                       " of --warmup-steps are more than half of the run's " + std::to_string(steps));
  }
  auto log = TrainLog::open(file("log.csv"), task_->loss_names(), task_->score_names(), state_.step);
  if (!log) return log.error();

  const auto first_step_at = Clock::now();
  const int64_t first_step = state_.step;
  bool stopped = false;
  while (state_.step < last && !stopped) {
    const auto step = learn(loader.next(), schedule);
    if (!step) return step.error();
    const double elapsed = seconds_since(first_step_at);
    const auto done = static_cast<double>(state_.step - first_step);
    const int64_t epoch = (state_.step - 1) / per_epoch + 1;
    const bool epoch_ends = state_.step % per_epoch == 0;
    const bool evaluated = val_ && ((epoch_ends && epoch % options_.eval_every == 0) || state_.step == last);
    if (evaluated) {
      if (auto saved = evaluate(); !saved) return saved.error();
    }

    TrainProgress report;
    report.epoch = static_cast<int>(epoch);
    report.epochs = options_.epochs;
    report.step = state_.step;
    report.steps = last;
    report.loss = state_.smooth_loss;
    report.scores = state_.scores;
    report.pictures_per_second = done * options_.batch / elapsed;
    report.eta_seconds = elapsed / done * static_cast<double>(last - state_.step);
    if (evaluated) report.note = "epoch " + std::to_string(epoch) + ": " + task_->describe(state_.scores);
    if (auto written = log->write({state_.step, epoch, step->loss, step->parts, step->gradient, step->learning_rate,
                                   report.pictures_per_second, evaluated ? state_.scores : NamedValues()});
        !written) {
      return written.error();
    }

    stopped = stop() || (options_.max_minutes > 0 && seconds_since(started) > 60 * options_.max_minutes);
    if (state_.step % options_.save_every == 0 || state_.step == last || stopped) {
      // Weights before the checkpoint: a run that is killed between the two repeats a few steps and writes them again.
      // The other way round the old weights would stay.
      if (auto saved = save_weights(file("model.safetensors")); !saved) return saved.error();
      if (auto saved = checkpoint_->write(state_); !saved) return saved.error();
    }
    progress(report);
  }

  TrainSummary summary;
  summary.steps = state_.step;
  summary.final_loss = state_.smooth_loss;
  summary.scores = state_.scores;
  summary.weights = file("model.safetensors").string();
  summary.finished = state_.step >= steps;
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
