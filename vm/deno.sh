# Fetches the pinned Deno into .lab/deno, which git ignores, or LAB_STATE/deno. Sourced by ./lab
# where there is no Deno, for whose words see there.
#
# Nothing of what comes from the network is run before its checksum was found
# right. What comes is put aside first and then renamed: at any time there is a
# whole Deno or none, also for others who fetch at the same time.

# --- Which --------------------------------------------------------------------

# The checksums are those of the executable: the file in the archive of the
# release on GitHub is the one in the npm package as well, which Deno's
# tools/release/npm/build.ts makes by unpacking that archive.
find_target() {
  # By its path: busybox would take its own applet for the bare word.
  find_command uname
  system="$("$found" -s) $("$found" -m)"
  loader=
  case $system in
    "Linux x86_64")
      target=x86_64-unknown-linux-gnu npm_package=linux-x64-glibc
      loader=/lib64/ld-linux-x86-64.so.2
      checksum=bceb5b6a6239b0b010418406d8c77a508f67cf4337d94288f1c19fe71304aab0
      ;;
    "Linux aarch64")
      target=aarch64-unknown-linux-gnu npm_package=linux-arm64-glibc
      loader=/lib/ld-linux-aarch64.so.1
      checksum=d08d392418df53f4e6e88a08909c0e1bccbf9adcead7232df72b6ad6075ec416
      ;;
    "Darwin x86_64")
      target=x86_64-apple-darwin npm_package=darwin-x64
      checksum=ec9fbd8e8f5f6ca5ceb0ebe4a564636f2c698bf60e3187460ded400cc0147fd5
      ;;
    "Darwin arm64")
      target=aarch64-apple-darwin npm_package=darwin-arm64
      checksum=b3ac3bd206e48c26026cadd80c1367e96c149f9c66130952382a642b09fa8a71
      ;;
    *) cannot_fetch "Deno is not made for this system ($system)." ;;
  esac
  if [ -n "$loader" ] && [ ! -e "$loader" ]; then
    cannot_fetch "Deno is made for Linux with glibc, and this one has another C library (musl?): there is no $loader."
  fi
}

cannot_fetch() { # REASON
  say "$1" \
    "Install Deno $pinned or newer by hand (Alpine: apk add deno), then run ./lab again. How to:" \
    "  https://docs.deno.com/runtime/getting_started/installation"
  exit 3
}

# --- How ----------------------------------------------------------------------

# Sets `found` to the first of the commands $@ that is here.
find_one_of() {
  for one; do
    if find_command "$one"; then return 0; fi
  done
  return 1
}

# Where the certificates are that a download is checked with.
have_certificates() {
  for file in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt \
    /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
    if [ -f "$file" ]; then return 0; fi
  done
  return 1
}

# Adds to `missing` what fetching takes: npm, or else these three.
find_missing_to_fetch() {
  if find_command npm; then return; fi
  find_one_of curl wget || missing="$missing curl"
  find_one_of unzip bsdtar busybox python3 || missing="$missing unzip"
  have_certificates || missing="$missing ca-certificates"
}

# Each puts a file `deno` into the folder that we are in.
fetch_with_npm() {
  find_command npm || return 1
  say "no Deno $pinned or newer is here: fetching it with npm, once (some 50 MB)."
  # Only fetched: a package that is installed may run what it likes.
  npm pack --loglevel=error "@deno/$npm_package@$pinned" </dev/null >/dev/null &&
    tar -xzf ./*.tgz package/deno &&
    mv package/deno .
}

fetch_release() {
  find_one_of curl wget || return 1
  address=https://github.com/denoland/deno/releases/download/v$pinned/deno-$target.zip
  say "no Deno $pinned or newer is here: fetching it with ${found##*/}, once (some 50 MB):" "  $address"
  case $found in
    */curl) "$found" -fsSL --connect-timeout 20 -o deno.zip "$address" ;;
    */wget) "$found" -q -T 20 -t 2 -O deno.zip "$address" ;;
  esac || return 1
  find_one_of unzip bsdtar busybox python3 || return 1
  case $found in
    */unzip) "$found" -q deno.zip deno ;;
    */bsdtar) "$found" -xf deno.zip deno ;;
    */busybox) "$found" unzip -q deno.zip deno ;;
    */python3) "$found" -m zipfile -e deno.zip . ;;
  esac
}

# Prints the checksum of file $1.
checksum_of() {
  find_one_of sha256sum shasum openssl busybox || return 1
  case $found in
    */sha256sum) set -- "$found" "$1" ;;
    */shasum) set -- "$found" -a 256 "$1" ;;
    */openssl) set -- "$found" dgst -sha256 -r "$1" ;;
    */busybox) set -- "$found" sha256sum "$1" ;;
  esac
  sum=$("$@") && echo "${sum%% *}"
}

# --- In order -----------------------------------------------------------------

# Sets `home_of_deno` to where Deno is kept, made if need be, and `aside` to a new
# folder in there.
make_folders() {
  home_of_deno=$kept/deno
  (umask 022 && mkdir -p "$home_of_deno/bin") || return 1
  chmod go-w "$kept" "$home_of_deno" "$home_of_deno/bin" 2>/dev/null || true
  if ! is_safe "$kept" "$home_of_deno" "$home_of_deno/bin"; then
    say "Deno is not kept in $home_of_deno: others than you may write to $unsafe." \
      "Make it yours alone (chown, chmod go-w), or name another folder: LAB_STATE=DIR ./lab"
    exit 3
  fi
  # Our own folder is safe now; what others may have put there is not.
  if [ "$refused" = "$home_of_deno/bin/deno" ]; then rm -f "$refused"; fi
  # What was left by somebody who was killed.
  for left in "$home_of_deno"/fetch.*; do
    kill -0 "${left##*.}" 2>/dev/null || rm -rf "$left"
  done
  aside=$home_of_deno/fetch.$$
  mkdir "$aside"
}

# Puts the Deno that is in `aside` where it belongs, if it is the one.
keep_deno() {
  sum=$(checksum_of "$aside/deno") || return 1
  if [ "$sum" != "$checksum" ]; then
    rm -rf "$aside"
    say "what was fetched is not Deno $pinned: its SHA-256 is $sum instead of $checksum. It was removed, and nothing of it was run." \
      "Somebody on the way may have changed it. Fetch from another network, or install Deno $pinned or newer by hand."
    exit 3
  fi
  chmod 755 "$aside/deno"
  # Root in somebody's checkout keeps it for him: nothing there shall be root's.
  if [ -O / ]; then
    chown "$checkout_owner" "$kept" "$home_of_deno" "$home_of_deno/bin" "$aside/deno" || return 1
  fi
  mv -f "$aside/deno" "$home_of_deno/bin/deno"
}

fetch_deno() {
  make_folders || return 1
  trap 'rm -rf "$aside"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  for way in fetch_with_npm fetch_release; do
    if (cd "$aside" && "$way") && keep_deno; then
      fetched=yes
      break
    fi
  done
  rm -rf "$aside"
  trap - EXIT INT TERM HUP
}

get_deno() {
  fetched=no
  if [ -n "$refused" ]; then
    say "$refused is not used: somebody else could have changed it."
  fi
  fetch_deno
  if find_deno; then return; fi
  if [ "$fetched" = yes ]; then
    # It is the right file: let it say itself what is wrong.
    "$home_of_deno/bin/deno" --version >&2 || true
    say "Deno $pinned does not run on this system, for the reason above."
    exit 3
  fi
  say "could not get Deno $pinned, for the reason above." \
    "It takes a way to GitHub or to the registry of npm. Or install Deno by hand, then run ./lab again. How to:" \
    "  https://docs.deno.com/runtime/getting_started/installation"
  exit 3
}

find_target
