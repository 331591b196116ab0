#include <QApplication>
#include <cstdio>
#include <vector>

#include "tests/ui/support/ui_test.h"

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QApplication::setApplicationName("dualsight-test");
  std::vector<char*> rest(argv, argv + argc);
  std::string wanted;
  if (argc > 1 && argv[1][0] != '-') {
    wanted = argv[1];
    rest.erase(rest.begin() + 1);
  }
  if (!wanted.empty() && dualsight::ui_tests().count(wanted) == 0) {
    std::fprintf(stderr, "%s: no such test\n", wanted.c_str());
    return 2;
  }
  int failed = 0;
  for (const auto& [name, make] : dualsight::ui_tests()) {
    if (!wanted.empty() && name != wanted) continue;
    const auto test = make();
    failed += QTest::qExec(test.get(), static_cast<int>(rest.size()), rest.data());
  }
  return failed == 0 ? 0 : 1;
}
