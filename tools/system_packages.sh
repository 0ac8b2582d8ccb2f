#!/bin/sh
# Installs the system packages that Python's packages cannot bring, where this machine lets us.
#   run   what PDFs are drawn with; without them the app runs, and the print view stands in for the PDF
#   test  the browser and the fonts that tests look at; without them this fails
#   venv  the part of Python that Debian packs on its own
set -eu
what=$1

case "$what" in
    run) packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" ;;
    test) packages="chromium fonts-noto-core fonts-noto-color-emoji" ;;
    venv) packages="python3-venv" ;;
    *) echo "usage: system_packages.sh run|test|venv" >&2; exit 2 ;;
esac

have_library() { ldconfig -p 2>/dev/null | grep -q "$1" || [ -e "/opt/homebrew/lib/$2" ] || [ -e "/usr/local/lib/$2" ]; }

satisfied() {
    case "$what" in
        run)
            have_library libpango-1.0.so libpango-1.0.dylib &&
                have_library libpangoft2-1.0.so libpangoft2-1.0.dylib &&
                have_library libharfbuzz-subset.so libharfbuzz-subset.dylib
            ;;
        test)
            { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1 &&
                { ! command -v fc-list >/dev/null 2>&1 || { fc-list | grep -q NotoNaskhArabic && fc-list | grep -qi NotoColorEmoji; }; }
            ;;
        venv) false ;;
    esac
}

if satisfied; then exit 0; fi

as_root=""
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="none"; fi
fi

if command -v apt-get >/dev/null 2>&1 && [ "$as_root" != none ]; then
    echo "Installing $packages ..."
    log=$(mktemp)
    if { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $packages; } \
        </dev/null >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
    rm -f "$log"
fi

case "$what" in
    run)
        echo "PDFs are not available: these system libraries are missing: $packages. Everything else works; the print view remains."
        ;;
    *)
        echo "Please install these system packages, then try again: $packages" >&2
        exit 1
        ;;
esac
