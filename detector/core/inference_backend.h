// A network made ready for pictures of one size, on one device, in one arithmetic: how it is done is its own business.
// Made by make_torch_backend() (network/torch_backend.h) or make_engine_backend() (engine/engine_backend.h).
#pragma once

#include <string>

#include "detector/core/decode.h"
#include "detector/core/image.h"

namespace dualsight {

class InferenceBackend {
 public:
  virtual ~InferenceBackend() = default;
  // `square`: what letterbox() drew. The result is valid until the next call. One lasting thread, with the OpenMP team
  // size of the thread that made this. May throw what LibTorch throws.
  virtual HeadOutput run(const Image& square) = 0;
  virtual std::string name() const = 0;  // for people: "engine, oneDNN 2.6.3"
};

}  // namespace dualsight
