// A small baseline JPEG decoder, so that the trainer needs no library but LibTorch. Full builds read pictures with
// OpenCV; `dualsight pack` checks with this decoder that the trainer will be able to read each picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "backbone/result.h"
#include "detector/core/image.h"

namespace dualsight {

constexpr int64_t kMaxJpegPixels = 64'000'000;

// Baseline and extended sequential Huffman JPEG, 8 bits, grey or YCbCr, any sampling factors up to 4x4, restart
// markers. Not progressive, arithmetic, 12 bits or CMYK: those are an Error that says so. Chroma is upsampled by
// the triangle filter that libjpeg calls "fancy" (within 4 levels of libjpeg's result, 1 on average).
// EXIF orientation is not applied. Hostile input gives an Error, never a crash; pictures over 64 megapixels are
// refused. Source of the format: ITU-T T.81; colours: JFIF 1.02.
Result<Image> decode_jpeg(std::span<const uint8_t> bytes);

}  // namespace dualsight
