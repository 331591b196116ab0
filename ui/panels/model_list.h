// The models to choose from, with the metadata of their files, which are read on a worker thread.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

namespace dualsight {

struct ModelCard {
  QString file, name, architecture;
  int classes = 0, input_size = 0;
  QString score;    // "val mAP50"; empty: not in the file
  QString problem;  // why it cannot be read, or empty

  bool operator==(const ModelCard&) const = default;
};

// Reads the file's header only; blocks.
ModelCard read_model_card(const QString& file);

class ModelList : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;

  void load();  // the files in model_folders(); returns at once, set_models() follows
  void set_models(std::vector<ModelCard> models, const QString& best);  // best: the file to use by default
  void add(const QString& file);  // from any folder; returns at once, its card follows

  bool loaded() const { return loaded_; }
  const QString& best() const { return best_; }
  std::optional<ModelCard> card(int row) const;
  int row_of(const QString& file) const;         // -1: none
  QString details(const ModelCard& card) const;  // "12 classes, 320 px, mAP50 41.2 %"

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;  // UserRole: the file

 Q_SIGNALS:
  void changed();  // models or their cards

 private:
  std::vector<ModelCard> models_;
  QString best_;
  bool loaded_ = false;
};

}  // namespace dualsight
