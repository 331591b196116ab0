// The model's classes, one per row: shown or not, blurred or not, colour, own threshold, and how many are seen now.
#pragma once

#include <QAbstractTableModel>
#include <QMap>
#include <QSortFilterProxyModel>
#include <QStringList>
#include <QWidget>
#include <vector>

#include "ui/settings/settings.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace dualsight {

class ClassTableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { shown, name, threshold, blurred, count, columns };

  using QAbstractTableModel::QAbstractTableModel;

  // Settings belong to class names: those of another model's classes are kept while this one is in use.
  void set_names(const QStringList& names);
  void set_settings(const QMap<QString, ClassSettings>& settings);
  const QMap<QString, ClassSettings>& settings() const { return settings_; }
  void set_general(std::vector<float> thresholds);  // of classes without a threshold of their own
  const std::vector<float>& general() const { return general_; }
  void set_counts(const std::vector<int>& counts);
  void set_shown(bool shown);                    // all classes
  void set_color(int row, const QColor& color);  // invalid: the default colour

  const QStringList& names() const { return names_; }
  const ClassSettings& of(int row) const;
  QColor color(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
  QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

  void retranslate();

 Q_SIGNALS:
  void adjusted();  // shown, blurred or threshold of a class
  void colors_changed();

 private:
  ClassSettings& edit(int row);

  QStringList names_;
  QMap<QString, ClassSettings> settings_;
  std::vector<float> general_;
  std::vector<int> counts_;
};

class ClassTable : public QWidget {
  Q_OBJECT

 public:
  explicit ClassTable(QWidget* parent = nullptr);

  ClassTableModel& model() { return *model_; }
  const ClassTableModel& model() const { return *model_; }
  void choose_color(int row);  // row of the model, not of the view

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void retranslate();
  void fit_columns();
  void show_menu(const QPoint& position);
  int current_row() const;

  ClassTableModel* model_;
  QSortFilterProxyModel* sorted_;
  QLineEdit* filter_;
  QPushButton *all_, *none_;
  QTableView* view_;
};

}  // namespace dualsight
