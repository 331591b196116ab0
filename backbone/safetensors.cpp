#include "backbone/safetensors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <torch/nn/module.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>

#include "backbone/atomic_file.h"
#include "backbone/file_descriptor.h"
#include "backbone/safetensors_header.h"

namespace dualsight {

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian and is used in place");

namespace {

constexpr uint64_t kLengthBytes = 8;
constexpr uint64_t kMaxHeaderBytes = uint64_t{64} << 20;

struct Dtype {
  std::string_view name;
  torch::ScalarType type;
  uint64_t bytes;
};

constexpr std::array<Dtype, 10> kDtypes = {{{"F64", torch::kDouble, 8},
                                            {"F32", torch::kFloat, 4},
                                            {"F16", torch::kHalf, 2},
                                            {"BF16", torch::kBFloat16, 2},
                                            {"I64", torch::kLong, 8},
                                            {"I32", torch::kInt, 4},
                                            {"I16", torch::kShort, 2},
                                            {"I8", torch::kChar, 1},
                                            {"U8", torch::kByte, 1},
                                            {"BOOL", torch::kBool, 1}}};

const Dtype* find_dtype(std::string_view name) {
  const auto* it = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const Dtype& d) { return d.name == name; });
  return it == kDtypes.end() ? nullptr : it;
}

const Dtype* find_dtype(torch::ScalarType type) {
  const auto* it = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const Dtype& d) { return d.type == type; });
  return it == kDtypes.end() ? nullptr : it;
}

std::string errno_text() { return std::strerror(errno); }

// Bytes that dtype and shape ask for; empty when they, or a stride LibTorch would compute from them, exceed 63 bits.
std::optional<uint64_t> byte_size(const Dtype& dtype, const std::vector<int64_t>& shape) {
  constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  uint64_t bytes = dtype.bytes;
  bool is_empty = false;
  for (const int64_t size : shape) {
    if (size == 0) {
      is_empty = true;
      continue;
    }
    if (bytes > kMax / static_cast<uint64_t>(size)) return std::nullopt;
    bytes *= static_cast<uint64_t>(size);
  }
  return is_empty ? 0 : bytes;
}

}  // namespace

struct Safetensors::Mapping {
  Mapping(void* memory, std::size_t length) : data(memory), size(length) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { ::munmap(data, size); }

  void* data;
  std::size_t size;
};

Result<Safetensors> Safetensors::open(const std::filesystem::path& path) {
  Safetensors file;
  file.path_ = path.string();
  const auto error = [&](const std::string& what) { return Error{ErrorKind::model, file.path_ + ": " + what}; };

  // O_NONBLOCK: a named pipe must be refused, not waited for.
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (fd.get() < 0 || ::fstat(fd.get(), &status) != 0) return error("cannot open: " + errno_text());
  if (!S_ISREG(status.st_mode)) return error("not a regular file");
  const auto size = static_cast<uint64_t>(status.st_size);
  if (size < kLengthBytes) return error("not a safetensors file: only " + std::to_string(size) + " bytes");

  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (memory == MAP_FAILED) return error("cannot map: " + errno_text());
  file.mapping_ = std::make_shared<const Mapping>(memory, size);

  uint64_t header_size = 0;
  std::memcpy(&header_size, memory, kLengthBytes);
  if (header_size > size - kLengthBytes) {
    return error("not a safetensors file, or truncated: a header of " + std::to_string(header_size) +
                 " bytes in a file of " + std::to_string(size));
  }
  if (header_size > kMaxHeaderBytes) return error("header of " + std::to_string(header_size) + " bytes, over 64 MiB");
  auto header = parse_safetensors_header({static_cast<const char*>(memory) + kLengthBytes, header_size});
  if (!header) return error(header.error().message);

  const uint64_t data_start = kLengthBytes + header_size;
  const uint64_t data_size = size - data_start;
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
  for (auto& [name, raw] : header->entries) {
    const auto tensor_error = [&](const std::string& what) { return error("tensor " + printable(name) + ": " + what); };
    const Dtype* dtype = find_dtype(raw.dtype);
    if (dtype == nullptr) return tensor_error("unknown dtype " + printable(raw.dtype));
    const auto bytes = byte_size(*dtype, raw.shape);
    if (!bytes) return tensor_error("shape overflows");
    if (raw.begin > raw.end) return tensor_error("data_offsets end before they begin");
    if (raw.end > data_size) {
      return tensor_error("data_offsets end at " + std::to_string(raw.end) + ", outside the " +
                          std::to_string(data_size) + " bytes of data (truncated file?)");
    }
    if (raw.end - raw.begin != *bytes) {
      return tensor_error("data_offsets span " + std::to_string(raw.end - raw.begin) +
                          " bytes, dtype and shape ask for " + std::to_string(*bytes));
    }
    ranges.emplace_back(raw.begin, raw.end);
    file.entries_.emplace(name, Entry{dtype->type, std::move(raw.shape), data_start + raw.begin, data_start + raw.end});
  }

  // The format wants every byte of data to belong to exactly one tensor.
  std::sort(ranges.begin(), ranges.end());
  uint64_t covered = 0;
  for (const auto& [begin, end] : ranges) {
    if (begin != covered) {
      return error(std::string(begin < covered ? "tensors overlap" : "hole between tensors") + " at data byte " +
                   std::to_string(std::min(begin, covered)));
    }
    covered = end;
  }
  if (covered != data_size) return error(std::to_string(data_size - covered) + " bytes at the end belong to no tensor");

  file.metadata_ = std::move(header->metadata);
  return file;
}

std::vector<std::string> Safetensors::names() const {
  std::vector<std::string> names;
  names.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) names.push_back(name);
  return names;
}

Result<torch::Tensor> Safetensors::tensor(const std::string& name) const {
  auto shared = view(name);
  if (!shared) return shared.error();
  return shared->clone();
}

Result<torch::Tensor> Safetensors::view(const std::string& name) const {
  const auto it = entries_.find(name);
  if (it == entries_.end()) return Error{ErrorKind::model, path_ + ": no tensor " + printable(name)};
  const Entry& entry = it->second;
  char* data = static_cast<char*>(mapping_->data) + entry.begin;

  // Bytes other than 0 and 1 are not valid bools.
  const bool is_bool = entry.dtype == torch::kBool;
  const torch::TensorOptions options(is_bool ? torch::kByte : entry.dtype);
  const bool is_empty = entry.begin == entry.end;
  if (!is_empty && reinterpret_cast<uintptr_t>(data) % c10::elementSize(entry.dtype) != 0) {
    auto copy = at::empty(entry.shape, options);  // the format does not promise alignment, LibTorch's kernels want it
    std::memcpy(copy.data_ptr(), data, entry.end - entry.begin);
    return copy;
  }
  auto shared = at::from_blob(
      data, entry.shape, [mapping = mapping_](void*) {}, options);
  return is_bool ? shared.ne(0) : shared;
}

namespace {

// The length and JSON that go before the data of `tensors`, padded so that the data starts on an 8-byte boundary.
std::string encode_header(const NamedTensors& tensors, const Metadata& metadata) {
  std::ostringstream json;
  json << '{';
  const char* comma = "";
  if (!metadata.empty()) {
    json << "\"__metadata__\":{";
    for (const auto& [key, value] : metadata) {
      json << std::exchange(comma, ",") << json_quote(key) << ':' << json_quote(value);
    }
    json << '}';
  }
  uint64_t begin = 0;
  for (const auto& [name, tensor] : tensors) {
    const uint64_t end = begin + static_cast<uint64_t>(tensor.numel()) * tensor.element_size();
    json << std::exchange(comma, ",") << json_quote(name) << ":{\"dtype\":\"" << find_dtype(tensor.scalar_type())->name
         << "\",\"shape\":[";
    for (int64_t i = 0; i < tensor.dim(); ++i) json << (i > 0 ? "," : "") << tensor.size(i);
    json << "],\"data_offsets\":[" << begin << ',' << end << "]}";
    begin = end;
  }
  json << '}';
  std::string text = json.str();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), kLengthBytes) + text;
}

// What would make the file unreadable; empty if nothing.
std::string check_writable(const NamedTensors& tensors, const Metadata& metadata) {
  std::set<std::string_view> names;
  for (const auto& [name, tensor] : tensors) {
    if (!is_utf8(name)) return "a tensor's name is not UTF-8";
    if (name == "__metadata__") return "a tensor cannot be named \"__metadata__\"";
    if (!names.insert(name).second) return "two tensors are named " + printable(name);
    if (!tensor.defined() || tensor.layout() != torch::kStrided) return "tensor " + printable(name) + " is not dense";
    if (find_dtype(tensor.scalar_type()) == nullptr) {
      return "tensor " + printable(name) + " has a dtype that the format lacks: " + toString(tensor.scalar_type());
    }
  }
  for (const auto& [key, value] : metadata) {
    if (!is_utf8(key) || !is_utf8(value)) return "metadata is not UTF-8";
  }
  return {};
}

}  // namespace

Result<void> write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                               const Metadata& metadata) {
  const auto error = [&](const std::string& what) { return Error{ErrorKind::output, path.string() + ": " + what}; };
  const std::string fault = check_writable(tensors, metadata);
  if (!fault.empty()) return error(fault);

  // Widest elements first: each tensor is then aligned to its own element, and view() need not copy.
  NamedTensors ordered = tensors;
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.second.element_size() > b.second.element_size(); });
  const std::string header = encode_header(ordered, metadata);
  if (header.size() - kLengthBytes > kMaxHeaderBytes) return error("header over 64 MiB");

  return write_atomically(path, [&](const WriteBytes& write) {
    bool ok = write(header.data(), header.size());
    for (auto it = ordered.begin(); ok && it != ordered.end(); ++it) {
      const torch::Tensor data = it->second.detach().to(torch::kCPU).contiguous();
      ok = write(data.data_ptr(), data.nbytes());
    }
    return ok;
  });
}

NamedTensors state_dict(const torch::nn::Module& module) {
  NamedTensors state;
  for (const auto& item : module.named_parameters()) state.emplace_back(item.key(), item.value().detach());
  for (const auto& item : module.named_buffers()) state.emplace_back(item.key(), item.value().detach());
  return state;
}

namespace {

std::string shape_text(const torch::Tensor& tensor) {
  std::ostringstream out;
  out << tensor.sizes();
  return out.str();
}

// "; missing 7: a, b, c, d, e and 2 more"; nothing for an empty list.
std::string list_text(const char* what, const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  if (names.empty()) return {};
  std::string text = std::string("; ") + what + ' ' + std::to_string(names.size()) + ':';
  for (std::size_t i = 0; i < std::min(kShown, names.size()); ++i) text += (i > 0 ? ", " : " ") + names[i];
  if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
  return text;
}

}  // namespace

Result<void> load_state_dict(torch::nn::Module& module, const NamedTensors& tensors) {
  std::map<std::string, torch::Tensor> targets;
  for (auto& [name, tensor] : state_dict(module)) targets.emplace(name, tensor);

  std::vector<std::string> unexpected, mis_shaped, missing;
  std::set<std::string> given;
  for (const auto& [name, tensor] : tensors) {
    const auto target = targets.find(name);
    if (!given.insert(name).second || target == targets.end()) {
      unexpected.push_back(printable(name));
    } else if (target->second.sizes() != tensor.sizes()) {
      mis_shaped.push_back(name + " (is " + shape_text(tensor) + ", should be " + shape_text(target->second) + ")");
    }
  }
  for (const auto& [name, tensor] : targets) {
    const bool is_optional = name.ends_with("num_batches_tracked");
    if (given.count(name) == 0 && !is_optional) missing.push_back(name);
  }
  if (!missing.empty() || !unexpected.empty() || !mis_shaped.empty()) {
    return Error{ErrorKind::model, "weights do not fit the model" + list_text("missing", missing) +
                                       list_text("unexpected", unexpected) + list_text("mis-shaped", mis_shaped)};
  }

  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : tensors) targets.at(name).copy_(tensor);
  return {};
}

}  // namespace dualsight
