// safetensors files: an 8-byte little-endian header length, that many bytes of JSON
// ({name: {dtype, shape, data_offsets}, "__metadata__": {string: string}}), then raw little-endian data.
// The format holds no code, so a file from a stranger is safe to open; a damaged or hostile one gives one Error.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backbone/result.h"

namespace torch::nn {
class Module;
}

namespace dualsight {

using Metadata = std::map<std::string, std::string>;
using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

// A file opened for reading. The data is memory-mapped: opening a large file costs its header only.
// Every offset, shape and dtype is checked by open(); after that reading cannot run outside the file.
// Any thread may read; the object is immutable. Replacing the file by rename (as write_safetensors does) is harmless;
// cutting it short in place while it is open is not: the system then kills whoever reads the lost part.
class Safetensors {
 public:
  // Errors (ErrorKind::model, message starts with the path): cannot open, shorter than 8 bytes, header longer than
  // the file or than 64 MiB, header not JSON of the form above, unknown dtype, negative or overflowing shape,
  // data_offsets outside the file / overlapping / leaving holes / not matching dtype and shape, duplicate names.
  static Result<Safetensors> open(const std::filesystem::path& path);

  const Metadata& metadata() const { return metadata_; }
  bool contains(const std::string& name) const { return entries_.count(name) != 0; }
  std::vector<std::string> names() const;  // sorted

  // A copy of the tensor, in the dtype of the file (F64 F32 F16 BF16 I64 I32 I16 I8 U8 BOOL), contiguous, on the CPU.
  // Error: no such name.
  Result<torch::Tensor> tensor(const std::string& name) const;

  // A view onto the mapping, which it keeps alive; writing to it is a fault. Same errors as tensor().
  // Falls back to a copy for BOOL and for data not aligned to its element (never so in files we wrote).
  Result<torch::Tensor> view(const std::string& name) const;

 private:
  struct Mapping;
  struct Entry {
    torch::ScalarType dtype;
    std::vector<int64_t> shape;
    uint64_t begin = 0;  // bytes from the start of the file
    uint64_t end = 0;
  };
  std::shared_ptr<const Mapping> mapping_;
  std::map<std::string, Entry> entries_;
  Metadata metadata_;
  std::string path_;
};

// Writes atomically: a temporary file beside `path`, fsync, rename. Tensors may lie on any device and be
// non-contiguous. Data starts on an 8-byte boundary (the header is padded with spaces), widest dtypes first.
// Errors (ErrorKind::output, message starts with the path): cannot create, disk full, `path` is a device or folder,
// dtype not in the format, two tensors of one name, a name or metadata that is not UTF-8. Nothing is left behind then.
Result<void> write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                               const Metadata& metadata);

// Parameters and buffers of a module by dotted name, BatchNorm's num_batches_tracked included.
NamedTensors state_dict(const torch::nn::Module& module);

// Copies every tensor of `tensors` into the parameter or buffer of its name, converting the dtype.
// Strict: missing, unexpected and mis-shaped names are one Error (ErrorKind::model) that lists up to five of each and
// counts the rest; nothing is copied then. Missing num_batches_tracked is not an error (inference files omit it).
Result<void> load_state_dict(torch::nn::Module& module, const NamedTensors& tensors);

}  // namespace dualsight
