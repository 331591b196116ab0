#include "ui/panels/model_list.h"

#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/session/model_lookup.h"
#include "detector/detector_formats.h"
#include "ui/widgets/background.h"

namespace dualsight {
namespace {

QString to_text(const std::filesystem::path& path) { return QFile::decodeName(path.c_str()); }

}  // namespace

ModelCard read_model_card(const QString& file) {
  ModelCard card;
  card.file = file;
  card.name = QFileInfo(file).completeBaseName();
  const auto info = read_model_info(QFile::encodeName(file).toStdString());
  if (!info) {
    card.problem = QString::fromStdString(info.error().message);
    return card;
  }
  if (!info->name.empty()) card.name = QString::fromStdString(info->name);
  card.architecture = QString::fromStdString(info->architecture);
  card.classes = static_cast<int>(info->class_names.size());
  card.input_size = info->input_size;
  const auto score = info->scores.find("val mAP50");
  if (score != info->scores.end()) card.score = QString::fromStdString(score->second);
  return card;
}

void ModelList::load() {
  using Found = std::pair<std::vector<ModelCard>, QString>;
  in_background(
      this,
      [] {
        Found found;
        const auto folders = model_folders();
        for (const auto& folder : folders) {
          for (const auto& file : models_in(folder)) found.first.push_back(read_model_card(to_text(file)));
        }
        if (const auto best = find_model("", folders)) {
          found.second = to_text(*best);
        } else if (!found.first.empty()) {
          found.second = found.first.front().file;
        }
        return found;
      },
      [this](const Found& found) { set_models(found.first, found.second); });
}

void ModelList::set_models(std::vector<ModelCard> models, const QString& best) {
  beginResetModel();
  // Models that add() brought stay in the list.
  std::vector<ModelCard> others = std::move(models_);
  models_ = std::move(models);
  for (ModelCard& other : others) {
    if (row_of(other.file) < 0) models_.push_back(std::move(other));
  }
  best_ = best;
  loaded_ = true;
  endResetModel();
  Q_EMIT changed();
}

void ModelList::add(const QString& file) {
  if (row_of(file) >= 0) return;
  const int row = rowCount();
  beginInsertRows({}, row, row);
  ModelCard card;
  card.file = file;
  card.name = QFileInfo(file).completeBaseName();
  models_.push_back(card);
  endInsertRows();
  in_background(
      this, [file] { return read_model_card(file); },
      [this](const ModelCard& read) {
        const int now = row_of(read.file);
        if (now < 0) return;
        models_[static_cast<std::size_t>(now)] = read;
        Q_EMIT dataChanged(index(now), index(now));
        Q_EMIT changed();
      });
}

std::optional<ModelCard> ModelList::card(int row) const {
  if (row < 0 || row >= rowCount()) return std::nullopt;
  return models_[static_cast<std::size_t>(row)];
}

int ModelList::row_of(const QString& file) const {
  const auto found =
      std::find_if(models_.begin(), models_.end(), [&](const ModelCard& card) { return card.file == file; });
  return found == models_.end() ? -1 : static_cast<int>(found - models_.begin());
}

QString ModelList::details(const ModelCard& card) const {
  if (!card.problem.isEmpty()) return card.problem;
  if (card.classes == 0) return {};
  const QString size = tr("%1 px", "input size of a model").arg(QLocale().toString(card.input_size));
  QStringList parts = {tr("%n classes", "", card.classes), size};
  if (!card.score.isEmpty()) parts.append(tr("val mAP50 %1").arg(card.score));
  return parts.join(", ");
}

int ModelList::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(models_.size());
}

QVariant ModelList::data(const QModelIndex& index, int role) const {
  const auto found = card(index.row());
  if (!found) return {};
  switch (role) {
    case Qt::DisplayRole:
      return found->name;
    case Qt::UserRole:
      return found->file;
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
      return QStringList{details(*found), found->file}.join("\n");
    default:
      return {};
  }
}

}  // namespace dualsight
