#include "detector/network/trace.h"

#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/frozen_conv_folding.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/utils.h>

#include "detector/network/network.h"

namespace dualsight {

std::shared_ptr<torch::jit::Graph> trace(DetectionNet& network, int64_t size, const TracedForward& forward) {
  // Tensors that require gradients cannot become constants of the graph.
  for (auto& parameter : network.parameters()) parameter.requires_grad_(false);
  const torch::NoGradGuard no_grad;
  const auto as_stack = [&](const torch::jit::Stack& inputs) -> torch::jit::Stack {
    const auto outputs = forward(inputs[0].toTensor());
    return {c10::ivalue::Tuple::create(std::vector<c10::IValue>(outputs.begin(), outputs.end()))};
  };
  const auto nameless = [](const torch::Tensor&) { return std::string(); };
  auto graph = torch::jit::tracer::trace({torch::zeros({1, 3, size, size})}, as_stack, nameless).first->graph;

  for (auto* node : graph->nodes()) {  // the head's conversion to float32
    if (node->kind() == c10::aten::to) node->output()->replaceAllUsesWith(node->input(0));
  }
  torch::jit::ConstantPropagation(graph);
  torch::jit::FoldFrozenConvBatchnorm(graph);
  torch::jit::EliminateDeadCode(graph);
  return graph;
}

TracedForward outputs_of(DetectionNet& network) {
  return [&network](const torch::Tensor& images) {
    const auto out = network.forward(images);
    return std::vector<torch::Tensor>{out.logits, out.distances};
  };
}

FrozenNetwork::FrozenNetwork(std::shared_ptr<torch::jit::Graph> graph, bool bf16)
    : graph_(std::move(graph)), bf16_(bf16) {
  for (auto* node : graph_->nodes()) {
    if (node->kind() != c10::prim::Constant || !node->output()->type()->isSubtypeOf(*c10::TensorType::get())) continue;
    auto tensor = node->t(c10::attr::value);
    if (!tensor.is_floating_point()) continue;
    if (bf16_) tensor = tensor.to(torch::kBFloat16);
    if (tensor.dim() == 4) tensor = tensor.contiguous(torch::MemoryFormat::ChannelsLast);
    node->t_(c10::attr::value, tensor);
  }
  executor_ = std::make_shared<torch::jit::GraphExecutor>(graph_, "forward");
}

std::vector<torch::Tensor> FrozenNetwork::operator()(const torch::Tensor& images) {
  torch::jit::Stack stack = {bf16_ ? images.to(torch::kBFloat16) : images};
  executor_->run(stack);
  std::vector<torch::Tensor> outputs;
  for (const auto& value : stack.front().toTupleRef().elements()) {
    outputs.push_back(value.toTensor().to(torch::kFloat).contiguous());
  }
  return outputs;
}

}  // namespace dualsight
