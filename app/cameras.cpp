#include "app/cameras.h"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>

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

std::vector<double> rates_of(int fd, uint32_t format, uint32_t width, uint32_t height) {
  std::vector<double> rates;
  v4l2_frmivalenum query{};
  query.pixel_format = format;
  query.width = width;
  query.height = height;
  for (; ask(fd, VIDIOC_ENUM_FRAMEINTERVALS, &query); ++query.index) {
    if (query.type == V4L2_FRMIVAL_TYPE_DISCRETE) {
      rates.push_back(rate(query.discrete));
    } else {  // a range: its two ends say enough
      rates.push_back(rate(query.stepwise.min));
      rates.push_back(rate(query.stepwise.max));
      break;
    }
  }
  std::sort(rates.begin(), rates.end(), std::greater<>());
  return rates;
}

std::vector<CameraMode> modes_of(int fd) {
  std::vector<CameraMode> modes;
  v4l2_fmtdesc format{};
  format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  for (; ask(fd, VIDIOC_ENUM_FMT, &format); ++format.index) {
    const auto add = [&](uint32_t width, uint32_t height) {
      modes.push_back({fourcc_text(format.pixelformat), static_cast<int>(width), static_cast<int>(height),
                       rates_of(fd, format.pixelformat, width, height)});
    };
    v4l2_frmsizeenum size{};
    size.pixel_format = format.pixelformat;
    for (; ask(fd, VIDIOC_ENUM_FRAMESIZES, &size); ++size.index) {
      if (size.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
        add(size.discrete.width, size.discrete.height);
      } else {
        add(size.stepwise.min_width, size.stepwise.min_height);
        add(size.stepwise.max_width, size.stepwise.max_height);
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
    v4l2_capability capability{};
    const bool answered = ask(fd, VIDIOC_QUERYCAP, &capability);
    const auto flags =
        (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? capability.device_caps : capability.capabilities;
    const bool captures = answered && (flags & V4L2_CAP_VIDEO_CAPTURE) != 0;
    if (captures) camera.modes = modes_of(fd);
    ::close(fd);
    if (!answered) camera.problem = "does not answer as a camera";
    if (captures || !answered) cameras.push_back(std::move(camera));
  }
  std::sort(cameras.begin(), cameras.end(),
            [](const CameraInfo& a, const CameraInfo& b) { return number_of(a) < number_of(b); });
  return cameras;
}

}  // namespace dualsight
