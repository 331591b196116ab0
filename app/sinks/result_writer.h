// Results in the formats that others read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/sinks/sink.h"
#include "backbone/result.h"

namespace dualsight {

const std::vector<std::string>& result_formats();  // names for --format, the default first

// Every frame is on its way to the file when on_result() returns; frames without detections are written too.
//
// ndjson       our own schema: header, frame, status and summary records, one JSON object a line.
// coco         COCO results: one array of {"image_id", "category_id", "bbox": [x, y, w, h], "score"}.
//              image_id counts the frames and pictures of the run from 0; category_id is the class number, from 0.
//              A regular file is valid JSON after every frame, even if the program is killed.
// ultralytics  what Ultralytics' to_json() gives for one picture, a line for each frame.
// yolo-txt     PATH is a folder: a text file for each frame, "class xc yc w h confidence" in 0..1 a line.
// csv          a line a detection; a frame without any has one line with empty columns.
//
// Error (ErrorKind::usage): unknown format, or a folder format to standard output.
Result<std::unique_ptr<Sink>> make_result_writer(const std::string& format, const std::string& path);

}  // namespace dualsight
