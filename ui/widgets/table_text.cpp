#include "ui/widgets/table_text.h"

#include <QAbstractItemModel>
#include <QStringList>
#include <numeric>

namespace dualsight {
namespace {

QString field(const QVariant& value, QChar separator) {
  QString text = value.toString();
  const bool quoted = text.contains(separator) || text.contains('"') || text.contains('\n') || text.contains('\r');
  return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
}

}  // namespace

QString table_text(const QAbstractItemModel& model, const QList<int>& rows, QChar separator) {
  QList<int> columns;
  QStringList line;
  for (int column = 0; column < model.columnCount(); ++column) {
    const QString header = model.headerData(column, Qt::Horizontal).toString();
    if (header.isEmpty()) continue;
    columns.append(column);
    line.append(field(header, separator));
  }
  QString text = line.join(separator) + '\n';
  for (const int row : rows) {
    line.clear();
    for (const int column : columns) {
      const QModelIndex cell = model.index(row, column);
      const QVariant machine = model.data(cell, kExportRole);
      line.append(field(machine.isValid() ? machine : model.data(cell), separator));
    }
    text += line.join(separator) + '\n';
  }
  return text;
}

QString table_text(const QAbstractItemModel& model, QChar separator) {
  QList<int> rows(model.rowCount());
  std::iota(rows.begin(), rows.end(), 0);
  return table_text(model, rows, separator);
}

}  // namespace dualsight
