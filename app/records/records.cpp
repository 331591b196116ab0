#include "app/records/records.h"

#include <spdlog/fmt/fmt.h>

#include <ctime>

namespace dualsight {

std::string utc_text(UtcTime time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, ms % 1000);
}

const char* to_string(RecordWhat what) {
  switch (what) {
    case RecordWhat::annotated:
      return "annotated";
    case RecordWhat::raw:
      return "raw";
    case RecordWhat::both:
      return "both";
  }
  return "annotated";
}

const char* to_string(State state) {
  switch (state) {
    case State::connected:
      return "connected";
    case State::lost:
      return "lost";
    case State::retrying:
      return "retrying";
    case State::skipped:
      return "skipped";
    case State::resized:
      return "resized";
    case State::truncated:
      return "truncated";
    case State::failed:
      return "failed";
    case State::recording:
      return "recording";
    case State::recorded:
      return "recorded";
    case State::recording_failed:
      return "recording_failed";
  }
  return "failed";
}

const char* to_string(Event event) {
  switch (event) {
    case Event::appeared:
      return "new";
    case Event::changed:
      return "update";
    case Event::ended:
      return "end";
    case Event::entered:
      return "enter";
    case Event::left:
      return "leave";
    case Event::crossed:
      return "cross";
  }
  return "update";
}

int SummaryRecord::exit_code() const {
  if (error) return static_cast<int>(error->kind);
  return interrupted ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace dualsight
