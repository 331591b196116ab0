// Servers of network streams for tests, each a process of its own on 127.0.0.1.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "tests/app/support/child_process.h"

namespace dualsight {

class StreamServer {
 public:
  // Starts tests/app/SCRIPT; returns once it listens, or has failed to.
  explicit StreamServer(const std::string& script, std::vector<std::string> arguments = {})
      : process_(words(script, std::move(arguments))), port_(process_.line()) {}

  bool listens() const {
    return !port_.empty() && std::all_of(port_.begin(), port_.end(), [](unsigned char c) { return std::isdigit(c); });
  }
  const std::string& port() const { return port_; }  // or what it says instead
  // "rtsp://127.0.0.1:PORT/live"; `user` is "name:password".
  std::string address(const std::string& scheme, const std::string& path, const std::string& user = "") const {
    return scheme + "://" + (user.empty() ? "" : user + "@") + "127.0.0.1:" + port_ + path;
  }
  bool tell(const std::string& command) { return process_.ask(command) == "done"; }  // true: it has done so
  void kill() { process_.stop(); }

  // Why SCRIPT cannot run on this machine (its exit code is 77), or nothing.
  static std::string lacks(const std::string& script) {
    std::string command;
    for (const std::string& word : words(script, {})) command += "'" + word + "' ";
    FILE* output = popen((command + "< /dev/null").c_str(), "r");
    if (output == nullptr) return "no shell";
    std::string said;
    std::array<char, 256> part{};
    while (fgets(part.data(), part.size(), output) != nullptr) said += part.data();
    const int status = pclose(output);
    return WIFEXITED(status) && WEXITSTATUS(status) == 77 ? said : "";
  }

 private:
  static std::vector<std::string> words(const std::string& script, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {DUALSIGHT_PYTHON, std::string(DUALSIGHT_SOURCE_DIR) + "/tests/app/support/" + script});
    return arguments;
  }

  ChildProcess process_;
  std::string port_;
};

}  // namespace dualsight
