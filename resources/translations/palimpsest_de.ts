<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Palimpsest</source>
        <translation>Über Palimpsest</translation>
    </message>
    <message>
        <source>Thanks to</source>
        <translation>Dank an</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>&amp;Ebene</translation>
    </message>
    <message>
        <source>&amp;Select</source>
        <translation>&amp;Auswahl</translation>
    </message>
    <message>
        <source>T&amp;ools</source>
        <translation>&amp;Werkzeuge</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>T&amp;urn</source>
        <translation>&amp;Runde</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Appearance</source>
        <translation>&amp;Erscheinungsbild</translation>
    </message>
    <message>
        <source>Where results &amp;land</source>
        <translation>&amp;Wohin Ergebnisse kommen</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>&amp;Bereiche</translation>
    </message>
    <message>
        <source>&amp;New picture</source>
        <translation>&amp;Neues Bild</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Speichern &amp;unter …</translation>
    </message>
    <message>
        <source>&amp;Export picture…</source>
        <translation>Bild &amp;exportieren …</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>&amp;Modelle …</translation>
    </message>
    <message>
        <source>&amp;Cache…</source>
        <translation>&amp;Zwischenspeicher …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>E&amp;infügen</translation>
    </message>
    <message>
        <source>The copied picture as a new layer</source>
        <translation>Das kopierte Bild als neue Ebene</translation>
    </message>
    <message>
        <source>Paste as s&amp;ketch</source>
        <translation>Als S&amp;kizze einfügen</translation>
    </message>
    <message>
        <source>The copied picture as a sketch for a Redraw to follow</source>
        <translation>Das kopierte Bild als Skizze, der ein Neuzeichnen folgt</translation>
    </message>
    <message>
        <source>Paste as &amp;new picture</source>
        <translation>Als &amp;neues Bild einfügen</translation>
    </message>
    <message>
        <source>&amp;New paint layer</source>
        <translation>&amp;Neue Malebene</translation>
    </message>
    <message>
        <source>New &amp;mask</source>
        <translation>Neue &amp;Maske</translation>
    </message>
    <message>
        <source>New s&amp;ketch layer</source>
        <translation>Neue S&amp;kizzenebene</translation>
    </message>
    <message>
        <source>New &amp;region</source>
        <translation>Neuer &amp;Bereich</translation>
    </message>
    <message>
        <source>A place with a name, to be painted with the mask brush and used again as a mask</source>
        <translation>Eine benannte Stelle: mit dem Maskenpinsel malen, als Maske wieder verwenden</translation>
    </message>
    <message>
        <source>Mask from the re&amp;gion</source>
        <translation>Maske aus dem Be&amp;reich</translation>
    </message>
    <message>
        <source>Let the next edit change only the chosen region</source>
        <translation>Die nächste Änderung nur im gewählten Bereich zulassen</translation>
    </message>
    <message>
        <source>&amp;Edges as a sketch…</source>
        <translation>K&amp;anten als Skizze …</translation>
    </message>
    <message>
        <source>The outlines in the picture as faint lines to draw over</source>
        <translation>Die Umrisse im Bild als zarte Linien zum Nachzeichnen</translation>
    </message>
    <message>
        <source>Mark what the s&amp;ketch changes</source>
        <translation>Markieren, was die &amp;Skizze ändert</translation>
    </message>
    <message>
        <source>Make a mask of the places where the sketch departs from the picture</source>
        <translation>Eine Maske aus den Stellen, an denen die Skizze vom Bild abweicht</translation>
    </message>
    <message>
        <source>&amp;Group</source>
        <translation>&amp;Gruppieren</translation>
    </message>
    <message>
        <source>Put the chosen layers into a group</source>
        <translation>Die gewählten Ebenen in eine Gruppe legen</translation>
    </message>
    <message>
        <source>&amp;Ungroup</source>
        <translation>Gruppe a&amp;uflösen</translation>
    </message>
    <message>
        <source>&amp;Duplicate layer</source>
        <translation>Ebene &amp;verdoppeln</translation>
    </message>
    <message>
        <source>M&amp;erge down</source>
        <translation>Nach &amp;unten vereinen</translation>
    </message>
    <message>
        <source>Make one layer of this and the one below; a group: one layer</source>
        <translation>Aus dieser und der unteren Ebene eine machen; aus einer Gruppe eine Ebene</translation>
    </message>
    <message>
        <source>&amp;Remove layer</source>
        <translation>Ebene en&amp;tfernen</translation>
    </message>
    <message>
        <source>Move u&amp;p</source>
        <translation>Nach &amp;oben</translation>
    </message>
    <message>
        <source>Move d&amp;own</source>
        <translation>Nach u&amp;nten</translation>
    </message>
    <message>
        <source>&amp;Lock layer</source>
        <translation>Ebene &amp;sperren</translation>
    </message>
    <message>
        <source>Protect the layer from changes</source>
        <translation>Die Ebene vor Änderungen schützen</translation>
    </message>
    <message>
        <source>Lock &amp;transparency</source>
        <translation>&amp;Transparenz sperren</translation>
    </message>
    <message>
        <source>Paint only where the layer holds something already</source>
        <translation>Nur dort malen, wo die Ebene schon etwas enthält</translation>
    </message>
    <message>
        <source>Show &amp;mask</source>
        <translation>&amp;Maske zeigen</translation>
    </message>
    <message>
        <source>Show or hide the mask over the picture</source>
        <translation>Die Maske über dem Bild zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Outline what the turn &amp;changed</source>
        <translation>Umranden, was die Runde &amp;geändert hat</translation>
    </message>
    <message>
        <source>&amp;Intermediate image of a Redraw</source>
        <translation>&amp;Zwischenbild eines Neuzeichnens</translation>
    </message>
    <message>
        <source>What the sketch alone would give</source>
        <translation>Was die Skizze allein ergäbe</translation>
    </message>
    <message>
        <source>Com&amp;pare before and after</source>
        <translation>&amp;Vorher und nachher vergleichen</translation>
    </message>
    <message>
        <source>Look at the picture before and after the change, with a line to drag</source>
        <translation>Das Bild vor und nach der Änderung, mit einer Linie zum Ziehen</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>Only the &amp;picture</source>
        <translation>Nur das &amp;Bild</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Ausführen</translation>
    </message>
    <message>
        <source>Do what the button beside the words says</source>
        <translation>Tun, was der Knopf neben den Worten sagt</translation>
    </message>
    <message>
        <source>Run &amp;before what waits</source>
        <translation>&amp;Vor allem Wartenden ausführen</translation>
    </message>
    <message>
        <source>Run &amp;instead of everything else</source>
        <translation>Statt alles &amp;anderen ausführen</translation>
    </message>
    <message>
        <source>&amp;Generate a new picture</source>
        <translation>Ein neues Bild &amp;erzeugen</translation>
    </message>
    <message>
        <source>&amp;Apply result</source>
        <translation>Ergebnis &amp;übernehmen</translation>
    </message>
    <message>
        <source>Make the result a turn of the picture (Enter)</source>
        <translation>Das Ergebnis zu einer Runde des Bildes machen (Enter)</translation>
    </message>
    <message>
        <source>&amp;Discard result, or cancel</source>
        <translation>Ergebnis &amp;verwerfen oder abbrechen</translation>
    </message>
    <message>
        <source>Let the result go; the picture stays as it was (Esc)</source>
        <translation>Das Ergebnis verwerfen; das Bild bleibt, wie es war (Esc)</translation>
    </message>
    <message>
        <source>&amp;Next result</source>
        <translation>&amp;Nächstes Ergebnis</translation>
    </message>
    <message>
        <source>&amp;Previous result</source>
        <translation>Vor&amp;heriges Ergebnis</translation>
    </message>
    <message>
        <source>&amp;Cancel the running job</source>
        <translation>Laufenden Auftrag ab&amp;brechen</translation>
    </message>
    <message>
        <source>Cancel a&amp;ll jobs</source>
        <translation>A&amp;lle Aufträge abbrechen</translation>
    </message>
    <message>
        <source>&amp;Edit the words</source>
        <translation>&amp;Worte bearbeiten</translation>
    </message>
    <message>
        <source>Turn a&amp;bove</source>
        <translation>Runde &amp;darüber</translation>
    </message>
    <message>
        <source>Turn belo&amp;w</source>
        <translation>Runde dar&amp;unter</translation>
    </message>
    <message>
        <source>Searc&amp;h the turns</source>
        <translation>Runden durch&amp;suchen</translation>
    </message>
    <message>
        <source>&amp;Star the turn</source>
        <translation>Runde mit &amp;Stern merken</translation>
    </message>
    <message>
        <source>Rena&amp;me the turn…</source>
        <translation>Runde um&amp;benennen …</translation>
    </message>
    <message>
        <source>Dele&amp;te the turn…</source>
        <translation>Runde &amp;löschen …</translation>
    </message>
    <message>
        <source>Sh&amp;ow results as they come</source>
        <translation>Ergebnisse &amp;zeigen, sobald sie da sind</translation>
    </message>
    <message>
        <source>Otherwise they wait until you ask for them</source>
        <translation>Sonst warten sie, bis Sie danach fragen</translation>
    </message>
    <message>
        <source>Appl&amp;y results at once</source>
        <translation>Ergebnisse s&amp;ofort übernehmen</translation>
    </message>
    <message>
        <source>In a new layer on &amp;top</source>
        <translation>In eine neue Ebene ganz &amp;oben</translation>
    </message>
    <message>
        <source>In a new layer &amp;above the chosen one</source>
        <translation>In eine neue Ebene &amp;über der gewählten</translation>
    </message>
    <message>
        <source>In the &amp;picture itself</source>
        <translation>In das &amp;Bild selbst</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>Show &amp;log folder</source>
        <translation>&amp;Protokollordner zeigen</translation>
    </message>
    <message>
        <source>Warnings and crash reports, to send with a report</source>
        <translation>Warnungen und Absturzberichte, zum Mitschicken</translation>
    </message>
    <message>
        <source>&amp;About Palimpsest</source>
        <translation>&amp;Über Palimpsest</translation>
    </message>
    <message>
        <source>&amp;Hand</source>
        <translation>&amp;Hand</translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation>Die Ansicht verschieben</translation>
    </message>
    <message>
        <source>Mo&amp;ve</source>
        <translation>&amp;Verschieben</translation>
    </message>
    <message>
        <source>Move the chosen layer</source>
        <translation>Die gewählte Ebene verschieben</translation>
    </message>
    <message>
        <source>Select a &amp;rectangle</source>
        <translation>&amp;Rechteck auswählen</translation>
    </message>
    <message>
        <source>Select a rectangle</source>
        <translation>Ein Rechteck auswählen</translation>
    </message>
    <message>
        <source>Select an elli&amp;pse</source>
        <translation>&amp;Ellipse auswählen</translation>
    </message>
    <message>
        <source>Select an ellipse</source>
        <translation>Eine Ellipse auswählen</translation>
    </message>
    <message>
        <source>&amp;Lasso</source>
        <translation>&amp;Lasso</translation>
    </message>
    <message>
        <source>Select what you draw around</source>
        <translation>Auswählen, was Sie umfahren</translation>
    </message>
    <message>
        <source>Select a pol&amp;ygon</source>
        <translation>Viel&amp;eck auswählen</translation>
    </message>
    <message>
        <source>Select corner by corner; Enter or a double click closes</source>
        <translation>Ecke für Ecke auswählen; Enter oder Doppelklick schließt ab</translation>
    </message>
    <message>
        <source>&amp;Mask brush</source>
        <translation>&amp;Maskenpinsel</translation>
    </message>
    <message>
        <source>Paint where the picture may change</source>
        <translation>Malen, wo sich das Bild ändern darf</translation>
    </message>
    <message>
        <source>&amp;Brush</source>
        <translation>&amp;Pinsel</translation>
    </message>
    <message>
        <source>Paint on the chosen layer</source>
        <translation>Auf der gewählten Ebene malen</translation>
    </message>
    <message>
        <source>S&amp;ketch brush</source>
        <translation>S&amp;kizzenpinsel</translation>
    </message>
    <message>
        <source>Draw what a Redraw shall follow; it is not part of the picture</source>
        <translation>Zeichnen, woran sich ein Neuzeichnen hält; es gehört nicht zum Bild</translation>
    </message>
    <message>
        <source>&amp;Eraser</source>
        <translation>&amp;Radierer</translation>
    </message>
    <message>
        <source>Make the chosen layer transparent</source>
        <translation>Die gewählte Ebene durchsichtig machen</translation>
    </message>
    <message>
        <source>&amp;Fill</source>
        <translation>&amp;Füllen</translation>
    </message>
    <message>
        <source>Fill what looks alike with the colour</source>
        <translation>Gleichfarbiges mit der Farbe füllen</translation>
    </message>
    <message>
        <source>Colour p&amp;icker</source>
        <translation>Pi&amp;pette</translation>
    </message>
    <message>
        <source>Take a colour from the picture (Alt in the brushes)</source>
        <translation>Eine Farbe aus dem Bild nehmen (Alt bei den Pinseln)</translation>
    </message>
    <message>
        <source>Lar&amp;ger brush</source>
        <translation>&amp;Größerer Pinsel</translation>
    </message>
    <message>
        <source>&amp;Smaller brush</source>
        <translation>&amp;Kleinerer Pinsel</translation>
    </message>
    <message>
        <source>Harder brush</source>
        <translation>Härterer Pinsel</translation>
    </message>
    <message>
        <source>S&amp;ofter brush</source>
        <translation>&amp;Weicherer Pinsel</translation>
    </message>
    <message>
        <source>Swap &amp;colours</source>
        <translation>&amp;Farben tauschen</translation>
    </message>
    <message>
        <source>Black an&amp;d white</source>
        <translation>Sch&amp;warz und Weiß</translation>
    </message>
    <message>
        <source>&amp;All</source>
        <translation>&amp;Alles</translation>
    </message>
    <message>
        <source>&amp;None</source>
        <translation>&amp;Nichts</translation>
    </message>
    <message>
        <source>&amp;Invert</source>
        <translation>&amp;Umkehren</translation>
    </message>
    <message>
        <source>&amp;Grow…</source>
        <translation>&amp;Vergrößern …</translation>
    </message>
    <message>
        <source>&amp;Shrink…</source>
        <translation>Ver&amp;kleinern …</translation>
    </message>
    <message>
        <source>&amp;Feather…</source>
        <translation>&amp;Weiche Kante …</translation>
    </message>
    <message>
        <source>&amp;Mask from the selection</source>
        <translation>&amp;Maske aus der Auswahl</translation>
    </message>
    <message>
        <source>Let the next edit change only what is selected</source>
        <translation>Die nächste Änderung nur in der Auswahl wirken lassen</translation>
    </message>
    <message>
        <source>Selection from the mas&amp;k</source>
        <translation>Auswahl aus der Mas&amp;ke</translation>
    </message>
    <message>
        <source>Fill with the &amp;colour</source>
        <translation>Mit der &amp;Farbe füllen</translation>
    </message>
    <message>
        <source>C&amp;lear the pixels</source>
        <translation>Pixel &amp;löschen</translation>
    </message>
    <message>
        <source>Clea&amp;r mask</source>
        <translation>Maske lee&amp;ren</translation>
    </message>
    <message>
        <source>Forget where you painted that the picture may change</source>
        <translation>Vergessen, wo sich das Bild ändern darf</translation>
    </message>
    <message>
        <source>In&amp;vert mask</source>
        <translation>Maske &amp;umkehren</translation>
    </message>
    <message>
        <source>&amp;Fit in window</source>
        <translation>&amp;Einpassen</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Turn the view le&amp;ft</source>
        <translation>Ansicht nach &amp;links drehen</translation>
    </message>
    <message>
        <source>Turn the view ri&amp;ght</source>
        <translation>Ansicht nach &amp;rechts drehen</translation>
    </message>
    <message>
        <source>M&amp;irror the view</source>
        <translation>Ansicht s&amp;piegeln</translation>
    </message>
    <message>
        <source>S&amp;traighten the view</source>
        <translation>Ansicht &amp;gerade stellen</translation>
    </message>
</context>
<context>
    <name>BlendBox</name>
    <message>
        <source>Blend mode</source>
        <translation>Mischmodus</translation>
    </message>
    <message>
        <source>How the layer mixes with what lies below it</source>
        <translation>Wie sich die Ebene mit dem mischt, was darunter liegt</translation>
    </message>
</context>
<context>
    <name>BrushOptions</name>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>Härte</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Flow</source>
        <translation>Fluss</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>Pen pressure sets the size</source>
        <translation>Stiftdruck bestimmt die Größe</translation>
    </message>
    <message>
        <source>Pen pressure sets the opacity</source>
        <translation>Stiftdruck bestimmt die Deckkraft</translation>
    </message>
    <message>
        <source>Flow, smoothing, pen pressure</source>
        <translation>Fluss, Glättung, Stiftdruck</translation>
    </message>
</context>
<context>
    <name>CacheDialog</name>
    <message>
        <source>Cache</source>
        <translation>Zwischenspeicher</translation>
    </message>
    <message>
        <source>The cache is looked at as soon as the worker is free…</source>
        <translation>Der Zwischenspeicher wird angesehen, sobald die laufende Arbeit fertig ist …</translation>
    </message>
    <message>
        <source>What the cache holds</source>
        <translation>Was der Zwischenspeicher enthält</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Turns</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Festplatte</translation>
    </message>
    <message>
        <source>Clearing loses no picture. The next edit of a cleared project takes longer once, because its turns are computed again.</source>
        <translation>Beim Leeren geht kein Bild verloren. Die nächste Änderung eines geleerten Projekts dauert einmal länger, weil seine Runden neu berechnet werden.</translation>
    </message>
    <message>
        <source>Clear chosen</source>
        <translation>Gewählte leeren</translation>
    </message>
    <message>
        <source>Clear all</source>
        <translation>Alles leeren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>{memory} of {memory_limit} in memory, {disk} of {disk_limit} on disk in {folder}</source>
        <translation>{memory} von {memory_limit} im Speicher, {disk} von {disk_limit} auf der Festplatte in {folder}</translation>
    </message>
    <message>
        <source>Other or deleted projects</source>
        <translation>Andere oder gelöschte Projekte</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Canvas</source>
        <translation>Leinwand</translation>
    </message>
</context>
<context>
    <name>ColourPair</name>
    <message>
        <source>Background colour (X swaps, D: black and white)</source>
        <translation>Hintergrundfarbe (X tauscht, D: Schwarz und Weiß)</translation>
    </message>
    <message>
        <source>Brush colour (X swaps, D: black and white)</source>
        <translation>Pinselfarbe (X tauscht, D: Schwarz und Weiß)</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>One over the other</source>
        <translation>Übereinander</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Back to the picture</source>
        <translation>Zurück zum Bild</translation>
    </message>
</context>
<context>
    <name>DescribeDialog</name>
    <message>
        <source>Describe the picture</source>
        <translation>Das Bild beschreiben</translation>
    </message>
    <message>
        <source>What does the picture show?</source>
        <translation>Was zeigt das Bild?</translation>
    </message>
    <message>
        <source>One plain sentence, such as “a fox on snow”. Later you change its words.</source>
        <translation>Ein einfacher Satz, etwa „a fox on snow“. Später ändern Sie seine Worte.</translation>
    </message>
    <message>
        <source>Words that describe the picture</source>
        <translation>Worte, die das Bild beschreiben</translation>
    </message>
    <message>
        <source>Only open it</source>
        <translation>Nur öffnen</translation>
    </message>
    <message>
        <source>Paint on it at once; its words can be given later</source>
        <translation>Gleich darauf malen; Worte können Sie später geben</translation>
    </message>
</context>
<context>
    <name>Drawing</name>
    <message>
        <source>Edges</source>
        <translation>Kanten</translation>
    </message>
    <message>
        <source>Mark what changes</source>
        <translation>Markieren, was sich ändert</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>What the sketch alone would give, before the picture&apos;s texture is taken over.</source>
        <translation>Was die Skizze allein ergäbe, bevor die Struktur des Bildes übernommen wird.</translation>
    </message>
    <message>
        <source>Intermediate image</source>
        <translation>Zwischenbild</translation>
    </message>
</context>
<context>
    <name>Editing</name>
    <message>
        <source>New: {words}</source>
        <translation>Neu: {words}</translation>
    </message>
    <message>
        <source>Read your painting</source>
        <translation>Ihre Malerei wird gelesen</translation>
    </message>
    <message>
        <source>Read: {words}</source>
        <translation>Lesen: {words}</translation>
    </message>
    <message>
        <source>Open: {words}</source>
        <translation>Öffnen: {words}</translation>
    </message>
</context>
<context>
    <name>EngineFacade</name>
    <message>
        <source>The painter stopped and was started again. The picture is as it was.</source>
        <translation>Der Maler hatte aufgehört und wurde neu gestartet. Das Bild ist, wie es war.</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Untitled</source>
        <translation>Unbenannt</translation>
    </message>
    <message>
        <source>Projects and pictures ({endings})</source>
        <translation>Projekte und Bilder ({endings})</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Palimpsest project (*{ending})</source>
        <translation>Palimpsest-Projekt (*{ending})</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>Speichern unter</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.webp)</source>
        <translation>Bilder (*.png *.jpg *.webp)</translation>
    </message>
    <message>
        <source>Export picture</source>
        <translation>Bild exportieren</translation>
    </message>
</context>
<context>
    <name>FillOptions</name>
    <message>
        <source>Tolerance</source>
        <translation>Toleranz</translation>
    </message>
    <message>
        <source>Only what is joined</source>
        <translation>Nur Zusammenhängendes</translation>
    </message>
</context>
<context>
    <name>Incoming</name>
    <message>
        <source>As a new &amp;layer</source>
        <translation>Als neue &amp;Ebene</translation>
    </message>
    <message>
        <source>As a &amp;sketch</source>
        <translation>Als &amp;Skizze</translation>
    </message>
    <message>
        <source>As a new &amp;picture</source>
        <translation>Als neues &amp;Bild</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>There is no picture to paste.</source>
        <translation>Es gibt kein Bild zum Einfügen.</translation>
    </message>
    <message>
        <source>Pasted</source>
        <translation>Eingefügt</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>Skizze</translation>
    </message>
</context>
<context>
    <name>LayerDelegate</name>
    <message>
        <source>Name of the layer</source>
        <translation>Name der Ebene</translation>
    </message>
</context>
<context>
    <name>LayersPanel</name>
    <message>
        <source>Layers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>The layers of a picture are listed here.</source>
        <translation>Hier stehen die Ebenen eines Bildes.</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>Skizze</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>Mask from region</source>
        <translation>Maske aus Bereich</translation>
    </message>
    <message>
        <source>{name} copy</source>
        <translation>{name} Kopie</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
</context>
<context>
    <name>LayersVM</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
</context>
<context>
    <name>LicencesPage</name>
    <message>
        <source>Libraries</source>
        <translation>Bibliotheken</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Gespeichert.</translation>
    </message>
    <message>
        <source>Use mask</source>
        <translation>Maske verwenden</translation>
    </message>
    <message>
        <source>Apply or discard the result first, then paint.</source>
        <translation>Erst das Ergebnis übernehmen oder verwerfen, dann malen.</translation>
    </message>
</context>
<context>
    <name>MaskPanel</name>
    <message>
        <source>Use as mask</source>
        <translation>Als Maske verwenden</translation>
    </message>
    <message>
        <source>Make it the mask, to be mended with the brush</source>
        <translation>Zur Maske machen, die sich mit dem Pinsel ausbessern lässt</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Forget it until other words are typed</source>
        <translation>Vergessen, bis andere Worte getippt werden</translation>
    </message>
    <message>
        <source>How masks are found</source>
        <translation>Wie Masken gefunden werden</translation>
    </message>
    <message>
        <source>As fits the model</source>
        <translation>Wie es zum Modell passt</translation>
    </message>
    <message>
        <source>As published</source>
        <translation>Wie veröffentlicht</translation>
    </message>
    <message>
        <source>Authors&apos; demo</source>
        <translation>Vorführung der Autoren</translation>
    </message>
    <message>
        <source>By things</source>
        <translation>Nach Dingen</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>How hot a place must be to belong to the mask; 0 is the preset&apos;s own</source>
        <translation>Wie stark eine Stelle gemeint sein muss, um zur Maske zu gehören; 0 ist der eigene Wert der Voreinstellung</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Colour of the overlay</source>
        <translation>Farbe der Überlagerung</translation>
    </message>
    <message>
        <source>By how much</source>
        <translation>Um wie viel</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Make the mask larger all round</source>
        <translation>Die Maske ringsum vergrößern</translation>
    </message>
    <message>
        <source>Shrink</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Make the mask smaller all round</source>
        <translation>Die Maske ringsum verkleinern</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>Weiche Kante</translation>
    </message>
    <message>
        <source>Make the mask&apos;s edge soft</source>
        <translation>Die Kante der Maske weich machen</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Umkehren</translation>
    </message>
    <message>
        <source>Turn the mask inside out</source>
        <translation>Die Maske umkehren</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Read a mask, white where it may change</source>
        <translation>Eine Maske lesen; weiß, wo sich etwas ändern darf</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Write the mask as a picture</source>
        <translation>Die Maske als Bild schreiben</translation>
    </message>
    <message>
        <source>Type what should appear, and see where.</source>
        <translation>Tippen Sie, was erscheinen soll, und sehen Sie, wo.</translation>
    </message>
    <message>
        <source>{share} % of the picture</source>
        <translation>{share} % des Bildes</translation>
    </message>
    <message>
        <source>nothing to take the place of</source>
        <translation>nichts, dessen Platz es einnehmen könnte</translation>
    </message>
    <message>
        <source>Looked for</source>
        <translation>Suche</translation>
    </message>
</context>
<context>
    <name>MaskSigns</name>
    <message>
        <source>Add to the mask (Alt: take away)</source>
        <translation>Zur Maske hinzufügen (Alt: wegnehmen)</translation>
    </message>
    <message>
        <source>Take away from the mask (Alt: add)</source>
        <translation>Von der Maske wegnehmen (Alt: hinzufügen)</translation>
    </message>
</context>
<context>
    <name>Masking</name>
    <message>
        <source>Invert mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Use the found mask</source>
        <translation>Gefundene Maske verwenden</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Grow mask</source>
        <translation>Maske vergrößern</translation>
    </message>
    <message>
        <source>Shrink mask</source>
        <translation>Maske verkleinern</translation>
    </message>
    <message>
        <source>Feather mask</source>
        <translation>Kante der Maske weich</translation>
    </message>
    <message>
        <source>Import mask</source>
        <translation>Maske importieren</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <source>The mask is {w}x{h} pixels, the picture {width}x{height}; they must be alike.</source>
        <translation>Die Maske hat {w}x{h} Pixel, das Bild {width}x{height}; sie müssen gleich sein.</translation>
    </message>
    <message>
        <source>Export mask</source>
        <translation>Maske exportieren</translation>
    </message>
</context>
<context>
    <name>MenuState</name>
    <message>
        <source>{name}[*] — Palimpsest</source>
        <translation>{name}[*] – Palimpsest</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the message with its details</source>
        <translation>Die Meldung mit Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Close the message</source>
        <translation>Die Meldung schließen</translation>
    </message>
    <message>
        <source>Details of the message</source>
        <translation>Einzelheiten der Meldung</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Take the folder off the list; its files stay</source>
        <translation>Den Ordner von der Liste nehmen; seine Dateien bleiben</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>Dieses Modell verwenden</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Folders of Stable Diffusion 1.x or 2.x in diffusers&apos; layout can be added. Nothing is ever downloaded. A T2I-Adapter inside or beside a folder lets it paint from sketches.</source>
        <translation>Ordner mit Stable Diffusion 1.x oder 2.x im Aufbau von diffusers können hinzugefügt werden. Es wird nie etwas heruntergeladen. Mit einem T2I-Adapter im Ordner oder daneben malt das Modell nach Skizzen.</translation>
    </message>
    <message>
        <source>Folder of a model</source>
        <translation>Ordner eines Modells</translation>
    </message>
    <message>
        <source>{name} · in use</source>
        <translation>{name} · in Gebrauch</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} Pixel</translation>
    </message>
    <message>
        <source>a small picture-book model, works offline</source>
        <translation>ein kleines Bilderbuch-Modell, arbeitet ohne Netz</translation>
    </message>
    <message>
        <source>paints from sketches</source>
        <translation>malt nach Skizzen</translation>
    </message>
    <message>
        <source>no sketches</source>
        <translation>keine Skizzen</translation>
    </message>
    <message>
        <source>made for filling masks</source>
        <translation>gemacht zum Füllen von Masken</translation>
    </message>
</context>
<context>
    <name>Panels</name>
    <message>
        <source>Turns</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Queue · {count}</source>
        <translation>Aufträge · {count}</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
</context>
<context>
    <name>PicturePair</name>
    <message>
        <source>Comparison of two turns</source>
        <translation>Vergleich zweier Runden</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Load the model</source>
        <translation>Modell laden</translation>
    </message>
    <message>
        <source>{name} (open)</source>
        <translation>{name} (offen)</translation>
    </message>
</context>
<context>
    <name>PromptBar</name>
    <message>
        <source>Prompt</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>Make a new picture from these words (Ctrl+Shift+Enter)</source>
        <translation>Aus diesen Worten ein neues Bild machen (Strg+Umschalt+Enter)</translation>
    </message>
    <message>
        <source>What will change</source>
        <translation>Was sich ändert</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Describe a picture in a sentence</source>
        <translation>Beschreiben Sie ein Bild in einem Satz</translation>
    </message>
    <message>
        <source>Make a picture from these words (Ctrl+Enter)</source>
        <translation>Aus diesen Worten ein Bild machen (Strg+Enter)</translation>
    </message>
    <message>
        <source>Read the picture with these words, so that they can be changed (Ctrl+Enter)</source>
        <translation>Das Bild mit diesen Worten lesen, damit sie geändert werden können (Strg+Enter)</translation>
    </message>
    <message>
        <source>Read picture</source>
        <translation>Bild lesen</translation>
    </message>
    <message>
        <source>Say what the picture shows.</source>
        <translation>Sagen Sie, was das Bild zeigt.</translation>
    </message>
    <message>
        <source>A new picture from these words</source>
        <translation>Ein neues Bild aus diesen Worten</translation>
    </message>
    <message>
        <source>The picture is read once; then its words can be changed.</source>
        <translation>Das Bild wird einmal gelesen; danach können seine Worte geändert werden.</translation>
    </message>
    <message>
        <source>This picture is larger than the model sees at once: mark where it may change.</source>
        <translation>Dieses Bild ist größer, als das Modell auf einmal sieht: Markieren Sie, wo es sich ändern darf.</translation>
    </message>
    <message>
        <source>only in the region “{name}”</source>
        <translation>nur im Bereich „{name}“</translation>
    </message>
    <message>
        <source>the same words again · {where}</source>
        <translation>dieselben Worte noch einmal · {where}</translation>
    </message>
    <message>
        <source>Nothing would change: the words are the same.</source>
        <translation>Es würde sich nichts ändern: Die Worte sind dieselben.</translation>
    </message>
    <message>
        <source>keeps the rest exactly</source>
        <translation>lässt den Rest genau, wie er ist</translation>
    </message>
    <message>
        <source>only where you marked</source>
        <translation>nur wo Sie markiert haben</translation>
    </message>
    <message>
        <source>changes: {words} · {where}</source>
        <translation>Änderung: {words} · {where}</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Queue</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>Nichts wartet.</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>Fertige entfernen</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Forget this list</source>
        <translation>Diese Liste vergessen</translation>
    </message>
</context>
<context>
    <name>Recovery</name>
    <message>
        <source>an unsaved picture</source>
        <translation>ein nicht gespeichertes Bild</translation>
    </message>
    <message>
        <source>Recover unsaved work</source>
        <translation>Nicht gespeicherte Arbeit wiederherstellen</translation>
    </message>
    <message>
        <source>The program ended unexpectedly. Recover {name}?</source>
        <translation>Das Programm wurde unerwartet beendet. {name} wiederherstellen?</translation>
    </message>
    <message>
        <source>It was kept at {when}.</source>
        <translation>Gesichert um {when}.</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Drop it</source>
        <translation>Verwerfen</translation>
    </message>
</context>
<context>
    <name>RegionWords</name>
    <message>
        <source>What shall be here</source>
        <translation>Was hier sein soll</translation>
    </message>
    <message>
        <source>Words of the region</source>
        <translation>Worte des Bereichs</translation>
    </message>
    <message>
        <source>While the region is chosen, an edit paints these words here and nothing elsewhere</source>
        <translation>Solange der Bereich gewählt ist, malt eine Änderung diese Worte hier und sonst nirgends</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Worte</translation>
    </message>
</context>
<context>
    <name>ResultBar</name>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Previous result</source>
        <translation>Vorheriges Ergebnis</translation>
    </message>
    <message>
        <source>Next result</source>
        <translation>Nächstes Ergebnis</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Hold to see the picture before the change (hold Tab)</source>
        <translation>Halten, um das Bild vor der Änderung zu sehen (Tab halten)</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Let the results go; Undo brings them back</source>
        <translation>Die Ergebnisse verwerfen; Rückgängig holt sie zurück</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>{position} of {count}</source>
        <translation>{position} von {count}</translation>
    </message>
    <message>
        <source>A result is ready.</source>
        <translation>Ein Ergebnis ist da.</translation>
    </message>
    <message>
        <source>{count} results are ready.</source>
        <translation>{count} Ergebnisse sind da.</translation>
    </message>
</context>
<context>
    <name>SamplingForm</name>
    <message>
        <source>Square</source>
        <translation>Quadrat</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>Querformat</translation>
    </message>
    <message>
        <source>Wide</source>
        <translation>Breit</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>Hochformat</translation>
    </message>
    <message>
        <source>Tall</source>
        <translation>Hoch</translation>
    </message>
    <message>
        <source>Words for what should not appear</source>
        <translation>Worte für das, was nicht erscheinen soll</translation>
    </message>
    <message>
        <source>Avoid</source>
        <translation>Vermeiden</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>For new pictures; a changed picture keeps its own</source>
        <translation>Für neue Bilder; ein geändertes Bild behält seine</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Worttreue</translation>
    </message>
    <message>
        <source>How closely the picture follows the words</source>
        <translation>Wie genau das Bild den Worten folgt</translation>
    </message>
    <message>
        <source>Variants</source>
        <translation>Varianten</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>auto</translation>
    </message>
    <message>
        <source>How many results of a repainted place, or of a new picture; auto: as the method wants</source>
        <translation>Wie viele Ergebnisse einer neu gemalten Stelle oder eines neuen Bildes; auto: wie das Verfahren es will</translation>
    </message>
    <message>
        <source>Sketch strength</source>
        <translation>Skizzenstärke</translation>
    </message>
    <message>
        <source>How strictly a Redraw follows the lines of the sketch</source>
        <translation>Wie streng ein Neuzeichnen den Linien der Skizze folgt</translation>
    </message>
    <message>
        <source>Sketch steps</source>
        <translation>Skizzenschritte</translation>
    </message>
    <message>
        <source>For how much of the run the lines are followed; then the picture is free</source>
        <translation>Wie lange den Linien gefolgt wird; danach ist das Bild frei</translation>
    </message>
    <message>
        <source>Shape of a new picture</source>
        <translation>Format eines neuen Bildes</translation>
    </message>
    <message>
        <source>Own size</source>
        <translation>Eigene Größe</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The same seed and words give the same picture</source>
        <translation>Gleicher Startwert und gleiche Worte ergeben dasselbe Bild</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>Anderer Startwert</translation>
    </message>
    <message>
        <source>Keep this seed for new pictures</source>
        <translation>Diesen Startwert für neue Bilder behalten</translation>
    </message>
</context>
<context>
    <name>SelectOptions</name>
    <message>
        <source>A new selection</source>
        <translation>Eine neue Auswahl</translation>
    </message>
    <message>
        <source>Add to the selection (Shift)</source>
        <translation>Zur Auswahl hinzufügen (Umschalt)</translation>
    </message>
    <message>
        <source>Take away from the selection (Alt)</source>
        <translation>Von der Auswahl wegnehmen (Alt)</translation>
    </message>
    <message>
        <source>Keep what both have (Shift+Alt)</source>
        <translation>Nur das Gemeinsame behalten (Umschalt+Alt)</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>Weiche Kante</translation>
    </message>
</context>
<context>
    <name>Selecting</name>
    <message>
        <source>Select</source>
        <translation>Auswählen</translation>
    </message>
    <message>
        <source>Deselect</source>
        <translation>Auswahl aufheben</translation>
    </message>
    <message>
        <source>Grow the selection</source>
        <translation>Auswahl vergrößern</translation>
    </message>
    <message>
        <source>Shrink the selection</source>
        <translation>Auswahl verkleinern</translation>
    </message>
    <message>
        <source>Feather the selection</source>
        <translation>Kante der Auswahl weich</translation>
    </message>
    <message>
        <source>Pixels:</source>
        <translation>Pixel:</translation>
    </message>
    <message>
        <source>Mask from the selection</source>
        <translation>Maske aus der Auswahl</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Clear mask</source>
        <translation>Maske leeren</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Füllen</translation>
    </message>
    <message>
        <source>There is no painted layer to clear.</source>
        <translation>Es gibt keine Malebene zum Leeren.</translation>
    </message>
    <message>
        <source>Clear the pixels</source>
        <translation>Pixel löschen</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>In a new layer on top</source>
        <translation>In eine neue Ebene ganz oben</translation>
    </message>
    <message>
        <source>In a new layer above the chosen one</source>
        <translation>In eine neue Ebene über der gewählten</translation>
    </message>
    <message>
        <source>In the picture itself</source>
        <translation>In das Bild selbst</translation>
    </message>
    <message>
        <source>Where results land</source>
        <translation>Wohin Ergebnisse kommen</translation>
    </message>
    <message>
        <source>Show results as they come</source>
        <translation>Ergebnisse zeigen, sobald sie da sind</translation>
    </message>
    <message>
        <source>Show the picture while it is being painted</source>
        <translation>Das Bild zeigen, während es gemalt wird</translation>
    </message>
    <message>
        <source>Keep a copy for recovery</source>
        <translation>Kopie zur Wiederherstellung</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>The best there is</source>
        <translation>Das Beste, was da ist</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>NVIDIA graphics card</source>
        <translation>NVIDIA-Grafikkarte</translation>
    </message>
    <message>
        <source>Apple graphics</source>
        <translation>Apple-Grafik</translation>
    </message>
    <message>
        <source>Paint with</source>
        <translation>Malen mit</translation>
    </message>
    <message>
        <source>Cache in memory</source>
        <translation>Zwischenspeicher im Speicher</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>Cache on the graphics card</source>
        <translation>Zwischenspeicher auf der Grafikkarte</translation>
    </message>
    <message>
        <source>Cache on disk</source>
        <translation>Zwischenspeicher auf der Platte</translation>
    </message>
    <message>
        <source>Folder of the cache</source>
        <translation>Ordner des Zwischenspeichers</translation>
    </message>
    <message>
        <source>Another language is used from the next start on.</source>
        <translation>Eine andere Sprache gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>They land</source>
        <translation>Sie kommen</translation>
    </message>
    <message>
        <source>Safety</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Copy for recovery every</source>
        <translation>Sicherungskopie alle</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search for an action or a key</source>
        <translation>Befehl oder Taste suchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neue Taste</translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation>Diese Taste nehmen</translation>
    </message>
    <message>
        <source>Use it too</source>
        <translation>Zusätzlich nehmen</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Keine Taste</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>Alle zurücksetzen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>Leinwand</translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation>Die Ansicht verschieben</translation>
    </message>
    <message>
        <source>Space + drag, middle drag</source>
        <translation>Leertaste + Ziehen, mittlere Taste ziehen</translation>
    </message>
    <message>
        <source>Turn the view</source>
        <translation>Die Ansicht drehen</translation>
    </message>
    <message>
        <source>Shift + Space + drag</source>
        <translation>Umschalt + Leertaste + Ziehen</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Wheel, Ctrl + Space + drag</source>
        <translation>Mausrad, Strg + Leertaste + Ziehen</translation>
    </message>
    <message>
        <source>Shift + drag, Ctrl + wheel</source>
        <translation>Umschalt + Ziehen, Strg + Mausrad</translation>
    </message>
    <message>
        <source>Straight line from the last stroke</source>
        <translation>Gerade Linie vom letzten Strich aus</translation>
    </message>
    <message>
        <source>Shift + click</source>
        <translation>Umschalt + Klick</translation>
    </message>
    <message>
        <source>Pick a colour in the brushes</source>
        <translation>In den Pinseln eine Farbe aufnehmen</translation>
    </message>
    <message>
        <source>Take away with the mask brush</source>
        <translation>Mit dem Maskenpinsel wegnehmen</translation>
    </message>
    <message>
        <source>Add to the selection, take away, keep both</source>
        <translation>Zur Auswahl hinzufügen, wegnehmen, Schnitt</translation>
    </message>
    <message>
        <source>Shift, Alt, Shift + Alt</source>
        <translation>Umschalt, Alt, Umschalt + Alt</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>Choose an action to give it another key.</source>
        <translation>Wählen Sie einen Befehl, um ihm eine andere Taste zu geben.</translation>
    </message>
    <message>
        <source>Click into the field and press the new key.</source>
        <translation>Klicken Sie in das Feld und drücken Sie die neue Taste.</translation>
    </message>
    <message>
        <source>{key} is needed by the canvas itself.</source>
        <translation>{key} braucht die Leinwand selbst.</translation>
    </message>
    <message>
        <source>{key} belongs to “{action}”, which would lose it.</source>
        <translation>{key} gehört zu „{action}“ und ginge dort verloren.</translation>
    </message>
    <message>
        <source>{key} is free.</source>
        <translation>{key} ist frei.</translation>
    </message>
    <message>
        <source>Size of the brush</source>
        <translation>Größe des Pinsels</translation>
    </message>
    <message>
        <source>See the picture before the change</source>
        <translation>Das Bild vor der Änderung sehen</translation>
    </message>
    <message>
        <source>hold Tab or \</source>
        <translation>Tab oder \ halten</translation>
    </message>
    <message>
        <source>Alt + drag</source>
        <translation>Alt + Ziehen</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>No model yet</source>
        <translation>Noch kein Modell</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>Zwischenspeicher</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Zoom; click to fit the picture in the window</source>
        <translation>Zoom; Klick passt das Bild ins Fenster ein</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>memory {used} of {limit}</source>
        <translation>Speicher {used} von {limit}</translation>
    </message>
    <message>
        <source>disk {used} of {limit}</source>
        <translation>Platte {used} von {limit}</translation>
    </message>
    <message>
        <source>What the turns left behind, so that the next edit computes only what changes:
{folder}</source>
        <translation>Was die Runden hinterlassen haben, damit die nächste Änderung nur berechnet, was sich ändert:
{folder}</translation>
    </message>
    <message>
        <source>· Working on the large picture… Esc stops it</source>
        <translation>· Das große Bild wird bearbeitet … Esc bricht ab</translation>
    </message>
    <message>
        <source> · {count} waiting</source>
        <translation> · {count} warten</translation>
    </message>
</context>
<context>
    <name>ToolOptions</name>
    <message>
        <source>Overlay</source>
        <translation>Überlagerung</translation>
    </message>
</context>
<context>
    <name>TraceDialog</name>
    <message>
        <source>Edges as a sketch</source>
        <translation>Kanten als Skizze</translation>
    </message>
    <message>
        <source>The lines over the picture</source>
        <translation>Die Linien über dem Bild</translation>
    </message>
    <message>
        <source>Line width</source>
        <translation>Linienbreite</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>Add sketch</source>
        <translation>Skizze hinzufügen</translation>
    </message>
</context>
<context>
    <name>TurnsPanel</name>
    <message>
        <source>Each change of the words becomes a turn here.</source>
        <translation>Jede Änderung der Worte wird hier zu einer Runde.</translation>
    </message>
    <message>
        <source>Turns</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>Search the turns</source>
        <translation>Runden durchsuchen</translation>
    </message>
    <message>
        <source>Only starred turns</source>
        <translation>Nur Runden mit Stern</translation>
    </message>
    <message>
        <source>Rename turn</source>
        <translation>Runde umbenennen</translation>
    </message>
    <message>
        <source>Name of the turn (empty: its words)</source>
        <translation>Name der Runde (leer: ihre Worte)</translation>
    </message>
    <message>
        <source>Delete turn</source>
        <translation>Runde löschen</translation>
    </message>
    <message>
        <source>You can take this back with Undo.</source>
        <translation>Das lässt sich rückgängig machen.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Remove star</source>
        <translation>Stern entfernen</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>Stern</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Continue from here</source>
        <translation>Von hier weitermachen</translation>
    </message>
    <message>
        <source>Compare with the shown turn</source>
        <translation>Mit der gezeigten Runde vergleichen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Use again</source>
        <translation>Wieder verwenden</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Worte</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Steps, guidance, words to avoid</source>
        <translation>Schritte, Worttreue, zu vermeidende Worte</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>No turn fits.</source>
        <translation>Keine Runde passt.</translation>
    </message>
    <message>
        <source>Delete this turn?</source>
        <translation>Diese Runde löschen?</translation>
    </message>
    <message>
        <source>Delete this turn and the {count} made from it?</source>
        <translation>Diese Runde und die {count} daraus entstandenen löschen?</translation>
    </message>
</context>
<context>
    <name>WayButton</name>
    <message>
        <source>Other ways to edit</source>
        <translation>Andere Arten der Änderung</translation>
    </message>
    <message>
        <source>Choose how the picture is edited</source>
        <translation>Wählen, wie das Bild geändert wird</translation>
    </message>
    <message>
        <source>Chosen by you.</source>
        <translation>Von Ihnen gewählt.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Enter</translation>
    </message>
    <message>
        <source>What fits: {way}</source>
        <translation>Was passt: {way}</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Open a picture or project…</source>
        <translation>Bild oder Projekt öffnen …</translation>
    </message>
    <message>
        <source>The model is being loaded. You can already write or open.</source>
        <translation>Das Modell wird geladen. Sie können schon schreiben oder öffnen.</translation>
    </message>
    <message>
        <source>There is no model to paint with. Projects can still be opened.</source>
        <translation>Es gibt kein Modell zum Malen. Projekte lassen sich trotzdem öffnen.</translation>
    </message>
    <message>
        <source>Palimpsest</source>
        <translation>Palimpsest</translation>
    </message>
    <message>
        <source>Begin with a sentence</source>
        <translation>Mit einem Satz beginnen</translation>
    </message>
    <message>
        <source>Change a word, and only what changes is repainted.</source>
        <translation>Ändern Sie ein Wort, und nur was sich ändert, wird neu gemalt.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt</translation>
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
        <translation>Ändern Sie ein Wort, und nur was sich ändert, wird neu gemalt.
Apache License 2.0</translation>
    </message>
</context>
<context>
    <name>ask</name>
    <message>
        <source>Unsaved changes</source>
        <translation>Nicht gespeicherte Änderungen</translation>
    </message>
    <message>
        <source>Save the changes to “{name}”?</source>
        <translation>Änderungen an „{name}“ speichern?</translation>
    </message>
    <message>
        <source>Otherwise they are lost.</source>
        <translation>Sonst gehen sie verloren.</translation>
    </message>
</context>
<context>
    <name>blend</name>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>Multiply</source>
        <translation>Multiplizieren</translation>
    </message>
    <message>
        <source>Darken</source>
        <translation>Abdunkeln</translation>
    </message>
    <message>
        <source>Colour burn</source>
        <translation>Farbig nachbelichten</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Negativ multiplizieren</translation>
    </message>
    <message>
        <source>Lighten</source>
        <translation>Aufhellen</translation>
    </message>
    <message>
        <source>Colour dodge</source>
        <translation>Farbig abwedeln</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Überlagerung</translation>
    </message>
    <message>
        <source>Soft light</source>
        <translation>Weiches Licht</translation>
    </message>
    <message>
        <source>Hard light</source>
        <translation>Hartes Licht</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Exclusion</source>
        <translation>Ausschluss</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>Farbton</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>Sättigung</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Luminosity</source>
        <translation>Helligkeit</translation>
    </message>
</context>
<context>
    <name>error</name>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>Something went wrong inside the program.</source>
        <translation>Im Programm ist etwas schiefgegangen.</translation>
    </message>
    <message>
        <source>Your picture is still here; save it under a new name to be safe.</source>
        <translation>Ihr Bild ist noch da; speichern Sie es sicherheitshalber unter einem neuen Namen.</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
</context>
<context>
    <name>hints</name>
    <message>
        <source>Alt takes away. Shift draws a straight line.</source>
        <translation>Alt nimmt weg. Umschalt zieht eine gerade Linie.</translation>
    </message>
    <message>
        <source>Alt picks a colour. Shift draws a straight line.</source>
        <translation>Alt nimmt eine Farbe auf. Umschalt zieht eine gerade Linie.</translation>
    </message>
    <message>
        <source>Shift draws a straight line.</source>
        <translation>Umschalt zieht eine gerade Linie.</translation>
    </message>
    <message>
        <source>Alt picks a colour.</source>
        <translation>Alt nimmt eine Farbe auf.</translation>
    </message>
    <message>
        <source>Drag the chosen layer, or use the arrow keys. Shift keeps to one direction.</source>
        <translation>Die gewählte Ebene ziehen oder mit den Pfeiltasten schieben. Umschalt hält die Richtung.</translation>
    </message>
    <message>
        <source>Press to take the colour you see; X swaps the two colours.</source>
        <translation>Drücken nimmt die Farbe auf, die Sie sehen; X tauscht die beiden Farben.</translation>
    </message>
    <message>
        <source>Shift adds to the selection, Alt takes away.</source>
        <translation>Umschalt fügt zur Auswahl hinzu, Alt nimmt weg.</translation>
    </message>
    <message>
        <source>Click corner by corner; Enter or a double click closes.</source>
        <translation>Ecke für Ecke klicken; Eingabe oder ein Doppelklick schließt.</translation>
    </message>
    <message>
        <source>Drag to move the view, also with Space in every tool. The wheel zooms.</source>
        <translation>Ziehen verschiebt die Ansicht, mit der Leertaste auch in jedem anderen Werkzeug. Das Mausrad zoomt.</translation>
    </message>
</context>
<context>
    <name>jobs</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>loading the model</source>
        <translation>lädt das Modell</translation>
    </message>
    <message>
        <source>reading the picture</source>
        <translation>liest das Bild</translation>
    </message>
    <message>
        <source>looking where it changes</source>
        <translation>sucht, wo es sich ändert</translation>
    </message>
    <message>
        <source>painting</source>
        <translation>malt</translation>
    </message>
    <message>
        <source>developing the picture</source>
        <translation>entwickelt das Bild</translation>
    </message>
    <message>
        <source>recalling the picture</source>
        <translation>ruft das Bild zurück</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>beginnt</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>noch {seconds} s</translation>
    </message>
</context>
<context>
    <name>methods</name>
    <message>
        <source>A new picture</source>
        <translation>Ein neues Bild</translation>
    </message>
    <message>
        <source>{method}: {share} of the picture changed</source>
        <translation>{method}: {share} des Bildes geändert</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>Geöffnet</translation>
    </message>
    <message>
        <source>Painted</source>
        <translation>Gemalt</translation>
    </message>
    <message>
        <source>Reword</source>
        <translation>Umformulieren</translation>
    </message>
    <message>
        <source>Repaint</source>
        <translation>Neu malen</translation>
    </message>
    <message>
        <source>Redraw</source>
        <translation>Neu zeichnen</translation>
    </message>
    <message>
        <source>Recolour</source>
        <translation>Umfärben</translation>
    </message>
    <message>
        <source>Paint what the changed words say, keep the rest exactly</source>
        <translation>Malt, was die geänderten Worte sagen, und lässt den Rest genau so</translation>
    </message>
    <message>
        <source>Paint one thing anew, where you marked it or where its words point</source>
        <translation>Malt eine Sache neu, wo Sie markiert haben oder wohin ihre Worte zeigen</translation>
    </message>
    <message>
        <source>Paint what you sketched</source>
        <translation>Malt, was Sie skizziert haben</translation>
    </message>
    <message>
        <source>Change a colour or a material, keep the shapes</source>
        <translation>Ändert eine Farbe oder ein Material, lässt die Formen</translation>
    </message>
    <message>
        <source>Proposed because words changed.</source>
        <translation>Vorgeschlagen, weil sich Worte geändert haben.</translation>
    </message>
    <message>
        <source>Proposed because only a colour or a material changed.</source>
        <translation>Vorgeschlagen, weil sich nur eine Farbe oder ein Material geändert hat.</translation>
    </message>
    <message>
        <source>Proposed because you marked where the picture may change.</source>
        <translation>Vorgeschlagen, weil Sie markiert haben, wo sich das Bild ändern darf.</translation>
    </message>
    <message>
        <source>Proposed because there is a sketch.</source>
        <translation>Vorgeschlagen, weil es eine Skizze gibt.</translation>
    </message>
</context>
<context>
    <name>steps</name>
    <message>
        <source>Add layer</source>
        <translation>Ebene hinzufügen</translation>
    </message>
    <message>
        <source>Remove layer</source>
        <translation>Ebene entfernen</translation>
    </message>
    <message>
        <source>Move layer</source>
        <translation>Ebene verschieben</translation>
    </message>
    <message>
        <source>Shift layer</source>
        <translation>Ebene verschieben</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>Ebene verdoppeln</translation>
    </message>
    <message>
        <source>Merge down</source>
        <translation>Nach unten vereinen</translation>
    </message>
    <message>
        <source>Merge group</source>
        <translation>Gruppe vereinen</translation>
    </message>
    <message>
        <source>Group layers</source>
        <translation>Ebenen gruppieren</translation>
    </message>
    <message>
        <source>Ungroup layers</source>
        <translation>Gruppe auflösen</translation>
    </message>
    <message>
        <source>Change name</source>
        <translation>Name ändern</translation>
    </message>
    <message>
        <source>Change opacity</source>
        <translation>Deckkraft ändern</translation>
    </message>
    <message>
        <source>Change visible</source>
        <translation>Sichtbarkeit ändern</translation>
    </message>
    <message>
        <source>Change locked</source>
        <translation>Sperre ändern</translation>
    </message>
    <message>
        <source>Change lock transparency</source>
        <translation>Transparenzsperre ändern</translation>
    </message>
    <message>
        <source>Change blend mode</source>
        <translation>Mischmodus ändern</translation>
    </message>
    <message>
        <source>Change words of a region</source>
        <translation>Worte eines Bereichs ändern</translation>
    </message>
    <message>
        <source>Change x and y</source>
        <translation>Lage ändern</translation>
    </message>
    <message>
        <source>New turn</source>
        <translation>Neue Runde</translation>
    </message>
    <message>
        <source>Discard result</source>
        <translation>Ergebnis verwerfen</translation>
    </message>
    <message>
        <source>Show turn</source>
        <translation>Runde zeigen</translation>
    </message>
    <message>
        <source>Delete turn</source>
        <translation>Runde löschen</translation>
    </message>
    <message>
        <source>Rename turn</source>
        <translation>Runde umbenennen</translation>
    </message>
    <message>
        <source>Star turn</source>
        <translation>Runde mit Stern</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>Auswählen</translation>
    </message>
    <message>
        <source>Brush stroke</source>
        <translation>Pinselstrich</translation>
    </message>
    <message>
        <source>Typing</source>
        <translation>Tippen</translation>
    </message>
    <message>
        <source>Change words to avoid</source>
        <translation>Zu vermeidende Worte ändern</translation>
    </message>
    <message>
        <source>Change seed</source>
        <translation>Startwert ändern</translation>
    </message>
    <message>
        <source>Change steps</source>
        <translation>Schritte ändern</translation>
    </message>
    <message>
        <source>Change guidance</source>
        <translation>Worttreue ändern</translation>
    </message>
    <message>
        <source>Change variants</source>
        <translation>Varianten ändern</translation>
    </message>
    <message>
        <source>Change sketch strength</source>
        <translation>Stärke der Skizze ändern</translation>
    </message>
    <message>
        <source>Change sketch steps</source>
        <translation>Schritte der Skizze ändern</translation>
    </message>
    <message>
        <source>Choose how to edit</source>
        <translation>Art der Änderung wählen</translation>
    </message>
    <message>
        <source>Reuse of a turn</source>
        <translation>Übernahme aus einer Runde</translation>
    </message>
</context>
<context>
    <name>tools</name>
    <message>
        <source>The layer “{name}” is locked.</source>
        <translation>Die Ebene „{name}“ ist gesperrt.</translation>
    </message>
    <message>
        <source>Paint mask</source>
        <translation>Maske malen</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Brush stroke</source>
        <translation>Pinselstrich</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Sketch stroke</source>
        <translation>Skizzenstrich</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>Skizze</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>Radieren</translation>
    </message>
    <message>
        <source>There is no painted layer to erase from.</source>
        <translation>Es gibt keine Malebene zum Radieren.</translation>
    </message>
    <message>
        <source>The transparency of the layer “{name}” is locked.</source>
        <translation>Die Transparenz der Ebene „{name}“ ist gesperrt.</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Füllen</translation>
    </message>
    <message>
        <source>Choose the layer to move in the list of layers first.</source>
        <translation>Wählen Sie erst in der Ebenenliste, was verschoben werden soll.</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>Auswählen</translation>
    </message>
    <message>
        <source>Deselect</source>
        <translation>Auswahl aufheben</translation>
    </message>
</context>
</TS>
