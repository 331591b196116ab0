#include "detector/network/model_file.h"

#include "backbone/safetensors.h"
#include "detector/network/network.h"

namespace dualsight {
namespace {

const std::string kScaleSuffix = ".scale";
const std::string kRangePrefix = "int8_range.";  // then the name of one of the plan's buffers

Error with_path(const std::filesystem::path& path, const Error& error) {
  const bool named = error.message.rfind(path.string(), 0) == 0;
  return {error.kind, named ? error.message : path.string() + ": " + error.message};
}

// Symmetric, one scale per output channel: w = q * scale, |q| <= 127.
std::pair<torch::Tensor, torch::Tensor> quantise(const torch::Tensor& weight) {
  const auto rows = weight.flatten(1);
  const auto scale = (rows.abs().amax(1) / 127).clamp_min(1e-12);
  const auto q = (rows / scale.unsqueeze(1)).round().clamp(-127, 127).to(torch::kChar).view(weight.sizes());
  return {q, scale};
}

torch::Tensor dequantise(const torch::Tensor& q, const torch::Tensor& scale) {
  return (q.flatten(1).to(torch::kFloat) * scale.unsqueeze(1)).view(q.sizes());
}

}  // namespace

Result<Storage> parse_storage(const std::string& name) {
  if (name == "f32") return Storage::float32;
  if (name == "bf16") return Storage::bfloat16;
  if (name == "int8") return Storage::int8;
  return Error{ErrorKind::usage, "storage \"" + name + "\" is not one of f32, bf16, int8"};
}

Result<ModelInfo> read_model_header(const std::filesystem::path& path) {
  const auto file = Safetensors::open(path);
  if (!file) return file.error();
  auto info = parse_model_info(file->metadata());
  if (!info) return with_path(path, info.error());
  return info;
}

Result<LoadedModel> load_model(const std::filesystem::path& path) {
  const auto file = Safetensors::open(path);
  if (!file) return file.error();
  auto info = parse_model_info(file->metadata());
  if (!info) return with_path(path, info.error());

  NamedTensors tensors;
  Ranges ranges;
  for (const auto& name : file->names()) {
    if (name.starts_with(kRangePrefix)) {
      const auto range = file->tensor(name);
      if (!range || range->dim() != 1 || range->scalar_type() != torch::kFloat) {
        return Error{ErrorKind::model, path.string() + ": \"" + name + "\" is not a list of float32"};
      }
      const float* values = range->data_ptr<float>();
      ranges[name.substr(kRangePrefix.size())].assign(values, values + range->numel());
      continue;
    }
    if (name.size() > kScaleSuffix.size() && name.ends_with(kScaleSuffix) &&
        file->contains(name.substr(0, name.size() - kScaleSuffix.size()))) {
      continue;  // read with its weight
    }
    auto tensor = file->view(name);
    if (!tensor) return tensor.error();
    if (tensor->scalar_type() == torch::kChar) {
      const auto scale = file->view(name + kScaleSuffix);
      if (!scale || tensor->dim() < 1 || scale->dim() != 1 || scale->size(0) != tensor->size(0)) {
        return Error{ErrorKind::model, path.string() + ": \"" + name + "\" is int8 without a scale per channel"};
      }
      tensors.emplace_back(name, dequantise(*tensor, *scale));
    } else {
      tensors.emplace_back(name, *tensor);
    }
  }

  auto network = std::make_shared<DetectionNet>(info->architecture, static_cast<int64_t>(info->class_names.size()));
  const auto loaded = load_state_dict(*network, tensors);
  if (!loaded) return with_path(path, loaded.error());
  network->eval();
  return LoadedModel{*info, network, std::move(ranges)};
}

Result<void> convert_model(const std::filesystem::path& from, const std::filesystem::path& to, Storage storage,
                           const std::function<Result<void>(ModelInfo&)>& edit) {
  auto model = load_model(from);
  if (!model) return model.error();
  if (auto edited = edit(model->info); !edited) return edited;
  return save_model(to, *model->network, model->info, storage, model->ranges);
}

Result<void> save_model(const std::filesystem::path& path, const DetectionNet& network, const ModelInfo& info,
                        Storage storage, const Ranges& ranges) {
  torch::NoGradGuard no_grad;
  NamedTensors tensors;
  for (auto& [name, tensor] : state_dict(network)) {
    if (name.ends_with("num_batches_tracked")) continue;  // of no use for inference
    const bool convolution = tensor.dim() == 4;
    const auto value = tensor.detach().to(torch::kCPU, torch::kFloat);
    if (storage == Storage::int8 && convolution) {
      const auto [q, scale] = quantise(value);
      tensors.emplace_back(name, q);
      tensors.emplace_back(name + kScaleSuffix, scale);
    } else if (storage == Storage::bfloat16 && convolution) {
      tensors.emplace_back(name, value.to(torch::kBFloat16));
    } else {
      tensors.emplace_back(name, value);
    }
  }
  for (const auto& [buffer, range] : ranges) {
    tensors.emplace_back(kRangePrefix + buffer, torch::tensor(range, torch::kFloat));
  }
  return write_safetensors(path, tensors, to_metadata(info));
}

}  // namespace dualsight
