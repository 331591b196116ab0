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

constexpr const char* prefix = "run-";  // and the process's number

QString program_of(qint64 pid) {
  QString file = QFile::symLinkTarget(QString("/proc/%1/exe").arg(pid));
  const QString replaced = " (deleted)";  // by a newer version, while it runs
  if (file.endsWith(replaced)) file.chop(replaced.size());
  return QFileInfo(file).fileName();
}

// A process of that number may be another program by now, after a restart of the computer for one.
bool still_runs(qint64 pid) {
  const qint64 own = QCoreApplication::applicationPid();
  return pid != own && program_of(pid) == program_of(own);
}

// The process's number, the start's time and the recording, a line each; a name may have line breaks.
QByteArray text_of(qint64 pid, const QDateTime& started, const QString& recording) {
  return QByteArray::number(pid) + "\n" + started.toString(Qt::ISODate).toLatin1() + "\n" + recording.toUtf8();
}

// Of a damaged file at least that it was there.
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
  const QStringList markers = dir.entryList({QString(prefix) + "*"}, QDir::Files, QDir::Time | QDir::Reversed);
  for (const QString& name : markers) {
    bool ok = false;
    const qint64 pid = name.mid(static_cast<int>(qstrlen(prefix))).toLongLong(&ok);
    if (!ok || still_runs(pid)) continue;
    Crash crash = read(dir.filePath(name));
    if (!crash_ || crash_->recording.isEmpty() || !crash.recording.isEmpty()) crash_ = std::move(crash);
    QFile::remove(dir.filePath(name));
  }
  file_ = dir.filePath(prefix + QString::number(QCoreApplication::applicationPid()));
  write({});
}

RunMarker::~RunMarker() { QFile::remove(file_); }

void RunMarker::set_recording(const QString& file) { write(file); }

void RunMarker::write(const QString& recording) const {
  QSaveFile out(file_);
  if (!out.open(QFile::WriteOnly)) return;  // without a marker it still runs
  out.write(text_of(QCoreApplication::applicationPid(), started_, recording));
  out.commit();
}

}  // namespace dualsight
