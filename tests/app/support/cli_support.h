// Runs the real program, as a user does.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/app/support/test_support.h"

namespace dualsight {

using Arguments = std::vector<std::string>;

class CliTest : public TemporaryFolder {
 protected:
  struct Finished {
    int code = -1;
    std::string out, err;
  };

  pid_t start(const Arguments& arguments) {
    Arguments words = arguments;
    words.insert(words.begin(), DUALSIGHT_BINARY);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    fs::remove(at("stdout"));  // of a run before
    const pid_t child = fork();
    if (child == 0) {
      dup2(open(at("stdout").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDOUT_FILENO);
      dup2(open(at("stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDERR_FILENO);
      execv(argv[0], argv.data());
      _exit(127);
    }
    return child;
  }

  Finished wait_for(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), contents(at("stdout")),
            contents(at("stderr"))};
  }

  Finished run(const Arguments& arguments) { return wait_for(start(arguments)); }

  // `detect` with the small untrained model; a low --conf makes it find things all the same.
  static Arguments detect(const Arguments& more) {
    Arguments all = {"detect", "--model", DUALSIGHT_TEST_MODEL, "--threads", "1", "--size", "64", "--conf", "0.001"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  // One line, on standard error, that names the culprit.
  void expect_failure(const Arguments& arguments, int code, const std::string& culprit) {
    const Finished done = run(arguments);
    EXPECT_EQ(done.code, code) << done.err;
    EXPECT_EQ(done.out, "");
    EXPECT_EQ(lines_of(done.err).size(), 1U) << done.err;
    EXPECT_NE(done.err.find("dualsight: error: "), std::string::npos) << done.err;
    EXPECT_NE(done.err.find(culprit), std::string::npos) << done.err;
  }

  void expect_valid(const std::string& ndjson) {
    const std::string path = text("records", ndjson);
    const std::string command = std::string(DUALSIGHT_PYTHON) + " " + DUALSIGHT_SOURCE_DIR +
                                "/tests/app/support/validate_records.py " + DUALSIGHT_SOURCE_DIR +
                                "/assets/dualsight-1.schema.json " + path + " > " + at("report") + " 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << contents(at("report"));
  }
};

}  // namespace dualsight
