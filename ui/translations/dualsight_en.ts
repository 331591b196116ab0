<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>dualsight::DetectionsModel</name>
    <message numerus="yes">
        <source>%n objects: %1</source>
        <translation>
            <numerusform>%n object: %1</numerusform>
            <numerusform>%n objects: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>dualsight::EventsPanel</name>
    <message numerus="yes">
        <source>%n events</source>
        <translation>
            <numerusform>%n event</numerusform>
            <numerusform>%n events</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n events</source>
        <translation>
            <numerusform>%1 of %n event</numerusform>
            <numerusform>%1 of %n events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>dualsight::LiveController</name>
    <message numerus="yes">
        <source>Reconnecting in %n s (attempt %1)</source>
        <translation>
            <numerusform>Reconnecting in %n s (attempt %1)</numerusform>
            <numerusform>Reconnecting in %n s (attempt %1)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>dualsight::ModelList</name>
    <message numerus="yes">
        <source>%n classes</source>
        <translation>
            <numerusform>%n class</numerusform>
            <numerusform>%n classes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>dualsight::StatusWidgets</name>
    <message numerus="yes">
        <source>, %n lost</source>
        <translation>
            <numerusform>, %n lost</numerusform>
            <numerusform>, %n lost</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>dualsight::VideoView</name>
    <message numerus="yes">
        <source>%n objects: %1</source>
        <translation>
            <numerusform>%n object: %1</numerusform>
            <numerusform>%n objects: %1</numerusform>
        </translation>
    </message>
</context>
</TS>
