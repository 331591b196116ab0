#include "ui/review/transport_bar.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <array>
#include <optional>

#include "ui/review/recording_player.h"
#include "ui/review/timeline_widget.h"
#include "ui/widgets/icons.h"

namespace dualsight {
namespace {

constexpr std::array<double, 6> kSpeeds{0.25, 0.5, 1, 2, 4, 8};
constexpr int kUsualSpeed = 2;  // index of 1

}  // namespace

TransportBar::TransportBar(RecordingPlayer& player, TimelineWidget& timeline, QWidget* parent)
    : QWidget(parent), player_(player), timeline_(timeline) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins({});
  back_ = add_button("stepBack");
  play_ = add_button("playPause");
  forward_ = add_button("stepForward");
  back_->setArrowType(Qt::LeftArrow);
  forward_->setArrowType(Qt::RightArrow);
  for (auto* button : {back_, forward_}) button->setAutoRepeat(true);
  speed_label_ = new QLabel;
  speed_ = new QComboBox;
  speed_->setObjectName(QStringLiteral("playSpeed"));
  for (const double speed : kSpeeds) speed_->addItem(QString(), speed);
  speed_->setCurrentIndex(kUsualSpeed);
  speed_label_->setBuddy(speed_);
  time_ = new QLabel;
  time_->setObjectName(QStringLiteral("timeLabel"));
  layout->addWidget(speed_label_);
  layout->addWidget(speed_);
  layout->addWidget(time_);
  layout->addStretch(1);
  range_begin_ = add_button("rangeBegin");
  range_end_ = add_button("rangeEnd");
  whole_range_ = add_button("wholeRange");

  connect(back_, &QToolButton::clicked, this, [this] { player_.step(-1); });
  connect(forward_, &QToolButton::clicked, this, [this] { player_.step(1); });
  connect(play_, &QToolButton::clicked, this, [this] { player_.playing() ? player_.pause() : player_.play(); });
  connect(speed_, &QComboBox::currentIndexChanged, this,
          [this] { player_.set_speed(speed_->currentData().toDouble()); });
  connect(range_begin_, &QToolButton::clicked, this, &TransportBar::begin_range_here);
  connect(range_end_, &QToolButton::clicked, this, &TransportBar::end_range_here);
  connect(whole_range_, &QToolButton::clicked, this, [this] { timeline_.set_range(std::nullopt); });
  connect(&player_, &RecordingPlayer::playing_changed, this, &TransportBar::show_state);
  connect(&timeline_, &TimelineWidget::range_changed, this, &TransportBar::show_state);
  retranslate();
}

QToolButton* TransportBar::add_button(const char* name) {
  auto* button = new QToolButton;
  button->setObjectName(QLatin1String(name));
  button->setFocusPolicy(Qt::StrongFocus);
  layout()->addWidget(button);
  return button;
}

void TransportBar::toggle_play() { play_->click(); }  // nothing while the button is disabled

void TransportBar::begin_range_here() {
  const auto range = timeline_.range();
  const double now = timeline_.position();
  timeline_.set_range(TimeSpan{now, range && range->to_ms > now ? range->to_ms : timeline_.duration()});
}

void TransportBar::end_range_here() {
  const auto range = timeline_.range();
  const double now = timeline_.position();
  timeline_.set_range(TimeSpan{range && range->from_ms < now ? range->from_ms : 0, now});
}

void TransportBar::show_state() {
  const bool is_open = player_.recording() != nullptr;
  const bool playing = player_.playing();
  play_->setIcon(icon(playing ? QStringLiteral("freeze") : QStringLiteral("play")));
  play_->setToolTip(playing ? tr("Pause (space bar)") : tr("Play (space bar)"));
  play_->setAccessibleName(playing ? tr("Pause") : tr("Play"));
  for (QWidget* widget : std::initializer_list<QWidget*>{back_, play_, forward_, speed_, range_begin_, range_end_}) {
    widget->setEnabled(is_open);
  }
  whole_range_->setEnabled(timeline_.range().has_value());
}

void TransportBar::show_time() {
  time_->setText(tr("%1 of %2").arg(time_text(player_.picture().time_ms), time_text(timeline_.duration())));
}

void TransportBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void TransportBar::retranslate() {
  back_->setToolTip(tr("One frame back"));
  forward_->setToolTip(tr("One frame on"));
  for (auto* button : {back_, forward_}) button->setAccessibleName(button->toolTip());
  speed_label_->setText(tr("&Speed"));
  for (int i = 0; i < speed_->count(); ++i) speed_->setItemText(i, tr("%1x").arg(speed_->itemData(i).toDouble()));
  range_begin_->setText(tr("Range from here"));
  range_begin_->setToolTip(tr("The range for exports begins here (I in the time line; or drag there with Shift)"));
  range_end_->setText(tr("to here"));
  range_end_->setToolTip(tr("The range for exports ends here (O in the time line; or drag there with Shift)"));
  range_end_->setAccessibleName(tr("Range to here"));
  whole_range_->setText(tr("Everything"));
  whole_range_->setToolTip(tr("No range: exports take the whole recording"));
  show_state();
  show_time();
}

}  // namespace dualsight
