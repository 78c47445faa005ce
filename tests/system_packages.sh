#!/bin/sh
# Some tests use programs from Debian: Chromium (pages), mdbtools (Access files), poppler-utils (PDF); those of the full
# run LibreOffice too (documents and slides): give `full` for it.
# Install what is missing when we may; otherwise say which tests will be skipped.
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v mdb-export >/dev/null 2>&1 || missing="$missing mdbtools"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
if [ "$1" = full ]; then
  command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-writer-nogui libreoffice-impress-nogui"
fi
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "== Installing Debian packages for the tests:$missing"
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing) >/dev/null 2>&1 && exit 0
fi
echo "== Not installed:$missing. The tests that need them will be skipped (Debian: apt-get install$missing)."
