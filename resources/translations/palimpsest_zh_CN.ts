<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Palimpsest</source>
        <translation>关于 Palimpsest</translation>
    </message>
    <message>
        <source>Thanks to</source>
        <translation>致谢</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>图层(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Select</source>
        <translation>选择(&amp;S)</translation>
    </message>
    <message>
        <source>T&amp;ools</source>
        <translation>工具(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>T&amp;urn</source>
        <translation>轮次(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Appearance</source>
        <translation>外观(&amp;A)</translation>
    </message>
    <message>
        <source>Where results &amp;land</source>
        <translation>结果放置位置(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>面板(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;New picture</source>
        <translation>新图片(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Export picture…</source>
        <translation>导出图片(&amp;E)…</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>设置(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>模型(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Cache…</source>
        <translation>缓存(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>The copied picture as a new layer</source>
        <translation>将复制的图片作为新图层</translation>
    </message>
    <message>
        <source>Paste as s&amp;ketch</source>
        <translation>粘贴为草图(&amp;K)</translation>
    </message>
    <message>
        <source>The copied picture as a sketch for a Redraw to follow</source>
        <translation>将复制的图片作为重绘所依据的草图</translation>
    </message>
    <message>
        <source>Paste as &amp;new picture</source>
        <translation>粘贴为新图片(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;New paint layer</source>
        <translation>新建绘画图层(&amp;N)</translation>
    </message>
    <message>
        <source>New &amp;mask</source>
        <translation>新建蒙版(&amp;M)</translation>
    </message>
    <message>
        <source>New s&amp;ketch layer</source>
        <translation>新建草图图层(&amp;K)</translation>
    </message>
    <message>
        <source>New &amp;region</source>
        <translation>新建区域(&amp;R)</translation>
    </message>
    <message>
        <source>A place with a name, to be painted with the mask brush and used again as a mask</source>
        <translation>带名称的位置：用蒙版画笔绘制，可再次用作蒙版</translation>
    </message>
    <message>
        <source>Mask from the re&amp;gion</source>
        <translation>从区域创建蒙版(&amp;G)</translation>
    </message>
    <message>
        <source>Let the next edit change only the chosen region</source>
        <translation>让下一次编辑只更改所选区域</translation>
    </message>
    <message>
        <source>&amp;Edges as a sketch…</source>
        <translation>将边缘作为草图(&amp;E)…</translation>
    </message>
    <message>
        <source>The outlines in the picture as faint lines to draw over</source>
        <translation>将图中轮廓变为可描画的淡线</translation>
    </message>
    <message>
        <source>Mark what the s&amp;ketch changes</source>
        <translation>标记草图改变之处(&amp;K)</translation>
    </message>
    <message>
        <source>Make a mask of the places where the sketch departs from the picture</source>
        <translation>用草图与图片不同之处生成蒙版</translation>
    </message>
    <message>
        <source>&amp;Group</source>
        <translation>编组(&amp;G)</translation>
    </message>
    <message>
        <source>Put the chosen layers into a group</source>
        <translation>将所选图层放入一个组</translation>
    </message>
    <message>
        <source>&amp;Ungroup</source>
        <translation>取消编组(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Duplicate layer</source>
        <translation>复制图层(&amp;D)</translation>
    </message>
    <message>
        <source>M&amp;erge down</source>
        <translation>向下合并(&amp;E)</translation>
    </message>
    <message>
        <source>Make one layer of this and the one below; a group: one layer</source>
        <translation>将此图层与下方图层合为一层；组则合为一层</translation>
    </message>
    <message>
        <source>&amp;Remove layer</source>
        <translation>移除图层(&amp;R)</translation>
    </message>
    <message>
        <source>Move u&amp;p</source>
        <translation>上移(&amp;P)</translation>
    </message>
    <message>
        <source>Move d&amp;own</source>
        <translation>下移(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Lock layer</source>
        <translation>锁定图层(&amp;L)</translation>
    </message>
    <message>
        <source>Protect the layer from changes</source>
        <translation>保护图层不被更改</translation>
    </message>
    <message>
        <source>Lock &amp;transparency</source>
        <translation>锁定透明度(&amp;T)</translation>
    </message>
    <message>
        <source>Paint only where the layer holds something already</source>
        <translation>只在图层已有内容处绘画</translation>
    </message>
    <message>
        <source>Show &amp;mask</source>
        <translation>显示蒙版(&amp;M)</translation>
    </message>
    <message>
        <source>Show or hide the mask over the picture</source>
        <translation>显示或隐藏图片上的蒙版</translation>
    </message>
    <message>
        <source>Outline what the turn &amp;changed</source>
        <translation>勾出本轮更改之处(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Intermediate image of a Redraw</source>
        <translation>重绘的中间图(&amp;I)</translation>
    </message>
    <message>
        <source>What the sketch alone would give</source>
        <translation>仅凭草图会得到的结果</translation>
    </message>
    <message>
        <source>Com&amp;pare before and after</source>
        <translation>比较前后(&amp;P)</translation>
    </message>
    <message>
        <source>Look at the picture before and after the change, with a line to drag</source>
        <translation>用可拖动的分界线查看更改前后的图片</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>Only the &amp;picture</source>
        <translation>仅图片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>Do what the button beside the words says</source>
        <translation>执行文字旁按钮所示的操作</translation>
    </message>
    <message>
        <source>Run &amp;before what waits</source>
        <translation>排在等待任务之前运行(&amp;B)</translation>
    </message>
    <message>
        <source>Run &amp;instead of everything else</source>
        <translation>取代其他一切运行(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Generate a new picture</source>
        <translation>生成新图片(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Apply result</source>
        <translation>应用结果(&amp;A)</translation>
    </message>
    <message>
        <source>Make the result a turn of the picture (Enter)</source>
        <translation>使结果成为图片的一轮（回车）</translation>
    </message>
    <message>
        <source>&amp;Discard result, or cancel</source>
        <translation>舍弃结果或取消(&amp;D)</translation>
    </message>
    <message>
        <source>Let the result go; the picture stays as it was (Esc)</source>
        <translation>舍弃结果，图片保持原样（Esc）</translation>
    </message>
    <message>
        <source>&amp;Next result</source>
        <translation>下一个结果(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Previous result</source>
        <translation>上一个结果(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Cancel the running job</source>
        <translation>取消正在运行的任务(&amp;C)</translation>
    </message>
    <message>
        <source>Cancel a&amp;ll jobs</source>
        <translation>取消所有任务(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Edit the words</source>
        <translation>编辑文字(&amp;E)</translation>
    </message>
    <message>
        <source>Turn a&amp;bove</source>
        <translation>上面的轮次(&amp;B)</translation>
    </message>
    <message>
        <source>Turn belo&amp;w</source>
        <translation>下面的轮次(&amp;W)</translation>
    </message>
    <message>
        <source>Searc&amp;h the turns</source>
        <translation>搜索轮次(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Star the turn</source>
        <translation>为本轮加星(&amp;S)</translation>
    </message>
    <message>
        <source>Rena&amp;me the turn…</source>
        <translation>重命名本轮(&amp;M)…</translation>
    </message>
    <message>
        <source>Dele&amp;te the turn…</source>
        <translation>删除本轮(&amp;T)…</translation>
    </message>
    <message>
        <source>Sh&amp;ow results as they come</source>
        <translation>结果完成即显示(&amp;O)</translation>
    </message>
    <message>
        <source>Otherwise they wait until you ask for them</source>
        <translation>否则等待您查看</translation>
    </message>
    <message>
        <source>Appl&amp;y results at once</source>
        <translation>立即应用结果(&amp;Y)</translation>
    </message>
    <message>
        <source>In a new layer on &amp;top</source>
        <translation>放入最上方新图层(&amp;T)</translation>
    </message>
    <message>
        <source>In a new layer &amp;above the chosen one</source>
        <translation>放入所选图层上方的新图层(&amp;A)</translation>
    </message>
    <message>
        <source>In the &amp;picture itself</source>
        <translation>直接放入图片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>快捷键(&amp;S)</translation>
    </message>
    <message>
        <source>Show &amp;log folder</source>
        <translation>显示日志文件夹(&amp;L)</translation>
    </message>
    <message>
        <source>Warnings and crash reports, to send with a report</source>
        <translation>可随报告发送的警告与崩溃记录</translation>
    </message>
    <message>
        <source>&amp;About Palimpsest</source>
        <translation>关于 Palimpsest(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Hand</source>
        <translation>抓手(&amp;H)</translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation>移动视图</translation>
    </message>
    <message>
        <source>Mo&amp;ve</source>
        <translation>移动(&amp;V)</translation>
    </message>
    <message>
        <source>Move the chosen layer</source>
        <translation>移动所选图层</translation>
    </message>
    <message>
        <source>Select a &amp;rectangle</source>
        <translation>矩形选择(&amp;R)</translation>
    </message>
    <message>
        <source>Select a rectangle</source>
        <translation>选择矩形区域</translation>
    </message>
    <message>
        <source>Select an elli&amp;pse</source>
        <translation>椭圆选择(&amp;P)</translation>
    </message>
    <message>
        <source>Select an ellipse</source>
        <translation>选择椭圆区域</translation>
    </message>
    <message>
        <source>&amp;Lasso</source>
        <translation>套索(&amp;L)</translation>
    </message>
    <message>
        <source>Select what you draw around</source>
        <translation>选择您圈出的区域</translation>
    </message>
    <message>
        <source>Select a pol&amp;ygon</source>
        <translation>多边形选择(&amp;Y)</translation>
    </message>
    <message>
        <source>Select corner by corner; Enter or a double click closes</source>
        <translation>逐角选择；回车或双击闭合</translation>
    </message>
    <message>
        <source>&amp;Mask brush</source>
        <translation>蒙版画笔(&amp;M)</translation>
    </message>
    <message>
        <source>Paint where the picture may change</source>
        <translation>涂出图片可更改之处</translation>
    </message>
    <message>
        <source>&amp;Brush</source>
        <translation>画笔(&amp;B)</translation>
    </message>
    <message>
        <source>Paint on the chosen layer</source>
        <translation>在所选图层上绘画</translation>
    </message>
    <message>
        <source>S&amp;ketch brush</source>
        <translation>草图画笔(&amp;K)</translation>
    </message>
    <message>
        <source>Draw what a Redraw shall follow; it is not part of the picture</source>
        <translation>画出重绘所遵循的线条；不属于图片</translation>
    </message>
    <message>
        <source>&amp;Eraser</source>
        <translation>橡皮擦(&amp;E)</translation>
    </message>
    <message>
        <source>Make the chosen layer transparent</source>
        <translation>使所选图层透明</translation>
    </message>
    <message>
        <source>&amp;Fill</source>
        <translation>填充(&amp;F)</translation>
    </message>
    <message>
        <source>Fill what looks alike with the colour</source>
        <translation>用当前颜色填充相似区域</translation>
    </message>
    <message>
        <source>Colour p&amp;icker</source>
        <translation>拾色器(&amp;I)</translation>
    </message>
    <message>
        <source>Take a colour from the picture (Alt in the brushes)</source>
        <translation>从图片取色（画笔中按 Alt）</translation>
    </message>
    <message>
        <source>Lar&amp;ger brush</source>
        <translation>增大画笔(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Smaller brush</source>
        <translation>减小画笔(&amp;S)</translation>
    </message>
    <message>
        <source>Harder brush</source>
        <translation>更硬的画笔</translation>
    </message>
    <message>
        <source>S&amp;ofter brush</source>
        <translation>更软的画笔(&amp;O)</translation>
    </message>
    <message>
        <source>Swap &amp;colours</source>
        <translation>交换颜色(&amp;C)</translation>
    </message>
    <message>
        <source>Black an&amp;d white</source>
        <translation>黑白(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;All</source>
        <translation>全选(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;None</source>
        <translation>取消选择(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Invert</source>
        <translation>反选(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Grow…</source>
        <translation>扩大(&amp;G)…</translation>
    </message>
    <message>
        <source>&amp;Shrink…</source>
        <translation>缩小(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Feather…</source>
        <translation>羽化(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Mask from the selection</source>
        <translation>由选区生成蒙版(&amp;M)</translation>
    </message>
    <message>
        <source>Let the next edit change only what is selected</source>
        <translation>下一次编辑只更改选中部分</translation>
    </message>
    <message>
        <source>Selection from the mas&amp;k</source>
        <translation>由蒙版生成选区(&amp;K)</translation>
    </message>
    <message>
        <source>Fill with the &amp;colour</source>
        <translation>用颜色填充(&amp;C)</translation>
    </message>
    <message>
        <source>C&amp;lear the pixels</source>
        <translation>清除像素(&amp;L)</translation>
    </message>
    <message>
        <source>Clea&amp;r mask</source>
        <translation>清除蒙版(&amp;R)</translation>
    </message>
    <message>
        <source>Forget where you painted that the picture may change</source>
        <translation>忘记您涂出的可更改之处</translation>
    </message>
    <message>
        <source>In&amp;vert mask</source>
        <translation>反转蒙版(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Fit in window</source>
        <translation>适合窗口(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
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
        <source>Turn the view le&amp;ft</source>
        <translation>向左旋转视图(&amp;F)</translation>
    </message>
    <message>
        <source>Turn the view ri&amp;ght</source>
        <translation>向右旋转视图(&amp;G)</translation>
    </message>
    <message>
        <source>M&amp;irror the view</source>
        <translation>镜像视图(&amp;I)</translation>
    </message>
    <message>
        <source>S&amp;traighten the view</source>
        <translation>摆正视图(&amp;T)</translation>
    </message>
</context>
<context>
    <name>BlendBox</name>
    <message>
        <source>Blend mode</source>
        <translation>混合模式</translation>
    </message>
    <message>
        <source>How the layer mixes with what lies below it</source>
        <translation>图层与下方内容的混合方式</translation>
    </message>
</context>
<context>
    <name>BrushOptions</name>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>硬度</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Flow</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Pen pressure sets the size</source>
        <translation>笔压控制大小</translation>
    </message>
    <message>
        <source>Pen pressure sets the opacity</source>
        <translation>笔压控制不透明度</translation>
    </message>
    <message>
        <source>Flow, smoothing, pen pressure</source>
        <translation>流量、平滑、笔压</translation>
    </message>
</context>
<context>
    <name>CacheDialog</name>
    <message>
        <source>Cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>The cache is looked at as soon as the worker is free…</source>
        <translation>当前任务完成后即查看缓存…</translation>
    </message>
    <message>
        <source>What the cache holds</source>
        <translation>缓存内容</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Turns</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Clearing loses no picture. The next edit of a cleared project takes longer once, because its turns are computed again.</source>
        <translation>清除不会丢失任何图片。被清除项目的下一次编辑会慢一次，因为需要重新计算各轮。</translation>
    </message>
    <message>
        <source>Clear chosen</source>
        <translation>清除所选</translation>
    </message>
    <message>
        <source>Clear all</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{memory} of {memory_limit} in memory, {disk} of {disk_limit} on disk in {folder}</source>
        <translation>内存 {memory}，上限 {memory_limit}；磁盘 {disk}，上限 {disk_limit}，位于 {folder}</translation>
    </message>
    <message>
        <source>Other or deleted projects</source>
        <translation>其他或已删除的项目</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Canvas</source>
        <translation>画布</translation>
    </message>
</context>
<context>
    <name>ColourPair</name>
    <message>
        <source>Background colour (X swaps, D: black and white)</source>
        <translation>背景色（X 交换，D 黑白）</translation>
    </message>
    <message>
        <source>Brush colour (X swaps, D: black and white)</source>
        <translation>画笔颜色（X 交换，D 黑白）</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>One over the other</source>
        <translation>叠放</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并排</translation>
    </message>
    <message>
        <source>Back to the picture</source>
        <translation>返回图片</translation>
    </message>
</context>
<context>
    <name>DescribeDialog</name>
    <message>
        <source>Describe the picture</source>
        <translation>描述图片</translation>
    </message>
    <message>
        <source>What does the picture show?</source>
        <translation>图片里有什么？</translation>
    </message>
    <message>
        <source>One plain sentence, such as “a fox on snow”. Later you change its words.</source>
        <translation>用一句简单的话，例如 “a fox on snow”。之后修改其中的词。</translation>
    </message>
    <message>
        <source>Words that describe the picture</source>
        <translation>描述图片的文字</translation>
    </message>
    <message>
        <source>Only open it</source>
        <translation>仅打开</translation>
    </message>
    <message>
        <source>Paint on it at once; its words can be given later</source>
        <translation>立即在其上绘画；文字可以稍后再给出</translation>
    </message>
</context>
<context>
    <name>Drawing</name>
    <message>
        <source>Edges</source>
        <translation>边缘</translation>
    </message>
    <message>
        <source>Mark what changes</source>
        <translation>标记更改之处</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>What the sketch alone would give, before the picture&apos;s texture is taken over.</source>
        <translation>在采用图片质感之前，仅凭草图会得到的结果。</translation>
    </message>
    <message>
        <source>Intermediate image</source>
        <translation>中间图</translation>
    </message>
</context>
<context>
    <name>Editing</name>
    <message>
        <source>New: {words}</source>
        <translation>新建：{words}</translation>
    </message>
    <message>
        <source>Read your painting</source>
        <translation>读取您的绘画</translation>
    </message>
    <message>
        <source>Read: {words}</source>
        <translation>读取：{words}</translation>
    </message>
    <message>
        <source>Open: {words}</source>
        <translation>打开：{words}</translation>
    </message>
</context>
<context>
    <name>EngineFacade</name>
    <message>
        <source>The painter stopped and was started again. The picture is as it was.</source>
        <translation>绘图进程停止后已重新启动。图片保持原样。</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Untitled</source>
        <translation>未命名</translation>
    </message>
    <message>
        <source>Projects and pictures ({endings})</source>
        <translation>项目和图片 ({endings})</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Palimpsest project (*{ending})</source>
        <translation>Palimpsest 项目 (*{ending})</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>另存为</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.webp)</source>
        <translation>图片 (*.png *.jpg *.webp)</translation>
    </message>
    <message>
        <source>Export picture</source>
        <translation>导出图片</translation>
    </message>
</context>
<context>
    <name>FillOptions</name>
    <message>
        <source>Tolerance</source>
        <translation>容差</translation>
    </message>
    <message>
        <source>Only what is joined</source>
        <translation>仅连续区域</translation>
    </message>
</context>
<context>
    <name>Incoming</name>
    <message>
        <source>As a new &amp;layer</source>
        <translation>作为新图层(&amp;L)</translation>
    </message>
    <message>
        <source>As a &amp;sketch</source>
        <translation>作为草图(&amp;S)</translation>
    </message>
    <message>
        <source>As a new &amp;picture</source>
        <translation>作为新图像(&amp;P)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>There is no picture to paste.</source>
        <translation>没有可粘贴的图像。</translation>
    </message>
    <message>
        <source>Pasted</source>
        <translation>已粘贴</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>草图</translation>
    </message>
</context>
<context>
    <name>LayerDelegate</name>
    <message>
        <source>Name of the layer</source>
        <translation>图层名称</translation>
    </message>
</context>
<context>
    <name>LayersPanel</name>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>The layers of a picture are listed here.</source>
        <translation>图片的图层列在这里。</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>草图</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Mask from region</source>
        <translation>从区域创建蒙版</translation>
    </message>
    <message>
        <source>{name} copy</source>
        <translation>{name} 副本</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>组</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
</context>
<context>
    <name>LayersVM</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>LicencesPage</name>
    <message>
        <source>Libraries</source>
        <translation>程序库</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>Use mask</source>
        <translation>使用蒙版</translation>
    </message>
    <message>
        <source>Apply or discard the result first, then paint.</source>
        <translation>请先应用或舍弃结果，再绘画。</translation>
    </message>
</context>
<context>
    <name>MaskPanel</name>
    <message>
        <source>Use as mask</source>
        <translation>用作蒙版</translation>
    </message>
    <message>
        <source>Make it the mask, to be mended with the brush</source>
        <translation>设为蒙版，可用画笔修补</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>舍弃</translation>
    </message>
    <message>
        <source>Forget it until other words are typed</source>
        <translation>在输入其他文字前忽略</translation>
    </message>
    <message>
        <source>How masks are found</source>
        <translation>蒙版查找方式</translation>
    </message>
    <message>
        <source>As fits the model</source>
        <translation>适合模型的方式</translation>
    </message>
    <message>
        <source>As published</source>
        <translation>按论文</translation>
    </message>
    <message>
        <source>Authors&apos; demo</source>
        <translation>作者演示</translation>
    </message>
    <message>
        <source>By things</source>
        <translation>按物体</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>How hot a place must be to belong to the mask; 0 is the preset&apos;s own</source>
        <translation>某处需要多强才属于蒙版；0 表示预设值</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Colour of the overlay</source>
        <translation>叠加颜色</translation>
    </message>
    <message>
        <source>By how much</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>扩大</translation>
    </message>
    <message>
        <source>Make the mask larger all round</source>
        <translation>使蒙版向四周扩大</translation>
    </message>
    <message>
        <source>Shrink</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Make the mask smaller all round</source>
        <translation>使蒙版向四周缩小</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>羽化</translation>
    </message>
    <message>
        <source>Make the mask&apos;s edge soft</source>
        <translation>柔化蒙版边缘</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>反转</translation>
    </message>
    <message>
        <source>Turn the mask inside out</source>
        <translation>反转蒙版</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Read a mask, white where it may change</source>
        <translation>读取蒙版，白色表示可更改</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Write the mask as a picture</source>
        <translation>将蒙版写为图片</translation>
    </message>
    <message>
        <source>Type what should appear, and see where.</source>
        <translation>输入想出现的内容，即可看到位置。</translation>
    </message>
    <message>
        <source>{share} % of the picture</source>
        <translation>图片的 {share} %</translation>
    </message>
    <message>
        <source>nothing to take the place of</source>
        <translation>没有可替换的内容</translation>
    </message>
    <message>
        <source>Looked for</source>
        <translation>查找方式</translation>
    </message>
</context>
<context>
    <name>MaskSigns</name>
    <message>
        <source>Add to the mask (Alt: take away)</source>
        <translation>添加到蒙版（Alt：减去）</translation>
    </message>
    <message>
        <source>Take away from the mask (Alt: add)</source>
        <translation>从蒙版减去（Alt：添加）</translation>
    </message>
</context>
<context>
    <name>Masking</name>
    <message>
        <source>Invert mask</source>
        <translation>反转蒙版</translation>
    </message>
    <message>
        <source>Use the found mask</source>
        <translation>使用找到的蒙版</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Grow mask</source>
        <translation>扩大蒙版</translation>
    </message>
    <message>
        <source>Shrink mask</source>
        <translation>缩小蒙版</translation>
    </message>
    <message>
        <source>Feather mask</source>
        <translation>羽化蒙版</translation>
    </message>
    <message>
        <source>Import mask</source>
        <translation>导入蒙版</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>图片 (*.png)</translation>
    </message>
    <message>
        <source>The mask is {w}x{h} pixels, the picture {width}x{height}; they must be alike.</source>
        <translation>蒙版为 {w}x{h} 像素，图片为 {width}x{height}；两者必须一致。</translation>
    </message>
    <message>
        <source>Export mask</source>
        <translation>导出蒙版</translation>
    </message>
</context>
<context>
    <name>MenuState</name>
    <message>
        <source>{name}[*] — Palimpsest</source>
        <translation>{name}[*] — Palimpsest</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the message with its details</source>
        <translation>复制消息及详情</translation>
    </message>
    <message>
        <source>Close the message</source>
        <translation>关闭消息</translation>
    </message>
    <message>
        <source>Details of the message</source>
        <translation>消息详情</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Take the folder off the list; its files stay</source>
        <translation>从列表移除文件夹；文件保留</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>使用此模型</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Folders of Stable Diffusion 1.x or 2.x in diffusers&apos; layout can be added. Nothing is ever downloaded. A T2I-Adapter inside or beside a folder lets it paint from sketches.</source>
        <translation>可添加 diffusers 格式的 Stable Diffusion 1.x 或 2.x 文件夹。绝不下载任何内容。文件夹内或旁边有 T2I-Adapter 时可按草图绘制。</translation>
    </message>
    <message>
        <source>Folder of a model</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>{name} · in use</source>
        <translation>{name} · 使用中</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} 像素</translation>
    </message>
    <message>
        <source>a small picture-book model, works offline</source>
        <translation>小型绘本模型，离线可用</translation>
    </message>
    <message>
        <source>paints from sketches</source>
        <translation>可按草图绘制</translation>
    </message>
    <message>
        <source>no sketches</source>
        <translation>不支持草图</translation>
    </message>
    <message>
        <source>made for filling masks</source>
        <translation>专用于填充蒙版</translation>
    </message>
</context>
<context>
    <name>Panels</name>
    <message>
        <source>Turns</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Queue · {count}</source>
        <translation>队列 · {count}</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
</context>
<context>
    <name>PicturePair</name>
    <message>
        <source>Comparison of two turns</source>
        <translation>两轮对比</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Load the model</source>
        <translation>载入模型</translation>
    </message>
    <message>
        <source>{name} (open)</source>
        <translation>{name}（已打开）</translation>
    </message>
</context>
<context>
    <name>PromptBar</name>
    <message>
        <source>Prompt</source>
        <translation>描述文字</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Make a new picture from these words (Ctrl+Shift+Enter)</source>
        <translation>用这些文字生成新图片（Ctrl+Shift+Enter）</translation>
    </message>
    <message>
        <source>What will change</source>
        <translation>将更改的内容</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Describe a picture in a sentence</source>
        <translation>用一句话描述图片</translation>
    </message>
    <message>
        <source>Make a picture from these words (Ctrl+Enter)</source>
        <translation>用这些文字生成图片（Ctrl+Enter）</translation>
    </message>
    <message>
        <source>Read the picture with these words, so that they can be changed (Ctrl+Enter)</source>
        <translation>用这些文字读取图片，以便修改文字（Ctrl+Enter）</translation>
    </message>
    <message>
        <source>Read picture</source>
        <translation>读取图片</translation>
    </message>
    <message>
        <source>Say what the picture shows.</source>
        <translation>说明图片内容。</translation>
    </message>
    <message>
        <source>A new picture from these words</source>
        <translation>用这些文字生成的新图片</translation>
    </message>
    <message>
        <source>The picture is read once; then its words can be changed.</source>
        <translation>图片只需读取一次，之后即可修改文字。</translation>
    </message>
    <message>
        <source>This picture is larger than the model sees at once: mark where it may change.</source>
        <translation>这张图大于模型一次能看到的范围：请标记可以更改的位置。</translation>
    </message>
    <message>
        <source>only in the region “{name}”</source>
        <translation>仅在区域“{name}”内</translation>
    </message>
    <message>
        <source>the same words again · {where}</source>
        <translation>再次使用同样的词语 · {where}</translation>
    </message>
    <message>
        <source>Nothing would change: the words are the same.</source>
        <translation>不会有变化：文字相同。</translation>
    </message>
    <message>
        <source>keeps the rest exactly</source>
        <translation>其余保持不变</translation>
    </message>
    <message>
        <source>only where you marked</source>
        <translation>仅在您标记的地方</translation>
    </message>
    <message>
        <source>changes: {words} · {where}</source>
        <translation>更改：{words} · {where}</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>没有等待的任务。</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>全部取消</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>清除已完成</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Forget this list</source>
        <translation>清除此列表</translation>
    </message>
</context>
<context>
    <name>Recovery</name>
    <message>
        <source>an unsaved picture</source>
        <translation>未保存的图片</translation>
    </message>
    <message>
        <source>Recover unsaved work</source>
        <translation>恢复未保存的工作</translation>
    </message>
    <message>
        <source>The program ended unexpectedly. Recover {name}?</source>
        <translation>程序意外结束。要恢复{name}吗？</translation>
    </message>
    <message>
        <source>It was kept at {when}.</source>
        <translation>保存于 {when}。</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Drop it</source>
        <translation>丢弃</translation>
    </message>
</context>
<context>
    <name>RegionWords</name>
    <message>
        <source>What shall be here</source>
        <translation>此处应有什么</translation>
    </message>
    <message>
        <source>Words of the region</source>
        <translation>区域的词</translation>
    </message>
    <message>
        <source>While the region is chosen, an edit paints these words here and nothing elsewhere</source>
        <translation>选中该区域时，编辑只在此处绘制这些词，其他地方不变</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>文字</translation>
    </message>
</context>
<context>
    <name>ResultBar</name>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Previous result</source>
        <translation>上一个结果</translation>
    </message>
    <message>
        <source>Next result</source>
        <translation>下一个结果</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Hold to see the picture before the change (hold Tab)</source>
        <translation>按住查看更改前的图片（按住 Tab）</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>舍弃</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Let the results go; Undo brings them back</source>
        <translation>舍弃这些结果；撤销可以找回</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>{position} of {count}</source>
        <translation>{position} / {count}</translation>
    </message>
    <message>
        <source>A result is ready.</source>
        <translation>有一个结果已完成。</translation>
    </message>
    <message>
        <source>{count} results are ready.</source>
        <translation>有 {count} 个结果已完成。</translation>
    </message>
</context>
<context>
    <name>SamplingForm</name>
    <message>
        <source>Square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>横向</translation>
    </message>
    <message>
        <source>Wide</source>
        <translation>宽幅</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>纵向</translation>
    </message>
    <message>
        <source>Tall</source>
        <translation>高幅</translation>
    </message>
    <message>
        <source>Words for what should not appear</source>
        <translation>不希望出现的内容</translation>
    </message>
    <message>
        <source>Avoid</source>
        <translation>避免</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>For new pictures; a changed picture keeps its own</source>
        <translation>用于新图片；编辑时保持原有步数</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导强度</translation>
    </message>
    <message>
        <source>How closely the picture follows the words</source>
        <translation>图片遵循文字的程度</translation>
    </message>
    <message>
        <source>Variants</source>
        <translation>变体</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>How many results of a repainted place, or of a new picture; auto: as the method wants</source>
        <translation>重画之处或新图片的结果数；自动：由方法决定</translation>
    </message>
    <message>
        <source>Sketch strength</source>
        <translation>草图强度</translation>
    </message>
    <message>
        <source>How strictly a Redraw follows the lines of the sketch</source>
        <translation>重绘遵循草图线条的严格程度</translation>
    </message>
    <message>
        <source>Sketch steps</source>
        <translation>草图步数</translation>
    </message>
    <message>
        <source>For how much of the run the lines are followed; then the picture is free</source>
        <translation>运行中遵循线条的比例；之后图片自由发挥</translation>
    </message>
    <message>
        <source>Shape of a new picture</source>
        <translation>新图片的形状</translation>
    </message>
    <message>
        <source>Own size</source>
        <translation>自定义大小</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed and words give the same picture</source>
        <translation>相同的种子和文字得到相同的图片</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>换一个种子</translation>
    </message>
    <message>
        <source>Keep this seed for new pictures</source>
        <translation>新图片沿用此种子</translation>
    </message>
</context>
<context>
    <name>SelectOptions</name>
    <message>
        <source>A new selection</source>
        <translation>新选区</translation>
    </message>
    <message>
        <source>Add to the selection (Shift)</source>
        <translation>添加到选区（Shift）</translation>
    </message>
    <message>
        <source>Take away from the selection (Alt)</source>
        <translation>从选区减去（Alt）</translation>
    </message>
    <message>
        <source>Keep what both have (Shift+Alt)</source>
        <translation>保留重叠部分（Shift+Alt）</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>羽化</translation>
    </message>
</context>
<context>
    <name>Selecting</name>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Deselect</source>
        <translation>取消选择</translation>
    </message>
    <message>
        <source>Grow the selection</source>
        <translation>扩大选区</translation>
    </message>
    <message>
        <source>Shrink the selection</source>
        <translation>缩小选区</translation>
    </message>
    <message>
        <source>Feather the selection</source>
        <translation>羽化选区</translation>
    </message>
    <message>
        <source>Pixels:</source>
        <translation>像素：</translation>
    </message>
    <message>
        <source>Mask from the selection</source>
        <translation>由选区生成蒙版</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Clear mask</source>
        <translation>清除蒙版</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>反转蒙版</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>绘画</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>There is no painted layer to clear.</source>
        <translation>没有可清除的绘画图层。</translation>
    </message>
    <message>
        <source>Clear the pixels</source>
        <translation>清除像素</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>In a new layer on top</source>
        <translation>放入最上方新图层</translation>
    </message>
    <message>
        <source>In a new layer above the chosen one</source>
        <translation>放入所选图层上方的新图层</translation>
    </message>
    <message>
        <source>In the picture itself</source>
        <translation>直接放入图片</translation>
    </message>
    <message>
        <source>Where results land</source>
        <translation>结果放置位置</translation>
    </message>
    <message>
        <source>Show results as they come</source>
        <translation>结果完成即显示</translation>
    </message>
    <message>
        <source>Show the picture while it is being painted</source>
        <translation>绘制过程中显示图片</translation>
    </message>
    <message>
        <source>Keep a copy for recovery</source>
        <translation>保留恢复副本</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>The best there is</source>
        <translation>可用的最佳设备</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>NVIDIA graphics card</source>
        <translation>NVIDIA 显卡</translation>
    </message>
    <message>
        <source>Apple graphics</source>
        <translation>Apple 图形处理器</translation>
    </message>
    <message>
        <source>Paint with</source>
        <translation>绘制设备</translation>
    </message>
    <message>
        <source>Cache in memory</source>
        <translation>内存缓存</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Cache on the graphics card</source>
        <translation>显卡缓存</translation>
    </message>
    <message>
        <source>Cache on disk</source>
        <translation>磁盘缓存</translation>
    </message>
    <message>
        <source>Folder of the cache</source>
        <translation>缓存文件夹</translation>
    </message>
    <message>
        <source>Another language is used from the next start on.</source>
        <translation>更换语言在下次启动后生效。</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>They land</source>
        <translation>放置于</translation>
    </message>
    <message>
        <source>Safety</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>Copy for recovery every</source>
        <translation>恢复副本间隔</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Search for an action or a key</source>
        <translation>搜索操作或按键</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation>使用此按键</translation>
    </message>
    <message>
        <source>Use it too</source>
        <translation>也使用它</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>无按键</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>画布</translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation>移动视图</translation>
    </message>
    <message>
        <source>Space + drag, middle drag</source>
        <translation>空格 + 拖动，中键拖动</translation>
    </message>
    <message>
        <source>Turn the view</source>
        <translation>旋转视图</translation>
    </message>
    <message>
        <source>Shift + Space + drag</source>
        <translation>Shift + 空格 + 拖动</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Wheel, Ctrl + Space + drag</source>
        <translation>滚轮，Ctrl + 空格 + 拖动</translation>
    </message>
    <message>
        <source>Shift + drag, Ctrl + wheel</source>
        <translation>Shift + 拖动，Ctrl + 滚轮</translation>
    </message>
    <message>
        <source>Straight line from the last stroke</source>
        <translation>从上一笔画直线</translation>
    </message>
    <message>
        <source>Shift + click</source>
        <translation>Shift + 单击</translation>
    </message>
    <message>
        <source>Pick a colour in the brushes</source>
        <translation>使用画笔时拾取颜色</translation>
    </message>
    <message>
        <source>Take away with the mask brush</source>
        <translation>用蒙版画笔擦除</translation>
    </message>
    <message>
        <source>Add to the selection, take away, keep both</source>
        <translation>添加到选区、减去、取交集</translation>
    </message>
    <message>
        <source>Shift, Alt, Shift + Alt</source>
        <translation>Shift，Alt，Shift + Alt</translation>
    </message>
    <message>
        <source> or </source>
        <translation> 或 </translation>
    </message>
    <message>
        <source>Choose an action to give it another key.</source>
        <translation>选择一个操作以更改其按键。</translation>
    </message>
    <message>
        <source>Click into the field and press the new key.</source>
        <translation>单击输入框并按下新的按键。</translation>
    </message>
    <message>
        <source>{key} is needed by the canvas itself.</source>
        <translation>画布本身需要 {key}。</translation>
    </message>
    <message>
        <source>{key} belongs to “{action}”, which would lose it.</source>
        <translation>{key} 属于“{action}”，更改后它将失去此按键。</translation>
    </message>
    <message>
        <source>{key} is free.</source>
        <translation>{key} 未被占用。</translation>
    </message>
    <message>
        <source>Size of the brush</source>
        <translation>画笔大小</translation>
    </message>
    <message>
        <source>See the picture before the change</source>
        <translation>查看更改前的图片</translation>
    </message>
    <message>
        <source>hold Tab or \</source>
        <translation>按住 Tab 或 \</translation>
    </message>
    <message>
        <source>Alt + drag</source>
        <translation>Alt + 拖动</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>No model yet</source>
        <translation>尚无模型</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Zoom; click to fit the picture in the window</source>
        <translation>缩放；单击使图片适合窗口</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>memory {used} of {limit}</source>
        <translation>内存 {used} / {limit}</translation>
    </message>
    <message>
        <source>disk {used} of {limit}</source>
        <translation>磁盘 {used} / {limit}</translation>
    </message>
    <message>
        <source>What the turns left behind, so that the next edit computes only what changes:
{folder}</source>
        <translation>各轮留下的数据，使下一次编辑只计算更改的部分：
{folder}</translation>
    </message>
    <message>
        <source>· Working on the large picture… Esc stops it</source>
        <translation>· 正在处理大图…按 Esc 停止</translation>
    </message>
    <message>
        <source> · {count} waiting</source>
        <translation> · {count} 个等待中</translation>
    </message>
</context>
<context>
    <name>ToolOptions</name>
    <message>
        <source>Overlay</source>
        <translation>叠加</translation>
    </message>
</context>
<context>
    <name>TraceDialog</name>
    <message>
        <source>Edges as a sketch</source>
        <translation>将边缘作为草图</translation>
    </message>
    <message>
        <source>The lines over the picture</source>
        <translation>图片上的线条</translation>
    </message>
    <message>
        <source>Line width</source>
        <translation>线宽</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Add sketch</source>
        <translation>添加草图</translation>
    </message>
</context>
<context>
    <name>TurnsPanel</name>
    <message>
        <source>Each change of the words becomes a turn here.</source>
        <translation>每次文字更改都会成为这里的一轮。</translation>
    </message>
    <message>
        <source>Turns</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Search the turns</source>
        <translation>搜索轮次</translation>
    </message>
    <message>
        <source>Only starred turns</source>
        <translation>仅加星的轮次</translation>
    </message>
    <message>
        <source>Rename turn</source>
        <translation>重命名轮次</translation>
    </message>
    <message>
        <source>Name of the turn (empty: its words)</source>
        <translation>轮次名称（留空则用其文字）</translation>
    </message>
    <message>
        <source>Delete turn</source>
        <translation>删除轮次</translation>
    </message>
    <message>
        <source>You can take this back with Undo.</source>
        <translation>可用“撤销”恢复。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Remove star</source>
        <translation>取消加星</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>加星</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Continue from here</source>
        <translation>从此继续</translation>
    </message>
    <message>
        <source>Compare with the shown turn</source>
        <translation>与当前轮次比较</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Use again</source>
        <translation>再次使用</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Steps, guidance, words to avoid</source>
        <translation>步数、引导强度、避免的内容</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>No turn fits.</source>
        <translation>没有符合的轮次。</translation>
    </message>
    <message>
        <source>Delete this turn?</source>
        <translation>删除这一轮？</translation>
    </message>
    <message>
        <source>Delete this turn and the {count} made from it?</source>
        <translation>删除这一轮及由其产生的 {count} 轮？</translation>
    </message>
</context>
<context>
    <name>WayButton</name>
    <message>
        <source>Other ways to edit</source>
        <translation>其他编辑方式</translation>
    </message>
    <message>
        <source>Choose how the picture is edited</source>
        <translation>选择编辑方式</translation>
    </message>
    <message>
        <source>Chosen by you.</source>
        <translation>由您选择。</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>What fits: {way}</source>
        <translation>推荐：{way}</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Open a picture or project…</source>
        <translation>打开图片或项目…</translation>
    </message>
    <message>
        <source>The model is being loaded. You can already write or open.</source>
        <translation>正在载入模型。您已可以输入文字或打开文件。</translation>
    </message>
    <message>
        <source>There is no model to paint with. Projects can still be opened.</source>
        <translation>没有可用于绘制的模型。仍可打开项目。</translation>
    </message>
    <message>
        <source>Palimpsest</source>
        <translation>Palimpsest</translation>
    </message>
    <message>
        <source>Begin with a sentence</source>
        <translation>从一句话开始</translation>
    </message>
    <message>
        <source>Change a word, and only what changes is repainted.</source>
        <translation>改动一个词，只重画改变的部分。</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近</translation>
    </message>
</context>
<context>
    <name>about</name>
    <message>
        <source>Palimpsest {version}</source>
        <translation>Palimpsest {version}</translation>
    </message>
    <message>
        <source>Change a word, and only what changes is painted again.
Apache License 2.0</source>
        <translation>改动一个词，只重画改变的部分。
Apache License 2.0</translation>
    </message>
</context>
<context>
    <name>ask</name>
    <message>
        <source>Unsaved changes</source>
        <translation>未保存的更改</translation>
    </message>
    <message>
        <source>Save the changes to “{name}”?</source>
        <translation>保存对“{name}”的更改？</translation>
    </message>
    <message>
        <source>Otherwise they are lost.</source>
        <translation>否则将会丢失。</translation>
    </message>
</context>
<context>
    <name>blend</name>
    <message>
        <source>Normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Multiply</source>
        <translation>正片叠底</translation>
    </message>
    <message>
        <source>Darken</source>
        <translation>变暗</translation>
    </message>
    <message>
        <source>Colour burn</source>
        <translation>颜色加深</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>滤色</translation>
    </message>
    <message>
        <source>Lighten</source>
        <translation>变亮</translation>
    </message>
    <message>
        <source>Colour dodge</source>
        <translation>颜色减淡</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>叠加</translation>
    </message>
    <message>
        <source>Soft light</source>
        <translation>柔光</translation>
    </message>
    <message>
        <source>Hard light</source>
        <translation>强光</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Exclusion</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>色相</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和度</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Luminosity</source>
        <translation>明度</translation>
    </message>
</context>
<context>
    <name>error</name>
    <message>
        <source>Something went wrong</source>
        <translation>出错了</translation>
    </message>
    <message>
        <source>Something went wrong inside the program.</source>
        <translation>程序内部出错。</translation>
    </message>
    <message>
        <source>Your picture is still here; save it under a new name to be safe.</source>
        <translation>您的图片仍在；为安全起见请另存。</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
</context>
<context>
    <name>hints</name>
    <message>
        <source>Alt takes away. Shift draws a straight line.</source>
        <translation>Alt 擦除，Shift 画直线。</translation>
    </message>
    <message>
        <source>Alt picks a colour. Shift draws a straight line.</source>
        <translation>Alt 拾取颜色，Shift 画直线。</translation>
    </message>
    <message>
        <source>Shift draws a straight line.</source>
        <translation>Shift 画直线。</translation>
    </message>
    <message>
        <source>Alt picks a colour.</source>
        <translation>Alt 拾取颜色。</translation>
    </message>
    <message>
        <source>Drag the chosen layer, or use the arrow keys. Shift keeps to one direction.</source>
        <translation>拖动所选图层，或使用方向键；Shift 保持单一方向。</translation>
    </message>
    <message>
        <source>Press to take the colour you see; X swaps the two colours.</source>
        <translation>按下即拾取所见颜色；X 交换两种颜色。</translation>
    </message>
    <message>
        <source>Shift adds to the selection, Alt takes away.</source>
        <translation>Shift 添加到选区，Alt 减去。</translation>
    </message>
    <message>
        <source>Click corner by corner; Enter or a double click closes.</source>
        <translation>逐个单击顶点；按 Enter 或双击闭合。</translation>
    </message>
    <message>
        <source>Drag to move the view, also with Space in every tool. The wheel zooms.</source>
        <translation>拖动以移动视图；在任何工具中按住空格也可以。滚轮缩放。</translation>
    </message>
</context>
<context>
    <name>jobs</name>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>loading the model</source>
        <translation>载入模型</translation>
    </message>
    <message>
        <source>reading the picture</source>
        <translation>读取图片</translation>
    </message>
    <message>
        <source>looking where it changes</source>
        <translation>查找更改之处</translation>
    </message>
    <message>
        <source>painting</source>
        <translation>绘制中</translation>
    </message>
    <message>
        <source>developing the picture</source>
        <translation>生成图片</translation>
    </message>
    <message>
        <source>recalling the picture</source>
        <translation>调回图片</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>剩余 {seconds} 秒</translation>
    </message>
</context>
<context>
    <name>methods</name>
    <message>
        <source>A new picture</source>
        <translation>一张新图片</translation>
    </message>
    <message>
        <source>{method}: {share} of the picture changed</source>
        <translation>{method}：图片的 {share} 已更改</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>已打开</translation>
    </message>
    <message>
        <source>Painted</source>
        <translation>已绘画</translation>
    </message>
    <message>
        <source>Reword</source>
        <translation>改词</translation>
    </message>
    <message>
        <source>Repaint</source>
        <translation>重画</translation>
    </message>
    <message>
        <source>Redraw</source>
        <translation>重绘</translation>
    </message>
    <message>
        <source>Recolour</source>
        <translation>改色</translation>
    </message>
    <message>
        <source>Paint what the changed words say, keep the rest exactly</source>
        <translation>画出更改的文字，其余保持不变</translation>
    </message>
    <message>
        <source>Paint one thing anew, where you marked it or where its words point</source>
        <translation>在您标记处或文字所指处重画一样东西</translation>
    </message>
    <message>
        <source>Paint what you sketched</source>
        <translation>画出您的草图</translation>
    </message>
    <message>
        <source>Change a colour or a material, keep the shapes</source>
        <translation>改变颜色或材质，保持形状</translation>
    </message>
    <message>
        <source>Proposed because words changed.</source>
        <translation>因文字更改而推荐。</translation>
    </message>
    <message>
        <source>Proposed because only a colour or a material changed.</source>
        <translation>因仅更改颜色或材质而推荐。</translation>
    </message>
    <message>
        <source>Proposed because you marked where the picture may change.</source>
        <translation>因您标记了可更改之处而推荐。</translation>
    </message>
    <message>
        <source>Proposed because there is a sketch.</source>
        <translation>因有草图而推荐。</translation>
    </message>
</context>
<context>
    <name>steps</name>
    <message>
        <source>Add layer</source>
        <translation>添加图层</translation>
    </message>
    <message>
        <source>Remove layer</source>
        <translation>移除图层</translation>
    </message>
    <message>
        <source>Move layer</source>
        <translation>移动图层</translation>
    </message>
    <message>
        <source>Shift layer</source>
        <translation>移动图层</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>复制图层</translation>
    </message>
    <message>
        <source>Merge down</source>
        <translation>向下合并</translation>
    </message>
    <message>
        <source>Merge group</source>
        <translation>合并组</translation>
    </message>
    <message>
        <source>Group layers</source>
        <translation>编组图层</translation>
    </message>
    <message>
        <source>Ungroup layers</source>
        <translation>取消编组</translation>
    </message>
    <message>
        <source>Change name</source>
        <translation>更改名称</translation>
    </message>
    <message>
        <source>Change opacity</source>
        <translation>更改不透明度</translation>
    </message>
    <message>
        <source>Change visible</source>
        <translation>更改可见性</translation>
    </message>
    <message>
        <source>Change locked</source>
        <translation>更改锁定</translation>
    </message>
    <message>
        <source>Change lock transparency</source>
        <translation>更改透明度锁定</translation>
    </message>
    <message>
        <source>Change blend mode</source>
        <translation>更改混合模式</translation>
    </message>
    <message>
        <source>Change words of a region</source>
        <translation>更改区域的词</translation>
    </message>
    <message>
        <source>Change x and y</source>
        <translation>更改位置</translation>
    </message>
    <message>
        <source>New turn</source>
        <translation>新轮次</translation>
    </message>
    <message>
        <source>Discard result</source>
        <translation>舍弃结果</translation>
    </message>
    <message>
        <source>Show turn</source>
        <translation>显示轮次</translation>
    </message>
    <message>
        <source>Delete turn</source>
        <translation>删除轮次</translation>
    </message>
    <message>
        <source>Rename turn</source>
        <translation>重命名轮次</translation>
    </message>
    <message>
        <source>Star turn</source>
        <translation>为轮次加星</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Brush stroke</source>
        <translation>画笔笔触</translation>
    </message>
    <message>
        <source>Typing</source>
        <translation>输入文字</translation>
    </message>
    <message>
        <source>Change words to avoid</source>
        <translation>更改要避免的词</translation>
    </message>
    <message>
        <source>Change seed</source>
        <translation>更改种子</translation>
    </message>
    <message>
        <source>Change steps</source>
        <translation>更改步数</translation>
    </message>
    <message>
        <source>Change guidance</source>
        <translation>更改引导强度</translation>
    </message>
    <message>
        <source>Change variants</source>
        <translation>更改变体数</translation>
    </message>
    <message>
        <source>Change sketch strength</source>
        <translation>更改草图强度</translation>
    </message>
    <message>
        <source>Change sketch steps</source>
        <translation>更改草图步数</translation>
    </message>
    <message>
        <source>Choose how to edit</source>
        <translation>选择编辑方式</translation>
    </message>
    <message>
        <source>Reuse of a turn</source>
        <translation>沿用某一轮</translation>
    </message>
</context>
<context>
    <name>tools</name>
    <message>
        <source>The layer “{name}” is locked.</source>
        <translation>图层“{name}”已锁定。</translation>
    </message>
    <message>
        <source>Paint mask</source>
        <translation>涂蒙版</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Brush stroke</source>
        <translation>画笔笔触</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>绘画</translation>
    </message>
    <message>
        <source>Sketch stroke</source>
        <translation>草图笔触</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>草图</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>There is no painted layer to erase from.</source>
        <translation>没有可擦除的绘画图层。</translation>
    </message>
    <message>
        <source>The transparency of the layer “{name}” is locked.</source>
        <translation>图层“{name}”的透明度已锁定。</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Choose the layer to move in the list of layers first.</source>
        <translation>请先在图层列表中选择要移动的图层。</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Deselect</source>
        <translation>取消选择</translation>
    </message>
</context>
</TS>
