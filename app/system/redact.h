// Removes passwords. Every text that may contain one is passed through redact() before it is logged, shown or written.
#pragma once

#include <string>

namespace dualsight {

// "rtsp://user:secret@host/x?token=abc" -> "rtsp://***@host/x?token=***", and properties of GStreamer elements:
// "rtspsrc user-pw=secret ! ..." -> "rtspsrc user-pw=*** ! ...". Any text, any number of them in it.
// Where an address is ambiguous (a '/' or '@' inside a password) too much is removed rather than too little.
std::string redact(const std::string& text);

}  // namespace dualsight
