// Videos of finite length, from a file or an address: every frame with its time, in order.
#pragma once

#include <memory>
#include <string>

#include "app/sources/source.h"
#include "app/sources/video_decoder.h"

namespace dualsight {

// `path` is the file once more, for what its packets tell of damage; empty: there is only the stream.
std::unique_ptr<Source> finite_video(const std::string& name, const std::string& path,
                                     std::unique_ptr<VideoDecoder> decoder, const SourceOptions& options);

}  // namespace dualsight
