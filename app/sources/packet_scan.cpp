#include "app/sources/packet_scan.h"

#include <algorithm>
#include <filesystem>

#include "app/sources/libav.h"

namespace dualsight {

PacketScan scan_packets(const std::string& path) {
  PacketScan scan;
  AVFormatContext* opened = nullptr;
  // An absolute path: "a:b.mp4" would be taken for a protocol named "a".
  if (avformat_open_input(&opened, std::filesystem::absolute(path).c_str(), nullptr, nullptr) < 0) return scan;
  const Av<AVFormatContext> input(opened);
  if (avformat_find_stream_info(input.get(), nullptr) < 0) return scan;
  const int video = av_find_best_stream(input.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (video < 0) return scan;
  if (input->duration > 0) scan.claimed_ms = static_cast<double>(input->duration) * 1000 / AV_TIME_BASE;

  const AVStream& stream = *input->streams[video];
  const double tick_ms = av_q2d(stream.time_base) * 1000;
  const int64_t start = stream.start_time == AV_NOPTS_VALUE ? 0 : stream.start_time;
  const Av<AVPacket> packet(av_packet_alloc());
  for (; packet && av_read_frame(input.get(), packet.get()) >= 0; av_packet_unref(packet.get())) {
    const int64_t pts = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    if (pts == AV_NOPTS_VALUE) continue;
    const double base_ms = av_q2d(input->streams[packet->stream_index]->time_base) * 1000;
    scan.end_ms = std::max(scan.end_ms, static_cast<double>(pts + packet->duration) * base_ms);
    if (packet->stream_index == video && (packet->flags & AV_PKT_FLAG_DISCARD) == 0) {
      scan.pts_ms.push_back(static_cast<double>(pts - start) * tick_ms);
    }
  }
  std::sort(scan.pts_ms.begin(), scan.pts_ms.end());
  return scan;
}

}  // namespace dualsight
