#include "ui/review/review_widget.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMetaObject>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyle>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QTransform>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <map>
#include <utility>

#include "ui/review/recording_player.h"
#include "ui/review/timeline_widget.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/overlay_painter.h"

namespace dualsight {
namespace {

constexpr std::array<double, 6> kSpeeds{0.25, 0.5, 1, 2, 4, 8};

QString percent(float confidence) { return ReviewWidget::tr("%1 %").arg(std::lround(100 * confidence)); }

QIcon swatch(const QColor& color, int size) {
  QPixmap pixmap(size, size);
  pixmap.fill(color);
  QPainter painter(&pixmap);
  painter.setPen(QColor(0, 0, 0, 140));
  painter.drawRect(0, 0, size - 1, size - 1);
  return pixmap;
}

// A line that never widens the window: what does not fit is in the tool tip.
class ElidedLabel : public QLabel {
 public:
  explicit ElidedLabel(const char* name) {
    setObjectName(QLatin1String(name));
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    style()->drawItemText(&painter, contentsRect(), static_cast<int>(Qt::AlignLeading | Qt::AlignVCenter), palette(),
                          isEnabled(), fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()),
                          foregroundRole());
  }
};

}  // namespace

// The picture, as large as there is room, and the boxes over it.
class ReviewPicture : public QWidget {
 public:
  explicit ReviewPicture(const RecordingPlayer& player) : player_(player) {
    setObjectName(QStringLiteral("reviewPicture"));
    style_.tracks = true;
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMinimumSize(30 * fontMetrics().averageCharWidth(), 20 * fontMetrics().height());  // other panels give way
  }

  void set_class_names(const std::vector<std::string>& names) {
    class_names_.clear();
    for (const std::string& name : names) class_names_ << QString::fromStdString(name);
  }
  void set_colors(const std::vector<QColor>& colors) {
    style_.classes.clear();
    for (const QColor& color : colors) style_.classes.push_back({true, color, 0});
    update();
  }
  void set_boxes_shown(bool shown) {
    boxes_ = shown;
    update();
  }
  void set_hint(const QString& hint) {
    hint_ = hint;
    update();
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    const QImage& image = player_.picture().image;
    painter.fillRect(rect(), image.isNull() ? palette().base() : palette().dark());
    if (image.isNull()) {
      painter.setPen(palette().color(QPalette::Text));
      const int margin = fontMetrics().height();
      painter.drawText(rect().adjusted(margin, margin, -margin, -margin), Qt::AlignCenter | Qt::TextWordWrap, hint_);
      return;
    }
    const QSizeF size = QSizeF(image.size()).scaled(QSizeF(rect().size()), Qt::KeepAspectRatio);
    const QRectF place(QPointF((width() - size.width()) / 2, (height() - size.height()) / 2), size);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(place, image);
    if (!boxes_ || !player_.recording()) return;
    const double scale = size.width() / image.width();
    const QTransform to_widget = QTransform::fromTranslate(place.left(), place.top()).scale(scale, scale);
    paint_detections(painter, to_widget, place, player_.picture().detections, class_names_, style_);
  }

 private:
  const RecordingPlayer& player_;
  VideoStyle style_;
  QStringList class_names_;
  bool boxes_ = true;
  QString hint_;
};

// --- making

ReviewWidget::ReviewWidget(QWidget* parent)
    : QWidget(parent),
      player_(new RecordingPlayer(this)),
      notice_(new NoticeBar(this)),
      picture_(new ReviewPicture(*player_)),
      timeline_(new TimelineWidget),
      presence_timer_(new QTimer(this)) {
  setObjectName(QStringLiteral("reviewWidget"));
  timeline_area_ = new QScrollArea;
  timeline_area_->setWidget(timeline_);
  timeline_area_->setWidgetResizable(true);
  timeline_area_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  timeline_area_->setFocusPolicy(Qt::NoFocus);

  objects_label_ = new ElidedLabel("objectsLabel");
  auto* middle = new QHBoxLayout;
  middle->addWidget(picture_, 1);
  middle->addWidget(make_side());
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(make_header());
  layout->addWidget(notice_);
  layout->addLayout(middle, 1);
  layout->addWidget(objects_label_);
  layout->addWidget(make_controls());
  layout->addWidget(timeline_area_);
  layout->addWidget(make_export_line());

  connect(player_, &RecordingPlayer::opened, this, &ReviewWidget::show_opened);
  connect(player_, &RecordingPlayer::failed, this, &ReviewWidget::show_problem);
  connect(player_, &RecordingPlayer::shown, this, &ReviewWidget::show_picture);
  connect(player_, &RecordingPlayer::playing_changed, this, &ReviewWidget::show_state);
  connect(timeline_, &TimelineWidget::sought, player_, &RecordingPlayer::seek);
  connect(timeline_, &TimelineWidget::stepped, player_, &RecordingPlayer::step);
  connect(timeline_, &TimelineWidget::play_toggled, play_button_, &QToolButton::click);
  // Wherever the focus is, but on what the space bar presses. (As a key it would end in the nearest group box.)
  auto* space = new QShortcut(Qt::Key_Space, this);
  space->setContext(Qt::WidgetWithChildrenShortcut);
  space->setAutoRepeat(false);
  connect(space, &QShortcut::activated, play_button_, &QToolButton::click);
  connect(timeline_, &TimelineWidget::range_changed, this, &ReviewWidget::show_state);
  // Dragging the slider asks for many: the time line waits until it rests for a moment.
  presence_timer_->setSingleShot(true);
  presence_timer_->setInterval(40);
  connect(presence_timer_, &QTimer::timeout, this, &ReviewWidget::fill_timeline);
  retranslate();
  clear();
}

ReviewWidget::~ReviewWidget() {
  export_thread_ = {};  // stopped and waited for, while there still is a window for its last word
}

QWidget* ReviewWidget::make_header() {
  auto* header = new QWidget;
  title_ = new ElidedLabel("reviewTitle");
  side_button_ = new QPushButton;
  side_button_->setObjectName(QStringLiteral("showSide"));
  side_button_->setCheckable(true);
  open_button_ = new QPushButton;
  open_button_->setObjectName(QStringLiteral("openRecording"));
  live_button_ = new QPushButton;
  live_button_->setObjectName(QStringLiteral("backToLive"));
  auto* layout = new QHBoxLayout(header);
  layout->setContentsMargins({});
  layout->addWidget(title_, 1);
  layout->addWidget(side_button_);
  layout->addWidget(open_button_);
  layout->addWidget(live_button_);
  connect(side_button_, &QPushButton::clicked, this, [this](bool shown) {
    side_chosen_ = true;
    side_->setVisible(shown);
  });
  connect(open_button_, &QPushButton::clicked, this, &ReviewWidget::ask_to_open);
  connect(live_button_, &QPushButton::clicked, this, &ReviewWidget::close_recording);
  return header;
}

QWidget* ReviewWidget::make_side() {
  show_boxes_ = new QCheckBox;
  show_boxes_->setObjectName(QStringLiteral("showBoxes"));
  show_boxes_->setChecked(true);
  connect(show_boxes_, &QCheckBox::toggled, picture_, &ReviewPicture::set_boxes_shown);

  confidence_group_ = new QGroupBox;
  confidence_slider_ = new QSlider(Qt::Horizontal);
  confidence_slider_->setObjectName(QStringLiteral("confidenceSlider"));
  confidence_slider_->setRange(1, 99);
  confidence_label_ = new QLabel;
  confidence_label_->setObjectName(QStringLiteral("confidenceLabel"));
  as_recorded_ = new QPushButton;
  as_recorded_->setObjectName(QStringLiteral("asRecorded"));
  no_weaker_ = new QLabel;
  no_weaker_->setWordWrap(true);
  auto* confidence = new QGridLayout(confidence_group_);
  confidence->addWidget(confidence_slider_, 0, 0, 1, 2);
  confidence->addWidget(confidence_label_, 1, 0);
  confidence->addWidget(as_recorded_, 1, 1);
  confidence->addWidget(no_weaker_, 2, 0, 1, 2);
  confidence->setColumnStretch(0, 1);
  connect(confidence_slider_, &QSlider::valueChanged, this, [this](int value) {
    confidence_ = static_cast<float>(value) / 100;
    apply_filter();
  });
  connect(as_recorded_, &QPushButton::clicked, this, [this] {
    confidence_.reset();
    apply_filter();
  });

  class_group_ = new QGroupBox;
  class_list_ = new QWidget;
  new QVBoxLayout(class_list_);
  auto* class_area = new QScrollArea;
  class_area->setWidget(class_list_);
  class_area->setWidgetResizable(true);
  class_area->setFrameShape(QFrame::NoFrame);
  class_area->setFocusPolicy(Qt::NoFocus);  // its boxes have it
  class_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  class_area->setMinimumHeight(3 * fontMetrics().height());
  auto* classes = new QVBoxLayout(class_group_);
  classes->setContentsMargins({});
  classes->addWidget(class_area);

  export_page_ = new QWidget;
  range_label_ = new QLabel;
  range_label_->setObjectName(QStringLiteral("rangeLabel"));
  draw_boxes_ = new QCheckBox;
  draw_boxes_->setObjectName(QStringLiteral("drawBoxes"));
  draw_boxes_->setChecked(true);
  every_label_ = new QLabel;
  every_ = new QDoubleSpinBox;
  every_->setObjectName(QStringLiteral("pictureEvery"));
  every_->setDecimals(1);
  every_->setRange(0, 3600);
  every_->setValue(1);
  every_label_->setBuddy(every_);
  auto* exports = new QGridLayout(export_page_);
  exports->addWidget(range_label_, 0, 0, 1, 2);
  exports->addWidget(draw_boxes_, 1, 0, 1, 2);
  exports->addWidget(every_label_, 2, 0);
  exports->addWidget(every_, 2, 1);
  const auto add = [&](QPushButton*& button, const char* name, int row, int column) {
    button = new QPushButton;
    button->setObjectName(QLatin1String(name));
    exports->addWidget(button, row, column);
  };
  add(clip_button_, "exportClip", 3, 0);
  add(pictures_button_, "exportPictures", 3, 1);
  add(table_button_, "exportTable", 4, 0);
  add(training_button_, "exportTraining", 4, 1);
  exports->setRowStretch(5, 1);
  connect(clip_button_, &QPushButton::clicked, this, [this] {
    ask_for(tr("Save clip"), QStringLiteral("-clip.mkv"), tr("Videos (*.mkv *.mp4 *.avi)"), false,
            &ReviewWidget::export_clip);
  });
  connect(pictures_button_, &QPushButton::clicked, this, [this] {
    ask_for(tr("Save pictures in a new folder"), QStringLiteral("-pictures"), {}, true, &ReviewWidget::export_pictures);
  });
  connect(table_button_, &QPushButton::clicked, this, [this] {
    ask_for(tr("Save table"), QStringLiteral(".csv"), tr("Tables (*.csv)"), false, &ReviewWidget::export_table);
  });
  connect(training_button_, &QPushButton::clicked, this, [this] {
    ask_for(tr("Save training data in a new folder"), QStringLiteral("-coco"), {}, true,
            &ReviewWidget::export_training_data);
  });

  auto* filter = new QWidget;
  auto* layout = new QVBoxLayout(filter);
  layout->addWidget(show_boxes_);
  layout->addWidget(confidence_group_);
  layout->addWidget(class_group_, 1);
  side_ = new QTabWidget;
  side_->setObjectName(QStringLiteral("reviewSide"));
  side_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
  side_->addTab(filter, {});
  side_->addTab(export_page_, {});
  side_->hide();
  return side_;
}

QWidget* ReviewWidget::make_controls() {
  auto* controls = new QWidget;
  auto* layout = new QHBoxLayout(controls);
  layout->setContentsMargins({});
  const auto add = [&](QToolButton*& button, const char* name) {
    button = new QToolButton;
    button->setObjectName(QLatin1String(name));
    button->setFocusPolicy(Qt::StrongFocus);
    layout->addWidget(button);
  };
  add(back_button_, "stepBack");
  add(play_button_, "playPause");
  add(forward_button_, "stepForward");
  back_button_->setArrowType(Qt::LeftArrow);
  forward_button_->setArrowType(Qt::RightArrow);
  for (auto* button : {back_button_, forward_button_}) button->setAutoRepeat(true);
  connect(back_button_, &QToolButton::clicked, this, [this] { player_->step(-1); });
  connect(forward_button_, &QToolButton::clicked, this, [this] { player_->step(1); });
  connect(play_button_, &QToolButton::clicked, this,
          [this] { player_->playing() ? player_->pause() : player_->play(); });

  speed_label_ = new QLabel;
  speed_ = new QComboBox;
  speed_->setObjectName(QStringLiteral("playSpeed"));
  for (const double speed : kSpeeds) speed_->addItem(QString(), speed);
  speed_->setCurrentIndex(2);
  speed_label_->setBuddy(speed_);
  connect(speed_, &QComboBox::currentIndexChanged, this,
          [this] { player_->set_speed(speed_->currentData().toDouble()); });
  time_label_ = new QLabel;
  time_label_->setObjectName(QStringLiteral("timeLabel"));
  layout->addWidget(speed_label_);
  layout->addWidget(speed_);
  layout->addWidget(time_label_);
  layout->addStretch(1);
  add(begin_button_, "rangeBegin");
  add(end_button_, "rangeEnd");
  add(whole_button_, "wholeRange");
  // The time line knows how: its keys.
  connect(begin_button_, &QToolButton::clicked, this, [this] {
    const auto range = timeline_->range();
    const double now = timeline_->position();
    timeline_->set_range(TimeSpan{now, range && range->to_ms > now ? range->to_ms : timeline_->duration()});
  });
  connect(end_button_, &QToolButton::clicked, this, [this] {
    const auto range = timeline_->range();
    const double now = timeline_->position();
    timeline_->set_range(TimeSpan{range && range->from_ms < now ? range->from_ms : 0, now});
  });
  connect(whole_button_, &QToolButton::clicked, this, [this] { timeline_->set_range(std::nullopt); });
  return controls;
}

QWidget* ReviewWidget::make_export_line() {
  export_line_ = new QWidget;
  export_label_ = new QLabel;
  export_label_->setObjectName(QStringLiteral("exportLabel"));
  export_label_->setTextFormat(Qt::PlainText);
  export_label_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  export_label_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  progress_ = new QProgressBar;
  progress_->setObjectName(QStringLiteral("exportProgress"));
  progress_->setRange(0, 100);
  cancel_button_ = new QPushButton;
  cancel_button_->setObjectName(QStringLiteral("cancelExport"));
  auto* layout = new QHBoxLayout(export_line_);
  layout->setContentsMargins({});
  layout->addWidget(export_label_, 1);
  layout->addWidget(progress_);
  layout->addWidget(cancel_button_);
  connect(cancel_button_, &QPushButton::clicked, this, [this] { export_thread_.request_stop(); });
  export_line_->hide();
  return export_line_;
}

void ReviewWidget::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

// Unless somebody chose: the side is there where the picture keeps room enough.
void ReviewWidget::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (side_chosen_) return;
  side_button_->setChecked(width() - side_->sizeHint().width() >= 80 * fontMetrics().averageCharWidth());
  side_->setVisible(side_button_->isChecked());
}

void ReviewWidget::hideEvent(QHideEvent* event) {
  player_->pause();
  QWidget::hideEvent(event);
}

void ReviewWidget::retranslate() {
  side_button_->setText(tr("Filter and e&xport"));
  side_button_->setToolTip(tr("What is shown, from which confidence on, and what can be saved"));
  open_button_->setText(tr("&Open recording…"));
  live_button_->setText(tr("Back to &live"));
  picture_->setAccessibleName(tr("Picture of the recording"));
  show_boxes_->setText(tr("Show &boxes"));
  confidence_group_->setTitle(tr("Least confidence"));
  confidence_slider_->setAccessibleName(tr("Least confidence of what is shown"));
  as_recorded_->setText(tr("&As recorded"));
  no_weaker_->setText(tr("Weaker detections were not recorded."));
  class_group_->setTitle(tr("Classes"));
  side_->setTabText(0, tr("Filter"));
  side_->setTabText(1, tr("Export"));
  draw_boxes_->setText(tr("Dra&w boxes in clip and pictures"));
  every_label_->setText(tr("One pict&ure each"));
  every_->setSuffix(tr(" s"));
  every_->setSpecialValueText(tr("detection"));
  every_->setToolTip(tr("Of pictures and training data: one each so many seconds, or each time the detector looked"));
  clip_button_->setText(tr("Cl&ip…"));
  pictures_button_->setText(tr("&Pictures…"));
  table_button_->setText(tr("Tabl&e…"));
  table_button_->setToolTip(tr("A line for each detection, as CSV"));
  training_button_->setText(tr("Trainin&g data…"));
  back_button_->setToolTip(tr("One frame back"));
  forward_button_->setToolTip(tr("One frame on"));
  begin_button_->setText(tr("Range from here"));
  begin_button_->setToolTip(tr("The range for exports begins here (I in the time line; or drag there with Shift)"));
  end_button_->setText(tr("to here"));
  end_button_->setToolTip(tr("The range for exports ends here (O in the time line; or drag there with Shift)"));
  whole_button_->setText(tr("Everything"));
  whole_button_->setToolTip(tr("No range: exports take the whole recording"));
  end_button_->setAccessibleName(tr("Range to here"));
  for (auto* button : {back_button_, forward_button_}) button->setAccessibleName(button->toolTip());
  speed_label_->setText(tr("&Speed"));
  for (int i = 0; i < speed_->count(); ++i) speed_->setItemText(i, tr("%1x").arg(speed_->itemData(i).toDouble()));
  progress_->setAccessibleName(tr("Progress of the export"));
  cancel_button_->setText(tr("Ca&ncel"));
  show_state();
  show_picture();
  if (player_->recording()) fill_timeline();
}

// --- opening and closing

void ReviewWidget::open(const QString& video, const QString& sidecar) {
  stop_export();
  clear();
  video_ = video;
  opening_ = true;
  player_->open(video, sidecar);
  show_state();
}

void ReviewWidget::close_recording() {
  stop_export();
  player_->close();
  clear();
  Q_EMIT closed();
}

void ReviewWidget::clear() {
  video_.clear();
  opening_ = false;
  wanted_ms_.reset();
  confidence_.reset();
  notice_->hide();
  export_line_->hide();
  timeline_->set_duration(0);
  timeline_->set_marks({});
  player_->close();
  fill_classes();
  fill_timeline();
  show_state();
  show_picture();
}

void ReviewWidget::show_opened() {
  opening_ = false;
  const Recording& recording = *player_->recording();
  {
    // Where it stands says nothing while the confidence is as recorded, but from there one pulls.
    const QSignalBlocker quiet(confidence_slider_);
    float least = 1;
    for (const float threshold : recording.run().thresholds) least = std::min(least, threshold);
    confidence_slider_->setValue(least < 1 ? static_cast<int>(std::lround(100 * least)) : 30);
  }
  const auto& frames = recording.run().frames;
  no_weaker_->setVisible(!frames.empty() && std::all_of(frames.begin(), frames.end(), [](const RecordedFrame& frame) {
    return frame.candidates.empty();
  }));
  picture_->set_class_names(recording.run().class_names);
  // Drawn boxes are not drawn over unless asked for. What was ticked stays while recordings of one kind follow.
  if (std::exchange(annotated_, recording.annotated()) != annotated_) {
    for (QCheckBox* box : {show_boxes_, draw_boxes_}) box->setChecked(!annotated_);
  }
  timeline_->set_duration(recording.duration_ms());
  fill_classes();
  apply_colors();
  if (!recording.problem().empty()) {
    notice_->show_notice(tr("Shown without boxes: %1").arg(QString::fromStdString(recording.problem())));
  } else if (recording.sidecar().empty()) {
    notice_->show_notice(tr("Shown without boxes: there are no records (%1.ndjson) beside the video.")
                             .arg(QFileInfo(QString::fromStdString(recording.video())).completeBaseName()));
  }
  if (wanted_ms_) seek(*std::exchange(wanted_ms_, std::nullopt));
  show_state();
  timeline_->setFocus();  // its keys play and step
}

void ReviewWidget::show_problem(const QString& message) {
  opening_ = false;
  notice_->show_notice(
      player_->recording() ? message : tr("%1. Open another recording, or go back to the live picture.").arg(message));
  show_state();
}

void ReviewWidget::seek(double time_ms) {
  if (player_->recording()) {
    player_->seek(time_ms);
  } else if (opening_) {
    wanted_ms_ = time_ms;
  }
}

void ReviewWidget::ask_to_open() {
  auto* dialog = new QFileDialog(this, tr("Open recording"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->setNameFilters({tr("Videos (*.mkv *.mp4 *.avi *.mov *.webm)"), tr("All files (*)")});
  if (!video_.isEmpty()) dialog->setDirectory(QFileInfo(video_).absolutePath());
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) { open(file); });
  dialog->open();
}

// --- showing

QString ReviewWidget::class_name(int class_id) const {
  return QString::fromStdString(player_->recording()->run().class_names[static_cast<std::size_t>(class_id)]);
}

void ReviewWidget::show_picture() {
  const PlayedPicture& picture = player_->picture();
  QStringList objects;
  if (!picture.image.isNull()) {
    std::map<int, int> counts;
    for (const Detection& d : picture.detections) ++counts[d.class_id];
    for (const auto& [class_id, count] : counts) objects << tr("%1 %2").arg(count).arg(class_name(class_id));
    if (objects.isEmpty()) objects << tr("nothing found");
    timeline_->set_position(picture.time_ms);
  }
  objects_label_->setText(objects.join(QStringLiteral(", ")));
  objects_label_->setToolTip(objects_label_->text());
  picture_->setAccessibleDescription(objects_label_->text());
  time_label_->setText(tr("%1 of %2").arg(time_text(picture.time_ms), time_text(timeline_->duration())));
  picture_->update();
}

void ReviewWidget::show_state() {
  const bool there = player_->recording() != nullptr;
  const bool records = there && !player_->recording()->sidecar().empty();
  const bool playing = player_->playing();
  title_->setText(there ? QFileInfo(QString::fromStdString(player_->recording()->video())).fileName()
                        : QFileInfo(video_).fileName());
  title_->setToolTip(there ? QDir::toNativeSeparators(QString::fromStdString(player_->recording()->video()))
                           : QString());
  picture_->set_hint(opening_ ? tr("Reading the recording…") : tr("No recording is open."));
  play_button_->setIcon(icon(playing ? QStringLiteral("freeze") : QStringLiteral("play")));
  play_button_->setToolTip(playing ? tr("Pause (space bar)") : tr("Play (space bar)"));
  play_button_->setAccessibleName(playing ? tr("Pause") : tr("Play"));
  for (QWidget* widget : std::initializer_list<QWidget*>{back_button_, play_button_, forward_button_, speed_,
                                                         begin_button_, end_button_, timeline_}) {
    widget->setEnabled(there);
  }
  whole_button_->setEnabled(timeline_->range().has_value());
  confidence_group_->setEnabled(records);
  show_boxes_->setEnabled(records);
  export_page_->setEnabled(there && !exporting_);
  for (QWidget* widget : std::initializer_list<QWidget*>{draw_boxes_, table_button_}) widget->setEnabled(records);
  const bool drawn_into = there && player_->recording()->annotated();
  training_button_->setEnabled(records && !drawn_into);
  training_button_->setToolTip(drawn_into
                                   ? tr("Boxes are drawn into these pictures: only a raw recording can be learned from")
                                   : tr("Pictures with their boxes in COCO's format, to be corrected and trained on"));
  const auto& range = timeline_->range();
  range_label_->setText(range ? tr("From %1 to %2").arg(time_text(range->from_ms), time_text(range->to_ms))
                              : tr("The whole recording"));
  progress_->setVisible(exporting_);
  cancel_button_->setVisible(exporting_);
  show_confidence();
}

void ReviewWidget::show_confidence() {
  confidence_label_->setText(confidence_ ? percent(*confidence_) : tr("as recorded"));
  as_recorded_->setEnabled(confidence_.has_value());
}

void ReviewWidget::fill_classes() {
  for (QCheckBox* box : class_boxes_) delete box;
  class_boxes_.clear();
  auto* layout = static_cast<QVBoxLayout*>(class_list_->layout());
  while (QLayoutItem* item = layout->takeAt(0)) delete item;  // the stretch
  if (player_->recording()) {
    const std::vector<bool> seen = player_->recording()->classes_seen();
    class_boxes_.assign(seen.size(), nullptr);
    for (std::size_t c = 0; c < seen.size(); ++c) {
      if (!seen[c]) continue;
      const auto id = static_cast<int>(c);
      auto* box = new QCheckBox(class_name(id).replace(QLatin1Char('&'), QStringLiteral("&&")));
      box->setObjectName(QStringLiteral("class%1").arg(id));
      box->setChecked(true);
      connect(box, &QCheckBox::toggled, this, &ReviewWidget::apply_filter);
      layout->addWidget(box);
      class_boxes_[c] = box;
    }
    QWidget* last = as_recorded_;
    for (QCheckBox* box : class_boxes_) {
      if (box != nullptr) setTabOrder(std::exchange(last, box), box);
    }
  }
  layout->addStretch(1);
}

QColor ReviewWidget::color(int class_id) const {
  return colors_.value(class_name(class_id), color_of(class_id, VideoStyle()));
}

std::vector<QColor> ReviewWidget::colors() const {
  std::vector<QColor> all;
  for (std::size_t c = 0; c < class_boxes_.size(); ++c) all.push_back(color(static_cast<int>(c)));
  return all;
}

void ReviewWidget::set_colors(const QMap<QString, QColor>& colors) {
  if (colors == colors_) return;
  colors_ = colors;
  if (player_->recording()) apply_colors();
}

void ReviewWidget::apply_colors() {
  const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
  const std::vector<QColor> now = colors();
  for (std::size_t c = 0; c < class_boxes_.size(); ++c) {
    if (class_boxes_[c] != nullptr) class_boxes_[c]->setIcon(swatch(now[c], size));
  }
  picture_->set_colors(now);
  fill_timeline();
}

void ReviewWidget::fill_timeline() {
  std::vector<TimelineRow> rows;
  std::vector<TimelineMark> marks;
  if (player_->recording()) {
    const auto spans = player_->recording()->presence(player_->filter());
    for (std::size_t c = 0; c < class_boxes_.size(); ++c) {
      if (class_boxes_[c] == nullptr || !class_boxes_[c]->isChecked()) continue;
      const auto id = static_cast<int>(c);
      rows.push_back({class_name(id), color(id), spans[c]});
    }
    for (const EventRecord& event : player_->recording()->run().events) {
      const auto c = static_cast<std::size_t>(event.detection.class_id);
      if (class_boxes_[c] != nullptr && !class_boxes_[c]->isChecked()) continue;
      marks.push_back({*event.pts_ms, color(event.detection.class_id), event_text(event)});
    }
  }
  timeline_->set_rows(std::move(rows));
  timeline_->set_marks(std::move(marks));
  // Up to eight rows in sight, and four where room is short.
  const int one = fontMetrics().height() + fontMetrics().height() / 3;
  const int all = timeline_->sizeHint().height(), frame = 2 * timeline_area_->frameWidth();
  timeline_area_->setMinimumHeight(std::min(all, 6 * one) + frame);
  timeline_area_->setMaximumHeight(std::min(all, 11 * one) + frame);
}

QString ReviewWidget::event_text(const EventRecord& event) const {
  QString who = class_name(event.detection.class_id);
  if (event.detection.track_id > 0) who += QStringLiteral(" #%1").arg(event.detection.track_id);
  const QString zone = QString::fromStdString(event.zone);
  switch (event.event) {
    case Event::appeared:
      return tr("%1 appeared").arg(who);
    case Event::changed:
      return tr("now %1").arg(who);
    case Event::ended:
      return tr("%1 was gone").arg(who);
    case Event::entered:
      return tr("%1 entered %2").arg(who, zone);
    case Event::left:
      return tr("%1 left %2").arg(who, zone);
    case Event::crossed:
      return event.direction == "backward" ? tr("%1 crossed %2 backward").arg(who, zone)
                                           : tr("%1 crossed %2 forward").arg(who, zone);
  }
  return who;
}

void ReviewWidget::apply_filter() {
  if (!player_->recording()) return;
  DetectionFilter filter(class_boxes_.size(), confidence_.value_or(-1.0F));
  for (std::size_t c = 0; c < class_boxes_.size(); ++c) {
    filter.shown[c] = class_boxes_[c] == nullptr || class_boxes_[c]->isChecked();
  }
  player_->set_filter(filter);
  show_confidence();
  presence_timer_->start();
}

// --- exports

void ReviewWidget::ask_for(const QString& title, const QString& name, const QString& filter, bool folder,
                           void (ReviewWidget::*then)(const QString&)) {
  const QFileInfo video(QString::fromStdString(player_->recording()->video()));
  const QString stem = video.completeBaseName();
  QString proposed = stem + name;
  const QFileInfo as_file(proposed);
  for (int i = 2; QFileInfo::exists(video.dir().filePath(proposed)); ++i) {
    proposed = folder ? QStringLiteral("%1%2-%3").arg(stem, name).arg(i)
                      : QStringLiteral("%1-%2.%3").arg(as_file.completeBaseName()).arg(i).arg(as_file.suffix());
  }
  auto* dialog = new QFileDialog(this, title, video.absolutePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  if (folder) {
    dialog->setOption(QFileDialog::DontConfirmOverwrite);  // none that is there is taken
  } else {
    dialog->setNameFilter(filter);
    dialog->setDefaultSuffix(as_file.suffix());
  }
  dialog->selectFile(proposed);
  connect(dialog, &QFileDialog::fileSelected, this, [this, then](const QString& chosen) { (this->*then)(chosen); });
  dialog->open();
}

void ReviewWidget::export_clip(const QString& file) {
  start_export(file, [name = file.toStdString()](const Recording& recording, const RecordingExport& options) {
    return dualsight::export_clip(recording, name, options);
  });
}

void ReviewWidget::export_pictures(const QString& folder) {
  start_export(folder, [name = folder.toStdString()](const Recording& recording, const RecordingExport& options) {
    return dualsight::export_pictures(recording, name, ".jpg", options);
  });
}

void ReviewWidget::export_table(const QString& file) {
  start_export(file, [name = file.toStdString()](const Recording& recording, const RecordingExport& options) {
    return export_csv(recording, name, options);
  });
}

void ReviewWidget::export_training_data(const QString& folder) {
  start_export(folder, [name = folder.toStdString()](const Recording& recording, const RecordingExport& options) {
    return export_coco(recording, name, options);
  });
}

void ReviewWidget::start_export(const QString& target, const Job& job) {
  if (!player_->recording() || exporting_) return;
  player_->pause();
  RecordingExport options;
  if (timeline_->range()) options.range = *timeline_->range();
  options.filter = player_->filter();
  options.boxes = draw_boxes_->isChecked() && !player_->recording()->sidecar().empty();
  options.every_s = every_->value();
  options.style.colors = to_rgb(colors());
  const int number = ++export_number_;
  // Called on the export's thread, and only a word for each per cent goes to the window.
  options.progress = [this, number, last = -1](double share) mutable {
    const int now = static_cast<int>(100 * share);
    if (std::exchange(last, now) == now) return;
    QMetaObject::invokeMethod(
        this,
        [this, number, now] {
          if (number == export_number_) progress_->setValue(now);
        },
        Qt::QueuedConnection);
  };
  exporting_ = true;
  progress_->setValue(0);
  export_label_->setText(tr("Saving %1").arg(QDir::toNativeSeparators(target)));
  export_line_->show();
  notice_->hide();
  show_state();
  export_thread_ = std::jthread([this, number, target, job, options = std::move(options),
                                 recording = player_->recording()](const std::stop_token& stop) mutable {
    options.stop = stop;
    Result<void> result;
    try {
      result = job(*recording, options);
    } catch (const std::exception& e) {
      result = Error{ErrorKind::internal, target.toStdString() + ": " + e.what()};
    }
    QMetaObject::invokeMethod(
        this,
        [this, number, target, result] {
          if (number == export_number_) end_export(target, result);
        },
        Qt::QueuedConnection);
  });
}

void ReviewWidget::end_export(const QString& target, const Result<void>& result) {
  exporting_ = false;
  if (result) {
    export_label_->setText(tr("Saved %1").arg(QDir::toNativeSeparators(target)));
  } else if (result.error().kind == ErrorKind::interrupted) {
    export_label_->setText(tr("Cancelled"));
  } else {
    export_line_->hide();
    notice_->show_notice(tr("Not saved: %1").arg(QString::fromStdString(result.error().message)));
  }
  show_state();
  Q_EMIT export_ended(static_cast<bool>(result));
}

// Its thread is told; it is waited for only when the next one begins, by when it has long ended.
void ReviewWidget::stop_export() {
  if (!std::exchange(exporting_, false)) return;
  ++export_number_;
  export_thread_.request_stop();
  export_line_->hide();
}

}  // namespace dualsight
