#include "ui/widgets/form_fields.h"

#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <algorithm>

namespace dualsight {
namespace {

class WheelFilter : public QObject {
 public:
  using QObject::QObject;
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus()) return false;
    event->ignore();
    return true;
  }
};

}  // namespace

QLabel* label_for(QWidget* buddy) {
  auto* label = new QLabel;
  label->setBuddy(buddy);
  return label;
}

QComboBox* narrow_combo(const char* name) {
  auto* combo = new QComboBox;
  combo->setObjectName(name);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(8);
  return combo;
}

void select_data(QComboBox* combo, const QVariant& data) { combo->setCurrentIndex(std::max(0, combo->findData(data))); }

void ignore_wheel_without_focus(QWidget* control) {
  control->setFocusPolicy(Qt::StrongFocus);
  control->installEventFilter(new WheelFilter(control));
}

}  // namespace dualsight
