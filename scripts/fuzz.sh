#!/bin/sh
# Feeds the readers of strangers' files with bytes that Jazzer makes up, guided by the code they reach.
#
#   scripts/fuzz.sh [MINUTES [TARGET...]]    5 minutes on each of Safetensors, Index, Gguf and Config
#
# What it learns stays in formats/target/fuzz; the input of a failure is written there as crash-*. Mend the reader and keep
# the input in formats/src/test/resources/fuzz/TARGET under the name of what it broke: the tests replay that folder.
set -eu
cd "$(dirname "$0")/.."
version=0.29.1
minutes="${1:-5}"
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- Safetensors Index Gguf Config

mvn -B -q -pl formats test-compile
for jar in jazzer jazzer-api; do
  mvn -B -q -N dependency:copy "-Dartifact=com.code-intelligence:$jar:$version" -DoutputDirectory="$PWD/formats/target/fuzz"
done
mvn -B -q -pl formats dependency:build-classpath -Dmdep.outputFile=target/fuzz/class-path
scratch=/dev/shm # every input becomes a file
[ -w "$scratch" ] || scratch="${TMPDIR:-/tmp}"
java="$(dist/src/bin/sonde --java-home)/bin/java"
cd formats
for target; do
  mkdir -p "target/fuzz/$target"
  echo "$target: $minutes minutes"
  # The paths have no modules: Jazzer's agent changes classes as they are loaded.
  "$java" -Xmx1g "-Djava.io.tmpdir=$scratch" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+EnableDynamicAgentLoading \
    -cp "target/fuzz/jazzer-$version.jar:target/fuzz/jazzer-api-$version.jar:target/classes:target/test-classes:$(cat target/fuzz/class-path)" \
    com.code_intelligence.jazzer.Jazzer "--target_class=dev.sonde.formats.fuzz.${target}Target" \
    --instrumentation_includes='dev.sonde.formats.**' --custom_hook_includes='dev.sonde.formats.**' \
    "-max_total_time=$((minutes * 60))" -timeout=30 -max_len=8192 -artifact_prefix=target/fuzz/ --keep_going=20 --reproducer_path=target/fuzz \
    "target/fuzz/$target" "src/test/resources/fuzz/$target"
done
