#include "ui/live/run_marker.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>
#include <QStringList>

namespace dualsight {
namespace {

constexpr const char* kPrefix = "run-";  // followed by the process id

QString program_of(qint64 pid) {
  QString file = QFile::symLinkTarget(QString("/proc/%1/exe").arg(pid));
  const QString replaced = " (deleted)";  // the file was replaced by a newer version while this one runs
  if (file.endsWith(replaced)) file.chop(replaced.size());
  return QFileInfo(file).fileName();
}

// A process with that id may be another program by now, for example after a restart of the computer.
bool still_runs(qint64 pid) {
  const qint64 own = QCoreApplication::applicationPid();
  return pid != own && program_of(pid) == program_of(own);
}

// One line each: process id, start time, recording. The recording comes last, since a file name may have line breaks.
QByteArray text_of(qint64 pid, const QDateTime& started, const QString& recording) {
  return QByteArray::number(pid) + "\n" + started.toString(Qt::ISODate).toLatin1() + "\n" + recording.toUtf8();
}

// A damaged file still counts as a crash, with nothing else known.
RunMarker::Crash read(const QString& file) {
  RunMarker::Crash crash;
  QFile marker(file);
  if (!marker.open(QFile::ReadOnly)) return crash;
  marker.readLine();
  crash.started = QDateTime::fromString(QString::fromLatin1(marker.readLine().trimmed()), Qt::ISODate);
  const QString recording = QString::fromUtf8(marker.readAll());
  if (!recording.isEmpty() && QFileInfo::exists(recording)) crash.recording = recording;
  return crash;
}

}  // namespace

RunMarker::RunMarker(const QString& folder) : started_(QDateTime::currentDateTimeUtc()) {
  const QDir dir(folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) : folder);
  dir.mkpath(".");
  const QStringList markers = dir.entryList({QString(kPrefix) + "*"}, QDir::Files, QDir::Time | QDir::Reversed);
  for (const QString& name : markers) {
    bool ok = false;
    const qint64 pid = name.mid(static_cast<int>(qstrlen(kPrefix))).toLongLong(&ok);
    if (!ok || still_runs(pid)) continue;
    Crash crash = read(dir.filePath(name));
    if (!crash_ || crash_->recording.isEmpty() || !crash.recording.isEmpty()) crash_ = std::move(crash);
    QFile::remove(dir.filePath(name));
  }
  file_ = dir.filePath(kPrefix + QString::number(QCoreApplication::applicationPid()));
  write({});
}

RunMarker::~RunMarker() { QFile::remove(file_); }

void RunMarker::set_recording(const QString& file) { write(file); }

void RunMarker::write(const QString& recording) const {
  QSaveFile out(file_);
  if (!out.open(QFile::WriteOnly)) return;  // only the notice after a crash is lost
  out.write(text_of(QCoreApplication::applicationPid(), started_, recording));
  out.commit();
}

}  // namespace dualsight
