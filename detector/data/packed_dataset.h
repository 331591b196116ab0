// A data set in one or several safetensors files that the trainer reads with LibTorch alone.
// Tensors, for P pictures, M objects and C classes:
//   bytes u8 [N] (all JPEGs), byte_offsets i64 [P+1], ids i64 [P], sizes i32 [P,2] (width, height),
//   boxes f32 [M,4] (x1,y1,x2,y2, pixels), classes i32 [M], crowd u8 [M], areas f32 [M], scores f32 [M]
//   (LabelledObject::score; older files have none: 1), box_offsets i64 [P+1],
//   not_exhaustive u8 [P,C], file_names u8 (joined by '\n').
// Metadata: format=dualsight-pack/1, classes (joined by '\n'), category_ids (joined by ' ').
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "backbone/result.h"
#include "detector/data/dataset.h"

namespace dualsight {

// Writes PATH, or PATH with -00001-of-00003 before its extension where the data exceeds max_bytes a piece
// (for machines that take small files only). Returns the files written.
Result<std::vector<std::filesystem::path>> write_packed(const std::filesystem::path& path, const Dataset& dataset,
                                                        uint64_t max_bytes = UINT64_MAX);

// Reads one or more pieces, of one set or of several with the same classes. Two sets may use the same ids; two pictures
// of the same id and name are an Error. Checks every offset, class and box before use: a damaged or hostile file is an
// Error (ErrorKind::source), never a crash. The pictures stay in the memory-mapped files.
Result<Dataset> load_packed(const std::vector<std::filesystem::path>& paths);

}  // namespace dualsight
