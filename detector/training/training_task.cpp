#include "detector/training/training_task.h"

#include <algorithm>
#include <cstdio>

#include "detector/training/detection/detection_task.h"

namespace dualsight {
namespace {

std::vector<TrainingTaskEntry>& table() {
  static std::vector<TrainingTaskEntry> entries = {
      {"detect", make_detection_task},
  };
  return entries;
}

}  // namespace

const std::vector<TrainingTaskEntry>& training_tasks() { return table(); }

std::string training_task_names() {
  std::string names;
  for (const auto& entry : table()) names += (names.empty() ? "" : ", ") + entry.name;
  return names;
}

void register_training_task(TrainingTaskEntry entry) {
  const auto same = std::ranges::find(table(), entry.name, &TrainingTaskEntry::name);
  if (same == table().end()) {
    table().push_back(std::move(entry));
  } else {
    *same = std::move(entry);
  }
}

Result<std::unique_ptr<TrainingTask>> make_training_task(const TaskContext& context) {
  const auto& name = context.options.task;
  const auto entry = std::ranges::find(table(), name, &TrainingTaskEntry::name);
  if (entry != table().end()) return entry->make(context);
  return Error{ErrorKind::usage, "--task: \"" + name + "\" is not one of " + training_task_names()};
}

std::string TrainingTask::describe(const NamedValues& scores) const {
  std::string text;
  for (const auto& [name, value] : scores) {
    char percent[32];
    std::snprintf(percent, sizeof percent, " %.1f", 100 * value);
    text += (text.empty() ? "" : ", ") + name + percent;
  }
  return text;
}

}  // namespace dualsight
