#include "ui/widgets/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>
#include <memory>

namespace dualsight {
namespace {

// Of the languages that somebody reads, best first, the first that we speak. Texts are English as they stand but for
// their singular.
bool is_chinese(const QLocale& locale) {
  for (const QString& name : locale.uiLanguages()) {
    const QLocale one(name);
    if (one.language() == QLocale::English) return false;
    if (one.language() == QLocale::Chinese && one.script() == QLocale::SimplifiedHanScript) return true;
  }
  return false;
}

// Takes the place of the one before; without a file there is none.
void install(std::unique_ptr<QTranslator>& translator, const QString& file, const QString& folder) {
  translator.reset();  // removes it, too
  auto next = std::make_unique<QTranslator>();
  if (file.isEmpty() || !next->load(file, folder)) return;
  QCoreApplication::installTranslator(next.get());
  translator = std::move(next);
}

}  // namespace

void apply_language(const QString& language) {
  static std::unique_ptr<QTranslator> own, qts;
  const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
  QLocale::setDefault(locale);
  const bool chinese = is_chinese(locale);
  install(qts, chinese ? "qtbase_zh_CN" : "", QLibraryInfo::path(QLibraryInfo::TranslationsPath));
  install(own, chinese ? "dualsight_zh_CN" : "dualsight_en", ":/i18n");
}

}  // namespace dualsight
