#include "app/system/config_file.h"

#include <spdlog/fmt/fmt.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace dualsight {
namespace {

Error error_at(const std::string& path, int line, const std::string& what) {
  return {ErrorKind::usage, fmt::format("{}:{}: {}", path, line, what)};
}

constexpr const char* bad_value = "a value must be text, a number, true or false, or a list of these";

// ---- TOML ----

std::optional<std::string> scalar(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* real = node.as_floating_point()) return fmt::format("{}", real->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  return std::nullopt;
}

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

Result<ConfigTable> from_toml(const toml::table& table, const std::string& path) {
  ConfigTable out;
  out.line = line_of(table);
  for (const auto& [key, node] : table) {
    ConfigEntry entry;
    entry.key = key.str();
    entry.line = static_cast<int>(key.source().begin.line);
    const auto* list = node.as_array();
    if (list != nullptr) {
      for (const toml::node& element : *list) {
        if (const auto* inner = element.as_table()) {
          auto read = from_toml(*inner, path);
          if (!read) return read.error();
          entry.tables.push_back(*std::move(read));
        } else if (auto value = scalar(element)) {
          entry.values.push_back(*value);
        } else {
          return error_at(path, line_of(element), bad_value);
        }
      }
    } else if (const auto* inner = node.as_table()) {
      auto read = from_toml(*inner, path);
      if (!read) return read.error();
      entry.tables.push_back(*std::move(read));
    } else if (auto value = scalar(node)) {
      entry.values.push_back(*value);
    } else {
      return error_at(path, entry.line, bad_value);
    }
    out.entries.push_back(std::move(entry));
  }
  std::sort(out.entries.begin(), out.entries.end(),
            [](const ConfigEntry& a, const ConfigEntry& b) { return a.line < b.line; });
  return out;
}

// ---- JSON: read by SAX events, because a parsed document does not keep line numbers ----

// Counts the lines that the parser has consumed.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  int* line;

  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    if (*at == '\n') ++*line;
    ++at;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at == other.at; }
  bool operator!=(const CountingIterator& other) const { return at != other.at; }
};

class JsonReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit JsonReader(const int& line) : line_(line) {}
  bool null() override { return fail(bad_value); }
  bool boolean(bool value) override { return add(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add(fmt::format("{}", value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(fmt::format("{}", value)); }
  bool number_float(number_float_t value, const string_t&) override { return add(fmt::format("{}", value)); }
  bool string(string_t& value) override { return add(value); }
  bool binary(binary_t&) override { return fail(bad_value); }
  bool start_object(std::size_t) override {
    ConfigTable table;
    table.line = line_;
    if (open_.empty()) {
      root = table;
      open_.push_back(&root);
    } else {
      if (lists_ > 1) return fail(bad_value);
      auto& tables = open_.back()->entries.back().tables;
      tables.push_back(table);
      open_.push_back(&tables.back());
      depths_.push_back(std::exchange(lists_, 0));
    }
    return true;
  }
  bool key(string_t& value) override {
    for (const ConfigEntry& entry : open_.back()->entries) {
      if (entry.key == value) return fail("\"" + value + "\" stands there twice");
    }
    open_.back()->entries.push_back({value, line_, {}, {}});
    return true;
  }
  bool end_object() override {
    open_.pop_back();
    if (!depths_.empty()) lists_ = depths_.back(), depths_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override {
    if (open_.empty()) return fail("the file must hold one object");
    return ++lists_ > 1 ? fail(bad_value) : true;
  }
  bool end_array() override {
    --lists_;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) override {
    const std::string what = error.what();  // "[json.exception.parse_error.101] parse error at ..."
    return fail(what.substr(what.find("] ") + 2));
  }

  ConfigTable root;
  std::optional<std::pair<int, std::string>> problem;

 private:
  bool add(const std::string& value) {
    if (open_.empty()) return fail("the file must hold one object");
    open_.back()->entries.back().values.push_back(value);
    return true;
  }
  bool fail(const std::string& what) {
    if (!problem) problem.emplace(line_, what);
    return false;
  }

  const int& line_;
  std::vector<ConfigTable*> open_;
  std::vector<int> depths_;
  int lists_ = 0;
};

Result<ConfigTable> read_json(const std::string& text, const std::string& path) {
  int line = 1;
  JsonReader reader(line);
  const CountingIterator begin{text.data(), &line}, end{text.data() + text.size(), &line};
  nlohmann::json::sax_parse(begin, end, &reader);
  if (reader.problem) return error_at(path, reader.problem->first, reader.problem->second);
  return std::move(reader.root);
}

}  // namespace

Result<ConfigTable> read_config(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return Error{ErrorKind::usage, path + ": is a folder"};
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return Error{ErrorKind::usage, path + ": cannot be read: " + std::strerror(errno != 0 ? errno : EIO)};
  if (path.ends_with(".json")) return read_json(text, path);
  if (!path.ends_with(".toml")) return Error{ErrorKind::usage, path + ": the name must end in .toml or .json"};
  try {
    return from_toml(toml::parse(text, path), path);
  } catch (const toml::parse_error& error) {
    return error_at(path, static_cast<int>(error.source().begin.line), std::string(error.description()));
  }
}

}  // namespace dualsight
