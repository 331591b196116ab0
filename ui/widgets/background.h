// Work that may block (a library, a disk), on a thread that nobody waits for.
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QPointer>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>

namespace dualsight {

// How much of it goes on. A program that ends meanwhile must not run static destructors
// (app/system/detached_threads.h).
inline std::atomic<int> background_work{0};

// Runs `work` and then, on the thread that called, `done` with its result, unless `context` is gone by then. `work`
// must own all that it touches: it may outlive everything.
template <typename Work, typename Done>
void in_background(QObject* context, Work work, Done done) {
  // The relay belongs to the calling thread, so whether the context still lives is asked there alone.
  auto* relay = new QObject;
  ++background_work;
  std::thread([relay, guard = QPointer<QObject>(context), work = std::move(work), done = std::move(done)]() mutable {
    auto result = std::make_shared<decltype(work())>(work());
    QMetaObject::invokeMethod(
        relay,
        [relay, guard = std::move(guard), done = std::move(done), result = std::move(result)]() mutable {
          if (guard) done(std::move(*result));
          relay->deleteLater();
        },
        Qt::QueuedConnection);
    --background_work;
  }).detach();
}

}  // namespace dualsight
