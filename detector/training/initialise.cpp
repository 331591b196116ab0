#include "detector/training/initialise.h"

#include <map>

#include "backbone/backbone.h"
#include "backbone/registry.h"
#include "backbone/safetensors.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"

namespace dualsight {
namespace {

// Lets the backbone set what a file from elsewhere does not have.
void complete_backbone(torch::nn::Module& network, const std::string& architecture) {
  const auto* entry = find_backbone(architecture);
  if (!entry || !entry->after_load) return;
  for (const auto& module : network.modules(/*include_self=*/false)) {
    if (auto* backbone = dynamic_cast<Backbone*>(module.get())) entry->after_load(*backbone);
  }
}

}  // namespace

Result<std::string> initialise_from(torch::nn::Module& network, const std::string& architecture,
                                    const std::string& path) {
  const auto file = Safetensors::open(path);
  if (!file) return file.error();
  torch::NoGradGuard no_grad;
  std::map<std::string, torch::Tensor> source;
  const bool ours = file->metadata().count("format") != 0;
  if (ours) {
    const auto model = load_model(path);
    if (!model) return model.error();
    for (const auto& [name, tensor] : state_dict(*model->network)) source[name] = tensor;
  } else {
    for (const auto& name : file->names()) source["backbone." + name] = *file->tensor(name);
  }
  int copied = 0, total = 0;
  for (auto& [name, tensor] : state_dict(network)) {
    if (name.ends_with("num_batches_tracked")) continue;
    ++total;
    const auto found = source.find(name);
    if (found == source.end() || found->second.sizes() != tensor.sizes()) continue;
    tensor.copy_(found->second);
    ++copied;
  }
  if (copied == 0) return Error{ErrorKind::model, path + ": nothing in it fits this network"};
  if (!ours) complete_backbone(network, architecture);
  return path + ": " + std::to_string(copied) + " of " + std::to_string(total) +
         " tensors taken, the rest stays as it was";
}

}  // namespace dualsight
