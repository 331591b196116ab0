// The newest detections, one per row. An object keeps its row from frame to frame.
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QStringList>
#include <vector>

#include "app/records/records.h"

namespace dualsight {

class DetectionsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { name, confidence, x, y, width, height, center, id, age, columns };
  static constexpr int kSortRole = Qt::UserRole;
  static constexpr int kTrackRole = Qt::UserRole + 1;  // qint64; 0: not tracked

  using QAbstractTableModel::QAbstractTableModel;

  void update(const FrameRecord& record, const QStringList& names);
  void clear();
  QString summary() const;            // "3 objects: person 2, car 1"
  std::vector<int> counts() const;    // per class, as long as the names
  int row_of(qint64 track_id) const;  // -1: none
  static QString key(int column);     // the column's name in the settings

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

  void retranslate();

 private:
  struct Row {
    Detection detection;
    int nth = 0;         // untracked: its index among those of its class
    double seconds = 0;  // since the track appeared; 0 if untracked
  };
  struct Seen {
    double first = 0, last = 0;
  };
  static bool same_object(const Row& a, const Row& b);
  QString class_name(int class_id) const;

  QString source_;
  QStringList names_;
  std::vector<Row> rows_;
  QHash<qint64, Seen> seen_;  // by track; seconds on the source's clock
  double now_ = 0;
};

}  // namespace dualsight
