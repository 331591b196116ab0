// Small helpers for the panels' forms.
#pragma once

#include <QVariant>

class QComboBox;
class QLabel;
class QWidget;

namespace dualsight {

QLabel* label_for(QWidget* buddy);          // without a text yet: that comes with the language
QComboBox* narrow_combo(const char* name);  // does not widen its panel for long entries

// The entry with this data, or the first ("Automatic").
void select_data(QComboBox* combo, const QVariant& data);

// Scrolling a panel with the wheel must not change the controls that pass under the pointer: they react to the wheel
// only while they have the focus, and take the focus by click or Tab, not by wheel.
void ignore_wheel_without_focus(QWidget* control);

}  // namespace dualsight
