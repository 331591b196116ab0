// Settings that an older window kept (tests/compatibility/dualsight.ini) are read as they were.
#include <QFile>
#include <QTemporaryDir>

#include "tests/ui/support/ui_test.h"
#include "ui/settings/settings.h"

namespace dualsight {

class OldSettingsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void are_read_as_they_were_kept() {
    const QTemporaryDir folder;
    const QString file = folder.filePath("dualsight.ini");
    QVERIFY(QFile::copy(DUALSIGHT_SOURCE_DIR "/tests/compatibility/dualsight.ini", file));

    Settings expected;
    expected.language = "zh_CN";
    expected.theme = "dark";
    expected.geometry = QByteArray("\x01\xd9\xd0\xcb", 4);
    expected.state = QByteArray("\0\0\0\xff", 4);
    expected.labels = false;
    expected.coordinates = true;
    expected.tracks = true;
    expected.zones = false;
    expected.hidden_columns = {"track", "area"};
    expected.source = "rtsp://***@door/stream";
    expected.recent_sources = {"/videos/street, old.mp4", "rtsp://***@door/stream"};
    expected.camera_format = "MJPG";
    expected.camera_width = 1280;
    expected.camera_height = 720;
    expected.camera_fps = 29.97;
    expected.rotate = 270;
    expected.mirror = true;
    expected.repeat = false;
    expected.model = "/models/fruit.safetensors";
    expected.confidence = 0.35;
    expected.iou = 0.55;
    expected.input_size = 320;
    expected.device = "cpu";
    expected.precision = "float32";
    expected.tracking = false;
    expected.classes["person"] = {false, true, 0.6, QColor("#12ab34")};
    expected.classes["traffic light/red"] = {true, false, 0.25, QColor()};
    expected.regions = {"door=0.1,0.2 0.5,0.2 0.5,0.9;person", "line:gate=0.5,0 0.5,1"};
    expected.record_folder = "/recordings";
    expected.snapshot_folder = "/snapshots";
    expected.record_what = "both";
    expected.container = ".mp4";
    expected.record_on_events = true;
    expected.record_classes = {"person", "dog"};
    expected.record_zones = {"door"};
    expected.pre_roll_s = 2.5;
    expected.post_roll_s = 7;
    expected.segment_minutes = 15;
    expected.quota_gib = 20;
    expected.shortcuts["record"] = QKeySequence("Ctrl+Alt+R");
    expected.shortcuts["freeze"] = QKeySequence();
    QVERIFY(SettingsStore(file).load() == expected);
  }
};
DUALSIGHT_UI_TEST(OldSettingsTest);

}  // namespace dualsight

#include "old_settings_test.moc"
