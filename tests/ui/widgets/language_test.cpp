#include "ui/widgets/language.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFile>
#include <QLibraryInfo>
#include <QLocale>
#include <QPushButton>

#include "tests/ui/support/ui_test.h"

namespace dualsight {

class LanguageTest : public QObject {
  Q_OBJECT

  QLocale before_;

 private Q_SLOTS:
  void init() { before_ = QLocale(); }
  void cleanup() {
    apply_language("en");
    QLocale::setDefault(before_);
  }

  void is_switched_while_it_runs() {
    if (!QFile::exists(":/i18n/dualsight_zh_CN.qm")) QSKIP("there is no translation");
    QDialogButtonBox buttons(QDialogButtonBox::Cancel);
    const bool qts = QFile::exists(QLibraryInfo::path(QLibraryInfo::TranslationsPath) + "/qtbase_zh_CN.qm");
    apply_language("zh_CN");
    QCoreApplication::processEvents();
    QCOMPARE(QLocale().language(), QLocale::Chinese);
    if (qts) QVERIFY(buttons.button(QDialogButtonBox::Cancel)->text().contains(QString::fromUtf8("取消")));
    apply_language("en");
    QCoreApplication::processEvents();
    QVERIFY(buttons.button(QDialogButtonBox::Cancel)->text().contains("Cancel"));
    apply_language("zh_CN");  // twice changes nothing
    apply_language("zh_CN");
    apply_language("en");
    QCOMPARE(QCoreApplication::translate("dualsight::Actions", "&Snapshot"), QString("&Snapshot"));
  }

  void the_systems_language() {
    apply_language({});
    QCOMPARE(QLocale().name(), QLocale::system().name());
  }
};
DUALSIGHT_UI_TEST(LanguageTest);

}  // namespace dualsight

#include "language_test.moc"
