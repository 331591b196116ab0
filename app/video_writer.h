// The annotated video.
#pragma once

#include <memory>
#include <string>

#include "app/sink.h"
#include "backbone/result.h"

namespace dualsight {

// .mp4 (MPEG-4), .avi and .mkv (Motion JPEG). The frame rate is that of the first source, 1/s for pictures.
// Recorded time is the sources' time: a frame is repeated until the next one is due; none is left out. Frames
// of another size than the first are fitted into it, with black bars. After the last frame the file is opened again
// and its frames are counted, for OpenCV does not report a failed write.
// Error (ErrorKind::usage): another extension.
Result<std::unique_ptr<Sink>> make_video_writer(const std::string& path);

}  // namespace dualsight
