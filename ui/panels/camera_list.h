// The cameras that are plugged in, kept up to date. They are queried on a worker thread, since a driver may be slow.
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <vector>

#include "app/sources/cameras.h"

class QFileSystemWatcher;
class QTimer;

namespace dualsight {

class CameraList : public QObject {
  Q_OBJECT

 public:
  using Lister = std::function<std::vector<CameraInfo>()>;

  // The defaults list the cameras of this computer; tests pass others.
  explicit CameraList(
      QObject* parent = nullptr, Lister lister = [] { return list_cameras(); }, const QString& device_folder = "/dev");

  const std::vector<CameraInfo>& cameras() const { return cameras_; }
  bool listed() const { return listed_; }  // at least once
  void refresh();                          // returns at once; changed() follows if the list differs

  // The name under which a camera is remembered: its path by serial number where there is one, else its device.
  static QString identity(const CameraInfo& camera);

 Q_SIGNALS:
  void changed();  // also after the first listing, even if it found none

 private:
  void watch();
  void take(std::vector<CameraInfo> cameras);
  void look_for_changes();
  QStringList nodes() const;

  Lister lister_;
  QString device_folder_;
  std::vector<CameraInfo> cameras_;
  QStringList nodes_;  // as of the last listing
  QFileSystemWatcher* watcher_ = nullptr;
  QTimer* settle_ = nullptr;
  bool listed_ = false, listing_ = false, again_ = false;
};

}  // namespace dualsight
