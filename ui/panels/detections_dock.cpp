#include "ui/panels/detections_dock.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSortFilterProxyModel>
#include <QStyle>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/detections_model.h"
#include "ui/widgets/table_text.h"

namespace dualsight {
namespace {

// Between two announcements to screen readers, which would otherwise read out nothing else.
constexpr int kQuietMs = 2000;

}  // namespace

DetectionsPanel::DetectionsPanel(QWidget* parent) : QWidget(parent) {
  setObjectName("detectionsPanel");
  model_ = new DetectionsModel(this);
  sorted_ = new QSortFilterProxyModel(this);
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(DetectionsModel::kSortRole);
  view_ = new QTableView;
  view_->setObjectName("detectionsTable");
  view_->setModel(sorted_);
  view_->setSortingEnabled(true);
  view_->sortByColumn(DetectionsModel::id, Qt::AscendingOrder);  // in this order rows move least
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view_->setTabKeyNavigation(false);
  view_->setShowGrid(false);
  view_->setAlternatingRowColors(true);
  view_->setWordWrap(false);
  view_->verticalHeader()->hide();
  view_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  view_->horizontalHeader()->setHighlightSections(false);
  view_->horizontalHeader()->setSectionsMovable(true);
  view_->horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  summary_ = new QLabel;
  summary_->setObjectName("detectionsSummary");
  summary_->setTextFormat(Qt::PlainText);
  summary_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // a long text must not widen the window
  quiet_ = new QTimer(this);
  quiet_->setSingleShot(true);
  quiet_->setInterval(kQuietMs);

  auto* layout = new QVBoxLayout(this);
  layout->addWidget(summary_);
  layout->addWidget(view_, 1);

  copy_ = new QAction(this);
  copy_->setObjectName("copyDetections");
  copy_->setShortcut(QKeySequence::Copy);
  copy_csv_ = new QAction(this);
  copy_csv_->setObjectName("copyDetectionsCsv");
  for (QAction* action : {copy_, copy_csv_}) {
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    view_->addAction(action);
  }
  connect(copy_, &QAction::triggered, this, [this] { copy('\t'); });
  connect(copy_csv_, &QAction::triggered, this, [this] { copy(','); });
  connect(view_, &QWidget::customContextMenuRequested, this, &DetectionsPanel::show_menu);
  connect(view_->horizontalHeader(), &QWidget::customContextMenuRequested, this, &DetectionsPanel::show_header_menu);
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &DetectionsPanel::selection_changed);
  connect(quiet_, &QTimer::timeout, this, [this] {
    if (summary_->accessibleName() != summary_->text()) announce();
  });
  retranslate();
}

void DetectionsPanel::update(const FrameRecord& record, const QStringList& names) {
  updating_ = true;
  model_->update(record, names);
  show_selected();
  updating_ = false;
  show_summary();
}

void DetectionsPanel::clear() {
  updating_ = true;
  model_->clear();
  updating_ = false;
  selected_ = 0;
  show_summary();
}

std::vector<int> DetectionsPanel::counts() const { return model_->counts(); }

void DetectionsPanel::set_hidden_columns(const QStringList& keys) {
  for (int column = 1; column < DetectionsModel::columns; ++column) {
    view_->setColumnHidden(column, keys.contains(DetectionsModel::key(column)));
  }
}

QStringList DetectionsPanel::hidden_columns() const {
  QStringList keys;
  for (int column = 1; column < DetectionsModel::columns; ++column) {
    if (view_->isColumnHidden(column)) keys << DetectionsModel::key(column);
  }
  return keys;
}

void DetectionsPanel::select(qint64 track_id) {
  updating_ = true;
  selected_ = track_id;
  view_->clearSelection();
  show_selected();
  updating_ = false;
}

// A selected track that is missing in some frames is selected again when it comes back.
void DetectionsPanel::show_selected() {
  const int row = model_->row_of(selected_);
  if (row < 0 || view_->selectionModel()->hasSelection()) return;
  view_->setCurrentIndex(sorted_->mapFromSource(model_->index(row, 0)));
}

void DetectionsPanel::selection_changed() {
  if (updating_) return;
  const QModelIndexList rows = view_->selectionModel()->selectedRows();
  const qint64 id = rows.size() == 1 ? rows.front().data(DetectionsModel::kTrackRole).toLongLong() : 0;
  if (id == selected_) return;
  selected_ = id;
  Q_EMIT selected(id);
}

void DetectionsPanel::show_summary() {
  const QString text = model_->summary();
  if (text == summary_->text()) return;
  summary_->setText(text);
  summary_->setToolTip(text);
  if (!quiet_->isActive()) announce();
}

// Screen readers announce a change of the accessible name.
void DetectionsPanel::announce() {
  summary_->setAccessibleName(summary_->text());
  quiet_->start();
}

// The selected rows, or all, in the order on the screen.
void DetectionsPanel::copy(QChar separator) {
  QList<int> rows;
  for (const QModelIndex& index : view_->selectionModel()->selectedRows()) rows.append(index.row());
  std::sort(rows.begin(), rows.end());
  QApplication::clipboard()->setText(rows.isEmpty() ? table_text(*sorted_, separator)
                                                    : table_text(*sorted_, rows, separator));
}

void DetectionsPanel::show_menu(const QPoint& position) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addActions({copy_, copy_csv_});
  menu->popup(view_->viewport()->mapToGlobal(position));
}

void DetectionsPanel::show_header_menu(const QPoint& position) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (int column = 1; column < DetectionsModel::columns; ++column) {
    QAction* action = menu->addAction(model_->headerData(column, Qt::Horizontal).toString());
    action->setCheckable(true);
    action->setChecked(!view_->isColumnHidden(column));
    connect(action, &QAction::toggled, view_, [this, column](bool on) { view_->setColumnHidden(column, !on); });
  }
  menu->popup(view_->horizontalHeader()->mapToGlobal(position));
}

void DetectionsPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fit_columns();
  QWidget::changeEvent(event);
}

// Widths for the widest values that may come, so that columns do not jitter.
void DetectionsPanel::fit_columns() {
  const QFontMetrics metrics = view_->fontMetrics();
  const int margin = metrics.averageCharWidth() * 2;
  const int arrow = view_->style()->pixelMetric(QStyle::PM_HeaderMarkSize);  // the sort indicator beside the title
  const char* widest[] = {"traffic light", "0.00", "0000", "0000", "0000", "0000", "0000, 0000", "000000", "0000 s"};
  for (int column = 0; column < DetectionsModel::columns; ++column) {
    const QString title = model_->headerData(column, Qt::Horizontal).toString();
    const int text = std::max(metrics.horizontalAdvance(widest[column]), metrics.horizontalAdvance(title) + arrow);
    view_->setColumnWidth(column, text + margin);
  }
  view_->verticalHeader()->setDefaultSectionSize(metrics.lineSpacing() * 3 / 2);
}

void DetectionsPanel::retranslate() {
  view_->setAccessibleName(tr("Detections"));
  copy_->setText(tr("&Copy"));
  copy_csv_->setText(tr("Copy as CS&V"));
  model_->retranslate();
  fit_columns();
  show_summary();
}

}  // namespace dualsight
