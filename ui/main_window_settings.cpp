// The window's settings: given to panels and actions, collected from them, and saved.
#include <QAction>
#include <QApplication>
#include <QMessageBox>

#include "ui/live_controller.h"
#include "ui/main_window.h"
#include "ui/output_controller.h"
#include "ui/panels/detections_dock.h"
#include "ui/panels/detector_settings_dock.h"
#include "ui/panels/sources_dock.h"
#include "ui/panels/zones_dock.h"
#include "ui/review/review_widget.h"
#include "ui/settings/actions.h"
#include "ui/widgets/language.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/status_widgets.h"
#include "ui/widgets/theme.h"

namespace dualsight {

// All but theme, language and model: main() applies the first two before the window is built, the panel loads the
// third.
void MainWindow::apply(const Settings& settings) {
  settings_ = settings;
  actions_->apply(settings.shortcuts);
  const auto check = [this](const char* name, bool on) { actions_->get(name)->setChecked(on); };
  check("labels", settings.labels);
  check("coordinates", settings.coordinates);
  check("tracks", settings.tracks);
  check("zones", settings.zones);
  check("mirror", settings.mirror);
  check("tracking", settings.tracking);
  check("record_on_events", settings.record_on_events);
  sources_->set_settings(settings);
  detector_settings_->set_settings(settings);
  detections_->set_hidden_columns(settings.hidden_columns);
  zones_->set_text(settings.regions);
  status_->set_folder(record_folder(settings));
  review_->set_colors(detector_settings_->chosen_colors());
  live_->apply_style();
}

// While the window is open: everything.
void MainWindow::change_to(const Settings& wanted) {
  const Settings now = settings();
  if (wanted.theme != now.theme) apply_theme(*qApp, wanted.theme);
  if (wanted.language != now.language) apply_language(wanted.language);
  apply(wanted);
  if (wanted.model != now.model || wanted.device != now.device || wanted.precision != now.precision ||
      wanted.input_size != now.input_size) {
    detector_settings_->load_model();
  }
  live_->adjust();
}

Settings MainWindow::settings() const {
  Settings now = settings_;
  sources_->store(now);
  detector_settings_->store(now);
  now.hidden_columns = detections_->hidden_columns();
  now.regions = zones_->text();
  now.shortcuts = actions_->overrides();
  const auto checked = [this](const char* name) { return actions_->get(name)->isChecked(); };
  now.labels = checked("labels");
  now.coordinates = checked("coordinates");
  now.tracks = checked("tracks");
  now.zones = checked("zones");
  now.geometry = saveGeometry();
  now.state = saveState();
  return now;
}

void MainWindow::save_settings() {
  if (options_.safe_mode) return;
  saved_ = settings();  // even if saving fails: the notice is shown once for each change, not every two seconds
  if (!store_.save(saved_)) {
    notice_->show_notice(tr("The settings could not be saved: %1 is not writable.").arg(store_.file()));
  }
}

// So that a crash loses no more than the last seconds. Called by a timer, since not every change is signalled (a dock
// that is made wider, a column that is hidden); saves once two calls in a row found the same.
void MainWindow::save_settings_once_they_rest() {
  Settings now = settings();
  if (now != saved_ && now == last_watched_) save_settings();
  last_watched_ = std::move(now);
}

void MainWindow::ask_to_reset_settings() {
  if (QMessageBox::question(this, tr("Reset settings"),
                            tr("Forget all settings, zones and shortcuts and begin with those that Dualsight comes "
                               "with?")) != QMessageBox::Yes) {
    return;
  }
  if (!options_.safe_mode) store_.reset();
  change_to(Settings());
  actions_->get("reset_layout")->trigger();
}

}  // namespace dualsight
