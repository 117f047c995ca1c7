"""The build's lists and scripts refer to things that exist, and agree with each other; only a toy is built here."""

import ast
import configparser
import json
import os
import plistlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest

import editor_core
from editor_core.project.file_kinds import OPENABLE_SUFFIXES, PROJECT_SUFFIX

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
sys.path.insert(0, str(PACKAGING))  # scripts, not a package: they find each other this way

import build  # noqa: E402
import bundle_files  # noqa: E402
import checks  # noqa: E402
import contents  # noqa: E402
import linux  # noqa: E402
import macos  # noqa: E402
import program_checks  # noqa: E402
import project  # noqa: E402
import sbom  # noqa: E402
import selftest  # noqa: E402
import windows  # noqa: E402

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads Linux libraries")


def exists(module):
    """Whether a module is there, found without importing it."""
    top, *rest = module.split(".")
    place = find_spec(top)
    if place is None or not rest:
        return place is not None
    path = Path(place.submodule_search_locations[0], *rest)
    return path.is_dir() or any(path.parent.glob(f"{path.name}.*"))


# -- one version, one name ----------------------------------------------------------------------------------------


def test_one_version_everywhere():
    assert project.version() == editor_core.__version__
    assert editor_core.__version__.replace(".", ", ") in windows.version_info(project.version())


def test_a_release_candidate_still_has_four_numbers_for_windows():
    assert "filevers=(1, 2, 3, 0)" in windows.version_info("1.2.3rc1")
    assert "filevers=(2, 0, 0, 0)" in windows.version_info("2.0")


def test_one_suffix_and_one_file_type_everywhere():
    assert project.SUFFIX == PROJECT_SUFFIX and PROJECT_SUFFIX in OPENABLE_SUFFIXES
    told = (PACKAGING / "linux" / "palimpsest.xml").read_text()
    assert f'type="{project.MIME_TYPE}"' in told and f'pattern="*{PROJECT_SUFFIX}"' in told
    assert project.MIME_TYPE in (PACKAGING / "linux" / "palimpsest.metainfo.xml").read_text()
    assert f'["{PROJECT_SUFFIX[1:]}"]' in (PACKAGING / "editor.spec").read_text()


def test_the_two_opencv_wheels_are_of_one_version():
    pins = build.pins()
    assert pins["opencv-python"] == pins["opencv-python-headless"]


# -- what goes in and what stays out ------------------------------------------------------------------------------


@pytest.mark.parametrize("script", sorted(PACKAGING.glob("*.py")) + sorted(PACKAGING.glob("hooks/*.py")) + [
    PACKAGING / "editor.spec"
], ids=lambda path: path.name)  # fmt: skip
def test_scripts_are_valid_and_import_what_exists(script):
    tree = ast.parse(script.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        modules = [node.module] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in modules:
            beside = (PACKAGING / f"{module}.py").is_file()
            assert beside or module.startswith("PyInstaller") or exists(module), module


def test_our_own_modules_are_all_in_and_none_is_kept_out():
    own = contents.own_modules(ROOT)
    assert {"gui.app", "gui.selftest", "editor_core.session.session", "cache"} <= set(own)
    assert all(exists(module) for module in own)
    assert not {module.split(".")[0] for module in contents.EXCLUDED} & {"gui", "editor_core", "cache"}


def test_modules_that_read_their_source_exist():
    assert [module for module in contents.READ_THEIR_SOURCE if not exists(module)] == []


def test_of_transformers_models_only_those_in_use_are_kept():
    kept_out = contents.excluded_modules()
    assert "transformers.models.llama" in kept_out
    for family in contents.TEXT_ENCODERS + contents.IMPORTED_BY_DIFFUSERS:
        assert exists(f"transformers.models.{family}")
        assert f"transformers.models.{family}" not in kept_out


def test_what_is_kept_out_is_not_needed_for_a_picture():
    """The default model is loaded and the window imported while all of it cannot be found."""
    kept_out = sorted({*contents.excluded_modules()} - {"setuptools"})  # torch asks for it, and does without
    probe = (
        "import sys\n"
        "from importlib.machinery import PathFinder\n"
        f"kept_out = {kept_out!r}\n"
        "class Finder(PathFinder):\n"
        "    @classmethod\n"
        "    def find_spec(cls, name, path=None, target=None):\n"
        "        missing = any(name == out or name.startswith(out + '.') for out in kept_out)\n"
        "        return None if missing else PathFinder.find_spec(name, path, target)\n"
        "sys.meta_path[sys.meta_path.index(PathFinder)] = Finder\n"
        "from editor_core.models.load import load\n"
        "load('default', device='cpu')\n"
        "import gui.app\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_files_are_dropped_and_kept_by_their_place():
    assert not contents.wanted("torch/bin/protoc")
    assert not contents.wanted("torch/include/ATen/ATen.h")
    assert contents.wanted("torch/bin/torch_shm_manager")
    assert contents.wanted("torch/lib/libtorch_cpu.so")
    assert contents.wanted("resources/models/default/unet/config.json")


def test_all_resources_ship_but_the_screenshots():
    shipped = {Path(source).name: place for source, place in contents.resources(ROOT)}
    assert shipped["models"] == "resources/models" and shipped["welcome.jpg"] == "resources"
    assert contents.SCREENSHOTS not in shipped and (ROOT / "resources" / contents.SCREENSHOTS).is_dir()


def test_the_hook_names_libraries_that_are_installed():
    tree = ast.parse((PACKAGING / "hooks" / "hook-diffusers.py").read_text())
    names = next(ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign))
    assert all(metadata.version(name) for name in names)


# -- Linux --------------------------------------------------------------------------------------------------------


def test_the_menu_entry_starts_the_program_with_a_file():
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(PACKAGING / "linux" / "palimpsest.desktop", encoding="utf-8")
    lines = entry["Desktop Entry"]
    assert lines["Exec"] == f"{project.NAME} %f" and lines["Icon"] == project.NAME
    assert project.MIME_TYPE in lines["MimeType"].split(";")
    assert linux.menu_command(PACKAGING / "linux" / "palimpsest.desktop") == [project.NAME]
    assert f'setDesktopFileName("{project.NAME}")' in (ROOT / "gui" / "app.py").read_text()


@pytest.mark.parametrize(
    "name", ["linux/palimpsest.xml", "linux/palimpsest.metainfo.xml", "windows/palimpsest.manifest"]
)
def test_xml_files_are_well_formed(name):
    ET.parse(PACKAGING / name)


@pytest.fixture
def toy_bundle(tmp_path):
    """A bundle in shape: a program, a library and a link to it."""
    inside = tmp_path / "palimpsest" / "_internal"
    inside.mkdir(parents=True)
    shutil.copy("/bin/true", inside.parent / "palimpsest")
    (inside / "data.bin").write_bytes(bytes(100_000))
    (inside / "link.bin").symlink_to("data.bin")
    return inside.parent


@on_linux
def test_a_library_that_the_bundle_lacks_is_named(toy_bundle):
    assert any(name.startswith("libc.so") for name in linux.missing_libraries(toy_bundle))
    assert re.fullmatch(r"2\.\d+", linux.newest_glibc(toy_bundle))


@on_linux
@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_the_package_puts_each_file_in_its_place(toy_bundle, tmp_path):
    icons = tmp_path / "icons"
    icons.mkdir()
    for drawing in ("palimpsest", "palimpsest-project"):
        for side in linux.ICON_SIDES:
            (icons / f"{drawing}-{side}.png").write_bytes(b"")
    package = linux.make_deb(toy_bundle, icons, "1.2.3", 1_700_000_000, tmp_path / "work", tmp_path)
    listed = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True).stdout
    for place in (
        "./opt/palimpsest/palimpsest",
        "./usr/bin/palimpsest -> /opt/palimpsest/palimpsest",
        "./opt/palimpsest/_internal/link.bin -> data.bin",
        "./usr/share/applications/palimpsest.desktop",
        "./usr/share/mime/packages/palimpsest.xml",
        "./usr/share/icons/hicolor/48x48/mimetypes/application-x-palimpsest.png",
    ):
        assert place in listed
    told = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True).stdout
    assert "Version: 1.2.3\n" in told and "Depends: libc6 (>= 2." in told and "shared-mime-info" in told


@on_linux
@pytest.mark.skipif(shutil.which("zstd") is None, reason="needs zstd")
def test_links_stay_links_in_the_archive(toy_bundle, tmp_path):
    archive = linux.make_tar(toy_bundle, "1.2.3", 1_700_000_000, tmp_path)
    subprocess.run(["tar", "--zstd", "-xf", archive, "-C", tmp_path], check=True)
    link = tmp_path / "palimpsest-1.2.3" / "_internal" / "link.bin"
    assert link.is_symlink() and os.readlink(link) == "data.bin"


# -- Windows and macOS, as far as they can be checked elsewhere ---------------------------------------------------


def test_the_inno_script_uses_what_it_is_told_and_files_that_exist():
    script = windows.script().read_text(encoding="utf-8")
    told = windows.defines(Path("b"), Path("i"), "1.2.3", Path("o"), sliced=True)
    names = {option.removeprefix("/D").partition("=")[0] for option in told}
    assert set(re.findall(r"\{#(\w+)\}", script)) == names
    sections = re.findall(r"^\[(\w+)\]$", script, re.MULTILINE)
    assert sections == ["Setup", "Languages", "Tasks", "Files", "InstallDelete", "Icons", "Registry", "Run"]
    lines = dict(re.findall(r"^(\w+)=(.*)$", script, re.MULTILINE))
    assert lines["PrivilegesRequired"] == "lowest" and lines["ChangesAssociations"] == "yes"
    assert (windows.script().parent / lines["LicenseFile"].replace("\\", "/")).resolve() == ROOT / "LICENSE"
    assert "/DSliced=yes" in told and int(lines["DiskSliceSize"]) < 2_000_000_000
    for line in script.splitlines():
        if line.startswith(("Root:", "Source:", "Name:", "Filename:", "Type:")):
            assert line.count('"') % 2 == 0, line


def test_the_version_information_is_python_that_pyinstaller_can_read():
    ast.parse(windows.version_info("1.2.3"), mode="eval")


def test_the_entitlements_are_a_property_list():
    granted = plistlib.loads(macos.entitlements().read_bytes())
    assert all(key.startswith("com.apple.security.cs.") and value is True for key, value in granted.items())


# -- what lies beside the installer, and what the self-test tells -------------------------------------------------


def test_the_bill_of_materials_is_cyclonedx_and_the_same_each_time(tmp_path):
    rows = [
        {"name": "torch", "version": "2.13.0", "licence": "BSD-3-Clause", "purl": "pkg:pypi/torch@2.13.0"}
    ]
    written = []
    for name in ("a.json", "b.json"):
        sbom.write(rows, "1.2.3", 1_700_000_000, tmp_path / name)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    bill = json.loads(written[0])
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert bill["components"][0]["purl"] == "pkg:pypi/torch@2.13.0"
    assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_the_sums_can_be_checked(tmp_path):
    (tmp_path / "a.deb").write_bytes(b"a package")
    build.checksums([tmp_path / "a.deb"], tmp_path)
    subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True)


def test_the_files_of_a_bundle_are_judged(tmp_path):
    inside = tmp_path / "_internal"
    (inside / "cv2" / "qt").mkdir(parents=True)
    (inside / "cv2" / "qt" / "plugin.so").write_bytes(str(ROOT).encode())
    (inside / "torch" / "include").mkdir(parents=True)
    (inside / "torch" / "include" / "ATen.h").write_bytes(b"")
    (inside / "link").symlink_to("/etc/passwd")
    for check in (
        bundle_files.no_other_qt,
        bundle_files.no_tests_or_headers,
        bundle_files.no_build_paths,
        bundle_files.links_stay_inside,
    ):
        with pytest.raises(checks.CheckFailed):
            check(tmp_path)


def test_a_figure_is_held_against_its_bar():
    assert selftest.row("bundle_mb", 899.0)["holds"] is True
    assert selftest.row("cold_start_s", 5.1)["holds"] is False
    assert selftest.row("deb_mb", None)["holds"] is None
    assert selftest.row("selftest", 99.9)["holds"] is False


def test_the_picture_made_for_a_mask_is_one(tmp_path):
    from editor_core.project.image_io import read_mask

    (tmp_path / "mask.png").write_bytes(program_checks.half_white(64))
    assert program_checks.png_size(tmp_path / "mask.png") == (64, 64)
    assert 0.49 < (read_mask(tmp_path / "mask.png") > 0).mean() < 0.51
