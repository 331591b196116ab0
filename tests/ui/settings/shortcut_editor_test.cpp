#include "ui/settings/shortcut_editor.h"

#include <QAction>
#include <QApplication>
#include <QDialogButtonBox>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <memory>

#include "tests/ui/support/ui_test.h"
#include "tests/ui/support/widgets.h"
#include "ui/settings/actions.h"
#include "ui/settings/preferences_dialog.h"

namespace dualsight {

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
    // Another action has its default shortcut by now.
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

}  // namespace dualsight

#include "shortcut_editor_test.moc"
