// A network made ready for pictures of one size, on one device, in one arithmetic: how it is done is its own business.
#pragma once

#include <memory>
#include <string>

#include "backbone/result.h"
#include "detector/decode.h"
#include "detector/engine/plan.h"
#include "detector/image.h"

namespace dualsight {

class DetectionNet;
struct ModelInfo;
enum class Arithmetic;

class Forward {
 public:
  virtual ~Forward() = default;
  // `square`: what letterbox() drew. The result is valid until the next call. One lasting thread, with the OpenMP team
  // size of the thread that made this. May throw what LibTorch throws.
  virtual HeadOutput run(const Image& square) = 0;
  virtual std::string name() const = 0;  // for people: "engine, oneDNN 2.6.3"
};

// Any architecture, channels-last: on the CPU traced and frozen, on CUDA as it is. Changes `network` (its weights'
// types and places).
std::unique_ptr<Forward> make_torch_forward(std::shared_ptr<DetectionNet> network, const ModelInfo& info, int size,
                                            bool cuda, bool bf16);

// The fused engine on the CPU (engine/engine.h). `ranges`: for int8. Errors: why it cannot take this network.
Result<std::unique_ptr<Forward>> make_engine_forward(const DetectionNet& network, const ModelInfo& info, int size,
                                                     Arithmetic arithmetic, const Ranges& ranges);

}  // namespace dualsight
