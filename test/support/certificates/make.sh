#!/bin/sh
# Makes the certificates of the connection tests anew. They sign nothing but these tests, and last a hundred years.
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

certificate() { # name, subject, signer, extensions
  : >"$work/index.txt"
  echo '[ca]
default_ca = own
[own]
new_certs_dir = '"$work"'
database = '"$work"'/index.txt
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
[req]
distinguished_name = dn
[dn]' >"$work/config"
  echo "$4" >"$work/extensions"
  openssl ecparam -name prime256v1 -genkey -noout -out "$work/$1.key"
  openssl req -new -config "$work/config" -key "$work/$1.key" -subj "$2" -out "$work/$1.csr"
  [ "$1" = "$3" ] && signer=-selfsign || signer="-cert $work/$3.crt"
  # shellcheck disable=SC2086
  openssl ca -batch -notext -config "$work/config" -extfile "$work/extensions" -startdate 20200101000000Z \
    -enddate 21200101000000Z $signer -keyfile "$work/$3.key" -in "$work/$1.csr" -out "$work/$1.crt"
}

certificate authority "/CN=goc-audit tests" authority basicConstraints=critical,CA:true
certificate stranger "/CN=goc-audit stranger" stranger basicConstraints=critical,CA:true
certificate server /CN=server authority subjectAltName=DNS:localhost
certificate client /CN=certified authority extendedKeyUsage=clientAuth
cp "$work/authority.crt" "$work/stranger.crt" "$work/server.crt" "$work/server.key" "$work/client.crt" "$work/client.key" .
