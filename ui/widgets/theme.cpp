#include "ui/widgets/theme.h"

#include <QApplication>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>
#include <QToolTip>

namespace dualsight {
namespace {

struct Tones {
  QColor window, base, alternate, button, text, dim;
  QColor highlight, on_highlight, off_highlight;  // off_highlight: of disabled widgets
  QColor link, visited, tip, on_tip;
};

QPalette palette_of(const Tones& t) {
  QPalette palette(t.button, t.window);  // frames and shadows are derived from these two
  palette.setColor(QPalette::Base, t.base);
  palette.setColor(QPalette::AlternateBase, t.alternate);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(role, t.text);
    palette.setColor(QPalette::Disabled, role, t.dim);
  }
  palette.setColor(QPalette::PlaceholderText, t.dim);
  palette.setColor(QPalette::BrightText, t.on_highlight);
  palette.setColor(QPalette::Highlight, t.highlight);
  palette.setColor(QPalette::HighlightedText, t.on_highlight);
  palette.setColor(QPalette::Disabled, QPalette::Highlight, t.off_highlight);
  palette.setColor(QPalette::Disabled, QPalette::HighlightedText, t.dim);
  palette.setColor(QPalette::Link, t.link);
  palette.setColor(QPalette::LinkVisited, t.visited);
  palette.setColor(QPalette::ToolTipBase, t.tip);
  palette.setColor(QPalette::ToolTipText, t.on_tip);
  return palette;
}

// Corrects Qt's Fusion style: its frames of check boxes are a little darker than the window, so an empty box on a dark
// list is invisible; and its pressed buttons look like others.
class Style : public QProxyStyle {
 public:
  Style() : QProxyStyle("Fusion") {}

  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if ((element == PE_PanelButtonCommand || element == PE_PanelButtonTool) && option->state.testFlag(State_On)) {
      QColor tint = option->palette.color(QPalette::Highlight);
      tint.setAlphaF(0.4F);
      painter->fillRect(option->rect.adjusted(1, 1, -1, -1), tint);
    }
    if (element != PE_IndicatorCheckBox && element != PE_IndicatorRadioButton) return;
    painter->save();
    painter->setPen(option->palette.color(QPalette::Disabled, QPalette::Text));
    painter->setBrush(Qt::NoBrush);
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
    element == PE_IndicatorCheckBox ? painter->drawRect(frame) : painter->drawEllipse(frame);
    painter->restore();
  }
};

}  // namespace

QPalette light_palette() {
  Tones t;
  t.window = QColor(0xf3, 0xf3, 0xf3);
  t.base = QColor(0xff, 0xff, 0xff);
  t.alternate = QColor(0xf0, 0xf3, 0xf6);
  t.button = QColor(0xea, 0xea, 0xea);
  t.text = QColor(0x1a, 0x1a, 0x1a);
  t.dim = QColor(0x66, 0x66, 0x66);
  t.highlight = QColor(0x00, 0x5f, 0x9e);
  t.on_highlight = QColor(0xff, 0xff, 0xff);
  t.off_highlight = QColor(0xd8, 0xdd, 0xe2);
  t.link = QColor(0x00, 0x54, 0x8c);
  t.visited = QColor(0x6a, 0x3d, 0x9a);
  t.tip = QColor(0xff, 0xf4, 0xce);
  t.on_tip = QColor(0x1a, 0x1a, 0x1a);
  return palette_of(t);
}

QPalette dark_palette() {
  Tones t;
  t.window = QColor(0x25, 0x27, 0x2a);
  t.base = QColor(0x1b, 0x1d, 0x1f);
  t.alternate = QColor(0x22, 0x25, 0x28);
  t.button = QColor(0x35, 0x38, 0x3c);
  t.text = QColor(0xec, 0xec, 0xec);
  t.dim = QColor(0xa6, 0xa6, 0xa6);
  t.highlight = QColor(0x1c, 0x6a, 0xae);
  t.on_highlight = QColor(0xff, 0xff, 0xff);
  t.off_highlight = QColor(0x34, 0x3b, 0x42);
  t.link = QColor(0x7c, 0xc0, 0xf5);
  t.visited = QColor(0xc6, 0xa5, 0xf0);
  t.tip = QColor(0x4a, 0x42, 0x1c);
  t.on_tip = QColor(0xf5, 0xf0, 0xdc);
  return palette_of(t);
}

void apply_theme(QApplication& application, const QString& theme) {
  // Qt 6.4 does not report the desktop's colour scheme: it is derived from the palette at the start.
  static const bool desktop_is_dark = QApplication::palette().color(QPalette::Window).lightness() < 128;
  if (dynamic_cast<Style*>(application.style()) == nullptr) application.setStyle(new Style);
  const bool dark = theme == "dark" || (theme != "light" && desktop_is_dark);
  const QPalette palette = dark ? dark_palette() : light_palette();
  QApplication::setPalette(palette);
  QToolTip::setPalette(palette);  // tool tips do not follow the application's palette
}

}  // namespace dualsight
