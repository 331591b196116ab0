#include "ui/panels/detections_model.h"

#include <QLocale>
#include <QMap>
#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <map>

#include "ui/widgets/table_text.h"

namespace dualsight {
namespace {

// A track may be missing for a while and come back. After this many seconds it has ended for certain.
constexpr double kForgetAfterS = 60;

double seconds_of(const FrameRecord& record) {
  if (record.pts_ms) return *record.pts_ms / 1000;
  return std::chrono::duration<double>(record.timestamp.time_since_epoch()).count();
}

}  // namespace

bool DetectionsModel::same_object(const Row& a, const Row& b) {
  if (a.detection.track_id != b.detection.track_id) return false;
  return a.detection.track_id != 0 || (a.detection.class_id == b.detection.class_id && a.nth == b.nth);
}

void DetectionsModel::update(const FrameRecord& record, const QStringList& names) {
  const QString source = QString::fromStdString(record.source);
  const double before = now_;
  now_ = seconds_of(record);
  if (source != source_ || now_ < before) seen_.clear();  // another source, or a file that starts again
  source_ = source;
  names_ = names;

  std::vector<Row> fresh;
  fresh.reserve(record.detections.size());
  std::map<int, int> untracked;
  for (const Detection& detection : record.detections) {
    Row row{detection, 0, 0};
    if (detection.track_id == 0) {
      row.nth = untracked[detection.class_id]++;
    } else {
      auto seen = seen_.find(detection.track_id);
      if (seen == seen_.end()) seen = seen_.insert(detection.track_id, {now_, now_});
      seen->last = now_;
      row.seconds = now_ - seen->first;
    }
    fresh.push_back(row);
  }
  for (auto seen = seen_.begin(); seen != seen_.end();) {
    seen = now_ - seen->last > kForgetAfterS ? seen_.erase(seen) : std::next(seen);
  }

  // Rows of objects that are gone are removed, those that stayed are changed in place, new ones are appended: so a view
  // keeps its selection.
  std::vector<bool> known(fresh.size(), false);
  for (int i = static_cast<int>(rows_.size()) - 1; i >= 0; --i) {
    Row& row = rows_[static_cast<std::size_t>(i)];
    const auto found =
        std::find_if(fresh.begin(), fresh.end(), [&](const Row& candidate) { return same_object(row, candidate); });
    if (found == fresh.end()) {
      beginRemoveRows({}, i, i);
      rows_.erase(rows_.begin() + i);
      endRemoveRows();
    } else {
      row = *found;
      known[static_cast<std::size_t>(found - fresh.begin())] = true;
    }
  }
  const int stayed = static_cast<int>(rows_.size());
  const auto came = static_cast<int>(std::count(known.begin(), known.end(), false));
  if (came > 0) {
    beginInsertRows({}, stayed, stayed + came - 1);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      if (!known[i]) rows_.push_back(fresh[i]);
    }
    endInsertRows();
  }
  if (stayed > 0) Q_EMIT dataChanged(index(0, 0), index(stayed - 1, columns - 1));
}

void DetectionsModel::clear() {
  beginResetModel();
  rows_.clear();
  seen_.clear();
  endResetModel();
}

QString DetectionsModel::summary() const {
  if (rows_.empty()) return tr("No objects");
  QMap<int, int> counts_by_class;
  for (const Row& row : rows_) ++counts_by_class[row.detection.class_id];
  QStringList parts;
  for (auto it = counts_by_class.cbegin(); it != counts_by_class.cend(); ++it) {
    parts.append(tr("%1 %2", "class and count").arg(class_name(it.key())).arg(it.value()));
  }
  return tr("%n objects: %1", "", static_cast<int>(rows_.size())).arg(parts.join(tr(", ")));
}

std::vector<int> DetectionsModel::counts() const {
  std::vector<int> counts(static_cast<std::size_t>(names_.size()), 0);
  for (const Row& row : rows_) {
    const auto at = static_cast<std::size_t>(row.detection.class_id);
    if (row.detection.class_id >= 0 && at < counts.size()) ++counts[at];
  }
  return counts;
}

int DetectionsModel::row_of(qint64 track_id) const {
  if (track_id == 0) return -1;
  const auto found =
      std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.detection.track_id == track_id; });
  return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

QString DetectionsModel::key(int column) {
  constexpr std::array<const char*, columns> keys{"class",  "confidence", "x",     "y",  "width",
                                                  "height", "center",     "track", "age"};
  return keys.at(static_cast<std::size_t>(column));
}

QString DetectionsModel::class_name(int class_id) const {
  return class_id >= 0 && class_id < names_.size() ? names_[class_id] : tr("class %1").arg(class_id);
}

int DetectionsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int DetectionsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant DetectionsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Row& row = rows_[static_cast<std::size_t>(index.row())];
  const Detection& detection = row.detection;
  const Box& box = detection.box;
  if (role == kTrackRole) return QVariant::fromValue<qint64>(detection.track_id);
  if (role == Qt::TextAlignmentRole && index.column() != name) {
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  }
  const bool exported = role == kExportRole, sorted = role == kSortRole;
  if (role != Qt::DisplayRole && !exported && !sorted) return {};
  const bool tracked = detection.track_id != 0;
  const auto pixels = [&](float value) -> QVariant {
    if (sorted) return value;
    return exported ? QString::number(value, 'f', 1) : QLocale().toString(value, 'f', 0);
  };
  switch (index.column()) {
    case name:
      return class_name(detection.class_id);
    case confidence:
      if (sorted) return detection.confidence;
      return exported ? QString::number(detection.confidence, 'f', 3)
                      : QLocale().toString(detection.confidence, 'f', 2);
    case x:
      return pixels(box.x1);
    case y:
      return pixels(box.y1);
    case width:
      return pixels(box.width());
    case height:
      return pixels(box.height());
    case center:
      if (sorted) return box.center_x();
      if (exported) return QString("%1 %2").arg(box.center_x(), 0, 'f', 1).arg(box.center_y(), 0, 'f', 1);
      return tr("%1, %2", "a point")
          .arg(QLocale().toString(box.center_x(), 'f', 0), QLocale().toString(box.center_y(), 'f', 0));
    case id:
      if (sorted)
        return QVariant::fromValue<qint64>(tracked ? detection.track_id : std::numeric_limits<qint64>::max());  // last
      return tracked ? QString::number(detection.track_id) : QString();
    case age:
      if (sorted) return row.seconds;
      if (!tracked) return QString();
      return exported ? QString::number(row.seconds, 'f', 1)
                      : tr("%1 s").arg(QLocale().toString(row.seconds, 'f', row.seconds < 10 ? 1 : 0));
    default:
      return {};
  }
}

QVariant DetectionsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section != name) return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  const bool tip = role == Qt::ToolTipRole;
  if (role != Qt::DisplayRole && !tip) return {};
  switch (section) {
    case name:
      return tr("Class");
    case confidence:
      return tip ? tr("How sure the detector is, from 0 to 1") : tr("Confidence");
    case x:
      return tip ? tr("Left edge in the picture, in pixels") : tr("X");
    case y:
      return tip ? tr("Upper edge in the picture, in pixels") : tr("Y");
    case width:
      return tip ? tr("In pixels of the picture") : tr("Width");
    case height:
      return tip ? tr("In pixels of the picture") : tr("Height");
    case center:
      return tip ? tr("Centre in the picture, in pixels") : tr("Centre");
    case id:
      return tip ? tr("The object's number, the same from frame to frame") : tr("Track");
    case age:
      return tip ? tr("Since the object appeared") : tr("Age");
    default:
      return {};
  }
}

void DetectionsModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, columns - 1);
  if (!rows_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
}

}  // namespace dualsight
