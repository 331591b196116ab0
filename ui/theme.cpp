#include "ui/theme.h"

#include <QApplication>
#include <QStyleFactory>

namespace dualsight {
namespace {

struct Tones {
  QColor window, base, alternate, text, button, highlight, on_highlight, link, tip, on_tip, dim;
};

QPalette palette_of(const Tones& t) {
  QPalette palette(t.button, t.window);
  palette.setColor(QPalette::WindowText, t.text);
  palette.setColor(QPalette::Base, t.base);
  palette.setColor(QPalette::AlternateBase, t.alternate);
  palette.setColor(QPalette::Text, t.text);
  palette.setColor(QPalette::ButtonText, t.text);
  palette.setColor(QPalette::BrightText, t.on_highlight);
  palette.setColor(QPalette::Highlight, t.highlight);
  palette.setColor(QPalette::HighlightedText, t.on_highlight);
  palette.setColor(QPalette::Link, t.link);
  palette.setColor(QPalette::ToolTipBase, t.tip);
  palette.setColor(QPalette::ToolTipText, t.on_tip);
  palette.setColor(QPalette::PlaceholderText, t.dim);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, t.dim);
  }
  return palette;
}

}  // namespace

QPalette light_palette() {
  return palette_of({QColor(0xf3, 0xf3, 0xf3), Qt::white, QColor(0xec, 0xec, 0xec), QColor(0x1a, 0x1a, 0x1a),
                     QColor(0xe6, 0xe6, 0xe6), QColor(0x00, 0x5f, 0x9e), Qt::white, QColor(0x00, 0x54, 0x8c),
                     QColor(0xff, 0xf4, 0xce), QColor(0x1a, 0x1a, 0x1a), QColor(0x66, 0x66, 0x66)});
}

QPalette dark_palette() {
  return palette_of({QColor(0x25, 0x27, 0x2a), QColor(0x1b, 0x1d, 0x1f), QColor(0x2b, 0x2d, 0x31),
                     QColor(0xec, 0xec, 0xec), QColor(0x35, 0x38, 0x3c), QColor(0x1f, 0x6f, 0xb5), Qt::white,
                     QColor(0x7c, 0xc0, 0xf5), QColor(0x4a, 0x42, 0x1c), QColor(0xf5, 0xf0, 0xdc),
                     QColor(0xa0, 0xa0, 0xa0)});
}

void apply_theme(QApplication& application, const QString& theme) {
  static const bool desktop_is_dark = application.palette().color(QPalette::Window).lightness() < 128;
  application.setStyle(QStyleFactory::create("Fusion"));
  const bool dark = theme == "dark" || (theme != "light" && desktop_is_dark);
  application.setPalette(dark ? dark_palette() : light_palette());
}

}  // namespace dualsight
