#include "ui/widgets/placeholder.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>

namespace dualsight {

Placeholder::Placeholder(QWidget* parent)
    : QFrame(parent),
      picture_(new QLabel(this)),
      title_(new QLabel(this)),
      text_(new QLabel(this)),
      button_(new QPushButton(this)) {
  setObjectName("placeholder");
  setFrameShape(QFrame::StyledPanel);
  setAutoFillBackground(true);
  title_->setObjectName("placeholderTitle");
  text_->setObjectName("placeholderText");
  button_->setObjectName("placeholderButton");
  button_->setAutoDefault(true);  // Enter presses it, too
  for (QLabel* label : {title_, text_}) {
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignCenter);
    label->setTextFormat(Qt::PlainText);
  }
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* column = new QVBoxLayout(this);
  const int margin = fontMetrics().height();
  column->setContentsMargins(margin, margin, margin, margin);
  column->setSpacing(margin / 2);
  column->addWidget(picture_, 0, Qt::AlignHCenter);
  column->addWidget(title_);
  column->addWidget(text_);
  column->addWidget(button_, 0, Qt::AlignHCenter);
  show_fonts();
  hide();
  connect(button_, &QPushButton::clicked, this, &Placeholder::action);
}

QString Placeholder::title() const { return title_->text(); }
QString Placeholder::text() const { return text_->text(); }

void Placeholder::set(const QString& title, const QString& text, const QString& button, const QIcon& icon) {
  title_->setText(title);
  text_->setText(text);
  text_->setVisible(!text.isEmpty());
  button_->setText(button);
  button_->setVisible(!button.isEmpty());
  icon_ = icon;
  picture_->setVisible(!icon.isNull());
  show_icon();
  settle();
}

void Placeholder::settle() {
  const QRect all = parentWidget()->rect();
  layout()->activate();
  const int margin = fontMetrics().height();
  const int room = std::max(1, all.width() - 2 * margin);
  const int width = std::min(room, std::max(minimumSizeHint().width(), 60 * fontMetrics().averageCharWidth()));
  const int height = std::min(
      all.height(), layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width) : sizeHint().height());
  setGeometry(all.left() + (all.width() - width) / 2, all.top() + (all.height() - height) / 2, width, height);
}

void Placeholder::show_fonts() {
  QFont large = font();
  large.setPointSizeF(large.pointSizeF() * 1.3);
  large.setBold(true);
  title_->setFont(large);
}

void Placeholder::show_icon() {
  const int size = style()->pixelMetric(QStyle::PM_LargeIconSize);
  picture_->setPixmap(icon_.pixmap(QSize(size, size), devicePixelRatioF()));
}

void Placeholder::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() == QEvent::FontChange) show_fonts();
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) show_icon();
}

}  // namespace dualsight
