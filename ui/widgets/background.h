// Work that may block (in a library, on a disk), on a detached thread.
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QPointer>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>

namespace dualsight {

// How many such threads run. A program that ends meanwhile must not run static destructors
// (app/system/detached_threads.h).
inline std::atomic<int> background_work{0};

// Runs `work` on a thread and then, on the calling thread, `done` with its result, unless `context` was destroyed by
// then. `work` must own all that it uses: it may outlive everything else.
template <typename Work, typename Done>
void in_background(QObject* context, Work work, Done done) {
  // The relay lives on the calling thread, so the context is checked there and not on the worker thread.
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
