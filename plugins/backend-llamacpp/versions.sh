# The pinned build of llama.cpp, as the npm packages of node-llama-cpp (MIT) hold it; sourced by the scripts beside it.
PACKAGE_VERSION=3.22.1
LLAMA_CPP_VERSION=0.5.0
SOURCE_HASH=bltIipuWmc123H7tMIgDGKSsSrhmhlQYeVUC48XTjVW7XGJJiJJyCdlTMzQ/LiWoPkGDpcL4FviDpgw7qfTiDw==

# fetch_package NAME SHA512 FOLDER: packs a package with npm's own client, checks it and unpacks it as FOLDER/package.
fetch_package() {
  file=$(cd "$3" && npm pack --silent "$1@$PACKAGE_VERSION" | tail -n 1)
  found=$(openssl dgst -sha512 -binary "$3/$file" | openssl base64 -A)
  if [ "$found" != "$2" ]; then
    echo "$1@$PACKAGE_VERSION has the SHA-512 $found, not $2" >&2
    return 1
  fi
  tar -xzf "$3/$file" -C "$3"
  rm "$3/$file"
}
