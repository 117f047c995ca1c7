<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
<name>AboutDialog</name>
<message><source>About Palimpsest</source><translation>关于 Palimpsest</translation></message>
<message><source>Credits</source><translation>致谢</translation></message>
<message><source>Licences</source><translation>许可证</translation></message>
</context>
<context>
<name>Actions</name>
<message><source>&amp;File</source><translation>文件(&amp;F)</translation></message>
<message><source>&amp;Edit</source><translation>编辑(&amp;E)</translation></message>
<message><source>&amp;Image</source><translation>图像(&amp;I)</translation></message>
<message><source>&amp;Layer</source><translation>图层(&amp;L)</translation></message>
<message><source>&amp;Select</source><translation>选择(&amp;S)</translation></message>
<message><source>T&amp;ools</source><translation>工具(&amp;O)</translation></message>
<message><source>&amp;View</source><translation>视图(&amp;V)</translation></message>
<message><source>T&amp;urn</source><translation>轮次(&amp;U)</translation></message>
<message><source>&amp;Help</source><translation>帮助(&amp;H)</translation></message>
<message><source>Open &amp;recent</source><translation>最近打开(&amp;R)</translation></message>
<message><source>&amp;Appearance</source><translation>外观(&amp;A)</translation></message>
<message><source>P&amp;lace results</source><translation>结果放置(&amp;L)</translation></message>
<message><source>Brush an&amp;d colours</source><translation>画笔与颜色(&amp;D)</translation></message>
<message><source>Ru&amp;lers, grid and guides</source><translation>标尺、网格与参考线(&amp;L)</translation></message>
<message><source>&amp;Panels</source><translation>面板(&amp;P)</translation></message>
<message><source>Describe another picture, in a tab of its own</source><translation>在新标签页中描述另一张图片</translation></message>
<message><source>&amp;Open…</source><translation>打开(&amp;O)…</translation></message>
<message><source>C&amp;lose</source><translation>关闭(&amp;L)</translation></message>
<message><source>&amp;Save</source><translation>保存(&amp;S)</translation></message>
<message><source>Save &amp;as…</source><translation>另存为(&amp;A)…</translation></message>
<message><source>Save a cop&amp;y…</source><translation>保存副本(&amp;Y)…</translation></message>
<message><source>Save the layers for another program, or a copy of the project</source><translation>为其他程序保存图层，或保存项目的副本</translation></message>
<message><source>&amp;Export…</source><translation>导出(&amp;E)…</translation></message>
<message><source>Se&amp;ttings…</source><translation>设置(&amp;T)…</translation></message>
<message><source>&amp;Models…</source><translation>模型(&amp;M)…</translation></message>
<message><source>&amp;Cache…</source><translation>缓存(&amp;C)…</translation></message>
<message><source>&amp;Quit</source><translation>退出(&amp;Q)</translation></message>
<message><source>&amp;Undo</source><translation>撤销(&amp;U)</translation></message>
<message><source>&amp;Redo</source><translation>重做(&amp;R)</translation></message>
<message><source>&amp;Copy</source><translation>复制(&amp;C)</translation></message>
<message><source>&amp;Paste</source><translation>粘贴(&amp;P)</translation></message>
<message><source>Paste the copied picture as a new layer</source><translation>将复制的图片粘贴为新图层</translation></message>
<message><source>Paste as s&amp;ketch</source><translation>粘贴为草图(&amp;K)</translation></message>
<message><source>Paste the copied picture as a sketch for Redraw to follow</source><translation>将复制的图片粘贴为“重绘”所依据的草图</translation></message>
<message><source>Paste as &amp;new picture</source><translation>粘贴为新图片(&amp;N)</translation></message>
<message><source>&amp;New paint layer</source><translation>新建绘画图层(&amp;N)</translation></message>
<message><source>New &amp;mask</source><translation>新建蒙版(&amp;M)</translation></message>
<message><source>New s&amp;ketch layer</source><translation>新建草图图层(&amp;K)</translation></message>
<message><source>New &amp;region</source><translation>新建区域(&amp;R)</translation></message>
<message><source>A named area: paint it with the mask brush, reuse it as a mask</source><translation>带名称的区域：用蒙版画笔绘制，可再次用作蒙版</translation></message>
<message><source>&amp;New…</source><translation>新建(&amp;N)…</translation></message>
<message><source>New &amp;from a sentence</source><translation>用一句话新建(&amp;F)</translation></message>
<message><source>Cu&amp;t</source><translation>剪切(&amp;T)</translation></message>
<message><source>Take the selection out of the active layer</source><translation>从当前图层剪切所选内容</translation></message>
<message><source>Mask from re&amp;gion</source><translation>从区域创建蒙版(&amp;G)</translation></message>
<message><source>Limit the next edit to the active region</source><translation>将下一次编辑限制在当前区域内</translation></message>
<message><source>Trace &amp;edges…</source><translation>描摹边缘(&amp;E)…</translation></message>
<message><source>Trace the outlines of the picture as faint lines to draw over</source><translation>将图片轮廓描摹为可在其上绘制的淡线</translation></message>
<message><source>Mask from s&amp;ketch</source><translation>由草图生成蒙版(&amp;K)</translation></message>
<message><source>Mask the areas where the sketch differs from the picture</source><translation>在草图与图片不同之处生成蒙版</translation></message>
<message><source>&amp;Group</source><translation>编组(&amp;G)</translation></message>
<message><source>Group the selected layers</source><translation>将所选图层编组</translation></message>
<message><source>&amp;Ungroup</source><translation>取消编组(&amp;U)</translation></message>
<message><source>Duplicate la&amp;yer</source><translation>复制图层(&amp;Y)</translation></message>
<message><source>Copy selection to new l&amp;ayer</source><translation>复制选区到新图层(&amp;A)</translation></message>
<message><source>Copy what is selected of the active layer to a layer of its own</source><translation>把当前图层的所选内容复制到单独的图层</translation></message>
<message><source>Cut selection to new la&amp;yer</source><translation>剪切选区到新图层(&amp;Y)</translation></message>
<message><source>Move what is selected of the active layer to a layer of its own</source><translation>把当前图层的所选内容移到单独的图层</translation></message>
<message><source>M&amp;erge down</source><translation>向下合并(&amp;E)</translation></message>
<message><source>Merge the layer with the one below, or the layers of a group into one</source><translation>与下方图层合并；组则合并为一个图层</translation></message>
<message><source>&amp;Delete layer</source><translation>删除图层(&amp;D)</translation></message>
<message><source>Move layer u&amp;p</source><translation>上移图层(&amp;P)</translation></message>
<message><source>Move layer d&amp;own</source><translation>下移图层(&amp;O)</translation></message>
<message><source>&amp;Lock layer</source><translation>锁定图层(&amp;L)</translation></message>
<message><source>Protect the layer from changes</source><translation>保护图层不被更改</translation></message>
<message><source>Lock &amp;transparency</source><translation>锁定透明度(&amp;T)</translation></message>
<message><source>Paint only where the layer is not transparent</source><translation>只在图层不透明处绘画</translation></message>
<message><source>Show &amp;mask</source><translation>显示蒙版(&amp;M)</translation></message>
<message><source>Show or hide the mask over the picture</source><translation>显示或隐藏图片上的蒙版</translation></message>
<message><source>Outline &amp;changes</source><translation>勾勒更改(&amp;C)</translation></message>
<message><source>Redraw&apos;s &amp;intermediate image…</source><translation>重绘的中间图(&amp;I)…</translation></message>
<message><source>Show what the sketch alone would give</source><translation>显示仅凭草图会得到的结果</translation></message>
<message><source>Com&amp;pare before and after</source><translation>比较前后(&amp;P)</translation></message>
<message><source>Compare the picture before and after the change, with a divider to drag</source><translation>用可拖动的分隔线比较更改前后的图片</translation></message>
<message><source>&amp;System</source><translation>跟随系统(&amp;S)</translation></message>
<message><source>&amp;Dark</source><translation>深色(&amp;D)</translation></message>
<message><source>&amp;Light</source><translation>浅色(&amp;L)</translation></message>
<message><source>Ca&amp;nvas only</source><translation>仅画布(&amp;N)</translation></message>
<message><source>&amp;Reset layout</source><translation>重置布局(&amp;R)</translation></message>
<message><source>&amp;Run</source><translation>运行(&amp;R)</translation></message>
<message><source>Run the method shown on the button beside the prompt</source><translation>按描述文字旁按钮所示的方式运行</translation></message>
<message><source>Run at the &amp;front of the queue</source><translation>排到队首运行(&amp;F)</translation></message>
<message><source>L&amp;ive</source><translation>实时(&amp;I)</translation></message>
<message><source>Refine what you paint or sketch, stroke by stroke</source><translation>将您绘制或勾勒的内容逐笔精修</translation></message>
<message><source>Run and clear the &amp;queue</source><translation>运行并清空队列(&amp;Q)</translation></message>
<message><source>&amp;Generate new picture</source><translation>生成新图片(&amp;G)</translation></message>
<message><source>Compare se&amp;veral methods…</source><translation>比较多种方法(&amp;V)…</translation></message>
<message><source>Make the same edit by several methods and choose among the results</source><translation>用多种方法做同一修改，再从结果中选择</translation></message>
<message><source>&amp;Apply result</source><translation>应用结果(&amp;A)</translation></message>
<message><source>Accept the result as a new turn (Enter)</source><translation>将结果作为新的一轮采用（回车）</translation></message>
<message><source>&amp;Discard result or cancel</source><translation>舍弃结果或取消(&amp;D)</translation></message>
<message><source>Discard the result; the picture stays as it was (Esc)</source><translation>舍弃结果，图片保持原样（Esc）</translation></message>
<message><source>&amp;Next result</source><translation>下一个结果(&amp;N)</translation></message>
<message><source>&amp;Previous result</source><translation>上一个结果(&amp;P)</translation></message>
<message><source>&amp;Cancel current job</source><translation>取消当前任务(&amp;C)</translation></message>
<message><source>Cancel a&amp;ll jobs</source><translation>取消所有任务(&amp;L)</translation></message>
<message><source>&amp;Edit prompt</source><translation>编辑描述文字(&amp;E)</translation></message>
<message><source>Go to turn a&amp;bove</source><translation>转到上面的轮次(&amp;B)</translation></message>
<message><source>Go to turn belo&amp;w</source><translation>转到下面的轮次(&amp;W)</translation></message>
<message><source>Searc&amp;h turns</source><translation>搜索轮次(&amp;H)</translation></message>
<message><source>&amp;Star turn</source><translation>为本轮加星(&amp;S)</translation></message>
<message><source>Rena&amp;me turn…</source><translation>重命名本轮(&amp;M)…</translation></message>
<message><source>Dele&amp;te turn…</source><translation>删除本轮(&amp;T)…</translation></message>
<message><source>Sh&amp;ow results when they arrive</source><translation>结果完成即显示(&amp;O)</translation></message>
<message><source>Otherwise they wait until you open them</source><translation>否则等待您打开</translation></message>
<message><source>Appl&amp;y results automatically</source><translation>自动应用结果(&amp;Y)</translation></message>
<message><source>In a new layer on &amp;top</source><translation>放入最上方新图层(&amp;T)</translation></message>
<message><source>In a new layer &amp;above the active one</source><translation>放入当前图层上方的新图层(&amp;A)</translation></message>
<message><source>Directly in the &amp;picture</source><translation>直接放入图片(&amp;P)</translation></message>
<message><source>Keyboard &amp;shortcuts</source><translation>键盘快捷键(&amp;S)</translation></message>
<message><source>Show &amp;log folder</source><translation>显示日志文件夹(&amp;L)</translation></message>
<message><source>Warnings and crash reports, to attach to a bug report</source><translation>可附在错误报告中的警告与崩溃记录</translation></message>
<message><source>&amp;About Palimpsest</source><translation>关于 Palimpsest(&amp;A)</translation></message>
<message><source>&amp;Hand</source><translation>抓手(&amp;H)</translation></message>
<message><source>Pan the view</source><translation>移动视图</translation></message>
<message><source>Mo&amp;ve</source><translation>移动(&amp;V)</translation></message>
<message><source>Move the active layer</source><translation>移动当前图层</translation></message>
<message><source>&amp;Transform</source><translation>变换(&amp;T)</translation></message>
<message><source>Move, scale, rotate, flip or shear the active layer or the selection</source><translation>移动、缩放、旋转、翻转或斜切当前图层或选区</translation></message>
<message><source>&amp;Crop</source><translation>裁剪(&amp;C)</translation></message>
<message><source>Cut the picture to a rectangle</source><translation>把图片裁剪为矩形</translation></message>
<message><source>&amp;Rectangular selection</source><translation>矩形选区(&amp;R)</translation></message>
<message><source>Select a rectangular area</source><translation>选择矩形区域</translation></message>
<message><source>Elli&amp;ptical selection</source><translation>椭圆选区(&amp;P)</translation></message>
<message><source>Select an elliptical area</source><translation>选择椭圆区域</translation></message>
<message><source>&amp;Lasso</source><translation>套索(&amp;L)</translation></message>
<message><source>Select freehand</source><translation>自由手绘选择</translation></message>
<message><source>Pol&amp;ygonal lasso</source><translation>多边形套索(&amp;Y)</translation></message>
<message><source>Select corner by corner; press Enter or double-click to close</source><translation>逐角选择；回车或双击闭合</translation></message>
<message><source>Magic &amp;wand</source><translation>魔棒(&amp;W)</translation></message>
<message><source>Select areas of similar colour with a click</source><translation>单击选择颜色相近的区域</translation></message>
<message><source>Select ob&amp;ject</source><translation>选择物体(&amp;J)</translation></message>
<message><source>Select a thing with a click, or with a box around it</source><translation>单击或框选来选中一个物体</translation></message>
<message><source>&amp;Mask brush</source><translation>蒙版画笔(&amp;M)</translation></message>
<message><source>Paint where the picture may change</source><translation>涂出图片可更改之处</translation></message>
<message><source>&amp;Brush</source><translation>画笔(&amp;B)</translation></message>
<message><source>Paint on the active layer</source><translation>在当前图层上绘画</translation></message>
<message><source>S&amp;ketch brush</source><translation>草图画笔(&amp;K)</translation></message>
<message><source>Draw guide lines for Redraw; they are not part of the picture</source><translation>为“重绘”画引导线；它们不属于图片</translation></message>
<message><source>&amp;Eraser</source><translation>橡皮擦(&amp;E)</translation></message>
<message><source>Erase on the active layer</source><translation>在当前图层上擦除</translation></message>
<message><source>Clo&amp;ne stamp</source><translation>仿制图章(&amp;N)</translation></message>
<message><source>Paint with what is seen elsewhere in the picture</source><translation>用图像中别处的内容绘画</translation></message>
<message><source>H&amp;eal</source><translation>修复(&amp;E)</translation></message>
<message><source>Cover a blemish with texture from elsewhere, in the tones around it</source><translation>用别处的纹理和周围的色调遮盖瑕疵</translation></message>
<message><source>Sm&amp;udge</source><translation>涂抹(&amp;U)</translation></message>
<message><source>Smear what you see</source><translation>涂抹所见的内容</translation></message>
<message><source>&amp;Fill</source><translation>填充(&amp;F)</translation></message>
<message><source>Fill areas of similar colour</source><translation>填充颜色相近的区域</translation></message>
<message><source>&amp;Gradient</source><translation>渐变(&amp;G)</translation></message>
<message><source>Blend from the foreground to the background colour</source><translation>从前景色渐变到背景色</translation></message>
<message><source>Line</source><translation>直线</translation></message>
<message><source>Draw a straight line</source><translation>绘制直线</translation></message>
<message><source>Rectangle</source><translation>矩形</translation></message>
<message><source>Draw a rectangle</source><translation>绘制矩形</translation></message>
<message><source>Ellipse</source><translation>椭圆</translation></message>
<message><source>Draw an ellipse</source><translation>绘制椭圆</translation></message>
<message><source>Te&amp;xt</source><translation>文字(&amp;X)</translation></message>
<message><source>Write on the picture, or change what is written</source><translation>在图像上写字，或修改已写的文字</translation></message>
<message><source>Colour p&amp;icker</source><translation>拾色器(&amp;I)</translation></message>
<message><source>Increase brush si&amp;ze</source><translation>增大画笔(&amp;Z)</translation></message>
<message><source>Decrea&amp;se brush size</source><translation>减小画笔(&amp;S)</translation></message>
<message><source>Increase brush hardness</source><translation>增加画笔硬度</translation></message>
<message><source>Decrease brush hardness</source><translation>降低画笔硬度</translation></message>
<message><source>Mirror &amp;left and right</source><translation>左右镜像(&amp;L)</translation></message>
<message><source>Repeat strokes on the other side, left and right</source><translation>在左右另一侧重复笔画</translation></message>
<message><source>Mirror &amp;top and bottom</source><translation>上下镜像(&amp;T)</translation></message>
<message><source>Repeat strokes on the other side, top and bottom</source><translation>在上下另一侧重复笔画</translation></message>
<message><source>Swap &amp;colours</source><translation>交换颜色(&amp;C)</translation></message>
<message><source>&amp;Default colours</source><translation>默认颜色(&amp;D)</translation></message>
<message><source>&amp;All</source><translation>全选(&amp;A)</translation></message>
<message><source>&amp;None</source><translation>取消选择(&amp;N)</translation></message>
<message><source>&amp;Invert</source><translation>反选(&amp;I)</translation></message>
<message><source>By &amp;colour…</source><translation>按颜色(&amp;C)…</translation></message>
<message><source>&amp;Grow…</source><translation>扩大(&amp;G)…</translation></message>
<message><source>&amp;Shrink…</source><translation>缩小(&amp;S)…</translation></message>
<message><source>&amp;Feather…</source><translation>羽化(&amp;F)…</translation></message>
<message><source>&amp;Mask from selection</source><translation>由选区生成蒙版(&amp;M)</translation></message>
<message><source>Limit the next edit to the selection</source><translation>将下一次编辑限制在选区内</translation></message>
<message><source>Selection from mas&amp;k</source><translation>由蒙版生成选区(&amp;K)</translation></message>
<message><source>Cut &amp;out to a layer</source><translation>抠出到图层(&amp;O)</translation></message>
<message><source>Copy what the selection shows to a layer of its own</source><translation>将选区所示内容复制到单独的图层</translation></message>
<message><source>Fill &amp;behind…</source><translation>填补后方(&amp;B)…</translation></message>
<message><source>Repaint the selection with what is behind it</source><translation>用后方的内容重绘选区</translation></message>
<message><source>Fill with foreground &amp;colour</source><translation>用前景色填充(&amp;C)</translation></message>
<message><source>C&amp;lear pixels</source><translation>清除像素(&amp;L)</translation></message>
<message><source>Clea&amp;r mask</source><translation>清除蒙版(&amp;R)</translation></message>
<message><source>Erase the whole mask</source><translation>清除整个蒙版</translation></message>
<message><source>In&amp;vert mask</source><translation>反转蒙版(&amp;V)</translation></message>
<message><source>F&amp;ull screen</source><translation>全屏(&amp;U)</translation></message>
<message><source>&amp;Fit in window</source><translation>适合窗口(&amp;F)</translation></message>
<message><source>&amp;100 %</source><translation>&amp;100 %</translation></message>
<message><source>Zoom &amp;in</source><translation>放大(&amp;I)</translation></message>
<message><source>Zoom &amp;out</source><translation>缩小(&amp;O)</translation></message>
<message><source>Rotate view le&amp;ft</source><translation>向左旋转视图(&amp;F)</translation></message>
<message><source>Rotate view ri&amp;ght</source><translation>向右旋转视图(&amp;G)</translation></message>
<message><source>M&amp;irror view</source><translation>镜像视图(&amp;I)</translation></message>
<message><source>Rese&amp;t view</source><translation>重置视图(&amp;T)</translation></message>
<message><source>Undo rotating and mirroring the view</source><translation>取消视图的旋转和镜像</translation></message>
<message><source>Gri&amp;d</source><translation>网格(&amp;D)</translation></message>
<message><source>&amp;Snap to grid</source><translation>对齐网格(&amp;S)</translation></message>
<message><source>Shapes, texts, selections and what is moved or cropped keep to the grid</source><translation>形状、文字、选区以及移动或裁剪的内容对齐到网格</translation></message>
<message><source>Grid spac&amp;ing…</source><translation>网格间距(&amp;I)…</translation></message>
<message><source>R&amp;ulers</source><translation>标尺(&amp;U)</translation></message>
<message><source>Guid&amp;es</source><translation>参考线(&amp;E)</translation></message>
<message><source>Sn&amp;ap to guides</source><translation>对齐参考线(&amp;A)</translation></message>
<message><source>Shapes, texts, selections and what is moved or cropped keep to guides nearby</source><translation>形状、文字、选区以及移动或裁剪的内容会贴合附近的参考线</translation></message>
<message><source>Loc&amp;k guides</source><translation>锁定参考线(&amp;K)</translation></message>
<message><source>Ne&amp;w guide…</source><translation>新建参考线(&amp;W)…</translation></message>
<message><source>Clea&amp;r guides</source><translation>清除参考线(&amp;R)</translation></message>
<message><source>Ne&amp;xt tab</source><translation>下一个标签页(&amp;X)</translation></message>
<message><source>Pre&amp;vious tab</source><translation>上一个标签页(&amp;V)</translation></message>
<message><source>Show on every t&amp;urn</source><translation>在每个轮次显示(&amp;U)</translation></message>
<message><source>Off: the layer goes with the turn it was painted on</source><translation>关闭：图层随其绘制所在的轮次显示</translation></message>
<message><source>Pick a colour from the picture (Ctrl or Alt with any brush)</source><translation>从图片中吸取颜色（任何画笔按住 Ctrl 或 Alt）</translation></message>
<message><source>&amp;Canvas size…</source><translation>画布大小(&amp;C)…</translation></message>
<message><source>Make the canvas larger or smaller; extend the picture</source><translation>放大或缩小画布；扩展图片</translation></message>
<message><source>C&amp;rop to selection</source><translation>裁剪到选区(&amp;R)</translation></message>
<message><source>&amp;Trim</source><translation>修整边缘(&amp;T)</translation></message>
<message><source>Cut off the empty or plain borders of the picture</source><translation>裁去图片空白或单色的边缘</translation></message>
<message><source>&amp;Scale image…</source><translation>缩放图像(&amp;S)…</translation></message>
<message><source>Rotate 90° cloc&amp;kwise</source><translation>顺时针旋转 90°(&amp;K)</translation></message>
<message><source>Rotate 90° counterclock&amp;wise</source><translation>逆时针旋转 90°(&amp;W)</translation></message>
<message><source>Rotate &amp;180°</source><translation>旋转 180°(&amp;1)</translation></message>
<message><source>Flip &amp;horizontally</source><translation>水平翻转(&amp;H)</translation></message>
<message><source>Flip &amp;vertically</source><translation>垂直翻转(&amp;V)</translation></message>
<message><source>&amp;Flatten</source><translation>合并图像(&amp;F)</translation></message>
<message><source>Merge all visible layers into one</source><translation>将所有可见图层合并为一个</translation></message>
<message><source>&amp;What can it paint?</source><translation>它能画什么(&amp;W)？</translation></message>
<message><source>The words that the model knows, with pictures</source><translation>模型认识的词语，附图片</translation></message>
<message><source>Make the picture larger and paint the detail that is missing</source><translation>放大图片并绘制缺失的细节</translation></message>
<message><source>&amp;Upscale 2×</source><translation>放大 2×(&amp;U)</translation></message>
<message><source>U&amp;pscale 4×</source><translation>放大 4×(&amp;P)</translation></message>
<message><source>Filte&amp;r</source><translation>滤镜(&amp;R)</translation></message>
<message><source>New ad&amp;justment layer</source><translation>新建调整图层(&amp;J)</translation></message>
<message><source>&amp;Levels…</source><translation>色阶(&amp;L)…</translation></message>
<message><source>&amp;Curves…</source><translation>曲线(&amp;C)…</translation></message>
<message><source>&amp;Hue and saturation…</source><translation>色相和饱和度(&amp;H)…</translation></message>
<message><source>Colour &amp;balance…</source><translation>色彩平衡(&amp;B)…</translation></message>
<message><source>&amp;Edit adjustment…</source><translation>编辑调整(&amp;E)…</translation></message>
<message><source>Change the numbers of the active adjustment layer</source><translation>更改当前调整图层的数值</translation></message>
<message><source>Add layer mask</source><translation>添加图层蒙版</translation></message>
<message><source>Hide parts of the layer without losing them: erase on its mask</source><translation>隐藏图层的部分而不丢失：在其蒙版上擦除</translation></message>
<message><source>&amp;Clip to layers below</source><translation>剪贴到下方图层(&amp;C)</translation></message>
<message><source>Show the layer only where those below it in its group are</source><translation>仅在组内下方图层所在之处显示该图层</translation></message>
<message><source>Gaussian &amp;blur…</source><translation>高斯模糊(&amp;B)…</translation></message>
<message><source>&amp;Sharpen…</source><translation>锐化(&amp;S)…</translation></message>
<message><source>Add &amp;noise…</source><translation>添加杂色(&amp;N)…</translation></message>
</context>
<context>
<name>AdjustmentDialog</name>
<message><source>Channel</source><translation>通道</translation></message>
</context>
<context>
<name>Aids</name>
<message><source>Grid spacing</source><translation>网格间距</translation></message>
<message><source>Pixels:</source><translation>像素：</translation></message>
</context>
<context>
<name>Anchor</name>
<message><source>top left</source><translation>左上</translation></message>
<message><source>top</source><translation>上</translation></message>
<message><source>top right</source><translation>右上</translation></message>
<message><source>left</source><translation>左</translation></message>
<message><source>middle</source><translation>中</translation></message>
<message><source>right</source><translation>右</translation></message>
<message><source>bottom left</source><translation>左下</translation></message>
<message><source>bottom</source><translation>下</translation></message>
<message><source>bottom right</source><translation>右下</translation></message>
<message><source>The picture stays: {place}</source><translation>图片位置：{place}</translation></message>
</context>
<context>
<name>Asking</name>
<message><source>This picture was made with LoRAs: {names}.</source><translation>此图片使用了 LoRA 生成：{names}。</translation></message>
<message><source>Use mask</source><translation>使用蒙版</translation></message>
<message><source>Mask</source><translation>蒙版</translation></message>
</context>
<context>
<name>BlendBox</name>
<message><source>Blend mode</source><translation>混合模式</translation></message>
<message><source>How the layer blends with the layers below</source><translation>图层与下方图层的混合方式</translation></message>
</context>
<context>
<name>BrushOptions</name>
<message><source>Size</source><translation>大小</translation></message>
<message><source>Hardness</source><translation>硬度</translation></message>
<message><source>Opacity</source><translation>不透明度</translation></message>
<message><source>Flow</source><translation>流量</translation></message>
<message><source>Smoothing</source><translation>平滑</translation></message>
<message><source>Pen pressure controls size</source><translation>笔压控制大小</translation></message>
<message><source>Pen pressure controls opacity</source><translation>笔压控制不透明度</translation></message>
<message><source>Flow, smoothing, pen pressure</source><translation>流量、平滑、笔压</translation></message>
</context>
<context>
<name>Brushes</name>
<message><source>Save brush</source><translation>保存画笔</translation></message>
<message><source>Name:</source><translation>名称：</translation></message>
<message><source>GIMP brushes (*{ending})</source><translation>GIMP 画笔 (*{ending})</translation></message>
<message><source>Photoshop brushes are not read, but GIMP can convert them (*{ending})</source><translation>不能读取 Photoshop 画笔，但 GIMP 可以转换 (*{ending})</translation></message>
<message><source>Import brush</source><translation>导入画笔</translation></message>
</context>
<context>
<name>CacheDialog</name>
<message><source>Cache</source><translation>缓存</translation></message>
<message><source>Waiting for the current job to finish…</source><translation>正在等待当前任务完成…</translation></message>
<message><source>Cache contents</source><translation>缓存内容</translation></message>
<message><source>Project</source><translation>项目</translation></message>
<message><source>Turns</source><translation>轮次</translation></message>
<message><source>Memory</source><translation>内存</translation></message>
<message><source>Disk</source><translation>磁盘</translation></message>
<message><source>Clearing the cache deletes no pictures. The next edit of a cleared project takes longer once, while its turns are recomputed.</source><translation>清除缓存不会删除任何图片。被清除项目的下一次编辑会慢一次，因为需要重新计算各轮。</translation></message>
<message><source>Clear selected</source><translation>清除所选</translation></message>
<message><source>Clear all</source><translation>全部清除</translation></message>
<message><source>Close</source><translation>关闭</translation></message>
<message><source>{memory} of {memory_limit} in memory, {disk} of {disk_limit} on disk in {folder}</source><translation>内存 {memory}，上限 {memory_limit}；磁盘 {disk}，上限 {disk_limit}，位于 {folder}</translation></message>
<message><source>Other or deleted projects</source><translation>其他或已删除的项目</translation></message>
</context>
<context>
<name>Canvas</name>
<message><source>Canvas</source><translation>画布</translation></message>
</context>
<context>
<name>CanvasSizeDialog</name>
<message><source>Canvas size</source><translation>画布大小</translation></message>
<message><source>Continue the picture, to be repainted</source><translation>延续图片，待重绘</translation></message>
<message><source>Transparent</source><translation>透明</translation></message>
<message><source>Colour</source><translation>颜色</translation></message>
<message><source>New area</source><translation>新区域</translation></message>
<message><source>Colour of the new area</source><translation>新区域的颜色</translation></message>
<message><source>Round up to multiples of {count} pixels</source><translation>向上取整为 {count} 像素的倍数</translation></message>
<message><source>Sizes that the model paints without padding</source><translation>模型无需填充即可绘制的尺寸</translation></message>
<message><source>Anchor</source><translation>锚点</translation></message>
<message><source>{old_width} × {old_height} becomes {width} × {height} pixels.</source><translation>{old_width} × {old_height} 变为 {width} × {height} 像素。</translation></message>
<message><source>The new area becomes the mask: describe it, then repaint.</source><translation>新区域将成为蒙版：描述它，然后重绘。</translation></message>
</context>
<context>
<name>Closing</name>
<message><source>Unsaved changes</source><translation>未保存的更改</translation></message>
<message><source>Save the changes to these pictures?</source><translation>要保存对这些图片的更改吗？</translation></message>
<message><source>What is not checked loses its changes.</source><translation>未勾选的图片将丢失更改。</translation></message>
<message><source>Save checked</source><translation>保存勾选项</translation></message>
<message><source>Cancel</source><translation>取消</translation></message>
<message><source>Don&apos;t save</source><translation>不保存</translation></message>
</context>
<context>
<name>ColourEditor</name>
<message><source>Hue</source><translation>色相</translation></message>
<message><source>Saturation</source><translation>饱和度</translation></message>
<message><source>Brightness</source><translation>亮度</translation></message>
<message><source>Hexadecimal colour</source><translation>十六进制颜色</translation></message>
<message><source>Hexadecimal colour or its English name, such as #8000ff or violet</source><translation>十六进制颜色或其英文名称，例如 #8000ff 或 violet</translation></message>
<message><source>Hex</source><translation>Hex</translation></message>
</context>
<context>
<name>ColourPair</name>
<message><source>Background colour (X: swap, D: default colours)</source><translation>背景色（X：交换，D：默认颜色）</translation></message>
<message><source>Foreground colour (X: swap, D: default colours)</source><translation>前景色（X：交换，D：默认颜色）</translation></message>
</context>
<context>
<name>ColourPanel</name>
<message><source>Swap colours (X)</source><translation>交换颜色 (X)</translation></message>
<message><source>Recent colours</source><translation>最近使用的颜色</translation></message>
<message><source>Palette</source><translation>调色板</translation></message>
<message><source>Import or remove palettes</source><translation>导入或移除调色板</translation></message>
<message><source>Colours of the palette</source><translation>调色板中的颜色</translation></message>
<message><source>Import palette…</source><translation>导入调色板…</translation></message>
<message><source>Remove palette</source><translation>移除调色板</translation></message>
</context>
<context>
<name>ColourRangeDialog</name>
<message><source>Select by colour</source><translation>按颜色选择</translation></message>
<message><source>Colour to select</source><translation>要选择的颜色</translation></message>
<message><source>Tolerance</source><translation>容差</translation></message>
<message><source>Click a colour to select it</source><translation>单击要选择的颜色</translation></message>
<message><source>Select</source><translation>选择</translation></message>
</context>
<context>
<name>ColourWheel</name>
<message><source>Colour wheel</source><translation>色轮</translation></message>
<message><source>Ring: hue. Square: saturation and brightness.</source><translation>圆环：色相。方块：饱和度和亮度。</translation></message>
</context>
<context>
<name>Colouring</name>
<message><source>GIMP palettes (*{ending})</source><translation>GIMP 调色板 (*{ending})</translation></message>
<message><source>Import palette</source><translation>导入调色板</translation></message>
</context>
<context>
<name>CompareMethodsDialog</name>
<message><source>Compare methods</source><translation>比较方法</translation></message>
<message><source>Prompt</source><translation>描述文字</translation></message>
<message><source>What the picture should show</source><translation>图片应展示的内容</translation></message>
<message><source>Compare</source><translation>比较</translation></message>
<message><source>Cancel</source><translation>取消</translation></message>
<message><source>Methods</source><translation>方法</translation></message>
<message><source>Keep to the mask</source><translation>限于蒙版内</translation></message>
<message><source>Methods that take a mask get yours; the others ignore it</source><translation>使用蒙版的方法会得到您的蒙版，其余方法则忽略它</translation></message>
<message><source>Choose weights…</source><translation>选择权重…</translation></message>
<message><source>This method needs a model of its own: choose its folder</source><translation>此方法需要专用模型：请选择其文件夹</translation></message>
<message><source>Split view</source><translation>分割视图</translation></message>
<message><source>Side by side</source><translation>并排</translation></message>
<message><source>Difference</source><translation>差异</translation></message>
<message><source>Before and after</source><translation>前后对比</translation></message>
<message><source>Make it a turn</source><translation>采用为新的一轮</translation></message>
<message><source>Close</source><translation>关闭</translation></message>
<message><source>Folder with the method&apos;s model</source><translation>该方法的模型文件夹</translation></message>
<message><source>{seconds} s, {share} % changed</source><translation>{seconds} 秒，改变 {share} %</translation></message>
<message><source>Step {done} of {total}</source><translation>第 {done} 步，共 {total} 步</translation></message>
<message><source>Needs a model of its own</source><translation>需要专用模型</translation></message>
<message><source>Waiting</source><translation>等待中</translation></message>
<message><source>Running</source><translation>运行中</translation></message>
<message><source>Cancelled</source><translation>已取消</translation></message>
<message><source>Before</source><translation>之前</translation></message>
<message><source>What changed</source><translation>变化之处</translation></message>
<message><source>Change the words first</source><translation>请先修改词句</translation></message>
<message><source>{done} of {total} methods are done.</source><translation>{total} 种方法中已完成 {done} 种。</translation></message>
</context>
<context>
<name>CompareView</name>
<message><source>Split view</source><translation>分割视图</translation></message>
<message><source>Side by side</source><translation>并排</translation></message>
<message><source>Back to the picture</source><translation>返回图片</translation></message>
</context>
<context>
<name>Comparing</name>
<message><source>Compare {method}: {words}</source><translation>比较 {method}：{words}</translation></message>
<message><source>The turn that was compared is not there any more.</source><translation>所比较的轮次已不存在。</translation></message>
<message><source>Analyse: {words}</source><translation>分析：{words}</translation></message>
</context>
<context>
<name>ComputeForm</name>
<message><source>Work is done by</source><translation>工作由谁完成</translation></message>
<message><source>This computer</source><translation>本机</translation></message>
<message><source>Workers at an address</source><translation>某个地址上的工作进程</translation></message>
<message><source>Address</source><translation>地址</translation></message>
<message><source>Token</source><translation>令牌</translation></message>
<message><source>Test connection</source><translation>测试连接</translation></message>
<message><source>Connecting…</source><translation>正在连接…</translation></message>
</context>
<context>
<name>CopyDialog</name>
<message><source>Copy as {format}</source><translation>另存副本为 {format}</translation></message>
<message><source>&amp;Keep blend modes</source><translation>保留混合模式(&amp;K)</translation></message>
<message><source>&amp;Look the same in every program</source><translation>在所有程序中看起来一样(&amp;L)</translation></message>
<message><source>GIMP shows some modes in this picture its own way: {modes}.</source><translation>GIMP 会以自己的方式显示此图片中的某些模式：{modes}。</translation></message>
<message><source>Save</source><translation>保存</translation></message>
<message><source>Layers stay as editable as they are.</source><translation>图层保持原有的可编辑性。</translation></message>
<message><source>Modes become part of the pixels: every layer is a normal one.</source><translation>模式会并入像素：所有图层都变为正常模式。</translation></message>
</context>
<context>
<name>CropOptions</name>
<message><source>Left</source><translation>左</translation></message>
<message><source>Top</source><translation>上</translation></message>
<message><source>Width</source><translation>宽度</translation></message>
<message><source>Height</source><translation>高度</translation></message>
<message><source>Crop</source><translation>裁剪</translation></message>
<message><source>Cut the picture to the rectangle (Enter)</source><translation>把图片裁剪为矩形（回车）</translation></message>
</context>
<context>
<name>CurveEdit</name>
<message><source>Curve</source><translation>曲线</translation></message>
<message><source>Click: add a point. Drag out of the square: remove it.</source><translation>单击：添加点。拖出方框：移除。</translation></message>
</context>
<context>
<name>Cutting</name>
<message><source>{name} cut-out</source><translation>{name} 剪切</translation></message>
<message><source>Select the layer to cut from in the Layers panel first.</source><translation>请先在图层面板中选择要剪切的图层。</translation></message>
</context>
<context>
<name>DescribeDialog</name>
<message><source>Describe the picture</source><translation>描述图片</translation></message>
<message><source>What does the picture show?</source><translation>图片里有什么？</translation></message>
<message><source>One plain sentence, such as “a fox on snow”. Edit the picture later by changing its words.</source><translation>用一句简单的话，例如 “a fox on snow”。之后修改其中的词即可编辑图片。</translation></message>
<message><source>Description of the picture</source><translation>图片描述</translation></message>
<message><source>Skip</source><translation>跳过</translation></message>
<message><source>Start painting right away; you can describe the picture later</source><translation>立即开始绘画；可以稍后再描述图片</translation></message>
</context>
<context>
<name>DocumentTabs</name>
<message><source>Open pictures</source><translation>打开的图片</translation></message>
<message><source>&amp;Close</source><translation>关闭(&amp;C)</translation></message>
<message><source>Close &amp;others</source><translation>关闭其他(&amp;O)</translation></message>
<message><source>Close &amp;all</source><translation>全部关闭(&amp;A)</translation></message>
<message><source>unsaved changes</source><translation>有未保存的更改</translation></message>
<message><source>{percent} % done</source><translation>已完成 {percent}%</translation></message>
<message><source>a result has come</source><translation>已有结果</translation></message>
<message><source>a job failed</source><translation>有任务失败</translation></message>
</context>
<context>
<name>DownloadList</name>
<message><source>Download: owner/name on Hugging Face, or the address of a .safetensors file</source><translation>下载：Hugging Face 上的 所有者/名称，或 .safetensors 文件的地址</translation></message>
<message><source>Model to download</source><translation>要下载的模型</translation></message>
<message><source>Download</source><translation>下载</translation></message>
</context>
<context>
<name>Drawing</name>
<message><source>Edges</source><translation>边缘</translation></message>
<message><source>Mask from sketch</source><translation>由草图生成蒙版</translation></message>
<message><source>Mask</source><translation>蒙版</translation></message>
<message><source>What the sketch alone would give, before the texture of the picture is applied.</source><translation>在采用图片质感之前，仅凭草图会得到的结果。</translation></message>
<message><source>Intermediate image</source><translation>中间图</translation></message>
</context>
<context>
<name>Editing</name>
<message><source>New: {words}</source><translation>新建：{words}</translation></message>
<message><source>Analyse painted changes</source><translation>分析所绘内容</translation></message>
<message><source>Analyse: {words}</source><translation>分析：{words}</translation></message>
<message><source>The canvas was changed meanwhile, so a result does not fit. Run it again.</source><translation>画布已更改，结果不再适用。请重新运行。</translation></message>
<message><source>Upscale {factor}×</source><translation>放大 {factor}×</translation></message>
</context>
<context>
<name>ExportDialog</name>
<message><source>Export as {format}</source><translation>导出为 {format}</translation></message>
<message><source>Lossless</source><translation>无损</translation></message>
<message><source>Keep transparency</source><translation>保留透明</translation></message>
<message><source>Background colour</source><translation>背景颜色</translation></message>
<message><source>sRGB</source><translation>sRGB</translation></message>
<message><source>Embed how it was made (prompt, seed, model)</source><translation>嵌入生成信息（提示词、种子、模型）</translation></message>
<message><source>Export</source><translation>导出</translation></message>
<message><source>Quality</source><translation>质量</translation></message>
<message><source>Embed photo details (camera, location, copyright)</source><translation>嵌入照片信息（相机、地点、版权）</translation></message>
<message><source>Transparent areas</source><translation>透明区域</translation></message>
<message><source>Colour profile</source><translation>颜色配置文件</translation></message>
<message><source>Sign with content credentials (C2PA)</source><translation>使用内容凭证签名 (C2PA)</translation></message>
<message><source>A list of the edits, signed with a certificate that Palimpsest makes for you itself</source><translation>编辑列表，使用 Palimpsest 自行为您生成的证书签名</translation></message>
</context>
<context>
<name>Exporting</name>
<message><source>Export picture</source><translation>导出图片</translation></message>
<message><source>Save a copy</source><translation>保存副本</translation></message>
<message><source>“{file}” was written.</source><translation>已写入“{file}”。</translation></message>
</context>
<context>
<name>Files</name>
<message><source>Untitled</source><translation>未命名</translation></message>
<message><source>Projects and pictures ({endings})</source><translation>项目和图片 ({endings})</translation></message>
<message><source>All files (*)</source><translation>所有文件 (*)</translation></message>
<message><source>Open</source><translation>打开</translation></message>
<message><source>Palimpsest project (*{ending})</source><translation>Palimpsest 项目 (*{ending})</translation></message>
<message><source>Save as</source><translation>另存为</translation></message>
<message><source>“{file}” is open in another tab. Close that first, or choose another name.</source><translation>“{file}”已在另一个标签页中打开。请先关闭那个标签页，或换一个名称。</translation></message>
<message><source>Save</source><translation>保存</translation></message>
<message><source>It has new layers, too. They can be put on top of yours.</source><translation>其中还有新图层，可以放到您的图层上方。</translation></message>
<message><source>Add its turns and layers</source><translation>添加其轮次和图层</translation></message>
<message><source>Add its turns only</source><translation>仅添加其轮次</translation></message>
<message><source>Its turns can be added to yours; layers are saved as they are here.</source><translation>可以将其中的轮次添加到您的项目中；图层按此处的样子保存。</translation></message>
<message><source>Add its turns and save</source><translation>添加其轮次并保存</translation></message>
<message><source>Cancel</source><translation>取消</translation></message>
</context>
<context>
<name>FillOptions</name>
<message><source>Tolerance</source><translation>容差</translation></message>
<message><source>Contiguous</source><translation>连续</translation></message>
</context>
<context>
<name>FilterBox</name>
<message><source>Filter</source><translation>滤波</translation></message>
<message><source>How pixels between pixels are found</source><translation>如何计算像素之间的值</translation></message>
<message><source>Automatic</source><translation>自动</translation></message>
<message><source>Bilinear</source><translation>双线性</translation></message>
<message><source>Bicubic</source><translation>双三次</translation></message>
<message><source>Lanczos</source><translation>Lanczos</translation></message>
<message><source>Nearest neighbour</source><translation>最近邻</translation></message>
</context>
<context>
<name>FilterDialog</name>
<message><source>Preview</source><translation>预览</translation></message>
</context>
<context>
<name>Histogram</name>
<message><source>Histogram</source><translation>直方图</translation></message>
</context>
<context>
<name>Incoming</name>
<message><source>As a new &amp;layer</source><translation>作为新图层(&amp;L)</translation></message>
<message><source>As a &amp;sketch</source><translation>作为草图(&amp;S)</translation></message>
<message><source>As a new &amp;picture</source><translation>作为新图像(&amp;P)</translation></message>
<message><source>Cancel</source><translation>取消</translation></message>
<message><source>Pasted layer</source><translation>粘贴的图层</translation></message>
<message><source>Sketch</source><translation>草图</translation></message>
<message><source>As {count} new &amp;layers</source><translation>作为 {count} 个新图层(&amp;L)</translation></message>
<message><source>There is no picture to paste. Copy one first.</source><translation>没有可粘贴的图片。请先复制一张。</translation></message>
</context>
<context>
<name>LayerDelegate</name>
<message><source>Layer name</source><translation>图层名称</translation></message>
</context>
<context>
<name>LayersPanel</name>
<message><source>Layers</source><translation>图层</translation></message>
<message><source>The layers of a picture are listed here.</source><translation>图片的图层列在这里。</translation></message>
<message><source>Opacity</source><translation>不透明度</translation></message>
<message><source>Mask</source><translation>蒙版</translation></message>
<message><source>Sketch</source><translation>草图</translation></message>
<message><source>Region</source><translation>区域</translation></message>
<message><source>Layer</source><translation>图层</translation></message>
<message><source>Mask from region</source><translation>从区域创建蒙版</translation></message>
<message><source>{name} copy</source><translation>{name} 副本</translation></message>
<message><source>Group</source><translation>组</translation></message>
<message><source>Rename</source><translation>重命名</translation></message>
<message><source>Mask of {name}</source><translation>{name} 的蒙版</translation></message>
<message><source>Adjustment</source><translation>调整</translation></message>
<message><source>Text</source><translation>文字</translation></message>
</context>
<context>
<name>LayersVM</name>
<message><source>Picture</source><translation>图片</translation></message>
</context>
<context>
<name>LicencesPage</name>
<message><source>Libraries</source><translation>程序库</translation></message>
<message><source>Licence</source><translation>许可证</translation></message>
</context>
<context>
<name>Live</name>
<message><source>The paint below has this colour already. Apply first, then paint on it.</source><translation>下面的颜料已是此颜色。请先应用，再在其上绘制。</translation></message>
<message><source>Describe the picture and press Analyse first.</source><translation>请先描述图片并按“分析”。</translation></message>
<message><source>Refining… {percent} %</source><translation>正在精修… {percent} %</translation></message>
<message><source>Waits for the edit that runs.</source><translation>等待正在运行的编辑。</translation></message>
<message><source>Enter makes it a turn.</source><translation>按回车使其成为一轮。</translation></message>
<message><source>Each stroke is refined.</source><translation>每一笔都会被精修。</translation></message>
</context>
<context>
<name>LiveBar</name>
<message><source>Live</source><translation>实时</translation></message>
<message><source>Strength</source><translation>强度</translation></message>
<message><source>How far a result may leave the paint: low keeps its shapes and colours, 100 % ignores it</source><translation>结果可偏离所绘内容的程度：低值保留其形状与颜色，100 % 则忽略它</translation></message>
<message><source>Keep my paint</source><translation>保留我的绘画</translation></message>
<message><source>Let the results go; the paint stays as you painted it (Esc)</source><translation>丢弃结果；颜料保持您绘制时的样子（Esc）</translation></message>
<message><source>Apply</source><translation>应用</translation></message>
<message><source>Accept the results as a new turn (Enter)</source><translation>将结果作为新的一轮采用（回车）</translation></message>
</context>
<context>
<name>LoraList</name>
<message><source>LoRAs</source><translation>LoRA</translation></message>
<message><source>Weight</source><translation>权重</translation></message>
<message><source>Remove the LoRA from the list; its file is kept</source><translation>从列表中移除此 LoRA；文件会保留</translation></message>
<message><source>Trigger words: {words}</source><translation>触发词：{words}</translation></message>
</context>
<context>
<name>MainWindow</name>
<message><source>Saved.</source><translation>已保存。</translation></message>
<message><source>Apply or discard the result first, then paint.</source><translation>请先应用或舍弃结果，再绘画。</translation></message>
<message><source>Work here instead</source><translation>改为在本机工作</translation></message>
<message><source>The oldest steps can no longer be undone: they took too much memory.</source><translation>最早的步骤无法再撤销：占用内存过多。</translation></message>
</context>
<context>
<name>MaskPanel</name>
<message><source>Use as mask</source><translation>用作蒙版</translation></message>
<message><source>Make it the mask; refine it with the mask brush</source><translation>设为蒙版；可用蒙版画笔细化</translation></message>
<message><source>Discard</source><translation>舍弃</translation></message>
<message><source>Dismiss it until the prompt changes</source><translation>忽略，直到描述文字改变</translation></message>
<message><source>Mask detection</source><translation>蒙版检测</translation></message>
<message><source>Automatic</source><translation>自动</translation></message>
<message><source>As published</source><translation>按论文</translation></message>
<message><source>Paper, to the letter</source><translation>严格按论文</translation></message>
<message><source>Authors&apos; demo</source><translation>作者演示</translation></message>
<message><source>By objects</source><translation>按物体</translation></message>
<message><source>Threshold</source><translation>阈值</translation></message>
<message><source>How strongly the words must match an area for it to be masked; 0 uses the preset&apos;s value</source><translation>文字与某处的匹配程度达到多少才会被蒙住；0 表示使用预设值</translation></message>
<message><source>Opacity</source><translation>不透明度</translation></message>
<message><source>Overlay colour</source><translation>叠加颜色</translation></message>
<message><source>Amount</source><translation>数值</translation></message>
<message><source>Grow</source><translation>扩大</translation></message>
<message><source>Grow the mask on all sides</source><translation>使蒙版向四周扩大</translation></message>
<message><source>Shrink</source><translation>缩小</translation></message>
<message><source>Shrink the mask on all sides</source><translation>使蒙版向四周缩小</translation></message>
<message><source>Feather</source><translation>羽化</translation></message>
<message><source>Soften the edge of the mask</source><translation>柔化蒙版边缘</translation></message>
<message><source>Invert</source><translation>反转</translation></message>
<message><source>Swap masked and unmasked areas</source><translation>交换已蒙与未蒙的区域</translation></message>
<message><source>Import…</source><translation>导入…</translation></message>
<message><source>Load a mask from an image: white areas may change</source><translation>从图像载入蒙版：白色区域可更改</translation></message>
<message><source>Export…</source><translation>导出…</translation></message>
<message><source>Save the mask as an image</source><translation>将蒙版保存为图像</translation></message>
<message><source>Type what should appear to see where it will go.</source><translation>输入想出现的内容，即可看到位置。</translation></message>
<message><source>{share} % of the picture</source><translation>图片的 {share} %</translation></message>
<message><source>nothing to replace</source><translation>没有可替换的内容</translation></message>
<message><source>Detection</source><translation>检测</translation></message>
</context>
<context>
<name>MaskSigns</name>
<message><source>Add to mask (Ctrl or Alt: subtract)</source><translation>添加到蒙版（Ctrl 或 Alt：减去）</translation></message>
<message><source>Subtract from mask (Ctrl or Alt: add)</source><translation>从蒙版减去（Ctrl 或 Alt：添加）</translation></message>
</context>
<context>
<name>Masking</name>
<message><source>Invert mask</source><translation>反转蒙版</translation></message>
<message><source>Use detected mask</source><translation>使用检测到的蒙版</translation></message>
<message><source>Mask</source><translation>蒙版</translation></message>
<message><source>Grow mask</source><translation>扩大蒙版</translation></message>
<message><source>Shrink mask</source><translation>缩小蒙版</translation></message>
<message><source>Feather mask</source><translation>羽化蒙版</translation></message>
<message><source>Pictures ({endings})</source><translation>图片 ({endings})</translation></message>
<message><source>Import mask</source><translation>导入蒙版</translation></message>
<message><source>Pictures (*.png)</source><translation>图片 (*.png)</translation></message>
<message><source>Export mask</source><translation>导出蒙版</translation></message>
</context>
<context>
<name>MenuState</name>
<message><source>{name}[*] — Palimpsest</source><translation>{name}[*] — Palimpsest</translation></message>
<message><source>&amp;Undo</source><translation>撤销(&amp;U)</translation></message>
<message><source>&amp;Redo</source><translation>重做(&amp;R)</translation></message>
</context>
<context>
<name>MessageBar</name>
<message><source>Message</source><translation>消息</translation></message>
<message><source>Details</source><translation>详情</translation></message>
<message><source>Copy</source><translation>复制</translation></message>
<message><source>Copy the message with its details</source><translation>复制消息及详情</translation></message>
<message><source>Close the message</source><translation>关闭消息</translation></message>
<message><source>Details of the message</source><translation>消息详情</translation></message>
</context>
<context>
<name>MethodButton</name>
<message><source>More edit methods</source><translation>更多编辑方式</translation></message>
<message><source>Choose an edit method</source><translation>选择编辑方式</translation></message>
<message><source>Chosen by you.</source><translation>由您选择。</translation></message>
<message><source>Ctrl+Enter</source><translation>Ctrl+Enter</translation></message>
<message><source>Automatic ({method})</source><translation>自动（{method}）</translation></message>
</context>
<context>
<name>MethodForm</name>
<message><source>Reset</source><translation>重置</translation></message>
<message><source>Give all settings of this method their defaults again</source><translation>将此方法的所有设置恢复为默认值</translation></message>
<message><source>More</source><translation>更多</translation></message>
<message><source>Show the settings for experts, too</source><translation>同时显示专家设置</translation></message>
</context>
<context>
<name>ModelOptions</name>
<message><source>Use the model&apos;s own autoencoder again</source><translation>恢复使用模型自带的自动编码器</translation></message>
<message><source>CLIP skip</source><translation>CLIP 跳过层</translation></message>
<message><source>The layer of the text encoder, counted from its end, that the words are read from; many models for drawings want 2</source><translation>从末尾数起，读取文字所用的文本编码器层；许多绘画类模型需设为 2</translation></message>
<message><source>VAE</source><translation>VAE</translation></message>
<message><source>The model&apos;s own</source><translation>模型自带</translation></message>
<message><source>Choose another autoencoder</source><translation>选择其他自动编码器</translation></message>
<message><source>Autoencoder (VAE)</source><translation>自动编码器 (VAE)</translation></message>
<message><source>Autoencoders (*.safetensors)</source><translation>自动编码器 (*.safetensors)</translation></message>
<message><source>All files (*)</source><translation>所有文件 (*)</translation></message>
</context>
<context>
<name>ModelsDialog</name>
<message><source>Models</source><translation>模型</translation></message>
<message><source>Add folder…</source><translation>添加文件夹…</translation></message>
<message><source>Remove the model from the list; its files are kept</source><translation>从列表移除模型；文件保留</translation></message>
<message><source>Add file…</source><translation>添加文件…</translation></message>
<message><source>Model file</source><translation>模型文件</translation></message>
<message><source>All files (*)</source><translation>所有文件 (*)</translation></message>
<message><source>Use this model</source><translation>使用此模型</translation></message>
<message><source>Prediction…</source><translation>预测类型…</translation></message>
<message><source>Say what the model predicts, noise or v, which its file does not say</source><translation>指定模型预测的是噪声还是 v，文件本身未注明</translation></message>
<message><source>Close</source><translation>关闭</translation></message>
<message><source>Model folder</source><translation>模型文件夹</translation></message>
<message><source>Models and LoRAs (*.safetensors)</source><translation>模型和 LoRA (*.safetensors)</translation></message>
<message><source>Select objects with this</source><translation>用它选择对象</translation></message>
<message><source>Search names, tags, trigger words</source><translation>搜索名称、标签、触发词</translation></message>
<message><source>Search</source><translation>搜索</translation></message>
<message><source>Kind</source><translation>种类</translation></message>
<message><source>Stable Diffusion 1.x, 2.x and SDXL models, as .safetensors files or folders in the diffusers layout, and LoRAs. Nothing is downloaded unless you ask for it.</source><translation>Stable Diffusion 1.x、2.x 和 SDXL 模型（.safetensors 文件或 diffusers 结构的文件夹）以及 LoRA。未经您的要求不会下载任何内容。</translation></message>
<message><source>Looking into the watched folders…</source><translation>正在查看受监视的文件夹…</translation></message>
<message><source>Nothing of this kind is here.</source><translation>这里没有此类内容。</translation></message>
<message><source>Add this LoRA</source><translation>添加此 LoRA</translation></message>
<message><source>Use this autoencoder</source><translation>使用此自编码器</translation></message>
</context>
<context>
<name>Navigator</name>
<message><source>Zoom</source><translation>缩放</translation></message>
</context>
<context>
<name>NavigatorMap</name>
<message><source>Overview of the picture</source><translation>图像概览</translation></message>
</context>
<context>
<name>NewCanvasDialog</name>
<message><source>New canvas</source><translation>新建画布</translation></message>
<message><source>Preset</source><translation>预设</translation></message>
<message><source>Swap width and height</source><translation>交换宽度和高度</translation></message>
<message><source>Background</source><translation>背景</translation></message>
<message><source>White</source><translation>白色</translation></message>
<message><source>Transparent</source><translation>透明</translation></message>
<message><source>Colour</source><translation>颜色</translation></message>
<message><source>Background colour</source><translation>背景颜色</translation></message>
<message><source>Create</source><translation>创建</translation></message>
<message><source>The model&apos;s own size</source><translation>模型自身的尺寸</translation></message>
<message><source>Square</source><translation>正方形</translation></message>
<message><source>Portrait 3:4</source><translation>竖幅 3:4</translation></message>
<message><source>Landscape 4:3</source><translation>横幅 4:3</translation></message>
<message><source>Widescreen</source><translation>宽屏</translation></message>
<message><source>4K</source><translation>4K</translation></message>
<message><source>A5 at 300 dpi</source><translation>A5（300 dpi）</translation></message>
<message><source>A4 at 300 dpi</source><translation>A4（300 dpi）</translation></message>
<message><source>Custom</source><translation>自定义</translation></message>
</context>
<context>
<name>NewGuideDialog</name>
<message><source>New guide</source><translation>新建参考线</translation></message>
<message><source>Vertical</source><translation>垂直</translation></message>
<message><source>Horizontal</source><translation>水平</translation></message>
<message><source> px</source><translation> 像素</translation></message>
<message><source>Direction</source><translation>方向</translation></message>
<message><source>Position</source><translation>位置</translation></message>
</context>
<context>
<name>Objects</name>
<message><source>Looking at the picture…</source><translation>正在查看图像…</translation></message>
<message><source>Select object</source><translation>选择物体</translation></message>
<message><source>Deselect</source><translation>取消选择</translation></message>
<message><source>Cut-out</source><translation>抠图</translation></message>
<message><source>Fill behind</source><translation>填补后方</translation></message>
<message><source>What is to be seen there instead?</source><translation>那里应改为显示什么？</translation></message>
<message><source>Fill</source><translation>填补</translation></message>
</context>
<context>
<name>OpenDocument</name>
<message><source>Untitled</source><translation>未命名</translation></message>
</context>
<context>
<name>Panels</name>
<message><source>Turns</source><translation>轮次</translation></message>
<message><source>Layers</source><translation>图层</translation></message>
<message><source>Queue</source><translation>队列</translation></message>
<message><source>Mask</source><translation>蒙版</translation></message>
<message><source>Colour</source><translation>颜色</translation></message>
<message><source>Undo history</source><translation>撤销历史</translation></message>
<message><source>Navigator</source><translation>导航器</translation></message>
<message><source>Queue · {count}</source><translation>队列 · {count}</translation></message>
<message><source>Tools</source><translation>工具</translation></message>
</context>
<context>
<name>ParameterField</name>
<message><source>automatic</source><translation>自动</translation></message>
<message><source>on</source><translation>开</translation></message>
<message><source>off</source><translation>关</translation></message>
<message><source>Choose a file, or a folder by its config.json</source><translation>选择文件，或通过其 config.json 选择文件夹</translation></message>
<message><source>Models (*.safetensors config.json model_index.json)</source><translation>模型 (*.safetensors config.json model_index.json)</translation></message>
<message><source>Choose a picture</source><translation>选择图片</translation></message>
<message><source>Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff)</source><translation>图片 (*.png *.jpg *.jpeg *.webp *.tif *.tiff)</translation></message>
</context>
<context>
<name>PicturePair</name>
<message><source>Comparison of two turns</source><translation>两轮对比</translation></message>
</context>
<context>
<name>PredictionDialog</name>
<message><source>What does the model predict?</source><translation>模型预测什么？</translation></message>
<message><source>Noise</source><translation>噪声</translation></message>
<message><source>v</source><translation>v</translation></message>
<message><source>v, to pure noise</source><translation>v，直至纯噪声</translation></message>
<message><source>{name} does not say what it predicts.</source><translation>{name} 未注明其预测类型。</translation></message>
<message><source>Choose the best picture: the wrong ones are noise or pale. It is remembered.</source><translation>请选择最好的图片：错误的会是噪点或发灰。您的选择会被记住。</translation></message>
<message><source>Waiting for the current job to finish…</source><translation>正在等待当前任务完成…</translation></message>
<message><source>Cancel</source><translation>取消</translation></message>
<message><source>Preview what a model predicts</source><translation>预览模型的预测类型</translation></message>
<message><source>Painting previews…</source><translation>正在绘制预览…</translation></message>
<message><source>Loading the model…</source><translation>正在加载模型…</translation></message>
<message><source>The same words and noise, each way.</source><translation>相同的文字和噪声，各用一种方式。</translation></message>
</context>
<context>
<name>Preferences</name>
<message><source>Load model</source><translation>载入模型</translation></message>
<message><source>{name} (open)</source><translation>{name}（已打开）</translation></message>
</context>
<context>
<name>ProjectModel</name>
<message><source>Model of the project</source><translation>项目所用模型</translation></message>
<message><source>This picture was made with {names}.</source><translation>此图片使用 {names} 生成。</translation></message>
<message><source>With another model, the first edit analyses it again.</source><translation>若使用其他模型，首次编辑时会重新分析此图片。</translation></message>
<message><source>Not found any more: {names}.</source><translation>已找不到：{names}。</translation></message>
<message><source>Use {name}</source><translation>使用 {name}</translation></message>
<message><source>Find the model…</source><translation>查找模型…</translation></message>
<message><source>Keep {name}</source><translation>保留 {name}</translation></message>
<message><source>Where is {name}?</source><translation>{name} 在哪里？</translation></message>
<message><source>Models (*.safetensors model_index.json)</source><translation>模型 (*.safetensors model_index.json)</translation></message>
<message><source>All files (*)</source><translation>所有文件 (*)</translation></message>
</context>
<context>
<name>PromptBar</name>
<message><source>Prompt</source><translation>描述文字</translation></message>
<message><source>Generate</source><translation>生成</translation></message>
<message><source>Generate a new picture from this prompt (Ctrl+Shift+Enter)</source><translation>用此描述生成新图片（Ctrl+Shift+Enter）</translation></message>
<message><source>What will change</source><translation>将更改的内容</translation></message>
<message><source>Details</source><translation>详情</translation></message>
<message><source>Describe a picture in a sentence</source><translation>用一句话描述图片</translation></message>
<message><source>Generate a picture from this prompt (Ctrl+Enter)</source><translation>用此描述生成图片（Ctrl+Enter）</translation></message>
<message><source>Analyse the picture with this description so that it can be edited (Ctrl+Enter)</source><translation>用此描述分析图片，以便编辑（Ctrl+Enter）</translation></message>
<message><source>Analyse</source><translation>分析</translation></message>
<message><source>Describe what the picture shows.</source><translation>请描述图片内容。</translation></message>
<message><source>A new picture from this prompt</source><translation>用此描述生成的新图片</translation></message>
<message><source>The picture is analysed once; then you can change its words.</source><translation>图片只需分析一次，之后即可修改描述中的词。</translation></message>
<message><source>The picture is larger than the model can see at once: mask where it may change.</source><translation>图片大于模型一次能看到的范围：请用蒙版标出可更改之处。</translation></message>
<message><source>only in the region “{name}”</source><translation>仅在区域“{name}”内</translation></message>
<message><source>the same words again · {where}</source><translation>再次使用同样的词语 · {where}</translation></message>
<message><source>Nothing would change: the words are the same.</source><translation>不会有变化：文字相同。</translation></message>
<message><source>keeps the rest exactly</source><translation>其余保持不变</translation></message>
<message><source>only inside the mask</source><translation>仅在蒙版内</translation></message>
<message><source>changes: {words} · {where}</source><translation>更改：{words} · {where}</translation></message>
<message><source>Change “{setting}”</source><translation>更改“{setting}”</translation></message>
<message><source>the model does not know: {words}</source><translation>模型不认识：{words}</translation></message>
<message><source>Strength</source><translation>强度</translation></message>
<message><source>How much an edit may change: 0 % leaves the picture as it is, 100 % paints anew</source><translation>编辑可以改变多少：0 % 保持原样，100 % 全部重新绘制</translation></message>
</context>
<context>
<name>PromptEdit</name>
<message><source>The model does not know “{word}”.</source><translation>模型不认识“{word}”。</translation></message>
<message><source>The model does not know “{word}”. Did you mean “{near}”?</source><translation>模型不认识“{word}”。您是指“{near}”吗？</translation></message>
</context>
<context>
<name>PromptLoras</name>
<message><source>LoRAs in the prompt became settings: {names}.</source><translation>提示词中的 LoRA 已转为设置：{names}。</translation></message>
</context>
<context>
<name>QueuePanel</name>
<message><source>Queue</source><translation>队列</translation></message>
<message><source>The queue is empty.</source><translation>队列为空。</translation></message>
<message><source>Cancel all</source><translation>全部取消</translation></message>
<message><source>Clear finished</source><translation>清除已完成</translation></message>
</context>
<context>
<name>RecentMenu</name>
<message><source>Clear list</source><translation>清除列表</translation></message>
</context>
<context>
<name>Recovery</name>
<message><source>an unsaved picture</source><translation>未保存的图片</translation></message>
<message><source>Recover unsaved work</source><translation>恢复未保存的工作</translation></message>
<message><source>Palimpsest closed unexpectedly. Recover {name}?</source><translation>Palimpsest 意外退出。要恢复{name}吗？</translation></message>
<message><source>Last saved {when}.</source><translation>上次保存：{when}。</translation></message>
<message><source>Palimpsest closed unexpectedly. Recover these pictures?</source><translation>Palimpsest 意外关闭。要恢复这些图片吗？</translation></message>
<message><source>What is not checked is offered again at the next start.</source><translation>未勾选的图片将在下次启动时再次提示。</translation></message>
<message><source>Recover</source><translation>恢复</translation></message>
<message><source>Later</source><translation>稍后</translation></message>
<message><source>Discard</source><translation>舍弃</translation></message>
</context>
<context>
<name>RegionWords</name>
<message><source>What should be here</source><translation>此处应有什么</translation></message>
<message><source>Region prompt</source><translation>区域的描述文字</translation></message>
<message><source>While this region is active, edits paint this prompt here and leave the rest unchanged</source><translation>该区域为当前图层时，编辑只在此处绘制这段描述，其余不变</translation></message>
<message><source>Words</source><translation>文字</translation></message>
</context>
<context>
<name>Reshaping</name>
<message><source>Mask</source><translation>蒙版</translation></message>
<message><source>Flatten</source><translation>合并图像</translation></message>
<message><source>Hidden layers are deleted when the image is flattened.</source><translation>合并图像时会删除隐藏的图层。</translation></message>
<message><source>Undo brings them back.</source><translation>撤销可以恢复它们。</translation></message>
<message><source>Cancel</source><translation>取消</translation></message>
<message><source>Paint</source><translation>绘画</translation></message>
<message><source>Apply or discard the result first, then change the canvas.</source><translation>请先应用或放弃结果，然后再更改画布。</translation></message>
</context>
<context>
<name>ResultBar</name>
<message><source>Result</source><translation>结果</translation></message>
<message><source>Previous result</source><translation>上一个结果</translation></message>
<message><source>Next result</source><translation>下一个结果</translation></message>
<message><source>Before</source><translation>之前</translation></message>
<message><source>Hold to see the picture before the change (hold Tab)</source><translation>按住查看更改前的图片（按住 Tab）</translation></message>
<message><source>Discard</source><translation>舍弃</translation></message>
<message><source>Esc</source><translation>Esc</translation></message>
<message><source>Apply</source><translation>应用</translation></message>
<message><source>Enter</source><translation>回车</translation></message>
<message><source>Show</source><translation>查看</translation></message>
<message><source>{position} of {count}</source><translation>{position} / {count}</translation></message>
<message><source>A result is ready.</source><translation>有一个结果已完成。</translation></message>
<message><source>{count} results are ready.</source><translation>有 {count} 个结果已完成。</translation></message>
<message><source>Discard the result; Undo brings it back</source><translation>放弃该结果；撤销可恢复</translation></message>
<message><source>Discard all {count} results; Undo brings them back one by one</source><translation>放弃全部 {count} 个结果；撤销可逐个恢复</translation></message>
<message><source>Discard this result: {name}
Undo brings it back.</source><translation>放弃此结果：{name}
撤销可恢复。</translation></message>
<message><source>The other variants stay.</source><translation>其他变体保留。</translation></message>
<message><source>Try {method}</source><translation>尝试{method}</translation></message>
<message><source>Ask for the same by another method; this result stays</source><translation>用其他方法完成同样的请求；此结果保留</translation></message>
</context>
<context>
<name>Ruler</name>
<message><source>Horizontal ruler</source><translation>水平标尺</translation></message>
<message><source>Vertical ruler</source><translation>垂直标尺</translation></message>
<message><source>Pixels. Drag a guide out of the ruler; drag it back to remove it.</source><translation>像素。从标尺拖出参考线；拖回即可移除。</translation></message>
</context>
<context>
<name>SamplingForm</name>
<message><source>Square</source><translation>方形</translation></message>
<message><source>Landscape</source><translation>横向</translation></message>
<message><source>Wide</source><translation>宽幅</translation></message>
<message><source>Portrait</source><translation>纵向</translation></message>
<message><source>Tall</source><translation>高幅</translation></message>
<message><source>What should not appear</source><translation>不希望出现的内容</translation></message>
<message><source>Negative prompt</source><translation>负面描述</translation></message>
<message><source>Steps</source><translation>步数</translation></message>
<message><source>For new pictures; edits keep the steps of their picture</source><translation>用于新图片；编辑时保持原有步数</translation></message>
<message><source>Few steps</source><translation>少步数</translation></message>
<message><source>New pictures and edits of them in a few steps, without guidance: several times as fast, less exact</source><translation>以很少的步数、不用引导来生成并编辑新图片：快几倍，精确度较低</translation></message>
<message><source>Sampler</source><translation>采样器</translation></message>
<message><source>For new pictures; edits keep the sampler of their picture</source><translation>用于新图片；编辑沿用原图片的采样器</translation></message>
<message><source>Guidance</source><translation>引导强度</translation></message>
<message><source>How closely the picture follows the prompt</source><translation>图片遵循描述文字的程度</translation></message>
<message><source>Variants</source><translation>变体</translation></message>
<message><source>auto</source><translation>自动</translation></message>
<message><source>Number of results of Repaint or of a new picture; auto: as many as the method recommends</source><translation>“重画”或新图片的结果数；自动：由方法决定</translation></message>
<message><source>Aspect ratio of a new picture</source><translation>新图片的宽高比</translation></message>
<message><source>Custom</source><translation>自定义</translation></message>
<message><source>Width</source><translation>宽</translation></message>
<message><source>Height</source><translation>高</translation></message>
<message><source>Negative</source><translation>负面</translation></message>
<message><source>Size</source><translation>大小</translation></message>
</context>
<context>
<name>ScaleDialog</name>
<message><source>Scale image</source><translation>缩放图像</translation></message>
<message><source>Scale</source><translation>缩放</translation></message>
<message><source>Filter</source><translation>滤波</translation></message>
<message><source>{percent} % of the pixels. The picture is analysed again by the next edit.</source><translation>像素数的 {percent} %。下次编辑会重新分析图片。</translation></message>
</context>
<context>
<name>SeedField</name>
<message><source>random</source><translation>随机</translation></message>
<message><source>Seed</source><translation>种子</translation></message>
<message><source>New random seed</source><translation>新的随机种子</translation></message>
<message><source>Lock this seed for new pictures</source><translation>为新图片锁定此种子</translation></message>
<message><source>Seed: the same seed and prompt give the same picture</source><translation>种子：相同的种子和提示词生成相同的图片</translation></message>
</context>
<context>
<name>SelectOptions</name>
<message><source>New selection</source><translation>新选区</translation></message>
<message><source>Add to selection (Shift)</source><translation>添加到选区（Shift）</translation></message>
<message><source>Feather</source><translation>羽化</translation></message>
<message><source>Subtract from selection (Ctrl or Alt)</source><translation>从选区减去（Ctrl 或 Alt）</translation></message>
<message><source>Intersect with selection (Shift+Ctrl or Shift+Alt)</source><translation>与选区相交（Shift+Ctrl 或 Shift+Alt）</translation></message>
</context>
<context>
<name>Selecting</name>
<message><source>Select</source><translation>选择</translation></message>
<message><source>Deselect</source><translation>取消选择</translation></message>
<message><source>Grow selection</source><translation>扩大选区</translation></message>
<message><source>Shrink selection</source><translation>缩小选区</translation></message>
<message><source>Feather selection</source><translation>羽化选区</translation></message>
<message><source>Pixels:</source><translation>像素：</translation></message>
<message><source>Mask from selection</source><translation>由选区生成蒙版</translation></message>
<message><source>Mask</source><translation>蒙版</translation></message>
<message><source>Clear mask</source><translation>清除蒙版</translation></message>
<message><source>Invert mask</source><translation>反转蒙版</translation></message>
<message><source>Paint</source><translation>绘画</translation></message>
<message><source>Fill</source><translation>填充</translation></message>
<message><source>Clear pixels</source><translation>清除像素</translation></message>
<message><source>There is no paint to clear yet. Paint first, or choose a layer in Layers.</source><translation>还没有可清除的绘画。请先绘画，或在“图层”中选择一个图层。</translation></message>
</context>
<context>
<name>SettingsDialog</name>
<message><source>Settings</source><translation>设置</translation></message>
<message><source>Language</source><translation>语言</translation></message>
<message><source>System</source><translation>跟随系统</translation></message>
<message><source>Dark</source><translation>深色</translation></message>
<message><source>Light</source><translation>浅色</translation></message>
<message><source>Appearance</source><translation>外观</translation></message>
<message><source>In a new layer on top</source><translation>放入最上方新图层</translation></message>
<message><source>In a new layer above the active one</source><translation>放入当前图层上方的新图层</translation></message>
<message><source>Directly in the picture</source><translation>直接放入图片</translation></message>
<message><source>Place results</source><translation>结果放置</translation></message>
<message><source>A Segment Anything model, if there is one</source><translation>Segment Anything 模型（如有）</translation></message>
<message><source>The model that paints</source><translation>用于绘制的模型</translation></message>
<message><source>Select objects with</source><translation>选择对象所用模型</translation></message>
<message><source>Show results when they arrive</source><translation>结果完成即显示</translation></message>
<message><source>Show a live preview while painting</source><translation>绘制时显示实时预览</translation></message>
<message><source>Save a recovery copy every</source><translation>恢复副本间隔</translation></message>
<message><source> min</source><translation> 分钟</translation></message>
<message><source>never</source><translation>从不</translation></message>
<message><source>Automatic</source><translation>自动</translation></message>
<message><source>CPU</source><translation>CPU</translation></message>
<message><source>NVIDIA GPU</source><translation>NVIDIA GPU</translation></message>
<message><source>Apple GPU</source><translation>Apple GPU</translation></message>
<message><source>Device</source><translation>设备</translation></message>
<message><source>Precision</source><translation>精度</translation></message>
<message><source>Memory cache</source><translation>内存缓存</translation></message>
<message><source>automatic</source><translation>自动</translation></message>
<message><source>GPU cache</source><translation>GPU 缓存</translation></message>
<message><source>Disk cache</source><translation>磁盘缓存</translation></message>
<message><source>Cache folder</source><translation>缓存文件夹</translation></message>
<message><source>The language changes after a restart.</source><translation>语言在重新启动后更改。</translation></message>
<message><source>Theme</source><translation>主题</translation></message>
<message><source>Choose one under Models; it is downloaded there, too.</source><translation>请在“模型”中选择；也可在那里下载。</translation></message>
<message><source>Results</source><translation>结果</translation></message>
<message><source>Recovery</source><translation>恢复</translation></message>
<message><source>Save a copy every</source><translation>保存副本间隔</translation></message>
<message><source>Memory</source><translation>内存</translation></message>
<message><source>Folder</source><translation>文件夹</translation></message>
<message><source>Compute</source><translation>计算</translation></message>
<message><source>Choose a folder</source><translation>选择文件夹</translation></message>
<message><source>Ctrl or Alt</source><translation>Ctrl 或 Alt</translation></message>
<message><source>Ctrl</source><translation>Ctrl</translation></message>
<message><source>Alt</source><translation>Alt</translation></message>
<message><source>Pick colours and subtract with</source><translation>吸取颜色和减去所用按键</translation></message>
<message><source>Tools</source><translation>工具</translation></message>
<message><source>Choose another key where the window manager takes this one.</source><translation>若窗口管理器占用了此键，请选择另一个。</translation></message>
</context>
<context>
<name>ShapeOptions</name>
<message><source>Outline</source><translation>轮廓</translation></message>
<message><source>Filled</source><translation>填充</translation></message>
<message><source>Outline, filled with the background colour</source><translation>轮廓，以背景色填充</translation></message>
<message><source>Width</source><translation>宽度</translation></message>
<message><source>Linear</source><translation>线性</translation></message>
<message><source>Radial</source><translation>径向</translation></message>
<message><source>To transparent</source><translation>渐变到透明</translation></message>
</context>
<context>
<name>ShortcutsDialog</name>
<message><source>Keyboard shortcuts</source><translation>键盘快捷键</translation></message>
<message><source>Search for an action or a key</source><translation>搜索操作或按键</translation></message>
<message><source>Search</source><translation>搜索</translation></message>
<message><source>New shortcut</source><translation>新快捷键</translation></message>
<message><source>Assign</source><translation>指定</translation></message>
<message><source>Add</source><translation>添加</translation></message>
<message><source>Clear</source><translation>清除</translation></message>
<message><source>Reset</source><translation>重置</translation></message>
<message><source>Reset all</source><translation>全部重置</translation></message>
<message><source>Close</source><translation>关闭</translation></message>
<message><source>Canvas</source><translation>画布</translation></message>
<message><source>Pan the view</source><translation>移动视图</translation></message>
<message><source>Space + drag, middle drag</source><translation>空格 + 拖动，中键拖动</translation></message>
<message><source>Rotate the view</source><translation>旋转视图</translation></message>
<message><source>Shift + Space + drag</source><translation>Shift + 空格 + 拖动</translation></message>
<message><source>Zoom</source><translation>缩放</translation></message>
<message><source>Wheel, Ctrl + Space + drag</source><translation>滚轮，Ctrl + 空格 + 拖动</translation></message>
<message><source>Shift + drag, Ctrl + wheel</source><translation>Shift + 拖动，Ctrl + 滚轮</translation></message>
<message><source>Straight line from the last stroke</source><translation>从上一笔画直线</translation></message>
<message><source>Shift + click</source><translation>Shift + 单击</translation></message>
<message><source>Pick a colour with a brush</source><translation>使用画笔时拾取颜色</translation></message>
<message><source>Subtract with the mask brush</source><translation>用蒙版画笔减去</translation></message>
<message><source>Add to, subtract from, intersect with the selection</source><translation>添加到选区、从选区减去、与选区相交</translation></message>
<message><source> or </source><translation> 或 </translation></message>
<message><source>Select an action to change its shortcut.</source><translation>选择一个操作以更改其快捷键。</translation></message>
<message><source>Click in the field and press the new shortcut.</source><translation>单击输入框并按下新的快捷键。</translation></message>
<message><source>{key} is reserved for the canvas.</source><translation>{key} 已保留给画布。</translation></message>
<message><source>{key} is assigned to “{action}” and will be removed from it.</source><translation>{key} 已指定给“{action}”，将从中移除。</translation></message>
<message><source>{key} is not in use.</source><translation>{key} 尚未使用。</translation></message>
<message><source>Brush size</source><translation>画笔大小</translation></message>
<message><source>Show the picture before the change</source><translation>查看更改前的图片</translation></message>
<message><source>hold Tab or \</source><translation>按住 Tab 或 \</translation></message>
<message><source>Ctrl or Alt + drag (see Settings)</source><translation>Ctrl 或 Alt + 拖动（见设置）</translation></message>
<message><source>Shift, Ctrl or Alt, both</source><translation>Shift、Ctrl 或 Alt、两者</translation></message>
</context>
<context>
<name>SizeFields</name>
<message><source>Width</source><translation>宽度</translation></message>
<message><source>Height</source><translation>高度</translation></message>
<message><source>Keep proportions</source><translation>保持比例</translation></message>
</context>
<context>
<name>StatusBar</name>
<message><source>No model loaded</source><translation>未载入模型</translation></message>
<message><source>Cache</source><translation>缓存</translation></message>
<message><source>Progress</source><translation>进度</translation></message>
<message><source>Zoom; click to fit the picture in the window</source><translation>缩放；单击使图片适合窗口</translation></message>
<message><source>Zoom</source><translation>缩放</translation></message>
<message><source>memory {used} of {limit}</source><translation>内存 {used} / {limit}</translation></message>
<message><source>disk {used} of {limit}</source><translation>磁盘 {used} / {limit}</translation></message>
<message><source>Results of earlier turns, kept so that the next edit computes only what changes:
{folder}</source><translation>保留先前各轮的结果，使下一次编辑只计算更改的部分：
{folder}</translation></message>
<message><source>· Working on a large picture… press Esc to stop</source><translation>· 正在处理大图…按 Esc 停止</translation></message>
<message><source> · {count} waiting</source><translation> · {count} 个等待中</translation></message>
<message><source> · {count} more at work</source><translation> · 另有 {count} 个进行中</translation></message>
</context>
<context>
<name>TaughtWords</name>
<message><source>Things</source><translation>事物</translation></message>
<message><source>Places</source><translation>地点</translation></message>
<message><source>Times of day</source><translation>时段</translation></message>
<message><source>Weather</source><translation>天气</translation></message>
<message><source>Colours</source><translation>颜色</translation></message>
<message><source>What things wear</source><translation>穿戴物</translation></message>
</context>
<context>
<name>TaughtWordsDialog</name>
<message><source>What can it paint?</source><translation>它能画什么？</translation></message>
<message><source>No model is loaded yet.</source><translation>尚未加载模型。</translation></message>
<message><source>{model} was taught no list of words: describe anything, in English, and try what comes of it.</source><translation>{model} 没有固定的词汇表：请用英语描述任何内容，看看效果如何。</translation></message>
<message><source>{model} knows the words below and no others; a click puts one into the prompt. For everything else, and for photographs, bring a Stable Diffusion model of your own: File ▸ Models.</source><translation>{model} 只认识下列词语；单击即可将其加入提示词。其他内容及照片请使用您自己的 Stable Diffusion 模型：文件 ▸ 模型。</translation></message>
</context>
<context>
<name>TextDialog</name>
<message><source>Text</source><translation>文字</translation></message>
<message><source>Font</source><translation>字体</translation></message>
<message><source>Size</source><translation>大小</translation></message>
<message><source>Bold</source><translation>粗体</translation></message>
<message><source>Italic</source><translation>斜体</translation></message>
<message><source>Colour of the text</source><translation>文字颜色</translation></message>
</context>
<context>
<name>ToolOptions</name>
<message><source>Overlay</source><translation>叠加</translation></message>
</context>
<context>
<name>TraceDialog</name>
<message><source>Trace edges</source><translation>描摹边缘</translation></message>
<message><source>Lines over the picture</source><translation>图片上的线条</translation></message>
<message><source>Line width</source><translation>线宽</translation></message>
<message><source>Smoothing</source><translation>平滑</translation></message>
<message><source>Add sketch</source><translation>添加草图</translation></message>
</context>
<context>
<name>TransformOptions</name>
<message><source>Centre, from the left</source><translation>中心，距左侧</translation></message>
<message><source>Centre, from the top</source><translation>中心，距顶部</translation></message>
<message><source>Width, in percent</source><translation>宽度（百分比）</translation></message>
<message><source>Height, in percent</source><translation>高度（百分比）</translation></message>
<message><source>Rotation, clockwise</source><translation>顺时针旋转</translation></message>
<message><source>Shear, in percent</source><translation>斜切（百分比）</translation></message>
<message><source>Flip horizontally</source><translation>水平翻转</translation></message>
<message><source>Flip vertically</source><translation>垂直翻转</translation></message>
<message><source>Apply (Enter)</source><translation>应用（回车）</translation></message>
</context>
<context>
<name>TurnsPanel</name>
<message><source>Every edit is listed here as a turn.</source><translation>每次编辑都会作为一轮列在这里。</translation></message>
<message><source>Turns</source><translation>轮次</translation></message>
<message><source>Search turns</source><translation>搜索轮次</translation></message>
<message><source>Show starred turns only</source><translation>仅显示加星的轮次</translation></message>
<message><source>Rename turn</source><translation>重命名轮次</translation></message>
<message><source>Name of the turn (leave empty to show its prompt)</source><translation>轮次名称（留空则显示其描述）</translation></message>
<message><source>Delete turn</source><translation>删除轮次</translation></message>
<message><source>You can undo this.</source><translation>此操作可以撤销。</translation></message>
<message><source>Delete</source><translation>删除</translation></message>
<message><source>Remove star</source><translation>取消加星</translation></message>
<message><source>Star</source><translation>加星</translation></message>
<message><source>Show</source><translation>显示</translation></message>
<message><source>Continue from here</source><translation>从此继续</translation></message>
<message><source>Compare with the current turn</source><translation>与当前轮次比较</translation></message>
<message><source>Rename…</source><translation>重命名…</translation></message>
<message><source>Delete…</source><translation>删除…</translation></message>
<message><source>Reuse</source><translation>重用</translation></message>
<message><source>Words</source><translation>文字</translation></message>
<message><source>Seed</source><translation>种子</translation></message>
<message><source>Steps, guidance, sampler, negative prompt</source><translation>步数、引导强度、采样器、负面描述</translation></message>
<message><source>Mask</source><translation>蒙版</translation></message>
<message><source>Everything</source><translation>全部</translation></message>
<message><source>No matching turns.</source><translation>没有匹配的轮次。</translation></message>
<message><source>Delete this turn?</source><translation>删除这一轮？</translation></message>
<message><source>Delete this turn and {count} more made from it?</source><translation>删除这一轮及由其产生的 {count} 轮？</translation></message>
</context>
<context>
<name>UndoList</name>
<message><source>Undo history</source><translation>撤销历史</translation></message>
</context>
<context>
<name>UndoSteps</name>
<message><source>Earlier steps</source><translation>更早的步骤</translation></message>
<message><source>Beginning</source><translation>起点</translation></message>
</context>
<context>
<name>WatchedFolders</name>
<message><source>Watched folders</source><translation>受监视的文件夹</translation></message>
<message><source>Whatever lies in these folders is listed, and new files are noticed</source><translation>列出这些文件夹中的所有内容，并会发现新文件</translation></message>
<message><source>Downloads: {folder}</source><translation>下载内容：{folder}</translation></message>
<message><source>Found on this computer</source><translation>在此计算机上找到</translation></message>
<message><source>{program}: {folder}</source><translation>{program}：{folder}</translation></message>
<message><source>Watch another folder…</source><translation>监视其他文件夹…</translation></message>
<message><source>Folder with models</source><translation>模型文件夹</translation></message>
</context>
<context>
<name>Watching</name>
<message><source>“{file}” was changed by another program.</source><translation>“{file}”已被其他程序更改。</translation></message>
<message><source>When you save, both can be put together.</source><translation>保存时可以将两者合并。</translation></message>
<message><source>File changed</source><translation>文件已更改</translation></message>
<message><source>You have no unsaved changes here.</source><translation>此处没有未保存的更改。</translation></message>
<message><source>Load it again</source><translation>重新载入</translation></message>
<message><source>Keep this one</source><translation>保留当前版本</translation></message>
</context>
<context>
<name>WelcomePage</name>
<message><source>Open a picture or project…</source><translation>打开图片或项目…</translation></message>
<message><source>Loading the model… You can already type a prompt or open a file.</source><translation>正在载入模型…您已可以输入描述或打开文件。</translation></message>
<message><source>No model could be loaded. You can still open projects.</source><translation>无法载入模型。仍可打开项目。</translation></message>
<message><source>Palimpsest</source><translation>Palimpsest</translation></message>
<message><source>Start with a sentence</source><translation>从一句话开始</translation></message>
<message><source>Change a word, and only what changes is repainted.</source><translation>改动一个词，只重画改变的部分。</translation></message>
<message><source>Recent</source><translation>最近</translation></message>
</context>
<context>
<name>Writing</name>
<message><source>Change text</source><translation>修改文字</translation></message>
</context>
<context>
<name>_DownloadRow</name>
<message><source>Give up and remove what has arrived</source><translation>放弃并删除已下载的部分</translation></message>
<message><source>Resume</source><translation>继续</translation></message>
<message><source>Try again</source><translation>重试</translation></message>
<message><source>Pause</source><translation>暂停</translation></message>
<message><source>{done} of {total}</source><translation>{done} / {total}</translation></message>
<message><source>Looking…</source><translation>正在查找…</translation></message>
<message><source>Paused</source><translation>已暂停</translation></message>
</context>
<context>
<name>_Thumbnails</name>
<message><source>Variant {number}</source><translation>变体 {number}</translation></message>
</context>
<context>
<name>about</name>
<message><source>Palimpsest {version}</source><translation>Palimpsest {version}</translation></message>
<message><source>Change a word, and only what changes is repainted.
Apache License 2.0</source><translation>改动一个词，只重画改变的部分。
Apache License 2.0</translation></message>
</context>
<context>
<name>adjustments</name>
<message><source>Levels</source><translation>色阶</translation></message>
<message><source>Curves</source><translation>曲线</translation></message>
<message><source>Hue and saturation</source><translation>色相和饱和度</translation></message>
<message><source>Colour balance</source><translation>色彩平衡</translation></message>
<message><source>Black point</source><translation>黑场</translation></message>
<message><source>White point</source><translation>白场</translation></message>
<message><source>Gamma</source><translation>伽马</translation></message>
<message><source>Darkest</source><translation>最暗</translation></message>
<message><source>Lightest</source><translation>最亮</translation></message>
<message><source>Hue</source><translation>色相</translation></message>
<message><source>Saturation</source><translation>饱和度</translation></message>
<message><source>Lightness</source><translation>明度</translation></message>
<message><source>Cyan – red</source><translation>青 – 红</translation></message>
<message><source>Magenta – green</source><translation>品红 – 绿</translation></message>
<message><source>Yellow – blue</source><translation>黄 – 蓝</translation></message>
<message><source>Shadows</source><translation>阴影</translation></message>
<message><source>Midtones</source><translation>中间调</translation></message>
<message><source>Highlights</source><translation>高光</translation></message>
<message><source>All channels</source><translation>所有通道</translation></message>
<message><source>Red</source><translation>红</translation></message>
<message><source>Green</source><translation>绿</translation></message>
<message><source>Blue</source><translation>蓝</translation></message>
</context>
<context>
<name>ask</name>
<message><source>Unsaved changes</source><translation>未保存的更改</translation></message>
<message><source>Save the changes to “{name}”?</source><translation>保存对“{name}”的更改？</translation></message>
<message><source>Your changes will be lost if you don&apos;t save them.</source><translation>如果不保存，您的更改将会丢失。</translation></message>
</context>
<context>
<name>blend</name>
<message><source>Normal</source><translation>正常</translation></message>
<message><source>Multiply</source><translation>正片叠底</translation></message>
<message><source>Darken</source><translation>变暗</translation></message>
<message><source>Colour burn</source><translation>颜色加深</translation></message>
<message><source>Screen</source><translation>滤色</translation></message>
<message><source>Lighten</source><translation>变亮</translation></message>
<message><source>Colour dodge</source><translation>颜色减淡</translation></message>
<message><source>Add</source><translation>相加</translation></message>
<message><source>Overlay</source><translation>叠加</translation></message>
<message><source>Soft light</source><translation>柔光</translation></message>
<message><source>Hard light</source><translation>强光</translation></message>
<message><source>Difference</source><translation>差值</translation></message>
<message><source>Exclusion</source><translation>排除</translation></message>
<message><source>Hue</source><translation>色相</translation></message>
<message><source>Saturation</source><translation>饱和度</translation></message>
<message><source>Colour</source><translation>颜色</translation></message>
<message><source>Luminosity</source><translation>明度</translation></message>
<message><source>Clipped</source><translation>剪贴</translation></message>
<message><source>Mask</source><translation>蒙版</translation></message>
<message><source>Erase</source><translation>擦除</translation></message>
<message><source>Destination atop</source><translation>目标置于源之上</translation></message>
</context>
<context>
<name>compute</name>
<message><source>CPU</source><translation>CPU</translation></message>
<message><source>version {version}</source><translation>版本 {version}</translation></message>
<message><source>models: {names}</source><translation>模型：{names}</translation></message>
</context>
<context>
<name>error</name>
<message><source>Something went wrong</source><translation>出错了</translation></message>
<message><source>An unexpected error occurred.</source><translation>发生了意外错误。</translation></message>
<message><source>Your picture is still open; save it under a new name to be safe.</source><translation>您的图片仍处于打开状态；为安全起见请另存。</translation></message>
<message><source>Copy report</source><translation>复制报告</translation></message>
</context>
<context>
<name>filters</name>
<message><source>Gaussian blur</source><translation>高斯模糊</translation></message>
<message><source>Sharpen</source><translation>锐化</translation></message>
<message><source>Add noise</source><translation>添加杂色</translation></message>
<message><source>Radius</source><translation>半径</translation></message>
<message><source>Amount</source><translation>数量</translation></message>
<message><source>Coloured noise</source><translation>彩色杂色</translation></message>
</context>
<context>
<name>hints</name>
<message><source>Shift+click: straight line.</source><translation>Shift+单击：画直线。</translation></message>
<message><source>Click to pick the colour you see. X: swap colours.</source><translation>单击拾取所见颜色。X：交换颜色。</translation></message>
<message><source>Click to add corners. Enter or double-click: close.</source><translation>单击添加顶点。Enter 或双击：闭合。</translation></message>
<message><source>Drag to pan; with any other tool, hold Space. Scroll to zoom.</source><translation>拖动以平移视图；使用其他工具时按住空格。滚轮缩放。</translation></message>
<message><source>Ctrl or Alt: subtract. Shift+click: straight line.</source><translation>Ctrl 或 Alt：减去。Shift+单击：直线。</translation></message>
<message><source>Ctrl or Alt: pick a colour. Shift+click: straight line.</source><translation>Ctrl 或 Alt：吸取颜色。Shift+单击：直线。</translation></message>
<message><source>Shift: add to selection. Ctrl or Alt: subtract.</source><translation>Shift：添加到选区。Ctrl 或 Alt：减去。</translation></message>
<message><source>Ctrl or Alt: pick a colour.</source><translation>Ctrl 或 Alt：吸取颜色。</translation></message>
<message><source>Drag a rectangle. Enter: crop. Esc: cancel. Shift: keep proportions.</source><translation>拖出矩形。回车：裁剪。Esc：取消。Shift：保持比例。</translation></message>
<message><source>Drag inside: move. Handles: scale; Shift keeps proportions, Ctrl or Alt on a side shears. Outside: rotate. Enter: apply. Esc: cancel.</source><translation>在内部拖动：移动。手柄：缩放；Shift 保持比例，在边上按 Ctrl 或 Alt 斜切。在外部：旋转。回车：应用。Esc：取消。</translation></message>
<message><source>Click a thing or drag a box around it. Shift: add. Ctrl or Alt: subtract.</source><translation>单击物体或在其周围拖出方框。Shift：添加。Ctrl 或 Alt：减去。</translation></message>
<message><source>Ctrl+click or Alt+click: where to copy from. Shift+click: straight line.</source><translation>Ctrl+单击或 Alt+单击：选择来源。Shift+单击：直线。</translation></message>
<message><source>Drag to smear what you see. Shift+click: straight line.</source><translation>拖动以涂抹所见的内容。Shift+单击：直线。</translation></message>
<message><source>Click to write, or on a text to change it.</source><translation>单击以写字，或单击文字进行修改。</translation></message>
<message><source>Drag the active layer, or what is selected of it; or use the arrow keys. Shift: one direction only. Guides can be dragged, too.</source><translation>拖动活动图层或其中选定的部分，或使用方向键。Shift：仅一个方向。参考线也可拖动。</translation></message>
<message><source>Drag. Shift: steps of 45°. Esc: cancel.</source><translation>拖动。Shift：以 45° 为步长。Esc：取消。</translation></message>
<message><source>Drag. Shift: square. Esc: cancel.</source><translation>拖动。Shift：正方形。Esc：取消。</translation></message>
<message><source>Drag. Shift: circle. Esc: cancel.</source><translation>拖动。Shift：圆形。Esc：取消。</translation></message>
</context>
<context>
<name>jobs</name>
<message><source>waiting</source><translation>等待中</translation></message>
<message><source>done</source><translation>完成</translation></message>
<message><source>failed</source><translation>失败</translation></message>
<message><source>cancelled</source><translation>已取消</translation></message>
<message><source>loading the model</source><translation>载入模型</translation></message>
<message><source>analysing the picture</source><translation>分析图片</translation></message>
<message><source>finding what changes</source><translation>查找更改之处</translation></message>
<message><source>painting</source><translation>绘制中</translation></message>
<message><source>decoding the picture</source><translation>解码图片</translation></message>
<message><source>recomputing earlier turns</source><translation>重新计算先前轮次</translation></message>
<message><source>starting</source><translation>开始</translation></message>
<message><source>{done} of {total}</source><translation>{done} / {total}</translation></message>
<message><source>{seconds} s left</source><translation>剩余 {seconds} 秒</translation></message>
<message><source>{text} · on {worker}</source><translation>{text} · 在 {worker} 上</translation></message>
<message><source>painting detail</source><translation>正在绘制细节</translation></message>
<message><source>sending the model</source><translation>正在发送模型</translation></message>
<message><source>{steps} MB</source><translation>{steps} MB</translation></message>
</context>
<context>
<name>marks</name>
<message><source>“{words}”</source><translation>“{words}”</translation></message>
</context>
<context>
<name>messages</name>
<message><source>, </source>
<comment>between the items of a list</comment><translation>、</translation></message>
<message><source>This model&apos;s U-Net has an unsupported part: {layer}.</source><translation>此模型的 U-Net 含有不受支持的部分：{layer}。</translation></message>
<message><source>the disk is full</source><translation>磁盘已满</translation></message>
<message><source>you do not have permission</source><translation>没有权限</translation></message>
<message><source>the folder does not exist</source><translation>文件夹不存在</translation></message>
<message><source>the file is too large for the disk</source><translation>文件过大，磁盘无法容纳</translation></message>
<message><source>the disk is read-only</source><translation>磁盘为只读</translation></message>
<message><source>a file of that name is in the way</source><translation>已有同名文件</translation></message>
<message><source>there is a folder of that name</source><translation>已有同名文件夹</translation></message>
<message><source>the name is too long</source><translation>名称过长</translation></message>
<message><source>the disk reported an error (code {code})</source><translation>磁盘报告错误（代码 {code}）</translation></message>
<message><source>The weight of the LoRA {name} must lie between {lowest} and {highest}.</source><translation>LoRA {name} 的权重必须在 {lowest} 到 {highest} 之间。</translation></message>
<message><source>“{value}” is no weight for the LoRA {name}; write a number such as 0.8.</source><translation>“{value}”不是 LoRA {name} 的有效权重；请输入数字，例如 0.8。</translation></message>
<message><source>Part of the settings could not be read. The original file was kept as {file}.</source><translation>部分设置无法读取。原文件已保留为 {file}。</translation></message>
<message><source>Some settings could not be read: {names}. The original file was kept as {file}.</source><translation>以下设置无法读取：{names}。原文件已保留为 {file}。</translation></message>
<message><source>The settings could not be saved: one of them contains invalid characters.</source><translation>无法保存设置：其中一项含有无效字符。</translation></message>
<message><source>The settings could not be saved to {folder}: {reason}.</source><translation>无法将设置保存到 {folder}：{reason}。</translation></message>
<message><source>The settings in {path} could not be read. The defaults are used.</source><translation>无法读取 {path} 中的设置。将使用默认设置。</translation></message>
<message><source>Only paint layers and groups can be merged, and only with a paint layer below.</source><translation>只能合并绘画图层和图层组，且下方必须是绘画图层。</translation></message>
<message><source>This is not a group.</source><translation>这不是图层组。</translation></message>
<message><source>Select the layers to group first.</source><translation>请先选择要编组的图层。</translation></message>
<message><source>A group cannot be moved into itself.</source><translation>图层组不能移动到自身之内。</translation></message>
<message><source>The layer “{layer}” is hidden. Show it before merging.</source><translation>图层“{layer}”已隐藏。请先显示它再合并。</translation></message>
<message><source>A layer cannot be moved that far.</source><translation>图层不能移动这么远。</translation></message>
<message><source>The name is too long.</source><translation>名称过长。</translation></message>
<message><source>Groups cannot be nested more than {most} deep.</source><translation>图层组的嵌套不能超过 {most} 层。</translation></message>
<message><source>A picture can have at most {most} layers.</source><translation>一张图片最多只能有 {most} 个图层。</translation></message>
<message><source>Only a group can hold other layers.</source><translation>只有图层组可以包含其他图层。</translation></message>
<message><source>The prompt is empty. Describe what the picture shows.</source><translation>提示词为空。请描述图片的内容。</translation></message>
<message><source>The prompt is too long for this model. It ignored: {words}</source><translation>提示词对此模型来说过长。已忽略：{words}</translation></message>
<message><source>The model does not know these characters: {characters}</source><translation>模型无法识别这些字符：{characters}</translation></message>
<message><source>“{value}” is not a valid value for “{name}”.</source><translation>“{value}”不是“{name}”的有效值。</translation></message>
<message><source>There is no setting called “{name}”. Available: {choices}.</source><translation>没有名为“{name}”的设置。可用：{choices}。</translation></message>
<message><source>The picture is {width} × {height} pixels. Each side must be {smallest} to {largest} pixels long.</source><translation>图片为 {width} × {height} 像素。每边必须为 {smallest} 到 {largest} 像素。</translation></message>
<message><source>Nothing would change: the prompt is the same as before.</source><translation>不会有任何变化：提示词与之前相同。</translation></message>
<message><source>Nothing would change: the model paints the same picture for this prompt.</source><translation>不会有任何变化：模型对此提示词会生成相同的图片。</translation></message>
<message><source>The mask is {mask_width} × {mask_height} pixels, but the picture is {width} × {height}. They must be the same size.</source><translation>蒙版为 {mask_width} × {mask_height} 像素，而图片为 {width} × {height}。两者尺寸必须一致。</translation></message>
<message><source>The mask is empty. Paint the area that may change.</source><translation>蒙版为空。请涂出可以更改的区域。</translation></message>
<message><source>The cache is too small to keep everything about this picture, so edits of it may be less precise.</source><translation>缓存太小，无法保留此图片的全部数据，因此对它的编辑可能不够精确。</translation></message>
<message><source>This picture is too large for the cache, so edits of it will take longer.</source><translation>此图片对缓存来说过大，因此对它的编辑会更慢。</translation></message>
<message><source>The cache is full, so the whole picture was computed. You can make the cache larger in the settings.</source><translation>缓存已满，因此重新计算了整张图片。可在设置中增大缓存。</translation></message>
<message><source>Nothing in the picture matches these words. Paint a mask over the area to change.</source><translation>图片中没有与这些词相符的内容。请用蒙版涂出要更改的区域。</translation></message>
<message><source>The number of variants must be from 1 to {most}.</source><translation>变体数量必须为 1 到 {most}。</translation></message>
<message><source>Select the area to redraw, or sketch what it should become.</source><translation>请选择要重绘的区域，或画出它应变成的样子。</translation></message>
<message><source>The prompt is too long for this model: it ignores these words.</source><translation>提示词对此模型来说过长：这些词会被忽略。</translation></message>
<message><source>This picture is too large for the area to be found automatically. Paint a mask over it.</source><translation>此图片过大，无法自动查找区域。请用蒙版涂出该区域。</translation></message>
<message><source>There is no mask preset called “{name}”. Available: {choices}.</source><translation>没有名为“{name}”的蒙版预设。可用：{choices}。</translation></message>
<message><source>Mask settings are out of range: strength must be above 0 and at most 1, the threshold from 0 to 1, and the number of rounds from 1 to 16.</source><translation>蒙版设置超出范围：强度必须大于 0 且不超过 1，阈值为 0 到 1，次数为 1 到 16。</translation></message>
<message><source>There is no editing method called “{name}”. Available: {choices}.</source><translation>没有名为“{name}”的编辑方法。可用：{choices}。</translation></message>
<message><source>The picture is {width} × {height} pixels. Each side must be at least {smallest} pixels long.</source><translation>图片为 {width} × {height} 像素。每边至少须为 {smallest} 像素。</translation></message>
<message><source>This picture is too large to be edited as a whole. Select or mask the area to change.</source><translation>此图片过大，无法整体编辑。请选择要更改的区域或用蒙版标出。</translation></message>
<message><source>The mask and the picture must be the same size.</source><translation>蒙版与图片的尺寸必须一致。</translation></message>
<message><source>The selected area is too large for the model. Select at most {most} pixels across.</source><translation>所选区域对模型来说过大。宽和高最多选择 {most} 像素。</translation></message>
<message><source>This is a large picture, so only the part around your mask or selection is sent to the model.</source><translation>图片较大，因此模型只处理蒙版或选区周围的部分。</translation></message>
<message><source>sketch adapter</source><translation>草图适配器</translation></message>
<message><source>This model has no sketch adapter, so it cannot use the sketch. Select the area to redraw instead.</source><translation>此模型没有草图适配器，无法使用草图。请改为选择要重绘的区域。</translation></message>
<message><source>The folder “{folder}” contains no sketch adapter.</source><translation>文件夹“{folder}”中没有草图适配器。</translation></message>
<message><source>The sketch adapter “{folder}” is not compatible with this model.</source><translation>草图适配器“{folder}”与此模型不兼容。</translation></message>
<message><source>The model could not be loaded: the weights of its {part} are incomplete.</source><translation>无法加载模型：其{part}的权重不完整。</translation></message>
<message><source>The model could not be loaded: its {part} is damaged.</source><translation>无法加载模型：其{part}已损坏。</translation></message>
<message><source>There is no LoRA called “{name}”; give its path, or put it into a folder “loras” beside the model.</source><translation>没有名为“{name}”的 LoRA；请给出其路径，或将其放入模型旁的“loras”文件夹。</translation></message>
<message><source>{file} is no LoRA: its weights have other names.</source><translation>{file} 不是 LoRA：其权重名称不同。</translation></message>
<message><source>The LoRA {file} is damaged: some of its layers are there twice.</source><translation>LoRA {file} 已损坏：其中一些层重复出现。</translation></message>
<message><source>{file} is pickled: opening it could run any program hidden in it; get the LoRA as .safetensors.</source><translation>{file} 是 pickle 格式：打开它可能会运行其中隐藏的任意程序；请获取 .safetensors 格式的 LoRA。</translation></message>
<message><source>The LoRA “{file}” does not exist.</source><translation>LoRA“{file}”不存在。</translation></message>
<message><source>{file} is a {kind}, which is not supported; LoRA and LoCon files are.</source><translation>{file} 是 {kind}，尚不支持；支持 LoRA 和 LoCon 文件。</translation></message>
<message><source>The LoRA {file} is damaged: some of its layers are only half there.</source><translation>LoRA {file} 已损坏：其中一些层不完整。</translation></message>
<message><source>The LoRA {file} was made for another kind of model.</source><translation>LoRA {file} 是为另一类模型制作的。</translation></message>
<message><source>The LoRA {file} could not be read.</source><translation>无法读取 LoRA {file}。</translation></message>
<message><source>The model could not be loaded: the weights of its {part} are incomplete or do not match the configuration.</source><translation>无法加载模型：其{part}的权重不完整或与配置不符。</translation></message>
<message><source>The model could not be loaded: its tokenizer and text encoder do not match.</source><translation>无法加载模型：其分词器与文本编码器不匹配。</translation></message>
<message><source>The model could not be loaded: its {part} is damaged or incompatible.</source><translation>无法加载模型：其{part}已损坏或不兼容。</translation></message>
<message><source>The model could not be loaded: its tokenizer is damaged.</source><translation>无法加载模型：其分词器已损坏。</translation></message>
<message><source>“{name}” could not be used, so the model that paints finds objects.</source><translation>无法使用“{name}”，因此由用于绘制的模型查找对象。</translation></message>
<message><source>The LoRA {name} has {count} layers that this model does not have; they were left out.</source><translation>LoRA {name} 有 {count} 个层在此模型中不存在，已略过。</translation></message>
<message><source>This turn was made with another model or other LoRAs, so its picture was analysed again.</source><translation>这一轮由其他模型或其他 LoRA 生成，因此重新分析了其图片。</translation></message>
<message><source>The built-in model is missing. Please reinstall the program.</source><translation>内置模型缺失。请重新安装程序。</translation></message>
<message><source>U-Net</source><translation>U-Net</translation></message>
<message><source>autoencoder</source><translation>自编码器</translation></message>
<message><source>text encoder</source><translation>文本编码器</translation></message>
<message><source>The model folder “{folder}” does not exist.</source><translation>模型文件夹“{folder}”不存在。</translation></message>
<message><source>The model folder contains no tokenizer.</source><translation>模型文件夹中没有分词器。</translation></message>
<message><source>The model folder contains no {part}.</source><translation>模型文件夹中没有{part}。</translation></message>
<message><source>The model&apos;s autoencoder is not supported: {kind}.</source><translation>不支持此模型的自编码器：{kind}。</translation></message>
<message><source>The model&apos;s text encoder is not supported. It must be a CLIP text encoder.</source><translation>不支持此模型的文本编码器。必须为 CLIP 文本编码器。</translation></message>
<message><source>The model could not be loaded: its U-Net and autoencoder do not match.</source><translation>无法加载模型：其 U-Net 与自编码器不匹配。</translation></message>
<message><source>The model could not be loaded: its U-Net and text encoder do not match.</source><translation>无法加载模型：其 U-Net 与文本编码器不匹配。</translation></message>
<message><source>The model&apos;s scheduler is not supported: {name} is “{value}”.</source><translation>不支持此模型的调度器：{name} 为“{value}”。</translation></message>
<message><source>The value of “{name}” in the model&apos;s scheduler_config.json is not valid.</source><translation>模型的 scheduler_config.json 中“{name}”的值无效。</translation></message>
<message><source>The model could not be loaded: the configuration of its {part} is incomplete.</source><translation>无法加载模型：其{part}的配置不完整。</translation></message>
<message><source>The value of “{key}” in the model&apos;s {file} is not valid.</source><translation>模型的 {file} 中“{key}”的值无效。</translation></message>
<message><source>{file} is a LoRA, which changes a model and is none itself; add it to the LoRAs and choose its model.</source><translation>{file} 是 LoRA，它用于改变模型，本身不是模型；请将其添加到 LoRA 并选择对应的模型。</translation></message>
<message><source>There is no device called “{name}”. Available: auto, cpu, cuda, cuda:0, mps.</source><translation>没有名为“{name}”的设备。可用：auto、cpu、cuda、cuda:0、mps。</translation></message>
<message><source>No supported NVIDIA graphics card was found on this computer.</source><translation>未在此计算机上找到受支持的 NVIDIA 显卡。</translation></message>
<message><source>There is no graphics card number {number} in this computer.</source><translation>此计算机中没有编号为 {number} 的显卡。</translation></message>
<message><source>No supported Apple GPU was found on this computer.</source><translation>未在此计算机上找到受支持的 Apple GPU。</translation></message>
<message><source>The model could not be loaded: the weights of its {part} are missing.</source><translation>无法加载模型：缺少其{part}的权重。</translation></message>
<message><source>The model file “{file}” is damaged.</source><translation>模型文件“{file}”已损坏。</translation></message>
<message><source>The model file “{file}” could not be read: {reason}.</source><translation>无法读取模型文件“{file}”：{reason}。</translation></message>
<message><source>The weights of the model&apos;s {part} are pickled, which is unsafe. Use a model with safetensors files.</source><translation>此模型{part}的权重为 pickle 格式，不安全。请使用 safetensors 格式的模型。</translation></message>
<message><source>The model file “{file}” is missing.</source><translation>模型文件“{file}”缺失。</translation></message>
<message><source>The sketch is {sketch_width} × {sketch_height} pixels, but the picture is {width} × {height}. They must be the same size.</source><translation>草图为 {sketch_width} × {sketch_height} 像素，而图片为 {width} × {height}。两者尺寸必须一致。</translation></message>
<message><source>The sketch is empty. Draw the new outlines, dark on light.</source><translation>草图为空。请在浅色背景上用深色画出新轮廓。</translation></message>
<message><source>The sketch matches the picture. Draw what should be different.</source><translation>草图与图片相同。请画出应有所不同的部分。</translation></message>
<message><source>The sketch has an unsupported pixel format.</source><translation>不支持草图的像素格式。</translation></message>
<message><source>“{file}” is damaged: {what}.</source><translation>“{file}”已损坏：{what}。</translation></message>
<message><source>“{file}” was not opened: its unpacked contents are too large.</source><translation>未打开“{file}”：解压后的内容过大。</translation></message>
<message><source>“{file}” is not a Palimpsest or OpenRaster file.</source><translation>“{file}”不是 Palimpsest 或 OpenRaster 文件。</translation></message>
<message><source>its part “{name}” is missing</source><translation>缺少部分“{name}”</translation></message>
<message><source>its part “{name}” is too large</source><translation>部分“{name}”过大</translation></message>
<message><source>its part “{name}” is not valid</source><translation>部分“{name}”无效</translation></message>
<message><source>“{file}” has more pixels than this program can open.</source><translation>“{file}”的像素数超出本程序可打开的范围。</translation></message>
<message><source>its part “{name}” cannot be read</source><translation>部分“{name}”无法读取</translation></message>
<message><source>its picture “{name}” cannot be read ({reason})</source><translation>图片“{name}”无法读取（{reason}）</translation></message>
<message><source>“{file}” was not saved: {reason}.</source><translation>未保存“{file}”：{reason}。</translation></message>
<message><source>it has {count} layers, but at most {most} are supported (merge some of them)</source><translation>共有 {count} 个图层，但最多支持 {most} 个（请合并一些）</translation></message>
<message><source>groups are nested more than {most} deep (ungroup some of them)</source><translation>图层组嵌套超过 {most} 层（请取消一些编组）</translation></message>
<message><source>the name of a layer is too long</source><translation>某个图层的名称过长</translation></message>
<message><source>it has {count} turns, but at most {most} are supported (delete some of them)</source><translation>共有 {count} 轮，但最多支持 {most} 轮（请删除一些）</translation></message>
<message><source>the prompt of a turn has more than {most} characters</source><translation>某一轮的提示词超过 {most} 个字符</translation></message>
<message><source>the name of a turn is too long</source><translation>某一轮的名称过长</translation></message>
<message><source>the stored data of a turn is too large</source><translation>某一轮存储的数据过大</translation></message>
<message><source>A picture of this size cannot be saved as {format}.</source><translation>此尺寸的图片无法保存为 {format}。</translation></message>
<message><source>“{file}” could not be read: it is damaged or incomplete.</source><translation>无法读取“{file}”：文件已损坏或不完整。</translation></message>
<message><source>This turn has no trajectory: its picture was edited in a window.</source><translation>此步没有轨迹：其图片是在局部窗口中编辑的。</translation></message>
<message><source>This model has an unknown architecture: {kind}.</source><translation>此模型的架构未知：{kind}。</translation></message>
<message><source>Find the region</source><translation>查找区域</translation></message>
<message><source>How the place that changes is found</source><translation>如何找到要改变的位置</translation></message>
<message><source>Keep structure</source><translation>保持结构</translation></message>
<message><source>Share of the steps in which the words that stay look where they looked before</source><translation>保留的词仍看向原来位置的步数所占比例</translation></message>
<message><source>At a glance</source><translation>一次查看</translation></message>
<message><source>By first steps on the whole picture (as in the paper)</source><translation>先对整张图片运行若干步（如论文所述）</translation></message>
<message><source>The model computed values that cannot be kept in the cache, so the whole picture was computed.</source><translation>模型计算出的数值无法保存在缓存中，因此重新计算了整幅图片。</translation></message>
<message><source>The model is damaged: its files are not what they should be.</source><translation>模型已损坏：其文件内容不正确。</translation></message>
<message><source>The model file {file} is incomplete: its U-Net has parts missing.</source><translation>模型文件 {file} 不完整：其 U-Net 缺少部分内容。</translation></message>
<message><source>This folder holds model files; choose one of them, such as {file}.</source><translation>此文件夹包含模型文件；请选择其中一个，例如 {file}。</translation></message>
<message><source>This folder is one part of a model; choose the folder around it.</source><translation>此文件夹只是模型的一部分；请选择它的上级文件夹。</translation></message>
<message><source>This part of the model has no configuration: {kind}.</source><translation>模型的这一部分没有配置：{kind}。</translation></message>
<message><source>This is not a Stable Diffusion pipeline: it must have a U-Net, an autoencoder, a text encoder, a tokenizer and a scheduler.</source><translation>这不是 Stable Diffusion 管线：它必须包含 U-Net、自编码器、文本编码器、分词器和调度器。</translation></message>
<message><source>The model file “{file}” does not exist.</source><translation>模型文件“{file}”不存在。</translation></message>
<message><source>The model computed invalid values instead of a picture. Try another seed or sampler, or a model in full precision.</source><translation>模型计算出的是无效数值，而不是图片。请尝试其他种子或采样器，或使用全精度模型。</translation></message>
<message><source>The model file {file} comes without its words; put the folder “tokenizer” (vocab.json and merges.txt) of any Stable Diffusion model beside it.</source><translation>模型文件 {file} 不含词表；请将任一 Stable Diffusion 模型的“tokenizer”文件夹（vocab.json 和 merges.txt）放在它旁边。</translation></message>
<message><source>There is no vocabulary in {folder}.</source><translation>{folder} 中没有词表。</translation></message>
<message><source>{file} is no Stable Diffusion model: its weights have other names.</source><translation>{file} 不是 Stable Diffusion 模型：其权重名称不同。</translation></message>
<message><source>{file} is an autoencoder (VAE) only; choose the model that it belongs to.</source><translation>{file} 只是自编码器（VAE）；请选择它所属的模型。</translation></message>
<message><source>{file} is one part of a model; choose the whole model&apos;s folder.</source><translation>{file} 只是模型的一部分；请选择整个模型的文件夹。</translation></message>
<message><source>{file} is a ControlNet, which steers a model; choose the model itself.</source><translation>{file} 是 ControlNet，它用来引导模型；请选择模型本身。</translation></message>
<message><source>The folder “{folder}” contains no autoencoder (VAE).</source><translation>文件夹“{folder}”中没有自动编码器 (VAE)。</translation></message>
<message><source>{file} is pickled: opening it could run any program hidden in it; get the VAE as .safetensors.</source><translation>{file} 是 pickle 格式：打开它可能会运行其中隐藏的任意程序；请获取 .safetensors 格式的 VAE。</translation></message>
<message><source>The autoencoder (VAE) “{file}” does not exist.</source><translation>自动编码器 (VAE)“{file}”不存在。</translation></message>
<message><source>{file} is no autoencoder (VAE): its weights have other names.</source><translation>{file} 不是自动编码器 (VAE)：其权重名称不同。</translation></message>
<message><source>The autoencoder (VAE) {file} was made for another kind of model.</source><translation>自动编码器 (VAE) {file} 是为另一类模型制作的。</translation></message>
<message><source>What the model predicts could not be kept in {folder}: {reason}.</source><translation>无法在 {folder} 中保存模型的预测类型：{reason}。</translation></message>
<message><source>a model that works with a depth map</source><translation>使用深度图的模型</translation></message>
<message><source>an upscaler</source><translation>放大模型</translation></message>
<message><source>a model that follows instructions (InstructPix2Pix)</source><translation>按指令编辑的模型（InstructPix2Pix）</translation></message>
<message><source>{file} is {kind}, which is not supported yet.</source><translation>{file} 是{kind}，目前尚不支持。</translation></message>
<message><source>{file} is pickled: opening it could run any program hidden in it; get the model as .safetensors.</source><translation>{file} 是 pickle 文件：打开它可能会运行其中隐藏的任意程序；请获取 .safetensors 格式的模型。</translation></message>
<message><source>{file} is quantised, which is not supported; get the model as .safetensors.</source><translation>{file} 已量化，不受支持；请获取 .safetensors 格式的模型。</translation></message>
<message><source>{file} is no model; choose a .safetensors file or a folder in the layout of diffusers.</source><translation>{file} 不是模型；请选择 .safetensors 文件或 diffusers 布局的文件夹。</translation></message>
<message><source>The model file {file} has no {part}; put a model&apos;s folder that has one beside it.</source><translation>模型文件 {file} 不含{part}；请将含有它的模型文件夹放在旁边。</translation></message>
<message><source>“{file}” could not be read: it is damaged or much too large.</source><translation>无法读取“{file}”：文件已损坏或过大。</translation></message>
<message><source>“{file}” is too large: {reason}.</source><translation>“{file}”过大：{reason}。</translation></message>
<message><source>“{file}” has more layers than this program can open.</source><translation>“{file}”的图层数超出本程序可打开的范围。</translation></message>
<message><source>This model has an unknown architecture. Only Stable Diffusion 1.x, 2.x and SDXL models are supported.</source><translation>此模型的架构未知。仅支持 Stable Diffusion 1.x、2.x 和 SDXL 模型。</translation></message>
<message><source>an inpainting model of the same latents</source><translation>使用相同潜变量的修补模型</translation></message>
<message><source>an InstructPix2Pix model</source><translation>InstructPix2Pix 模型</translation></message>
<message><source>The folder “{folder}” contains no InstructPix2Pix model.</source><translation>文件夹“{folder}”中没有 InstructPix2Pix 模型。</translation></message>
<message><source>LEDITS++ runs on Stable Diffusion 1.x and 2.x only.</source><translation>LEDITS++ 只能用于 Stable Diffusion 1.x 和 2.x。</translation></message>
<message><source>This installation does not include {name}; install the program with pip to use it.</source><translation>此安装不包含 {name}；请使用 pip 安装本程序以使用它。</translation></message>
<message><source>Word swap needs as many words in both sentences.</source><translation>单词替换要求两个句子的单词数相同。</translation></message>
<message><source>HIVE (arXiv 2303.09618) is InstructPix2Pix with other weights: name their folder for instruct-pix2pix.</source><translation>HIVE（arXiv 2303.09618）是使用其他权重的 InstructPix2Pix：请为 instruct-pix2pix 指定其文件夹。</translation></message>
<message><source>GLIDE (arXiv 2112.10741) is left out: its networks work on pixels, not on a Stable Diffusion model.</source><translation>未包含 GLIDE（arXiv 2112.10741）：它的网络直接处理像素，而不是 Stable Diffusion 模型。</translation></message>
<message><source>Imagic (arXiv 2210.09276) is left out: it trains the whole network anew for every picture, so the weights would not be the same for all methods.</source><translation>未包含 Imagic（arXiv 2210.09276）：它会为每张图片重新训练整个网络，因此各方法的权重将不再相同。</translation></message>
<message><source>There is no method called “{name}” to compare with. Available: {choices}.</source><translation>没有名为“{name}”的对比方法。可用：{choices}。</translation></message>
<message><source>This picture is larger than the model sees at once; methods are compared on smaller ones.</source><translation>此图片大于模型一次能看到的范围；请在较小的图片上比较各方法。</translation></message>
<message><source>The mask must be of the picture&apos;s size to compare methods.</source><translation>比较各方法时，蒙版必须与图片大小相同。</translation></message>
<message><source>{method} needs {what}: name its folder (--with {method}=FOLDER).</source><translation>{method} 需要{what}：请指定其文件夹（--with {method}=文件夹）。</translation></message>
<message><source>A canvas of {width} × {height} pixels is too large. Each side may have up to {side} pixels, all together {most} million.</source><translation>{width} × {height} 像素的画布太大。每边最多 {side} 像素，总共最多 {most} 百万像素。</translation></message>
<message><source>There is nothing on the layer “{layer}” to move there.</source><translation>图层“{layer}”上没有可移动的内容。</translation></message>
<message><source>There is no visible layer to flatten.</source><translation>没有可见的图层可合并。</translation></message>
<message><source>Words cannot be switched during a run; of {switches} only one part counts.</source><translation>生成过程中无法切换文字；{switches} 中只有一部分有效。</translation></message>
<message><source>Compare from step</source><translation>从第几步开始比较</translation></message>
<message><source>The first of the steps whose differences make the region, counted from 1; the paper shows 5 to 10</source><translation>用差异确定区域的第一个步骤（从 1 开始计数）；论文展示的是 5 到 10</translation></message>
<message><source>Control attention</source><translation>控制注意力</translation></message>
<message><source>Let unchanged words look where they looked before, while the region is searched; off, as in the paper’s ablation</source><translation>搜索区域时，让未改变的词关注原来的位置；关闭则与论文的消融实验相同</translation></message>
<message><source>Off: the latents around the region go on from where the first steps left them, as in the paper’s code</source><translation>关闭：区域周围的潜变量从最初几步停下的地方继续，与论文代码相同</translation></message>
<message><source>Painted by</source><translation>绘制模型</translation></message>
<message><source>Another model with the same autoencoder that paints, such as one for inpainting, as in the paper</source><translation>由使用相同自编码器的另一模型绘制，例如修补模型，与论文相同</translation></message>
<message><source>The canvas was changed since this picture was made, so the picture was analysed again.</source><translation>画布在此图片生成后已更改，因此重新分析了图片。</translation></message>
<message><source>“{folder}” cannot paint here: its latents are not those of this model.</source><translation>“{folder}”无法在此绘制：它的潜变量与此模型的不同。</translation></message>
<message><source>The model file {file} is not Stable Diffusion 1.x, 2.x or SDXL: its U-Net has other sizes.</source><translation>模型文件 {file} 不是 Stable Diffusion 1.x、2.x 或 SDXL：其 U-Net 的尺寸不同。</translation></message>
<message><source>This is SDXL&apos;s refiner, which finishes pictures only; choose the base model.</source><translation>这是 SDXL 的 refiner，仅用于完善图像；请选择基础模型。</translation></message>
<message><source>This is a {kind} model. Only Stable Diffusion 1.x, 2.x and SDXL models are supported.</source><translation>这是 {kind} 模型。仅支持 Stable Diffusion 1.x、2.x 和 SDXL 模型。</translation></message>
<message><source>The model&apos;s U-Net is not supported. Only Stable Diffusion 1.x, 2.x and SDXL models are.</source><translation>不支持此模型的 U-Net。仅支持 Stable Diffusion 1.x、2.x 和 SDXL 模型。</translation></message>
<message><source>second text encoder</source><translation>第二个文本编码器</translation></message>
<message><source>The model could not be loaded: its two text encoders know different words.</source><translation>无法加载模型：其两个文本编码器的词汇不同。</translation></message>
<message><source>{file} is a Flux model; only Stable Diffusion 1.x, 2.x and SDXL models can be used.</source><translation>{file} 是 Flux 模型；只能使用 Stable Diffusion 1.x、2.x 和 SDXL 模型。</translation></message>
<message><source>{file} is a Stable Diffusion 3 model; only Stable Diffusion 1.x, 2.x and SDXL models can be used.</source><translation>{file} 是 Stable Diffusion 3 模型；只能使用 Stable Diffusion 1.x、2.x 和 SDXL 模型。</translation></message>
<message><source>{file} is SDXL&apos;s refiner, which finishes pictures only; choose the base model.</source><translation>{file} 是 SDXL 的 refiner，仅用于完善图像；请选择基础模型。</translation></message>
<message><source>{file} is no GIMP palette.</source><translation>{file} 不是 GIMP 调色板。</translation></message>
<message><source>The palette {file} has no colours.</source><translation>调色板 {file} 不含颜色。</translation></message>
<message><source>{file} could not be read: {reason}</source><translation>无法读取 {file}：{reason}</translation></message>
<message><source>its picture “{name}” cannot be read</source><translation>其中的图片“{name}”无法读取</translation></message>
<message><source>“{file}” was changed by another program; its layers were taken over.</source><translation>“{file}”已被其他程序更改；已采用其图层。</translation></message>
<message><source>“{file}” was saved by another program, which left out its history; {count} turns were brought back from an earlier save ({source}).</source><translation>“{file}”被其他程序保存时丢失了历史记录；已从较早的保存（{source}）中恢复 {count} 个轮次。</translation></message>
<message><source>“{file}” was saved by another program, which left out its history; no earlier save of it was found.</source><translation>“{file}”被其他程序保存时丢失了历史记录；未找到较早的保存。</translation></message>
<message><source>its table of contents cannot be read</source><translation>无法读取其目录</translation></message>
<message><source>a turn cannot be read</source><translation>有一个步骤无法读取</translation></message>
<message><source>This file type holds no layers. Copies can be saved as {endings}.</source><translation>此文件类型不能包含图层。副本可保存为 {endings}。</translation></message>
<message><source>Some properties of the layer “{layer}” cannot be read: {properties}.</source><translation>图层“{layer}”的部分属性无法读取：{properties}。</translation></message>
<message><source>Groups that are nested too deeply cannot be opened.</source><translation>无法打开嵌套过深的图层组。</translation></message>
<message><source>A layer cannot be read.</source><translation>有一个图层无法读取。</translation></message>
<message><source>The layer “{layer}” cannot be read.</source><translation>图层“{layer}”无法读取。</translation></message>
<message><source>The layer “{layer}” is of a kind that cannot be shown ({kind}).</source><translation>图层“{layer}”的类型无法显示（{kind}）。</translation></message>
<message><source>its list of layers is incomplete</source><translation>图层列表不完整</translation></message>
<message><source>“{file}” was not opened: {reason}.</source><translation>未打开“{file}”：{reason}。</translation></message>
<message><source>The layer “{layer}” is shown in the mode Normal, for “{mode}” is not known here.</source><translation>图层“{layer}”以“正常”模式显示，因为此处不支持“{mode}”。</translation></message>
<message><source>its list of layers contains forbidden declarations</source><translation>图层列表中含有不允许的声明</translation></message>
<message><source>its list of layers cannot be read</source><translation>图层列表无法读取</translation></message>
<message><source>The group “{layer}” is not clipped to the layer below it.</source><translation>组“{layer}”未被剪贴到其下方的图层。</translation></message>
<message><source>The effects of the layer “{layer}” are not shown.</source><translation>图层“{layer}”的效果不会显示。</translation></message>
<message><source>The layers are too large for .psd. Save them as .psb, for large files.</source><translation>图层太大，无法保存为 .psd。请保存为用于大文件的 .psb。</translation></message>
<message><source>Masks, sketches and regions are not part of it: {names}.</source><translation>其中不包含蒙版、草图和区域：{names}。</translation></message>
<message><source>A ControlNet, folder or file, that the edit follows: your sketch or, for lines, tiles and inpainting, what the picture shows</source><translation>编辑所遵循的 ControlNet（文件夹或文件）：依据您的草图；若用于线条、分块或修补，则依据图片本身</translation></message>
<message><source>ControlNet strength</source><translation>ControlNet 强度</translation></message>
<message><source>How strictly the ControlNet’s hint is followed</source><translation>遵循 ControlNet 提示图的严格程度</translation></message>
<message><source>ControlNet steps</source><translation>ControlNet 步数</translation></message>
<message><source>Share of the steps that follow the hint; the rest are free</source><translation>遵循提示图的步数比例；其余步骤不受约束</translation></message>
<message><source>“{file}” needs a hint that cannot be made of the picture: draw one as a sketch, or give one with --sketch.</source><translation>“{file}”需要的提示图无法从图片得出：请画成草图，或用 --sketch 指定。</translation></message>
<message><source>A ControlNet for inpainting needs an area to fill: select or mask it.</source><translation>用于修补的 ControlNet 需要一个填充区域：请选择或用蒙版标出。</translation></message>
<message><source>Scale every step</source><translation>逐步缩放</translation></message>
<message><source>Let every step that is compared count alike; off: only their sum is scaled, as the paper prints</source><translation>参与比较的每一步权重相同；关闭：只缩放它们的总和，如论文所写</translation></message>
<message><source>Drop specks</source><translation>去除零星点</translation></message>
<message><source>Leave out single positions of the found region, as the paper’s code does and the paper does not</source><translation>去掉所找区域中的孤立位置；论文代码如此，论文本身则没有</translation></message>
<message><source>Levels by region</source><translation>按区域计算的层级</translation></message>
<message><source>So many of the finest levels compute only the region, the coarser ones everything; empty: what is fastest</source><translation>最精细的若干层级只计算该区域，较粗的层级计算全部；留空：取最快者</translation></message>
<message><source>Intermediate starts from</source><translation>中间图起始噪声</translation></message>
<message><source>The noise that the intermediate image begins with; the paper compares three</source><translation>中间图开始时的噪声；论文比较了三种</translation></message>
<message><source>Fresh noise (as the paper chose)</source><translation>新噪声（论文的选择）</translation></message>
<message><source>The picture’s own noise</source><translation>图片自身的噪声</translation></message>
<message><source>Fresh noise in the area, the picture’s own elsewhere</source><translation>区域内用新噪声，其余用图片自身的噪声</translation></message>
<message><source>This place is outside the picture.</source><translation>该位置在图像之外。</translation></message>
<message><source>The model in {folder} is not whole: it lacks {name}.</source><translation>{folder} 中的模型不完整：缺少 {name}。</translation></message>
<message><source>segmenter</source><translation>分割模型</translation></message>
<message><source>“{folder}” holds no Segment Anything model.</source><translation>“{folder}”中没有 Segment Anything 模型。</translation></message>
<message><source>{file} is no GIMP brush.</source><translation>{file} 不是 GIMP 画笔。</translation></message>
<message><source>The brush {file} is too large, or empty.</source><translation>画笔 {file} 过大或为空。</translation></message>
<message><source>The brush {file} is damaged.</source><translation>画笔 {file} 已损坏。</translation></message>
<message><source>What the journal begins at is not there.</source><translation>日志的起点不存在。</translation></message>
<message><source>The layer “{layer}” is written in the mode Normal, for the file has no other one for it.</source><translation>图层“{layer}”以“正常”模式写入，因为该文件没有对应的模式。</translation></message>
<message><source>This file type is not supported. Pictures can be saved as {endings}.</source><translation>不支持此文件类型。图片可保存为 {endings}。</translation></message>
<message><source>“{file}” is no picture of a kind that can be opened ({kinds}).</source><translation>“{file}”不是可以打开的图片类型（{kinds}）。</translation></message>
<message><source>“{file}” is cut off or damaged; what could be read of it was opened.</source><translation>“{file}”不完整或已损坏；已打开其中可以读取的部分。</translation></message>
<message><source>“{file}” holds {count} pictures; the first one was opened.</source><translation>“{file}”包含 {count} 张图片；已打开第一张。</translation></message>
<message><source>“{file}” has more than 8 bits per colour; it was opened with 8, the file keeps the others.</source><translation>“{file}”的每种颜色超过 8 位；已按 8 位打开，原文件保持不变。</translation></message>
<message><source>Guidance every</source><translation>引导间隔</translation></message>
<message><source>Work guidance out anew at every so many steps only, after the first third; 2 is a sixth less work. Empty: as in the edited picture, else at every step</source><translation>前三分之一步之后，每隔这么多步才重新计算引导；2 少六分之一的计算。留空：与被编辑的图片相同，否则每步都算</translation></message>
<message><source>none</source><translation>无</translation></message>
<message><source>A picture whose things and manner the result takes after, by an IP-Adapter</source><translation>结果借助 IP-Adapter 参照其内容与风格的图片</translation></message>
<message><source>How much the result takes after the reference picture</source><translation>结果参照参考图片的程度</translation></message>
<message><source>“{file}” does not read sketches: choose it as the ControlNet, and as the adapter one for lines, scribbles, poses or depth.</source><translation>“{file}”无法读取草图：请将其选为 ControlNet，并选择用于线条、涂鸦、姿态或深度的一个作为适配器。</translation></message>
<message><source>Offset share</source><translation>校正比例</translation></message>
<message><source>How much of the old picture’s own correction the new colour gets; more keeps more of the old</source><translation>新颜色在多大程度上采用原图自身的校正；越多，保留的旧内容越多</translation></message>
<message><source>Keep what stands there</source><translation>保留其中的事物</translation></message>
<message><source>Where words change the place alone, the things in it stay as they are, to the pixel</source><translation>若文字只改变地点，其中的事物将逐像素保持原样</translation></message>
<message><source>Light follows the words</source><translation>光线随文字变化</translation></message>
<message><source>What an opened picture keeps of the old colour in its noise gives way</source><translation>打开的图片在噪声中残留的旧颜色会让位</translation></message>
<message><source>Even colour</source><translation>颜色均匀</translation></message>
<message><source>What becomes of a colour becomes of all of it, and every edge stays; off for a material with a pattern</source><translation>同一种颜色处处变成同一种新颜色，所有边缘保持不变；若是带花纹的材质请关闭</translation></message>
<message><source>Where words change most of an opened picture, its light and large shapes follow them, too</source><translation>当文字改变打开的图片的大部分时，其光线和大的形状也随之改变</translation></message>
<message><source>Too little of the turns before is left in the cache, so the whole picture was computed.</source><translation>之前各轮留在缓存中的数据太少，因此重新计算了整张图片。</translation></message>
<message><source>this model</source><translation>此模型</translation></message>
<message><source>Guide surroundings</source><translation>引导周围</translation></message>
<message><source>The intermediate image’s surroundings follow the words with guidance, too, as in the paper; slower</source><translation>中间图的周围也按引导跟随词句，如论文所述；较慢</translation></message>
<message><source>A mask is searched with one of these samplers: {choices}, not “{name}”.</source><translation>蒙版只能用以下采样器查找：{choices}，不能用“{name}”。</translation></message>
<message><source>the model’s own</source><translation>模型自带</translation></message>
<message><source>LoRAs lie beside the weights of the {kind}, where edits would not see them: call fuse_lora() and then unload_lora_weights() of the pipeline, or name them as the editor’s LoRAs.</source><translation>LoRA 位于 {kind} 的权重之外，编辑时无法看到它们：请先调用管线的 fuse_lora()，再调用 unload_lora_weights()，或将它们作为编辑器的 LoRA 指定。</translation></message>
<message><source>{file} is pickled, and opening it could run any program hidden in it: download facebook/sam-vit-base under Models instead, or another folder of Segment Anything in safetensors.</source><translation>{file} 是 pickle 文件，打开它可能会运行其中隐藏的任何程序：请改在“模型”中下载 facebook/sam-vit-base，或使用其他 safetensors 格式的 Segment Anything 文件夹。</translation></message>
<message><source>Photoshop&apos;s brushes are not read: put {file} into GIMP&apos;s folder of brushes, paint one dab there, copy it, and Edit &gt; Paste as &gt; New Brush makes a .gbr of it.</source><translation>不能读取 Photoshop 画笔：请把 {file} 放进 GIMP 的画笔文件夹，在 GIMP 中画一个笔触并复制，再用“编辑 &gt; 粘贴为 &gt; 新建画笔”将其存为 .gbr。</translation></message>
<message><source>These layers were merged with those below them, for only so they look the same in every program: {names}.</source><translation>以下图层已与其下方的图层合并，只有这样才能在所有程序中看起来一样：{names}。</translation></message>
<message><source>“{file}” is damaged: {count} of its layers cannot be read.</source><translation>“{file}”已损坏：其中 {count} 个图层无法读取。</translation></message>
<message><source>The colour profile of “{file}” does not fit it; its colours were taken as sRGB.</source><translation>“{file}”的颜色配置文件与图片不符；颜色已按 sRGB 处理。</translation></message>
<message><source>GIMP blends these layers its own way; they became normal layers that look as there: {names}.</source><translation>GIMP 以自己的方式混合这些图层；它们已变为外观与之相同的正常图层：{names}。</translation></message>
<message><source>These layers were merged with those below them, for only so they look as in GIMP: {names}.</source><translation>以下图层已与其下方的图层合并，只有这样才能与 GIMP 中看起来一样：{names}。</translation></message>
<message><source>it is not a PNG</source><translation>不是 PNG</translation></message>
<message><source>it has {width} × {height} pixels, but at most {side} pixels per side and {millions} megapixels in total are supported</source><translation>{width} × {height} 像素；最多支持每边 {side} 像素、总计 {millions} 百万像素</translation></message>
<message><source>it is damaged</source><translation>已损坏</translation></message>
<message><source>it is cut off</source><translation>内容不完整</translation></message>
<message><source>“{file}” could not be read completely. Save under another name to keep the original.</source><translation>“{file}”未能完整读取。请另存为其他名称以保留原文件。</translation></message>
<message><source>“{file}” was changed by another program since it was opened.</source><translation>“{file}”在打开后已被其他程序更改。</translation></message>
<message><source>“{file}” was not saved: it could not be opened again.</source><translation>未保存“{file}”：文件将无法再次打开。</translation></message>
<message><source>“{file}” was not saved: its layers are too large to be opened again. Merge some of them.</source><translation>未保存“{file}”：图层过大，将无法再次打开。请合并一些图层。</translation></message>
<message><source>The table of contents cannot be read, so the layers were read as OpenRaster.</source><translation>目录无法读取，因此图层按 OpenRaster 读取。</translation></message>
<message><source>Some project settings cannot be read: {names}.</source><translation>部分项目设置无法读取：{names}。</translation></message>
<message><source>“{file}” has more turns than this program can open.</source><translation>“{file}”的轮数超出本程序可打开的范围。</translation></message>
<message><source>nothing of its picture can be read</source><translation>图片内容完全无法读取</translation></message>
<message><source>“{file}” was saved by a newer version of Palimpsest.</source><translation>“{file}”由更新版本的 Palimpsest 保存。</translation></message>
<message><source>“{file}” is damaged: its table of contents cannot be read.</source><translation>“{file}”已损坏：目录无法读取。</translation></message>
<message><source>The turn that was shown is missing.</source><translation>缺少上次显示的那一轮。</translation></message>
<message><source>Turn {number} cannot be read.</source><translation>第 {number} 轮无法读取。</translation></message>
<message><source>The layers cannot be read.</source><translation>图层无法读取。</translation></message>
<message><source>The turn before “{prompt}” is missing.</source><translation>缺少“{prompt}”之前的一轮。</translation></message>
<message><source>“{path}” could not be read: {reason}.</source><translation>无法读取“{path}”：{reason}。</translation></message>
<message><source>“{path}” is not a regular file.</source><translation>“{path}”不是普通文件。</translation></message>
<message><source>The file “{path}” does not exist.</source><translation>文件“{path}”不存在。</translation></message>
<message><source>“{path}” is a folder, not a file.</source><translation>“{path}”是文件夹，不是文件。</translation></message>
<message><source>“{file}” is too large to be opened. The limit is {megabytes} MB.</source><translation>“{file}”过大，无法打开。上限为 {megabytes} MB。</translation></message>
<message><source>“{file}” was not saved: the folder “{folder}” does not exist.</source><translation>未保存“{file}”：文件夹“{folder}”不存在。</translation></message>
<message><source>“{file}” was not saved: it is not a regular file.</source><translation>未保存“{file}”：它不是普通文件。</translation></message>
<message><source>“{file}” was not saved: it is write-protected.</source><translation>未保存“{file}”：文件受写保护。</translation></message>
<message><source>“{file}” was not saved: another program is saving it.</source><translation>未保存“{file}”：另一个程序正在保存它。</translation></message>
<message><source>The file was not saved: its name is not valid.</source><translation>未保存文件：名称无效。</translation></message>
<message><source>turn {number}</source><translation>第 {number} 轮</translation></message>
<message><source>turn {number} (“{prompt}”)</source><translation>第 {number} 轮（“{prompt}”）</translation></message>
<message><source>Some details of {turn} cannot be read: {details}.</source><translation>{turn}的部分信息无法读取：{details}。</translation></message>
<message><source>Only the picture and the prompt of {turn} can be read.</source><translation>{turn}仅可读取图片和提示词。</translation></message>
<message><source>a turn lies in the wrong place</source><translation>某一轮的位置不正确</translation></message>
<message><source>The mask of {turn} cannot be read.</source><translation>{turn}的蒙版无法读取。</translation></message>
<message><source>the data of {called} is not valid</source><translation>{called}的数据无效</translation></message>
<message><source>a turn has no name</source><translation>某一轮没有名称</translation></message>
<message><source>the data of {called} cannot be read</source><translation>{called}的数据无法读取</translation></message>
<message><source>{host} has version {theirs} of this program and this computer {ours}; both must have the same.</source><translation>{host} 上的程序版本为 {theirs}，本机为 {ours}；两者必须相同。</translation></message>
<message><source>Other computers are reached through Ray: pip install “palimpsest-editor[remote]”.</source><translation>其他计算机通过 Ray 连接：pip install “palimpsest-editor[remote]”。</translation></message>
<message><source>{address} does not accept the token.</source><translation>{address} 不接受该令牌。</translation></message>
<message><source>{address} cannot be reached.</source><translation>无法连接 {address}。</translation></message>
<message><source>{address} runs another version of Ray or Python; both computers must have the same.</source><translation>{address} 上的 Ray 或 Python 版本不同；两台计算机必须相同。</translation></message>
<message><source>The computer that does the work does not have the model {name}: add it to the models there.</source><translation>负责工作的计算机上没有模型 {name}：请在那里将其添加到模型中。</translation></message>
<message><source>The computer that does the work does not have the LoRA {name}.</source><translation>负责工作的计算机上没有 LoRA {name}。</translation></message>
<message><source>A worker needs Ray: pip install “palimpsest-editor[remote]”.</source><translation>工作进程需要 Ray：pip install “palimpsest-editor[remote]”。</translation></message>
<message><source>{address} answers, but no worker is there.</source><translation>{address} 有响应，但那里没有工作进程。</translation></message>
<message><source>{address} does not answer.</source><translation>{address} 没有响应。</translation></message>
<message><source>No computer is there to do the work; start one with “palimpsest worker”.</source><translation>没有可用的计算机；请用“palimpsest worker”启动一台。</translation></message>
<message><source>The work was given up: {names} stopped while doing it. Your picture is unchanged.</source><translation>工作已放弃：{names} 在执行时停止。您的图片没有改变。</translation></message>
<message><source>{name} stopped; the work was begun again.</source><translation>{name} 已停止；工作已重新开始。</translation></message>
<message><source>The token could not be kept: {reason}.</source><translation>无法保存令牌：{reason}。</translation></message>
<message><source>There is no sampler called “{name}”. Available: {choices}.</source><translation>没有名为“{name}”的采样器。可用：{choices}。</translation></message>
<message><source>The cache disk is full. New results are kept in memory only; you can go on editing.</source><translation>缓存所在磁盘已满。新结果仅保留在内存中；您可以继续编辑。</translation></message>
<message><source>The cache folder is not writable. New results are kept in memory only; you can go on editing.</source><translation>缓存文件夹不可写。新结果仅保留在内存中；您可以继续编辑。</translation></message>
<message><source>The cache folder cannot be used. Until the program is restarted, results are kept in memory only.</source><translation>缓存文件夹无法使用。在重新启动程序之前，结果仅保留在内存中。</translation></message>
<message><source>The cache on disk was damaged and has been reset. Earlier turns are computed again.</source><translation>磁盘缓存已损坏并被重置。之前的各轮将重新计算。</translation></message>
<message><source>Memory is low: the cache in memory was emptied and made smaller.</source><translation>内存不足：已清空并缩小内存缓存。</translation></message>
<message><source>Memory is low: large pictures are now processed in tiles, which is slower.</source><translation>内存不足：现在将分块处理大图片，速度较慢。</translation></message>
<message><source>There is not enough GPU memory for this, so the CPU is used, which is slower.</source><translation>显存不足，因此改用 CPU，速度较慢。</translation></message>
<message><source>Memory is low: variants are now made one after another.</source><translation>内存不足：现在将逐个生成变体。</translation></message>
<message><source>{name} does not say what it predicts; if its pictures are nothing but noise, say so among the models.</source><translation>{name} 未注明其预测类型；若生成的图片只是噪点，请在模型列表中更改。</translation></message>
<message><source>There is not enough memory for this. Try a smaller picture, or close other programs.</source><translation>内存不足。请尝试较小的图片，或关闭其他程序。</translation></message>
<message><source>There is no turn to edit yet. Create or open a picture first.</source><translation>还没有可编辑的轮次。请先创建或打开图片。</translation></message>
<message><source>There is no turn {turn_id} in this project.</source><translation>此项目中没有轮次 {turn_id}。</translation></message>
<message><source>This picture was already inverted with this method: {way}.</source><translation>此图片已用此方法反演过：{way}。</translation></message>
<message><source>Palimpsest failed to start twice, so it is in safe mode: default settings and layout, on the CPU. Your own are kept and used at the next start.</source><translation>Palimpsest 连续两次启动失败，因此以安全模式运行：使用默认设置和布局，在 CPU 上运行。您自己的设置会保留，并在下次启动时使用。</translation></message>
<message><source>Safe mode: default settings and layout, on the CPU. Your own are kept and used at the next start.</source><translation>安全模式：使用默认设置和布局，在 CPU 上运行。您自己的设置会保留，并在下次启动时使用。</translation></message>
<message><source>The brush could not be saved: {reason}</source><translation>无法保存画笔：{reason}</translation></message>
<message><source>The engine stopped unexpectedly and was restarted. Your picture is unchanged.</source><translation>图像引擎意外停止并已重新启动。您的图片未被更改。</translation></message>
<message><source>An unexpected error occurred. Your picture is unchanged.</source><translation>发生意外错误。您的图片未被更改。</translation></message>
<message><source>There is not enough memory for this. Your picture is unchanged.</source><translation>内存不足。您的图片未被更改。</translation></message>
<message><source>Off: compute the whole picture at every step; slower</source><translation>关闭：每步计算整幅图；较慢</translation></message>
<message><source>“{value}” is not a valid value for “{name}”. Available: {choices}.</source><translation>“{value}”不是“{name}”的有效值。可用：{choices}。</translation></message>
<message><source>Preset</source><translation>预设</translation></message>
<message><source>Exact keeps shapes and surroundings; as in the paper, only the new words’ embeddings are used</source><translation>“精确”保留形状和周围；“按论文”只使用新词的嵌入</translation></message>
<message><source>Keep shapes for</source><translation>保留形状</translation></message>
<message><source>Share of the steps that keep where each word looked before</source><translation>每个词保持原有注意位置的步数比例</translation></message>
<message><source>Blend from</source><translation>混合起点</translation></message>
<message><source>Share of the steps after which the picture comes back where the new words do not look</source><translation>经过这一比例的步数后，新词未关注之处恢复为原图</translation></message>
<message><source>Guidance share</source><translation>引导比例</translation></message>
<message><source>How much of the guidance is used; more gives stronger colours that spread farther</source><translation>使用多少引导；越多颜色越强，扩散越远</translation></message>
<message><source>Exact</source><translation>精确</translation></message>
<message><source>As in the paper</source><translation>按论文</translation></message>
<message><source>Warm-up</source><translation>预热</translation></message>
<message><source>Share of the steps that run on the whole picture to find the region</source><translation>为找到区域而在整幅图上运行的步数比例</translation></message>
<message><source>Warm-up at most</source><translation>预热上限</translation></message>
<message><source>At most so many steps run on the whole picture to find the region</source><translation>为找到区域，最多在整幅图上运行这么多步</translation></message>
<message><source>Grow region</source><translation>扩展区域</translation></message>
<message><source>Latent positions (mostly 8 pixels each) that the found region grows by on every side</source><translation>找到的区域向每侧扩展的潜在位置数（通常每个 8 像素）</translation></message>
<message><source>Follow changed words</source><translation>跟随改动的词</translation></message>
<message><source>Also change the places where the changed words look; the paper does not</source><translation>也更改改动词所关注之处；论文中没有</translation></message>
<message><source>Follow weak differences</source><translation>跟随微弱差异</translation></message>
<message><source>Let the region follow weaker differences that are joined to it; the paper does not</source><translation>让区域延伸到与其相连的较弱差异；论文中没有</translation></message>
<message><source>Compute only the region</source><translation>只计算区域</translation></message>
<message><source>Last steps whole</source><translation>最后整图步数</translation></message>
<message><source>So many last steps compute the whole picture; the paper’s code has 10 for a given mask</source><translation>最后这么多步计算整幅图；论文代码在给定蒙版时为 10</translation></message>
<message><source>Hold surroundings</source><translation>固定周围</translation></message>
<message><source>Margin</source><translation>边缘</translation></message>
<message><source>Latent positions around the region that are computed with it and thrown away</source><translation>区域周围一并计算后丢弃的潜在位置数</translation></message>
<message><source>Growth per level</source><translation>每层扩展</translation></message>
<message><source>How many positions more each coarser level computes on every side, finer levels first: 1, 1</source><translation>每个较粗的层向每侧多计算多少位置，较细的层在前：1, 1</translation></message>
<message><source>Fresh norms</source><translation>更新归一化</translation></message>
<message><source>Let the group norms follow the edit; off keeps the picture’s own, as in the paper</source><translation>让组归一化跟随编辑；关闭则保留图片原有的，与论文一致</translation></message>
<message><source>Attention</source><translation>注意力</translation></message>
<message><source>What the region sees of the rest of the picture</source><translation>区域能看到图片其余部分的哪些内容</translation></message>
<message><source>CUDA graphs</source><translation>CUDA 图</translation></message>
<message><source>On an NVIDIA card, replay recorded steps; off launches every computation anew</source><translation>在 NVIDIA 显卡上重放已录制的步骤；关闭则每次重新启动计算</translation></message>
<message><source>Fused kernels</source><translation>融合内核</translation></message>
<message><source>On an NVIDIA card, do several small computations in one; off leaves them to PyTorch</source><translation>在 NVIDIA 显卡上将多个小计算合并为一个；关闭则交给 PyTorch</translation></message>
<message><source>Everything</source><translation>全部</translation></message>
<message><source>Every second position</source><translation>每隔一个位置</translation></message>
<message><source>Only itself (as in the paper)</source><translation>仅自身（按论文）</translation></message>
<message><source>All variants at once</source><translation>同时生成所有变体</translation></message>
<message><source>Paint the variants side by side, or one after another; automatic: as suits the device</source><translation>并行或逐个绘制变体；自动：视设备而定</translation></message>
<message><source>Exact keeps the surroundings; as in the paper, their colours may drift</source><translation>“精确”保留周围；“按论文”周围颜色可能偏移</translation></message>
<message><source>Sketch strength</source><translation>草图强度</translation></message>
<message><source>How strictly Redraw follows the lines of the sketch</source><translation>“重绘”遵循草图线条的严格程度</translation></message>
<message><source>Sketch steps</source><translation>草图步数</translation></message>
<message><source>Share of the steps that follow the sketch; the rest are free</source><translation>遵循草图的步数比例；其余步骤自由</translation></message>
<message><source>Adapter</source><translation>适配器</translation></message>
<message><source>Fused layers</source><translation>融合层数</translation></message>
<message><source>So many of the last self-attention layers share their attention (the paper: 6); empty: as suits the model</source><translation>最后多少个自注意力层共享注意力（论文：6）；留空：由模型决定</translation></message>
<message><source>Fusion from</source><translation>融合起点</translation></message>
<message><source>Share of the steps after which the layers share their attention</source><translation>经过这一比例的步数后各层开始共享注意力</translation></message>
<message><source>Fusion until</source><translation>融合终点</translation></message>
<message><source>Share of the steps up to which the layers share their attention</source><translation>各层共享注意力直到这一比例的步数</translation></message>
<message><source>Ignore things elsewhere</source><translation>忽略别处的事物</translation></message>
<message><source>The area does not see the words for things that stand outside it</source><translation>区域看不到描述其外部事物的词</translation></message>
<message><source>Keep every pixel outside</source><translation>保留外部所有像素</translation></message>
<message><source>Lay the result over the picture; off: keep the method’s own surroundings</source><translation>将结果覆盖在图片上；关闭：保留该方法自己的周围</translation></message>
<message><source>Inversion</source><translation>反演</translation></message>
<message><source>How the noise behind the picture is found; null-text takes several times longer</source><translation>如何找到图片背后的噪声；空文本方式耗时为数倍</translation></message>
<message><source>Direct inversion</source><translation>直接反演</translation></message>
<message><source>Null-text inversion</source><translation>空文本反演</translation></message>
<message><source>DDIM inversion</source><translation>DDIM 反演</translation></message>
<message><source>{sampler} cannot take {steps} steps.</source><translation>{sampler} 不支持 {steps} 步。</translation></message>
<message><source>{sampler} draws noise that no picture tells; this one was analysed with DDIM.</source><translation>{sampler} 会加入图片本身无法体现的随机噪声；此图片已改用 DDIM 分析。</translation></message>
<message><source>The model&apos;s noise schedule ends in pure noise (zero terminal SNR), in which a model that predicts noise sees nothing; it must predict v.</source><translation>该模型的噪声调度以纯噪声结束（zero terminal SNR），预测噪声的模型在其中看不到任何内容；必须预测 v。</translation></message>
<message><source>The layer “{layer}” is locked. Unlock it first.</source><translation>图层“{layer}”已锁定。请先解锁。</translation></message>
<message><source>This layer cannot be painted on. Choose another one.</source><translation>无法在此图层上绘画。请选择其他图层。</translation></message>
<message><source>Signing needs c2pa-python. Install it, or export without a signature.</source><translation>签名需要 c2pa-python。请安装它，或不签名导出。</translation></message>
<message><source>{kind} pictures cannot be signed. Choose {kinds}.</source><translation>{kind} 图片无法签名。请选择 {kinds}。</translation></message>
<message><source>The picture could not be signed: {reason}.</source><translation>图片无法签名：{reason}。</translation></message>
<message><source>The certificate in {folder} cannot be used.</source><translation>{folder} 中的证书无法使用。</translation></message>
<message><source>The dark marks of “{file}” were taken, not the light around them.</source><translation>“{file}”中采用了深色标记，而不是其周围的浅色。</translation></message>
<message><source>“{file}” was scaled from {old_width} × {old_height} to {width} × {height} pixels.</source><translation>“{file}”已从 {old_width} × {old_height} 缩放为 {width} × {height} 像素。</translation></message>
<message><source>Nothing is marked in “{file}”; paint where the picture may change.</source><translation>“{file}”中没有任何标记；请涂抹图片可以更改的地方。</translation></message>
<message><source>“{file}” is a picture of the kind {kind}; a library for those is not installed. Save it as PNG or JPEG.</source><translation>“{file}”是 {kind} 类型的图片，但未安装读取它所需的库。请将其另存为 PNG 或 JPEG。</translation></message>
<message><source>This model does not know {words}. “What can it paint?” in the Help menu shows the words it knows.</source><translation>此模型不认识 {words}。帮助菜单中的“它能画什么？”会显示它认识的词语。</translation></message>
<message><source>This model does not know {words}. Did you mean {near}?</source><translation>此模型不认识 {words}。您是指 {near} 吗？</translation></message>
<message><source>This model does not know: {words}. Did you mean {near}? What it paints for them is left to chance.</source><translation>此模型不认识：{words}。您是指 {near} 吗？它为这些词画出的内容全凭偶然。</translation></message>
<message><source>This model does not know: {words}. What it paints for them is left to chance.</source><translation>此模型不认识：{words}。它为这些词画出的内容全凭偶然。</translation></message>
<message><source>Nothing visible changed. Try Repaint with the same words, or mark the place to change.</source><translation>没有可见的变化。请用相同的词语尝试“重画”，或标出要更改的位置。</translation></message>
<message><source>Nothing visible changed. Try a larger area, another seed, or Reword.</source><translation>没有可见的变化。请尝试更大的区域、其他种子或“改词”。</translation></message>
<message><source>Nothing visible changed. Try a larger area, a sketch of the thing, or Repaint.</source><translation>没有可见的变化。请尝试更大的区域、画出草图或“重画”。</translation></message>
<message><source>Nothing visible changed. Try Reword with the same words.</source><translation>没有可见的变化。请用相同的词语尝试“改词”。</translation></message>
<message><source>Put new things anywhere</source><translation>可在任意位置放入新事物</translation></message>
<message><source>A new thing that does not come by itself is painted alone and set into its place</source><translation>不会自行出现的新事物将单独绘制，再放到其位置</translation></message>
<message><source>A T2I-Adapter or ControlNet, folder or file, that reads the sketch; empty: the model’s own</source><translation>读取草图的 T2I-Adapter 或 ControlNet（文件夹或文件）；留空：使用模型自带的</translation></message>
<message><source>This model can show this picture only roughly ({decibels} dB): what it repaints will look coarser than the rest. For photographs, bring a Stable Diffusion model of your own (File ▸ Models).</source><translation>此模型只能粗略呈现这幅图像（{decibels} dB）：重绘部分会比其余部分粗糙。照片请使用您自己的 Stable Diffusion 模型（文件 ▸ 模型）。</translation></message>
<message><source>{name} cannot be fetched now: the server answers {status}.</source><translation>现在无法获取 {name}：服务器返回 {status}。</translation></message>
<message><source>{name} is not open to everybody or does not exist: accept its terms on its page, and log in with “hf auth login”.</source><translation>{name}未对所有人开放或不存在：请在其页面上接受条款，并使用“hf auth login”登录。</translation></message>
<message><source>{name} may only be fetched after logging in there.</source><translation>只有在该处登录后才能获取 {name}。</translation></message>
<message><source>There is no {name} at this address.</source><translation>此地址没有 {name}。</translation></message>
<message><source>“{address}” is no address.</source><translation>“{address}”不是有效地址。</translation></message>
<message><source>{name} could not be reached; are you online?</source><translation>无法连接 {name}；您是否在线？</translation></message>
<message><source>The model could not be written to {folder}: {reason}.</source><translation>无法将模型写入 {folder}：{reason}。</translation></message>
<message><source>{name} holds no weights that can be used.</source><translation>{name} 不包含可用的权重。</translation></message>
<message><source>“{source}” is neither a model of the hub, such as owner/name, nor an address.</source><translation>“{source}”既不是 Hub 上的模型（如 所有者/名称），也不是地址。</translation></message>
<message><source>{name} holds several models; add the file&apos;s name, such as {name}/{file}.</source><translation>{name} 包含多个模型；请加上文件名，例如 {name}/{file}。</translation></message>
<message><source>{name} is pickled only, which is unsafe; look for a version with .safetensors files.</source><translation>{name} 仅有 pickle 格式，不安全；请寻找提供 .safetensors 文件的版本。</translation></message>
<message><source>{name} is no .safetensors file.</source><translation>{name} 不是 .safetensors 文件。</translation></message>
<message><source>{name} cannot be fetched: the answer makes no sense.</source><translation>无法获取 {name}：服务器的响应无法理解。</translation></message>
<message><source>{name} could not be written to {folder}: {reason}.</source><translation>无法将 {name} 写入 {folder}：{reason}。</translation></message>
<message><source>There is not enough room in {folder}: {wanted} GB are needed, {free} GB are free.</source><translation>{folder} 空间不足：需要 {wanted} GB，可用 {free} GB。</translation></message>
<message><source>{name} arrived damaged and was removed; fetch it again.</source><translation>{name} 下载后已损坏并被删除；请重新下载。</translation></message>
<message><source>ControlNet</source><translation>ControlNet</translation></message>
<message><source>The ControlNet “{file}” is of a kind that is not supported.</source><translation>不支持此类 ControlNet：“{file}”。</translation></message>
<message><source>“{file}” is no ControlNet.</source><translation>“{file}”不是 ControlNet。</translation></message>
<message><source>The ControlNet “{file}” is not compatible with this model.</source><translation>ControlNet“{file}”与此模型不兼容。</translation></message>
<message><source>The mask of the layer “{layer}” became part of its transparency.</source><translation>图层“{layer}”的蒙版已并入其透明度。</translation></message>
<message><source>The group “{layer}” has a mask; its layers are blended with one another only.</source><translation>组“{layer}”带有蒙版，其中的图层只在组内相互混合。</translation></message>
<message><source>Soft mask</source><translation>柔和蒙版</translation></message>
<message><source>Grey parts of the mask change less; off: they are painted anew and blended with what was there</source><translation>蒙版的灰色部分变化较小；关闭：重新绘制并与原有内容混合</translation></message>
<message><source>Exact mask</source><translation>精确蒙版</translation></message>
<message><source>Paint right up to the mask’s edge; off: blend there, and match the tone of the surroundings</source><translation>一直绘制到蒙版边缘；关闭：在边缘处融合，并匹配周围的色调</translation></message>
<message><source>A picture is upscaled two or four times, not {factor} times.</source><translation>图片可放大两倍或四倍，不能放大 {factor} 倍。</translation></message>
<message><source>The picture would become {width} × {height} pixels, which is too large.</source><translation>图片将变为 {width} × {height} 像素，太大了。</translation></message>
<message><source>The strength must be from 0 to 100 %.</source><translation>强度必须在 0 到 100 % 之间。</translation></message>
<message><source>At a strength of 0 % the picture stays as it is.</source><translation>强度为 0 % 时图片保持不变。</translation></message>
<message><source>Choose a layer with colours to filter, in Layers.</source><translation>请在图层面板中选择要应用滤镜的彩色图层。</translation></message>
<message><source>Only paint layers and groups can have a mask.</source><translation>只有绘画图层和组可以有蒙版。</translation></message>
<message><source>Adjustment layers are seen in the merged picture only: {names}.</source><translation>调整图层仅见于合并后的图片：{names}。</translation></message>
<message><source>The mask of the layer “{layer}” is applied to it.</source><translation>图层“{layer}”的蒙版已应用于它。</translation></message>
<message><source>The computer that does the work does not have the VAE {name}.</source><translation>负责工作的计算机上没有 VAE {name}。</translation></message>
<message><source>{address} is open to its own computer alone; start the first worker with --bind and an address.</source><translation>{address} 只对其本机开放；请用 --bind 加地址启动第一个工作进程。</translation></message>
<message><source>{name} uses parts of another model and cannot be sent; copy both to the computer that does the work.</source><translation>{name} 使用了另一个模型的部件，无法发送；请将两者复制到负责工作的计算机上。</translation></message>
<message><source>What was sent is no model.</source><translation>发送的内容不是模型。</translation></message>
<message><source>{name} could not be kept on the computer that does the work: {reason}.</source><translation>无法将 {name} 保存在负责工作的计算机上：{reason}。</translation></message>
<message><source>{name} does not fit on the disk of the computer that does the work: it needs {needed} MB, {free} MB are free.</source><translation>负责工作的计算机磁盘空间不足以存放 {name}：需要 {needed} MB，可用 {free} MB。</translation></message>
<message><source>{name} did not arrive whole; try again.</source><translation>{name} 未完整到达；请重试。</translation></message>
<message><source>The model file “{file}” could not be read.</source><translation>无法读取模型文件“{file}”。</translation></message>
<message><source>Reference picture</source><translation>参考图片</translation></message>
<message><source>Reference strength</source><translation>参考强度</translation></message>
<message><source>IP-Adapter</source><translation>IP-Adapter</translation></message>
<message><source>An IP-Adapter’s file, with its image encoder beside it; empty: the model’s own</source><translation>IP-Adapter 的文件，其图像编码器应在旁边；留空则用模型自带的</translation></message>
<message><source>This model has no IP-Adapter, so it cannot take after a reference picture. Choose an IP-Adapter’s file.</source><translation>该模型没有 IP-Adapter，无法参照参考图片。请选择一个 IP-Adapter 文件。</translation></message>
<message><source>The turn was made with “{file}”, which is not found any more.</source><translation>该回合使用的“{file}”已找不到。</translation></message>
<message><source>To take {size} GB of disk only, what edits of this picture need is kept less precisely; with a larger cache in the settings all of it is kept.</source><translation>为只占用 {size} GB 磁盘，编辑此图片所需的数据以较低精度保存；在设置中加大缓存即可完整保存。</translation></message>
<message><source>image encoder</source><translation>图像编码器</translation></message>
<message><source>The IP-Adapter “{file}” needs its image encoder: put the folder image_encoder beside it.</source><translation>IP-Adapter“{file}”需要其图像编码器：请将 image_encoder 文件夹放在旁边。</translation></message>
<message><source>The IP-Adapter “{file}” reads faces, which is not supported; choose one for pictures.</source><translation>IP-Adapter“{file}”读取人脸，暂不支持；请选择用于图片的。</translation></message>
<message><source>“{file}” is no IP-Adapter as a .safetensors file.</source><translation>“{file}”不是 .safetensors 格式的 IP-Adapter。</translation></message>
<message><source>The IP-Adapter “{file}” is damaged or incompatible.</source><translation>IP-Adapter“{file}”已损坏或不兼容。</translation></message>
<message><source>There is little GPU memory: the text encoder and the autoencoder now wait in main memory until they are needed.</source><translation>GPU 内存不足：文本编码器和自动编码器现在留在主内存中，需要时再调入。</translation></message>
<message><source>Memory is low: attention is now computed in parts, which is slower.</source><translation>内存不足：注意力现在分部分计算，速度较慢。</translation></message>
</context>
<context>
<name>methods</name>
<message><source>A new picture</source><translation>一张新图片</translation></message>
<message><source>{method}: {share} of the picture changed</source><translation>{method}：图片的 {share} 已更改</translation></message>
<message><source>New</source><translation>新建</translation></message>
<message><source>Opened</source><translation>已打开</translation></message>
<message><source>Painted</source><translation>已绘画</translation></message>
<message><source>Reword</source><translation>改词</translation></message>
<message><source>Repaint</source><translation>重画</translation></message>
<message><source>Redraw</source><translation>重绘</translation></message>
<message><source>Recolour</source><translation>改色</translation></message>
<message><source>Changes what the new words describe and keeps the rest exactly</source><translation>更改新词所描述的内容，其余完全不变</translation></message>
<message><source>Repaints one thing, inside the mask or where its words apply</source><translation>在蒙版内或文字所指之处重画一样东西</translation></message>
<message><source>Paints what you sketched</source><translation>画出您的草图</translation></message>
<message><source>Changes a colour or material and keeps the shapes</source><translation>改变颜色或材质，保持形状</translation></message>
<message><source>Suggested because the prompt changed.</source><translation>因描述文字更改而推荐。</translation></message>
<message><source>Suggested because only a colour or material changed.</source><translation>因仅更改颜色或材质而推荐。</translation></message>
<message><source>Suggested because only the place changed: things keep their pixels.</source><translation>建议使用，因为只有地点改变了：物体保持其像素。</translation></message>
<message><source>Suggested because there is a mask.</source><translation>因有蒙版而推荐。</translation></message>
<message><source>Suggested because there is a sketch.</source><translation>因有草图而推荐。</translation></message>
<message><source>Upscaled</source><translation>已放大</translation></message>
</context>
<context>
<name>models</name>
<message><source>Models</source><translation>模型</translation></message>
<message><source>LoRAs</source><translation>LoRA</translation></message>
<message><source>Autoencoders (VAE)</source><translation>自编码器 (VAE)</translation></message>
<message><source>Textual inversions</source><translation>文本反演</translation></message>
<message><source>ControlNets</source><translation>ControlNet</translation></message>
<message><source>T2I-Adapters</source><translation>T2I-Adapter</translation></message>
<message><source>Object selection (SAM)</source><translation>对象选择（SAM）</translation></message>
<message><source>Everything</source><translation>全部</translation></message>
<message><source>What cannot be used</source><translation>无法使用的内容</translation></message>
<message><source>Model</source><translation>模型</translation></message>
<message><source>LoRA</source><translation>LoRA</translation></message>
<message><source>VAE</source><translation>VAE</translation></message>
<message><source>Textual inversion</source><translation>文本反演</translation></message>
<message><source>ControlNet</source><translation>ControlNet</translation></message>
<message><source>T2I-Adapter</source><translation>T2I-Adapter</translation></message>
<message><source>Object selection</source><translation>对象选择</translation></message>
<message><source>{name} · in use</source><translation>{name} · 使用中</translation></message>
<message><source>Trigger words: {words}</source><translation>触发词：{words}</translation></message>
<message><source>{width} × {height} pixels</source><translation>{width} × {height} 像素</translation></message>
<message><source>a small picture-book model, works offline</source><translation>小型绘本模型，离线可用</translation></message>
<message><source>follows sketches</source><translation>可按草图绘制</translation></message>
<message><source>no sketch support</source><translation>不支持草图</translation></message>
<message><source>predicts v</source><translation>预测 v</translation></message>
<message><source>predicts noise</source><translation>预测噪声</translation></message>
<message><source>made for inpainting</source><translation>专用于局部重绘</translation></message>
</context>
<context>
<name>presets</name>
<message><source>Brush presets</source><translation>画笔预设</translation></message>
<message><source>Save brush…</source><translation>保存画笔…</translation></message>
<message><source>Import brush…</source><translation>导入画笔…</translation></message>
<message><source>Remove brush</source><translation>移除画笔</translation></message>
<message><source>Round</source><translation>圆头</translation></message>
<message><source>Soft round</source><translation>柔边圆头</translation></message>
<message><source>Pencil</source><translation>铅笔</translation></message>
<message><source>Ink</source><translation>墨水</translation></message>
<message><source>Airbrush</source><translation>喷枪</translation></message>
<message><source>Marker</source><translation>马克笔</translation></message>
<message><source>Chalk</source><translation>粉笔</translation></message>
<message><source>Charcoal</source><translation>炭笔</translation></message>
<message><source>Calligraphy</source><translation>书法笔</translation></message>
<message><source>Watercolour</source><translation>水彩</translation></message>
<message><source>Spray</source><translation>喷雾</translation></message>
</context>
<context>
<name>tools</name>
<message><source>Paint mask</source><translation>涂蒙版</translation></message>
<message><source>Mask</source><translation>蒙版</translation></message>
<message><source>Brush stroke</source><translation>画笔笔触</translation></message>
<message><source>Paint</source><translation>绘画</translation></message>
<message><source>Sketch stroke</source><translation>草图笔触</translation></message>
<message><source>Sketch</source><translation>草图</translation></message>
<message><source>Erase</source><translation>擦除</translation></message>
<message><source>Fill</source><translation>填充</translation></message>
<message><source>Select the layer to move in the Layers panel first.</source><translation>请先在图层面板中选择要移动的图层。</translation></message>
<message><source>Select</source><translation>选择</translation></message>
<message><source>Deselect</source><translation>取消选择</translation></message>
<message><source>There is no paint to erase yet. Paint first, or choose a layer in Layers.</source><translation>还没有可擦除的绘画。请先绘画，或在“图层”中选择一个图层。</translation></message>
<message><source>The transparency of the layer “{name}” is locked. Unlock it in Layers to erase.</source><translation>图层“{name}”的透明度已锁定。请在“图层”中解锁后再擦除。</translation></message>
<message><source>The layer “{name}” is locked. Unlock it in Layers to paint on it.</source><translation>图层“{name}”已锁定。请在“图层”中解锁后再绘画。</translation></message>
<message><source>Line</source><translation>直线</translation></message>
<message><source>Rectangle</source><translation>矩形</translation></message>
<message><source>Ellipse</source><translation>椭圆</translation></message>
<message><source>Gradient</source><translation>渐变</translation></message>
<message><source>Ctrl+click (or Alt+click) first where to copy from.</source><translation>请先按住 Ctrl（或 Alt）单击选择来源。</translation></message>
<message><source>Clone</source><translation>仿制</translation></message>
<message><source>Heal</source><translation>修复</translation></message>
<message><source>Smudge</source><translation>涂抹</translation></message>
</context>
<context>
<name>turns</name>
<message><source>Model: {name}</source><translation>模型：{name}</translation></message>
<message><source>LoRAs: {names}</source><translation>LoRA：{names}</translation></message>
<message><source>Seed {seed} · {steps} steps · guidance {guidance} · {sampler}</source><translation>种子 {seed} · {steps} 步 · 引导强度 {guidance} · {sampler}</translation></message>
<message><source>VAE: {name}</source><translation>VAE：{name}</translation></message>
<message><source>CLIP skip: {layer}</source><translation>CLIP skip：{layer}</translation></message>
<message><source>Strength {share} %</source><translation>强度 {share} %</translation></message>
</context>
<context>
<name>undo</name>
<message><source>Add layer</source><translation>添加图层</translation></message>
<message><source>Paste</source><translation>粘贴</translation></message>
<message><source>Add picture</source><translation>添加图片</translation></message>
<message><source>Add text</source><translation>添加文字</translation></message>
<message><source>Cut out</source><translation>抠图</translation></message>
<message><source>Trace edges</source><translation>描摹边缘</translation></message>
<message><source>Delete layer</source><translation>删除图层</translation></message>
<message><source>Reorder layer</source><translation>调整图层顺序</translation></message>
<message><source>Move layer</source><translation>移动图层</translation></message>
<message><source>Duplicate layer</source><translation>复制图层</translation></message>
<message><source>Merge down</source><translation>向下合并</translation></message>
<message><source>Merge group</source><translation>合并组</translation></message>
<message><source>Group layers</source><translation>编组图层</translation></message>
<message><source>Ungroup layers</source><translation>取消编组</translation></message>
<message><source>Change name</source><translation>更改名称</translation></message>
<message><source>Change opacity</source><translation>更改不透明度</translation></message>
<message><source>Change visibility</source><translation>更改可见性</translation></message>
<message><source>Change lock</source><translation>更改锁定</translation></message>
<message><source>Change transparency lock</source><translation>更改透明度锁定</translation></message>
<message><source>Change blend mode</source><translation>更改混合模式</translation></message>
<message><source>Change region prompt</source><translation>更改区域的描述</translation></message>
<message><source>Change position</source><translation>更改位置</translation></message>
<message><source>Add guide</source><translation>添加参考线</translation></message>
<message><source>Move guide</source><translation>移动参考线</translation></message>
<message><source>Delete guide</source><translation>删除参考线</translation></message>
<message><source>Clear guides</source><translation>清除参考线</translation></message>
<message><source>Lock guides</source><translation>锁定参考线</translation></message>
<message><source>Unlock guides</source><translation>解锁参考线</translation></message>
<message><source>New turn</source><translation>新轮次</translation></message>
<message><source>Discard result</source><translation>舍弃结果</translation></message>
<message><source>Show turn</source><translation>显示轮次</translation></message>
<message><source>Delete turn</source><translation>删除轮次</translation></message>
<message><source>Rename turn</source><translation>重命名轮次</translation></message>
<message><source>Star turn</source><translation>为轮次加星</translation></message>
<message><source>Select</source><translation>选择</translation></message>
<message><source>Canvas size</source><translation>画布大小</translation></message>
<message><source>Extend canvas</source><translation>扩展画布</translation></message>
<message><source>Crop</source><translation>裁剪</translation></message>
<message><source>Trim</source><translation>修整边缘</translation></message>
<message><source>Scale image</source><translation>缩放图像</translation></message>
<message><source>Rotate image</source><translation>旋转图像</translation></message>
<message><source>Flip image</source><translation>翻转图像</translation></message>
<message><source>Flatten image</source><translation>合并图像</translation></message>
<message><source>Transform</source><translation>变换</translation></message>
<message><source>Move selection</source><translation>移动选区</translation></message>
<message><source>Cut</source><translation>剪切</translation></message>
<message><source>Copy to new layer</source><translation>复制到新图层</translation></message>
<message><source>Cut to new layer</source><translation>剪切到新图层</translation></message>
<message><source>Brush stroke</source><translation>画笔笔触</translation></message>
<message><source>Typing</source><translation>输入文字</translation></message>
<message><source>Change negative prompt</source><translation>更改负面描述</translation></message>
<message><source>Change seed</source><translation>更改种子</translation></message>
<message><source>Change steps</source><translation>更改步数</translation></message>
<message><source>Change guidance</source><translation>更改引导强度</translation></message>
<message><source>Change sampler</source><translation>更改采样器</translation></message>
<message><source>Change variants</source><translation>更改变体数</translation></message>
<message><source>Change edit method</source><translation>更改编辑方式</translation></message>
<message><source>Reuse turn</source><translation>重用轮次</translation></message>
<message><source>Reset settings</source><translation>重置设置</translation></message>
<message><source>Change turns of layer</source><translation>更改图层所属轮次</translation></message>
<message><source>Change strength</source><translation>更改强度</translation></message>
<message><source>Change adjustment</source><translation>更改调整</translation></message>
<message><source>Add layer mask</source><translation>添加图层蒙版</translation></message>
</context>
</TS>
