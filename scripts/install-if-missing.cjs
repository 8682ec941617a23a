// biome-ignore-all lint/style/useNodejsImportProtocol: Node 12 does not know it.
// Runs before npm test, check, demo, dev and bench: on a fresh clone it installs the dependencies.
// Plain old JavaScript for any Node from 12 on: the Node this project needs is itself installed here
// (the package `node`), and npm finds it in node_modules/.bin for the script that follows.
const { existsSync, readFileSync } = require('fs');
const { spawnSync } = require('child_process');
const { delimiter, join, resolve } = require('path');

/**
 * Whether what lies in node_modules is what package-lock.json asks for. npm writes its own list of
 * what it installed, node_modules/.package-lock.json, as the last thing it does: a broken off
 * install has none. What is installed beyond the lock does not matter, nor do optional packages
 * that are absent, which are those of other platforms.
 */
function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.keys(wanted).every((path) => {
    if (path === '') return true;
    if (!installed[path]) return Boolean(wanted[path].optional || wanted[path].devOptional);
    return installed[path].version === wanted[path].version && existsSync(join(root, path));
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch (_) {
    return undefined;
  }
}

/** The environment for an npm that is about to replace node_modules: it must not run from there. */
function outsideEnvironment(env) {
  const inside = join('node_modules', '.bin');
  const path = (env.PATH || '').split(delimiter).filter((folder) => !folder.endsWith(inside));
  return Object.assign({}, env, { PATH: path.join(delimiter) });
}

function installIfMissing(root) {
  if (isInstalled(root)) return 0;
  console.error('installing dependencies (first run)…');
  // Errors only, but those even under `npm run -s`. The warnings would be about the Node outside.
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: outsideEnvironment(process.env),
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.error) console.error(`npm ci cannot be run: ${npm.error.message}`);
  return npm.status === null ? 1 : npm.status;
}

module.exports = { isInstalled, outsideEnvironment };

if (require.main === module) process.exitCode = installIfMissing(resolve(__dirname, '..'));
