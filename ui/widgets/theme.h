// The light and dark palettes.
#pragma once

#include <QPalette>
#include <QString>

class QApplication;

namespace dualsight {

QPalette light_palette();
QPalette dark_palette();

// "light", "dark"; "system": light or dark as the desktop's palette was at the start.
void apply_theme(QApplication& application, const QString& theme);

}  // namespace dualsight
