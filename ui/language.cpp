#include "ui/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace dualsight {

void apply_language(const QString& language) {
  static QTranslator own, qts;
  QCoreApplication::removeTranslator(&own);
  QCoreApplication::removeTranslator(&qts);
  const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
  QLocale::setDefault(locale);
  if (locale.language() != QLocale::Chinese) return;  // the texts are English as they stand
  if (qts.load("qtbase_zh_CN", QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
    QCoreApplication::installTranslator(&qts);
  }
  if (own.load(":/i18n/dualsight_zh_CN.qm")) QCoreApplication::installTranslator(&own);
}

}  // namespace dualsight
