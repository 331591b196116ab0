// Tables as text, for the clipboard and for files.
#pragma once

#include <QList>
#include <QString>

class QAbstractItemModel;

namespace dualsight {

// What a cell is in text for machines, where that differs from what it shows ("0.91", not "91 %").
inline constexpr int export_role = 0x0100 + 100;  // Qt::UserRole + 100

// A line of headers and a line for each row, with columns divided by `separator`. A cell that holds it, a quote or a
// line's end is quoted, as RFC 4180 says. Columns whose header is empty (pictures) are left out.
QString table_text(const QAbstractItemModel& model, const QList<int>& rows, QChar separator);
QString table_text(const QAbstractItemModel& model, QChar separator);  // all rows

}  // namespace dualsight
