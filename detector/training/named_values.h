// Numbers with names, in a fixed order: the parts of a loss, the scores of an evaluation. The names are the columns of
// log.csv.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace dualsight {

struct NamedValue {
  std::string name;
  double value = std::numeric_limits<double>::quiet_NaN();  // NaN: not computed (yet)
};
using NamedValues = std::vector<NamedValue>;

// NaN where no value has that name.
inline double value_of(const NamedValues& values, const std::string& name) {
  for (const auto& one : values) {
    if (one.name == name) return one.value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

// All of `names`, without a value yet.
inline NamedValues without_values(const std::vector<std::string>& names) {
  NamedValues values;
  for (const auto& name : names) values.push_back({name});
  return values;
}

}  // namespace dualsight
