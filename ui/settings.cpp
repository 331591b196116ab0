#include "ui/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>
#include <cmath>

#include "app/redact.h"

namespace dualsight {
namespace {

// Reads and writes are one list, so that they cannot drift apart: `visit` is called for every field.
class Reader {
 public:
  explicit Reader(QSettings& store) : store_(store) {}

  void text(const char* key, QString& value) { value = store_.value(key, value).toString(); }
  void one_of(const char* key, QString& value, const QStringList& known) {
    const QString read = store_.value(key, value).toString();
    if (known.contains(read)) value = read;
  }
  void texts(const char* key, QStringList& value) {
    value = store_.value(key, value).toStringList();
    value.removeAll(QString());
  }
  void bytes(const char* key, QByteArray& value) { value = store_.value(key, value).toByteArray(); }
  void flag(const char* key, bool& value) {
    const QString read = store_.value(key).toString();
    if (read == "true" || read == "false") value = read == "true";
  }
  void number(const char* key, double& value, double least, double most) {
    bool ok = false;
    const double read = store_.value(key).toDouble(&ok);
    if (ok && std::isfinite(read) && read >= least && read <= most) value = read;
  }
  void whole(const char* key, int& value, int least, int most) {
    bool ok = false;
    const int read = store_.value(key).toInt(&ok);
    if (ok && read >= least && read <= most) value = read;
  }

 private:
  QSettings& store_;
};

class Writer {
 public:
  explicit Writer(QSettings& store) : store_(store) {}

  void text(const char* key, const QString& value) { store_.setValue(key, value); }
  void one_of(const char* key, const QString& value, const QStringList&) { store_.setValue(key, value); }
  void texts(const char* key, const QStringList& value) { store_.setValue(key, value); }
  void bytes(const char* key, const QByteArray& value) { store_.setValue(key, value); }
  void flag(const char* key, bool value) { store_.setValue(key, value); }
  void number(const char* key, double value, double, double) { store_.setValue(key, value); }
  void whole(const char* key, int value, int, int) { store_.setValue(key, value); }

 private:
  QSettings& store_;
};

template <typename Visitor, typename SettingsType>
void visit(Visitor& v, SettingsType& s) {
  v.one_of("look/language", s.language, {"", "en", "zh_CN"});
  v.one_of("look/theme", s.theme, {"system", "light", "dark"});
  v.bytes("look/geometry", s.geometry);
  v.bytes("look/state", s.state);
  v.flag("look/labels", s.labels);
  v.flag("look/coordinates", s.coordinates);
  v.flag("look/tracks", s.tracks);
  v.flag("look/zones", s.zones);
  v.text("source/last", s.source);
  v.texts("source/recent", s.recent_sources);
  v.text("source/camera_format", s.camera_format);
  v.whole("source/camera_width", s.camera_width, 0, 100'000);
  v.whole("source/camera_height", s.camera_height, 0, 100'000);
  v.number("source/camera_fps", s.camera_fps, 0, 10'000);
  v.whole("source/rotate", s.rotate, 0, 270);
  v.flag("source/mirror", s.mirror);
  v.flag("source/repeat", s.repeat);
  v.text("detection/model", s.model);
  v.number("detection/confidence", s.confidence, -1, 1);
  v.number("detection/iou", s.iou, 0.05, 1);
  v.whole("detection/input_size", s.input_size, 0, 4096);
  v.one_of("detection/device", s.device, {"auto", "cpu", "cuda"});
  v.one_of("detection/precision", s.precision, {"auto", "float32", "bf16"});
  v.flag("detection/tracking", s.tracking);
  v.texts("detection/regions", s.regions);
  v.text("record/folder", s.record_folder);
  v.text("record/snapshot_folder", s.snapshot_folder);
  v.one_of("record/what", s.record_what, {"annotated", "raw", "both"});
  v.one_of("record/container", s.container, {".mkv", ".mp4"});
  v.flag("record/on_events", s.record_on_events);
  v.texts("record/classes", s.record_classes);
  v.texts("record/zones", s.record_zones);
  v.number("record/pre_roll_s", s.pre_roll_s, 0, 600);
  v.number("record/post_roll_s", s.post_roll_s, 0, 3600);
  v.number("record/segment_minutes", s.segment_minutes, 0, 24 * 60);
  v.number("record/quota_gib", s.quota_gib, 0, 1'000'000);
}

QString without_password(const QString& spec) { return QString::fromStdString(redact(spec.toStdString())); }

QString usual_file() {
  return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + "/dualsight/dualsight-gui.ini";
}

}  // namespace

SettingsStore::SettingsStore(const QString& file)
    : store_(std::make_unique<QSettings>(file.isEmpty() ? usual_file() : file, QSettings::IniFormat)) {}
SettingsStore::~SettingsStore() = default;

Settings SettingsStore::load() const {
  Settings settings;
  store_->sync();
  Reader reader(*store_);
  visit(reader, settings);
  if (settings.rotate % 90 != 0) settings.rotate = 0;
  if (settings.input_size % 32 != 0) settings.input_size = 0;
  const int classes = store_->beginReadArray("classes");
  for (int i = 0; i < classes; ++i) {
    store_->setArrayIndex(i);
    const QString name = store_->value("name").toString();
    if (name.isEmpty()) continue;
    ClassSettings& one = settings.classes[name];
    reader.flag("shown", one.shown);
    reader.flag("blurred", one.blurred);
    double threshold = -1;
    reader.number("threshold", threshold, 0, 1);
    if (threshold >= 0) one.threshold = threshold;
    if (const QColor color(store_->value("color").toString()); color.isValid()) one.color = color;
  }
  store_->endArray();
  store_->beginGroup("shortcuts");
  for (const QString& name : store_->childKeys()) {
    settings.shortcuts[name] = QKeySequence(store_->value(name).toString(), QKeySequence::PortableText);
  }
  store_->endGroup();
  return settings;
}

bool SettingsStore::save(const Settings& given) {
  Settings settings = given;
  settings.source = without_password(settings.source);
  for (QString& spec : settings.recent_sources) spec = without_password(spec);
  QDir().mkpath(QFileInfo(file()).path());
  Writer writer(*store_);
  visit(writer, settings);
  store_->remove("classes");
  store_->beginWriteArray("classes");
  int row = 0;
  for (auto it = settings.classes.cbegin(); it != settings.classes.cend(); ++it) {
    store_->setArrayIndex(row++);
    store_->setValue("name", it.key());
    store_->setValue("shown", it->shown);
    store_->setValue("blurred", it->blurred);
    if (it->threshold) store_->setValue("threshold", *it->threshold);
    if (it->color.isValid()) store_->setValue("color", it->color.name());
  }
  store_->endArray();
  store_->remove("shortcuts");
  store_->beginGroup("shortcuts");
  for (auto it = settings.shortcuts.cbegin(); it != settings.shortcuts.cend(); ++it) {
    store_->setValue(it.key(), it->toString(QKeySequence::PortableText));
  }
  store_->endGroup();
  store_->sync();  // QSettings writes a new file and renames it
  return store_->status() == QSettings::NoError;
}

void SettingsStore::reset() {
  store_->clear();
  store_->sync();
}

QString SettingsStore::file() const { return store_->fileName(); }

}  // namespace dualsight
