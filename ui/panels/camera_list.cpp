#include "ui/panels/camera_list.h"

#include <QDir>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QTimer>
#include <algorithm>

#include "ui/widgets/background.h"

namespace dualsight {
namespace {

// How long after a change in /dev the cameras are listed: a new camera gets several nodes, links and permissions, one
// after another.
constexpr int kSettleMs = 400;
// Interval of polling, for folders that cannot be watched.
constexpr int kFallbackMs = 5000;

bool same(const CameraMode& a, const CameraMode& b) {
  return a.format == b.format && a.width == b.width && a.height == b.height && a.rates == b.rates;
}

bool same(const CameraInfo& a, const CameraInfo& b) {
  return a.device == b.device && a.name == b.name && a.by_id == b.by_id && a.problem == b.problem &&
         std::equal(a.modes.begin(), a.modes.end(), b.modes.begin(), b.modes.end(),
                    [](const CameraMode& x, const CameraMode& y) { return same(x, y); });
}

}  // namespace

CameraList::CameraList(QObject* parent, Lister lister, const QString& device_folder)
    : QObject(parent), lister_(std::move(lister)), device_folder_(device_folder) {
  watcher_ = new QFileSystemWatcher(this);
  settle_ = new QTimer(this);
  settle_->setSingleShot(true);
  settle_->setInterval(kSettleMs);
  connect(settle_, &QTimer::timeout, this, &CameraList::refresh);
  // Not restarted while it runs: in a folder that changes all the time the listing would never come.
  connect(watcher_, &QFileSystemWatcher::directoryChanged, this, [this] {
    if (!settle_->isActive()) settle_->start();
  });
  auto* fallback = new QTimer(this);
  connect(fallback, &QTimer::timeout, this, &CameraList::look_for_changes);
  fallback->start(kFallbackMs);
  refresh();
}

QString CameraList::identity(const CameraInfo& camera) {
  return QString::fromStdString(camera.by_id.empty() ? camera.device : camera.by_id);
}

void CameraList::refresh() {
  if (listing_) {
    again_ = true;
    return;
  }
  listing_ = true;
  again_ = false;
  nodes_ = nodes();
  watch();
  in_background(this, lister_, [this](std::vector<CameraInfo> cameras) { take(std::move(cameras)); });
}

void CameraList::take(std::vector<CameraInfo> cameras) {
  listing_ = false;
  const bool news = !listed_ || !std::equal(cameras.begin(), cameras.end(), cameras_.begin(), cameras_.end(),
                                            [](const CameraInfo& a, const CameraInfo& b) { return same(a, b); });
  listed_ = true;
  cameras_ = std::move(cameras);
  if (news) Q_EMIT changed();
  if (again_) refresh();
}

// The folders of links exist only while there are cameras, so they are added whenever the cameras are listed.
void CameraList::watch() {
  for (const QString& folder : {device_folder_, device_folder_ + "/v4l", device_folder_ + "/v4l/by-id"}) {
    if (QFileInfo::exists(folder) && !watcher_->directories().contains(folder)) watcher_->addPath(folder);
  }
}

QStringList CameraList::nodes() const {
  return QDir(device_folder_).entryList({"video*"}, QDir::System | QDir::Files) +
         QDir(device_folder_ + "/v4l/by-id").entryList(QDir::System | QDir::Files);
}

// Listing opens the cameras, which wakes them from standby: only when a node has come or gone, or to see whether a
// problem is over.
void CameraList::look_for_changes() {
  const bool troubled =
      std::any_of(cameras_.begin(), cameras_.end(), [](const CameraInfo& camera) { return !camera.problem.empty(); });
  if (troubled || nodes() != nodes_) refresh();
}

}  // namespace dualsight
