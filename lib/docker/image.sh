# Makes the image `tiny` out of one program of this machine, busybox, which is
# many programs by many names. No registry is asked for anything.
#
#   sh lib/docker/image.sh FOLDER
set -eu
root=$1/image
mkdir -p "$root/bin" "$root/www/cgi-bin"
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh sleep ping ip timeout wget httpd echo; do
  ln -sf busybox "$root/bin/$name"
done

# In the image is no library, so it has to be a busybox that needs none.
chroot "$root" /bin/busybox true 2>/dev/null || {
  echo "missing busybox-static" >&2
  exit 3
}

# The front page of its web server greets each visitor by his address.
cat >"$root/www/cgi-bin/index.cgi" <<'CGI'
#!/bin/sh
echo
echo "Hello $REMOTE_ADDR"
CGI
chmod +x "$root/www/cgi-bin/index.cgi"

tar --create --directory "$root" . | docker import - tiny
