<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
<name>AboutDialog</name>
<message><source>About Palimpsest</source><translation>Über Palimpsest</translation></message>
<message><source>Credits</source><translation>Mitwirkende</translation></message>
<message><source>Licences</source><translation>Lizenzen</translation></message>
</context>
<context>
<name>Actions</name>
<message><source>&amp;File</source><translation>&amp;Datei</translation></message>
<message><source>&amp;Edit</source><translation>&amp;Bearbeiten</translation></message>
<message><source>&amp;Image</source><translation>&amp;Bild</translation></message>
<message><source>&amp;Layer</source><translation>&amp;Ebene</translation></message>
<message><source>&amp;Select</source><translation>A&amp;uswahl</translation></message>
<message><source>T&amp;ools</source><translation>&amp;Werkzeuge</translation></message>
<message><source>&amp;View</source><translation>&amp;Ansicht</translation></message>
<message><source>T&amp;urn</source><translation>&amp;Runde</translation></message>
<message><source>&amp;Help</source><translation>&amp;Hilfe</translation></message>
<message><source>Open &amp;recent</source><translation>&amp;Zuletzt geöffnet</translation></message>
<message><source>&amp;Appearance</source><translation>&amp;Erscheinungsbild</translation></message>
<message><source>P&amp;lace results</source><translation>Ergebnisse &amp;ablegen</translation></message>
<message><source>Brush an&amp;d colours</source><translation>Pinsel un&amp;d Farben</translation></message>
<message><source>Ru&amp;lers, grid and guides</source><translation>&amp;Lineale, Raster und Hilfslinien</translation></message>
<message><source>&amp;Panels</source><translation>&amp;Bereiche</translation></message>
<message><source>Describe another picture, in a tab of its own</source><translation>Ein anderes Bild beschreiben, in einem eigenen Tab</translation></message>
<message><source>&amp;Open…</source><translation>Ö&amp;ffnen …</translation></message>
<message><source>C&amp;lose</source><translation>Sch&amp;ließen</translation></message>
<message><source>&amp;Save</source><translation>&amp;Speichern</translation></message>
<message><source>Save &amp;as…</source><translation>Speichern &amp;unter …</translation></message>
<message><source>Save a cop&amp;y…</source><translation>&amp;Kopie speichern…</translation></message>
<message><source>Save the layers for another program, or a copy of the project</source><translation>Die Ebenen für ein anderes Programm speichern oder eine Kopie des Projekts</translation></message>
<message><source>&amp;Export…</source><translation>&amp;Exportieren …</translation></message>
<message><source>Se&amp;ttings…</source><translation>&amp;Einstellungen …</translation></message>
<message><source>&amp;Models…</source><translation>&amp;Modelle …</translation></message>
<message><source>&amp;Cache…</source><translation>&amp;Zwischenspeicher …</translation></message>
<message><source>&amp;Quit</source><translation>&amp;Beenden</translation></message>
<message><source>&amp;Undo</source><translation>&amp;Rückgängig</translation></message>
<message><source>&amp;Redo</source><translation>&amp;Wiederholen</translation></message>
<message><source>&amp;Copy</source><translation>&amp;Kopieren</translation></message>
<message><source>&amp;Paste</source><translation>E&amp;infügen</translation></message>
<message><source>Paste the copied picture as a new layer</source><translation>Das kopierte Bild als neue Ebene einfügen</translation></message>
<message><source>Paste as s&amp;ketch</source><translation>Als S&amp;kizze einfügen</translation></message>
<message><source>Paste the copied picture as a sketch for Redraw to follow</source><translation>Das kopierte Bild als Skizze für „Neu zeichnen“ einfügen</translation></message>
<message><source>Paste as &amp;new picture</source><translation>Als &amp;neues Bild einfügen</translation></message>
<message><source>&amp;New paint layer</source><translation>&amp;Neue Malebene</translation></message>
<message><source>New &amp;mask</source><translation>Neue &amp;Maske</translation></message>
<message><source>New s&amp;ketch layer</source><translation>Neue S&amp;kizzenebene</translation></message>
<message><source>New &amp;region</source><translation>Neuer &amp;Bereich</translation></message>
<message><source>A named area: paint it with the mask brush, reuse it as a mask</source><translation>Ein benannter Bereich: mit dem Maskenpinsel malen, als Maske wiederverwenden</translation></message>
<message><source>&amp;New…</source><translation>&amp;Neu …</translation></message>
<message><source>New &amp;from a sentence</source><translation>Neu aus einem &amp;Satz</translation></message>
<message><source>Cu&amp;t</source><translation>&amp;Ausschneiden</translation></message>
<message><source>Take the selection out of the active layer</source><translation>Die Auswahl aus der aktiven Ebene ausschneiden</translation></message>
<message><source>Mask from re&amp;gion</source><translation>Maske aus dem Be&amp;reich</translation></message>
<message><source>Limit the next edit to the active region</source><translation>Die nächste Änderung auf den aktiven Bereich beschränken</translation></message>
<message><source>Trace &amp;edges…</source><translation>&amp;Kanten nachzeichnen …</translation></message>
<message><source>Trace the outlines of the picture as faint lines to draw over</source><translation>Die Umrisse des Bildes als zarte Linien zum Darüberzeichnen anlegen</translation></message>
<message><source>Mask from s&amp;ketch</source><translation>Maske aus S&amp;kizze</translation></message>
<message><source>Mask the areas where the sketch differs from the picture</source><translation>Die Stellen maskieren, an denen die Skizze vom Bild abweicht</translation></message>
<message><source>&amp;Group</source><translation>&amp;Gruppieren</translation></message>
<message><source>Group the selected layers</source><translation>Die ausgewählten Ebenen gruppieren</translation></message>
<message><source>&amp;Ungroup</source><translation>Gruppe a&amp;uflösen</translation></message>
<message><source>Duplicate la&amp;yer</source><translation>Ebene &amp;duplizieren</translation></message>
<message><source>Copy selection to new l&amp;ayer</source><translation>Auswahl in neue Ebene &amp;kopieren</translation></message>
<message><source>Copy what is selected of the active layer to a layer of its own</source><translation>Das Ausgewählte der aktiven Ebene in eine eigene Ebene kopieren</translation></message>
<message><source>Cut selection to new la&amp;yer</source><translation>Auswahl in neue Ebene ausschnei&amp;den</translation></message>
<message><source>Move what is selected of the active layer to a layer of its own</source><translation>Das Ausgewählte der aktiven Ebene in eine eigene Ebene verschieben</translation></message>
<message><source>M&amp;erge down</source><translation>Nach &amp;unten vereinen</translation></message>
<message><source>Merge the layer with the one below, or the layers of a group into one</source><translation>Die Ebene mit der darunter vereinen, eine Gruppe zu einer Ebene</translation></message>
<message><source>&amp;Delete layer</source><translation>Ebene &amp;löschen</translation></message>
<message><source>Move layer u&amp;p</source><translation>Ebene nach &amp;oben</translation></message>
<message><source>Move layer d&amp;own</source><translation>Ebene nach u&amp;nten</translation></message>
<message><source>&amp;Lock layer</source><translation>Ebene &amp;sperren</translation></message>
<message><source>Protect the layer from changes</source><translation>Die Ebene vor Änderungen schützen</translation></message>
<message><source>Lock &amp;transparency</source><translation>&amp;Transparenz sperren</translation></message>
<message><source>Paint only where the layer is not transparent</source><translation>Nur malen, wo die Ebene nicht transparent ist</translation></message>
<message><source>Show &amp;mask</source><translation>&amp;Maske zeigen</translation></message>
<message><source>Show or hide the mask over the picture</source><translation>Die Maske über dem Bild zeigen oder verbergen</translation></message>
<message><source>Outline &amp;changes</source><translation>&amp;Änderungen umranden</translation></message>
<message><source>Redraw&apos;s &amp;intermediate image…</source><translation>&amp;Zwischenbild von „Neu zeichnen“ …</translation></message>
<message><source>Show what the sketch alone would give</source><translation>Zeigen, was die Skizze allein ergäbe</translation></message>
<message><source>Com&amp;pare before and after</source><translation>&amp;Vorher und nachher vergleichen</translation></message>
<message><source>Compare the picture before and after the change, with a divider to drag</source><translation>Das Bild vor und nach der Änderung vergleichen, mit verschiebbarer Trennlinie</translation></message>
<message><source>&amp;System</source><translation>&amp;System</translation></message>
<message><source>&amp;Dark</source><translation>&amp;Dunkel</translation></message>
<message><source>&amp;Light</source><translation>&amp;Hell</translation></message>
<message><source>Ca&amp;nvas only</source><translation>N&amp;ur Leinwand</translation></message>
<message><source>&amp;Reset layout</source><translation>Anordnung &amp;zurücksetzen</translation></message>
<message><source>&amp;Run</source><translation>&amp;Ausführen</translation></message>
<message><source>Run the method shown on the button beside the prompt</source><translation>Die Methode ausführen, die der Knopf neben der Beschreibung nennt</translation></message>
<message><source>Run at the &amp;front of the queue</source><translation>&amp;Vorn in der Warteschlange ausführen</translation></message>
<message><source>L&amp;ive</source><translation>L&amp;ive</translation></message>
<message><source>Refine what you paint or sketch, stroke by stroke</source><translation>Was Sie malen oder skizzieren, Strich für Strich verfeinern</translation></message>
<message><source>Run and clear the &amp;queue</source><translation>Ausführen und &amp;Warteschlange leeren</translation></message>
<message><source>&amp;Generate new picture</source><translation>Neues Bild &amp;erzeugen</translation></message>
<message><source>Compare se&amp;veral methods…</source><translation>&amp;Verschiedene Methoden vergleichen…</translation></message>
<message><source>Make the same edit by several methods and choose among the results</source><translation>Dieselbe Änderung mit mehreren Methoden ausführen und unter den Ergebnissen wählen</translation></message>
<message><source>&amp;Apply result</source><translation>Ergebnis &amp;übernehmen</translation></message>
<message><source>Accept the result as a new turn (Enter)</source><translation>Das Ergebnis als neue Runde übernehmen (Enter)</translation></message>
<message><source>&amp;Discard result or cancel</source><translation>Ergebnis &amp;verwerfen oder abbrechen</translation></message>
<message><source>Discard the result; the picture stays as it was (Esc)</source><translation>Das Ergebnis verwerfen; das Bild bleibt, wie es war (Esc)</translation></message>
<message><source>&amp;Next result</source><translation>&amp;Nächstes Ergebnis</translation></message>
<message><source>&amp;Previous result</source><translation>Vor&amp;heriges Ergebnis</translation></message>
<message><source>&amp;Cancel current job</source><translation>Laufenden Auftrag ab&amp;brechen</translation></message>
<message><source>Cancel a&amp;ll jobs</source><translation>A&amp;lle Aufträge abbrechen</translation></message>
<message><source>&amp;Edit prompt</source><translation>&amp;Beschreibung bearbeiten</translation></message>
<message><source>Go to turn a&amp;bove</source><translation>Zur Runde &amp;darüber</translation></message>
<message><source>Go to turn belo&amp;w</source><translation>Zur Runde dar&amp;unter</translation></message>
<message><source>Searc&amp;h turns</source><translation>Runden durch&amp;suchen</translation></message>
<message><source>&amp;Star turn</source><translation>Runde mit &amp;Stern merken</translation></message>
<message><source>Rena&amp;me turn…</source><translation>Runde um&amp;benennen …</translation></message>
<message><source>Dele&amp;te turn…</source><translation>Runde &amp;löschen …</translation></message>
<message><source>Sh&amp;ow results when they arrive</source><translation>Ergebnisse &amp;zeigen, sobald sie da sind</translation></message>
<message><source>Otherwise they wait until you open them</source><translation>Sonst warten sie, bis Sie sie öffnen</translation></message>
<message><source>Appl&amp;y results automatically</source><translation>Ergebnisse &amp;automatisch übernehmen</translation></message>
<message><source>In a new layer on &amp;top</source><translation>In eine neue Ebene ganz &amp;oben</translation></message>
<message><source>In a new layer &amp;above the active one</source><translation>In eine neue Ebene &amp;über der aktiven</translation></message>
<message><source>Directly in the &amp;picture</source><translation>Direkt ins &amp;Bild</translation></message>
<message><source>Keyboard &amp;shortcuts</source><translation>&amp;Tastenkürzel</translation></message>
<message><source>Show &amp;log folder</source><translation>&amp;Protokollordner zeigen</translation></message>
<message><source>Warnings and crash reports, to attach to a bug report</source><translation>Warnungen und Absturzberichte, als Anlage zu einem Fehlerbericht</translation></message>
<message><source>&amp;About Palimpsest</source><translation>&amp;Über Palimpsest</translation></message>
<message><source>&amp;Hand</source><translation>&amp;Hand</translation></message>
<message><source>Pan the view</source><translation>Die Ansicht verschieben</translation></message>
<message><source>Mo&amp;ve</source><translation>&amp;Verschieben</translation></message>
<message><source>Move the active layer</source><translation>Die aktive Ebene verschieben</translation></message>
<message><source>&amp;Transform</source><translation>&amp;Transformieren</translation></message>
<message><source>Move, scale, rotate, flip or shear the active layer or the selection</source><translation>Die aktive Ebene oder die Auswahl verschieben, skalieren, drehen, spiegeln oder scheren</translation></message>
<message><source>&amp;Crop</source><translation>Zus&amp;chneiden</translation></message>
<message><source>Cut the picture to a rectangle</source><translation>Das Bild auf ein Rechteck zuschneiden</translation></message>
<message><source>&amp;Rectangular selection</source><translation>&amp;Rechteckauswahl</translation></message>
<message><source>Select a rectangular area</source><translation>Einen rechteckigen Bereich auswählen</translation></message>
<message><source>Elli&amp;ptical selection</source><translation>&amp;Ellipsenauswahl</translation></message>
<message><source>Select an elliptical area</source><translation>Einen elliptischen Bereich auswählen</translation></message>
<message><source>&amp;Lasso</source><translation>&amp;Lasso</translation></message>
<message><source>Select freehand</source><translation>Freihand auswählen</translation></message>
<message><source>Pol&amp;ygonal lasso</source><translation>Viel&amp;ecklasso</translation></message>
<message><source>Select corner by corner; press Enter or double-click to close</source><translation>Ecke für Ecke auswählen; Enter oder Doppelklick schließt ab</translation></message>
<message><source>Magic &amp;wand</source><translation>Zauber&amp;stab</translation></message>
<message><source>Select areas of similar colour with a click</source><translation>Flächen ähnlicher Farbe mit einem Klick auswählen</translation></message>
<message><source>Select ob&amp;ject</source><translation>Ob&amp;jekt auswählen</translation></message>
<message><source>Select a thing with a click, or with a box around it</source><translation>Ein Ding mit einem Klick oder einem Rahmen auswählen</translation></message>
<message><source>&amp;Mask brush</source><translation>&amp;Maskenpinsel</translation></message>
<message><source>Paint where the picture may change</source><translation>Malen, wo sich das Bild ändern darf</translation></message>
<message><source>&amp;Brush</source><translation>&amp;Pinsel</translation></message>
<message><source>Paint on the active layer</source><translation>Auf der aktiven Ebene malen</translation></message>
<message><source>S&amp;ketch brush</source><translation>S&amp;kizzenpinsel</translation></message>
<message><source>Draw guide lines for Redraw; they are not part of the picture</source><translation>Linien für „Neu zeichnen“ vorgeben; sie gehören nicht zum Bild</translation></message>
<message><source>&amp;Eraser</source><translation>&amp;Radierer</translation></message>
<message><source>Erase on the active layer</source><translation>Auf der aktiven Ebene radieren</translation></message>
<message><source>Clo&amp;ne stamp</source><translation>Klo&amp;nstempel</translation></message>
<message><source>Paint with what is seen elsewhere in the picture</source><translation>Mit dem malen, was anderswo im Bild zu sehen ist</translation></message>
<message><source>H&amp;eal</source><translation>R&amp;eparieren</translation></message>
<message><source>Cover a blemish with texture from elsewhere, in the tones around it</source><translation>Einen Makel mit Struktur von anderswo in den Tönen der Umgebung überdecken</translation></message>
<message><source>Sm&amp;udge</source><translation>&amp;Verwischen</translation></message>
<message><source>Smear what you see</source><translation>Verwischen, was zu sehen ist</translation></message>
<message><source>&amp;Fill</source><translation>&amp;Füllen</translation></message>
<message><source>Fill areas of similar colour</source><translation>Flächen ähnlicher Farbe füllen</translation></message>
<message><source>&amp;Gradient</source><translation>Verlau&amp;f</translation></message>
<message><source>Blend from the foreground to the background colour</source><translation>Von der Vordergrund- zur Hintergrundfarbe verlaufen</translation></message>
<message><source>Line</source><translation>Linie</translation></message>
<message><source>Draw a straight line</source><translation>Eine gerade Linie zeichnen</translation></message>
<message><source>Rectangle</source><translation>Rechteck</translation></message>
<message><source>Draw a rectangle</source><translation>Ein Rechteck zeichnen</translation></message>
<message><source>Ellipse</source><translation>Ellipse</translation></message>
<message><source>Draw an ellipse</source><translation>Eine Ellipse zeichnen</translation></message>
<message><source>Te&amp;xt</source><translation>Te&amp;xt</translation></message>
<message><source>Write on the picture, or change what is written</source><translation>Auf das Bild schreiben oder Geschriebenes ändern</translation></message>
<message><source>Colour p&amp;icker</source><translation>Pi&amp;pette</translation></message>
<message><source>Increase brush si&amp;ze</source><translation>Pinsel ver&amp;größern</translation></message>
<message><source>Decrea&amp;se brush size</source><translation>Pinsel ver&amp;kleinern</translation></message>
<message><source>Increase brush hardness</source><translation>Pinselhärte erhöhen</translation></message>
<message><source>Decrease brush hardness</source><translation>Pinselhärte verringern</translation></message>
<message><source>Mirror &amp;left and right</source><translation>&amp;Links und rechts spiegeln</translation></message>
<message><source>Repeat strokes on the other side, left and right</source><translation>Striche auf der anderen Seite wiederholen, links und rechts</translation></message>
<message><source>Mirror &amp;top and bottom</source><translation>&amp;Oben und unten spiegeln</translation></message>
<message><source>Repeat strokes on the other side, top and bottom</source><translation>Striche auf der anderen Seite wiederholen, oben und unten</translation></message>
<message><source>Swap &amp;colours</source><translation>&amp;Farben tauschen</translation></message>
<message><source>&amp;Default colours</source><translation>S&amp;tandardfarben</translation></message>
<message><source>&amp;All</source><translation>&amp;Alles</translation></message>
<message><source>&amp;None</source><translation>&amp;Nichts</translation></message>
<message><source>&amp;Invert</source><translation>&amp;Umkehren</translation></message>
<message><source>By &amp;colour…</source><translation>Nach &amp;Farbe …</translation></message>
<message><source>&amp;Grow…</source><translation>&amp;Vergrößern …</translation></message>
<message><source>&amp;Shrink…</source><translation>Ver&amp;kleinern …</translation></message>
<message><source>&amp;Feather…</source><translation>&amp;Weiche Kante …</translation></message>
<message><source>&amp;Mask from selection</source><translation>&amp;Maske aus Auswahl</translation></message>
<message><source>Limit the next edit to the selection</source><translation>Die nächste Änderung auf die Auswahl beschränken</translation></message>
<message><source>Selection from mas&amp;k</source><translation>Auswahl aus Mas&amp;ke</translation></message>
<message><source>Cut &amp;out to a layer</source><translation>Als Ebene aus&amp;schneiden</translation></message>
<message><source>Copy what the selection shows to a layer of its own</source><translation>Was die Auswahl zeigt, in eine eigene Ebene kopieren</translation></message>
<message><source>Fill &amp;behind…</source><translation>&amp;Hintergrund füllen …</translation></message>
<message><source>Repaint the selection with what is behind it</source><translation>Die Auswahl mit dem übermalen, was dahinter ist</translation></message>
<message><source>Fill with foreground &amp;colour</source><translation>Mit Vordergrund&amp;farbe füllen</translation></message>
<message><source>C&amp;lear pixels</source><translation>Pixel &amp;löschen</translation></message>
<message><source>Clea&amp;r mask</source><translation>Maske lee&amp;ren</translation></message>
<message><source>Erase the whole mask</source><translation>Die ganze Maske löschen</translation></message>
<message><source>In&amp;vert mask</source><translation>Maske &amp;umkehren</translation></message>
<message><source>F&amp;ull screen</source><translation>&amp;Vollbild</translation></message>
<message><source>&amp;Fit in window</source><translation>&amp;Einpassen</translation></message>
<message><source>&amp;100 %</source><translation>&amp;100 %</translation></message>
<message><source>Zoom &amp;in</source><translation>Ver&amp;größern</translation></message>
<message><source>Zoom &amp;out</source><translation>Ver&amp;kleinern</translation></message>
<message><source>Rotate view le&amp;ft</source><translation>Ansicht nach &amp;links drehen</translation></message>
<message><source>Rotate view ri&amp;ght</source><translation>Ansicht nach &amp;rechts drehen</translation></message>
<message><source>M&amp;irror view</source><translation>Ansicht s&amp;piegeln</translation></message>
<message><source>Rese&amp;t view</source><translation>Ansicht &amp;zurücksetzen</translation></message>
<message><source>Undo rotating and mirroring the view</source><translation>Drehung und Spiegelung der Ansicht aufheben</translation></message>
<message><source>Gri&amp;d</source><translation>Ras&amp;ter</translation></message>
<message><source>&amp;Snap to grid</source><translation>Am Raster &amp;einrasten</translation></message>
<message><source>Shapes, texts, selections and what is moved or cropped keep to the grid</source><translation>Formen, Texte, Auswahlen und was verschoben oder zugeschnitten wird, halten sich an das Raster</translation></message>
<message><source>Grid spac&amp;ing…</source><translation>Raster&amp;abstand …</translation></message>
<message><source>R&amp;ulers</source><translation>&amp;Lineale</translation></message>
<message><source>Guid&amp;es</source><translation>&amp;Hilfslinien</translation></message>
<message><source>Sn&amp;ap to guides</source><translation>An Hilfslinien ei&amp;nrasten</translation></message>
<message><source>Shapes, texts, selections and what is moved or cropped keep to guides nearby</source><translation>Formen, Texte, Auswahlen und was verschoben oder zugeschnitten wird, halten sich an nahe Hilfslinien</translation></message>
<message><source>Loc&amp;k guides</source><translation>Hilfslinien s&amp;perren</translation></message>
<message><source>Ne&amp;w guide…</source><translation>Ne&amp;ue Hilfslinie …</translation></message>
<message><source>Clea&amp;r guides</source><translation>Hilfslinien l&amp;öschen</translation></message>
<message><source>Ne&amp;xt tab</source><translation>Näc&amp;hster Tab</translation></message>
<message><source>Pre&amp;vious tab</source><translation>&amp;Voriger Tab</translation></message>
<message><source>Show on every t&amp;urn</source><translation>In jeder R&amp;unde zeigen</translation></message>
<message><source>Off: the layer goes with the turn it was painted on</source><translation>Aus: Die Ebene gehört zu der Runde, in der sie gemalt wurde</translation></message>
<message><source>Pick a colour from the picture (Ctrl or Alt with any brush)</source><translation>Eine Farbe aus dem Bild aufnehmen (Strg oder Alt mit jedem Pinsel)</translation></message>
<message><source>&amp;Canvas size…</source><translation>&amp;Leinwandgröße …</translation></message>
<message><source>Make the canvas larger or smaller; extend the picture</source><translation>Die Leinwand größer oder kleiner machen; das Bild erweitern</translation></message>
<message><source>C&amp;rop to selection</source><translation>Auf Auswahl &amp;zuschneiden</translation></message>
<message><source>&amp;Trim</source><translation>&amp;Ränder abschneiden</translation></message>
<message><source>Cut off the empty or plain borders of the picture</source><translation>Leere oder einfarbige Ränder des Bildes abschneiden</translation></message>
<message><source>&amp;Scale image…</source><translation>Bild &amp;skalieren …</translation></message>
<message><source>Rotate 90° cloc&amp;kwise</source><translation>90° im &amp;Uhrzeigersinn drehen</translation></message>
<message><source>Rotate 90° counterclock&amp;wise</source><translation>90° &amp;gegen den Uhrzeigersinn drehen</translation></message>
<message><source>Rotate &amp;180°</source><translation>Um &amp;180° drehen</translation></message>
<message><source>Flip &amp;horizontally</source><translation>&amp;Horizontal spiegeln</translation></message>
<message><source>Flip &amp;vertically</source><translation>&amp;Vertikal spiegeln</translation></message>
<message><source>&amp;Flatten</source><translation>Auf eine &amp;Ebene reduzieren</translation></message>
<message><source>Merge all visible layers into one</source><translation>Alle sichtbaren Ebenen zu einer vereinen</translation></message>
<message><source>&amp;What can it paint?</source><translation>&amp;Was kann es malen?</translation></message>
<message><source>The words that the model knows, with pictures</source><translation>Die Wörter, die das Modell kennt, mit Bildern</translation></message>
<message><source>Make the picture larger and paint the detail that is missing</source><translation>Das Bild vergrößern und fehlende Einzelheiten malen</translation></message>
<message><source>&amp;Upscale 2×</source><translation>&amp;Vergrößern 2×</translation></message>
<message><source>U&amp;pscale 4×</source><translation>Ver&amp;größern 4×</translation></message>
<message><source>Filte&amp;r</source><translation>Filte&amp;r</translation></message>
<message><source>New ad&amp;justment layer</source><translation>Neue E&amp;instellungsebene</translation></message>
<message><source>&amp;Levels…</source><translation>&amp;Tonwerte …</translation></message>
<message><source>&amp;Curves…</source><translation>&amp;Kurven …</translation></message>
<message><source>&amp;Hue and saturation…</source><translation>&amp;Farbton und Sättigung …</translation></message>
<message><source>Colour &amp;balance…</source><translation>Farb&amp;balance …</translation></message>
<message><source>&amp;Edit adjustment…</source><translation>E&amp;instellung bearbeiten …</translation></message>
<message><source>Change the numbers of the active adjustment layer</source><translation>Die Werte der aktiven Einstellungsebene ändern</translation></message>
<message><source>Add layer mask</source><translation>Ebenenmaske hinzufügen</translation></message>
<message><source>Hide parts of the layer without losing them: erase on its mask</source><translation>Teile der Ebene verbergen, ohne sie zu verlieren: auf ihrer Maske radieren</translation></message>
<message><source>&amp;Clip to layers below</source><translation>Auf Ebenen darunter &amp;beschränken</translation></message>
<message><source>Show the layer only where those below it in its group are</source><translation>Die Ebene nur dort zeigen, wo die darunter in ihrer Gruppe sind</translation></message>
<message><source>Gaussian &amp;blur…</source><translation>Gaußscher &amp;Weichzeichner …</translation></message>
<message><source>&amp;Sharpen…</source><translation>&amp;Schärfen …</translation></message>
<message><source>Add &amp;noise…</source><translation>&amp;Rauschen hinzufügen …</translation></message>
</context>
<context>
<name>AdjustmentDialog</name>
<message><source>Channel</source><translation>Kanal</translation></message>
</context>
<context>
<name>Aids</name>
<message><source>Grid spacing</source><translation>Rasterabstand</translation></message>
<message><source>Pixels:</source><translation>Pixel:</translation></message>
</context>
<context>
<name>Anchor</name>
<message><source>top left</source><translation>oben links</translation></message>
<message><source>top</source><translation>oben</translation></message>
<message><source>top right</source><translation>oben rechts</translation></message>
<message><source>left</source><translation>links</translation></message>
<message><source>middle</source><translation>Mitte</translation></message>
<message><source>right</source><translation>rechts</translation></message>
<message><source>bottom left</source><translation>unten links</translation></message>
<message><source>bottom</source><translation>unten</translation></message>
<message><source>bottom right</source><translation>unten rechts</translation></message>
<message><source>The picture stays: {place}</source><translation>Das Bild bleibt: {place}</translation></message>
</context>
<context>
<name>Asking</name>
<message><source>This picture was made with LoRAs: {names}.</source><translation>Dieses Bild entstand mit LoRAs: {names}.</translation></message>
<message><source>Use mask</source><translation>Maske verwenden</translation></message>
<message><source>Mask</source><translation>Maske</translation></message>
</context>
<context>
<name>BlendBox</name>
<message><source>Blend mode</source><translation>Mischmodus</translation></message>
<message><source>How the layer blends with the layers below</source><translation>Wie sich die Ebene mit den Ebenen darunter mischt</translation></message>
</context>
<context>
<name>BrushOptions</name>
<message><source>Size</source><translation>Größe</translation></message>
<message><source>Hardness</source><translation>Härte</translation></message>
<message><source>Opacity</source><translation>Deckkraft</translation></message>
<message><source>Flow</source><translation>Fluss</translation></message>
<message><source>Smoothing</source><translation>Glättung</translation></message>
<message><source>Pen pressure controls size</source><translation>Stiftdruck bestimmt die Größe</translation></message>
<message><source>Pen pressure controls opacity</source><translation>Stiftdruck bestimmt die Deckkraft</translation></message>
<message><source>Flow, smoothing, pen pressure</source><translation>Fluss, Glättung, Stiftdruck</translation></message>
</context>
<context>
<name>Brushes</name>
<message><source>Save brush</source><translation>Pinsel speichern</translation></message>
<message><source>Name:</source><translation>Name:</translation></message>
<message><source>GIMP brushes (*{ending})</source><translation>GIMP-Pinsel (*{ending})</translation></message>
<message><source>Photoshop brushes are not read, but GIMP can convert them (*{ending})</source><translation>Photoshop-Pinsel werden nicht gelesen, GIMP kann sie aber umwandeln (*{ending})</translation></message>
<message><source>Import brush</source><translation>Pinsel importieren</translation></message>
</context>
<context>
<name>CacheDialog</name>
<message><source>Cache</source><translation>Zwischenspeicher</translation></message>
<message><source>Waiting for the current job to finish…</source><translation>Warten, bis der laufende Auftrag fertig ist …</translation></message>
<message><source>Cache contents</source><translation>Inhalt des Zwischenspeichers</translation></message>
<message><source>Project</source><translation>Projekt</translation></message>
<message><source>Turns</source><translation>Runden</translation></message>
<message><source>Memory</source><translation>Speicher</translation></message>
<message><source>Disk</source><translation>Festplatte</translation></message>
<message><source>Clearing the cache deletes no pictures. The next edit of a cleared project takes longer once, while its turns are recomputed.</source><translation>Beim Leeren wird kein Bild gelöscht. Die nächste Änderung eines geleerten Projekts dauert einmal länger, weil seine Runden neu berechnet werden.</translation></message>
<message><source>Clear selected</source><translation>Ausgewählte leeren</translation></message>
<message><source>Clear all</source><translation>Alles leeren</translation></message>
<message><source>Close</source><translation>Schließen</translation></message>
<message><source>{memory} of {memory_limit} in memory, {disk} of {disk_limit} on disk in {folder}</source><translation>{memory} von {memory_limit} im Speicher, {disk} von {disk_limit} auf der Festplatte in {folder}</translation></message>
<message><source>Other or deleted projects</source><translation>Andere oder gelöschte Projekte</translation></message>
</context>
<context>
<name>Canvas</name>
<message><source>Canvas</source><translation>Leinwand</translation></message>
</context>
<context>
<name>CanvasSizeDialog</name>
<message><source>Canvas size</source><translation>Leinwandgröße</translation></message>
<message><source>Continue the picture, to be repainted</source><translation>Bild fortsetzen, zum Übermalen</translation></message>
<message><source>Transparent</source><translation>Transparent</translation></message>
<message><source>Colour</source><translation>Farbe</translation></message>
<message><source>New area</source><translation>Neue Fläche</translation></message>
<message><source>Colour of the new area</source><translation>Farbe der neuen Fläche</translation></message>
<message><source>Round up to multiples of {count} pixels</source><translation>Auf Vielfache von {count} Pixeln aufrunden</translation></message>
<message><source>Sizes that the model paints without padding</source><translation>Größen, die das Modell ohne Rand malt</translation></message>
<message><source>Anchor</source><translation>Anker</translation></message>
<message><source>{old_width} × {old_height} becomes {width} × {height} pixels.</source><translation>Aus {old_width} × {old_height} werden {width} × {height} Pixel.</translation></message>
<message><source>The new area becomes the mask: describe it, then repaint.</source><translation>Die neue Fläche wird zur Maske: beschreiben, dann übermalen.</translation></message>
</context>
<context>
<name>Closing</name>
<message><source>Unsaved changes</source><translation>Nicht gespeicherte Änderungen</translation></message>
<message><source>Save the changes to these pictures?</source><translation>Änderungen an diesen Bildern speichern?</translation></message>
<message><source>What is not checked loses its changes.</source><translation>Was nicht angekreuzt ist, verliert seine Änderungen.</translation></message>
<message><source>Save checked</source><translation>Angekreuzte speichern</translation></message>
<message><source>Cancel</source><translation>Abbrechen</translation></message>
<message><source>Don&apos;t save</source><translation>Nicht speichern</translation></message>
</context>
<context>
<name>ColourEditor</name>
<message><source>Hue</source><translation>Farbton</translation></message>
<message><source>Saturation</source><translation>Sättigung</translation></message>
<message><source>Brightness</source><translation>Helligkeit</translation></message>
<message><source>Hexadecimal colour</source><translation>Farbe in Hexadezimalzahlen</translation></message>
<message><source>Hexadecimal colour or its English name, such as #8000ff or violet</source><translation>Farbe in Hexadezimalzahlen oder ihr englischer Name, etwa #8000ff oder violet</translation></message>
<message><source>Hex</source><translation>Hex</translation></message>
</context>
<context>
<name>ColourPair</name>
<message><source>Background colour (X: swap, D: default colours)</source><translation>Hintergrundfarbe (X: tauschen, D: Standardfarben)</translation></message>
<message><source>Foreground colour (X: swap, D: default colours)</source><translation>Vordergrundfarbe (X: tauschen, D: Standardfarben)</translation></message>
</context>
<context>
<name>ColourPanel</name>
<message><source>Swap colours (X)</source><translation>Farben tauschen (X)</translation></message>
<message><source>Recent colours</source><translation>Letzte Farben</translation></message>
<message><source>Palette</source><translation>Palette</translation></message>
<message><source>Import or remove palettes</source><translation>Paletten importieren oder entfernen</translation></message>
<message><source>Colours of the palette</source><translation>Farben der Palette</translation></message>
<message><source>Import palette…</source><translation>Palette importieren …</translation></message>
<message><source>Remove palette</source><translation>Palette entfernen</translation></message>
</context>
<context>
<name>ColourRangeDialog</name>
<message><source>Select by colour</source><translation>Nach Farbe auswählen</translation></message>
<message><source>Colour to select</source><translation>Auszuwählende Farbe</translation></message>
<message><source>Tolerance</source><translation>Toleranz</translation></message>
<message><source>Click a colour to select it</source><translation>Klicken Sie auf die Farbe, die ausgewählt werden soll</translation></message>
<message><source>Select</source><translation>Auswählen</translation></message>
</context>
<context>
<name>ColourWheel</name>
<message><source>Colour wheel</source><translation>Farbkreis</translation></message>
<message><source>Ring: hue. Square: saturation and brightness.</source><translation>Ring: Farbton. Quadrat: Sättigung und Helligkeit.</translation></message>
</context>
<context>
<name>Colouring</name>
<message><source>GIMP palettes (*{ending})</source><translation>GIMP-Paletten (*{ending})</translation></message>
<message><source>Import palette</source><translation>Palette importieren</translation></message>
</context>
<context>
<name>CompareMethodsDialog</name>
<message><source>Compare methods</source><translation>Methoden vergleichen</translation></message>
<message><source>Prompt</source><translation>Beschreibung</translation></message>
<message><source>What the picture should show</source><translation>Was das Bild zeigen soll</translation></message>
<message><source>Compare</source><translation>Vergleichen</translation></message>
<message><source>Cancel</source><translation>Abbrechen</translation></message>
<message><source>Methods</source><translation>Methoden</translation></message>
<message><source>Keep to the mask</source><translation>An die Maske halten</translation></message>
<message><source>Methods that take a mask get yours; the others ignore it</source><translation>Methoden, die eine Maske nutzen, bekommen Ihre; die anderen beachten sie nicht</translation></message>
<message><source>Choose weights…</source><translation>Gewichte wählen…</translation></message>
<message><source>This method needs a model of its own: choose its folder</source><translation>Diese Methode braucht ein eigenes Modell: Wählen Sie seinen Ordner</translation></message>
<message><source>Split view</source><translation>Geteilte Ansicht</translation></message>
<message><source>Side by side</source><translation>Nebeneinander</translation></message>
<message><source>Difference</source><translation>Unterschied</translation></message>
<message><source>Before and after</source><translation>Vorher und nachher</translation></message>
<message><source>Make it a turn</source><translation>Als Runde übernehmen</translation></message>
<message><source>Close</source><translation>Schließen</translation></message>
<message><source>Folder with the method&apos;s model</source><translation>Ordner mit dem Modell der Methode</translation></message>
<message><source>{seconds} s, {share} % changed</source><translation>{seconds} s, {share} % geändert</translation></message>
<message><source>Step {done} of {total}</source><translation>Schritt {done} von {total}</translation></message>
<message><source>Needs a model of its own</source><translation>Braucht ein eigenes Modell</translation></message>
<message><source>Waiting</source><translation>Wartet</translation></message>
<message><source>Running</source><translation>Läuft</translation></message>
<message><source>Cancelled</source><translation>Abgebrochen</translation></message>
<message><source>Before</source><translation>Vorher</translation></message>
<message><source>What changed</source><translation>Was sich geändert hat</translation></message>
<message><source>Change the words first</source><translation>Zuerst die Worte ändern</translation></message>
<message><source>{done} of {total} methods are done.</source><translation>{done} von {total} Methoden sind fertig.</translation></message>
</context>
<context>
<name>CompareView</name>
<message><source>Split view</source><translation>Geteilte Ansicht</translation></message>
<message><source>Side by side</source><translation>Nebeneinander</translation></message>
<message><source>Back to the picture</source><translation>Zurück zum Bild</translation></message>
</context>
<context>
<name>Comparing</name>
<message><source>Compare {method}: {words}</source><translation>Vergleich {method}: {words}</translation></message>
<message><source>The turn that was compared is not there any more.</source><translation>Die verglichene Runde gibt es nicht mehr.</translation></message>
<message><source>Analyse: {words}</source><translation>Analysieren: {words}</translation></message>
</context>
<context>
<name>ComputeForm</name>
<message><source>Work is done by</source><translation>Die Arbeit macht</translation></message>
<message><source>This computer</source><translation>Dieser Computer</translation></message>
<message><source>Workers at an address</source><translation>Worker an einer Adresse</translation></message>
<message><source>Address</source><translation>Adresse</translation></message>
<message><source>Token</source><translation>Token</translation></message>
<message><source>Test connection</source><translation>Verbindung testen</translation></message>
<message><source>Connecting…</source><translation>Verbindung wird aufgebaut …</translation></message>
</context>
<context>
<name>CopyDialog</name>
<message><source>Copy as {format}</source><translation>Kopie als {format}</translation></message>
<message><source>&amp;Keep blend modes</source><translation>Mischmodi be&amp;halten</translation></message>
<message><source>&amp;Look the same in every program</source><translation>In jedem Programm g&amp;leich aussehen</translation></message>
<message><source>GIMP shows some modes in this picture its own way: {modes}.</source><translation>GIMP zeigt einige Modi dieses Bildes auf eigene Weise: {modes}.</translation></message>
<message><source>Save</source><translation>Speichern</translation></message>
<message><source>Layers stay as editable as they are.</source><translation>Ebenen bleiben so bearbeitbar, wie sie sind.</translation></message>
<message><source>Modes become part of the pixels: every layer is a normal one.</source><translation>Die Modi gehen in die Pixel ein: Alle Ebenen sind normale.</translation></message>
</context>
<context>
<name>CropOptions</name>
<message><source>Left</source><translation>Links</translation></message>
<message><source>Top</source><translation>Oben</translation></message>
<message><source>Width</source><translation>Breite</translation></message>
<message><source>Height</source><translation>Höhe</translation></message>
<message><source>Crop</source><translation>Zuschneiden</translation></message>
<message><source>Cut the picture to the rectangle (Enter)</source><translation>Das Bild auf das Rechteck zuschneiden (Enter)</translation></message>
</context>
<context>
<name>CurveEdit</name>
<message><source>Curve</source><translation>Kurve</translation></message>
<message><source>Click: add a point. Drag out of the square: remove it.</source><translation>Klick: Punkt hinzufügen. Aus dem Quadrat ziehen: entfernen.</translation></message>
</context>
<context>
<name>Cutting</name>
<message><source>{name} cut-out</source><translation>{name} (Ausschnitt)</translation></message>
<message><source>Select the layer to cut from in the Layers panel first.</source><translation>Wähle zuerst unter Ebenen die Ebene, aus der ausgeschnitten wird.</translation></message>
</context>
<context>
<name>DescribeDialog</name>
<message><source>Describe the picture</source><translation>Das Bild beschreiben</translation></message>
<message><source>What does the picture show?</source><translation>Was zeigt das Bild?</translation></message>
<message><source>One plain sentence, such as “a fox on snow”. Edit the picture later by changing its words.</source><translation>Ein einfacher Satz, etwa „a fox on snow“. Später ändern Sie das Bild, indem Sie seine Worte ändern.</translation></message>
<message><source>Description of the picture</source><translation>Beschreibung des Bildes</translation></message>
<message><source>Skip</source><translation>Überspringen</translation></message>
<message><source>Start painting right away; you can describe the picture later</source><translation>Gleich losmalen; beschreiben können Sie das Bild später</translation></message>
</context>
<context>
<name>DocumentTabs</name>
<message><source>Open pictures</source><translation>Offene Bilder</translation></message>
<message><source>&amp;Close</source><translation>&amp;Schließen</translation></message>
<message><source>Close &amp;others</source><translation>&amp;Andere schließen</translation></message>
<message><source>Close &amp;all</source><translation>A&amp;lle schließen</translation></message>
<message><source>unsaved changes</source><translation>nicht gespeicherte Änderungen</translation></message>
<message><source>{percent} % done</source><translation>zu {percent} % fertig</translation></message>
<message><source>a result has come</source><translation>ein Ergebnis ist da</translation></message>
<message><source>a job failed</source><translation>ein Auftrag ist fehlgeschlagen</translation></message>
</context>
<context>
<name>DownloadList</name>
<message><source>Download: owner/name on Hugging Face, or the address of a .safetensors file</source><translation>Herunterladen: Besitzer/Name auf Hugging Face oder die Adresse einer .safetensors-Datei</translation></message>
<message><source>Model to download</source><translation>Modell zum Herunterladen</translation></message>
<message><source>Download</source><translation>Herunterladen</translation></message>
</context>
<context>
<name>Drawing</name>
<message><source>Edges</source><translation>Kanten</translation></message>
<message><source>Mask from sketch</source><translation>Maske aus Skizze</translation></message>
<message><source>Mask</source><translation>Maske</translation></message>
<message><source>What the sketch alone would give, before the texture of the picture is applied.</source><translation>Was die Skizze allein ergäbe, bevor die Struktur des Bildes übernommen wird.</translation></message>
<message><source>Intermediate image</source><translation>Zwischenbild</translation></message>
</context>
<context>
<name>Editing</name>
<message><source>New: {words}</source><translation>Neu: {words}</translation></message>
<message><source>Analyse painted changes</source><translation>Gemaltes analysieren</translation></message>
<message><source>Analyse: {words}</source><translation>Analysieren: {words}</translation></message>
<message><source>The canvas was changed meanwhile, so a result does not fit. Run it again.</source><translation>Die Leinwand wurde inzwischen geändert, daher passt ein Ergebnis nicht mehr. Bitte noch einmal ausführen.</translation></message>
<message><source>Upscale {factor}×</source><translation>Vergrößern {factor}×</translation></message>
</context>
<context>
<name>ExportDialog</name>
<message><source>Export as {format}</source><translation>Als {format} exportieren</translation></message>
<message><source>Lossless</source><translation>Verlustfrei</translation></message>
<message><source>Keep transparency</source><translation>Transparenz behalten</translation></message>
<message><source>Background colour</source><translation>Hintergrundfarbe</translation></message>
<message><source>sRGB</source><translation>sRGB</translation></message>
<message><source>Embed how it was made (prompt, seed, model)</source><translation>Entstehung einbetten (Beschreibung, Startwert, Modell)</translation></message>
<message><source>Export</source><translation>Exportieren</translation></message>
<message><source>Quality</source><translation>Qualität</translation></message>
<message><source>Embed photo details (camera, location, copyright)</source><translation>Angaben des Fotos einbetten (Kamera, Ort, Urheber)</translation></message>
<message><source>Transparent areas</source><translation>Transparente Bereiche</translation></message>
<message><source>Colour profile</source><translation>Farbprofil</translation></message>
<message><source>Sign with content credentials (C2PA)</source><translation>Mit Herkunftsnachweis signieren (C2PA)</translation></message>
<message><source>A list of the edits, signed with a certificate that Palimpsest makes for you itself</source><translation>Eine Liste der Bearbeitungen, signiert mit einem Zertifikat, das Palimpsest selbst für Sie erstellt</translation></message>
</context>
<context>
<name>Exporting</name>
<message><source>Export picture</source><translation>Bild exportieren</translation></message>
<message><source>Save a copy</source><translation>Kopie speichern</translation></message>
<message><source>“{file}” was written.</source><translation>„{file}“ wurde gespeichert.</translation></message>
</context>
<context>
<name>Files</name>
<message><source>Untitled</source><translation>Unbenannt</translation></message>
<message><source>Projects and pictures ({endings})</source><translation>Projekte und Bilder ({endings})</translation></message>
<message><source>All files (*)</source><translation>Alle Dateien (*)</translation></message>
<message><source>Open</source><translation>Öffnen</translation></message>
<message><source>Palimpsest project (*{ending})</source><translation>Palimpsest-Projekt (*{ending})</translation></message>
<message><source>Save as</source><translation>Speichern unter</translation></message>
<message><source>“{file}” is open in another tab. Close that first, or choose another name.</source><translation>„{file}“ ist in einem anderen Tab offen. Schließen Sie zuerst diesen, oder wählen Sie einen anderen Namen.</translation></message>
<message><source>Save</source><translation>Speichern</translation></message>
<message><source>It has new layers, too. They can be put on top of yours.</source><translation>Dort gibt es auch neue Ebenen. Sie können über Ihre gelegt werden.</translation></message>
<message><source>Add its turns and layers</source><translation>Runden und Ebenen hinzufügen</translation></message>
<message><source>Add its turns only</source><translation>Nur die Runden hinzufügen</translation></message>
<message><source>Its turns can be added to yours; layers are saved as they are here.</source><translation>Deren Runden können zu Ihren hinzugefügt werden; Ebenen werden so gespeichert, wie sie hier sind.</translation></message>
<message><source>Add its turns and save</source><translation>Runden übernehmen und speichern</translation></message>
<message><source>Cancel</source><translation>Abbrechen</translation></message>
</context>
<context>
<name>FillOptions</name>
<message><source>Tolerance</source><translation>Toleranz</translation></message>
<message><source>Contiguous</source><translation>Zusammenhängend</translation></message>
</context>
<context>
<name>FilterBox</name>
<message><source>Filter</source><translation>Filter</translation></message>
<message><source>How pixels between pixels are found</source><translation>Wie Pixel zwischen Pixeln bestimmt werden</translation></message>
<message><source>Automatic</source><translation>Automatisch</translation></message>
<message><source>Bilinear</source><translation>Bilinear</translation></message>
<message><source>Bicubic</source><translation>Bikubisch</translation></message>
<message><source>Lanczos</source><translation>Lanczos</translation></message>
<message><source>Nearest neighbour</source><translation>Nächster Nachbar</translation></message>
</context>
<context>
<name>FilterDialog</name>
<message><source>Preview</source><translation>Vorschau</translation></message>
</context>
<context>
<name>Histogram</name>
<message><source>Histogram</source><translation>Histogramm</translation></message>
</context>
<context>
<name>Incoming</name>
<message><source>As a new &amp;layer</source><translation>Als neue &amp;Ebene</translation></message>
<message><source>As a &amp;sketch</source><translation>Als &amp;Skizze</translation></message>
<message><source>As a new &amp;picture</source><translation>Als neues &amp;Bild</translation></message>
<message><source>Cancel</source><translation>Abbrechen</translation></message>
<message><source>Pasted layer</source><translation>Eingefügte Ebene</translation></message>
<message><source>Sketch</source><translation>Skizze</translation></message>
<message><source>As {count} new &amp;layers</source><translation>Als {count} neue &amp;Ebenen</translation></message>
<message><source>There is no picture to paste. Copy one first.</source><translation>Es gibt kein Bild zum Einfügen. Kopieren Sie zuerst eines.</translation></message>
</context>
<context>
<name>LayerDelegate</name>
<message><source>Layer name</source><translation>Ebenenname</translation></message>
</context>
<context>
<name>LayersPanel</name>
<message><source>Layers</source><translation>Ebenen</translation></message>
<message><source>The layers of a picture are listed here.</source><translation>Hier stehen die Ebenen eines Bildes.</translation></message>
<message><source>Opacity</source><translation>Deckkraft</translation></message>
<message><source>Mask</source><translation>Maske</translation></message>
<message><source>Sketch</source><translation>Skizze</translation></message>
<message><source>Region</source><translation>Bereich</translation></message>
<message><source>Layer</source><translation>Ebene</translation></message>
<message><source>Mask from region</source><translation>Maske aus Bereich</translation></message>
<message><source>{name} copy</source><translation>{name} Kopie</translation></message>
<message><source>Group</source><translation>Gruppe</translation></message>
<message><source>Rename</source><translation>Umbenennen</translation></message>
<message><source>Mask of {name}</source><translation>Maske von {name}</translation></message>
<message><source>Adjustment</source><translation>Einstellung</translation></message>
<message><source>Text</source><translation>Text</translation></message>
</context>
<context>
<name>LayersVM</name>
<message><source>Picture</source><translation>Bild</translation></message>
</context>
<context>
<name>LicencesPage</name>
<message><source>Libraries</source><translation>Bibliotheken</translation></message>
<message><source>Licence</source><translation>Lizenz</translation></message>
</context>
<context>
<name>Live</name>
<message><source>The paint below has this colour already. Apply first, then paint on it.</source><translation>Die Farbe darunter ist schon diese. Erst übernehmen, dann darauf malen.</translation></message>
<message><source>Describe the picture and press Analyse first.</source><translation>Erst das Bild beschreiben und „Analysieren“ drücken.</translation></message>
<message><source>Refining… {percent} %</source><translation>Wird verfeinert … {percent} %</translation></message>
<message><source>Waits for the edit that runs.</source><translation>Wartet auf die laufende Bearbeitung.</translation></message>
<message><source>Enter makes it a turn.</source><translation>Enter macht eine Runde daraus.</translation></message>
<message><source>Each stroke is refined.</source><translation>Jeder Strich wird verfeinert.</translation></message>
</context>
<context>
<name>LiveBar</name>
<message><source>Live</source><translation>Live</translation></message>
<message><source>Strength</source><translation>Stärke</translation></message>
<message><source>How far a result may leave the paint: low keeps its shapes and colours, 100 % ignores it</source><translation>Wie weit ein Ergebnis vom Gemalten abweichen darf: wenig behält Formen und Farben, 100 % beachtet es nicht</translation></message>
<message><source>Keep my paint</source><translation>Gemaltes behalten</translation></message>
<message><source>Let the results go; the paint stays as you painted it (Esc)</source><translation>Die Ergebnisse verwerfen; das Gemalte bleibt, wie Sie es gemalt haben (Esc)</translation></message>
<message><source>Apply</source><translation>Übernehmen</translation></message>
<message><source>Accept the results as a new turn (Enter)</source><translation>Die Ergebnisse als neue Runde übernehmen (Enter)</translation></message>
</context>
<context>
<name>LoraList</name>
<message><source>LoRAs</source><translation>LoRAs</translation></message>
<message><source>Weight</source><translation>Gewicht</translation></message>
<message><source>Remove the LoRA from the list; its file is kept</source><translation>LoRA aus der Liste entfernen; ihre Datei bleibt erhalten</translation></message>
<message><source>Trigger words: {words}</source><translation>Auslösewörter: {words}</translation></message>
</context>
<context>
<name>MainWindow</name>
<message><source>Saved.</source><translation>Gespeichert.</translation></message>
<message><source>Apply or discard the result first, then paint.</source><translation>Erst das Ergebnis übernehmen oder verwerfen, dann malen.</translation></message>
<message><source>Work here instead</source><translation>Stattdessen hier arbeiten</translation></message>
<message><source>The oldest steps can no longer be undone: they took too much memory.</source><translation>Die ältesten Schritte lassen sich nicht mehr rückgängig machen: Sie brauchten zu viel Speicher.</translation></message>
</context>
<context>
<name>MaskPanel</name>
<message><source>Use as mask</source><translation>Als Maske verwenden</translation></message>
<message><source>Make it the mask; refine it with the mask brush</source><translation>Zur Maske machen; mit dem Maskenpinsel verfeinern</translation></message>
<message><source>Discard</source><translation>Verwerfen</translation></message>
<message><source>Dismiss it until the prompt changes</source><translation>Ausblenden, bis sich die Beschreibung ändert</translation></message>
<message><source>Mask detection</source><translation>Maskenerkennung</translation></message>
<message><source>Automatic</source><translation>Automatisch</translation></message>
<message><source>As published</source><translation>Wie veröffentlicht</translation></message>
<message><source>Paper, to the letter</source><translation>Artikel, wörtlich</translation></message>
<message><source>Authors&apos; demo</source><translation>Vorführung der Autoren</translation></message>
<message><source>By objects</source><translation>Nach Objekten</translation></message>
<message><source>Threshold</source><translation>Schwelle</translation></message>
<message><source>How strongly the words must match an area for it to be masked; 0 uses the preset&apos;s value</source><translation>Wie stark die Worte auf eine Stelle passen müssen, damit sie maskiert wird; 0 nimmt den Wert der Voreinstellung</translation></message>
<message><source>Opacity</source><translation>Deckkraft</translation></message>
<message><source>Overlay colour</source><translation>Farbe der Überlagerung</translation></message>
<message><source>Amount</source><translation>Stärke</translation></message>
<message><source>Grow</source><translation>Vergrößern</translation></message>
<message><source>Grow the mask on all sides</source><translation>Die Maske nach allen Seiten vergrößern</translation></message>
<message><source>Shrink</source><translation>Verkleinern</translation></message>
<message><source>Shrink the mask on all sides</source><translation>Die Maske nach allen Seiten verkleinern</translation></message>
<message><source>Feather</source><translation>Weiche Kante</translation></message>
<message><source>Soften the edge of the mask</source><translation>Die Kante der Maske weich machen</translation></message>
<message><source>Invert</source><translation>Umkehren</translation></message>
<message><source>Swap masked and unmasked areas</source><translation>Maskierte und freie Bereiche vertauschen</translation></message>
<message><source>Import…</source><translation>Importieren …</translation></message>
<message><source>Load a mask from an image: white areas may change</source><translation>Eine Maske aus einem Bild laden: Weißes darf sich ändern</translation></message>
<message><source>Export…</source><translation>Exportieren …</translation></message>
<message><source>Save the mask as an image</source><translation>Die Maske als Bild speichern</translation></message>
<message><source>Type what should appear to see where it will go.</source><translation>Tippen Sie, was erscheinen soll, um zu sehen, wo.</translation></message>
<message><source>{share} % of the picture</source><translation>{share} % des Bildes</translation></message>
<message><source>nothing to replace</source><translation>nichts zu ersetzen</translation></message>
<message><source>Detection</source><translation>Erkennung</translation></message>
</context>
<context>
<name>MaskSigns</name>
<message><source>Add to mask (Ctrl or Alt: subtract)</source><translation>Zur Maske hinzufügen (Strg oder Alt: wegnehmen)</translation></message>
<message><source>Subtract from mask (Ctrl or Alt: add)</source><translation>Von der Maske wegnehmen (Strg oder Alt: hinzufügen)</translation></message>
</context>
<context>
<name>Masking</name>
<message><source>Invert mask</source><translation>Maske umkehren</translation></message>
<message><source>Use detected mask</source><translation>Erkannte Maske verwenden</translation></message>
<message><source>Mask</source><translation>Maske</translation></message>
<message><source>Grow mask</source><translation>Maske vergrößern</translation></message>
<message><source>Shrink mask</source><translation>Maske verkleinern</translation></message>
<message><source>Feather mask</source><translation>Kante der Maske weich</translation></message>
<message><source>Pictures ({endings})</source><translation>Bilder ({endings})</translation></message>
<message><source>Import mask</source><translation>Maske importieren</translation></message>
<message><source>Pictures (*.png)</source><translation>Bilder (*.png)</translation></message>
<message><source>Export mask</source><translation>Maske exportieren</translation></message>
</context>
<context>
<name>MenuState</name>
<message><source>{name}[*] — Palimpsest</source><translation>{name}[*] – Palimpsest</translation></message>
<message><source>&amp;Undo</source><translation>&amp;Rückgängig</translation></message>
<message><source>&amp;Redo</source><translation>&amp;Wiederholen</translation></message>
</context>
<context>
<name>MessageBar</name>
<message><source>Message</source><translation>Meldung</translation></message>
<message><source>Details</source><translation>Einzelheiten</translation></message>
<message><source>Copy</source><translation>Kopieren</translation></message>
<message><source>Copy the message with its details</source><translation>Die Meldung mit Einzelheiten kopieren</translation></message>
<message><source>Close the message</source><translation>Die Meldung schließen</translation></message>
<message><source>Details of the message</source><translation>Einzelheiten der Meldung</translation></message>
</context>
<context>
<name>MethodButton</name>
<message><source>More edit methods</source><translation>Weitere Methoden</translation></message>
<message><source>Choose an edit method</source><translation>Eine Methode wählen</translation></message>
<message><source>Chosen by you.</source><translation>Von Ihnen gewählt.</translation></message>
<message><source>Ctrl+Enter</source><translation>Strg+Enter</translation></message>
<message><source>Automatic ({method})</source><translation>Automatisch ({method})</translation></message>
</context>
<context>
<name>MethodForm</name>
<message><source>Reset</source><translation>Zurücksetzen</translation></message>
<message><source>Give all settings of this method their defaults again</source><translation>Alle Einstellungen dieser Methode auf ihre Vorgaben zurücksetzen</translation></message>
<message><source>More</source><translation>Mehr</translation></message>
<message><source>Show the settings for experts, too</source><translation>Auch die Einstellungen für Fachleute zeigen</translation></message>
</context>
<context>
<name>ModelOptions</name>
<message><source>Use the model&apos;s own autoencoder again</source><translation>Wieder den Autoencoder des Modells verwenden</translation></message>
<message><source>CLIP skip</source><translation>CLIP-Skip</translation></message>
<message><source>The layer of the text encoder, counted from its end, that the words are read from; many models for drawings want 2</source><translation>Die vom Ende gezählte Schicht des Textencoders, aus der die Wörter gelesen werden; viele Modelle für Zeichnungen wollen 2</translation></message>
<message><source>VAE</source><translation>VAE</translation></message>
<message><source>The model&apos;s own</source><translation>Der des Modells</translation></message>
<message><source>Choose another autoencoder</source><translation>Einen anderen Autoencoder wählen</translation></message>
<message><source>Autoencoder (VAE)</source><translation>Autoencoder (VAE)</translation></message>
<message><source>Autoencoders (*.safetensors)</source><translation>Autoencoder (*.safetensors)</translation></message>
<message><source>All files (*)</source><translation>Alle Dateien (*)</translation></message>
</context>
<context>
<name>ModelsDialog</name>
<message><source>Models</source><translation>Modelle</translation></message>
<message><source>Add folder…</source><translation>Ordner hinzufügen …</translation></message>
<message><source>Remove the model from the list; its files are kept</source><translation>Das Modell von der Liste nehmen; seine Dateien bleiben</translation></message>
<message><source>Add file…</source><translation>Datei hinzufügen …</translation></message>
<message><source>Model file</source><translation>Modelldatei</translation></message>
<message><source>All files (*)</source><translation>Alle Dateien (*)</translation></message>
<message><source>Use this model</source><translation>Dieses Modell verwenden</translation></message>
<message><source>Prediction…</source><translation>Vorhersage …</translation></message>
<message><source>Say what the model predicts, noise or v, which its file does not say</source><translation>Angeben, was das Modell vorhersagt, Rauschen oder v; seine Datei sagt es nicht</translation></message>
<message><source>Close</source><translation>Schließen</translation></message>
<message><source>Model folder</source><translation>Modellordner</translation></message>
<message><source>Models and LoRAs (*.safetensors)</source><translation>Modelle und LoRAs (*.safetensors)</translation></message>
<message><source>Select objects with this</source><translation>Damit Objekte auswählen</translation></message>
<message><source>Search names, tags, trigger words</source><translation>Namen, Schlagwörter, Auslösewörter suchen</translation></message>
<message><source>Search</source><translation>Suchen</translation></message>
<message><source>Kind</source><translation>Art</translation></message>
<message><source>Stable Diffusion 1.x, 2.x and SDXL models, as .safetensors files or folders in the diffusers layout, and LoRAs. Nothing is downloaded unless you ask for it.</source><translation>Modelle von Stable Diffusion 1.x, 2.x und SDXL als .safetensors-Dateien oder Ordner im Aufbau von diffusers, dazu LoRAs. Nichts wird ungefragt heruntergeladen.</translation></message>
<message><source>Looking into the watched folders…</source><translation>Die beobachteten Ordner werden durchgesehen…</translation></message>
<message><source>Nothing of this kind is here.</source><translation>Hier ist nichts dieser Art.</translation></message>
<message><source>Add this LoRA</source><translation>Dieses LoRA hinzufügen</translation></message>
<message><source>Use this autoencoder</source><translation>Diesen Autoencoder verwenden</translation></message>
</context>
<context>
<name>Navigator</name>
<message><source>Zoom</source><translation>Zoom</translation></message>
</context>
<context>
<name>NavigatorMap</name>
<message><source>Overview of the picture</source><translation>Übersicht des Bildes</translation></message>
</context>
<context>
<name>NewCanvasDialog</name>
<message><source>New canvas</source><translation>Neue Leinwand</translation></message>
<message><source>Preset</source><translation>Vorgabe</translation></message>
<message><source>Swap width and height</source><translation>Breite und Höhe tauschen</translation></message>
<message><source>Background</source><translation>Hintergrund</translation></message>
<message><source>White</source><translation>Weiß</translation></message>
<message><source>Transparent</source><translation>Transparent</translation></message>
<message><source>Colour</source><translation>Farbe</translation></message>
<message><source>Background colour</source><translation>Hintergrundfarbe</translation></message>
<message><source>Create</source><translation>Anlegen</translation></message>
<message><source>The model&apos;s own size</source><translation>Größe des Modells</translation></message>
<message><source>Square</source><translation>Quadrat</translation></message>
<message><source>Portrait 3:4</source><translation>Hochformat 3:4</translation></message>
<message><source>Landscape 4:3</source><translation>Querformat 4:3</translation></message>
<message><source>Widescreen</source><translation>Breitbild</translation></message>
<message><source>4K</source><translation>4K</translation></message>
<message><source>A5 at 300 dpi</source><translation>A5 mit 300 dpi</translation></message>
<message><source>A4 at 300 dpi</source><translation>A4 mit 300 dpi</translation></message>
<message><source>Custom</source><translation>Eigene</translation></message>
</context>
<context>
<name>NewGuideDialog</name>
<message><source>New guide</source><translation>Neue Hilfslinie</translation></message>
<message><source>Vertical</source><translation>Senkrecht</translation></message>
<message><source>Horizontal</source><translation>Waagrecht</translation></message>
<message><source> px</source><translation> px</translation></message>
<message><source>Direction</source><translation>Richtung</translation></message>
<message><source>Position</source><translation>Position</translation></message>
</context>
<context>
<name>Objects</name>
<message><source>Looking at the picture…</source><translation>Das Bild wird betrachtet …</translation></message>
<message><source>Select object</source><translation>Objekt auswählen</translation></message>
<message><source>Deselect</source><translation>Auswahl aufheben</translation></message>
<message><source>Cut-out</source><translation>Ausschnitt</translation></message>
<message><source>Fill behind</source><translation>Hintergrund füllen</translation></message>
<message><source>What is to be seen there instead?</source><translation>Was soll dort stattdessen zu sehen sein?</translation></message>
<message><source>Fill</source><translation>Füllen</translation></message>
</context>
<context>
<name>OpenDocument</name>
<message><source>Untitled</source><translation>Unbenannt</translation></message>
</context>
<context>
<name>Panels</name>
<message><source>Turns</source><translation>Runden</translation></message>
<message><source>Layers</source><translation>Ebenen</translation></message>
<message><source>Queue</source><translation>Aufträge</translation></message>
<message><source>Mask</source><translation>Maske</translation></message>
<message><source>Colour</source><translation>Farbe</translation></message>
<message><source>Undo history</source><translation>Verlauf der Schritte</translation></message>
<message><source>Navigator</source><translation>Navigator</translation></message>
<message><source>Queue · {count}</source><translation>Aufträge · {count}</translation></message>
<message><source>Tools</source><translation>Werkzeuge</translation></message>
</context>
<context>
<name>ParameterField</name>
<message><source>automatic</source><translation>automatisch</translation></message>
<message><source>on</source><translation>an</translation></message>
<message><source>off</source><translation>aus</translation></message>
<message><source>Choose a file, or a folder by its config.json</source><translation>Datei wählen, oder einen Ordner durch seine config.json</translation></message>
<message><source>Models (*.safetensors config.json model_index.json)</source><translation>Modelle (*.safetensors config.json model_index.json)</translation></message>
<message><source>Choose a picture</source><translation>Ein Bild wählen</translation></message>
<message><source>Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff)</source><translation>Bilder (*.png *.jpg *.jpeg *.webp *.tif *.tiff)</translation></message>
</context>
<context>
<name>PicturePair</name>
<message><source>Comparison of two turns</source><translation>Vergleich zweier Runden</translation></message>
</context>
<context>
<name>PredictionDialog</name>
<message><source>What does the model predict?</source><translation>Was sagt das Modell voraus?</translation></message>
<message><source>Noise</source><translation>Rauschen</translation></message>
<message><source>v</source><translation>v</translation></message>
<message><source>v, to pure noise</source><translation>v, bis zum reinen Rauschen</translation></message>
<message><source>{name} does not say what it predicts.</source><translation>{name} sagt nicht, was es vorhersagt.</translation></message>
<message><source>Choose the best picture: the wrong ones are noise or pale. It is remembered.</source><translation>Wählen Sie das beste Bild: Die falschen sind Rauschen oder blass. Die Antwort wird gemerkt.</translation></message>
<message><source>Waiting for the current job to finish…</source><translation>Warten, bis der laufende Auftrag fertig ist …</translation></message>
<message><source>Cancel</source><translation>Abbrechen</translation></message>
<message><source>Preview what a model predicts</source><translation>Vorschau, was ein Modell vorhersagt</translation></message>
<message><source>Painting previews…</source><translation>Vorschauen werden gemalt …</translation></message>
<message><source>Loading the model…</source><translation>Das Modell wird geladen …</translation></message>
<message><source>The same words and noise, each way.</source><translation>Dieselben Worte und dasselbe Rauschen, auf jede Art.</translation></message>
</context>
<context>
<name>Preferences</name>
<message><source>Load model</source><translation>Modell laden</translation></message>
<message><source>{name} (open)</source><translation>{name} (offen)</translation></message>
</context>
<context>
<name>ProjectModel</name>
<message><source>Model of the project</source><translation>Modell des Projekts</translation></message>
<message><source>This picture was made with {names}.</source><translation>Dieses Bild entstand mit {names}.</translation></message>
<message><source>With another model, the first edit analyses it again.</source><translation>Mit einem anderen Modell wird es bei der ersten Bearbeitung neu analysiert.</translation></message>
<message><source>Not found any more: {names}.</source><translation>Nicht mehr gefunden: {names}.</translation></message>
<message><source>Use {name}</source><translation>{name} verwenden</translation></message>
<message><source>Find the model…</source><translation>Modell suchen …</translation></message>
<message><source>Keep {name}</source><translation>{name} behalten</translation></message>
<message><source>Where is {name}?</source><translation>Wo liegt {name}?</translation></message>
<message><source>Models (*.safetensors model_index.json)</source><translation>Modelle (*.safetensors model_index.json)</translation></message>
<message><source>All files (*)</source><translation>Alle Dateien (*)</translation></message>
</context>
<context>
<name>PromptBar</name>
<message><source>Prompt</source><translation>Beschreibung</translation></message>
<message><source>Generate</source><translation>Erzeugen</translation></message>
<message><source>Generate a new picture from this prompt (Ctrl+Shift+Enter)</source><translation>Aus dieser Beschreibung ein neues Bild erzeugen (Strg+Umschalt+Enter)</translation></message>
<message><source>What will change</source><translation>Was sich ändert</translation></message>
<message><source>Details</source><translation>Einzelheiten</translation></message>
<message><source>Describe a picture in a sentence</source><translation>Beschreiben Sie ein Bild in einem Satz</translation></message>
<message><source>Generate a picture from this prompt (Ctrl+Enter)</source><translation>Aus dieser Beschreibung ein Bild erzeugen (Strg+Enter)</translation></message>
<message><source>Analyse the picture with this description so that it can be edited (Ctrl+Enter)</source><translation>Das Bild mit dieser Beschreibung analysieren, damit es sich bearbeiten lässt (Strg+Enter)</translation></message>
<message><source>Analyse</source><translation>Analysieren</translation></message>
<message><source>Describe what the picture shows.</source><translation>Beschreiben Sie, was das Bild zeigt.</translation></message>
<message><source>A new picture from this prompt</source><translation>Ein neues Bild aus dieser Beschreibung</translation></message>
<message><source>The picture is analysed once; then you can change its words.</source><translation>Das Bild wird einmal analysiert; danach können Sie seine Worte ändern.</translation></message>
<message><source>The picture is larger than the model can see at once: mask where it may change.</source><translation>Das Bild ist größer, als das Modell auf einmal sieht: Maskieren Sie, wo es sich ändern darf.</translation></message>
<message><source>only in the region “{name}”</source><translation>nur im Bereich „{name}“</translation></message>
<message><source>the same words again · {where}</source><translation>dieselben Worte noch einmal · {where}</translation></message>
<message><source>Nothing would change: the words are the same.</source><translation>Es würde sich nichts ändern: Die Worte sind dieselben.</translation></message>
<message><source>keeps the rest exactly</source><translation>der Rest bleibt genau so</translation></message>
<message><source>only inside the mask</source><translation>nur innerhalb der Maske</translation></message>
<message><source>changes: {words} · {where}</source><translation>Änderung: {words} · {where}</translation></message>
<message><source>Change “{setting}”</source><translation>„{setting}“ ändern</translation></message>
<message><source>the model does not know: {words}</source><translation>das Modell kennt nicht: {words}</translation></message>
<message><source>Strength</source><translation>Stärke</translation></message>
<message><source>How much an edit may change: 0 % leaves the picture as it is, 100 % paints anew</source><translation>Wie viel eine Bearbeitung ändern darf: 0 % lässt das Bild, wie es ist, 100 % malt neu</translation></message>
</context>
<context>
<name>PromptEdit</name>
<message><source>The model does not know “{word}”.</source><translation>Das Modell kennt „{word}“ nicht.</translation></message>
<message><source>The model does not know “{word}”. Did you mean “{near}”?</source><translation>Das Modell kennt „{word}“ nicht. Meinten Sie „{near}“?</translation></message>
</context>
<context>
<name>PromptLoras</name>
<message><source>LoRAs in the prompt became settings: {names}.</source><translation>LoRAs aus dem Prompt wurden zu Einstellungen: {names}.</translation></message>
</context>
<context>
<name>QueuePanel</name>
<message><source>Queue</source><translation>Aufträge</translation></message>
<message><source>The queue is empty.</source><translation>Die Warteschlange ist leer.</translation></message>
<message><source>Cancel all</source><translation>Alle abbrechen</translation></message>
<message><source>Clear finished</source><translation>Fertige entfernen</translation></message>
</context>
<context>
<name>RecentMenu</name>
<message><source>Clear list</source><translation>Liste leeren</translation></message>
</context>
<context>
<name>Recovery</name>
<message><source>an unsaved picture</source><translation>ein nicht gespeichertes Bild</translation></message>
<message><source>Recover unsaved work</source><translation>Nicht gespeicherte Arbeit wiederherstellen</translation></message>
<message><source>Palimpsest closed unexpectedly. Recover {name}?</source><translation>Palimpsest wurde unerwartet beendet. {name} wiederherstellen?</translation></message>
<message><source>Last saved {when}.</source><translation>Zuletzt gesichert: {when}.</translation></message>
<message><source>Palimpsest closed unexpectedly. Recover these pictures?</source><translation>Palimpsest wurde unerwartet beendet. Diese Bilder wiederherstellen?</translation></message>
<message><source>What is not checked is offered again at the next start.</source><translation>Was nicht angekreuzt ist, wird beim nächsten Start wieder angeboten.</translation></message>
<message><source>Recover</source><translation>Wiederherstellen</translation></message>
<message><source>Later</source><translation>Später</translation></message>
<message><source>Discard</source><translation>Verwerfen</translation></message>
</context>
<context>
<name>RegionWords</name>
<message><source>What should be here</source><translation>Was hier sein soll</translation></message>
<message><source>Region prompt</source><translation>Beschreibung des Bereichs</translation></message>
<message><source>While this region is active, edits paint this prompt here and leave the rest unchanged</source><translation>Solange dieser Bereich aktiv ist, malen Änderungen diese Beschreibung hier und lassen den Rest unverändert</translation></message>
<message><source>Words</source><translation>Worte</translation></message>
</context>
<context>
<name>Reshaping</name>
<message><source>Mask</source><translation>Maske</translation></message>
<message><source>Flatten</source><translation>Auf eine Ebene reduzieren</translation></message>
<message><source>Hidden layers are deleted when the image is flattened.</source><translation>Ausgeblendete Ebenen werden dabei gelöscht.</translation></message>
<message><source>Undo brings them back.</source><translation>Rückgängig bringt sie zurück.</translation></message>
<message><source>Cancel</source><translation>Abbrechen</translation></message>
<message><source>Paint</source><translation>Farbe</translation></message>
<message><source>Apply or discard the result first, then change the canvas.</source><translation>Erst das Ergebnis übernehmen oder verwerfen, dann die Leinwand ändern.</translation></message>
</context>
<context>
<name>ResultBar</name>
<message><source>Result</source><translation>Ergebnis</translation></message>
<message><source>Previous result</source><translation>Vorheriges Ergebnis</translation></message>
<message><source>Next result</source><translation>Nächstes Ergebnis</translation></message>
<message><source>Before</source><translation>Vorher</translation></message>
<message><source>Hold to see the picture before the change (hold Tab)</source><translation>Halten, um das Bild vor der Änderung zu sehen (Tab halten)</translation></message>
<message><source>Discard</source><translation>Verwerfen</translation></message>
<message><source>Esc</source><translation>Esc</translation></message>
<message><source>Apply</source><translation>Übernehmen</translation></message>
<message><source>Enter</source><translation>Enter</translation></message>
<message><source>Show</source><translation>Zeigen</translation></message>
<message><source>{position} of {count}</source><translation>{position} von {count}</translation></message>
<message><source>A result is ready.</source><translation>Ein Ergebnis ist da.</translation></message>
<message><source>{count} results are ready.</source><translation>{count} Ergebnisse sind da.</translation></message>
<message><source>Discard the result; Undo brings it back</source><translation>Das Ergebnis verwerfen; „Rückgängig“ bringt es zurück</translation></message>
<message><source>Discard all {count} results; Undo brings them back one by one</source><translation>Alle {count} Ergebnisse verwerfen; „Rückgängig“ bringt sie einzeln zurück</translation></message>
<message><source>Discard this result: {name}
Undo brings it back.</source><translation>Dieses Ergebnis verwerfen: {name}
„Rückgängig“ bringt es zurück.</translation></message>
<message><source>The other variants stay.</source><translation>Die anderen Varianten bleiben.</translation></message>
<message><source>Try {method}</source><translation>{method} versuchen</translation></message>
<message><source>Ask for the same by another method; this result stays</source><translation>Dasselbe mit einer anderen Methode; dieses Ergebnis bleibt</translation></message>
</context>
<context>
<name>Ruler</name>
<message><source>Horizontal ruler</source><translation>Waagrechtes Lineal</translation></message>
<message><source>Vertical ruler</source><translation>Senkrechtes Lineal</translation></message>
<message><source>Pixels. Drag a guide out of the ruler; drag it back to remove it.</source><translation>Pixel. Ziehen Sie eine Hilfslinie aus dem Lineal; zurückgezogen verschwindet sie.</translation></message>
</context>
<context>
<name>SamplingForm</name>
<message><source>Square</source><translation>Quadrat</translation></message>
<message><source>Landscape</source><translation>Querformat</translation></message>
<message><source>Wide</source><translation>Breit</translation></message>
<message><source>Portrait</source><translation>Hochformat</translation></message>
<message><source>Tall</source><translation>Hoch</translation></message>
<message><source>What should not appear</source><translation>Was nicht erscheinen soll</translation></message>
<message><source>Negative prompt</source><translation>Negative Beschreibung</translation></message>
<message><source>Steps</source><translation>Schritte</translation></message>
<message><source>For new pictures; edits keep the steps of their picture</source><translation>Für neue Bilder; Änderungen behalten die Schritte ihres Bildes</translation></message>
<message><source>Few steps</source><translation>Wenige Schritte</translation></message>
<message><source>New pictures and edits of them in a few steps, without guidance: several times as fast, less exact</source><translation>Neue Bilder und Änderungen an ihnen in wenigen Schritten, ohne Worttreue: um ein Mehrfaches schneller, weniger genau</translation></message>
<message><source>Sampler</source><translation>Sampler</translation></message>
<message><source>For new pictures; edits keep the sampler of their picture</source><translation>Für neue Bilder; Bearbeitungen behalten den Sampler ihres Bildes</translation></message>
<message><source>Guidance</source><translation>Worttreue</translation></message>
<message><source>How closely the picture follows the prompt</source><translation>Wie genau das Bild der Beschreibung folgt</translation></message>
<message><source>Variants</source><translation>Varianten</translation></message>
<message><source>auto</source><translation>auto</translation></message>
<message><source>Number of results of Repaint or of a new picture; auto: as many as the method recommends</source><translation>Zahl der Ergebnisse von „Neu malen“ oder eines neuen Bildes; auto: so viele, wie die Methode empfiehlt</translation></message>
<message><source>Aspect ratio of a new picture</source><translation>Seitenverhältnis eines neuen Bildes</translation></message>
<message><source>Custom</source><translation>Benutzerdefiniert</translation></message>
<message><source>Width</source><translation>Breite</translation></message>
<message><source>Height</source><translation>Höhe</translation></message>
<message><source>Negative</source><translation>Negativ</translation></message>
<message><source>Size</source><translation>Größe</translation></message>
</context>
<context>
<name>ScaleDialog</name>
<message><source>Scale image</source><translation>Bild skalieren</translation></message>
<message><source>Scale</source><translation>Skalieren</translation></message>
<message><source>Filter</source><translation>Filter</translation></message>
<message><source>{percent} % of the pixels. The picture is analysed again by the next edit.</source><translation>{percent} % der Pixel. Die nächste Bearbeitung analysiert das Bild neu.</translation></message>
</context>
<context>
<name>SeedField</name>
<message><source>random</source><translation>zufällig</translation></message>
<message><source>Seed</source><translation>Startwert</translation></message>
<message><source>New random seed</source><translation>Neuer zufälliger Startwert</translation></message>
<message><source>Lock this seed for new pictures</source><translation>Diesen Startwert für neue Bilder festhalten</translation></message>
<message><source>Seed: the same seed and prompt give the same picture</source><translation>Startwert: Derselbe Startwert und Prompt ergeben dasselbe Bild</translation></message>
</context>
<context>
<name>SelectOptions</name>
<message><source>New selection</source><translation>Neue Auswahl</translation></message>
<message><source>Add to selection (Shift)</source><translation>Zur Auswahl hinzufügen (Umschalt)</translation></message>
<message><source>Feather</source><translation>Weiche Kante</translation></message>
<message><source>Subtract from selection (Ctrl or Alt)</source><translation>Von der Auswahl wegnehmen (Strg oder Alt)</translation></message>
<message><source>Intersect with selection (Shift+Ctrl or Shift+Alt)</source><translation>Mit der Auswahl schneiden (Umschalt+Strg oder Umschalt+Alt)</translation></message>
</context>
<context>
<name>Selecting</name>
<message><source>Select</source><translation>Auswählen</translation></message>
<message><source>Deselect</source><translation>Auswahl aufheben</translation></message>
<message><source>Grow selection</source><translation>Auswahl vergrößern</translation></message>
<message><source>Shrink selection</source><translation>Auswahl verkleinern</translation></message>
<message><source>Feather selection</source><translation>Auswahlkante weich</translation></message>
<message><source>Pixels:</source><translation>Pixel:</translation></message>
<message><source>Mask from selection</source><translation>Maske aus der Auswahl</translation></message>
<message><source>Mask</source><translation>Maske</translation></message>
<message><source>Clear mask</source><translation>Maske leeren</translation></message>
<message><source>Invert mask</source><translation>Maske umkehren</translation></message>
<message><source>Paint</source><translation>Malen</translation></message>
<message><source>Fill</source><translation>Füllen</translation></message>
<message><source>Clear pixels</source><translation>Pixel löschen</translation></message>
<message><source>There is no paint to clear yet. Paint first, or choose a layer in Layers.</source><translation>Es gibt noch nichts Gemaltes zu löschen. Malen Sie zuerst, oder wählen Sie unter „Ebenen“ eine Ebene.</translation></message>
</context>
<context>
<name>SettingsDialog</name>
<message><source>Settings</source><translation>Einstellungen</translation></message>
<message><source>Language</source><translation>Sprache</translation></message>
<message><source>System</source><translation>System</translation></message>
<message><source>Dark</source><translation>Dunkel</translation></message>
<message><source>Light</source><translation>Hell</translation></message>
<message><source>Appearance</source><translation>Erscheinungsbild</translation></message>
<message><source>In a new layer on top</source><translation>In eine neue Ebene ganz oben</translation></message>
<message><source>In a new layer above the active one</source><translation>In eine neue Ebene über der aktiven</translation></message>
<message><source>Directly in the picture</source><translation>Direkt ins Bild</translation></message>
<message><source>Place results</source><translation>Ergebnisse ablegen</translation></message>
<message><source>A Segment Anything model, if there is one</source><translation>Einem Segment-Anything-Modell, falls vorhanden</translation></message>
<message><source>The model that paints</source><translation>Dem Modell, das malt</translation></message>
<message><source>Select objects with</source><translation>Objekte auswählen mit</translation></message>
<message><source>Show results when they arrive</source><translation>Ergebnisse zeigen, sobald sie da sind</translation></message>
<message><source>Show a live preview while painting</source><translation>Beim Malen eine Vorschau zeigen</translation></message>
<message><source>Save a recovery copy every</source><translation>Wiederherstellungskopie alle</translation></message>
<message><source> min</source><translation> min</translation></message>
<message><source>never</source><translation>nie</translation></message>
<message><source>Automatic</source><translation>Automatisch</translation></message>
<message><source>CPU</source><translation>CPU</translation></message>
<message><source>NVIDIA GPU</source><translation>NVIDIA-GPU</translation></message>
<message><source>Apple GPU</source><translation>Apple-GPU</translation></message>
<message><source>Device</source><translation>Gerät</translation></message>
<message><source>Precision</source><translation>Genauigkeit</translation></message>
<message><source>Memory cache</source><translation>Arbeitsspeicher-Zwischenspeicher</translation></message>
<message><source>automatic</source><translation>automatisch</translation></message>
<message><source>GPU cache</source><translation>GPU-Zwischenspeicher</translation></message>
<message><source>Disk cache</source><translation>Festplatten-Zwischenspeicher</translation></message>
<message><source>Cache folder</source><translation>Ordner des Zwischenspeichers</translation></message>
<message><source>The language changes after a restart.</source><translation>Die Sprache wechselt nach einem Neustart.</translation></message>
<message><source>Theme</source><translation>Farbschema</translation></message>
<message><source>Choose one under Models; it is downloaded there, too.</source><translation>Wählen Sie eines unter „Modelle“; dort wird es auch heruntergeladen.</translation></message>
<message><source>Results</source><translation>Ergebnisse</translation></message>
<message><source>Recovery</source><translation>Wiederherstellung</translation></message>
<message><source>Save a copy every</source><translation>Kopie sichern alle</translation></message>
<message><source>Memory</source><translation>Speicher</translation></message>
<message><source>Folder</source><translation>Ordner</translation></message>
<message><source>Compute</source><translation>Rechnen</translation></message>
<message><source>Choose a folder</source><translation>Ordner wählen</translation></message>
<message><source>Ctrl or Alt</source><translation>Strg oder Alt</translation></message>
<message><source>Ctrl</source><translation>Strg</translation></message>
<message><source>Alt</source><translation>Alt</translation></message>
<message><source>Pick colours and subtract with</source><translation>Farben aufnehmen und wegnehmen mit</translation></message>
<message><source>Tools</source><translation>Werkzeuge</translation></message>
<message><source>Choose another key where the window manager takes this one.</source><translation>Wählen Sie eine andere Taste, wo die Fensterverwaltung diese abfängt.</translation></message>
</context>
<context>
<name>ShapeOptions</name>
<message><source>Outline</source><translation>Umriss</translation></message>
<message><source>Filled</source><translation>Gefüllt</translation></message>
<message><source>Outline, filled with the background colour</source><translation>Umriss, mit der Hintergrundfarbe gefüllt</translation></message>
<message><source>Width</source><translation>Breite</translation></message>
<message><source>Linear</source><translation>Linear</translation></message>
<message><source>Radial</source><translation>Kreisförmig</translation></message>
<message><source>To transparent</source><translation>Ins Transparente</translation></message>
</context>
<context>
<name>ShortcutsDialog</name>
<message><source>Keyboard shortcuts</source><translation>Tastenkürzel</translation></message>
<message><source>Search for an action or a key</source><translation>Befehl oder Taste suchen</translation></message>
<message><source>Search</source><translation>Suchen</translation></message>
<message><source>New shortcut</source><translation>Neues Kürzel</translation></message>
<message><source>Assign</source><translation>Zuweisen</translation></message>
<message><source>Add</source><translation>Hinzufügen</translation></message>
<message><source>Clear</source><translation>Entfernen</translation></message>
<message><source>Reset</source><translation>Zurücksetzen</translation></message>
<message><source>Reset all</source><translation>Alle zurücksetzen</translation></message>
<message><source>Close</source><translation>Schließen</translation></message>
<message><source>Canvas</source><translation>Leinwand</translation></message>
<message><source>Pan the view</source><translation>Die Ansicht verschieben</translation></message>
<message><source>Space + drag, middle drag</source><translation>Leertaste + Ziehen, mittlere Taste ziehen</translation></message>
<message><source>Rotate the view</source><translation>Die Ansicht drehen</translation></message>
<message><source>Shift + Space + drag</source><translation>Umschalt + Leertaste + Ziehen</translation></message>
<message><source>Zoom</source><translation>Zoom</translation></message>
<message><source>Wheel, Ctrl + Space + drag</source><translation>Mausrad, Strg + Leertaste + Ziehen</translation></message>
<message><source>Shift + drag, Ctrl + wheel</source><translation>Umschalt + Ziehen, Strg + Mausrad</translation></message>
<message><source>Straight line from the last stroke</source><translation>Gerade Linie vom letzten Strich aus</translation></message>
<message><source>Shift + click</source><translation>Umschalt + Klick</translation></message>
<message><source>Pick a colour with a brush</source><translation>Mit einem Pinsel eine Farbe aufnehmen</translation></message>
<message><source>Subtract with the mask brush</source><translation>Mit dem Maskenpinsel abziehen</translation></message>
<message><source>Add to, subtract from, intersect with the selection</source><translation>Zur Auswahl hinzufügen, abziehen, Schnittmenge</translation></message>
<message><source> or </source><translation> oder </translation></message>
<message><source>Select an action to change its shortcut.</source><translation>Wählen Sie einen Befehl, um sein Kürzel zu ändern.</translation></message>
<message><source>Click in the field and press the new shortcut.</source><translation>Klicken Sie in das Feld und drücken Sie das neue Kürzel.</translation></message>
<message><source>{key} is reserved for the canvas.</source><translation>{key} ist für die Leinwand reserviert.</translation></message>
<message><source>{key} is assigned to “{action}” and will be removed from it.</source><translation>{key} ist „{action}“ zugewiesen und wird dort entfernt.</translation></message>
<message><source>{key} is not in use.</source><translation>{key} ist noch frei.</translation></message>
<message><source>Brush size</source><translation>Pinselgröße</translation></message>
<message><source>Show the picture before the change</source><translation>Das Bild vor der Änderung zeigen</translation></message>
<message><source>hold Tab or \</source><translation>Tab oder \ halten</translation></message>
<message><source>Ctrl or Alt + drag (see Settings)</source><translation>Strg oder Alt + ziehen (siehe Einstellungen)</translation></message>
<message><source>Shift, Ctrl or Alt, both</source><translation>Umschalt, Strg oder Alt, beides</translation></message>
</context>
<context>
<name>SizeFields</name>
<message><source>Width</source><translation>Breite</translation></message>
<message><source>Height</source><translation>Höhe</translation></message>
<message><source>Keep proportions</source><translation>Seitenverhältnis beibehalten</translation></message>
</context>
<context>
<name>StatusBar</name>
<message><source>No model loaded</source><translation>Kein Modell geladen</translation></message>
<message><source>Cache</source><translation>Zwischenspeicher</translation></message>
<message><source>Progress</source><translation>Fortschritt</translation></message>
<message><source>Zoom; click to fit the picture in the window</source><translation>Zoom; Klick passt das Bild ins Fenster ein</translation></message>
<message><source>Zoom</source><translation>Zoom</translation></message>
<message><source>memory {used} of {limit}</source><translation>Speicher {used} von {limit}</translation></message>
<message><source>disk {used} of {limit}</source><translation>Platte {used} von {limit}</translation></message>
<message><source>Results of earlier turns, kept so that the next edit computes only what changes:
{folder}</source><translation>Ergebnisse früherer Runden, damit die nächste Änderung nur berechnet, was sich ändert:
{folder}</translation></message>
<message><source>· Working on a large picture… press Esc to stop</source><translation>· Großes Bild wird bearbeitet … Esc bricht ab</translation></message>
<message><source> · {count} waiting</source><translation> · {count} warten</translation></message>
<message><source> · {count} more at work</source><translation> · {count} weitere in Arbeit</translation></message>
</context>
<context>
<name>TaughtWords</name>
<message><source>Things</source><translation>Dinge</translation></message>
<message><source>Places</source><translation>Orte</translation></message>
<message><source>Times of day</source><translation>Tageszeiten</translation></message>
<message><source>Weather</source><translation>Wetter</translation></message>
<message><source>Colours</source><translation>Farben</translation></message>
<message><source>What things wear</source><translation>Was Dinge tragen</translation></message>
</context>
<context>
<name>TaughtWordsDialog</name>
<message><source>What can it paint?</source><translation>Was kann es malen?</translation></message>
<message><source>No model is loaded yet.</source><translation>Es ist noch kein Modell geladen.</translation></message>
<message><source>{model} was taught no list of words: describe anything, in English, and try what comes of it.</source><translation>{model} hat keine feste Wortliste gelernt: Beschreiben Sie auf Englisch, was Sie möchten, und sehen Sie, was daraus wird.</translation></message>
<message><source>{model} knows the words below and no others; a click puts one into the prompt. For everything else, and for photographs, bring a Stable Diffusion model of your own: File ▸ Models.</source><translation>{model} kennt die Wörter unten und keine anderen; ein Klick setzt eines in den Prompt. Für alles andere und für Fotos bringen Sie ein eigenes Stable-Diffusion-Modell mit: Datei ▸ Modelle.</translation></message>
</context>
<context>
<name>TextDialog</name>
<message><source>Text</source><translation>Text</translation></message>
<message><source>Font</source><translation>Schriftart</translation></message>
<message><source>Size</source><translation>Größe</translation></message>
<message><source>Bold</source><translation>Fett</translation></message>
<message><source>Italic</source><translation>Kursiv</translation></message>
<message><source>Colour of the text</source><translation>Farbe des Textes</translation></message>
</context>
<context>
<name>ToolOptions</name>
<message><source>Overlay</source><translation>Überlagerung</translation></message>
</context>
<context>
<name>TraceDialog</name>
<message><source>Trace edges</source><translation>Kanten nachzeichnen</translation></message>
<message><source>Lines over the picture</source><translation>Linien über dem Bild</translation></message>
<message><source>Line width</source><translation>Linienbreite</translation></message>
<message><source>Smoothing</source><translation>Glättung</translation></message>
<message><source>Add sketch</source><translation>Skizze hinzufügen</translation></message>
</context>
<context>
<name>TransformOptions</name>
<message><source>Centre, from the left</source><translation>Mitte, von links</translation></message>
<message><source>Centre, from the top</source><translation>Mitte, von oben</translation></message>
<message><source>Width, in percent</source><translation>Breite in Prozent</translation></message>
<message><source>Height, in percent</source><translation>Höhe in Prozent</translation></message>
<message><source>Rotation, clockwise</source><translation>Drehung im Uhrzeigersinn</translation></message>
<message><source>Shear, in percent</source><translation>Scherung in Prozent</translation></message>
<message><source>Flip horizontally</source><translation>Horizontal spiegeln</translation></message>
<message><source>Flip vertically</source><translation>Vertikal spiegeln</translation></message>
<message><source>Apply (Enter)</source><translation>Anwenden (Enter)</translation></message>
</context>
<context>
<name>TurnsPanel</name>
<message><source>Every edit is listed here as a turn.</source><translation>Jede Änderung steht hier als Runde.</translation></message>
<message><source>Turns</source><translation>Runden</translation></message>
<message><source>Search turns</source><translation>Runden durchsuchen</translation></message>
<message><source>Show starred turns only</source><translation>Nur Runden mit Stern zeigen</translation></message>
<message><source>Rename turn</source><translation>Runde umbenennen</translation></message>
<message><source>Name of the turn (leave empty to show its prompt)</source><translation>Name der Runde (leer: ihre Beschreibung)</translation></message>
<message><source>Delete turn</source><translation>Runde löschen</translation></message>
<message><source>You can undo this.</source><translation>Das lässt sich rückgängig machen.</translation></message>
<message><source>Delete</source><translation>Löschen</translation></message>
<message><source>Remove star</source><translation>Stern entfernen</translation></message>
<message><source>Star</source><translation>Stern</translation></message>
<message><source>Show</source><translation>Zeigen</translation></message>
<message><source>Continue from here</source><translation>Von hier weitermachen</translation></message>
<message><source>Compare with the current turn</source><translation>Mit der aktuellen Runde vergleichen</translation></message>
<message><source>Rename…</source><translation>Umbenennen …</translation></message>
<message><source>Delete…</source><translation>Löschen …</translation></message>
<message><source>Reuse</source><translation>Wiederverwenden</translation></message>
<message><source>Words</source><translation>Worte</translation></message>
<message><source>Seed</source><translation>Startwert</translation></message>
<message><source>Steps, guidance, sampler, negative prompt</source><translation>Schritte, Worttreue, Sampler, negative Beschreibung</translation></message>
<message><source>Mask</source><translation>Maske</translation></message>
<message><source>Everything</source><translation>Alles</translation></message>
<message><source>No matching turns.</source><translation>Keine passenden Runden.</translation></message>
<message><source>Delete this turn?</source><translation>Diese Runde löschen?</translation></message>
<message><source>Delete this turn and {count} more made from it?</source><translation>Diese Runde und {count} weitere daraus entstandene löschen?</translation></message>
</context>
<context>
<name>UndoList</name>
<message><source>Undo history</source><translation>Verlauf der Schritte</translation></message>
</context>
<context>
<name>UndoSteps</name>
<message><source>Earlier steps</source><translation>Frühere Schritte</translation></message>
<message><source>Beginning</source><translation>Anfang</translation></message>
</context>
<context>
<name>WatchedFolders</name>
<message><source>Watched folders</source><translation>Beobachtete Ordner</translation></message>
<message><source>Whatever lies in these folders is listed, and new files are noticed</source><translation>Was in diesen Ordnern liegt, wird aufgelistet; neue Dateien werden bemerkt</translation></message>
<message><source>Downloads: {folder}</source><translation>Heruntergeladenes: {folder}</translation></message>
<message><source>Found on this computer</source><translation>Auf diesem Computer gefunden</translation></message>
<message><source>{program}: {folder}</source><translation>{program}: {folder}</translation></message>
<message><source>Watch another folder…</source><translation>Anderen Ordner beobachten…</translation></message>
<message><source>Folder with models</source><translation>Ordner mit Modellen</translation></message>
</context>
<context>
<name>Watching</name>
<message><source>“{file}” was changed by another program.</source><translation>„{file}“ wurde von einem anderen Programm geändert.</translation></message>
<message><source>When you save, both can be put together.</source><translation>Beim Speichern lässt sich beides zusammenführen.</translation></message>
<message><source>File changed</source><translation>Datei geändert</translation></message>
<message><source>You have no unsaved changes here.</source><translation>Hier gibt es keine ungespeicherten Änderungen.</translation></message>
<message><source>Load it again</source><translation>Neu laden</translation></message>
<message><source>Keep this one</source><translation>Diese Fassung behalten</translation></message>
</context>
<context>
<name>WelcomePage</name>
<message><source>Open a picture or project…</source><translation>Bild oder Projekt öffnen …</translation></message>
<message><source>Loading the model… You can already type a prompt or open a file.</source><translation>Das Modell wird geladen … Sie können schon eine Beschreibung tippen oder eine Datei öffnen.</translation></message>
<message><source>No model could be loaded. You can still open projects.</source><translation>Es konnte kein Modell geladen werden. Projekte lassen sich trotzdem öffnen.</translation></message>
<message><source>Palimpsest</source><translation>Palimpsest</translation></message>
<message><source>Start with a sentence</source><translation>Mit einem Satz beginnen</translation></message>
<message><source>Change a word, and only what changes is repainted.</source><translation>Ändern Sie ein Wort, und nur was sich ändert, wird neu gemalt.</translation></message>
<message><source>Recent</source><translation>Zuletzt</translation></message>
</context>
<context>
<name>Writing</name>
<message><source>Change text</source><translation>Text ändern</translation></message>
</context>
<context>
<name>_DownloadRow</name>
<message><source>Give up and remove what has arrived</source><translation>Aufgeben und Angekommenes entfernen</translation></message>
<message><source>Resume</source><translation>Fortsetzen</translation></message>
<message><source>Try again</source><translation>Erneut versuchen</translation></message>
<message><source>Pause</source><translation>Anhalten</translation></message>
<message><source>{done} of {total}</source><translation>{done} von {total}</translation></message>
<message><source>Looking…</source><translation>Wird gesucht…</translation></message>
<message><source>Paused</source><translation>Angehalten</translation></message>
</context>
<context>
<name>_Thumbnails</name>
<message><source>Variant {number}</source><translation>Variante {number}</translation></message>
</context>
<context>
<name>about</name>
<message><source>Palimpsest {version}</source><translation>Palimpsest {version}</translation></message>
<message><source>Change a word, and only what changes is repainted.
Apache License 2.0</source><translation>Ändern Sie ein Wort, und nur was sich ändert, wird neu gemalt.
Apache License 2.0</translation></message>
</context>
<context>
<name>adjustments</name>
<message><source>Levels</source><translation>Tonwerte</translation></message>
<message><source>Curves</source><translation>Kurven</translation></message>
<message><source>Hue and saturation</source><translation>Farbton und Sättigung</translation></message>
<message><source>Colour balance</source><translation>Farbbalance</translation></message>
<message><source>Black point</source><translation>Schwarzpunkt</translation></message>
<message><source>White point</source><translation>Weißpunkt</translation></message>
<message><source>Gamma</source><translation>Gamma</translation></message>
<message><source>Darkest</source><translation>Dunkelstes</translation></message>
<message><source>Lightest</source><translation>Hellstes</translation></message>
<message><source>Hue</source><translation>Farbton</translation></message>
<message><source>Saturation</source><translation>Sättigung</translation></message>
<message><source>Lightness</source><translation>Helligkeit</translation></message>
<message><source>Cyan – red</source><translation>Cyan – Rot</translation></message>
<message><source>Magenta – green</source><translation>Magenta – Grün</translation></message>
<message><source>Yellow – blue</source><translation>Gelb – Blau</translation></message>
<message><source>Shadows</source><translation>Schatten</translation></message>
<message><source>Midtones</source><translation>Mitteltöne</translation></message>
<message><source>Highlights</source><translation>Lichter</translation></message>
<message><source>All channels</source><translation>Alle Kanäle</translation></message>
<message><source>Red</source><translation>Rot</translation></message>
<message><source>Green</source><translation>Grün</translation></message>
<message><source>Blue</source><translation>Blau</translation></message>
</context>
<context>
<name>ask</name>
<message><source>Unsaved changes</source><translation>Nicht gespeicherte Änderungen</translation></message>
<message><source>Save the changes to “{name}”?</source><translation>Änderungen an „{name}“ speichern?</translation></message>
<message><source>Your changes will be lost if you don&apos;t save them.</source><translation>Wenn Sie nicht speichern, gehen Ihre Änderungen verloren.</translation></message>
</context>
<context>
<name>blend</name>
<message><source>Normal</source><translation>Normal</translation></message>
<message><source>Multiply</source><translation>Multiplizieren</translation></message>
<message><source>Darken</source><translation>Abdunkeln</translation></message>
<message><source>Colour burn</source><translation>Farbig nachbelichten</translation></message>
<message><source>Screen</source><translation>Negativ multiplizieren</translation></message>
<message><source>Lighten</source><translation>Aufhellen</translation></message>
<message><source>Colour dodge</source><translation>Farbig abwedeln</translation></message>
<message><source>Add</source><translation>Addieren</translation></message>
<message><source>Overlay</source><translation>Überlagerung</translation></message>
<message><source>Soft light</source><translation>Weiches Licht</translation></message>
<message><source>Hard light</source><translation>Hartes Licht</translation></message>
<message><source>Difference</source><translation>Differenz</translation></message>
<message><source>Exclusion</source><translation>Ausschluss</translation></message>
<message><source>Hue</source><translation>Farbton</translation></message>
<message><source>Saturation</source><translation>Sättigung</translation></message>
<message><source>Colour</source><translation>Farbe</translation></message>
<message><source>Luminosity</source><translation>Helligkeit</translation></message>
<message><source>Clipped</source><translation>Beschnitten</translation></message>
<message><source>Mask</source><translation>Maske</translation></message>
<message><source>Erase</source><translation>Radieren</translation></message>
<message><source>Destination atop</source><translation>Ziel auf Quelle</translation></message>
</context>
<context>
<name>compute</name>
<message><source>CPU</source><translation>CPU</translation></message>
<message><source>version {version}</source><translation>Version {version}</translation></message>
<message><source>models: {names}</source><translation>Modelle: {names}</translation></message>
</context>
<context>
<name>error</name>
<message><source>Something went wrong</source><translation>Etwas ist schiefgegangen</translation></message>
<message><source>An unexpected error occurred.</source><translation>Ein unerwarteter Fehler ist aufgetreten.</translation></message>
<message><source>Your picture is still open; save it under a new name to be safe.</source><translation>Ihr Bild ist noch geöffnet; speichern Sie es sicherheitshalber unter einem neuen Namen.</translation></message>
<message><source>Copy report</source><translation>Bericht kopieren</translation></message>
</context>
<context>
<name>filters</name>
<message><source>Gaussian blur</source><translation>Gaußscher Weichzeichner</translation></message>
<message><source>Sharpen</source><translation>Schärfen</translation></message>
<message><source>Add noise</source><translation>Rauschen hinzufügen</translation></message>
<message><source>Radius</source><translation>Radius</translation></message>
<message><source>Amount</source><translation>Stärke</translation></message>
<message><source>Coloured noise</source><translation>Farbiges Rauschen</translation></message>
</context>
<context>
<name>hints</name>
<message><source>Shift+click: straight line.</source><translation>Umschalt+Klick: gerade Linie.</translation></message>
<message><source>Click to pick the colour you see. X: swap colours.</source><translation>Klicken nimmt die sichtbare Farbe auf. X: Farben tauschen.</translation></message>
<message><source>Click to add corners. Enter or double-click: close.</source><translation>Klicken setzt Ecken. Enter oder Doppelklick: schließen.</translation></message>
<message><source>Drag to pan; with any other tool, hold Space. Scroll to zoom.</source><translation>Ziehen verschiebt die Ansicht; mit anderen Werkzeugen die Leertaste halten. Mausrad: Zoom.</translation></message>
<message><source>Ctrl or Alt: subtract. Shift+click: straight line.</source><translation>Strg oder Alt: wegnehmen. Umschalt+Klick: gerade Linie.</translation></message>
<message><source>Ctrl or Alt: pick a colour. Shift+click: straight line.</source><translation>Strg oder Alt: Farbe aufnehmen. Umschalt+Klick: gerade Linie.</translation></message>
<message><source>Shift: add to selection. Ctrl or Alt: subtract.</source><translation>Umschalt: zur Auswahl hinzufügen. Strg oder Alt: wegnehmen.</translation></message>
<message><source>Ctrl or Alt: pick a colour.</source><translation>Strg oder Alt: Farbe aufnehmen.</translation></message>
<message><source>Drag a rectangle. Enter: crop. Esc: cancel. Shift: keep proportions.</source><translation>Rechteck ziehen. Enter: zuschneiden. Esc: abbrechen. Umschalt: Seitenverhältnis.</translation></message>
<message><source>Drag inside: move. Handles: scale; Shift keeps proportions, Ctrl or Alt on a side shears. Outside: rotate. Enter: apply. Esc: cancel.</source><translation>Innen ziehen: verschieben. Griffe: skalieren; Umschalt hält das Seitenverhältnis, Strg oder Alt an einer Seite schert. Außen: drehen. Enter: anwenden. Esc: abbrechen.</translation></message>
<message><source>Click a thing or drag a box around it. Shift: add. Ctrl or Alt: subtract.</source><translation>Ein Ding anklicken oder einen Rahmen darum ziehen. Umschalt: hinzufügen. Strg oder Alt: abziehen.</translation></message>
<message><source>Ctrl+click or Alt+click: where to copy from. Shift+click: straight line.</source><translation>Strg+Klick oder Alt+Klick: Quelle wählen. Umschalt+Klick: gerade Linie.</translation></message>
<message><source>Drag to smear what you see. Shift+click: straight line.</source><translation>Ziehen verwischt, was zu sehen ist. Umschalt+Klick: gerade Linie.</translation></message>
<message><source>Click to write, or on a text to change it.</source><translation>Klicken, um zu schreiben oder einen Text zu ändern.</translation></message>
<message><source>Drag the active layer, or what is selected of it; or use the arrow keys. Shift: one direction only. Guides can be dragged, too.</source><translation>Ziehen Sie die aktive Ebene oder was von ihr ausgewählt ist, oder nehmen Sie die Pfeiltasten. Umschalt: nur eine Richtung. Auch Hilfslinien lassen sich ziehen.</translation></message>
<message><source>Drag. Shift: steps of 45°. Esc: cancel.</source><translation>Ziehen. Umschalt: in Schritten von 45°. Esc: abbrechen.</translation></message>
<message><source>Drag. Shift: square. Esc: cancel.</source><translation>Ziehen. Umschalt: Quadrat. Esc: abbrechen.</translation></message>
<message><source>Drag. Shift: circle. Esc: cancel.</source><translation>Ziehen. Umschalt: Kreis. Esc: abbrechen.</translation></message>
</context>
<context>
<name>jobs</name>
<message><source>waiting</source><translation>wartet</translation></message>
<message><source>done</source><translation>fertig</translation></message>
<message><source>failed</source><translation>gescheitert</translation></message>
<message><source>cancelled</source><translation>abgebrochen</translation></message>
<message><source>loading the model</source><translation>lädt das Modell</translation></message>
<message><source>analysing the picture</source><translation>analysiert das Bild</translation></message>
<message><source>finding what changes</source><translation>sucht, was sich ändert</translation></message>
<message><source>painting</source><translation>malt</translation></message>
<message><source>decoding the picture</source><translation>dekodiert das Bild</translation></message>
<message><source>recomputing earlier turns</source><translation>berechnet frühere Runden neu</translation></message>
<message><source>starting</source><translation>beginnt</translation></message>
<message><source>{done} of {total}</source><translation>{done} von {total}</translation></message>
<message><source>{seconds} s left</source><translation>noch {seconds} s</translation></message>
<message><source>{text} · on {worker}</source><translation>{text} · auf {worker}</translation></message>
<message><source>painting detail</source><translation>malt Einzelheiten</translation></message>
<message><source>sending the model</source><translation>Modell wird gesendet</translation></message>
<message><source>{steps} MB</source><translation>{steps} MB</translation></message>
</context>
<context>
<name>marks</name>
<message><source>“{words}”</source><translation>„{words}“</translation></message>
</context>
<context>
<name>messages</name>
<message><source>, </source>
<comment>between the items of a list</comment><translation>, </translation></message>
<message><source>This model&apos;s U-Net has an unsupported part: {layer}.</source><translation>Das U-Net dieses Modells enthält einen nicht unterstützten Teil: {layer}.</translation></message>
<message><source>the disk is full</source><translation>Der Datenträger ist voll</translation></message>
<message><source>you do not have permission</source><translation>Die Zugriffsrechte fehlen</translation></message>
<message><source>the folder does not exist</source><translation>Der Ordner ist nicht vorhanden</translation></message>
<message><source>the file is too large for the disk</source><translation>Die Datei ist zu groß für den Datenträger</translation></message>
<message><source>the disk is read-only</source><translation>Der Datenträger ist schreibgeschützt</translation></message>
<message><source>a file of that name is in the way</source><translation>Es gibt schon eine Datei dieses Namens</translation></message>
<message><source>there is a folder of that name</source><translation>Es gibt einen Ordner dieses Namens</translation></message>
<message><source>the name is too long</source><translation>Der Name ist zu lang</translation></message>
<message><source>the disk reported an error (code {code})</source><translation>Der Datenträger meldet einen Fehler (Code {code})</translation></message>
<message><source>The weight of the LoRA {name} must lie between {lowest} and {highest}.</source><translation>Das Gewicht der LoRA {name} muss zwischen {lowest} und {highest} liegen.</translation></message>
<message><source>“{value}” is no weight for the LoRA {name}; write a number such as 0.8.</source><translation>„{value}“ ist kein Gewicht für die LoRA {name}; schreiben Sie eine Zahl wie 0.8.</translation></message>
<message><source>Part of the settings could not be read. The original file was kept as {file}.</source><translation>Ein Teil der Einstellungen konnte nicht gelesen werden. Die ursprüngliche Datei wurde als {file} aufbewahrt.</translation></message>
<message><source>Some settings could not be read: {names}. The original file was kept as {file}.</source><translation>Einige Einstellungen konnten nicht gelesen werden: {names}. Die ursprüngliche Datei wurde als {file} aufbewahrt.</translation></message>
<message><source>The settings could not be saved: one of them contains invalid characters.</source><translation>Die Einstellungen konnten nicht gespeichert werden: Eine davon enthält ungültige Zeichen.</translation></message>
<message><source>The settings could not be saved to {folder}: {reason}.</source><translation>Die Einstellungen konnten nicht in {folder} gespeichert werden: {reason}.</translation></message>
<message><source>The settings in {path} could not be read. The defaults are used.</source><translation>Die Einstellungen in {path} konnten nicht gelesen werden. Es gelten die Voreinstellungen.</translation></message>
<message><source>Only paint layers and groups can be merged, and only with a paint layer below.</source><translation>Nur Malebenen und Gruppen können zusammengeführt werden, und nur mit einer Malebene darunter.</translation></message>
<message><source>This is not a group.</source><translation>Das ist keine Gruppe.</translation></message>
<message><source>Select the layers to group first.</source><translation>Wählen Sie zuerst die Ebenen aus, die gruppiert werden sollen.</translation></message>
<message><source>A group cannot be moved into itself.</source><translation>Eine Gruppe kann nicht in sich selbst verschoben werden.</translation></message>
<message><source>The layer “{layer}” is hidden. Show it before merging.</source><translation>Die Ebene „{layer}“ ist ausgeblendet. Blenden Sie sie vor dem Zusammenführen ein.</translation></message>
<message><source>A layer cannot be moved that far.</source><translation>So weit kann eine Ebene nicht verschoben werden.</translation></message>
<message><source>The name is too long.</source><translation>Der Name ist zu lang.</translation></message>
<message><source>Groups cannot be nested more than {most} deep.</source><translation>Gruppen können höchstens {most} Stufen tief verschachtelt sein.</translation></message>
<message><source>A picture can have at most {most} layers.</source><translation>Ein Bild kann höchstens {most} Ebenen haben.</translation></message>
<message><source>Only a group can hold other layers.</source><translation>Nur eine Gruppe kann andere Ebenen enthalten.</translation></message>
<message><source>The prompt is empty. Describe what the picture shows.</source><translation>Der Prompt ist leer. Beschreiben Sie, was das Bild zeigt.</translation></message>
<message><source>The prompt is too long for this model. It ignored: {words}</source><translation>Der Prompt ist zu lang für dieses Modell. Nicht beachtet: {words}</translation></message>
<message><source>The model does not know these characters: {characters}</source><translation>Diese Zeichen kennt das Modell nicht: {characters}</translation></message>
<message><source>“{value}” is not a valid value for “{name}”.</source><translation>„{value}“ ist kein gültiger Wert für „{name}“.</translation></message>
<message><source>There is no setting called “{name}”. Available: {choices}.</source><translation>Es gibt keine Einstellung namens „{name}“. Verfügbar: {choices}.</translation></message>
<message><source>The picture is {width} × {height} pixels. Each side must be {smallest} to {largest} pixels long.</source><translation>Das Bild hat {width} × {height} Pixel. Jede Seite muss {smallest} bis {largest} Pixel lang sein.</translation></message>
<message><source>Nothing would change: the prompt is the same as before.</source><translation>Nichts würde sich ändern: Der Prompt ist derselbe wie zuvor.</translation></message>
<message><source>Nothing would change: the model paints the same picture for this prompt.</source><translation>Nichts würde sich ändern: Das Modell malt zu diesem Prompt dasselbe Bild.</translation></message>
<message><source>The mask is {mask_width} × {mask_height} pixels, but the picture is {width} × {height}. They must be the same size.</source><translation>Die Maske hat {mask_width} × {mask_height} Pixel, das Bild aber {width} × {height}. Beide müssen gleich groß sein.</translation></message>
<message><source>The mask is empty. Paint the area that may change.</source><translation>Die Maske ist leer. Übermalen Sie, was sich ändern darf.</translation></message>
<message><source>The cache is too small to keep everything about this picture, so edits of it may be less precise.</source><translation>Der Cache ist zu klein, um alles zu diesem Bild zu behalten. Änderungen können daher ungenauer ausfallen.</translation></message>
<message><source>This picture is too large for the cache, so edits of it will take longer.</source><translation>Dieses Bild ist zu groß für den Cache. Änderungen dauern daher länger.</translation></message>
<message><source>The cache is full, so the whole picture was computed. You can make the cache larger in the settings.</source><translation>Der Cache ist voll, deshalb wurde das ganze Bild berechnet. Sie können den Cache in den Einstellungen vergrößern.</translation></message>
<message><source>Nothing in the picture matches these words. Paint a mask over the area to change.</source><translation>Nichts im Bild passt zu diesen Worten. Malen Sie eine Maske über das, was sich ändern soll.</translation></message>
<message><source>The number of variants must be from 1 to {most}.</source><translation>Die Zahl der Varianten muss zwischen 1 und {most} liegen.</translation></message>
<message><source>Select the area to redraw, or sketch what it should become.</source><translation>Wählen Sie aus, was neu gezeichnet werden soll, oder skizzieren Sie, was daraus werden soll.</translation></message>
<message><source>The prompt is too long for this model: it ignores these words.</source><translation>Der Prompt ist zu lang für dieses Modell: Es beachtet diese Worte nicht.</translation></message>
<message><source>This picture is too large for the area to be found automatically. Paint a mask over it.</source><translation>Dieses Bild ist zu groß, um die Stelle automatisch zu finden. Malen Sie eine Maske darüber.</translation></message>
<message><source>There is no mask preset called “{name}”. Available: {choices}.</source><translation>Es gibt keine Maskenvoreinstellung namens „{name}“. Verfügbar: {choices}.</translation></message>
<message><source>Mask settings are out of range: strength must be above 0 and at most 1, the threshold from 0 to 1, and the number of rounds from 1 to 16.</source><translation>Die Maskeneinstellungen sind ungültig: Die Stärke muss über 0 und höchstens 1 sein, der Schwellenwert zwischen 0 und 1, die Zahl der Durchgänge zwischen 1 und 16.</translation></message>
<message><source>There is no editing method called “{name}”. Available: {choices}.</source><translation>Es gibt keine Methode namens „{name}“. Verfügbar: {choices}.</translation></message>
<message><source>The picture is {width} × {height} pixels. Each side must be at least {smallest} pixels long.</source><translation>Das Bild hat {width} × {height} Pixel. Jede Seite muss mindestens {smallest} Pixel lang sein.</translation></message>
<message><source>This picture is too large to be edited as a whole. Select or mask the area to change.</source><translation>Dieses Bild ist zu groß, um es im Ganzen zu ändern. Wählen oder maskieren Sie, was sich ändern soll.</translation></message>
<message><source>The mask and the picture must be the same size.</source><translation>Maske und Bild müssen gleich groß sein.</translation></message>
<message><source>The selected area is too large for the model. Select at most {most} pixels across.</source><translation>Der gewählte Bereich ist zu groß für das Modell. Wählen Sie höchstens {most} Pixel in jeder Richtung.</translation></message>
<message><source>This is a large picture, so only the part around your mask or selection is sent to the model.</source><translation>Das Bild ist groß, deshalb sieht das Modell nur den Teil um Ihre Maske oder Auswahl.</translation></message>
<message><source>sketch adapter</source><translation>Skizzenadapter</translation></message>
<message><source>This model has no sketch adapter, so it cannot use the sketch. Select the area to redraw instead.</source><translation>Dieses Modell hat keinen Skizzenadapter und kann der Skizze nicht folgen. Wählen Sie stattdessen aus, was neu gezeichnet werden soll.</translation></message>
<message><source>The folder “{folder}” contains no sketch adapter.</source><translation>Der Ordner „{folder}“ enthält keinen Skizzenadapter.</translation></message>
<message><source>The sketch adapter “{folder}” is not compatible with this model.</source><translation>Der Skizzenadapter „{folder}“ passt nicht zu diesem Modell.</translation></message>
<message><source>The model could not be loaded: the weights of its {part} are incomplete.</source><translation>Das Modell konnte nicht geladen werden: Gewichte fehlen ({part}).</translation></message>
<message><source>The model could not be loaded: its {part} is damaged.</source><translation>Das Modell konnte nicht geladen werden: Ein Teil ist beschädigt ({part}).</translation></message>
<message><source>There is no LoRA called “{name}”; give its path, or put it into a folder “loras” beside the model.</source><translation>Es gibt keine LoRA namens „{name}“; geben Sie ihren Pfad an oder legen Sie sie in einen Ordner „loras“ neben dem Modell.</translation></message>
<message><source>{file} is no LoRA: its weights have other names.</source><translation>{file} ist keine LoRA: Ihre Gewichte haben andere Namen.</translation></message>
<message><source>The LoRA {file} is damaged: some of its layers are there twice.</source><translation>Die LoRA {file} ist beschädigt: Einige ihrer Schichten sind doppelt vorhanden.</translation></message>
<message><source>{file} is pickled: opening it could run any program hidden in it; get the LoRA as .safetensors.</source><translation>{file} ist im Pickle-Format: Beim Öffnen könnte darin versteckter Programmcode ausgeführt werden; besorgen Sie die LoRA als .safetensors.</translation></message>
<message><source>The LoRA “{file}” does not exist.</source><translation>Die LoRA „{file}“ existiert nicht.</translation></message>
<message><source>{file} is a {kind}, which is not supported; LoRA and LoCon files are.</source><translation>{file} ist eine {kind}; das wird nicht unterstützt, wohl aber LoRA- und LoCon-Dateien.</translation></message>
<message><source>The LoRA {file} is damaged: some of its layers are only half there.</source><translation>Die LoRA {file} ist beschädigt: Einige ihrer Schichten sind nur halb vorhanden.</translation></message>
<message><source>The LoRA {file} was made for another kind of model.</source><translation>Die LoRA {file} wurde für eine andere Art von Modell gemacht.</translation></message>
<message><source>The LoRA {file} could not be read.</source><translation>Die LoRA {file} konnte nicht gelesen werden.</translation></message>
<message><source>The model could not be loaded: the weights of its {part} are incomplete or do not match the configuration.</source><translation>Das Modell konnte nicht geladen werden: Gewichte fehlen oder passen nicht zur Konfiguration ({part}).</translation></message>
<message><source>The model could not be loaded: its tokenizer and text encoder do not match.</source><translation>Das Modell konnte nicht geladen werden: Tokenizer und Textencoder passen nicht zusammen.</translation></message>
<message><source>The model could not be loaded: its {part} is damaged or incompatible.</source><translation>Das Modell konnte nicht geladen werden: Ein Teil ist beschädigt oder passt nicht ({part}).</translation></message>
<message><source>The model could not be loaded: its tokenizer is damaged.</source><translation>Das Modell konnte nicht geladen werden: Sein Tokenizer ist beschädigt.</translation></message>
<message><source>“{name}” could not be used, so the model that paints finds objects.</source><translation>„{name}“ ließ sich nicht verwenden; daher findet das malende Modell die Objekte.</translation></message>
<message><source>The LoRA {name} has {count} layers that this model does not have; they were left out.</source><translation>Die LoRA {name} hat {count} Schichten, die dieses Modell nicht hat; sie wurden weggelassen.</translation></message>
<message><source>This turn was made with another model or other LoRAs, so its picture was analysed again.</source><translation>Diese Runde entstand mit einem anderen Modell oder anderen LoRAs; ihr Bild wurde daher neu analysiert.</translation></message>
<message><source>The built-in model is missing. Please reinstall the program.</source><translation>Das mitgelieferte Modell fehlt. Bitte installieren Sie das Programm neu.</translation></message>
<message><source>U-Net</source><translation>U-Net</translation></message>
<message><source>autoencoder</source><translation>Autoencoder</translation></message>
<message><source>text encoder</source><translation>Textencoder</translation></message>
<message><source>The model folder “{folder}” does not exist.</source><translation>Der Modellordner „{folder}“ ist nicht vorhanden.</translation></message>
<message><source>The model folder contains no tokenizer.</source><translation>Der Modellordner enthält keinen Tokenizer.</translation></message>
<message><source>The model folder contains no {part}.</source><translation>Im Modellordner fehlt ein Teil: {part}.</translation></message>
<message><source>The model&apos;s autoencoder is not supported: {kind}.</source><translation>Der Autoencoder des Modells wird nicht unterstützt: {kind}.</translation></message>
<message><source>The model&apos;s text encoder is not supported. It must be a CLIP text encoder.</source><translation>Der Textencoder des Modells wird nicht unterstützt. Es muss ein CLIP-Textencoder sein.</translation></message>
<message><source>The model could not be loaded: its U-Net and autoencoder do not match.</source><translation>Das Modell konnte nicht geladen werden: U-Net und Autoencoder passen nicht zusammen.</translation></message>
<message><source>The model could not be loaded: its U-Net and text encoder do not match.</source><translation>Das Modell konnte nicht geladen werden: U-Net und Textencoder passen nicht zusammen.</translation></message>
<message><source>The model&apos;s scheduler is not supported: {name} is “{value}”.</source><translation>Der Scheduler des Modells wird nicht unterstützt: {name} ist „{value}“.</translation></message>
<message><source>The value of “{name}” in the model&apos;s scheduler_config.json is not valid.</source><translation>Der Wert von „{name}“ in der scheduler_config.json des Modells ist ungültig.</translation></message>
<message><source>The model could not be loaded: the configuration of its {part} is incomplete.</source><translation>Das Modell konnte nicht geladen werden: Eine Konfiguration ist unvollständig ({part}).</translation></message>
<message><source>The value of “{key}” in the model&apos;s {file} is not valid.</source><translation>Der Wert von „{key}“ in der Datei {file} des Modells ist ungültig.</translation></message>
<message><source>{file} is a LoRA, which changes a model and is none itself; add it to the LoRAs and choose its model.</source><translation>{file} ist eine LoRA, die ein Modell verändert und selbst keines ist; fügen Sie sie den LoRAs hinzu und wählen Sie ihr Modell.</translation></message>
<message><source>There is no device called “{name}”. Available: auto, cpu, cuda, cuda:0, mps.</source><translation>Es gibt kein Gerät namens „{name}“. Verfügbar: auto, cpu, cuda, cuda:0, mps.</translation></message>
<message><source>No supported NVIDIA graphics card was found on this computer.</source><translation>Auf diesem Rechner wurde keine unterstützte NVIDIA-Grafikkarte gefunden.</translation></message>
<message><source>There is no graphics card number {number} in this computer.</source><translation>In diesem Rechner gibt es keine Grafikkarte mit der Nummer {number}.</translation></message>
<message><source>No supported Apple GPU was found on this computer.</source><translation>Auf diesem Rechner wurde keine unterstützte Apple-GPU gefunden.</translation></message>
<message><source>The model could not be loaded: the weights of its {part} are missing.</source><translation>Das Modell konnte nicht geladen werden: Alle Gewichte eines Teils fehlen ({part}).</translation></message>
<message><source>The model file “{file}” is damaged.</source><translation>Die Modelldatei „{file}“ ist beschädigt.</translation></message>
<message><source>The model file “{file}” could not be read: {reason}.</source><translation>Die Modelldatei „{file}“ konnte nicht gelesen werden: {reason}.</translation></message>
<message><source>The weights of the model&apos;s {part} are pickled, which is unsafe. Use a model with safetensors files.</source><translation>Die Gewichte des Modells liegen als Pickle vor ({part}), was unsicher ist. Verwenden Sie ein Modell mit Safetensors-Dateien.</translation></message>
<message><source>The model file “{file}” is missing.</source><translation>Die Modelldatei „{file}“ fehlt.</translation></message>
<message><source>The sketch is {sketch_width} × {sketch_height} pixels, but the picture is {width} × {height}. They must be the same size.</source><translation>Die Skizze hat {sketch_width} × {sketch_height} Pixel, das Bild aber {width} × {height}. Beide müssen gleich groß sein.</translation></message>
<message><source>The sketch is empty. Draw the new outlines, dark on light.</source><translation>Die Skizze ist leer. Zeichnen Sie die neuen Umrisse, dunkel auf hell.</translation></message>
<message><source>The sketch matches the picture. Draw what should be different.</source><translation>Die Skizze gleicht dem Bild. Zeichnen Sie, was anders werden soll.</translation></message>
<message><source>The sketch has an unsupported pixel format.</source><translation>Das Pixelformat der Skizze wird nicht unterstützt.</translation></message>
<message><source>“{file}” is damaged: {what}.</source><translation>„{file}“ ist beschädigt: {what}.</translation></message>
<message><source>“{file}” was not opened: its unpacked contents are too large.</source><translation>„{file}“ wurde nicht geöffnet: Der entpackte Inhalt ist zu groß.</translation></message>
<message><source>“{file}” is not a Palimpsest or OpenRaster file.</source><translation>„{file}“ ist keine Palimpsest- oder OpenRaster-Datei.</translation></message>
<message><source>its part “{name}” is missing</source><translation>Der Teil „{name}“ fehlt</translation></message>
<message><source>its part “{name}” is too large</source><translation>Der Teil „{name}“ ist zu groß</translation></message>
<message><source>its part “{name}” is not valid</source><translation>Der Teil „{name}“ ist ungültig</translation></message>
<message><source>“{file}” has more pixels than this program can open.</source><translation>„{file}“ hat mehr Pixel, als dieses Programm öffnen kann.</translation></message>
<message><source>its part “{name}” cannot be read</source><translation>Der Teil „{name}“ ist nicht lesbar</translation></message>
<message><source>its picture “{name}” cannot be read ({reason})</source><translation>Das Bild „{name}“ ist nicht lesbar ({reason})</translation></message>
<message><source>“{file}” was not saved: {reason}.</source><translation>„{file}“ wurde nicht gespeichert: {reason}.</translation></message>
<message><source>it has {count} layers, but at most {most} are supported (merge some of them)</source><translation>Es gibt {count} Ebenen, möglich sind aber höchstens {most} (führen Sie einige zusammen)</translation></message>
<message><source>groups are nested more than {most} deep (ungroup some of them)</source><translation>Gruppen sind mehr als {most} Stufen tief verschachtelt (lösen Sie einige auf)</translation></message>
<message><source>the name of a layer is too long</source><translation>Der Name einer Ebene ist zu lang</translation></message>
<message><source>it has {count} turns, but at most {most} are supported (delete some of them)</source><translation>Es gibt {count} Runden, möglich sind aber höchstens {most} (löschen Sie einige)</translation></message>
<message><source>the prompt of a turn has more than {most} characters</source><translation>Der Prompt einer Runde hat mehr als {most} Zeichen</translation></message>
<message><source>the name of a turn is too long</source><translation>Der Name einer Runde ist zu lang</translation></message>
<message><source>the stored data of a turn is too large</source><translation>Die gespeicherten Daten einer Runde sind zu groß</translation></message>
<message><source>A picture of this size cannot be saved as {format}.</source><translation>Ein Bild dieser Größe kann nicht als {format} gespeichert werden.</translation></message>
<message><source>“{file}” could not be read: it is damaged or incomplete.</source><translation>„{file}“ konnte nicht gelesen werden: Die Datei ist beschädigt oder unvollständig.</translation></message>
<message><source>This turn has no trajectory: its picture was edited in a window.</source><translation>Dieser Schritt hat keine Trajektorie: Sein Bild wurde in einem Ausschnitt bearbeitet.</translation></message>
<message><source>This model has an unknown architecture: {kind}.</source><translation>Dieses Modell hat eine unbekannte Architektur: {kind}.</translation></message>
<message><source>Find the region</source><translation>Bereich finden</translation></message>
<message><source>How the place that changes is found</source><translation>Wie die Stelle gefunden wird, die sich ändert</translation></message>
<message><source>Keep structure</source><translation>Struktur bewahren</translation></message>
<message><source>Share of the steps in which the words that stay look where they looked before</source><translation>Anteil der Schritte, in denen die bleibenden Wörter dorthin blicken, wohin sie vorher blickten</translation></message>
<message><source>At a glance</source><translation>Auf einen Blick</translation></message>
<message><source>By first steps on the whole picture (as in the paper)</source><translation>Durch erste Schritte auf dem ganzen Bild (wie im Artikel)</translation></message>
<message><source>The model computed values that cannot be kept in the cache, so the whole picture was computed.</source><translation>Das Modell hat Werte berechnet, die nicht im Cache aufbewahrt werden können; deshalb wurde das ganze Bild berechnet.</translation></message>
<message><source>The model is damaged: its files are not what they should be.</source><translation>Das Modell ist beschädigt: Seine Dateien haben nicht den erwarteten Inhalt.</translation></message>
<message><source>The model file {file} is incomplete: its U-Net has parts missing.</source><translation>Die Modelldatei {file} ist unvollständig: Teile ihres U-Nets fehlen.</translation></message>
<message><source>This folder holds model files; choose one of them, such as {file}.</source><translation>Dieser Ordner enthält Modelldateien; wählen Sie eine davon, zum Beispiel {file}.</translation></message>
<message><source>This folder is one part of a model; choose the folder around it.</source><translation>Dieser Ordner ist ein Teil eines Modells; wählen Sie den Ordner darüber.</translation></message>
<message><source>This part of the model has no configuration: {kind}.</source><translation>Dieser Teil des Modells hat keine Konfiguration: {kind}.</translation></message>
<message><source>This is not a Stable Diffusion pipeline: it must have a U-Net, an autoencoder, a text encoder, a tokenizer and a scheduler.</source><translation>Dies ist keine Stable-Diffusion-Pipeline: Sie muss U-Net, Autoencoder, Textencoder, Tokenizer und Scheduler haben.</translation></message>
<message><source>The model file “{file}” does not exist.</source><translation>Die Modelldatei „{file}“ gibt es nicht.</translation></message>
<message><source>The model computed invalid values instead of a picture. Try another seed or sampler, or a model in full precision.</source><translation>Das Modell hat statt eines Bildes ungültige Werte berechnet. Versuchen Sie einen anderen Seed oder Sampler oder ein Modell in voller Genauigkeit.</translation></message>
<message><source>The model file {file} comes without its words; put the folder “tokenizer” (vocab.json and merges.txt) of any Stable Diffusion model beside it.</source><translation>Die Modelldatei {file} kommt ohne ihre Wörter; legen Sie den Ordner „tokenizer“ (vocab.json und merges.txt) eines beliebigen Stable-Diffusion-Modells daneben.</translation></message>
<message><source>There is no vocabulary in {folder}.</source><translation>In {folder} ist kein Vokabular.</translation></message>
<message><source>{file} is no Stable Diffusion model: its weights have other names.</source><translation>{file} ist kein Stable-Diffusion-Modell: Die Gewichte haben andere Namen.</translation></message>
<message><source>{file} is an autoencoder (VAE) only; choose the model that it belongs to.</source><translation>{file} ist nur ein Autoencoder (VAE); wählen Sie das Modell, zu dem er gehört.</translation></message>
<message><source>{file} is one part of a model; choose the whole model&apos;s folder.</source><translation>{file} ist ein Teil eines Modells; wählen Sie den Ordner des ganzen Modells.</translation></message>
<message><source>{file} is a ControlNet, which steers a model; choose the model itself.</source><translation>{file} ist ein ControlNet, das ein Modell steuert; wählen Sie das Modell selbst.</translation></message>
<message><source>The folder “{folder}” contains no autoencoder (VAE).</source><translation>Der Ordner „{folder}“ enthält keinen Autoencoder (VAE).</translation></message>
<message><source>{file} is pickled: opening it could run any program hidden in it; get the VAE as .safetensors.</source><translation>{file} ist im Pickle-Format: Beim Öffnen könnte darin versteckter Programmcode ausgeführt werden; besorgen Sie den VAE als .safetensors.</translation></message>
<message><source>The autoencoder (VAE) “{file}” does not exist.</source><translation>Der Autoencoder (VAE) „{file}“ existiert nicht.</translation></message>
<message><source>{file} is no autoencoder (VAE): its weights have other names.</source><translation>{file} ist kein Autoencoder (VAE): Seine Gewichte haben andere Namen.</translation></message>
<message><source>The autoencoder (VAE) {file} was made for another kind of model.</source><translation>Der Autoencoder (VAE) {file} wurde für eine andere Art von Modell gemacht.</translation></message>
<message><source>What the model predicts could not be kept in {folder}: {reason}.</source><translation>Was das Modell vorhersagt, konnte in {folder} nicht gespeichert werden: {reason}.</translation></message>
<message><source>a model that works with a depth map</source><translation>ein Modell, das mit einer Tiefenkarte arbeitet</translation></message>
<message><source>an upscaler</source><translation>ein Modell zum Hochskalieren</translation></message>
<message><source>a model that follows instructions (InstructPix2Pix)</source><translation>ein Modell, das Anweisungen folgt (InstructPix2Pix)</translation></message>
<message><source>{file} is {kind}, which is not supported yet.</source><translation>{file} ist {kind}; das wird noch nicht unterstützt.</translation></message>
<message><source>{file} is pickled: opening it could run any program hidden in it; get the model as .safetensors.</source><translation>{file} ist eine Pickle-Datei: Beim Öffnen könnte jedes darin versteckte Programm laufen; besorgen Sie das Modell als .safetensors.</translation></message>
<message><source>{file} is quantised, which is not supported; get the model as .safetensors.</source><translation>{file} ist quantisiert, was nicht unterstützt wird; besorgen Sie das Modell als .safetensors.</translation></message>
<message><source>{file} is no model; choose a .safetensors file or a folder in the layout of diffusers.</source><translation>{file} ist kein Modell; wählen Sie eine .safetensors-Datei oder einen Ordner im Aufbau von diffusers.</translation></message>
<message><source>The model file {file} has no {part}; put a model&apos;s folder that has one beside it.</source><translation>Die Modelldatei {file} enthält keinen Teil „{part}“; legen Sie den Ordner eines Modells daneben, das ihn hat.</translation></message>
<message><source>“{file}” could not be read: it is damaged or much too large.</source><translation>„{file}“ konnte nicht gelesen werden: Die Datei ist beschädigt oder viel zu groß.</translation></message>
<message><source>“{file}” is too large: {reason}.</source><translation>„{file}“ ist zu groß: {reason}.</translation></message>
<message><source>“{file}” has more layers than this program can open.</source><translation>„{file}“ hat mehr Ebenen, als dieses Programm öffnen kann.</translation></message>
<message><source>This model has an unknown architecture. Only Stable Diffusion 1.x, 2.x and SDXL models are supported.</source><translation>Dieses Modell hat eine unbekannte Architektur. Unterstützt werden nur Modelle von Stable Diffusion 1.x, 2.x und SDXL.</translation></message>
<message><source>an inpainting model of the same latents</source><translation>ein Inpainting-Modell mit denselben Latents</translation></message>
<message><source>an InstructPix2Pix model</source><translation>ein InstructPix2Pix-Modell</translation></message>
<message><source>The folder “{folder}” contains no InstructPix2Pix model.</source><translation>Der Ordner „{folder}“ enthält kein InstructPix2Pix-Modell.</translation></message>
<message><source>LEDITS++ runs on Stable Diffusion 1.x and 2.x only.</source><translation>LEDITS++ läuft nur mit Stable Diffusion 1.x und 2.x.</translation></message>
<message><source>This installation does not include {name}; install the program with pip to use it.</source><translation>Diese Installation enthält {name} nicht; installieren Sie das Programm mit pip, um es zu verwenden.</translation></message>
<message><source>Word swap needs as many words in both sentences.</source><translation>Der Worttausch braucht in beiden Sätzen gleich viele Wörter.</translation></message>
<message><source>HIVE (arXiv 2303.09618) is InstructPix2Pix with other weights: name their folder for instruct-pix2pix.</source><translation>HIVE (arXiv 2303.09618) ist InstructPix2Pix mit anderen Gewichten: Geben Sie deren Ordner für instruct-pix2pix an.</translation></message>
<message><source>GLIDE (arXiv 2112.10741) is left out: its networks work on pixels, not on a Stable Diffusion model.</source><translation>GLIDE (arXiv 2112.10741) fehlt: Seine Netze arbeiten auf Pixeln, nicht auf einem Stable-Diffusion-Modell.</translation></message>
<message><source>Imagic (arXiv 2210.09276) is left out: it trains the whole network anew for every picture, so the weights would not be the same for all methods.</source><translation>Imagic (arXiv 2210.09276) fehlt: Es trainiert für jedes Bild das ganze Netz neu, sodass die Gewichte nicht für alle Methoden gleich wären.</translation></message>
<message><source>There is no method called “{name}” to compare with. Available: {choices}.</source><translation>Es gibt keine Vergleichsmethode namens „{name}“. Verfügbar: {choices}.</translation></message>
<message><source>This picture is larger than the model sees at once; methods are compared on smaller ones.</source><translation>Dieses Bild ist größer, als das Modell auf einmal sieht; Methoden werden an kleineren verglichen.</translation></message>
<message><source>The mask must be of the picture&apos;s size to compare methods.</source><translation>Zum Vergleichen muss die Maske so groß wie das Bild sein.</translation></message>
<message><source>{method} needs {what}: name its folder (--with {method}=FOLDER).</source><translation>{method} braucht {what}: Geben Sie dessen Ordner an (--with {method}=ORDNER).</translation></message>
<message><source>A canvas of {width} × {height} pixels is too large. Each side may have up to {side} pixels, all together {most} million.</source><translation>Eine Leinwand von {width} × {height} Pixeln ist zu groß. Jede Seite darf bis zu {side} Pixel haben, alle zusammen {most} Millionen.</translation></message>
<message><source>There is nothing on the layer “{layer}” to move there.</source><translation>Auf der Ebene „{layer}“ ist dort nichts zu bewegen.</translation></message>
<message><source>There is no visible layer to flatten.</source><translation>Es gibt keine sichtbare Ebene.</translation></message>
<message><source>Words cannot be switched during a run; of {switches} only one part counts.</source><translation>Wörter können während eines Laufs nicht gewechselt werden; von {switches} zählt nur ein Teil.</translation></message>
<message><source>Compare from step</source><translation>Vergleichen ab Schritt</translation></message>
<message><source>The first of the steps whose differences make the region, counted from 1; the paper shows 5 to 10</source><translation>Der erste der Schritte, deren Unterschiede den Bereich ergeben, ab 1 gezählt; die Arbeit zeigt 5 bis 10</translation></message>
<message><source>Control attention</source><translation>Aufmerksamkeit lenken</translation></message>
<message><source>Let unchanged words look where they looked before, while the region is searched; off, as in the paper’s ablation</source><translation>Unveränderte Wörter bei der Suche nach dem Bereich dorthin blicken lassen, wohin sie vorher blickten; aus: wie in der Ablation der Arbeit</translation></message>
<message><source>Off: the latents around the region go on from where the first steps left them, as in the paper’s code</source><translation>Aus: Die Latents um den Bereich gehen von dort weiter, wo die ersten Schritte sie ließen, wie im Code der Arbeit</translation></message>
<message><source>Painted by</source><translation>Gemalt von</translation></message>
<message><source>Another model with the same autoencoder that paints, such as one for inpainting, as in the paper</source><translation>Ein anderes Modell mit demselben Autoencoder, das malt, etwa eines für Inpainting, wie in der Arbeit</translation></message>
<message><source>The canvas was changed since this picture was made, so the picture was analysed again.</source><translation>Die Leinwand wurde geändert, seit dieses Bild entstand; darum wurde es neu analysiert.</translation></message>
<message><source>“{folder}” cannot paint here: its latents are not those of this model.</source><translation>„{folder}“ kann hier nicht malen: Seine Latents sind nicht die dieses Modells.</translation></message>
<message><source>The model file {file} is not Stable Diffusion 1.x, 2.x or SDXL: its U-Net has other sizes.</source><translation>Die Modelldatei {file} ist weder Stable Diffusion 1.x oder 2.x noch SDXL: Ihr U-Net hat andere Größen.</translation></message>
<message><source>This is SDXL&apos;s refiner, which finishes pictures only; choose the base model.</source><translation>Das ist der Refiner von SDXL, der Bilder nur vollendet; wählen Sie das Basismodell.</translation></message>
<message><source>This is a {kind} model. Only Stable Diffusion 1.x, 2.x and SDXL models are supported.</source><translation>Das ist ein {kind}-Modell. Unterstützt werden nur Modelle von Stable Diffusion 1.x, 2.x und SDXL.</translation></message>
<message><source>The model&apos;s U-Net is not supported. Only Stable Diffusion 1.x, 2.x and SDXL models are.</source><translation>Das U-Net des Modells wird nicht unterstützt. Unterstützt werden nur Modelle von Stable Diffusion 1.x, 2.x und SDXL.</translation></message>
<message><source>second text encoder</source><translation>zweiter Textencoder</translation></message>
<message><source>The model could not be loaded: its two text encoders know different words.</source><translation>Das Modell konnte nicht geladen werden: Seine beiden Textencoder kennen verschiedene Wörter.</translation></message>
<message><source>{file} is a Flux model; only Stable Diffusion 1.x, 2.x and SDXL models can be used.</source><translation>{file} ist ein Flux-Modell; verwendet werden können nur Modelle von Stable Diffusion 1.x, 2.x und SDXL.</translation></message>
<message><source>{file} is a Stable Diffusion 3 model; only Stable Diffusion 1.x, 2.x and SDXL models can be used.</source><translation>{file} ist ein Modell von Stable Diffusion 3; verwendet werden können nur Modelle von Stable Diffusion 1.x, 2.x und SDXL.</translation></message>
<message><source>{file} is SDXL&apos;s refiner, which finishes pictures only; choose the base model.</source><translation>{file} ist der Refiner von SDXL, der Bilder nur vollendet; wählen Sie das Basismodell.</translation></message>
<message><source>{file} is no GIMP palette.</source><translation>{file} ist keine GIMP-Palette.</translation></message>
<message><source>The palette {file} has no colours.</source><translation>Die Palette {file} enthält keine Farben.</translation></message>
<message><source>{file} could not be read: {reason}</source><translation>{file} konnte nicht gelesen werden: {reason}</translation></message>
<message><source>its picture “{name}” cannot be read</source><translation>das Bild „{name}“ darin ist nicht lesbar</translation></message>
<message><source>“{file}” was changed by another program; its layers were taken over.</source><translation>„{file}“ wurde von einem anderen Programm geändert; dessen Ebenen wurden übernommen.</translation></message>
<message><source>“{file}” was saved by another program, which left out its history; {count} turns were brought back from an earlier save ({source}).</source><translation>„{file}“ wurde von einem anderen Programm ohne den Verlauf gespeichert; {count} Runden wurden aus einer früheren Fassung zurückgeholt ({source}).</translation></message>
<message><source>“{file}” was saved by another program, which left out its history; no earlier save of it was found.</source><translation>„{file}“ wurde von einem anderen Programm ohne den Verlauf gespeichert; eine frühere Fassung wurde nicht gefunden.</translation></message>
<message><source>its table of contents cannot be read</source><translation>Das Inhaltsverzeichnis ist nicht lesbar</translation></message>
<message><source>a turn cannot be read</source><translation>Ein Schritt ist nicht lesbar</translation></message>
<message><source>This file type holds no layers. Copies can be saved as {endings}.</source><translation>Dieser Dateityp kann keine Ebenen enthalten. Kopien lassen sich als {endings} speichern.</translation></message>
<message><source>Some properties of the layer “{layer}” cannot be read: {properties}.</source><translation>Einige Eigenschaften der Ebene „{layer}“ sind nicht lesbar: {properties}.</translation></message>
<message><source>Groups that are nested too deeply cannot be opened.</source><translation>Zu tief verschachtelte Gruppen können nicht geöffnet werden.</translation></message>
<message><source>A layer cannot be read.</source><translation>Eine Ebene ist nicht lesbar.</translation></message>
<message><source>The layer “{layer}” cannot be read.</source><translation>Die Ebene „{layer}“ ist nicht lesbar.</translation></message>
<message><source>The layer “{layer}” is of a kind that cannot be shown ({kind}).</source><translation>Die Ebene „{layer}“ ist von einer Art, die nicht gezeigt werden kann ({kind}).</translation></message>
<message><source>its list of layers is incomplete</source><translation>Die Liste der Ebenen ist unvollständig</translation></message>
<message><source>“{file}” was not opened: {reason}.</source><translation>„{file}“ wurde nicht geöffnet: {reason}.</translation></message>
<message><source>The layer “{layer}” is shown in the mode Normal, for “{mode}” is not known here.</source><translation>Die Ebene „{layer}“ wird im Modus Normal gezeigt, denn „{mode}“ ist hier nicht bekannt.</translation></message>
<message><source>its list of layers contains forbidden declarations</source><translation>Die Liste der Ebenen enthält unzulässige Deklarationen</translation></message>
<message><source>its list of layers cannot be read</source><translation>Die Liste der Ebenen ist nicht lesbar</translation></message>
<message><source>The group “{layer}” is not clipped to the layer below it.</source><translation>Die Gruppe „{layer}“ wird nicht auf die Ebene darunter beschnitten.</translation></message>
<message><source>The effects of the layer “{layer}” are not shown.</source><translation>Die Effekte der Ebene „{layer}“ werden nicht gezeigt.</translation></message>
<message><source>The layers are too large for .psd. Save them as .psb, for large files.</source><translation>Die Ebenen sind zu groß für .psd. Speichern Sie sie als .psb, das für große Dateien gedacht ist.</translation></message>
<message><source>Masks, sketches and regions are not part of it: {names}.</source><translation>Masken, Skizzen und Regionen sind nicht enthalten: {names}.</translation></message>
<message><source>A ControlNet, folder or file, that the edit follows: your sketch or, for lines, tiles and inpainting, what the picture shows</source><translation>Ein ControlNet, Ordner oder Datei, dem die Bearbeitung folgt: Ihrer Skizze oder, bei Linien, Kacheln und Inpainting, dem, was das Bild zeigt</translation></message>
<message><source>ControlNet strength</source><translation>ControlNet-Stärke</translation></message>
<message><source>How strictly the ControlNet’s hint is followed</source><translation>Wie streng der Vorlage des ControlNets gefolgt wird</translation></message>
<message><source>ControlNet steps</source><translation>ControlNet-Schritte</translation></message>
<message><source>Share of the steps that follow the hint; the rest are free</source><translation>Anteil der Schritte, die der Vorlage folgen; die übrigen sind frei</translation></message>
<message><source>“{file}” needs a hint that cannot be made of the picture: draw one as a sketch, or give one with --sketch.</source><translation>„{file}“ braucht eine Vorlage, die sich nicht aus dem Bild gewinnen lässt: Zeichnen Sie eine als Skizze, oder geben Sie eine mit --sketch an.</translation></message>
<message><source>A ControlNet for inpainting needs an area to fill: select or mask it.</source><translation>Ein ControlNet für Inpainting braucht eine Fläche zum Füllen: Wählen oder maskieren Sie sie.</translation></message>
<message><source>Scale every step</source><translation>Jeden Schritt skalieren</translation></message>
<message><source>Let every step that is compared count alike; off: only their sum is scaled, as the paper prints</source><translation>Jeder verglichene Schritt zählt gleich viel; aus: nur ihre Summe wird skaliert, wie im Artikel gedruckt</translation></message>
<message><source>Drop specks</source><translation>Sprenkel weglassen</translation></message>
<message><source>Leave out single positions of the found region, as the paper’s code does and the paper does not</source><translation>Einzelne Stellen des gefundenen Bereichs weglassen, wie der Code zum Artikel, der Artikel selbst nicht</translation></message>
<message><source>Levels by region</source><translation>Ebenen nach Bereich</translation></message>
<message><source>So many of the finest levels compute only the region, the coarser ones everything; empty: what is fastest</source><translation>So viele der feinsten Ebenen berechnen nur den Bereich, die gröberen alles; leer: was am schnellsten ist</translation></message>
<message><source>Intermediate starts from</source><translation>Zwischenbild beginnt mit</translation></message>
<message><source>The noise that the intermediate image begins with; the paper compares three</source><translation>Das Rauschen, mit dem das Zwischenbild beginnt; der Artikel vergleicht drei</translation></message>
<message><source>Fresh noise (as the paper chose)</source><translation>Frisches Rauschen (wie im Artikel gewählt)</translation></message>
<message><source>The picture’s own noise</source><translation>Das Rauschen des Bildes selbst</translation></message>
<message><source>Fresh noise in the area, the picture’s own elsewhere</source><translation>Frisches Rauschen im Bereich, sonst das des Bildes</translation></message>
<message><source>This place is outside the picture.</source><translation>Diese Stelle liegt außerhalb des Bildes.</translation></message>
<message><source>The model in {folder} is not whole: it lacks {name}.</source><translation>Das Modell in {folder} ist nicht vollständig: Es fehlt {name}.</translation></message>
<message><source>segmenter</source><translation>Segmentierers</translation></message>
<message><source>“{folder}” holds no Segment Anything model.</source><translation>„{folder}“ enthält kein Segment-Anything-Modell.</translation></message>
<message><source>{file} is no GIMP brush.</source><translation>{file} ist kein GIMP-Pinsel.</translation></message>
<message><source>The brush {file} is too large, or empty.</source><translation>Der Pinsel {file} ist zu groß oder leer.</translation></message>
<message><source>The brush {file} is damaged.</source><translation>Der Pinsel {file} ist beschädigt.</translation></message>
<message><source>What the journal begins at is not there.</source><translation>Womit das Journal beginnt, ist nicht mehr da.</translation></message>
<message><source>The layer “{layer}” is written in the mode Normal, for the file has no other one for it.</source><translation>Die Ebene „{layer}“ wird im Modus Normal geschrieben, denn die Datei kennt keinen passenden.</translation></message>
<message><source>This file type is not supported. Pictures can be saved as {endings}.</source><translation>Dieser Dateityp wird nicht unterstützt. Bilder können als {endings} gespeichert werden.</translation></message>
<message><source>“{file}” is no picture of a kind that can be opened ({kinds}).</source><translation>„{file}“ ist kein Bild einer Art, die sich öffnen lässt ({kinds}).</translation></message>
<message><source>“{file}” is cut off or damaged; what could be read of it was opened.</source><translation>„{file}“ ist unvollständig oder beschädigt; geöffnet wurde, was lesbar war.</translation></message>
<message><source>“{file}” holds {count} pictures; the first one was opened.</source><translation>„{file}“ enthält {count} Bilder; das erste wurde geöffnet.</translation></message>
<message><source>“{file}” has more than 8 bits per colour; it was opened with 8, the file keeps the others.</source><translation>„{file}“ hat mehr als 8 Bit pro Farbe; geöffnet wurde es mit 8, die Datei selbst bleibt, wie sie ist.</translation></message>
<message><source>Guidance every</source><translation>Worttreue alle … Schritte</translation></message>
<message><source>Work guidance out anew at every so many steps only, after the first third; 2 is a sixth less work. Empty: as in the edited picture, else at every step</source><translation>Worttreue nach dem ersten Drittel nur alle so vielen Schritte neu berechnen; 2 ist ein Sechstel weniger Arbeit. Leer: wie im bearbeiteten Bild, sonst in jedem Schritt</translation></message>
<message><source>none</source><translation>keines</translation></message>
<message><source>A picture whose things and manner the result takes after, by an IP-Adapter</source><translation>Ein Bild, nach dessen Dingen und Art sich das Ergebnis richtet, mit einem IP-Adapter</translation></message>
<message><source>How much the result takes after the reference picture</source><translation>Wie sehr sich das Ergebnis nach dem Referenzbild richtet</translation></message>
<message><source>“{file}” does not read sketches: choose it as the ControlNet, and as the adapter one for lines, scribbles, poses or depth.</source><translation>„{file}“ liest keine Skizzen: Wählen Sie es als ControlNet und als Adapter eines für Linien, Kritzeleien, Posen oder Tiefe.</translation></message>
<message><source>Offset share</source><translation>Anteil der Korrektur</translation></message>
<message><source>How much of the old picture’s own correction the new colour gets; more keeps more of the old</source><translation>Wie viel von der Korrektur des alten Bildes die neue Farbe erhält; mehr bewahrt mehr vom Alten</translation></message>
<message><source>Keep what stands there</source><translation>Behalten, was dort steht</translation></message>
<message><source>Where words change the place alone, the things in it stay as they are, to the pixel</source><translation>Wo Wörter nur den Ort ändern, bleiben die Dinge darin, wie sie sind, aufs Pixel</translation></message>
<message><source>Light follows the words</source><translation>Licht folgt den Worten</translation></message>
<message><source>What an opened picture keeps of the old colour in its noise gives way</source><translation>Was das Rauschen eines geöffneten Bildes von der alten Farbe behält, weicht</translation></message>
<message><source>Even colour</source><translation>Gleichmäßige Farbe</translation></message>
<message><source>What becomes of a colour becomes of all of it, and every edge stays; off for a material with a pattern</source><translation>Was aus einer Farbe wird, wird aus ihr überall, und jede Kante bleibt; aus für ein Material mit Muster</translation></message>
<message><source>Where words change most of an opened picture, its light and large shapes follow them, too</source><translation>Wo Worte das meiste eines geöffneten Bildes ändern, folgen ihnen auch sein Licht und seine großen Formen</translation></message>
<message><source>Too little of the turns before is left in the cache, so the whole picture was computed.</source><translation>Von den Runden davor ist zu wenig im Cache übrig, deshalb wurde das ganze Bild berechnet.</translation></message>
<message><source>this model</source><translation>dieses Modell</translation></message>
<message><source>Guide surroundings</source><translation>Umgebung führen</translation></message>
<message><source>The intermediate image’s surroundings follow the words with guidance, too, as in the paper; slower</source><translation>Auch die Umgebung des Zwischenbilds folgt den Worten verstärkt (Worttreue), wie im Artikel; langsamer</translation></message>
<message><source>A mask is searched with one of these samplers: {choices}, not “{name}”.</source><translation>Eine Maske wird mit einem dieser Sampler gesucht: {choices}, nicht „{name}“.</translation></message>
<message><source>the model’s own</source><translation>der des Modells</translation></message>
<message><source>LoRAs lie beside the weights of the {kind}, where edits would not see them: call fuse_lora() and then unload_lora_weights() of the pipeline, or name them as the editor’s LoRAs.</source><translation>LoRAs liegen neben den Gewichten des {kind}, wo Bearbeitungen sie nicht sähen: Rufen Sie fuse_lora() und danach unload_lora_weights() der Pipeline auf, oder nennen Sie sie als LoRAs des Editors.</translation></message>
<message><source>{file} is pickled, and opening it could run any program hidden in it: download facebook/sam-vit-base under Models instead, or another folder of Segment Anything in safetensors.</source><translation>{file} ist eine Pickle-Datei, und beim Öffnen könnte jedes darin versteckte Programm laufen: Laden Sie stattdessen unter „Modelle“ facebook/sam-vit-base herunter oder einen anderen Ordner von Segment Anything in safetensors.</translation></message>
<message><source>Photoshop&apos;s brushes are not read: put {file} into GIMP&apos;s folder of brushes, paint one dab there, copy it, and Edit &gt; Paste as &gt; New Brush makes a .gbr of it.</source><translation>Photoshop-Pinsel werden nicht gelesen: Legen Sie {file} in GIMPs Pinselordner, malen Sie dort einen Tupfer und kopieren Sie ihn; „Bearbeiten &gt; Einfügen als &gt; Neuer Pinsel“ macht daraus eine .gbr-Datei.</translation></message>
<message><source>These layers were merged with those below them, for only so they look the same in every program: {names}.</source><translation>Diese Ebenen wurden mit denen darunter vereint, da sie nur so in jedem Programm gleich aussehen: {names}.</translation></message>
<message><source>“{file}” is damaged: {count} of its layers cannot be read.</source><translation>„{file}“ ist beschädigt: {count} der Ebenen können nicht gelesen werden.</translation></message>
<message><source>The colour profile of “{file}” does not fit it; its colours were taken as sRGB.</source><translation>Das Farbprofil von „{file}“ passt nicht dazu; die Farben wurden als sRGB gelesen.</translation></message>
<message><source>GIMP blends these layers its own way; they became normal layers that look as there: {names}.</source><translation>GIMP mischt diese Ebenen auf eigene Weise; sie wurden zu normalen Ebenen, die wie dort aussehen: {names}.</translation></message>
<message><source>These layers were merged with those below them, for only so they look as in GIMP: {names}.</source><translation>Diese Ebenen wurden mit denen darunter vereint, da sie nur so wie in GIMP aussehen: {names}.</translation></message>
<message><source>it is not a PNG</source><translation>kein PNG</translation></message>
<message><source>it has {width} × {height} pixels, but at most {side} pixels per side and {millions} megapixels in total are supported</source><translation>{width} × {height} Pixel; möglich sind höchstens {side} Pixel je Seite und insgesamt {millions} Megapixel</translation></message>
<message><source>it is damaged</source><translation>beschädigt</translation></message>
<message><source>it is cut off</source><translation>abgeschnitten</translation></message>
<message><source>“{file}” could not be read completely. Save under another name to keep the original.</source><translation>„{file}“ konnte nicht vollständig gelesen werden. Speichern Sie unter einem anderen Namen, um das Original zu behalten.</translation></message>
<message><source>“{file}” was changed by another program since it was opened.</source><translation>„{file}“ wurde seit dem Öffnen von einem anderen Programm geändert.</translation></message>
<message><source>“{file}” was not saved: it could not be opened again.</source><translation>„{file}“ wurde nicht gespeichert: Die Datei ließe sich nicht wieder öffnen.</translation></message>
<message><source>“{file}” was not saved: its layers are too large to be opened again. Merge some of them.</source><translation>„{file}“ wurde nicht gespeichert: Die Ebenen sind zu groß, um wieder geöffnet zu werden. Führen Sie einige zusammen.</translation></message>
<message><source>The table of contents cannot be read, so the layers were read as OpenRaster.</source><translation>Das Inhaltsverzeichnis ist nicht lesbar; die Ebenen wurden als OpenRaster gelesen.</translation></message>
<message><source>Some project settings cannot be read: {names}.</source><translation>Einige Angaben zum Projekt sind nicht lesbar: {names}.</translation></message>
<message><source>“{file}” has more turns than this program can open.</source><translation>„{file}“ hat mehr Runden, als dieses Programm öffnen kann.</translation></message>
<message><source>nothing of its picture can be read</source><translation>Vom Bild ist nichts lesbar</translation></message>
<message><source>“{file}” was saved by a newer version of Palimpsest.</source><translation>„{file}“ wurde mit einer neueren Version von Palimpsest gespeichert.</translation></message>
<message><source>“{file}” is damaged: its table of contents cannot be read.</source><translation>„{file}“ ist beschädigt: Das Inhaltsverzeichnis ist nicht lesbar.</translation></message>
<message><source>The turn that was shown is missing.</source><translation>Die zuletzt gezeigte Runde fehlt.</translation></message>
<message><source>Turn {number} cannot be read.</source><translation>Runde {number} ist nicht lesbar.</translation></message>
<message><source>The layers cannot be read.</source><translation>Die Ebenen sind nicht lesbar.</translation></message>
<message><source>The turn before “{prompt}” is missing.</source><translation>Die Runde vor „{prompt}“ fehlt.</translation></message>
<message><source>“{path}” could not be read: {reason}.</source><translation>„{path}“ konnte nicht gelesen werden: {reason}.</translation></message>
<message><source>“{path}” is not a regular file.</source><translation>„{path}“ ist keine gewöhnliche Datei.</translation></message>
<message><source>The file “{path}” does not exist.</source><translation>Die Datei „{path}“ ist nicht vorhanden.</translation></message>
<message><source>“{path}” is a folder, not a file.</source><translation>„{path}“ ist ein Ordner, keine Datei.</translation></message>
<message><source>“{file}” is too large to be opened. The limit is {megabytes} MB.</source><translation>„{file}“ ist zu groß zum Öffnen. Die Grenze liegt bei {megabytes} MB.</translation></message>
<message><source>“{file}” was not saved: the folder “{folder}” does not exist.</source><translation>„{file}“ wurde nicht gespeichert: Der Ordner „{folder}“ ist nicht vorhanden.</translation></message>
<message><source>“{file}” was not saved: it is not a regular file.</source><translation>„{file}“ wurde nicht gespeichert: Dort liegt keine gewöhnliche Datei.</translation></message>
<message><source>“{file}” was not saved: it is write-protected.</source><translation>„{file}“ wurde nicht gespeichert: Die Datei ist schreibgeschützt.</translation></message>
<message><source>“{file}” was not saved: another program is saving it.</source><translation>„{file}“ wurde nicht gespeichert: Ein anderes Programm speichert die Datei gerade.</translation></message>
<message><source>The file was not saved: its name is not valid.</source><translation>Die Datei wurde nicht gespeichert: Ihr Name ist ungültig.</translation></message>
<message><source>turn {number}</source><translation>Runde {number}</translation></message>
<message><source>turn {number} (“{prompt}”)</source><translation>Runde {number} („{prompt}“)</translation></message>
<message><source>Some details of {turn} cannot be read: {details}.</source><translation>Einige Angaben sind nicht lesbar, {turn}: {details}.</translation></message>
<message><source>Only the picture and the prompt of {turn} can be read.</source><translation>Nur Bild und Prompt sind lesbar: {turn}.</translation></message>
<message><source>a turn lies in the wrong place</source><translation>Eine Runde liegt am falschen Ort</translation></message>
<message><source>The mask of {turn} cannot be read.</source><translation>Die Maske ist nicht lesbar: {turn}.</translation></message>
<message><source>the data of {called} is not valid</source><translation>Daten sind ungültig ({called})</translation></message>
<message><source>a turn has no name</source><translation>Eine Runde hat keinen Namen</translation></message>
<message><source>the data of {called} cannot be read</source><translation>Daten sind nicht lesbar ({called})</translation></message>
<message><source>{host} has version {theirs} of this program and this computer {ours}; both must have the same.</source><translation>{host} hat Version {theirs} dieses Programms und dieser Computer {ours}; beide müssen dieselbe haben.</translation></message>
<message><source>Other computers are reached through Ray: pip install “palimpsest-editor[remote]”.</source><translation>Andere Computer werden über Ray erreicht: pip install „palimpsest-editor[remote]“.</translation></message>
<message><source>{address} does not accept the token.</source><translation>{address} nimmt das Token nicht an.</translation></message>
<message><source>{address} cannot be reached.</source><translation>{address} ist nicht erreichbar.</translation></message>
<message><source>{address} runs another version of Ray or Python; both computers must have the same.</source><translation>Auf {address} läuft eine andere Version von Ray oder Python; beide Computer müssen dieselbe haben.</translation></message>
<message><source>The computer that does the work does not have the model {name}: add it to the models there.</source><translation>Der Computer, der die Arbeit macht, hat das Modell {name} nicht: Fügen Sie es dort zu den Modellen hinzu.</translation></message>
<message><source>The computer that does the work does not have the LoRA {name}.</source><translation>Der Computer, der die Arbeit macht, hat die LoRA {name} nicht.</translation></message>
<message><source>A worker needs Ray: pip install “palimpsest-editor[remote]”.</source><translation>Ein Worker braucht Ray: pip install „palimpsest-editor[remote]“.</translation></message>
<message><source>{address} answers, but no worker is there.</source><translation>{address} antwortet, aber es gibt dort keinen Worker.</translation></message>
<message><source>{address} does not answer.</source><translation>{address} antwortet nicht.</translation></message>
<message><source>No computer is there to do the work; start one with “palimpsest worker”.</source><translation>Es ist kein Computer da, der die Arbeit macht; starten Sie einen mit „palimpsest worker“.</translation></message>
<message><source>The work was given up: {names} stopped while doing it. Your picture is unchanged.</source><translation>Die Arbeit wurde aufgegeben: {names} fielen dabei aus. Ihr Bild ist unverändert.</translation></message>
<message><source>{name} stopped; the work was begun again.</source><translation>{name} ist ausgefallen; die Arbeit wurde neu begonnen.</translation></message>
<message><source>The token could not be kept: {reason}.</source><translation>Das Token konnte nicht gespeichert werden: {reason}.</translation></message>
<message><source>There is no sampler called “{name}”. Available: {choices}.</source><translation>Es gibt keinen Sampler namens „{name}“. Verfügbar: {choices}.</translation></message>
<message><source>The cache disk is full. New results are kept in memory only; you can go on editing.</source><translation>Der Datenträger des Caches ist voll. Neue Ergebnisse bleiben nur im Arbeitsspeicher; Sie können weiterarbeiten.</translation></message>
<message><source>The cache folder is not writable. New results are kept in memory only; you can go on editing.</source><translation>In den Cache-Ordner kann nicht geschrieben werden. Neue Ergebnisse bleiben nur im Arbeitsspeicher; Sie können weiterarbeiten.</translation></message>
<message><source>The cache folder cannot be used. Until the program is restarted, results are kept in memory only.</source><translation>Der Cache-Ordner ist nicht nutzbar. Bis zum Neustart des Programms bleiben Ergebnisse nur im Arbeitsspeicher.</translation></message>
<message><source>The cache on disk was damaged and has been reset. Earlier turns are computed again.</source><translation>Der Cache auf dem Datenträger war beschädigt und wurde zurückgesetzt. Frühere Runden werden neu berechnet.</translation></message>
<message><source>Memory is low: the cache in memory was emptied and made smaller.</source><translation>Wenig Speicher: Der Cache im Arbeitsspeicher wurde geleert und verkleinert.</translation></message>
<message><source>Memory is low: large pictures are now processed in tiles, which is slower.</source><translation>Wenig Speicher: Große Bilder werden ab jetzt in Kacheln verarbeitet, was langsamer ist.</translation></message>
<message><source>There is not enough GPU memory for this, so the CPU is used, which is slower.</source><translation>Der Grafikspeicher reicht dafür nicht, deshalb rechnet die CPU, was langsamer ist.</translation></message>
<message><source>Memory is low: variants are now made one after another.</source><translation>Wenig Speicher: Varianten werden ab jetzt nacheinander erzeugt.</translation></message>
<message><source>{name} does not say what it predicts; if its pictures are nothing but noise, say so among the models.</source><translation>{name} sagt nicht, was es vorhersagt; bestehen seine Bilder nur aus Rauschen, ändern Sie das bei den Modellen.</translation></message>
<message><source>There is not enough memory for this. Try a smaller picture, or close other programs.</source><translation>Der Speicher reicht dafür nicht. Versuchen Sie ein kleineres Bild, oder schließen Sie andere Programme.</translation></message>
<message><source>There is no turn to edit yet. Create or open a picture first.</source><translation>Es gibt noch keine Runde zum Bearbeiten. Erzeugen oder öffnen Sie zuerst ein Bild.</translation></message>
<message><source>There is no turn {turn_id} in this project.</source><translation>In diesem Projekt gibt es keine Runde {turn_id}.</translation></message>
<message><source>This picture was already inverted with this method: {way}.</source><translation>Dieses Bild wurde mit dieser Methode schon analysiert: {way}.</translation></message>
<message><source>Palimpsest failed to start twice, so it is in safe mode: default settings and layout, on the CPU. Your own are kept and used at the next start.</source><translation>Palimpsest konnte zweimal nicht starten und läuft daher im abgesicherten Modus: Standardeinstellungen und -anordnung, auf der CPU. Ihre eigenen bleiben erhalten und gelten beim nächsten Start.</translation></message>
<message><source>Safe mode: default settings and layout, on the CPU. Your own are kept and used at the next start.</source><translation>Abgesicherter Modus: Standardeinstellungen und -anordnung, auf der CPU. Ihre eigenen bleiben erhalten und gelten beim nächsten Start.</translation></message>
<message><source>The brush could not be saved: {reason}</source><translation>Der Pinsel konnte nicht gespeichert werden: {reason}</translation></message>
<message><source>The engine stopped unexpectedly and was restarted. Your picture is unchanged.</source><translation>Die Bildberechnung wurde unerwartet beendet und neu gestartet. Ihr Bild ist unverändert.</translation></message>
<message><source>An unexpected error occurred. Your picture is unchanged.</source><translation>Ein unerwarteter Fehler ist aufgetreten. Ihr Bild ist unverändert.</translation></message>
<message><source>There is not enough memory for this. Your picture is unchanged.</source><translation>Der Speicher reicht dafür nicht. Ihr Bild ist unverändert.</translation></message>
<message><source>Off: compute the whole picture at every step; slower</source><translation>Aus: in jedem Schritt das ganze Bild berechnen; langsamer</translation></message>
<message><source>“{value}” is not a valid value for “{name}”. Available: {choices}.</source><translation>„{value}“ ist kein gültiger Wert für „{name}“. Möglich sind: {choices}.</translation></message>
<message><source>Preset</source><translation>Voreinstellung</translation></message>
<message><source>Exact keeps shapes and surroundings; as in the paper, only the new words’ embeddings are used</source><translation>„Exakt“ bewahrt Formen und Umgebung; „wie im Artikel“ nutzt nur die Einbettungen der neuen Wörter</translation></message>
<message><source>Keep shapes for</source><translation>Formen bewahren</translation></message>
<message><source>Share of the steps that keep where each word looked before</source><translation>Anteil der Schritte, in denen jedes Wort dorthin blickt, wohin es vorher blickte</translation></message>
<message><source>Blend from</source><translation>Mischen ab</translation></message>
<message><source>Share of the steps after which the picture comes back where the new words do not look</source><translation>Anteil der Schritte, nach dem das Bild dort zurückkehrt, wohin die neuen Wörter nicht blicken</translation></message>
<message><source>Guidance share</source><translation>Anteil der Führung</translation></message>
<message><source>How much of the guidance is used; more gives stronger colours that spread farther</source><translation>Wie viel der Führung wirkt; mehr gibt kräftigere Farben, die weiter ausgreifen</translation></message>
<message><source>Exact</source><translation>Exakt</translation></message>
<message><source>As in the paper</source><translation>Wie im Artikel</translation></message>
<message><source>Warm-up</source><translation>Vorlauf</translation></message>
<message><source>Share of the steps that run on the whole picture to find the region</source><translation>Anteil der Schritte, die auf dem ganzen Bild laufen, um den Bereich zu finden</translation></message>
<message><source>Warm-up at most</source><translation>Vorlauf höchstens</translation></message>
<message><source>At most so many steps run on the whole picture to find the region</source><translation>Höchstens so viele Schritte laufen auf dem ganzen Bild, um den Bereich zu finden</translation></message>
<message><source>Grow region</source><translation>Bereich erweitern</translation></message>
<message><source>Latent positions (mostly 8 pixels each) that the found region grows by on every side</source><translation>Um so viele latente Positionen (meist je 8 Pixel) wächst der gefundene Bereich nach jeder Seite</translation></message>
<message><source>Follow changed words</source><translation>Geänderten Wörtern folgen</translation></message>
<message><source>Also change the places where the changed words look; the paper does not</source><translation>Auch die Stellen ändern, auf die die geänderten Wörter blicken; im Artikel nicht</translation></message>
<message><source>Follow weak differences</source><translation>Schwachen Unterschieden folgen</translation></message>
<message><source>Let the region follow weaker differences that are joined to it; the paper does not</source><translation>Der Bereich folgt schwächeren Unterschieden, die mit ihm zusammenhängen; im Artikel nicht</translation></message>
<message><source>Compute only the region</source><translation>Nur den Bereich berechnen</translation></message>
<message><source>Last steps whole</source><translation>Letzte Schritte ganz</translation></message>
<message><source>So many last steps compute the whole picture; the paper’s code has 10 for a given mask</source><translation>So viele letzte Schritte berechnen das ganze Bild; der Code zum Artikel hat 10 bei gegebener Maske</translation></message>
<message><source>Hold surroundings</source><translation>Umgebung festhalten</translation></message>
<message><source>Margin</source><translation>Rand</translation></message>
<message><source>Latent positions around the region that are computed with it and thrown away</source><translation>Latente Positionen um den Bereich, die mitberechnet und verworfen werden</translation></message>
<message><source>Growth per level</source><translation>Zuwachs je Ebene</translation></message>
<message><source>How many positions more each coarser level computes on every side, finer levels first: 1, 1</source><translation>Wie viele Positionen mehr jede gröbere Ebene nach jeder Seite berechnet, feinere Ebenen zuerst: 1, 1</translation></message>
<message><source>Fresh norms</source><translation>Frische Normen</translation></message>
<message><source>Let the group norms follow the edit; off keeps the picture’s own, as in the paper</source><translation>Die Gruppennormen folgen der Änderung; aus: die des Bildes bleiben, wie im Artikel</translation></message>
<message><source>Attention</source><translation>Aufmerksamkeit</translation></message>
<message><source>What the region sees of the rest of the picture</source><translation>Was der Bereich vom übrigen Bild sieht</translation></message>
<message><source>CUDA graphs</source><translation>CUDA-Graphen</translation></message>
<message><source>On an NVIDIA card, replay recorded steps; off launches every computation anew</source><translation>Auf einer NVIDIA-Karte aufgezeichnete Schritte abspielen; aus: jede Berechnung neu starten</translation></message>
<message><source>Fused kernels</source><translation>Zusammengefasste Berechnungen</translation></message>
<message><source>On an NVIDIA card, do several small computations in one; off leaves them to PyTorch</source><translation>Auf einer NVIDIA-Karte mehrere kleine Berechnungen in einer ausführen; aus überlässt sie PyTorch</translation></message>
<message><source>Everything</source><translation>Alles</translation></message>
<message><source>Every second position</source><translation>Jede zweite Position</translation></message>
<message><source>Only itself (as in the paper)</source><translation>Nur sich selbst (wie im Artikel)</translation></message>
<message><source>All variants at once</source><translation>Alle Varianten zugleich</translation></message>
<message><source>Paint the variants side by side, or one after another; automatic: as suits the device</source><translation>Die Varianten nebeneinander malen oder nacheinander; automatisch: wie es zum Gerät passt</translation></message>
<message><source>Exact keeps the surroundings; as in the paper, their colours may drift</source><translation>„Exakt“ bewahrt die Umgebung; „wie im Artikel“ können ihre Farben abweichen</translation></message>
<message><source>Sketch strength</source><translation>Skizzenstärke</translation></message>
<message><source>How strictly Redraw follows the lines of the sketch</source><translation>Wie genau „Neu zeichnen“ den Linien der Skizze folgt</translation></message>
<message><source>Sketch steps</source><translation>Skizzenschritte</translation></message>
<message><source>Share of the steps that follow the sketch; the rest are free</source><translation>Anteil der Schritte, die der Skizze folgen; die übrigen sind frei</translation></message>
<message><source>Adapter</source><translation>Adapter</translation></message>
<message><source>Fused layers</source><translation>Verschmolzene Schichten</translation></message>
<message><source>So many of the last self-attention layers share their attention (the paper: 6); empty: as suits the model</source><translation>So viele der letzten Self-Attention-Schichten teilen ihre Aufmerksamkeit (im Artikel 6); leer: wie es zum Modell passt</translation></message>
<message><source>Fusion from</source><translation>Verschmelzen ab</translation></message>
<message><source>Share of the steps after which the layers share their attention</source><translation>Anteil der Schritte, nach dem die Schichten ihre Aufmerksamkeit teilen</translation></message>
<message><source>Fusion until</source><translation>Verschmelzen bis</translation></message>
<message><source>Share of the steps up to which the layers share their attention</source><translation>Anteil der Schritte, bis zu dem die Schichten ihre Aufmerksamkeit teilen</translation></message>
<message><source>Ignore things elsewhere</source><translation>Dinge anderswo ausblenden</translation></message>
<message><source>The area does not see the words for things that stand outside it</source><translation>Der Bereich sieht die Wörter für Dinge nicht, die außerhalb stehen</translation></message>
<message><source>Keep every pixel outside</source><translation>Außen jedes Pixel behalten</translation></message>
<message><source>Lay the result over the picture; off: keep the method’s own surroundings</source><translation>Das Ergebnis über das Bild legen; aus: die Umgebung der Methode behalten</translation></message>
<message><source>Inversion</source><translation>Inversion</translation></message>
<message><source>How the noise behind the picture is found; null-text takes several times longer</source><translation>Wie das Rauschen hinter dem Bild gefunden wird; Null-Text dauert mehrfach so lange</translation></message>
<message><source>Direct inversion</source><translation>Direkte Inversion</translation></message>
<message><source>Null-text inversion</source><translation>Null-Text-Inversion</translation></message>
<message><source>DDIM inversion</source><translation>DDIM-Inversion</translation></message>
<message><source>{sampler} cannot take {steps} steps.</source><translation>{sampler} kann keine {steps} Schritte ausführen.</translation></message>
<message><source>{sampler} draws noise that no picture tells; this one was analysed with DDIM.</source><translation>{sampler} verwendet Zufallsrauschen, das kein Bild verrät; dieses wurde mit DDIM analysiert.</translation></message>
<message><source>The model&apos;s noise schedule ends in pure noise (zero terminal SNR), in which a model that predicts noise sees nothing; it must predict v.</source><translation>Der Rauschplan des Modells endet in reinem Rauschen (Zero Terminal SNR), in dem ein Modell, das Rauschen vorhersagt, nichts erkennt; es muss v vorhersagen.</translation></message>
<message><source>The layer “{layer}” is locked. Unlock it first.</source><translation>Die Ebene „{layer}“ ist gesperrt. Entsperren Sie sie zuerst.</translation></message>
<message><source>This layer cannot be painted on. Choose another one.</source><translation>Auf diese Ebene lässt sich nicht malen. Wählen Sie eine andere.</translation></message>
<message><source>Signing needs c2pa-python. Install it, or export without a signature.</source><translation>Zum Signieren wird c2pa-python gebraucht. Installieren Sie es, oder exportieren Sie ohne Signatur.</translation></message>
<message><source>{kind} pictures cannot be signed. Choose {kinds}.</source><translation>{kind}-Bilder lassen sich nicht signieren. Wählen Sie {kinds}.</translation></message>
<message><source>The picture could not be signed: {reason}.</source><translation>Das Bild konnte nicht signiert werden: {reason}.</translation></message>
<message><source>The certificate in {folder} cannot be used.</source><translation>Das Zertifikat in {folder} ist nicht verwendbar.</translation></message>
<message><source>The dark marks of “{file}” were taken, not the light around them.</source><translation>Von „{file}“ gelten die dunklen Markierungen, nicht das Helle darum herum.</translation></message>
<message><source>“{file}” was scaled from {old_width} × {old_height} to {width} × {height} pixels.</source><translation>„{file}“ wurde von {old_width} × {old_height} auf {width} × {height} Pixel skaliert.</translation></message>
<message><source>Nothing is marked in “{file}”; paint where the picture may change.</source><translation>In „{file}“ ist nichts markiert; malen Sie dorthin, wo sich das Bild ändern darf.</translation></message>
<message><source>“{file}” is a picture of the kind {kind}; a library for those is not installed. Save it as PNG or JPEG.</source><translation>„{file}“ ist ein Bild der Art {kind}; die Bibliothek dafür ist nicht installiert. Speichern Sie es als PNG oder JPEG.</translation></message>
<message><source>This model does not know {words}. “What can it paint?” in the Help menu shows the words it knows.</source><translation>Dieses Modell kennt {words} nicht. „Was kann es malen?“ im Hilfe-Menü zeigt die Wörter, die es kennt.</translation></message>
<message><source>This model does not know {words}. Did you mean {near}?</source><translation>Dieses Modell kennt {words} nicht. Meinten Sie {near}?</translation></message>
<message><source>This model does not know: {words}. Did you mean {near}? What it paints for them is left to chance.</source><translation>Dieses Modell kennt nicht: {words}. Meinten Sie {near}? Was es dafür malt, ist Zufall.</translation></message>
<message><source>This model does not know: {words}. What it paints for them is left to chance.</source><translation>Dieses Modell kennt nicht: {words}. Was es dafür malt, ist Zufall.</translation></message>
<message><source>Nothing visible changed. Try Repaint with the same words, or mark the place to change.</source><translation>Sichtbar hat sich nichts geändert. Versuchen Sie Neu malen mit denselben Worten, oder markieren Sie die Stelle.</translation></message>
<message><source>Nothing visible changed. Try a larger area, another seed, or Reword.</source><translation>Sichtbar hat sich nichts geändert. Versuchen Sie einen größeren Bereich, einen anderen Seed oder Umformulieren.</translation></message>
<message><source>Nothing visible changed. Try a larger area, a sketch of the thing, or Repaint.</source><translation>Sichtbar hat sich nichts geändert. Versuchen Sie einen größeren Bereich, eine Skizze oder Neu malen.</translation></message>
<message><source>Nothing visible changed. Try Reword with the same words.</source><translation>Sichtbar hat sich nichts geändert. Versuchen Sie Umformulieren mit denselben Worten.</translation></message>
<message><source>Put new things anywhere</source><translation>Neues überall einsetzen</translation></message>
<message><source>A new thing that does not come by itself is painted alone and set into its place</source><translation>Etwas Neues, das nicht von selbst erscheint, wird allein gemalt und an seinen Platz gesetzt</translation></message>
<message><source>A T2I-Adapter or ControlNet, folder or file, that reads the sketch; empty: the model’s own</source><translation>Ein T2I-Adapter oder ControlNet, Ordner oder Datei, das die Skizze liest; leer: das des Modells</translation></message>
<message><source>This model can show this picture only roughly ({decibels} dB): what it repaints will look coarser than the rest. For photographs, bring a Stable Diffusion model of your own (File ▸ Models).</source><translation>Dieses Modell kann dieses Bild nur grob wiedergeben ({decibels} dB): Was es neu malt, wird gröber aussehen als der Rest. Für Fotos bringen Sie ein eigenes Stable-Diffusion-Modell mit (Datei ▸ Modelle).</translation></message>
<message><source>{name} cannot be fetched now: the server answers {status}.</source><translation>{name} lässt sich jetzt nicht abrufen: Der Server antwortet mit {status}.</translation></message>
<message><source>{name} is not open to everybody or does not exist: accept its terms on its page, and log in with “hf auth login”.</source><translation>{name} ist nicht für alle zugänglich oder existiert nicht: Nehmen Sie die Bedingungen auf der Seite an und melden Sie sich mit „hf auth login“ an.</translation></message>
<message><source>{name} may only be fetched after logging in there.</source><translation>{name} lässt sich nur nach einer Anmeldung dort abrufen.</translation></message>
<message><source>There is no {name} at this address.</source><translation>Unter dieser Adresse gibt es kein {name}.</translation></message>
<message><source>“{address}” is no address.</source><translation>„{address}“ ist keine Adresse.</translation></message>
<message><source>{name} could not be reached; are you online?</source><translation>{name} ist nicht erreichbar; sind Sie online?</translation></message>
<message><source>The model could not be written to {folder}: {reason}.</source><translation>Das Modell konnte nicht nach {folder} geschrieben werden: {reason}.</translation></message>
<message><source>{name} holds no weights that can be used.</source><translation>{name} enthält keine verwendbaren Gewichte.</translation></message>
<message><source>“{source}” is neither a model of the hub, such as owner/name, nor an address.</source><translation>„{source}“ ist weder ein Modell des Hubs, etwa Besitzer/Name, noch eine Adresse.</translation></message>
<message><source>{name} holds several models; add the file&apos;s name, such as {name}/{file}.</source><translation>{name} enthält mehrere Modelle; fügen Sie den Dateinamen an, etwa {name}/{file}.</translation></message>
<message><source>{name} is pickled only, which is unsafe; look for a version with .safetensors files.</source><translation>{name} gibt es nur als Pickle, was unsicher ist; suchen Sie eine Fassung mit .safetensors-Dateien.</translation></message>
<message><source>{name} is no .safetensors file.</source><translation>{name} ist keine .safetensors-Datei.</translation></message>
<message><source>{name} cannot be fetched: the answer makes no sense.</source><translation>{name} lässt sich nicht abrufen: Die Antwort ergibt keinen Sinn.</translation></message>
<message><source>{name} could not be written to {folder}: {reason}.</source><translation>{name} konnte nicht nach {folder} geschrieben werden: {reason}.</translation></message>
<message><source>There is not enough room in {folder}: {wanted} GB are needed, {free} GB are free.</source><translation>In {folder} ist nicht genug Platz: {wanted} GB werden gebraucht, {free} GB sind frei.</translation></message>
<message><source>{name} arrived damaged and was removed; fetch it again.</source><translation>{name} kam beschädigt an und wurde entfernt; laden Sie die Datei erneut herunter.</translation></message>
<message><source>ControlNet</source><translation>ControlNet</translation></message>
<message><source>The ControlNet “{file}” is of a kind that is not supported.</source><translation>Das ControlNet „{file}“ ist von einer Art, die nicht unterstützt wird.</translation></message>
<message><source>“{file}” is no ControlNet.</source><translation>„{file}“ ist kein ControlNet.</translation></message>
<message><source>The ControlNet “{file}” is not compatible with this model.</source><translation>Das ControlNet „{file}“ passt nicht zu diesem Modell.</translation></message>
<message><source>The mask of the layer “{layer}” became part of its transparency.</source><translation>Die Maske der Ebene „{layer}“ ist in ihre Transparenz eingerechnet.</translation></message>
<message><source>The group “{layer}” has a mask; its layers are blended with one another only.</source><translation>Die Gruppe „{layer}“ hat eine Maske; ihre Ebenen werden nur miteinander gemischt.</translation></message>
<message><source>Soft mask</source><translation>Weiche Maske</translation></message>
<message><source>Grey parts of the mask change less; off: they are painted anew and blended with what was there</source><translation>Graue Teile der Maske ändern sich weniger; aus: sie werden neu gemalt und mit dem Vorherigen gemischt</translation></message>
<message><source>Exact mask</source><translation>Genaue Maske</translation></message>
<message><source>Paint right up to the mask’s edge; off: blend there, and match the tone of the surroundings</source><translation>Bis genau an den Rand der Maske malen; aus: dort überblenden und den Ton der Umgebung treffen</translation></message>
<message><source>A picture is upscaled two or four times, not {factor} times.</source><translation>Ein Bild wird auf das Zwei- oder Vierfache vergrößert, nicht auf das {factor}-fache.</translation></message>
<message><source>The picture would become {width} × {height} pixels, which is too large.</source><translation>Das Bild würde {width} × {height} Pixel groß, das ist zu groß.</translation></message>
<message><source>The strength must be from 0 to 100 %.</source><translation>Die Stärke muss zwischen 0 und 100 % liegen.</translation></message>
<message><source>At a strength of 0 % the picture stays as it is.</source><translation>Bei einer Stärke von 0 % bleibt das Bild, wie es ist.</translation></message>
<message><source>Choose a layer with colours to filter, in Layers.</source><translation>Wähle unter Ebenen eine Ebene mit Farben zum Filtern.</translation></message>
<message><source>Only paint layers and groups can have a mask.</source><translation>Nur Malebenen und Gruppen können eine Maske haben.</translation></message>
<message><source>Adjustment layers are seen in the merged picture only: {names}.</source><translation>Einstellungsebenen sind nur im zusammengefügten Bild zu sehen: {names}.</translation></message>
<message><source>The mask of the layer “{layer}” is applied to it.</source><translation>Die Maske der Ebene „{layer}“ ist darauf angewendet.</translation></message>
<message><source>The computer that does the work does not have the VAE {name}.</source><translation>Der Computer, der die Arbeit macht, hat die VAE {name} nicht.</translation></message>
<message><source>{address} is open to its own computer alone; start the first worker with --bind and an address.</source><translation>{address} ist nur für den eigenen Computer offen; starten Sie den ersten Worker mit --bind und einer Adresse.</translation></message>
<message><source>{name} uses parts of another model and cannot be sent; copy both to the computer that does the work.</source><translation>{name} verwendet Teile eines anderen Modells und kann nicht gesendet werden; kopieren Sie beide auf den Computer, der die Arbeit macht.</translation></message>
<message><source>What was sent is no model.</source><translation>Was gesendet wurde, ist kein Modell.</translation></message>
<message><source>{name} could not be kept on the computer that does the work: {reason}.</source><translation>{name} konnte auf dem Computer, der die Arbeit macht, nicht gespeichert werden: {reason}.</translation></message>
<message><source>{name} does not fit on the disk of the computer that does the work: it needs {needed} MB, {free} MB are free.</source><translation>{name} passt nicht auf die Festplatte des Computers, der die Arbeit macht: nötig sind {needed} MB, frei sind {free} MB.</translation></message>
<message><source>{name} did not arrive whole; try again.</source><translation>{name} kam nicht vollständig an; versuchen Sie es erneut.</translation></message>
<message><source>The model file “{file}” could not be read.</source><translation>Die Modelldatei „{file}“ konnte nicht gelesen werden.</translation></message>
<message><source>Reference picture</source><translation>Referenzbild</translation></message>
<message><source>Reference strength</source><translation>Referenzstärke</translation></message>
<message><source>IP-Adapter</source><translation>IP-Adapter</translation></message>
<message><source>An IP-Adapter’s file, with its image encoder beside it; empty: the model’s own</source><translation>Die Datei eines IP-Adapters, mit seinem Bildencoder daneben; leer: der des Modells</translation></message>
<message><source>This model has no IP-Adapter, so it cannot take after a reference picture. Choose an IP-Adapter’s file.</source><translation>Dieses Modell hat keinen IP-Adapter und kann sich daher nicht nach einem Referenzbild richten. Wählen Sie die Datei eines IP-Adapters.</translation></message>
<message><source>The turn was made with “{file}”, which is not found any more.</source><translation>Die Runde wurde mit „{file}“ gemacht, das nicht mehr gefunden wird.</translation></message>
<message><source>To take {size} GB of disk only, what edits of this picture need is kept less precisely; with a larger cache in the settings all of it is kept.</source><translation>Um nur {size} GB Platz zu belegen, wird weniger genau behalten, was Bearbeitungen dieses Bildes brauchen; mit einem größeren Cache in den Einstellungen wird alles behalten.</translation></message>
<message><source>image encoder</source><translation>Bildencoder</translation></message>
<message><source>The IP-Adapter “{file}” needs its image encoder: put the folder image_encoder beside it.</source><translation>Der IP-Adapter „{file}“ braucht seinen Bildencoder: Legen Sie den Ordner image_encoder daneben.</translation></message>
<message><source>The IP-Adapter “{file}” reads faces, which is not supported; choose one for pictures.</source><translation>Der IP-Adapter „{file}“ liest Gesichter, was nicht unterstützt wird; wählen Sie einen für Bilder.</translation></message>
<message><source>“{file}” is no IP-Adapter as a .safetensors file.</source><translation>„{file}“ ist kein IP-Adapter als .safetensors-Datei.</translation></message>
<message><source>The IP-Adapter “{file}” is damaged or incompatible.</source><translation>Der IP-Adapter „{file}“ ist beschädigt oder passt nicht.</translation></message>
<message><source>There is little GPU memory: the text encoder and the autoencoder now wait in main memory until they are needed.</source><translation>Der GPU-Speicher ist knapp: Textencoder und Autoencoder warten nun im Hauptspeicher, bis sie gebraucht werden.</translation></message>
<message><source>Memory is low: attention is now computed in parts, which is slower.</source><translation>Der Speicher ist knapp: Die Attention wird nun in Teilen berechnet, was länger dauert.</translation></message>
</context>
<context>
<name>methods</name>
<message><source>A new picture</source><translation>Ein neues Bild</translation></message>
<message><source>{method}: {share} of the picture changed</source><translation>{method}: {share} des Bildes geändert</translation></message>
<message><source>New</source><translation>Neu</translation></message>
<message><source>Opened</source><translation>Geöffnet</translation></message>
<message><source>Painted</source><translation>Gemalt</translation></message>
<message><source>Reword</source><translation>Umformulieren</translation></message>
<message><source>Repaint</source><translation>Neu malen</translation></message>
<message><source>Redraw</source><translation>Neu zeichnen</translation></message>
<message><source>Recolour</source><translation>Umfärben</translation></message>
<message><source>Changes what the new words describe and keeps the rest exactly</source><translation>Ändert, was die neuen Worte beschreiben, und lässt den Rest genau so</translation></message>
<message><source>Repaints one thing, inside the mask or where its words apply</source><translation>Malt eine Sache neu, innerhalb der Maske oder wo ihre Worte zutreffen</translation></message>
<message><source>Paints what you sketched</source><translation>Malt, was Sie skizziert haben</translation></message>
<message><source>Changes a colour or material and keeps the shapes</source><translation>Ändert eine Farbe oder ein Material, lässt die Formen</translation></message>
<message><source>Suggested because the prompt changed.</source><translation>Vorgeschlagen, weil sich die Beschreibung geändert hat.</translation></message>
<message><source>Suggested because only a colour or material changed.</source><translation>Vorgeschlagen, weil sich nur eine Farbe oder ein Material geändert hat.</translation></message>
<message><source>Suggested because only the place changed: things keep their pixels.</source><translation>Vorgeschlagen, weil sich nur der Ort geändert hat: Dinge behalten ihre Pixel.</translation></message>
<message><source>Suggested because there is a mask.</source><translation>Vorgeschlagen, weil es eine Maske gibt.</translation></message>
<message><source>Suggested because there is a sketch.</source><translation>Vorgeschlagen, weil es eine Skizze gibt.</translation></message>
<message><source>Upscaled</source><translation>Vergrößert</translation></message>
</context>
<context>
<name>models</name>
<message><source>Models</source><translation>Modelle</translation></message>
<message><source>LoRAs</source><translation>LoRAs</translation></message>
<message><source>Autoencoders (VAE)</source><translation>Autoencoder (VAE)</translation></message>
<message><source>Textual inversions</source><translation>Textual Inversions</translation></message>
<message><source>ControlNets</source><translation>ControlNets</translation></message>
<message><source>T2I-Adapters</source><translation>T2I-Adapter</translation></message>
<message><source>Object selection (SAM)</source><translation>Objektauswahl (SAM)</translation></message>
<message><source>Everything</source><translation>Alles</translation></message>
<message><source>What cannot be used</source><translation>Was sich nicht verwenden lässt</translation></message>
<message><source>Model</source><translation>Modell</translation></message>
<message><source>LoRA</source><translation>LoRA</translation></message>
<message><source>VAE</source><translation>VAE</translation></message>
<message><source>Textual inversion</source><translation>Textual Inversion</translation></message>
<message><source>ControlNet</source><translation>ControlNet</translation></message>
<message><source>T2I-Adapter</source><translation>T2I-Adapter</translation></message>
<message><source>Object selection</source><translation>Objektauswahl</translation></message>
<message><source>{name} · in use</source><translation>{name} · in Gebrauch</translation></message>
<message><source>Trigger words: {words}</source><translation>Auslösewörter: {words}</translation></message>
<message><source>{width} × {height} pixels</source><translation>{width} × {height} Pixel</translation></message>
<message><source>a small picture-book model, works offline</source><translation>ein kleines Bilderbuch-Modell, arbeitet ohne Netz</translation></message>
<message><source>follows sketches</source><translation>folgt Skizzen</translation></message>
<message><source>no sketch support</source><translation>keine Skizzen</translation></message>
<message><source>predicts v</source><translation>sagt v voraus</translation></message>
<message><source>predicts noise</source><translation>sagt Rauschen voraus</translation></message>
<message><source>made for inpainting</source><translation>für Inpainting gemacht</translation></message>
</context>
<context>
<name>presets</name>
<message><source>Brush presets</source><translation>Pinselvorgaben</translation></message>
<message><source>Save brush…</source><translation>Pinsel speichern …</translation></message>
<message><source>Import brush…</source><translation>Pinsel importieren …</translation></message>
<message><source>Remove brush</source><translation>Pinsel entfernen</translation></message>
<message><source>Round</source><translation>Rund</translation></message>
<message><source>Soft round</source><translation>Rund, weich</translation></message>
<message><source>Pencil</source><translation>Bleistift</translation></message>
<message><source>Ink</source><translation>Tusche</translation></message>
<message><source>Airbrush</source><translation>Airbrush</translation></message>
<message><source>Marker</source><translation>Marker</translation></message>
<message><source>Chalk</source><translation>Kreide</translation></message>
<message><source>Charcoal</source><translation>Kohle</translation></message>
<message><source>Calligraphy</source><translation>Kalligrafie</translation></message>
<message><source>Watercolour</source><translation>Aquarell</translation></message>
<message><source>Spray</source><translation>Sprühdose</translation></message>
</context>
<context>
<name>tools</name>
<message><source>Paint mask</source><translation>Maske malen</translation></message>
<message><source>Mask</source><translation>Maske</translation></message>
<message><source>Brush stroke</source><translation>Pinselstrich</translation></message>
<message><source>Paint</source><translation>Malen</translation></message>
<message><source>Sketch stroke</source><translation>Skizzenstrich</translation></message>
<message><source>Sketch</source><translation>Skizze</translation></message>
<message><source>Erase</source><translation>Radieren</translation></message>
<message><source>Fill</source><translation>Füllen</translation></message>
<message><source>Select the layer to move in the Layers panel first.</source><translation>Wählen Sie erst in der Ebenenliste, was verschoben werden soll.</translation></message>
<message><source>Select</source><translation>Auswählen</translation></message>
<message><source>Deselect</source><translation>Auswahl aufheben</translation></message>
<message><source>There is no paint to erase yet. Paint first, or choose a layer in Layers.</source><translation>Es gibt noch nichts Gemaltes zu radieren. Malen Sie zuerst, oder wählen Sie unter „Ebenen“ eine Ebene.</translation></message>
<message><source>The transparency of the layer “{name}” is locked. Unlock it in Layers to erase.</source><translation>Die Transparenz der Ebene „{name}“ ist gesperrt. Entsperren Sie sie unter „Ebenen“, um zu radieren.</translation></message>
<message><source>The layer “{name}” is locked. Unlock it in Layers to paint on it.</source><translation>Die Ebene „{name}“ ist gesperrt. Entsperren Sie sie unter „Ebenen“, um auf ihr zu malen.</translation></message>
<message><source>Line</source><translation>Linie</translation></message>
<message><source>Rectangle</source><translation>Rechteck</translation></message>
<message><source>Ellipse</source><translation>Ellipse</translation></message>
<message><source>Gradient</source><translation>Verlauf</translation></message>
<message><source>Ctrl+click (or Alt+click) first where to copy from.</source><translation>Wählen Sie zuerst mit Strg+Klick (oder Alt+Klick) die Quelle.</translation></message>
<message><source>Clone</source><translation>Klonen</translation></message>
<message><source>Heal</source><translation>Reparieren</translation></message>
<message><source>Smudge</source><translation>Verwischen</translation></message>
</context>
<context>
<name>turns</name>
<message><source>Model: {name}</source><translation>Modell: {name}</translation></message>
<message><source>LoRAs: {names}</source><translation>LoRAs: {names}</translation></message>
<message><source>Seed {seed} · {steps} steps · guidance {guidance} · {sampler}</source><translation>Seed {seed} · {steps} Schritte · Worttreue {guidance} · {sampler}</translation></message>
<message><source>VAE: {name}</source><translation>VAE: {name}</translation></message>
<message><source>CLIP skip: {layer}</source><translation>CLIP skip: {layer}</translation></message>
<message><source>Strength {share} %</source><translation>Stärke {share} %</translation></message>
</context>
<context>
<name>undo</name>
<message><source>Add layer</source><translation>Ebene hinzufügen</translation></message>
<message><source>Paste</source><translation>Einfügen</translation></message>
<message><source>Add picture</source><translation>Bild hinzufügen</translation></message>
<message><source>Add text</source><translation>Text hinzufügen</translation></message>
<message><source>Cut out</source><translation>Freistellen</translation></message>
<message><source>Trace edges</source><translation>Kanten nachzeichnen</translation></message>
<message><source>Delete layer</source><translation>Ebene löschen</translation></message>
<message><source>Reorder layer</source><translation>Ebene umordnen</translation></message>
<message><source>Move layer</source><translation>Ebene verschieben</translation></message>
<message><source>Duplicate layer</source><translation>Ebene verdoppeln</translation></message>
<message><source>Merge down</source><translation>Nach unten vereinen</translation></message>
<message><source>Merge group</source><translation>Gruppe vereinen</translation></message>
<message><source>Group layers</source><translation>Ebenen gruppieren</translation></message>
<message><source>Ungroup layers</source><translation>Gruppe auflösen</translation></message>
<message><source>Change name</source><translation>Name ändern</translation></message>
<message><source>Change opacity</source><translation>Deckkraft ändern</translation></message>
<message><source>Change visibility</source><translation>Sichtbarkeit ändern</translation></message>
<message><source>Change lock</source><translation>Sperre ändern</translation></message>
<message><source>Change transparency lock</source><translation>Transparenzsperre ändern</translation></message>
<message><source>Change blend mode</source><translation>Mischmodus ändern</translation></message>
<message><source>Change region prompt</source><translation>Beschreibung des Bereichs ändern</translation></message>
<message><source>Change position</source><translation>Lage ändern</translation></message>
<message><source>Add guide</source><translation>Hilfslinie hinzufügen</translation></message>
<message><source>Move guide</source><translation>Hilfslinie verschieben</translation></message>
<message><source>Delete guide</source><translation>Hilfslinie entfernen</translation></message>
<message><source>Clear guides</source><translation>Hilfslinien löschen</translation></message>
<message><source>Lock guides</source><translation>Hilfslinien sperren</translation></message>
<message><source>Unlock guides</source><translation>Hilfslinien entsperren</translation></message>
<message><source>New turn</source><translation>Neue Runde</translation></message>
<message><source>Discard result</source><translation>Ergebnis verwerfen</translation></message>
<message><source>Show turn</source><translation>Runde zeigen</translation></message>
<message><source>Delete turn</source><translation>Runde löschen</translation></message>
<message><source>Rename turn</source><translation>Runde umbenennen</translation></message>
<message><source>Star turn</source><translation>Runde mit Stern</translation></message>
<message><source>Select</source><translation>Auswählen</translation></message>
<message><source>Canvas size</source><translation>Leinwandgröße</translation></message>
<message><source>Extend canvas</source><translation>Leinwand erweitern</translation></message>
<message><source>Crop</source><translation>Zuschneiden</translation></message>
<message><source>Trim</source><translation>Ränder abschneiden</translation></message>
<message><source>Scale image</source><translation>Bild skalieren</translation></message>
<message><source>Rotate image</source><translation>Bild drehen</translation></message>
<message><source>Flip image</source><translation>Bild spiegeln</translation></message>
<message><source>Flatten image</source><translation>Auf eine Ebene reduzieren</translation></message>
<message><source>Transform</source><translation>Transformieren</translation></message>
<message><source>Move selection</source><translation>Auswahl verschieben</translation></message>
<message><source>Cut</source><translation>Ausschneiden</translation></message>
<message><source>Copy to new layer</source><translation>In neue Ebene kopieren</translation></message>
<message><source>Cut to new layer</source><translation>In neue Ebene ausschneiden</translation></message>
<message><source>Brush stroke</source><translation>Pinselstrich</translation></message>
<message><source>Typing</source><translation>Tippen</translation></message>
<message><source>Change negative prompt</source><translation>Negative Beschreibung ändern</translation></message>
<message><source>Change seed</source><translation>Startwert ändern</translation></message>
<message><source>Change steps</source><translation>Schritte ändern</translation></message>
<message><source>Change guidance</source><translation>Worttreue ändern</translation></message>
<message><source>Change sampler</source><translation>Sampler ändern</translation></message>
<message><source>Change variants</source><translation>Varianten ändern</translation></message>
<message><source>Change edit method</source><translation>Methode ändern</translation></message>
<message><source>Reuse turn</source><translation>Runde wiederverwenden</translation></message>
<message><source>Reset settings</source><translation>Einstellungen zurücksetzen</translation></message>
<message><source>Change turns of layer</source><translation>Runden der Ebene ändern</translation></message>
<message><source>Change strength</source><translation>Stärke ändern</translation></message>
<message><source>Change adjustment</source><translation>Einstellung ändern</translation></message>
<message><source>Add layer mask</source><translation>Ebenenmaske hinzufügen</translation></message>
</context>
</TS>
