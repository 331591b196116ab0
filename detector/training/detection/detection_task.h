// The task "detect": boxes and classes of the objects in a picture.
#pragma once

#include <memory>

#include "backbone/result.h"
#include "detector/training/training_task.h"

namespace dualsight {

// A row of training_tasks(). Errors: no classes (ErrorKind::source); --storage, --size or --model (usage); a teacher
// that cannot be read (model).
Result<std::unique_ptr<TrainingTask>> make_detection_task(const TaskContext& context);

}  // namespace dualsight
