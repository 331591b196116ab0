#include "ui/settings/preferences_dialog.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>

#include "tests/ui/support/translators.h"
#include "tests/ui/support/ui_test.h"
#include "tests/ui/support/widgets.h"
#include "ui/settings/actions.h"

namespace dualsight {
namespace {

void choose(QWidget& in, const char* combo, const QString& text) {
  auto* box = find<QComboBox>(in, combo);
  const int at = box->findText(text);
  if (at < 0) qFatal("%s does not offer %s", combo, qPrintable(text));
  box->setCurrentIndex(at);
}

QStringList items(const QListWidget* list, Qt::CheckState state) {
  QStringList out;
  for (int row = 0; row < list->count(); ++row) {
    if (list->item(row)->checkState() == state) out << list->item(row)->text();
  }
  return out;
}

}  // namespace

class PreferencesDialogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void untouched_it_changes_nothing() {
    Settings settings;
    settings.language = "zh_CN";
    settings.theme = "dark";
    settings.geometry = "geometry";
    settings.source = "rtsp://camera/live";
    settings.input_size = 2048;  // more than is offered
    settings.device = "cuda";
    settings.regions = QStringList{"door=0.1,0.2 0.5,0.2 0.5,0.9"};
    settings.record_folder = "/videos";
    settings.record_classes = QStringList{"zebra", "person"};
    settings.record_zones = QStringList{"gone", "door"};
    settings.pre_roll_s = 2.125;
    settings.segment_minutes = 0.5;
    settings.shortcuts["record"] = QKeySequence("F9");
    Actions actions;
    actions.apply(settings.shortcuts);
    PreferencesDialog dialog(settings, actions);
    dialog.set_class_names({"person", "car"});
    QVERIFY(dialog.settings() == settings);
    actions.apply({});
    const PreferencesDialog usual({}, actions);
    QVERIFY(usual.settings() == Settings());
  }

  void everything_can_be_chosen() {
    Settings given;
    given.mirror = true;  // not here
    given.regions = QStringList{"door=0.1,0.2 0.5,0.2 0.5,0.9", "line:gate=0.1,0.1 0.9,0.9"};
    const Actions actions;
    PreferencesDialog dialog(given, actions);
    dialog.set_class_names({"person", "car", "traffic light, red"});
    dialog.show();
    choose(dialog, "language", QString::fromUtf8("简体中文"));
    choose(dialog, "theme", "Dark");
    find<QLineEdit>(dialog, "recordFolder")->setText(" ~/films/ ");
    find<QLineEdit>(dialog, "snapshotFolder")->setText("/pictures/");
    choose(dialog, "recordWhat", "Both, in two files");
    choose(dialog, "container", "MP4");
    find<QDoubleSpinBox>(dialog, "segmentMinutes")->setValue(15);
    find<QDoubleSpinBox>(dialog, "quotaGib")->setValue(50);
    find<QGroupBox>(dialog, "recordOnEvents")->setChecked(true);
    auto* classes = find<QListWidget>(dialog, "recordClasses");
    classes->item(0)->setCheckState(Qt::Checked);
    classes->item(2)->setCheckState(Qt::Checked);
    auto* zones = find<QListWidget>(dialog, "recordZones");
    QCOMPARE(items(zones, Qt::Unchecked),
             QStringList("door"));  // nothing is in a line
    zones->item(0)->setCheckState(Qt::Checked);
    find<QDoubleSpinBox>(dialog, "preRoll")->setValue(1.5);
    find<QDoubleSpinBox>(dialog, "postRoll")->setValue(7);
    choose(dialog, "device", "CPU");
    choose(dialog, "precision", "float32");
    choose(dialog, "inputSize", "640 px");

    Settings wanted = given;
    wanted.language = "zh_CN";
    wanted.theme = "dark";
    wanted.record_folder = QDir::homePath() + "/films";
    wanted.snapshot_folder = "/pictures";
    wanted.record_what = "both";
    wanted.container = ".mp4";
    wanted.segment_minutes = 15;
    wanted.quota_gib = 50;
    wanted.record_on_events = true;
    wanted.record_classes = QStringList{"person", "traffic light, red"};
    wanted.record_zones = QStringList{"door"};
    wanted.pre_roll_s = 1.5;
    wanted.post_roll_s = 7;
    wanted.device = "cpu";
    wanted.precision = "float32";
    wanted.input_size = 640;
    QVERIFY(dialog.settings() == wanted);
  }

  void ok_apply_and_cancel() {
    const Actions actions;
    PreferencesDialog dialog({}, actions);
    QSignalSpy applied(&dialog, &PreferencesDialog::applied);
    dialog.show();
    press(dialog, QDialogButtonBox::Apply);
    QCOMPARE(applied.count(), 1);
    QVERIFY(dialog.isVisible());
    press(dialog, QDialogButtonBox::Ok);
    QCOMPARE(dialog.result(), static_cast<int>(QDialog::Accepted));
    QCOMPARE(applied.count(), 1);
    dialog.show();
    press(dialog, QDialogButtonBox::Cancel);
    QCOMPARE(dialog.result(), static_cast<int>(QDialog::Rejected));
    QCOMPARE(applied.count(), 1);
  }

  void shows_the_page_that_is_asked_for() {
    const Actions actions;
    PreferencesDialog dialog({}, actions);
    auto* tabs = find<QTabWidget>(dialog, "preferencesTabs");
    QStringList titles;
    for (const char* page : {"general", "recording", "detection", "shortcuts"}) {
      dialog.show_page(page);
      titles << tabs->tabText(tabs->currentIndex()).remove('&');
    }
    const QStringList wanted{"General", "Recording", "Detection", "Shortcuts"};
    QCOMPARE(titles, wanted);
  }

  void folders_are_chosen_in_a_dialog() {
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir("films"));
    Settings settings;
    settings.record_folder = folder.path();
    const Actions actions;
    PreferencesDialog dialog(settings, actions);
    dialog.show();
    find<QPushButton>(dialog, "recordFolderChoose")->click();
    auto* files = find<QFileDialog>(dialog, "folderDialog");
    QCOMPARE(files->directory().absolutePath(), folder.path());
    Q_EMIT files->fileSelected(folder.filePath("films"));
    QCOMPARE(dialog.settings().record_folder, folder.filePath("films"));
  }

  void another_models_classes_stay_chosen() {
    Settings settings;
    settings.record_classes = QStringList{"zebra"};
    const Actions actions;
    PreferencesDialog dialog(settings, actions);
    dialog.set_class_names({"person", "car"});
    auto* classes = find<QListWidget>(dialog, "recordClasses");
    const QStringList others{"person", "car"};
    QCOMPARE(items(classes, Qt::Unchecked), others);
    QCOMPARE(items(classes, Qt::Checked), QStringList("zebra"));
  }

  void follows_the_language_and_keeps_what_was_chosen() {
    Actions actions;
    PreferencesDialog dialog({}, actions);
    dialog.show();
    choose(dialog, "theme", "Dark");
    choose(dialog, "inputSize", "320 px");
    BracketTranslator brackets;
    QCoreApplication::installTranslator(&brackets);
    QCoreApplication::processEvents();
    QCOMPARE(dialog.windowTitle(), QString("[Preferences]"));
    QCOMPARE(find<QComboBox>(dialog, "theme")->currentText(), QString("[Dark]"));
    QCOMPARE(find<QTableWidget>(dialog, "shortcutTable")->horizontalHeaderItem(0)->text(), QString("[Action]"));
    QCoreApplication::removeTranslator(&brackets);
    QCoreApplication::processEvents();
    QCOMPARE(dialog.windowTitle(), QString("Preferences"));
    QCOMPARE(dialog.settings().theme, QString("dark"));
    QCOMPARE(dialog.settings().input_size, 320);
  }

  void mnemonics_differ_within_a_page() {
    const Actions actions;
    PreferencesDialog dialog({}, actions);
    auto* tabs = find<QTabWidget>(dialog, "preferencesTabs");
    QStringList bar;
    for (int page = 0; page < tabs->count(); ++page) {
      const QString text = tabs->tabText(page);
      bar << text.mid(text.indexOf('&') + 1, 1).toLower();
    }
    for (int page = 0; page < tabs->count(); ++page) {
      QStringList seen = bar;
      const auto take = [&](const QString& text) {
        const auto at = text.indexOf('&');
        if (at < 0) return;
        const QString key = text.mid(at + 1, 1).toLower();
        QVERIFY2(!seen.contains(key), qPrintable(text));
        seen << key;
      };
      for (const QLabel* label : tabs->widget(page)->findChildren<QLabel*>()) take(label->text());
      for (const QAbstractButton* button : tabs->widget(page)->findChildren<QAbstractButton*>()) take(button->text());
      for (const QGroupBox* box : tabs->widget(page)->findChildren<QGroupBox*>()) take(box->title());
    }
  }
};
DUALSIGHT_UI_TEST(PreferencesDialogTest);

}  // namespace dualsight

#include "preferences_dialog_test.moc"
