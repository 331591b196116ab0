// What is learnt. A TrainingTask has all that differs from one task to another: the network, the targets, the loss, the
// scores. The trainer (trainer.h) has all that does not: steps, optimiser, moving average, checkpoints, log, resuming.
//
// A new task is one folder beside detection/ and one row in the table of training_task.cpp.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/data/dataset.h"
#include "detector/training/augment.h"
#include "detector/training/named_values.h"
#include "detector/training/train_options.h"

namespace dualsight {

// The meaning of each tensor is the task's own; the first dimension is always the picture within the batch.
using Tensors = std::vector<torch::Tensor>;

struct TaskLoss {
  torch::Tensor total;  // scalar, with gradient: what the step minimises
  NamedValues parts;    // for the log
};

// What a task is made from. All of it outlives the task.
struct TaskContext {
  const TrainOptions& options;
  const Dataset& data;  // the training set
  torch::Device device;
  bool bf16;  // forward passes may run in mixed precision (Autocast)
};

// One object serves one run. The trainer's thread calls everything but collate().
class TrainingTask {
 public:
  virtual ~TrainingTask() = default;

  // Columns of log.csv, in this order. loss() and evaluate() may leave some out: their fields stay empty.
  virtual std::vector<std::string> loss_names() const = 0;
  virtual std::vector<std::string> score_names() const = 0;
  // The score that says which weights are the best so far (best.safetensors); the higher, the better.
  virtual std::string best_score() const = 0;

  // The network with new weights, on the CPU, drawn from LibTorch's random numbers. Called once, before all below.
  // The task keeps it too: the trainer moves it to the device, changes its weights, and calls train() and eval().
  virtual std::shared_ptr<torch::nn::Module> make_network() = 0;

  // The targets of a batch, on the CPU. Any thread may call, several at a time.
  virtual Tensors collate(const std::vector<TrainingSample>& samples) const = 0;

  // From pictures, uint8 [B, S, S, 3], BGR, to all that loss() needs of them. Both are on the device.
  virtual Tensors forward(const torch::Tensor& pictures) = 0;

  // `outputs` of forward() and `targets` of collate(), of the same pictures, on the device. `fade` is 1 at first and
  // falls to 0 with the learning rate, for parts that are to help at the start only.
  virtual TaskLoss loss(const Tensors& outputs, const Tensors& targets, double fade) const = 0;

  // Scores from 0 to 1. The trainer has put the averaged weights in place and set eval mode.
  virtual NamedValues evaluate(const Dataset& val) = 0;

  // Scores for people: "mAP 43.1, mAP50 60.2", in per cent.
  virtual std::string describe(const NamedValues& scores) const;

  // Writes the network for use (`dualsight detect`). `provenance`: one line that says how it was trained.
  // Error: ErrorKind::output, with the path.
  virtual Result<void> save(const std::filesystem::path& path, const std::string& provenance,
                            const NamedValues& scores) const = 0;
};

struct TrainingTaskEntry {
  std::string name;  // what --task takes
  // Checks the options. Errors: ErrorKind::usage (an option), source (the data), model (a file that is named).
  std::function<Result<std::unique_ptr<TrainingTask>>(const TaskContext&)> make;
};

// All tasks, in the order of the help text.
const std::vector<TrainingTaskEntry>& training_tasks();
std::string training_task_names();  // "detect, classify"

// Adds a task, or replaces the one of its name. Not while another thread looks at the table.
void register_training_task(TrainingTaskEntry entry);

// Error (ErrorKind::usage): no task is called options.task; else what the task's own check says.
Result<std::unique_ptr<TrainingTask>> make_training_task(const TaskContext& context);

}  // namespace dualsight
