#include "ui/review/review_widget.h"

#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QStyle>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <map>
#include <utility>

#include "ui/review/export_panel.h"
#include "ui/review/filter_panel.h"
#include "ui/review/recording_player.h"
#include "ui/review/review_picture.h"
#include "ui/review/timeline_widget.h"
#include "ui/review/transport_bar.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/overlay_painter.h"

namespace dualsight {
namespace {

constexpr int kPresenceDelayMs = 40;

// A line of text that never widens the window: it is shortened to the room there is.
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

// --- building

ReviewWidget::ReviewWidget(QWidget* parent)
    : QWidget(parent),
      player_(new RecordingPlayer(this)),
      notice_(new NoticeBar(this)),
      picture_(new ReviewPicture(*player_)),
      timeline_(new TimelineWidget),
      transport_(new TransportBar(*player_, *timeline_)),
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
  layout->addWidget(transport_);
  layout->addWidget(timeline_area_);
  layout->addWidget(exports_->progress_line());

  connect_parts();
  retranslate();
  clear();
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
  filter_ = new FilterPanel;
  exports_ = new ExportPanel(*player_, *timeline_);
  side_ = new QTabWidget;
  side_->setObjectName(QStringLiteral("reviewSide"));
  side_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
  side_->addTab(filter_, {});
  side_->addTab(exports_, {});
  side_->hide();
  return side_;
}

void ReviewWidget::connect_parts() {
  connect(player_, &RecordingPlayer::opened, this, &ReviewWidget::show_opened);
  connect(player_, &RecordingPlayer::failed, this, &ReviewWidget::show_problem);
  connect(player_, &RecordingPlayer::shown, this, &ReviewWidget::show_picture);
  connect(timeline_, &TimelineWidget::sought, player_, &RecordingPlayer::seek);
  connect(timeline_, &TimelineWidget::stepped, player_, &RecordingPlayer::step);
  connect(timeline_, &TimelineWidget::play_toggled, transport_, &TransportBar::toggle_play);
  connect(filter_, &FilterPanel::boxes_shown_changed, picture_, &ReviewPicture::set_boxes_shown);
  connect(filter_, &FilterPanel::filter_changed, this, &ReviewWidget::apply_filter);
  connect(exports_, &ExportPanel::started, notice_, &QWidget::hide);
  connect(exports_, &ExportPanel::failed, notice_, &NoticeBar::show_notice);
  // The space bar plays wherever the focus is, except on controls that use it themselves. (A shortcut, since a key
  // event would end in the nearest group box.)
  auto* space = new QShortcut(Qt::Key_Space, this);
  space->setContext(Qt::WidgetWithChildrenShortcut);
  space->setAutoRepeat(false);
  connect(space, &QShortcut::activated, transport_, &TransportBar::toggle_play);
  // A dragged slider changes the filter many times a second: the time line follows once it rests.
  presence_timer_->setSingleShot(true);
  presence_timer_->setInterval(kPresenceDelayMs);
  connect(presence_timer_, &QTimer::timeout, this, &ReviewWidget::fill_timeline);
}

// --- events

void ReviewWidget::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

// Until the user shows or hides the side, it is shown where the picture keeps enough room.
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
  side_->setTabText(0, tr("Filter"));
  side_->setTabText(1, tr("Export"));
  show_state();
  show_picture();
  if (player_->recording()) fill_timeline();
}

// --- opening and closing

void ReviewWidget::open(const QString& video, const QString& sidecar) {
  clear();
  video_ = video;
  opening_ = true;
  player_->open(video, sidecar);
  show_state();
}

void ReviewWidget::close_recording() {
  clear();
  Q_EMIT closed();
}

void ReviewWidget::clear() {
  exports_->stop();
  video_.clear();
  opening_ = false;
  wanted_ms_.reset();
  notice_->hide();
  timeline_->set_duration(0);
  timeline_->set_marks({});
  player_->close();
  filter_->set_recording(nullptr);
  fill_timeline();
  show_state();
  show_picture();
}

void ReviewWidget::show_opened() {
  opening_ = false;
  const Recording& recording = *player_->recording();
  picture_->set_class_names(recording.run().class_names);
  filter_->set_recording(player_->recording());
  // Where boxes are part of the picture they are not drawn a second time, unless the user asks for it. That choice
  // holds until a recording of the other kind is opened.
  if (std::exchange(annotated_, recording.annotated()) != annotated_) {
    filter_->set_boxes_shown(!annotated_);
    exports_->set_draw_boxes(!annotated_);
  }
  timeline_->set_duration(recording.duration_ms());
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
  transport_->show_time();
  picture_->update();
}

void ReviewWidget::show_state() {
  const Recording* recording = player_->recording().get();
  const QString file = recording == nullptr ? video_ : QString::fromStdString(recording->video());
  title_->setText(QFileInfo(file).fileName());
  title_->setToolTip(recording == nullptr ? QString() : QDir::toNativeSeparators(file));
  picture_->set_hint(opening_ ? tr("Reading the recording…") : tr("No recording is open."));
  timeline_->setEnabled(recording != nullptr);
  transport_->show_state();
  exports_->show_state();
}

QColor ReviewWidget::color(int class_id) const {
  return colors_.value(class_name(class_id), color_of(class_id, VideoStyle()));
}

void ReviewWidget::set_colors(const QMap<QString, QColor>& colors) {
  if (colors == colors_) return;
  colors_ = colors;
  if (player_->recording()) apply_colors();
}

void ReviewWidget::apply_colors() {
  std::vector<QColor> colors;
  for (std::size_t c = 0; c < player_->recording()->run().class_names.size(); ++c) {
    colors.push_back(color(static_cast<int>(c)));
  }
  filter_->set_colors(colors);
  picture_->set_colors(colors);
  exports_->set_colors(colors);
  fill_timeline();
}

void ReviewWidget::apply_filter() {
  if (!player_->recording()) return;
  player_->set_filter(filter_->filter());
  presence_timer_->start();
}

void ReviewWidget::fill_timeline() {
  std::vector<TimelineRow> rows;
  std::vector<TimelineMark> marks;
  if (player_->recording()) {
    const auto spans = player_->recording()->presence(player_->filter());
    for (std::size_t c = 0; c < spans.size(); ++c) {
      if (!filter_->lists(c) || !filter_->shows(c)) continue;
      const auto id = static_cast<int>(c);
      rows.push_back({class_name(id), color(id), spans[c]});
    }
    for (const EventRecord& event : player_->recording()->run().events) {
      if (!filter_->shows(static_cast<std::size_t>(event.detection.class_id))) continue;
      marks.push_back({*event.pts_ms, color(event.detection.class_id), event_text(event)});
    }
  }
  timeline_->set_rows(std::move(rows));
  timeline_->set_marks(std::move(marks));
  // From six lines high, where room is short, to eleven; beyond that it scrolls.
  const int line = fontMetrics().height() + fontMetrics().height() / 3;
  const int all = timeline_->sizeHint().height(), frame = 2 * timeline_area_->frameWidth();
  timeline_area_->setMinimumHeight(std::min(all, 6 * line) + frame);
  timeline_area_->setMaximumHeight(std::min(all, 11 * line) + frame);
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

}  // namespace dualsight
