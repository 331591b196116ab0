#include "detector/training/train_log.h"

#include <cmath>
#include <cstdlib>

namespace dualsight {
namespace {

std::string lines_until(const std::filesystem::path& path, int64_t last_step) {
  std::string kept;
  std::ifstream log(path);
  std::string line;
  std::getline(log, line);  // the names of the columns
  while (std::getline(log, line)) {
    if (std::atoll(line.c_str()) <= last_step && line.find(',') != std::string::npos) kept += line + '\n';
  }
  return kept;
}

}  // namespace

Result<TrainLog> TrainLog::open(const std::filesystem::path& path, const std::vector<std::string>& loss_names,
                                const std::vector<std::string>& score_names, int64_t last_step) {
  const auto kept = last_step > 0 ? lines_until(path, last_step) : "";
  TrainLog log;
  log.path_ = path;
  log.loss_names_ = loss_names;
  log.score_names_ = score_names;
  log.file_.open(path, std::ios::trunc);
  log.file_ << "step,epoch,loss";
  for (const auto& name : loss_names) log.file_ << ',' << name;
  log.file_ << ",gradient,lr,pictures_per_second";
  for (const auto& name : score_names) log.file_ << ',' << name;
  log.file_ << '\n' << kept;
  if (!log.file_) return Error{ErrorKind::output, path.string() + ": cannot be written"};
  return log;
}

Result<void> TrainLog::write(const LogLine& line) {
  const auto field = [this](double value) {
    file_ << ',';
    if (!std::isnan(value)) file_ << value;
  };
  file_ << line.step << ',' << line.epoch << ',' << line.loss;
  for (const auto& name : loss_names_) field(value_of(line.parts, name));
  file_ << ',' << line.gradient << ',' << line.learning_rate << ',' << line.pictures_per_second;
  for (const auto& name : score_names_) field(value_of(line.scores, name));
  file_ << '\n';
  if (!file_.flush()) return Error{ErrorKind::output, path_.string() + ": cannot be written (disk full?)"};
  return {};
}

}  // namespace dualsight
