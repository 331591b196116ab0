// A program under a test's control: lines go in and out.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

namespace dualsight {

class ChildProcess {
 public:
  explicit ChildProcess(std::vector<std::string> words) {
    int to[2] = {}, from[2] = {};
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) return;
    pid_ = fork();
    if (pid_ == 0) {
      dup2(to[0], STDIN_FILENO);
      dup2(from[1], STDOUT_FILENO);
      std::vector<char*> argv;
      for (std::string& word : words) argv.push_back(word.data());
      argv.push_back(nullptr);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(to[0]);
    close(from[1]);
    in_ = to[1];
    out_ = from[0];
  }
  ~ChildProcess() { stop(); }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next line of its output; "" when it says nothing more, or nothing for 10 s.
  std::string line() {
    std::string text;
    for (char c = 0;;) {
      pollfd ready{out_, POLLIN, 0};
      if (poll(&ready, 1, 10'000) <= 0 || read(out_, &c, 1) != 1 || c == '\n') return text;
      text += c;
    }
  }

  // Says a line and waits for the answer.
  std::string ask(const std::string& command) {
    const std::string text = command + "\n";
    return write(in_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? line() : "";
  }

  void stop() {
    if (pid_ <= 0) return;
    close(in_);
    close(out_);
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1;
};

}  // namespace dualsight
