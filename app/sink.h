// Where results go. The pipeline calls begin(), then frame() and status() as they come, then end(), all on one thread.
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "app/records.h"
#include "backbone/result.h"

namespace dualsight {

class Sink {
 public:
  virtual ~Sink() = default;
  virtual std::string target() const = 0;               // the file or folder written; "-": standard output
  virtual bool wants_picture() const { return false; }  // whether frame() needs the annotated picture

  // Errors (ErrorKind::output) name the target. `annotated` is BGR, and empty unless some sink wants it.
  virtual Result<void> begin(const HeaderRecord& header) = 0;
  virtual Result<void> frame(const FrameRecord& record, const cv::Mat& annotated) = 0;
  virtual Result<void> status(const StatusRecord&) { return {}; }
  virtual Result<void> end(const SummaryRecord& summary) = 0;  // also after a failure: keeps what can be kept
};

}  // namespace dualsight
