#include "detector/conversion/quantize.h"

#include "detector/core/preprocess.h"
#include "detector/core/runtime.h"
#include "detector/engine/calibrate.h"
#include "detector/engine/engine_input.h"
#include "detector/engine/lowering/make_plan.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"

namespace dualsight {

Result<int> quantize_model(const std::filesystem::path& from, const std::filesystem::path& to,
                           const std::function<Result<std::optional<Image>>()>& next, const QuantizeOptions& options) {
  auto model = load_model(from);
  if (!model) return model.error();
  const auto& info = model->info;
  if (const auto reason = why_no_plan(info.architecture); !reason.empty()) {
    return Error{ErrorKind::usage, from.string() + ": no int8: " + reason};
  }
  const int size = options.input_size > 0 ? options.input_size : info.input_size;
  if (auto usable = check_input_size(size); !usable) return usable.error();
  set_inference_threads(options.threads);
  auto calibration = Calibration::make(make_plan(*model->network, info.architecture), size);
  if (!calibration) return calibration.error();

  const auto values = input_values(info);
  Image square;
  Resampler resampler;
  while (true) {
    auto picture = next();
    if (!picture) return picture.error();
    if (!picture->has_value()) break;
    const auto view = (*picture)->view();
    letterbox(view, fit_letterbox(view.width, view.height, size), square, resampler);
    fill_input(square, values, calibration->input());
    calibration->add();
  }
  if (calibration->pictures() == 0) return Error{ErrorKind::usage, "there is no picture to calibrate with"};
  if (auto saved = save_model(to, *model->network, info, Storage::int8, calibration->ranges()); !saved) {
    return saved.error();
  }
  return calibration->pictures();
}

}  // namespace dualsight
