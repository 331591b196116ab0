// The Events panel: a log of appearances, ends, zone and line crossings with thumbnails; a double click opens the
// recording at that moment.
#pragma once

#include <QStringList>
#include <QWidget>

#include "app/records/records.h"

class QAction;
class QComboBox;
class QImage;
class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace dualsight {

class EventsModel;

class EventsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit EventsPanel(QWidget* parent = nullptr);

  // `thumbnail` is a crop of the frame, or null.
  void add(const EventRecord& event, const QStringList& names, const QImage& thumbnail);
  // The event is in this video, so many seconds from its start.
  void locate(const EventRecord& event, const QString& recording, double seconds);
  void clear();

  QString csv() const;  // of the rows that the filters show

 Q_SIGNALS:
  void jump_requested(const QString& recording, double seconds);
  void export_failed(const QString& problem);

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  class Filter;
  void retranslate();
  void apply_filters();
  void list_class(const QString& name);
  void copy();
  void export_csv();
  void activate(const QModelIndex& index);
  void show_menu(const QPoint& position);
  void fit_columns();
  void show_count();

  EventsModel* model_;
  Filter* filtered_;
  QTableView* view_;
  QComboBox *kinds_, *classes_;
  QLabel *kind_label_, *class_label_, *count_;
  QPushButton *clear_, *export_;
  QAction* copy_;
};

}  // namespace dualsight
