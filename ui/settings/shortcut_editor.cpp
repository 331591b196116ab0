#include "ui/settings/shortcut_editor.h"

#include <QAccessible>
#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyle>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/settings/actions.h"
#include "ui/widgets/icons.h"

namespace dualsight {
namespace {

enum Column { action_column, shortcut_column, usual_column, columns };

QString native(const QKeySequence& sequence) { return sequence.toString(QKeySequence::NativeText); }

}  // namespace

ShortcutEditor::ShortcutEditor(const Actions& actions, QWidget* parent)
    : QWidget(parent),
      actions_(actions),
      filter_(new QLineEdit(this)),
      table_(new QTableWidget(0, columns, this)),
      edit_label_(new QLabel(this)),
      edit_(new QKeySequenceEdit(this)),
      clear_(new QPushButton(this)),
      reset_(new QPushButton(this)),
      reset_all_(new QPushButton(this)),
      question_(new QWidget(this)),
      question_icon_(new QLabel(question_)),
      question_text_(new QLabel(question_)),
      take_(new QPushButton(question_)),
      leave_(new QPushButton(question_)) {
  setObjectName("shortcutEditor");
  filter_->setObjectName("shortcutFilter");
  table_->setObjectName("shortcutTable");
  edit_->setObjectName("shortcutEdit");
  clear_->setObjectName("shortcutClear");
  reset_->setObjectName("shortcutReset");
  reset_all_->setObjectName("shortcutResetAll");
  question_->setObjectName("shortcutQuestion");
  question_text_->setObjectName("shortcutQuestionText");
  take_->setObjectName("shortcutTake");
  leave_->setObjectName("shortcutLeave");

  filter_->setClearButtonEnabled(true);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setTabKeyNavigation(false);
  table_->setAlternatingRowColors(true);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 3 / 2);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->horizontalHeader()->setMinimumSectionSize(fontMetrics().averageCharWidth() * 18);
  table_->horizontalHeader()->setSectionResizeMode(action_column, QHeaderView::Stretch);
  edit_label_->setBuddy(edit_);
  question_text_->setWordWrap(true);
  question_text_->setTextFormat(Qt::PlainText);
  question_->hide();
  for (QPushButton* button : {clear_, reset_, reset_all_, take_, leave_}) button->setAutoDefault(false);

  auto* edit_row = new QHBoxLayout;
  edit_row->addWidget(edit_label_);
  edit_row->addWidget(edit_, 1);
  edit_row->addWidget(clear_);
  edit_row->addWidget(reset_);
  edit_row->addWidget(reset_all_);
  auto* question_row = new QHBoxLayout(question_);
  question_row->setContentsMargins(0, 0, 0, 0);
  question_row->addWidget(question_icon_, 0, Qt::AlignTop);
  question_row->addWidget(question_text_, 1);
  question_row->addWidget(take_);
  question_row->addWidget(leave_);
  auto* column = new QVBoxLayout(this);
  column->addWidget(filter_);
  column->addWidget(table_, 1);
  column->addLayout(edit_row);
  column->addWidget(question_);

  for (const QString& name : actions_.names()) sequences_[name] = actions_.get(name)->shortcut();
  table_->setRowCount(static_cast<int>(sequences_.size()));
  for (int row = 0; row < table_->rowCount(); ++row) {
    for (int c = 0; c < columns; ++c) table_->setItem(row, c, new QTableWidgetItem);
    table_->item(row, action_column)->setData(Qt::UserRole, actions_.names()[row]);
  }
  retranslate();
  table_->selectRow(0);
  show_current();

  connect(filter_, &QLineEdit::textChanged, this, &ShortcutEditor::filter);
  connect(table_, &QTableWidget::itemSelectionChanged, this, [this] {
    stop_asking();
    show_current();
  });
  connect(table_, &QTableWidget::itemActivated, edit_, [this] { edit_->setFocus(Qt::OtherFocusReason); });
  connect(edit_, &QKeySequenceEdit::editingFinished, this, [this] { assign(current(), edit_->keySequence()); });
  connect(clear_, &QPushButton::clicked, this, [this] { assign(current(), {}); });
  connect(reset_, &QPushButton::clicked, this, [this] { assign(current(), actions_.usual(current())); });
  connect(reset_all_, &QPushButton::clicked, this, [this] {
    for (const QString& name : actions_.names()) sequences_[name] = actions_.usual(name);
    stop_asking();
    show_rows();
    show_current();
  });
  connect(take_, &QPushButton::clicked, this, &ShortcutEditor::take_over);
  connect(leave_, &QPushButton::clicked, this, [this] {
    stop_asking();
    show_current();
    edit_->setFocus(Qt::OtherFocusReason);
  });
}

// QKeySequenceEdit signals editingFinished when it loses the focus, also while this widget is being destroyed.
ShortcutEditor::~ShortcutEditor() { edit_->disconnect(this); }

// --- assignment

QString ShortcutEditor::current() const {
  const QModelIndexList rows = table_->selectionModel()->selectedRows(action_column);
  return rows.isEmpty() ? QString() : rows.first().data(Qt::UserRole).toString();
}

void ShortcutEditor::assign(const QString& name, const QKeySequence& sequence) {
  if (name.isEmpty()) return;
  if (shortcut_conflicts(sequences_, name, sequence).isEmpty() || sequence == sequences_.value(name)) {
    stop_asking();
    set(name, sequence);
  } else {
    ask(name, sequence);
  }
}

void ShortcutEditor::set(const QString& name, const QKeySequence& sequence) {
  sequences_[name] = sequence;
  show_rows();
  show_current();
}

void ShortcutEditor::ask(const QString& name, const QKeySequence& sequence) {
  asked_name_ = name;
  asked_ = sequence;
  const QSignalBlocker quiet(edit_);
  edit_->setKeySequence(sequence);
  const QStringList others = shortcut_conflicts(sequences_, name, sequence);
  QStringList theirs;
  for (const QString& other : others) {
    theirs << (sequences_[other] == sequence
                   ? actions_.plain_text(other)
                   : tr("%1 (as %2)", "action, shortcut").arg(actions_.plain_text(other), native(sequences_[other])));
  }
  question_text_->setText(tr("%1 belongs to: %2. Give it to %3 instead?")
                              .arg(native(sequence), theirs.join(", "), actions_.plain_text(name)));
  question_->show();
  if (edit_->hasFocus()) leave_->setFocus(Qt::OtherFocusReason);  // the field would take every key
  QAccessibleEvent event(question_text_, QAccessible::Alert);
  QAccessible::updateAccessibility(&event);
}

void ShortcutEditor::stop_asking() {
  const bool had_focus = take_->hasFocus() || leave_->hasFocus();
  asked_name_.clear();
  question_->hide();
  if (had_focus) edit_->setFocus(Qt::OtherFocusReason);
}

void ShortcutEditor::take_over() {
  for (const QString& other : shortcut_conflicts(sequences_, asked_name_, asked_)) sequences_[other] = QKeySequence();
  const QString name = asked_name_;
  stop_asking();
  set(name, asked_);
}

// QKeySequenceEdit waits a second for further keys before it signals editingFinished; this does not.
bool ShortcutEditor::commit() {
  if (asked_name_.isEmpty() && !current().isEmpty()) assign(current(), edit_->keySequence());
  return asked_name_.isEmpty();
}

QMap<QString, QKeySequence> ShortcutEditor::overrides() const {
  QMap<QString, QKeySequence> out;
  for (const QString& name : actions_.names()) {
    if (sequences_.value(name) != actions_.usual(name)) out[name] = sequences_.value(name);
  }
  return out;
}

// --- table

QString ShortcutEditor::texts(const QStringList& names) const {
  QStringList out;
  for (const QString& name : names) out << actions_.plain_text(name);
  return out.join(", ");
}

void ShortcutEditor::show_rows() {
  for (int row = 0; row < table_->rowCount(); ++row) {
    QTableWidgetItem* action = table_->item(row, action_column);
    QTableWidgetItem* shortcut = table_->item(row, shortcut_column);
    QTableWidgetItem* usual = table_->item(row, usual_column);
    const QString name = action->data(Qt::UserRole).toString();
    const QString menu = without_mnemonic(actions_.menu_text(actions_.menu(name)));
    action->setText(tr("%1: %2", "menu, action").arg(menu, actions_.plain_text(name)));
    action->setToolTip(actions_.get(name)->statusTip());
    shortcut->setText(native(sequences_[name]));
    usual->setText(native(actions_.usual(name)));
    QFont font = table_->font();
    font.setBold(sequences_[name] != actions_.usual(name));
    shortcut->setFont(font);
    // There may be conflicts already: a settings file may be written by hand.
    const QStringList others = shortcut_conflicts(sequences_, name, sequences_[name]);
    shortcut->setIcon(others.isEmpty() ? QIcon() : icon("warning"));
    shortcut->setToolTip(others.isEmpty() ? QString() : tr("Also: %1. None of them works.").arg(texts(others)));
    shortcut->setData(Qt::AccessibleDescriptionRole, shortcut->toolTip());
  }
  filter();
}

void ShortcutEditor::show_current() {
  const QString name = current();
  {
    const QSignalBlocker quiet(edit_);
    edit_->setKeySequence(sequences_.value(name));
  }
  for (QWidget* control : std::initializer_list<QWidget*>{edit_, clear_, reset_}) control->setEnabled(!name.isEmpty());
  edit_->setAccessibleDescription(name.isEmpty() ? QString() : actions_.plain_text(name));
}

void ShortcutEditor::filter() {
  const QString wanted = filter_->text().trimmed();
  for (int row = 0; row < table_->rowCount(); ++row) {
    const bool fits = table_->item(row, action_column)->text().contains(wanted, Qt::CaseInsensitive) ||
                      table_->item(row, shortcut_column)->text().contains(wanted, Qt::CaseInsensitive);
    table_->setRowHidden(row, !fits);
  }
  const int chosen = table_->currentRow();
  if (chosen >= 0 && table_->isRowHidden(chosen)) {  // a row that is filtered out must not be changed
    table_->clearSelection();
    table_->setCurrentItem(nullptr);
  }
}

void ShortcutEditor::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void ShortcutEditor::retranslate() {
  filter_->setPlaceholderText(tr("Filter: an action or keys"));
  filter_->setAccessibleName(tr("Filter the actions"));
  table_->setAccessibleName(tr("Actions and their shortcuts"));
  table_->setHorizontalHeaderLabels({tr("Action"), tr("Shortcut"), tr("Usual")});
  edit_label_->setText(tr("New &keys:"));
  edit_->setToolTip(tr("Press the keys here. Tab leaves the field."));
  edit_->setAccessibleName(tr("New shortcut"));
  clear_->setText(tr("&None"));
  clear_->setToolTip(tr("No shortcut for this action"));
  reset_->setText(tr("As &usual"));
  reset_->setToolTip(tr("The shortcut that this action comes with"));
  reset_all_->setText(tr("&All as usual"));
  take_->setText(tr("Gi&ve it"));
  leave_->setText(tr("&Leave it"));
  const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
  question_icon_->setPixmap(icon("warning").pixmap(size, size));
  show_rows();
  if (!asked_name_.isEmpty()) ask(asked_name_, asked_);
}

}  // namespace dualsight
