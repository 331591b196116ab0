#include "ui/widgets/theme.h"

#include <QApplication>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "tests/ui/support/ui_test.h"

namespace dualsight {

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
      // Disabled text looks different.
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

  void a_button_that_is_down_can_be_told() {
    for (const QString& theme : {QString("light"), QString("dark")}) {
      apply_theme(*qApp, theme);
      QWidget window;
      auto* column = new QVBoxLayout(&window);
      auto* push = new QPushButton("x");
      push->setCheckable(true);
      push->setMinimumWidth(100);
      auto* tool = new QToolButton;
      tool->setCheckable(true);
      tool->setMinimumSize(40, 24);
      column->addWidget(push);
      column->addWidget(tool);
      window.show();
      window.activateWindow();
      QVERIFY(QTest::qWaitForWindowActive(&window));
      for (QAbstractButton* button : std::initializer_list<QAbstractButton*>{push, tool}) {
        const auto ground = [&] { return button->grab().toImage().pixelColor(10, button->height() / 2); };
        const QColor up = ground();
        button->setChecked(true);
        const QColor down = ground();
        QVERIFY2((down.blue() - down.red()) - (up.blue() - up.red()) >= 30, qPrintable(theme));
      }
    }
    apply_theme(*qApp, "light");
  }
};
DUALSIGHT_UI_TEST(ThemeTest);

}  // namespace dualsight

#include "theme_test.moc"
