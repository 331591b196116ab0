#include "ui/preferences_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/actions.h"
#include "ui/shortcut_editor.h"

namespace dualsight {
namespace {

void choose(QComboBox* box, const QString& value) { box->setCurrentIndex(std::max(0, box->findData(value))); }

QStringList list_of(const QString& text) {
  QStringList out;
  for (const QString& part : text.split(',', Qt::SkipEmptyParts)) out << part.trimmed();
  out.removeAll(QString());
  return out;
}

}  // namespace

PreferencesDialog::PreferencesDialog(Settings settings, const Actions& actions, QWidget* parent)
    : QDialog(parent), given_(std::move(settings)), tabs_(new QTabWidget(this)), language_(new QComboBox(this)),
      theme_(new QComboBox(this)), what_(new QComboBox(this)), container_(new QComboBox(this)),
      record_folder_(new QLineEdit(this)), snapshot_folder_(new QLineEdit(this)), classes_(new QLineEdit(this)),
      zones_(new QLineEdit(this)), on_events_(new QCheckBox(this)), pre_roll_(new QDoubleSpinBox(this)),
      post_roll_(new QDoubleSpinBox(this)), segment_(new QDoubleSpinBox(this)), quota_(new QDoubleSpinBox(this)),
      shortcuts_(new ShortcutEditor(actions, this)) {
  setObjectName("preferencesDialog");
  setWindowTitle(tr("Preferences"));
  tabs_->addTab(general_page(), tr("General"));
  tabs_->addTab(recording_page(), tr("Recording"));
  tabs_->addTab(shortcuts_, tr("Shortcuts"));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Apply | QDialogButtonBox::Cancel, this);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this, &PreferencesDialog::applied);
  auto* column = new QVBoxLayout(this);
  column->addWidget(tabs_);
  column->addWidget(buttons);
  resize(fontMetrics().averageCharWidth() * 90, fontMetrics().height() * 30);
}

QWidget* PreferencesDialog::general_page() {
  auto* page = new QWidget(this);
  auto* form = new QFormLayout(page);
  language_->setObjectName("language");
  language_->addItem(tr("As the system's"), "");
  language_->addItem("English", "en");
  language_->addItem("简体中文", "zh_CN");
  choose(language_, given_.language);
  theme_->setObjectName("theme");
  theme_->addItem(tr("As the desktop's"), "system");
  theme_->addItem(tr("Light"), "light");
  theme_->addItem(tr("Dark"), "dark");
  choose(theme_, given_.theme);
  form->addRow(tr("&Language:"), language_);
  form->addRow(tr("&Theme:"), theme_);
  return page;
}

QWidget* PreferencesDialog::folder_field(QLineEdit* edit, const QString& name) {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* button = new QPushButton(tr("Choose …"), row);
  layout->addWidget(edit, 1);
  layout->addWidget(button);
  edit->setAccessibleName(name);
  button->setAccessibleName(tr("Choose: %1").arg(name));
  connect(button, &QPushButton::clicked, this, [this, edit, name] {
    const QString folder = QFileDialog::getExistingDirectory(this, name, edit->text());
    if (!folder.isEmpty()) edit->setText(folder);
  });
  row->setFocusProxy(edit);
  return row;
}

QWidget* PreferencesDialog::recording_page() {
  auto* page = new QWidget(this);
  auto* form = new QFormLayout(page);
  record_folder_->setObjectName("recordFolder");
  record_folder_->setText(given_.record_folder);
  record_folder_->setPlaceholderText(tr("“Dualsight” in your videos"));
  snapshot_folder_->setText(given_.snapshot_folder);
  snapshot_folder_->setPlaceholderText(tr("“Dualsight” in your pictures"));
  what_->addItem(tr("With boxes"), "annotated");
  what_->addItem(tr("As it is"), "raw");
  what_->addItem(tr("Both"), "both");
  choose(what_, given_.record_what);
  container_->addItem("MKV", ".mkv");
  container_->addItem("MP4", ".mp4");
  choose(container_, given_.container);
  on_events_->setText(tr("Record only around these, while recording is on"));
  on_events_->setChecked(given_.record_on_events);
  classes_->setText(given_.record_classes.join(", "));
  zones_->setText(given_.record_zones.join(", "));
  zones_->setPlaceholderText(tr("names, with commas between"));
  const auto set = [](QDoubleSpinBox* box, double value, double most, const QString& unit, const QString& zero) {
    box->setRange(0, most);
    box->setDecimals(1);
    box->setSuffix(unit);
    box->setSpecialValueText(zero);
    box->setValue(value);
  };
  set(pre_roll_, given_.pre_roll_s, 600, tr(" s"), {});
  set(post_roll_, given_.post_roll_s, 3600, tr(" s"), {});
  set(segment_, given_.segment_minutes, 24 * 60, tr(" min"), tr("never"));
  set(quota_, given_.quota_gib, 1'000'000, tr(" GiB"), tr("none"));
  form->addRow(tr("&Recordings in:"), folder_field(record_folder_, tr("Folder of recordings")));
  form->addRow(tr("&Snapshots in:"), folder_field(snapshot_folder_, tr("Folder of snapshots")));
  form->addRow(tr("&Pictures:"), what_);
  form->addRow(tr("&Container:"), container_);
  form->addRow(tr("&New file after:"), segment_);
  form->addRow(tr("Most &disk space:"), quota_);
  form->addRow(on_events_);
  form->addRow(tr("C&lasses:"), classes_);
  form->addRow(tr("&Zones:"), zones_);
  form->addRow(tr("Seconds &before:"), pre_roll_);
  form->addRow(tr("Seconds &after:"), post_roll_);
  return page;
}

void PreferencesDialog::set_class_names(const QStringList& names) { classes_->setPlaceholderText(names.join(", ")); }

void PreferencesDialog::show_page(const QString& name) {
  tabs_->setCurrentIndex(name == "shortcuts" ? 2 : name == "recording" ? 1 : 0);
}

Settings PreferencesDialog::settings() const {
  Settings out = given_;
  out.language = language_->currentData().toString();
  out.theme = theme_->currentData().toString();
  out.record_folder = record_folder_->text().trimmed();
  out.snapshot_folder = snapshot_folder_->text().trimmed();
  out.record_what = what_->currentData().toString();
  out.container = container_->currentData().toString();
  out.record_on_events = on_events_->isChecked();
  out.record_classes = list_of(classes_->text());
  out.record_zones = list_of(zones_->text());
  out.pre_roll_s = pre_roll_->value();
  out.post_roll_s = post_roll_->value();
  out.segment_minutes = segment_->value();
  out.quota_gib = quota_->value();
  out.shortcuts = shortcuts_->overrides();
  return out;
}

}  // namespace dualsight
