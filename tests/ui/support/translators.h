// Translators that mark every translated text, to find those that are not, or that do not follow the language.
#pragma once

#include <QByteArray>
#include <QString>
#include <QTranslator>

namespace dualsight {

// "[Open]": texts of this program alone, not Qt's own.
class BracketTranslator : public QTranslator {
 public:
  QString translate(const char* context, const char* text, const char*, int) const override {
    return QByteArray(context).startsWith("dualsight::") ? "[" + QString::fromUtf8(text) + "]" : QString();
  }
  bool isEmpty() const override { return false; }
};

// "3 classes~": all texts, with %n filled in.
class TildeTranslator : public QTranslator {
 public:
  QString translate(const char*, const char* text, const char*, int n) const override {
    return QString::fromUtf8(text).replace("%n", QString::number(n)) + QString("~");
  }
  bool isEmpty() const override { return false; }
};

}  // namespace dualsight
