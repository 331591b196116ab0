// A message above the picture: what went wrong and what to do. It stays until it is closed.
#pragma once

#include <QFrame>

class QLabel;
class QToolButton;

namespace dualsight {

class NoticeBar : public QFrame {
  Q_OBJECT

 public:
  explicit NoticeBar(QWidget* parent = nullptr);

  void show_notice(const QString& text);
  QString text() const;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();

  QLabel *icon_, *text_;
  QToolButton* close_;
};

}  // namespace dualsight
