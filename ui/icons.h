// Simple symbols, drawn in the palette's text colour, so that they fit light and dark.
#pragma once

#include <QIcon>
#include <QString>

namespace dualsight {

// "folder", "link", "freeze", "play", "zoom_in", "zoom_out", "fit", "actual_size", "blur", "zones", "record", "json",
// "snapshot", "settings".
QIcon icon(const QString& name);

}  // namespace dualsight
