#include "app/sources/cameras.h"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <optional>

namespace dualsight {
namespace fs = std::filesystem;
namespace {

bool ask(int fd, unsigned long request, void* argument) {
  int status = 0;
  do status = ::ioctl(fd, request, argument);
  while (status < 0 && errno == EINTR);
  return status == 0;
}

std::string fourcc_text(uint32_t code) {
  std::string text;
  for (int i = 0; i < 4; ++i) text += static_cast<char>((code >> (8 * i)) & 0x7F);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

double rate(const v4l2_fract& interval) {
  return interval.numerator > 0 ? static_cast<double>(interval.denominator) / interval.numerator : 0;
}

// What the node can do; nullopt: it does not answer.
std::optional<uint32_t> capabilities(int fd) {
  v4l2_capability capability{};
  if (!ask(fd, VIDIOC_QUERYCAP, &capability)) return std::nullopt;
  return (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? capability.device_caps : capability.capabilities;
}

std::vector<double> rates_of(int fd, uint32_t format, uint32_t width, uint32_t height) {
  std::vector<double> rates;
  v4l2_frmivalenum query{};
  query.pixel_format = format;
  query.width = width;
  query.height = height;
  for (; ask(fd, VIDIOC_ENUM_FRAMEINTERVALS, &query); ++query.index) {
    if (query.type == V4L2_FRMIVAL_TYPE_DISCRETE) {
      rates.push_back(rate(query.discrete));
    } else {  // a range: both ends
      rates.push_back(rate(query.stepwise.min));
      rates.push_back(rate(query.stepwise.max));
      break;
    }
  }
  std::sort(rates.begin(), rates.end(), std::greater<>());
  rates.erase(std::unique(rates.begin(), rates.end()), rates.end());
  return rates;
}

struct Size {
  uint32_t width, height;
};

std::vector<Size> sizes_in(const v4l2_frmsize_stepwise& range) {
  std::vector<Size> sizes = {{range.min_width, range.min_height}};
  const auto fits = [](uint32_t value, uint32_t least, uint32_t most, uint32_t step) {
    return value > least && value < most && (value - least) % std::max(step, 1U) == 0;
  };
  for (const Size usual : {Size{320, 240}, Size{640, 360}, Size{640, 480}, Size{800, 600}, Size{1280, 720},
                           Size{1280, 960}, Size{1920, 1080}, Size{2560, 1440}, Size{3840, 2160}}) {
    if (fits(usual.width, range.min_width, range.max_width, range.step_width) &&
        fits(usual.height, range.min_height, range.max_height, range.step_height)) {
      sizes.push_back(usual);
    }
  }
  if (range.max_width != range.min_width || range.max_height != range.min_height) {
    sizes.push_back({range.max_width, range.max_height});
  }
  return sizes;
}

std::vector<CameraMode> modes_of(int fd) {
  std::vector<CameraMode> modes;
  v4l2_fmtdesc format{};
  format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  for (; ask(fd, VIDIOC_ENUM_FMT, &format); ++format.index) {
    const auto add = [&](const Size& size) {
      modes.push_back({fourcc_text(format.pixelformat), static_cast<int>(size.width), static_cast<int>(size.height),
                       rates_of(fd, format.pixelformat, size.width, size.height)});
    };
    v4l2_frmsizeenum query{};
    query.pixel_format = format.pixelformat;
    for (; ask(fd, VIDIOC_ENUM_FRAMESIZES, &query); ++query.index) {
      if (query.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
        add({query.discrete.width, query.discrete.height});
      } else {
        for (const Size& size : sizes_in(query.stepwise)) add(size);
        break;
      }
    }
  }
  return modes;
}

std::string stable_path(const fs::path& device, const fs::path& device_folder) {
  std::error_code ignored;
  const fs::path node = fs::weakly_canonical(device, ignored);
  std::vector<std::string> links;
  for (const auto& link : fs::directory_iterator(device_folder / "v4l/by-id", ignored)) {
    if (fs::weakly_canonical(link.path(), ignored) == node) links.push_back(link.path().string());
  }
  return links.empty() ? "" : *std::min_element(links.begin(), links.end());
}

int number_of(const CameraInfo& camera) { return std::atoi(fs::path(camera.device).filename().c_str() + 5); }

}  // namespace

std::vector<CameraInfo> list_cameras(const fs::path& class_folder, const fs::path& device_folder) {
  std::vector<CameraInfo> cameras;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(class_folder, ignored)) {
    const std::string node = entry.path().filename().string();
    if (!node.starts_with("video")) continue;
    CameraInfo camera;
    camera.device = (device_folder / node).string();
    std::ifstream name(entry.path() / "name");
    std::getline(name, camera.name);
    camera.by_id = stable_path(camera.device, device_folder);

    const int fd = ::open(camera.device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
      camera.problem = std::strerror(errno);
      cameras.push_back(std::move(camera));
      continue;
    }
    const auto can = capabilities(fd);
    const bool captures = can && (*can & V4L2_CAP_VIDEO_CAPTURE) != 0;
    if (captures) camera.modes = modes_of(fd);
    ::close(fd);
    if (!can) camera.problem = "does not answer as a camera";
    if (captures || !can) cameras.push_back(std::move(camera));
  }
  std::sort(cameras.begin(), cameras.end(),
            [](const CameraInfo& a, const CameraInfo& b) { return number_of(a) < number_of(b); });
  return cameras;
}

std::string lasting_camera_path(const std::string& spec, const fs::path& device_folder) {
  const bool number =
      !spec.empty() && std::all_of(spec.begin(), spec.end(), [](unsigned char c) { return std::isdigit(c); });
  const std::string node = (device_folder / "video").string();
  if (!number && !spec.starts_with(node)) return spec;
  const std::string by_id = stable_path(number ? node + spec : spec, device_folder);
  return by_id.empty() ? spec : by_id;
}

Result<void> check_camera(const std::string& device) {
  const auto failed = [&](const std::string& why) { return Error{ErrorKind::source, device + ": " + why}; };
  const int fd = ::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENODEV || errno == ENXIO) {
      return failed("there is no such camera (`dualsight cameras` lists them)");
    }
    if (errno == EACCES || errno == EPERM) return failed("permission denied (is your user in the group `video`?)");
    if (errno == EBUSY) return failed("the camera is in use by another program");
    return failed(std::string("the camera cannot be opened: ") + std::strerror(errno));
  }
  const auto can = capabilities(fd);
  const bool captures = can && (*can & V4L2_CAP_VIDEO_CAPTURE) != 0;
  // Several programs may open a camera, but only one may have buffers. Requesting zero buffers tests that without
  // effect.
  v4l2_requestbuffers none{};
  none.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  none.memory = V4L2_MEMORY_MMAP;
  const bool busy = captures && !ask(fd, VIDIOC_REQBUFS, &none) && errno == EBUSY;
  ::close(fd);
  if (!captures) return failed("is not a camera");
  if (busy) return failed("the camera is in use by another program");
  return {};
}

bool camera_is_gone(const std::string& device) {
  const int fd = ::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT || errno == ENODEV || errno == ENXIO;
  const bool gone = !capabilities(fd) && errno == ENODEV;
  ::close(fd);
  return gone;
}

}  // namespace dualsight
