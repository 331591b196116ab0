// log.csv: one line a step, columns named in the first line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/training/named_values.h"

namespace dualsight {

struct LogLine {
  int64_t step = 0, epoch = 0;
  double loss = 0;
  NamedValues parts;  // of the loss
  double gradient = 0;
  double learning_rate = 0;
  double pictures_per_second = 0;
  NamedValues scores;  // empty: not evaluated at this step
};

class TrainLog {
 public:
  // Keeps the lines up to `last_step`: steps after the checkpoint are done, and written, again. 0 keeps none.
  // Columns: step, epoch, loss, `loss_names`, gradient, lr, pictures_per_second, `score_names`.
  // Error: ErrorKind::output, with the path.
  static Result<TrainLog> open(const std::filesystem::path& path, const std::vector<std::string>& loss_names,
                               const std::vector<std::string>& score_names, int64_t last_step);

  // On disk when it returns. What is NaN or missing among parts and scores is an empty field.
  Result<void> write(const LogLine& line);

 private:
  std::filesystem::path path_;
  std::vector<std::string> loss_names_, score_names_;
  std::ofstream file_;
};

}  // namespace dualsight
