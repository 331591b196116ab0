#include "ui/main_window.h"

#include <QAccessible>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QMessageBox>
#include <QTimer>

#include "tests/ui/support/ui_test.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/widgets/language.h"
#include "ui/widgets/theme.h"

namespace dualsight {

class MainWindowTest : public WindowFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { reset_fixture(); }

  // A key, a menu or a dialog may come late.
  void after_closing_nothing_is_done() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    window->close();
    auto* actions = window->findChild<Actions*>();
    for (const QString& name : actions->names()) actions->get(name)->trigger();
    QCoreApplication::processEvents();
    QVERIFY(!QDir(folder_->filePath("videos")).exists());
    QVERIFY(!QDir(folder_->filePath("pictures")).exists());
  }

  void settings_come_back() {
    {
      auto window = make_window();
      action(*window, "coordinates")->trigger();
      for (int i = 0; i < 2; ++i) action(*window, "confidence_down")->trigger();
      window->findChild<QDockWidget*>("eventsDock")->hide();
      window->findChild<QTableView*>("detectionsTable")->hideColumn(2);
      window->close();
    }
    auto window = make_window();
    const Settings settings = window->settings();
    QCOMPARE(settings.hidden_columns, QStringList("x"));
    QVERIFY(window->findChild<QTableView*>("detectionsTable")->isColumnHidden(2));
    QVERIFY(!window->findChild<QTableView*>("detectionsTable")->isColumnHidden(3));
    QVERIFY(settings.coordinates);
    QVERIFY(std::abs(settings.confidence - 0.3) < 1e-6);
    QVERIFY(window->findChild<QDockWidget*>("eventsDock")->isHidden());
    action(*window, "reset_layout")->trigger();
    QVERIFY(!window->findChild<QDockWidget*>("eventsDock")->isHidden());
  }

  // Whatever it is, a crash loses it no more.
  void changes_are_saved_soon() {
    const SettingsStore store(folder_->filePath("settings.ini"));
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    look_at_settings_often(*window);
    action(*window, "coordinates")->trigger();
    QTRY_VERIFY(store.load().coordinates);
    QCOMPARE(store.load().recent_sources, QStringList("rtsp://camera/front"));
    action(*window, "confidence_down")->trigger();
    QTRY_VERIFY(std::abs(store.load().confidence - 0.35) < 1e-6);
    auto* table = window->findChild<QTableView*>("detectionsTable");
    table->hideColumn(2);
    QTRY_COMPARE(store.load().hidden_columns, QStringList("x"));
    auto* classes = window->findChild<QTableView*>("classTable")->model();
    classes->setData(classes->index(1, 3), Qt::Checked, Qt::CheckStateRole);  // to be blurred
    QTRY_VERIFY(store.load().classes["square"].blurred);
    window->findChild<QDockWidget*>("eventsDock")->hide();  // as at the end: its state tells
    QTRY_COMPARE(store.load().state, window->saveState());
    window->resizeDocks({window->findChild<QDockWidget*>("detectionDock")}, {420}, Qt::Horizontal);
    QTRY_COMPARE(store.load().state, window->saveState());
    QVERIFY(notice(*window).isEmpty());
  }

  void what_did_not_change_is_not_saved() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    look_at_settings_often(*window);
    QTest::qWait(500);
    SettingsStore(folder_->filePath("settings.ini")).reset();
    QTest::qWait(500);
    QVERIFY(!QFile::exists(folder_->filePath("settings.ini")));
    action(*window, "labels")->trigger();
    QTRY_VERIFY(QFile::exists(folder_->filePath("settings.ini")));
  }

  void settings_that_cannot_be_saved_are_told_once() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    SettingsStore(folder_->filePath("settings.ini")).reset();
    QVERIFY(QDir(folder_->path()).mkdir("settings.ini"));  // a folder stands there
    look_at_settings_often(*window);
    QTRY_VERIFY(notice(*window).contains("settings.ini"));
    window->findChild<NoticeBar*>()->hide();
    QTest::qWait(500);
    QVERIFY(notice(*window).isEmpty());
  }

  void the_tick_of_the_statistics_follows_their_dock() {
    auto window = make_window();
    auto* dock = window->findChild<QDockWidget*>("statsDock");
    const auto ticked = [&](bool on) {
      return action(*window, "stats")->isChecked() == on && dock->toggleViewAction()->isChecked() == on;
    };
    QTRY_VERIFY(ticked(false));  // behind the Detection panel's tab
    action(*window, "stats")->trigger();
    QTRY_VERIFY(ticked(true));
    QTRY_VERIFY(!dock->visibleRegion().isEmpty());
    dock->close();  // its x
    QTRY_VERIFY(ticked(false));
    dock->toggleViewAction()->trigger();  // in the View menu
    QTRY_VERIFY(ticked(true));
    QTRY_VERIFY(!dock->visibleRegion().isEmpty());
    action(*window, "stats")->trigger();
    QTRY_VERIFY(ticked(false));
    QVERIFY(dock->isHidden());
  }

  void reset_settings_are_seen_at_once() {
    // Whatever this desktop's own are: others.
    apply_theme(*qApp, "system");
    apply_language({});
    const QPalette usual = QApplication::palette();
    Settings settings = SettingsStore(folder_->filePath("settings.ini")).load();
    settings.theme = usual == dark_palette() ? "light" : "dark";
    settings.language = QCoreApplication::translate("dualsight::MainWindow", "Events") == "Events" ? "zh_CN" : "en";
    settings.coordinates = true;
    settings.hidden_columns = QStringList("y");
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
    const QString title = make_window()->findChild<QDockWidget*>("eventsDock")->windowTitle();
    apply_theme(*qApp, settings.theme);  // as main() does
    apply_language(settings.language);
    auto window = make_window();
    const auto* dock = window->findChild<QDockWidget*>("eventsDock");
    QVERIFY(dock->windowTitle() != title);
    QVERIFY(QApplication::palette() != usual);
    QTimer::singleShot(200, window.get(), [] {
      auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      QVERIFY(question != nullptr);
      question->button(QMessageBox::Yes)->click();
    });
    window->findChild<QDockWidget*>("eventsDock")->hide();
    action(*window, "reset_settings")->trigger();
    QVERIFY(!window->findChild<QDockWidget*>("eventsDock")->isHidden());
    QVERIFY(!window->settings().coordinates);
    QVERIFY(window->settings().hidden_columns.isEmpty());
    QTRY_COMPARE(dock->windowTitle(), title);
    QCOMPARE(QApplication::palette(), usual);
  }

  void safe_mode_remembers_nothing() {
    Settings settings;
    settings.coordinates = true;
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
    {
      auto window = make_window({}, true);
      QVERIFY(!window->settings().coordinates);
      QVERIFY(!window->findChild<QTimer*>("settingsTimer")->isActive());
      window->close();
    }
    QVERIFY(SettingsStore(folder_->filePath("settings.ini")).load().coordinates);
  }

  void every_control_has_a_name() {
    auto window = make_window();
    for (auto* dock : window->findChildren<QDockWidget*>()) {  // side by side
      window->addDockWidget(window->dockWidgetArea(dock), dock);
    }
    QTRY_VERIFY(!window->findChild<QWidget*>("zonesTable")->visibleRegion().isEmpty());
    QStringList nameless;
    for (const QWidget* widget : window->findChildren<QWidget*>()) {
      if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(window.get())) continue;
      QAccessibleInterface* seen = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
      const bool inner = widget->objectName().startsWith("qt_");
      if (seen != nullptr && seen->text(QAccessible::Name).isEmpty() && !inner) {
        nameless << QString("%1 \"%2\"").arg(widget->metaObject()->className(), widget->objectName());
      }
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(", ")));
  }
};
DUALSIGHT_UI_TEST(MainWindowTest);

}  // namespace dualsight

#include "main_window_test.moc"
