// Writes results in our own format and in those that other programs read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/sinks/sink.h"
#include "app/sinks/sink_registry.h"
#include "backbone/result.h"

namespace dualsight {

const std::vector<std::string>& result_formats();  // names for --format, the default first

// Each result has been handed to the operating system when on_result() returns. Frames without detections are written
// too.
//
// ndjson       our own schema (assets/dualsight-1.schema.json): header, frame, event, status, stats and summary
// records,
//              one JSON object per line.
// coco         COCO results: one array of {"image_id", "category_id", "bbox": [x, y, w, h], "score"}.
//              image_id counts the frames and pictures of the run from 0; category_id is the class number, from 0.
//              A regular file is valid JSON after every frame, even if the program is killed.
// ultralytics  the output of Ultralytics' to_json(), one line per frame.
// yolo-txt     PATH is a folder: one text file per frame, one line per detection, "class xc yc w h confidence" with
//              centre and size as fractions of the picture's width and height.
// csv          one line per detection; a frame without any has one line with empty columns.
//
// Error (ErrorKind::usage): unknown format, or a folder format to standard output.
Result<std::unique_ptr<Sink>> make_result_writer(const std::string& format, const std::string& path);

SinkRow result_writer_row();  // --json, --format

}  // namespace dualsight
