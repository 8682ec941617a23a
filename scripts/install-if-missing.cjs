// biome-ignore-all lint/style/useNodejsImportProtocol: Node 12 does not support it.
// Runs before npm test, check, demo, dev and bench: on a fresh clone it installs the dependencies.
// Plain JavaScript for Node 12 and later, because this script also installs the Node that the project
// needs (the package `node`). npm then finds it in node_modules/.bin for the script that follows.
const { existsSync, readFileSync } = require('fs');
const { spawnSync } = require('child_process');
const { delimiter, join, resolve } = require('path');

/**
 * True if node_modules contains what package-lock.json requires. As its last step, npm writes a list of
 * what it installed, node_modules/.package-lock.json, so an interrupted install has none. Additional
 * packages do not matter, nor do missing optional packages, which are for other platforms.
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

/** The environment for npm, which will replace node_modules and so must not run from there. */
function outsideEnvironment(env) {
  const inside = join('node_modules', '.bin');
  const path = (env.PATH || '').split(delimiter).filter((folder) => !folder.endsWith(inside));
  return Object.assign({}, env, { PATH: path.join(delimiter) });
}

function installIfMissing(root) {
  if (isInstalled(root)) return 0;
  console.error('installing dependencies (first run)…');
  // Shows errors, even under `npm run -s`, but no warnings: they would be about the Node that runs npm.
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
