// Shown in place of the picture while there is none: what is wrong and what to do, with a button for it.
#pragma once

#include <QFrame>
#include <QIcon>

class QLabel;
class QPushButton;

namespace dualsight {

class Placeholder : public QFrame {
  Q_OBJECT

 public:
  explicit Placeholder(QWidget* parent);

  void set(const QString& title, const QString& text, const QString& button, const QIcon& icon);
  QString title() const;
  QString text() const;
  void settle();  // resizes to fit its texts, centred in its parent

 Q_SIGNALS:
  void action();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void show_fonts();
  void show_icon();

  QIcon icon_;
  QLabel *picture_, *title_, *text_;
  QPushButton* button_;
};

}  // namespace dualsight
