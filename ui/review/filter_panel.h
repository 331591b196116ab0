// What is shown of a recording's detections: boxes or not, from which confidence on, and which classes.
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "app/recording/playback.h"

class QCheckBox;
class QGroupBox;
class QLabel;
class QPushButton;
class QSlider;

namespace dualsight {

class FilterPanel : public QWidget {
  Q_OBJECT

 public:
  explicit FilterPanel(QWidget* parent = nullptr);

  void set_recording(std::shared_ptr<const Recording> recording);  // nullptr: none
  void set_boxes_shown(bool shown);
  void set_colors(const std::vector<QColor>& colors);  // per class

  DetectionFilter filter() const;
  bool lists(std::size_t class_id) const;  // the recording holds detections of it
  bool shows(std::size_t class_id) const;  // false: it was unticked

 Q_SIGNALS:
  void filter_changed();
  void boxes_shown_changed(bool shown);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QWidget* make_confidence();
  QWidget* make_classes();
  void list_classes();
  void show_confidence();
  void retranslate();

  std::shared_ptr<const Recording> recording_;
  std::optional<float> confidence_;  // none: as recorded

  QCheckBox* show_boxes_;
  QGroupBox *confidence_group_, *class_group_;
  QSlider* confidence_slider_;
  QLabel *confidence_label_, *no_weaker_;
  QPushButton* as_recorded_;
  QWidget* class_list_;
  std::vector<QCheckBox*> class_boxes_;  // per class; nullptr: none of it in the recording
};

}  // namespace dualsight
