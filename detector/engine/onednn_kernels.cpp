// Kernels made of oneDNN primitives. The one file that includes the library, and handles what differs between its 2.x
// and 3.x.
#include <algorithm>
#include <dnnl.hpp>
#include <utility>

#include "detector/engine/kernel.h"
#include "detector/engine/quantize_weights.h"
#include "detector/engine/simple_kernels.h"

namespace dualsight {
namespace {

using dnnl::memory;
using dims = memory::dims;

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

const dnnl::stream& stream() {
  static const dnnl::stream s(cpu());
  return s;
}

memory::data_type to_dnnl(ValueType type) {
  switch (type) {
    case ValueType::f32:
      return memory::data_type::f32;
    case ValueType::bf16:
      return memory::data_type::bf16;
    case ValueType::u8:
      return memory::data_type::u8;
    case ValueType::s8:
      return memory::data_type::s8;
  }
  return memory::data_type::undef;
}

memory::desc describe(const Activations& a) {
  return memory::desc({1, a.channels, a.height, a.width}, to_dnnl(a.type), memory::format_tag::nhwc);
}

dnnl::primitive_attr plain_attributes() {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

dnnl::primitive_attr attributes(const PlanLayer& layer, const LayerPlace& place) {
  dnnl::post_ops after;
#if DNNL_VERSION_MAJOR >= 3
  if (layer.sum) after.append_sum(place.held_scale, 0, to_dnnl(place.held));
  if (layer.relu) after.append_eltwise(dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
#else
  if (layer.sum) after.append_sum(place.held_scale, to_dnnl(place.held));
  if (layer.relu) after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
#endif
  auto attr = plain_attributes();
  attr.set_post_ops(after);
  return attr;
}

class DnnlKernel : public Kernel {
 public:
  template <typename Description>
  DnnlKernel(const Description& description, dnnl::primitive primitive, Scratch& scratch)
      : primitive_(std::move(primitive)), scratch_(scratch), implementation_(description.impl_info_str()) {
    scratch.bytes = std::max(scratch.bytes, description.scratchpad_desc().get_size());
    add(DNNL_ARG_SCRATCHPAD, memory(description.scratchpad_desc(), cpu(), DNNL_MEMORY_NONE));
  }

  void add(int argument, memory m) {
    memories_.push_back(std::move(m));
    arguments_.push_back({argument, memories_.back().get()});
  }

  void run() override {
    if (!bound_) {
      memories_.front().set_data_handle(scratch_.data);
      bound_ = true;
    }
    // The C function: the C++ one copies the arguments to the heap at every call.
    dnnl_primitive_execute(primitive_.get(), stream().get(), static_cast<int>(arguments_.size()), arguments_.data());
  }
  const std::string& implementation() const override { return implementation_; }

 private:
  dnnl::primitive primitive_;
  std::vector<memory> memories_;
  std::vector<dnnl_exec_arg_t> arguments_;
  const Scratch& scratch_;
  bool bound_ = false;
  std::string implementation_;
};

std::unique_ptr<Kernel> make_convolution(const PlanLayer& layer, const LayerPlace& place, Scratch& scratch) {
  const auto &source = place.source, &target = place.target;
  const bool integers = is_8bit(source.type);
  const int64_t in = source.channels / layer.groups, out = target.channels, k = layer.kernel, g = layer.groups;
  const dims shape = g == 1 ? dims{out, in, k, k} : dims{g, out / g, in, k, k};
  const memory::desc any(shape, integers ? memory::data_type::s8 : to_dnnl(source.type), memory::format_tag::any);
  const memory::desc bias_desc({out}, memory::data_type::f32, memory::format_tag::a);
  const dims strides = {layer.stride, layer.stride}, padding = {k / 2, k / 2};
  // Padding to the right and below, such that the target gets exactly its size.
  const auto right = [&](int from, int to) { return (to - 1) * layer.stride + k - from - k / 2; };
  const dims padding_after = {right(source.height, target.height), right(source.width, target.width)};
  auto attr = attributes(layer, place);
  QuantizedWeights q;
  if (integers) q = quantize_weights(layer, place);
#if DNNL_VERSION_MAJOR >= 3
  if (integers) throw dnnl::error(dnnl_unimplemented, "8-bit layers need oneDNN 2.x");
  const dnnl::convolution_forward::primitive_desc description(
      cpu(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, describe(source), any, bias_desc,
      describe(target), strides, padding, padding_after, attr);
#else
  if (integers) attr.set_output_scales(/*mask: one a channel*/ 1 << 1, q.scales);
  const dnnl::convolution_forward::primitive_desc description(
      dnnl::convolution_forward::desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
                                      describe(source), any, bias_desc, describe(target), strides, padding,
                                      padding_after),
      attr, cpu());
#endif
  memory plain(
      memory::desc(shape, memory::data_type::f32, g == 1 ? memory::format_tag::oihw : memory::format_tag::goihw), cpu(),
      const_cast<float*>((integers ? q.weights : layer.weights).data()));
  memory weights(description.weights_desc(), cpu());
  dnnl::stream s = stream();
  dnnl::reorder(plain, weights).execute(s, plain, weights);
  s.wait();
  memory bias(bias_desc, cpu());
  const auto& shift = integers ? q.bias : layer.bias;
  std::copy(shift.begin(), shift.end(), static_cast<float*>(bias.get_data_handle()));

  auto kernel = std::make_unique<DnnlKernel>(description, dnnl::convolution_forward(description), scratch);
  kernel->add(DNNL_ARG_SRC, memory(describe(source), cpu(), source.data));
  kernel->add(DNNL_ARG_WEIGHTS, std::move(weights));
  kernel->add(DNNL_ARG_BIAS, std::move(bias));
  kernel->add(DNNL_ARG_DST, memory(describe(target), cpu(), target.data));
  return kernel;
}

std::unique_ptr<Kernel> make_max_pool(const Activations& source, const Activations& target, Scratch& scratch) {
  const dims strides = {2, 2}, window = {3, 3}, before = {1, 1};
  const dims after = {(target.height - 1) * 2 + 3 - source.height - 1, (target.width - 1) * 2 + 3 - source.width - 1};
#if DNNL_VERSION_MAJOR >= 3
  const dnnl::pooling_forward::primitive_desc description(
      cpu(), dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max, describe(source), describe(target),
      strides, window, dims{0, 0}, before, after, plain_attributes());
#else
  const dnnl::pooling_forward::primitive_desc description(
      dnnl::pooling_forward::desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max, describe(source),
                                  describe(target), strides, window, before, after),
      plain_attributes(), cpu());
#endif
  auto kernel = std::make_unique<DnnlKernel>(description, dnnl::pooling_forward(description), scratch);
  kernel->add(DNNL_ARG_SRC, memory(describe(source), cpu(), source.data));
  kernel->add(DNNL_ARG_DST, memory(describe(target), cpu(), target.data));
  return kernel;
}

}  // namespace

std::string kernel_library() {
  const auto* v = dnnl_version();
  return "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

Result<std::unique_ptr<Kernel>> make_kernel(const PlanLayer& layer, const LayerPlace& place, Scratch& scratch) {
  try {
    switch (layer.kind) {
      case LayerKind::convolution:
        return make_convolution(layer, place, scratch);
      case LayerKind::max_pool:
        return make_max_pool(place.source, place.target, scratch);
      case LayerKind::upsample:
        return make_upsample(place.source, place.target);
      case LayerKind::quantize:
        return make_quantize(place.source, place.target);
    }
  } catch (const dnnl::error& error) {
    return Error{ErrorKind::internal, kernel_library() + " cannot do layer " + layer.name + ": " + error.what()};
  }
  return Error{ErrorKind::internal, "layer " + layer.name + " is of an unknown kind"};
}

}  // namespace dualsight
