// Configuration files: TOML or JSON (by the name's ending), read into one shape that remembers lines.
#pragma once

#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct ConfigTable;

// `key = value`, `key = [value, ...]`, or `[[key]]` tables. Values are kept as text: the command-line option of the
// same name parses and checks them.
struct ConfigEntry {
  std::string key;
  int line = 0;  // from 1
  std::vector<std::string> values;
  std::vector<ConfigTable> tables;
};

struct ConfigTable {
  int line = 0;
  std::vector<ConfigEntry> entries;
};

// Error (ErrorKind::usage): "dualsight.toml:12: what is wrong".
Result<ConfigTable> read_config(const std::string& path);

}  // namespace dualsight
