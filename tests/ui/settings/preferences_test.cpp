#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFile>
#include <QFileDialog>
#include <QGroupBox>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLibraryInfo>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTranslator>
#include <cmath>

#include "tests/ui/support/ui_test.h"
#include "ui/settings/actions.h"
#include "ui/settings/preferences_dialog.h"
#include "ui/settings/shortcut_editor.h"
#include "ui/widgets/language.h"
#include "ui/widgets/theme.h"

namespace dualsight {
namespace {

// Every text of this program with brackets around.
class Brackets : public QTranslator {
 public:
  QString translate(const char* context, const char* text, const char*, int) const override {
    return QByteArray(context).startsWith("dualsight::") ? "[" + QString::fromUtf8(text) + "]" : QString();
  }
  bool isEmpty() const override { return false; }
};

template <typename Widget>
Widget* find(QWidget& in, const char* name) {
  auto* widget = in.findChild<Widget*>(name);
  if (widget == nullptr) qFatal("no %s", name);
  return widget;
}

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

void press(QWidget& in, QDialogButtonBox::StandardButton which) {
  QTest::mouseClick(in.findChild<QDialogButtonBox*>()->button(which), Qt::LeftButton);
}

}  // namespace

class PreferencesTest : public QObject {
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
    Brackets brackets;
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
DUALSIGHT_UI_TEST(PreferencesTest);

class ShortcutEditorTest : public QObject {
  Q_OBJECT

  std::unique_ptr<Actions> actions_;
  std::unique_ptr<ShortcutEditor> editor_;

  QTableWidget* table() { return find<QTableWidget>(*editor_, "shortcutTable"); }
  QKeySequenceEdit* edit() { return find<QKeySequenceEdit>(*editor_, "shortcutEdit"); }
  QPushButton* button(const char* name) { return find<QPushButton>(*editor_, name); }
  bool asks() { return find<QWidget>(*editor_, "shortcutQuestion")->isVisible(); }
  QString question() { return find<QLabel>(*editor_, "shortcutQuestionText")->text(); }
  int row(const QString& action) {
    for (int i = 0; i < table()->rowCount(); ++i) {
      if (table()->item(i, 0)->text() == action) return i;
    }
    qFatal("no row %s", qPrintable(action));
  }
  QString shortcut(const QString& action) { return table()->item(row(action), 1)->text(); }
  // As a person would: chooses the action, presses keys, goes on.
  void type(const QString& action, int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    table()->selectRow(row(action));
    edit()->setFocus();
    QTest::keyClick(edit(), static_cast<Qt::Key>(key), modifiers);
    table()->setFocus();
  }

 private Q_SLOTS:
  void init() {
    actions_ = std::make_unique<Actions>();
    make();
  }
  void cleanup() { editor_.reset(); }
  void make() {
    editor_ = std::make_unique<ShortcutEditor>(*actions_);
    editor_->resize(700, 500);
    editor_->show();
    editor_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(editor_.get()));
  }

  void shows_every_action_its_shortcut_and_the_usual_one() {
    actions_->apply({{"record", QKeySequence("F9")}});
    make();
    QCOMPARE(table()->rowCount(), 39);
    QCOMPARE(shortcut("Record: Record"), QString("F9"));
    QCOMPARE(table()->item(row("Record: Record"), 2)->text(), QString("Ctrl+R"));
    QCOMPARE(shortcut("View: Freeze"), QString("Space"));
    QCOMPARE(shortcut("Help: About Qt"), QString());
    QCOMPARE(editor_->overrides().size(), 1);
  }

  void a_free_shortcut_is_taken() {
    type("Record: Snapshot", Qt::Key_F9);
    QVERIFY(!asks());
    QCOMPARE(shortcut("Record: Snapshot"), QString("F9"));
    const QMap<QString, QKeySequence> wanted{{"snapshot", QKeySequence(Qt::Key_F9)}};
    QCOMPARE(editor_->overrides(), wanted);
    QCOMPARE(actions_->get("snapshot")->shortcut(),
             QKeySequence("S"));  // not before OK
  }

  void another_actions_is_taken_over() {
    type("Record: Snapshot", Qt::Key_R, Qt::ControlModifier);
    QVERIFY(asks());
    QVERIFY2(question().contains("Ctrl+R") && question().contains("Record") && question().contains("Snapshot"),
             qPrintable(question()));
    QCOMPARE(shortcut("Record: Snapshot"), QString("S"));
    QVERIFY(!editor_->commit());
    button("shortcutTake")->click();
    QVERIFY(!asks());
    QVERIFY(editor_->commit());
    QCOMPARE(shortcut("Record: Snapshot"), QString("Ctrl+R"));
    QCOMPARE(shortcut("Record: Record"), QString());
    const QMap<QString, QKeySequence> wanted{{"snapshot", QKeySequence("Ctrl+R")}, {"record", QKeySequence()}};
    QCOMPARE(editor_->overrides(), wanted);
  }

  void or_left() {
    type("Record: Snapshot", Qt::Key_R, Qt::ControlModifier);
    button("shortcutLeave")->click();
    QVERIFY(!asks());
    QVERIFY(editor_->commit());
    QCOMPARE(edit()->keySequence(), QKeySequence("S"));
    QVERIFY(editor_->overrides().isEmpty());
  }

  void choosing_another_action_leaves_it_too() {
    type("Record: Snapshot", Qt::Key_R, Qt::ControlModifier);
    table()->selectRow(row("View: Freeze"));
    QVERIFY(!asks());
    QCOMPARE(edit()->keySequence(), QKeySequence("Space"));
    QVERIFY(editor_->overrides().isEmpty());
  }

  void one_that_begins_like_another_is_a_conflict() {
    actions_->apply({{"record", QKeySequence("Ctrl+K, R")}});
    make();
    type("Record: Snapshot", Qt::Key_K, Qt::ControlModifier);
    QVERIFY(asks());
    QVERIFY2(question().contains("Ctrl+K, R"), qPrintable(question()));
  }

  void what_was_typed_a_moment_ago_counts() {
    table()->selectRow(row("Record: Snapshot"));
    edit()->setFocus();
    QTest::keyClick(edit(), Qt::Key_F9);
    QVERIFY(editor_->commit());
    QCOMPARE(editor_->overrides().value("snapshot"), QKeySequence("F9"));
  }

  void none_one_and_all_as_usual() {
    table()->selectRow(row("Record: Snapshot"));
    button("shortcutClear")->click();
    QCOMPARE(shortcut("Record: Snapshot"), QString());
    button("shortcutReset")->click();
    QCOMPARE(shortcut("Record: Snapshot"), QString("S"));
    type("Record: Snapshot", Qt::Key_F9);
    type("Record: Record", Qt::Key_F8);
    QCOMPARE(editor_->overrides().size(), 2);
    // The usual one belongs to another by now.
    type("View: Freeze", Qt::Key_S);
    QVERIFY(!asks());
    table()->selectRow(row("Record: Snapshot"));
    button("shortcutReset")->click();
    QVERIFY(asks());
    button("shortcutResetAll")->click();
    QVERIFY(!asks());
    QVERIFY(editor_->overrides().isEmpty());
    QCOMPARE(edit()->keySequence(), QKeySequence("S"));
  }

  void filters_by_text_and_keys() {
    auto* filter = find<QLineEdit>(*editor_, "shortcutFilter");
    const auto shown = [this] {
      QStringList out;
      for (int i = 0; i < table()->rowCount(); ++i) {
        if (!table()->isRowHidden(i)) out << table()->item(i, 0)->text();
      }
      return out;
    };
    filter->setText("zoom");
    const QStringList zooms{"View: Zoom in", "View: Zoom out"};
    QCOMPARE(shown(), zooms);
    filter->setText("ctrl+shift+");
    const QStringList shifted{"File: Open a recording", "Camera: Rotate to the left", "Camera: Rotate to the right"};
    QCOMPARE(shown(), shifted);
    QVERIFY(!edit()->isEnabled());  // what is not seen is not changed
    filter->clear();
    QCOMPARE(shown().size(), 39);
  }

  void conflicts_from_elsewhere_are_shown() {
    actions_->apply({{"snapshot", QKeySequence("Ctrl+R")}});  // as Record
    make();
    QVERIFY(!table()->item(row("Record: Snapshot"), 1)->icon().isNull());
    QVERIFY(table()->item(row("Record: Record"), 1)->toolTip().contains("Snapshot"));
    QVERIFY(table()->item(row("View: Freeze"), 1)->icon().isNull());
    QVERIFY(editor_->commit());  // nothing was typed
  }

  void works_by_keyboard_alone() {
    table()->setFocus();
    table()->setCurrentCell(row("Record: Snapshot"), 0);
    QTest::keyClick(table(), Qt::Key_Return);
    QVERIFY(edit()->hasFocus());
    QTest::keyClick(edit(), Qt::Key_L);
    QTRY_VERIFY_WITH_TIMEOUT(asks(), 3000);  // the field waits for further keys
    QVERIFY(button("shortcutLeave")->hasFocus());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Backtab);
    QVERIFY(button("shortcutTake")->hasFocus());
    QTest::keyClick(button("shortcutTake"), Qt::Key_Space);
    QCOMPARE(shortcut("Record: Snapshot"), QString("L"));
    QCOMPARE(shortcut("View: Labels"), QString());
    QVERIFY(edit()->hasFocus());
    QTest::keyClick(edit(), Qt::Key_Tab);
    QVERIFY(button("shortcutClear")->hasFocus());
  }

  // OK does not throw away what still needs an answer.
  void the_dialog_waits_for_the_answer() {
    PreferencesDialog dialog({}, *actions_);
    dialog.show();
    dialog.show_page("shortcuts");
    auto* table = find<QTableWidget>(dialog, "shortcutTable");
    table->selectRow(row("Record: Snapshot"));
    auto* edit = find<QKeySequenceEdit>(dialog, "shortcutEdit");
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_L);
    dialog.show_page("general");
    press(dialog, QDialogButtonBox::Ok);
    QVERIFY(dialog.isVisible());
    find<QPushButton>(dialog, "shortcutTake")->click();
    press(dialog, QDialogButtonBox::Ok);
    QVERIFY(!dialog.isVisible());
    const QMap<QString, QKeySequence> wanted{{"labels", QKeySequence()}, {"snapshot", QKeySequence("L")}};
    QCOMPARE(dialog.settings().shortcuts, wanted);
  }
};
DUALSIGHT_UI_TEST(ShortcutEditorTest);

class ThemeTest : public QObject {
  Q_OBJECT

  // WCAG 2: relative luminance and contrast.
  static double luminance(const QColor& color) {
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
  }
  static double contrast(const QColor& a, const QColor& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
  }

 private Q_SLOTS:
  void cleanup() { apply_theme(*qApp, "light"); }

  void the_ruler_is_right() {
    QVERIFY(std::abs(contrast(Qt::black, Qt::white) - 21) < 0.01);
    QVERIFY(std::abs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
  }

  void everything_can_be_read() {
    struct Pair {
      QPalette::ColorGroup group;
      QPalette::ColorRole text, ground;
      double least;
    };
    using P = QPalette;
    const Pair pairs[] = {
        {P::Active, P::WindowText, P::Window, 7},
        {P::Active, P::Text, P::Base, 7},
        {P::Active, P::Text, P::AlternateBase, 7},
        {P::Active, P::ButtonText, P::Button, 7},
        {P::Active, P::HighlightedText, P::Highlight, 4.5},
        {P::Inactive, P::HighlightedText, P::Highlight, 4.5},
        {P::Active, P::PlaceholderText, P::Base, 4.5},
        {P::Active, P::ToolTipText, P::ToolTipBase, 7},
        {P::Active, P::Link, P::Base, 4.5},
        {P::Active, P::Link, P::Window, 4.5},
        {P::Active, P::LinkVisited, P::Base, 4.5},
        {P::Disabled, P::WindowText, P::Window, 3},
        {P::Disabled, P::Text, P::Base, 3},
        {P::Disabled, P::ButtonText, P::Button, 3},
        {P::Disabled, P::HighlightedText, P::Highlight, 3},
        {P::Inactive, P::WindowText, P::Window, 7},
        {P::Active, P::Highlight, P::Base, 2.5},  // what is chosen, beside what is not
    };
    for (const QPalette& palette : {light_palette(), dark_palette()}) {
      for (const Pair& pair : pairs) {
        const double found = contrast(palette.color(pair.group, pair.text), palette.color(pair.group, pair.ground));
        QVERIFY2(
            found >= pair.least,
            qPrintable(
                QString("group %1, role %2 on %3: %4").arg(pair.group).arg(pair.text).arg(pair.ground).arg(found)));
      }
      // What is disabled looks so.
      QVERIFY(contrast(palette.color(QPalette::ButtonText), palette.color(QPalette::Disabled, QPalette::ButtonText)) >=
              1.5);
    }
  }

  // An empty box, on whatever ground.
  void check_boxes_can_be_seen() {
    for (const QString theme : {"light", "dark"}) {
      apply_theme(*qApp, theme);
      QListWidget list;
      auto* item = new QListWidgetItem("item", &list);
      item->setCheckState(Qt::Unchecked);
      const QImage image = list.grab().toImage();
      const QRect row = list.visualItemRect(item).translated(list.viewport()->pos());
      double most = 0;
      for (int x = row.left(); x < row.left() + row.height(); ++x) {  // the text is farther right
        most = std::max(most,
                        contrast(image.pixelColor(x, row.center().y()), QApplication::palette().color(QPalette::Base)));
      }
      QVERIFY2(most >= 3, qPrintable(QString("%1: %2").arg(theme).arg(most)));
    }
  }

  void is_switched_while_it_runs() {
    QPushButton button("button");
    button.show();
    const auto is_dark = [&] {
      return button.palette().color(QPalette::Button).lightness() < 100 &&
             button.palette().color(QPalette::ButtonText).lightness() > 200;
    };
    apply_theme(*qApp, "dark");
    QTRY_VERIFY(is_dark());
    apply_theme(*qApp, "light");
    QTRY_VERIFY(!is_dark());
    apply_theme(*qApp, "dark");
    QTRY_VERIFY(is_dark());
    apply_theme(*qApp, "system");  // here: Qt's own palette, which is light
    QTRY_VERIFY(!is_dark());
  }
};
DUALSIGHT_UI_TEST(ThemeTest);

class LanguageTest : public QObject {
  Q_OBJECT

  QLocale before_;

 private Q_SLOTS:
  void init() { before_ = QLocale(); }
  void cleanup() {
    apply_language("en");
    QLocale::setDefault(before_);
  }

  void is_switched_while_it_runs() {
    if (!QFile::exists(":/i18n/dualsight_zh_CN.qm")) QSKIP("there is no translation");
    QDialogButtonBox buttons(QDialogButtonBox::Cancel);
    const bool qts = QFile::exists(QLibraryInfo::path(QLibraryInfo::TranslationsPath) + "/qtbase_zh_CN.qm");
    apply_language("zh_CN");
    QCoreApplication::processEvents();
    QCOMPARE(QLocale().language(), QLocale::Chinese);
    if (qts) QVERIFY(buttons.button(QDialogButtonBox::Cancel)->text().contains(QString::fromUtf8("取消")));
    apply_language("en");
    QCoreApplication::processEvents();
    QVERIFY(buttons.button(QDialogButtonBox::Cancel)->text().contains("Cancel"));
    apply_language("zh_CN");  // twice changes nothing
    apply_language("zh_CN");
    apply_language("en");
    QCOMPARE(QCoreApplication::translate("dualsight::Actions", "&Snapshot"), QString("&Snapshot"));
  }

  void the_systems_language() {
    apply_language({});
    QCOMPARE(QLocale().name(), QLocale::system().name());
  }
};
DUALSIGHT_UI_TEST(LanguageTest);

}  // namespace dualsight

#include "preferences_test.moc"
