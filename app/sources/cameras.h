// Cameras that V4L2 knows, by name, with what each can deliver.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct CameraMode {
  std::string format;  // FOURCC, "MJPG"
  int width = 0, height = 0;
  std::vector<double> rates;  // frames/s that the driver claims, highest first
};

struct CameraInfo {
  std::string device;   // "/dev/video0"
  std::string name;     // "HD Webcam C525"
  std::string by_id;    // a path that stays the same across replugging, or empty
  std::string problem;  // why its modes are not known, or empty
  std::vector<CameraMode> modes;
};

// Where a driver takes any size of a range, the range's two ends and the usual sizes in it are listed; of a range of
// rates, the two ends. Nodes that are no capture devices (metadata, outputs) are left out. Sorted by device number. The
// folders are parameters for the tests.
std::vector<CameraInfo> list_cameras(const std::filesystem::path& class_folder = "/sys/class/video4linux",
                                     const std::filesystem::path& device_folder = "/dev");

// "0" and "/dev/videoN" as the camera's path in /dev/v4l/by-id, if it has one; everything else as it is. Numbers are
// given anew whenever a camera is plugged in, this path stays with the camera.
std::string lasting_camera_path(const std::string& spec, const std::filesystem::path& device_folder = "/dev");

// Present, allowed, a camera, and not in use (by another program, or by this one).
Result<void> check_camera(const std::string& device);

bool camera_is_gone(const std::string& device);  // unplugged

}  // namespace dualsight
