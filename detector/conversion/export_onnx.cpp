#include "detector/conversion/export_onnx.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/types.h>

#include <functional>
#include <set>
#include <vector>

#include "detector/conversion/export_protobuf.h"

// Field numbers and enumerations are those of onnx.proto (github.com/onnx/onnx); operators, of operator set 10: later
// ones have the limits of Clip as inputs, which OpenCV 4.6 does not read.
namespace dualsight {
namespace {

using torch::jit::Node;
using torch::jit::Value;
using Integers = std::vector<int64_t>;
using Names = std::vector<std::string>;

constexpr int64_t kIrVersion = 5;  // the one that came with operator set 10
constexpr int64_t kOperatorSet = 10;
constexpr int64_t kFloat = 1, kInt64 = 7;  // TensorProto.DataType

// ---- reading the graph ------------------------------------------------------------------------------------------

Integers shape_of(const Value* value) { return *value->type()->expect<c10::TensorType>()->sizes().concrete_sizes(); }

// An argument by its name in ATen's schema. All but tensors are constants after tracing.
c10::IValue constant(const Node& node, const std::string& argument) {
  return *torch::jit::toIValue(node.namedInput(argument));
}
int64_t integer(const Node& node, const std::string& argument) { return constant(node, argument).toInt(); }
Integers integers(const Node& node, const std::string& argument) { return constant(node, argument).toIntVector(); }
// ATen takes one number for both axes.
Integers pair(const Node& node, const std::string& argument) {
  const auto values = integers(node, argument);
  return values.size() == 1 ? Integers{values[0], values[0]} : values;
}
int64_t axis(const Node& node) {
  const int64_t dim = integer(node, "dim");
  return dim >= 0 ? dim : dim + static_cast<int64_t>(shape_of(node.output()).size());
}

// ---- writing the model ------------------------------------------------------------------------------------------

ProtobufMessage attribute(const std::string& name, int64_t value) {
  ProtobufMessage message;
  message.add_bytes(1, name);
  message.add_integer(3, value);
  message.add_integer(20, 2);  // INT
  return message;
}
ProtobufMessage attribute(const std::string& name, const Integers& values) {
  ProtobufMessage message;
  message.add_bytes(1, name);
  for (const int64_t value : values) message.add_integer(8, value);
  message.add_integer(20, 7);  // INTS
  return message;
}
ProtobufMessage attribute(const std::string& name, double value) {
  ProtobufMessage message;
  message.add_bytes(1, name);
  message.add_float(2, static_cast<float>(value));
  message.add_integer(20, 1);  // FLOAT
  return message;
}
ProtobufMessage attribute(const std::string& name, const char* value) {
  ProtobufMessage message;
  message.add_bytes(1, name);
  message.add_bytes(4, value);
  message.add_integer(20, 3);  // STRING
  return message;
}

ProtobufMessage value_info(const Value* value) {
  ProtobufMessage shape;
  for (const int64_t size : shape_of(value)) {
    ProtobufMessage dimension;
    dimension.add_integer(1, size);
    shape.add_message(1, dimension);
  }
  ProtobufMessage tensor, type, info;
  tensor.add_integer(1, kFloat);
  tensor.add_message(2, shape);
  type.add_message(1, tensor);
  info.add_bytes(1, value->debugName());
  info.add_message(2, type);
  return info;
}

class OnnxGraph {
 public:
  OnnxGraph() { graph_.add_bytes(2, "DetectionNet"); }

  void add_input(const Value* value) { graph_.add_message(11, value_info(value)); }
  void add_output(const Value* value) { graph_.add_message(12, value_info(value)); }

  void add_node(const std::string& type, const Names& inputs, const Names& outputs,
                const std::vector<ProtobufMessage>& attributes = {}) {
    ProtobufMessage node;
    for (const auto& name : inputs) node.add_bytes(1, name);
    for (const auto& name : outputs) node.add_bytes(2, name);
    node.add_bytes(4, type);
    for (const auto& message : attributes) node.add_message(5, message);
    graph_.add_message(1, node);
  }

  // The name of a tensor's value; a constant becomes an initialiser when it is first asked for.
  std::string operand(const Value* value) {
    const auto ivalue = torch::jit::toIValue(value);
    const auto name = value->debugName();
    if (!ivalue || !written_.insert(name).second) return name;
    const auto tensor = ivalue->isTensor() ? ivalue->toTensor() : torch::scalar_tensor(ivalue->toScalar());
    return add_initialiser(name, tensor.to(torch::kFloat));
  }
  // Constants that are arguments in ATen and inputs in ONNX.
  std::string operand(const Integers& values) { return add_initialiser(next_name(), torch::tensor(values)); }
  std::string operand(const std::vector<float>& values) { return add_initialiser(next_name(), torch::tensor(values)); }

  const ProtobufMessage& message() const { return graph_; }

 private:
  std::string next_name() { return "constant" + std::to_string(count_++); }

  std::string add_initialiser(const std::string& name, const torch::Tensor& value) {
    // A scalar as one element: it broadcasts alike, and OpenCV knows no tensors without dimensions.
    const auto tensor = (value.dim() == 0 ? value.view(1) : value).contiguous();
    ProtobufMessage message;
    for (const int64_t size : tensor.sizes()) message.add_integer(1, size);
    message.add_integer(2, tensor.scalar_type() == torch::kLong ? kInt64 : kFloat);
    message.add_bytes(8, name);
    message.add_bytes(9, {static_cast<const char*>(tensor.data_ptr()), tensor.nbytes()});
    graph_.add_message(5, message);
    return name;
  }

  ProtobufMessage graph_;
  std::set<std::string> written_;
  int count_ = 0;
};

// ---- operators --------------------------------------------------------------------------------------------------

std::string output(const Node& node) { return node.output()->debugName(); }

using Conversion = std::function<void(OnnxGraph&, const Node&)>;

// One input, no arguments.
Conversion unary(const char* type) {
  return [=](OnnxGraph& onnx, const Node& node) { onnx.add_node(type, {onnx.operand(node.input(0))}, {output(node)}); };
}

Conversion binary(const char* type) {
  return [=](OnnxGraph& onnx, const Node& node) {
    TORCH_CHECK(!node.hasNamedInput("alpha") || integer(node, "alpha") == 1, "alpha is not 1");
    onnx.add_node(type, {onnx.operand(node.input(0)), onnx.operand(node.input(1))}, {output(node)});
  };
}

void convolution(OnnxGraph& onnx, const Node& node) {
  const auto* weight = node.namedInput("weight");
  const auto shape = shape_of(weight);
  auto pads = pair(node, "padding");
  pads.insert(pads.end(), pads.begin(), pads.end());  // at the begin of each axis, then at the end
  Names inputs = {onnx.operand(node.namedInput("input")), onnx.operand(weight)};
  if (!node.namedInput("bias")->mustBeNone()) inputs.push_back(onnx.operand(node.namedInput("bias")));
  onnx.add_node("Conv", inputs, {output(node)},
                {attribute("kernel_shape", {shape[2], shape[3]}), attribute("strides", pair(node, "stride")),
                 attribute("pads", pads), attribute("dilations", pair(node, "dilation")),
                 attribute("group", integer(node, "groups"))});
}

void batch_norm(OnnxGraph& onnx, const Node& node) {
  Names inputs;
  for (const char* argument : {"input", "weight", "bias", "running_mean", "running_var"}) {
    inputs.push_back(onnx.operand(node.namedInput(argument)));
  }
  onnx.add_node("BatchNormalization", inputs, {output(node)}, {attribute("epsilon", constant(node, "eps").toDouble())});
}

void max_pool(OnnxGraph& onnx, const Node& node) {
  auto pads = pair(node, "padding");
  pads.insert(pads.end(), pads.begin(), pads.end());
  onnx.add_node("MaxPool", {onnx.operand(node.input(0))}, {output(node)},
                {attribute("kernel_shape", pair(node, "kernel_size")), attribute("strides", pair(node, "stride")),
                 attribute("pads", pads)});
}

void upsample_nearest(OnnxGraph& onnx, const Node& node) {
  const auto from = shape_of(node.input(0)), to = shape_of(node.output());
  std::vector<float> scales;
  for (std::size_t i = 0; i < from.size(); ++i) {
    scales.push_back(static_cast<float>(to[i]) / static_cast<float>(from[i]));
  }
  onnx.add_node("Resize", {onnx.operand(node.input(0)), onnx.operand(scales)}, {output(node)},
                {attribute("mode", "nearest")});
}

void concatenate(OnnxGraph& onnx, const Node& node) {
  Names inputs;
  for (const auto* value : node.input(0)->node()->inputs()) inputs.push_back(onnx.operand(value));
  onnx.add_node("Concat", inputs, {output(node)}, {attribute("axis", axis(node))});
}

void split(OnnxGraph& onnx, const Node& node) {
  Names outputs;
  for (const auto* value : node.output()->uses().front().user->outputs()) outputs.push_back(value->debugName());
  onnx.add_node("Split", {onnx.operand(node.input(0))}, outputs,
                {attribute("axis", integer(node, "dim")), attribute("split", integers(node, "split_sizes"))});
}

void slice(OnnxGraph& onnx, const Node& node) {
  Names inputs = {onnx.operand(node.input(0))};
  for (const int64_t value : {integer(node, "start"), integer(node, "end"), axis(node), integer(node, "step")}) {
    inputs.push_back(onnx.operand(Integers{value}));
  }
  onnx.add_node("Slice", inputs, {output(node)});
}

void flatten(OnnxGraph& onnx, const Node& node) {
  onnx.add_node("Reshape", {onnx.operand(node.input(0)), onnx.operand(shape_of(node.output()))}, {output(node)});
}

void permute(OnnxGraph& onnx, const Node& node) {
  onnx.add_node("Transpose", {onnx.operand(node.input(0))}, {output(node)},
                {attribute("perm", integers(node, "dims"))});
}

void clamp_max(OnnxGraph& onnx, const Node& node) {
  onnx.add_node("Clip", {onnx.operand(node.input(0))}, {output(node)},
                {attribute("max", constant(node, "max").toScalar().toDouble())});
}

void nothing(OnnxGraph&, const Node&) {}  // constants and lists: the operators that use them read them

const std::map<std::string, Conversion>& conversions() {
  static const std::map<std::string, Conversion> table = {{"aten::_convolution", convolution},
                                                          {"aten::convolution", convolution},
                                                          {"aten::conv2d", convolution},
                                                          {"aten::batch_norm", batch_norm},
                                                          {"aten::relu", unary("Relu")},
                                                          {"aten::exp", unary("Exp")},
                                                          {"aten::sigmoid", unary("Sigmoid")},
                                                          {"aten::add", binary("Add")},
                                                          {"aten::sub", binary("Sub")},
                                                          {"aten::mul", binary("Mul")},
                                                          {"aten::max_pool2d", max_pool},
                                                          {"aten::upsample_nearest2d", upsample_nearest},
                                                          {"aten::cat", concatenate},
                                                          {"aten::split_with_sizes", split},
                                                          {"aten::slice", slice},
                                                          {"aten::flatten", flatten},
                                                          {"aten::permute", permute},
                                                          {"aten::clamp_max", clamp_max},
                                                          {"prim::Constant", nothing},
                                                          {"prim::ListConstruct", nothing},
                                                          {"prim::ListUnpack", nothing},
                                                          {"prim::TupleConstruct", nothing}};
  return table;
}

}  // namespace

Result<std::string> to_onnx(const torch::jit::Graph& graph, const std::map<std::string, std::string>& metadata) {
  OnnxGraph onnx;
  for (const auto* input : graph.inputs()) onnx.add_input(input);
  for (const auto* node : graph.nodes()) {
    const auto conversion = conversions().find(node->kind().toQualString());
    if (conversion == conversions().end()) {
      return Error{ErrorKind::internal, std::string("ONNX: no conversion of ") + node->kind().toQualString()};
    }
    conversion->second(onnx, *node);
  }
  for (const auto* output : graph.outputs().front()->node()->inputs()) onnx.add_output(output);

  ProtobufMessage operator_set, model;
  operator_set.add_bytes(1, "");
  operator_set.add_integer(2, kOperatorSet);
  model.add_integer(1, kIrVersion);
  model.add_bytes(2, "dualsight");
  model.add_message(8, operator_set);
  model.add_message(7, onnx.message());
  for (const auto& [key, value] : metadata) {
    ProtobufMessage entry;
    entry.add_bytes(1, key);
    entry.add_bytes(2, value);
    model.add_message(14, entry);
  }
  return model.bytes();
}

}  // namespace dualsight
