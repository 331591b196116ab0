// The Detection panel: the model and how it runs, thresholds, and the table of classes. (What was detected is listed in
// detections_dock.h.)
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

#include "app/session/session.h"
#include "detector/detector.h"
#include "ui/settings/settings.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QGroupBox;
class QLabel;
class QPushButton;
class QSlider;

namespace dualsight {

class ClassTable;
class ModelList;

class DetectorSettingsPanel : public QWidget {
  Q_OBJECT

 public:
  // The owner of `models` loads it.
  explicit DetectorSettingsPanel(ModelList* models, QWidget* parent = nullptr);

  void set_settings(const Settings& settings);  // loads nothing
  void store(Settings& settings) const;

  // Emits model_requested() for the chosen model, as soon as the models are known.
  void load_model();
  void use_model(const QString& file);  // also one that is not listed

  void set_model_status(const ModelStatus& status);
  void set_counts(const std::vector<int>& per_class);

  // The values of now, per class of the model; empty before there is a model.
  const QStringList& names() const;
  std::vector<float> thresholds() const;  // above 1: the class is not shown
  std::vector<bool> blurred() const;
  float iou() const;
  bool tracking() const;
  std::vector<QColor> colors() const;
  QMap<QString, QColor> chosen_colors() const;  // by name, also of other models' classes

 Q_SIGNALS:
  void adjusted();  // thresholds, blurred, iou or tracking
  void colors_changed();
  // The options hold device, precision and input size; the rest are defaults.
  void model_requested(const QString& file, const dualsight::DetectorOptions& options);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void show_models();
  void show_details();
  void show_status();
  void show_general();
  void request();
  void model_chosen();
  void choose_file();

  ModelList* models_;
  QGroupBox *model_box_, *threshold_box_, *class_box_;
  QLabel *model_label_, *details_, *device_label_, *precision_label_, *size_label_, *status_, *confidence_label_,
      *iou_label_;
  QComboBox *model_, *device_, *precision_, *size_;
  QPushButton* other_;
  QCheckBox *own_, *tracking_;
  QSlider *confidence_slider_, *iou_slider_;
  QDoubleSpinBox *confidence_, *iou_;
  ClassTable* classes_;

  QString file_;  // the chosen model; empty: the best one
  ModelStatus status_now_;
  std::vector<float> tuned_;  // the model's own thresholds
  bool filling_ = false, load_when_known_ = false;
};

}  // namespace dualsight
