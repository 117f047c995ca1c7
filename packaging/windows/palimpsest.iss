; Inno Setup 6.3 or later. Not yet built. packaging/windows.py defines Version, Bundle, Icons, OutputFolder, OutputName,
; Sliced, Suffix and MimeType.

[Setup]
AppId={{6C0C1E2D-3B0E-4B7B-9C39-6F7B5D2D8B11}
AppName=Palimpsest
AppVersion={#Version}
AppVerName=Palimpsest {#Version}
; For one user by default, without an administrator; whoever is one may choose "for all users".
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
; A short folder: some of torch's files have long names, and older programs stop at 260 characters.
DefaultDirName={autopf}\Palimpsest
DefaultGroupName=Palimpsest
DisableProgramGroupPage=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
ChangesAssociations=yes
LicenseFile=..\..\LICENSE
SetupIconFile={#Icons}\palimpsest.ico
UninstallDisplayIcon={app}\palimpsest.exe
OutputDir={#OutputFolder}
OutputBaseFilename={#OutputName}
Compression=lzma2/normal
LZMAUseSeparateProcess=yes
LZMANumBlockThreads=4
SolidCompression=no
; One file holds 4.2 GB at most. A CUDA bundle is cut into slices below 2 GB, which is what download sites take.
DiskSpanning={#Sliced}
DiskSliceSize=1900000000
WizardStyle=modern

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{#Icons}\palimpsest-project.ico"; DestDir: "{app}"; Flags: ignoreversion

[InstallDelete]
; A newer version may have fewer files: nothing of the older one is left to be imported.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Palimpsest"; Filename: "{app}\palimpsest.exe"
Name: "{autodesktop}\Palimpsest"; Filename: "{app}\palimpsest.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\{#Suffix}"; ValueType: string; ValueData: "Palimpsest.Project"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\{#Suffix}"; ValueType: string; ValueName: "Content Type"; ValueData: "{#MimeType}"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\Palimpsest.Project"; ValueType: string; ValueData: "Palimpsest project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Palimpsest.Project\DefaultIcon"; ValueType: string; ValueData: "{app}\palimpsest-project.ico"
Root: HKA; Subkey: "Software\Classes\Palimpsest.Project\shell\open\command"; ValueType: string; ValueData: """{app}\palimpsest.exe"" ""%1"""

[Run]
Filename: "{app}\palimpsest.exe"; Description: "{cm:LaunchProgram,Palimpsest}"; Flags: nowait postinstall skipifsilent
