#include "ui/panels/events_dock.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QImage>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/events_model.h"
#include "ui/widgets/background.h"
#include "ui/widgets/table_text.h"

namespace dualsight {

class EventsPanel::Filter : public QSortFilterProxyModel {
 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;

  void set(int kind, const QString& name) {
    kind_ = kind;
    name_ = name;
    invalidateFilter();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
    const QModelIndex index = sourceModel()->index(row, EventsModel::name, parent);
    return (kind_ < 0 || index.data(EventsModel::kKindRole).toInt() == kind_) &&
           (name_.isEmpty() || index.data().toString() == name_);
  }

 private:
  int kind_ = -1;  // all
  QString name_;   // empty: all
};

EventsPanel::EventsPanel(QWidget* parent) : QWidget(parent) {
  setObjectName("eventsPanel");
  model_ = new EventsModel(this);
  filtered_ = new Filter(this);
  filtered_->setSourceModel(model_);
  view_ = new QTableView;
  view_->setObjectName("eventsTable");
  view_->setModel(filtered_);
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  view_->setTabKeyNavigation(false);
  view_->setShowGrid(false);
  view_->setAlternatingRowColors(true);
  view_->setWordWrap(false);
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  view_->verticalHeader()->hide();
  view_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  view_->horizontalHeader()->setHighlightSections(false);
  view_->horizontalHeader()->setStretchLastSection(true);
  view_->installEventFilter(this);

  const auto combo = [](const char* name) {
    auto* made = new QComboBox;
    made->setObjectName(name);
    made->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return made;
  };
  kinds_ = combo("eventKinds");
  classes_ = combo("eventClasses");
  classes_->addItem({});
  kind_label_ = new QLabel;
  kind_label_->setBuddy(kinds_);
  class_label_ = new QLabel;
  class_label_->setBuddy(classes_);
  count_ = new QLabel;
  count_->setObjectName("eventCount");
  clear_ = new QPushButton;
  clear_->setObjectName("clearEvents");
  export_ = new QPushButton;
  export_->setObjectName("exportEvents");
  auto* bar = new QHBoxLayout;
  bar->addWidget(kind_label_);
  bar->addWidget(kinds_);
  bar->addWidget(class_label_);
  bar->addWidget(classes_);
  bar->addWidget(count_);
  bar->addStretch();
  bar->addWidget(export_);
  bar->addWidget(clear_);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(bar);
  layout->addWidget(view_, 1);

  copy_ = new QAction(this);
  copy_->setObjectName("copyEvents");
  copy_->setShortcut(QKeySequence::Copy);
  copy_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
  view_->addAction(copy_);

  connect(copy_, &QAction::triggered, this, &EventsPanel::copy);
  connect(clear_, &QPushButton::clicked, this, &EventsPanel::clear);
  connect(export_, &QPushButton::clicked, this, &EventsPanel::export_csv);
  connect(kinds_, &QComboBox::currentIndexChanged, this, &EventsPanel::apply_filters);
  connect(classes_, &QComboBox::currentIndexChanged, this, &EventsPanel::apply_filters);
  connect(view_, &QAbstractItemView::doubleClicked, this, &EventsPanel::activate);
  connect(view_, &QWidget::customContextMenuRequested, this, &EventsPanel::show_menu);
  retranslate();
}

void EventsPanel::add(const EventRecord& event, const QStringList& names, const QImage& thumbnail) {
  const int class_id = event.detection.class_id;
  const QString name = class_id >= 0 && class_id < names.size() ? names[class_id] : tr("class %1").arg(class_id);
  list_class(name);
  // New rows are inserted at the top: keep the scroll position of a user who has scrolled down.
  QScrollBar* bar = view_->verticalScrollBar();
  const bool reading = bar->value() > 0;
  const int before = filtered_->rowCount(), value = bar->value();
  const bool full = model_->rowCount() == EventsModel::kMostRows;
  model_->add({event, name, thumbnail, {}, 0});
  if (reading && (full || filtered_->rowCount() > before)) {
    view_->doItemsLayout();
    bar->setValue(value + view_->verticalHeader()->defaultSectionSize());
  }
  show_count();
}

void EventsPanel::locate(const EventRecord& event, const QString& recording, double seconds) {
  model_->locate(event, recording, seconds);
}

void EventsPanel::clear() {
  model_->clear();
  show_count();
}

QString EventsPanel::csv() const { return table_text(*filtered_, ','); }

// The filter offers only classes that have had an event.
void EventsPanel::list_class(const QString& name) {
  if (classes_->findData(name) >= 0) return;
  int at = 1;
  while (at < classes_->count() && classes_->itemText(at).localeAwareCompare(name) < 0) ++at;
  classes_->insertItem(at, name, name);
}

void EventsPanel::apply_filters() {
  filtered_->set(kinds_->currentData().isValid() ? kinds_->currentData().toInt() : -1,
                 classes_->currentData().toString());
  show_count();
}

void EventsPanel::show_count() {
  const int all = model_->rowCount(), shown = filtered_->rowCount();
  count_->setText(all == shown ? tr("%n events", "", all) : tr("%1 of %n events", "", all).arg(shown));
  clear_->setEnabled(all > 0);
  export_->setEnabled(shown > 0);
}

void EventsPanel::activate(const QModelIndex& index) {
  if (!index.isValid()) return;
  const EventEntry& entry = model_->entry(filtered_->mapToSource(index).row());
  if (!entry.recording.isEmpty()) Q_EMIT jump_requested(entry.recording, entry.seconds);
}

bool EventsPanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == view_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
      activate(view_->currentIndex());
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void EventsPanel::copy() {
  QList<int> rows;
  for (const QModelIndex& index : view_->selectionModel()->selectedRows()) rows.append(index.row());
  std::sort(rows.begin(), rows.end());
  QApplication::clipboard()->setText(rows.isEmpty() ? table_text(*filtered_, '\t')
                                                    : table_text(*filtered_, rows, '\t'));
}

void EventsPanel::export_csv() {
  auto* dialog = new QFileDialog(this, tr("Save events"));
  dialog->setObjectName("exportDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("csv");
  dialog->setNameFilters({tr("Tables") + " (*.csv)", tr("All files") + " (*)"});
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
    // On a worker thread, since the disk may be slow or on the network.
    in_background(
        this,
        [file, text = csv().toUtf8()] {
          QSaveFile out(file);
          const bool written = out.open(QIODevice::WriteOnly) && out.write(text) == text.size() && out.commit();
          return written ? QString() : file + ": " + out.errorString();
        },
        [this](const QString& problem) {
          if (!problem.isEmpty()) Q_EMIT export_failed(problem);
        });
  });
  dialog->open();
}

void EventsPanel::show_menu(const QPoint& position) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const QModelIndex index = view_->indexAt(position);
  QAction* jump =
      menu->addAction(tr("Show in the recording"), this, [this, at = QPersistentModelIndex(index)] { activate(at); });
  jump->setEnabled(index.isValid() && !model_->entry(filtered_->mapToSource(index).row()).recording.isEmpty());
  menu->addAction(copy_);
  menu->popup(view_->viewport()->mapToGlobal(position));
}

void EventsPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fit_columns();
  QWidget::changeEvent(event);
}

void EventsPanel::fit_columns() {
  const QFontMetrics metrics = view_->fontMetrics();
  const int height = metrics.lineSpacing() * 2;
  model_->set_thumbnail_height(height * 9 / 10, devicePixelRatioF());
  view_->setIconSize(QSize(2 * height, height));
  view_->verticalHeader()->setDefaultSectionSize(height);
  const QString widest[] = {{},
                            "00:00:00.0",
                            EventsModel::kind_text(Event::changed),
                            "traffic light",
                            "00000",
                            "front door x",
                            "backwards xx"};
  const int margin = metrics.averageCharWidth() * 2;
  view_->setColumnWidth(EventsModel::picture, height * 3 / 2);
  for (int column = EventsModel::time; column < EventsModel::recording; ++column) {
    const QString title = model_->headerData(column, Qt::Horizontal).toString();
    const int text = std::max(metrics.horizontalAdvance(widest[column]), metrics.horizontalAdvance(title));
    view_->setColumnWidth(column, text + margin);
  }
}

void EventsPanel::retranslate() {
  {
    const QSignalBlocker quiet(kinds_);
    const int now = std::max(0, kinds_->currentIndex());
    kinds_->clear();
    kinds_->addItem(tr("All"));
    for (const Event kind :
         {Event::appeared, Event::changed, Event::ended, Event::entered, Event::left, Event::crossed}) {
      kinds_->addItem(EventsModel::kind_text(kind), static_cast<int>(kind));
    }
    kinds_->setCurrentIndex(now);
  }
  classes_->setItemText(0, tr("All"));
  kind_label_->setText(tr("Event:"));
  class_label_->setText(tr("Class:"));
  clear_->setText(tr("Clear"));
  clear_->setToolTip(tr("Forgets all events"));
  export_->setText(tr("Export..."));
  export_->setToolTip(tr("Saves the events below as CSV"));
  copy_->setText(tr("&Copy"));
  view_->setAccessibleName(tr("Events"));
  model_->retranslate();
  fit_columns();
  show_count();
}

}  // namespace dualsight
