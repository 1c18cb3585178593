#!/bin/sh
# Makes a release: archives for every platform, a Maven repository of what plugins are built against, the documentation as a site, a
# bill of materials and checksums, in target/release/VERSION. The same commit gives the same bytes.
#
# Usage: scripts/release.sh VERSION [archives|maven|site]...      without a part: all of them
#
# It is made from the tag vVERSION if there is one, else from the files of this checkout. Wanted on the machine: Linux, git, GNU tar,
# Maven, JDK 25, npm (fetches llama.cpp), Python 3 (bill of materials, site). Signed if SONDE_SIGN names a key:
#   SONDE_SIGN=gpg:KEYID            SHA256SUMS.asc and a signature beside every file of the Maven repository
#   SONDE_SIGN=minisign:SECRET.key  SHA256SUMS.minisig
#   SONDE_SIGN=openssl:PRIVATE.pem  SHA256SUMS.sig (SHA-256; check: openssl dgst -sha256 -verify PUBLIC.pem -signature SHA256SUMS.sig SHA256SUMS)
set -eu
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

[ $# -ge 1 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
version=$1
shift
parts=${*:-archives maven site}
root=$(cd "$(dirname "$0")/.." && pwd -P)
out=$root/target/release/$version
work=$root/target/release/work
source=$work/source
say() { echo "release: $*" >&2; }
fail() { say "$*"; exit 1; }

# --- what it is made from
rm -rf "$out" "$work"
mkdir -p "$out" "$source"
if git -C "$root" rev-parse -q --verify "refs/tags/v$version^{commit}" >/dev/null; then
  commit=$(git -C "$root" rev-parse "v$version^{commit}")
  git -C "$root" archive "$commit" | tar -x -C "$source"
  say "from the tag v$version"
else
  commit=$(git -C "$root" rev-parse HEAD)
  (cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2>/dev/null | tar -c --no-recursion -T -) | tar -x -C "$source"
  say "there is no tag v$version: from the files of this checkout"
fi
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct "$commit")
export SOURCE_DATE_EPOCH
stamp=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
found=$(sed -n '/<artifactId>sonde-parent/,/<version>/s/.*<version>\(.*\)<\/version>.*/\1/p' "$source/pom.xml")
[ "$found" = "$version" ] || fail "the poms say $found, not $version (docs/releasing.md says where the version stands)"
grep -q "^## $version" "$source/CHANGELOG.md" || fail "CHANGELOG.md says nothing of $version"

JAVA_HOME=$("$source/dist/src/bin/sonde" --java-home)
export JAVA_HOME
maven() { mvn -B -ntp -q -f "$source/pom.xml" -Dquick -Drelease -Dproject.build.outputTimestamp="$stamp" "$@"; }
pack() { # FOLDER FILE: the folder beside which we stand, as an archive whose bytes follow from its contents
  tar -c --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r,go-w "$1" | gzip -n -6 > "$2"
}
wants() { case " $parts " in *" $1 "*) ;; *) false ;; esac; }

# --- build, once
if wants archives; then
  for platform in linux-x64 linux-arm64; do
    "$source/plugins/backend-llamacpp/fetch-llamacpp.sh" $platform >&2
  done
fi
say "building"
staging=$out/maven
maven -T 1C -pl dist,wire -am deploy -DaltDeploymentRepository="staging::file://$staging" \
  org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeAggregateBom -DoutputFormat=json -DoutputName=maven-bom -DincludeBomSerialNumber=false \
  -DprojectType=application -Dcyclonedx.skipNotDeployed=false
# Times of deployment are all that these say.
find "$staging" -name 'maven-metadata*' -delete
home=$source/dist/target/quick/sonde

# --- archives
if wants archives; then
  libtorch=$(sed -n 's/.*<libtorch.version>\(.*\)<.*/\1/p' "$source/pom.xml")
  natives=$work/natives
  for classifier in linux-x86_64 linux-aarch64 osx-aarch64 win-x86_64; do
    maven --non-recursive org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy \
      -Dartifact="ai.djl.pytorch:pytorch-native-cpu:$libtorch:jar:$classifier" -DoutputDirectory="$natives"
  done

  archive() { # PLATFORM CLASSIFIER LLAMA [java]: LLAMA is the folder of llama.cpp's library, - if no build is pinned
    name=sonde-$version-$1${4:+-java}
    top=$work/archives/$name
    mkdir -p "$work/archives"
    cp -al "$home" "$top"
    rm -f "$top/.built" "$top"/plugins/backend-pytorch/pytorch-native-cpu-*.jar
    cp "$natives/pytorch-native-cpu-$libtorch-$2.jar" "$top/plugins/backend-pytorch/"
    for folder in "$top"/plugins/backend-llamacpp/native/*; do
      [ "$(basename "$folder")" = "$3" ] || rm -rf "$folder"
    done
    [ "$3" = - ] || [ -f "$top/plugins/backend-llamacpp/native/$3/VERSION" ] || fail "llama.cpp's library for $3 is not in the build"
    [ -z "${4:-}" ] || cp -al "$work/runtime" "$top/runtime"
    python3 "$source/scripts/release/sbom.py" "$source" "$top" "$source/target/quick/maven-bom.json" "$1" > "$top.cdx.json"
    cp "$top.cdx.json" "$top/sbom.cdx.json"
    cp "$top.cdx.json" "$out/$name.cdx.json"
    (cd "$work/archives" && pack "$name" "$out/$name.tar.gz")
    rm -rf "$top"
    say "$name.tar.gz, $(($(stat -c %s "$out/$name.tar.gz") / 1000000)) MB"
  }
  # Plugins may ask for any module of Java SE, and for what DJL, Parquet and the reference backend use beside it.
  "$JAVA_HOME/bin/jlink" --add-modules java.se,jdk.unsupported,jdk.management,jdk.net,jdk.zipfs,jdk.crypto.ec,jdk.charsets,jdk.incubator.vector \
    --strip-debug --no-header-files --no-man-pages --compress zip-6 --output "$work/runtime"
  archive linux-x86_64 linux-x86_64 linux-x64
  archive linux-x86_64 linux-x86_64 linux-x64 java
  archive linux-aarch64 linux-aarch64 linux-arm64
  archive macos-aarch64 osx-aarch64 -
  archive windows-x86_64 win-x86_64 -
  cp "$source/scripts/install.sh" "$out/install.sh"
fi

# --- what plugins are built against, as a public repository wants it
if wants maven; then
  case ${SONDE_SIGN:-} in
    gpg:*) find "$staging" -type f ! -name '*.sha*' ! -name '*.md5' ! -name '*.asc' -exec gpg --batch --yes --armor --local-user "${SONDE_SIGN#gpg:}" --detach-sign {} \; ;;
  esac
  (cd "$out" && pack maven "$out/sonde-$version-maven.tar.gz")
  say "sonde-$version-maven.tar.gz"
fi

# --- documentation
if wants site; then
  "$source/scripts/release/site.sh" "$source" "$work/sonde-$version-docs"
  (cd "$work" && pack "sonde-$version-docs" "$out/sonde-$version-docs.tar.gz")
  say "sonde-$version-docs.tar.gz"
fi

# --- checksums and signature
(cd "$out" && find . -maxdepth 1 -type f ! -name 'SHA256SUMS*' | sed 's/^..//' | sort | xargs sha256sum > SHA256SUMS)
case ${SONDE_SIGN:-} in
  '') say "not signed: SONDE_SIGN names no key" ;;
  gpg:*) gpg --batch --yes --armor --local-user "${SONDE_SIGN#gpg:}" --output "$out/SHA256SUMS.asc" --detach-sign "$out/SHA256SUMS" ;;
  minisign:*) minisign -S -s "${SONDE_SIGN#minisign:}" -m "$out/SHA256SUMS" ;;
  openssl:*) openssl dgst -sha256 -sign "${SONDE_SIGN#openssl:}" -out "$out/SHA256SUMS.sig" "$out/SHA256SUMS" ;;
  *) fail "SONDE_SIGN is gpg:KEYID, minisign:SECRET.key or openssl:PRIVATE.pem" ;;
esac
rm -rf "$work"
say "done: $out"
