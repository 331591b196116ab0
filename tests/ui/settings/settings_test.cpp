#include "ui/settings/settings.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "tests/ui/support/ui_test.h"

namespace dualsight {
namespace {

Settings all_changed() {
  Settings s;
  s.language = "zh_CN";
  s.theme = "dark";
  s.geometry = QByteArray("\x00\x01\xff g", 5);
  s.state = QByteArray("state\n=;,%");
  s.labels = false;
  s.coordinates = s.tracks = true;
  s.zones = false;
  s.hidden_columns = {"x", "y"};
  s.source = "/dev/v4l/by-id/usb-a, b=c;d";
  s.recent_sources = {"/videos/中文, with comma.mkv", "http://camera/stream?x=1&y=2"};
  s.camera_format = "MJPG";
  s.camera_width = 1280;
  s.camera_height = 720;
  s.camera_fps = 29.97;
  s.rotate = 270;
  s.mirror = true;
  s.repeat = false;
  s.model = "/models/a model.safetensors";
  s.confidence = 0.35;
  s.iou = 0.45;
  s.input_size = 416;
  s.device = "cpu";
  s.precision = "float32";
  s.tracking = false;
  s.classes["traffic light"] = {false, true, 0.7, QColor(1, 2, 3)};
  s.classes["person"] = {true, true, std::nullopt, QColor()};
  s.regions = {"door=0.1,0.2 0.5,0.2 0.5,0.9;person,traffic light", "line:gate=0.1,0.1 0.9,0.9"};
  s.record_folder = "/videos";
  s.snapshot_folder = "/pictures";
  s.record_what = "both";
  s.container = ".mp4";
  s.record_on_events = true;
  s.record_classes = {"person", "traffic light"};
  s.record_zones = {"door"};
  s.pre_roll_s = 2.5;
  s.post_roll_s = 20;
  s.segment_minutes = 10;
  s.quota_gib = 100;
  s.shortcuts["record"] = QKeySequence("Ctrl+K, Ctrl+S");
  s.shortcuts["preferences"] = QKeySequence("Alt+,");
  s.shortcuts["snapshot"] = QKeySequence();  // none
  return s;
}

}  // namespace

class SettingsTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;

  QString file() const { return folder_->filePath("settings.ini"); }
  void write(const QByteArray& text) const {
    QFile out(file());
    QVERIFY(out.open(QFile::WriteOnly));
    out.write(text);
  }
  QByteArray read() const {
    QFile in(file());
    return in.open(QFile::ReadOnly) ? in.readAll() : QByteArray();
  }

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }

  void everything_comes_back() {
    const Settings settings = all_changed();
    QVERIFY(SettingsStore(file()).save(settings));
    const Settings back = SettingsStore(file()).load();
    QCOMPARE(back.geometry, settings.geometry);
    QCOMPARE(back.recent_sources, settings.recent_sources);
    QCOMPARE(back.shortcuts, settings.shortcuts);
    QCOMPARE(back.regions, settings.regions);
    QVERIFY(back.classes == settings.classes);
    QVERIFY(back == settings);
  }

  void what_is_saved_replaces_what_was_there() {
    SettingsStore store(file());
    QVERIFY(store.save(all_changed()));
    QVERIFY(store.save(Settings()));
    QVERIFY(store.load() == Settings());
    QCOMPARE(QDir(folder_->path()).entryList(QDir::Files | QDir::Hidden),
             QStringList("settings.ini"));  // no drafts
  }

  void defaults_without_a_file() {
    QVERIFY(SettingsStore(file()).load() == Settings());
    QVERIFY(!QFile::exists(file()));
  }

  void damaged_values_fall_back_alone() {
    write(
        "[look]\nlanguage=kl_GON\ntheme=purple\nlabels=maybe\ncoordinates=true\ngeometry=text\n"
        "[source]\nrotate=45\ncamera_width=-3\ncamera_height=480\ncamera_fps=inf\nmirror=2\nlast=/videos/a, b.mkv\n"
        "[detection]\nconfidence=1.5\niou=none\ninput_size=333\ndevice=abacus\nprecision=bf16\n"
        "regions=\"door=0.1,0.2 0.5,0.2 0.5,0.9\", nonsense, \"line:gate=0.1,0.1 0.9,0.9\"\n"
        "[record]\ncontainer=.exe\nwhat=raw\npre_roll_s=-1\npost_roll_s=30\nsegment_minutes=1e9\nquota_gib=nan\n"
        "[classes]\n1\\name=person\n1\\blurred=true\n1\\threshold=7\n1\\color=#12345\n2\\name=\n2\\shown=false\n"
        "size=2\n"
        "[shortcuts]\nrecord=Ctrl+Banana\nsnapshot=F9\nhelp=\nfreeze=Ctrl+K, F\n");
    Settings wanted;
    wanted.coordinates = true;
    wanted.camera_height = 480;
    wanted.source = "/videos/a, b.mkv";
    wanted.precision = "bf16";
    wanted.regions = QStringList{"door=0.1,0.2 0.5,0.2 0.5,0.9", "line:gate=0.1,0.1 0.9,0.9"};
    wanted.record_what = "raw";
    wanted.post_roll_s = 30;
    wanted.classes["person"].blurred = true;
    wanted.shortcuts["snapshot"] = QKeySequence(Qt::Key_F9);
    wanted.shortcuts["help"] = QKeySequence();
    wanted.shortcuts["freeze"] = QKeySequence("Ctrl+K, F");
    const Settings settings = SettingsStore(file()).load();
    QCOMPARE(settings.shortcuts, wanted.shortcuts);
    QCOMPARE(settings.regions, wanted.regions);
    QVERIFY(settings.classes == wanted.classes);
    QCOMPARE(settings.geometry, QByteArray());
    QVERIFY(settings == wanted);
  }

  void a_damaged_file_is_read_as_far_as_it_goes_and_written_anew() {
    write(QByteArray("\x00\xff", 2) + "]]garbage\n=\n[[[\n[look]\ntheme=dark\nnonsense\n");
    SettingsStore store(file());
    Settings settings = store.load();
    QCOMPARE(settings.theme, QString("dark"));
    settings.theme = "light";
    QVERIFY(store.save(settings));
    QVERIFY(store.save(settings));
    QVERIFY(!read().contains("garbage"));
    QCOMPARE(SettingsStore(file()).load().theme, QString("light"));
  }

  void passwords_are_never_written() {
    Settings settings;
    settings.source = "rtsp://admin:hunter2@camera/live";
    settings.recent_sources = {"rtsp://admin:hunter2@camera/live", "rtsp://admin:hunter2other@camera/live",
                               "http://camera/mjpg?user=admin&password=hunter2", "rtsp://camera/open"};
    SettingsStore store(file());
    QVERIFY(store.save(settings));
    QVERIFY(!read().contains("hunter2"));
    const Settings back = store.load();
    QCOMPARE(back.source, QString("rtsp://***@camera/live"));
    const QStringList recent{"rtsp://***@camera/live", "http://camera/mjpg?user=***&password=***",
                             "rtsp://camera/open"};
    QCOMPARE(back.recent_sources, recent);
    QCOMPARE(settings.source,
             QString("rtsp://admin:hunter2@camera/live"));  // in memory it is kept
  }

  void says_when_it_cannot_be_written() {
    write("[look]\ntheme=dark\n");
    SettingsStore store(file() + "/below/settings.ini");  // below a file there are no folders
    QVERIFY(!store.save(Settings()));
    QVERIFY(store.load() == Settings());
    QCOMPARE(read(), QByteArray("[look]\ntheme=dark\n"));
  }

  void folders_are_made() {
    const QString deep = folder_->filePath("a/b/c.ini");
    QVERIFY(SettingsStore(deep).save(all_changed()));
    QVERIFY(QFile::exists(deep));
  }

  void reset_forgets_everything() {
    SettingsStore store(file());
    QVERIFY(store.save(all_changed()));
    store.reset();
    QVERIFY(store.load() == Settings());
    QVERIFY(store.save(all_changed()));
    QVERIFY(store.load() == all_changed());
  }

  void has_its_place_in_the_users_configuration() {
    const QString place = QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation);
    QCOMPARE(SettingsStore().file(), place + "/dualsight.ini");
  }
};
DUALSIGHT_UI_TEST(SettingsTest);

}  // namespace dualsight

#include "settings_test.moc"
