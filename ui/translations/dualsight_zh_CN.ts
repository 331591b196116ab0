<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>dualsight::Actions</name>
    <message>
        <source>&amp;Open a file …</source>
        <translation>打开文件(&amp;O)…</translation>
    </message>
    <message>
        <source>Open an &amp;address …</source>
        <translation>打开地址(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Close the source</source>
        <translation>关闭视频源(&amp;C)</translation>
    </message>
    <message>
        <source>Look at a recording again, with other thresholds</source>
        <translation>用其他阈值重新查看录像</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Freeze</source>
        <translation>冻结画面(&amp;F)</translation>
    </message>
    <message>
        <source>Keep the picture as it is; camera and recording go on</source>
        <translation>画面保持不变；摄像头和录制继续进行</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation>实际大小(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation>标签(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Coordinates</source>
        <translation>坐标(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Track numbers</source>
        <translation>轨迹编号(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Zones</source>
        <translation>区域(&amp;Z)</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全屏(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Reset the layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Look for cameras</source>
        <translation>查找摄像头(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Reconnect</source>
        <translation>重新连接(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Mirror</source>
        <translation>镜像(&amp;M)</translation>
    </message>
    <message>
        <source>Rotate to the l&amp;eft</source>
        <translation>向左旋转(&amp;E)</translation>
    </message>
    <message>
        <source>Choose the &amp;model</source>
        <translation>选择模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Higher confidence</source>
        <translation>提高置信度(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Lower confidence</source>
        <translation>降低置信度(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Tracking</source>
        <translation>跟踪(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Blur</source>
        <translation>模糊(&amp;B)</translation>
    </message>
    <message>
        <source>Make the chosen classes unrecognisable, in everything that is written, too</source>
        <translation>使所选类别无法辨认，所有写入的内容也同样处理</translation>
    </message>
    <message>
        <source>Edit &amp;zones</source>
        <translation>编辑区域(&amp;Z)</translation>
    </message>
    <message>
        <source>&amp;Record</source>
        <translation>录制(&amp;R)</translation>
    </message>
    <message>
        <source>Record around &amp;events only</source>
        <translation>仅录制事件前后(&amp;E)</translation>
    </message>
    <message>
        <source>Write &amp;JSON</source>
        <translation>写入 JSON(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;Snapshot</source>
        <translation>快照(&amp;S)</translation>
    </message>
    <message>
        <source>Open the &amp;folder of recordings</source>
        <translation>打开录像文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Statistics</source>
        <translation>统计(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Preferences …</source>
        <translation>首选项(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Reset settings …</source>
        <translation>重置设置(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;About Dualsight</source>
        <translation>关于 Dualsight(&amp;A)</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>关于 Qt(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Camera</source>
        <translation>摄像头(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Detection</source>
        <translation>检测(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>工具(&amp;T)</translation>
    </message>
    <message>
        <source>Watch a video or a picture</source>
        <translation>观看视频或图片</translation>
    </message>
    <message>
        <source>Watch a network camera or stream</source>
        <translation>观看网络摄像头或视频流</translation>
    </message>
    <message>
        <source>Stop watching; recordings end</source>
        <translation>停止观看；录制也随之结束</translation>
    </message>
    <message>
        <source>Open a recor&amp;ding …</source>
        <translation>打开录像(&amp;D)…</translation>
    </message>
    <message>
        <source>End Dualsight; what is being recorded is closed first</source>
        <translation>退出 Dualsight；会先保存正在录制的内容</translation>
    </message>
    <message>
        <source>Show the picture larger</source>
        <translation>放大显示画面</translation>
    </message>
    <message>
        <source>Show the picture smaller</source>
        <translation>缩小显示画面</translation>
    </message>
    <message>
        <source>Fit to the &amp;window</source>
        <translation>适应窗口(&amp;W)</translation>
    </message>
    <message>
        <source>Show the whole picture, as large as the window allows</source>
        <translation>在窗口内尽可能大地显示整个画面</translation>
    </message>
    <message>
        <source>Show every pixel of the picture as one of the screen</source>
        <translation>画面的每个像素对应屏幕的一个像素</translation>
    </message>
    <message>
        <source>Show class and confidence beside the boxes</source>
        <translation>在框旁显示类别和置信度</translation>
    </message>
    <message>
        <source>Show position and size in pixels beside the boxes</source>
        <translation>在框旁显示位置和大小，以像素为单位</translation>
    </message>
    <message>
        <source>Show the number by which an object is followed</source>
        <translation>在框旁显示跟踪目标所用的编号</translation>
    </message>
    <message>
        <source>Show zones and lines</source>
        <translation>显示区域和线</translation>
    </message>
    <message>
        <source>Use the whole screen, without menus</source>
        <translation>占满整个屏幕，不显示菜单</translation>
    </message>
    <message>
        <source>Put all panels back where they were at first</source>
        <translation>将所有面板恢复到最初的位置</translation>
    </message>
    <message>
        <source>List the cameras that are connected now</source>
        <translation>列出当前已接入的摄像头</translation>
    </message>
    <message>
        <source>Close the source and open it again</source>
        <translation>关闭视频源，然后重新打开</translation>
    </message>
    <message>
        <source>Swap left and right, as a mirror does</source>
        <translation>左右翻转，如同照镜子</translation>
    </message>
    <message>
        <source>Turn the picture by 90° against the clock</source>
        <translation>将画面逆时针旋转 90°</translation>
    </message>
    <message>
        <source>Rotate to the ri&amp;ght</source>
        <translation>向右旋转(&amp;G)</translation>
    </message>
    <message>
        <source>Turn the picture by 90° with the clock</source>
        <translation>将画面顺时针旋转 90°</translation>
    </message>
    <message>
        <source>Choose what looks at the picture</source>
        <translation>选择用于检测画面的模型</translation>
    </message>
    <message>
        <source>Report only what is more certain: fewer boxes</source>
        <translation>只报告把握更大的目标：框更少</translation>
    </message>
    <message>
        <source>Report what is less certain, too: more boxes</source>
        <translation>把握较小的目标也报告：框更多</translation>
    </message>
    <message>
        <source>Follow objects from frame to frame; zones and events need it</source>
        <translation>在各帧之间跟踪目标；区域和事件都需要此功能</translation>
    </message>
    <message>
        <source>Draw and change zones and lines on the picture</source>
        <translation>在画面上绘制和修改区域与线</translation>
    </message>
    <message>
        <source>Write a video, and beside it what was found</source>
        <translation>写入视频，并在同一文件夹中写入检测结果</translation>
    </message>
    <message>
        <source>Write clips around the classes and zones that the preferences name</source>
        <translation>首选项中所选的类别或区域有目标时，录制前后的片段</translation>
    </message>
    <message>
        <source>Write what is detected, line by line</source>
        <translation>逐行写入检测结果</translation>
    </message>
    <message>
        <source>Save the picture as it is now</source>
        <translation>保存当前画面</translation>
    </message>
    <message>
        <source>Show the recordings in the file manager</source>
        <translation>在文件管理器中显示录像</translation>
    </message>
    <message>
        <source>Show frame rates, delays and load</source>
        <translation>显示帧率、延迟和负载</translation>
    </message>
    <message>
        <source>Language, theme, recordings, detection and shortcuts</source>
        <translation>语言、主题、录制、检测和快捷键</translation>
    </message>
    <message>
        <source>Short&amp;cuts …</source>
        <translation>快捷键(&amp;C)…</translation>
    </message>
    <message>
        <source>See and change the keys</source>
        <translation>查看和更改快捷键</translation>
    </message>
    <message>
        <source>Forget all settings and begin anew</source>
        <translation>清除所有设置，恢复默认值</translation>
    </message>
    <message>
        <source>How it works, and which keys there are</source>
        <translation>使用方法和快捷键</translation>
    </message>
    <message>
        <source>Which version this is</source>
        <translation>查看版本</translation>
    </message>
    <message>
        <source>The library that draws this window</source>
        <translation>绘制此窗口所用的程序库</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>action, shortcut</comment>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>dualsight::CameraChooser</name>
    <message>
        <source>%1 (open)</source>
        <comment>a camera</comment>
        <translation>%1（已打开）</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>%1 x %2</source>
        <comment>size of a picture</comment>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>%1 frames/s</source>
        <translation>%1 帧/秒</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>No camera is plugged in. One that is plugged in appears here.</source>
        <translation>未接入摄像头。接入后会显示在此处。</translation>
    </message>
    <message>
        <source>Format:</source>
        <translation>格式：</translation>
    </message>
    <message>
        <source>Size:</source>
        <translation>尺寸：</translation>
    </message>
    <message>
        <source>Rate:</source>
        <translation>帧率：</translation>
    </message>
    <message>
        <source>Open camera</source>
        <translation>打开摄像头</translation>
    </message>
    <message>
        <source>Opens the chosen camera; so does Enter or a double click</source>
        <translation>打开所选摄像头；也可按 Enter 键或双击</translation>
    </message>
</context>
<context>
    <name>dualsight::ClassTable</name>
    <message>
        <source>Colour of &quot;%1&quot;</source>
        <translation>“%1”的颜色</translation>
    </message>
    <message>
        <source>Colour...</source>
        <translation>颜色…</translation>
    </message>
    <message>
        <source>Usual colour</source>
        <translation>默认颜色</translation>
    </message>
    <message>
        <source>General threshold</source>
        <translation>通用阈值</translation>
    </message>
    <message>
        <source>Find a class</source>
        <translation>查找类别</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Shows all classes</source>
        <translation>显示所有类别</translation>
    </message>
    <message>
        <source>Show all classes</source>
        <translation>显示所有类别</translation>
    </message>
    <message>
        <source>None</source>
        <translation>全不选</translation>
    </message>
    <message>
        <source>Hides all classes</source>
        <translation>隐藏所有类别</translation>
    </message>
    <message>
        <source>Hide all classes</source>
        <translation>隐藏所有类别</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
</context>
<context>
    <name>dualsight::ClassTableModel</name>
    <message>
        <source>general</source>
        <comment>threshold</comment>
        <translation>通用</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>已显示</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>已隐藏</translation>
    </message>
    <message>
        <source>%1: click the colour to change it</source>
        <translation>%1：点击颜色可更改</translation>
    </message>
    <message>
        <source>A threshold of its own; empty: the general one</source>
        <translation>该类别的专用阈值；留空则使用通用阈值</translation>
    </message>
    <message>
        <source>The general threshold; edit to change</source>
        <translation>通用阈值；编辑即可更改</translation>
    </message>
    <message>
        <source>blurred</source>
        <translation>已模糊</translation>
    </message>
    <message>
        <source>not blurred</source>
        <translation>未模糊</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>From</source>
        <comment>threshold: confidence from which on a class is reported</comment>
        <translation>下限</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>模糊</translation>
    </message>
    <message>
        <source>Now</source>
        <comment>how many there are now</comment>
        <translation>当前</translation>
    </message>
    <message>
        <source>Whether the class is reported at all</source>
        <translation>是否报告该类别</translation>
    </message>
    <message>
        <source>The confidence from which on the class is reported; empty: the general one</source>
        <translation>该类别达到此置信度才报告；留空则使用通用阈值</translation>
    </message>
    <message>
        <source>Objects of the class are made unrecognisable, in the window and in recordings</source>
        <translation>使该类别的目标在窗口和录像中都无法辨认</translation>
    </message>
    <message>
        <source>How many are seen now</source>
        <translation>当前可见的数量</translation>
    </message>
</context>
<context>
    <name>dualsight::DetectionsModel</name>
    <message>
        <source>No objects</source>
        <translation>没有目标</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>class and count</comment>
        <translation>%1 %2</translation>
    </message>
    <message numerus="yes">
        <source>%n objects: %1</source>
        <translation>
            <numerusform>%n 个目标：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>class %1</source>
        <translation>类别 %1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>a point</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>How sure the detector is, from 0 to 1</source>
        <translation>检测器的把握程度，从 0 到 1</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Left edge in the picture, in pixels</source>
        <translation>画面中的左边缘，以像素为单位</translation>
    </message>
    <message>
        <source>X</source>
        <translation>X</translation>
    </message>
    <message>
        <source>Upper edge in the picture, in pixels</source>
        <translation>画面中的上边缘，以像素为单位</translation>
    </message>
    <message>
        <source>Y</source>
        <translation>Y</translation>
    </message>
    <message>
        <source>In pixels of the picture</source>
        <translation>以画面像素为单位</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Centre in the picture, in pixels</source>
        <translation>画面中的中心点，以像素为单位</translation>
    </message>
    <message>
        <source>Centre</source>
        <translation>中心</translation>
    </message>
    <message>
        <source>The object&apos;s number, the same from frame to frame</source>
        <translation>目标的编号，在各帧之间保持不变</translation>
    </message>
    <message>
        <source>Track</source>
        <translation>轨迹编号</translation>
    </message>
    <message>
        <source>Since the object appeared</source>
        <translation>自目标出现以来的时间</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>时长</translation>
    </message>
</context>
<context>
    <name>dualsight::DetectionsPanel</name>
    <message>
        <source>Detections</source>
        <translation>检测结果</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Copy as CS&amp;V</source>
        <translation>复制为 CSV(&amp;V)</translation>
    </message>
</context>
<context>
    <name>dualsight::DetectorSettingsPanel</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>CUDA</source>
        <translation>CUDA</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>bf16</source>
        <translation>bf16</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>No model was found: choose a file</source>
        <translation>未找到模型：请选择文件</translation>
    </message>
    <message>
        <source>Looking for models ...</source>
        <translation>正在查找模型…</translation>
    </message>
    <message>
        <source>No model: the picture alone is shown</source>
        <translation>无模型：仅显示画面</translation>
    </message>
    <message>
        <source>Loading %1 ...</source>
        <translation>正在加载 %1…</translation>
    </message>
    <message>
        <source>Ready: %1, %2 px</source>
        <comment>device and input size</comment>
        <translation>就绪：%1，%2 px</translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation>失败：%1</translation>
    </message>
    <message>
        <source>Model&apos;s own</source>
        <comment>input size</comment>
        <translation>模型默认</translation>
    </message>
    <message>
        <source>%1 px</source>
        <comment>input size</comment>
        <translation>%1 px</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Model:</source>
        <translation>模型：</translation>
    </message>
    <message>
        <source>Other file...</source>
        <translation>其他文件…</translation>
    </message>
    <message>
        <source>Chooses a model file (*.safetensors)</source>
        <translation>选择模型文件 (*.safetensors)</translation>
    </message>
    <message>
        <source>Device:</source>
        <translation>设备：</translation>
    </message>
    <message>
        <source>What runs the model. Automatic: CUDA where there is a GPU that answers, else the CPU</source>
        <translation>运行模型的设备。自动：有可用的 GPU 时使用 CUDA，否则使用 CPU</translation>
    </message>
    <message>
        <source>Precision:</source>
        <translation>精度：</translation>
    </message>
    <message>
        <source>Input size:</source>
        <translation>输入尺寸：</translation>
    </message>
    <message>
        <source>The picture is made that large for the model: smaller is faster, larger finds smaller things</source>
        <translation>画面送入模型前缩放到此尺寸：越小越快，越大越能发现小目标</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Model&apos;s own confidence thresholds</source>
        <translation>模型自带的置信度阈值</translation>
    </message>
    <message>
        <source>Each class is reported from the confidence on that its model was tuned for</source>
        <translation>每个类别达到模型为其调定的置信度才报告</translation>
    </message>
    <message>
        <source>Confidence:</source>
        <translation>置信度：</translation>
    </message>
    <message>
        <source>Objects are reported from this confidence on</source>
        <translation>目标达到此置信度才报告</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Overlap (NMS):</source>
        <translation>重叠 (NMS)：</translation>
    </message>
    <message>
        <source>Of two boxes of one class that overlap more than this (IoU), the better one stays</source>
        <translation>同一类别的两个框重叠超过此值 (IoU) 时，只保留较好的一个</translation>
    </message>
    <message>
        <source>Overlap (NMS)</source>
        <translation>重叠 (NMS)</translation>
    </message>
    <message>
        <source>Track objects</source>
        <translation>跟踪目标</translation>
    </message>
    <message>
        <source>Objects keep their number from frame to frame; events, zones and lines need it</source>
        <translation>目标在各帧之间保持编号不变；事件、区域和线都需要此功能</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>int8</source>
        <translation>int8</translation>
    </message>
    <message>
        <source>Automatic: bf16 where the hardware computes in it, which is faster. int8, the fastest, needs a model that &quot;dualsight quantize&quot; has been over</source>
        <translation>自动：硬件支持时使用 bf16，速度更快。int8 最快，但需要经 &quot;dualsight quantize&quot; 校准的模型</translation>
    </message>
</context>
<context>
    <name>dualsight::EventsModel</name>
    <message>
        <source>appeared</source>
        <translation>出现</translation>
    </message>
    <message>
        <source>changed class</source>
        <translation>类别改变</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>消失</translation>
    </message>
    <message>
        <source>entered</source>
        <translation>进入</translation>
    </message>
    <message>
        <source>left</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>crossed</source>
        <translation>越线</translation>
    </message>
    <message>
        <source>backward</source>
        <comment>over a line</comment>
        <translation>反向</translation>
    </message>
    <message>
        <source>forward</source>
        <comment>over a line</comment>
        <translation>正向</translation>
    </message>
    <message>
        <source>after %1 s</source>
        <translation>%1 秒后</translation>
    </message>
    <message>
        <source>Double click or Enter: shows it in %1</source>
        <translation>双击或按 Enter：在 %1 中显示</translation>
    </message>
    <message>
        <source>picture of %1</source>
        <translation>%1 的画面</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Track</source>
        <translation>轨迹编号</translation>
    </message>
    <message>
        <source>Zone or line</source>
        <translation>区域或线</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录像</translation>
    </message>
</context>
<context>
    <name>dualsight::EventsPanel</name>
    <message>
        <source>class %1</source>
        <translation>类别 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n events</source>
        <translation>
            <numerusform>%n 个事件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n events</source>
        <translation>
            <numerusform>%1 / %n 个事件</numerusform>
        </translation>
    </message>
    <message>
        <source>Save events</source>
        <translation>保存事件</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Show in the recording</source>
        <translation>在录像中显示</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Event:</source>
        <translation>事件：</translation>
    </message>
    <message>
        <source>Class:</source>
        <translation>类别：</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Forgets all events</source>
        <translation>清除所有事件</translation>
    </message>
    <message>
        <source>Export...</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Saves the events below as CSV</source>
        <translation>将下方的事件保存为 CSV</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
</context>
<context>
    <name>dualsight::ExportPanel</name>
    <message>
        <source>Save clip</source>
        <translation>保存片段</translation>
    </message>
    <message>
        <source>Videos (*.mkv *.mp4 *.avi)</source>
        <translation>视频 (*.mkv *.mp4 *.avi)</translation>
    </message>
    <message>
        <source>Save pictures in a new folder</source>
        <translation>将图片保存到新文件夹</translation>
    </message>
    <message>
        <source>Save table</source>
        <translation>保存表格</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>Save training data in a new folder</source>
        <translation>将训练数据保存到新文件夹</translation>
    </message>
    <message>
        <source>Boxes are drawn into these pictures: only a raw recording can be learned from</source>
        <translation>图片中已画有框：只有原始录像才能用于训练</translation>
    </message>
    <message>
        <source>Pictures with their boxes in COCO&apos;s format, to be corrected and trained on</source>
        <translation>图片及其框，COCO 格式，可用于校正和训练</translation>
    </message>
    <message>
        <source>From %1 to %2</source>
        <translation>从 %1 到 %2</translation>
    </message>
    <message>
        <source>The whole recording</source>
        <translation>整段录像</translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation>正在保存 %1</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>已保存 %1</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Not saved: %1</source>
        <translation>未保存：%1</translation>
    </message>
    <message>
        <source>Dra&amp;w boxes in clip and pictures</source>
        <translation>在片段和图片中画框(&amp;W)</translation>
    </message>
    <message>
        <source>One pict&amp;ure each</source>
        <translation>每张图片间隔(&amp;U)</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>detection</source>
        <translation>每次检测</translation>
    </message>
    <message>
        <source>Of pictures and training data: one each so many seconds, or each time the detector looked</source>
        <translation>适用于图片和训练数据：每隔若干秒一张，或检测器每检测一次一张</translation>
    </message>
    <message>
        <source>Cl&amp;ip…</source>
        <translation>片段(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;Pictures…</source>
        <translation>图片(&amp;P)…</translation>
    </message>
    <message>
        <source>Tabl&amp;e…</source>
        <translation>表格(&amp;E)…</translation>
    </message>
    <message>
        <source>A line for each detection, as CSV</source>
        <translation>每个检测一行，CSV 格式</translation>
    </message>
    <message>
        <source>Trainin&amp;g data…</source>
        <translation>训练数据(&amp;G)…</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>导出进度</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>取消(&amp;N)</translation>
    </message>
</context>
<context>
    <name>dualsight::FilterPanel</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>as recorded</source>
        <translation>与录制时相同</translation>
    </message>
    <message>
        <source>Show &amp;boxes</source>
        <translation>显示框(&amp;B)</translation>
    </message>
    <message>
        <source>Least confidence</source>
        <translation>最低置信度</translation>
    </message>
    <message>
        <source>Least confidence of what is shown</source>
        <translation>所显示内容的最低置信度</translation>
    </message>
    <message>
        <source>&amp;As recorded</source>
        <translation>还原(&amp;A)</translation>
    </message>
    <message>
        <source>Weaker detections were not recorded.</source>
        <translation>置信度更低的检测未被录制。</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
</context>
<context>
    <name>dualsight::HelpDialog</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>&lt;h2&gt;Dualsight&lt;/h2&gt;&lt;p&gt;Choose a camera in the &lt;b&gt;Sources&lt;/b&gt; panel, or drop a video, a picture or an address on the picture. What is found is drawn over it and listed in the &lt;b&gt;Detections&lt;/b&gt; panel, with position and size in pixels of the picture.&lt;/p&gt;&lt;p&gt;Too many boxes, or too few? Move the confidence in the &lt;b&gt;Detection&lt;/b&gt; panel; each class may have its own.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Zones&lt;/b&gt; and lines count what goes in, out and across. &lt;b&gt;Record&lt;/b&gt; keeps a video and what was found; open it again with &lt;i&gt;File, Open a recording&lt;/i&gt; and choose other thresholds afterwards. What is blurred is blurred in everything that is written.&lt;/p&gt;&lt;h3&gt;Keys&lt;/h3&gt;</source>
        <translation>&lt;h2&gt;Dualsight&lt;/h2&gt;&lt;p&gt;请在&lt;b&gt;视频源&lt;/b&gt;面板中选择摄像头，或将视频、图片或地址拖放到画面上。检测到的内容会绘制在画面上，并列在&lt;b&gt;检测结果&lt;/b&gt;面板中，位置和大小以画面像素为单位。&lt;/p&gt;&lt;p&gt;框太多或太少？请在&lt;b&gt;检测&lt;/b&gt;面板中调整置信度；每个类别都可以单独设置。&lt;/p&gt;&lt;p&gt;&lt;b&gt;区域&lt;/b&gt;和线用于统计进入、离开和越过的目标。&lt;b&gt;录制&lt;/b&gt;会保存视频和检测到的内容；之后可通过&lt;i&gt;文件 → 打开录像&lt;/i&gt;再次打开，并选择其他阈值。设为模糊的内容在所有写入的文件中都会模糊。&lt;/p&gt;&lt;h3&gt;快捷键&lt;/h3&gt;</translation>
    </message>
</context>
<context>
    <name>dualsight::LiveController</name>
    <message>
        <source>Opening %1 …</source>
        <translation>正在打开 %1…</translation>
    </message>
    <message>
        <source>The connection is lost</source>
        <translation>连接已断开</translation>
    </message>
    <message numerus="yes">
        <source>Reconnecting in %n s (attempt %1)</source>
        <translation>
            <numerusform>%n 秒后重新连接（第 %1 次尝试）</numerusform>
        </translation>
    </message>
    <message>
        <source>%1
Check the cable, the network and that no other program uses it.</source>
        <translation>%1
请检查线缆和网络，并确认没有其他程序正在使用它。</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>立即尝试</translation>
    </message>
    <message>
        <source>The end</source>
        <translation>播放结束</translation>
    </message>
    <message>
        <source>Press Play again, or tick Repeat in the Sources panel.</source>
        <translation>请按“重新播放”，或在“视频源”面板中勾选“循环播放文件”。</translation>
    </message>
    <message>
        <source>Play again</source>
        <translation>重新播放</translation>
    </message>
    <message>
        <source>No source is open</source>
        <translation>未打开视频源</translation>
    </message>
    <message>
        <source>Choose a camera in the Sources panel, or drop a file or an address here.</source>
        <translation>请在“视频源”面板中选择摄像头，或将文件或地址拖放到此处。</translation>
    </message>
    <message>
        <source>The source cannot be used</source>
        <translation>无法使用该视频源</translation>
    </message>
    <message>
        <source>Check the name and try again.</source>
        <translation>请检查名称后重试。</translation>
    </message>
    <message>
        <source>No permission for this camera</source>
        <translation>没有使用此摄像头的权限</translation>
    </message>
    <message>
        <source>Add your user to the group “video”, then log in anew.</source>
        <translation>请将您的用户加入“video”组，然后重新登录。</translation>
    </message>
    <message>
        <source>The camera is busy</source>
        <translation>摄像头正被占用</translation>
    </message>
    <message>
        <source>Close the other program that uses it, then try again.</source>
        <translation>请关闭正在使用它的其他程序，然后重试。</translation>
    </message>
    <message>
        <source>The camera is not there</source>
        <translation>找不到摄像头</translation>
    </message>
    <message>
        <source>Plug it in, then try again, or choose another one in the Sources panel.</source>
        <translation>请接入摄像头后重试，或在“视频源”面板中选择其他摄像头。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>The model cannot be used: %1. The picture goes on without detections; choose another model in the Detection panel.</source>
        <translation>无法使用模型：%1。画面将继续显示，但不进行检测；请在“检测”面板中选择其他模型。</translation>
    </message>
</context>
<context>
    <name>dualsight::MainWindow</name>
    <message>
        <source>Dualsight did not end cleanly the last time. If it does so again, start it with --safe-mode.</source>
        <translation>Dualsight 上次未正常退出。如果再次发生，请使用 --safe-mode 启动。</translation>
    </message>
    <message>
        <source>Dualsight did not end cleanly the last time. The recording up to then is intact: %1</source>
        <translation>Dualsight 上次未正常退出。在此之前的录像完好：%1</translation>
    </message>
    <message>
        <source>Confidence from %1</source>
        <translation>置信度下限 %1</translation>
    </message>
    <message>
        <source>Choose what to blur first: tick Blur beside a class in the Detection panel.</source>
        <translation>请先选择要模糊的内容：在“检测”面板中勾选类别旁的“模糊”。</translation>
    </message>
    <message>
        <source>Reset settings</source>
        <translation>重置设置</translation>
    </message>
    <message>
        <source>Forget all settings, zones and shortcuts and begin with those that Dualsight comes with?</source>
        <translation>要清除所有设置、区域和快捷键，并恢复为 Dualsight 的默认值吗？</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>视频源</translation>
    </message>
    <message>
        <source>Zones</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Detection</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>Detections</source>
        <translation>检测结果</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>打开最近(&amp;R)</translation>
    </message>
    <message>
        <source>Toolbar</source>
        <translation>工具栏</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>The settings could not be saved: %1 is not writable.</source>
        <translation>无法保存设置：%1 不可写。</translation>
    </message>
    <message>
        <source>Open a video or a picture</source>
        <translation>打开视频或图片</translation>
    </message>
    <message>
        <source>Open an address</source>
        <translation>打开地址</translation>
    </message>
    <message>
        <source>Address (rtsp, http or https):</source>
        <translation>地址（rtsp、http 或 https）：</translation>
    </message>
    <message>
        <source>Open a recording</source>
        <translation>打开录像</translation>
    </message>
    <message>
        <source>Videos (*.mkv *.mp4 *.avi);;All files (*)</source>
        <translation>视频 (*.mkv *.mp4 *.avi);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>暂无内容</translation>
    </message>
    <message>
        <source>About Dualsight</source>
        <translation>关于 Dualsight</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Dualsight %1&lt;/h3&gt;&lt;p&gt;Sees what is there, where and how big: live, on this computer alone. Nothing leaves it.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;Dualsight %1&lt;/h3&gt;&lt;p&gt;看清有什么、在哪里、有多大：实时进行，只在本机上运行。任何内容都不会离开本机。&lt;/p&gt;</translation>
    </message>
</context>
<context>
    <name>dualsight::ModelList</name>
    <message>
        <source>%1 px</source>
        <comment>input size of a model</comment>
        <translation>%1 px</translation>
    </message>
    <message numerus="yes">
        <source>%n classes</source>
        <translation>
            <numerusform>%n 个类别</numerusform>
        </translation>
    </message>
    <message>
        <source>val mAP50 %1</source>
        <translation>验证集 mAP50 %1</translation>
    </message>
</context>
<context>
    <name>dualsight::NoticeBar</name>
    <message>
        <source>Close the message</source>
        <translation>关闭消息</translation>
    </message>
</context>
<context>
    <name>dualsight::OutputController</name>
    <message>
        <source>Saved %1</source>
        <translation>已保存 %1</translation>
    </message>
    <message>
        <source>The snapshot was not saved: %1</source>
        <translation>快照未能保存：%1</translation>
    </message>
    <message>
        <source>Choose in the preferences, under Recording, which classes or zones are to be recorded.</source>
        <translation>请在首选项的“录制”中选择要录制的类别或区域。</translation>
    </message>
    <message>
        <source>Nothing is recorded: the folder %1 cannot be made. Choose another one in the preferences.</source>
        <translation>未录制任何内容：无法创建文件夹 %1。请在首选项中选择其他文件夹。</translation>
    </message>
    <message>
        <source>The recording has ended: %1. What was recorded is kept. Make room or choose another folder, then record again.</source>
        <translation>录制已结束：%1。已录制的内容会保留。请腾出空间或选择其他文件夹，然后重新录制。</translation>
    </message>
    <message>
        <source>Nothing is recorded: %1</source>
        <translation>未录制任何内容：%1</translation>
    </message>
    <message>
        <source>No records are written: %1</source>
        <translation>未写入任何记录：%1</translation>
    </message>
    <message>
        <source>Writing %1</source>
        <translation>正在写入 %1</translation>
    </message>
    <message>
        <source>Wrote %1</source>
        <translation>已写入 %1</translation>
    </message>
</context>
<context>
    <name>dualsight::OverlayPainter</name>
    <message>
        <source>class %1</source>
        <translation>类别 %1</translation>
    </message>
    <message>
        <source>centre %1,%2</source>
        <translation>中心 %1,%2</translation>
    </message>
</context>
<context>
    <name>dualsight::PlotWidget</name>
    <message>
        <source>%1 (%2)</source>
        <comment>title and unit</comment>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>%1 s</source>
        <comment>seconds ago, with a minus</comment>
        <translation>%1 s</translation>
    </message>
</context>
<context>
    <name>dualsight::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>As the system&apos;s</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>As the desktop&apos;s</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>语言(&amp;L)：</translation>
    </message>
    <message>
        <source>&amp;Theme:</source>
        <translation>主题(&amp;T)：</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose: %1</source>
        <translation>选择：%1</translation>
    </message>
    <message>
        <source>With boxes</source>
        <translation>带框</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source> GiB</source>
        <translation> GiB</translation>
    </message>
    <message>
        <source>Folder of recordings</source>
        <translation>录像文件夹</translation>
    </message>
    <message>
        <source>Folder of snapshots</source>
        <translation>快照文件夹</translation>
    </message>
    <message>
        <source>&amp;Pictures:</source>
        <translation>画面(&amp;P)：</translation>
    </message>
    <message>
        <source>Seconds &amp;before:</source>
        <translation>事件前秒数(&amp;B)：</translation>
    </message>
    <message>
        <source>&amp;General</source>
        <translation>常规(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Recording</source>
        <translation>录制(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Detection</source>
        <translation>检测(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>快捷键(&amp;S)</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Re&amp;cordings in:</source>
        <translation>录像保存到(&amp;C)：</translation>
    </message>
    <message>
        <source>S&amp;napshots in:</source>
        <translation>快照保存到(&amp;N)：</translation>
    </message>
    <message>
        <source>As they come</source>
        <translation>原始画面</translation>
    </message>
    <message>
        <source>Both, in two files</source>
        <translation>两者都要，存为两个文件</translation>
    </message>
    <message>
        <source>&amp;Format:</source>
        <translation>格式(&amp;F)：</translation>
    </message>
    <message>
        <source>Ne&amp;w file after:</source>
        <translation>新建文件间隔(&amp;W)：</translation>
    </message>
    <message>
        <source>&amp;Most disk space:</source>
        <translation>最大磁盘空间(&amp;M)：</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>When the recordings of the folder need more, the oldest are deleted</source>
        <translation>文件夹中的录像超出此大小时，会删除最早的录像</translation>
    </message>
    <message>
        <source>R&amp;ecord only around events</source>
        <translation>仅录制事件前后(&amp;E)</translation>
    </message>
    <message>
        <source>While Record is on, clips are written when one of these is seen</source>
        <translation>“录制”开启时，检测到以下任一项才写入片段</translation>
    </message>
    <message>
        <source>Any of these cl&amp;asses:</source>
        <translation>以下任一类别(&amp;A)：</translation>
    </message>
    <message>
        <source>Anything in these &amp;zones:</source>
        <translation>以下区域内的任何目标(&amp;Z)：</translation>
    </message>
    <message>
        <source>Seconds af&amp;ter:</source>
        <translation>事件后秒数(&amp;T)：</translation>
    </message>
    <message>
        <source>D&amp;evice:</source>
        <translation>设备(&amp;E)：</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>CUDA (NVIDIA GPU)</source>
        <translation>CUDA (NVIDIA GPU)</translation>
    </message>
    <message>
        <source>&amp;Precision:</source>
        <translation>精度(&amp;P)：</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>bf16, faster where there is hardware for it</source>
        <translation>bf16，硬件支持时速度更快</translation>
    </message>
    <message>
        <source>&amp;Input size:</source>
        <translation>输入尺寸(&amp;I)：</translation>
    </message>
    <message>
        <source>The model&apos;s own</source>
        <translation>模型默认</translation>
    </message>
    <message>
        <source>%1 px</source>
        <comment>input size</comment>
        <translation>%1 px</translation>
    </message>
    <message>
        <source>A smaller input is faster, a larger one finds smaller things. The model is loaded anew when one of these is changed; the picture goes on meanwhile.</source>
        <translation>输入尺寸越小越快，越大越能发现小目标。更改以上任一项都会重新加载模型，期间画面照常显示。</translation>
    </message>
    <message>
        <source>int8, the fastest, for models that were calibrated</source>
        <translation>int8，最快，适用于已校准的模型</translation>
    </message>
</context>
<context>
    <name>dualsight::ReviewWidget</name>
    <message>
        <source>Filter and e&amp;xport</source>
        <translation>筛选与导出(&amp;X)</translation>
    </message>
    <message>
        <source>What is shown, from which confidence on, and what can be saved</source>
        <translation>显示哪些类别、从多高的置信度起显示，以及可以保存什么</translation>
    </message>
    <message>
        <source>&amp;Open recording…</source>
        <translation>打开录像(&amp;O)…</translation>
    </message>
    <message>
        <source>Back to &amp;live</source>
        <translation>返回实时画面(&amp;L)</translation>
    </message>
    <message>
        <source>Picture of the recording</source>
        <translation>录像画面</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Shown without boxes: %1</source>
        <translation>不带框显示：%1</translation>
    </message>
    <message>
        <source>Shown without boxes: there are no records (%1.ndjson) beside the video.</source>
        <translation>不带框显示：视频旁没有记录（%1.ndjson）。</translation>
    </message>
    <message>
        <source>%1. Open another recording, or go back to the live picture.</source>
        <translation>%1。请打开其他录像，或返回实时画面。</translation>
    </message>
    <message>
        <source>Open recording</source>
        <translation>打开录像</translation>
    </message>
    <message>
        <source>Videos (*.mkv *.mp4 *.avi *.mov *.webm)</source>
        <translation>视频 (*.mkv *.mp4 *.avi *.mov *.webm)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>nothing found</source>
        <translation>未检测到目标</translation>
    </message>
    <message>
        <source>Reading the recording…</source>
        <translation>正在读取录像…</translation>
    </message>
    <message>
        <source>No recording is open.</source>
        <translation>未打开录像。</translation>
    </message>
    <message>
        <source>%1 appeared</source>
        <translation>%1 出现</translation>
    </message>
    <message>
        <source>now %1</source>
        <translation>现为 %1</translation>
    </message>
    <message>
        <source>%1 was gone</source>
        <translation>%1 消失</translation>
    </message>
    <message>
        <source>%1 entered %2</source>
        <translation>%1 进入 %2</translation>
    </message>
    <message>
        <source>%1 left %2</source>
        <translation>%1 离开 %2</translation>
    </message>
    <message>
        <source>%1 crossed %2 backward</source>
        <translation>%1 反向越过 %2</translation>
    </message>
    <message>
        <source>%1 crossed %2 forward</source>
        <translation>%1 正向越过 %2</translation>
    </message>
</context>
<context>
    <name>dualsight::ShortcutEditor</name>
    <message>
        <source>Filter the actions</source>
        <translation>筛选操作</translation>
    </message>
    <message>
        <source>Actions and their shortcuts</source>
        <translation>操作及其快捷键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Shortcut</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>New shortcut</source>
        <translation>新快捷键</translation>
    </message>
    <message>
        <source>%1 (as %2)</source>
        <comment>action, shortcut</comment>
        <translation>%1（使用 %2）</translation>
    </message>
    <message>
        <source>%1 belongs to: %2. Give it to %3 instead?</source>
        <translation>%1 已分配给：%2。要改为分配给“%3”吗？</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>menu, action</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Also: %1. None of them works.</source>
        <translation>同时用于：%1。它们都不会生效。</translation>
    </message>
    <message>
        <source>Filter: an action or keys</source>
        <translation>筛选操作或按键</translation>
    </message>
    <message>
        <source>Usual</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>New &amp;keys:</source>
        <translation>新快捷键(&amp;K)：</translation>
    </message>
    <message>
        <source>Press the keys here. Tab leaves the field.</source>
        <translation>在此按下快捷键。按 Tab 键离开输入框。</translation>
    </message>
    <message>
        <source>&amp;None</source>
        <translation>无(&amp;N)</translation>
    </message>
    <message>
        <source>No shortcut for this action</source>
        <translation>此操作不设快捷键</translation>
    </message>
    <message>
        <source>As &amp;usual</source>
        <translation>恢复默认(&amp;U)</translation>
    </message>
    <message>
        <source>The shortcut that this action comes with</source>
        <translation>恢复此操作的默认快捷键</translation>
    </message>
    <message>
        <source>&amp;All as usual</source>
        <translation>全部恢复默认(&amp;A)</translation>
    </message>
    <message>
        <source>Gi&amp;ve it</source>
        <translation>改为分配(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Leave it</source>
        <translation>保持不变(&amp;L)</translation>
    </message>
</context>
<context>
    <name>dualsight::SourcesPanel</name>
    <message>
        <source>%1: lost</source>
        <translation>%1：连接已断开</translation>
    </message>
    <message>
        <source>%1: trying again in %2 s (attempt %3)</source>
        <translation>%1：%2 秒后重试（第 %3 次）</translation>
    </message>
    <message>
        <source>%1: ended early</source>
        <translation>%1：提前结束</translation>
    </message>
    <message>
        <source>%1: failed</source>
        <translation>%1：失败</translation>
    </message>
    <message>
        <source>Open: %1</source>
        <translation>已打开：%1</translation>
    </message>
    <message>
        <source>Opening %1 ...</source>
        <translation>正在打开 %1…</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>未打开任何视频源</translation>
    </message>
    <message>
        <source>%1 frames/s claimed, %2 measured</source>
        <translation>标称 %1 帧/秒，实测 %2 帧/秒</translation>
    </message>
    <message>
        <source>%1 frames/s measured</source>
        <translation>实测 %1 帧/秒</translation>
    </message>
    <message>
        <source>Passwords are not kept: type it in place of ***.</source>
        <translation>密码不会保存：请在 *** 处输入密码。</translation>
    </message>
    <message>
        <source>Open a video or a picture</source>
        <translation>打开视频或图片</translation>
    </message>
    <message>
        <source>Videos and pictures</source>
        <translation>视频和图片</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>File or address</source>
        <translation>文件或地址</translation>
    </message>
    <message>
        <source>rtsp://..., or a file</source>
        <translation>rtsp://… 或文件</translation>
    </message>
    <message>
        <source>A video, a picture, a folder of pictures, or an address (rtsp, rtsps, http, https). The list holds the recent ones.</source>
        <translation>视频、图片、图片文件夹或地址（rtsp、rtsps、http、https）。列表中为最近使用的项目。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Opens what stands in the field</source>
        <translation>打开输入框中的内容</translation>
    </message>
    <message>
        <source>Open the file or address in the field</source>
        <translation>打开输入框中的文件或地址</translation>
    </message>
    <message>
        <source>File...</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>Chooses a video or picture</source>
        <translation>选择视频或图片</translation>
    </message>
    <message>
        <source>Repeat files</source>
        <translation>循环播放文件</translation>
    </message>
    <message>
        <source>Files begin again at their end</source>
        <translation>文件播放到结尾后从头开始</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Swaps left and right, after the rotation</source>
        <translation>旋转后左右翻转</translation>
    </message>
    <message>
        <source>Rotate:</source>
        <translation>旋转：</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Closes the source</source>
        <translation>关闭视频源</translation>
    </message>
    <message>
        <source>%1°</source>
        <comment>degrees</comment>
        <translation>%1°</translation>
    </message>
</context>
<context>
    <name>dualsight::StatsPanel</name>
    <message>
        <source>Frames</source>
        <translation>帧</translation>
    </message>
    <message>
        <source>1/s</source>
        <comment>per second</comment>
        <translation>1/s</translation>
    </message>
    <message>
        <source>captured</source>
        <translation>已采集</translation>
    </message>
    <message>
        <source>looked at</source>
        <translation>已检测</translation>
    </message>
    <message>
        <source>Frames that came from the source, and frames that the detector looked at</source>
        <translation>来自视频源的帧，以及检测器已检测的帧</translation>
    </message>
    <message>
        <source>Age of results</source>
        <translation>结果延迟</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>From the capture of a frame until its detections were there</source>
        <translation>从采集一帧到得出其检测结果所用的时间</translation>
    </message>
    <message>
        <source>Detection</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>before</source>
        <translation>前处理</translation>
    </message>
    <message>
        <source>after</source>
        <translation>后处理</translation>
    </message>
    <message>
        <source>Per frame: the model itself, preparing the picture, and making boxes of the result</source>
        <translation>每帧用时：模型本身、准备画面，以及由结果生成框</translation>
    </message>
    <message>
        <source>Losses</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>dropped/s</source>
        <translation>丢帧/秒</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Frames not looked at because a newer one was there, per second; frames that wait to be recorded</source>
        <translation>每秒因已有更新的帧而未检测的帧数；等待录制的帧数</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>MiB</source>
        <translation>MiB</translation>
    </message>
    <message>
        <source>Of this program</source>
        <translation>本程序占用</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>Of this program; 100 % is one core</source>
        <translation>本程序占用；100 % 为一个核心</translation>
    </message>
</context>
<context>
    <name>dualsight::StatusWidgets</name>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>no source</source>
        <translation>无视频源</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>连接已断开</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>正在重试</translation>
    </message>
    <message>
        <source>ended early</source>
        <translation>提前结束</translation>
    </message>
    <message>
        <source>picture frozen</source>
        <translation>画面已冻结</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>opening</source>
        <translation>正在打开</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>source and its state</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Source %1</source>
        <translation>视频源 %1</translation>
    </message>
    <message>
        <source>Capture %1/s</source>
        <translation>采集 %1/s</translation>
    </message>
    <message>
        <source>Detect %1/s</source>
        <translation>检测 %1/s</translation>
    </message>
    <message>
        <source>Age %1 ms</source>
        <translation>延迟 %1 ms</translation>
    </message>
    <message>
        <source>Dropped %1</source>
        <translation>丢帧 %1</translation>
    </message>
    <message>
        <source>● %1, %2</source>
        <comment>recording: time and size</comment>
        <translation>● %1，%2</translation>
    </message>
    <message numerus="yes">
        <source>, %n lost</source>
        <translation>
            <numerusform>，丢失 %n 帧</numerusform>
        </translation>
    </message>
    <message>
        <source>Recording ended</source>
        <translation>录制已结束</translation>
    </message>
    <message>
        <source>Recording: time, size, frames lost
%1</source>
        <translation>录制：时间、大小、丢失的帧
%1</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>未录制</translation>
    </message>
    <message>
        <source>Recording: %1</source>
        <translation>录制：%1</translation>
    </message>
    <message>
        <source>Recording ended: %1</source>
        <translation>录制已结束：%1</translation>
    </message>
    <message>
        <source>Disk %1</source>
        <translation>磁盘 %1</translation>
    </message>
    <message>
        <source>Room on the disk for recordings: %1</source>
        <translation>磁盘可用于录像的空间：%1</translation>
    </message>
    <message>
        <source>Room left on the disk for recordings
%1</source>
        <translation>磁盘剩余可用于录像的空间
%1</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>无模型</translation>
    </message>
    <message>
        <source>Loading %1 ...</source>
        <translation>正在加载 %1…</translation>
    </message>
    <message>
        <source>Model failed</source>
        <translation>模型出错</translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>模型：%1</translation>
    </message>
    <message>
        <source>Device: %1</source>
        <translation>设备：%1</translation>
    </message>
    <message>
        <source>What runs the model, and its precision</source>
        <translation>运行模型的设备及其精度</translation>
    </message>
    <message>
        <source>Frames per second that come from the source</source>
        <translation>每秒来自视频源的帧数</translation>
    </message>
    <message>
        <source>Frames per second that the detector looks at</source>
        <translation>检测器每秒检测的帧数</translation>
    </message>
    <message>
        <source>From the capture of a frame until its detections were there</source>
        <translation>从采集一帧到得出其检测结果所用的时间</translation>
    </message>
    <message>
        <source>Frames not looked at because a newer one was there</source>
        <translation>因已有更新的帧而未检测的帧</translation>
    </message>
</context>
<context>
    <name>dualsight::TimelineWidget</name>
    <message>
        <source>Time line</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>range from %1 to %2</source>
        <translation>范围从 %1 到 %2</translation>
    </message>
</context>
<context>
    <name>dualsight::TransportBar</name>
    <message>
        <source>Pause (space bar)</source>
        <translation>暂停（空格键）</translation>
    </message>
    <message>
        <source>Play (space bar)</source>
        <translation>播放（空格键）</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation>后退一帧</translation>
    </message>
    <message>
        <source>One frame on</source>
        <translation>前进一帧</translation>
    </message>
    <message>
        <source>&amp;Speed</source>
        <translation>速度(&amp;S)</translation>
    </message>
    <message>
        <source>%1x</source>
        <translation>%1×</translation>
    </message>
    <message>
        <source>Range from here</source>
        <translation>设为起点</translation>
    </message>
    <message>
        <source>The range for exports begins here (I in the time line; or drag there with Shift)</source>
        <translation>导出范围从此处开始（在时间线中按 I；或按住 Shift 在时间线中拖动）</translation>
    </message>
    <message>
        <source>to here</source>
        <translation>设为终点</translation>
    </message>
    <message>
        <source>The range for exports ends here (O in the time line; or drag there with Shift)</source>
        <translation>导出范围到此处结束（在时间线中按 O；或按住 Shift 在时间线中拖动）</translation>
    </message>
    <message>
        <source>Range to here</source>
        <translation>将此处设为终点</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>No range: exports take the whole recording</source>
        <translation>不设范围：导出整段录像</translation>
    </message>
</context>
<context>
    <name>dualsight::VideoView</name>
    <message>
        <source>Nothing found</source>
        <translation>未检测到目标</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>无画面</translation>
    </message>
    <message numerus="yes">
        <source>%n objects: %1</source>
        <translation>
            <numerusform>%n 个目标：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>One object: %1</source>
        <translation>1 个目标：%1</translation>
    </message>
</context>
<context>
    <name>dualsight::ZoneEditor</name>
    <message>
        <source>Turn the direction</source>
        <translation>反转方向</translation>
    </message>
    <message>
        <source>Remove a corner</source>
        <translation>移除角点</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Add a corner</source>
        <translation>添加角点</translation>
    </message>
    <message>
        <source>Line %1</source>
        <translation>线 %1</translation>
    </message>
    <message>
        <source>Zone %1</source>
        <translation>区域 %1</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>&amp;Finish</source>
        <translation>完成(&amp;F)</translation>
    </message>
    <message>
        <source>Take &amp;back the last corner</source>
        <translation>撤销上一个角点(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Turn the &amp;direction</source>
        <translation>反转方向(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Add a corner here</source>
        <translation>在此添加角点(&amp;A)</translation>
    </message>
    <message>
        <source>Remove this &amp;corner</source>
        <translation>移除此角点(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Remove “%1”</source>
        <translation>移除“%1”(&amp;R)</translation>
    </message>
    <message>
        <source>Draw a &amp;zone</source>
        <translation>绘制区域(&amp;Z)</translation>
    </message>
    <message>
        <source>Draw a &amp;line</source>
        <translation>绘制线(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>R&amp;edo</source>
        <translation>重做(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Stop editing</source>
        <translation>结束编辑(&amp;S)</translation>
    </message>
</context>
<context>
    <name>dualsight::ZonesDock</name>
    <message>
        <source>line</source>
        <translation>线</translation>
    </message>
    <message>
        <source>zone</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>%1 forward, %2 back</source>
        <translation>正向 %1，反向 %2</translation>
    </message>
    <message>
        <source>Draw a zone</source>
        <translation>绘制区域</translation>
    </message>
    <message>
        <source>Click its corners on the picture; a double click or Enter ends it, Escape takes it back</source>
        <translation>在画面上点击各个角点；双击或按 Enter 键完成，按 Esc 键取消</translation>
    </message>
    <message>
        <source>Draw a line</source>
        <translation>绘制线</translation>
    </message>
    <message>
        <source>Click its two ends on the picture; the arrow shows which way is forward</source>
        <translation>在画面上点击两个端点；箭头指示正向</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Counts to zero</source>
        <translation>计数清零</translation>
    </message>
    <message>
        <source>Zones and lines</source>
        <translation>区域和线</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>计数</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Corners</source>
        <translation>角点</translation>
    </message>
    <message>
        <source>x,y of each corner, from 0 to 1 of width and height</source>
        <translation>各角点的 x,y，取值为宽度和高度的 0 到 1</translation>
    </message>
    <message>
        <source>“%1” is the name of another one already.</source>
        <translation>名称“%1”已被使用。</translation>
    </message>
    <message>
        <source>It needs a name.</source>
        <translation>名称不能为空。</translation>
    </message>
    <message>
        <source>“%1” cannot be a name: it must not begin with “line:” nor contain “=”.</source>
        <translation>“%1”不能用作名称：不能以“line:”开头，也不能包含“=”。</translation>
    </message>
    <message>
        <source>The two ends are written as x,y x,y with numbers from 0 to 1.</source>
        <translation>请将两个端点写成 x,y x,y，数值在 0 到 1 之间。</translation>
    </message>
    <message>
        <source>The corners, three or more, are written as x,y x,y x,y with numbers from 0 to 1.</source>
        <translation>请将角点（至少三个）写成 x,y x,y x,y，数值在 0 到 1 之间。</translation>
    </message>
    <message>
        <source>all</source>
        <comment>classes</comment>
        <translation>全部</translation>
    </message>
    <message>
        <source>Classes that count</source>
        <translation>参与计数的类别</translation>
    </message>
    <message>
        <source>The model has no such class.</source>
        <translation>模型中没有此类别。</translation>
    </message>
    <message>
        <source>&amp;All classes</source>
        <translation>所有类别(&amp;A)</translation>
    </message>
    <message>
        <source>Double click or F4: choose the classes that count</source>
        <translation>双击或按 F4 键：选择参与计数的类别</translation>
    </message>
    <message>
        <source>%1 now (%2 in, %3 out)</source>
        <translation>当前 %1（进 %2，出 %3）</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Drag corners or all of it on the picture. Keys there: Tab picks a corner, arrows move it, Delete takes it away, Ctrl+Z takes the last change back.</source>
        <translation>在画面上拖动角点或整个图形。可用的按键：Tab 选择角点，方向键移动，Delete 移除，Ctrl+Z 撤销上一步更改。</translation>
    </message>
    <message>
        <source>Turn the direction</source>
        <translation>反转方向</translation>
    </message>
    <message>
        <source>Swap forward and back of the line</source>
        <translation>交换线的正向与反向</translation>
    </message>
    <message>
        <source>Those that count</source>
        <translation>参与计数的类别</translation>
    </message>
</context>
</TS>
