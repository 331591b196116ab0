// What a video file's packets say, read without decoding.
#pragma once

#include <string>
#include <vector>

namespace dualsight {

struct PacketScan {
  std::vector<double> pts_ms;  // of the first video stream, ascending; its start is 0
  double end_ms = 0;           // where the last packet of any stream ends
  double claimed_ms = 0;       // where the container says it ends; 0: it does not say
};

// Packets from about `from_ms` on (from the key frame before it); 0: all. What cannot be read is left out.
PacketScan scan_packets(const std::string& path, double from_ms);

}  // namespace dualsight
