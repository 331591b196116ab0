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
  QString recording;   // where it can be seen; empty: nowhere
  double seconds = 0;  // within the recording
};

class EventsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { picture, time, event, name, track, zone, details, recording, columns };
  static constexpr int kind_role = Qt::UserRole;  // int, of an Event
  static constexpr int most_rows = 2000;

  using QAbstractTableModel::QAbstractTableModel;

  void add(EventEntry entry);
  void locate(const EventRecord& what, const QString& where, double seconds);
  void clear();
  const EventEntry& entry(int row) const { return entries_[static_cast<std::size_t>(row)]; }
  static QString kind_text(Event kind);
  // Of what is added from now on: in pixels of the screen, of which `ratio` make one of the window's.
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
