#include "ui/zones_dock.h"

#include <QEvent>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <algorithm>

namespace dualsight {
namespace {

enum Column { name_column, kind_column, count_column, classes_column, points_column, columns };

QString points_text(const Region& region) {
  QStringList out;
  for (const auto& point : region.points) out << QString("%1,%2").arg(point[0], 0, 'g', 4).arg(point[1], 0, 'g', 4);
  return out.join(' ');
}

QString classes_text(const Region& region) {
  QStringList out;
  for (const std::string& name : region.classes) out << QString::fromStdString(name);
  return out.join(',');
}

}  // namespace

QString region_text(const Region& region) {
  QString text = (region.line ? "line:" : "") + QString::fromStdString(region.name) + "=" + points_text(region);
  if (!region.classes.empty()) text += ";" + classes_text(region);
  return text;
}

ZonesDock::ZonesDock(QWidget* parent)
    : QWidget(parent), table_(new QTableWidget(0, columns, this)), add_zone_(new QPushButton(this)),
      add_line_(new QPushButton(this)), remove_(new QPushButton(this)), reset_(new QPushButton(this)),
      hint_(new QLabel(this)) {
  setObjectName("zonesPanel");
  table_->setObjectName("zonesTable");
  add_zone_->setObjectName("addZone");
  add_line_->setObjectName("addLine");
  remove_->setObjectName("removeZone");
  reset_->setObjectName("resetCounts");
  hint_->setWordWrap(true);
  table_->verticalHeader()->hide();
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->setTabKeyNavigation(false);
  auto* grid = new QGridLayout(this);
  grid->addWidget(table_, 0, 0, 1, 2);
  grid->addWidget(add_zone_, 1, 0);
  grid->addWidget(add_line_, 1, 1);
  grid->addWidget(remove_, 2, 0);
  grid->addWidget(reset_, 2, 1);
  grid->addWidget(hint_, 3, 0, 1, 2);
  connect(add_zone_, &QPushButton::clicked, this, [this] { Q_EMIT draw_requested(false); });
  connect(add_line_, &QPushButton::clicked, this, [this] { Q_EMIT draw_requested(true); });
  connect(remove_, &QPushButton::clicked, this, &ZonesDock::remove_selected);
  connect(reset_, &QPushButton::clicked, this, [this] {
    counts_.clear();
    show_counts();
  });
  connect(table_, &QTableWidget::cellChanged, this, &ZonesDock::cell_edited);
  connect(table_, &QTableWidget::itemSelectionChanged, this, [this] {
    remove_->setEnabled(selected() >= 0);
    Q_EMIT edit_requested(editing_ ? selected() : -1);
  });
  retranslate();
  show_rows();
}

int ZonesDock::selected() const {
  const auto rows = table_->selectionModel()->selectedRows();
  return rows.isEmpty() ? -1 : rows.first().row();
}

QStringList ZonesDock::text() const {
  QStringList out;
  for (const Region& region : regions_) out << region_text(region);
  return out;
}

void ZonesDock::set_text(const QStringList& text) {
  std::vector<Region> read;
  for (QString one : text) {
    const bool line = one.startsWith("line:");
    if (line) one.remove(0, 5);
    if (auto region = parse_region(one.toStdString(), line)) read.push_back(*std::move(region));
  }
  if (read == regions_) return;
  regions_ = std::move(read);
  show_rows();
  Q_EMIT regions_changed();
}

void ZonesDock::set_class_names(const QStringList& names) { class_names_ = names; }

bool ZonesDock::is_free(const QString& name, int except) const {
  for (int i = 0; i < static_cast<int>(regions_.size()); ++i) {
    if (i != except && regions_[static_cast<std::size_t>(i)].name == name.toStdString()) return false;
  }
  return true;
}

void ZonesDock::add(Region region) {
  const QString base = region.line ? tr("line") : tr("zone");
  QString name = base;
  for (int i = 2; !is_free(name, -1); ++i) name = base + QString::number(i);
  region.name = name.toStdString();
  regions_.push_back(std::move(region));
  show_rows();
  table_->selectRow(table_->rowCount() - 1);
  Q_EMIT regions_changed();
}

void ZonesDock::replace(int index, const Region& region) {
  if (index < 0 || index >= static_cast<int>(regions_.size())) return;
  regions_[static_cast<std::size_t>(index)].points = region.points;
  show_rows();
  table_->selectRow(index);
  Q_EMIT regions_changed();
}

void ZonesDock::set_editing(bool editing) {
  editing_ = editing;
  if (editing && selected() < 0 && table_->rowCount() > 0) table_->selectRow(0);
  Q_EMIT edit_requested(editing ? selected() : -1);
}

void ZonesDock::remove_selected() {
  const int row = selected();
  if (row < 0) return;
  counts_.remove(QString::fromStdString(regions_[static_cast<std::size_t>(row)].name));
  regions_.erase(regions_.begin() + row);
  show_rows();
  Q_EMIT regions_changed();
}

void ZonesDock::count(const EventRecord& event) {
  if (event.zone.empty()) return;
  Counted& counted = counts_[QString::fromStdString(event.zone)];
  const bool in = event.event == Event::entered || event.direction == "forward";
  ++(in ? counted.in : counted.out);
  show_counts();
}

void ZonesDock::show_rows() {
  filling_ = true;
  table_->setRowCount(static_cast<int>(regions_.size()));
  for (int row = 0; row < table_->rowCount(); ++row) {
    const Region& region = regions_[static_cast<std::size_t>(row)];
    const auto put = [&](int column, const QString& text, bool editable) {
      auto* item = new QTableWidgetItem(text);
      if (!editable) item->setFlags(item->flags() & ~Qt::ItemIsEditable);
      table_->setItem(row, column, item);
    };
    put(name_column, QString::fromStdString(region.name), true);
    put(kind_column, region.line ? tr("line") : tr("zone"), false);
    put(count_column, {}, false);
    put(classes_column, classes_text(region), true);
    put(points_column, points_text(region), true);
  }
  filling_ = false;
  remove_->setEnabled(selected() >= 0);
  show_counts();
}

void ZonesDock::show_counts() {
  filling_ = true;
  for (int row = 0; row < table_->rowCount(); ++row) {
    const Region& region = regions_[static_cast<std::size_t>(row)];
    const Counted counted = counts_.value(QString::fromStdString(region.name));
    const QString text = region.line ? tr("%1 forward, %2 back").arg(counted.in).arg(counted.out)
                                     : tr("%1 in, %2 out").arg(counted.in).arg(counted.out);
    table_->item(row, count_column)->setText(text);
  }
  filling_ = false;
}

// All of a row is read anew, so that the rules are parse_region()'s.
void ZonesDock::cell_edited(int row, int) {
  if (filling_) return;
  Region& region = regions_[static_cast<std::size_t>(row)];
  const auto at = [&](int column) { return table_->item(row, column)->text().trimmed(); };
  QString text = at(name_column) + "=" + at(points_column);
  if (!at(classes_column).isEmpty()) text += ";" + at(classes_column);
  auto read = parse_region(text.toStdString(), region.line);
  QString problem;
  if (!read) problem = QString::fromStdString(read.error().message);
  if (read && !is_free(at(name_column), row)) problem = tr("There is a zone of that name already.");
  for (const std::string& name : read ? read->classes : std::vector<std::string>()) {
    if (!class_names_.isEmpty() && !class_names_.contains(QString::fromStdString(name))) {
      problem = tr("The model has no class “%1”.").arg(QString::fromStdString(name));
    }
  }
  hint_->setText(problem);
  if (problem.isEmpty()) region = *std::move(read);
  show_rows();
  if (problem.isEmpty()) Q_EMIT regions_changed();
}

void ZonesDock::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void ZonesDock::retranslate() {
  add_zone_->setText(tr("Draw a zone"));
  add_zone_->setToolTip(tr("Click its corners on the picture; a double click or Enter ends it, Escape takes it back"));
  add_line_->setText(tr("Draw a line"));
  add_line_->setToolTip(tr("Click its two ends on the picture; the arrow shows which way is forward"));
  remove_->setText(tr("Remove"));
  reset_->setText(tr("Counts to zero"));
  table_->setAccessibleName(tr("Zones and lines"));
  table_->setHorizontalHeaderLabels({tr("Name"), tr("Kind"), tr("Counts"), tr("Classes"), tr("Corners")});
  table_->horizontalHeaderItem(classes_column)->setToolTip(tr("Those that count, with commas between; none: all"));
  table_->horizontalHeaderItem(points_column)->setToolTip(tr("x,y of each corner, from 0 to 1 of width and height"));
  show_rows();
}

}  // namespace dualsight
