"""Builds what the rows deploy, and lays it out as AWS would."""

import glob
import hashlib
import os
import platform
import shutil
import subprocess
import xml.etree.ElementTree as xml
import zipfile
from pathlib import Path

from .rows import AOT

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROJECTS = HERE / "projects"
LAMBDA = ROOT / "adapters-aws" / "lambda"
DRIVERS = ROOT / "adapters-aws" / "drivers"
BENCHMARKS = ROOT / "benchmarks"
NATIVE = {"x86_64": "x86_64", "aarch64": "aarch_64"}


class Failed(Exception):
    """What cannot be built or run, and why."""


def java_home():
    """The folder of a JDK 25 or newer, and its version."""
    for home in [os.environ.get("JAVA_HOME", ""), *sorted(glob.glob("/usr/lib/jvm/*"))]:
        release = Path(home, "release")
        if home and release.is_file():
            facts = dict(line.split("=", 1) for line in release.read_text().splitlines() if "=" in line)
            version = facts.get("JAVA_VERSION", "0").strip('"')
            if int(version.split(".")[0]) >= 25:
                return Path(home), facts.get("IMPLEMENTOR", "").strip('"') + " " + version
    raise Failed("no JDK 25 found: install one, or point JAVA_HOME at it")


def make(project, arguments, sources, log):
    """Runs Maven for a project, unless its jars are there and nothing changed since they were made."""
    digest = hashlib.sha256(repr(arguments).encode())
    for source in sources:
        for file in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if file.is_file() and "target" not in file.relative_to(ROOT).parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    stamp = class_path(project) / "built"
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    shutil.rmtree(class_path(project), ignore_errors=True)
    for outdated in jars(project):
        outdated.unlink()
    log("building " + project)
    maven = subprocess.run(["mvn", "-q", "-B", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if maven.returncode:
        raise Failed("mvn " + " ".join(arguments) + " failed:\n" + maven.stdout.decode("utf-8", "replace"))
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest.hexdigest())


def build(rows, log):
    """Builds the projects of rows, and the runtime client."""
    wanted = {project for row in rows for project in row.needs()} | {"runtime-client"}
    if any(row.table for row in rows):
        wanted.add("endpoint")
    namespace = {"p": "http://maven.apache.org/POM/4.0.0"}
    properties = xml.parse(ROOT / "pom.xml").find("p:properties", namespace)
    versions = {entry.tag.split("}")[1]: entry.text for entry in properties}
    handed_over = [f"-D{name}={version}" for name, version in versions.items() if name.endswith(".version")]
    for project in sorted(wanted):
        if project == "portolan":
            folder = str(class_path(project).relative_to(LAMBDA))
            arguments = ["-Dquick", "-pl", "bom,adapters-aws/lambda", "-am", "package", "dependency:copy-dependencies"]
            arguments += ["-DincludeScope=runtime", "-DoutputDirectory=" + folder]
            # Optional, so no package of a user has it by itself; the managed runtime does.
            arguments += ["-DexcludeArtifactIds=aws-lambda-java-serialization"]
            sources = [ROOT / "pom.xml", ROOT / "functions", ROOT / "composer", LAMBDA]
        elif project == "drivers":
            arguments = ["-Dquick", "-Pdrivers", "-pl", "bom,functions,composer,adapters-aws/drivers", "package"]
            sources = [ROOT / "pom.xml", ROOT / "functions", ROOT / "composer", DRIVERS]
        elif project == "endpoint":
            modules = "bom,functions,composer,local,adapters-aws/drivers,benchmarks"
            arguments = ["-Dquick", "-Pdrivers,benchmarks", "-pl", modules, "package"]
            sources = [ROOT / "pom.xml", ROOT / "functions", ROOT / "composer", ROOT / "local", DRIVERS]
            sources += [BENCHMARKS / "pom.xml", BENCHMARKS / "src"]
        else:
            arguments = ["-f", str(PROJECTS.relative_to(ROOT)), "-pl", project, *handed_over, "package"]
            sources = [PROJECTS / "pom.xml", PROJECTS / "functions", PROJECTS / "light", PROJECTS / project]
        make(project, arguments, sources, log)


def class_path(project):
    """Where a project's build puts the jars that it depends on."""
    ours = {"portolan": LAMBDA / "target" / "cold-start", "drivers": DRIVERS / "target" / "cold-start"}
    ours["endpoint"] = BENCHMARKS / "target" / "lib"
    return ours.get(project, PROJECTS / project / "target" / "class-path")


def jars(project):
    """What a project's own build would put into its package."""
    ours = {"portolan": "portolan-aws-lambda-*.jar", "drivers": "portolan-aws-drivers-*.jar"}
    ours["endpoint"] = "portolan-benchmarks-*.jar"
    own = ours.get(project, project + "-1.jar")
    return [*class_path(project).parent.glob(own), *class_path(project).glob("*.jar")]


def runtime_client(home):
    """The folder of the runtime client, with its native library: what the managed runtime has of its own."""
    folder = home / "runtime-client"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for jar in jars("runtime-client"):
        shutil.copy(jar, folder)
    with zipfile.ZipFile(next(folder.glob("aws-lambda-java-runtime-interface-client-*.jar"))) as client:
        try:
            library = f"jni/libaws-lambda-jni.linux-{NATIVE[platform.machine()]}.so"
            (folder / "libaws-lambda-jni.so").write_bytes(client.read(library))
        except KeyError:
            raise Failed("AWS's runtime client has no library for " + platform.machine()) from None
    return folder


def lay_out(row, home):
    """Makes a row's folder: `task` is the task root, its code in `task/lib`, or in `flat` for one class path."""
    folder = home / "rows" / row.name
    shutil.rmtree(folder, ignore_errors=True)
    task = folder / "task"
    lib = folder / "flat" if row.mode == AOT else task / "lib"
    task.mkdir(parents=True)
    lib.mkdir()
    if row.needs() == ("quarkus",):
        with zipfile.ZipFile(PROJECTS / "quarkus" / "target" / "function.zip") as package:
            package.extractall(task)
    else:
        for project in row.needs():
            for jar in jars(project):
                shutil.copy(jar, lib)
    for name, text in row.files.items():
        (task / name).parent.mkdir(parents=True, exist_ok=True)
        (task / name).write_text((ROOT / name).read_text() if text is None else text)
    return folder


def package(folder):
    """Size in MB and number of jars of what a row deploys."""
    files = [file for part in ("task", "flat") for file in (folder / part).rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6, sum(file.suffix == ".jar" for file in files)
