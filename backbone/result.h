// Expected failures as values: a function that can fail for reasons outside the program returns Result<T>.
// Exceptions are left for programming errors and stop at main() or at the top of a thread.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace dualsight {

// What went wrong, seen from the user's side. The numbers are the program's exit codes (documented in README.md).
enum class ErrorKind {
  internal = 1,  // a fault of this program
  usage = 2,     // command line or configuration
  source = 3,    // a picture, video, camera or data set that cannot be read
  model = 4,     // a model file that is missing, damaged, or not ours
  output = 5,    // a file that cannot be written
  training = 6,  // training stopped: loss not finite, too many bad labels
  interrupted = 130,
};

// One line for a person. It names the culprit (a path, an option, a tensor) and never ends in a newline.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
};

// Either a T or an Error. Check with `if (!result)` before using `*result`.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

// The same for functions that return nothing: `return {};` on success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT: implicit on purpose

  explicit operator bool() const { return ok_; }
  const Error& error() const { return error_; }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace dualsight
