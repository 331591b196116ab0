// The models there are to choose from: what each says about itself on its card. Files are read on a worker thread.
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
  QString score;    // "val mAP50"; empty: it does not say
  QString problem;  // why it cannot be read, or empty

  bool operator==(const ModelCard&) const = default;
};

// The file's header only. Blocks.
ModelCard read_model_card(const QString& file);

class ModelList : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;

  void load();  // those of model_folders(); set_models() follows
  void set_models(std::vector<ModelCard> models, const QString& best);  // best: the file to begin with
  void add(const QString& file);  // one from elsewhere; its card is read behind the scenes

  bool loaded() const { return loaded_; }
  const QString& best() const { return best_; }
  std::optional<ModelCard> card(int row) const;
  int row_of(const QString& file) const;         // -1: not there
  QString details(const ModelCard& card) const;  // "12 classes, 320 px, mAP50 41.2 %"

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;  // UserRole: the file

 Q_SIGNALS:
  void changed();  // models came or their cards

 private:
  std::vector<ModelCard> models_;
  QString best_;
  bool loaded_ = false;
};

}  // namespace dualsight
