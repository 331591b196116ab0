#include "detector/training/train_options.h"

#include <charconv>
#include <sstream>

#include "detector/training/training_task.h"

namespace dualsight {
namespace {

std::string one_of(const std::vector<std::string>& names) {  // "a, b or c"
  std::string text = names.front();
  for (std::size_t i = 1; i < names.size(); ++i) text += (i + 1 < names.size() ? ", " : " or ") + names[i];
  return text;
}

Error bad(const std::string& name, const std::string& value, const std::string& expected) {
  return {ErrorKind::usage, "--" + name + ": \"" + value + "\" is not " + expected};
}

TrainOption text(std::string name, std::string help, std::string TrainOptions::*member) {
  return {name, std::move(help), false,
          [member](TrainOptions& options, const std::string& value) -> Result<void> {
            options.*member = value;
            return {};
          },
          [member](const TrainOptions& options) { return options.*member; }};
}

// A number within [low, high].
template <typename T>
TrainOption number(std::string name, std::string help, T TrainOptions::*member, double low, double high) {
  std::ostringstream range;
  range << (std::is_integral_v<T> ? "a whole number" : "a number") << " from " << low << " to " << high;
  return {name, std::move(help), false,
          [=, expected = range.str()](TrainOptions& options, const std::string& value) -> Result<void> {
            T parsed{};
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
            const bool whole = error == std::errc() && end == value.data() + value.size();
            if (!whole || !(static_cast<double>(parsed) >= low && static_cast<double>(parsed) <= high)) {
              return bad(name, value, expected);
            }
            options.*member = parsed;
            return {};
          },
          [member](const TrainOptions& options) {
            std::ostringstream out;
            out << options.*member;
            return out.str();
          }};
}

TrainOption flag(std::string name, std::string help, bool TrainOptions::*member, bool value_when_given) {
  return {name, std::move(help), true,
          [=](TrainOptions& options, const std::string& value) -> Result<void> {
            if (value != "" && value != "true" && value != "false") return bad(name, value, "true or false");
            options.*member = (value != "false") == value_when_given;
            return {};
          },
          [=](const TrainOptions& options) {
            return std::string((options.*member == value_when_given) ? "true" : "false");
          }};
}

}  // namespace

const std::vector<TrainOption>& train_option_table() {
  using O = TrainOptions;
  static const std::vector<TrainOption> table = {
      text("data", "training data: a COCO folder, or packed files separated by commas", &O::data),
      text("val", "the same, for evaluation", &O::val),
      text("output", "folder for checkpoint, weights and log", &O::output),
      text("task", "what to learn: " + training_task_names(), &O::task),
      text("model", one_of(backbone_names()), &O::model),
      text("init", "weights to start from (or several, by commas: the last that fits); what fits nowhere starts fresh",
           &O::init),
      text("teacher", "a trained model whose features are to be learnt as well", &O::teacher),
      number("teacher-weight", "how much the teacher counts at first; falls to 0 as the learning rate does",
             &O::teacher_weight, 0, 1000),
      text("teacher-labels", "COCO results of a detector, for the classes that a picture does not label exhaustively",
           &O::teacher_labels),
      flag("resume", "go on from OUTPUT/checkpoint.safetensors", &O::resume, true),
      number("size", "input size in pixels, a multiple of 32", &O::size, 64, 2048),
      number("epochs", "times through the data", &O::epochs, 1, 100000),
      number("batch", "pictures a step", &O::batch, 1, 4096),
      number("lr", "peak learning rate for 16 pictures a step (scaled by the root of the batch)", &O::lr, 0, 10),
      number("weight-decay", "AdamW's weight decay", &O::weight_decay, 0, 10),
      number("warmup-steps", "steps to the peak learning rate", &O::warmup_steps, 0, 1e6),
      number("plain-epochs", "last epochs without mosaic and with mild augmentation", &O::plain_epochs, 0, 100000),
      number("mosaic", "probability of four pictures in one", &O::mosaic, 0, 1),
      number("repeat-rare",
             "show pictures more often whose classes are in less than this part of all (0.05: a twentieth)",
             &O::repeat_rare, 0, 1),
      number("clip", "largest gradient norm", &O::clip, 1e-6, 1e9),
      number("ema", "decay of the moving average of weights", &O::ema, 0, 1),
      number("eval-every", "epochs between evaluations", &O::eval_every, 1, 100000),
      number("save-every", "steps between checkpoints", &O::save_every, 1, 1e9),
      number("max-steps", "stop after this many steps in all; 0: no limit", &O::max_steps, 0, 1e9),
      number("max-minutes", "stop after this many minutes; 0: no limit", &O::max_minutes, 0, 1e9),
      number("threads", "CPU threads; 0: all cores", &O::threads, 0, 1024),
      number("workers", "threads that prepare pictures", &O::workers, 1, 1024),
      flag("no-bf16", "float32 throughout", &O::bf16, false),
      text("device", "auto, cpu or cuda", &O::device),
      number("seed", "names the run: same seed, same run (on one thread)", &O::seed, 0, 1e18),
      text("storage", "of the weights written: f32, bf16 (half the size) or int8 (a quarter)", &O::storage),
      number("freeze", "stages that stay as they are: 1 the stem, 2 also C2's stage, ...", &O::freeze, 0, 5),
  };
  return table;
}

}  // namespace dualsight
