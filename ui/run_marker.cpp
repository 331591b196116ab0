#include "ui/run_marker.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

namespace dualsight {
namespace {

// A process of that number may be another program by now.
bool still_runs(const QString& pid) {
  const QString program = QFileInfo("/proc/" + pid + "/exe").symLinkTarget();
  return !program.isEmpty() && QFileInfo(program).fileName() == QFileInfo(QCoreApplication::applicationFilePath()).fileName();
}

}  // namespace

RunMarker::RunMarker(const QString& folder) {
  const QString place =
      folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/running" : folder;
  QDir dir(place);
  dir.mkpath(".");
  const QString own = QString::number(QCoreApplication::applicationPid());
  for (const QString& pid : dir.entryList(QDir::Files)) {
    if (pid != own && still_runs(pid)) continue;
    QFile left(dir.filePath(pid));
    if (left.open(QFile::ReadOnly)) crash_ = Crash{QString::fromUtf8(left.readAll()).trimmed()};
    left.close();
    left.remove();
  }
  file_ = dir.filePath(own);
  write({});
}

RunMarker::~RunMarker() { QFile::remove(file_); }

void RunMarker::set_recording(const QString& file) { write(file); }

void RunMarker::write(const QString& recording) const {
  QSaveFile out(file_);
  if (!out.open(QFile::WriteOnly)) return;  // without a marker it still runs
  out.write(recording.toUtf8());
  out.commit();
}

}  // namespace dualsight
