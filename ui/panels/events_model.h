// The log of events, newest first.
#pragma once

#include <QAbstractTableModel>
#include <QImage>
#include <QString>
#include <QStringList>
#include <deque>

#include "app/records/records.h"

namespace dualsight {

struct EventEntry {
  EventRecord record;
  QString name;        // the class
  QImage thumbnail;    // may be null
  QString recording;   // the video that shows it; empty: it was not recorded
  double seconds = 0;  // within the recording
};

class EventsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { picture, time, event, name, track, zone, details, recording, columns };
  static constexpr int kKindRole = Qt::UserRole;  // int, of an Event
  static constexpr int kMostRows = 2000;

  using QAbstractTableModel::QAbstractTableModel;

  void add(EventEntry entry);
  void locate(const EventRecord& what, const QString& where, double seconds);
  void clear();
  const EventEntry& entry(int row) const { return entries_[static_cast<std::size_t>(row)]; }
  static QString kind_text(Event kind);
  // For entries that are added from now on: device-independent pixels, and device pixels per such pixel.
  void set_thumbnail_height(int pixels, double ratio) {
    thumbnail_height_ = static_cast<int>(pixels * ratio);
    thumbnail_ratio_ = ratio;
  }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

  void retranslate();

 private:
  QString details_text(const EventRecord& record) const;

  std::deque<EventEntry> entries_;
  int thumbnail_height_ = 32;
  double thumbnail_ratio_ = 1;
};

}  // namespace dualsight
