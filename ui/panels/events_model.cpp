#include "ui/panels/events_model.h"

#include <QDateTime>
#include <QFileInfo>
#include <QLocale>
#include <algorithm>

#include "ui/widgets/table_text.h"

namespace dualsight {
namespace {

QDateTime local_time(UtcTime time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  return QDateTime::fromMSecsSinceEpoch(ms);
}

}  // namespace

// Thousands of thumbnails are kept, so they are stored only as large as they are shown.
void EventsModel::add(EventEntry entry) {
  if (entry.thumbnail.height() > thumbnail_height_) {
    entry.thumbnail = entry.thumbnail.scaledToHeight(thumbnail_height_, Qt::SmoothTransformation);
  }
  if (entry.thumbnail.width() > 2 * thumbnail_height_) {
    entry.thumbnail = entry.thumbnail.scaledToWidth(2 * thumbnail_height_, Qt::SmoothTransformation);
  }
  entry.thumbnail.setDevicePixelRatio(thumbnail_ratio_);
  if (rowCount() == kMostRows) {
    beginRemoveRows({}, kMostRows - 1, kMostRows - 1);
    entries_.pop_back();
    endRemoveRows();
  }
  beginInsertRows({}, 0, 0);
  entries_.push_front(std::move(entry));
  endInsertRows();
}

void EventsModel::locate(const EventRecord& what, const QString& where, double seconds) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const EventEntry& entry) {
    const EventRecord& one = entry.record;
    return one.source == what.source && one.frame == what.frame && one.timestamp == what.timestamp &&
           one.event == what.event && one.detection.track_id == what.detection.track_id && one.zone == what.zone;
  });
  if (found == entries_.end()) return;  // it was cleared, or dropped as too old
  found->recording = where;
  found->seconds = seconds;
  const int row = static_cast<int>(found - entries_.begin());
  Q_EMIT dataChanged(index(row, 0), index(row, columns - 1));
}

void EventsModel::clear() {
  beginResetModel();
  entries_.clear();
  endResetModel();
}

QString EventsModel::kind_text(Event kind) {
  switch (kind) {
    case Event::appeared:
      return tr("appeared");
    case Event::changed:
      return tr("changed class");
    case Event::ended:
      return tr("gone");
    case Event::entered:
      return tr("entered");
    case Event::left:
      return tr("left");
    case Event::crossed:
      return tr("crossed");
  }
  return {};
}

QString EventsModel::details_text(const EventRecord& record) const {
  if (record.event == Event::crossed) {
    return record.direction == "backward" ? tr("backward", "over a line") : tr("forward", "over a line");
  }
  if (record.seconds) return tr("after %1 s").arg(QLocale().toString(*record.seconds, 'f', 1));
  return {};
}

int EventsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(entries_.size());
}

int EventsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant EventsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const EventEntry& entry = this->entry(index.row());
  const EventRecord& record = entry.record;
  if (role == kKindRole) return static_cast<int>(record.event);
  const bool exported = role == kExportRole;
  if (role == Qt::ToolTipRole && !entry.recording.isEmpty()) {
    return tr("Double click or Enter: shows it in %1").arg(entry.recording);
  }
  if (role == Qt::DecorationRole && index.column() == picture && !entry.thumbnail.isNull()) return entry.thumbnail;
  if (role == Qt::AccessibleTextRole && index.column() == picture) return tr("picture of %1").arg(entry.name);
  if (role != Qt::DisplayRole && !exported) return {};
  switch (index.column()) {
    case time:
      if (exported) return QString::fromStdString(utc_text(record.timestamp));
      return local_time(record.timestamp).time().toString("HH:mm:ss.zzz").chopped(2);
    case event:
      return exported ? QString(to_string(record.event)) : kind_text(record.event);
    case name:
      return entry.name;
    case track:
      return record.detection.track_id == 0 ? QString() : QString::number(record.detection.track_id);
    case zone:
      return QString::fromStdString(record.zone);
    case details:
      if (!exported) return details_text(record);
      if (record.event == Event::crossed) return QString::fromStdString(record.direction);
      return record.seconds ? QString::number(*record.seconds, 'f', 3) : QString();
    case recording:
      return exported ? entry.recording : QFileInfo(entry.recording).fileName();
    default:
      return {};
  }
}

QVariant EventsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case time:
      return tr("Time");
    case event:
      return tr("Event");
    case name:
      return tr("Class");
    case track:
      return tr("Track");
    case zone:
      return tr("Zone or line");
    case details:
      return tr("Details");
    case recording:
      return tr("Recording");
    default:
      return {};
  }
}

void EventsModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, columns - 1);
  if (!entries_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
}

}  // namespace dualsight
