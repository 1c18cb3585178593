"""Writes the bill of materials of one archive: CycloneDX, of Maven's for the whole build what really lies in the folder.

Usage: SOURCE_DATE_EPOCH=SECONDS sbom.py SOURCE FOLDER MAVEN_BOM PLATFORM
Fails if a jar of the folder is in no bill.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import sys
from urllib.parse import parse_qs, urlsplit


def digest(path):
    return {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}


def file_name(component):
    """The name of the jar that a component of Maven's bill is."""
    query = parse_qs(urlsplit(component.get("purl", "")).query)
    classifier = query.get("classifier", [""])[0]
    return f"{component['name']}-{component['version']}{'-' + classifier if classifier else ''}.jar"


def licence(identifier):
    return [{"license": {"id": identifier}}]


def native_parts(source, folder):
    """What is in the folder and no artifact of the build's dependencies."""
    parts = []
    engine = (source / "engine/pom.xml").read_text()
    for artifact, version in re.findall(r"<groupId>org.webjars</groupId>\s*<artifactId>(.*?)</artifactId>\s*<version>(.*?)</version>", engine):
        purl = f"pkg:npm/{artifact}@{version}"
        parts.append({"type": "library", "bom-ref": purl, "name": artifact, "version": version, "licenses": licence("BSD-3-Clause"), "purl": purl})
    for version_file in sorted(folder.glob("plugins/backend-llamacpp/native/*/VERSION")):
        version = version_file.read_text().strip()
        parts.append(
            {
                "type": "library",
                "bom-ref": f"llama.cpp-{version_file.parent.name}",
                "name": "llama.cpp",
                "version": version,
                "description": f"as node-llama-cpp builds it for {version_file.parent.name}",
                "licenses": licence("MIT"),
                "components": [
                    {"type": "file", "name": library.name, "hashes": [digest(library)]}
                    for library in sorted(version_file.parent.iterdir())
                    if not library.name.startswith(("LICENSE", "VERSION"))
                ],
            }
        )
    release = folder / "runtime/release"
    if release.exists():
        version = re.search(r'JAVA_RUNTIME_VERSION="(.*?)"', release.read_text()) or re.search(r'JAVA_VERSION="(.*?)"', release.read_text())
        parts.append(
            {
                "type": "platform",
                "bom-ref": "java-runtime",
                "name": "OpenJDK",
                "version": version[1],
                "licenses": [{"expression": "GPL-2.0-only WITH Classpath-exception-2.0"}],
                "hashes": [digest(folder / "runtime/lib/modules")],
            }
        )
    return parts


def main():
    source, folder, bill, platform = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]
    bom = json.loads(bill.read_text())
    known = {file_name(c): c for c in bom["components"] + bom["metadata"]["component"].get("components", [])}
    components = {}
    for jar in sorted(folder.rglob("*.jar")):
        if jar.name.endswith("-sources.jar") or "runtime" in jar.relative_to(folder).parts:
            continue
        component = known.get(jar.name)
        if component is None and jar.name.startswith("pytorch-native-cpu-"):
            # Maven's bill has the one of the machine that built.
            other = next(c for name, c in known.items() if name.startswith("pytorch-native-cpu-"))
            classifier = jar.stem.split(f"-{other['version']}-")[1]
            purl = f"pkg:maven/ai.djl.pytorch/pytorch-native-cpu@{other['version']}?classifier={classifier}&type=jar"
            component = {**other, "purl": purl, "bom-ref": purl}
        if component is None:
            sys.exit(f"{jar.relative_to(folder)} is in no bill of materials")
        components[jar.name] = {**component, "hashes": [digest(jar)]}
    parts = list(components.values()) + native_parts(source, folder)
    version = next(c["version"] for name, c in known.items() if name.startswith("sonde-api-"))
    product = {
        "type": "application",
        "bom-ref": "sonde",
        "group": "dev.sonde",
        "name": "sonde",
        "version": version,
        "description": f"for {platform}",
        "licenses": licence("Apache-2.0"),
    }
    time = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    kept = {part["bom-ref"] for part in parts}
    result = {
        "bomFormat": "CycloneDX",
        "specVersion": bom["specVersion"],
        "version": 1,
        "metadata": {"timestamp": time, "component": product},
        "components": sorted(parts, key=lambda part: part["bom-ref"]),
        "dependencies": [
            {**d, "dependsOn": sorted(set(d.get("dependsOn", [])) & kept)} for d in bom.get("dependencies", []) if d["ref"] in kept
        ],
    }
    json.dump(result, sys.stdout, indent=1, sort_keys=True, ensure_ascii=False)
    print()


main()
