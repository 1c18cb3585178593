#!/bin/sh
# Builds the documentation as a site: the pages, the gallery, the Javadoc of the api, searchable without a server.
#
# Usage: scripts/release/site.sh CHECKOUT FOLDER        FOLDER is made anew
# The api's Javadoc is taken from CHECKOUT's release build if it was made, else it is made here. Wanted: Python 3 (the generator is
# installed into a folder of its own, pinned by requirements.txt), Maven and JDK 25.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
source=$(cd "$1" && pwd -P)
folder=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

generator=${SONDE_SITE_VENV:-$source/target/site-generator}
if [ ! -x "$generator/bin/mkdocs" ]; then
  python3 -m venv "$generator"
  "$generator/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
fi

javadoc=$source/api/target/quick/reports/apidocs
if [ ! -f "$javadoc/index.html" ]; then
  JAVA_HOME=$("$source/dist/src/bin/sonde" --java-home) mvn -B -ntp -q -f "$source/pom.xml" -Dquick -Drelease -pl api package
fi

python3 "$here/pages.py" "$source" "$work/pages"
cp -r "$javadoc" "$work/pages/javadoc"
cp "$here/mkdocs.yml" "$work/mkdocs.yml"
# Every warning is an error: a page that no tab names, a link that leads nowhere.
(cd "$work" && SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-0} NO_MKDOCS_2_WARNING=1 "$generator/bin/mkdocs" build --quiet --strict)
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
rm -f "$work/site/sitemap.xml.gz"
mv "$work/site" "$folder"
