// Simple symbols, drawn in the palette's text colour each time they are shown, so that they suit light and dark themes.
#pragma once

#include <QIcon>
#include <QString>

namespace dualsight {

// Null for an unknown name.
QIcon icon(const QString& name);

}  // namespace dualsight
