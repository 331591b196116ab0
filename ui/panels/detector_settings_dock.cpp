#include "ui/panels/detector_settings_dock.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGridLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/panels/class_table.h"
#include "ui/panels/model_list.h"
#include "ui/widgets/form_fields.h"

namespace dualsight {
namespace {

constexpr double kUsualConfidence = 0.35;  // shown while the model's own thresholds are in use
constexpr float kNotWanted = 2;            // a threshold that no confidence reaches

struct Choice {
  const char* setting;
  const char* text;  // for tr()
};
constexpr Choice kDevices[] = {{"auto", QT_TRANSLATE_NOOP("dualsight::DetectorSettingsPanel", "Automatic")},
                               {"cpu", QT_TRANSLATE_NOOP("dualsight::DetectorSettingsPanel", "CPU")},
                               {"cuda", QT_TRANSLATE_NOOP("dualsight::DetectorSettingsPanel", "CUDA")}};
constexpr Choice kPrecisions[] = {{"auto", QT_TRANSLATE_NOOP("dualsight::DetectorSettingsPanel", "Automatic")},
                                  {"float32", QT_TRANSLATE_NOOP("dualsight::DetectorSettingsPanel", "float32")},
                                  {"bf16", QT_TRANSLATE_NOOP("dualsight::DetectorSettingsPanel", "bf16")},
                                  {"int8", QT_TRANSLATE_NOOP("dualsight::DetectorSettingsPanel", "int8")}};

// A slider, in hundredths, and a spin box that always show the same value.
void pair(QSlider* slider, QDoubleSpinBox* spin, double low, double high) {
  slider->setOrientation(Qt::Horizontal);
  slider->setRange(static_cast<int>(std::lround(low * 100)), static_cast<int>(std::lround(high * 100)));
  slider->setPageStep(10);
  spin->setRange(low, high);
  spin->setDecimals(2);
  spin->setSingleStep(0.05);
  QObject::connect(slider, &QSlider::valueChanged, spin, [spin](int value) { spin->setValue(value / 100.0); });
  QObject::connect(spin, &QDoubleSpinBox::valueChanged, slider, [slider](double value) {
    const QSignalBlocker quiet(slider);
    slider->setValue(static_cast<int>(std::lround(value * 100)));
  });
}

QLabel* wrapped(const char* name) {
  auto* label = new QLabel;
  label->setObjectName(name);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  return label;
}

}  // namespace

DetectorSettingsPanel::DetectorSettingsPanel(ModelList* models, QWidget* parent) : QWidget(parent), models_(models) {
  setObjectName("detectionPanel");
  model_box_ = new QGroupBox;
  model_ = narrow_combo("model");
  model_label_ = label_for(model_);
  other_ = new QPushButton;
  other_->setObjectName("otherModel");
  details_ = wrapped("modelDetails");
  device_ = narrow_combo("device");
  precision_ = narrow_combo("precision");
  size_ = narrow_combo("inputSize");
  device_label_ = label_for(device_);
  precision_label_ = label_for(precision_);
  size_label_ = label_for(size_);
  status_ = wrapped("modelStatus");
  auto* form = new QFormLayout;
  form->addRow(model_label_, model_);
  auto* under = new QHBoxLayout;
  under->addWidget(details_, 1);
  under->addWidget(other_, 0, Qt::AlignTop);
  form->addRow(under);
  form->addRow(device_label_, device_);
  form->addRow(precision_label_, precision_);
  form->addRow(size_label_, size_);
  form->addRow(status_);
  model_box_->setLayout(form);

  threshold_box_ = new QGroupBox;
  own_ = new QCheckBox;
  own_->setObjectName("ownThresholds");
  confidence_slider_ = new QSlider;
  confidence_slider_->setObjectName("confidenceSlider");
  confidence_ = new QDoubleSpinBox;
  confidence_->setObjectName("confidence");
  pair(confidence_slider_, confidence_, static_cast<double>(Session::lowest_threshold), 1);
  iou_slider_ = new QSlider;
  iou_slider_->setObjectName("iouSlider");
  iou_ = new QDoubleSpinBox;
  iou_->setObjectName("iou");
  pair(iou_slider_, iou_, 0.05, 1);
  confidence_label_ = label_for(confidence_);
  iou_label_ = label_for(iou_);
  tracking_ = new QCheckBox;
  tracking_->setObjectName("tracking");
  auto* grid = new QGridLayout(threshold_box_);
  grid->addWidget(own_, 0, 0, 1, 3);
  grid->addWidget(confidence_label_, 1, 0);
  grid->addWidget(confidence_slider_, 1, 1);
  grid->addWidget(confidence_, 1, 2);
  grid->addWidget(iou_label_, 2, 0);
  grid->addWidget(iou_slider_, 2, 1);
  grid->addWidget(iou_, 2, 2);
  grid->addWidget(tracking_, 3, 0, 1, 3);
  grid->setColumnStretch(1, 1);

  class_box_ = new QGroupBox;
  classes_ = new ClassTable;
  auto* class_layout = new QVBoxLayout(class_box_);
  class_layout->addWidget(classes_);

  auto* layout = new QVBoxLayout(this);
  layout->addWidget(model_box_);
  layout->addWidget(threshold_box_);
  layout->addWidget(class_box_, 1);

  setFocusProxy(model_);

  retranslate();
  set_settings({});

  connect(models_, &ModelList::changed, this, [this] {
    show_models();
    if (load_when_known_) load_model();
  });
  connect(model_, &QComboBox::activated, this, &DetectorSettingsPanel::model_chosen);
  connect(other_, &QPushButton::clicked, this, &DetectorSettingsPanel::choose_file);
  for (QComboBox* combo : {device_, precision_, size_}) {
    connect(combo, &QComboBox::currentIndexChanged, this, [this] {
      if (!filling_) load_model();
    });
  }
  for (QWidget* control : std::initializer_list<QWidget*>{model_, device_, precision_, size_, confidence_slider_,
                                                          iou_slider_, confidence_, iou_}) {
    ignore_wheel_without_focus(control);
  }
  const auto adjust = [this] {
    if (filling_) return;
    show_general();
    Q_EMIT adjusted();
  };
  connect(own_, &QCheckBox::toggled, this, adjust);
  connect(confidence_, &QDoubleSpinBox::valueChanged, this, adjust);
  connect(iou_, &QDoubleSpinBox::valueChanged, this, adjust);
  connect(tracking_, &QCheckBox::toggled, this, adjust);
  connect(&classes_->model(), &ClassTableModel::adjusted, this, &DetectorSettingsPanel::adjusted);
  connect(&classes_->model(), &ClassTableModel::colors_changed, this, &DetectorSettingsPanel::colors_changed);
}

void DetectorSettingsPanel::set_settings(const Settings& settings) {
  filling_ = true;
  file_ = settings.model;
  own_->setChecked(settings.confidence < 0);
  confidence_->setValue(settings.confidence < 0 ? kUsualConfidence : settings.confidence);
  iou_->setValue(settings.iou);
  tracking_->setChecked(settings.tracking);
  select_data(device_, settings.device);
  select_data(precision_, settings.precision);
  select_data(size_, settings.input_size);
  classes_->model().set_settings(settings.classes);
  filling_ = false;
  show_models();
  show_general();
}

void DetectorSettingsPanel::store(Settings& settings) const {
  settings.model = file_;
  settings.confidence = own_->isChecked() ? -1 : confidence_->value();
  settings.iou = iou_->value();
  settings.tracking = tracking_->isChecked();
  settings.device = device_->currentData().toString();
  settings.precision = precision_->currentData().toString();
  settings.input_size = size_->currentData().toInt();
  settings.classes = classes_->model().settings();
}

void DetectorSettingsPanel::load_model() {
  if (file_.isEmpty() && !models_->loaded()) {
    load_when_known_ = true;
    return;
  }
  load_when_known_ = false;
  request();
}

void DetectorSettingsPanel::request() {
  const QString file = file_.isEmpty() ? models_->best() : file_;
  if (file.isEmpty()) return;
  DetectorOptions options;
  const QString device = device_->currentData().toString();
  options.device = device == "cpu" ? Device::cpu : device == "cuda" ? Device::cuda : Device::automatic;
  const QString precision = precision_->currentData().toString();
  options.precision = precision == "float32" ? Precision::float32
                      : precision == "bf16"  ? Precision::bfloat16
                      : precision == "int8"  ? Precision::int8
                                             : Precision::automatic;
  options.input_size = size_->currentData().toInt();
  Q_EMIT model_requested(file, options);
}

void DetectorSettingsPanel::use_model(const QString& file) {
  file_ = file == models_->best() ? QString() : file;
  models_->add(file);
  show_models();
  load_model();
}

void DetectorSettingsPanel::model_chosen() {
  const QString file = model_->currentData().toString();
  if (!file.isEmpty()) use_model(file);
}

void DetectorSettingsPanel::choose_file() {
  auto* dialog = new QFileDialog(this, tr("Open a model"));
  dialog->setObjectName("openModelDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->setNameFilters({tr("Models") + " (*.safetensors)", tr("All files") + " (*)"});
  connect(dialog, &QFileDialog::fileSelected, this, &DetectorSettingsPanel::use_model);
  dialog->open();
}

void DetectorSettingsPanel::show_models() {
  if (!file_.isEmpty()) models_->add(file_);
  filling_ = true;
  model_->clear();
  for (int row = 0; row < models_->rowCount(); ++row) {
    const QModelIndex index = models_->index(row);
    model_->addItem(index.data().toString(), index.data(Qt::UserRole));
    model_->setItemData(row, index.data(Qt::ToolTipRole), Qt::ToolTipRole);
    model_->setItemData(row, index.data(Qt::AccessibleDescriptionRole), Qt::AccessibleDescriptionRole);
  }
  model_->setCurrentIndex(models_->row_of(file_.isEmpty() ? models_->best() : file_));
  model_->setEnabled(model_->count() > 0);
  filling_ = false;
  show_details();
}

void DetectorSettingsPanel::show_details() {
  const auto card = models_->card(model_->currentIndex());
  if (card) {
    details_->setText(models_->details(*card));
  } else {
    details_->setText(models_->loaded() ? tr("No model was found: choose a file") : tr("Looking for models ..."));
  }
}

void DetectorSettingsPanel::set_model_status(const ModelStatus& status) {
  status_now_ = status;
  if (status.state == ModelStatus::State::ready) {
    QStringList names;
    for (const std::string& name : status.info.class_names) names.append(QString::fromStdString(name));
    classes_->model().set_names(names);
    tuned_ = status.info.thresholds;
    show_general();
  }
  show_status();
}

void DetectorSettingsPanel::show_status() {
  const QString name = status_now_.info.name.empty()
                           ? QFileInfo(QFile::decodeName(status_now_.file.c_str())).completeBaseName()
                           : QString::fromStdString(status_now_.info.name);
  switch (status_now_.state) {
    case ModelStatus::State::none:
      status_->setText(tr("No model: the picture alone is shown"));
      break;
    case ModelStatus::State::loading:
      status_->setText(tr("Loading %1 ...").arg(name));
      break;
    case ModelStatus::State::ready:
      status_->setText(tr("Ready: %1, %2 px", "device and input size")
                           .arg(QString::fromStdString(status_now_.device))
                           .arg(status_now_.options.input_size));
      break;
    case ModelStatus::State::failed:
      status_->setText(tr("Failed: %1").arg(QString::fromStdString(status_now_.problem)));
      break;
  }
}

// The thresholds of classes without one of their own.
void DetectorSettingsPanel::show_general() {
  const bool own = own_->isChecked();
  confidence_->setEnabled(!own);
  confidence_slider_->setEnabled(!own);
  confidence_label_->setEnabled(!own);
  std::vector<float> general = tuned_;
  const auto count = static_cast<std::size_t>(names().size());
  if (!own || general.size() != count) general.assign(count, static_cast<float>(confidence_->value()));
  classes_->model().set_general(std::move(general));
}

void DetectorSettingsPanel::set_counts(const std::vector<int>& per_class) { classes_->model().set_counts(per_class); }

const QStringList& DetectorSettingsPanel::names() const { return classes_->model().names(); }

std::vector<float> DetectorSettingsPanel::thresholds() const {
  const ClassTableModel& model = classes_->model();
  std::vector<float> thresholds = model.general();
  for (int row = 0; row < model.rowCount(); ++row) {
    float& threshold = thresholds[static_cast<std::size_t>(row)];
    const ClassSettings& settings = model.of(row);
    if (settings.threshold) threshold = static_cast<float>(*settings.threshold);
    if (!settings.shown) threshold = kNotWanted;
  }
  return thresholds;
}

std::vector<bool> DetectorSettingsPanel::blurred() const {
  std::vector<bool> blurred;
  for (int row = 0; row < classes_->model().rowCount(); ++row) blurred.push_back(classes_->model().of(row).blurred);
  return blurred;
}

std::vector<QColor> DetectorSettingsPanel::colors() const {
  std::vector<QColor> colors;
  for (int row = 0; row < classes_->model().rowCount(); ++row) colors.push_back(classes_->model().color(row));
  return colors;
}

QMap<QString, QColor> DetectorSettingsPanel::chosen_colors() const {
  QMap<QString, QColor> chosen;
  const auto& settings = classes_->model().settings();
  for (auto it = settings.cbegin(); it != settings.cend(); ++it) {
    if (it->color.isValid()) chosen[it.key()] = it->color;
  }
  return chosen;
}

float DetectorSettingsPanel::iou() const { return static_cast<float>(iou_->value()); }

bool DetectorSettingsPanel::tracking() const { return tracking_->isChecked(); }

void DetectorSettingsPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void DetectorSettingsPanel::retranslate() {
  const auto refill = [this](QComboBox* combo, const auto& choices) {
    const QVariant now = combo->currentData();
    combo->clear();
    for (const Choice& choice : choices) combo->addItem(tr(choice.text), QString(choice.setting));
    select_data(combo, now);
  };
  filling_ = true;
  refill(device_, kDevices);
  refill(precision_, kPrecisions);
  const QVariant size = size_->currentData();
  size_->clear();
  size_->addItem(tr("Model's own", "input size"), 0);
  for (int pixels = kSmallestInput; pixels <= kLargestInput; pixels += kInputStep) {
    size_->addItem(tr("%1 px", "input size").arg(pixels), pixels);
  }
  select_data(size_, size);
  filling_ = false;

  model_box_->setTitle(tr("Model"));
  model_label_->setText(tr("Model:"));
  other_->setText(tr("Other file..."));
  other_->setToolTip(tr("Chooses a model file (*.safetensors)"));
  device_label_->setText(tr("Device:"));
  device_->setToolTip(tr("What runs the model. Automatic: CUDA where there is a GPU that answers, else the CPU"));
  precision_label_->setText(tr("Precision:"));
  precision_->setToolTip(
      tr("Automatic: bf16 where the hardware computes in it, which is faster. int8, the fastest, needs a model that "
         "\"dualsight quantize\" has been over"));
  size_label_->setText(tr("Input size:"));
  size_->setToolTip(tr("The picture is made that large for the model: smaller is faster, larger finds smaller things"));
  threshold_box_->setTitle(tr("Thresholds"));
  own_->setText(tr("Model's own confidence thresholds"));
  own_->setToolTip(tr("Each class is reported from the confidence on that its model was tuned for"));
  confidence_label_->setText(tr("Confidence:"));
  confidence_->setToolTip(tr("Objects are reported from this confidence on"));
  confidence_slider_->setToolTip(confidence_->toolTip());
  confidence_slider_->setAccessibleName(tr("Confidence"));
  iou_label_->setText(tr("Overlap (NMS):"));
  iou_->setToolTip(tr("Of two boxes of one class that overlap more than this (IoU), the better one stays"));
  iou_slider_->setToolTip(iou_->toolTip());
  iou_slider_->setAccessibleName(tr("Overlap (NMS)"));
  tracking_->setText(tr("Track objects"));
  tracking_->setToolTip(tr("Objects keep their number from frame to frame; events, zones and lines need it"));
  class_box_->setTitle(tr("Classes"));
  show_models();
  show_status();
}

}  // namespace dualsight
