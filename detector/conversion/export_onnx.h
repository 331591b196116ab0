// From a traced graph to the bytes of an ONNX file. Needs torch.
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <map>
#include <string>

#include "backbone/result.h"

namespace dualsight {

// graph: traced, so that every value knows its shape; float32; its weights constants; returns a tuple of tensors. Input
// and outputs keep their debug names. Error (ErrorKind::internal): an operator that is not in the table.
Result<std::string> to_onnx(const torch::jit::Graph& graph, const std::map<std::string, std::string>& metadata);

}  // namespace dualsight
