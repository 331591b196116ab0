#include "ui/settings/actions.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QGroupBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMainWindow>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>

#include "tests/ui/support/translators.h"
#include "tests/ui/support/ui_test.h"

namespace dualsight {
namespace {

// A window whose actions can be triggered by their shortcuts wherever the focus is.
struct Window : QMainWindow {
  Actions actions;
  QVBoxLayout* column;

  Window() {
    setCentralWidget(new QWidget);
    column = new QVBoxLayout(centralWidget());
    for (const QString& name : actions.names()) addAction(actions.get(name));
  }
  template <typename Widget>
  Widget* add(Widget* widget) {
    column->addWidget(widget);
    return widget;
  }
  void open() {
    show();
    activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(this));
  }
  bool checked(const char* name) const { return actions.get(name)->isChecked(); }
};

}  // namespace

class ActionsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void all_are_there() {
    const QStringList wanted{"open_file",
                             "open_url",
                             "close_source",
                             "open_recording",
                             "quit",  //
                             "freeze",
                             "zoom_in",
                             "zoom_out",
                             "fit",
                             "actual_size",
                             "labels",
                             "coordinates",
                             "tracks",
                             "zones",  //
                             "full_screen",
                             "reset_layout",  //
                             "refresh_cameras",
                             "reconnect",
                             "mirror",
                             "rotate_left",
                             "rotate_right",  //
                             "choose_model",
                             "confidence_up",
                             "confidence_down",
                             "tracking",
                             "blur",
                             "edit_zones",  //
                             "record",
                             "record_on_events",
                             "json",
                             "snapshot",
                             "open_record_folder",  //
                             "stats",
                             "preferences",
                             "shortcuts",
                             "reset_settings",  //
                             "help",
                             "about",
                             "about_qt"};
    const Actions actions;
    QCOMPARE(actions.names(), wanted);
    const QStringList checkable{"freeze",      "labels",           "coordinates", "tracks", "zones",
                                "full_screen", "mirror",           "tracking",    "blur",   "edit_zones",
                                "record",      "record_on_events", "json",        "stats"};
    for (const QString& name : wanted) {
      const QAction* action = actions.get(name);
      QVERIFY2(!action->text().isEmpty() && !action->statusTip().isEmpty(), qPrintable(name));
      QCOMPARE(action->isCheckable(), checkable.contains(name));
    }
    QCOMPARE(actions.menu("freeze"), QString("view"));
    QCOMPARE(actions.menu_text("view"), QString("&View"));
    QCOMPARE(actions.plain_text("open_file"), QString("Open a file"));
    QCOMPARE(actions.get("snapshot")->toolTip(), QString("Snapshot (S)"));
  }

  void shortcuts_are_the_usual_ones() {
    const Actions actions;
    const QMap<QString, QString> some{{"open_file", "Ctrl+O"},   {"freeze", "Space"},  {"zoom_in", "Ctrl++"},
                                      {"full_screen", "F11"},    {"mirror", "M"},      {"confidence_up", "]"},
                                      {"edit_zones", "Shift+Z"}, {"record", "Ctrl+R"}, {"snapshot", "S"},
                                      {"preferences", "Ctrl+,"}, {"help", "F1"},       {"about", ""}};
    for (auto it = some.cbegin(); it != some.cend(); ++it) {
      QCOMPARE(actions.get(it.key())->shortcut().toString(QKeySequence::PortableText), it.value());
    }
  }

  void no_two_have_the_same() {
    const Actions actions;
    for (const QString& name : actions.names()) {
      const QStringList others = actions.conflicts(name, actions.usual(name));
      QVERIFY2(others.isEmpty(), qPrintable(name + ": " + others.join(", ")));
    }
  }

  // No letter is underlined twice in one menu.
  void mnemonics_differ_within_a_menu() {
    const Actions actions;
    QStringList seen;
    for (const QString& name : actions.names()) {
      const QString text = actions.get(name)->text();
      QVERIFY2(text.contains('&'), qPrintable(text));
      const QString key = actions.menu(name) + " " + text.at(text.indexOf('&') + 1).toLower();
      QVERIFY2(!seen.contains(key), qPrintable(text));
      seen << key;
    }
  }

  void others_can_be_chosen() {
    Actions actions;
    actions.apply({{"record", QKeySequence("F9")}, {"snapshot", QKeySequence()}, {"gone", QKeySequence("F2")}});
    QCOMPARE(actions.get("record")->shortcut(), QKeySequence("F9"));
    QVERIFY(actions.get("snapshot")->shortcut().isEmpty());
    QCOMPARE(actions.get("record")->toolTip(), QString("Record (F9)"));
    const QMap<QString, QKeySequence> overrides{{"record", QKeySequence("F9")}, {"snapshot", QKeySequence()}};
    QCOMPARE(actions.overrides(), overrides);
    actions.apply({});
    QCOMPARE(actions.get("record")->shortcut(), QKeySequence("Ctrl+R"));
    QVERIFY(actions.overrides().isEmpty());
  }

  void conflicts_are_found() {
    Actions actions;
    QCOMPARE(actions.conflicts("snapshot", QKeySequence("Ctrl+R")), QStringList("record"));
    QCOMPARE(actions.conflicts("record", QKeySequence("Ctrl+R")), QStringList());
    QCOMPARE(actions.conflicts("snapshot", QKeySequence("Ctrl+R, A")), QStringList("record"));  // never gets to A
    actions.apply({{"record", QKeySequence("Ctrl+K, R")}, {"json", QKeySequence("Ctrl+K, J")}});
    const QStringList both{"json", "record"};
    QCOMPARE(actions.conflicts("snapshot", QKeySequence("Ctrl+K")), both);
    QCOMPARE(actions.conflicts("snapshot", QKeySequence("Ctrl+K, S")), QStringList());
    QCOMPARE(actions.conflicts("snapshot", QKeySequence()), QStringList());
  }

  void texts_follow_the_language() {
    Actions actions;
    BracketTranslator brackets;
    QCoreApplication::installTranslator(&brackets);
    actions.retranslate();
    QCOMPARE(actions.get("snapshot")->text(), QString("[&Snapshot]"));
    QVERIFY(actions.get("snapshot")->statusTip().startsWith('['));
    QCoreApplication::removeTranslator(&brackets);
    actions.retranslate();
    QCOMPARE(actions.get("snapshot")->text(), QString("&Snapshot"));
  }

  void a_mnemonic_behind_the_text_is_left_out() {
    Actions actions;
    actions.get("open_file")->setText(QString::fromUtf8("打开文件(&O) …"));
    QCOMPARE(actions.plain_text("open_file"), QString::fromUtf8("打开文件"));
    QCOMPARE(without_mnemonic(QString::fromUtf8("文件(&F)")), QString::fromUtf8("文件"));
    QCOMPARE(without_mnemonic("&File"), QString("File"));
  }

  // Single letters are shortcuts, but not while a text is typed.
  void letters_belong_to_text_fields() {
    Window window;
    auto* line = window.add(new QLineEdit);
    auto* text = window.add(new QPlainTextEdit);
    auto* spin = window.add(new QDoubleSpinBox);
    auto* button = window.add(new QPushButton("x"));
    spin->setSuffix(" s");
    window.open();
    int snapshots = 0;
    connect(window.actions.get("snapshot"), &QAction::triggered, &window, [&] { ++snapshots; });
    line->setFocus();
    QTest::keyClicks(line, "sl mtzcb");
    QCOMPARE(line->text(), QString("sl mtzcb"));
    text->setFocus();
    QTest::keyClicks(text, "sl [m]");
    QCOMPARE(text->toPlainText(), QString("sl [m]"));
    spin->setFocus();
    QTest::keyClicks(spin, "s");
    QCOMPARE(snapshots, 0);
    for (const char* name : {"freeze", "labels", "mirror", "tracks", "zones", "coordinates", "blur"}) {
      QVERIFY2(!window.checked(name), name);
    }
    button->setFocus();
    QTest::keyClicks(button, "sl");
    QCOMPARE(snapshots, 1);
    QVERIFY(window.checked("labels"));
  }

  void space_presses_what_has_the_focus() {
    Window window;
    auto* box = window.add(new QCheckBox("box"));
    auto* button = window.add(new QPushButton("button"));
    auto* list = window.add(new QListWidget);
    auto* item = new QListWidgetItem("item", list);
    item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
    item->setCheckState(Qt::Unchecked);
    auto* group = window.add(new QGroupBox("group"));
    auto* slider = new QSlider;
    (new QVBoxLayout(group))->addWidget(slider);
    window.open();
    int pressed = 0;
    connect(button, &QPushButton::clicked, &window, [&] { ++pressed; });
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Space);
    QVERIFY(box->isChecked());
    button->setFocus();
    QTest::keyClick(button, Qt::Key_Space);
    QCOMPARE(pressed, 1);
    list->setFocus();
    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_Space);
    QCOMPARE(item->checkState(), Qt::Checked);
    QVERIFY(!window.checked("freeze"));
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Space);
    QVERIFY(window.checked("freeze"));
  }
};
DUALSIGHT_UI_TEST(ActionsTest);

}  // namespace dualsight

#include "actions_test.moc"
