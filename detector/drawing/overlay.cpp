#include "detector/drawing/overlay.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace dualsight {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;

cv::Scalar bgr_of(Rgb color) { return {double(color.b), double(color.g), double(color.r)}; }

uint8_t mix(uint8_t from, uint8_t to, double part) {
  return static_cast<uint8_t>(std::lround(from + (to - from) * part));
}

// Relative luminance, WCAG 2.1.
double luminance(Rgb color) {
  const auto linear = [](uint8_t value) {
    const double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

// Black or white, whichever contrasts more: at least sqrt(21) = 4.58 on any colour.
Rgb text_color(Rgb background) {
  const double y = luminance(background);
  return (y + 0.05) * (y + 0.05) > 1.05 * 0.05 ? Rgb{0, 0, 0} : Rgb{255, 255, 255};
}

// Sizes in pixels that suit a picture.
struct Metrics {
  int line;        // width of a box's border
  int cap_height;  // of the letters
  int stroke;      // of the letters
  int padding;     // around the text
  double font_scale;
};

Metrics metrics_for(cv::Size picture, float scale) {
  const double factor = std::isfinite(scale) ? std::clamp(double(scale), 0.1, 10.0) : 1;
  const double side = 0.5 * (picture.width + picture.height) * factor;
  Metrics m{};
  m.line = 1 + cvRound(side / 350);
  m.cap_height = std::max(7, cvRound(side / 85));
  m.stroke = std::max(1, cvRound(m.cap_height / 9.0));
  m.padding = std::max(3, cvRound(m.cap_height * 0.5));
  m.font_scale = cv::getFontScaleFromHeight(kFont, m.cap_height, m.stroke);
  return m;
}

// The pixels that the box touches; empty where the box has none in the picture.
cv::Rect pixels_of(const Box& box, cv::Size picture) {
  if (!std::isfinite(box.x1) || !std::isfinite(box.y1) || !std::isfinite(box.x2) || !std::isfinite(box.y2)) return {};
  const auto within = [](float value, int limit) { return std::clamp(value, 0.0F, static_cast<float>(limit)); };
  const int left = cvFloor(within(box.x1, picture.width)), right = cvCeil(within(box.x2, picture.width));
  const int top = cvFloor(within(box.y1, picture.height)), bottom = cvCeil(within(box.y2, picture.height));
  if (right <= left || bottom <= top || box.x2 <= box.x1 || box.y2 <= box.y1) return {};
  return {left, top, right - left, bottom - top};
}

void draw_frame(cv::Mat& bgr, const cv::Rect& rect, int line, const cv::Scalar& color) {
  const int across = std::min(line, rect.width), down = std::min(line, rect.height);
  bgr(cv::Rect(rect.x, rect.y, rect.width, down)).setTo(color);
  bgr(cv::Rect(rect.x, rect.br().y - down, rect.width, down)).setTo(color);
  bgr(cv::Rect(rect.x, rect.y, across, rect.height)).setTo(color);
  bgr(cv::Rect(rect.br().x - across, rect.y, across, rect.height)).setTo(color);
}

// A border that lies inside the rectangle, so that it shows whole even at the picture's edge. The innermost pixel of a
// wide one is black or white, which sets it off from a background of its own colour.
void draw_border(cv::Mat& bgr, const cv::Rect& rect, int line, Rgb color) {
  const bool outlined = line > 2;
  if (outlined) draw_frame(bgr, rect, line, bgr_of(text_color(color)));
  draw_frame(bgr, rect, outlined ? line - 1 : line, bgr_of(color));
}

std::string name_of(int class_id, const std::vector<std::string>& class_names) {
  if (class_id >= 0 && static_cast<std::size_t>(class_id) < class_names.size()) {
    const std::string& name = class_names[static_cast<std::size_t>(class_id)];
    const bool ascii = std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (ascii && !name.empty()) return name;
  }
  return "class " + std::to_string(class_id);
}

Rgb color_of(int class_id, const OverlayStyle& style) {
  const auto c = static_cast<std::size_t>(class_id);  // of a negative one: beyond the end
  return c < style.colors.size() ? style.colors[c] : class_color(class_id);
}

std::string label_of(const Detection& detection, const std::vector<std::string>& class_names, bool tracks) {
  std::string text = name_of(detection.class_id, class_names);
  if (tracks && detection.track_id > 0) text += " #" + std::to_string(detection.track_id);
  char confidence[32];
  std::snprintf(confidence, sizeof confidence, " %.2f", detection.confidence);
  return text + confidence;
}

std::string coordinates_of(const Box& box) {
  char text[96];
  std::snprintf(text, sizeof text, "%.0f,%.0f  %.0f x %.0f", box.x1, box.y1, box.width(), box.height());
  return text;
}

struct Label {
  std::vector<std::string> lines;
  cv::Rect rect;  // in the picture; empty: no room
};

cv::Size label_size(const std::vector<std::string>& lines, const Metrics& m) {
  int width = 0;
  for (const std::string& line : lines) {
    int baseline = 0;
    width = std::max(width, cv::getTextSize(line, kFont, m.font_scale, m.stroke, &baseline).width);
  }
  const int count = static_cast<int>(lines.size());
  return {width + 2 * m.padding, count * (m.cap_height + m.padding) + m.padding};
}

// Above the box, else inside, below or beside it; the first of these places that is in the picture and free, else
// nowhere.
cv::Rect place(const cv::Rect& box, cv::Size size, cv::Size picture, const std::vector<Label>& placed) {
  const int left = std::clamp(box.x, 0, std::max(0, picture.width - size.width));
  const int right = std::max(0, box.br().x - size.width);
  const int above = box.y - size.height, below = box.br().y, bottom = box.br().y - size.height;
  const std::array<cv::Point, 10> places{{{left, above},
                                          {left, box.y},
                                          {left, below},
                                          {right, above},
                                          {right, box.y},
                                          {right, below},
                                          {left, bottom},
                                          {right, bottom},
                                          {box.x - size.width, box.y},
                                          {box.br().x, box.y}}};
  for (const cv::Point& corner : places) {
    const cv::Rect rect(corner, size);
    const bool inside = (rect & cv::Rect({0, 0}, picture)) == rect;
    if (inside &&
        std::none_of(placed.begin(), placed.end(), [&](const Label& other) { return !(rect & other.rect).empty(); })) {
      return rect;
    }
  }
  return {};
}

void draw_label(cv::Mat& bgr, const Label& label, const Metrics& m, Rgb color) {
  cv::Mat area = bgr(label.rect);  // clips the letters, too
  area.setTo(bgr_of(color));
  int y = m.padding + m.cap_height;
  for (const std::string& line : label.lines) {
    // Twice, since smoothing leaves strokes one pixel wide too faint for the contrast that text_color promises.
    for (int pass = 0; pass < 2; ++pass) {
      cv::putText(area, line, {m.padding, y}, kFont, m.font_scale, bgr_of(text_color(color)), m.stroke, cv::LINE_AA);
    }
    y += m.cap_height + m.padding;
  }
}

}  // namespace

Rgb class_color(int class_id) {
  // Okabe and Ito, "Color Universal Design", 2008, without black, which is lost on dark pictures.
  constexpr std::array<Rgb, 7> kPalette{{{230, 159, 0},                // orange
                                         {86, 180, 233},               // sky blue
                                         {0, 158, 115},                // bluish green
                                         {240, 228, 66},               // yellow
                                         {0, 114, 178},                // blue
                                         {213, 94, 0},                 // vermillion
                                         {204, 121, 167}}};            // reddish purple
  constexpr std::array<double, 5> kShades{0, 0.45, -0.35, 0.7, -0.6};  // towards white, or black where negative
  const auto index = static_cast<unsigned>(class_id);
  const Rgb base = kPalette[index % kPalette.size()];
  const double shade = kShades[index / kPalette.size() % kShades.size()];
  const uint8_t end = shade < 0 ? 0 : 255;
  const double part = std::abs(shade);
  return {mix(base.r, end, part), mix(base.g, end, part), mix(base.b, end, part)};
}

void draw_detections(cv::Mat& bgr, const std::vector<Detection>& detections,
                     const std::vector<std::string>& class_names, const OverlayStyle& style) {
  if (bgr.empty()) return;
  CV_Assert(bgr.type() == CV_8UC3);
  const Metrics m = metrics_for(bgr.size(), style.scale);

  struct Item {
    const Detection* detection;
    cv::Rect box;
  };
  std::vector<Item> items;
  for (const Detection& detection : detections) {
    const cv::Rect box = pixels_of(detection.box, bgr.size());
    if (!box.empty() && std::isfinite(detection.confidence)) items.push_back({&detection, box});
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.detection->confidence > b.detection->confidence; });

  // The best come last, in front; boxes before labels, so that no line runs through a text.
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    draw_border(bgr, item->box, m.line, color_of(item->detection->class_id, style));
  }
  if (!style.labels) return;
  std::vector<Label> labels;  // the best choose their places first
  for (const Item& item : items) {
    const Detection& detection = *item.detection;
    Label label{{label_of(detection, class_names, style.tracks)}, {}};
    if (style.coordinates) label.lines.push_back(coordinates_of(detection.box));
    label.rect = place(item.box, label_size(label.lines, m), bgr.size(), labels);
    if (label.rect.empty() && label.lines.size() > 1) {
      label.lines.pop_back();  // the name matters more
      label.rect = place(item.box, label_size(label.lines, m), bgr.size(), labels);
    }
    labels.push_back(label);
  }
  for (std::size_t i = labels.size(); i-- > 0;) {
    if (!labels[i].rect.empty()) draw_label(bgr, labels[i], m, color_of(items[i].detection->class_id, style));
  }
}

cv::Mat contact_sheet(const std::vector<cv::Mat>& frames, int columns, int tile_width) {
  const auto first = std::find_if(frames.begin(), frames.end(), [](const cv::Mat& frame) { return !frame.empty(); });
  if (first == frames.end()) return {};
  const int count = static_cast<int>(frames.size());
  columns = std::clamp(columns, 1, count);
  tile_width = std::max(1, tile_width);
  const int rows = (count + columns - 1) / columns;
  const int gap = std::max(2, tile_width / 60);
  const cv::Size tile(tile_width, std::max(1, cvRound(double(tile_width) * first->rows / first->cols)));

  cv::Mat sheet(rows * (tile.height + gap) + gap, columns * (tile.width + gap) + gap, CV_8UC3, cv::Scalar(32, 32, 32));
  for (int i = 0; i < count; ++i) {
    const cv::Mat& frame = frames[static_cast<std::size_t>(i)];
    if (frame.empty()) continue;
    CV_Assert(frame.type() == CV_8UC3);
    const double scale = std::min(double(tile.width) / frame.cols, double(tile.height) / frame.rows);
    const cv::Size size(std::clamp(cvRound(frame.cols * scale), 1, tile.width),
                        std::clamp(cvRound(frame.rows * scale), 1, tile.height));
    const cv::Point corner(gap + i % columns * (tile.width + gap) + (tile.width - size.width) / 2,
                           gap + i / columns * (tile.height + gap) + (tile.height - size.height) / 2);
    cv::resize(frame, sheet(cv::Rect(corner, size)), size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  }
  return sheet;
}

}  // namespace dualsight
