#include "ui/panels/zones_dock.h"

#include <QEvent>
#include <QGridLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QTableWidget>
#include <QWidgetAction>
#include <algorithm>
#include <utility>

namespace dualsight {
namespace {

enum Column { name_column, kind_column, count_column, classes_column, points_column, columns };

const QString line_mark = "line:";

QString points_text(const Region& region) {
  const auto number = [](double v) { return QString::number(v, 'g', QLocale::FloatingPointShortest); };
  QStringList out;
  for (const auto& point : region.points) out << number(point[0]) + ',' + number(point[1]);
  return out.join(' ');
}

}  // namespace

QString to_text(const Region& region) {
  QStringList classes;
  for (const std::string& name : region.classes) classes << QString::fromStdString(name);
  return (region.line ? line_mark : QString()) + QString::fromStdString(region.name) + '=' + points_text(region) +
         (classes.isEmpty() ? QString() : ';' + classes.join(','));
}

Result<Region> region_from_text(const QString& text) {
  const bool line = text.startsWith(line_mark);
  return parse_region((line ? text.mid(line_mark.size()) : text).toStdString(), line);
}

bool can_be_kept(const Region& region) {
  const auto read = region_from_text(to_text(region));
  return read && *read == region;
}

ZonesDock::ZonesDock(QWidget* parent)
    : QWidget(parent),
      table_(new QTableWidget(0, columns, this)),
      add_zone_(new QPushButton(this)),
      add_line_(new QPushButton(this)),
      edit_(new QPushButton(this)),
      flip_(new QPushButton(this)),
      remove_(new QPushButton(this)),
      reset_(new QPushButton(this)),
      hint_(new QLabel(this)) {
  setObjectName("zonesPanel");
  table_->setObjectName("zonesTable");
  add_zone_->setObjectName("addZone");
  add_line_->setObjectName("addLine");
  edit_->setObjectName("editZones");
  flip_->setObjectName("flipLine");
  remove_->setObjectName("removeZone");
  reset_->setObjectName("resetCounts");
  hint_->setObjectName("zonesHint");
  edit_->setCheckable(true);
  hint_->setWordWrap(true);
  hint_->setTextFormat(Qt::PlainText);
  hint_->hide();
  table_->verticalHeader()->hide();
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table_->setTabKeyNavigation(false);
  table_->installEventFilter(this);
  auto* grid = new QGridLayout(this);
  grid->addWidget(table_, 0, 0, 1, 2);
  grid->addWidget(hint_, 1, 0, 1, 2);
  grid->addWidget(add_zone_, 2, 0);
  grid->addWidget(add_line_, 2, 1);
  grid->addWidget(edit_, 3, 0);
  grid->addWidget(flip_, 3, 1);
  grid->addWidget(remove_, 4, 0);
  grid->addWidget(reset_, 4, 1);
  const auto draw = [this](bool line) {
    if (!edit_->isChecked()) edit_->click();  // a new region can be edited at once
    Q_EMIT draw_requested(line);
  };
  connect(add_zone_, &QPushButton::clicked, this, [draw] { draw(false); });
  connect(add_line_, &QPushButton::clicked, this, [draw] { draw(true); });
  connect(edit_, &QPushButton::clicked, this, [this](bool editing) {
    set_editing(editing);
    Q_EMIT editing_changed(editing);
  });
  connect(flip_, &QPushButton::clicked, this, &ZonesDock::flip_selected);
  connect(remove_, &QPushButton::clicked, this, &ZonesDock::remove_selected);
  connect(reset_, &QPushButton::clicked, this, &ZonesDock::reset_counts);
  connect(table_, &QTableWidget::cellChanged, this, &ZonesDock::cell_edited);
  connect(table_, &QTableWidget::itemSelectionChanged, this, &ZonesDock::row_chosen);
  connect(table_, &QTableWidget::cellDoubleClicked, this, [this](int row, int column) {
    if (column == classes_column) choose_classes(row);
  });
  retranslate();
}

// --- regions

QStringList ZonesDock::text() const {
  QStringList out;
  for (const Region& region : regions_) out << to_text(region);
  return out;
}

void ZonesDock::set_text(const QStringList& text) {
  std::vector<Region> read;
  for (const QString& one : text) {
    auto region = region_from_text(one);
    const auto is_named_so = [&](const Region& other) { return other.name == region->name; };
    if (region && std::none_of(read.begin(), read.end(), is_named_so)) read.push_back(*std::move(region));
  }
  set_regions(read);
}

void ZonesDock::set_regions(const std::vector<Region>& regions) {
  if (regions == regions_) return;
  regions_ = regions;
  changed();
}

void ZonesDock::set_class_names(const QStringList& names) {
  class_names_ = names;
  show_rows();
}

void ZonesDock::say(const QString& problem) {
  hint_->setText(problem);
  hint_->setVisible(!problem.isEmpty());
}

void ZonesDock::changed() {
  show_rows();
  Q_EMIT regions_changed();
}

bool ZonesDock::replace(int row, Region region) {
  QString problem;
  const QString name = QString::fromStdString(region.name);
  for (int i = 0; i < static_cast<int>(regions_.size()); ++i) {
    if (i != row && regions_[static_cast<std::size_t>(i)].name == region.name) {
      problem = tr("“%1” is the name of another one already.").arg(name);
    }
  }
  if (name.trimmed().isEmpty()) problem = tr("It needs a name.");
  if (problem.isEmpty() && !can_be_kept(region)) {
    problem = tr("“%1” cannot be a name: it must not begin with “line:” nor contain “=”.").arg(name);
  }
  say(problem);
  Region& old = regions_[static_cast<std::size_t>(row)];
  if (!problem.isEmpty() || old == region) return problem.isEmpty();
  if (old.name != region.name) {
    counts_[name] = counts_.take(QString::fromStdString(old.name));
  }
  old = std::move(region);
  changed();
  return true;
}

void ZonesDock::cell_edited(int row, int column) {
  if (filling_ || row >= static_cast<int>(regions_.size())) return;
  Region region = regions_[static_cast<std::size_t>(row)];
  const QString text = table_->item(row, column)->text();
  if (column == name_column) {
    region.name = text.simplified().toStdString();
    replace(row, std::move(region));
  } else if (column == points_column) {
    auto read = parse_region("x=" + text.section(';', 0, 0).toStdString(), region.line);
    if (read) {
      region.points = read->points;
      replace(row, std::move(region));
    } else {
      say(region.line ? tr("The two ends are written as x,y x,y with numbers from 0 to 1.")
                      : tr("The corners, three or more, are written as x,y x,y x,y with numbers from 0 to 1."));
    }
  }
  show_rows();  // a rejected edit is replaced by the old value
}

void ZonesDock::remove_selected() {
  const int row = selected();
  if (row < 0) return;
  counts_.remove(QString::fromStdString(regions_[static_cast<std::size_t>(row)].name));
  regions_.erase(regions_.begin() + row);
  say({});
  changed();
}

void ZonesDock::flip_selected() {
  const int row = selected();
  if (row < 0) return;
  Region region = regions_[static_cast<std::size_t>(row)];
  std::reverse(region.points.begin(), region.points.end());
  replace(row, std::move(region));
}

// --- classes

QString ZonesDock::classes_text(const Region& region) const {
  QStringList out;
  for (const std::string& name : region.classes) out << QString::fromStdString(name);
  return out.isEmpty() ? tr("all", "classes") : out.join(", ");
}

// A list of check boxes inside the menu, since a plain menu closes after each choice.
void ZonesDock::choose_classes(int row) {
  if (row < 0 || row >= static_cast<int>(regions_.size())) return;
  const Region& region = regions_[static_cast<std::size_t>(row)];
  QStringList chosen;
  for (const std::string& name : region.classes) chosen << QString::fromStdString(name);
  QMenu menu(this);
  menu.setObjectName("classesMenu");
  auto* list = new QListWidget(&menu);
  list->setObjectName("classesList");
  list->setAccessibleName(tr("Classes that count"));
  QStringList names = class_names_;
  for (const QString& name : chosen) {
    if (!names.contains(name)) names << name;  // a class of another model stays in the list
  }
  for (const QString& name : std::as_const(names)) {
    Region alone = region;
    alone.classes = {name.toStdString()};
    auto* item = new QListWidgetItem(name, list);
    item->setCheckState(chosen.contains(name) ? Qt::Checked : Qt::Unchecked);
    if (!can_be_kept(alone))
      item->setFlags(item->flags() & ~Qt::ItemIsEnabled);  // its name has a comma, which the settings cannot hold
    if (!class_names_.contains(name)) item->setToolTip(tr("The model has no such class."));
  }
  const auto ticked = [list] {
    std::vector<std::string> out;
    for (int i = 0; i < list->count(); ++i) {
      if (list->item(i)->checkState() == Qt::Checked) out.push_back(list->item(i)->text().toStdString());
    }
    return out;
  };
  list->setFixedHeight(std::min(14, list->count() + 1) * std::max(list->sizeHintForRow(0), fontMetrics().height()));
  list->setMinimumWidth(list->sizeHintForColumn(0) + 6 * fontMetrics().averageCharWidth());
  if (list->count() > 0) list->setCurrentRow(0);
  auto* action = new QWidgetAction(&menu);
  action->setDefaultWidget(list);
  menu.addAction(action);
  menu.addSeparator();
  QAction* all = menu.addAction(tr("&All classes"));
  connect(&menu, &QMenu::aboutToShow, list, [list] { list->setFocus(); });
  const QRect cell = table_->visualItemRect(table_->item(row, classes_column));
  const bool every = menu.exec(table_->viewport()->mapToGlobal(cell.bottomLeft())) == all;
  if (row >= static_cast<int>(regions_.size())) return;  // the row was removed while the menu was open
  Region next = regions_[static_cast<std::size_t>(row)];
  next.classes = every ? std::vector<std::string>() : ticked();
  replace(row, std::move(next));
}

// --- counts

void ZonesDock::count(const EventRecord& event) {
  if (event.zone.empty()) return;
  Counted& counted = counts_[QString::fromStdString(event.zone)];
  switch (event.event) {
    case Event::entered:
      ++counted.in;
      break;
    case Event::left:
      ++counted.out;
      break;
    case Event::crossed:
      ++(event.direction == "forward" ? counted.in : counted.out);
      break;
    default:
      return;
  }
  show_counts();
}

void ZonesDock::set_inside(const std::map<std::string, int64_t>& inside) {
  if (inside == inside_) return;
  inside_ = inside;
  show_counts();
}

void ZonesDock::reset_counts() {
  counts_.clear();
  show_counts();
}

// --- table

void ZonesDock::set_editing(bool editing) {
  edit_->setChecked(editing);
  if (editing && selected() < 0 && !regions_.empty()) {
    table_->selectRow(0);
  } else {
    Q_EMIT edit_requested(editing ? selected() : -1);
  }
}

void ZonesDock::select(int index) {
  if (index == selected()) return;
  index < 0 ? table_->clearSelection() : table_->selectRow(index);
}

int ZonesDock::selected() const {
  const auto rows = table_->selectionModel()->selectedRows();
  return rows.isEmpty() ? -1 : rows.first().row();
}

void ZonesDock::row_chosen() {
  if (filling_) return;
  say({});
  show_buttons();
  Q_EMIT edit_requested(edit_->isChecked() ? selected() : -1);
}

void ZonesDock::show_buttons() {
  const int row = selected();
  remove_->setEnabled(row >= 0);
  flip_->setEnabled(row >= 0 && regions_[static_cast<std::size_t>(row)].line);
  reset_->setEnabled(!regions_.empty());
}

// Existing cells get new texts instead of being replaced, so that the selection stays.
void ZonesDock::show_rows() {
  const int before = selected(), rows = static_cast<int>(regions_.size());
  filling_ = true;
  table_->setRowCount(rows);
  for (int row = 0; row < rows; ++row) {
    const Region& region = regions_[static_cast<std::size_t>(row)];
    const auto put = [&](int column, const QString& text, bool editable) {
      QTableWidgetItem* item = table_->item(row, column);
      if (item == nullptr) {
        item = new QTableWidgetItem;
        if (!editable) item->setFlags(item->flags() & ~Qt::ItemIsEditable);
        table_->setItem(row, column, item);
      }
      item->setText(text);
    };
    put(name_column, QString::fromStdString(region.name), true);
    put(kind_column, region.line ? tr("line") : tr("zone"), false);
    put(count_column, {}, false);
    put(classes_column, classes_text(region), false);
    put(points_column, points_text(region), true);
    table_->item(row, classes_column)->setToolTip(tr("Double click or F4: choose the classes that count"));
  }
  const bool lost = before >= rows || (before < 0 && edit_->isChecked());
  if (lost && rows > 0) table_->selectRow(rows - 1);
  filling_ = false;
  show_counts();
  show_buttons();
  if (selected() != before && edit_->isChecked()) Q_EMIT edit_requested(selected());
}

void ZonesDock::show_counts() {
  filling_ = true;
  for (int row = 0; row < table_->rowCount(); ++row) {
    const Region& region = regions_[static_cast<std::size_t>(row)];
    const Counted counted = counts_.value(QString::fromStdString(region.name));
    const auto inside = inside_.find(region.name);
    const qint64 now = inside == inside_.end() ? 0 : inside->second;
    const QString text = region.line ? tr("%1 forward, %2 back").arg(counted.in).arg(counted.out)
                                     : tr("%1 now (%2 in, %3 out)").arg(now).arg(counted.in).arg(counted.out);
    table_->item(row, count_column)->setText(text);
  }
  filling_ = false;
}

bool ZonesDock::eventFilter(QObject* watched, QEvent* event) {
  if (watched == table_ && (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress)) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool opens =
        key->key() == Qt::Key_F4 || (key->key() == Qt::Key_Space && table_->currentColumn() == classes_column);
    const bool removes = key->key() == Qt::Key_Delete;
    if (opens || removes) {
      event->accept();
      if (event->type() == QEvent::KeyPress) opens ? choose_classes(selected()) : remove_selected();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
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
  edit_->setText(tr("Edit"));
  edit_->setToolTip(
      tr("Drag corners or all of it on the picture. Keys there: Tab picks a corner, arrows move it, Delete "
         "takes it away, Ctrl+Z takes the last change back."));
  flip_->setText(tr("Turn the direction"));
  flip_->setToolTip(tr("Swap forward and back of the line"));
  remove_->setText(tr("Remove"));
  reset_->setText(tr("Counts to zero"));
  table_->setAccessibleName(tr("Zones and lines"));
  table_->setHorizontalHeaderLabels({tr("Name"), tr("Kind"), tr("Counts"), tr("Classes"), tr("Corners")});
  table_->horizontalHeaderItem(classes_column)->setToolTip(tr("Those that count"));
  table_->horizontalHeaderItem(points_column)->setToolTip(tr("x,y of each corner, from 0 to 1 of width and height"));
  say({});
  show_rows();
}

}  // namespace dualsight
