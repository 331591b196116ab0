#include "ui/widgets/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>
#include <memory>

namespace dualsight {
namespace {

// The first of the system's languages, in order of preference, that there is a translation for. The texts in the code
// are English; the English translation only adds singular forms.
bool is_chinese(const QLocale& locale) {
  for (const QString& name : locale.uiLanguages()) {
    const QLocale one(name);
    if (one.language() == QLocale::English) return false;
    if (one.language() == QLocale::Chinese && one.script() == QLocale::SimplifiedHanScript) return true;
  }
  return false;
}

// Replaces the translator of the language before; if the file is missing, there is none.
void install(std::unique_ptr<QTranslator>& translator, const QString& file, const QString& folder) {
  translator.reset();  // uninstalls it, too
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
