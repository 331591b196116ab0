#include "app/commands/detector_flags.h"

#include <map>

namespace dualsight {

void add_detector_flags(CLI::App& command, std::string& model, DetectorOptions& options) {
  const std::map<std::string, Device> devices = {
      {"auto", Device::automatic}, {"cpu", Device::cpu}, {"cuda", Device::cuda}};
  const std::map<std::string, Backend> backends = {
      {"auto", Backend::automatic}, {"engine", Backend::engine}, {"libtorch", Backend::libtorch}};
  const std::map<std::string, Precision> precisions = {{"auto", Precision::automatic},
                                                       {"f32", Precision::float32},
                                                       {"bf16", Precision::bfloat16},
                                                       {"int8", Precision::int8}};
  const CLI::Validator multiple_of_32(
      [](const std::string& text) {
        const int size = std::atoi(text.c_str());
        return size > 0 && size % 32 == 0 ? std::string() : "must be a multiple of 32, not " + text;
      },
      "PIXELS");
  command.add_option("--model", model, "Model file, or the name of a shipped model (default: the best one shipped)")
      ->type_name("FILE");
  command.add_option("--iou", options.iou, "Of two boxes of one class that overlap more than this, the better stays")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--size", options.input_size, "Network input, a multiple of 32 (default: the model's own)")
      ->check(multiple_of_32);
  command.add_option("--threads", options.threads, "CPU threads (default: all cores)")->check(CLI::Range(1, 1024));
  command.add_option("--device", options.device, "auto, cpu or cuda (default: auto)")
      ->transform(CLI::CheckedTransformer(devices, CLI::ignore_case).description(""))
      ->type_name("DEVICE");
  command
      .add_option("--precision", options.precision,
                  "auto, f32, bf16 or int8 (default: bf16 where the hardware computes in it)")
      ->transform(CLI::CheckedTransformer(precisions, CLI::ignore_case).description(""))
      ->type_name("PRECISION");
  command
      .add_option("--backend", options.backend,
                  "auto, engine or libtorch (default: the fused engine where it can run the model, else LibTorch)")
      ->transform(CLI::CheckedTransformer(backends, CLI::ignore_case).description(""))
      ->type_name("BACKEND");
}

}  // namespace dualsight
