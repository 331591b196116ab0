// Measures inference on this machine: our engine, LibTorch and OpenCV in one run, in turns. No torch here.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct BenchmarkOptions {
  std::filesystem::path model;
  std::vector<int> sizes = {320};  // network pixels, multiples of 32
  std::vector<int> threads = {0};  // 0: all cores
  int rounds = 9;                  // in each every variant runs three times, the first of which does not count
  bool busy_neighbour = false;     // measure again beside a thread that keeps one core busy
  bool baselines = true;           // LibTorch and OpenCV as well
};

struct Measurement {
  std::string part;     // "backbone", "network" (with neck and head), "frame" (from 1280x720 pixels to boxes)
  std::string variant;  // "engine bf16", "LibTorch eager f32", ...
  int size = 0, threads = 0;
  bool busy_neighbour = false;
  double median_ms = 0, min_ms = 0;
  double times_eager = 0;   // how many times as fast as LibTorch, eager, float32, in the same run; 0: not measured
  double resident_mib = 0;  // by how much the process grew when the variant was made and first run
};

// `progress` gets a line of text for people as it goes. Errors: the model; a size; an exception of LibTorch or OpenCV.
Result<std::vector<Measurement>> run_benchmark(const BenchmarkOptions& options, const std::atomic<bool>& stop,
                                               const std::function<void(const std::string&)>& progress);

}  // namespace dualsight
