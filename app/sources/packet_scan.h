// Times of a video file's packets, read without decoding.
#pragma once

#include <string>
#include <vector>

namespace dualsight {

struct PacketScan {
  std::vector<double> pts_ms;  // of the video stream, ascending; its start is 0
  double end_ms = 0;           // end of the last packet of any stream
  double claimed_ms = 0;       // duration according to the container; 0: unknown
};

// Reads all packets; packets that cannot be read are left out.
PacketScan scan_packets(const std::string& path);

}  // namespace dualsight
