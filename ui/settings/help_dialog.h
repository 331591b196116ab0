// A page of instructions and the table of all shortcuts.
#pragma once

#include <QDialog>

namespace dualsight {

class Actions;

class HelpDialog : public QDialog {
  Q_OBJECT

 public:
  explicit HelpDialog(const Actions& actions, QWidget* parent = nullptr);
};

}  // namespace dualsight
