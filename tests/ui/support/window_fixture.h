// The whole window with a fake camera and a fake detector (fake_session.h), and settings in a folder of their own.
#pragma once

#include <QAction>
#include <QObject>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <memory>

#include "tests/ui/support/fake_session.h"
#include "ui/main_window.h"
#include "ui/settings/actions.h"
#include "ui/settings/settings.h"
#include "ui/widgets/notice_bar.h"

namespace dualsight {

class WindowFixture : public QObject {
 protected:
  std::unique_ptr<QTemporaryDir> folder_;

  std::unique_ptr<MainWindow> make_window(const QString& source = "rtsp://camera/front", bool safe_mode = false) {
    WindowOptions options;
    options.settings_file = folder_->filePath("settings.ini");
    options.session = fakes();
    options.source = source;
    options.model = DUALSIGHT_TEST_MODEL;  // disc, square, cross; thresholds 0.4
    options.safe_mode = safe_mode;
    auto window = std::make_unique<MainWindow>(std::move(options));
    window->show();
    return window;
  }

  static int rows(MainWindow& window) {
    return window.findChild<QWidget*>("detectionsDock")->findChild<QTableView*>()->model()->rowCount();
  }
  static QAction* action(MainWindow& window, const char* name) { return window.findChild<Actions*>()->get(name); }
  static QString notice(MainWindow& window) { return window.findChild<NoticeBar*>()->text(); }
  static void look_at_settings_often(MainWindow& window) {
    window.findChild<QTimer*>("settingsTimer")->setInterval(50);
  }

  // Before each test.
  void reset_fixture() {
    folder_ = std::make_unique<QTemporaryDir>();
    finding_takes_ms = 5;
    disc_confidence = 0.5F;
    Settings settings;
    settings.record_folder = folder_->filePath("videos");
    settings.snapshot_folder = folder_->filePath("pictures");
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
  }
};

}  // namespace dualsight
