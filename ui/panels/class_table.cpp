#include "ui/panels/class_table.h"

#include <QApplication>
#include <QColorDialog>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <map>

#include "detector/drawing/overlay.h"

namespace dualsight {
namespace {

constexpr int kSortRole = Qt::UserRole;
constexpr double kLowest = 0.05;  // as Session::lowest_threshold

// Edits a threshold; the lowest value of the spin box means "as the other classes".
class ThresholdDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex&) const override {
    auto* spin = new QDoubleSpinBox(parent);
    spin->setObjectName("thresholdEditor");
    spin->setFrame(false);
    spin->setRange(0, 1);
    spin->setSingleStep(0.05);
    spin->setDecimals(2);
    spin->setSpecialValueText(ClassTableModel::tr("general", "threshold"));
    spin->setAccessibleName(ClassTableModel::tr("Threshold"));
    return spin;
  }

  void setEditorData(QWidget* editor, const QModelIndex& index) const override {
    auto* spin = static_cast<QDoubleSpinBox*>(editor);
    const QVariant value = index.data(Qt::EditRole);
    spin->setValue(value.isValid() ? value.toDouble() : 0);
    spin->selectAll();
  }

  void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override {
    auto* spin = static_cast<QDoubleSpinBox*>(editor);
    spin->interpretText();
    model->setData(index, spin->value() <= 0 ? QVariant() : QVariant(spin->value()));
  }

  // The spin box is wider than the column's numbers.
  void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex&) const override {
    QRect place = option.rect;
    place.setWidth(std::max(place.width(), editor->sizeHint().width()));
    editor->setGeometry(place);
  }
};

}  // namespace

void ClassTableModel::set_names(const QStringList& names) {
  if (names == names_) return;
  beginResetModel();
  names_ = names;
  counts_.assign(static_cast<std::size_t>(names.size()), 0);
  endResetModel();
}

void ClassTableModel::set_settings(const QMap<QString, ClassSettings>& settings) {
  beginResetModel();
  settings_ = settings;
  endResetModel();
}

void ClassTableModel::set_general(std::vector<float> thresholds) {
  if (thresholds == general_) return;
  general_ = std::move(thresholds);
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, threshold), index(rowCount() - 1, threshold));
}

void ClassTableModel::set_counts(const std::vector<int>& counts) {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const int now = i < counts.size() ? counts[i] : 0;
    if (counts_[i] == now) continue;
    counts_[i] = now;
    const QModelIndex cell = index(static_cast<int>(i), count);
    Q_EMIT dataChanged(cell, cell);
  }
}

void ClassTableModel::set_shown(bool shown_now) {
  for (int row = 0; row < rowCount(); ++row) {
    if (of(row).shown != shown_now) edit(row).shown = shown_now;
  }
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
  Q_EMIT adjusted();
}

void ClassTableModel::set_color(int row, const QColor& new_color) {
  if (row < 0 || row >= rowCount() || of(row).color == new_color) return;
  edit(row).color = new_color;
  Q_EMIT dataChanged(index(row, name), index(row, name));
  Q_EMIT colors_changed();
}

const ClassSettings& ClassTableModel::of(int row) const {
  static const ClassSettings usual;
  const auto found = settings_.constFind(names_.value(row));
  return found == settings_.constEnd() ? usual : *found;
}

ClassSettings& ClassTableModel::edit(int row) { return settings_[names_.value(row)]; }

QColor ClassTableModel::color(int row) const {
  if (of(row).color.isValid()) return of(row).color;
  const Rgb usual = class_color(row);
  return QColor(usual.r, usual.g, usual.b);
}

int ClassTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(names_.size());
}

int ClassTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant ClassTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const int row = index.row();
  const ClassSettings& settings = of(row);
  const auto own = settings.threshold;
  const auto at = static_cast<std::size_t>(row);
  const double general = at < general_.size() ? static_cast<double>(general_[at]) : 0;
  switch (index.column()) {
    case shown:
      if (role == Qt::CheckStateRole) return static_cast<int>(settings.shown ? Qt::Checked : Qt::Unchecked);
      if (role == kSortRole) return settings.shown;
      if (role == Qt::AccessibleTextRole) return settings.shown ? tr("shown") : tr("hidden");
      break;
    case name:
      if (role == Qt::DisplayRole || role == kSortRole) return names_[row];
      if (role == Qt::DecorationRole) return color(row);
      if (role == Qt::ToolTipRole) return tr("%1: click the colour to change it").arg(names_[row]);
      break;
    case threshold:
      if (role == Qt::DisplayRole && (own || at < general_.size())) {
        return QLocale().toString(own.value_or(general), 'f', 2);
      }
      if (role == Qt::EditRole) return own ? QVariant(*own) : QVariant();
      if (role == kSortRole) return own.value_or(general);
      if (role == Qt::ToolTipRole) {
        return own ? tr("A threshold of its own; empty: the general one") : tr("The general threshold; edit to change");
      }
      if (role == Qt::ForegroundRole && !own) {
        QColor faint = QApplication::palette().color(QPalette::Text);
        faint.setAlphaF(0.65F);
        return faint;
      }
      if (role == Qt::FontRole && own) {
        QFont bold = QApplication::font("QTableView");
        bold.setBold(true);
        return bold;
      }
      break;
    case blurred:
      if (role == Qt::CheckStateRole) return static_cast<int>(settings.blurred ? Qt::Checked : Qt::Unchecked);
      if (role == kSortRole) return settings.blurred;
      if (role == Qt::AccessibleTextRole) return settings.blurred ? tr("blurred") : tr("not blurred");
      break;
    case count:
      if (role == Qt::DisplayRole) return counts_[at] == 0 ? QString() : QLocale().toString(counts_[at]);
      if (role == kSortRole) return counts_[at];
      break;
    default:
      break;
  }
  if (role == Qt::TextAlignmentRole && (index.column() == threshold || index.column() == count)) {
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  }
  return {};
}

bool ClassTableModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid()) return false;
  const int row = index.row();
  if (role == Qt::CheckStateRole && (index.column() == shown || index.column() == blurred)) {
    const bool on = value.toInt() == Qt::Checked;
    (index.column() == shown ? edit(row).shown : edit(row).blurred) = on;
  } else if (role == Qt::EditRole && index.column() == threshold) {
    std::optional<double> own;
    if (value.isValid()) own = std::clamp(value.toDouble(), kLowest, 1.0);
    if (own == of(row).threshold) return true;
    edit(row).threshold = own;
  } else {
    return false;
  }
  Q_EMIT dataChanged(index, index);
  Q_EMIT adjusted();
  return true;
}

QVariant ClassTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::DisplayRole) {
    switch (section) {
      case shown:
        return tr("Show");
      case name:
        return tr("Class");
      case threshold:
        return tr("From", "threshold: confidence from which on a class is reported");
      case blurred:
        return tr("Blur");
      case count:
        return tr("Now", "how many there are now");
      default:
        break;
    }
  }
  if (role == Qt::ToolTipRole) {
    switch (section) {
      case shown:
        return tr("Whether the class is reported at all");
      case threshold:
        return tr("The confidence from which on the class is reported; empty: the general one");
      case blurred:
        return tr("Objects of the class are made unrecognisable, in the window and in recordings");
      case count:
        return tr("How many are seen now");
      default:
        break;
    }
  }
  return {};
}

Qt::ItemFlags ClassTableModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  if (index.column() == shown || index.column() == blurred) flags |= Qt::ItemIsUserCheckable;
  if (index.column() == threshold) flags |= Qt::ItemIsEditable;
  return flags;
}

void ClassTableModel::retranslate() { Q_EMIT headerDataChanged(Qt::Horizontal, 0, columns - 1); }

ClassTable::ClassTable(QWidget* parent) : QWidget(parent) {
  model_ = new ClassTableModel(this);
  sorted_ = new QSortFilterProxyModel(this);
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(kSortRole);
  sorted_->setSortCaseSensitivity(Qt::CaseInsensitive);
  sorted_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  sorted_->setFilterKeyColumn(ClassTableModel::name);
  filter_ = new QLineEdit;
  filter_->setObjectName("classFilter");
  filter_->setClearButtonEnabled(true);
  all_ = new QPushButton;
  all_->setObjectName("allClasses");
  none_ = new QPushButton;
  none_->setObjectName("noClasses");
  view_ = new QTableView;
  view_->setObjectName("classTable");
  view_->setModel(sorted_);
  view_->setItemDelegateForColumn(ClassTableModel::threshold, new ThresholdDelegate(view_));
  view_->setSortingEnabled(true);
  sorted_->sort(-1);  // in the model's order until the user chooses another
  view_->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSelectionMode(QAbstractItemView::SingleSelection);
  view_->setTabKeyNavigation(false);
  view_->setShowGrid(false);
  view_->setAlternatingRowColors(true);
  view_->verticalHeader()->hide();
  view_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  view_->horizontalHeader()->setHighlightSections(false);
  view_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                         QAbstractItemView::SelectedClicked);
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  view_->setMinimumHeight(fontMetrics().lineSpacing() * 7);
  view_->viewport()->installEventFilter(this);
  view_->installEventFilter(this);

  auto* buttons = new QHBoxLayout;
  buttons->addWidget(filter_, 1);
  buttons->addWidget(all_);
  buttons->addWidget(none_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addLayout(buttons);
  layout->addWidget(view_, 1);

  connect(filter_, &QLineEdit::textChanged, sorted_, &QSortFilterProxyModel::setFilterFixedString);
  connect(all_, &QPushButton::clicked, model_, [this] { model_->set_shown(true); });
  connect(none_, &QPushButton::clicked, model_, [this] { model_->set_shown(false); });
  connect(view_, &QWidget::customContextMenuRequested, this, &ClassTable::show_menu);
  retranslate();
}

int ClassTable::current_row() const {
  const QModelIndex current = sorted_->mapToSource(view_->currentIndex());
  return current.isValid() ? current.row() : -1;
}

void ClassTable::choose_color(int row) {
  if (row < 0) return;
  auto* dialog = new QColorDialog(model_->color(row), this);
  dialog->setObjectName("colorDialog");
  dialog->setWindowTitle(tr("Colour of \"%1\"").arg(model_->names()[row]));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QColorDialog::colorSelected, model_, [this, name = model_->names()[row]](const QColor& color) {
    model_->set_color(static_cast<int>(model_->names().indexOf(name)), color);
  });
  dialog->open();
}

// A click on the swatch, or Enter on the class, opens the colour dialog. (The view itself ticks boxes by space bar.)
bool ClassTable::eventFilter(QObject* watched, QEvent* event) {
  if (watched == view_->viewport() && event->type() == QEvent::MouseButtonRelease) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    const QModelIndex index = view_->indexAt(mouse->position().toPoint());
    if (mouse->button() == Qt::LeftButton && index.isValid() && index.column() == ClassTableModel::name) {
      const QRect cell = view_->visualRect(index);
      const int swatch = view_->style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, view_) * 3 / 2;
      const int x = static_cast<int>(mouse->position().x());
      const bool on_swatch =
          layoutDirection() == Qt::LeftToRight ? x < cell.left() + swatch : x > cell.right() - swatch;
      if (on_swatch) choose_color(sorted_->mapToSource(index).row());
    }
  }
  if (watched == view_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && view_->currentIndex().column() == ClassTableModel::name) {
      choose_color(current_row());
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void ClassTable::show_menu(const QPoint& position) {
  const int row = current_row();
  if (row < 0) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(tr("Colour..."), this, [this, row] { choose_color(row); });
  QAction* usual = menu->addAction(tr("Usual colour"), this, [this, row] { model_->set_color(row, QColor()); });
  usual->setEnabled(model_->of(row).color.isValid());
  QAction* general = menu->addAction(tr("General threshold"), this, [this, row] {
    model_->setData(model_->index(row, ClassTableModel::threshold), QVariant());
  });
  general->setEnabled(model_->of(row).threshold.has_value());
  menu->popup(view_->viewport()->mapToGlobal(position));
}

void ClassTable::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fit_columns();
  QWidget::changeEvent(event);
}

// Widths for header and widest number, not for the numbers of the moment, so that columns do not jitter; the class
// takes the rest.
void ClassTable::fit_columns() {
  QHeaderView* header = view_->horizontalHeader();
  const int margin = 2 * fontMetrics().averageCharWidth();
  const int box = style()->pixelMetric(QStyle::PM_IndicatorWidth, nullptr, view_);
  const std::map<int, int> contents = {{ClassTableModel::shown, box},
                                       {ClassTableModel::threshold, fontMetrics().horizontalAdvance("0.00")},
                                       {ClassTableModel::blurred, box},
                                       {ClassTableModel::count, fontMetrics().horizontalAdvance("000")}};
  header->setMinimumSectionSize(box + margin);
  for (const auto& [column, content] : contents) {
    const QString title = model_->headerData(column, Qt::Horizontal).toString();
    header->setSectionResizeMode(column, QHeaderView::Interactive);
    header->resizeSection(column, std::max(content, fontMetrics().horizontalAdvance(title)) + margin);
  }
  header->setSectionResizeMode(ClassTableModel::name, QHeaderView::Stretch);
  view_->verticalHeader()->setDefaultSectionSize(fontMetrics().lineSpacing() * 3 / 2);
}

void ClassTable::retranslate() {
  filter_->setPlaceholderText(tr("Find a class"));
  filter_->setAccessibleName(tr("Find a class"));
  all_->setText(tr("All"));
  all_->setToolTip(tr("Shows all classes"));
  all_->setAccessibleName(tr("Show all classes"));
  none_->setText(tr("None"));
  none_->setToolTip(tr("Hides all classes"));
  none_->setAccessibleName(tr("Hide all classes"));
  view_->setAccessibleName(tr("Classes"));
  model_->retranslate();
  fit_columns();
}

}  // namespace dualsight
