#include "detector/conversion/export.h"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/utils.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "backbone/atomic_file.h"
#include "detector/conversion/export_onnx.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"
#include "detector/network/trace.h"

namespace dualsight {
namespace fs = std::filesystem;

namespace {

using Graph = std::shared_ptr<torch::jit::Graph>;
using Metadata = std::map<std::string, std::string>;

// With names for its input and outputs.
Graph trace_named(DetectionNet& network, int64_t size, bool decode) {
  const auto cells = cell_grid(size, torch::kCPU);  // before the trace, so that it becomes a constant
  auto graph = trace(network, size, [&](const torch::Tensor& images) -> std::vector<torch::Tensor> {
    const auto out = network.forward(images);
    if (!decode) return {out.logits, out.distances};
    return {to_boxes(out.distances, cells), out.logits.sigmoid()};
  });
  graph->inputs()[0]->setDebugName("images");
  const auto outputs = graph->outputs()[0]->node()->inputs();
  outputs[0]->setDebugName(decode ? "boxes" : "logits");
  outputs[1]->setDebugName(decode ? "scores" : "distances");
  return graph;
}

std::string to_torchscript(const Graph& graph, const Metadata& metadata) {
  torch::jit::Module module("__torch__.DetectionNet");
  module.register_attribute("training", c10::BoolType::get(), false);  // eval() and train() set it
  auto* self = graph->insertInput(0, "self")->setType(module.type());
  // Weights become buffers, so that to(device) moves them.
  int count = 0;
  for (auto* node : graph->nodes()) {
    if (node->kind() != c10::prim::Constant || !node->output()->type()->isSubtypeOf(*c10::TensorType::get())) continue;
    const auto tensor = node->t(c10::attr::value);
    if (!tensor.is_floating_point()) continue;  // a number
    const auto name = "weight" + std::to_string(count++);
    module.register_buffer(name, tensor);
    const torch::jit::WithInsertPoint here(node);
    node->output()->replaceAllUsesWith(graph->insertGetAttr(self, name));
  }
  torch::jit::EliminateDeadCode(graph);
  const c10::QualifiedName name(*module.type()->name(), "forward");
  module.type()->addMethod(module._ivalue()->compilation_unit()->create_function(name, graph));

  const auto replace = nlohmann::json::error_handler_t::replace;  // text that is not UTF-8
  std::ostringstream file;
  module.save(file, {{"metadata.json", nlohmann::json(metadata).dump(2, ' ', false, replace)}});
  return file.str();
}

Metadata describe(const ModelInfo& info, bool decode) {
  auto metadata = to_metadata(info);
  metadata["format"] = "dualsight-export/1";
  metadata["input"] = "images [1, 3, S, S]: RGB, (value / 255 - mean) / stddev";
  metadata["outputs"] =
      decode ? "boxes [1, A, 4]: x1, y1, x2, y2 in network pixels; scores [1, A, C]: 0..1"
             : "logits [1, A, C]: before the sigmoid; distances [1, A, 4]: from the cell's centre to the left, top, "
               "right, bottom edge in network pixels";
  std::string strides;
  for (const int64_t stride : kStrides) strides += (strides.empty() ? "" : " ") + std::to_string(stride);
  metadata["strides"] = strides;  // of the A cells: level by level, rows top to bottom
  return metadata;
}

}  // namespace

Result<ExportFormat> parse_export_format(const std::string& name) {
  if (name == "onnx") return ExportFormat::onnx;
  if (name == "torchscript") return ExportFormat::torchscript;
  return Error{ErrorKind::usage, "format \"" + name + "\" is not one of onnx, torchscript"};
}

Result<void> export_model(const fs::path& model, const fs::path& output, const ExportOptions& options) {
  std::error_code ignored;
  if (fs::equivalent(model, output, ignored)) {
    return Error{ErrorKind::usage, output.string() + ": is the model itself"};
  }
  auto loaded = load_model(model);
  if (!loaded) return loaded.error();
  int& size = loaded->info.input_size;
  if (options.input_size != 0) size = options.input_size;
  if (auto usable = check_input_size(size); !usable) return usable.error();
  try {
    const auto graph = trace_named(*loaded->network, size, options.decode);
    const auto metadata = describe(loaded->info, options.decode);
    auto bytes = options.format == ExportFormat::onnx ? to_onnx(*graph, metadata)
                                                      : Result<std::string>(to_torchscript(graph, metadata));
    if (!bytes) return bytes.error();
    return write_atomically(output, [&](const WriteBytes& write) { return write(bytes->data(), bytes->size()); });
  } catch (const c10::Error& error) {
    return Error{ErrorKind::internal, std::string("LibTorch: ") + error.what_without_backtrace()};
  }
}

}  // namespace dualsight
