#include "app/recording/disk_quota.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <tuple>
#include <vector>

#include "app/recording/segment_names.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

struct Segment {
  std::vector<fs::path> files;
  int64_t bytes = 0;
};

using Age = std::tuple<std::string, int, std::string>;  // time, number, stem: the oldest first

std::map<Age, Segment> segments_in(const std::string& folder) {
  std::map<Age, Segment> segments;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
    std::error_code gone;
    if (!fs::is_regular_file(entry->symlink_status(gone))) continue;
    const auto name = parse_segment_name(entry->path().filename().string());
    const auto bytes = entry->file_size(gone);
    if (!name || gone) continue;
    Segment& segment = segments[{name->time, name->number, name->stem}];
    segment.files.push_back(entry->path());
    segment.bytes += static_cast<int64_t>(bytes);
  }
  return segments;
}

bool in_use(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return false;
  const bool locked = ::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  return locked;
}

bool in_use(const Segment& segment) {
  for (const fs::path& file : segment.files) {
    if (in_use(file)) return true;
  }
  return false;
}

}  // namespace

void DiskQuota::enforce(const std::string& being_written) const {
  const auto ours = parse_segment_name(fs::path(being_written).filename().string());
  const auto segments = segments_in(folder_);
  int64_t total = 0;
  for (const auto& [age, segment] : segments) total += segment.bytes;
  for (const auto& [age, segment] : segments) {
    if (total <= bytes_) return;
    if ((ours && ours->stem == std::get<2>(age)) || in_use(segment)) continue;
    for (const fs::path& file : segment.files) {
      std::error_code failure;
      const auto bytes = fs::file_size(file, failure);
      if (!failure && fs::remove(file, failure)) total -= static_cast<int64_t>(bytes);
    }
  }
}

}  // namespace dualsight
