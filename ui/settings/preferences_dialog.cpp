#include "ui/settings/preferences_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFileDialog>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardPaths>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "detector/tracking/zones.h"
#include "ui/settings/actions.h"
#include "ui/settings/shortcut_editor.h"
#include "ui/widgets/form_fields.h"

namespace dualsight {
namespace {

enum Page { general, recording, detection, shortcuts };

QComboBox* make_combo(const char* name) {
  auto* box = new QComboBox;
  box->setObjectName(name);
  return box;
}

// A row with a label whose text retranslate() sets.
QLabel* add_row(QFormLayout* form, QWidget* field) {
  auto* label = new QLabel;
  label->setBuddy(field);
  form->addRow(label, field);
  return label;
}

// Replaces the entries and keeps the chosen one; `choices`: pairs of text and setting.
void refill(QComboBox* box, const QVariant& first, const QList<std::pair<QString, QVariant>>& choices) {
  const QVariant now = box->count() > 0 ? box->currentData() : first;
  box->clear();
  for (const auto& [text, data] : choices) box->addItem(text, data);
  select_data(box, now);
}

// Shows as many digits as needed, and does not round the value that it was given.
class SpinBox : public QDoubleSpinBox {
 public:
  SpinBox(const char* name, double value, double most) {
    setObjectName(name);
    setDecimals(3);
    setRange(0, most);
    setValue(value);
  }
  QString textFromValue(double value) const override {
    return locale().toString(value, 'f', QLocale::FloatingPointShortest);
  }
};

QListWidget* make_list(const char* name) {
  auto* list = new QListWidget;
  list->setObjectName(name);
  list->setSelectionMode(QAbstractItemView::SingleSelection);
  list->setMinimumHeight(list->fontMetrics().height() * 5);
  list->setMinimumWidth(list->fontMetrics().averageCharWidth() * 16);
  return list;
}

// Chosen names that are not offered (classes of another model) stay, at the end.
void fill(QListWidget* list, QStringList offered, const QStringList& chosen) {
  for (const QString& name : chosen) {
    if (!offered.contains(name)) offered << name;
  }
  list->clear();
  for (const QString& name : std::as_const(offered)) {
    auto* item = new QListWidgetItem(name, list);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(chosen.contains(name) ? Qt::Checked : Qt::Unchecked);
  }
}

QStringList checked(const QListWidget* list) {
  QStringList out;
  for (int row = 0; row < list->count(); ++row) {
    if (list->item(row)->checkState() == Qt::Checked) out << list->item(row)->text();
  }
  return out;
}

// In the order of `before`, so that settings stay equal if nothing was changed.
QStringList checked(const QListWidget* list, const QStringList& before) {
  const QStringList now = checked(list);
  QStringList out = before;
  out.removeIf([&](const QString& name) { return !now.contains(name); });
  for (const QString& name : now) {
    if (!out.contains(name)) out << name;
  }
  return out;
}

// Without lines: only zones can be occupied, and so start recordings.
QStringList zone_names(const QStringList& regions) {
  QStringList names;
  for (const QString& text : regions) {
    if (text.startsWith("line:")) continue;
    if (const auto region = parse_region(text.toStdString(), false)) names << QString::fromStdString(region->name);
  }
  return names;
}

QString usual_folder(QStandardPaths::StandardLocation location) {
  return QDir::toNativeSeparators(QStandardPaths::writableLocation(location) + "/Dualsight");
}

// The absolute path of a folder as people type it: "~/Videos", "Videos/cameras" (in the home folder).
QString folder_of(const QString& typed) {
  QString folder = typed.trimmed();
  if (folder.isEmpty()) return folder;
  if (folder == "~" || folder.startsWith("~/")) folder = folder.mid(2);
  return QDir::cleanPath(QDir::home().absoluteFilePath(QDir::fromNativeSeparators(folder)));
}

// Pages scroll on small screens.
QWidget* scrolled(QWidget* page) {
  auto* area = new QScrollArea;
  area->setFrameShape(QFrame::NoFrame);
  area->setFocusPolicy(Qt::NoFocus);
  area->setWidgetResizable(true);
  area->setWidget(page);
  area->viewport()->setAutoFillBackground(false);
  page->setAutoFillBackground(false);
  return area;
}

}  // namespace

PreferencesDialog::PreferencesDialog(Settings settings, const Actions& actions, QWidget* parent)
    : QDialog(parent), given_(std::move(settings)) {
  setObjectName("preferencesDialog");
  tabs_ = new QTabWidget;
  tabs_->setObjectName("preferencesTabs");
  shortcuts_ = new ShortcutEditor(actions);
  tabs_->addTab(general_page(), QString());
  tabs_->addTab(recording_page(), QString());
  tabs_->addTab(detection_page(), QString());
  tabs_->addTab(shortcuts_, QString());
  buttons_ = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Apply | QDialogButtonBox::Cancel);
  connect(buttons_, &QDialogButtonBox::accepted, this, &PreferencesDialog::accept);
  connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons_->button(QDialogButtonBox::Apply), &QPushButton::clicked, this, [this] {
    if (is_complete()) Q_EMIT applied();
  });
  auto* column = new QVBoxLayout(this);
  column->addWidget(tabs_);
  column->addWidget(buttons_);
  retranslate();
  resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 38);
}

// --- pages

QWidget* PreferencesDialog::general_page() {
  auto* page = new QWidget;
  auto* form = new QFormLayout(page);
  language_ = make_combo("language");
  theme_ = make_combo("theme");
  language_label_ = add_row(form, language_);
  theme_label_ = add_row(form, theme_);
  return page;
}

PreferencesDialog::Folder PreferencesDialog::make_folder(QFormLayout* form, const char* name, const QString& value) {
  Folder folder{new QLabel, new QLineEdit, new QPushButton};
  folder.edit->setObjectName(name);
  folder.edit->setText(QDir::toNativeSeparators(value));
  folder.edit->setClearButtonEnabled(true);
  folder.choose->setObjectName(QString(name) + "Choose");
  folder.choose->setAutoDefault(false);
  folder.label->setBuddy(folder.edit);
  auto* row = new QHBoxLayout;
  row->addWidget(folder.edit, 1);
  row->addWidget(folder.choose);
  form->addRow(folder.label, row);
  connect(folder.choose, &QPushButton::clicked, this, [this, folder] { choose_folder(folder); });
  return folder;
}

void PreferencesDialog::choose_folder(const Folder& folder) {
  const QString now = folder_of(folder.edit->text());
  auto* dialog = new QFileDialog(this, folder.edit->accessibleName(), now.isEmpty() ? QDir::homePath() : now);
  dialog->setObjectName("folderDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, folder.edit,
          [edit = folder.edit](const QString& file) { edit->setText(QDir::toNativeSeparators(file)); });
  dialog->open();
}

QWidget* PreferencesDialog::recording_page() {
  files_box_ = new QGroupBox;
  auto* files = new QFormLayout(files_box_);
  record_folder_ = make_folder(files, "recordFolder", given_.record_folder);
  snapshot_folder_ = make_folder(files, "snapshotFolder", given_.snapshot_folder);
  what_ = make_combo("recordWhat");
  container_ = make_combo("container");
  segment_ = new SpinBox("segmentMinutes", given_.segment_minutes, 24 * 60);
  quota_ = new SpinBox("quotaGib", given_.quota_gib, 1'000'000);
  what_label_ = add_row(files, what_);
  container_label_ = add_row(files, container_);
  segment_label_ = add_row(files, segment_);
  quota_label_ = add_row(files, quota_);

  events_box_ = new QGroupBox;
  events_box_->setObjectName("recordOnEvents");
  events_box_->setCheckable(true);
  events_box_->setChecked(given_.record_on_events);
  classes_ = make_list("recordClasses");
  zones_ = make_list("recordZones");
  classes_label_ = new QLabel;
  classes_label_->setBuddy(classes_);
  zones_label_ = new QLabel;
  zones_label_->setBuddy(zones_);
  fill(classes_, {}, given_.record_classes);
  fill(zones_, zone_names(given_.regions), given_.record_zones);
  pre_roll_ = new SpinBox("preRoll", given_.pre_roll_s, 600);
  post_roll_ = new SpinBox("postRoll", given_.post_roll_s, 3600);
  auto* lists = new QGridLayout;
  lists->addWidget(classes_label_, 0, 0);
  lists->addWidget(zones_label_, 0, 1);
  lists->addWidget(classes_, 1, 0);
  lists->addWidget(zones_, 1, 1);
  auto* rolls = new QFormLayout;
  pre_roll_label_ = add_row(rolls, pre_roll_);
  post_roll_label_ = add_row(rolls, post_roll_);
  auto* events = new QVBoxLayout(events_box_);
  events->addLayout(lists, 1);
  events->addLayout(rolls);

  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->addWidget(files_box_);
  column->addWidget(events_box_, 1);
  return scrolled(page);
}

QWidget* PreferencesDialog::detection_page() {
  auto* page = new QWidget;
  auto* form = new QFormLayout(page);
  device_ = make_combo("device");
  precision_ = make_combo("precision");
  input_size_ = make_combo("inputSize");
  device_label_ = add_row(form, device_);
  precision_label_ = add_row(form, precision_);
  input_size_label_ = add_row(form, input_size_);
  detection_note_ = new QLabel;
  detection_note_->setWordWrap(true);
  form->addRow(detection_note_);
  return page;
}

void PreferencesDialog::set_class_names(const QStringList& names) {
  class_names_ = names;
  fill(classes_, names, checked(classes_, given_.record_classes));
}

void PreferencesDialog::show_page(const QString& name) {
  tabs_->setCurrentIndex(name == "shortcuts"   ? shortcuts
                         : name == "detection" ? detection
                         : name == "recording" ? recording
                                               : general);
}

// --- result

Settings PreferencesDialog::settings() const {
  Settings out = given_;
  out.language = language_->currentData().toString();
  out.theme = theme_->currentData().toString();
  out.record_folder = folder_of(record_folder_.edit->text());
  out.snapshot_folder = folder_of(snapshot_folder_.edit->text());
  out.record_what = what_->currentData().toString();
  out.container = container_->currentData().toString();
  out.segment_minutes = segment_->value();
  out.quota_gib = quota_->value();
  out.record_on_events = events_box_->isChecked();
  out.record_classes = checked(classes_, given_.record_classes);
  out.record_zones = checked(zones_, given_.record_zones);
  out.pre_roll_s = pre_roll_->value();
  out.post_roll_s = post_roll_->value();
  out.device = device_->currentData().toString();
  out.precision = precision_->currentData().toString();
  out.input_size = input_size_->currentData().toInt();
  out.shortcuts = shortcuts_->overrides();
  return out;
}

bool PreferencesDialog::is_complete() {
  if (shortcuts_->commit()) return true;
  tabs_->setCurrentIndex(shortcuts);
  return false;
}

void PreferencesDialog::accept() {
  if (is_complete()) QDialog::accept();
}

// --- texts

void PreferencesDialog::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QDialog::changeEvent(event);
}

void PreferencesDialog::retranslate() {
  setWindowTitle(tr("Preferences"));
  tabs_->setTabText(general, tr("&General"));
  tabs_->setTabText(recording, tr("&Recording"));
  tabs_->setTabText(detection, tr("&Detection"));
  tabs_->setTabText(shortcuts, tr("&Shortcuts"));
  tabs_->setAccessibleName(tr("Pages"));

  language_label_->setText(tr("&Language:"));
  refill(language_, given_.language,
         {{tr("As the system's"), ""}, {"English", "en"}, {QString::fromUtf8("简体中文"), "zh_CN"}});
  theme_label_->setText(tr("&Theme:"));
  refill(theme_, given_.theme, {{tr("As the desktop's"), "system"}, {tr("Light"), "light"}, {tr("Dark"), "dark"}});

  files_box_->setTitle(tr("Files"));
  const auto folder = [this](const Folder& of, const QString& label, const QString& name, const QString& usual) {
    of.label->setText(label);
    of.edit->setPlaceholderText(usual);
    of.edit->setAccessibleName(name);
    of.choose->setText(tr("Choose …"));
    of.choose->setAccessibleName(tr("Choose: %1").arg(name));
  };
  folder(record_folder_, tr("Re&cordings in:"), tr("Folder of recordings"),
         usual_folder(QStandardPaths::MoviesLocation));
  folder(snapshot_folder_, tr("S&napshots in:"), tr("Folder of snapshots"),
         usual_folder(QStandardPaths::PicturesLocation));
  what_label_->setText(tr("&Pictures:"));
  refill(what_, given_.record_what,
         {{tr("With boxes"), "annotated"}, {tr("As they come"), "raw"}, {tr("Both, in two files"), "both"}});
  container_label_->setText(tr("&Format:"));
  refill(container_, given_.container, {{"MKV", ".mkv"}, {"MP4", ".mp4"}});
  segment_label_->setText(tr("Ne&w file after:"));
  segment_->setSuffix(tr(" min"));
  segment_->setSpecialValueText(tr("never"));
  quota_label_->setText(tr("&Most disk space:"));
  quota_->setSuffix(tr(" GiB"));
  quota_->setSpecialValueText(tr("no limit"));
  quota_->setToolTip(tr("When the recordings of the folder need more, the oldest are deleted"));

  events_box_->setTitle(tr("R&ecord only around events"));
  events_box_->setToolTip(tr("While Record is on, clips are written when one of these is seen"));
  classes_label_->setText(tr("Any of these cl&asses:"));
  zones_label_->setText(tr("Anything in these &zones:"));
  pre_roll_label_->setText(tr("Seconds &before:"));
  post_roll_label_->setText(tr("Seconds af&ter:"));
  for (QDoubleSpinBox* box : {pre_roll_, post_roll_}) box->setSuffix(tr(" s"));

  device_label_->setText(tr("D&evice:"));
  refill(device_, given_.device, {{tr("Automatic"), "auto"}, {tr("CPU"), "cpu"}, {tr("CUDA (NVIDIA GPU)"), "cuda"}});
  precision_label_->setText(tr("&Precision:"));
  refill(precision_, given_.precision,
         {{tr("Automatic"), "auto"},
          {tr("float32"), "float32"},
          {tr("bf16, faster where there is hardware for it"), "bf16"},
          {tr("int8, the fastest, for models that were calibrated"), "int8"}});
  input_size_label_->setText(tr("&Input size:"));
  QList<std::pair<QString, QVariant>> sizes{{tr("The model's own"), 0}};
  for (int pixels = kSmallestInput; pixels <= kLargestInput; pixels += kInputStep) {
    sizes.append({tr("%1 px", "input size").arg(pixels), pixels});
  }
  const int own = given_.input_size;
  if (own != 0 && (own < kSmallestInput || own > kLargestInput))
    sizes.append({tr("%1 px", "input size").arg(own), own});
  refill(input_size_, given_.input_size, sizes);
  detection_note_->setText(
      tr("A smaller input is faster, a larger one finds smaller things. The model is loaded anew when one of these is "
         "changed; the picture goes on meanwhile."));
}

}  // namespace dualsight
