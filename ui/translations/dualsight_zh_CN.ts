<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>dualsight::Actions</name>
    <message>
        <source>&amp;Open a file …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A video or a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open an &amp;address …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A network camera or stream</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close the source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a reco&amp;rding …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at a recording again, with other thresholds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Freeze</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the picture as it is; camera and recording go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Fit to the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class and confidence beside the boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Coordinates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position and size in pixels beside the boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Track numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Zones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset the layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Look for cameras</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reconnect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Mirror</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate to the l&amp;eft</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate to the &amp;right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the &amp;model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Higher confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewer boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Lower confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tracking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Blur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the chosen classes unrecognisable, in everything that is written, too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit &amp;zones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Record</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Record around &amp;events only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write &amp;JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is detected, line by line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Snapshot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;folder of recordings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Preferences …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Shortcuts …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset settings …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About Dualsight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::ClassTable</name>
    <message>
        <source>Colour of &quot;%1&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usual colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>General threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows all classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hides all classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide all classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::ClassTableModel</name>
    <message>
        <source>general</source>
        <comment>threshold</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: click the colour to change it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A threshold of its own; empty: the general one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The general threshold; edit to change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blurred</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not blurred</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <comment>threshold: confidence from which on a class is reported</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Now</source>
        <comment>how many there are now</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether the class is reported at all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The confidence from which on the class is reported; empty: the general one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objects of the class are made unrecognisable, in the window and in recordings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many are seen now</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::DetectionPanel</name>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CUDA</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>float32</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bf16</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model was found: choose a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for models ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model: the picture alone is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading %1 ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready: %1, %2 px</source>
        <comment>device and input size</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model&apos;s own</source>
        <comment>input size</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 px</source>
        <comment>input size</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other file...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chooses a model file (*.safetensors)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What runs the model. Automatic: CUDA where there is a GPU that answers, else the CPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precision:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic: bf16 where the hardware computes in it, which is faster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input size:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture is made that large for the model: smaller is faster, larger finds smaller things</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model&apos;s own confidence thresholds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each class is reported from the confidence on that its model was tuned for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objects are reported from this confidence on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlap (NMS):</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of two boxes of one class that overlap more than this (IoU), the better one stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlap (NMS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Track objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objects keep their number from frame to frame; events, zones and lines need it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::DetectionsModel</name>
    <message>
        <source>No objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>class and count</comment>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n objects: %1</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>class %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>a point</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How sure the detector is, from 0 to 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left edge in the picture, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>X</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upper edge in the picture, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In pixels of the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Height</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Centre in the picture, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Centre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object&apos;s number, the same from frame to frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Track</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Since the object appeared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Age</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::DetectionsPanel</name>
    <message>
        <source>Detections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as CS&amp;V</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::EventsModel</name>
    <message>
        <source>appeared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>entered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>crossed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>backward</source>
        <comment>over a line</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>forward</source>
        <comment>over a line</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>after %1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click or Enter: shows it in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>picture of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Event</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Track</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zone or line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recording</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::EventsPanel</name>
    <message>
        <source>class %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n events</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n events</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Save events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in the recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Event:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forgets all events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saves the events below as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Events</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::MainWindow</name>
    <message>
        <source>Dualsight did not end cleanly the last time. If it does so again, start it with --safe-mode.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dualsight did not end cleanly the last time. The recording up to then is intact: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No source is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a camera in the Sources panel, or drop a file or an address here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The snapshot was not saved: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening %1 …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence from %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose what to blur first: tick Blur beside a class in the Detection panel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget all settings, zones and shortcuts and begin with those that Dualsight comes with?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Detection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Record</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Toolbar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings could not be saved: %1 is not writable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Reconnecting in %n s (attempt %1)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1
Check the cable, the network and that no other program uses it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection is lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recording has ended: %1. What was recorded is kept. Make room or choose another folder, then record again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Play again, or tick Repeat in the Sources panel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The source cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the name and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No permission for this camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add your user to the group “video”, then log in anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera is busy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the other program that uses it, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera is not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plug it in, then try again, or choose another one in the Sources panel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model cannot be used: %1. The picture goes on without detections; choose another model in the Detection panel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is recorded: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No records are written: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrote %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose in the preferences, under Recording, which classes or zones are to be recorded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is recorded: the folder %1 cannot be made. Choose another one in the preferences.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a video or a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open an address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address (rtsp, http or https):</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Videos (*.mkv *.mp4 *.avi);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;h2&gt;Dualsight&lt;/h2&gt;&lt;p&gt;Choose a camera in the &lt;b&gt;Sources&lt;/b&gt; panel, or drop a video, a picture or an address on the picture. What is found is drawn over it and listed in the &lt;b&gt;Detections&lt;/b&gt; panel, with position and size in pixels of the picture.&lt;/p&gt;&lt;p&gt;Too many boxes, or too few? Move the confidence in the &lt;b&gt;Detection&lt;/b&gt; panel; each class may have its own.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Zones&lt;/b&gt; and lines count what goes in, out and across. &lt;b&gt;Record&lt;/b&gt; keeps a video and what was found; open it again with &lt;i&gt;File, Open a recording&lt;/i&gt; and choose other thresholds afterwards. What is blurred is blurred in everything that is written.&lt;/p&gt;&lt;h3&gt;Keys&lt;/h3&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Dualsight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;h3&gt;Dualsight %1&lt;/h3&gt;&lt;p&gt;Sees what is there, where and how big: live, on this computer alone. Nothing leaves it.&lt;/p&gt;</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::ModelList</name>
    <message>
        <source>%1 px</source>
        <comment>input size of a model</comment>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n classes</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>val mAP50 %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::NoticeBar</name>
    <message>
        <source>Close the message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::PlotWidget</name>
    <message>
        <source>%1 (%2)</source>
        <comment>title and unit</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <comment>seconds ago, with a minus</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>General</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the desktop&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Theme:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“Dualsight” in your videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“Dualsight” in your pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Record only around these, while recording is on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>names, with commas between</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> GiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Recordings in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of recordings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Snapshots in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of snapshots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pictures:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Container:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New file after:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most &amp;disk space:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;lasses:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Zones:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds &amp;before:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds &amp;after:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::ReviewWidget</name>
    <message>
        <source>%1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Videos (*.mkv *.mp4 *.avi)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save pictures in a new folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save training data in a new folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open recording…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to &amp;live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture of the recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least confidence of what is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As &amp;recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weaker detections were not recorded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Draw boxes in clip and pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One picture e&amp;ach</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>detection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of pictures and training data: one each so many seconds, or each time the detector looked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Clip…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pictures…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Table…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A line for each detection, as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T&amp;raining data…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures with their boxes in COCO&apos;s format, to be corrected and trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range from here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The range for exports begins here (I in the time line; or drag there with Shift)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The range for exports ends here (O in the time line; or drag there with Shift)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No range: exports take the whole recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range to here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sp&amp;eed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1x</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cance&amp;l</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shown without boxes: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shown without boxes: there are no records (%1.ndjson) beside the video.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1. Open another recording, or go back to the live picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Videos (*.mkv *.mp4 *.avi *.mov *.webm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the recording…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No recording is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause (space bar in the time line)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play (space bar in the time line)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From %1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 appeared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 entered %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 crossed %2 backward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 crossed %2 forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::ShortcutEditor</name>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As usual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All as usual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter the actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions and their shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortcut</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also used by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New shortcut</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is used by: %2. Neither works until one of them gets another.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::SourcesPanel</name>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 x %2</source>
        <comment>size of a picture</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 frames/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (open)</source>
        <comment>a camera</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: trying again in %2 s (attempt %3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: ended early</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening %1 ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 frames/s claimed, %2 measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 frames/s measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passwords are not kept: type it in place of ***.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a video or a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Videos and pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No camera is plugged in. One that is plugged in appears here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens the chosen camera; so does Enter or a double click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File or address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rtsp://..., or a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A video, a picture, a folder of pictures, or an address (rtsp, rtsps, http, https). The list holds the recent ones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens what stands in the field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the file or address in the field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chooses a video or picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repeat files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files begin again at their end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Swaps left and right, after the rotation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closes the source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1°</source>
        <comment>degrees</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::StatsPanel</name>
    <message>
        <source>Frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1/s</source>
        <comment>per second</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>captured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames that came from the source, and frames that the detector looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Age of results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the capture of a frame until its detections were there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Per frame: the model itself, preparing the picture, and making boxes of the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Losses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dropped/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames not looked at because a newer one was there, per second; frames that wait to be recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of this program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of this program; 100 % is one core</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::StatusWidgets</name>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>trying again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended early</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>opening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>source and its state</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture %1/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detect %1/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Age %1 ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dropped %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>● %1, %2</source>
        <comment>recording: time and size</comment>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>, %n lost</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Recording ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recording: time, size, frames lost
%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recording: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recording ended: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disk %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Room on the disk for recordings: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Room left on the disk for recordings
%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading %1 ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What runs the model, and its precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames per second that come from the source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames per second that the detector looks at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the capture of a frame until its detections were there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames not looked at because a newer one was there</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::TimelineWidget</name>
    <message>
        <source>Time line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>range from %1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dualsight::VideoView</name>
    <message>
        <source>Nothing found</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n object(s): %1</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>dualsight::ZonesDock</name>
    <message>
        <source>line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 forward, %2 back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 in, %2 out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a zone of that name already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model has no class “%1”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw a zone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click its corners on the picture; a double click or Enter ends it, Escape takes it back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click its two ends on the picture; the arrow shows which way is forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Counts to zero</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zones and lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Counts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Corners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Those that count, with commas between; none: all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>x,y of each corner, from 0 to 1 of width and height</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
