#include "ui/review/recording_player.h"

#include <QMetaObject>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace dualsight {
namespace {

using Clock = std::chrono::steady_clock;

QImage to_image(const cv::Mat& bgr) {
  // QPainter draws RGB32 fastest.
  return QImage(bgr.data, bgr.cols, bgr.rows, static_cast<qsizetype>(bgr.step), QImage::Format_BGR888)
      .convertToFormat(QImage::Format_RGB32);
}

}  // namespace

// Requests and the output `out_` are single places under one lock, not queues: a newer request or picture replaces an
// older one, so nothing piles up however slow either side is.
class RecordingPlayer::Worker {
 public:
  struct Output {
    std::shared_ptr<const Recording> opened;
    std::optional<PlayedPicture> picture;
    std::optional<QString> failure;
    bool came_to_end = false;
  };

  explicit Worker(RecordingPlayer& player) : player_(player), thread_([this] { run(); }) {}

  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      quit_ = true;
      stop_.request_stop();
    }
    wake_.notify_one();
    thread_.join();
  }

  void open(std::string video, std::string sidecar) {
    order([&] {
      forget();
      to_open_ = {std::move(video), std::move(sidecar)};
    });
  }
  void close() {
    order([&] {
      forget();
      to_open_ = {"", ""};
    });
  }
  void seek(std::size_t index) {
    order([&] { to_show_ = index; });
  }
  void play(bool playing) {
    order([&] {
      playing_ = playing;
      restart_clock_ = true;
      out_.came_to_end = false;
    });
  }
  void set_speed(double speed) {
    order([&] {
      speed_ = speed;
      restart_clock_ = true;
    });
  }

  Output take() {
    const std::lock_guard lock(mutex_);
    take_pending_ = false;
    return std::exchange(out_, {});
  }

 private:
  template <typename Change>
  void order(const Change& change) {
    {
      const std::lock_guard lock(mutex_);
      change();
    }
    wake_.notify_one();
  }

  // Forgets all that belongs to the current recording. Called with the lock held.
  void forget() {
    stop_.request_stop();
    stop_ = {};
    to_show_.reset();
    playing_ = false;
    out_ = {};
  }

  // Called with the lock held.
  template <typename Change>
  void put_out(const std::stop_token& stop, const Change& change) {
    if (stop.stop_requested()) return;  // the recording was closed meanwhile
    change();
    if (!std::exchange(take_pending_, true)) {
      QMetaObject::invokeMethod(
          &player_, [&player = player_] { player.take(); }, Qt::QueuedConnection);
    }
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (!quit_) {
      if (to_open_) {
        const auto [video, sidecar] = *std::exchange(to_open_, std::nullopt);
        guarded(lock, [&](const std::stop_token& stop) { open_now(lock, video, sidecar, stop); });
      } else if (to_show_ && reader_) {
        index_ = *std::exchange(to_show_, std::nullopt);
        restart_clock_ = true;
        guarded(lock, [&](const std::stop_token& stop) { show(lock, stop); });
      } else if (playing_ && reader_) {
        play_on(lock);
      } else {
        wake_.wait(lock);
      }
    }
  }

  // Releases the lock while it works.
  template <typename Work>
  void guarded(std::unique_lock<std::mutex>& lock, const Work& work) {
    const std::stop_token stop = stop_.get_token();
    lock.unlock();
    std::optional<QString> failure;
    try {
      work(stop);
    } catch (const std::exception& e) {
      failure = QString::fromUtf8(e.what());
    }
    if (!lock.owns_lock()) lock.lock();
    if (failure) put_out(stop, [&] { out_.failure = failure; });
  }

  void open_now(std::unique_lock<std::mutex>& lock, const std::string& video, const std::string& sidecar,
                const std::stop_token& stop) {
    reader_.reset();
    index_ = 0;
    if (video.empty()) return;
    auto recording = Recording::open(video, sidecar, stop, &reader_);
    lock.lock();
    put_out(stop, [&] {
      if (!recording) {
        out_.failure = QString::fromStdString(recording.error().message);
      } else {
        times_ = recording->times();
        out_.opened = std::make_shared<const Recording>(*std::move(recording));
        if (!to_show_) to_show_ = 0;
      }
    });
  }

  void show(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
    const auto bgr = reader_->read(index_, stop);
    PlayedPicture picture;
    if (bgr) picture = {to_image(*bgr), index_, times_[index_], {}};
    lock.lock();
    put_out(stop, [&] {
      if (bgr) {
        out_.picture = std::move(picture);
      } else {
        playing_ = false;
        out_.failure = QString::fromStdString(bgr.error().message);
      }
    });
  }

  void play_on(std::unique_lock<std::mutex>& lock) {
    if (std::exchange(restart_clock_, false)) {
      clock_start_ = Clock::now();
      start_ms_ = times_[index_];
    }
    if (index_ + 1 >= times_.size()) {
      playing_ = false;
      put_out(stop_.get_token(), [&] { out_.came_to_end = true; });
      return;
    }
    const double now_ms =
        start_ms_ + std::chrono::duration<double, std::milli>(Clock::now() - clock_start_).count() * speed_;
    const auto above = std::upper_bound(times_.begin(), times_.end(), now_ms);
    const auto due = static_cast<std::size_t>(above - times_.begin());  // the index after the frame that is due
    if (due > index_ + 1) {
      index_ = due - 1;
      guarded(lock, [&](const std::stop_token& stop) { show(lock, stop); });
      return;
    }
    const double wait_ms = (times_[index_ + 1] - start_ms_) / speed_;
    wake_.wait_until(lock, clock_start_ + std::chrono::duration_cast<Clock::duration>(
                                              std::chrono::duration<double, std::milli>(wait_ms)));
  }

  RecordingPlayer& player_;
  // Used on the worker thread only
  std::optional<RecordingReader> reader_;
  std::vector<double> times_;
  std::size_t index_ = 0;
  Clock::time_point clock_start_;
  double start_ms_ = 0;
  // Guarded by the lock
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<std::pair<std::string, std::string>> to_open_;  // the video and its records; an empty name: close
  std::optional<std::size_t> to_show_;
  bool playing_ = false, restart_clock_ = true, quit_ = false;
  double speed_ = 1;
  std::stop_source stop_;  // of the current recording
  Output out_;
  bool take_pending_ = false;
  std::thread thread_;
};

RecordingPlayer::RecordingPlayer(QObject* parent) : QObject(parent), worker_(std::make_unique<Worker>(*this)) {}
RecordingPlayer::~RecordingPlayer() = default;

void RecordingPlayer::open(const QString& video, const QString& sidecar) {
  close();
  worker_->open(video.toStdString(), sidecar.toStdString());
}

void RecordingPlayer::close() {
  worker_->close();
  recording_.reset();
  picture_ = {};
  filter_ = {};
  wanted_ = 0;
  set_playing(false);
}

void RecordingPlayer::seek(double time_ms) {
  if (recording_) seek_index(recording_->index_at(time_ms));
}

void RecordingPlayer::seek_index(std::size_t index) {
  wanted_ = index;
  worker_->seek(index);
}

void RecordingPlayer::step(int frames) {
  if (!recording_) return;
  if (playing_) {
    pause();
    wanted_ = picture_.index;
  }
  const auto last = static_cast<qint64>(recording_->times().size()) - 1;
  seek_index(static_cast<std::size_t>(std::clamp<qint64>(static_cast<qint64>(wanted_) + frames, 0, last)));
}

void RecordingPlayer::play() {
  if (!recording_ || playing_) return;
  if (wanted_ + 1 >= recording_->times().size()) seek_index(0);
  worker_->play(true);
  set_playing(true);
}

void RecordingPlayer::pause() {
  worker_->play(false);
  set_playing(false);
}

void RecordingPlayer::set_speed(double speed) { worker_->set_speed(speed > 0 ? speed : 1); }

void RecordingPlayer::set_filter(const DetectionFilter& filter) {
  if (!recording_ || filter.shown.size() != recording_->run().class_names.size()) return;
  filter_ = filter;
  find_detections();
  if (!picture_.image.isNull()) Q_EMIT shown();
}

void RecordingPlayer::find_detections() { picture_.detections = recording_->detections_at(picture_.time_ms, filter_); }

void RecordingPlayer::set_playing(bool playing) {
  if (std::exchange(playing_, playing) != playing) Q_EMIT playing_changed(playing);
}

void RecordingPlayer::take() {
  Worker::Output out = worker_->take();
  if (out.opened) {
    recording_ = std::move(out.opened);
    filter_ = recording_->as_recorded();
    Q_EMIT opened();
  }
  if (out.picture && recording_) {
    picture_ = *std::move(out.picture);
    if (playing_) wanted_ = picture_.index;
    find_detections();
    Q_EMIT shown();
  }
  if (out.failure) {
    set_playing(false);
    Q_EMIT failed(*out.failure);
  }
  if (out.came_to_end) {
    if (playing_) wanted_ = picture_.index;
    set_playing(false);
  }
}

}  // namespace dualsight
