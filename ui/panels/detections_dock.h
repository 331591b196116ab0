// The Detections panel: a live table of the detections. (Model and thresholds are set in detector_settings_dock.h.)
#pragma once

#include <QStringList>
#include <QWidget>

#include "app/records/records.h"

class QAction;
class QLabel;
class QSortFilterProxyModel;
class QTableView;
class QTimer;

namespace dualsight {

class DetectionsModel;

class DetectionsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit DetectionsPanel(QWidget* parent = nullptr);

  using QWidget::update;
  void update(const FrameRecord& record, const QStringList& names);
  void clear();                  // the source was closed
  void select(qint64 track_id);  // 0: none; does not emit selected()

  std::vector<int> counts() const;  // per class, of the last update

  // Keys as in DetectionsModel::key(). The first column is never hidden.
  void set_hidden_columns(const QStringList& keys);
  QStringList hidden_columns() const;

 Q_SIGNALS:
  void selected(qint64 track_id);  // 0: none, or one that is not tracked

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void selection_changed();
  void show_selected();
  void show_summary();
  void announce();
  void copy(QChar separator);
  void show_menu(const QPoint& position);
  void show_header_menu(const QPoint& position);
  void fit_columns();

  DetectionsModel* model_;
  QSortFilterProxyModel* sorted_;
  QTableView* view_;
  QLabel* summary_;
  QAction *copy_, *copy_csv_;
  QTimer* quiet_;  // runs for a while after each announcement to screen readers
  qint64 selected_ = 0;
  bool updating_ = false;
};

}  // namespace dualsight
