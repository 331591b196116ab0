// The cameras that are plugged in, kept up to date. They are asked on a worker thread, for a driver may take its time.
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

  // Tests bring a lister and a folder of their own.
  explicit CameraList(
      QObject* parent = nullptr, Lister lister = [] { return list_cameras(); }, const QString& device_folder = "/dev");

  const std::vector<CameraInfo>& cameras() const { return cameras_; }
  bool listed() const { return listed_; }  // at least once
  void refresh();                          // returns at once; changed() follows if something did

  // What a camera is remembered by: its lasting path where there is one.
  static QString identity(const CameraInfo& camera);

 Q_SIGNALS:
  void changed();  // also after the first listing, whatever it brought

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
