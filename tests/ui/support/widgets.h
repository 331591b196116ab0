// Widgets by name, and what a user does with them.
#pragma once

#include <QDialogButtonBox>
#include <QPushButton>
#include <QTest>
#include <QWidget>

namespace dualsight {

// Ends the program if there is none.
template <typename Widget>
Widget* find(QWidget& in, const char* name) {
  auto* widget = in.findChild<Widget*>(name);
  if (widget == nullptr) qFatal("no %s", name);
  return widget;
}

inline void press(QWidget& in, QDialogButtonBox::StandardButton which) {
  QTest::mouseClick(in.findChild<QDialogButtonBox*>()->button(which), Qt::LeftButton);
}

}  // namespace dualsight
