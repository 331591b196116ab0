// script/soak for a few seconds: the program gets through every fault, and a program that does not is found out.
#include "tests/app/support/cli_support.h"

namespace dualsight {
namespace {

class SoakTest : public TemporaryFolder {
 protected:
  struct Finished {
    int code = -1;
    std::string said;
  };
  Finished soak(const std::string& program) const {
    const std::string command = std::string(DUALSIGHT_PYTHON) + " " + DUALSIGHT_SOURCE_DIR + "/script/soak 0.3 " +
                                at("soak") + " --program " + program + " --model " + DUALSIGHT_TEST_MODEL + " > " +
                                at("said") + " 2>&1";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, contents(at("said"))};
  }
};

TEST_F(SoakTest, EveryFaultIsSurvived) {
  const Finished done = soak(DUALSIGHT_BINARY);
  if (done.code == 77 || done.code == 127) GTEST_SKIP() << done.said;
  EXPECT_EQ(done.code, 0) << done.said << contents(at("soak/log"));
  for (const char* row : {"frames ", "dropped ", "reconnects ", "age, median ", "memory ", "threads ", "faults "}) {
    EXPECT_NE(done.said.find(row), std::string::npos) << row << done.said;
  }
}

TEST_F(SoakTest, AProgramThatEndsIsFoundOut) {
  const Finished done = soak("/bin/false");
  if (done.code == 77 || done.code == 127) GTEST_SKIP() << done.said;
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.said.find("soak: it ended by itself with exit code 1"), std::string::npos) << done.said;
}

}  // namespace
}  // namespace dualsight
