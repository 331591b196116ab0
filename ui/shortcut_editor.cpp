#include "ui/shortcut_editor.h"

#include <QAction>
#include <QGridLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>

#include "ui/actions.h"

namespace dualsight {
namespace {

QString plain(const QAction* action) { return QString(action->text()).remove('&').remove(" …"); }

}  // namespace

ShortcutEditor::ShortcutEditor(const Actions& actions, QWidget* parent)
    : QWidget(parent), actions_(actions), filter_(new QLineEdit(this)), table_(new QTableWidget(0, 3, this)),
      edit_(new QKeySequenceEdit(this)), clear_(new QPushButton(tr("None"), this)),
      reset_(new QPushButton(tr("As usual"), this)), reset_all_(new QPushButton(tr("All as usual"), this)),
      conflict_(new QLabel(this)) {
  table_->setObjectName("shortcutTable");
  edit_->setObjectName("shortcutEdit");
  conflict_->setObjectName("shortcutConflict");
  filter_->setObjectName("shortcutFilter");
  filter_->setPlaceholderText(tr("Filter"));
  filter_->setAccessibleName(tr("Filter the actions"));
  filter_->setClearButtonEnabled(true);
  table_->setAccessibleName(tr("Actions and their shortcuts"));
  table_->setHorizontalHeaderLabels({tr("Action"), tr("Shortcut"), tr("Also used by")});
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->horizontalHeader()->setStretchLastSection(true);
  edit_->setAccessibleName(tr("New shortcut"));
  conflict_->setWordWrap(true);
  auto* grid = new QGridLayout(this);
  grid->addWidget(filter_, 0, 0, 1, 4);
  grid->addWidget(table_, 1, 0, 1, 4);
  grid->addWidget(edit_, 2, 0);
  grid->addWidget(clear_, 2, 1);
  grid->addWidget(reset_, 2, 2);
  grid->addWidget(reset_all_, 2, 3);
  grid->addWidget(conflict_, 3, 0, 1, 4);

  for (const QString& name : actions_.names()) sequences_[name] = actions_.get(name)->shortcut();
  show_rows();
  connect(filter_, &QLineEdit::textChanged, this, &ShortcutEditor::filter);
  connect(table_, &QTableWidget::itemSelectionChanged, this, [this] {
    if (filling_ || current().isEmpty()) return;
    edit_->setKeySequence(sequences_.value(current()));
    conflict_->clear();
  });
  connect(edit_, &QKeySequenceEdit::editingFinished, this, [this] {
    if (!current().isEmpty()) set(current(), edit_->keySequence());
  });
  connect(clear_, &QPushButton::clicked, this, [this] {
    if (!current().isEmpty()) set(current(), {});
  });
  connect(reset_, &QPushButton::clicked, this, [this] {
    if (!current().isEmpty()) set(current(), actions_.usual(current()));
  });
  connect(reset_all_, &QPushButton::clicked, this, [this] {
    for (const QString& name : actions_.names()) sequences_[name] = actions_.usual(name);
    show_rows();
  });
}

QString ShortcutEditor::current() const {
  const auto rows = table_->selectionModel()->selectedRows();
  return rows.isEmpty() ? QString() : table_->item(rows.first().row(), 0)->data(Qt::UserRole).toString();
}

QString ShortcutEditor::conflicts(const QString& name) const {
  QStringList texts;
  for (const QString& other : shortcut_conflicts(sequences_, name, sequences_.value(name))) {
    texts << plain(actions_.get(other));
  }
  return texts.join(", ");
}

void ShortcutEditor::set(const QString& name, const QKeySequence& sequence) {
  sequences_[name] = sequence;
  show_rows();
  if (name == current()) edit_->setKeySequence(sequence);
  const QString others = conflicts(name);
  conflict_->setText(others.isEmpty() ? QString()
                                      : tr("%1 is used by: %2. Neither works until one of them gets another.")
                                            .arg(sequence.toString(QKeySequence::NativeText), others));
}

QMap<QString, QKeySequence> ShortcutEditor::overrides() const {
  QMap<QString, QKeySequence> out;
  for (const QString& name : actions_.names()) {
    if (sequences_.value(name) != actions_.usual(name)) out[name] = sequences_.value(name);
  }
  return out;
}

void ShortcutEditor::show_rows() {
  filling_ = true;
  const QStringList names = actions_.names();
  const QString was = current();
  table_->setRowCount(static_cast<int>(names.size()));
  for (int row = 0; row < table_->rowCount(); ++row) {
    const QString& name = names[row];
    auto* item = new QTableWidgetItem(plain(actions_.get(name)));
    item->setData(Qt::UserRole, name);
    table_->setItem(row, 0, item);
    table_->setItem(row, 1, new QTableWidgetItem(sequences_.value(name).toString(QKeySequence::NativeText)));
    table_->setItem(row, 2, new QTableWidgetItem(conflicts(name)));
    if (name == was) table_->selectRow(row);
  }
  filling_ = false;
  filter(filter_->text());
}

void ShortcutEditor::filter(const QString& text) {
  for (int row = 0; row < table_->rowCount(); ++row) {
    const bool fits = table_->item(row, 0)->text().contains(text, Qt::CaseInsensitive) ||
                      table_->item(row, 1)->text().contains(text, Qt::CaseInsensitive);
    table_->setRowHidden(row, !fits);
  }
}

}  // namespace dualsight
