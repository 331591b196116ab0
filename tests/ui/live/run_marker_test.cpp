#include "ui/live/run_marker.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "tests/ui/support/ui_test.h"

namespace dualsight {

class RunMarkerTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;

  QString place() const { return folder_->filePath("running"); }
  QStringList markers() const { return QDir(place()).entryList(QDir::Files); }
  void make(const QString& file, const QByteArray& text) const {
    QVERIFY(QDir().mkpath(QFileInfo(file).path()));
    QFile out(file);
    QVERIFY(out.open(QFile::WriteOnly));
    out.write(text);
  }
  void leave_marker(qint64 pid, const QString& recording = {}) const {
    make(QString("%1/run-%2").arg(place()).arg(pid),
         QByteArray::number(pid) + "\n2026-11-22T10:00:00Z\n" + recording.toUtf8());
  }
  // One that runs no more.
  static qint64 gone() {
    QProcess process;
    process.start("true", QStringList());
    const qint64 pid = process.processId();
    process.waitForFinished();
    return pid;
  }
  // Stands for another window: a process whose program has the same name.
  std::unique_ptr<QProcess> other_window() const {
    const QString program = folder_->filePath(QFileInfo(QCoreApplication::applicationFilePath()).fileName());
    if (!QFile::exists(program)) QFile::copy(QStandardPaths::findExecutable("sleep"), program);
    auto process = std::make_unique<QProcess>();
    process->start(program, {"60"});
    process->waitForStarted();
    return process;
  }
  static void kill(QProcess& process) {
    process.kill();
    process.waitForFinished();
  }

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }

  void a_clean_end_leaves_nothing() {
    {
      RunMarker marker(place());
      QVERIFY(!marker.previous_crash());
      QCOMPARE(markers(), QStringList(QString("run-%1").arg(QCoreApplication::applicationPid())));
      marker.set_recording("/videos/a.mkv");
      QCOMPARE(markers().size(), 1);
    }
    QCOMPARE(markers(), QStringList());
    QVERIFY(!RunMarker(place()).previous_crash());
  }

  void tells_once_of_a_crash_and_its_recording() {
    const QString video = folder_->filePath("front door\n2.mkv");
    make(video, "video");
    leave_marker(gone(), video);
    {
      const RunMarker marker(place());
      QVERIFY(marker.previous_crash());
      QCOMPARE(marker.previous_crash()->recording, video);
      QCOMPARE(marker.previous_crash()->started, QDateTime(QDate(2026, 11, 22), QTime(10, 0), Qt::UTC));
    }
    QVERIFY(!RunMarker(place()).previous_crash());
  }

  void what_it_writes_it_can_read() {
    const QString video = folder_->filePath("录像.mkv");
    make(video, "video");
    const qint64 pid = gone();
    QDateTime begun = QDateTime::currentDateTimeUtc();
    {
      RunMarker marker(place());
      marker.set_recording(video);
      QVERIFY(QFile::copy(place() + "/" + markers().first(), folder_->filePath("kept")));
    }
    QVERIFY(QFile::rename(folder_->filePath("kept"), QString("%1/run-%2").arg(place()).arg(pid)));
    const RunMarker marker(place());
    QVERIFY(marker.previous_crash());
    QCOMPARE(marker.previous_crash()->recording, video);
    QVERIFY(std::abs(marker.previous_crash()->started.secsTo(begun)) < 60);
  }

  void a_recording_that_has_ended_is_not_told_of() {
    const QString video = folder_->filePath("a.mkv");
    make(video, "video");
    RunMarker marker(place());
    marker.set_recording(video);
    QFile file(place() + "/" + markers().first());
    QVERIFY(file.open(QFile::ReadOnly) && file.readAll().contains("a.mkv"));
    file.close();
    marker.set_recording({});
    QVERIFY(file.open(QFile::ReadOnly) && !file.readAll().contains("a.mkv"));
  }

  void a_file_that_is_not_there_is_not_promised() {
    leave_marker(gone(), folder_->filePath("never.mkv"));
    const RunMarker marker(place());
    QVERIFY(marker.previous_crash());
    QCOMPARE(marker.previous_crash()->recording, QString());
  }

  void a_damaged_marker_is_a_crash_still() {
    make(QString("%1/run-%2").arg(place()).arg(gone()), "");
    const RunMarker marker(place());
    QVERIFY(marker.previous_crash());
    QVERIFY(!marker.previous_crash()->started.isValid());
  }

  void another_window_has_not_crashed() {
    const auto other = other_window();
    leave_marker(other->processId());
    QVERIFY(!RunMarker(place()).previous_crash());
    QCOMPARE(markers(), QStringList(QString("run-%1").arg(other->processId())));  // and keeps its marker
    kill(*other);
    QVERIFY(RunMarker(place()).previous_crash());
    QCOMPARE(markers(), QStringList());
  }

  // An update replaces the program while it runs.
  void nor_has_one_whose_program_was_replaced() {
    const auto other = other_window();
    QVERIFY(QFile::remove(other->program()));
    leave_marker(other->processId());
    QVERIFY(!RunMarker(place()).previous_crash());
    kill(*other);
  }

  // Numbers of processes come again.
  void a_number_that_went_to_another_program_is_a_crash() {
    QProcess process;
    process.start("sleep", {"60"});
    QVERIFY(process.waitForStarted());
    leave_marker(process.processId());
    QVERIFY(RunMarker(place()).previous_crash());
    kill(process);
    leave_marker(QCoreApplication::applicationPid());  // or to this one
    QVERIFY(RunMarker(place()).previous_crash());
  }

  void of_several_the_one_that_recorded_is_told() {
    const QString video = folder_->filePath("a.mkv");
    make(video, "video");
    leave_marker(gone(), video);
    leave_marker(gone());
    const RunMarker marker(place());
    QCOMPARE(marker.previous_crash()->recording, video);
    QCOMPARE(markers().size(), 1);
  }

  void other_files_are_left_alone() {
    make(place() + "/notes.txt", "mine");
    make(place() + "/run-away", "mine");
    QVERIFY(!RunMarker(place()).previous_crash());
    const QStringList both{"notes.txt", "run-away"};
    QCOMPARE(markers(), both);
  }

  void without_a_folder_it_runs_all_the_same() {
    make(place(), "a file");
    RunMarker marker(place() + "/below");
    marker.set_recording("/videos/a.mkv");
    QVERIFY(!marker.previous_crash());
  }
};
DUALSIGHT_UI_TEST(RunMarkerTest);

}  // namespace dualsight

#include "run_marker_test.moc"
