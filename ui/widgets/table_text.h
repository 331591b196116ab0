// Tables as text, for the clipboard and for files.
#pragma once

#include <QList>
#include <QString>

class QAbstractItemModel;

namespace dualsight {

// A cell's machine-readable text, where it differs from what is displayed ("0.91", not "91 %").
inline constexpr int kExportRole = 0x0100 + 100;  // Qt::UserRole + 100

// A line of headers and a line per row, columns divided by `separator`. Cells that contain it, a quote or a line break
// are quoted as in RFC 4180. Columns with an empty header (pictures) are left out.
QString table_text(const QAbstractItemModel& model, const QList<int>& rows, QChar separator);
QString table_text(const QAbstractItemModel& model, QChar separator);  // all rows

}  // namespace dualsight
