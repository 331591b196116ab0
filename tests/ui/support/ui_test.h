// One program for all tests of the window: `ui_test` runs every one, `ui_test NAME [Qt Test's options]` one of them.
#pragma once

#include <QObject>
#include <QTest>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace dualsight {

using MakeUiTest = std::function<std::unique_ptr<QObject>()>;
inline std::map<std::string, MakeUiTest>& ui_tests() {
  static std::map<std::string, MakeUiTest> tests;
  return tests;
}

// In the test's .cpp, after the class (with Q_OBJECT and private Q_SLOTS); end the file with #include "NAME.moc".
#define DUALSIGHT_UI_TEST(Name)       \
  static const bool Name##_is_known = \
      ::dualsight::ui_tests().emplace(#Name, [] { return std::make_unique<Name>(); }).second

}  // namespace dualsight
