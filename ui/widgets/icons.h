// Simple symbols, drawn in the palette's text colour whenever they are shown, so that they fit light and dark.
#pragma once

#include <QIcon>
#include <QString>
#include <QStringList>

namespace dualsight {

// Of a name that is not there: empty.
QIcon icon(const QString& name);

QStringList icon_names();

}  // namespace dualsight
