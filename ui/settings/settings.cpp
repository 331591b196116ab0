#include "ui/settings/settings.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <cmath>

#include "app/system/redact.h"
#include "detector/tracking/zones.h"

namespace dualsight {
namespace {

// QSettings reads a value with an unquoted comma, as people write it by hand, as a list.
QString text_of(const QVariant& value) { return value.toStringList().join(", "); }

// visit() names every field once, for reading and writing, so that the two cannot drift apart. A value of the wrong
// type is not read.
class Reader {
 public:
  explicit Reader(QSettings& store) : store_(store) {}

  void text(const char* key, QString& value) {
    if (store_.contains(key)) value = text_of(store_.value(key));
  }
  void one_of(const char* key, QString& value, const QStringList& known) {
    const QString read = store_.value(key).toString();
    if (store_.contains(key) && known.contains(read)) value = read;
  }
  void texts(const char* key, QStringList& value) {
    if (!store_.contains(key)) return;
    value = store_.value(key).toStringList();
    value.removeAll(QString());
    value.removeDuplicates();
  }
  void bytes(const char* key, QByteArray& value) {
    if (const QVariant read = store_.value(key); read.typeId() == QMetaType::QByteArray) value = read.toByteArray();
  }
  void flag(const char* key, bool& value) {
    const QString read = store_.value(key).toString();
    if (read == "true" || read == "false") value = read == "true";
  }
  void number(const char* key, double& value, double least, double most) {
    bool ok = false;
    const double read = store_.value(key).toDouble(&ok);
    if (ok && std::isfinite(read) && read >= least && read <= most) value = read;
  }
  void whole(const char* key, int& value, int least, int most, int step = 1) {
    bool ok = false;
    const int read = store_.value(key).toInt(&ok);
    if (ok && read >= least && read <= most && read % step == 0) value = read;
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
  void whole(const char* key, int value, int, int, int = 1) { store_.setValue(key, value); }

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
  v.texts("look/hidden_columns", s.hidden_columns);
  v.text("source/last", s.source);
  v.texts("source/recent", s.recent_sources);
  v.text("source/camera_format", s.camera_format);
  v.whole("source/camera_width", s.camera_width, 0, 100'000);
  v.whole("source/camera_height", s.camera_height, 0, 100'000);
  v.number("source/camera_fps", s.camera_fps, 0, 10'000);
  v.whole("source/rotate", s.rotate, 0, 270, 90);
  v.flag("source/mirror", s.mirror);
  v.flag("source/repeat", s.repeat);
  v.text("detection/model", s.model);
  v.number("detection/confidence", s.confidence, -1, 1);
  v.number("detection/iou", s.iou, 0.05, 1);
  v.whole("detection/input_size", s.input_size, 0, 4096, 32);
  v.one_of("detection/device", s.device, {"auto", "cpu", "cuda"});
  v.one_of("detection/precision", s.precision, {"auto", "float32", "bf16", "int8"});
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

QMap<QString, ClassSettings> read_classes(QSettings& store) {
  QMap<QString, ClassSettings> classes;
  Reader reader(store);
  const int count = store.beginReadArray("classes");
  for (int i = 0; i < count; ++i) {
    store.setArrayIndex(i);
    QString name;
    reader.text("name", name);
    if (name.isEmpty()) continue;
    ClassSettings& one = classes[name];
    reader.flag("shown", one.shown);
    reader.flag("blurred", one.blurred);
    double threshold = -1;
    reader.number("threshold", threshold, 0, 1);
    if (threshold >= 0) one.threshold = threshold;
    if (const QColor color(store.value("color").toString()); color.isValid()) one.color = color;
  }
  store.endArray();
  return classes;
}

void write_classes(QSettings& store, const QMap<QString, ClassSettings>& classes) {
  store.beginWriteArray("classes", static_cast<int>(classes.size()));
  int row = 0;
  for (auto it = classes.cbegin(); it != classes.cend(); ++it) {
    store.setArrayIndex(row++);
    store.setValue("name", it.key());
    store.setValue("shown", it->shown);
    store.setValue("blurred", it->blurred);
    if (it->threshold) store.setValue("threshold", *it->threshold);
    if (it->color.isValid()) store.setValue("color", it->color.name());
  }
  store.endArray();
}

// An empty shortcut is a choice as well: none.
QMap<QString, QKeySequence> read_shortcuts(QSettings& store) {
  QMap<QString, QKeySequence> shortcuts;
  store.beginGroup("shortcuts");
  for (const QString& name : store.childKeys()) {
    const QString text = text_of(store.value(name));
    const QKeySequence sequence(text, QKeySequence::PortableText);
    bool known = text.isEmpty() || !sequence.isEmpty();
    for (int i = 0; i < sequence.count(); ++i) known = known && sequence[static_cast<uint>(i)].key() != Qt::Key_unknown;
    if (known) shortcuts[name] = sequence;
  }
  store.endGroup();
  return shortcuts;
}

void write_shortcuts(QSettings& store, const QMap<QString, QKeySequence>& shortcuts) {
  store.beginGroup("shortcuts");
  for (auto it = shortcuts.cbegin(); it != shortcuts.cend(); ++it) {
    store.setValue(it.key(), it->toString(QKeySequence::PortableText));
  }
  store.endGroup();
}

bool is_region(const QString& text) {
  const bool line = text.startsWith("line:");
  return static_cast<bool>(parse_region((line ? text.mid(5) : text).toStdString(), line));
}

QString without_password(const QString& spec) { return QString::fromStdString(redact(spec.toStdString())); }

QString usual_file() { return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + "/dualsight.ini"; }

}  // namespace

SettingsStore::SettingsStore(const QString& file) : file_(file.isEmpty() ? usual_file() : file) {}

Settings SettingsStore::load() const {
  Settings settings;
  if (!QFileInfo::exists(file_)) return settings;
  QSettings store(file_, QSettings::IniFormat);
  Reader reader(store);
  visit(reader, settings);
  settings.regions.removeIf([](const QString& text) { return !is_region(text); });
  settings.classes = read_classes(store);
  settings.shortcuts = read_shortcuts(store);
  return settings;
}

// QSettings writes a temporary file that then replaces the old one: opened on a damaged file, it would report every
// later save as failed.
bool SettingsStore::save(const Settings& given) const {
  Settings settings = given;
  settings.source = without_password(settings.source);
  for (QString& spec : settings.recent_sources) spec = without_password(spec);
  settings.recent_sources.removeDuplicates();

  const QTemporaryDir folder;
  QFile draft(folder.filePath("draft.ini"));
  {
    QSettings store(draft.fileName(), QSettings::IniFormat);
    Writer writer(store);
    visit(writer, settings);
    write_classes(store, settings.classes);
    write_shortcuts(store, settings.shortcuts);
  }
  if (!draft.open(QFile::ReadOnly)) return false;
  const QByteArray text = draft.readAll();
  QDir().mkpath(QFileInfo(file_).path());
  QSaveFile out(file_);
  return !text.isEmpty() && out.open(QFile::WriteOnly) && out.write(text) == text.size() && out.commit();
}

void SettingsStore::reset() const { QFile::remove(file_); }

}  // namespace dualsight
