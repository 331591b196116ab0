#include "ui/panels/detector_settings_dock.h"

#include <QCheckBox>
#include <QColorDialog>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QStyle>
#include <QTableView>
#include <QTemporaryDir>
#include <QWheelEvent>
#include <memory>

#include "tests/ui/support/translators.h"
#include "tests/ui/support/ui_test.h"
#include "ui/panels/class_table.h"
#include "ui/panels/model_list.h"

namespace dualsight {
namespace {

ModelStatus ready() {
  ModelStatus status;
  status.state = ModelStatus::State::ready;
  status.file = "/models/big.safetensors";
  status.device = "CPU, bf16";
  status.options.input_size = 320;
  status.info.name = "Big";
  status.info.class_names = {"person", "car", "dog"};
  status.info.thresholds = {0.25F, 0.5F, 0.75F};
  return status;
}

std::vector<ModelCard> two_models() {
  return {{"/models/big.safetensors", "Big", "dpn92", 12, 320, "41.2", ""},
          {"/models/small.safetensors", "Small", "resnet18", 3, 192, "", ""}};
}

struct Desk {
  explicit Desk(bool with_model = true) {
    models = std::make_unique<ModelList>();
    panel = std::make_unique<DetectorSettingsPanel>(models.get());
    panel->resize(340, 720);
    panel->show();
    if (with_model) {
      models->set_models(two_models(), "/models/big.safetensors");
      panel->set_model_status(ready());
    }
    adjusted = std::make_unique<QSignalSpy>(panel.get(), &DetectorSettingsPanel::adjusted);
    requested = std::make_unique<QSignalSpy>(panel.get(), &DetectorSettingsPanel::model_requested);
  }

  template <typename Widget>
  Widget* find(const char* name) {
    return panel->findChild<Widget*>(name);
  }
  QTableView* table() { return find<QTableView>("classTable"); }
  QModelIndex cell(int row, int column) { return table()->model()->index(row, column); }
  QString text(int row, int column) { return cell(row, column).data().toString(); }
  void click(int row, int column) {
    const QRect place = table()->visualRect(cell(row, column));
    // On the box itself, which stands at the cell's left.
    const int indicator = table()->style()->pixelMetric(QStyle::PM_IndicatorWidth);
    QTest::mouseClick(table()->viewport(), Qt::LeftButton, {},
                      QPoint(place.left() + indicator / 2 + 3, place.center().y()));
  }

  std::unique_ptr<ModelList> models;
  std::unique_ptr<DetectorSettingsPanel> panel;
  std::unique_ptr<QSignalSpy> adjusted, requested;
};

}  // namespace

class DetectorSettingsDockTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void lists_models_with_their_cards() {
    Desk desk;
    auto* model = desk.find<QComboBox>("model");
    QCOMPARE(model->count(), 2);
    QCOMPARE(model->currentText(), QString("Big"));
    QCOMPARE(desk.find<QLabel>("modelDetails")->text(), QString("12 classes, 320 px, val mAP50 41.2"));
    QVERIFY(model->itemData(1, Qt::ToolTipRole).toString().contains("3 classes, 192 px"));
  }

  void loads_the_best_model_once_it_is_known() {
    Desk desk(false);
    desk.panel->load_model();
    QCOMPARE(desk.requested->count(), 0);
    desk.models->set_models(two_models(), "/models/big.safetensors");
    QCOMPARE(desk.requested->count(), 1);
    QCOMPARE(desk.requested->last().at(0).toString(), QString("/models/big.safetensors"));
    Settings settings;
    desk.panel->store(settings);
    QCOMPARE(settings.model, QString());  // empty: the best one, wherever it is installed next time
  }

  void loads_another_model_as_wanted() {
    Desk desk;
    auto* model = desk.find<QComboBox>("model");
    model->setFocus();
    QTest::keyClick(model, Qt::Key_Down);
    QCOMPARE(desk.requested->count(), 1);
    QCOMPARE(desk.requested->last().at(0).toString(), QString("/models/small.safetensors"));
    desk.find<QComboBox>("device")->setCurrentIndex(1);
    desk.find<QComboBox>("precision")->setCurrentIndex(1);
    auto* size = desk.find<QComboBox>("inputSize");
    QCOMPARE(size->itemText(1), QString("160 px"));
    QCOMPARE(size->itemText(size->count() - 1), QString("1280 px"));
    QCOMPARE(size->count(), 37);  // the model's own, and 160, 192 ... 1280
    size->setCurrentIndex(6);
    QCOMPARE(desk.requested->count(), 4);
    const auto options = desk.requested->last().at(1).value<DetectorOptions>();
    QCOMPARE(options.device, Device::cpu);
    QCOMPARE(options.precision, Precision::float32);
    QCOMPARE(options.input_size, 320);
    Settings settings;
    desk.panel->store(settings);
    QCOMPARE(settings.model, QString("/models/small.safetensors"));
    QCOMPARE(settings.device, QString("cpu"));
    QCOMPARE(settings.precision, QString("float32"));
    QCOMPARE(settings.input_size, 320);
  }

  void takes_a_model_from_anywhere_and_says_what_is_wrong_with_it() {
    QTemporaryDir folder;
    const QString file = folder.filePath("mine.safetensors");
    QFile broken(file);
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("no model");
    broken.close();
    Desk desk;
    desk.panel->use_model(file);
    QCOMPARE(desk.requested->last().at(0).toString(), file);
    QCOMPARE(desk.find<QComboBox>("model")->currentText(), QString("mine"));
    QTRY_VERIFY(desk.find<QLabel>("modelDetails")->text().contains(file));
  }

  void tells_how_the_model_fares() {
    Desk desk(false);
    auto* status = desk.find<QLabel>("modelStatus");
    QCOMPARE(status->text(), QString("No model: the picture alone is shown"));
    ModelStatus loading;
    loading.state = ModelStatus::State::loading;
    loading.file = "/models/big.safetensors";
    desk.panel->set_model_status(loading);
    QCOMPARE(status->text(), QString("Loading big ..."));
    desk.panel->set_model_status(ready());
    QCOMPARE(status->text(), QString("Ready: CPU, bf16, 320 px"));
    ModelStatus failed = loading;
    failed.state = ModelStatus::State::failed;
    failed.problem = "/models/big.safetensors: cut off";
    desk.panel->set_model_status(failed);
    QCOMPARE(status->text(), QString("Failed: /models/big.safetensors: cut off"));
  }

  void thresholds_are_the_models_own_at_first() {
    Desk desk;
    QCOMPARE(desk.panel->thresholds(), std::vector<float>({0.25F, 0.5F, 0.75F}));
    QCOMPARE(desk.text(0, ClassTableModel::threshold), QString("0.25"));
    QVERIFY(!desk.find<QSlider>("confidenceSlider")->isEnabled());
  }

  void slider_and_box_act_at_once() {
    Desk desk;
    desk.find<QCheckBox>("ownThresholds")->click();
    QCOMPARE(desk.adjusted->count(), 1);
    desk.find<QSlider>("confidenceSlider")->setValue(60);
    QCOMPARE(desk.adjusted->count(), 2);
    QCOMPARE(desk.find<QDoubleSpinBox>("confidence")->value(), 0.6);
    QCOMPARE(desk.panel->thresholds(), std::vector<float>({0.6F, 0.6F, 0.6F}));
    QCOMPARE(desk.text(2, ClassTableModel::threshold), QString("0.60"));
    auto* box = desk.find<QDoubleSpinBox>("confidence");
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Up);
    QCOMPARE(desk.find<QSlider>("confidenceSlider")->value(), 65);
    QCOMPARE(desk.panel->thresholds(), std::vector<float>({0.65F, 0.65F, 0.65F}));
    box->setValue(0);
    QCOMPARE(box->value(), 0.05);
    desk.find<QSlider>("iouSlider")->setValue(45);
    QCOMPARE(desk.panel->iou(), 0.45F);
    QVERIFY(desk.panel->tracking());
    const auto before = desk.adjusted->count();
    desk.find<QCheckBox>("tracking")->click();
    QVERIFY(!desk.panel->tracking());
    QCOMPARE(desk.adjusted->count(), before + 1);
    QCOMPARE(desk.requested->count(), 0);  // none of it loads a model
  }

  void classes_are_hidden_and_blurred() {
    Desk desk;
    desk.click(1, ClassTableModel::shown);
    QCOMPARE(desk.adjusted->count(), 1);
    QVERIFY(desk.panel->thresholds()[1] > 1);
    QCOMPARE(desk.panel->thresholds()[0], 0.25F);
    desk.click(0, ClassTableModel::blurred);
    QCOMPARE(desk.panel->blurred(), std::vector<bool>({true, false, false}));
    QTest::mouseClick(desk.find<QPushButton>("noClasses"), Qt::LeftButton);
    for (const float threshold : desk.panel->thresholds()) QVERIFY(threshold > 1);
    QTest::mouseClick(desk.find<QPushButton>("allClasses"), Qt::LeftButton);
    QCOMPARE(desk.panel->thresholds(), std::vector<float>({0.25F, 0.5F, 0.75F}));
    QCOMPARE(desk.adjusted->count(), 4);
  }

  void boxes_are_ticked_with_the_space_bar() {
    Desk desk;
    desk.table()->setFocus();
    desk.table()->setCurrentIndex(desk.cell(2, ClassTableModel::shown));
    QTest::keyClick(desk.table(), Qt::Key_Space);
    QVERIFY(desk.panel->thresholds()[2] > 1);
  }

  void a_class_has_a_threshold_of_its_own() {
    Desk desk;
    desk.table()->setFocus();
    desk.table()->setCurrentIndex(desk.cell(1, ClassTableModel::threshold));
    QTest::keyClick(desk.table(), Qt::Key_F2);
    auto* editor = desk.table()->findChild<QDoubleSpinBox*>("thresholdEditor");
    QVERIFY(editor != nullptr);
    editor->setValue(0.9);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(desk.panel->thresholds(), std::vector<float>({0.25F, 0.9F, 0.75F}));
    QCOMPARE(desk.text(1, ClassTableModel::threshold), QString("0.90"));
    desk.find<QCheckBox>("ownThresholds")->click();
    QCOMPARE(desk.panel->thresholds(), std::vector<float>({0.35F, 0.9F, 0.35F}));
    // As low as it goes means: as the others.
    QTRY_VERIFY(desk.table()->findChild<QDoubleSpinBox*>("thresholdEditor") == nullptr);
    QTest::keyClick(desk.table(), Qt::Key_F2);
    editor = desk.table()->findChild<QDoubleSpinBox*>("thresholdEditor");
    QVERIFY(editor != nullptr);
    editor->setValue(0);
    QCOMPARE(editor->text(), QString("general"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(desk.panel->thresholds(), std::vector<float>({0.35F, 0.35F, 0.35F}));
  }

  void counts_are_live_and_sortable() {
    Desk desk;
    desk.panel->set_counts({1, 0, 4});
    QCOMPARE(desk.text(0, ClassTableModel::count), QString("1"));
    QCOMPARE(desk.text(1, ClassTableModel::count), QString());
    QCOMPARE(desk.text(2, ClassTableModel::count), QString("4"));
    desk.table()->sortByColumn(ClassTableModel::count, Qt::DescendingOrder);
    QCOMPARE(desk.text(0, ClassTableModel::name), QString("dog"));
    desk.panel->set_counts({7, 0, 4});
    QCOMPARE(desk.text(0, ClassTableModel::name), QString("person"));
    desk.click(0, ClassTableModel::shown);  // of the row that is seen there
    QVERIFY(desk.panel->thresholds()[0] > 1);
  }

  void classes_are_found_by_name() {
    Desk desk;
    desk.find<QLineEdit>("classFilter")->setText("CA");
    QCOMPARE(desk.table()->model()->rowCount(), 1);
    QCOMPARE(desk.text(0, ClassTableModel::name), QString("car"));
    QCOMPARE(desk.panel->thresholds().size(), std::size_t{3});
  }

  void a_click_on_the_swatch_asks_for_a_colour() {
    Desk desk;
    QSignalSpy colors(desk.panel.get(), &DetectorSettingsPanel::colors_changed);
    const QColor usual = desk.panel->colors()[1];
    desk.click(1, ClassTableModel::name);
    auto* dialog = desk.panel->findChild<QColorDialog*>("colorDialog");
    QVERIFY(dialog != nullptr);
    dialog->setCurrentColor(QColor(10, 20, 30));
    dialog->accept();
    QCOMPARE(colors.count(), 1);
    QCOMPARE(desk.panel->colors()[1], QColor(10, 20, 30));
    QVERIFY(usual != QColor(10, 20, 30));
    QCOMPARE(desk.adjusted->count(), 0);
    Settings settings;
    desk.panel->store(settings);
    QCOMPARE(settings.classes["car"].color, QColor(10, 20, 30));
  }

  void settings_come_back_as_they_were() {
    Settings settings;
    settings.model = "/models/small.safetensors";
    settings.confidence = 0.4;
    settings.iou = 0.5;
    settings.input_size = 640;
    settings.device = "cuda";
    settings.precision = "bf16";
    settings.tracking = false;
    settings.classes["car"] = {false, true, 0.7, QColor("red")};
    settings.classes["zebra"] = {false, false, {}, {}};  // of another model
    Desk desk;
    desk.panel->set_settings(settings);
    QCOMPARE(desk.adjusted->count(), 0);
    QCOMPARE(desk.requested->count(), 0);
    Settings stored;
    desk.panel->store(stored);
    QVERIFY(stored == settings);
    QCOMPARE(desk.find<QComboBox>("model")->currentText(), QString("Small"));
    QCOMPARE(desk.panel->thresholds()[0], 0.4F);
    QVERIFY(desk.panel->thresholds()[1] > 1);
  }

  void speaks_another_language_at_once() {
    Desk desk;
    desk.find<QComboBox>("device")->setCurrentIndex(1);
    desk.find<QComboBox>("inputSize")->setCurrentIndex(6);
    const auto requested = desk.requested->count();
    TildeTranslator marker;
    QCoreApplication::installTranslator(&marker);
    for (QWidget* widget : desk.panel->findChildren<QWidget*>()) {
      QEvent change(QEvent::LanguageChange);
      QCoreApplication::sendEvent(widget, &change);
    }
    QEvent change(QEvent::LanguageChange);
    QCoreApplication::sendEvent(desk.panel.get(), &change);
    for (const QLabel* label : desk.panel->findChildren<QLabel*>()) {
      if (label->isVisible()) QVERIFY2(label->text().contains('~'), qPrintable(label->text()));
    }
    for (const auto* button : desk.panel->findChildren<QAbstractButton*>()) {
      if (!button->text().isEmpty()) QVERIFY2(button->text().contains('~'), qPrintable(button->text()));
    }
    QCOMPARE(desk.table()->model()->headerData(ClassTableModel::blurred, Qt::Horizontal).toString(), QString("Blur~"));
    QCOMPARE(desk.find<QComboBox>("device")->currentText(), QString("CPU~"));
    QCOMPARE(desk.find<QComboBox>("inputSize")->currentData().toInt(), 320);
    QCOMPARE(desk.requested->count(), requested);
    QCOMPARE(desk.adjusted->count(), 0);
    QCoreApplication::removeTranslator(&marker);
  }

  void the_wheel_changes_nothing_in_passing() {
    Desk desk;
    auto* device = desk.find<QComboBox>("device");
    const QPointF place = device->rect().center();
    QWheelEvent wheel(place, device->mapToGlobal(place), {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QCoreApplication::sendEvent(device, &wheel);
    QCOMPARE(device->currentIndex(), 0);
    QCOMPARE(desk.requested->count(), 0);
  }

  void reads_shipped_models() {
    ModelList list;
    QSignalSpy changed(&list, &ModelList::changed);
    QTemporaryDir folder;
    QFile::copy(QString(DUALSIGHT_TEST_MODEL), folder.filePath("resnet18-test.safetensors"));
    qputenv("DUALSIGHT_MODELS", folder.path().toUtf8());
    list.load();
    QTRY_VERIFY(list.loaded());
    qunsetenv("DUALSIGHT_MODELS");
    const int row = list.row_of(folder.filePath("resnet18-test.safetensors"));
    QVERIFY(row >= 0);
    QCOMPARE(list.card(row)->problem, QString());
    QVERIFY(list.card(row)->classes > 0);
    QVERIFY(!list.best().isEmpty());
  }
};

DUALSIGHT_UI_TEST(DetectorSettingsDockTest);

}  // namespace dualsight

#include "detector_settings_dock_test.moc"
