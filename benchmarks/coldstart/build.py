"""Builds what the rows deploy, and lays it out as AWS would."""

import glob
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml
import zipfile
from pathlib import Path

from .rows import AOT

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROJECTS = HERE / "projects"
LAMBDA = ROOT / "adapters-aws" / "lambda"
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


def maven(arguments, stamp, sources, log):
    """Runs Maven, unless nothing changed since the last time."""
    digest = hashlib.sha256(repr(arguments).encode())
    for source in sources:
        for file in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if file.is_file() and "target" not in file.relative_to(ROOT).parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    stamp.unlink(missing_ok=True)
    log("building " + stamp.stem)
    if subprocess.run(["mvn", "-q", "-B", "-Dstyle.color=never", *arguments], cwd=ROOT, stdout=sys.stderr).returncode:
        raise Failed("Maven failed, see above: mvn " + " ".join(arguments))
    stamp.write_text(digest.hexdigest())


def build(rows, home, log):
    """Builds the projects of rows, and the runtime client."""
    wanted = {project for row in rows for project in row.needs()}
    if "portolan" in wanted:
        maven(
            "-Dquick -DskipTests -pl bom,adapters-aws/lambda -am package dependency:copy-dependencies"
            " -DincludeScope=runtime -DoutputDirectory=target/cold-start".split(),
            home / "portolan.built",
            [ROOT / "pom.xml", ROOT / "functions", ROOT / "composer", LAMBDA],
            log,
        )
    named = {"p": "http://maven.apache.org/POM/4.0.0"}
    versions = xml.parse(ROOT / "pom.xml").find("p:properties", named)
    handed_over = [f"-D{entry.tag.split('}')[1]}={entry.text}" for entry in versions if entry.tag.endswith(".version")]
    for project in sorted(wanted - {"portolan"} | {"runtime-client"}):
        maven(
            ["-f", str(PROJECTS.relative_to(ROOT)), "-pl", project, *handed_over, "package"],
            home / (project + ".built"),
            [PROJECTS / "pom.xml", PROJECTS / "functions", PROJECTS / "light", PROJECTS / project],
            log,
        )


def jars(project):
    """What a project's own build would put into its package."""
    if project == "portolan":
        return [*LAMBDA.glob("target/portolan-aws-lambda-*.jar"), *LAMBDA.glob("target/cold-start/*.jar")]
    at = PROJECTS / project / "target"
    return [*at.glob(project + "-1.jar"), *at.glob("class-path/*.jar")]


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
    lib.mkdir(parents=True)
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
